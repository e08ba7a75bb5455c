"""What is measured on a trained network of items, and how wrong each measurement may be."""

from __future__ import annotations

import numpy as np
from lemmata.numerics.datasets import Correlations
from lemmata.numerics.experiments import ItemsRun, Training
from lemmata.numerics.gradient_flow import suggest_step
from lemmata.numerics.networks import FloatArray
from lemmata.numerics.statistics import ErrorBudget
from numpy.typing import NDArray

__all__ = ["comparison_budgets", "crossing_time", "effective_start"]

EPS = float(np.finfo(np.float64).eps)


def comparison_budgets(
    run: ItemsRun, correlated: Correlations, tau: float
) -> tuple[ErrorBudget, ErrorBudget]:
    """Budgets ``(T,)`` of flow and descent from the decoupled start, as solutions of the flow.

    Flow: ``step`` (the largest so far) and ``roundoff`` as of its training.  Descent: ``learning
    rate`` (the largest so far) as of its training, and the round-off of the flow times the number
    of updates per step of the flow (at least one): the probe of round-off displaces once per step
    by at least what one update errs, and adds up.  Both: the round-off of measuring a strength.
    """
    flow, descent = run.flow["decoupled"], run.descent["decoupled"]
    start = run.start["decoupled"]
    length = suggest_step(start, correlated.Sigma31, correlated.Sigma11, tau)
    steps = 2 * np.sum(np.ceil(np.diff(run.times, prepend=0.0) / length))
    rounding = flow.budget.terms["roundoff"][:, 0]
    updates = rounding * max(1.0, float(run.iterations[-1] / steps))
    sizes = correlated.Sigma31.shape
    return (
        ErrorBudget(
            {
                "step": _so_far(flow.budget.terms["step"][:, 0]),
                "roundoff": rounding + _measuring(flow, sizes),
            }
        ),
        ErrorBudget(
            {
                "learning rate": _so_far(descent.budget.terms["learning rate"][:, 0]),
                "roundoff": updates + _measuring(descent, sizes),
            }
        ),
    )


def _so_far(changes: FloatArray) -> FloatArray:
    """The largest change by halving up to each time: both errors cross zero now and then."""
    largest: FloatArray = np.maximum.accumulate(changes)
    return largest


def _measuring(training: Training, sizes: tuple[int, ...]) -> FloatArray:
    # u^T W v is two inner products of N1 and N3 terms, each off by at most N eps/2 times the
    # norms; computed vectors are unit and orthogonal within as much again.
    norm = np.sqrt(np.sum(training.strengths**2, axis=-1))
    error: FloatArray = sum(sizes) * EPS * norm
    return error


def effective_start(run: ItemsRun, group: NDArray[np.intp]) -> float:
    """Effective initial strength of a multiplet from the small random start.

    ``|W21 v + W32^T u|^2 / 4`` as of the claim ``modes.vector_mode``, averaged over the ``group``
    of modes; the mean does not depend on the choice of vectors inside the multiplet.
    """
    W21, W32 = run.start["small random"]
    grown = W21 @ run.modes.v[:, group] + W32.T @ run.modes.u[:, group]
    return float(np.mean(np.sum(grown**2, axis=0)) / 4)


def crossing_time(times: FloatArray, strengths: FloatArray, level: float) -> float | None:
    """First time at which ``strengths`` rise to ``level``, half of the final strength.

    Interpolated between two records in the logit of ``strength / (2 level)``, which is linear in
    time for a logistic curve, or in the strength itself where that leaves the unit interval.
    None when the strengths start above the level, never reach it, or there is none to reach.
    """
    above = np.flatnonzero(strengths >= level)
    if level <= 0 or not len(above) or above[0] == 0:
        return None
    i = int(above[0])
    low, high = (float(strengths[k] / (2 * level)) for k in (i - 1, i))
    if low > 0 and high < 1:
        low, high = (float(np.log(x / (1 - x))) for x in (low, high))
        share = -low / (high - low)
    else:
        share = (0.5 - low) / (high - low)
    return float(times[i - 1] + share * (times[i] - times[i - 1]))
