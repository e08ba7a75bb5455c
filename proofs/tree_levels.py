"""The levels of a tree in a sample of features: what is judged of each, and by what budget."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from lemmata.numerics.experiments import Start
from lemmata.numerics.feature_training import FeatureRun, FeatureTraining
from lemmata.numerics.networks import FloatArray
from lemmata.numerics.statistics import ErrorBudget, hoeffding_radius
from numpy.typing import NDArray

from .analysis.mode_arrays import curves
from .items_comparison import Difference
from .items_measurements import crossing_time
from .mode_curves import learning_time
from .mode_enclosures import enclosed_curve
from .tree_theory import Population, TreeLevel
from .verdicts import Status

__all__ = [
    "FALSE_ALARM",
    "LevelComparison",
    "LevelPart",
    "RandomStart",
    "Sampling",
    "judged_sampling",
]

EPS = float(np.finfo(np.float64).eps)

FALSE_ALARM = 1e-9
"""Rate at which features that do follow the tree are said not to."""


@dataclass(frozen=True)
class Sampling:
    """Largest ``|(1/N) sum eta_i eta_j - q_ij|`` over the pairs of items, and what chance allows.

    ``radius`` (Hoeffding 1963, with the union bound) is exceeded with a probability below
    ``FALSE_ALARM`` where the features follow the theory.  ``distance``: spectral norm of all the
    differences, and how well it is known; no eigenvalue differs by more (Weyl).
    """

    largest: float
    radius: float
    distance: float
    status: Status


@dataclass(frozen=True)
class RandomStart:
    """One level from the small random start, for which theory is only approximate.

    ``a0``: mean of the effective initial strengths ``|W21 v + W32^T u|^2 / 4`` (of a mode that is
    alone: claim ``modes.vector_mode``); ``population_time`` is theory's half-time for the strength
    of the level at unlimited ``N`` and this start, ``learning_time`` that of the mean over the
    modes of the sample, each from its own start; ``largest`` ``|simulation - theory|`` of that mean
    at ``time``; ``error``: of the simulation then.
    """

    a0: float
    population_time: float | None
    learning_time: float | None
    flow_time: float | None
    largest: float
    time: float
    error: float


@dataclass(frozen=True)
class LevelComparison:
    """One level: its theory ``level``, and the modes of the sample in its place.

    ``s`` ``(modes,)``: strengths in the sample, decreasing, fewer than the level has where there
    are too few features; ``shift``: largest difference of their squares from that of the level,
    which may not exceed ``Sampling.distance``; ``a0`` and ``final``: mean strengths at the
    decoupled start and in the end; times at which the mean has half of ``final``.
    """

    level: TreeLevel
    s: FloatArray
    shift: float
    shift_status: Status
    a0: float
    final: float
    learning_time: float | None
    flow_time: float | None
    flow: Difference
    random: RandomStart


def judged_sampling(signs: FloatArray, known: Population) -> Sampling:
    """The similarity of the items in their features ``signs`` ``(P, N)`` against the theory's."""
    count, features = signs.shape
    gap = signs @ signs.T / features - known.similarity
    np.fill_diagonal(gap, 0.0)
    pairs = max(1, count * (count - 1) // 2)
    radius = hoeffding_radius(FALSE_ALARM, features, 2.0, pairs)
    largest = float(np.abs(gap).max())
    # Each of the singular values compared is known to max(P, N) eps of the largest, as is the norm.
    doubt = (8 * count + 4 * features) * EPS * max(count, known.levels[0].s ** 2)
    distance = float(np.linalg.norm(gap, 2)) + doubt
    status = Status.SAMPLED if largest <= radius else Status.REFUTED
    return Sampling(largest, radius, distance, status)


class LevelPart:
    """One level of a tree, and the modes of the sample in its place."""

    def __init__(
        self, run: FeatureRun, level: TreeLevel, hidden: int, start_scale: float, tau: float
    ) -> None:
        self.run, self.level, self.tau, self.start_scale = run, level, tau, start_scale
        self.places: NDArray[np.intp] = level.places[level.places < len(run.modes.s)]
        self.s = run.modes.s[self.places]
        if not len(self.places):
            return
        self.final = float(np.mean(self.s))
        self.started = self.places < hidden
        self.effective = run.effective[self.places]
        self.a0 = float(np.mean(self.effective))
        decoupled, self.error = self._decoupled()
        self.theory: dict[Start, FloatArray] = {
            "decoupled": decoupled,
            "small random": np.mean(
                [self._curve(s, a0) for s, a0 in zip(self.s, self.effective, strict=True)], axis=0
            ),
        }
        self.analytics = self._curve(level.s, self.a0)
        budget = run.trainings["decoupled"].budget
        self.budget = budget.plus(**{"singular values": self.error})

    def _curve(self, s: float, a0: float) -> FloatArray:
        made: FloatArray = curves(np.array([s]), 1.0, float(a0), self.tau, self.run.times)[0]
        return made

    def _decoupled(self) -> tuple[FloatArray, FloatArray]:
        """Mean curve of the modes, and how well it is known: exact for s within the resolution."""
        doubt, times = self.run.modes.resolution, self.run.times.tolist()
        strengths, error = np.zeros(len(times)), np.zeros(len(times))
        for s in self.s[self.started]:
            curve = enclosed_curve(float(s), doubt, self.start_scale, self.tau, times)
            strengths, error = strengths + curve.strengths, error + curve.error
        return strengths / len(self.s), error / len(self.s)

    def measured(self, kind: Start) -> FloatArray:
        """Mean strength of the network's modes in the place of the level, ``(T,)``."""
        made: FloatArray = self.run.trainings[kind].strengths[:, self.places].mean(axis=-1)
        return made

    def _half_time(self, strengths: FloatArray, final: float) -> float | None:
        return crossing_time(self.run.times, strengths, final / 2)

    def compared(self, distance: float) -> LevelComparison:
        """Judge it; ``distance``: how far no square of a strength may be off."""
        shift = float(np.abs(self.s**2 - self.level.s**2).max())
        share = float(np.mean(self.started))
        final = float(np.sum(self.s[self.started])) / len(self.s)
        return LevelComparison(
            level=self.level,
            s=self.s,
            shift=shift,
            shift_status=Status.SAMPLED if shift <= distance else Status.REFUTED,
            a0=share * self.start_scale,
            final=final,
            learning_time=self._half_time(self.theory["decoupled"], final),
            flow_time=self._half_time(self.measured("decoupled"), final),
            flow=_difference(
                self.run.times,
                self.measured("decoupled") - self.theory["decoupled"],
                self.budget,
                final,
            ),
            random=self._random(self.run.trainings["small random"]),
        )

    def _random(self, training: FeatureTraining) -> RandomStart:
        measured, theory = self.measured("small random"), self.theory["small random"]
        gap = np.abs(measured - theory)
        i = int(np.argmax(gap))
        return RandomStart(
            a0=self.a0,
            population_time=learning_time(self.level.s, 1.0, self.a0, self.tau),
            learning_time=self._half_time(theory, self.final),
            flow_time=self._half_time(measured, self.final),
            largest=float(gap[i]),
            time=float(self.run.times[i]),
            error=float(training.budget.total[i]),
        )


def _difference(
    times: FloatArray, difference: FloatArray, budget: ErrorBudget, final: float
) -> Difference:
    """The difference, refuted where its budget does not explain it."""
    gap = np.abs(difference)
    share, i = budget.worst(gap), int(np.argmax(gap))
    vague = float(np.max(budget.total)) >= final / 2 > 0
    explained = Status.VACUOUS if vague else Status.SAMPLED
    sizes = {name: np.broadcast_to(size, gap.shape)[i] for name, size in budget.terms.items()}
    return Difference(
        largest=float(gap[i]),
        time=float(times[i]),
        budget=float(budget.total[i]),
        terms={name: float(size) for name, size in sizes.items()},
        share=share,
        status=explained if share <= 1 else Status.REFUTED,
    )
