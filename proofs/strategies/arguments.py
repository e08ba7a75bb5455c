"""Arguments of strategies: read exactly, checked on first use, refused with one clear error."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import wraps
from numbers import Integral, Rational
from typing import Any, ParamSpec, TypeVar

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from ..inputs import InputError, exact_number

__all__ = ["Exact", "exact", "flag", "in_order", "invalid", "lazily", "number_type", "whole"]

Exact = Rational | float | str
"""A number that is read exactly: ``int``, ``Fraction``, a float's binary value, ``"1/100"``."""

SHOWN = 80  # characters of a value in an error

FLOAT64 = Fraction(2) ** 1000
"""Bounds up to this, and down to its inverse, neither overflow nor underflow in float64."""

P = ParamSpec("P")
T = TypeVar("T")


def lazily(define: Callable[P, SearchStrategy[T]]) -> Callable[P, SearchStrategy[T]]:
    """Call ``define`` on first use, as Hypothesis does: a wrong argument fails the test, not the
    import of its module."""

    @wraps(define)
    def deferred(*args: P.args, **kwargs: P.kwargs) -> SearchStrategy[T]:
        return st.deferred(lambda: define(*args, **kwargs))

    return deferred


def invalid(name: str, value: object, problem: str, fix: str) -> InvalidArgument:
    """The error for an argument: its name, its value, what is wrong, and what to give."""
    shown = str(value) if isinstance(value, Fraction) else " ".join(repr(value).split())
    shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}..."
    return InvalidArgument(f"{name}={shown} {problem}: {fix}")


def exact(
    name: str,
    value: Any,
    *,
    least: Fraction | int | None = None,
    most: Fraction | int | None = None,
    above: Fraction | int | None = None,
) -> Fraction:
    """The rational that ``value`` is, from ``least`` to ``most`` and greater than ``above``.

    Raises ``InvalidArgument`` for what is no finite number (booleans included) or out of range.
    """
    try:
        if isinstance(value, bool):
            raise TypeError
        found = exact_number(name, value) if isinstance(value, str) else Fraction(value)
    except InputError as error:
        raise InvalidArgument(str(error)) from None
    except (TypeError, ValueError, OverflowError):
        problem = "is not a finite number"
        raise invalid(name, value, problem, "give an int, a Fraction or '1/100'") from None
    found = Fraction(int(found.numerator), int(found.denominator))
    if above is not None and found <= above:
        raise invalid(name, value, "is out of range", f"give a number greater than {above}")
    if least is not None and found < least:
        raise invalid(name, value, "is out of range", f"give at least {least}")
    if most is not None and found > most:
        raise invalid(name, value, "is out of range", f"give at most {most}")
    return found


def whole(name: str, value: Any, *, least: int, most: int | None = None) -> int:
    """The integer that ``value`` is, from ``least`` to ``most``; else ``InvalidArgument``."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        problem = f"is not an int but a {type(value).__name__}"
        raise invalid(name, value, problem, f"give an int of at least {least}")
    found = int(value)
    if found < least or (most is not None and found > most):
        span = f"at least {least}" if most is None else f"an int from {least} to {most}"
        raise invalid(name, value, "is out of range", f"give {span}")
    return found


def in_order(low_name: str, low: Any, high_name: str, high: Any) -> None:
    """Raise ``InvalidArgument`` unless ``low <= high``."""
    if low > high:
        problem = f"is greater than {high_name}={high}"
        raise invalid(low_name, low, problem, f"lower {low_name} or raise {high_name}")


def flag(name: str, value: Any) -> bool:
    """``value`` if it is a bool; else ``InvalidArgument``."""
    if not isinstance(value, bool):
        raise invalid(name, value, "is neither True nor False", "give a bool")
    return value


def number_type(dtype: Any, *bounds: Fraction) -> bool:
    """Whether float64 is asked for; raise unless that holds nonzero values within ``bounds``."""
    if dtype is Fraction:
        return False
    if not (isinstance(dtype, type) and issubclass(dtype, float)):
        raise invalid("dtype", dtype, "is no number type here", "give Fraction or float")
    for bound in bounds:
        if bound and not 1 / FLOAT64 <= abs(bound) <= FLOAT64:
            problem = f"cannot hold values of order {bound.numerator}/{bound.denominator}"
            raise invalid("dtype", dtype, problem, "keep to 2^-1000 ... 2^1000 or give Fraction")
    return True
