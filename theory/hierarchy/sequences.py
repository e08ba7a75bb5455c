"""A regular tree of items, level by level: sequences of symbolic length and what they define.

A node at level l has B_l children, each reached by a link that flips a feature with probability
epsilon_l.  The root's sign is that of a fair coin: as if a link above it flipped with
epsilon_{-1} = 1/2, so that rho_{-1} = 0 and q_{-1} = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Eq, Function, Integer, Lambda, Piecewise, Product, Rational, Sum, Symbol, sqrt

from ..definitions import define
from ..levels import Levels, Recursion, Sequence

__all__ = [
    "ANALYZER",
    "CHANGE",
    "COHERENCE",
    "EIGENVALUE",
    "FLIPS",
    "ITEMS",
    "LEAVES",
    "MULTIPLICITY",
    "NODES",
    "SIMILARITY",
    "STAY",
    "STRENGTH",
    "TREE",
    "WITHIN",
    "B",
    "C",
    "D",
    "Delta",
    "M",
    "N",
    "P",
    "W",
    "epsilon",
    "i",
    "j",
    "k",
    "l",
    "lam",
    "levels",
    "m",
    "mult",
    "n",
    "q",
    "rho",
    "s",
    "whole",
]


def whole(name: str, **assumed: bool) -> Any:
    """A whole number."""
    return Symbol(name, integer=True, **assumed)


D = whole("D", positive=True)
"""Depth: links from the root to a leaf."""
N = whole("N", positive=True)
"""Number of features."""
k = whole("k")
"""A level, 0 the root."""
i, j, l, m = (whole(name) for name in ("i", "j", "l", "m"))  # noqa: E741
"""Bound indices of products and sums, one for each kind of them."""
B, epsilon = Function("B"), Function("epsilon")
"""Children of a node, and flip probability of the links below it, by level."""
rho, q, M, n = Function("rho"), Function("q"), Function("M"), Function("n")
Delta, lam, s = Function("Delta"), Function("lambda"), Function("s")
W, C = Function("W"), Function("C")
mult = Function("mu")
P = whole("P", positive=True)
"""Number of items."""

FLIPS = Sequence(epsilon, "probability", 0, D - 1)
TREE = (Sequence(B, "count", 0, D - 1), FLIPS)
_COIN = {epsilon(-1): Rational(1, 2)}

STAY = define(rho, Lambda(k, (1 - 2 * epsilon(k)) ** 2), means="correlation kept by two links")
SIMILARITY = define(
    q,
    Lambda(k, Product(rho(j), (j, k, D - 1))),
    means="similarity of two items whose closest common ancestor is at level k",
)
NODES = define(M, Lambda(k, Product(B(i), (i, 0, k - 1))), means="number of nodes at level k")
LEAVES = define(n, Lambda(k, Product(B(i), (i, k, D - 1))), means="items below a node of level k")
CHANGE = define(
    Delta, Lambda(k, q(k) * (1 - rho(k - 1))), means="rise q_k - q_(k-1) of the similarity"
)
EIGENVALUE = define(
    lam,
    Lambda(k, Sum(Delta(l) * n(l), (l, k, D))),
    means="eigenvalue of the similarity matrix on the contrasts of level k",
)
STRENGTH = define(s, Lambda(k, sqrt(N * lam(k))), means="singular value of level k, Sigma31 = Y")
ITEMS = define(P, n(0), means="number of items")
MULTIPLICITY = define(
    mult,
    Lambda(k, Piecewise((1, Eq(k, 0)), (M(k) - M(k - 1), True))),
    means="number of independent contrasts of level k",
)
WITHIN = define(
    W,
    Lambda(k, (1 + Sum((n(m) - n(m + 1)) * q(m), (m, k, D - 1))) / n(k)),
    means="mean similarity of the ordered pairs inside a category of level k, self-pairs included",
)
COHERENCE = define(
    C,
    Lambda(k, W(k) - q(k - 1)),
    means="coherence: mean similarity inside less that to the nearest outside category",
)
ANALYZER = (STAY, SIMILARITY, LEAVES, CHANGE, EIGENVALUE)
"""The eigenvalue of a level with all that it is made of."""


def levels(
    *indices: tuple[Any, Any, Any],
    sequences: tuple[Sequence, ...] = TREE,
    boundary: Mapping[Any, Any] = _COIN,
    recursions: tuple[Recursion, ...] = (),
) -> Levels:
    """A regular tree, with the ranges of the indices; by default those of one level k, 0 to D."""
    ranges = indices or ((k, Integer(0), D),)
    return Levels(D, sequences, ranges, boundary, recursions)
