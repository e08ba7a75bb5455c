"""The error for values or times that a solution never has."""

from __future__ import annotations

__all__ = ["OutOfReach"]


class OutOfReach(ValueError):
    """The solution never takes this value, or does not exist at this time."""
