"""The figures that the report, the paper and `simulate` share, one function each."""

from .figure import Figure

__all__ = ["FIGURES", "Figure"]

FIGURES: tuple[Figure, ...] = ()
"""All of them, in the order of the chapters."""
