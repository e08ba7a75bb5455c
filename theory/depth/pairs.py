"""Curvature of a deep linear network between two modes, all parameters moving, at any depth.

Layers are diagonal in the modes, with strengths x and y in modes i and k.  The entries xi_l of
layer l that lead from mode k to mode i, and zeta_l back, move the product in second order.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Integer, Lambda, Matrix, Rational, Sum, Symbol

from ..claims import claim
from ..definitions import define
from ..derivations import Derivation, Induction, Step
from ..edges import Assumption
from ..levels import Levels, Recursion, Sequence
from .letters import D

__all__ = [
    "bound",
    "first_order",
    "form",
    "minimum",
    "scaled",
    "second_order",
    "strictly",
    "test_vector",
    "two_layers",
]

_SOURCE = "Hessian of a deep linear network between two modes of the decoupled trajectory"
_k, _l, _j, _m = (Symbol(name, integer=True) for name in ("k", "l", "j", "m"))
_x, _y = Symbol("x", positive=True), Symbol("y", positive=True)
_xi, _zeta = Function("xi"), Function("zeta")
_f, _back, _d = Function("f"), Function("b"), Function("d")
_AHEAD = Sequence(_xi, "real", 1, D)
_THERE_AND_BACK = (_AHEAD, Sequence(_zeta, "real", 1, D))
_UP_TO = ((_k, Integer(0), D),)
_FIRST = Eq(_f(_k), Sum(_x ** (_k - _l) * _y ** (_l - 1) * _xi(_l), (_l, 1, _k)), evaluate=False)


@claim(
    "depth.learning_rate.pair_first_order",
    levels=Levels(
        D,
        (_AHEAD,),
        _UP_TO,
        {},
        (Recursion(_f(_m), Integer(0), Integer(0), _x * _f(_m) + _xi(_m + 1) * _y**_m),),
    ),
    derivation=Derivation((Step("one more layer", _FIRST, Induction(_k, 0, _x)),)),
    source=_SOURCE,
)
def first_order() -> Any:
    """The entry (i, k) of the product of k layers, to first order: the sum of x^(k-l) y^(l-1) xi_l.

    One more layer multiplies it by x and adds xi times the y^m of the layers below.
    """
    return _FIRST


_RETURN = define(
    _back,
    Lambda(_k, Sum(_y ** (_k - _j) * _x ** (_j - 1) * _zeta(_j), (_j, 1, _k))),
    means="the entry (k, i) to first order, likewise",
)
_SECOND = Eq(_d(_k), Sum(_x ** (_k - _l) * _xi(_l) * _back(_l - 1), (_l, 1, _k)), evaluate=False)


@claim(
    "depth.learning_rate.pair_second_order",
    where=[_RETURN],
    levels=Levels(
        D,
        _THERE_AND_BACK,
        _UP_TO,
        {},
        (Recursion(_d(_m), Integer(0), Integer(0), _x * _d(_m) + _xi(_m + 1) * _back(_m)),),
    ),
    rests_on=["depth.learning_rate.pair_first_order"],
    derivation=Derivation((Step("one more layer", _SECOND, Induction(_k, 0, _x)),)),
    source=_SOURCE,
)
def second_order() -> Any:
    """The entry (i, i) in second order: the sum over l of x^(k-l) xi_l times what has come back.

    So xi_l and zeta_j, j < l, are coupled by x^(D-1-(l-j)) y^(l-j-1).
    """
    return _SECOND


_si, _sk, _u, _ub, _di, _dk = (
    Symbol(name, real=True) for name in ("s_i", "s_k", "u", "u_b", "d_i", "d_k")
)
_e = Symbol("epsilon", real=True)
_gi, _gk = Symbol("g_i", real=True), Symbol("g_k", real=True)
_GAPS = [
    define(_gi, _si - _x**D, means="what is left to learn in mode i"),
    define(_gk, _sk - _y**D, means="what is left to learn in mode k"),
]


def _loss(step: Any) -> Any:
    diagonal = (_si - _x**D - step**2 * _di) ** 2 + (_sk - _y**D - step**2 * _dk) ** 2
    return Rational(1, 2) * (diagonal + (step * _u) ** 2 + (step * _ub) ** 2)


@claim(
    "depth.learning_rate.pair_form",
    where=_GAPS,
    rests_on=["depth.learning_rate.pair_first_order", "depth.learning_rate.pair_second_order"],
    source=_SOURCE,
)
def form() -> Any:
    """The Hessian between two modes is the form u^2 + u_b^2 - 2 g_i d_i - 2 g_k d_k.

    u, u_b: the entries (i, k) and (k, i) in first order; d_i, d_k: the diagonal in second order.
    """
    curved = _u**2 + _ub**2 - 2 * _gi * _di - 2 * _gk * _dk
    fourth = _e**4 / 2 * (_di**2 + _dk**2)
    return Eq(_loss(_e) - _loss(Integer(0)), _e**2 / 2 * curved + fourth)


_p, _q = Symbol("p", positive=True), Symbol("q", positive=True)
_GEOMETRIC = Eq(
    (_p - _q) * Sum(_p ** (_k - _l) * _q ** (_l - 1), (_l, 1, _k)),
    _p**_k - _q**_k,
    evaluate=False,
)


@claim(
    "depth.learning_rate.pair_minimum",
    levels=Levels(D, (), _UP_TO),
    rests_on=["depth.learning_rate.pair_form"],
    derivation=Derivation((Step("one more layer", _GEOMETRIC, Induction(_k, 0, _p)),)),
    source=_SOURCE,
)
def minimum() -> Any:
    """At a balanced minimum the block of two modes has (s_i^2 - s_k^2)/(s_i^(2/D) - s_k^(2/D)).

    There g_i = g_k = 0 and the form is u^2 + u_b^2: twice the eigenvalue sum over l of
    x^(2(D-l)) y^(2(l-1)), with p = x^2 = s_i^(2/D), q = y^2; all others are 0.
    """
    return _GEOMETRIC


_lam = Symbol("lambda", real=True)
_ai, _ak = Symbol("a_i", positive=True), Symbol("a_k", positive=True)
_STRENGTHS = [
    define(_ai, _x**2, means="strength of mode i"),
    define(_ak, _y**2, means="strength of mode k"),
]


def _four() -> Any:
    """lambda - H on (xi_1, xi_2, zeta_1, zeta_2), in which xi_2 meets zeta_1, xi_1 meets zeta_2."""
    gi, gk, both = _si - _x**2, _sk - _y**2, _x * _y
    return _lam * Matrix.eye(4) - Matrix(
        [
            [_x**2, both, 0, -gk],
            [both, _y**2, -gi, 0],
            [0, -gi, _y**2, both],
            [-gk, 0, both, _x**2],
        ]
    )


def _pair(total: Any, apart: Any) -> Any:
    """The polynomial with the roots (total +- sqrt(apart))/2."""
    return (_lam - total / 2) ** 2 - apart / 4


@claim(
    "depth.learning_rate.pair_two_layers",
    where=_STRENGTHS,
    rests_on=["depth.learning_rate.pair_form"],
    source=_SOURCE,
)
def two_layers() -> Any:
    """D = 2, anywhere: eigenvalues [2(a_i+a_k) - (s_i+s_k) +- sqrt(4 a_i a_k + (s_i-s_k)^2)]/2 and

    [s_i + s_k +- sqrt((2(a_i-a_k) - (s_i-s_k))^2 + 4 a_i a_k)]/2, as the characteristic polynomial.
    """
    even = _pair(2 * (_ai + _ak) - (_si + _sk), 4 * _ai * _ak + (_si - _sk) ** 2)
    odd = _pair(_si + _sk, (2 * (_ai - _ak) - (_si - _sk)) ** 2 + 4 * _ai * _ak)
    return Eq(_four().det(method="berkowitz"), even * odd)


_n, _rho = Symbol("n", integer=True, nonnegative=True), Symbol("rho", positive=True)


def _early(x: Any, y: Any) -> Any:
    """Entry l + m - 2 = n < D - 1 of the odd half of the block, all targets 1."""
    return x ** (2 * D - 2 - _n) * y**_n + (1 - y**D) * y**_n * x ** (D - 2 - _n)


@claim(
    "depth.learning_rate.pair_scaled",
    rests_on=["depth.learning_rate.pair_form"],
    source=_SOURCE,
)
def scaled() -> Any:
    """Strengths rho x, rho y: a block of norm D - 1 at most, and that of x and y, are mixed.

    With zeta_l put as zeta_(D+1-l) the block is c c^T beside c c^T, coupled by a symmetric L; so it
    splits into c c^T - L and c c^T + L.  Entry (l, m) of each depends on n = l + m - 2 alone; here
    n < D - 1, for all targets 1 (larger gaps only enlarge entries, all of one sign).
    """
    kept = _y**_n * _x ** (D - 2 - _n)
    mixed = _rho ** (D - 2) * (1 - _rho**D) * kept + _rho ** (2 * D - 2) * _early(_x, _y)
    return Eq(_early(_rho * _x, _rho * _y), mixed)


@claim(
    "depth.learning_rate.pair_strict",
    rests_on=["depth.learning_rate.pair_scaled"],
    source=_SOURCE,
)
def strictly() -> Any:
    """The mixture of depth.learning_rate.pair_scaled falls short of D by what vanishes at rho = 1.

    D - 1 has the weight rho^(D-2) (1 - rho^D), D has rho^(2D-2).  For rho < 1 both terms on the
    right are positive, the first for D > 2: so the bound of the pairs is met only where a mode with
    the target s_1 has reached it.
    """
    mixed = (D - 1) * (1 - _rho**D) * _rho ** (D - 2) + D * _rho ** (2 * D - 2)
    return Eq(D - mixed, (D - 1) * (1 - _rho ** (D - 2)) + (1 - _rho ** (2 * D - 2)))


_v1, _v2 = Symbol("v_l", positive=True), Symbol("v_m", positive=True)
_u1, _u2 = Symbol("u_l", real=True), Symbol("u_m", real=True)


@claim(
    "depth.learning_rate.pair_test",
    source="test of a symmetric matrix with entries that are not negative by a positive vector",
)
def test_vector() -> Any:
    """If T v <= c v for a positive v, no eigenvalue of T exceeds c; T_lm times this, summed.

    u_l^2 v_m/v_l + u_m^2 v_l/v_m - 2 u_l u_m is a square times v_l v_m: so u^T T u is at most the
    sum of u_l^2 (T v)_l/v_l.
    """
    left = _u1**2 * _v2 / _v1 + _u2**2 * _v1 / _v2 - 2 * _u1 * _u2
    return Eq(left, _v1 * _v2 * (_u1 / _v1 - _u2 / _v2) ** 2)


_G = Function("G")
_SQUARES = define(
    _G, Lambda(_k, (1 - _y ** (2 * _k)) / (1 - _y**2)), means="1 + y^2 + ... + y^(2k-2)"
)
_LEFT = _k - _G(_k) - (1 - _y**_k) * _G(_k - 1)
_RISES = Sum(
    (1 - _y**_m) * (1 - _y ** (_m + 1)) * (1 + _y**_m + _y ** (_m + 2) / (1 + _y)),
    (_m, 0, _k - 2),
)
_SHORT = Eq(_LEFT, _RISES, evaluate=False)


@claim(
    "depth.learning_rate.pair_bound",
    where=[_SQUARES],
    given=[Assumption(_y < 1, {_y: Integer(1), D: Integer(1), _k: Integer(1)})],
    levels=Levels(D, (), ((_k, Integer(1), D),)),
    rests_on=["depth.learning_rate.pair_scaled", "depth.learning_rate.pair_test"],
    derivation=Derivation(
        (Step("what one more layer adds, layer by layer", _SHORT, Induction(_k, 1)),)
    ),
    source=_SOURCE,
)
def bound() -> Any:
    """No block of two modes below their targets has an eigenvalue above D s_1^(2-2/D), any depth.

    In units of s_1, with x = 1 > y (depth.learning_rate.pair_scaled reduces to it), tested by
    v_l = y^(l-1): row l of T v is v_l times G(D) + (1 - y^D) G(D-l), at most what row 1 has.
    Stated for k = D: D exceeds that of row 1 by a sum of products in which no factor is negative.
    """
    return _SHORT
