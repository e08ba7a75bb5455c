"""Training in chunks: nothing depends on them, what is finished is kept, memory is asked for."""

from __future__ import annotations

import os

import numpy as np
import pytest
from lemmata.numerics import blas_threads, chunks, memory, networks
from lemmata.numerics.arrays import NUMPY
from lemmata.numerics.descent import stream_descent
from lemmata.numerics.gradient_flow import integrate_flow, stream_flow
from lemmata.numerics.modes import (
    conserved_matrices,
    input_output_modes,
    mode_strengths,
    small_random_start,
)
from lemmata.numerics.networks import end_to_end

EPS = float(np.finfo(np.float64).eps)
TIMES = [0.0, 0.5, 2.0]


def problem(batch=7, own=False):
    rng = np.random.default_rng(0)
    weights = small_random_start((3, 4, 2), 0.4, rng, batch)
    return weights, rng.normal(size=(batch, 2, 3) if own else (2, 3))


def joined(parts, name, layer=0):
    return np.concatenate([part.observed[name][layer] for part in parts], axis=1)


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("workers", [1, 2])
def test_chunks_and_workers_change_nothing(own, workers):
    weights, target = problem(own=own)
    whole = integrate_flow(weights, target, times=TIMES, step=0.05)
    parts = list(stream_flow(weights, target, times=TIMES, step=0.05, chunk=2, workers=workers))
    assert [(part.first, part.last) for part in parts] == [(0, 2), (2, 4), (4, 6), (6, 7)]
    for layer in range(2):
        difference = joined(parts, "weights", layer) - whole.weights[layer]
        # Forty steps of twelve stages, of products and sums of a dozen terms below one.
        assert np.abs(difference).max() <= 40 * 12 * 12 * EPS


def test_everything_recorded_is_what_its_own_function_gives():
    weights, target = problem()
    modes = input_output_modes(target)
    names = ("weights", "maps", "loss", "singular_values", "strengths", "conserved")
    parts = list(
        stream_flow(weights, target, times=TIMES, step=0.05, record=names, modes=modes, chunk=3)
    )
    layers = [joined(parts, "weights", i) for i in range(2)]
    maps = end_to_end(layers)
    assert np.array_equal(joined(parts, "maps"), maps)
    rounding = 20 * EPS * np.abs(maps).max()
    exact = np.linalg.svd(maps, compute_uv=False)
    assert np.abs(joined(parts, "singular_values") - exact).max() <= rounding
    assert np.abs(joined(parts, "strengths") - mode_strengths(maps, modes)).max() <= rounding
    assert np.array_equal(joined(parts, "conserved"), conserved_matrices(layers)[0])
    residual = np.sum((target - maps) ** 2, axis=(-2, -1)) / 2
    assert np.abs(joined(parts, "loss") - residual).max() <= 20 * EPS * residual.max()
    assert joined(parts, "loss").shape == (3, 7)


def test_a_single_layer_is_recorded_as_it_was():
    weights = [np.zeros((2, 2, 2))]
    (part,) = stream_flow(weights, np.eye(2), times=[0, 1.0], step=0.1, record=("maps", "weights"))
    assert np.all(part.observed["maps"][0][0] == 0)
    assert np.all(part.weights[0][0] == 0)
    assert np.all(np.diagonal(part.weights[0][1], axis1=-2, axis2=-1) > 0.6)


def test_what_is_finished_is_kept_when_the_rest_is_given_up():
    weights, target = problem()
    stream = stream_flow(weights, target, times=TIMES, step=0.05, chunk=2, workers=2)
    first = next(stream)
    stream.close()
    whole = integrate_flow(weights, target, times=TIMES, step=0.05)
    assert np.abs(first.weights[0] - whole.weights[0][:, :2]).max() <= 40 * 12 * 12 * EPS


def test_a_network_that_fails_does_not_take_the_ones_before_it():
    weights, target = problem(batch=4)
    weights[0][3] *= 1e3
    stream = stream_flow(weights, target, times=TIMES, step=0.05, chunk=1, workers=1)
    assert [next(stream).first for _ in range(3)] == [0, 1, 2]
    with pytest.raises(FloatingPointError, match=r"step=0\.05 is too large"):
        next(stream)


def test_progress_is_told_after_each_chunk(monkeypatch):
    monkeypatch.setattr(chunks, "CACHE", 1)
    weights, target = problem(batch=3)
    told = []
    integrate_flow(
        weights,
        target,
        times=1.0,
        step=0.1,
        progress=lambda done, every: told.append((done, every)),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"record": ("speed",)}, "'speed' is none of weights, maps, loss"),
        ({"record": ()}, r"record=\(\): give a tuple"),
        ({"record": "loss"}, "record='loss'"),
        ({"record": ("strengths",)}, "modes=None: strengths are those of modes"),
        ({"chunk": 0}, "chunk=0: give a whole number, 1 or more"),
        ({"workers": 0}, "workers=0: give a whole number, 1 or more"),
    ],
)
def test_bad_arguments_are_named(change, message):
    weights, target = problem()
    with pytest.raises(ValueError, match=message):
        stream_flow(weights, target, **{"times": 1.0, "step": 0.1, **change})


def test_a_batch_too_large_names_one_that_fits(monkeypatch):
    weights, target = problem(batch=50)
    # Two layers of 12 and 8 weights, 16 vectors of them, and a record of three times.
    monkeypatch.setattr(memory, "available_bytes", lambda arrays: 50_000)
    monkeypatch.setattr(chunks, "CACHE", 2**40)
    with pytest.raises(MemoryError, match="weights: a batch of 50 networks needs") as told:
        integrate_flow(weights, target, times=TIMES, step=0.1)
    fits = int(str(told.value).split("give at most ")[1].split()[0])
    assert 0 < fits < 50
    fewer = [w[:fits] for w in weights]
    assert integrate_flow(fewer, target, times=TIMES, step=0.1).maps.shape == (3, fits, 2, 3)
    more = [w[: fits + 1] for w in weights]
    with pytest.raises(MemoryError):
        integrate_flow(more, target, times=TIMES, step=0.1)
    monkeypatch.setattr(memory, "available_bytes", lambda arrays: 10)
    with pytest.raises(MemoryError, match="not even one network fits"):
        integrate_flow(weights, target, times=TIMES, step=0.1)


def test_weights_are_counted_before_they_are_copied(monkeypatch):
    weights, target = problem(batch=1)
    huge = [np.broadcast_to(w, (10**9, *w.shape[1:])) for w in weights]
    monkeypatch.setattr(memory, "available_bytes", lambda arrays: 10**9)
    monkeypatch.setattr(networks, "checked_copy", None)
    with pytest.raises(MemoryError, match=r"batch of 1000000000 networks .* at most \d+ networks"):
        integrate_flow(huge, target, times=TIMES, step=0.1)


def test_many_records_of_few_networks_are_counted_before_they_are_kept(monkeypatch):
    weights, target = problem(batch=2)
    monkeypatch.setattr(memory, "available_bytes", lambda arrays: 10**6)
    with pytest.raises(MemoryError, match="fewer times"):
        integrate_flow(weights, target, times=np.linspace(0, 1, 10**5), step=0.1)


class OutOfMemoryError(RuntimeError):
    """Named like that of PyTorch."""


@pytest.mark.parametrize("error", [MemoryError("no"), OutOfMemoryError("no")])
def test_an_allocation_that_fails_is_told_alike(monkeypatch, error):
    weights, target = problem(batch=4)

    def fail(*arguments):
        raise error

    monkeypatch.setattr(chunks, "train_part", fail)
    with pytest.raises(MemoryError, match=r"a batch of 4 networks, .* give 2 or fewer at once"):
        integrate_flow(weights, target, times=TIMES, step=0.1)


def test_another_error_is_passed_on(monkeypatch):
    def fail(*arguments):
        raise RuntimeError("something else")

    monkeypatch.setattr(chunks, "train_part", fail)
    weights, target = problem()
    with pytest.raises(RuntimeError, match="something else"):
        integrate_flow(weights, target, times=TIMES, step=0.1)


def test_free_memory_is_known_here():
    free = memory.available_bytes(NUMPY)
    assert free is None or 2**20 < free < 2**50


def test_matrix_products_get_their_threads_back():
    if not blas_threads.can_limit():
        pytest.skip("NumPy without OpenBLAS")
    threads = blas_threads._openblas()
    before = threads.get()
    with blas_threads.one_thread_each():
        first = blas_threads.one_thread_each()
        with first:
            assert threads.get() == 1
        assert threads.get() == 1
    assert threads.get() == before
    assert 1 <= blas_threads.usable_cores() <= (os.cpu_count() or 1)


def test_descent_streams_as_flow_does():
    weights, target = problem()
    parts = list(
        stream_descent(
            weights,
            np.eye(3),
            target,
            lambda_=0.05,
            iterations=[0, 5],
            record=("loss", "conserved"),
            chunk=4,
            workers=2,
        )
    )
    losses = joined(parts, "loss")
    assert losses.shape == (2, 7)
    assert np.all(losses[1] < losses[0])
    assert joined(parts, "conserved").shape == (2, 7, 4, 4)


def test_what_all_chunks_will_keep_is_counted(monkeypatch):
    weights, target = problem(batch=50)
    monkeypatch.setattr(chunks, "CACHE", 1)
    monkeypatch.setattr(memory, "available_bytes", lambda arrays: 50_000)
    arguments = {"times": np.linspace(0, 1, 20), "step": 0.1, "workers": 1}
    with pytest.raises(MemoryError, match=r"in chunks with stream_flow"):
        integrate_flow(weights, target, **arguments)
    assert sum(1 for _ in stream_flow(weights, target, **arguments)) == 50
