"""Where the claims of depth end, and that `show` tells all that a matrix claim assumes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs import claim
from lemmata.proofs.cli.main import run
from lemmata.proofs.court import collect, judge
from lemmata.proofs.verdicts import Status
from lemmata.theory.isometry import tanh_series
from lemmata.theory.isometry.letters import x
from lemmata.theory.matrix_calculus import matrix_equation
from lemmata.theory.matrix_facts import MatrixFacts
from lemmata.theory.registry import REGISTRY
from sympy import Lambda, MatrixSymbol, Poly, Rational, Symbol

few = settings(max_examples=20, deadline=None)
n = Symbol("n", integer=True, positive=True)
t = Symbol("t", nonnegative=True)
variance = Symbol("v", positive=True)
ROW = "depth.end_to_end"


def shown(capsys: Any, id: str) -> list[str]:
    assert run(["show", id]) == 0
    return [line for line in capsys.readouterr().out.splitlines() if line[:9].strip()]


LETTERS = A, B, C, D, E, F, G, H = [MatrixSymbol(name, n, n) for name in "ABCDEFGH"]
EVERY = {
    "orthonormal_columns": ((A,), "matrices   A: orthonormal columns"),
    "symmetric": ((A, B), "matrices   A, B: symmetric"),
    "diagonal": ((C,), "matrices   C: diagonal"),
    "constant": ((D, A), "matrices   D, A: constant in time"),
    "random": ((E,), "matrices   E: random, changing from example to example"),
    "commuting": (((F, G),), "matrices   F and G: commute"),
    "gaussian": (
        ((H, variance),),
        "matrices   H: independent Gaussian entries, mean 0, variance v",
    ),
    "time": (t, "matrices   t: the time by which they are differentiated"),
    "given": ((matrix_equation(F, G * G),), "given      Eq(F, G**2)"),
}


def test_every_field_of_matrix_facts_has_its_line() -> None:
    assert set(EVERY) == set(MatrixFacts.__dataclass_fields__)


@pytest.mark.parametrize("left_out", [*EVERY, ""])
def test_show_tells_every_fact_and_no_other(monkeypatch, capsys, left_out) -> None:
    """Left out of the claim, a fact is left out of what is shown."""
    monkeypatch.setattr(REGISTRY, "_claims", dict(collect()._claims))
    facts: dict[str, Any] = {name: told for name, (told, _) in EVERY.items() if name != left_out}
    total = sum(LETTERS[1:], LETTERS[0])
    claim("ours.facts", source="made for this test", facts=MatrixFacts(**facts))(
        lambda: matrix_equation(total, total.T)
    )
    lines = shown(capsys, "ours.facts")
    for name, (_, line) in EVERY.items():
        assert (line in lines) == (name != left_out)
    assert "size       A, B, C, D, E, F, G, H: n x n" in lines


def test_show_names_every_letter_of_every_matrix_claim(capsys) -> None:
    for made in collect():
        if made.facts is None:
            continue
        text = "\n".join(shown(capsys, made.id))
        for name in ("orthonormal_columns", "symmetric", "diagonal", "constant", "random"):
            letters = getattr(made.facts, name)
            assert not letters or f"matrices   {', '.join(map(str, letters))}: " in text
        assert text.count(": commute") == len(made.facts.commuting)
        assert text.count("independent Gaussian entries") == len(made.facts.gaussian)


def test_sizes_are_those_of_each_letter(capsys) -> None:
    lines = shown(capsys, f"{ROW}.pretraining_commuting")
    assert "size       Lambda, Sigma11, V: N_1 x N_1" in lines
    assert "size       Sigma31: N_3 x N_1" in lines


# Two square layers in exact arithmetic: what is missing where the overlap is singular.

entries = st.integers(-4, 4)
tables = st.lists(entries, min_size=9, max_size=9).map(lambda v: np.array(v, object).reshape(3, 3))
vectors = st.lists(entries, min_size=3, max_size=3).map(lambda v: np.array(v, object))


@few
@given(tables, vectors, st.lists(st.integers(0, 5), min_size=3, max_size=3))
def test_a_missed_direction_is_missed_by_its_target_at_least(first, y, targets) -> None:
    """U = V = I and W_2 with y^T W_2 = -y^T W_1^T: what is missing along y."""
    if not any(y):
        return
    axis = next(i for i in range(3) if y[i])
    second = -first.T * y[axis]
    other = (axis + 1) % 3
    scale = y[axis] * np.eye(3, dtype=object)
    turned = second + np.outer(np.eye(3, dtype=object)[other] * y[axis], first[0])
    turned[axis] -= y[other] * first[0]
    assert not any(y @ (first.T @ scale + turned))
    target = np.diag(targets).astype(object) * y[axis]
    missing = y @ (target - turned @ first) @ y
    assert missing == y @ target @ y + y[axis] * (first @ y) @ (first @ y)


def steps_of_descent(first: Any, second: Any, target: Any, steps: int, rate: float) -> float:
    for _ in range(steps):
        gap = target - second @ first
        first, second = first + rate * second.T @ gap, second + rate * gap @ first.T
    return float(np.linalg.norm(target - second @ first, 2))


def test_full_rank_decides_what_an_eigenvalue_of_minus_one_hinders() -> None:
    """Q = diag(1, -1): the flow learns diag(1, 0) and misses all of the second mode otherwise."""
    turn = np.diag([1.0, -1.0])
    lower = steps_of_descent(np.eye(2), turn, np.diag([1.0, 0.0]), 4000, 0.01)
    full = steps_of_descent(np.eye(2), turn, np.diag([1.0, 0.5]), 4000, 0.01)
    # At t = 40 the flow misses 1/81 and 1/2; rounding errors grow by e^(t/2), to 1e-7 at most.
    assert lower < 1 / 64 < 31 / 64 < full


def test_pretrained_modes_couple_unless_the_correlations_commute() -> None:
    """A descent from a trained autoencoder leaves its eigenvectors where the task has others."""
    inputs = np.diag([2.0, 1.0])
    first = second = np.diag([0.1, 0.2])
    for _ in range(3000):
        gap = inputs - second @ first @ inputs
        first, second = first + 0.02 * second.T @ gap, second + 0.02 * gap @ first.T
    for task in (np.diag([3.0, -1.0]) ** 2, np.array([[1.0, 1.0], [0.0, 1.0]])):
        square = task.T @ task
        commute = np.allclose(square @ inputs, inputs @ square)
        moved = second.T @ (task - second @ first @ inputs)
        coupled = abs(moved - np.diag(np.diag(moved))).max() > 1e-9
        assert coupled != commute


@pytest.mark.parametrize(
    ("id", "planted"),
    [
        (f"{ROW}.unlearned_overlap", lambda right: -right),
        (f"{ROW}.signed_start", lambda right: 2 * right),
        (f"{ROW}.pretraining", lambda right: -right),
        (f"{ROW}.pretraining_commuting", lambda right: right.T),
        (f"{ROW}.mirrored", lambda right: 2 * right),
    ],
)
def test_planted_wrong_statements_are_refuted(id, planted) -> None:
    made = collect()[id]
    wrong = matrix_equation(made.statement.lhs, planted(made.statement.rhs))
    found = judge(
        replace(made, id="ours.wrong", statement=wrong, derivation=None, rests_on=()), "quick"
    )
    assert found.status == Status.REFUTED


# tanh near its critical gain.


def taylor(order: int) -> list[Fraction]:
    """Coefficients of tanh from y' = 1 - y^2, y(0) = 0."""
    found = [Fraction(0)]
    for k in range(order):
        square = sum((found[i] * found[k - i] for i in range(k + 1)), Fraction(0))
        found.append(((k == 0) - square) / (k + 1))
    return found


def times(left: list[Fraction], right: list[Fraction]) -> list[Fraction]:
    return [
        sum((left[i] * right[k - i] for i in range(k + 1)), Fraction(0)) for k in range(len(left))
    ]


def coefficients(expr: Any, order: int) -> list[Fraction]:
    found = [Poly(expr, x).coeff_monomial(x**k) for k in range(order)]
    return [Fraction(int(c.p), int(c.q)) for c in found]


def test_taylor_polynomials_are_those_of_the_equation_of_tanh() -> None:
    first = taylor(9)
    square = times(first, first)
    slope = [(k == 0) - c for k, c in enumerate(square)]
    slope2 = times(slope, slope)
    assert coefficients(tanh_series.SERIES, 9) == first[:9]
    assert coefficients(tanh_series.SQUARE, 10) == square
    assert coefficients(tanh_series.SLOPE2, 8) == slope2[:8]
    assert coefficients(tanh_series.SLOPE4, 8) == times(slope2, slope2)[:8]


@pytest.mark.parametrize("name", ["", ".square", ".slope", ".slope_square"])
@pytest.mark.parametrize("power", [3, 4, 6])
def test_a_wrong_coefficient_leaves_a_term_of_low_order(name, power) -> None:
    """The remainder is a multiple of its power of x, so that it cannot hide a wrong coefficient."""
    made = collect()[f"isometry.edge_of_chaos.tanh_series{name}"]
    told = made.where[-1]
    wrong = replace(told, expression=Lambda(x, told.body + Rational(1, 90) * x**power))
    where = (*made.where[:-1], wrong)
    found = judge(replace(made, id="ours.wrong", where=where, rests_on=()), "quick")
    assert found.status == Status.REFUTED
