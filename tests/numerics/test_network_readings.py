"""What is read off enclosed weights, and when it crosses a level."""

from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.network_events import ExcessLoss, MapProjection, find_crossings
from lemmata.numerics.network_observables import (
    end_to_end,
    excess_loss,
    frobenius_norm,
    residual,
    velocities,
)
from lemmata.numerics.network_singular_values import singular_values
from lemmata.numerics.network_taylor import NetworkEnclosure, integrate_network
from lemmata.numerics.networks import excess_loss as floating_loss
from lemmata.numerics.precision import exact_ball, working_precision

small = st.integers(-3, 3)
STRENGTH, START = Fraction(3), Fraction(1, 100)


def table(height: int, width: int) -> st.SearchStrategy[list[list[int]]]:
    row = st.lists(small, min_size=width, max_size=width)
    return st.lists(row, min_size=height, max_size=height)


def floats(balls: flint.arb_mat) -> np.ndarray:
    return np.array([[float(x.mid()) for x in row] for row in balls.tolist()])


@pytest.fixture(scope="module")
def mode() -> NetworkEnclosure:
    """One mode of two balanced layers: a(t) = w2 w1 is the logistic curve from START."""
    root = Fraction(1, 10)
    return integrate_network([[[root]], [[root]]], [[STRENGTH]], times=[3], digits=30)


def learning_time(level: Fraction) -> flint.arb:
    ratio = level * (STRENGTH - START) / (START * (STRENGTH - level))
    return exact_ball(ratio).log() / exact_ball(2 * STRENGTH)


@settings(max_examples=25, deadline=None)
@given(st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(lambda s: table(*s)))
def test_singular_values_against_the_characteristic_polynomial(rows: list[list[int]]) -> None:
    matrix = flint.fmpz_mat(rows)
    gram = matrix * matrix.transpose()
    with working_precision(200):
        found = singular_values(flint.arb_mat(matrix))
        assert len(found) == min(matrix.nrows(), matrix.ncols())
        # prod (x - s_i^2) x^(rows - values) is the characteristic polynomial of A A^T.
        product = flint.arb_poly([1])
        for s in found:
            product *= flint.arb_poly([-s * s, 1])
        product *= flint.arb_poly([0] * (matrix.nrows() - len(found)) + [1])
        exact = gram.charpoly()
        for k in range(matrix.nrows() + 1):
            assert product[k].contains(flint.arb(exact[k]))
            assert bool(product[k].rad() < flint.arb(10) ** -30)
    assert np.allclose([float(s.mid()) for s in found], np.linalg.svd(np.array(rows))[1])


def test_singular_values_contain_those_of_every_matrix_in_the_balls() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        centre = rng.integers(-5, 6, (3, 4))
        wide = flint.arb_mat([[flint.arb(int(x), 0.25) for x in row] for row in centre])
        found = singular_values(wide)
        for _ in range(5):
            inside = centre + rng.uniform(-0.25, 0.25, centre.shape)
            for ball, value in zip(found, np.linalg.svd(inside)[1], strict=True):
                assert ball.contains(flint.arb(float(value), 1e-12))
        # Planted error: without the radius the balls would miss them.
        assert all(bool(ball.rad() > 0.5) for ball in found)
    with pytest.raises(ValueError, match="not finite"):
        singular_values(flint.arb_mat([[flint.arb.nan()]]))


@settings(max_examples=25, deadline=None)
@given(table(2, 3), table(3, 4), table(2, 4))
def test_excess_loss_agrees_with_floating_point_also_for_few_samples(
    layer: list[list[int]], x: list[list[int]], y: list[list[int]]
) -> None:
    target, inputs = np.array(y) @ np.array(x).T, np.array(x) @ np.array(x).T
    found = integrate_network([layer], target.tolist(), inputs.tolist(), times=[0], digits=5)
    loss = found.read(excess_loss, 0)
    expected = floating_loss(np.array(layer, float), target.astype(float), inputs.astype(float))
    assert loss.overlaps(flint.arb(float(expected), 1e-9 * (1 + float(expected))))


def test_excess_loss_refuses_correlations_that_no_data_has() -> None:
    found = integrate_network([[[1, 1]]], [[0, 1]], [[1, 0], [0, 0]], times=[0], digits=5)
    with pytest.raises(ValueError, match="Sigma31: not in the row space"):
        found.read(excess_loss, 0)


def test_velocities_are_the_slope_of_the_enclosures() -> None:
    layers = [[[1, 2], [0, 1], [1, 1]], [[1, 0, Fraction(1, 2)]], [[1], [2]]]
    found = integrate_network(
        layers, [[1, 2], [1, 0]], [[2, 1], [1, 1]], tau=2, times=[1], digits=40
    )
    gap = Fraction(1, 2**40)
    with working_precision(200):
        before, after = found.at(Fraction(1, 3) - gap), found.at(Fraction(1, 3) + gap)
        slopes = found.read(velocities, Fraction(1, 3))
        for a, b, slope in zip(before, after, slopes, strict=True):
            # The symmetric difference is off by gap^2 W'''/6.
            difference = (b - a) * (1 / exact_ball(2 * gap)) - slope
            assert bool(frobenius_norm(difference) < flint.arb(2) ** -60)
        assert residual(before, found.data).ncols() == 2


def test_a_level_is_crossed_once_at_the_exact_time(mode: NetworkEnclosure) -> None:
    for level in (Fraction(1, 10), Fraction(3, 2), Fraction(29, 10)):
        found = find_crossings(mode, MapProjection([[1]]), level, digits=25)
        assert not found.undecided
        (time,) = found.proved
        with working_precision(150):
            assert time.overlaps(learning_time(level))
            assert bool(time.rad() < flint.arb(10) ** -24)
            # Planted error: the same network with another level has another time.
            assert not time.overlaps(learning_time(level + Fraction(1, 10**20)))


def test_the_loss_falls_through_a_level_once(mode: NetworkEnclosure) -> None:
    found = find_crossings(mode, ExcessLoss(), Fraction(1, 2), digits=20)
    assert not found.undecided
    (time,) = found.proved
    with working_precision(150):
        assert time.overlaps(learning_time(Fraction(2)))  # (s - a)^2/2 = 1/2


def test_levels_that_are_not_reached_and_intervals(mode: NetworkEnclosure) -> None:
    entry = MapProjection([[1]])
    for level, low, high in (
        (4, 0, 3),
        (Fraction(3, 2), 2, 3),
        (Fraction(3, 2), 0, Fraction(1, 2)),
    ):
        found = find_crossings(mode, entry, level, low=low, high=high)
        assert not found.proved
        assert not found.undecided
    with pytest.raises(ValueError, match="low, high"):
        find_crossings(mode, entry, 1, high=4)
    with pytest.raises(ValueError, match="low"):
        find_crossings(mode, entry, 1, low=2, high=1)
    with pytest.raises(ValueError, match="direction: shape 1 x 2"):
        find_crossings(mode, MapProjection([[1, 1]]), 1)
    with pytest.raises(TypeError, match="level"):
        find_crossings(mode, entry, 0.5)  # type: ignore[arg-type]


def test_a_quantity_that_rises_and_falls_is_crossed_twice() -> None:
    """The off-diagonal entry of a map that learns a diagonal target from a full start."""
    first = [[Fraction(1, 10), Fraction(1, 12)], [Fraction(-1, 15), Fraction(1, 9)]]
    second = [[Fraction(1, 11), Fraction(1, 14)], [Fraction(1, 13), Fraction(1, 8)]]
    found = integrate_network([first, second], [[3, 0], [0, 1]], times=[6], digits=20)
    entry, level = MapProjection([[0, 1], [0, 0]]), Fraction(1, 8)
    crossings = find_crossings(found, entry, level)
    assert not crossings.undecided
    values = [
        float(found.read(lambda w, data: end_to_end(w)[0, 1], Fraction(k, 50)).mid())
        for k in range(301)
    ]
    above = np.array(values) > float(level)
    places = np.flatnonzero(above[1:] != above[:-1])
    assert len(crossings.proved) == len(places) == 2
    for ball, place in zip(crossings.proved, places, strict=True):
        assert place / 50 <= float(ball.mid()) <= (place + 1) / 50
