"""From the precision of features to the singular values of the input-output correlations."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Inverse, MatrixSymbol, Symbol

from ..claims import claim
from ..matrix_calculus import Average, matrix_equation
from ..matrix_facts import MatrixFacts
from .letters import N, P

__all__ = ["covariance", "singular_values"]

_PRECISION, _COVARIANCE = MatrixSymbol("J", P, P), MatrixSymbol("C", P, P)
_VECTOR, _FEATURE = MatrixSymbol("v", P, 1), MatrixSymbol("y", P, 1)
_lam = Symbol("lambda_", positive=True)
_SOURCE = "Kemp & Tenenbaum: features as Gaussian fields on a graph of items"


@claim(
    "structures.covariance",
    facts=MatrixFacts(symmetric=(_PRECISION,)),
    source=_SOURCE,
)
def covariance() -> Any:
    """For a covariance C = J^-1 of precision J: C (lambda J v - v) = lambda v - C v.

    So lambda J v = v, which the structures show entry by entry, says C v = lambda v.
    """
    return matrix_equation(
        Inverse(_PRECISION) * (_lam * _PRECISION * _VECTOR - _VECTOR),
        _lam * _VECTOR - Inverse(_PRECISION) * _VECTOR,
    )


@claim(
    "structures.singular_values",
    facts=MatrixFacts(random=(_FEATURE,), given=(Eq(Average(_FEATURE * _FEATURE.T), _COVARIANCE),)),
    rests_on=["structures.covariance"],
    source=_SOURCE,
)
def singular_values() -> Any:
    """In the mean over N features Sigma31^T Sigma31 v = N C v: s^2 is N times the eigenvalue.

    A feature is a column y of one number per item, of mean zero and covariance C; the rows of
    Sigma31 = Y are N of them (sums over items, one-hot inputs).
    """
    return matrix_equation(
        N * Average(_FEATURE * _FEATURE.T) * _VECTOR - N * _lam * _VECTOR,
        N * (_COVARIANCE * _VECTOR - _lam * _VECTOR),
    )
