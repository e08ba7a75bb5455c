"""Three-valued decisions on matrix equations of symbolic size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from lemmata.theory.matrix_calculus import ScalarTimeDerivative, TimeDerivative
from lemmata.theory.matrix_facts import MatrixFacts

from .chance import RejectedError
from .draws import Drawer
from .engine import Engine
from .errors import OutOfReachError
from .fields import Balls, Rationals, precision
from .values import Point, Values

__all__ = ["Counterexample", "Decision", "Search", "decide", "search_counterexample"]

BITS = 160
LARGEST = (1, 2, 2, 3)
CONFIRMATIONS = 6


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A point at which the two sides certainly differ; every number an exact "p/q" string.

    ``left`` and ``right`` are decimal balls where an exponential makes exact values impossible.
    """

    scalars: Mapping[str, str]
    matrices: Mapping[str, Any]
    rates: Mapping[str, list[list[str]]]
    left: list[list[str]]
    right: list[list[str]]


@dataclass(frozen=True, slots=True)
class Search:
    """What a search for a counterexample did: points drawn, points decided, what was found."""

    drawn: int
    decided: int
    counterexample: Counterexample | None
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """``status`` is "proved", "refuted" or "undecided"; never a bool.

    ``proved``: left - right rewrites to zero, for all sizes.  ``refuted``: the counterexample is
    exact or rigorous.  ``undecided``: ``reason`` says why.  ``drawn`` and ``decided`` count the
    points tried and those that satisfied the facts and gave both sides; a proof with ``decided``
    0 may be vacuous, which ``reason`` then says.
    """

    status: str
    reason: str = ""
    drawn: int = 0
    decided: int = 0
    seed: Any = None
    counterexample: Counterexample | None = field(default=None)

    def __bool__(self) -> bool:
        raise TypeError('a decision is no bool: compare decision.status with "proved"')


def decide(
    equation: Any,
    facts: MatrixFacts | None = None,
    *,
    rng: np.random.Generator,
    draws: int = 24,
) -> Decision:
    """Prove an equation by rewriting for all sizes, or else search an exact counterexample.

    A proof is confirmed at a few exact points, by code that shares nothing with the rewriting;
    should the two disagree, the decision is undecided and says so.

    Raises ``TypeError`` when ``equation`` is no equation, ``ValueError`` when shapes disagree
    or a given equation cannot be a rule.  Whatever the engine cannot do is undecided.

    >>> from sympy import MatrixSymbol, symbols
    >>> from lemmata.theory.matrix_calculus import matrix_equation
    >>> n, m = symbols("n m", integer=True, positive=True)
    >>> A, B = MatrixSymbol("A", n, m), MatrixSymbol("B", m, n)
    >>> decide(matrix_equation((A*B).T, B.T*A.T), rng=np.random.default_rng(0)).status
    'proved'
    """
    facts = facts or MatrixFacts()
    left, right = _sides(equation)
    seed = getattr(getattr(rng.bit_generator, "seed_seq", None), "entropy", None)
    reason = "the two sides have different normal forms"
    try:
        if Engine(facts, (left, right)).equal(left, right):
            return _confirmed(equation, facts, rng, seed)
    except OutOfReachError as error:
        reason = str(error)
    search = search_counterexample(equation, facts, rng=rng, draws=draws)
    status = "undecided" if search.counterexample is None else "refuted"
    reason = search.reason if search.counterexample else f"{reason}; {search.reason}"
    return Decision(status, reason, search.drawn, search.decided, seed, search.counterexample)


def _confirmed(
    equation: Any, facts: MatrixFacts, rng: np.random.Generator, seed: Any
) -> Decision:
    search = search_counterexample(equation, facts, rng=rng, draws=CONFIRMATIONS)
    if search.counterexample is not None:
        reason = "rewriting gives zero but an exact point differs: a defect of this engine"
        return Decision("undecided", reason, search.drawn, search.decided, seed)
    reason = "" if search.decided else f"perhaps vacuous: {search.reason}"
    return Decision("proved", reason, search.drawn, search.decided, seed)


def search_counterexample(
    equation: Any,
    facts: MatrixFacts,
    *,
    rng: np.random.Generator,
    draws: int = 24,
) -> Search:
    """Evaluate both sides at exact points that satisfy the facts, smallest sizes first."""
    left, right = _sides(equation)
    drawer = Drawer(facts, (left, right), rng)
    decided, reason = 0, ""
    for i in range(draws):
        try:
            point = drawer.draw(LARGEST[min(i // 2, len(LARGEST) - 1)])
            found = _compare(left, right, point)
        except (RejectedError, ZeroDivisionError) as error:
            reason = reason or str(error)
            continue
        except (OutOfReachError, KeyError) as error:
            return Search(i + 1, decided, None, f"no point can be evaluated: {error}")
        decided += 1
        if found is not None:
            return Search(i + 1, decided, found, "the two sides differ at an exact point")
    reason = f"no point satisfied the facts ({reason})" if not decided else "no point separates"
    return Search(draws, decided, None, reason)


def _compare(left: Any, right: Any, point: Point) -> Counterexample | None:
    try:
        return _compare_in(left, right, point, Rationals())
    except OutOfReachError:
        # Whatever is not rational may still have an enclosure; if not, this raises again.
        with precision(BITS):
            return _compare_in(left, right, point, Balls())


def _compare_in(
    left: Any, right: Any, point: Point, numbers: Rationals | Balls
) -> Counterexample | None:
    values = Values(point, numbers)
    a, b = values.matrix(left), values.matrix(right)
    if not numbers.differs(a - b):
        return None
    moving = any(side.has(TimeDerivative, ScalarTimeDerivative) for side in (left, right))
    samples = {str(s): [_strings(rows) for rows in all_] for s, all_ in point.samples.items()}
    fixed = {str(s): _strings(rows) for s, rows in point.matrices.items()}
    return Counterexample(
        scalars={str(s): str(value) for s, value in point.scalars.items()},
        matrices={**fixed, **samples},
        rates={str(s): _strings(rows) for s, rows in point.rates.items()} if moving else {},
        left=numbers.show(a),
        right=numbers.show(b),
    )


def _strings(rows: Any) -> list[list[str]]:
    return [[str(entry) for entry in row] for row in rows]


def _sides(equation: Any) -> tuple[Any, Any]:
    if not (hasattr(equation, "lhs") and hasattr(equation, "rhs")):
        raise TypeError(
            f"equation: {equation!r} is no equation (SymPy may have evaluated it): "
            "state it with matrix_equation(lhs, rhs)"
        )
    return equation.lhs, equation.rhs
