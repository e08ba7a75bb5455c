"""Deep networks of the experiments: data, starts, descents, against plain NumPy and exact facts."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.deep_data import centred, one_hot, whitened, whitening
from lemmata.numerics.deep_descent import descend_until
from lemmata.numerics.deep_devices import array_problem, placer
from lemmata.numerics.deep_regression import descend_regression
from lemmata.numerics.deep_starts import (
    decoupled_weights,
    gaussian_weights,
    glorot_weights,
    orthogonal_weights,
    pretrained_weights,
)
from lemmata.numerics.deep_training import train_classifiers
from lemmata.numerics.digits import Split
from lemmata.numerics.networks import end_to_end, weight_gradients
from lemmata.numerics.random_weights import draw_weights

CPU = placer("cpu")
EPS = float(np.finfo(float).eps)
JOLT = 1e-6


def unmoved(layer):
    return layer


def rounding_of(run, updates, chain):
    """How far roundings may move the number ``run(jolt)``, to first order in them.

    ``run`` puts all weights through ``jolt`` after every update. Random jolts of JOLT times the
    largest weight of a layer move the number by so much; an update rounds each weight by at most
    ``chain`` times EPS of it, ``chain`` the sums and products behind one entry. Random jolts cancel
    where roundings may not: in ``updates`` updates that makes a factor of at most sqrt(updates)
    standard deviations, and the largest of eight draws is above half of one but once in 1e3.
    """
    rng = np.random.default_rng(0)

    def jolted(layer):
        size = JOLT * np.abs(layer).max()
        return layer + size * rng.uniform(-1, 1, np.shape(layer))

    exact = run(unmoved)
    moved = max(abs(run(jolted) - exact) for _ in range(8)) / JOLT
    return 2 * 3**0.5 * max(updates, 1) ** 0.5 * chain * EPS * moved


def examples(seed=0, pixels=9, count=40, tests=15):
    rng = np.random.default_rng(seed)
    labels, test_labels = rng.integers(0, 10, count), rng.integers(0, 10, tests)
    frame = rng.standard_normal((pixels, 10))
    noise = [0.3 * rng.standard_normal((pixels, n)) for n in (count, tests)]
    return Split(frame[:, labels] + noise[0], labels, frame[:, test_labels] + noise[1], test_labels)


def test_whitened_data():
    data = examples(count=200)
    made = whitened(data.images, data.labels, 6)
    x = whitening(data.images, 6).of(data.images)
    size = 200 * EPS
    assert np.abs(x @ x.T / 200 - np.eye(6)).max() < size
    assert made.s[0] == 1
    cross = one_hot(data.labels) @ x.T / 200 / made.unit
    # The components are determined up to their signs.
    assert np.abs(np.abs(cross) - np.abs(made.Sigma31)).max() < size * 10
    assert np.abs(made.Sigma31.sum(axis=0)).max() < size
    assert 0 < made.kept < 1
    with pytest.raises(ValueError, match="the images span 9"):
        whitened(data.images, data.labels, 10)


def test_centred_data_takes_mean_and_scale_from_what_is_learned():
    data = examples()
    made = centred(data)
    assert np.abs(made.inputs.mean(axis=1)).max() < 100 * EPS
    assert np.mean(made.inputs**2) == pytest.approx(1, rel=100 * EPS)
    both = np.concatenate([data.images, data.test_images], axis=1)
    shifts = both - np.concatenate([made.inputs, made.test_inputs], axis=1) * np.std(
        data.images - data.images.mean(axis=1, keepdims=True)
    )
    assert np.ptp(shifts, axis=1).max() < 100 * EPS
    with pytest.raises(ValueError, match="all examples to learn are equal"):
        centred(Split(np.ones((3, 5)), np.zeros(5, int), np.ones((3, 1)), np.zeros(1, int)))


def test_gaussian_starts_have_their_variance():
    rng = np.random.default_rng(0)
    for layers, variances in (
        (gaussian_weights([300, 400, 200], rng, 1.5), [2.25 / 300, 2.25 / 400]),
        (glorot_weights([300, 400, 200], rng), [2 / 700, 2 / 600]),
    ):
        for layer, variance in zip(layers, variances, strict=True):
            # Six standard deviations of the variance of so many Gaussian numbers.
            assert np.mean(layer**2) / variance == pytest.approx(1, abs=6 * (2 / layer.size) ** 0.5)


def target(seed, outputs=4, inputs=5):
    rng = np.random.default_rng(seed)
    u, v = (draw_weights("orthogonal", 1, size, 3, rng)[0] for size in (outputs, inputs))
    return u @ np.diag([1.0, 0.7, 0.5]) @ v.T


@given(depth=st.integers(1, 6), seed=st.integers(0, 50))
@settings(max_examples=20)
def test_decoupled_starts_are_balanced_and_aligned(depth, seed):
    Sigma31 = target(seed)
    widths = [5, *[6] * (depth - 1), 4]
    layers = decoupled_weights(Sigma31, widths, 0.1, 3, np.random.default_rng(seed))
    u, _, vt = np.linalg.svd(Sigma31)
    assert np.abs(end_to_end(layers) - 0.1 * u[:, :3] @ vt[:3]).max() < 1e3 * EPS
    for below, above in pairwise(layers):
        assert np.abs(below @ below.T - above.T @ above).max() < 1e3 * EPS
    with pytest.raises(ValueError, match="only 2 units"):
        decoupled_weights(Sigma31, [5, 2, 4], 0.1, 3, np.random.default_rng(0))


def test_pretrained_layers_pass_everything_on():
    made = pretrained_weights([6, 6, 6, 4], np.random.default_rng(0), error=1e-4)
    assert len(made.updates) == 2
    assert min(made.updates) > 0
    kept = end_to_end(made.weights[:-1])
    # The autoencoder leaves at most 1e-4 of the power; weights of 0.1 stay out of balance by 0.01.
    assert np.abs(np.linalg.svd(kept, compute_uv=False) - 1).max() < 0.2
    assert made.weights[-1].shape == (4, 6)


def plain_descent(layers, Sigma31, rate, updates, loss=0.0, jolt=unmoved):
    """Losses before every update and after the last, until one is at most ``loss`` or far off."""
    weights, losses = [jolt(layer.copy()) for layer in layers], []
    for _ in range(updates + 1):
        residual = Sigma31 - end_to_end(weights)
        losses.append(0.5 * np.sum(residual**2))
        if losses[-1] <= loss or not losses[-1] < 1e9:
            break
        changes = weight_gradients(weights, residual)
        weights = [jolt(w + rate * change) for w, change in zip(weights, changes, strict=True)]
    return losses


def descended_loss(layers, Sigma31, rate, updates):
    """The loss after so many updates, up to roundings."""

    def run(jolt):
        return plain_descent(layers, Sigma31, rate, updates, jolt=jolt)[updates]

    # Two products of all layers with up to five terms a sum, the residual, the step.
    far = rounding_of(run, updates, 20 * len(layers) + 4)
    return pytest.approx(run(unmoved), rel=0, abs=2 * far)


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_a_race_is_won_as_plain_descent_says(depth):
    Sigma31, rng = target(1), np.random.default_rng(3)
    layers = orthogonal_weights([5] * depth + [4], rng)
    loss, rates = 0.02, [0.9 / depth, 0.3 / depth, 40.0]

    curves = {rate: plain_descent(layers, Sigma31, rate, 400, loss) for rate in rates}
    race = descend_until(layers, Sigma31, rates, loss=loss, most=400, place=CPU)
    best = min((len(c) - 1, rate) for rate, c in curves.items() if c[-1] <= loss)
    assert (race.iterations, race.rate) == best
    assert race.loss == descended_loss(layers, Sigma31, race.rate, race.iterations)
    assert race.iterations - 1 < race.crossing <= race.iterations
    assert race.lost == ((40.0,) if depth > 1 else race.lost)
    slow = descend_until(layers, Sigma31, [0.3 / depth], loss=loss, most=2, place=CPU)
    assert (slow.iterations, slow.tried) == (None, 2)
    assert slow.loss == descended_loss(layers, Sigma31, 0.3 / depth, 2)
    none = descend_until(layers, Sigma31, [1e3], loss=loss, most=400, place=CPU)
    assert none.iterations is None
    assert none.lost == (1e3,)
    with pytest.raises(ValueError, match="rates is empty"):
        descend_until(layers, Sigma31, [], loss=loss, most=2, place=CPU)


def _loss_after(descended, weights, rate, updates, jolt):
    return descended(weights, rate, jolt, updates)[0]


@pytest.mark.parametrize("loss", ["softmax", "squared"])
def test_classifiers_learn_as_plain_descent(loss):
    data, rng = centred(examples()), np.random.default_rng(0)
    networks = [gaussian_weights([9, 7, 6, 10], rng) for _ in range(2)]
    rates, momentum, updates = [0.05, 0.2], 0.8, 12

    def gradient(weights):
        signals = [data.inputs]
        for layer in weights[:-1]:
            signals.append(np.tanh(layer @ signals[-1]))
        answers, wanted = weights[-1] @ signals[-1], one_hot(data.labels)
        shares = np.exp(answers) / np.exp(answers).sum(axis=0)
        gap = shares - wanted if loss == "softmax" else answers - wanted
        value = (
            -np.mean(np.log(np.sum(shares * wanted, axis=0)))
            if loss == "softmax"
            else 0.5 * np.mean(np.sum(gap**2, axis=0))
        )
        back, made = gap / data.inputs.shape[1], []
        for layer, signal in zip(weights[::-1], signals[::-1], strict=True):
            made.append(back @ signal.T)
            back = (layer.T @ back) * (1 - signal**2)
        return made[::-1], value, answers

    trained = train_classifiers(
        [np.stack(layers) for layers in zip(*networks, strict=True)],
        data, activation="tanh", loss=loss, rates=rates, momentum=momentum, updates=updates,
        batch_size=40, marks=[0, updates], rng=rng, place=CPU,
    )  # fmt: skip

    def descended(weights, rate, jolt=unmoved, updates=updates):
        velocity, weights = [0 * layer for layer in weights], [jolt(layer) for layer in weights]
        for _ in range(updates):
            slopes = gradient(weights)[0]
            velocity = [momentum * v - rate * g for v, g in zip(velocity, slopes, strict=True)]
            weights = [jolt(w + v) for w, v in zip(weights, velocity, strict=True)]
        return gradient(weights)[1:]

    # Sums over 40 examples and at most ten units, forth and back through three layers.
    chain = 2 * 3 * 10 + 40
    for i, (weights, rate) in enumerate(zip(networks, rates, strict=True)):
        for row, count in enumerate((0, updates)):
            value, answers = descended(weights, rate, updates=count)
            run = partial(_loss_after, descended, weights, rate, count)
            far = rounding_of(run, count, chain)
            assert trained.train_loss[row, i] == pytest.approx(value, rel=0, abs=2 * far)
        assert trained.train_error[1, i] == np.mean(answers.argmax(axis=0) != data.labels)
    assert trained.test_error.shape == (2, 2)
    assert trained.train_loss[1, 0] < trained.train_loss[0, 0]


def test_a_network_that_overflows_harms_no_other():
    data = centred(examples())
    layers = gaussian_weights([9, 7, 10], np.random.default_rng(0))

    def trained(rates, loss="squared"):
        return train_classifiers(
            [np.repeat(layer[None], len(rates), axis=0) for layer in layers],
            data, activation="linear", loss=loss, rates=rates, momentum=0.5, updates=60,
            batch_size=10, marks=[60], rng=np.random.default_rng(0), place=CPU,
        )  # fmt: skip

    both, alone = trained([0.02, 1e6]), trained([0.02, 0.02])
    assert both.train_loss[0, 0] == alone.train_loss[0, 0]
    assert both.train_loss[0, 1] == np.inf
    assert (both.train_error[0, 1], both.test_error[0, 1]) == (1, 1)
    for rates in ([0.1], [0.1, 0.1, 0.1]):
        with pytest.raises(ValueError, match="give one for each of 2 networks"):
            train_classifiers(
                [np.repeat(layer[None], 2, axis=0) for layer in layers],
                data, activation="linear", loss="softmax", rates=rates, momentum=0.5, updates=1,
                batch_size=10, marks=[1], rng=np.random.default_rng(0), place=CPU,
            )  # fmt: skip


@given(N=st.integers(2, 8), P=st.integers(1, 12), seed=st.integers(0, 99))
@settings(max_examples=30)
def test_regression_ends_where_the_pseudoinverse_says(N, P, seed):
    rng = np.random.default_rng(seed)
    X, Y = rng.standard_normal((N, P)), rng.standard_normal((2, P))
    starts = np.multiply.outer([0.0, 1.0], rng.standard_normal((2, N)))
    made = descend_regression(X, Y, starts, accuracy=1e-3, most=20_000, place=CPU)
    inverse = np.linalg.pinv(X)
    ends = starts + (Y - starts @ X) @ inverse
    gaps = np.sqrt(np.sum((made.weights - ends) ** 2, axis=(1, 2)))
    # A convex descent spreads no error: every update adds that of sums of N and of P terms, and
    # the distance told is such a sum over the least eigenvalue.
    size = np.abs(X).max() * max(np.abs(Y).max(), np.abs(starts).max(), np.abs(ends).max())
    far = (made.updates + np.linalg.cond(X) ** 2) * 2 * (N + P) * (2 * N) ** 0.5 * EPS * size
    assert np.all(gaps <= made.distance + far)
    assert made.updates == 20_000 or np.all(made.distance <= 1e-3)
    with pytest.raises(ValueError, match="inputs are zero"):
        descend_regression(0 * X, Y, starts, accuracy=1e-3, most=1, place=CPU)


def placer_of(package):
    if package == "torch":
        torch = pytest.importorskip("torch")
        pytest.importorskip("array_api_compat")
        return lambda array: torch.asarray(np.ascontiguousarray(array, dtype=np.float64))
    strict = pytest.importorskip("array_api_strict")
    pytest.importorskip("array_api_compat")
    return lambda array: strict.asarray(np.array(array, dtype=np.float64))


def _loss_from(trained, loss, network, jolt):
    return trained(loss, CPU, jolt).train_loss[0, network]


@pytest.mark.parametrize("package", ["torch", "array_api_strict"])
def test_other_packages_train_alike(package):
    place, rng = placer_of(package), np.random.default_rng(0)
    Sigma31 = target(1)
    layers = orthogonal_weights([5, 5, 5, 4], rng)
    races = [
        descend_until(layers, Sigma31, [0.3, 0.1, 9.0], loss=0.02, most=400, place=p)
        for p in (CPU, place)
    ]
    assert races[0].iterations == races[1].iterations
    assert races[0].lost == races[1].lost == (9.0,)
    for race in races:
        assert race.loss == descended_loss(layers, Sigma31, race.rate, race.iterations)
    X, Y = rng.standard_normal((4, 7)), rng.standard_normal((2, 7))
    fits = [
        descend_regression(X, Y, np.ones((1, 2, 4)), accuracy=1e-3, most=9000, place=p)
        for p in (CPU, place)
    ]
    assert fits[0].updates == fits[1].updates
    # The descent of a convex loss spreads no error: every update adds that of two sums of 7 terms.
    size = max(np.abs(fits[0].weights).max(), np.abs(Y).max()) * max(1, np.abs(X).max())
    assert (
        np.abs(fits[0].weights - fits[1].weights).max() < 2 * fits[0].updates * 4 * 20 * EPS * size
    )
    data = centred(examples())
    stacked = [np.stack([layer, 0.5 * layer]) for layer in gaussian_weights([9, 6, 10], rng)]

    def trained(loss, place, jolt=unmoved):
        return train_classifiers(
            [jolt(layer) for layer in stacked],
            data, activation="tanh", loss=loss, rates=[0.1, 0.05], momentum=0.9, updates=9,
            batch_size=16, marks=[9], rng=np.random.default_rng(1), place=place,
        )  # fmt: skip

    for loss in ("softmax", "squared"):
        ours, others = trained(loss, CPU), trained(loss, place)
        for i in range(2):
            run = partial(_loss_from, trained, loss, i)
            # The roundings of nine updates are taken to grow as those of the start do.
            far = 9 * rounding_of(run, 1, 2 * 2 * 10 + 16)
            assert ours.train_loss[0, i] == pytest.approx(
                others.train_loss[0, i], rel=0, abs=2 * far
            )
        assert np.array_equal(ours.test_error, others.test_error)


def test_devices():
    assert array_problem("cpu") == ""
    assert "give cpu or cuda" in array_problem("tpu")
    problem = array_problem("cuda")
    if problem:
        assert "--device cpu" in problem
        assert "\n" not in problem
        with pytest.raises(RuntimeError, match="device: cuda"):
            placer("cuda")
    assert placer("cpu", "float32")([1, 2]).dtype == np.float32
