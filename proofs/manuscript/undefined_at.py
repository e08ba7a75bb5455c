"""Where an equation says nothing, though the equations that it follows from do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sympy import Expr, Pow, S, log

__all__ = ["undefined_note"]


def undefined_note(
    goal: Any, told: Iterable[Any], nonzero: Callable[[Any], bool], positive: Callable[[Any], bool]
) -> str:
    """What has to be asked for the goal to be defined; empty where the rest asks it already."""
    told = [*told]
    known = {condition for relation in told for condition in _conditions(relation)}
    for kind, part in sorted(_conditions(goal) - known, key=str):
        if kind == "zero" and not nonzero(part) and not _excluded(part, told):
            return f"it is undefined where {part} is 0"
        if kind == "positive" and not positive(part):
            return f"it is undefined where {part} is not positive"
    return ""


def _excluded(part: Any, told: Iterable[Any]) -> bool:
    """Whether what is told fails where the part vanishes."""
    return any(relation.xreplace({part: S.Zero}) == S.false for relation in told)


def _conditions(relation: Any) -> set[tuple[str, Any]]:
    """What must not vanish, and what must be positive, for all parts to have values."""
    found: set[tuple[str, Any]] = set()
    for power in relation.atoms(Pow):
        base, exponent = power.args
        if not isinstance(base, Expr) or not base.is_commutative or base.is_number:
            continue
        if exponent.is_Integer or exponent.is_integer:
            if exponent.is_nonnegative is not True:
                found.add(("zero", base))
        elif exponent.is_Rational and exponent.q % 2 == 0:
            found.add(("positive", base))
    found |= {("positive", part.args[0]) for part in relation.atoms(log)}
    return {(kind, part) for kind, part in found if not part.is_number}
