"""Global minima of whole networks, all parameters moving: none is flatter than balance."""

from __future__ import annotations

from typing import Any

from sympy import BlockMatrix, Eq, Function, Identity, MatrixSymbol, Product, Symbol, Trace

from ..claims import claim
from ..derivations import Derivation, Follows, Step
from ..letters import N1, N3
from ..levels import Levels, Sequence
from ..matrix_calculus import matrix_equation
from ..matrix_facts import MatrixFacts
from .letters import D

__all__ = ["direction", "network_bound"]

_SOURCE = "flattest minima of deep linear networks (Mulayoff & Michaeli 2020)"
_n1, _n2 = (Symbol(name, integer=True, positive=True) for name in ("n_1", "n_2"))
_ABOVE, _BELOW = MatrixSymbol("A", N3, _n2), MatrixSymbol("B", _n1, N1)
_MOVED = MatrixSymbol("X", _n2, _n1)
_u, _v = MatrixSymbol("u", N3, 1), MatrixSymbol("v", N1, 1)


@claim(
    "depth.learning_rate.direction",
    facts=MatrixFacts(),
    rests_on=["depth.conservation.chain_rule"],
    source=_SOURCE,
)
def direction() -> Any:
    """u^T A X B v = tr(Q^T X) with Q = A^T u v^T B^T, and tr(Q^T Q) = |A^T u|^2 |B v|^2.

    X moves one layer, A and B are the layers above and below.  At a global minimum the Hessian is
    the square of d(map), the sum of A X B over the layers; so its largest eigenvalue is at least
    the sum over the layers of |A^T u|^2 |B v|^2, for any unit vectors u and v.
    """
    pulled, seen = _ABOVE.T * _u, _BELOW * _v
    q = pulled * seen.T
    left = [[_u.T * (_ABOVE * _MOVED * _BELOW) * _v], [Trace(q.T * q) * Identity(1)]]
    sizes = Trace(pulled.T * pulled) * Trace(seen.T * seen)
    right = [[Trace(q.T * _MOVED) * Identity(1)], [sizes * Identity(1)]]
    return matrix_equation(BlockMatrix(left), BlockMatrix(right))


_l = Symbol("l", integer=True)
_grown, _cosine = Function("g"), Function("kappa")
_s = Symbol("s", positive=True)
_SHARES = Product((_s / (_grown(_l) * _cosine(_l))) ** 2, (_l, 1, D))
_FACTORS = Product(_cosine(_l) ** 2, (_l, 1, D)) * Product(_grown(_l), (_l, 1, D)) ** 2
_STATED = Eq(_SHARES * _FACTORS, _s ** (2 * D), evaluate=False)


@claim(
    "depth.learning_rate.network_bound",
    levels=Levels(D, (Sequence(_grown, "positive", 1, D), Sequence(_cosine, "positive", 1, D))),
    rests_on=["depth.learning_rate.direction", "depth.learning_rate.minimum_bound"],
    derivation=Derivation((Step("the product, layer by layer", _STATED, Follows()),)),
    source=_SOURCE,
)
def network_bound() -> Any:
    """Every global minimum of a network of any widths and depth has lambda_max >= D s_1^(2-2/D).

    u and v: first singular vectors of W = Sigma31, s = s_1.  p_l = |W_l ... W_1 v| grows by g_l in
    layer l, from p_0 = 1 to p_D = s, the product of all g_l; q_l = |(W_D ... W_{l+1})^T u|, and
    q_l p_l kappa_l = u^T W v = s with a cosine kappa_l <= 1.  By depth.learning_rate.direction
    lambda_max is at least the sum of (q_l p_{l-1})^2 = (s/(g_l kappa_l))^2.  Their product, stated
    here, is at least s^(2D-2), and so, by depth.learning_rate.minimum_bound (the arithmetic mean
    is at least the geometric one), their sum is at least D s^(2-2/D).
    """
    return _STATED
