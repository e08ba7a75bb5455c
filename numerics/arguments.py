"""Arguments of the wrong kind, refused by name: numbers, counts, generators, arrays of numbers."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

__all__ = ["check_generator", "check_positive", "check_real", "check_whole"]


def check_positive(name: str, value: Any, what: str = "number") -> float:
    """``value`` as a float; ``ValueError`` unless it is a positive finite number."""
    remedy = f"{name}={value!r}: give a positive finite {what}"
    if isinstance(value, str | bytes) or value is None:
        raise ValueError(remedy)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(remedy) from error
    if not (np.isfinite(number) and number > 0):
        raise ValueError(remedy)
    return number


def check_whole(name: str, value: Any, least: int = 1) -> int:
    """``value`` as an int; ``ValueError`` unless it is a whole number from ``least`` on."""
    remedy = f"{name}={value!r}: give a whole number, {least} or more"
    try:
        number = operator.index(value)
    except TypeError as error:
        raise ValueError(remedy) from error
    if number < least:
        raise ValueError(remedy)
    return number


def check_generator(name: str, value: Any) -> None:
    """``ValueError`` unless ``value`` is a NumPy ``Generator``."""
    if not isinstance(value, np.random.Generator):
        raise ValueError(f"{name}={value!r}: give numpy.random.default_rng(seed)")


def check_real(name: str, value: Any) -> None:
    """``ValueError`` unless ``value`` is an array of real numbers, or nested lists that make one.

    Nothing is cast: the real part of a complex number, or the number that a text spells, is hardly
    what was meant.
    """
    if hasattr(value, "__array_namespace__") or type(value).__module__.startswith("torch"):
        _check_foreign(name, value)
        if not isinstance(value, np.ndarray | np.generic):
            return
    try:
        given = np.asarray(value)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{name} is no rectangular array of numbers: give rows of equal length"
        ) from error
    kind = given.dtype.kind
    if kind in "biuf":
        return
    if kind != "O":
        raise ValueError(f"{name} has the type {given.dtype}: give real numbers")
    for entry in given.flat:
        if not _is_real(entry):
            raise ValueError(f"{name} contains {_told(entry)}: give real numbers, in dense arrays")


def _check_foreign(name: str, value: Any) -> None:
    layout = str(getattr(value, "layout", "strided")).split(".")[-1]
    if layout != "strided":
        raise ValueError(f"{name} is a sparse array ({layout}): give a dense one")
    if "complex" in str(value.dtype):
        raise ValueError(f"{name} has the type {value.dtype}: give real numbers")


def _is_real(entry: Any) -> bool:
    if isinstance(entry, str | bytes | complex):
        return False
    try:
        float(entry)
    except (TypeError, ValueError):
        return False
    return True


def _told(entry: Any) -> str:
    return repr(entry) if len(repr(entry)) < 40 else f"a {type(entry).__name__}"
