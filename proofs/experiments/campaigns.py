"""A region of a claim's parameters, trained at once and compared with what the claim foretells.

The error of a trained strength u^T W v has two terms.  ``step``: from runs with steps h, h/2 and
h/4 (`halving_error`).  ``roundoff``: every step rounds each weight by a few units, frames and data
are rounded at the start, and an error of the weights grows at most as exp of the integral of
|E|_2/tau, where E = Sigma31 - W Sigma11: the flow is a gradient's, and for two layers that bounds
its logarithmic norm.  The loss |E Sigma11^(-1/2)|_F^2/2 only falls, so records bound the integral.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from lemmata.numerics.roundoff import UNIT, frobenius
from lemmata.numerics.statistics import ErrorBudget, halving_error
from numpy.typing import NDArray

from .regions import Region

__all__ = ["telling"]

FloatArray = NDArray[np.float64]
STEP, FINEST = 1 / 32, 4
"""In units of tau, of the coarsest run, a quarter over the fastest rate 2 s = 8; and how many steps
the finest takes for one of them."""
ROOM = 2
"""The bound of `halving_error` holds up to terms that are smaller by the step times that rate, a
sixteenth in the finest run."""
SLACK = 16
"""Units that a number is rounded by in a step, beside one for each term of its products."""
TELLING = 2.0**-10
"""Largest budget that tells anything, for a unit of |Sigma31|."""
Integrate = Callable[..., Any]


def telling(
    region: Region, integrate: Integrate
) -> tuple[FloatArray, ErrorBudget, list[tuple[int, int]]]:
    """Strengths that training gives, their budgets, and where: time and network, by number.

    ``integrate`` takes what ``integrate_many`` does.  Left out is where the budget is above
    ``TELLING``: a number known so badly would agree with anything.
    """
    numbers, terms = _trained(region, integrate)
    known = ErrorBudget(terms).total <= TELLING * frobenius(region.Sigma31)
    budget = ErrorBudget({name: term[known] for name, term in terms.items()})
    return numbers[known], budget, [(int(t), int(n)) for t, n in np.argwhere(known)]


def _trained(
    region: Region, integrate: Integrate
) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Strengths and the terms of their budgets, ``(T, networks)``."""
    runs = [
        integrate(
            region.weights,
            region.Sigma31,
            region.Sigma11,
            times=(0.0, *region.times),
            step=STEP * region.tau / halved,
            tau=region.tau,
        )
        for halved in (1, 2, FINEST)
    ]
    read = [
        np.einsum("ni,tnij,nj->tn", region.left, np.asarray(run.maps), region.right) for run in runs
    ]
    coarse, middle, fine = read
    error = ROOM * halving_error(coarse, middle, fine, order=4)
    terms = {"step": error, "roundoff": _rounding(region, runs[-1])}
    # Nothing is foretold of the start.
    return fine[1:], {name: term[1:] for name, term in terms.items()}


def _rounding(region: Region, record: Any) -> FloatArray:
    maps = np.asarray(record.maps)
    sizes = np.stack([frobenius(np.asarray(layer)) for layer in record.weights])
    total, data = np.sqrt((sizes**2).sum(axis=0)), frobenius(region.Sigma31)
    mapped = maps if region.Sigma11 is None else maps @ region.Sigma11
    # In the norm in which it falls, and from there to |E|_2.
    condition = 1.0 if region.Sigma11 is None else float(np.sqrt(np.linalg.cond(region.Sigma11)))
    error = condition * frobenius(region.Sigma31 - mapped)
    times = np.array([0.0, *region.times]) / region.tau
    gaps = np.diff(times)[:, None]
    grown = np.cumsum(gaps * error[:-1], axis=0)
    growth = np.exp(np.concatenate([np.zeros((1, error.shape[1])), grown]))
    terms = SLACK + sum(sum(layer.shape[-2:]) for layer in region.weights)
    largest = np.maximum.accumulate(total, axis=0)
    # Each step rounds the weights and h times a velocity below |W| (|Sigma31| + |W|^2 |Sigma11|).
    square = 1.0 if region.Sigma11 is None else float(np.linalg.norm(region.Sigma11, 2))
    steps = FINEST * times[:, None] / STEP
    forced = times[:, None] * (data + square * largest**2)
    weights = UNIT * terms * largest * (1 + steps + forced) * growth
    through = len(region.weights) * np.maximum(largest, 1)
    rounded: FloatArray = weights * through + terms * UNIT * frobenius(maps)
    return rounded
