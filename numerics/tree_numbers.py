"""Flip probabilities of trees, exact, and the one line for what is none."""

from __future__ import annotations

import re
from fractions import Fraction
from numbers import Rational
from typing import Any

__all__ = ["TreeError", "exact_number", "flip_probability", "flips_by_level", "told"]

NUMBER = re.compile(r"[+-]?(\d+/\d+|(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?)", re.ASCII)


class TreeError(ValueError):
    """A tree that cannot be used; one line that names the argument, the value and the fix."""


def flip_probability(name: str, value: Any) -> Fraction:
    """``value`` as an exact probability; ``TreeError``, naming it, for another number."""
    found = exact_number(name, value)
    if not 0 <= found <= 1:
        shown = value.strip() if isinstance(value, str) else told(value)
        raise TreeError(f"{name}={shown}: give a flip probability from 0 to 1")
    return found


def exact_number(name: str, value: Any) -> Fraction:
    """``value`` as a rational: a number, or the decimal or p/q that a text spells."""
    remedy = f"{name}={told(value)}: give a number, such as 0.1 or '1/10'"
    if isinstance(value, bool):
        raise TreeError(remedy)
    if isinstance(value, str):
        if len(value) > 400 or not NUMBER.fullmatch(value.strip()):
            raise TreeError(remedy)
        try:
            return Fraction(value.strip())
        except ZeroDivisionError:
            raise TreeError(remedy) from None
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    try:
        return Fraction(float(value))
    except (TypeError, ValueError, OverflowError):
        raise TreeError(remedy) from None


def flips_by_level(epsilon: Any, depth: int, whose: str) -> list[Fraction]:
    """One flip probability per level from one for all, or ``depth`` of them; else ``TreeError``.

    ``whose`` says in the error what the levels are of.
    """
    if epsilon is None:
        raise TreeError("epsilon is missing: give one number, or one per level")
    if isinstance(epsilon, str | bytes) or not hasattr(epsilon, "__len__"):
        return [flip_probability("epsilon", epsilon)] * depth
    given = list(epsilon)
    if len(given) != depth:
        raise TreeError(
            f"epsilon has {len(given)} entries and {whose}: give one number, or one per level"
        )
    return [flip_probability(f"epsilon[{level}]", flip) for level, flip in enumerate(given)]


def told(value: Any) -> str:
    """A value as an error tells it: in one line, not too long."""
    try:
        text = " ".join((str if isinstance(value, Fraction) else repr)(value).split())
    except RecursionError:
        text = "..."
    return text if len(text) <= 60 else text[:57] + "..."
