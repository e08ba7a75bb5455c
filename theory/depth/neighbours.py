"""Two neighbouring layers inside an arbitrary deep linear network, of symbolic sizes.

The map is A V W B: W and V are layers l and l+1, B and A the products of all layers below and
above them.  Nothing is assumed of A and B, which move as well; so what holds for W and V holds
for any two neighbours at any depth.
"""

from __future__ import annotations

from sympy import MatrixSymbol, Symbol

from ..letters import N1, N3, Sigma11, Sigma31
from ..matrix_calculus import TimeDerivative, matrix_equation
from ..symbols import tau

__all__ = ["ABOVE", "BELOW", "CONSERVED", "FLOW", "GAP", "NETWORK", "K", "M", "N", "V", "W"]

K, M, N = (Symbol(name, integer=True, positive=True) for name in ("K", "M", "N"))
"""Units below layer l, between the two layers, and above layer l+1."""
W, V = MatrixSymbol("W", M, K), MatrixSymbol("V", N, M)
BELOW, ABOVE = MatrixSymbol("B", K, N1), MatrixSymbol("A", N3, N)
NETWORK = ABOVE * V * W * BELOW
"""The map from input to output."""
GAP = Sigma31 - NETWORK * Sigma11
"""What remains to be learned."""
FLOW = (
    matrix_equation(tau * TimeDerivative(W), (ABOVE * V).T * GAP * BELOW.T),
    matrix_equation(tau * TimeDerivative(V), ABOVE.T * GAP * (W * BELOW).T),
)
"""The averaged flow of both layers."""
CONSERVED = W * W.T - V.T * V
