"""The figures that the report, the paper and `simulate` share, one function each."""

from . import modes
from .figure import Figure

__all__ = ["FIGURES", "Figure"]

FIGURES: tuple[Figure, ...] = (modes.FIGURE,)
"""All of them, in the order of the chapters."""
