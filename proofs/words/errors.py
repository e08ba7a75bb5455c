"""Why the engine may decline: never an error of the claim, always an undecided verdict."""

from __future__ import annotations

__all__ = ["OutOfReachError"]


class OutOfReachError(Exception):
    """The engine cannot treat this expression, or stopped at its limit of steps.

    ``decide`` turns it into an undecided decision that carries the message.
    """
