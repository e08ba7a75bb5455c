"""Which experiment puts which claim to the test."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..evidence import Budget
from . import cognition_starts, matrix_starts, mode_starts
from .networks import Experiment

__all__ = ["RECIPES", "Reads", "Recipe", "repetitions"]

Draw = Callable[[np.random.Generator], Experiment]


class Reads(enum.Enum):
    """What a claim foretells.

    ``CURVE``: the reading at every time.  ``TIME``: when the reading is a_f.  ``INVARIANT``: that
    an expression in the weights keeps its initial value.
    """

    CURVE = "curve"
    TIME = "time"
    INVARIANT = "invariant"


@dataclass(frozen=True)
class Recipe:
    """How to draw an experiment for a claim, and what the claim foretells of it.

    ``simulated``: whether that is a number of the end-to-end map, whose error in float64 is known.
    """

    draw: Draw
    reads: Reads
    simulated: bool = True


def _curve(draw: Draw, *, simulated: bool = True) -> Recipe:
    return Recipe(draw, Reads.CURVE, simulated)


_TIMED = Recipe(mode_starts.timed_modes, Reads.TIME)
_KEPT = Recipe(matrix_starts.general_correlations, Reads.INVARIANT, simulated=False)
RECIPES: dict[str, Recipe] = {
    "modes.trajectory": _curve(mode_starts.balanced_modes),
    "modes.trajectory.doubled": _curve(mode_starts.balanced_modes),
    "modes.trajectory.half_time": _curve(mode_starts.growing_modes),
    "modes.trajectory.null_mode": _curve(mode_starts.null_modes),
    "modes.commuting_inputs": _curve(mode_starts.commuting_inputs),
    "modes.unbalanced_trajectory": _curve(mode_starts.unequal_layers),
    "modes.unbalanced.balanced_slogan": _curve(mode_starts.unequal_layers),
    "modes.unbalanced.growing": _curve(mode_starts.hidden_squares(1), simulated=False),
    "modes.unbalanced.decaying": _curve(mode_starts.hidden_squares(-1), simulated=False),
    "modes.vector_mode": _curve(mode_starts.vector_modes),
    "modes.shallow": _curve(mode_starts.shallow_networks),
    "modes.negative_start": _curve(mode_starts.opposite_layers),
    "modes.negative_start.slogan": _curve(mode_starts.opposite_layers),
    "modes.riccati": _curve(matrix_starts.lambda_balanced),
    "modes.riccati.map": _curve(matrix_starts.balanced_maps),
    "modes.learning_time": _TIMED,
    "modes.learning_time.from_above": Recipe(mode_starts.timed_decays, Reads.TIME),
    "modes.learning_time.slogan": _TIMED,
    "descent.conservation": _KEPT,
    "descent.conservation.sum_slogan": _KEPT,
    "cognition.illusory.curve": _curve(cognition_starts.shared_properties),
    "cognition.illusory.shallow.curve": _curve(cognition_starts.shallow_properties),
    "cognition.frequency": _curve(cognition_starts.familiar_items),
    "cognition.similarity_invariance.kept": Recipe(
        cognition_starts.balanced_correlations, Reads.INVARIANT, simulated=False
    ),
}
"""By claim id."""


def repetitions(budget: Budget) -> int:
    """How many experiments to draw for one claim: 3 for the profile ``full``."""
    return 2 + budget.points // 50
