"""A network trained on features sampled from a tree, level by level against the theory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from lemmata.numerics.arguments import check_positive, check_whole
from lemmata.numerics.branching_diffusion import sampled_features
from lemmata.numerics.experiments import Start
from lemmata.numerics.feature_training import FeatureRun, FeatureTraining, train_on_features
from lemmata.numerics.networks import FloatArray
from lemmata.numerics.statistics import ErrorBudget, hoeffding_radius
from lemmata.numerics.trees import Tree
from numpy.typing import NDArray

from .analysis.mode_arrays import curves
from .items_comparison import Difference
from .items_measurements import crossing_time
from .mode_curves import learning_time
from .mode_enclosures import enclosed_curve
from .tree_theory import Population, TreeLevel, population, representations
from .verdicts import Status, weakest

__all__ = [
    "LevelComparison",
    "RandomStart",
    "Sampling",
    "TreeComparison",
    "compare_tree",
    "default_hidden",
]

EPS = float(np.finfo(np.float64).eps)

FALSE_ALARM = 1e-9
"""Rate at which features that do follow the tree are said not to."""

LEARNED = 0.95
LONGER = 1.25
"""A run lasts by default as many times longer than theory's decoupled start takes until the weakest
level has ``LEARNED`` of its strength: the random start lags behind."""

LONGEST = 500.0
"""No run lasts by default longer than this many time constants ``tau / s`` of the first level."""

MOST_ITEMS = 512
"""More items would fill the memory with the similarities of all times."""


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


@dataclass(frozen=True)
class TreeComparison:
    """What ``compare_tree`` found.

    ``theory[start]`` ``(T, levels)``: mean curves of the sample's modes from that start;
    ``analytics`` ``(T, levels)``: curves of the levels at unlimited ``N``, from the mean effective
    strengths of the random start; ``measured[start]`` ``(T, levels)``: mean strengths of the
    networks; ``budget`` ``(T, levels)``: of the decoupled start; ``kernels`` ``(T, P, P)``:
    similarities in the hidden layer, of the network from the random start, and ``foretold``,
    those of ``analytics``.
    """

    tree: Tree
    features: int
    population: Population
    run: FeatureRun
    theory: Mapping[Start, FloatArray]
    measured: Mapping[Start, FloatArray]
    budget: FloatArray
    analytics: FloatArray
    kernels: FloatArray
    foretold: FloatArray
    levels: tuple[LevelComparison, ...]
    sampling: Sampling

    @property
    def status(self) -> Status:
        """The weakest status: of the sample, and of each level's strength and decoupled start."""
        judged = [(level.shift_status, level.flow.status) for level in self.levels]
        return weakest([self.sampling.status, *(status for pair in judged for status in pair)])


def default_hidden(tree: Tree) -> int:
    """Hidden units: twice as many as items, so that modes share few of them; at least 32."""
    return max(32, 2 * tree.P)


def compare_tree(
    tree: Tree,
    *,
    rng: np.random.Generator,
    features: int = 1000,
    hidden: int | None = None,
    start_scale: float = 1e-3,
    tau: float = 1.0,
    until: float | None = None,
    times: int = 81,
) -> TreeComparison:
    """Sample features of the items, train the network on them, and compare every level with theory.

    Features are divided by ``sqrt(features)``, correlations are sums: ``Sigma11 = I``, and the
    squares of the strengths are the eigenvalues of the items' similarity.  From the decoupled start
    the curves of claim ``modes.commuting_inputs`` for the singular values of the sample are exact,
    and judged by an error budget; from the small random start they are approximate, and told.
    ``until`` defaults to the time at which the weakest level is learned.  Raises ``ValueError`` for
    a bad argument, ``FloatingPointError`` when the weights overflow.
    """
    check_whole("features", features)
    check_whole("times", times, 2)
    for name, value in (("start_scale", start_scale), ("tau", tau), ("until", until)):
        if value is not None:
            check_positive(name, value)
    if tree.P > MOST_ITEMS:
        raise ValueError(f"tree: {tree.P} items: the network is trained on at most {MOST_ITEMS}")
    units = default_hidden(tree) if hidden is None else check_whole("hidden", hidden)
    known, signs = population(tree), sampled_features(tree, features, rng)
    duration = until or _duration(known.levels, start_scale, tau)
    run = train_on_features(
        signs / np.sqrt(features),
        hidden=units,
        start_scale=start_scale,
        times=np.linspace(0.0, duration, times),
        rng=rng,
        tau=tau,
    )
    return _compared(tree, signs, known, run, units, start_scale, tau)


def _duration(levels: tuple[TreeLevel, ...], start_scale: float, tau: float) -> float:
    took = [learning_time(level.s, 1.0, start_scale, tau, LEARNED) for level in levels]
    # A mode that starts above its final strength decays to it in a few time constants.
    longest = max(
        4 * tau / level.s if t is None else t for level, t in zip(levels, took, strict=True)
    )
    return min(LONGER * longest, LONGEST * tau / levels[0].s)


def _compared(
    tree: Tree,
    signs: FloatArray,
    known: Population,
    run: FeatureRun,
    hidden: int,
    start_scale: float,
    tau: float,
) -> TreeComparison:
    parts = [_Level(run, level, hidden, start_scale, tau) for level in known.levels]
    parts = [part for part in parts if len(part.places)]
    sampling = _sampling(signs, known)
    starts: tuple[Start, ...] = ("decoupled", "small random")
    analytics = np.stack([part.analytics for part in parts], axis=-1)
    kept = tuple(part.level for part in parts)
    return TreeComparison(
        tree,
        signs.shape[1],
        known,
        run,
        {kind: np.stack([part.theory[kind] for part in parts], axis=-1) for kind in starts},
        {kind: np.stack([part.measured(kind) for part in parts], axis=-1) for kind in starts},
        np.stack([part.budget.total for part in parts], axis=-1),
        analytics,
        run.trainings["small random"].kernels,
        representations(kept, analytics),
        tuple(part.compared(sampling.distance) for part in parts),
        sampling,
    )


def _sampling(signs: FloatArray, known: Population) -> Sampling:
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


class _Level:
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
        made: FloatArray = self.run.trainings[kind].strengths[:, self.places].mean(axis=-1)
        return made

    def _half_time(self, strengths: FloatArray, final: float) -> float | None:
        return crossing_time(self.run.times, strengths, final / 2)

    def compared(self, distance: float) -> LevelComparison:
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
