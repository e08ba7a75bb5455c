"""Arguments of the wrong kind are refused by name, in one line that says what to give."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.activations import as_activations
from lemmata.numerics.courses import LONGEST_RUN, check_count
from lemmata.numerics.descent import (
    descend,
    descend_by_minibatches,
    descend_per_example,
    stream_descent,
)
from lemmata.numerics.engines import flow_engine
from lemmata.numerics.flow_state import FlowState
from lemmata.numerics.gradient_flow import (
    integrate_flow,
    integrate_flow_adaptively,
    suggest_step,
    with_error_budget,
)
from lemmata.numerics.nonlinear_flow import integrate_nonlinear_flow

RNG = np.random.default_rng(0)
W = [RNG.normal(size=(2, 4, 3)), RNG.normal(size=(2, 2, 4))]
CROSS, X, Y = RNG.normal(size=(2, 3)), RNG.normal(size=(3, 9)), RNG.normal(size=(2, 9))


def flow(weights=W, cross=CROSS, square=None, **options):
    return integrate_flow(weights, cross, square, **{"times": [1.0], "step": 0.1, **options})


def adaptive(**options):
    return integrate_flow_adaptively(W, CROSS, **{"times": [1.0], **options})


def minibatches(**options):
    known = {"lambda_": 0.1, "iterations": [1], "batch_size": 2, "rng": np.random.default_rng(0)}
    return descend_by_minibatches(W, X, Y, **{**known, **options})


def per_example(inputs):
    return descend_per_example(W, inputs, Y, lambda_=0.1, epochs=[1], rng=np.random.default_rng(0))


def nonlinear(activations, **options):
    known = {"times": [1.0], "step": 0.1, **options}
    return integrate_nonlinear_flow(W, X, Y, activations=activations, **known)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: flow([w + 1j for w in W]), r"weights\[0\] has the type complex128: give real"),
        (lambda: flow([w.astype(str) for w in W]), r"weights\[0\] has the type <U"),
        (lambda: flow([W[0], [[1.0], [1.0, 2.0]]]), r"weights\[1\] is no rectangular array"),
        (lambda: flow([W[0], None]), r"weights\[1\] contains None: give real numbers"),
        (lambda: flow([[[1j]]]), r"weights\[0\] has the type complex128"),
        (lambda: flow([W[0], np.full((2, 2, 4), 1j, dtype=object)]), r"weights\[1\] contains 1j"),
        (lambda: flow(np.array(3.0)), r"weights=array\(3\.\): give a list of matrices"),
        (lambda: flow(square=np.eye(3) * 1e-320), "Sigma11 is as small as 1e-320"),
        (lambda: flow(method=[]), r"method=\[\]: give one of 'dop853', 'rk4'"),
        (lambda: flow(None), "weights=None: give a list of matrices"),
        (lambda: flow(cross=CROSS + 0j), "Sigma31 has the type complex128"),
        (lambda: flow(square=np.eye(3) + 0j), "Sigma11 has the type complex128"),
        (lambda: flow(times="a"), "times has the type <U1: give real numbers"),
        (lambda: flow(times=[[1], [1, 2]]), "times is no rectangular array"),
        (lambda: flow(tau="1"), "tau='1': give a positive finite number"),
        (lambda: flow(tau="1", step=None), "tau='1': give a positive finite number"),
        (lambda: flow(step="a"), "step='a': give a positive finite number"),
        (lambda: adaptive(rtol="a"), "rtol='a': give a positive finite number"),
        (lambda: adaptive(atol=[1, 2]), r"atol=\[1, 2\]: give a positive finite number"),
        (lambda: adaptive(max_steps=None), "max_steps=None: give a whole number, 1 or more"),
        (lambda: with_error_budget(W, CROSS, times=[1.0], rng=None), "rng=None: give numpy.random"),
        (lambda: descend(W, X + 1j, Y, lambda_=0.1, iterations=[1]), "inputs has the type complex"),
        (lambda: descend(W, X, None, lambda_=0.1, iterations=[1]), "outputs contains None"),
        (lambda: descend(W, X, Y, lambda_="a", iterations=[1]), "lambda_='a': give a positive"),
        (lambda: descend(W, X, Y, lambda_=0.1, iterations=[10**10]), "iterations ends at 10000000"),
        (lambda: stream_descent(W, X, Y, lambda_=None, iterations=[1]), "lambda_=None: give a pos"),
        (lambda: per_example(None), "inputs contains None"),
        (lambda: per_example(X[0]), r"inputs has shape \(9,\)"),
        (lambda: minibatches(batch_size=2.5), r"batch_size=2.5: give a whole number"),
        (lambda: minibatches(rng=3), "rng=3: give numpy.random.default_rng"),
        (lambda: nonlinear(None), "activations: None is none of linear"),
        (lambda: nonlinear(np.tanh), "activations: <ufunc 'tanh'> is none of linear"),
        (lambda: nonlinear((np.sum, np.cos)), r"activations: phi of an array of shape .* every en"),
        (lambda: nonlinear((np.sin, np.sum)), r"activations: phi' of an array of shape"),
        (lambda: nonlinear((lambda z: z * np.nan, np.cos)), "phi or phi' is not finite"),
        (lambda: nonlinear("tanh", step=None), "step=None: give a positive finite number"),
        (lambda: flow_engine("a"), "width='a': give a whole number"),
        (lambda: flow_engine(8, workers=1.5), "workers=1.5: give a whole number"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_named(call, told):
    with pytest.raises(ValueError, match=told):
        call()


def test_a_sparse_or_complex_array_of_pytorch_is_named():
    pytest.importorskip("array_api_compat")
    torch = pytest.importorskip("torch")
    eye = torch.eye(2, dtype=torch.float64)
    with pytest.raises(ValueError, match=r"weights\[1\] is a sparse array \(sparse_coo\): give a"):
        integrate_flow([eye, eye.to_sparse()], np.eye(2), times=1.0)
    with pytest.raises(ValueError, match=r"Sigma31 has the type torch.complex128"):
        integrate_flow([eye, eye], eye + 0j, times=1.0)


@pytest.mark.parametrize("low", [-1.0, -1e-3, -1e-12])
def test_correlations_with_a_negative_eigenvalue_are_refused(low):
    with pytest.raises(ValueError, match=rf"Sigma11 has the eigenvalue {low:.3g}: .*no minimum"):
        flow(square=np.diag([1.0, 1.0, low]))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 12), st.sampled_from([3, 50, 20_000]))
def test_correlations_of_dependent_inputs_are_taken(seed, size, examples):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(size, examples))
    x[-1] = x[:-1].sum(axis=0)
    square = x @ x.T / examples
    teacher = rng.normal(size=(2, size))
    state = FlowState([teacher], teacher @ square, (square + square.T) / 2)
    # The pseudo-inverse has no negative direction, or the loss would have no minimum.
    inverse = np.asarray(state.inverse)
    eps = float(np.finfo(float).eps)
    assert np.linalg.eigvalsh((inverse + inverse.T) / 2)[0] >= -(size**2) * eps * np.max(
        np.abs(inverse)
    )


def test_a_run_that_would_never_end_is_refused():
    with pytest.raises(ValueError, match=r"step=1e-30: times up to 1 take 1e\+30 steps, .* longer"):
        flow(step=1e-30)
    with pytest.raises(ValueError, match=r"step=8.33.*e-22: times up to 1 take"):
        integrate_flow([np.ones((2, 2)) * 1e10] * 2, np.eye(2), times=[0.0, 1.0])
    check_count(np.array([1.0]), 1 / LONGEST_RUN)
    with pytest.raises(ValueError, match="may take 1e"):
        check_count(np.array([1.0]), 0.99 / LONGEST_RUN)


@pytest.mark.parametrize("scale", [1e60, 1e100, 1e150])
def test_weights_beyond_all_bounds_overflow_with_one_clear_error(scale):
    huge = [np.ones((2, 2)) * scale] * 2
    with pytest.raises(FloatingPointError, match="the weights overflow: "):
        flow(huge, np.eye(2), step=1 / 64)


def test_rates_that_overflow_are_refused():
    huge = [np.ones((2, 2)) * 1e160] * 2
    for call in (
        lambda: suggest_step(huge, np.eye(2)),
        lambda: integrate_flow_adaptively(huge, np.eye(2), times=[1.0]),
    ):
        with pytest.raises(ValueError, match=r"layers as large as 2e\+160 .* give smaller ones"):
            call()


def test_a_list_of_choices_is_still_one_for_each_layer():
    assert [phi.name for phi in as_activations(("tanh", (np.sin, np.cos)), 2)] == ["tanh", "given"]
    with pytest.raises(ValueError, match=re.escape("activations: 3 is none of")):
        as_activations([3], 1)
