"""The exact zero test: sound and three-valued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from lemmata.numerics.balls import sign
from lemmata.numerics.codegen import UnknownFunctionError, compile_expressions
from sympy import Derivative, Dummy, Limit, Subs, Symbol, nan, oo, zoo
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef

from ..domain import Domain
from .averages import tried
from .independence import Independence, argument_symbols
from .normal_form import vanishes

__all__ = ["ZeroDecision", "decide_zero", "free_atoms"]

DRAWS = 12
FIRST_DRAWS = 2
BITS = 1024


@dataclass(frozen=True, slots=True)
class ZeroDecision:
    """``status``: "proved" (identically zero), "refuted" (``point`` with a ball that excludes
    zero) or "undecided"; ``drawn`` and ``decided`` count the points.
    """

    status: str
    drawn: int = 0
    decided: int = 0
    point: Mapping[Any, Fraction] | None = None
    ball: str = ""
    reason: str = ""

    def __bool__(self) -> bool:
        raise TypeError("a decision is not a bool: compare .status")


def free_atoms(expr: Any) -> list[Any]:
    """Symbols, applied undefined functions and their derivatives, taken as free values."""
    functions = expr.atoms(AppliedUndef, Derivative)
    outer = [f for f in functions if not any(f in g.args for g in functions if g != f)]
    covered = {d.expr for d in outer if isinstance(d, Derivative)}
    bare = expr.xreplace({f: Symbol(f"_{i}", real=True) for i, f in enumerate(outer)})
    symbols = [x for x in bare.free_symbols if x in expr.free_symbols]
    return [*symbols, *outer, *(c for c in covered if c not in outer and expr.has(c))]


def decide_zero(
    expr: Any,
    relations: Sequence[Any] = (),
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> ZeroDecision:
    """Decide whether ``expr`` vanishes wherever ``relations`` hold.

    Proved by the normal form; refuted by a ball that excludes zero at an exact point of the
    domain; undecided otherwise.  An expression that balls can evaluate, but not at any point
    that was drawn, is not proved: it may be defined nowhere.
    """
    if expr.has(nan):
        return ZeroDecision("undecided", reason="one side is undefined throughout")
    if _is_infinite(expr):
        return ZeroDecision("refuted", 1, 1, {}, "infinite", "one side is infinite throughout")
    # Functions under averages stand for any: at points some of them are looked at.
    expr_at = tried(expr)
    domain = Domain(_all_atoms(expr_at, relations), relations)
    # Balls at a few points are cheaper than a normal form, and settle what is false.
    first = refute_zero(expr_at, domain, rng=rng, draws=min(draws, FIRST_DRAWS))
    if first.status == "refuted":
        return first
    if not vanishes(expr, domain.positive):
        return refute_zero(expr_at, domain, rng=rng, draws=draws)
    if first.drawn and not first.decided:
        first = refute_zero(expr_at, domain, rng=rng, draws=draws)
        if first.drawn and not first.decided:
            reason = "no point is known at which both sides are defined"
            return ZeroDecision("undecided", first.drawn, 0, reason=reason)
    return ZeroDecision("proved", first.drawn, first.decided)


def _is_infinite(expr: Any) -> bool:
    """Whether an infinity occurs as a value, not as the end of an integral, a sum or a limit."""
    bounds = expr.atoms(ExprWithLimits, Limit, Subs)
    return bool(expr.xreplace({node: Dummy() for node in bounds}).has(zoo, oo, -oo))


def refute_zero(
    expr: Any, domain: Domain, *, rng: np.random.Generator, draws: int = DRAWS
) -> ZeroDecision:
    """Search the domain for a point at which a ball excludes zero."""
    try:
        program = compile_expressions([expr], domain.atoms)
    except UnknownFunctionError as error:
        return ZeroDecision("undecided", reason=str(error))
    independence = Independence(domain.atoms)
    drawn = decided = 0
    for _ in range(draws):
        point = domain.draw(rng)
        if point is None:
            break
        drawn += 1
        result = sign(program, [point[a] for a in domain.atoms], BITS)[0]
        decided += result.ball.is_finite()
        if result.sign is not None and independence.at(point):
            return ZeroDecision("refuted", drawn, decided, point, str(result.ball))
    reason = "no point of the domain found" if not drawn else "no point tells it from zero"
    return ZeroDecision("undecided", drawn, decided, reason=reason)


def _all_atoms(expr: Any, relations: Sequence[Any]) -> list[Any]:
    """The free values of the expression, and of all relations that bear on them."""
    atoms = set(free_atoms(expr))
    atoms |= argument_symbols(list(atoms))
    waiting = [set(free_atoms(relation)) for relation in relations]
    while found := [linked for linked in waiting if linked & atoms and not linked <= atoms]:
        atoms |= set().union(*found)
    return list(atoms)
