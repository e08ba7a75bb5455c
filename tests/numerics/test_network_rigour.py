"""The enclosures of network training are tested, not trusted: references and planted errors.

The reference is a plain Taylor method in high precision, written here from the equations alone:
no bounds, no digits, another recursion. It is taken twice, with two orders and steps, and what
the two have in common is what counts.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import flint
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lemmata.numerics import network_ellipsoid, network_growth, network_packed, network_steps
from lemmata.numerics.arb_matrices import matrix
from lemmata.numerics.network_data import TrainingData, read_training
from lemmata.numerics.network_defect import Defect, network_defect
from lemmata.numerics.network_digits import DigitEngine
from lemmata.numerics.network_ellipsoid import CarriedErrors, ErrorEllipsoid
from lemmata.numerics.network_expansion import UP, Expansion
from lemmata.numerics.network_growth import (
    PIECES,
    GrowthBound,
    _centres,
    largest_eigenvalue_bound,
    spectral_norms,
)
from lemmata.numerics.network_propagator import Propagator, StepMatrix
from lemmata.numerics.network_steps import NetworkMarch
from lemmata.numerics.network_taylor import integrate_network
from lemmata.numerics.precision import exact_ball, working_precision

Rows = list[list[Fraction]]
Matrices = list[flint.arb_mat]
BITS = 320
EPS = float(np.finfo(float).eps)


# ---- An independent reference ----------------------------------------------------------------


def reference(data: TrainingData, time: Fraction) -> Matrices:
    """The weights at a time to some 40 digits, or a failed assertion."""
    with working_precision(BITS):
        first, second = (plain_taylor(data, time, order, reach) for order, reach in STYLES)
        for a, b in zip(first, second, strict=True):
            gaps = [abs(x - y) for x, y in zip(a.entries(), b.entries(), strict=True)]
            assert all(bool(gap < flint.arb(10) ** -45) for gap in gaps)
        # Both are within 10^-45 of each other: their distance stands for their error.
        ball = flint.arb(0, flint.arb(10) ** -44)
        return [
            flint.arb_mat(w.nrows(), w.ncols(), [x.mid() + ball for x in w.entries()])
            for w in second
        ]


STYLES = ((50, 2.0**-4), (60, 2.0**-3.5))


def plain_taylor(data: TrainingData, time: Fraction, order: int, reach: float) -> Matrices:
    weights, done = [matrix(w) for w in data.weights], Fraction(0)
    while done < time:
        series = coefficients(data, weights, order)
        size = max(norm(w[k]) ** (1 / k) for w in series for k in range(order - 3, order + 1))
        step = min(time - done, Fraction(reach / max(size, 1e-3)).limit_denominator(10**6))
        done += step
        weights = [evaluate(w, exact_ball(step)) for w in series]
    return weights


def coefficients(data: TrainingData, weights: Matrices, order: int) -> list[Matrices]:
    """Coefficients in t, from (k + 1) W_(k+1) = [(W_L..W_(l+1))^T E (W_(l-1)..W_1)^T]_k/tau."""
    depth, series = len(weights), [[w] for w in weights]
    target, tau = matrix(data.target), exact_ball(data.tau)
    inputs = None if data.inputs is None else matrix(data.inputs)
    products = {(i, j): series[i] if i == j else [] for j in range(depth) for i in range(j + 1)}
    error: Matrices = []
    left: list[Matrices] = [[] for _ in weights]
    for k in range(order):
        for i in range(depth):
            for j in range(i + 1, depth):
                products[i, j].append(term(series[j], products[i, j - 1], k))
        total = products[0, depth - 1][k]
        total = total if inputs is None else total * inputs
        error.append(target - total if k == 0 else -total)
        changes = []
        for i in range(depth):
            above = [w.transpose() for w in products[i + 1, depth - 1]] if i + 1 < depth else None
            left[i].append(term(above, error, k) if above else error[k])
            below = [w.transpose() for w in products[0, i - 1]] if i else None
            change = term(left[i], below, k) if below else left[i][k]
            changes.append(centred(change * (1 / (tau * (k + 1)))))
        for w, change in zip(series, changes, strict=True):
            w.append(change)
    return series


def term(a: Matrices, b: Matrices, k: int) -> flint.arb_mat:
    total = a[0] * b[k]
    for i in range(1, k + 1):
        total += a[i] * b[k - i]
    return centred(total)


def centred(w: flint.arb_mat) -> flint.arb_mat:
    return flint.arb_mat(w.nrows(), w.ncols(), [x.mid() for x in w.entries()])


def evaluate(series: Matrices, t: flint.arb) -> flint.arb_mat:
    value = series[-1]
    for w in reversed(series[:-1]):
        value = value * t + w
    return centred(value)


def norm(w: flint.arb_mat) -> float:
    return float(sum((x * x for x in w.entries()), flint.arb(0)).mid()) ** 0.5


def contains(enclosure: Matrices, exact: Matrices) -> bool:
    return all(x.overlaps(y) for x, y in zip(enclosure, exact, strict=True))


# ---- Random problems -------------------------------------------------------------------------


def random_problem(rng: random.Random) -> tuple[TrainingData, Fraction]:
    """Any depth and widths up to 3, few samples or white inputs, small, middle or saddle starts."""
    widths = [rng.randint(1, 3) for _ in range(rng.randint(1, 5) + 1)]

    def rows(n: int, m: int, size: int = 7) -> Rows:
        return [[Fraction(rng.randint(-size, size), 7) for _ in range(m)] for _ in range(n)]

    samples = rng.randint(1, 3)
    x, y = rows(widths[0], samples), rows(widths[-1], samples)
    white = rng.random() < 0.3
    target = rows(widths[-1], widths[0]) if white else gram(y, x)
    scale = rng.choice([Fraction(1), Fraction(1, 3), Fraction(1, 10**6), Fraction(1, 10**30)])
    layers = [[[scale * v for v in row] for row in rows(n, m)] for m, n in pairwise(widths)]
    if rng.random() < 0.3:  # next to a saddle: one unit is nearly cut off
        layer = rng.choice(layers)
        layer[0] = [Fraction(1, 10**20)] * len(layer[0])
    tau = Fraction(rng.randint(2, 9), 4)
    data = read_training(layers, target, None if white else gram(x, x), tau)
    return data, Fraction(rng.randint(1, 12), 8)


def gram(a: Rows, b: Rows) -> Rows:
    return [[sum(p * q for p, q in zip(x, y, strict=True)) for y in b] for x in a]


def enclosed(data: TrainingData, time: Fraction, digits: int) -> Matrices:
    found = integrate_network(
        data.weights, data.target, data.inputs, tau=data.tau, times=[time], digits=digits
    )
    return found.weights[0]


@settings(max_examples=12)
@given(st.integers(0, 10**9))
def test_enclosures_contain_the_reference(seed: int) -> None:
    data, time = random_problem(random.Random(seed))
    assert contains(enclosed(data, time, 20), reference(data, time))


@pytest.mark.nightly
@pytest.mark.parametrize("block", range(40))
def test_enclosures_contain_the_reference_in_thousands_of_problems(block: int) -> None:
    for seed in range(100 * block, 100 * block + 100):
        data, time = random_problem(random.Random(seed))
        assert contains(enclosed(data, time, 18), reference(data, time)), seed


def test_a_start_of_size_1e_minus_30_is_learned() -> None:
    """w2 = w1 = 10^-30: a = w2 w1 grows by 60 orders of magnitude, on the exact logistic curve."""
    tiny, strength, time = Fraction(1, 10**30), Fraction(3), Fraction(25)
    found = integrate_network([[[tiny]], [[tiny]]], [[strength]], times=[time], digits=20)
    assert found.attempts > 1  # the growth is found out, and paid with more bits
    with working_precision(BITS):
        decay = exact_ball(-2 * strength * time).exp()
        exact = exact_ball(strength) / (1 + (exact_ball(strength / tiny**2) - 1) * decay)
        (first, second) = found.weights[0]
        assert (second * first)[0, 0].overlaps(exact)
        assert bool(exact > 2)


# ---- Planted errors --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def learned() -> tuple[TrainingData, Fraction, Matrices]:
    """A problem whose errors grow before they stop: two modes learned from a small start."""
    first = [[Fraction(1, 50), Fraction(1, 70)], [Fraction(-1, 60), Fraction(1, 40)]]
    second = [[Fraction(1, 45), Fraction(-1, 80)], [Fraction(1, 90), Fraction(1, 55)]]
    data = read_training([first, second], [[3, 0], [0, 2]], [[1, 0], [0, 2]], 1)
    return data, Fraction(3), reference(data, Fraction(3))


def test_the_unharmed_code_passes(learned: tuple[TrainingData, Fraction, Matrices]) -> None:
    data, time, exact = learned
    assert contains(enclosed(data, time, 15), exact)
    assert contains(enclosed(data, time, 30), exact)


def without_tail(found: Expansion, inputs_norm: Fraction) -> Defect:
    return replace(network_defect(found, inputs_norm), tail=1e-300)


def without_defect(found: Expansion, inputs_norm: Fraction) -> Defect:
    return replace(network_defect(found, inputs_norm), tail=1e-300, rounding=1e-290)


def without_rounding(found: Expansion, inputs_norm: Fraction) -> Defect:
    return replace(network_defect(found, inputs_norm), rounding=0.0)


def test_a_dropped_defect_is_caught(
    learned: tuple[TrainingData, Fraction, Matrices], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, time, exact = learned
    monkeypatch.setattr(network_steps, "network_defect", without_defect)
    assert not contains(enclosed(data, time, 15), exact)


def test_a_rounding_that_is_not_counted_is_caught(
    learned: tuple[TrainingData, Fraction, Matrices], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, time, exact = learned
    counted = network_packed.DigitCoefficients.at

    def shortened(self: Any, u: Fraction) -> tuple[list[flint.fmpz_mat], float]:
        layers, rounding = counted(self, u)
        cut = [[(int(x) >> 30) << 30 for x in w.entries()] for w in layers]
        shapes = [(w.nrows(), w.ncols()) for w in layers]
        return [flint.fmpz_mat(*s, x) for s, x in zip(shapes, cut, strict=True)], rounding

    monkeypatch.setattr(network_packed.DigitCoefficients, "at", shortened)
    assert not contains(enclosed(data, time, 15), exact)


def neighbours_are_inside(data: TrainingData, time: Fraction) -> bool:
    """Whether a march from a ball of starts contains what starts at the edge of the ball.

    The start moves along a first singular direction of the data: there errors grow like the bound.
    """
    away = Fraction(1, 10**12)
    radius = away * Fraction(17, 12)  # above the square root of two
    march = NetworkMarch(data, time, 140, max_steps=500, engine=DigitEngine, radius=radius)
    assert march.run()
    moved = [[list(row) for row in w] for w in data.weights]
    moved[0][0][0] += away
    moved[-1][0][0] += away
    there = read_training(moved, data.target, data.inputs, data.tau)
    return contains(march.steps[-1].at(time), reference(there, time))


@pytest.fixture(scope="module")
def near_saddle() -> TrainingData:
    rows = [[Fraction(1, 10**6), Fraction(0)], [Fraction(0), Fraction(1, 10**6)]]
    return read_training([rows, rows], [[3, 0], [0, 1]], None, 1)


@pytest.mark.parametrize("sharp", [True, False])
def test_neighbouring_starts_stay_inside(
    near_saddle: TrainingData, sharp: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_steps, "SHARP_SIZE", 100 if sharp else 0)
    assert neighbours_are_inside(near_saddle, Fraction(3))


def test_half_the_logarithmic_norm_is_caught(
    near_saddle: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = GrowthBound.mean
    monkeypatch.setattr(network_steps, "SHARP_SIZE", 0)
    monkeypatch.setattr(GrowthBound, "mean", lambda self, tube: whole(self, tube) / 2)
    assert not neighbours_are_inside(near_saddle, Fraction(3))


def test_a_step_matrix_that_is_too_small_is_caught(
    near_saddle: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Propagator.step

    def smaller(self: Propagator, found: Expansion, defect: Defect) -> StepMatrix:
        made = whole(self, found, defect)
        return replace(made, matrix=made.matrix * 0.8)

    monkeypatch.setattr(Propagator, "step", smaller)
    assert not neighbours_are_inside(near_saddle, Fraction(3))


# ---- The parts -------------------------------------------------------------------------------


def hessian(weights: list[np.ndarray], target: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    """The Hessian of the loss by complex steps in its gradient, a polynomial: but for rounding."""
    shapes = [w.shape for w in weights]

    def gradient(flat: np.ndarray) -> np.ndarray:
        layers, place = [], 0
        for n, m in shapes:
            layers.append(flat[place : place + n * m].reshape(n, m))
            place += n * m
        found = []
        for i in range(len(layers)):
            above = product_of(layers[i + 1 :], target.shape[0])
            below = product_of(layers[:i], target.shape[1])
            error = target - product_of(layers, target.shape[1]) @ inputs
            found.append(-(above.T @ error @ below.T).ravel())
        return np.concatenate(found)

    start = np.concatenate([w.ravel() for w in weights])
    step = 2.0**-100
    return np.array([gradient(start + 1j * step * e).imag / step for e in np.eye(len(start))])


def product_of(layers: list[np.ndarray], size: int) -> np.ndarray:
    total = np.eye(layers[0].shape[1] if layers else size)
    for w in layers:
        total = w @ total
    return total


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_growth_bound_is_above_the_largest_eigenvalue_on_the_tube(seed: int) -> None:
    data, _ = random_problem(random.Random(seed))
    engine = DigitEngine(data, 100, 30)
    start = [flint.fmpz_mat([[int(x * 2**100) for x in row] for row in w]) for w in data.weights]
    found = engine.expand(start, data.tau / 1000)
    assert found is not None
    tube, rng = 0.25, np.random.default_rng(seed)
    bound = GrowthBound(found, network_defect(found, data.inputs_norm), data).mean(tube)
    weights = [np.array(w, dtype=float) for w in data.weights]
    sizes = [w.size for w in weights]
    shift = rng.normal(size=sum(sizes))
    shift *= tube * 0.99 / np.linalg.norm(shift)
    parts = np.split(shift, np.cumsum(sizes)[:-1])
    moved = [w + p.reshape(w.shape) for w, p in zip(weights, parts, strict=True)]
    target = np.array(data.target, dtype=float)
    inputs = np.eye(target.shape[1]) if data.inputs is None else np.array(data.inputs, dtype=float)
    for point in (weights, moved):
        # Sums of products of up to 2 D + 2 matrices of at most three columns, in absolute values.
        sizes = hessian([np.abs(w) for w in point], -np.abs(target), np.abs(inputs))
        rounding = 3 * (2 * len(point) + 2) * EPS * np.linalg.norm(sizes)
        assert -np.linalg.eigvalsh(hessian(point, target, inputs))[0] <= bound + rounding


@settings(max_examples=20)
@given(st.integers(0, 10**9), st.sampled_from([10, 1000]))
def test_pieces_of_a_step_hold_the_weights(seed: int, share: int) -> None:
    """Short steps are nearly straight: there the distance from the centre is that of the bound."""
    data, _ = random_problem(random.Random(seed))
    assume(len(data.weights) > 1)
    engine = DigitEngine(data, 100, 30)
    start = [flint.fmpz_mat([[int(x * 2**100) for x in row] for row in w]) for w in data.weights]
    found = engine.expand(start, data.tau / share)
    assume(found is not None)
    bounds = GrowthBound(found, network_defect(found, data.inputs_norm), data)._radii
    for values, centres, radius in zip(found.values, _centres(found), bounds, strict=True):
        for piece, centre in enumerate(centres):
            for u in (piece / PIECES, (piece + 0.3) / PIECES, (piece + 1) / PIECES):
                at = np.tensordot(np.power(found.reach * u, np.arange(len(values))), values, 1)
                # The sum here is rounded as that of the centre is: by units of its terms.
                rounding = 2.0**-44 * (1 + np.linalg.norm(centre))
                assert np.linalg.norm(at - centre) <= radius * (1 + 2.0**-30) + rounding


@pytest.mark.parametrize("depth", [2, 3, 4, 5])
def test_growth_bound_is_sharp_for_equal_scalar_layers(depth: int) -> None:
    """With Sigma11 = 0 there is no Gauss-Newton term and the bound is the eigenvalue itself."""
    weight = Fraction(3, 2)
    data = read_training([[[weight]]] * depth, [[2]], [[0]], 1)
    engine = DigitEngine(data, 100, 30)
    found = engine.expand([flint.fmpz_mat([[3 << 99]])] * depth, Fraction(1, 10**6))
    assert found is not None
    bound = GrowthBound(found, network_defect(found, data.inputs_norm), data).mean(0.0)
    exact = (depth - 1) * float(weight) ** (depth - 2) * 2
    # In a step of 10^-6 a weight moves by 2 w^(depth - 1) 10^-6, once more for the radius.
    moved = 2 * 2 * float(weight) ** (depth - 2) * 1e-6
    assert exact <= bound <= exact * (1 + moved) ** depth


@settings(max_examples=50)
@given(*[st.floats(0, 8, allow_subnormal=False)] * 5, st.floats(1, 4), st.floats(0.5, 100))
def test_carried_errors_count_everything_that_a_step_adds(
    error: float, curvature: float, squared: float, defect: float, rounding: float, growth: float,
    start: float,
) -> None:  # fmt: skip
    """A step that carries errors unchanged, with losses given by hand."""
    data = read_training([[[1]], [[1]]], [[1]], None, 1)
    carried = CarriedErrors(data, start)
    step = SimpleNamespace(matrix=np.eye(2), error=error, curvature=curvature)
    carried._propagator = SimpleNamespace(step=lambda found, defect: step)  # type: ignore[assignment]
    given = Defect(rounding=defect / 4, tail=3 * defect / 4, sizes=[], slopes=[])
    bound = carried.advance(None, given, growth, squared, rounding)  # type: ignore[arg-type]
    added = growth * (error * start + curvature * squared + defect) + rounding
    # Below: sums of nonnegative numbers, eight roundings are under 2^-48. Above: the norm of the
    # identity is found from a trace of its powers, and every one is rounded up.
    above = norm_excess(2, network_ellipsoid.SQUARINGS) ** 0.5 * UP**4
    assert (start + added) * (1 - 2.0**-48) <= bound <= (start + added) * above


def norm_excess(size: int, squarings: int) -> float:
    """How much too large a spectral norm may be: the root of A^T A to a power 2^squarings.

    Of that power ||P||_F is at most sqrt(size) ||P||, and every root is rounded up.
    """
    return float(size ** (0.5 ** (squarings + 2)) * UP ** (squarings + 2))


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_ellipsoid_holds_every_sum_of_carried_errors(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 5))
    ellipsoid, first = ErrorEllipsoid(size, 2.0), rng.normal(size=(200, size))
    errors = 2 * first / np.linalg.norm(first, axis=1, keepdims=True)
    carried, largest, rounding = np.eye(size), 0.0, 0.0
    for _ in range(6):
        matrix = rng.normal(size=(size, size)) * rng.choice([0.1, 1, 10])
        committed = float(rng.choice([0, 0.01, 1]))
        # Rounding of these vectors, carried as they are.
        rounding += size * EPS * np.linalg.norm(errors, axis=1).max()
        rounding *= np.linalg.norm(matrix)
        errors = errors @ matrix.T
        lengths = np.linalg.norm(errors, axis=1, keepdims=True) + 1e-300
        errors += committed * errors / lengths  # the worst of each moment
        bound = ellipsoid.advance(matrix, committed)
        rounding += (size + 4) * EPS * np.linalg.norm(errors, axis=1).max()
        assert bound >= np.linalg.norm(errors, axis=1).max() - rounding
        carried = matrix @ carried
        largest = max(largest, committed)
        if not largest:  # one ball alone is carried without any loss
            above = norm_excess(size, network_ellipsoid.SQUARINGS) ** 0.5 * (1 + 2.0**-20)
            assert bound <= 2 * np.linalg.norm(carried, 2) * above


@settings(max_examples=6)
@given(st.integers(0, 10**9))
def test_step_matrix_is_the_derivative_of_the_step(seed: int) -> None:
    """Against central differences of the step itself, in 100 bits."""
    data, _ = random_problem(random.Random(seed))
    bits, away = 100, Fraction(1, 2**40)
    engine, step = DigitEngine(data, bits, 30), data.tau / 20

    def flow(shift: tuple[int, int, int, Fraction] | None) -> Expansion | None:
        moved = [[list(row) for row in w] for w in data.weights]
        if shift:
            layer, i, j, by = shift
            moved[layer][i][j] += by
        return engine.expand(
            [flint.fmpz_mat([[int(x * 2**bits) for x in row] for row in w]) for w in moved], step
        )

    while (found := flow(None)) is None:
        step *= Fraction(3, 4)
    made = Propagator(data).step(found, network_defect(found, data.inputs_norm))
    places = [(k, i, j) for k, (n, m) in enumerate(data.shapes) for i in range(n) for j in range(m)]
    for column, place in enumerate(places):
        ends = [flow((*place, by)) for by in (away, -away)]
        assert ends[0] is not None
        assert ends[1] is not None
        up, down = (
            [int(x) for w in end.coefficients.at(Fraction(1))[0] for x in w.entries()]
            for end in ends
        )
        slope = np.array(
            [float(Fraction(a - b, 2**bits) / (2 * away)) for a, b in zip(up, down, strict=True)]
        )
        # The third derivative enters with 2^-80, rounding with 2^-58.
        gap = np.linalg.norm(slope - made.matrix[:, column])
        assert gap <= 2 * made.error + 2.0**-45 * np.linalg.norm(slope)


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_norms_are_upper_bounds_and_close(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, 9, 2)
    scale = 10.0 ** rng.integers(-200, 200)
    wild = rng.normal(size=(5, *shape)) * scale
    wild[0] = 0
    exact = np.linalg.norm(wild, 2, axis=(1, 2))
    found = spectral_norms(wild)
    # A singular value is found to within max(n, m) EPS of the largest one.
    rounding = max(shape) * EPS
    assert np.all(found >= exact * (1 - rounding))
    assert np.all(found[1:] <= exact[1:] * norm_excess(min(shape), network_growth.SQUARINGS))
    square = np.abs(rng.normal(size=(4, shape[0], shape[0])))
    values, vectors = np.linalg.eig(square)
    # The eigenvector of the radius is positive, and the least (A x)/x is below the radius.
    perron = [np.abs(x[:, np.argmax(np.abs(w))]) for w, x in zip(values, vectors, strict=True)]
    radius = np.array([np.min(a @ x / x) for a, x in zip(square, perron, strict=True)])
    bound = largest_eigenvalue_bound(square)
    assert np.all(bound >= radius * (1 - rounding))
    assert np.all(bound <= radius * 1.2)


def exact_series(found: Expansion) -> list[list[flint.fmpq_mat]]:
    """The stored coefficients of v^k, digit by digit, as rationals."""
    stored = found.coefficients
    assert isinstance(stored, network_packed.DigitCoefficients)
    layout, rows = stored.layout, stored.packed.tolist()
    form, series, place = layout.form, [], 0
    for planes in layout.planes:
        numbers = [
            sum(
                flint.fmpq(int(rows[place + d][e]))
                * flint.fmpq(2) ** (form.beta * (form.integer - d))
                for d in range(planes)
            )
            for e in range(len(rows[0]))
        ]
        series.append(numbers)
        place += planes
    layers, start = [], 0
    for n, m in stored.shapes:
        layers.append([flint.fmpq_mat(n, m, x[start : start + n * m]) for x in series])
        start += n * m
    return layers


def exact_defect(found: Expansion, data: TrainingData) -> flint.arb:
    """sum_l sum_k ||d_(l,k)||_F v^(k+1)/(k+1) of W' - rate G(W), in exact rationals, at the end."""
    series, order = exact_series(found), found.order
    sigma = None if data.inputs is None else flint.fmpq_mat(rationals(data.inputs))
    product = series[0]
    prefix = [product]
    for w in series[1:]:
        product = convolution(w, product)
        prefix.append(product)
    error = [-(c if sigma is None else c * sigma) for c in product]
    error[0] += flint.fmpq_mat(rationals(data.target))
    rate = found.rate * found.scaling
    factor, end = flint.fmpq(rate.numerator, rate.denominator), found.ratio / found.scaling
    total = flint.arb(0)
    for i in reversed(range(len(series))):
        below = [c.transpose() for c in prefix[i - 1]] if i else None
        field = convolution(error, below) if below else error
        for k, g in enumerate(field):
            defect = g * factor
            if k < order:
                defect -= series[i][k + 1] * (k + 1)
            square = sum((x * x for x in defect.entries()), flint.fmpq(0))
            total += flint.arb(square).sqrt() * exact_ball(end) ** (k + 1) / (k + 1)
        error = convolution([c.transpose() for c in series[i]], error)
    return total


def rationals(rows: Rows) -> list[list[flint.fmpq]]:
    return [[flint.fmpq(x.numerator, x.denominator) for x in row] for row in rows]


def convolution(a: list[flint.fmpq_mat], b: list[flint.fmpq_mat]) -> list[flint.fmpq_mat]:
    found = [flint.fmpq_mat(a[0].nrows(), b[0].ncols())] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            found[i + j] = found[i + j] + x * y
    return found


Bound = Callable[[Expansion, Fraction], Defect]


def claimed_and_exact(
    seed: int, bound: Bound = network_defect, longest: bool = False, size: int = 1
) -> tuple[flint.arb, flint.arb]:
    """Bound and truth for a step of random length, or for one that fills the digits.

    The weights are `size` times as large as usual, with the target and the time scale to match.
    """
    rng, bits, order = random.Random(seed), 60, 8
    data, _ = random_problem(rng)
    depth = len(data.weights)
    data = replace(
        data,
        weights=[[[size * x for x in row] for row in w] for w in data.weights],
        target=[[size**depth * x for x in row] for row in data.target],
        tau=data.tau * size ** (2 * depth - 2),
    )
    engine = DigitEngine(data, bits, order)
    assert size == 1 or engine.form.integer > 0
    start = [flint.fmpz_mat([[int(x * 2**bits) for x in row] for row in w]) for w in data.weights]
    step = data.tau if longest else data.tau / rng.choice([30, 300, 3000])
    while (found := engine.expand(start, step)) is None:
        step *= Fraction(3, 4)
    ratio = Fraction(1) if longest else Fraction(rng.randint(1, 8), 8)
    found = replace(found, ratio=ratio)
    defect = bound(found, data.inputs_norm)
    with working_precision(BITS):
        unit = flint.arb(2) ** -bits
        return flint.arb(defect.rounding + defect.tail) * unit, exact_defect(found, data)


@settings(max_examples=30)
@given(st.integers(0, 10**9))
def test_defect_bound_covers_the_exact_defect(seed: int) -> None:
    for longest in (False, True):
        claimed, exact = claimed_and_exact(seed, longest=longest)
        assert bool(exact <= claimed)


@settings(max_examples=4)
@given(st.integers(0, 10**9))
def test_defect_bound_covers_numbers_with_digits_above_the_unit(seed: int) -> None:
    claimed, exact = claimed_and_exact(seed, size=10**8)
    assert bool(exact <= claimed)


@pytest.mark.parametrize(("planted", "longest"), [(without_tail, True), (without_rounding, False)])
def test_half_a_defect_does_not_cover_the_exact_one(planted: Bound, longest: bool) -> None:
    """Planted: the remainder, or all rounding, is left out of the bound."""
    pairs = [claimed_and_exact(seed, planted, longest) for seed in range(12)]
    assert sum(bool(exact > claimed) for claimed, exact in pairs) >= 6


def test_dropping_one_digit_more_than_declared_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: every order keeps a digit fewer, the declared rounding stays."""
    made = network_packed.Layout.of

    def fewer(*arguments: Any) -> network_packed.Layout:
        layout = made(*arguments)
        return replace(layout, planes=[max(1, d - 1) for d in layout.planes])

    monkeypatch.setattr(network_packed.Layout, "of", fewer)
    pairs = [claimed_and_exact(seed) for seed in range(6)]
    assert sum(bool(exact > claimed) for claimed, exact in pairs) >= 4
