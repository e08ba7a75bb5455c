"""The nodes: shapes, LaTeX, refusals."""

from __future__ import annotations

from typing import Any

import pytest
from lemmata.theory.matrix_calculus import (
    Average,
    Differential,
    IntegratedExponential,
    MatrixExponential,
    TimeDerivative,
    check_shapes,
    matrix_equation,
)
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Eq, Expr, MatrixSymbol, Trace, latex, srepr, symbols

N, M = symbols("n m", integer=True, positive=True)
T = symbols("t", positive=True)
W, F = MatrixSymbol("W", N, M), MatrixSymbol("F", N, N)


@pytest.mark.parametrize("node", [TimeDerivative, Differential, Average])
def test_nodes_keep_shape_and_scalars_stay_scalars(node: Any) -> None:
    assert node(W * W.T).shape == (N, N)
    scalar = node(Trace(W * W.T))
    assert isinstance(scalar, Expr)
    assert not getattr(scalar, "is_Matrix", False)
    assert node(W) == node(W)
    assert node(W).func(*node(W).args) == node(W)
    assert (node(W).T).shape == (M, N)


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (TimeDerivative(W), r"\frac{d}{dt} W"),
        (TimeDerivative(W * W.T), r"\frac{d}{dt} \left(W W^{T}\right)"),
        (Differential(W * W.T, W), r"d_{W} \left(W W^{T}\right)"),
        (Average(W), r"\mathbb{E}\left[W\right]"),
        (MatrixExponential(F, T), "e^{F t}"),
        (MatrixExponential(F, T + 1), r"e^{F \left(t + 1\right)}"),
        (IntegratedExponential(2 * F, T), r"\left(\int_0^{t} e^{\left(2 F\right) u}\,du\right)"),
    ],
)
def test_latex(expr: Any, expected: str) -> None:
    assert latex(expr) == expected
    assert str(expr)
    assert srepr(expr)


def test_equation_stays_an_equation() -> None:
    for equation in (
        matrix_equation(W * W.T, W * W.T),
        matrix_equation(TimeDerivative(F) - TimeDerivative(F), F - F),
        matrix_equation(Trace(F), Trace(F.T)),
    ):
        assert isinstance(equation, Eq)


def test_shapes_are_checked_inside() -> None:
    assert check_shapes(Trace(F)) == (1, 1)
    for wrong in (W * W, W + F, W**2, TimeDerivative(F * (W + F))):
        with pytest.raises((ValueError, TypeError)):
            check_shapes(wrong)


def test_refusals() -> None:
    with pytest.raises(ValueError, match="not square"):
        MatrixExponential(W, T)
    with pytest.raises(TypeError, match="scalar"):
        IntegratedExponential(F, F)
    with pytest.raises(TypeError, match="no MatrixSymbol"):
        Differential(W, W.T)
    with pytest.raises(TypeError, match="SymPy"):
        TimeDerivative("W")
    with pytest.raises(ValueError, match="must be square"):
        MatrixFacts(symmetric=(W,))
    with pytest.raises(TypeError, match="no MatrixSymbol"):
        MatrixFacts(constant=(W.T,))
    with pytest.raises(TypeError, match="no equation"):
        MatrixFacts(given=(True,))
    with pytest.raises(TypeError, match="no Symbol"):
        MatrixFacts(time=2)
    with pytest.raises(ValueError, match="not given"):
        MatrixFacts().without(Eq(F, W * W.T))
