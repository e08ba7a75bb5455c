"""The proving half of the zero test: a normal form over independent generators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .atoms import Atoms
from .fractions import Fractions

__all__ = ["vanishes"]


def vanishes(expr: Any, positive: Iterable[Any] = ()) -> bool:
    """Whether ``expr`` is identically zero, as far as the normal form can tell.

    True is a proof, wherever both sides are defined and the expressions of ``positive`` are
    positive.  False only says that the normal form is not zero.  No ``simplify``, no floats.
    """
    atoms = Atoms(positive)
    fractions = Fractions(atoms, [atoms.rewrite(expr)])
    numerator, denominator = fractions.values[0]
    if fractions.reduce(numerator) != 0:
        return False
    return bool(fractions.reduce(denominator) != 0)
