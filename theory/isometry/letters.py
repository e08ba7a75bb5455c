"""Symbols of the chapter on signal propagation, and the averages that every claim uses."""

from __future__ import annotations

from typing import Any

from sympy import Rational, Symbol, sqrt, symbols, tanh

from ..gaussian import gaussian_average, z

__all__ = [
    "CHI",
    "LENGTH",
    "TANH",
    "L",
    "chi",
    "eps",
    "g",
    "half",
    "p",
    "q",
    "sigma_b",
    "x",
    "z",
]

g, q, eps = symbols("g q epsilon", positive=True)
"""Gain of the weights; mean square of the pre-activations of a layer; g - 1."""
sigma_b = Symbol("sigma_b", nonnegative=True)
"""Standard deviation of the biases."""
p = Symbol("p", positive=True)
"""Share of the units whose slope is 1, the others' being 0."""
L = Symbol("L", integer=True, positive=True)
"""Number of layers of weights."""
x = Symbol("x", real=True)
chi = Symbol("chi", real=True)
half = Rational(1, 2)

TANH = tanh(sqrt(q) * z)
"""Activity of a tanh unit whose pre-activation has the variance q."""
LENGTH: Any = g**2 * gaussian_average(TANH**2) + sigma_b**2
"""The length map of tanh: mean square of the next pre-activations."""
CHI: Any = g**2 * gaussian_average((1 - TANH**2) ** 2)
"""Mean squared singular value of the Jacobian of one tanh layer."""
