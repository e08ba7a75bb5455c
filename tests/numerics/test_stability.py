"""Steps that are too long: the bound is right, it is named, and no stable run is refused."""

from __future__ import annotations

import math
import re
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics import stability
from lemmata.numerics.curvature_bounds import curvature_bound, sharp_networks, spectral_bound
from lemmata.numerics.descent import descend
from lemmata.numerics.flow_state import FlowState
from lemmata.numerics.gradient_flow import integrate_flow, suggest_step
from lemmata.numerics.modes import small_random_start
from lemmata.numerics.stability import (
    DENSE,
    SHARPNESS,
    UnstableStepWarning,
    largest_curvature,
    stable_step,
)
from lemmata.numerics.tableaus import DOP853, EULER, RK4

EPS = float(np.finfo(np.float64).eps)
seeds = st.integers(0, 2**32 - 1)
quick = settings(max_examples=15, deadline=None)


def growth(tableau, x):
    """What a step does to y' = -x y with unit step, from the stages."""
    stages = []
    for row in tableau.A:
        stages.append(-x * (1 + sum(a * k for a, k in zip(row, stages, strict=False))))
    return 1 + sum(b * k for b, k in zip(tableau.b, stages, strict=True))


@pytest.mark.parametrize(
    ("tableau", "known"), [(EULER, "2.0"), (RK4, "2.785293563405282"), (DOP853, "6.39")]
)
def test_the_stability_interval_ends_where_a_step_grows(tableau, known):
    end = tableau.stability
    # The growth is a polynomial whose terms, in absolute value, are at most those of exp(x), about
    # 2 exp(x) with signs in the stages; roots err by its rounding over its slope, about 1 or more.
    rounding = 4 * tableau.stages * EPS * math.exp(end)
    digit = 10.0 ** -len(known.partition(".")[2])
    assert end == pytest.approx(float(known), abs=digit / 2 + rounding)
    inside = np.linspace(0, end - rounding, 500)
    assert np.all(np.abs(growth(tableau, inside)) <= 1 + rounding)
    assert abs(growth(tableau, end - rounding)) < 1 < abs(growth(tableau, end + 2 * rounding))


def rounding_of_differences(weights, cross, square):
    """What two Hessians from differences of the field err by, in norm: with steps l, and 1 here.

    Along a single weight the field is a polynomial of second degree, whose central differences are
    exact but for rounding of the field over the step. The loss is a homogeneous polynomial of
    degree n = 2 D, at most |S| (r^2/D)^D / 2 at distance r from 0, and one of degree D, at most
    |C| (r^2/D)^(D/2): n/r times that bounds a gradient (Banach).
    """
    depth, size = len(weights), sum(w.size for w in weights)
    r = math.sqrt(sum(float(np.sum(w**2)) for w in weights))
    operations = 2 * sum(sum(w.shape) for w in weights)
    parts = [(2 * depth, np.linalg.norm(square) / 2), (depth, np.linalg.norm(cross))]

    def field(r):
        return operations * EPS * sum(n / r * s * (r * r / depth) ** (n / 2) for n, s in parts)

    length = EPS ** (1 / 3) * (1 + r)
    return math.sqrt(size) * (field(r + length) / length + field(r + 1))


@quick
@given(seeds, st.sampled_from([(2, 3, 2), (3, 2), (2, 2, 2, 2), (5, 6, 4)]))
def test_the_curvature_is_the_largest_eigenvalue_of_the_hessian(seed, sizes):
    rng = np.random.default_rng(seed)
    weights = small_random_start(sizes, 0.7, rng)
    x = rng.normal(size=(sizes[0], 8))
    square = (x @ x.T + (x @ x.T).T) / 16
    cross = rng.normal(size=(sizes[-1], sizes[0]))
    flow = FlowState(weights, cross, square)
    hessian = np.zeros((flow.size, flow.size))
    for i, shift in enumerate(np.eye(flow.size)):
        ahead = flow.field(flow.state + shift, np.empty(flow.size))
        behind = flow.field(flow.state - shift, np.empty(flow.size))
        hessian[i] = (behind - ahead) / 2
    exact = np.linalg.eigvalsh((hessian + hessian.T) / 2)[-1]
    found = largest_curvature(weights, cross, square)
    allowed = rounding_of_differences(weights, cross, square)
    if flow.size > DENSE:  # by the Lanczos method, along any directions
        allowed += SHARPNESS * exact
    assert found == pytest.approx(exact, abs=allowed)


@quick
@given(st.floats(0.5, 3), st.sampled_from(["rk4", "dop853", "descent"]), st.floats(0.25, 4))
def test_the_bound_separates_settling_from_leaving(strength, method, tau):
    root = math.sqrt(strength)
    # At the balanced minimum of w2 w1 = s the Hessian has the eigenvalues 2 s and 0.
    bound = stable_step([[[root]], [[root]]], [[strength]], method=method, tau=tau)
    interval = {"rk4": RK4, "dop853": DOP853, "descent": EULER}[method].stability
    layers = [np.array([[root]])] * 2
    doubt = rounding_of_differences(layers, [[strength]], [[1.0]]) / (2 * strength)
    assert bound == pytest.approx(interval * tau / (2 * strength), rel=doubt, abs=0)
    off = 1e-6
    near = [[[root * (1 + off)]], [[root * (1 + off)]]]

    def left(step):
        if method == "descent":
            one = [[1.0]]
            run = descend(
                near, one, [[strength]], lambda_=step / tau, iterations=[200], allow_unstable=True
            )
        else:
            run = integrate_flow(
                near,
                [[strength]],
                times=200 * step,
                step=step * (1 + EPS),
                tau=tau,
                method=method,
                allow_unstable=True,
            )
        return abs(run.maps[..., 0, 0] - strength).max()

    # The start is off by 2 off s: that shrinks, or grows.
    assert left(bound * 0.97) < left(0.01 * bound) + 2 * off * strength
    assert left(bound * 1.03) > 5 * 2 * off * strength


def test_a_loss_that_grows_is_refused_with_the_bound():
    weights, target = [np.eye(2) * 1.5, np.eye(2) * 1.5], np.diag([2.0, 1.0])
    with pytest.raises(
        FloatingPointError, match=r"loss of network 0 grows from .*step=2.0"
    ) as told:
        integrate_flow(weights, target, times=[2.0, 4.0], step=2.0, method="rk4")
    bound = float(re.search(r"give step below ([\d.e+-]+)", str(told.value))[1])
    assert bound < 2.0
    integrate_flow(weights, target, times=[2.0, 20.0], step=0.99 * bound, method="rk4")
    assert integrate_flow(
        weights, target, times=[2.0], step=2.0, method="rk4", allow_unstable=True
    ).maps.shape == (1, 2, 2)


def wild(seed, batch=3, layers=5):
    """Deep networks whose loss falls although steps of 1/64 are too long for their path."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(4, 9))
    weights = [0.3 * rng.normal(size=(batch, 4, 4)) for _ in range(layers)]
    square = x @ x.T / 9
    return weights, 1.5 * rng.normal(size=(4, 4)), (square + square.T) / 2


@pytest.mark.parametrize("records", [1, 26])
@pytest.mark.parametrize("seed", [1, 7, 8])
def test_a_step_too_long_where_networks_are_recorded_is_refused(seed, records):
    weights, cross, square = wild(seed)
    times = np.linspace(0, 5, records) if records > 1 else [5.0]
    options = {"times": times, "step": 1 / 64, "method": "rk4"}
    wrong = integrate_flow(weights, cross, square, allow_unstable=True, **options)
    # The loss gives nothing away.
    assert np.all(np.diff(wrong.loss, axis=0) < 0)
    with pytest.raises(FloatingPointError, match=r"network \d is recorded where .*step=0.015625"):
        integrate_flow(weights, cross, square, **options)


def test_following_what_is_told_ends_with_the_right_weights():
    weights, cross, square = wild(8)
    step, refusals = 1 / 64, 0
    while True:
        try:
            found = integrate_flow(weights, cross, square, times=5.0, step=step, method="rk4")
            break
        except FloatingPointError as error:
            shorter = float(re.search(r"give step below ([\d.e+-]+)", str(error))[1])
            assert shorter < step
            step, refusals = shorter / 2, refusals + 1
    assert 1 <= refusals <= 4
    exact = integrate_flow(weights, cross, square, times=5.0, step=1 / 1024)
    # Order 4 at a step near the stability bound: some percent, where unstable steps err by one.
    assert np.abs(found.maps - exact.maps).max() < 0.1


@quick
@given(seeds, st.sampled_from([(2, 3, 2), (3, 2), (4, 2, 3, 4), (3, 3, 3, 3, 3)]), st.booleans())
def test_the_bounds_are_above_the_curvature_and_leave_no_network_out(seed, sizes, white):
    rng = np.random.default_rng(seed)
    weights = small_random_start(sizes, 1.0, rng, 4)
    x, y = rng.normal(size=(sizes[0], 9)), rng.normal(size=(sizes[-1], 9))
    square = None if white else (x @ x.T + (x @ x.T).T) / 18
    state = FlowState(weights, y @ x.T / 9, square)
    loss, exact = state.loss(state.layers), largest_curvature(weights, y @ x.T / 9, square)
    bound = curvature_bound(weights, loss, square)
    # The curvature is known to within SHARPNESS.
    assert np.all(exact <= bound * (1 + SHARPNESS))
    limit = float(np.median(exact))
    found = sharp_networks(state, state.layers, loss, limit / (1 + SHARPNESS))
    assert set(np.flatnonzero(exact > limit)) <= set(found)
    assert np.array_equal(np.sort(bound[found])[::-1], bound[found])
    for layer in weights:
        norms = np.linalg.norm(layer, 2, axis=(-2, -1))
        assert np.all(spectral_bound(layer) >= norms * (1 - 100 * EPS))
        assert np.all(spectral_bound(layer) <= norms * 5 ** (1 / 32) * (1 + 100 * EPS))


def test_no_exact_curvature_is_computed_where_steps_are_short(monkeypatch):
    def fail(*_):
        raise AssertionError("computed")

    weights, cross, square = wild(3, batch=200, layers=2)
    monkeypatch.setattr(stability, "curvature", fail)
    integrate_flow(weights, cross, square, times=np.linspace(0, 2, 9), step=1 / 64, method="rk4")


def test_an_overflow_names_the_bound():
    with pytest.raises(
        FloatingPointError, match=r"overflow: step=50.0 .* stable below 6.394 / "
    ) as told:
        integrate_flow([[[3.0]], [[3.0]]], [[1.0]], times=1000.0, step=50.0)
    bound = float(re.search(r"give step below ([\d.e+-]+)", str(told.value))[1])
    # Near rest a step multiplies what is left by exp(-2 step), and rounds two weights, each by the
    # stages' weights and a sum; the loss is half the square of twice that.
    rounding = 2 * (DOP853.weight + 1) * EPS / (1 - math.exp(-2 * bound))
    settled = integrate_flow([[[3.0]], [[3.0]]], [[1.0]], times=1000.0, step=bound)
    assert settled.loss[0] < 2 * rounding**2
    with pytest.raises(FloatingPointError, match=r"lambda_=9.0 is too large; .* 2 / 11:"):
        descend([[[2.0]], [[2.0]]], [[1.0]], [[1.0]], lambda_=9.0, iterations=50)


def test_the_tau_of_the_bound_is_told():
    with pytest.raises(FloatingPointError, match=r"times tau=8: give step below"):
        integrate_flow([[[3.0]], [[3.0]]], [[1.0]], times=9000.0, step=400.0, tau=8.0)


def test_descent_warns_once_and_goes_on():
    weights, x, y = [[[1.5]], [[1.5]]], [[1.0]], [[1.0]]
    with pytest.warns(
        UnstableStepWarning, match=r"lambda_=1.5 is too large.*stable below 2 /"
    ) as seen:
        record = descend(weights, x, y, lambda_=1.5, iterations=[0, 1, 2, 3, 4])
    assert len(seen) == 1
    assert record.weights[0].shape == (5, 1, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        descend(weights, x, y, lambda_=1.5, iterations=[1, 2, 3, 4], allow_unstable=True)


@quick
@given(seeds, st.sampled_from(["rk4", "dop853"]), st.sampled_from(["float64", "float32"]))
def test_no_stable_run_is_refused(seed, method, dtype):
    rng = np.random.default_rng(seed)
    weights = small_random_start((3, 4, 2), 0.5, rng, 5)
    cross = rng.normal(size=(2, 3))
    step = suggest_step(weights, cross)
    times = np.arange(40) * 3 * step
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # To times when nothing but rounding is left of the loss.
        record = integrate_flow(
            weights,
            cross,
            times=[*times, 400 * step, 403 * step],
            step=step,
            method=method,
            dtype=dtype,
        )
    assert np.all(record.loss[-1] <= record.loss[0])


def test_a_wrong_method_is_named():
    with pytest.raises(ValueError, match="method='euler': give 'rk4', 'dop853' or 'descent'"):
        stable_step([[[1.0]]], [[1.0]], method="euler")
    with pytest.raises(ValueError, match="method='euler': give one of 'dop853', 'rk4'"):
        integrate_flow([[[1.0]]], [[1.0]], times=1.0, method="euler")
    assert stable_step([[[0.0]], [[0.0]]], [[0.0]]) == math.inf
