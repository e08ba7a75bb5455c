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


EPS = float(np.finfo(float).eps)


def told_exactly(id: str, **inputs: Any) -> Fraction:
    found = evaluate(collect()[id], {name: str(value) for name, value in inputs.items()})
    return Fraction(found["values"]["error"]["value"])


def told(id: str, **inputs: Any) -> float:
    return float(told_exactly(id, **inputs))


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
    # Eigenvalues here, and A in the exponential, are good to weights EPS of the norm. That moves
    # e^(-2 lambda t) by 2 t times as much at most, and (1 - e^(-lambda t))^2/lambda by t^2 times.
    t = float(Fraction(time))
    exact = error_of(data, sigmas, t)
    off = weights * EPS * eigenvalues[0]
    moved = 2 * t * (sigmas[0] ** 2 + sigmas[1] ** 2) + t**2 * sigmas[2] ** 2
    assert abs(whole - exact) < 2 * off * moved + weights * EPS * exact


def test_learning_by_small_steps_ends_there() -> None:
    """One teacher, start and noise: the flow's end, by descent, is what its modes keep."""
    rng = np.random.default_rng(1)
    data = inputs(2, 8, 12)
    teacher, weights, noise = rng.standard_normal((3, 12))
    labels = data @ teacher + noise[:8]
    first, rate, moves = weights.copy(), 0.2, 0
    for _ in range(40_000):
        moved = weights + rate * data.T @ (labels - data @ weights)
        if np.array_equal(moved, weights):
            break
        weights, moves = moved, moves + 1
    left, values, right = np.linalg.svd(data, full_matrices=False)
    outside = np.eye(12) - right.T @ right
    # An update rounds the weights and a step of sums of up to 12 terms.
    size = np.linalg.norm(weights)
    terms = np.linalg.norm(data) * (np.linalg.norm(labels) + np.linalg.norm(data) * size)
    rounding = EPS * (size + rate * 12 * terms)
    assert np.abs(outside @ (weights - first)).max() < moves * rounding
    expected = teacher + outside @ (first - teacher) + right.T @ ((left.T @ noise[:8]) / values)
    # Along the data the slowest mode forgets the share rate lambda of that in every update.
    assert np.abs(weights - expected).max() < rounding * (moves + 1 / (rate * values[-1] ** 2))


def wishart_mean(examples: int, weights: int) -> Fraction:
    """The exact mean of (1/N) sum 1/lambda over lambda > 0: that of an inverse Wishart matrix."""
    few, many = sorted((examples, weights))
    return Fraction(few, many - few - 1)


@pytest.mark.parametrize(("examples", "weights"), [(20, 50), (80, 40)])
def test_the_end_of_learning_for_random_inputs(examples: int, weights: int) -> None:
    """Sampled errors against the exact mean at this size, and that against the claim.

    A right mean is farther off than 5 standard errors once in 10^6 where the mean of 100 errors is
    Gaussian.
    """
    sigmas = (1, 2, Fraction(1, 2))
    alpha = Fraction(examples, weights)
    kept = max(0, 1 - alpha) * (sigmas[0] ** 2 + sigmas[1] ** 2)
    errors = []
    for seed in range(100):
        values = np.linalg.svd(inputs(seed, examples, weights), compute_uv=False)
        noise = float(sigmas[2]) ** 2 * (1 + np.sum(values**-2.0) / weights)
        errors.append(float(kept) + noise)
    exact = kept + sigmas[2] ** 2 * (1 + wishart_mean(examples, weights))
    assert abs(np.mean(errors) - float(exact)) < 5 * np.std(errors) / np.sqrt(len(errors))
    claimed = told_exactly(COST, alpha=alpha, sigma_w=1, sigma_w0=2, sigma_eps="1/2")
    few, many = sorted((examples, weights))
    # few/(many - few - 1) - few/(many - few), exactly.
    difference = Fraction(few, (many - few - 1) * (many - few))
    assert claimed + sigmas[2] ** 2 * difference == exact


@pytest.mark.parametrize("alpha", ["1/10", "1/2", "9/10", "11/10", "2", "10"])
def test_the_error_at_the_end_by_quadrature(alpha: str) -> None:
    """The mean of 1/lambda by quadrature over the density of Marchenko and Pastur."""
    ratio = float(Fraction(alpha))
    low, high = (1 - np.sqrt(ratio)) ** 2, (1 + np.sqrt(ratio)) ** 2

    def part(angle: float, power: int) -> float:
        place = (low + high) / 2 - (high - low) / 2 * np.cos(angle)
        root = (high - low) / 2 * np.sin(angle)
        return float(root**2 / (2 * np.pi * place) * place**power)

    (seen, seen_off), (inverse, inverse_off) = (
        quad(part, 0, np.pi, args=(power,), epsabs=1e-12, epsrel=1e-12) for power in (0, -1)
    )
    assert abs(seen - min(1, ratio)) <= seen_off
    exact = (1 - seen) * (1 + 9) + 0.25 * (1 + inverse)
    found = told(COST, alpha=alpha, sigma_w=1, sigma_w0=3, sigma_eps="1/2")
    allowed = (1 + 9) * seen_off + 0.25 * inverse_off + 4 * EPS * exact
    assert found == pytest.approx(exact, abs=allowed)


@pytest.mark.parametrize("alpha", ["1/3", "1", "3"])
def test_the_cost_of_the_start(alpha: str) -> None:
    free = {"alpha": alpha, "sigma_w": 1, "sigma_eps": 0}
    cost = told_exactly(COST, **free, sigma_w0=2) - told_exactly(COST, **free, sigma_w0=0)
    assert cost == 4 * max(0, 1 - Fraction(alpha))
