"""A tree of latent nodes over the items: the covariance of its leaves is ultrametric."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Gt, Integer, Lambda, Product, Rational, Sum, Symbol

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Follows, Induction, Premise, Step
from ..edges import Witness
from ..levels import Levels, Recursion, Sequence
from ..outputs import Listed
from .letters import sigma2

__all__ = ["eigenvalue", "elimination", "rise", "tree", "ultrametric"]

_SOURCE = "Kemp & Tenenbaum: features as Gaussian fields on a tree"


def _whole(name: str) -> Any:
    return Symbol(name, integer=True)


D = Symbol("D", integer=True, positive=True)
"""Links from the root to an item."""
k, _i, _j, _l, _m, _r = (_whole(name) for name in ("k", "i", "j", "l", "m", "r"))
B, J, V, q = Function("B"), Function("J"), Function("V"), Function("q")
"""Children by level; precision of a node given its parent, by height; variance; covariance."""
_x, _p, _g = (Symbol(name, real=True) for name in ("x", "p", "g"))


@claim("structures.tree.elimination", given=[_g > 0], source=_SOURCE)
def elimination() -> Any:
    """A node x below its parent p, integrated out, leaves the parent the precision g/(1 + g).

    g is the precision that x has without this link: 1/sigma^2 of its own and what its children
    leave it.  Given p it has the precision J = 1 + g and the mean p/J.
    """
    link = (_x - _p) ** 2 / 2 + _g * _x**2 / 2
    return Eq(link, (1 + _g) * (_x - _p / (1 + _g)) ** 2 / 2 + _g / (1 + _g) * _p**2 / 2)


UP = Recursion(J(_m), Integer(0), 1 + 1 / sigma2, 1 + 1 / sigma2 + B(D - 1 - _m) * (1 - 1 / J(_m)))
"""Precision given the parent, from the leaves at height 0 upwards; g/(1 + g) = 1 - 1/J."""
DOWN = Recursion(V(_r), Integer(0), 1 / (J(D) - 1), 1 / J(D - _r - 1) + V(_r) / J(D - _r - 1) ** 2)
"""Variance from the root, which has no parent, downwards: x = p/J and noise of variance 1/J."""
_COVARIANCE = define(
    q,
    Lambda(k, V(k) * Product(J(D - _l) ** -2, (_l, k + 1, D))),
    means="covariance of two items whose closest common ancestor is at level k",
)


def _step(level: Any) -> Any:
    """Rise of the covariance from the level above."""
    return Product(J(D - _l) ** -2, (_l, level + 1, D)) / J(D - level)


def _levels(lowest: Any) -> Levels:
    return Levels(
        D,
        (Sequence(B, "count", 0, D - 1),),
        ((k, Integer(lowest), D), (_r, Integer(0), D - 1)),
        recursions=(UP, DOWN),
    )


_RISE = Eq(q(k) - q(k - 1), _step(k), evaluate=False)


@claim(
    "structures.tree.rise",
    where=[_COVARIANCE],
    levels=_levels(1),
    rests_on=["structures.tree.elimination"],
    derivation=Derivation(
        (
            Step("a node from its parent: x = p/J and noise", DOWN.step, Premise()),
            Step("so the covariance rises with the level", _RISE, Follows()),
        )
    ),
    source=_SOURCE,
)
def rise() -> Any:
    """From level k - 1 to k the covariance rises by 1/J times 1/J^2 of every level below."""
    return _RISE


_ALL = Eq(q(k), q(0) + Sum(_step(_i), (_i, 1, k)), evaluate=False)


@claim(
    "structures.tree",
    where=[_COVARIANCE],
    levels=_levels(0),
    rests_on=["structures.tree.rise", "structures.covariance"],
    derivation=Derivation((Step("from level to level", _ALL, Induction(k, Integer(0))),)),
    source=_SOURCE,
    evaluation=Evaluation(
        inputs={"B": B, "sigma2": sigma2},
        outputs={"q": Listed(q(k), (k, 0, D))},
    ),
)
def tree() -> Any:
    """Two leaves of a regular tree covary by q(k), k the level of their closest common ancestor.

    Every node, latent or item, is tied to its parent by (x - p)^2/2 and to 0 by x^2/(2 sigma^2).
    So the covariance of the leaves is that of a hierarchy, with the same eigenspaces, and with
    the eigenvalues of ``structures.tree.eigenvalue``.
    """
    return _ALL


_kept, _above, _precise = (Symbol(name, positive=True) for name in ("F", "V", "J"))


@claim(
    "structures.tree.ultrametric",
    rests_on=["structures.tree.rise"],
    source=_SOURCE,
)
def ultrametric() -> Any:
    """The covariance of two leaves grows with the level of their closest common ancestor.

    V is the variance of the level above, J the precision given the parent, F the product of the
    squares of 1/J below.  So of three leaves the two pairs that covary least do so equally, and
    distances q(D) - q(k) are ultrametric.
    """
    return Gt((1 / _precise + _above / _precise**2) * _kept, _above * _kept / _precise**2)


n, lam = Function("n"), Function("lambda")
_LEAVES = define(n, Lambda(k, Product(B(_j), (_j, k, D - 1))), means="items below a node")
_EIGENVALUE = define(
    lam,
    Lambda(k, Sum(n(_l) * (q(_l) - q(_l - 1)), (_l, k, D))),
    means="eigenvalue of the contrasts of level k",
)
_ROW = Sum((n(_i) - n(_i + 1)) * q(_i), (_i, k, D - 1))
_CONTRAST = Eq(q(D) + _ROW - n(k) * q(k - 1), lam(k), evaluate=False)


@claim(
    "structures.tree.eigenvalue",
    where=[_LEAVES, _EIGENVALUE],
    levels=Levels(
        D,
        (Sequence(B, "count", 0, D - 1), Sequence(q, "real", 0, D)),
        ((k, Integer(0), D),),
        boundary={q(-1): 0},
    ),
    derivation=Derivation((Step("from the leaves upwards", _CONTRAST, Induction(k, D)),)),
    source=_SOURCE,
    evaluation=Evaluation(
        inputs={"B": B, "q": q},
        outputs={"eigenvalues": Listed(lam(k), (k, 0, D))},
    ),
)
def eigenvalue() -> Any:
    """Any matrix q(level of the closest common ancestor) on a regular tree: its eigenvalues.

    On a contrast of level k (constant below each node of level k, adding to zero over siblings) a
    row meets q(D) at the item itself, q(i) at n_i - n_(i+1) items that share its value, and, at the
    siblings' n_k each, minus its value times q(k-1).  Level 0 is the uniform vector, q(-1) = 0.
    """
    return _CONTRAST


@claim(
    "structures.tree.geometric_slogan",
    where=[_COVARIANCE],
    levels=Levels(
        D,
        (Sequence(B, "count", 0, D - 1),),
        ((k, Integer(1), D - 1), (_r, Integer(0), D - 1)),
        recursions=(UP, DOWN),
    ),
    expects="refuted",
    corrected_by=["structures.tree", "structures.tree.rise"],
    source="a tree of latent Gaussian nodes, taken for a branching diffusion",
    witness=Witness(
        {D: Integer(2), k: Integer(1), _r: Integer(0), B(0): Integer(2), B(1): Integer(2)}
        | {sigma2: Integer(2)},
        (Rational(36736, 2556801),),
    ),
)
def geometric_slogan() -> Any:
    """Guard: the covariances do not fall by one factor a level, as in a diffusion of one epsilon.

    What a node leaves its parent depends on its height, although all links and nodes are alike.
    """
    return Eq(q(k) ** 2, q(k - 1) * q(k + 1))
