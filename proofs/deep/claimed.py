"""Numbers of the theory, as floats: what is certified of a claim at given inputs."""

from __future__ import annotations

from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

import flint

from ..closed_forms import ClosedForm, closed_forms
from ..court import locate
from ..evaluation import evaluate
from ..inputs import InputError

__all__ = ["NotAvailableError", "claimed", "claimed_form", "located", "to_float"]

DIGITS = 17
"""As many as tell every float apart."""
MOST_DIGITS = 20_000


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
    claim = located(id)
    try:
        values = evaluate(claim, dict(given), DIGITS)["values"]
    except InputError as error:
        raise NotAvailableError(f"{id}: {error}") from error
    return tuple(
        (name, to_float(value["value"]))
        for name, value in values.items()
        if isinstance(value["value"], str)
    )


def claimed_form(id: str, source: str, **parameters: int | float) -> float:
    """A closed form of a claim, "statement" or the name of an output, much faster than `claimed`.

    Floats are taken as exact; inputs are not compared with the claim's domain.
    """
    form, digits = _form(id, source), DIGITS
    exact = {name: Fraction(value) for name, value in parameters.items()}
    while digits < MOST_DIGITS:
        (ball,) = form.at(exact, digits)
        # The form is accurate to its digits after the point; here those of the number count.
        if ball.rad() <= abs(ball).lower() * flint.arb(10) ** -DIGITS:
            return to_float(ball.mid().str(DIGITS, radius=False))
        digits *= 2
    raise NotAvailableError(f"{id}: {source} is not told from zero at {dict(parameters)}")


@cache
def _form(id: str, source: str) -> ClosedForm:
    for form in closed_forms(located(id)):
        if form.source == source:
            return form
    raise NotAvailableError(f"{id}: it has no closed form {source!r}")


def located(id: str) -> Any:
    """The claim of that id; ``NotAvailableError`` where there is none."""
    claim = locate(id)
    if claim is None:
        raise NotAvailableError(f"{id}: there is no such claim")
    return claim


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(Fraction(value))


def to_float(text: str) -> float:
    """The nearest float to a decimal or a fraction "p/q"; infinite beyond the largest one."""
    numerator, _, denominator = text.partition("/")
    if not denominator:
        return float(numerator)
    try:
        return int(numerator) / int(denominator)
    except OverflowError:
        return float("-inf" if numerator.startswith("-") else "inf")
