"""Exact numbers from text: `1/1000`, `0.001`, `1e-3`, lists and matrices.  Nothing is evaluated."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

__all__ = ["InputError", "exact_number", "exact_value"]

_NUMBER = re.compile(
    r"[+-]?\d+/\d+|[+-]?(\d+(\.\d*)?|\.\d+)([eE](?P<exponent>[+-]?\d+))?", re.ASCII
)
LONGEST = 2000
"""Characters of a number and size of its exponent: numerator and denominator then stay below the
4300 digits up to which Python turns an int into text."""


class InputError(ValueError):
    """Input that cannot be used; the message names the argument, the value and the fix."""


def exact_number(name: str, text: str) -> Fraction:
    """The exact rational that ``text`` denotes.

    Raises ``InputError`` for anything but p/q, a decimal or a decimal with exponent, and for a
    number of more than ``LONGEST`` characters or an exponent beyond that.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise InputError(f"{name}: {text[:40]!r}... is too long: give at most {LONGEST} characters")
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise InputError(f"{name}: {text[:40]!r} is not a number: write 1/1000, 0.001 or 1e-3")
    if abs(int(match["exponent"] or 0)) > LONGEST:
        raise InputError(
            f"{name}: {text[:40]!r} is too extreme: give an exponent from -{LONGEST} to {LONGEST}"
        )
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise InputError(f"{name}: {text!r} divides by zero: give a nonzero denominator") from None


def exact_value(name: str, text: str) -> Any:
    """A number, a list ``1,2,3`` or a matrix ``[[1,2],[3,4]]`` (also ``1,2;3,4``).

    Raises ``InputError`` for ragged rows, unbalanced brackets or entries that are no numbers.
    """
    text = text.strip()
    if text.startswith("[["):
        if not text.endswith("]]"):
            raise InputError(f"{name}: {text[:40]!r} does not end with ]]: close the brackets")
        rows = re.split(r"\]\s*,\s*\[", text[2:-2])
    elif ";" in text:
        rows = text.split(";")
    elif text.startswith("[") and text.endswith("]"):
        return [exact_number(name, part) for part in text[1:-1].split(",")]
    elif "," in text:
        return [exact_number(name, part) for part in text.split(",")]
    else:
        return exact_number(name, text)
    matrix = [[exact_number(name, part) for part in row.split(",")] for row in rows]
    if len({len(row) for row in matrix}) != 1:
        lengths = [len(row) for row in matrix]
        raise InputError(f"{name}: rows of lengths {lengths}: give every row the same length")
    return matrix
