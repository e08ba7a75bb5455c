"""Training the three-layer network on a table of items, and measuring its modes over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .datasets import ItemTable, correlations
from .descent import descend
from .examples import Convention
from .gradient_flow import with_error_budget
from .modes import (
    InputOutputModes,
    decoupled_start,
    input_output_modes,
    mode_strengths,
    multiplets,
    small_random_start,
    subspace_strengths,
)
from .networks import FloatArray
from .statistics import ErrorBudget, halving_error

__all__ = ["ItemsRun", "Start", "Training", "train_items"]

Start = Literal["decoupled", "small random"]


@dataclass(frozen=True)
class Training:
    """One network over time, trained in one way.

    ``strengths`` ``(T, r)``: ``u^T W_tot v`` of every mode; ``subspaces`` ``(T, g)``: mean strength
    of every multiplet; ``loss`` ``(T,)``; ``budget``: how wrong any strength or mean may be, each
    term of shape ``(T, 1)``.  The unit of a strength is that of the table's values.
    """

    strengths: FloatArray
    subspaces: FloatArray
    loss: FloatArray
    budget: ErrorBudget


@dataclass(frozen=True)
class ItemsRun:
    """What ``train_items`` measured.

    ``times`` ``(T,)`` in the units of tau; ``modes`` of ``Sigma31``; ``groups``: indices of the
    modes in every multiplet; ``input_strength``: ``Sigma11`` is this times the identity;
    ``iterations`` ``(T,)`` of the finest descent; ``start``: initial weights per kind of start;
    ``flow`` and ``descent``: the trainings from each start.
    """

    times: FloatArray
    modes: InputOutputModes
    groups: list[NDArray[np.intp]]
    input_strength: float
    iterations: NDArray[np.int64]
    start: dict[Start, list[FloatArray]]
    flow: dict[Start, Training]
    descent: dict[Start, Training]


def train_items(
    table: ItemTable,
    *,
    hidden: int,
    start_scale: float,
    times: ArrayLike,
    rng: np.random.Generator,
    tau: float = 1.0,
    updates: int = 1000,
    convention: Convention = "average",
    step: float | None = None,
) -> ItemsRun:
    """Train on one-hot items by gradient flow and by descent, from two kinds of start.

    The decoupled start gives every mode the strength ``start_scale``, or, with fewer hidden units
    than modes, the ``hidden`` strongest ones; the small random start draws entries of variance
    ``start_scale / hidden``.  Descent makes ``updates`` full-batch updates up to the last of
    ``times``, which are rounded to whole updates, with learning rate ``lambda`` the time of one
    update over tau; then twice and four times as many.  Its budget is the error of the finest run
    as an approximation of the flow, term ``learning rate`` (``halving_error``).
    Raises ``ValueError`` for a bad argument, ``FloatingPointError`` when the weights overflow.
    """
    marks, moments = _whole_updates(times, updates)
    for name, value in (("tau", tau), ("start_scale", start_scale), ("hidden", hidden)):
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name}={value!r}: give a positive finite number")
    Sigma11, Sigma31 = correlations(table, convention)
    modes = input_output_modes(Sigma31)
    strengths = np.where(np.arange(len(modes.s)) < hidden, start_scale, 0.0)
    sizes = (len(table.items), hidden, len(table.properties))
    start: dict[Start, list[FloatArray]] = {
        "decoupled": decoupled_start(modes, strengths, hidden, rng),
        "small random": small_random_start(sizes, (start_scale / hidden) ** 0.5, rng),
    }
    lambda_ = moments[-1] / updates / tau
    run = ItemsRun(
        moments, modes, multiplets(modes), float(Sigma11[0, 0]), 4 * marks, start, {}, {}
    )
    for kind, weights in start.items():
        flowed = with_error_budget(
            weights, Sigma31, Sigma11, times=moments, tau=tau, step=step, rng=rng
        )
        record, sizes_of_error = flowed.record, flowed.budget.terms
        terms = {name: size[:, None] for name, size in sizes_of_error.items()}
        run.flow[kind] = _training(modes, record.maps, record.loss, ErrorBudget(terms))
        run.descent[kind] = _descended(table, modes, weights, lambda_, marks, convention)
    return run


def _descended(
    table: ItemTable,
    modes: InputOutputModes,
    weights: Sequence[FloatArray],
    lambda_: float,
    marks: NDArray[np.int64],
    convention: Convention,
) -> Training:
    inputs, outputs = np.eye(len(table.items)), table.values.T
    coarse, middle, fine = (
        descend(
            weights,
            inputs,
            outputs,
            lambda_=lambda_ / refine,
            iterations=refine * marks,
            convention=convention,
        )
        for refine in (1, 2, 4)
    )
    first, second, third = (mode_strengths(run.maps, modes) for run in (coarse, middle, fine))
    error = halving_error(first, second, third).max(axis=-1, keepdims=True)
    return _training(modes, fine.maps, fine.loss, ErrorBudget({"learning rate": error}))


def _training(
    modes: InputOutputModes, maps: FloatArray, loss: FloatArray, budget: ErrorBudget
) -> Training:
    return Training(mode_strengths(maps, modes), subspace_strengths(maps, modes), loss, budget)


def _whole_updates(times: ArrayLike, updates: int) -> tuple[NDArray[np.int64], FloatArray]:
    if updates < 1:
        raise ValueError(f"updates={updates!r}: give the number of updates, 1 or more")
    given = np.atleast_1d(np.asarray(times, dtype=np.float64))
    if given.ndim != 1 or not given.size or not np.all(np.isfinite(given)) or given[-1] <= 0:
        raise ValueError(f"times={times!r}: give finite times that end above 0")
    marks = np.rint(given / given[-1] * updates).astype(np.int64)
    return marks, marks * (given[-1] / updates)
