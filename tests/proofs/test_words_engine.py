"""Single rules of the engine, what it refuses, and what it leaves undecided."""

from __future__ import annotations

from typing import Any

import flint
import numpy as np
import pytest
from lemmata.proofs.words.decide import decide
from lemmata.theory.matrix_calculus import (
    Average,
    Differential,
    IntegratedExponential,
    MatrixExponential,
    TimeDerivative,
    matrix_equation,
)
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import (
    BlockMatrix,
    Eq,
    Identity,
    Inverse,
    MatrixSymbol,
    Trace,
    ZeroMatrix,
    exp,
    symbols,
)

N, M = symbols("n m", integer=True, positive=True)
C, T, U = symbols("c t u", positive=True)
A, B = MatrixSymbol("A", N, N), MatrixSymbol("B", N, N)
R, V = MatrixSymbol("R", N, M), MatrixSymbol("V", N, 1)
ONE, EXP, INT = Identity(N), MatrixExponential, IntegratedExponential


def run(lhs: Any, rhs: Any, **facts: Any) -> Any:
    equation = matrix_equation(lhs, rhs)
    return decide(equation, MatrixFacts(**facts), rng=np.random.default_rng(5))


PROVED = {
    "inverse of a letter": (A * Inverse(A) * B, B, {}),
    "inverse of a sum from both sides": (
        Inverse(ONE + A) * A, A * Inverse(ONE + A), {}),
    "inverse of a scaled identity": (Inverse(2 * ONE), ONE / 2, {}),
    "inverse of an orthogonal letter": (Inverse(A), A.T, {"orthonormal_columns": (A,)}),
    "transposed inverse": (Inverse(ONE + A).T, Inverse(ONE + A.T), {}),
    "derivative of an inverse": (
        TimeDerivative(Inverse(A)), -Inverse(A) * TimeDerivative(A) * Inverse(A), {}),
    "differential of an inverse": (
        Differential(Inverse(ONE + A * B), A),
        -Inverse(ONE + A * B) * Differential(A) * B * Inverse(ONE + A * B), {}),
    "exponentials add": (EXP(A, T) * EXP(A, U), EXP(A, T + U), {}),
    "exponential and its inverse": (EXP(A, T) * EXP(A, -T), ONE, {}),
    "scaled generator": (EXP(2 * A, T), EXP(A, 2 * T), {}),
    "generator commutes": (A * EXP(A, T), EXP(A, T) * A, {}),
    "transposed exponential": (EXP(A, T).T, EXP(A.T, T), {}),
    "symmetric exponential": (EXP(A, T).T, EXP(A, T), {"symmetric": (A,)}),
    "integral times generator": (A * INT(A, T), EXP(A, T) - ONE, {}),
    "integral with twice the generator": (2 * INT(2 * A, T), INT(A, 2 * T), {}),
    "derivative of the integral": (
        TimeDerivative(INT(A, T)), EXP(A, T), {"constant": (A,), "time": T}),
    "derivative of scalars": (
        TimeDerivative(exp(C * T) * A), C * exp(C * T) * A, {"constant": (A,), "time": T}),
    "diagonal letters commute": (A * B, B * A, {"diagonal": (A, B)}),
    "commuting letters": (A * B * A, B * A * A, {"commuting": ((A, B),)}),
    "commuting letters transposed": (A.T * B.T, B.T * A.T, {"commuting": ((A, B),)}),
    "projector": ((R * R.T) ** 2, R * R.T, {"orthonormal_columns": (R,)}),
    "square orthogonal": (A * A.T, ONE, {"orthonormal_columns": (A,)}),
    "scalars are central": (V * (V.T * A * V) * V.T, Trace(A * V * V.T) * (V * V.T), {}),
    "trace of the identity": (Trace(ONE) * A, N * A, {}),
    "trace of a block matrix": (
        Trace(BlockMatrix([[A, R], [R.T, Identity(M)]])), Trace(A.T) + M, {}),
    "average of a quadratic form": (
        Average(V.T * A * V), Trace(A * B),
        {"random": (V,), "given": (Eq(Average(V * V.T), B),)}),
    "average of a constant": (Average(A), A, {"random": (V,)}),
    "second derivative through the flow": (
        TimeDerivative(TimeDerivative(A)), B * B * A,
        {"constant": (B,), "given": (Eq(TimeDerivative(A), B * A),)}),
    "given scalar": (V * V.T * V * V.T, C * V * V.T, {"given": (Eq(V.T * V, C * Identity(1)),)}),
}  # fmt: skip

REFUTED = {
    "commutation": (A * B, B * A, {}),
    "lost transpose": ((A * B).T, A.T * B.T, {}),
    "symmetry": (A.T, A, {}),
    "columns are not rows": (R * R.T, ONE, {"orthonormal_columns": (R,)}),
    "orthonormality lost": ((R * R.T) ** 2, R * R.T, {}),
    "exponential of a sum": (EXP(A + B, T), EXP(A, T) * EXP(B, T), {}),
    "square in place of integral": (INT(A, T), T * EXP(A, T), {}),
    "inverse rate with the wrong sign": (
        TimeDerivative(Inverse(A)), Inverse(A) * TimeDerivative(A) * Inverse(A), {}),
    "trace is not multiplicative": (Trace(A * B), Trace(A) * Trace(B), {}),
    "average is not multiplicative": (
        Average(V * V.T), Average(V) * Average(V).T, {"random": (V,)}),
    "constants come out but examples do not": (
        Average(V * V.T * A), Average(V) * Average(V.T * A), {"random": (V,)}),
    "derivative without the chain rule": (
        TimeDerivative(EXP(A, 2 * T)), A * EXP(A, 2 * T), {"constant": (A,), "time": T}),
}  # fmt: skip


@pytest.mark.parametrize("name", PROVED)
def test_rule_proves(name: str) -> None:
    lhs, rhs, facts = PROVED[name]
    decision = run(lhs, rhs, **facts)
    assert decision.status == "proved", decision.reason


@pytest.mark.parametrize("name", REFUTED)
def test_false_rule_is_refuted(name: str) -> None:
    lhs, rhs, facts = REFUTED[name]
    decision = run(lhs, rhs, **facts)
    assert decision.status == "refuted", decision.reason


def test_rules_that_do_not_end_are_undecided() -> None:
    # 2 A B = A B means A B = 0, which rewriting in circles cannot see; no point denies it.
    decision = run(A * B, ZeroMatrix(N, N), given=(Eq(A * B, 2 * A * B),))
    assert decision.status == "undecided"
    assert "did not end" in decision.reason


def test_true_but_out_of_reach_is_undecided() -> None:
    # A B = I implies B A = I for finite sizes, by an argument that is no rewriting.
    assert run(B * A, ONE, given=(Eq(A * B, ONE),)).status == "undecided"


def test_moving_generator_is_undecided() -> None:
    rate = A * EXP(A, T)
    decision = run(TimeDerivative(EXP(A, T)), rate, time=T)
    assert decision.status == "undecided"
    assert "constant" in decision.reason
    assert "time" in run(TimeDerivative(EXP(A, T)), rate, constant=(A,)).reason


def test_a_proof_from_contradictory_facts_says_that_it_may_be_vacuous() -> None:
    decision = run(A, 2 * A, given=(Eq(A * A, A), Eq(A, ZeroMatrix(N, N)), Eq(B * B, B + ONE)))
    assert decision.status == "proved"
    assert decision.decided == 0 or decision.reason == ""
    impossible = run(R.T * A, ZeroMatrix(M, N), given=(Eq(A, ZeroMatrix(N, N)), Eq(A * A, ONE)))
    assert impossible.status == "proved"
    assert "vacuous" in impossible.reason


def test_a_decision_is_no_bool() -> None:
    with pytest.raises(TypeError, match="no bool"):
        bool(run(A, A + ZeroMatrix(N, N) + B - B))


def test_an_evaluated_equation_is_refused() -> None:
    with pytest.raises(TypeError, match="matrix_equation"):
        decide(Eq(A, A), rng=np.random.default_rng(0))


def test_a_given_equation_with_a_sum_on_the_left_is_refused() -> None:
    with pytest.raises(ValueError, match="must be one word"):
        run(A, B, given=(Eq(A + B, ONE),))


def test_two_symbols_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="names two symbols"):
        run(A * MatrixSymbol("A", N, M), R)


def test_shapes_that_disagree_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        matrix_equation(A, R)
    with pytest.raises(ValueError, match="columns"):
        decide(Eq(R * A, R, evaluate=False), rng=np.random.default_rng(0))


def test_precision_is_left_as_it_was() -> None:
    before = flint.ctx.prec
    assert run(EXP(A, T), ONE).status == "refuted"
    assert flint.ctx.prec == before


def test_a_decision_is_reproduced_by_its_seed() -> None:
    first, second = run(A * B, B * A), run(A * B, B * A)
    assert first == second
    assert first.seed == 5


def test_the_counterexample_is_exact_and_complete() -> None:
    found = run(A * B, B * A).counterexample
    a, b = (
        flint.fmpq_mat([[flint.fmpq(*map(int, e.split("/"))) for e in row] for row in rows])
        for rows in (found.matrices["A"], found.matrices["B"])
    )
    assert [[str(e) for e in row] for row in (a * b).tolist()] == found.left
    assert [[str(e) for e in row] for row in (b * a).tolist()] == found.right
