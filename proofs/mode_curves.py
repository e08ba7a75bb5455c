"""What theory says of one input-output mode in numbers: its curve and its learning time."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from lemmata.numerics.networks import FloatArray
from lemmata.theory.claims import Claim
from lemmata.theory.learning.modes import commuting_inputs
from lemmata.theory.learning.times import learning_time as learning_time_claim

from .closed_forms import ScalarForm

__all__ = ["CLAIMS", "Curve", "learning_time", "mode_curve"]

CLAIMS = (commuting_inputs.id, learning_time_claim.id)
"""Ids of the claims that the numbers come from."""

DIGITS = 30


class Curve(NamedTuple):
    """Strengths ``(T,)`` of a mode, and how wrong each may be."""

    strengths: FloatArray
    error: FloatArray


def mode_curve(
    s: float, doubt: float, lambda_: float, a0: float, tau: float, times: Sequence[float]
) -> Curve:
    """The curve of claim ``modes.commuting_inputs`` for a singular value in ``s +- doubt``.

    ``tau da/dt = 2 a (s - lambda a)``, ``a(0) = a0 > 0``: Sigma11 is ``lambda_`` times the
    identity along the mode.  The right side increases in ``s`` wherever ``a > 0``, so the
    solution does (comparison theorem), and the curves of ``s - doubt`` and ``s + doubt`` enclose
    it.  Raises ``ValueError`` for a number that is not positive and finite.
    """
    _check(s=s, lambda_=lambda_, a0=a0, tau=tau)
    known = {"lam": Fraction(lambda_), "a0": Fraction(a0), "tau": Fraction(tau)}
    middle, high = (_along(known, Fraction(s) + Fraction(d), times) for d in (0.0, doubt))
    if s > doubt:
        low = _along(known, Fraction(s) - Fraction(doubt), times)
    else:
        low = np.zeros_like(middle)  # a positive start stays positive
    # Each of the two numbers subtracted is the rounded centre of a ball.
    rounding = 2 * (np.spacing(high) / 2 + 10.0**-DIGITS * np.maximum(high, 1))
    return Curve(middle, np.maximum(high - middle, middle - low) + rounding)


def learning_time(
    s: float, lambda_: float, a0: float, tau: float, fraction: float = 0.5
) -> float | None:
    """Time until the mode has that fraction of its final strength ``s / lambda``.

    Claim ``modes.learning_time`` for ``lambda a``, which obeys the equation of ``lambda = 1``.
    None where the mode starts above that fraction.  Raises as ``mode_curve``; ``ValueError`` for
    a fraction outside (0, 1).
    """
    _check(s=s, lambda_=lambda_, a0=a0, tau=tau)
    if not 0 < fraction < 1:
        raise ValueError(f"fraction={fraction!r}: give a number between 0 and 1")
    start, end = Fraction(lambda_) * Fraction(a0), Fraction(fraction) * Fraction(s)
    if start >= end:
        return None
    known = {"s": Fraction(s), "a0": start, "af": end, "tau": Fraction(tau)}
    return _value(_TIME, learning_time_claim, known)


def _along(known: dict[str, Fraction], s: Fraction, times: Sequence[float]) -> FloatArray:
    points = ({**known, "s": s, "t": Fraction(float(t))} for t in times)
    return np.array([_value(_CURVE, commuting_inputs, point) for point in points])


def _form(claim: Claim, output: str) -> ScalarForm:
    assert claim.evaluation is not None
    return ScalarForm(claim.id, claim.evaluation.outputs[output])


def _value(form: ScalarForm, claim: Claim, inputs: dict[str, Fraction]) -> float:
    assert claim.evaluation is not None
    symbols: dict[str, Any] = {str(claim.evaluation.inputs[n]): v for n, v in inputs.items()}
    return float(form.at(symbols, DIGITS)[0])


def _check(**positive: float) -> None:
    for name, value in positive.items():
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name}={value!r}: give a positive finite number")


_CURVE = _form(commuting_inputs, "a")
_TIME = _form(learning_time_claim, "t")
