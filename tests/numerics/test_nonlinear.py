"""Nonlinear networks: gradients found in three other ways, and the flow against its order."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.activations import ACTIVATIONS, as_activations
from lemmata.numerics.arrays import NUMPY
from lemmata.numerics.descent import descend
from lemmata.numerics.gradient_flow import integrate_flow, with_error_budget
from lemmata.numerics.modes import small_random_start
from lemmata.numerics.nonlinear_flow import (
    integrate_nonlinear_flow,
    integrate_nonlinear_flow_adaptively,
    nonlinear_flow_with_error_budget,
    stream_nonlinear_flow,
)
from lemmata.numerics.nonlinear_state import ExampleState
from scipy import special

EPS = float(np.finfo(np.float64).eps)
seeds = st.integers(0, 2**32 - 1)
quick = settings(max_examples=15, deadline=None)

# Written again for complex numbers: the complex step needs analytic functions.
COMPLEX = {
    "linear": lambda z: z,
    "tanh": np.tanh,
    "relu": lambda z: z * (z.real > 0),
    "erf": special.erf,
    "softplus": lambda z: np.log(1 + np.exp(z)),
}
names = st.sampled_from(sorted(COMPLEX))


@st.composite
def problems(draw):
    rng = np.random.default_rng(draw(seeds))
    sizes = [draw(st.integers(1, 4)) for _ in range(draw(st.sampled_from([2, 3, 4])))]
    batch = draw(st.sampled_from([None, 3]))
    examples = draw(st.integers(1, 5))
    weights = small_random_start(sizes, 0.8, rng, batch)
    chosen = [draw(names) for _ in sizes[2:]]
    x, y = rng.normal(size=(sizes[0], examples)), rng.normal(size=(sizes[-1], examples))
    return weights, x, y, chosen, rng


def loss_of(state, flat, x, y, chosen):
    """The loss from its definition, for real or complex weights, summed over the batch."""
    signal = x
    for layer, name in zip(state.views(flat), [*chosen, "linear"], strict=True):
        signal = COMPLEX[name](layer @ signal)
    return np.sum((y - signal) ** 2) / 2


def rounding(weights, x, y):
    """Rounding of a loss or its slope: every product in absolute values, slopes included."""
    # Layers and what softplus(0) adds, at most 1 a unit, with slopes below 1.13.
    sizes = [1.13 * (np.linalg.norm(w) + math.sqrt(w[..., 0].size)) + 1 for w in weights]
    signal = math.prod(sizes) * (np.linalg.norm(x) + 1) + np.linalg.norm(y)
    terms = sum(w.size for w in weights) + x.size + y.size
    return 8 * terms * EPS * signal**2 * len(weights)


@quick
@given(problems(), st.sampled_from(["average", "sum"]))
def test_the_field_is_minus_the_gradient_by_the_complex_step(problem, convention):
    weights, x, y, chosen, rng = problem
    state = ExampleState(weights, x, y, chosen, convention)
    velocity = state.field(state.state, np.empty(state.size))
    direction = rng.normal(size=state.size)
    direction /= np.linalg.norm(direction)
    # No cancellation and, at 1e-30, no truncation: only rounding is left.
    slope = loss_of(state, state.state + 1e-30j * direction, x, y, chosen).imag / 1e-30
    share = 1 / x.shape[1] if convention == "average" else 1.0
    assert abs(share * slope + velocity @ direction) <= rounding(weights, x, y)
    assert abs(
        np.sum(state.loss(state.layers)) - share * loss_of(state, state.state, x, y, chosen)
    ) <= (rounding(weights, x, y))


@quick
@given(problems())
def test_the_field_is_minus_the_gradient_of_torch(problem):
    torch = pytest.importorskip("torch")
    weights, x, y, chosen, _ = problem
    functions = {
        "linear": lambda z: z,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "erf": torch.erf,
        "softplus": torch.nn.functional.softplus,
    }
    layers = [torch.tensor(w, requires_grad=True) for w in weights]
    signal = torch.tensor(x)
    for layer, name in zip(layers, [*chosen, "linear"], strict=True):
        signal = functions[name](layer @ signal)
    (((torch.tensor(y) - signal) ** 2).sum() / (2 * x.shape[1])).backward()
    state = ExampleState(weights, x, y, chosen)
    velocity = state.views(state.field(state.state, np.empty(state.size)))
    # PyTorch replaces softplus by z above 20, where they differ by less than exp(-20) of float32
    # precision; these weights do not get there.
    for found, layer in zip(velocity, layers, strict=True):
        gradient = layer.grad.numpy().reshape(found.shape)
        assert np.linalg.norm(found + gradient) <= rounding(weights, x, y)


def test_a_planted_wrong_slope_is_seen():
    rng = np.random.default_rng(0)
    weights, x, y = small_random_start((3, 4, 2), 0.8, rng), np.eye(3), np.ones((2, 3))
    state = ExampleState(weights, x, y, [(np.tanh, lambda z: 1 / np.cosh(z))])
    velocity = state.field(state.state, np.empty(state.size))
    direction = np.ones(state.size)
    slope = loss_of(state, state.state + 1e-30j * direction, x, y, ["tanh"]).imag / 1e-30
    assert abs(slope / 3 + velocity @ direction) > 1e6 * rounding(weights, x, y)


@quick
@given(names, st.floats(-30, 30))
def test_activations_have_the_values_and_slopes_of_their_definitions(name, z):
    phi, point = ACTIVATIONS[name], np.array([z])
    value = phi.value(NUMPY, point)
    exact = COMPLEX[name](point.astype(complex)).real
    # The definition of softplus loses what is below eps of 1.
    assert np.abs(value - exact)[0] <= 4 * EPS * max(1, abs(z))
    slope = COMPLEX[name](point + 1e-30j).imag / 1e-30
    assert np.abs(phi.slope(NUMPY, point, value) - slope)[0] <= 8 * EPS * max(1, abs(z))
    assert np.abs(slope)[0] <= phi.steepest * (1 + 4 * EPS)
    assert phi.value(NUMPY, np.zeros(1))[0] == pytest.approx(phi.offset, rel=EPS, abs=0)


def test_linear_layers_follow_their_correlations():
    rng = np.random.default_rng(2)
    weights = small_random_start((3, 4, 2), 0.4, rng, 3)
    x, y = rng.normal(size=(3, 8)), rng.normal(size=(2, 8))
    square = x @ x.T / 8
    flow = with_error_budget(
        weights, y @ x.T / 8, (square + square.T) / 2, times=[0.5, 2.0], step=0.05, rng=rng
    )
    found, budget = nonlinear_flow_with_error_budget(
        weights, x, y, activations="linear", times=[0.5, 2.0], step=0.05
    )
    mapped = np.linalg.norm(found.answers - flow.record.maps @ x, axis=(-2, -1))
    inputs = np.linalg.norm(x, 2)
    # Both round alike: twice the measured rounding of the maps.
    assert np.all(
        mapped <= budget.total + inputs * (flow.budget.total + flow.budget.terms["roundoff"])
    )
    by_sums = descend(weights, x, y, lambda_=0.01, iterations=[9], activations=["linear"])
    named = descend(
        weights, x, y, lambda_=0.01, iterations=[9], activations=[(lambda z: z, np.ones_like)]
    )
    assert np.abs(by_sums.loss - named.loss).max() <= 9 * 200 * EPS * named.loss.max()
    assert named.maps is None


@pytest.mark.parametrize(
    ("method", "order", "counts"), [("rk4", 4, (8, 16, 32)), ("dop853", 8, (4, 8, 16))]
)
def test_the_nonlinear_flow_has_the_order_of_the_method(method, order, counts):
    rng = np.random.default_rng(3)
    weights = small_random_start((3, 5, 2), 0.2, rng, 100)
    x, y = rng.normal(size=(3, 6)), rng.normal(size=(2, 6))

    def answers(count, method="dop853"):
        return integrate_nonlinear_flow(
            weights, x, y, activations="softplus", times=1.0, step=1 / count, method=method
        ).answers

    finest = answers(128)
    errors = [np.linalg.norm(answers(count, method) - finest) for count in counts]
    slopes = [math.log2(a / b) for a, b in pairwise(errors)]
    # An error c h^p + d h^(p+1) has slopes p + k h: extrapolating removes k.
    assert abs(2 * slopes[1] - slopes[0] - order) < 0.5


@pytest.mark.parametrize("name", ["tanh", "erf", "softplus"])
def test_the_budget_covers_the_error_and_error_control_agrees(name):
    rng = np.random.default_rng(4)
    weights = small_random_start((3, 4, 4, 2), 0.6, rng, 2)
    x, y = rng.normal(size=(3, 5)), rng.normal(size=(2, 5))
    fine, small = nonlinear_flow_with_error_budget(
        weights, x, y, activations=name, times=[1.0, 2.0], step=0.01
    )
    rough, budget = nonlinear_flow_with_error_budget(
        weights, x, y, activations=name, times=[1.0, 2.0], step=0.25, method="rk4"
    )
    error = np.linalg.norm(fine.answers - rough.answers, axis=(-2, -1))
    assert budget.plus(reference=small.total).explains(error)
    assert not budget.explains(error + 3 * budget.total)
    controlled = integrate_nonlinear_flow_adaptively(
        weights, x, y, activations=name, times=[1.0, 2.0], rtol=1e-9, atol=1e-9
    )
    # A step errs by 2e-9 in each of 36 weights; the answers and the flow amplify that little.
    allowed = controlled.steps * 2e-9 * 6 * 10
    assert np.linalg.norm(fine.answers - controlled.answers, axis=(-2, -1)).max() <= allowed


def test_a_kink_is_stepped_over_or_refused():
    weights, x, y = [[[0.5]], [[1.0]]], [[1.0]], [[-1.0]]
    # The unit dies: W1 falls, at rates above W2 > sqrt(1 - 1/4), until it is below 0, where its
    # velocity jumps to 0. (From equal weights both would only decay.)
    record = integrate_nonlinear_flow(weights, x, y, activations="relu", times=[5.0], step=0.01)
    assert record.weights[0][0, 0, 0] < 0
    assert record.loss[0] == 0.5

    def controlled(until):
        return integrate_nonlinear_flow_adaptively(
            weights, x, y, activations="relu", times=[until], rtol=1e-12, atol=1e-12, max_steps=30
        )

    assert controlled(0.4).weights[0][0, 0, 0] > 0
    with pytest.raises(FloatingPointError, match="max_steps=30 tried"):
        controlled(5.0)


def test_what_is_recorded_of_nonlinear_networks():
    rng = np.random.default_rng(5)
    weights, x, y = small_random_start((2, 3, 2), 0.5, rng, 5), np.eye(2), np.eye(2)
    chunks = list(
        stream_nonlinear_flow(
            weights,
            x,
            y,
            activations="tanh",
            times=[0, 1.0],
            step=0.1,
            record=("loss", "weights"),
            chunk=2,
        )
    )
    whole = integrate_nonlinear_flow(weights, x, y, activations="tanh", times=[0, 1.0], step=0.1)
    losses = np.concatenate([chunk.observed["loss"][0] for chunk in chunks], axis=1)
    assert np.abs(losses - whole.loss).max() <= 100 * EPS
    with pytest.raises(ValueError, match="'maps' is of linear networks"):
        stream_nonlinear_flow(
            weights, x, y, activations="tanh", times=1.0, step=0.1, record=["maps"]
        )


@pytest.mark.parametrize(
    ("activations", "message"),
    [
        ("sigmoid", "'sigmoid' is none of linear, tanh, relu, erf, softplus"),
        (["tanh", "tanh"], "activations has 2 entries: .* each of the 1 hidden layers"),
        ([3], "3 is none of"),
    ],
)
def test_bad_activations_are_named(activations, message):
    with pytest.raises(ValueError, match=message):
        as_activations(activations, 1)


def test_linear_flow_and_white_examples_agree_with_the_correlation_form_exactly_enough():
    weights = [np.full((2, 2), 0.25), np.eye(2)]
    target = np.diag([2.0, 1.0])
    one = integrate_flow(weights, target, times=1.0, step=0.125)
    other = integrate_nonlinear_flow(
        weights, np.eye(2), target, activations="linear", times=1.0, step=0.125, convention="sum"
    )
    # Eight steps of twelve stages, products of two terms.
    assert np.abs(one.maps - other.answers).max() <= 8 * 12 * 8 * EPS
