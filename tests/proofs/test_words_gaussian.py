"""Wick's theorem in words against exact sums over few Gaussian numbers; planted errors refused."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache, reduce
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.words.decide import decide
from lemmata.proofs.words.engine import Engine
from lemmata.theory.matrix_calculus import Average, Differential, TimeDerivative, matrix_equation
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Identity, Inverse, MatrixSymbol, Rational, Symbol, Trace, ZeroMatrix, symbols

n, N = symbols("n N", integer=True, positive=True)
v = Symbol("v", positive=True)
W, C = MatrixSymbol("W", n, N), MatrixSymbol("C", N, n)
A, B = MatrixSymbol("A", N, N), MatrixSymbol("B", n, n)
S, x = MatrixSymbol("S", N, N), MatrixSymbol("x", N, 1)
FREE = MatrixFacts(gaussian=((W, v),))
LAYER = MatrixFacts(gaussian=((W, 1 / n),), symmetric=(S,))


def status(left: Any, right: Any, facts: MatrixFacts = FREE) -> str:
    return decide(matrix_equation(left, right), facts, rng=np.random.default_rng(0)).status


RIGHT = [
    (Average(W * A * W.T), v * Trace(A) * Identity(n), FREE),
    (Average(W.T * B * W), v * Trace(B) * Identity(N), FREE),
    (Average(W * C * W), v * C.T, FREE),
    (Average(Trace(W * C) * W), v * C.T, FREE),
    (Average(Trace(W.T * C.T) ** 2), v * Trace(C * C.T), FREE),
    (Average(W * C * W * C * W), ZeroMatrix(n, N), FREE),
    (Average(Trace(W * S * W.T) ** 2), Trace(S) ** 2 + 2 * Trace(S * S) / n, LAYER),
    (
        Average(Trace(W * S * W.T * W * S * W.T)),
        (1 + 1 / n) * Trace(S * S) + Trace(S) ** 2 / n,
        LAYER,
    ),
    (
        Average(Trace(x.T * W.T * W * x) ** 2),
        (1 + 2 / n) * Trace(x.T * x) ** 2,
        LAYER,
    ),
]


@pytest.mark.parametrize(("left", "right", "facts"), RIGHT)
def test_averages(left: Any, right: Any, facts: MatrixFacts) -> None:
    assert status(left, right, facts) == "proved"


WRONG = [
    (Average(W * A * W.T), Trace(A) * Identity(n), FREE),
    (Average(W * A * W.T), v * Trace(A.T * A) * Identity(n), FREE),
    (Average(W.T * B * W), v * B.rows * Identity(N), FREE),
    (Average(W * C * W), v * Trace(W * C) * W, FREE),
    (Average(Trace(W * C) ** 2), 2 * v * Trace(C * C.T), FREE),
    (Average(Trace(W * S * W.T) ** 2), Trace(S) ** 2, LAYER),
    (Average(Trace(W * S * W.T) ** 2), Trace(S) ** 2 + 2 * Trace(S) ** 2 / n, LAYER),
    (
        Average(Trace(W * S * W.T * W * S * W.T)),
        (1 + 2 / n) * Trace(S * S) + Trace(S) ** 2 / n,
        LAYER,
    ),
    (Average(Trace(x.T * W.T * W * x) ** 2), (1 + 3 / n) * Trace(x.T * x) ** 2, LAYER),
]


@pytest.mark.parametrize(("left", "right", "facts"), WRONG)
def test_planted_averages_are_refuted(left: Any, right: Any, facts: MatrixFacts) -> None:
    assert status(left, right, facts) == "refuted"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Average(Inverse(W * W.T)), Inverse(n * v * Identity(n))),
        (Average(TimeDerivative(W) * W.T), ZeroMatrix(n, n)),
        (Average(Differential(W * W.T, W)), ZeroMatrix(n, n)),
        (Average(W * Inverse(W.T * W) * W.T), Identity(n)),
    ],
)
def test_what_is_no_polynomial_is_not_decided(left: Any, right: Any) -> None:
    assert status(left, right) == "undecided"


def test_degrees_beyond_the_points_are_proved_by_pairings_alone() -> None:
    """E tr (W W^T)^3 has fifteen pairings: known for one row, where it is a chi square."""
    row = MatrixSymbol("r", 1, N)
    facts = MatrixFacts(gaussian=((row, v),))
    cube = Average(Trace(row * row.T * row * row.T * row * row.T))
    engine = Engine(facts, (cube, v**3 * N * (N + 2) * (N + 4)))
    assert engine.equal(cube, v**3 * N * (N + 2) * (N + 4))
    assert not Engine(facts, (cube, v**3 * N)).equal(cube, v**3 * N)


@cache
def weights(variance: Fraction) -> dict[int, Fraction]:
    """Weights on -3, ..., 3 with the moments of a Gaussian number up to the seventh degree."""
    # With t = z^2: moments of t are v, 3v^2, 15v^3, by Lagrange's polynomials on 0, 1, 4, 9.
    moments = [Fraction(1), variance, 3 * variance**2, 15 * variance**3]
    found = {}
    for place in (0, 1, 4, 9):
        others = [p for p in (0, 1, 4, 9) if p != place]
        polynomial = [Fraction(1)]
        for other in others:
            polynomial = [
                (polynomial[i - 1] if i else 0)
                - other * (polynomial[i] if i < len(polynomial) else 0)
                for i in range(len(polynomial) + 1)
            ]
        scale = prod(place - other for other in others)
        found[place] = sum(c * m for c, m in zip(polynomial, moments, strict=True)) / scale
    values = {0: found[0]}
    for z in (1, 2, 3):
        values[z] = values[-z] = found[z * z] / 2
    return values


def outcomes(rows: int, cols: int, variance: Fraction) -> Iterator[tuple[Fraction, Any]]:
    for entries in product(weights(variance).items(), repeat=rows * cols):
        chance = prod((w for _, w in entries), start=Fraction(1))
        matrix = np.array([Fraction(z) for z, _ in entries], dtype=object)
        yield chance, matrix.reshape(rows, cols)


def test_the_reference_has_the_moments_of_a_gaussian_number() -> None:
    for variance in (Fraction(1), Fraction(2, 3)):
        for power, exact in ((0, 1), (2, variance), (4, 3 * variance**2), (6, 15 * variance**3)):
            assert sum(w * z**power for z, w in weights(variance).items()) == exact
        assert sum(w * z**5 for z, w in weights(variance).items()) == 0


LETTERS = {"W": W, "w": W.T, "A": A, "B": B, "C": C, "c": C.T}
SHAPES = {name: letter.shape for name, letter in LETTERS.items()}


@st.composite
def words(draw: Any, closed: bool) -> str:
    """A product that can be multiplied; ``closed``: as many rows as columns."""
    word = draw(st.sampled_from(sorted(LETTERS)))
    for _ in range(draw(st.integers(1, 5))):
        fits = [m for m in sorted(LETTERS) if SHAPES[m][0] == SHAPES[word[-1]][1]]
        if word.lower().count("w") >= 3:
            fits = [m for m in fits if m.lower() != "w"]
        word += draw(st.sampled_from(fits))
    if closed and SHAPES[word[0]][0] != SHAPES[word[-1]][1]:
        word += next(
            m for m in ("C", "c") if SHAPES[m] == (SHAPES[word[-1]][1], SHAPES[word[0]][0])
        )
    return word


def multiplied(word: str, at: dict[str, Any]) -> Any:
    return reduce(lambda one, other: one @ other, [at[letter] for letter in word])


def value_of(polynomial: Any, at: dict[str, Any], sizes: dict[Any, int]) -> Any:
    """The value of what the engine has rewritten, by its letters."""
    rows, cols = (int(size.subs(sizes)) for size in polynomial.shape)
    total = np.array([[Fraction(0)] * cols for _ in range(rows)], dtype=object)

    def matrix(word: Any, size: int) -> Any:
        eye = np.array([[Fraction(int(i == j)) for j in range(size)] for i in range(size)])
        for letter in word:
            plain = at[letter.node.name]
            eye = eye @ (plain.T if letter.transposed else plain)
        return eye

    for (traces, word), coefficient in polynomial.terms.items():
        number = coefficient.as_expr().subs(sizes)
        scale = Fraction(int(number.p), int(number.q))
        for cycle in traces:
            scale *= np.trace(matrix(cycle, int(cycle[0].rows.subs(sizes))))
        total = total + scale * matrix(word, rows)
    return total


@settings(max_examples=40, deadline=None)
@given(
    words(closed=False), words(closed=True), st.sampled_from([(1, 1), (1, 2), (2, 1)]), st.data()
)
def test_words_times_traces(word: str, cycle: str, shape: tuple[int, int], data: Any) -> None:
    variance = Fraction(2, 3)
    sizes = {n: shape[0], N: shape[1]}
    numbers = {"A": (N, N), "B": (n, n), "C": (N, n)}
    at: dict[str, Any] = {}
    for name, (rows, cols) in numbers.items():
        count = sizes[rows] * sizes[cols]
        entries = data.draw(st.lists(st.integers(-3, 3), min_size=count, max_size=count))
        at[name] = np.array([Fraction(e) for e in entries], dtype=object)
        at[name] = at[name].reshape(sizes[rows], sizes[cols])
    at["c"] = at["C"].T
    expected: Any = 0
    for chance, matrix in outcomes(*shape, variance):
        here = {**at, "W": matrix, "w": matrix.T}
        expected = expected + chance * np.trace(multiplied(cycle, here)) * multiplied(word, here)
    left = reduce(lambda one, other: one * other, [LETTERS[letter] for letter in word])
    inside = reduce(lambda one, other: one * other, [LETTERS[letter] for letter in cycle])
    expression = Average(Trace(inside) * left)
    engine = Engine(MatrixFacts(gaussian=((W, v),)), (expression,))
    found = engine.normal_form(expression).single()
    told = value_of(found, at, {**sizes, v: Rational(2, 3)})
    assert (told == expected).all()


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"gaussian": ((W, v), (W, 1))}, "told twice"),
        ({"gaussian": ((W, v),), "random": (W,)}, "random as well"),
        ({"gaussian": ((A, v),), "symmetric": (A,)}, "symmetric as well"),
        ({"gaussian": ((W, v),), "orthonormal_columns": (W,)}, "orthonormal_columns as well"),
        ({"gaussian": ((W, v),), "given": (matrix_equation(W * C, B),)}, "it is free"),
    ],
)
def test_a_gaussian_matrix_is_nothing_else(facts: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        MatrixFacts(**facts)


def test_a_gaussian_matrix_is_a_letter() -> None:
    with pytest.raises(TypeError, match="no MatrixSymbol"):
        MatrixFacts(gaussian=((W * C, v),))
