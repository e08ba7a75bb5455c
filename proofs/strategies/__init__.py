"""Hypothesis strategies: exact values first, built rather than filtered, arguments validated."""

from .definite import positive_definite_matrices
from .domains import from_claim, points_of
from .hierarchies import hierarchies
from .initializations import Weights, balanced_initializations
from .modes import ModeStrength, mode_strengths
from .orthogonal import orthogonal_matrices
from .spectra import spectra
from .trees import Hierarchy

__all__ = [
    "Hierarchy",
    "ModeStrength",
    "Weights",
    "balanced_initializations",
    "from_claim",
    "hierarchies",
    "mode_strengths",
    "orthogonal_matrices",
    "points_of",
    "positive_definite_matrices",
    "spectra",
]
