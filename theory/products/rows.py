"""One more Gaussian layer, row by row: the equation of the spectrum without freeness.

A = J J^T of the layers so far, and one more layer W of N rows w with entries of variance 1/N: the
spectrum of W A W^T is that of Y^T Y with Y = W A^(1/2), whose rows are y = A^(1/2) w.  For x > 0

    G = (Y^T Y + x)^-1,  M = tr G/N,  B = x M = z times the Stieltjes transform at z = -x,

and G' without one row.  What is a premise here, and not derived: N is infinite, and then for each
row w^T C w = tr C/N, where C is made of A and of G', which do not know w (off by
``generalization.large_gain.share_spread``), and traces do not notice one row.  With tau = tr A G/N

    y^T G y = tau/(1 + tau), so that tau/(1 + tau) + x M = 1,  and
    tr Q = tr Y^T Y G Q + x tr G Q = tr (A/(1 + tau) + x) G Q  for every Q made of A.

With Q = (A/(1 + tau) + x)^-1 the right side is tr G: M = tr (A/(1 + tau) + x)^-1/N.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Identity, Inverse, MatrixSymbol, Symbol, Trace

from ..claims import claim
from ..definitions import define
from ..derivations import Derivation, Follows, Step
from ..matrix_calculus import matrix_equation
from ..matrix_facts import MatrixFacts
from .letters import N, count

__all__ = ["one_more", "scaled", "split", "transfer", "without"]

_SOURCE = "Silverstein & Bai: spectra of sample covariance matrices, row by row"
_rows, _few = count("P"), count("m")
_x, _c = Symbol("x", positive=True), Symbol("c", positive=True)
_Y, _R = MatrixSymbol("Y", _rows, N), MatrixSymbol("R", N, _few)
_A, _Q, _G = (MatrixSymbol(name, N, N) for name in "AQG")
_RESOLVENT = Inverse(_Y.T * _Y + _x * Identity(N))


@claim("products.fuss_catalan.rows", facts=MatrixFacts(), source=_SOURCE)
def split() -> Any:
    """Y^T Y G Q + x G Q = Q: every row takes its share of Q, and x the rest."""
    return matrix_equation(_Y.T * _Y * _RESOLVENT * _Q + _x * _RESOLVENT * _Q, _Q)


_ALL = Inverse(_A + _R * _R.T)


@claim("products.fuss_catalan.rows.without", facts=MatrixFacts(symmetric=(_A,)), source=_SOURCE)
def without() -> Any:
    """(1 + R^T G' R) R^T G = R^T G' with G' = A^-1, that without the rows R.

    For one row y^T G = y^T G'/(1 + y^T G' y).
    """
    share = _R.T * _ALL
    return matrix_equation(share + _R.T * Inverse(_A) * _R * share, _R.T * Inverse(_A))


_SCALED = _c * _A + _x * Identity(N)


@claim("products.fuss_catalan.rows.transfer", facts=MatrixFacts(), source=_SOURCE)
def transfer() -> Any:
    """tr (c A + x) G Q = tr G for Q = (c A + x)^-1, c = 1/(1 + tau): so tr G = tr Q."""
    return matrix_equation(Trace(_SCALED * _G * Inverse(_SCALED)), Trace(_G))


@claim("products.fuss_catalan.rows.scaled", facts=MatrixFacts(), source=_SOURCE)
def scaled() -> Any:
    """(A + x/c) c (c A + x)^-1 = I: M = M_A(x/c)/c, M_A the mean of 1/(lambda + x) over A."""
    inside = _A + _x / _c * Identity(N)
    return matrix_equation(inside * (_c * Inverse(_SCALED)), Identity(N))


_layers = Symbol("D", integer=True, positive=True)
_b, _before = Symbol("B", positive=True), Symbol("x_A", positive=True)
_tau, _M, _MA = (Symbol(name, positive=True) for name in ("tau", "M", "M_A"))
_NEXT = Eq(_b ** (_layers + 2), _x * (1 - _b), evaluate=False)


@claim(
    "products.fuss_catalan.one_more",
    where=[
        define(_before, _b ** (_layers + 1) / (1 - _b), means="place x of D layers, by their B"),
        define(_MA, _b / _before, means="M of D layers, from B = x M"),
        define(_tau, 1 / _b - 1, means="tau = tr A G/N, as the shares add up to 1"),
        define(_x, _before / (1 + _tau), means="place with one more layer: x/c is that before"),
        define(_M, (1 + _tau) * _MA, means="M with one more layer, M_A(x/c)/c"),
    ],
    given=[_b < 1],
    rests_on=[
        "products.fuss_catalan.rows",
        "products.fuss_catalan.rows.without",
        "products.fuss_catalan.rows.transfer",
        "products.fuss_catalan.rows.scaled",
        "generalization.large_gain.share_spread",
    ],
    derivation=Derivation(
        (
            Step("the shares of all rows and of x", Eq(_tau / (1 + _tau) + _x * _M, 1), Follows()),
            Step("B = x M is as before, at the place x", Eq(_x * _M, _b), Follows()),
            Step("as 1 + tau = 1/B, that place is x = x_A B", _NEXT, Follows()),
        )
    ),
    source=_SOURCE,
)
def one_more() -> Any:
    """From B^(D + 1) = x (1 - B) for D layers follows B^(D + 2) = x (1 - B) for D + 1.

    x = -z, 0 < B < 1.  The same step leads from no layer, A = I and B = x (1 - B), to the first.
    """
    return _NEXT
