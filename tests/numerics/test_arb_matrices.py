from fractions import Fraction

import flint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.arb_matrices import (
    block_matrix,
    block_row,
    frobenius_norm_bound,
    identity,
    integrated_exponential,
    inverse,
    matrix,
    matrix_exponential,
    rational_rows,
    to_nested,
    transpose,
    zeros,
)
from lemmata.numerics.precision import exact_ball, working_precision

entries = st.fractions(-3, 3, max_denominator=8)


def square(size: int) -> st.SearchStrategy[list[list[Fraction]]]:
    row = st.lists(entries, min_size=size, max_size=size)
    return st.lists(row, min_size=size, max_size=size)


squares = st.integers(1, 4).flatmap(square)
times = st.fractions(-2, 2, max_denominator=6)


def rectangle(shape: tuple[int, int]) -> st.SearchStrategy[list[list[Fraction]]]:
    row = st.lists(entries, min_size=shape[1], max_size=shape[1])
    return st.lists(row, min_size=shape[0], max_size=shape[0])


rectangles = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(rectangle)


def exact_matrix(rows: list[list[Fraction]]) -> flint.fmpq_mat:
    return flint.fmpq_mat([[flint.fmpq(x.numerator, x.denominator) for x in row] for row in rows])


def overlap(a: flint.arb_mat, b: flint.arb_mat) -> bool:
    return bool(a.overlaps(b))


@given(rectangles)
def test_nested_rows_and_transpose_keep_every_entry(rows: list[list[Fraction]]) -> None:
    assert rational_rows(rows) == rows
    columns = [list(column) for column in zip(*rows, strict=True)]
    assert transpose(matrix(rows)).contains(exact_matrix(columns))
    assert [[x.mid() for x in row] for row in to_nested(matrix(rows))] == [
        [exact_ball(x).mid() for x in row] for row in rows
    ]


@given(rectangles, rectangles)
def test_blocks_land_where_they_belong(a: list[list[Fraction]], b: list[list[Fraction]]) -> None:
    left, right = matrix(a), matrix(b)
    upper = zeros(left.nrows(), right.ncols())
    lower = zeros(right.nrows(), left.ncols())
    both = block_matrix([[left, upper], [lower, right]])
    assert (both.nrows(), both.ncols()) == (len(a) + len(b), len(a[0]) + len(b[0]))
    rows = to_nested(both)
    assert overlap(flint.arb_mat([r[: len(a[0])] for r in rows[: len(a)]]), left)
    assert overlap(flint.arb_mat([r[len(a[0]) :] for r in rows[len(a) :]]), right)
    assert all(x.is_zero() for r in rows[: len(a)] for x in r[len(a[0]) :])


def test_blocks_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="rows"):
        block_row([identity(2), identity(3)])
    with pytest.raises(ValueError, match="columns"):
        block_matrix([[identity(2)], [identity(3)]])
    with pytest.raises(ValueError, match="row lengths"):
        matrix([[1, 2], [3]])
    with pytest.raises(TypeError):
        matrix([[0.5]])


@given(rectangles)
def test_the_norm_bound_is_sharp_to_rounding(rows: list[list[Fraction]]) -> None:
    bound = frobenius_norm_bound(matrix(rows))
    exact = sum((x * x for row in rows for x in row), Fraction(0))
    with working_precision(100):
        square = flint.arb(flint.fmpq(exact.numerator, exact.denominator))
        assert bool(bound * bound >= square * (1 - flint.arb(2) ** -90))
        # Default precision is 53 bits; entries, squares, sum and root round a few times each.
        assert bool(bound * bound <= square * (1 + flint.arb(2) ** -40))


@settings(max_examples=40, deadline=None)
@given(squares, times, times)
def test_exponentials_satisfy_their_semigroup_laws(
    rows: list[list[Fraction]], s: Fraction, t: Fraction
) -> None:
    with working_precision(120):
        generator = matrix(rows)
        one, two = matrix_exponential(generator, s), matrix_exponential(generator, t)
        assert overlap(one * two, matrix_exponential(generator, s + t))
        # I(s + t) = I(s) + exp(F s) I(t)
        whole = integrated_exponential(generator, s + t)
        parts = integrated_exponential(generator, s) + one * integrated_exponential(generator, t)
        assert overlap(whole, parts)
        # F I(t) = exp(F t) - 1, also for a singular F
        assert overlap(generator * integrated_exponential(generator, t), two - identity(len(rows)))


def test_integrated_exponential_of_a_nilpotent_generator() -> None:
    found = integrated_exponential(matrix([[0, 1], [0, 0]]), Fraction(1, 2))
    half = Fraction(1, 2)
    assert found.contains(exact_matrix([[half, Fraction(1, 8)], [Fraction(0), half]]))


@given(squares)
def test_inverse_is_proved_or_refused(rows: list[list[Fraction]]) -> None:
    exact = exact_matrix(rows)
    if exact.det() == 0:
        with pytest.raises(ZeroDivisionError, match="cannot be proved invertible"):
            inverse(matrix(rows))
    else:
        with working_precision(200):
            assert inverse(matrix(rows)).contains(exact.inv())


@pytest.mark.parametrize("function", [matrix_exponential, integrated_exponential, inverse])
def test_rectangles_are_refused(function: object) -> None:
    with pytest.raises(ValueError, match="not square"):
        function(zeros(2, 3))  # type: ignore[operator]
