"""The edges of a claim: where an assumption is needed, where a slogan fails, what limits it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Assumption", "Limit", "Witness"]


@dataclass(frozen=True, slots=True)
class Assumption:
    """A relation that is assumed, and a point that breaks the claim when it is dropped.

    ``counterexample`` maps symbols to exact values: there ``relation`` fails, every other
    assumption holds, and the statement is false or undefined.
    """

    relation: Any
    counterexample: Mapping[Any, Any] | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """A point at which a slogan fails, and by how much.

    ``at`` maps symbols, applied functions or matrix letters to exact values.  ``difference`` is
    the exact value there of left minus right of everything that the statement compares, in
    order: so that not only the failure of the slogan is kept but the slogan itself.
    """

    at: Mapping[Any, Any]
    difference: tuple[Any, ...]


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
