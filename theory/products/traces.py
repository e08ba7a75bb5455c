"""The spectrum of a product of square Gaussian layers, at every width: its first two moments.

J = W_D ... W_1 with independent weights N(0, 1/n_l), n_l the outputs of layer l, and N inputs.
One layer turns A = J J^T into W A W^T.  In the eigenbasis of A, with eigenvalues a_i, its columns
w_i are still independent and Gaussian, so that

    tr W A W^T = sum_i a_i |w_i|^2   and   tr (W A W^T)^2 = sum_ij a_i a_j (w_i . w_j)^2,

where E |w|^2 = 1, E |w|^4 = 1 + 2/n (``products.gaussian_norm.layer``), and (w_i . w_j)^2 has the
mean 1/n for i != j: given w_j, the product is a Gaussian number of variance |w_j|^2/n.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Integer, Product, Symbol

from ..claims import claim
from ..derivations import Combines, Derivation, Induction, Premise, Step
from ..levels import Levels, Recursion, Sequence
from .letters import SOURCE, D, N

__all__ = ["traces"]

_m, _j = (Symbol(name, integer=True) for name in "mj")
n, P, R = Function("n"), Function("p"), Function("r")
"""Outputs of a layer; E tr (J J^T)^2 and E (tr J J^T)^2 behind layer m."""
_next = n(_m + 1)
_FOURTH, _CROSS = 1 + 2 / _next, 1 / _next
_TRACE_OF_SQUARE = Recursion(P(_m), 0, N, _FOURTH * P(_m) + _CROSS * (R(_m) - P(_m)))
_SQUARE_OF_TRACE = Recursion(R(_m), 0, N**2, _FOURTH * P(_m) + (R(_m) - P(_m)))
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
            Step("J = I at first", _TRACE_OF_SQUARE.first, Premise()),
            Step("so that both are known", _SQUARE_OF_TRACE.first, Premise()),
            Step("pairs of one column, and of two", _TRACE_OF_SQUARE.step, Premise()),
            Step("likewise, columns being independent", _SQUARE_OF_TRACE.step, Premise()),
            Step("one combination grows by 1 + 2/n a layer", _UP, Induction(_m, 0, 1 + 2 / n(_m))),
            Step("another shrinks by 1 - 1/n", _DOWN, Induction(_m, 0, 1 - 1 / n(_m))),
            Step("solve both", _STATED, Combines({5: Integer(1) / 3, 6: -Integer(1) / 3})),
        )
    )


@claim(
    "products.gaussian_norm.traces",
    levels=_LEVELS,
    rests_on=["products.gaussian_norm.layer"],
    derivation=_derived,
    source=SOURCE,
)
def traces() -> Any:
    """3 E tr (J J^T)^2 = N(N + 2) prod(1 + 2/n_l) - N(N - 1) prod(1 - 1/n_l).

    From p' = (1 + 1/n) p + r/n and r' = r + 2p/n, p = E tr (J J^T)^2 and r = E (tr J J^T)^2: the
    combinations 2p + r and r - p change by a factor a layer.
    """
    return _STATED
