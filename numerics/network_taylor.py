"""Certified training of a three-layer linear network: balls around the full weight matrices.

The averaged gradient flow of E||y - W32 W21 x||^2/2 with Sigma31 = E[y x^T], Sigma11 = E[x x^T]:

    tau dW21/dt = W32^T (Sigma31 - W32 W21 Sigma11),
    tau dW32/dt = (Sigma31 - W32 W21 Sigma11) W21^T.

How a step is validated, and the bound of the logarithmic norm, are told in `network_steps`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, lcm

import flint

from .arb_matrices import matrix, rational_rows
from .marching import IntegrationFailed, march_to_accuracy
from .network_expansion import Correlations
from .network_steps import NetworkMarch, NetworkStep
from .precision import BITS_PER_DIGIT, Rational, as_fraction, working_precision

__all__ = ["IntegrationFailed", "NetworkEnclosure", "integrate_network"]

GUARD_BITS = 44

Rows = Sequence[Sequence[Rational]]
FractionRows = list[list[Fraction]]
Enclosure = tuple[flint.arb_mat, flint.arb_mat, flint.arb]


@dataclass
class NetworkEnclosure:
    """Balls that contain the weights at the requested times, and at any time between.

    Attributes
    ----------
    times : list of Fraction
    W21, W32 : lists over times of flint.arb_mat
        Shapes (hidden, inputs) and (outputs, hidden).
    error : list over times of flint.arb
        Bound of sqrt(||W21 - mid||_F^2 + ||W32 - mid||_F^2), the integration's own error (the
        balls also carry the rounding of their evaluation, some 2^-60 of a unit).
    steps, order, bits, attempts : int
    """

    times: list[Fraction]
    W21: list[flint.arb_mat]
    W32: list[flint.arb_mat]
    error: list[flint.arb]
    steps: int
    order: int
    bits: int
    attempts: int
    _start: tuple[FractionRows, FractionRows] = field(repr=False)
    _steps: list[NetworkStep] = field(repr=False)

    def at(self, time: Rational) -> tuple[flint.arb_mat, flint.arb_mat]:
        """The enclosures of W21 and W32 at `time`, between 0 and the last requested time.

        Raises
        ------
        ValueError
            If `time` is outside that interval.
        """
        found = _evaluate(self._steps, self._start, as_fraction(time, "time"), self.bits)
        return found[0], found[1]


def integrate_network(
    W21: Rows,
    W32: Rows,
    Sigma31: Rows,
    Sigma11: Rows | None = None,
    *,
    tau: Rational = 1,
    times: Sequence[Rational],
    digits: int,
    max_steps: int = 10_000,
) -> NetworkEnclosure:
    """Enclose the full weights at `times`, started from exact rationals at time 0.

    Parameters
    ----------
    W21 : rows of rationals, shape (hidden, inputs)
    W32 : rows of rationals, shape (outputs, hidden)
    Sigma31 : rows of rationals, shape (outputs, inputs)
    Sigma11 : rows of rationals, shape (inputs, inputs), optional
        Symmetric positive semidefinite; the identity if omitted.
    tau : rational
        Positive time constant.
    times : sequence of nonnegative rationals
    digits : int
        Every entry's radius is at most 10**-digits max(1, |entry|).
    max_steps : int

    Raises
    ------
    IntegrationFailed
        Where the accuracy cannot be reached.
    ValueError
        If shapes do not fit, Sigma11 is not symmetric positive semidefinite, tau is not
        positive, a time is negative or none is given, or digits is below 1.
    TypeError
        For a number that is not an exact rational.
    """
    start = (rational_rows(W21, "W21"), rational_rows(W32, "W32"))
    exact_times = [as_fraction(t, "times") for t in times]
    if not exact_times or min(exact_times) < 0:
        raise ValueError(f"times: {[str(t) for t in times]}: give at least one, none negative")
    if digits < 1:
        raise ValueError(f"digits: {digits} is too small: give at least 1")
    data = _correlations(start, Sigma31, Sigma11, as_fraction(tau, "tau"))
    march, values, attempts = march_to_accuracy(
        lambda bits: NetworkMarch(data, start, max(exact_times), bits, max_steps=max_steps),
        lambda march: [_evaluate(march.steps, start, t, march.bits) for t in exact_times],
        lambda values: [x for w21, w32, _ in values for w in (w21, w32) for x in w.entries()],
        digits,
        ceil(digits * BITS_PER_DIGIT) + GUARD_BITS,
    )
    first, second, error = (list(column) for column in zip(*values, strict=True))
    return NetworkEnclosure(
        times=exact_times,
        W21=first,
        W32=second,
        error=error,
        steps=len(march.steps),
        order=march.order,
        bits=march.bits,
        attempts=attempts,
        _start=start,
        _steps=march.steps,
    )


def _correlations(
    start: tuple[FractionRows, FractionRows], target: Rows, inputs: Rows | None, tau: Fraction
) -> Correlations:
    exact_target = rational_rows(target, "Sigma31")
    wanted = (len(start[1]), len(start[0][0]))
    _require_shape("W32", start[1], (len(start[1]), len(start[0])))
    _require_shape("Sigma31", exact_target, wanted)
    if tau <= 0:
        raise ValueError(f"tau: {tau} is not positive")
    target_scale, integers = _integers(exact_target)
    if inputs is None:
        return Correlations(integers, target_scale, None, 1, Fraction(1), tau)
    exact_inputs = rational_rows(inputs, "Sigma11")
    _require_shape("Sigma11", exact_inputs, (wanted[1], wanted[1]))
    if not _is_semidefinite(exact_inputs):
        raise ValueError("Sigma11: not symmetric positive semidefinite: give E[x x^T]")
    # The largest row sum bounds the spectral norm of a symmetric matrix.
    norm = max(sum((abs(x) for x in row), Fraction(0)) for row in exact_inputs)
    scale, integer_inputs = _integers(exact_inputs)
    return Correlations(integers, target_scale, integer_inputs, scale, norm, tau)


def _require_shape(name: str, rows: FractionRows, shape: tuple[int, int]) -> None:
    if (len(rows), len(rows[0])) != shape:
        raise ValueError(
            f"{name}: shape {len(rows)} x {len(rows[0])}, but the other matrices need "
            f"{shape[0]} x {shape[1]}: W21 is hidden x inputs, W32 outputs x hidden, "
            "Sigma31 outputs x inputs, Sigma11 inputs x inputs"
        )


def _integers(rows: FractionRows) -> tuple[int, flint.fmpz_mat]:
    scale = lcm(*(x.denominator for row in rows for x in row))
    return scale, flint.fmpz_mat([[int(x * scale) for x in row] for row in rows])


def _is_semidefinite(rows: FractionRows) -> bool:
    """Exact symmetric elimination: pivots nonnegative, and zero pivots with zero rows."""
    size = len(rows)
    if any(rows[i][j] != rows[j][i] for i in range(size) for j in range(i)):
        return False
    left = [list(row) for row in rows]
    for k in range(size):
        pivot, row = left[k][k], left[k]
        if pivot < 0 or (pivot == 0 and any(row[k:])):
            return False
        if pivot:
            for i in range(k + 1, size):
                factor = left[i][k] / pivot
                left[i] = [x - factor * y for x, y in zip(left[i], row, strict=True)]
    return True


def _evaluate(
    steps: list[NetworkStep],
    start: tuple[FractionRows, FractionRows],
    time: Fraction,
    bits: int,
) -> Enclosure:
    if time == 0:
        with working_precision(bits):
            return matrix(start[0]), matrix(start[1]), flint.arb(0)
    place = bisect_left(steps, time, key=lambda step: step.start) - 1
    if place < 0 or time > steps[place].start + steps[place].length:
        end = steps[-1].start + steps[-1].length if steps else Fraction(0)
        raise ValueError(f"time: {time} is outside the integrated interval from 0 to {end}")
    return (*steps[place].at(time), steps[place].radius)
