"""Jacobians of random networks against derivatives of the networks themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics import jacobians
from lemmata.numerics.arrays import NUMPY, arrays_of
from lemmata.numerics.jacobians import NONLINEARITIES, sample_jacobians
from lemmata.numerics.random_products import product_spectra, resolved_above
from lemmata.numerics.random_weights import WEIGHTS, draw_weights
from scipy import special

EPS = float(np.finfo(float).eps)
PHI = {
    "tanh": np.tanh,
    "erf": lambda x: special.erf(np.sqrt(np.pi) / 2 * x),
    "relu": lambda x: np.where(np.real(x) > 0, x, 0 * x),
    "hardtanh": lambda x: np.where(abs(np.real(x)) < 1, x, np.sign(np.real(x))),
    "linear": lambda x: x,
}
seeds = st.integers(0, 2**32)
widths, depths = st.integers(1, 9), st.integers(1, 5)
gains = st.floats(0.5, 2)


def generator(seed=0):
    return np.random.default_rng(seed)


class Recorded:
    """The networks of a call, with the weights and biases that were drawn."""

    def __init__(self, monkeypatch, name, weights, width, layers, gain, seed, sigma_b=0.0, q=1.0):
        self.W, self.name, self.gain = [], name, gain

        def draw(*asked):
            self.W.append(draw_weights(*asked))
            return self.W[-1]

        with monkeypatch.context() as patch:
            patch.setattr(jacobians, "draw_weights", draw)
            phi = NONLINEARITIES[name]
            nets = jacobians._Networks(phi, 2, width, [gain], [q], generator(seed), NUMPY)
            self.start = nets.x[0].copy()
            self.after = []
            for _ in range(layers):
                nets.add_layer(weights, sigma_b)
                self.after.append(nets.x[0].copy())
        self.nets = nets
        self.biases = []
        x = self.start
        for W, y in zip(self.W, self.after, strict=True):
            self.biases.append(y - gain * W @ PHI[name](x))
            x = y

    def output(self, x):
        for W, b in zip(self.W, self.biases, strict=True):
            x = self.gain * W @ PHI[self.name](x) + b
        return x


@pytest.fixture(scope="module")
def monkeypatch_module():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@given(
    name=st.sampled_from(sorted(NONLINEARITIES)),
    weights=st.sampled_from(WEIGHTS),
    width=widths,
    layers=depths,
    gain=gains,
    seed=seeds,
    sigma_b=st.sampled_from([0.0, 0.5]),
)
@settings(max_examples=80)
def test_the_jacobian_is_the_derivative_of_the_network(
    monkeypatch_module, name, weights, width, layers, gain, seed, sigma_b
):
    made = Recorded(monkeypatch_module, name, weights, width, layers, gain, seed, sigma_b)
    direction = generator(seed + 1).standard_normal((2, width, 1))
    # A complex step has no cancellation: its error is h^2, and rounding that of the network.
    step = 1e-30
    expected = np.imag(made.output(made.start + 1j * step * direction)) / step
    found = made.nets.J[0] @ direction
    sizes = [gain * np.linalg.norm(W, axis=(-2, -1)).max() for W in made.W]
    scale = np.linalg.norm(direction) * np.prod(np.maximum(sizes, 1.0))
    # Slopes depend on x, which is rounded too: |phi''| is below 2.
    reach = max(1.0, *(float(np.abs(x).max()) for x in (made.start, *made.after)))
    assert np.abs(found - expected).max() <= 8 * layers * (width + 4) * EPS * scale * reach * max(
        1.0, *sizes
    )


@given(seeds, widths, depths, gains, st.sampled_from(WEIGHTS))
@settings(max_examples=30)
def test_lengths_are_those_of_the_units(seed, width, layers, gain, weights):
    with pytest.MonkeyPatch.context() as patch:
        made = Recorded(patch, "tanh", weights, width, layers, gain, seed, q=0.3)
    (found,) = made.nets.found()
    assert found.lengths.shape == (2, layers + 1)
    assert np.abs(found.lengths[:, 0] - 0.3).max() <= 10 * width * EPS
    squares = np.stack([np.mean(x[..., 0] ** 2, axis=-1) for x in made.after], axis=-1)
    assert found.lengths[:, 1:] == pytest.approx(squares, rel=4 * width * EPS)


@given(seeds, st.integers(1, 10), depths, gains)
@settings(max_examples=30)
def test_a_linear_network_is_a_product_and_gain_only_scales_it(seed, width, layers, gain):
    one, more = sample_jacobians(
        "linear", "gaussian", width, layers, [1.0, gain], 2, generator(seed)
    )
    shift = 2 * layers * np.log(gain)
    known = np.isfinite(one.log_squares) & np.isfinite(more.log_squares)
    # A value at the share r of the largest is known to resolved/r.
    share = np.exp((one.log_squares - one.log_squares[:, :1]) / 2)
    doubt = 4 * resolved_above(width, layers) / np.maximum(share, EPS) + 50 * EPS
    gap = np.abs(np.where(known, more.log_squares - one.log_squares - shift, 0.0))
    assert np.all(gap <= 2 * doubt)
    assert not np.any(one.flat)


def test_orthogonal_linear_networks_are_isometries():
    (found,) = sample_jacobians("linear", "orthogonal", 12, 9, [1.1], 3, generator())
    bound = 9 * 12**2 * EPS * 40
    assert np.abs(found.log_squares - 18 * np.log(1.1)).max() <= bound
    (small,) = sample_jacobians("tanh", "orthogonal", 12, 9, [1.0], 3, generator(), lengths=[1e-20])
    assert np.abs(small.log_squares).max() <= bound


@given(seeds, st.sampled_from(["relu", "hardtanh"]), st.sampled_from(WEIGHTS))
@settings(max_examples=20)
def test_units_without_slope_take_directions_away(seed, name, weights):
    (found,) = sample_jacobians(name, weights, 10, 3, [1.5], 4, generator(seed), lengths=[2.0])
    zeros = np.sum(np.isinf(found.log_squares), axis=-1)
    assert np.all(zeros >= found.flat.max(axis=-1))
    assert found.flat.shape == (4, 3)


def test_clipping_spares_the_directions_that_no_layer_clips():
    (found,) = sample_jacobians(
        "hardtanh", "orthogonal", 60, 3, [1.0], 8, generator(3), lengths=[0.25]
    )
    spared = 60 - found.flat.sum(axis=-1)
    assert np.all(spared > 10)
    # Subspaces in general position: as many singular values as dimensions are left are exactly 1.
    near = np.abs(found.log_squares) <= 40 * 60**2 * EPS
    assert np.array_equal(near.sum(axis=-1), spared)


def test_the_networks_are_the_same_at_every_gain_and_batch(monkeypatch):
    both = sample_jacobians("tanh", "gaussian", 6, 4, [0.8, 1.2], 5, generator(1), sigma_b=0.1)
    (alone,) = sample_jacobians("tanh", "gaussian", 6, 4, [1.2], 5, generator(1), sigma_b=0.1)
    assert np.array_equal(both[1].log_squares, alone.log_squares)
    assert np.array_equal(both[1].lengths, alone.lengths)
    monkeypatch.setattr(jacobians, "BATCH", 2 * 36)
    (other,) = sample_jacobians("tanh", "gaussian", 6, 4, [1.2], 5, generator(1), sigma_b=0.1)
    assert other.log_squares.shape == (5, 6)


def test_biases_lengthen():
    found = [
        sample_jacobians("tanh", "gaussian", 200, 1, [1.0], 1, generator(2), sigma_b=s)[0]
        for s in (0.0, 2.0)
    ]
    # |b|^2 is 4 chi^2_200 / 200, above 40 % of 4 but for a chance of e^-18 (Laurent & Massart).
    assert found[1].lengths[0, 1] > found[0].lengths[0, 1] + 1


@pytest.mark.parametrize("package", ["torch", "array_api_strict"])
def test_other_packages_get_the_same_networks(package):
    xp = pytest.importorskip(package)
    pytest.importorskip("array_api_compat")
    arrays = arrays_of([xp.asarray([0.0])], "float64")
    for name in NONLINEARITIES:
        asked = name, "gaussian", 6, 3, [1.1], 2
        here, there = (
            sample_jacobians(*asked, generator(4), sigma_b=0.2, **kwargs)[0]
            for kwargs in ({}, {"arrays": arrays})
        )
        assert there.lengths == pytest.approx(here.lengths, rel=1e3 * 6 * EPS)
        a, b = np.exp(here.log_squares / 2), np.exp(there.log_squares / 2)
        assert np.abs(a - b).max() <= 1e3 * 6 * EPS * a.max()
        assert np.array_equal(here.flat, there.flat)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"nonlinearity": "gelu"}, "nonlinearity: 'gelu' is none of tanh, erf"),
        ({"weights": "normal"}, "weights: 'normal' is none of gaussian"),
        ({"width": 0}, "width=0: give a whole number, 1 or more"),
        ({"layers": 1.5}, "layers=1.5: give a whole number"),
        ({"gains": [0.0]}, "gains=0.0: give a positive finite"),
        ({"gains": [1.0, 2.0], "lengths": [1.0]}, "lengths has 1 entries: give one for each of 2"),
        ({"lengths": [-1.0]}, "lengths=-1.0: give a positive"),
        ({"sigma_b": -1.0}, "sigma_b=-1.0: give a positive"),
        ({"rng": None}, "rng=None: give numpy.random"),
    ],
)
def test_what_cannot_be_sampled_is_refused(changed, words):
    asked = {
        "nonlinearity": "tanh",
        "weights": "gaussian",
        "width": 3,
        "layers": 2,
        "gains": [1.0],
        "draws": 1,
        "rng": generator(),
        **changed,
    }
    with pytest.raises(ValueError) as error:
        sample_jacobians(**asked)
    assert str(error.value).startswith(words)


def test_products_and_linear_networks_share_their_weights():
    logs = product_spectra("gaussian", 5, [2], 1, generator(9))[2]
    assert logs.shape == (1, 5)
