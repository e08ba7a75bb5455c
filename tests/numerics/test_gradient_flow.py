"""The integrator against its order, the flow's symmetries, and solutions found another way."""

from __future__ import annotations

import math
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.flow_state import FlowState
from lemmata.numerics.gradient_flow import (
    integrate_flow,
    integrate_flow_adaptively,
    suggest_step,
    with_error_budget,
)
from lemmata.numerics.modes import conserved_matrices, haar_orthogonal, small_random_start
from lemmata.numerics.runge_kutta import ORDER, STAGE_WEIGHT, WEIGHT, AdaptiveStepper, Dop853
from scipy.linalg import expm, expm_cond

EPS = float(np.finfo(np.float64).eps)
seeds = st.integers(0, 2**32 - 1)
quick = settings(max_examples=15, deadline=None)
SHARP = 1e-6
"""How small a budget has to be beside what it is compared with, or nothing is told by that:
no tolerance."""


@st.composite
def problems(draw, depths=(1, 2, 3), batch=None, white=None):
    """A random network of a random shape, and correlations of more examples than inputs."""
    rng = np.random.default_rng(draw(seeds))
    depth = draw(st.sampled_from(depths))
    sizes = [draw(st.integers(1, 4)) for _ in range(depth + 1)]
    x, y = rng.normal(size=(sizes[0], 9)), rng.normal(size=(sizes[-1], 9))
    weights = small_random_start(sizes, 0.5, rng, batch)
    if draw(st.booleans()) if white is None else white:
        return weights, y @ x.T / 9, None, rng
    square = x @ x.T / 9
    return weights, y @ x.T / 9, (square + square.T) / 2, rng


def distance(a, b):
    return np.linalg.norm(a - b, axis=(-2, -1))


def step_method(field, state, step):
    state = np.array(state, dtype=float)
    Dop853(field, len(state)).advance(state, step)
    return state


def linear(y, out):
    out[:] = y


def test_the_tableau_has_order_eight_and_not_nine():
    # On y' = y a step is a polynomial in h of degree 12: its coefficients come from 13 values.
    with mpmath.workdps(40):
        nodes = [mpmath.mpf(k) for k in range(13)]
        values = [mpmath.mpf(float(step_method(linear, [1.0], float(h))[0])) for h in nodes]
        vandermonde = mpmath.matrix(13, 13)
        for i, h in enumerate(nodes):
            for k in range(13):
                vandermonde[i, k] = h**k
        inverse = vandermonde**-1
        coefficients = inverse * mpmath.matrix(values)
        for k in range(ORDER + 2):
            # Each value errs by its rounding: the stages and weights in absolute value.
            rounding = sum(
                abs(inverse[k, i]) * EPS * (1 + h * WEIGHT + h * h * STAGE_WEIGHT) * 13 * values[i]
                for i, h in enumerate(nodes)
            )
            deviation = abs(coefficients[k] - 1 / mpmath.factorial(k))
            assert (deviation <= rounding) == (k <= ORDER)


@quick
@given(seeds, st.sampled_from([2, 3]))
def test_halving_the_step_divides_the_error_by_two_to_the_eighth(seed, depth):
    rng = np.random.default_rng(seed)
    weights = [
        haar_orthogonal(3, rng, 40) * np.array([1.2, 0.9, 0.6]) @ haar_orthogonal(3, rng, 40)
        for _ in range(depth)
    ]
    target = haar_orthogonal(3, rng) * np.array([2.0, 1.5, 1.0])
    maps = [
        integrate_flow(weights, target, times=1.0, step=1.0 / count).maps
        for count in depth**2 * np.array([2, 4, 8, 16])
    ]
    changes = [float(np.linalg.norm(a - b)) for a, b in pairwise(maps)]
    first, second = (math.log2(a / b) for a, b in pairwise(changes))
    # An error c h^8 + d h^9 has slopes 8 + k h + O(h^2): extrapolating removes k, and what is left
    # must be nearer to 8 than to the next order.
    assert abs(2 * second - first - ORDER) < 0.5


@quick
@given(problems())
def test_the_field_is_minus_the_gradient_of_the_squared_error(problem):
    weights, cross, square, rng = problem
    flow = FlowState(weights, cross, square)
    velocity = np.empty_like(flow.state)
    flow.field(flow.state, velocity)
    direction = rng.normal(size=velocity.shape)
    inner = np.eye(cross.shape[1]) if square is None else square

    def error(state):
        product = np.eye(cross.shape[1])
        start = 0
        for layer in weights:
            product = state[start : start + layer.size].reshape(layer.shape) @ product
            start += layer.size
        return np.sum(product @ inner * product) / 2 - np.sum(product * cross)

    # The complex step has no cancellation and, at 1e-30, no truncation: only rounding is left.
    slope = error(flow.state + 1e-30j * direction).imag / 1e-30
    norms = [np.linalg.norm(layer) for layer in weights]
    spread = math.prod(max(n, 1) for n in norms)
    size = (np.linalg.norm(cross) + spread * np.linalg.norm(inner)) * spread
    operations = 4 * sum(layer.size for layer in weights) + 4 * inner.size
    bound = operations * EPS * size * np.linalg.norm(direction) * len(weights)
    assert abs(slope + velocity @ direction) <= bound


@quick
@given(problems(depths=(2, 3)))
def test_the_differences_of_layers_are_conserved(problem):
    weights, cross, square, _ = problem
    step = suggest_step(weights, cross, square)
    times = [0.0, 0.5, 2.0]
    coarse = integrate_flow(weights, cross, square, times=times, step=step)
    fine = integrate_flow(weights, cross, square, times=times, step=step / 2)
    errors = [
        np.linalg.norm((a - b).reshape(3, -1), axis=1)
        for a, b in zip(coarse.weights, fine.weights, strict=True)
    ]
    sizes = [np.linalg.norm(w.reshape(3, -1), axis=1).max() for w in fine.weights]
    total, change = max(sizes), np.linalg.norm(np.concatenate(errors))
    # Rounding of one step: unlike errors of the weights, errors of C only add up. A step moves no
    # more than the weights themselves, as it is shorter than the inverse of the fastest rate.
    operations = sum(sum(w.shape) for w in weights) * (WEIGHT + STAGE_WEIGHT)
    rounding = (fine.steps + 1) * operations * EPS * 4 * max(total, 1) ** 2
    matrices = conserved_matrices(fine.weights)
    for C, below, above in zip(matrices, errors[:-1], errors[1:], strict=True):
        step_error = 2 * total * (below + above) + below**2 + above**2
        assert np.all(distance(C, C[0]) <= step_error + rounding)
    # No tolerance: what is allowed must be small beside what is learned, or nothing is tested.
    assert rounding + change < 1e-3 * np.linalg.norm(fine.weights[0][-1] - fine.weights[0][0])


@quick
@given(problems(batch=3))
def test_a_batch_is_its_networks_one_by_one(problem):
    weights, cross, square, rng = problem
    step = suggest_step(weights, cross, square)
    together = with_error_budget(weights, cross, square, times=[0.3, 2.0], step=step, rng=rng)
    for i in range(3):
        alone = integrate_flow([w[i] for w in weights], cross, square, times=[0.3, 2.0], step=step)
        budget = together.budget.total[:, i]
        assert np.all(distance(alone.maps, together.record.maps[:, i]) <= budget)
        assert np.all(budget <= SHARP * np.linalg.norm(cross))


@quick
@given(problems(depths=(2, 3)))
def test_rotations_of_inputs_hidden_units_and_outputs_commute_with_the_flow(problem):
    weights, cross, square, rng = problem
    frames = [haar_orthogonal(w.shape[1], rng) for w in weights]
    frames.append(haar_orthogonal(len(cross), rng))
    rotated = [
        above @ w @ below.T
        for w, below, above in zip(weights, frames[:-1], frames[1:], strict=True)
    ]
    turned = None if square is None else frames[0] @ square @ frames[0].T
    turned = None if turned is None else (turned + turned.T) / 2
    step = suggest_step(weights, cross, square)
    times = [0.1, 1.0]
    first = with_error_budget(weights, cross, square, times=times, step=step, rng=rng)
    second = with_error_budget(
        rotated, frames[-1] @ cross @ frames[0].T, turned, times=times, step=step, rng=rng
    )
    expected = frames[-1] @ first.record.maps @ frames[0].T
    allowed = first.budget.terms["roundoff"] + second.budget.terms["roundoff"]
    # The frames themselves are orthogonal to rounding only, and applied once to the result.
    allowed = allowed + 8 * 4 * EPS * np.linalg.norm(expected, axis=(-2, -1))
    assert np.all(distance(second.record.maps, expected) <= allowed)


@quick
@given(problems(depths=(1,), white=False), st.floats(0.1, 5))
def test_a_shallow_network_follows_the_matrix_exponential(problem, time):
    (weight,), cross, square, rng = problem
    outputs, inputs = cross.shape
    generator = np.zeros((inputs + outputs, inputs + outputs))
    generator[:inputs, :inputs], generator[inputs:, :inputs] = -square, cross
    propagator = expm(time * generator)
    expected = np.hstack([weight, np.eye(outputs)]) @ propagator[:, :inputs]
    step = suggest_step([weight], cross, square) / 4
    flow = with_error_budget([weight], cross, square, times=time, step=step, rng=rng)
    size = np.linalg.norm(propagator) * (np.linalg.norm(weight) + math.sqrt(outputs))
    exponential = len(generator) * EPS * (1 + expm_cond(time * generator)) * size
    budget = flow.budget.plus(exponential=exponential)
    assert budget.explains(distance(flow.record.maps, expected))
    assert np.all(budget.total < SHARP * (np.linalg.norm(weight) + np.linalg.norm(expected)))


def test_the_budget_covers_the_error_and_little_else():
    a, b, s = 0.02, 0.5, 3.0
    with mpmath.workdps(30):
        reference = mpmath.odefun(
            lambda t, w: [w[1] * (s - w[0] * w[1]), w[0] * (s - w[0] * w[1])],
            0,
            [mpmath.mpf(a), mpmath.mpf(b)],
        )
        exact = [float(mpmath.fprod(reference(t))) for t in (0.5, 1.5)]
        late = [float(mpmath.fprod(reference(t * (1 + 1e-7)))) for t in (0.5, 1.5)]
    flow = with_error_budget([[[a]], [[b]]], [[s]], times=[0.5, 1.5], rng=np.random.default_rng(1))
    measured = flow.record.maps[:, 0, 0]
    assert flow.budget.explains(measured - exact)
    assert not flow.budget.explains(measured - late)


def test_a_step_too_long_is_owned_up_in_the_budget():
    weights, rng = [np.eye(2), np.eye(2)], np.random.default_rng(2)
    fine = integrate_flow(weights, np.diag([3.0, 1.0]), times=2.0)
    rough = with_error_budget(weights, np.diag([3.0, 1.0]), times=2.0, step=1.0, rng=rng)
    error = distance(rough.record.maps, fine.maps)
    assert rough.budget.dominant == "step"
    assert error > rough.budget.terms["roundoff"]
    assert rough.budget.explains(error)


@pytest.mark.parametrize("tau", [0.25, 8.0])
def test_tau_is_the_unit_of_time(tau):
    weights = small_random_start((3, 2, 4), 0.3, np.random.default_rng(3))
    target = np.arange(12.0).reshape(4, 3) / 12
    unit = integrate_flow(weights, target, times=[1.0, 2.0])
    scaled = integrate_flow(weights, target, times=[tau, 2 * tau], tau=tau)
    assert np.array_equal(unit.maps, scaled.maps)


@quick
@given(problems(depths=(1,), white=True), st.sampled_from([1e-4, 1e-7, 1e-10]))
def test_error_control_keeps_its_promise_where_errors_cannot_grow(problem, rtol):
    weights, cross, _, rng = problem
    record = integrate_flow_adaptively(weights, cross, times=[1.0, 4.0], rtol=rtol, atol=rtol)
    exact = with_error_budget(weights, cross, times=[1.0, 4.0], rng=rng)
    per_step = rtol * (1 + max(np.abs(cross).max(), np.abs(weights[0]).max()))
    promised = record.steps * per_step * math.sqrt(cross.size) + exact.budget.total
    assert np.all(distance(record.maps, exact.record.maps) <= promised)


def test_error_control_rejects_steps_that_are_too_long():
    def fast(y, out):
        out[:] = -50 * y

    tol = 1e-8
    stepper, state = AdaptiveStepper(fast, 1, tol, tol), np.ones(1)
    proposed = stepper.advance(state, 1.0, first_step=1.0)
    assert stepper.rejected > 0
    assert proposed < 1
    # A step errs by rtol |y| + atol at most, |y| is below 1, and errors decay.
    assert abs(state[0]) <= stepper.accepted * 2 * tol


def test_error_control_gives_up_where_the_field_has_a_pole():
    def pole(y, out):
        out[:] = y * y

    with pytest.raises(FloatingPointError, match="rtol"):
        AdaptiveStepper(pole, 1, 1e-8, 1e-8).advance(np.ones(1), 2.0, 0.1)


def test_the_loss_is_zero_at_the_best_linear_map_and_the_squared_error_above_it():
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(3, 7)), rng.normal(size=(2, 7))
    square = (x @ x.T + (x @ x.T).T) / 2
    record = integrate_flow([rng.normal(size=(2, 3))], y @ x.T, square, times=[0.0, 0.1])
    best = np.linalg.lstsq(x.T, y.T)[0].T
    lost = [np.sum((y - w @ x) ** 2) / 2 for w in record.maps]
    least = np.sum((y - best @ x) ** 2) / 2
    bound = 7 * 3 * EPS * np.linalg.cond(square) * (lost[0] + np.linalg.norm(y) ** 2)
    assert np.all(np.abs(record.loss - (np.array(lost) - least)) <= bound)
    assert record.loss[1] < record.loss[0]


GOOD = {"weights": [np.eye(2), np.eye(2)], "Sigma31": np.eye(2), "times": [1.0]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": []}, "weights is empty"),
        ({"weights": [np.eye(2), np.ones((2, 3))]}, r"weights\[1\] has shape \(2, 3\)"),
        ({"weights": [np.eye(2), np.ones((4, 2, 2))]}, r"weights\[1\] has shape \(4, 2, 2\)"),
        ({"weights": [np.eye(2), [[1, np.nan], [0, 1]]]}, r"weights\[1\]\[0, 1\] is nan"),
        ({"weights": [np.zeros((0, 2))]}, r"weights\[0\] has shape \(0, 2\)"),
        ({"Sigma31": np.eye(3)}, r"Sigma31 has shape \(3, 3\): these networks need \(2, 2\)"),
        ({"Sigma11": np.eye(3)}, r"Sigma11 has shape \(3, 3\)"),
        ({"Sigma11": [[1, 1], [0, 1]]}, "Sigma11 is not symmetric"),
        ({"Sigma11": [[1, 0], [0, 0]]}, "outside the row space of Sigma11"),
        ({"times": []}, "times"),
        ({"times": [-1.0]}, "times"),
        ({"times": [2.0, 1.0]}, "times"),
        ({"times": [np.inf]}, "times"),
        ({"tau": 0.0}, "tau=0.0"),
        ({"step": -1.0}, "step=-1.0"),
    ],
)
def test_bad_arguments_are_named(change, message):
    arguments = {**GOOD, **change}
    weights, cross = arguments.pop("weights"), arguments.pop("Sigma31")
    with pytest.raises(ValueError, match=message):
        integrate_flow(weights, cross, **arguments)


def test_an_overflow_names_the_step():
    with pytest.raises(FloatingPointError, match="step=50"):
        integrate_flow([[[3.0]], [[3.0]]], [[1.0]], times=1000.0, step=50.0)
