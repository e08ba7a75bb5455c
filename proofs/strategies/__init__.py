"""Hypothesis strategies: exact values first, built rather than filtered, arguments validated."""

from .domains import from_claim, points_of

__all__ = ["from_claim", "points_of"]
