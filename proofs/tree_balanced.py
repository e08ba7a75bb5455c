"""Small random weights whose layers balance: the network against the whole matrix solution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import flint
import numpy as np
from lemmata.numerics.balanced_training import BalancedRun, train_balanced
from lemmata.numerics.networks import FloatArray
from lemmata.theory.learning.riccati import riccati as riccati_claim

from .closed_forms import MatrixForm
from .verdicts import Status

__all__ = ["CLAIM", "MOST_ITEMS", "BalancedStart", "compare_balanced"]

CLAIM = riccati_claim.id
MOST_ITEMS = 16
"""The solution is evaluated in balls, which takes long for larger matrices."""

LOOKS, DIGITS = 9, 15


@dataclass(frozen=True)
class BalancedStart:
    """Largest distance (Frobenius norm) of the network's map from the claim's, and the budget.

    ``looks``: how many times were compared; ``time``: when the distance is largest, ``budget``:
    what is allowed then; ``share``: the largest of distance over budget at any time.
    """

    looks: int
    largest: float
    time: float
    budget: float
    share: float
    status: Status


def compare_balanced(
    values: FloatArray,
    *,
    hidden: int,
    start_scale: float,
    until: float,
    tau: float,
    rng: np.random.Generator,
) -> BalancedStart | None:
    """Train from small random balanced weights, and compare the map with claim ``modes.riccati``.

    All modes with all their coupling, nothing left out.  None for more than ``MOST_ITEMS`` items.
    """
    if len(values) > MOST_ITEMS:
        return None
    run = train_balanced(
        values,
        hidden=hidden,
        start_scale=start_scale,
        times=np.linspace(0.0, until, LOOKS),
        rng=rng,
        tau=tau,
    )
    return _judged(run, tau)


def _judged(run: BalancedRun, tau: float) -> BalancedStart:
    foretold = [_map(run, float(time), tau) for time in run.times]
    gaps = np.array([np.linalg.norm(w - m) for w, (m, _) in zip(run.maps, foretold, strict=True)])
    budget = run.budget.plus(theory=np.array([error for _, error in foretold]))
    i, share = int(np.argmax(gaps)), budget.worst(gaps)
    vague = float(budget.total.max()) >= float(np.linalg.norm(run.Sigma31)) / 2
    explained = Status.VACUOUS if vague else Status.SAMPLED
    return BalancedStart(
        len(gaps),
        float(gaps[i]),
        float(run.times[i]),
        float(budget.total[i]),
        share,
        explained if share <= 1 else Status.REFUTED,
    )


def _map(run: BalancedRun, time: float, tau: float) -> tuple[FloatArray, float]:
    """The claim's map, and how well it is known: radii of the balls and rounding to float64."""
    known = {"Sigma": run.Sigma31, "W21": run.start[0], "W32": run.start[1], "tau": tau, "t": time}
    what = riccati_claim.evaluation
    assert what is not None
    point: dict[str, Any] = {str(what.inputs[name]): _exact(x) for name, x in known.items()}
    balls = MatrixForm(CLAIM, what.outputs["W"], what).at(point, DIGITS)
    centres = np.array([float(ball.mid()) for ball in balls]).reshape(run.Sigma31.shape)
    radius = sum(float(ball.rad()) for ball in balls)
    return centres, radius + float(np.linalg.norm(np.spacing(centres)))


def _exact(value: Any) -> Any:
    if np.ndim(value) == 0:
        return flint.fmpq(*float(value).as_integer_ratio())
    return flint.fmpq_mat([[_exact(entry) for entry in row] for row in np.asarray(value)])
