"""Gradients of losses, derived from their differentials.

dL = tr(G^T dW) defines G; cyclicity of the trace brings every term of dL to that form.
"""

from __future__ import annotations

from typing import Any

from lemmata.theory.matrix_calculus import Differential
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import MatrixSymbol

from .engine import Engine
from .errors import OutOfReachError
from .letters import MOVE, Letter, Word, transpose_word
from .polynomials import Polynomial
from .spelling import spell

__all__ = ["gradient"]


def gradient(loss: Any, letter: Any, facts: MatrixFacts | None = None) -> Any:
    """The matrix G with dL = tr(G^T dW): a SymPy expression of the shape of W.

    ``loss`` is a scalar expression of traces, ``letter`` the MatrixSymbol W.  No given equation
    is applied.  Raises ``TypeError`` when W is no MatrixSymbol and ``OutOfReachError`` when some
    term of dL has no such form (W inside an inverse under a trace has one; an average opaque to
    the algebra has not).

    >>> from sympy import Trace, symbols
    >>> n, m = symbols("n m", integer=True, positive=True)
    >>> W = MatrixSymbol("W", n, m)
    >>> gradient(Trace(W.T*W)/2, W)
    W
    """
    if not isinstance(letter, MatrixSymbol):
        raise TypeError(f"letter: {letter!r} is no MatrixSymbol: name the weights W")
    moved = Differential(loss, letter)
    engine = Engine(facts or MatrixFacts(), (moved, letter))
    polynomial = engine.converter.rewriter.normal_form(engine.converter.scalar(moved))
    total = Polynomial(letter.rows, letter.cols, {})
    for (traces, _), coefficient in polynomial.terms.items():
        moving = [i for i, cycle in enumerate(traces) if any(x.kind == MOVE for x in cycle)]
        if len(moving) != 1:
            raise OutOfReachError(f"the differential of {loss} is not linear in d{letter}")
        rest = traces[: moving[0]] + traces[moving[0] + 1 :]
        word = _beside(traces[moving[0]])
        term = engine.alphabet.word(word, letter.rows, letter.cols)
        outside = Polynomial(1, 1, {(rest, ()): coefficient})
        total = total + term.times_scalar(outside)
    return spell(total, engine.alphabet.scalars) if total else 0 * letter


def _beside(cycle: Word) -> Word:
    """The word G of a trace tr(G^T dW)."""
    i = next(k for k, letter in enumerate(cycle) if letter.kind == MOVE)
    moved: Letter = cycle[i]
    others = cycle[i + 1 :] + cycle[:i]
    # tr(dW H) = tr(H dW), so G = H^T; for tr(dW^T H), G = H.
    return others if moved.transposed else transpose_word(others)


