"""Every moment of the law of Fuss and Catalan, without Lagrange's inversion.

B^r has an expansion in 1/z, of coefficients b_k(r): those of B = z G, r = 1, are the moments.
From the equation, B^r = B^(r - 1) + B^(r + D)/z: so that

    b_0(r) = 1,  b_k(0) = 0  and  b_k(r) - b_k(r - 1) = b_(k - 1)(r + D)

for k >= 1, which determine b_1, b_2, ... one after another, for all whole r.  The numbers
A_k(r) = r Gamma((D + 1)k + r)/(k! Gamma(D k + r + 1)) start in the same way and obey the same sums.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Derivative,
    Eq,
    Function,
    Integer,
    Lambda,
    Rational,
    Subs,
    Sum,
    Symbol,
    binomial,
    gamma,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Induction, Step
from ..edges import Witness
from ..levels import Levels
from ..outputs import Case, Cases
from .fuss_catalan import PLACES, SOURCE
from .letters import D, N, count

__all__ = ["fuss_catalan", "second_moment", "sums"]

_k, _order = count("k"), Symbol("kappa", integer=True, nonnegative=True)
_r, _j = Symbol("r", integer=True), Symbol("j", integer=True)
_n = count("n")
_s, _B, _z, _psi = (Symbol(name, positive=True) for name in ("s", "B", "z", "psi"))
A = Function("A")


def _number(k: Any, r: Any) -> Any:
    return r * gamma((D + 1) * k + r) / (gamma(k + 1) * gamma(D * k + r + 1))


_place, _index = Symbol("rho", real=True), Symbol("q", integer=True)
_NUMBERS = define(
    A, Lambda((_index, _place), _number(_index, _place)), means="coefficients of B^r, r the second"
)


@claim(
    "products.fuss_catalan.powers",
    where=[
        define(_B, 1 + _psi, means="B = z G"),
        define(_z, _B ** (D + 1) / (_B - 1), means="the equation of the spectrum"),
    ],
    rests_on=["products.fuss_catalan.equation"],
    source=SOURCE,
)
def powers() -> Any:
    """B^s = B^(s - 1) + B^(s + D)/z: the coefficient of z^-k in B^s from those of z^-(k - 1)."""
    return Eq(_B**_s, _B ** (_s - 1) + _B ** (_s + D) / _z)


@claim("products.fuss_catalan.start", source=SOURCE)
def start() -> Any:
    """A_0(s) = s Gamma(s)/Gamma(s + 1) = 1, as the leading coefficient of B^s is 1."""
    return Eq(_s * gamma(_s) / gamma(_s + 1), 1, evaluate=False)


_SUMMED = Eq(A(_k, _r), Sum(A(_k - 1, _j + D + 1), (_j, 0, _r - 1)), evaluate=False)


@claim(
    "products.fuss_catalan.sums",
    where=[_NUMBERS],
    levels=Levels(_n, (), ((_r, Integer(0), _n),)),
    rests_on=["products.fuss_catalan.powers", "products.fuss_catalan.start"],
    derivation=Derivation(
        (Step("A_k(0) = 0, and each further term is a difference", _SUMMED, Induction(_r, 0)),)
    ),
    source=SOURCE,
)
def sums() -> Any:
    """A_k(r) is the sum of A_(k-1)(j + D + 1) over j < r, for every depth D, order k and whole r.

    The coefficients of B^r obey the same sums (``products.fuss_catalan.powers``) and start alike:
    so they are these numbers, order by order.
    """
    return _SUMMED


_MOMENT = binomial((D + 1) * _order, _order) / (D * _order + 1)


@claim(
    "products.fuss_catalan",
    where=[_NUMBERS, PLACES],
    rests_on=[
        "products.fuss_catalan.equation",
        "products.fuss_catalan.sums",
        "products.fuss_catalan.edge",
    ],
    source=SOURCE,
    evaluation=Evaluation(
        inputs={"D": D, "k": _order},
        outputs={
            "moment": _MOMENT,
            "edge": Cases(Case("products.fuss_catalan.edge", "edge", {})),
        },
        optional=("k",),
    ),
)
def fuss_catalan() -> Any:
    """The squared singular values have the moments m_k = binom((D + 1)k, k)/(D k + 1).

    m_k = A_k(1), the coefficient of z^-k in B.  Needs: independent layers of infinite width at
    fixed depth, weights of variance 1/N; the equation of the spectrum has one premise, named in
    ``products.fuss_catalan.one_more``.  The largest of them is (D + 1)^(D + 1)/D^D.
    """
    return Eq(A(_order, 1), _MOMENT)


@claim(
    "products.fuss_catalan.variance",
    where=[_NUMBERS],
    rests_on=["products.fuss_catalan"],
    source=SOURCE,
)
def variance() -> Any:
    """The mean squared singular value is 1 and the variance is the depth D."""
    return Eq(A(2, 1) - A(1, 1) ** 2, D)


_GROWN, _SHRUNK = 1 + 2 / N, 1 - 1 / N
_FINITE = N * (_GROWN ** (D + 1) - _SHRUNK ** (D + 1)) / 3


@claim(
    "products.fuss_catalan.second_moment",
    rests_on=["products.gaussian_norm.traces"],
    source=SOURCE,
    evaluation=Evaluation(inputs={"N": N, "D": D}, outputs={"moment": _FINITE}),
)
def second_moment() -> Any:
    """At every width E tr (J J^T)^2/N = N [(1 + 2/N)^(D + 1) - (1 - 1/N)^(D + 1)]/3.

    From ``products.gaussian_norm.traces`` with N outputs in every layer.
    """
    traces = N * (N + 2) * _GROWN**D - N * (N - 1) * _SHRUNK**D
    return Eq(traces / (3 * N), _FINITE)


_e = Symbol("e", real=True)
_width = Symbol("epsilon", real=True)
_QUOTIENT = ((1 + 2 * _e) ** (D + 1) - (1 - _e) ** (D + 1)) / 3


@claim(
    "products.fuss_catalan.wide",
    where=[_NUMBERS],
    rests_on=["products.fuss_catalan", "products.fuss_catalan.second_moment"],
    source=SOURCE,
)
def wide() -> Any:
    """For large widths the exact second moment tends to m_2 = D + 1, without any premise.

    With e = 1/N it is a quotient [h(e) - h(0)]/e, which tends to the derivative h'(0).
    """
    return Eq(Subs(Derivative(_QUOTIENT, _e), _e, 0), A(2, 1))


@claim(
    "products.fuss_catalan.width_slogan",
    expects="refuted",
    corrected_by=["products.fuss_catalan.second_moment", "products.fuss_catalan.wide"],
    source="the limit of infinite width, read at any width",
    witness=Witness({N: 2, D: 2}, (Rational(9, 4),)),
)
def width_slogan() -> Any:
    """Guard: the width must be large beside the depth: at N = D = 2 it is 21/4, not 3.

    The left side is the second moment E tr (J J^T)^2/N of D layers of width N.
    """
    return Eq(_FINITE, D + 1)
