"""Curves of many modes at many times, as arrays, from the claims' own expressions."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from lemmata.numerics.codegen import compile_expressions
from lemmata.numerics.networks import FloatArray
from lemmata.theory.claims import Claim
from lemmata.theory.learning.modes import commuting_inputs
from lemmata.theory.learning.ordering import fraction_criterion
from sympy import Symbol, exp

from ..closed_forms import ScalarForm

__all__ = ["curves", "reversal_strength", "speeds"]

_FLOATS: dict[str, Callable[..., Any]] = {
    "add": lambda *terms: reduce(operator.add, terms),
    "mul": lambda *factors: reduce(operator.mul, factors),
    "integer_power": lambda base, exponent: base ** float(exponent),
    "rational": float,
}


def curves(
    strengths: FloatArray, lambda_: float, a0: float, tau: float, times: FloatArray
) -> FloatArray:
    """Strengths ``a(t)`` of modes with singular values ``strengths``: ``(modes, times)``.

    The expression of claim ``modes.commuting_inputs`` in double precision, from any start.
    """
    return _CURVE(strengths, lambda_, a0, tau, times)


def speeds(
    strengths: FloatArray, lambda_: float, a0: float, tau: float, times: FloatArray
) -> FloatArray:
    """Speeds ``da/dt``, the derivative of the same expression: ``(modes, times)``."""
    return _SPEED(strengths, lambda_, a0, tau, times)


def reversal_strength(fraction: float, lambda_: float, a0: float) -> float:
    """Singular value ``s*`` of claim ``modes.fraction_criterion``, below which order reverses.

    ``lambda a`` obeys the equation of ``lambda = 1`` from the start ``lambda a_0``.
    """
    known = {"c": Fraction(fraction), "a_0": Fraction(lambda_) * Fraction(a0)}
    return float(_REVERSAL.at(known, 17)[0])


def _output(claim: Claim, name: str) -> Any:
    assert claim.evaluation is not None
    return claim.evaluation.outputs[name]


def _compiled(expression: Any, exponent: Any, inputs: Sequence[Any]) -> Callable[..., FloatArray]:
    program = compile_expressions([expression], [*inputs, _DECAY, _DONE])
    exponents = compile_expressions([exponent], inputs)

    def evaluate(
        strengths: FloatArray, lambda_: float, a0: float, tau: float, times: FloatArray
    ) -> FloatArray:
        known = [strengths[:, None], lambda_, a0, tau, times]
        power = np.asarray(exponents.run(_FLOATS, known)[0])
        result = program.run(_FLOATS, [*known, np.exp(power), -np.expm1(power)])[0]
        return np.asarray(result, dtype=np.float64)

    return evaluate


_DECAY, _DONE = Symbol("E", positive=True), Symbol("q", positive=True)
"""The exponential ``E`` of the curve, and ``q = 1 - E``, which rounds where it is a difference."""


def _forms() -> tuple[Callable[..., FloatArray], Callable[..., FloatArray]]:
    """Curve and speed, ``s`` over a denominator in which ``lambda - lambda E`` is ``lambda q``."""
    claim, expression = commuting_inputs.evaluation, _output(commuting_inputs, "a")
    assert claim is not None
    s, lam, a0, tau, t = (claim.inputs[name] for name in ("s", "lam", "a0", "tau", "t"))
    (decay,) = expression.atoms(exp)
    below = s / expression
    parts = below.xreplace({decay: _DECAY}).expand()
    assert parts.coeff(lam, 1) == 1 - _DECAY
    stable = lam * _DONE + parts.coeff(lam, 0)
    speed = -s * below.diff(t).xreplace({decay: _DECAY}) / stable**2
    inputs = [s, lam, a0, tau, t]
    exponent = decay.args[0]
    return _compiled(s / stable, exponent, inputs), _compiled(speed, exponent, inputs)


_CURVE, _SPEED = _forms()
_REVERSAL = ScalarForm(fraction_criterion.id, _output(fraction_criterion, "s_star"))
