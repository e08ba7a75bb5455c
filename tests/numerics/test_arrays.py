"""One simulation on every array namespace: the same numbers, the same kind of array."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import numpy as np
import pytest
from lemmata.numerics.arrays import arrays_of, place, to_host
from lemmata.numerics.descent import descend, descend_by_minibatches
from lemmata.numerics.flow_state import FlowState
from lemmata.numerics.gradient_flow import (
    integrate_flow,
    integrate_flow_adaptively,
    with_error_budget,
)
from lemmata.numerics.modes import (
    haar_orthogonal,
    input_output_modes,
    mode_strengths,
    small_random_start,
    subspace_strengths,
)
from lemmata.numerics.runge_kutta import RK4, RungeKutta

TIMES = [0.0, 0.4, 1.0]


@pytest.fixture(
    params=[("numpy", "float64"), ("numpy", "float32")]
    + [(name, dtype) for name in ("torch", "array_api_strict") for dtype in ("float64", "float32")],
    ids=lambda kind: "-".join(kind),
)
def like(request):
    """An empty array of each namespace and data type."""
    name, dtype = request.param
    if name != "numpy":
        pytest.importorskip("array_api_compat")
    xp = pytest.importorskip(name)
    return xp.zeros(1, dtype=getattr(xp, dtype))


def problem(sizes=(3, 4, 2, 3), batch=4, white=False, seed=0):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(sizes[0], 9)), rng.normal(size=(sizes[-1], 9))
    square = x @ x.T / 9
    square = None if white else (square + square.T) / 2
    return small_random_start(sizes, 0.5, rng, batch), y @ x.T / 9, square, x, y


def dtype_of(array):
    return str(array.dtype).split(".")[-1]


def distance(one, other):
    return np.linalg.norm(to_host(one) - to_host(other), axis=(-2, -1))


@pytest.mark.parametrize("method", ["rk4", "dop853"])
@pytest.mark.parametrize(
    ("sizes", "batch", "white"),
    [((3, 4, 2, 3), 4, False), ((3, 2), 2, False), ((3, 3, 4), None, True)],
)
def test_the_budget_explains_the_distance_to_float64(like, method, sizes, batch, white):
    weights, cross, square, _, _ = problem(sizes, batch, white)
    exact, flow = (
        with_error_budget(
            w, cross, square, times=TIMES, step=0.02, rng=np.random.default_rng(1), method=m
        )
        for w, m in ((weights, "dop853"), (place(weights, like), method))
    )
    assert type(flow.record.maps) is type(like)
    assert all(dtype_of(a) == dtype_of(like) for a in (flow.record.loss, *flow.record.weights))
    error = distance(flow.record.maps, exact.record.maps)
    assert np.all(error <= flow.budget.total + exact.budget.total)
    # Bounds are of no use if they are wide: steps and replicas grow errors by less than this.
    assert np.all(flow.budget.terms["roundoff"] < 1e5 * np.finfo(dtype_of(like)).eps)


def test_error_control_works_everywhere(like):
    weights, cross, square, _, _ = problem()
    exact = integrate_flow(weights, cross, square, times=TIMES, step=1e-2)
    found = integrate_flow_adaptively(place(weights, like), cross, square, times=TIMES)
    tolerance = 1e-10 if dtype_of(like) == "float64" else 1e-5
    # A step errs by the tolerance in every entry of three layers; the rate of growth is of order 1.
    allowed = np.e * found.steps * 2 * tolerance * np.sqrt(sum(w[0].size for w in weights)) * 4
    assert np.all(distance(found.maps, exact.maps) <= allowed)
    assert found.steps < 100


def test_the_loss_is_that_of_numpy(like):
    weights, cross, square, x, y = problem()
    for run in (
        lambda w: integrate_flow(w, cross, square, times=TIMES, step=0.05).loss,
        lambda w: descend(w, x, y, lambda_=0.02, iterations=[0, 3]).loss,
        lambda w: (
            descend_by_minibatches(
                w, x, y, lambda_=0.02, iterations=[3], batch_size=2, rng=np.random.default_rng(3)
            ).loss
        ),
        lambda w: descend(w, x, y, lambda_=0.02, iterations=[3], activations="erf").loss,
    ):
        expected, found = run(weights), run(place(weights, like))
        assert type(found) is type(like)
        # In units of eps.  A velocity is made of at most 9 products of at most 9 terms, a step of
        # DOP853 of 12 of them: over a time of 1 (or 3 updates) their roundings add up to 9 * 9
        # times the velocity, 20 steps round the weights 12 times each, and the loss 9 * 9 times
        # itself.  All are of order `size` at most; errors grow by e in a unit of time.
        size = 1 + np.abs(expected).max()
        units = np.e * (9 * 9 + 20 * 12) * size + 9 * 9 * size
        assert np.all(
            np.abs(to_host(found) - expected) <= units * np.finfo(dtype_of(like)).eps * size
        )


def test_the_weights_given_are_left_alone(like):
    weights, cross, square, _, _ = problem(batch=2)
    placed = place(weights, like)
    before = [to_host(w) for w in placed]
    integrate_flow(placed, cross, square, times=1.0, step=0.1)
    assert all(np.array_equal(to_host(w), b) for w, b in zip(placed, before, strict=True))


def test_data_and_weights_have_the_same_bits_on_every_device(like):
    weights, *_ = problem(seed=7)
    again, *_ = problem(seed=7)
    for drawn, same in zip(weights, again, strict=True):
        expected = drawn.astype(dtype_of(like))
        (placed,) = place([same], like)
        host = to_host(placed).astype(dtype_of(like))
        assert type(placed) is type(like)
        assert np.array_equal(host.view(np.uint8), expected.view(np.uint8))


def test_modes_are_measured_where_the_maps_are(like):
    rng = np.random.default_rng(6)
    target = haar_orthogonal(4, rng) * np.array([2.0, 2.0, 1.0, 0.0]) @ haar_orthogonal(4, rng)
    maps = rng.normal(size=(3, 4, 4))
    modes = input_output_modes(target)
    (placed,) = place([maps], like)
    for measure in (mode_strengths, subspace_strengths):
        found, exact = measure(placed, modes), measure(maps, modes)
        assert type(found) is type(like)
        assert dtype_of(found) == dtype_of(like)
        # Two products of four terms, of entries below four.
        assert np.abs(to_host(found) - exact).max() <= 8 * 4 * 4 * np.finfo(dtype_of(like)).eps
    assert np.array_equal(input_output_modes(place([target], like)[0]).s.shape, modes.s.shape)


def test_minibatches_come_in_the_same_order_on_every_device(like):
    weights, _, _, x, y = problem(batch=3)
    x, y = np.round(2 * x), np.round(2 * y)
    weights = [np.round(w) for w in weights]
    runs = [
        descend_by_minibatches(
            w,
            x,
            y,
            lambda_=0.5,
            iterations=[1],
            batch_size=4,
            rng=np.random.default_rng(5),
            shared_order=False,
        )
        for w in (weights, place(weights, like))
    ]
    # Whole numbers and one update: exact in float64 and, at this size, in float32.
    for one, other in zip(runs[0].weights, runs[1].weights, strict=True):
        assert np.array_equal(one, to_host(other))


@pytest.mark.parametrize("name", ["numpy", "torch"])
def test_a_recorded_step_is_the_step(name):
    if name != "numpy":
        pytest.importorskip("array_api_compat")
    xp = pytest.importorskip(name)
    weights, cross, square, _, _ = problem()
    states = []
    for repeatable in (False, True):
        state = FlowState(place(weights, xp.zeros(1, dtype=xp.float64)), cross, square)
        method = RungeKutta(RK4, state.field, state.size, state.arrays, repeatable=repeatable)
        for step in (0.1, 0.1, 0.05, 0.1):
            state.state = method.advance(state.state, step)
        states.append(to_host(state.state))
    assert np.array_equal(*states)


@pytest.mark.parametrize("sizes", [(3, 4), (3, 4, 2), (2, 3, 4, 5)])
@pytest.mark.parametrize("own", [False, True])
def test_velocities_that_are_added_in_place_take_the_same_steps(sizes, own):
    pytest.importorskip("array_api_compat")
    torch = pytest.importorskip("torch")
    weights, cross, square, _, _ = problem(sizes)
    cross = np.stack([cross] * 4) * np.arange(1, 5)[:, None, None] / 4 if own else cross
    # Steps of several lengths: between the records, 10, 1 and 17 of them.
    times = [1.0, 1.0625, 2.75]
    placed = place(weights, torch.zeros(1, dtype=torch.float64))
    found = integrate_flow(placed, cross, square, times=times, step=0.1001, method="rk4")
    exact = integrate_flow(weights, cross, square, times=times, step=0.1001, method="rk4")
    # A step rounds by 9 u of each weight and by its products, of a dozen terms below three.
    allowed = found.steps * 50 * np.finfo(float).eps
    for one, other in zip(found.weights, exact.weights, strict=True):
        assert np.abs(to_host(one) - other).max() <= allowed
    state = FlowState(placed, cross, square)
    assert state.pushes == (len(sizes) > 2)


def test_lists_are_float64_and_float32_is_kept_or_asked_for():
    weights, cross, square, _, _ = problem()
    single = [w.astype(np.float32) for w in weights]
    assert integrate_flow([w.tolist() for w in weights], cross, times=0.1).maps.dtype == np.float64
    assert integrate_flow(single, cross, square, times=0.1).maps.dtype == np.float32
    assert integrate_flow([*single[:-1], weights[-1]], cross, times=0.1).maps.dtype == np.float64
    assert integrate_flow(weights, cross, times=0.1, dtype=np.float32).maps.dtype == np.float32
    assert integrate_flow(single, cross, times=0.1, dtype="float64").maps.dtype == np.float64
    with pytest.raises(ValueError, match=r"dtype='float16': give float64 or float32"):
        integrate_flow(weights, cross, times=0.1, dtype="float16")


def test_arrays_of_two_packages_are_refused():
    pytest.importorskip("array_api_compat")
    torch, strict = pytest.importorskip("torch"), pytest.importorskip("array_api_strict")
    with pytest.raises(ValueError, match=r"weights: .*one package"):
        arrays_of([torch.zeros(1), strict.zeros(1)])
    with pytest.raises(ValueError, match=r"weights are on .*one device"):
        arrays_of([torch.zeros(1), torch.zeros(1, device="meta")])


def test_gradients_are_not_followed_through_a_training():
    pytest.importorskip("array_api_compat")
    torch = pytest.importorskip("torch")
    weights = [torch.eye(2, dtype=torch.float64, requires_grad=True) for _ in range(2)]
    record = integrate_flow(weights, np.eye(2) * 2, times=0.5, step=0.1)
    assert not record.maps.requires_grad


def test_a_missing_package_is_named(monkeypatch):
    torch = pytest.importorskip("torch")
    monkeypatch.setitem(sys.modules, "array_api_compat", None)
    with pytest.raises(ImportError, match=r"arrays of torch need array-api-compat: install"):
        arrays_of([torch.zeros(1)])


def test_numpy_alone_imports_no_other_package():
    code = (
        "import sys; from lemmata.numerics import gradient_flow, descent, nonlinear_flow;"
        "gradient_flow.integrate_flow([[[1.0]]], [[2.0]], times=1.0);"
        "print([n for n in ('torch', 'cupy', 'jax', 'array_api_compat') if n in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
    assert import_module("lemmata.numerics.arrays").NUMPY.name == "numpy"
