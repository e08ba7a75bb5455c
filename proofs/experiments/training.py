"""Training the networks of an experiment in float64, with error budgets that are measured.

Two ways, one batch each: gradient flow, and full-batch descent whose learning rate is halved
until its error is known.  What is read is u^T W v, for the end-to-end map W.  The terms:

``step``           of the flow: from a second run with half the steps (`with_error_budget`);
``learning rate``  of descent, as an approximation of the flow: from runs at three learning rates;
``roundoff``       of all steps: by replicas (`RoundoffProbe`); descent takes more steps than the
                   flow and is charged that many times as much;
``reading``        of u^T W v itself: a bound;
``time``           a time that float64 does not hold, times the speed of the reading then.

``step``, ``learning rate`` and ``roundoff`` are measured, so they are estimates: the first two
suppose that halving acts as the order of the method says, the third that three random directions
find how rounding grows.  Only ``reading`` is a bound.  So a network within its budget agrees, but
one outside does not refute: that is for ``trajectory``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
from lemmata.numerics.descent import descend
from lemmata.numerics.gradient_flow import with_error_budget
from lemmata.numerics.statistics import ErrorBudget, halving_error
from numpy.typing import NDArray

from .batches import Batch, Look
from .networks import Experiment

__all__ = ["Trained", "UnsettledError", "train"]

FloatArray = NDArray[np.float64]
REFINE = 4
"""The first learning rate is a quarter of the step that resolves the fastest rate of the flow."""
HALVINGS = 8
SETTLED = 0.25
"""Largest share 3 d h^2/8 of c h/4 at which h is accepted; the error at h is c h + d h^2 + ..."""
ROOM = 2
"""`halving_error` holds up to terms in h^3, and is sharp.  Once settled, every term is at most a
sixth of the one before (3 d h^2/8 against c h/4), so those terms are below a hundredth of it."""


class UnsettledError(ArithmeticError):
    """Halving the learning rate did not make the error of descent proportional to it."""


@dataclass(frozen=True)
class Trained:
    """``way`` of training, the numbers read (one a look), and how wrong each may be."""

    way: str
    numbers: FloatArray
    budget: ErrorBudget


def train(experiment: Experiment, looks: Sequence[Look], rng: np.random.Generator) -> list[Trained]:
    """Flow and descent; directions of the round-off replicas come from ``rng``.

    Raises ``FloatingPointError`` when weights overflow, ``UnsettledError`` when no learning rate
    was small enough.
    """
    batch = Batch(experiment, looks)
    flow = with_error_budget(
        batch.weights,
        batch.Sigma31,
        batch.Sigma11,
        times=[float(time) for time in batch.times],
        rng=rng,
        tau=batch.tau,
        step=batch.step,
    )
    terms = {name: batch.gains * batch.pick(size) for name, size in flow.budget.terms.items()}
    rounding = {"reading": batch.reading(flow.record), "time": batch.timing(flow.record)}
    first = Trained("flow", batch.read(flow.record.maps), ErrorBudget({**terms, **rounding}))
    numbers, error, more = _descended(batch)
    second = {"learning rate": error, "roundoff": more * terms["roundoff"], **rounding}
    return [first, Trained("descent", numbers, ErrorBudget(second))]


def _descended(batch: Batch) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Numbers, their errors, and updates for every step of the finer flow, one a look each."""
    numbers, error, more = (np.zeros(len(batch.looks)) for _ in range(3))
    for clock in _clocks(batch.times):
        chosen = np.isin(batch.places, [batch.times.index(time) for time in clock])
        found = _settled(batch, clock)
        numbers[chosen], error[chosen] = found[0][chosen], found[1][chosen]
        more[chosen] = found[2]
    return numbers, error, more


def _clocks(times: Sequence[Fraction]) -> list[list[Fraction]]:
    """Times that one learning rate reaches in whole updates: multiples of one, or each alone."""
    first = next((time for time in times if time), Fraction(1))
    if all((time / first).denominator == 1 for time in times):
        return [list(times)]
    return [[time] for time in times]


def _settled(batch: Batch, clock: Sequence[Fraction]) -> tuple[FloatArray, FloatArray, float]:
    """Halve the learning rate until the error of descent is proportional to it."""
    unit = next((time for time in clock if time), Fraction(0))
    updates = max(1, ceil(REFINE * float(unit) / batch.step))
    runs = [_run(batch, clock, unit, updates), _run(batch, clock, unit, 2 * updates)]
    for _ in range(HALVINGS):
        runs.append(_run(batch, clock, unit, 4 * updates))
        coarse, middle, fine = runs[-3:]
        first, second = coarse - middle, middle - fine
        if np.abs(first - 2 * second).max() <= SETTLED * np.abs(second).max():
            # The finer flow takes two steps of length `step` / 2 for each `step`.
            more = max(1.0, 2 * updates * batch.step / float(unit)) if unit else 1.0
            return fine, ROOM * halving_error(coarse, middle, fine), more
        updates *= 2
    raise UnsettledError(f"descent: no learning rate down to {float(unit) / updates:.3g} settles")


def _run(
    batch: Batch, clock: Sequence[Fraction], unit: Fraction, updates: int
) -> FloatArray:
    """What is read after ``updates`` updates for each ``unit`` of time; 0 at other times."""
    marks = [int(time / unit) * updates if unit else 0 for time in clock]
    record = descend(
        batch.weights,
        batch.inputs,
        batch.outputs,
        lambda_=float(unit or 1) / updates / batch.tau,
        iterations=marks,
        convention="sum",
    )
    maps = np.zeros((len(batch.times), *record.maps.shape[1:]))
    maps[[batch.times.index(time) for time in clock]] = record.maps
    return batch.read(maps)
