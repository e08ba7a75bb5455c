"""Random identities, equal by construction, are proved; perturbed ones are refuted."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.words.decide import decide, search_counterexample
from lemmata.theory.matrix_calculus import TimeDerivative, matrix_equation
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Identity, Integer, Inverse, MatrixSymbol, Trace, symbols
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matmul import MatMul

N, M = symbols("n m", integer=True, positive=True)
C, D = symbols("c d", positive=True)
A, B = MatrixSymbol("A", N, M), MatrixSymbol("B", M, N)
S, R, G = MatrixSymbol("S", N, N), MatrixSymbol("R", N, M), MatrixSymbol("G", M, M)
E1, E2 = MatrixSymbol("E1", N, N), MatrixSymbol("E2", N, N)
FACTS = MatrixFacts(symmetric=(S,), orthonormal_columns=(R,), diagonal=(E1, E2), constant=(R,))
SQUARE = [A * B, A * A.T, S, R * G * R.T, (B.T * G * A.T), R * B, E1, E2, Identity(N)]
SCALARS = [Integer(1), Integer(-2), C, 1 / D, C / (C + D)]

words = st.lists(st.sampled_from(SQUARE), min_size=1, max_size=2)
terms = st.tuples(st.sampled_from(SCALARS), words)
positive_terms = st.tuples(st.sampled_from([Integer(1), C, 1 / D]), words)
positive = st.lists(positive_terms, min_size=1, max_size=3)
sums = st.lists(terms, min_size=1, max_size=3)


def build(parts: list[tuple[Any, list[Any]]]) -> Any:
    return MatAdd(*(MatMul(c, *factors) for c, factors in parts)).doit()


def expanded(left: list[Any], right: list[Any]) -> Any:
    return MatAdd(*(MatMul(c * d, *f, *g) for c, f in left for d, g in right)).doit()


def status(lhs: Any, rhs: Any) -> str:
    equation = matrix_equation(lhs, rhs)
    return decide(equation, FACTS, rng=np.random.default_rng(7)).status


@settings(max_examples=60, deadline=None)
@given(sums, sums)
def test_expanded_products_are_proved(left: Any, right: Any) -> None:
    assert status(build(left) * build(right), expanded(left, right)) == "proved"


@settings(max_examples=40, deadline=None)
@given(sums, sums)
def test_transposed_products_and_traces_are_proved(left: Any, right: Any) -> None:
    a, b = build(left), build(right)
    assert status((a * b).T, b.T * a.T) == "proved"
    assert status(Trace(a * b), Trace(b.T * a.T)) == "proved"


@settings(max_examples=30, deadline=None)
@given(sums, sums)
def test_leibniz_is_proved(left: Any, right: Any) -> None:
    a, b = build(left), build(right)
    rate = TimeDerivative(a) * b + a * TimeDerivative(b)
    assert status(TimeDerivative(a * b), rate) == "proved"


@settings(max_examples=30, deadline=None)
@given(positive)
def test_push_through_is_proved(parts: Any) -> None:
    inside = Identity(N) + build(parts)
    assert status(Inverse(inside) * inside * A, A) == "proved"


@settings(max_examples=60, deadline=None)
@given(sums, sums, st.sampled_from([A * B, E1, C * R * R.T, A * A.T - S]), st.integers(1, 3))
def test_perturbed_products_are_refuted(left: Any, right: Any, extra: Any, factor: int) -> None:
    wrong = expanded(left, right) + factor * extra
    assert status(build(left) * build(right), wrong) == "refuted"


@settings(max_examples=60, deadline=None)
@given(sums, sums)
def test_the_two_witnesses_never_disagree(left: Any, right: Any) -> None:
    equation = matrix_equation(build(left), build(right))
    search = search_counterexample(equation, FACTS, rng=np.random.default_rng(3), draws=12)
    if decide(equation, FACTS, rng=np.random.default_rng(7)).status == "proved":
        assert search.counterexample is None
    else:
        assert search.counterexample is not None
