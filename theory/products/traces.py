"""The spectrum of a product of Gaussian layers, at every width: its first two moments.

J = W_D ... W_1 with independent weights N(0, 1/n_l), n_l the outputs of layer l, and N inputs.
One layer turns A = J J^T into W A W^T; averages over W are sums over all pairings of its entries.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Integer, MatrixSymbol, Product, Symbol, Trace

from ..claims import claim
from ..derivations import Combines, Derivation, Induction, Premise, Step
from ..levels import Levels, Recursion, Sequence
from ..matrix_calculus import Average, matrix_equation
from ..matrix_facts import MatrixFacts
from .letters import SOURCE, D, N, count

__all__ = ["direction", "square_of_trace", "trace_of_square", "traces"]

_n, _k = count("n"), count("k")
_W, _A = MatrixSymbol("W", _n, _k), MatrixSymbol("A", _k, _k)
_x = MatrixSymbol("x", _k, 1)
_LAYER = MatrixFacts(gaussian=((_W, 1 / _n),), symmetric=(_A,))
_AFTER = _W * _A * _W.T


@claim("products.gaussian_norm.direction", facts=_LAYER, source=SOURCE)
def direction() -> Any:
    """E |W x|^4 = (1 + 2/n) |x|^4 for every x: the weights of one layer paired, at all sizes."""
    squared = Trace(_x.T * _W.T * _W * _x)
    return matrix_equation(Average(squared**2), (1 + 2 / _n) * Trace(_x.T * _x) ** 2)


@claim("products.gaussian_norm.trace_of_square", facts=_LAYER, source=SOURCE)
def trace_of_square() -> Any:
    """E tr (W A W^T)^2 = (1 + 1/n) tr A^2 + (tr A)^2/n for a layer with n outputs, A symmetric."""
    paired = (1 + 1 / _n) * Trace(_A * _A) + Trace(_A) ** 2 / _n
    return matrix_equation(Average(Trace(_AFTER * _AFTER)), paired)


@claim("products.gaussian_norm.square_of_trace", facts=_LAYER, source=SOURCE)
def square_of_trace() -> Any:
    """E (tr W A W^T)^2 = (tr A)^2 + 2 tr A^2/n."""
    paired = Trace(_A) ** 2 + 2 * Trace(_A * _A) / _n
    return matrix_equation(Average(Trace(_AFTER) ** 2), paired)


_m, _j = (Symbol(name, integer=True) for name in "mj")
n, P, R = Function("n"), Function("p"), Function("r")
"""Outputs of a layer; E tr (J J^T)^2 and E (tr J J^T)^2 behind layer m."""
_next = n(_m + 1)
_TRACE_OF_SQUARE = Recursion(P(_m), 0, N, (1 + 1 / _next) * P(_m) + R(_m) / _next)
_SQUARE_OF_TRACE = Recursion(R(_m), 0, N**2, R(_m) + 2 * P(_m) / _next)
_LEVELS = Levels(
    D,
    (Sequence(n, "count", 1, D),),
    ((_m, Integer(0), D),),
    {},
    (_TRACE_OF_SQUARE, _SQUARE_OF_TRACE),
)
_GROWN, _SHRUNK = (Product(1 + c / n(_j), (_j, 1, _m)) for c in (2, -1))
_UP = Eq(2 * P(_m) + R(_m), N * (N + 2) * _GROWN, evaluate=False)
_DOWN = Eq(R(_m) - P(_m), N * (N - 1) * _SHRUNK, evaluate=False)
_STATED = Eq(P(_m), (N * (N + 2) * _GROWN - N * (N - 1) * _SHRUNK) / 3, evaluate=False)


def _derived() -> Derivation:
    return Derivation(
        (
            Step("J = I at first: tr (J J^T)^2 = N", _TRACE_OF_SQUARE.first, Premise()),
            Step("and (tr J J^T)^2 = N^2", _SQUARE_OF_TRACE.first, Premise()),
            Step("one more layer, its weights paired", _TRACE_OF_SQUARE.step, Premise()),
            Step("likewise for the square of the trace", _SQUARE_OF_TRACE.step, Premise()),
            Step("one combination grows by 1 + 2/n a layer", _UP, Induction(_m, 0, 1 + 2 / n(_m))),
            Step("another shrinks by 1 - 1/n", _DOWN, Induction(_m, 0, 1 - 1 / n(_m))),
            Step("solve both", _STATED, Combines({5: Integer(1) / 3, 6: -Integer(1) / 3})),
        )
    )


@claim(
    "products.gaussian_norm.traces",
    levels=_LEVELS,
    rests_on=[
        "products.gaussian_norm.trace_of_square",
        "products.gaussian_norm.square_of_trace",
    ],
    derivation=_derived,
    source=SOURCE,
)
def traces() -> Any:
    """3 E tr (J J^T)^2 = N(N + 2) prod(1 + 2/n_l) - N(N - 1) prod(1 - 1/n_l).

    From p' = (1 + 1/n) p + r/n and r' = r + 2p/n, p = E tr (J J^T)^2 and r = E (tr J J^T)^2: the
    combinations 2p + r and r - p change by a factor a layer.
    """
    return _STATED
