"""Gradients derived from the loss, and checked against differences of exact values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lemmata.proofs.words.decide import decide
from lemmata.proofs.words.engine import Engine
from lemmata.proofs.words.errors import OutOfReachError
from lemmata.proofs.words.gradients import gradient
from lemmata.theory.matrix_calculus import Average, Differential, matrix_equation
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Inverse, MatrixSymbol, Trace, symbols

N1, N2, N3 = symbols("N_1 N_2 N_3", integer=True, positive=True)
W21, W32 = MatrixSymbol("W21", N2, N1), MatrixSymbol("W32", N3, N2)
X, Y = MatrixSymbol("x", N1, 1), MatrixSymbol("y", N3, 1)
S = MatrixSymbol("S", N2, N2)
ERROR = Y - W32 * W21 * X
LOSS = Trace(ERROR.T * ERROR) / 2


@pytest.mark.parametrize(
    ("letter", "expected"),
    [(W21, -W32.T * ERROR * X.T), (W32, -ERROR * (W21 * X).T)],
)
def test_gradient_of_the_squared_error(letter: Any, expected: Any) -> None:
    found = gradient(LOSS, letter)
    assert found.shape == letter.shape
    assert Engine(MatrixFacts(), (found, expected)).equal(found, expected)


def test_gradient_of_the_averaged_loss() -> None:
    found = gradient(Average(LOSS), W21, MatrixFacts(random=(X, Y)))
    expected = -W32.T * (Average(Y * X.T) - W32 * W21 * Average(X * X.T))
    assert Engine(MatrixFacts(random=(X, Y)), (found, expected)).equal(found, expected)


@pytest.mark.parametrize(
    ("loss", "letter"),
    [
        (Trace(W21 * W21.T) ** 2, W21),
        (Trace(Inverse(S) * W21 * W21.T), S),
        (Trace(S * S * S), S),
        (Trace(S), S),
    ],
)
def test_gradient_reproduces_the_differential(loss: Any, letter: Any) -> None:
    found = gradient(loss, letter)
    moved = Trace(found.T * Differential(letter))
    equation = matrix_equation(Differential(loss, letter), moved)
    decision = decide(equation, rng=np.random.default_rng(1))
    assert decision.status == "proved", decision.reason
    assert decision.decided > 0


def test_gradient_of_a_constant_is_zero() -> None:
    assert not any(
        Engine(MatrixFacts(), (gradient(Trace(S), W21),)).normal_form(gradient(Trace(S), W21))
    )


def test_gradient_refuses_what_it_cannot_do() -> None:
    with pytest.raises(TypeError, match="no MatrixSymbol"):
        gradient(LOSS, W21.T)
    with pytest.raises(OutOfReachError):
        gradient(LOSS**symbols("p"), W21)
