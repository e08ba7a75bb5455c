"""A network trained on features sampled from a tree, level by level against the theory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from lemmata.numerics.arguments import check_positive, check_whole
from lemmata.numerics.branching_diffusion import sampled_features
from lemmata.numerics.experiments import Start
from lemmata.numerics.feature_training import FeatureRun, train_on_features
from lemmata.numerics.networks import FloatArray
from lemmata.numerics.trees import Tree

from .mode_curves import learning_time
from .tree_balanced import BalancedStart, compare_balanced
from .tree_levels import LevelComparison, LevelPart, Sampling, judged_sampling
from .tree_theory import Population, TreeLevel, population, representations
from .verdicts import Status, weakest

__all__ = ["TreeComparison", "compare_tree", "default_hidden"]

LEARNED = 0.95
LONGER = 1.25
"""A run lasts by default as many times longer than theory's decoupled start takes until the weakest
level has ``LEARNED`` of its strength: the random start lags behind."""

LONGEST = 500.0
"""No run lasts by default longer than this many time constants ``tau / s`` of the first level."""

MOST_ITEMS = 256
"""More items would take hours, and fill the memory with the similarities of all times."""


@dataclass(frozen=True)
class TreeComparison:
    """What ``compare_tree`` found.

    ``theory[start]`` ``(T, levels)``: mean curves of the sample's modes from that start;
    ``analytics`` ``(T, levels)``: curves of the levels at unlimited ``N``, from the mean effective
    strengths of the random start; ``measured[start]`` ``(T, levels)``: mean strengths of the
    networks; ``budget`` ``(T, levels)``: of the decoupled start; ``kernels`` ``(T, P, P)``:
    similarities in the hidden layer, of the network from the random start, and ``foretold``,
    those of ``analytics``; ``balanced``: small random weights whose layers balance, None for many
    items.
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
    balanced: BalancedStart | None

    @property
    def status(self) -> Status:
        """The weakest status: of the sample, of strengths, of decoupled and balanced starts."""
        judged = (
            [self.sampling.status]
            if self.balanced is None
            else [self.sampling.status, self.balanced.status]
        )
        for level in self.levels:
            judged += [level.shift_status, level.flow.status]
        return weakest(judged)

    @property
    def orders(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Levels in the order of their half-times from the small random start.

        As theory foretells it at unlimited ``N``, and as in the network; without those that are
        not learned in time.
        """
        timed = [
            (level.level.name, level.random.population_time, level.random.flow_time)
            for level in self.levels
        ]
        foretold = sorted((t, name) for name, t, found in timed if t and found)
        simulated = sorted((found, name) for name, t, found in timed if t and found)
        return tuple(name for _, name in foretold), tuple(name for _, name in simulated)


def default_hidden(tree: Tree) -> int:
    """Hidden units: so many more than items that modes share few of them."""
    return max(128, tree.P + 64)


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
    and judged by an error budget; from the small random start they are approximate, and told; from
    a small random start with balanced layers the whole map is judged against ``modes.riccati``.
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
    balanced = compare_balanced(
        signs / np.sqrt(features),
        hidden=units,
        start_scale=start_scale,
        until=duration,
        tau=tau,
        rng=rng,
    )
    return _compared(tree, signs, known, run, units, start_scale, tau, balanced)


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
    balanced: BalancedStart | None,
) -> TreeComparison:
    parts = [LevelPart(run, level, hidden, start_scale, tau) for level in known.levels]
    parts = [part for part in parts if len(part.places)]
    sampling = judged_sampling(signs, known)
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
        balanced,
    )
