"""Ball values of matrix expressions, against values known by other means."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import pytest
from lemmata.proofs.matrix_balls import evaluate_matrix_expression
from lemmata.theory.matrix_calculus import IntegratedExponential, MatrixExponential
from sympy import BlockMatrix, Identity, Inverse, Matrix, MatrixSymbol, symbols

N, M = symbols("n m", integer=True, positive=True)
T = symbols("t", positive=True)
A, R = MatrixSymbol("A", N, N), MatrixSymbol("R", N, M)


def entries(value: Any) -> list[list[Any]]:
    rows: list[list[Any]] = value.tolist()
    return rows


def test_rational_expression_contains_the_exact_value() -> None:
    a = flint.fmpq_mat(2, 2, [flint.fmpq(1, 3), 2, 0, flint.fmpq(-1, 7)])
    value = evaluate_matrix_expression(Inverse(Identity(N) + A) * A**2, {A: a}, 200)
    one = flint.fmpq_mat(2, 2, [1, 0, 0, 1])
    assert value.contains((one + a).inv() * a * a)


def test_integrated_exponential_of_a_nilpotent_generator_is_exact() -> None:
    value = evaluate_matrix_expression(
        IntegratedExponential(A, T), {A: [[0, 1], [0, 0]], T: Fraction(3, 2)}, 150
    )
    x = flint.fmpq(3, 2)
    assert value.contains(flint.fmpq_mat(2, 2, [x, x * x / 2, 0, x]))
    assert all(entry.rad() < 1e-30 for row in entries(value) for entry in row)


def test_integrated_exponential_satisfies_its_identity() -> None:
    identity = A * IntegratedExponential(A, T) - MatrixExponential(A, T) + Identity(N)
    value = evaluate_matrix_expression(identity, {A: Matrix([[1, 2], [3, 4]]), T: 2}, 300)
    assert value.contains(flint.fmpq_mat(2, 2))
    assert all(entry.rad() < 1e-60 for row in entries(value) for entry in row)


def test_block_matrix_and_sizes_read_off_the_matrices() -> None:
    block = BlockMatrix([[A, R], [R.T, Identity(M)]])
    value = evaluate_matrix_expression(block, {A: [[1, 0], [0, 1]], R: [[5], [6]]})
    assert [[int(e.unique_fmpz()) for e in row] for row in entries(value)] == [
        [1, 0, 5],
        [0, 1, 6],
        [5, 6, 1],
    ]


def test_errors_name_the_letter_and_the_fix() -> None:
    with pytest.raises(KeyError, match="A has no value"):
        evaluate_matrix_expression(A * R, {R: [[1]]})
    with pytest.raises(ValueError, match="make the sizes agree"):
        evaluate_matrix_expression(A * R, {A: [[1, 2], [3, 4]], R: [[1], [2], [3]]})
    with pytest.raises(TypeError, match="exact rational"):
        evaluate_matrix_expression(A, {A: [[0.5]]})
    with pytest.raises(ValueError, match="bits"):
        evaluate_matrix_expression(A, {A: [[1]]}, 1)
    with pytest.raises(ZeroDivisionError):
        evaluate_matrix_expression(Inverse(A), {A: [[1, 2], [2, 4]]})


def test_precision_is_restored_after_an_error() -> None:
    before = flint.ctx.prec
    with pytest.raises(ZeroDivisionError):
        evaluate_matrix_expression(Inverse(A), {A: [[0]]}, 777)
    assert flint.ctx.prec == before
