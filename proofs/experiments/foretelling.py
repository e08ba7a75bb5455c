"""What the closed forms of a claim foretell of the readings of a network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from lemmata.numerics.precision import (
    BITS_PER_DIGIT,
    as_fraction,
    exact_ball,
    working_precision,
)

from ..closed_forms import ClosedForm
from .networks import Experiment, Network, Reading
from .observables import Observable, WeightExpression
from .recipes import Reads

__all__ = ["Foretold", "foretell", "readable"]

GUARD_BITS = 64
EXTRA_DIGITS = 16


@dataclass(frozen=True)
class Foretold:
    """Balls around what ``observable`` is at ``time``, by one closed form of the claim.

    Where the claim foretells a time, ``time`` is a rational within ``delay`` (a ball) of it, and
    ``claimed_time`` its ball; elsewhere both are None.  Where the form is singular ``problem``
    says so, and there are no values.
    """

    form: ClosedForm
    reading: Reading
    observable: Observable
    time: Fraction
    values: list[Any]
    delay: Any = None
    claimed_time: Any = None
    problem: str = ""

    @property
    def known(self) -> dict[str, str]:
        """The parameters that the form reads, in words."""
        parameters = self.reading.parameters.items()
        return {name: readable(x) for name, x in parameters if name in self.form.reads}


def foretell(
    reads: Reads,
    forms: Sequence[ClosedForm],
    experiment: Experiment,
    network: Network,
    digits: int,
) -> Iterator[Foretold]:
    """Everything that ``forms`` say of ``network``, to ``digits`` digits.

    Raises ``KeyError`` for a symbol that the experiment does not know.
    """
    if reads is Reads.INVARIANT:
        yield from _invariants(forms, experiment, network, digits)
        return
    for reading in network.readings:
        for form in forms:
            if reads is Reads.TIME:
                yield _time(form, reading, digits)
            else:
                yield from (_curve(form, reading, time, digits) for time in experiment.times)


def _curve(form: ClosedForm, reading: Reading, time: Fraction, digits: int) -> Foretold:
    observable = reading.outputs.get(form.source, reading.observable)
    try:
        values = form.at({**reading.parameters, "t": time}, digits)
    except ArithmeticError as error:
        return Foretold(form, reading, observable, time, [], problem=str(error))
    return Foretold(form, reading, observable, time, values)


def _time(form: ClosedForm, reading: Reading, digits: int) -> Foretold:
    """The reading is a_f at the time of the form.

    A time before the start is read at the start: training has no earlier network.  Twice the
    digits, because a delay d moves the weights by as much as the root of d (``drift``).
    """
    try:
        ball = form.at(reading.parameters, 2 * digits + EXTRA_DIGITS)[0]
    except ArithmeticError as error:
        return Foretold(form, reading, reading.observable, Fraction(0), [], problem=str(error))
    time = max(Fraction(0), as_fraction(ball.mid().fmpq()))
    with working_precision(GUARD_BITS + ceil(digits * BITS_PER_DIGIT)):
        goal = exact_ball(reading.parameters["a_f"])
    return Foretold(
        form,
        reading,
        reading.observable,
        time,
        [goal],
        delay=ball.rad(),
        claimed_time=ball,
    )


def _invariants(
    forms: Sequence[ClosedForm], experiment: Experiment, network: Network, digits: int
) -> Iterator[Foretold]:
    start = dict(zip(("W21", "W32"), network.layers, strict=True))
    for form in forms:
        observable = WeightExpression(form.expression)
        values = form.at(start, digits)
        for time in experiment.times:
            yield Foretold(form, Reading(observable, start), observable, time, values)


def readable(value: Any) -> str:
    """An exact parameter of a reading: a number, or a matrix as rows in brackets."""
    if not hasattr(value, "tolist"):
        return str(value)
    return str([[str(x) for x in row] for row in value.tolist()]).replace("'", "")
