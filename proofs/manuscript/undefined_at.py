"""Where an equation says nothing, though the equations that it follows from do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sympy import Dummy, E, Expr, Integral, Pow, S, Tuple, factor, log
from sympy.concrete.expr_with_limits import ExprWithLimits

from .generators import bases, over

__all__ = ["conditions", "factors_of", "undefined_note"]

_WORDS = {"zero": "0", "log": "not positive", "root": "negative"}


def undefined_note(
    goal: Any, told: Iterable[Any], nonzero: Callable[[Any], bool], positive: Callable[[Any], bool]
) -> str:
    """What has to be asked for the goal to be defined; empty where the rest asks it already."""
    told = [*told]
    known = {condition for relation in told for condition in conditions(relation)}
    asking = (conditions(goal) | _at_ends(goal)) - known
    held = [base for kind, part in asking | known if kind == "log" for base in factors_of(part)]
    missing = []
    for kind, part in sorted(asking, key=str):
        if kind == "zero":
            asked = not nonzero(part) and not _excluded(part, told) and part not in held
        else:
            asked = not positive(part) and ("log", part) not in known
            asked = asked and not (kind == "root" and part.is_nonnegative)
        if asked:
            missing.append(f"{part} is {_WORDS[kind]}")
    return f"it is undefined where {' or '.join(missing)}" if missing else ""


def factors_of(part: Any) -> list[Any]:
    """What a part vanishes or has a pole with."""
    above, below = over(part)
    return [base for side in (above, below) for base in bases(factor(side)) if not base.is_number]


def _excluded(part: Any, told: Iterable[Any]) -> bool:
    """Whether what is told fails where the part vanishes."""
    return any(relation.xreplace({part: S.Zero}) == S.false for relation in told)


def _at_ends(relation: Any) -> set[tuple[str, Any]]:
    """What the integrands ask for at the ends of their integrals."""
    return {
        (kind, part.xreplace({limit[0]: end}))
        for node in relation.atoms(Integral)
        for limit in node.limits
        for end in limit[1:]
        for kind, part in conditions(node.function)
        if not part.xreplace({limit[0]: end}).is_number
    }


def conditions(relation: Any) -> set[tuple[str, Any]]:
    """What must not vanish (zero), be positive (log) or not negative (root) for it to have a value.

    What stands under an integral or a sum is left out: its variable is bound there.
    """
    inside = relation.atoms(ExprWithLimits)
    if inside:
        limits = [x for node in inside for limit in node.limits for x in limit[1:]]
        relation = Tuple(relation.xreplace({node: Dummy() for node in inside}), *limits)
    found: set[tuple[str, Any]] = set()
    for power in relation.atoms(Pow):
        base, exponent = power.args
        if not isinstance(base, Expr) or not base.is_commutative or base == E:
            continue
        if exponent.is_integer:
            if exponent.is_nonnegative is not True:
                found.add(("zero", base))
        elif exponent.is_Rational and exponent > 0:
            found.add(("root", base))
        else:
            found.add(("log", base))
    found |= {("log", part.args[0]) for part in relation.atoms(log)}
    return {(kind, part) for kind, part in found if not part.is_number}
