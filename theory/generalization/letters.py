"""Symbols of linear regression: data, teacher, weights, noise, and the spectrum of the data."""

from __future__ import annotations

from typing import Any

from sympy import MatrixSymbol, Symbol

from ..matrix_calculus import TimeDerivative, matrix_equation
from ..symbols import tau

__all__ = [
    "DATA",
    "FLOW",
    "SOURCE",
    "N",
    "P",
    "S",
    "U",
    "V",
    "alpha",
    "lam",
    "noise",
    "sigma_eps",
    "sigma_w",
    "sigma_w0",
    "start",
    "teacher",
    "weights",
]

SOURCE = "Advani, Saxe & Sompolinsky: generalization error of linear networks of high dimension"


def _size(name: str) -> Any:
    return Symbol(name, integer=True, positive=True)


N, P = _size("N"), _size("P")
"""Number of weights; number of examples."""
_k = _size("k")
U, S, V = MatrixSymbol("U", P, _k), MatrixSymbol("S", _k, _k), MatrixSymbol("V", N, _k)
DATA = U * S * V.T
"""Inputs X, one example a row, entries of variance 1/N, by their k = rank X modes: X = U S V^T."""
weights, teacher, start = (MatrixSymbol(name, N, 1) for name in ("w", "w_t", "w_0"))
noise = MatrixSymbol("epsilon", P, 1)
"""Noise on the labels."""
alpha = Symbol("alpha", positive=True)
"""Examples a weight, P/N."""
lam = Symbol("lambda", positive=True)
"""Eigenvalue of X^T X."""
sigma_w, sigma_w0, sigma_eps = (
    Symbol(f"sigma_{name}", nonnegative=True) for name in ("w", "w0", "eps")
)
"""Standard deviations of the teacher's weights, the initial weights, the noise."""
FLOW = matrix_equation(
    tau * TimeDerivative(weights), DATA.T * (DATA * teacher + noise - DATA * weights)
)
"""Gradient flow on |y - X w|^2/2 with the labels y = X w_t + epsilon."""
