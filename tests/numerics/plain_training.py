"""Networks to train, and training written down plainly: the reference for every fast engine."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from lemmata.numerics.networks import end_to_end, weight_gradients


def networks(seed: int, widths: list[int], batch: int, *, coloured: bool, own: bool) -> Any:
    """Weights, Sigma31 (``own``: one a network) and Sigma11 (None unless ``coloured``)."""
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(batch, b, a)) / 2 for a, b in pairwise(widths)]
    shape = (batch, widths[-1], widths[0]) if own else (widths[-1], widths[0])
    root = rng.normal(size=(widths[0], widths[0])) / 2
    square = root @ root.T + np.eye(widths[0])
    return weights, rng.normal(size=shape), (square + square.T) / 2 if coloured else None


def velocity(weights: Any, Sigma31: Any, Sigma11: Any) -> Any:
    total = end_to_end(weights)
    return weight_gradients(weights, Sigma31 - (total if Sigma11 is None else total @ Sigma11))


def moved(weights: Any, directions: Any, step: Any) -> Any:
    return [w + step * v for w, v in zip(weights, directions, strict=True)]


def plain_flow(weights: Any, Sigma31: Any, Sigma11: Any, step: Any, steps: int) -> Any:
    """The classical Runge-Kutta method of order 4."""
    for _ in range(steps):
        one = velocity(weights, Sigma31, Sigma11)
        two = velocity(moved(weights, one, step / 2), Sigma31, Sigma11)
        three = velocity(moved(weights, two, step / 2), Sigma31, Sigma11)
        four = velocity(moved(weights, three, step), Sigma31, Sigma11)
        sums = [a + 2 * b + 2 * c + d for a, b, c, d in zip(one, two, three, four, strict=True)]
        weights = moved(weights, sums, step / 6)
    return weights
