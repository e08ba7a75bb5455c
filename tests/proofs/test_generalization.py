"""Regression from large initial weights, against matrices that know no formula of the package.

For given inputs the test error, averaged over teacher, start and noise, is a quadratic form: its
matrices are computed with SciPy's exponential.  For random inputs means over many of them are
compared with those of Wishart's law, whose exact values at finite sizes are known.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from lemmata.proofs.court import collect
from lemmata.proofs.evaluation import evaluate
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.linalg import expm

Array = NDArray[np.float64]
COST = "generalization.large_gain"


def told(id: str, **inputs: Any) -> float:
    found = evaluate(collect()[id], {name: str(value) for name, value in inputs.items()})
    return float(Fraction(found["values"]["error"]["value"]))


def inputs(seed: int, examples: int, weights: int) -> Array:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((examples, weights)) / np.sqrt(weights)


def error_of(data: Array, sigmas: tuple[float, float, float], time: float) -> float:
    """E |w - w_t|^2/N + sigma_eps^2 by the matrices of the flow, tau = 1.

    w - w_t = e^(-At)(w_0 - w_t) + (int_0^t e^(-As) ds) X^T eps, A = X^T X; the integral is a block
    of the exponential of a larger matrix, so that no inverse of A is needed.
    """
    teacher, start, noise = sigmas
    size = data.shape[1]
    gram = data.T @ data
    large = np.zeros((2 * size, 2 * size))
    large[:size, :size], large[:size, size:] = -gram * time, np.eye(size) * time
    both = expm(large)
    decay, integral = both[:size, :size], both[:size, size:]
    spread = (teacher**2 + start**2) * np.trace(decay @ decay.T)
    driven = integral @ data.T
    return float((spread + noise**2 * np.trace(driven @ driven.T)) / size + noise**2)


@pytest.mark.parametrize(("examples", "weights"), [(6, 10), (10, 10), (14, 10)])
@pytest.mark.parametrize("time", ["1/4", "3", "40"])
def test_the_error_of_each_mode_adds_up(examples: int, weights: int, time: str) -> None:
    data = inputs(examples, examples, weights)
    sigmas = (1.0, 1.5, 0.5)
    eigenvalues = np.linalg.eigvalsh(data.T @ data)[::-1]
    seen = eigenvalues[: min(data.shape)]
    each = [
        told(
            f"{COST}.mode_error",
            lam=float(value).hex() and Fraction(float(value)), sigma_w=1,
            sigma_w0="3/2", sigma_eps="1/2", tau=1, t=time,
        )
        for value in seen
    ]  # fmt: skip
    unseen = (weights - len(seen)) * (1 + 1.5**2)
    whole = (sum(each) + unseen) / weights + 0.25
    # Eigenvalues are good to a few round-offs of the norm; exponents amplify them by the time.
    exact = error_of(data, sigmas, float(Fraction(time)))
    assert abs(whole / exact - 1) < 1e-11


def test_learning_by_small_steps_ends_there() -> None:
    """One teacher, start and noise: the flow's end, by descent, is what its modes keep."""
    rng = np.random.default_rng(1)
    data = inputs(2, 8, 12)
    teacher, weights, noise = rng.standard_normal((3, 12))
    labels = data @ teacher + noise[:8]
    first = weights.copy()
    for _ in range(40_000):
        weights = weights + 0.2 * data.T @ (labels - data @ weights)
    left, values, right = np.linalg.svd(data, full_matrices=False)
    outside = np.eye(12) - right.T @ right
    assert np.abs(outside @ (weights - first)).max() < 1e-11
    expected = teacher + outside @ (first - teacher) + right.T @ ((left.T @ noise[:8]) / values)
    assert np.abs(weights - expected).max() < 1e-9


def wishart_mean(examples: int, weights: int) -> float:
    """The exact mean of (1/N) sum 1/lambda over lambda > 0: that of an inverse Wishart matrix."""
    few, many = sorted((examples, weights))
    return few / (many - few - 1)


@pytest.mark.parametrize(("examples", "weights"), [(20, 50), (80, 40)])
def test_the_end_of_learning_for_random_inputs(examples: int, weights: int) -> None:
    """Sampled errors against the exact mean at this size, and that against the claim.

    A right mean is farther off than 5 standard errors once in 10^6 where the mean of 100 errors is
    Gaussian.
    """
    sigmas = (1.0, 2.0, 0.5)
    alpha = Fraction(examples, weights)
    kept = max(0, 1 - float(alpha)) * (sigmas[0] ** 2 + sigmas[1] ** 2)
    errors = []
    for seed in range(100):
        values = np.linalg.svd(inputs(seed, examples, weights), compute_uv=False)
        noise = sigmas[2] ** 2 * (1 + np.sum(values**-2.0) / weights)
        errors.append(kept + noise)
    exact = kept + sigmas[2] ** 2 * (1 + wishart_mean(examples, weights))
    assert abs(np.mean(errors) - exact) < 5 * np.std(errors) / np.sqrt(len(errors))
    claimed = told(COST, alpha=alpha, sigma_w=1, sigma_w0=2, sigma_eps="1/2")
    few, many = sorted((examples, weights))
    # few/(many - few - 1) - few/(many - few), exactly.
    difference = few / ((many - few - 1) * (many - few))
    assert claimed + sigmas[2] ** 2 * difference == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("alpha", ["1/10", "1/2", "9/10", "11/10", "2", "10"])
def test_the_error_at_the_end_by_quadrature(alpha: str) -> None:
    """The mean of 1/lambda by quadrature over the density of Marchenko and Pastur."""
    ratio = float(Fraction(alpha))
    low, high = (1 - np.sqrt(ratio)) ** 2, (1 + np.sqrt(ratio)) ** 2

    def part(angle: float, power: int) -> float:
        place = (low + high) / 2 - (high - low) / 2 * np.cos(angle)
        root = (high - low) / 2 * np.sin(angle)
        return float(root**2 / (2 * np.pi * place) * place**power)

    seen, inverse = (quad(part, 0, np.pi, args=(power,), epsabs=1e-12)[0] for power in (0, -1))
    assert abs(seen - min(1, ratio)) < 1e-9
    exact = (1 - seen) * (1 + 9) + 0.25 * (1 + inverse)
    found = told(COST, alpha=alpha, sigma_w=1, sigma_w0=3, sigma_eps="1/2")
    assert found == pytest.approx(exact, rel=1e-8)


@pytest.mark.parametrize("alpha", ["1/3", "1", "3"])
def test_the_cost_of_the_start(alpha: str) -> None:
    free = {"alpha": alpha, "sigma_w": 1, "sigma_eps": 0}
    cost = told(COST, **free, sigma_w0=2) - told(COST, **free, sigma_w0=0)
    assert cost == pytest.approx(4 * max(0, 1 - float(Fraction(alpha))), abs=1e-15)
