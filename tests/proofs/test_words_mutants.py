"""The mutant generator makes each kind of change, once, with right shapes."""

from __future__ import annotations

from lemmata.proofs.words.mutants import mutants
from lemmata.theory.matrix_calculus import check_shapes, matrix_equation
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Eq, Identity, MatrixSymbol, symbols

N, M = symbols("n m", integer=True, positive=True)
A, B = MatrixSymbol("A", N, N), MatrixSymbol("B", N, N)
W = MatrixSymbol("W", N, M)
EQUATION = matrix_equation((A * W) * (A * W).T, A * W * W.T * A.T + 0 * B)


def test_each_kind_of_change_is_made() -> None:
    found = mutants(matrix_equation(A + 2 * B * W * W.T, A - 3 * B.T))
    changes = "\n".join(mutant.change for mutant in (*found.wrong, *found.equivalent))
    for kind in (
        "2 becomes 3", "2 becomes 1", "-3 becomes -2", "is dropped", "changes sign",
        "is doubled", "A becomes B", "B becomes A", "A is transposed", "loses its transpose",
        "are exchanged",
    ):  # fmt: skip
        assert kind in changes, kind


def test_mutants_are_distinct_equations_of_right_shape() -> None:
    found = mutants(EQUATION)
    every = [mutant.equation for mutant in (*found.wrong, *found.equivalent)]
    assert len(set(every)) == len(every)
    assert EQUATION not in every
    for equation in every:
        assert isinstance(equation, Eq)
        assert check_shapes(equation.lhs) == check_shapes(equation.rhs)


def test_variants_that_follow_from_the_facts_are_reported_apart() -> None:
    equation = matrix_equation(A * B, B * A)
    free, bound = mutants(equation), mutants(equation, MatrixFacts(diagonal=(A, B)))
    turned = "left: A is transposed"
    assert turned in {mutant.change for mutant in free.wrong}
    assert turned in {mutant.change for mutant in bound.equivalent}


def test_an_equation_that_says_little_has_few_mutants() -> None:
    assert len(mutants(matrix_equation(Identity(N), Identity(N))).wrong) == 0
