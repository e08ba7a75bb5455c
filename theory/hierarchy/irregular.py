"""An irregular tree whose finer split is the stronger mode, whatever the flip probability.

The root has two children: one leads to a single item, the other to two categories of three items.
All links flip alike; rho = (1 - 2 epsilon)^2, and every item is three links away from the root.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Rational, Symbol, sqrt

from ..claims import claim
from ..definitions import define
from ..edges import Assumption, Witness

__all__ = ["coarse_equation", "finer_first", "slogan"]

_rho = Symbol("rho", positive=True)
_coarse = Symbol("lambda_coarse", real=True)
_INSIDE = 1 + 2 * _rho + 3 * _rho**2
_FINE = 1 + 2 * _rho - 3 * _rho**2
"""Eigenvalue of the contrast of the two categories of three: r - n b, hierarchy.analyzers.local."""
_COARSE = define(
    _coarse,
    (1 + _INSIDE - sqrt((_INSIDE - 1) ** 2 + 24 * _rho**6)) / 2,
    means="eigenvalue of the contrast of the single item with the six others",
)


@claim(
    "hierarchy.decreasing.irregular_equation",
    where=[_COARSE],
    source="an irregular tree of seven items",
)
def coarse_equation() -> Any:
    """The eigenvalue of the coarse contrast is one of the similarity averaged over the two sides.

    On vectors constant on each side the matrix acts as [[1, 6 rho^3], [rho^3, r]], where r is the
    row sum 1 + 2 rho + 3 rho^2 among the six: its characteristic equation.
    """
    return Eq((1 - _coarse) * (_INSIDE - _coarse), 6 * _rho**6, evaluate=False)


@claim(
    "hierarchy.decreasing.irregular",
    where=[_COARSE],
    given=[Assumption(_rho < 1, {_rho: Rational(1)})],
    rests_on=["hierarchy.analyzers.local", "hierarchy.decreasing.irregular_equation"],
    source="an irregular tree of seven items",
)
def finer_first() -> Any:
    """In this tree the finer split is the stronger mode for every epsilon but 0, 1/2 and 1.

    Its eigenvalue is 1 + 2 rho - 3 rho^2; so the finer distinction is learned first.
    """
    return _FINE > _coarse


@claim(
    "hierarchy.decreasing.irregular_slogan",
    where=[_COARSE],
    given=[_rho < 1],
    expects="refuted",
    corrected_by=["hierarchy.decreasing.irregular"],
    source="singular values decrease with the level, read for any tree",
    witness=Witness(
        {_rho: Rational(16, 25)},
        (Rational(752, 625) - 16 * sqrt(1893841) / 15625,),
    ),
)
def slogan() -> Any:
    """Guard: in an irregular tree the coarser split need not be the stronger mode.

    One item stands against two categories of three, rho = (1 - 2 epsilon)^2; the right side is
    the eigenvalue of the contrast of these two.
    """
    return _coarse >= _FINE
