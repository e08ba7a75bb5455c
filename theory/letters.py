"""The matrices of the three-layer network, of symbolic size."""

from __future__ import annotations

from sympy import MatrixSymbol, Symbol

__all__ = [
    "DIFF21",
    "DIFF32",
    "FLOW",
    "GAP",
    "N1",
    "N2",
    "N3",
    "W21",
    "W32",
    "WHITE_FLOW",
    "WHITE_GAP",
    "P",
    "Sigma11",
    "Sigma31",
    "rank",
    "x",
    "y",
]

from sympy import Eq

from .matrix_calculus import TimeDerivative
from .symbols import tau

N1, N2, N3 = (Symbol(f"N_{i}", integer=True, positive=True) for i in (1, 2, 3))
"""Units of the input, hidden and output layer."""
P = Symbol("P", integer=True, positive=True)
"""Number of examples."""
rank = Symbol("k", integer=True, positive=True)
"""Number of modes that are followed."""
W21, W32 = MatrixSymbol("W21", N2, N1), MatrixSymbol("W32", N3, N2)
Sigma11, Sigma31 = MatrixSymbol("Sigma11", N1, N1), MatrixSymbol("Sigma31", N3, N1)
x, y = MatrixSymbol("x", N1, 1), MatrixSymbol("y", N3, 1)
DIFF21, DIFF32 = TimeDerivative(W21), TimeDerivative(W32)

GAP = Sigma31 - W32 * W21 * Sigma11
"""What remains to be learned."""
FLOW = (Eq(tau * DIFF21, W32.T * GAP), Eq(tau * DIFF32, GAP * W21.T))
"""The averaged flow of ``descent.averaged``."""
WHITE_GAP = Sigma31 - W32 * W21
WHITE_FLOW = (Eq(tau * DIFF21, W32.T * WHITE_GAP), Eq(tau * DIFF32, WHITE_GAP * W21.T))
"""The flow for Sigma11 = I."""
