"""Symbols that the structures share: sizes, places, indices of modes, prior variance, phase."""

from __future__ import annotations

from typing import Any

from sympy import Function, Symbol

__all__ = [
    "K",
    "N",
    "P",
    "ell",
    "i",
    "j",
    "k",
    "m",
    "n1",
    "n2",
    "phi",
    "psi",
    "sigma2",
    "v",
    "x",
    "y",
]


def _count(name: str) -> Any:
    return Symbol(name, integer=True, positive=True)


def _whole(name: str) -> Any:
    return Symbol(name, integer=True)


P, N = _count("P"), _count("N")
"""Number of items, number of features."""
n1, n2 = _count("n_1"), _count("n_2")
"""Rows and columns of a grid."""
K, m = _count("K"), _count("m")
"""Number of clusters, items in each of them."""
i, j = _whole("i"), _whole("j")
"""Places of items."""
k, ell = _whole("k"), _whole("l")
"""Indices of modes."""
sigma2 = Symbol("sigma^2", positive=True)
"""Variance that a feature would have at an item without neighbours."""
phi, psi = Symbol("phi", real=True), Symbol("psi", real=True)
"""Phases: which vector of a doublet is meant."""
x, y = Symbol("x", nonnegative=True), Symbol("y", positive=True)
"""Angles by which waves turn from one item to the next."""
v = Function("v")
"""Entry of a mode at an item."""
