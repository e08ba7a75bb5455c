"""The figures that the report, the paper and `simulate` share, one function each."""

from . import (
    depth,
    differentiation,
    gain,
    illusion,
    imbalance,
    isometry,
    modes,
    order,
    products,
    structures,
)
from .figure import Figure

__all__ = ["FIGURES", "Figure"]

FIGURES: tuple[Figure, ...] = (
    modes.FIGURE,
    order.FIGURE,
    imbalance.FIGURE,
    differentiation.FIGURE,
    illusion.FIGURE,
    structures.FIGURE,
    depth.FIGURE,
    products.FIGURE,
    isometry.FIGURE,
    gain.FIGURE,
)
"""All of them, in the order of the chapters."""
