"""The Taylor polynomials of tanh and of its slopes, tied to tanh, and their Gaussian averages."""

from __future__ import annotations

from typing import Any

from sympy import Derivative, Eq, Function, Lambda, Poly, sqrt, tanh

from ..claims import claim
from ..definitions import define
from ..gaussian import gaussian_average, z
from .letters import q, x

__all__ = [
    "LENGTHS",
    "MU1",
    "MU2",
    "SLOPE2",
    "SLOPE4",
    "SQUARE",
    "beyond",
    "first",
    "length",
    "scaled",
    "second",
    "series",
    "slope",
    "slope_square",
    "square",
]

SERIES = x - x**3 / 3 + 2 * x**5 / 15 - 17 * x**7 / 315
"""tanh x up to x^8."""
SQUARE = x**2 - 2 * x**4 / 3 + 17 * x**6 / 45 - 62 * x**8 / 315
"""tanh^2 x up to x^9."""
SLOPE2 = 1 - 2 * x**2 + 7 * x**4 / 3 - 94 * x**6 / 45
"""(tanh' x)^2 up to x^7."""
SLOPE4 = 1 - 4 * x**2 + 26 * x**4 / 3 - 608 * x**6 / 45
"""(tanh' x)^4 up to x^7."""
LENGTHS = q - 2 * q**2 + 17 * q**3 / 3 - 62 * q**4 / 3
MU1 = 1 - 2 * q + 7 * q**2 - 94 * q**3 / 3
MU2 = 1 - 4 * q + 26 * q**2 - 608 * q**3 / 3
"""Averages of the last three at x = sqrt(q) z."""
_SOURCE = "Taylor series of tanh from its differential equation"


def beyond(polynomial: Any, symbol: Any, order: int) -> Any:
    """The coefficients from ``order`` on, as a polynomial times symbol^order."""
    terms = Poly(polynomial, symbol).all_coeffs()[::-1][order:]
    return symbol**order * sum(c * symbol**n for n, c in enumerate(terms))


def scaled(polynomial: Any) -> Any:
    """A polynomial in x at x = sqrt(q) z."""
    return polynomial.xreplace({x: sqrt(q) * z})


T, S, P, F = (Function(name) for name in "TSPF")
_T = define(T, Lambda(x, SERIES), means="Taylor polynomial of tanh")
_S = define(S, Lambda(x, SQUARE), means="Taylor polynomial of tanh^2")
_P = define(P, Lambda(x, SLOPE2), means="Taylor polynomial of (tanh')^2")
_F = define(F, Lambda(x, SLOPE4), means="Taylor polynomial of (tanh')^4")


@claim("isometry.edge_of_chaos.tanh_series", where=[_T], source=_SOURCE)
def series() -> Any:
    """d = tanh - T obeys d' + (tanh + T) d = x^8 R(x) with a polynomial R: so d is O(x^9).

    As tanh' = 1 - tanh^2, T' = 1 - T^2 up to x^7, and d(0) = T(0) = 0.  By the linear equation
    |d(x)| is at most the integral of x^8 |R| where |x| is so small that T has the sign of x.
    """
    difference = tanh(x) - T(x)
    rest = beyond(1 - SERIES**2 - SERIES.diff(x), x, 8)
    moved = Derivative(difference, x, evaluate=False) + (tanh(x) + T(x)) * difference
    return Eq(moved, rest, evaluate=False)


@claim(
    "isometry.edge_of_chaos.tanh_series.square",
    where=[_T, _S],
    rests_on=["isometry.edge_of_chaos.tanh_series"],
    source=_SOURCE,
)
def square() -> Any:
    """tanh^2 x = x^2 - 2/3 x^4 + 17/45 x^6 - 62/315 x^8 + O(x^10): T^2 less this is O(x^10)."""
    return Eq(T(x) ** 2 - S(x), beyond(SERIES**2 - SQUARE, x, 10), evaluate=False)


@claim(
    "isometry.edge_of_chaos.tanh_series.slope",
    where=[_S, _P],
    rests_on=["isometry.edge_of_chaos.tanh_series.square"],
    source=_SOURCE,
)
def slope() -> Any:
    """(tanh' x)^2 = (1 - tanh^2 x)^2 = 1 - 2 x^2 + 7/3 x^4 - 94/45 x^6 + O(x^8)."""
    return Eq((1 - S(x)) ** 2 - P(x), beyond((1 - SQUARE) ** 2 - SLOPE2, x, 8), evaluate=False)


@claim(
    "isometry.edge_of_chaos.tanh_series.slope_square",
    where=[_P, _F],
    rests_on=["isometry.edge_of_chaos.tanh_series.slope"],
    source=_SOURCE,
)
def slope_square() -> Any:
    """(tanh' x)^4 = 1 - 4 x^2 + 26/3 x^4 - 608/45 x^6 + O(x^8): the square of the last."""
    return Eq(P(x) ** 2 - F(x), beyond(SLOPE2**2 - SLOPE4, x, 8), evaluate=False)


_MOMENTS = "moments of a standard normal variable"


@claim(
    "isometry.edge_of_chaos.tanh_series.length",
    rests_on=["isometry.edge_of_chaos.tanh_series.square"],
    source=_MOMENTS,
)
def length() -> Any:
    """E tanh^2(sqrt(q) z) = q - 2 q^2 + 17/3 q^3 - 62/3 q^4 + O(q^5).

    Stated of the polynomial S.  What it leaves out is O(q^5): |tanh^2 - S| is at most C x^10 for
    every x, near 0 as S is the Taylor polynomial and far out as S grows like x^8 only, and
    E (sqrt(q) z)^10 = 945 q^5.  That such a C exists is said, not computed; the other averages
    likewise.
    """
    return Eq(gaussian_average(scaled(SQUARE)), LENGTHS, evaluate=False)


@claim(
    "isometry.edge_of_chaos.tanh_series.first",
    rests_on=["isometry.edge_of_chaos.tanh_series.slope"],
    source=_MOMENTS,
)
def first() -> Any:
    """mu_1 = E (tanh')^2 = 1 - 2 q + 7 q^2 - 94/3 q^3 + O(q^4), stated of the polynomial."""
    return Eq(gaussian_average(scaled(SLOPE2)), MU1, evaluate=False)


@claim(
    "isometry.edge_of_chaos.tanh_series.second",
    rests_on=["isometry.edge_of_chaos.tanh_series.slope_square"],
    source=_MOMENTS,
)
def second() -> Any:
    """mu_2 = E (tanh')^4 = 1 - 4 q + 26 q^2 - 608/3 q^3 + O(q^4), stated of the polynomial."""
    return Eq(gaussian_average(scaled(SLOPE4)), MU2, evaluate=False)
