"""The flow of the product of all layers, for every balanced start: no alignment is needed.

With A = W_D W_D^T and B = W_1^T W_1 balance makes W W^T = A^D and W^T W = B^D, so that powers of A
and B stand for the fractional powers (W W^T)^(j/D) of the papers.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from operator import add, mul
from typing import Any

from sympy import BlockMatrix, Identity, MatrixSymbol, Symbol

from ..claims import claim
from ..derivations import Derivation, Follows, Premise, Step
from ..letters import N1, N3, Sigma31
from ..matrix_calculus import TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import tau

__all__ = [
    "balanced_flows",
    "deeper",
    "deeper_gram",
    "deeper_pull",
    "five",
    "four",
    "layers",
    "three",
    "two",
]

_SOURCE = "end-to-end flow of balanced deep linear networks (Arora, Cohen & Hazan 2018)"
_CONSERVATION = ["depth.conservation"]
_RESTS = [
    "depth.conservation.averaged",
    "depth.conservation.averaged_next",
    *_CONSERVATION,
]


def layers(depth: int) -> list[Any]:
    """W_1, ..., W_depth, from N_1 inputs to N_3 outputs, hidden widths free."""
    widths = [N1, *(_width(f"n_{i}") for i in range(1, depth)), N3]
    return [MatrixSymbol(f"W_{i + 1}", widths[i + 1], widths[i]) for i in range(depth)]


def _width(name: str) -> Any:
    return Symbol(name, integer=True, positive=True)


def _product(factors: Sequence[Any], size: Any) -> Any:
    """The last times ... times the first, I of a size for none."""
    return reduce(mul, reversed(factors)) if factors else Identity(size)


_FORCE = MatrixSymbol("G", N3, N1)
"""Minus the gradient of any loss with respect to the map."""


def _gap(depth: int) -> Any:
    """What pulls at the map: written out for the squared loss up to D = 3, any force beyond."""
    return Sigma31 - _product(layers(depth), N1) if depth < 4 else _FORCE


def balanced_flows(depth: int) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The flow of every layer for Sigma11 = I, and the balance of every two neighbours."""
    chain, gap = layers(depth), _gap(depth)
    flows = []
    for j, layer in enumerate(chain):
        above, below = _product(chain[j + 1 :], N3), _product(chain[:j], N1)
        flows.append(matrix_equation(tau * TimeDerivative(layer), above.T * gap * below.T))
    balance = [
        matrix_equation(upper.T * upper, lower * lower.T) for lower, upper in pairwise(chain)
    ]
    return tuple(flows), tuple(balance)


def _power(base: Any, exponent: int) -> Any:
    return Identity(base.rows) if exponent == 0 else base**exponent


def _statement(depth: int) -> Any:
    chain = layers(depth)
    whole = _product(chain, N1)
    above, below = chain[-1] * chain[-1].T, chain[0].T * chain[0]
    terms = [
        _power(above, depth - j) * _gap(depth) * _power(below, j - 1) for j in range(1, depth + 1)
    ]
    return matrix_equation(tau * TimeDerivative(whole), reduce(add, terms))


def _derived(depth: int) -> Derivation:
    chain, (flows, balance) = layers(depth), balanced_flows(depth)
    whole = _product(chain, N1)
    terms, grams = [], []
    for j in range(depth):
        above, below = _product(chain[j + 1 :], N3), _product(chain[:j], N1)
        terms.append(above * above.T * _gap(depth) * below.T * below)
        told = matrix_equation(above * above.T, _power(chain[-1] * chain[-1].T, depth - 1 - j))
        grams += [told] if j < depth - 2 else []
        told = matrix_equation(below.T * below, _power(chain[0].T * chain[0], j))
        grams += [told] if j > 1 else []
    return Derivation(
        (
            *(Step("the flow of one layer", flow, Premise()) for flow in flows),
            Step(
                "the product rule",
                matrix_equation(tau * TimeDerivative(whole), reduce(add, terms)),
                Follows(),
            ),
            *(Step("two neighbours are balanced", told, Premise()) for told in balance),
            *(Step("balance moves a square to the end", told, Follows()) for told in grams),
            Step("insert", _statement(depth), Follows()),
        )
    )


def _facts(depth: int) -> MatrixFacts:
    flows, balance = balanced_flows(depth)
    return MatrixFacts(given=(*flows, *balance))


@claim(
    "depth.end_to_end.two",
    facts=MatrixFacts(given=balanced_flows(2)[0]),
    rests_on=_RESTS[:2],
    source=_SOURCE,
)
def two() -> Any:
    """D = 2: tau dW/dt = A (Sigma31 - W) + (Sigma31 - W) B, for Sigma11 = I, any widths.

    In this form it needs no balance; from balanced starts A^2 = W W^T and B^2 = W^T W besides.
    """
    return _statement(2)


@claim(
    "depth.end_to_end.three",
    facts=_facts(3),
    rests_on=_RESTS,
    derivation=lambda: _derived(3),
    source=_SOURCE,
)
def three() -> Any:
    """D = 3: tau dW/dt = the sum over j of A^(3-j) (Sigma31 - W) B^(j-1)."""
    return _statement(3)


@claim(
    "depth.end_to_end.four",
    facts=_facts(4),
    rests_on=_RESTS,
    source=_SOURCE,
)
def four() -> Any:
    """D = 4, any loss: tau dW/dt = the sum over j of A^(4-j) G B^(j-1), G = Sigma31 - W here."""
    return _statement(4)


@claim(
    "depth.end_to_end.five",
    facts=_facts(5),
    rests_on=_RESTS,
    source=_SOURCE,
)
def five() -> Any:
    """D = 5, any loss: tau dW/dt = the sum over j of A^(5-j) G B^(j-1), G = Sigma31 - W here."""
    return _statement(5)


H_, M_, G_ = _width("h"), _width("m"), _width("g")
_BELOW = MatrixSymbol("P", H_, N1)
"""Product of the n lower layers."""
_TOP, _NEXT = MatrixSymbol("U", H_, G_), MatrixSymbol("V", M_, H_)
"""Layer n, the last of them, and layer n+1."""
_B = MatrixSymbol("B", N1, N1)
"""W_1^T W_1."""
_GRAM = MatrixSymbol("Q", N1, N1)
"""P^T P."""
_INVARIANT = matrix_equation(_TOP * _TOP.T * _BELOW, _BELOW * _B)
_BALANCE = matrix_equation(_NEXT.T * _NEXT, _TOP * _TOP.T)
_GROWN = _NEXT * _BELOW
_SAME = matrix_equation(_BELOW.T * _BELOW, _GRAM)
_ONE_LAYER = MatrixSymbol("W_1", H_, N1)


def _facts_of(last: Any, product: Any, first: Any, gram: Any) -> Any:
    """What is shown of n layers: the last one, their product, W_1^T W_1, and its n-th power."""
    found = BlockMatrix([[last * last.T * product], [product.T * product]])
    return matrix_equation(found, BlockMatrix([[product * first], [gram]]))


def _gram() -> Derivation:
    square = _ONE_LAYER.T * _ONE_LAYER
    once = _facts_of(_ONE_LAYER, _ONE_LAYER, square, square)
    return Derivation(
        (
            Step("of one layer it is an identity", once, Follows()),
            Step("let it hold for n layers", _INVARIANT, Premise()),
            Step("both of it", _SAME, Premise()),
            Step("the next layer is balanced with the last", _BALANCE, Premise()),
            Step("then it holds for n + 1", _facts_of(_NEXT, _GROWN, _B, _B * _GRAM), Follows()),
        )
    )


@claim(
    "depth.end_to_end.gram",
    facts=MatrixFacts(
        symmetric=(_B, _GRAM),
        commuting=((_B, _GRAM),),
        given=(_INVARIANT, _BALANCE, _SAME),
    ),
    rests_on=_CONSERVATION,
    derivation=_gram,
    source=_SOURCE,
)
def deeper_gram() -> Any:
    """From n balanced layers to n+1: W_1^T W_1 = B gives P^T P = B^n and W_n W_n^T P = P B.

    P is the product of n layers, U the last of them, V the next, V^T V = U U^T; let U U^T P = P B
    and P^T P = Q with Q = B^n.  Then V V^T (V P) = (V P) B and (V P)^T (V P) = B Q.  For n = 1,
    with P = U = W_1 and Q = B, the premises are identities; so they hold at every depth.  The
    mirror image, from the last layer down, gives W W^T = A^D.
    """
    return _facts_of(_NEXT, _GROWN, _B, _B * _GRAM)


_H, _Y = MatrixSymbol("H", M_, N1), MatrixSymbol("Y", M_, N1)
"""Force on the product of n+1 layers; the sum T_n of A^(n-j) H B^(j-1), A = V V^T."""


@claim(
    "depth.end_to_end.pull",
    facts=MatrixFacts(),
    source=_SOURCE,
)
def deeper_pull() -> Any:
    """From n to n+1: V^T T_n(V V^T, H, B) is T_n(V^T V, V^T H, B), the sum one layer below.

    T_n(A, H, B) is the sum of A^(n-j) H B^(j-1) over j = 1, ..., n, that is, T_0 = 0 and
    T_{n+1} = A T_n + H B^n.  Here Y = T_n(V V^T, H, B), Q = B^n: both sides continue alike.
    """
    below = _NEXT.T * _NEXT * (_NEXT.T * _Y) + (_NEXT.T * _H) * _GRAM
    return matrix_equation(_NEXT.T * (_NEXT * _NEXT.T * _Y + _H * _GRAM), below)


_STEP = (
    matrix_equation(tau * TimeDerivative(_BELOW), _NEXT.T * _Y),
    matrix_equation(tau * TimeDerivative(_NEXT), _H * _BELOW.T),
)
_DEEPER = matrix_equation(
    tau * TimeDerivative(_GROWN), _NEXT * _NEXT.T * _Y + _H * (_BELOW.T * _BELOW)
)


def _deeper() -> Derivation:
    return Derivation(
        (
            Step("n layers move by T_n of the force V^T H that reaches them", _STEP[0], Premise()),
            Step("layer n+1 moves by the force times what reaches it", _STEP[1], Premise()),
            Step("the product rule", _DEEPER, Follows()),
        )
    )


@claim(
    "depth.end_to_end",
    facts=MatrixFacts(given=_STEP),
    rests_on=[
        *_RESTS,
        "depth.end_to_end.gram",
        "depth.end_to_end.pull",
        "depth.end_to_end.two",
    ],
    derivation=_deeper,
    source=_SOURCE,
)
def deeper() -> Any:
    """Balanced layers, any depth D: tau dW/dt = sum over j of A^(D-j) (Sigma31 - W) B^(j-1).

    W W^T = A^D and W^T W = B^D, A = W_D W_D^T, B = W_1^T W_1: any widths, any balanced start, no
    alignment, Sigma11 = I.  Stated as the step from n layers to n+1 under any force H on the
    product (H = Sigma31 - W at the top): if P, the product of n layers, moves by
    T_n(V^T V, V^T H, B) = V^T Y (depth.end_to_end.pull), then V P moves by
    V V^T Y + H P^T P = T_{n+1}(V V^T, H, B), as P^T P = B^n (depth.end_to_end.gram).  One layer
    moves by H = T_1; so it holds at every depth.  For D = 2 to 5 the sum is proved written out.
    Where it leads: depth.end_to_end.singular_value, depth.end_to_end.determinant (what cannot be
    learned), depth.end_to_end.orthogonal_overlap (D = 2, orthogonal starts, Sigma31 of full rank).
    """
    return _DEEPER
