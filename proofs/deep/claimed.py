"""Numbers of the theory, as floats: what `evaluate` certifies of a claim at given inputs."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..court import locate
from ..evaluation import evaluate
from ..inputs import InputError

__all__ = ["NotAvailableError", "claimed"]

DIGITS = 17
"""As many as tell every float apart."""


class NotAvailableError(LookupError):
    """No claim tells the number that is asked for; one line."""


def claimed(id: str, **inputs: int | float | Fraction | str) -> dict[str, float]:
    """The outputs of ``evaluate`` of a claim, by name; floats are taken as exact.

    Raises ``NotAvailableError`` where there is no such claim, or it does not tell this.
    """
    given = tuple(sorted((name, _text(value)) for name, value in inputs.items()))
    return dict(_claimed(id, given))


@lru_cache(maxsize=4096)
def _claimed(id: str, given: tuple[tuple[str, str], ...]) -> tuple[tuple[str, float], ...]:
    claim = locate(id)
    if claim is None:
        raise NotAvailableError(f"{id}: there is no such claim")
    try:
        values = evaluate(claim, dict(given), DIGITS)["values"]
    except InputError as error:
        raise NotAvailableError(f"{id}: {error}") from error
    return tuple((name, _number(value["value"])) for name, value in values.items())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(Fraction(value))


def _number(text: Any) -> float:
    return float(Fraction(text)) if isinstance(text, str) else float("nan")
