"""Curvature of a deep linear network between two modes, all parameters moving, at any depth.

Layers are diagonal in the modes, with strengths x and y in modes i and k.  The entries xi_l of
layer l that lead from mode k to mode i, and zeta_l back, move the product in second order.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Eq,
    Function,
    Integer,
    Lambda,
    Matrix,
    MatrixSymbol,
    Rational,
    Sum,
    Symbol,
    Trace,
)

from ..claims import claim
from ..definitions import define
from ..derivations import Derivation, Induction, Step
from ..levels import Levels, Recursion, Sequence
from ..matrix_calculus import matrix_equation
from ..matrix_facts import MatrixFacts
from .letters import D

__all__ = [
    "first_order",
    "form",
    "minimum",
    "second_order",
    "split",
    "two_layers",
    "two_layers_form",
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


def _hessian_of_two() -> Any:
    """H on (xi_1, xi_2, zeta_1, zeta_2), in which xi_2 meets zeta_1, and xi_1 meets zeta_2."""
    gi, gk, both = _si - _x**2, _sk - _y**2, _x * _y
    return Matrix(
        [
            [_x**2, both, 0, -gk],
            [both, _y**2, -gi, 0],
            [0, -gi, _y**2, both],
            [-gk, 0, both, _x**2],
        ]
    )


_LINKS = Matrix([Symbol(name, real=True) for name in ("xi_1", "xi_2", "zeta_1", "zeta_2")])


@claim(
    "depth.learning_rate.pair_two_layers_form",
    rests_on=["depth.learning_rate.pair_form"],
    source=_SOURCE,
)
def two_layers_form() -> Any:
    """For D = 2 the Hessian of two modes is a matrix of four rows.

    u = x xi_1 + y xi_2, u_b = y zeta_1 + x zeta_2, d_i = xi_2 zeta_1, d_k = xi_1 zeta_2.
    """
    first, second, back, again = _LINKS
    squares = (_x * first + _y * second) ** 2 + (_y * back + _x * again) ** 2
    coupled = (_si - _x**2) * second * back + (_sk - _y**2) * again * first
    return Eq(squares - 2 * coupled, (_LINKS.T * _hessian_of_two() * _LINKS)[0])


def _pair(total: Any, apart: Any) -> Any:
    """The polynomial with the roots (total +- sqrt(apart))/2."""
    return (_lam - total / 2) ** 2 - apart / 4


@claim(
    "depth.learning_rate.pair_two_layers",
    where=_STRENGTHS,
    rests_on=["depth.learning_rate.pair_two_layers_form"],
    source=_SOURCE,
)
def two_layers() -> Any:
    """D = 2, anywhere: eigenvalues [2(a_i+a_k) - (s_i+s_k) +- sqrt(4 a_i a_k + (s_i-s_k)^2)]/2 and

    [s_i + s_k +- sqrt((2(a_i-a_k) - (s_i-s_k))^2 + 4 a_i a_k)]/2, as the characteristic polynomial.
    """
    even = _pair(2 * (_ai + _ak) - (_si + _sk), 4 * _ai * _ak + (_si - _sk) ** 2)
    odd = _pair(_si + _sk, (2 * (_ai - _ak) - (_si - _sk)) ** 2 + 4 * _ai * _ak)
    characteristic = (_lam * Matrix.eye(4) - _hessian_of_two()).det(method="berkowitz")
    return Eq(characteristic, even * odd)


_size = Symbol("n", integer=True, positive=True)
_column, _coupling = MatrixSymbol("c", _size, 1), MatrixSymbol("L", _size, _size)
_even, _odd = MatrixSymbol("p", _size, 1), MatrixSymbol("m", _size, 1)


@claim(
    "depth.learning_rate.pair_split",
    facts=MatrixFacts(symmetric=(_coupling,)),
    rests_on=["depth.learning_rate.pair_form", "depth.learning_rate.pair_second_order"],
    source=_SOURCE,
)
def split() -> Any:
    """Between two modes the form splits into c c^T - L and c c^T + L, on p and m.

    With eta_l = zeta_(D+1-l) both first-order entries are c^T xi and c^T eta, where
    c_l = x^(D-l) y^(l-1), and xi_l meets eta_m through L_lm, which depends on l + m alone and is
    therefore symmetric: g_k y^n x^(D-2-n) for n = l + m - 2 < D - 1, g_i x^(2D-2-n) y^(n-D) for
    n > D - 1, 0 between.
    Here xi = p + m and eta = p - m.
    """
    ahead, back = _even + _odd, _even - _odd
    whole = Trace((_column.T * ahead) * (_column.T * ahead).T)
    whole += Trace((_column.T * back) * (_column.T * back).T)
    whole -= 2 * Trace(ahead.T * _coupling * back)
    square = _column * _column.T
    halves = Trace(_even.T * (square - _coupling) * _even)
    halves += Trace(_odd.T * (square + _coupling) * _odd)
    return matrix_equation(whole, 2 * halves)
