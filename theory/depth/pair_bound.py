"""No two modes below their targets curve the loss more than one learned mode, at any depth.

In units of s_1 the larger half of the block of two modes is T = c c^T + L of
depth.learning_rate.pair_split, with entries that are not negative: larger gaps only enlarge it, so
all targets are put to 1.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Integer, Lambda, Sum, Symbol

from ..claims import claim
from ..definitions import define
from ..derivations import Derivation, Induction, Step
from ..edges import Assumption
from ..levels import Levels
from .letters import D

__all__ = ["bound", "scaled", "strictly", "test_vector"]

_SOURCE = "largest curvature of a deep linear network on the decoupled trajectory"
_k, _m = Symbol("k", integer=True), Symbol("m", integer=True)
_x, _y = Symbol("x", positive=True), Symbol("y", positive=True)
_n, _rho = Symbol("n", integer=True, nonnegative=True), Symbol("rho", positive=True)


def _early(x: Any, y: Any) -> Any:
    """Entry l + m - 2 = n < D - 1 of the odd half of the block, all targets 1."""
    return x ** (2 * D - 2 - _n) * y**_n + (1 - y**D) * y**_n * x ** (D - 2 - _n)


@claim(
    "depth.learning_rate.pair_scaled",
    rests_on=["depth.learning_rate.pair_split"],
    source=_SOURCE,
)
def scaled() -> Any:
    """Strengths rho x, rho y: a block of norm D - 1 at most, and that of x and y, are mixed.

    Stated for the entries n = l + m - 2 < D - 1; those beyond are the same with x and y exchanged.
    Row sums of the first block are sums of D - 1 products of x and y, at most D - 1 for x, y <= 1.
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
