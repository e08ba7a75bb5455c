"""Symbols of deep chains: layers, depth, and the exponents that depth brings with it."""

from __future__ import annotations

from sympy import Function, Symbol

__all__ = ["D", "N_l", "epsilon", "hidden", "k", "r", "v", "w"]

N_l = Symbol("N_l", integer=True, positive=True)
"""Number of layers of units; three-layer: 3."""
D = Symbol("D", integer=True, positive=True)
"""Number of weight matrices, N_l - 1."""
hidden = Symbol("H", integer=True, positive=True)
"""Number of hidden layers, N_l - 2."""
epsilon = Symbol("epsilon", nonnegative=True)
"""1/D: 0 at infinite depth."""
k = Function("k")
"""Logarithm of a strength that is positive: e^k."""
v, w = Function("v"), Function("w")
"""Strengths of two layers of one mode."""
r = Function("r")
"""Product of the strengths of all other layers of the mode."""
