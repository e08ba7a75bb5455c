"""The mean of 1/lambda over the spectrum of random data: what the noise is multiplied by.

M(x) is the mean of 1/(lambda + x) over the N eigenvalues of X^T X, x > 0: M = tr G/N with
G = (X^T X + x)^-1.  X has alpha N rows r with independent entries of variance 1/N.

With G' that of all other rows, which does not know r, q = r^T G' r is tr G'/N up to an error whose
mean square is 2 tr G'^2/N^2 for Gaussian entries, at most 2/(N x^2).  What is a premise here,
and not derived: at infinite N tr G'/N is M, whatever the data and with or without one row.  From it
follows the law of Marchenko and Pastur.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Eq,
    Equivalent,
    Function,
    Identity,
    Inverse,
    Lambda,
    MatrixSymbol,
    Symbol,
    Trace,
    oo,
)

from ..claims import claim
from ..definitions import define
from ..edges import Limit
from ..matrix_calculus import Average, matrix_equation
from ..matrix_facts import MatrixFacts
from .letters import SOURCE, N, P, alpha

__all__ = ["ample", "one_row", "resolvent", "scarce"]

x, M = Symbol("x", positive=True), Symbol("M", positive=True)
_X, _rows = MatrixSymbol("X", P, N), MatrixSymbol("R", N, Symbol("m", integer=True, positive=True))
_OTHERS = MatrixSymbol("A", N, N)
_RESOLVENT = Inverse(_X.T * _X + x * Identity(N))


@claim("generalization.large_gain.resolvent", facts=MatrixFacts(), source=SOURCE)
def resolvent() -> Any:
    """tr X G X^T + x tr G = N: the shares r^T G r of all rows and x tr G add up to N."""
    return matrix_equation(Trace(_X * _RESOLVENT * _X.T) + x * Trace(_RESOLVENT), N)


_ALL = Inverse(_OTHERS + _rows * _rows.T)


@claim("generalization.large_gain.one_row", facts=MatrixFacts(symmetric=(_OTHERS,)), source=SOURCE)
def one_row() -> Any:
    """R^T G R (1 + Q) = Q with Q = R^T G' R and G' = A^-1, that without the rows R.

    For a single row its share of N is r^T G r = q/(1 + q), q = r^T G' r.
    """
    share, alone = _rows.T * _ALL * _rows, _rows.T * Inverse(_OTHERS) * _rows
    return matrix_equation(share + share * alone, alone)


_row, _kept = MatrixSymbol("r", N, 1), MatrixSymbol("G", N, N)
_ROW = MatrixFacts(gaussian=((_row, 1 / N),))
_SHARE = Trace(_row.T * _kept * _row)


@claim(
    "generalization.large_gain.share_spread",
    facts=_ROW,
    source=SOURCE,
)
def share_spread() -> Any:
    """A row r that G does not know has q = r^T G r at tr G/N, off by a little in mean square.

    By (tr G G^T + tr G^2)/N^2 for Gaussian entries of variance 1/N: for a resolvent, G <= 1/x, that
    is at most 2/(N x^2), and vanishes for large N.
    """
    return matrix_equation(
        Average((_SHARE - Trace(_kept) / N) ** 2),
        (Trace(_kept * _kept.T) + Trace(_kept * _kept)) / N**2,
    )


X = Function("X")
_PLACE = define(
    X,
    Lambda(M, 1 / M - alpha / (1 + M)),
    means="x by M, from alpha M/(1 + M) + x M = 1: alpha N rows with q = M, and x tr G, give N",
)
_LAWS = [
    "generalization.large_gain.resolvent",
    "generalization.large_gain.one_row",
    "generalization.large_gain.share_spread",
]


@claim(
    "generalization.large_gain.ample",
    where=[_PLACE],
    given=[alpha > 1],
    rests_on=_LAWS,
    source=SOURCE,
)
def ample() -> Any:
    """With more examples than weights the mean of 1/lambda is 1/(alpha - 1).

    x > 0 exactly where M < 1/(alpha - 1): as x falls to 0 the mean M of 1/(lambda + x) rises to it.
    """
    return Equivalent(X(M) > 0, (alpha - 1) * M < 1, evaluate=False)


@claim(
    "generalization.large_gain.unseen",
    where=[_PLACE],
    given=[alpha <= 1],
    rests_on=_LAWS,
    source=SOURCE,
    limits=[Limit(M, oo, 1 - alpha, "the share of directions that no example sees")],
)
def unseen() -> Any:
    """With no more examples than weights a share 1 - alpha of the eigenvalues is 0.

    As x falls to 0, M grows without bound, and x M tends to that share.
    """
    return Eq(M * X(M), (1 + (1 - alpha) * M) / (1 + M))


@claim(
    "generalization.large_gain.scarce",
    where=[_PLACE],
    given=[alpha < 1],
    rests_on=[*_LAWS, "generalization.large_gain.unseen"],
    source=SOURCE,
    limits=[Limit(M, oo, alpha / (1 - alpha), "as x falls to 0")],
)
def scarce() -> Any:
    """The mean of 1/lambda over all N directions, 0 for the unseen, is alpha/(1 - alpha).

    What M holds beyond (1 - alpha)/x, the share of the unseen ones, tends to that.
    """
    return Eq(M - (1 - alpha) / X(M), alpha * M / (1 + (1 - alpha) * M))
