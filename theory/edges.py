"""The edges of a claim: where an assumption is needed, where a slogan fails, what limits it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Integer

__all__ = ["Assumption", "Limit", "Witness"]


def _exact(name: str, at: Mapping[Any, Any]) -> dict[Any, Any]:
    """The point with Python integers as SymPy's; ``TypeError`` for what is no exact number."""
    found = {}
    for key, value in at.items():
        exact = Integer(value) if isinstance(value, int) else value
        if not (getattr(exact, "is_Matrix", False) or getattr(exact, "is_Rational", False)):
            raise TypeError(
                f"{name}: {key} has the value {value!r}: give a rational number, for example "
                "Rational(1, 2), or a matrix of them"
            )
        found[key] = exact
    return found


@dataclass(frozen=True, slots=True)
class Assumption:
    """A relation that is assumed, and a point that breaks the claim when it is dropped.

    ``counterexample`` maps symbols to exact values: there ``relation`` fails, every other
    assumption holds, and the statement is false or undefined.
    """

    relation: Any
    counterexample: Mapping[Any, Any] | None = None

    def __post_init__(self) -> None:
        if self.counterexample is not None:
            exact = _exact("counterexample", self.counterexample)
            object.__setattr__(self, "counterexample", exact)


@dataclass(frozen=True, slots=True)
class Witness:
    """A point at which a slogan fails, and by how much.

    ``at`` maps symbols, applied functions or matrix letters to exact values.  ``difference`` is
    the exact value there of left minus right of everything that the statement compares, in
    order: so that not only the failure of the slogan is kept but the slogan itself.
    """

    at: Mapping[Any, Any]
    difference: tuple[Any, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", _exact("at", self.at))
        exact = tuple(Integer(d) if isinstance(d, int) else d for d in self.difference)
        object.__setattr__(self, "difference", exact)


@dataclass(frozen=True, slots=True)
class Limit:
    """What the right side of a statement tends to, or equals, as ``variable`` tends to ``to``.

    ``to`` is an exact expression (the value is put in) or ``oo`` (exponentials that decay on the
    domain vanish).  ``means`` says in words what the limit shows.
    """

    variable: Any
    to: Any
    value: Any
    means: str
