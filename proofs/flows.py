"""Outputs by validated integration of the equation of motion that a claim states."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from lemmata.numerics.passage_times import OutOfReach, PassageTime
from lemmata.numerics.power_laws import PowerLaw
from lemmata.numerics.quadrature import QuadratureFailed
from lemmata.theory.claims import Claim, Evaluation
from lemmata.theory.outputs import Flow
from sympy import Add, Derivative, Eq, S
from sympy.core.function import AppliedUndef

from .assignments import Assignment
from .domain import rational
from .exact.zero_test import decide_zero
from .expansion import inequalities
from .inputs import InputError
from .instances import fits
from .starts import doubt_of_start, doubt_of_times
from .told import told
from .verdicts import Status

__all__ = ["flow_stated", "flow_value"]


def flow_value(name: str, flow: Flow, point: Assignment, digits: int) -> tuple[str, str]:
    """Value and radius of the solution at the time that is asked for.

    Raises ``InputError`` where the rate is no sum of rational powers at these inputs, or where
    the integration does not get there.
    """
    known = {symbol: rational(value) for symbol, value in point.scalars.items()}
    start, time = (_exact(name, expr.xreplace(known)) for expr in (flow.start, flow.time))
    terms = []
    for term in Add.make_args(flow.rate.xreplace(known).expand()):
        coefficient, power = term.as_coeff_exponent(flow.symbol)
        terms.append((_exact(name, coefficient), _exact(name, power)))
    try:
        ball = PassageTime(PowerLaw(terms), start).value_at(time, digits + 1)
    except (OutOfReach, QuadratureFailed, ValueError) as error:
        raise InputError(f"values: no enclosure of {name}: {error}") from None
    except OverflowError:
        raise InputError(
            f"values: no enclosure of {name}: the powers of the rate have too large a common "
            "denominator: give less extreme inputs"
        ) from None
    return told(name, ball, digits)


def _exact(name: str, number: Any) -> Fraction:
    if not number.is_Rational:
        raise InputError(f"values: {name} needs {number}, which is no rational number")
    return Fraction(int(number.p), int(number.q))


def flow_stated(
    stated: Claim, what: Evaluation, flow: Flow, rng: np.random.Generator
) -> tuple[Status, str]:
    """Whether the claim states that some f(t) moves at the rate of the flow, from any start."""
    statement = stated.statement
    moving = statement.lhs.atoms(Derivative) if isinstance(statement, Eq) else set()
    if len(moving) != 1:
        return Status.UNDECIDED, f"{stated.id} states no equation of motion"
    (derivative,) = moving
    head = derivative.expr
    factor = statement.lhs.xreplace({derivative: S.One})
    if (
        not (isinstance(head, AppliedUndef) and head.args == derivative.variables)
        or (statement.lhs - factor * derivative).expand() != 0
        or factor.atoms(AppliedUndef)
    ):
        return Status.UNDECIDED, f"{stated.id} states no equation of motion"
    rate = statement.rhs.xreplace({head: flow.symbol}) / factor
    if rate.atoms(AppliedUndef) or rate.has(head.args[0]) or flow.symbol in statement.free_symbols:
        return Status.UNDECIDED, f"the rate that {stated.id} states depends on more than {head}"
    if not fits(flow.symbol, flow.start, list(what.domain)):
        return Status.UNDECIDED, f"{flow.start} is not shown to lie in the domain of {flow.symbol}"
    doubt = doubt_of_times(stated, what, flow, head.args[0]) or doubt_of_start(stated, flow, head)
    if doubt:
        return Status.UNDECIDED, doubt
    derived = {x: e for x, e in what.derived.items() if x.is_Symbol}
    decision = decide_zero((rate - flow.rate).xreplace(derived), inequalities(stated), rng=rng)
    return Status[decision.status.upper()], decision.reason or decision.ball
