"""How often finitely many features have the order of a tree's splits wrong."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from lemmata.numerics.arguments import check_whole
from lemmata.numerics.branching_diffusion import wrong_order_probability, wrong_order_trials
from lemmata.numerics.statistics import hoeffding_radius
from lemmata.numerics.trees import Tree, TreeError

from .tree_levels import FALSE_ALARM
from .verdicts import Status

__all__ = ["WrongOrders", "count_wrong_orders"]


@dataclass(frozen=True)
class WrongOrders:
    """Samples of ``features`` in which the first split is weaker than a finer one.

    ``wrong`` of ``trials`` samples, equal strengths not counted; the share of samples differs from
    the probability by more than ``radius`` with a probability below ``FALSE_ALARM``; ``exact``: the
    probability by enumeration, None where there are too many cases.
    """

    features: int
    trials: int
    wrong: int
    radius: float
    exact: Fraction | None

    @property
    def share(self) -> float:
        """Share of the samples."""
        return self.wrong / self.trials

    @property
    def status(self) -> Status:
        """Whether share and probability agree; sampled where there is nothing to compare."""
        off = self.exact is not None and abs(self.share - float(self.exact)) > self.radius
        return Status.REFUTED if off else Status.SAMPLED


def count_wrong_orders(
    tree: Tree, features: int, trials: int, rng: np.random.Generator
) -> WrongOrders:
    """Sample ``features`` of the items again and again; enumerate where that can be done.

    The strength of a split is its share of the similarity, over the number of its contrasts
    (``numerics.branching_diffusion.split_strengths``).  Raises ``ValueError`` for a tree with
    fewer than two splits and for counts below 1.
    """
    check_whole("orders", trials)
    wrong = wrong_order_trials(tree, features, trials, rng)
    exact: Fraction | None
    try:
        exact = wrong_order_probability(tree, features)
    except TreeError:
        exact = None
    return WrongOrders(features, trials, wrong, hoeffding_radius(FALSE_ALARM, trials, 1.0), exact)
