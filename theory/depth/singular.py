"""Singular values of the product of balanced layers: their motion, and that none reaches zero."""

from __future__ import annotations

from typing import Any

from sympy import (
    Eq,
    Equivalent,
    Function,
    Ge,
    Identity,
    Integer,
    Lambda,
    MatrixSymbol,
    Symbol,
    exp,
)

from ..claims import claim
from ..definitions import define
from ..derivations import Crosses, Derivation, Evident, Follows, Induction, Premise, Step
from ..edges import Assumption
from ..letters import N1, N3
from ..levels import Levels, Recursion
from ..matrix_calculus import TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import s1, t, tau
from .letters import D, k

__all__ = ["kept_away", "logarithm", "motion", "step", "terms", "triple"]

_SOURCE = "singular values of balanced deep linear networks (Arora, Cohen, Hu & Luo 2019)"
_U, _V = MatrixSymbol("u", N3, 1), MatrixSymbol("v", N1, 1)
_SIGMA = MatrixSymbol("S", 1, 1)
_W, _REST = MatrixSymbol("W", N3, N1), MatrixSymbol("R", N3, N1)
_TURN_U, _TURN_V = MatrixSymbol("J", N3, N3), MatrixSymbol("K", N1, N1)
_OTHERS = (Identity(N3) - _U * _U.T) * _REST * (Identity(N1) - _V * _V.T)


@claim(
    "depth.end_to_end.triple",
    facts=MatrixFacts(
        orthonormal_columns=(_U, _V), given=(matrix_equation(_W, _U * _SIGMA * _V.T + _OTHERS),)
    ),
    source="first-order perturbation of a singular value",
)
def triple() -> Any:
    """A singular value moves at the rate u^T (dW/dt) v: turning its unit vectors adds nothing.

    W has the singular value S with unit vectors u and v, and anything else beside them.  A unit
    vector can only turn: du/dt = (J - J^T) u, dv/dt = (K - K^T) v.  So the rate of u^T W v is
    """
    turned = ((_TURN_U - _TURN_U.T) * _U).T * _W * _V + _U.T * _W * ((_TURN_V - _TURN_V.T) * _V)
    rate = _U.T * TimeDerivative(_W) * _V
    return matrix_equation(turned + rate, rate)


_A, _B = MatrixSymbol("A", N3, N3), MatrixSymbol("B", N1, N1)
_ALPHA, _POWER = MatrixSymbol("L", 1, 1), MatrixSymbol("M", 1, 1)
_Y, _H = MatrixSymbol("Y", N3, N1), MatrixSymbol("H", N3, N1)
_GRAM = MatrixSymbol("Q", N1, N1)


@claim(
    "depth.end_to_end.step_of_mode",
    facts=MatrixFacts(
        orthonormal_columns=(_U, _V),
        symmetric=(_A, _GRAM),
        given=(matrix_equation(_A * _U, _U * _ALPHA), matrix_equation(_GRAM * _V, _V * _POWER)),
    ),
    rests_on=["depth.end_to_end", "depth.end_to_end.gram"],
    source=_SOURCE,
)
def step() -> Any:
    """T_{n+1} = A T_n + H B^n between singular vectors: f_{n+1} = alpha f_n + beta^n u^T H v.

    A u = alpha u and B^n v = beta^n v (L and M here), f_n = u^T T_n v; for a singular triple of W
    both alpha and beta are sigma^(2/D), for two of them they are those of each.
    """
    grown = _U.T * (_A * _Y + _H * _GRAM) * _V
    return matrix_equation(grown, _ALPHA * (_U.T * _Y * _V) + (_U.T * _H * _V) * _POWER)


_k, _m = Symbol("k", integer=True), Symbol("m", integer=True)
_f = Function("f")
_alpha, _beta = Symbol("alpha", positive=True), Symbol("beta", positive=True)
_pull = Symbol("g", real=True)


def _recursion(other: Any) -> Levels:
    grown = Recursion(_f(_m), Integer(0), Integer(0), _alpha * _f(_m) + _pull * other**_m)
    return Levels(D, (), ((_k, Integer(0), D),), {}, (grown,))


_TERMS = Eq((_alpha - _beta) * _f(_k), (_alpha**_k - _beta**_k) * _pull, evaluate=False)


@claim(
    "depth.end_to_end.pair",
    levels=_recursion(_beta),
    rests_on=["depth.end_to_end.step_of_mode"],
    derivation=Derivation(
        (Step("a geometric sum, layer by layer", _TERMS, Induction(_k, 0, _alpha)),)
    ),
    source=_SOURCE,
)
def pair() -> Any:
    """Between two singular vectors, u_r and v_k, the flow is multiplied by a quotient.

    u_r^T (dW/dt) v_k = (alpha^D - beta^D)/(alpha - beta) u_r^T (Sigma31 - W) v_k/tau, with
    alpha = sigma_r^(2/D), beta = sigma_k^(2/D): the mean speed of the two modes.
    """
    return _TERMS


_EQUAL_TERMS = Eq(_f(_k), _k * _alpha ** (_k - 1) * _pull, evaluate=False)


@claim(
    "depth.end_to_end.same",
    levels=_recursion(_alpha),
    rests_on=["depth.end_to_end.step_of_mode"],
    derivation=Derivation(
        (Step("equal terms, layer by layer", _EQUAL_TERMS, Induction(_k, 0, _alpha)),)
    ),
    source=_SOURCE,
)
def terms() -> Any:
    """In one mode all D terms are equal: u^T (dW/dt) v = D alpha^(D-1) u^T (Sigma31 - W) v/tau."""
    return _EQUAL_TERMS


_sigma, _alpha_t, _q = Function("sigma"), Function("alpha"), Function("q")
_WHERE = [
    define(_sigma, Lambda(t, exp(k(t))), means="a singular value of the product, positive"),
    define(_alpha_t, Lambda(t, _sigma(t) ** (2 / D)), means="the eigenvalue of W_D W_D^T"),
]
_RELATIVE = Eq(tau * k(t).diff(t), D * _alpha_t(t) ** (D - 1) * (_q(t) - _sigma(t)) / _sigma(t))
_MOTION = Eq(tau * _sigma(t).diff(t), D * _sigma(t) ** (2 - 2 / D) * (_q(t) - _sigma(t)))


def _motion() -> Derivation:
    rate = D * _alpha_t(t) ** (D - 1) * (_q(t) - _sigma(t))
    return Derivation(
        (
            Step("all D terms of the flow are equal in one mode", _RELATIVE, Premise()),
            Step(
                "the flow between the singular vectors",
                Eq(tau * _sigma(t).diff(t), rate),
                Follows(),
            ),
            Step("alpha^D = sigma^2", _MOTION, Follows()),
        )
    )


@claim(
    "depth.end_to_end.singular_value",
    where=_WHERE,
    given=[_RELATIVE],
    rests_on=["depth.end_to_end.triple", "depth.end_to_end.same"],
    derivation=_motion,
    source=_SOURCE,
)
def motion() -> Any:
    """tau d(sigma_r)/dt = D sigma_r^(2-2/D) (q_r - sigma_r), q_r = u_r^T Sigma31 v_r, at any depth.

    For every balanced start, sigma_r > 0 and simple.  q_r(t) moves with the singular vectors: only
    where they stand still, aligned with Sigma31, is this the equation of depth.ode with s = q_r.
    """
    return _MOTION


@claim(
    "depth.end_to_end.logarithm",
    where=_WHERE,
    given=[_RELATIVE],
    rests_on=["depth.end_to_end.singular_value"],
    source=_SOURCE,
)
def logarithm() -> Any:
    """Its logarithm moves at the rate D sigma^(1-2/D) (q - sigma)/tau, finite down to sigma = 0."""
    return Eq(
        tau * (_sigma(t).diff(t) / _sigma(t)),
        D * _sigma(t) ** (1 - 2 / D) * (_q(t) - _sigma(t)),
    )


_top, _now = Symbol("S", positive=True), Symbol("sigma", positive=True)


def _fastest(strength: Any) -> Any:
    return D * strength ** (1 - 2 / D) * (s1 + strength)


_KEPT = Equivalent(_fastest(_now) < _fastest(_top), _now < _top, evaluate=False)


def _kept_away() -> Derivation:
    left = _fastest(_top) - _fastest(_now)
    slope = _top ** (-2 / D) * ((D - 2) * (s1 + _top) + D * _top)
    rising = left.diff(_top, evaluate=False)
    met = Eq(_fastest(_now), _fastest(_now), evaluate=False)
    return Derivation(
        (
            Step("differentiate in S", Eq(rising, slope), Follows()),
            Step("the bound grows with S", rising > 0, Evident()),
            Step("and is met at sigma", met, Follows()),
            Step("so it is higher above sigma alone", _KEPT, Crosses(_top, _now)),
        )
    )


_SHALLOW = {D: Integer(1), _top: Integer(2), _now: Integer(1), s1: Integer(3)}


@claim(
    "depth.end_to_end.kept_away",
    given=[
        Assumption(Ge(D, 2), {D: Integer(1), _top: Integer(2), _now: Integer(1), s1: Integer(1)})
    ],
    rests_on=["depth.end_to_end.logarithm"],
    derivation=_kept_away,
    source="no singular value reaches zero: rank and the sign of det W are kept",
)
def kept_away() -> Any:
    """For D >= 2 the rate of ln sigma is at most D S^(1-2/D) (s_1 + S)/tau while sigma < S.

    |q - sigma| <= s_1 + sigma, as no overlap u^T Sigma31 v exceeds s_1; what is stated is that the
    bound grows with sigma.  S exists since the loss falls.  So sigma(t) is at least
    sigma(0) e^(-t D S^(1-2/D) (s_1 + S)/tau), never zero in finite time: the rank of W and, for
    square W, the sign of det W are kept, and cannot change in the limit to an invertible W either.
    """
    return _KEPT
