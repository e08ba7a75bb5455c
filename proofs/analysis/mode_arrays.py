"""Curves of many modes at many times, as arrays, from the claims' own expressions."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from lemmata.numerics.codegen import compile_expressions
from lemmata.numerics.networks import FloatArray
from lemmata.theory.claims import Claim
from lemmata.theory.learning.modes import commuting_inputs
from lemmata.theory.learning.ordering import fraction_criterion
from numpy.typing import ArrayLike

from ..closed_forms import ScalarForm

__all__ = ["curves", "reversal_strength", "speeds"]

_FLOATS: dict[str, Callable[..., Any]] = {
    "add": lambda *terms: reduce(operator.add, terms),
    "mul": lambda *factors: reduce(operator.mul, factors),
    "integer_power": lambda base, exponent: base ** float(exponent),
    "rational": float,
    "exp": np.exp,
}


def _compiled(expression: Any) -> Callable[..., FloatArray]:
    assert commuting_inputs.evaluation is not None
    inputs = commuting_inputs.evaluation.inputs
    program = compile_expressions([expression], list(inputs.values()))

    def evaluate(**known: ArrayLike) -> FloatArray:
        values = [np.asarray(known[name], dtype=np.float64) for name in inputs]
        result: FloatArray = np.asarray(program.run(_FLOATS, values)[0])
        return result

    return evaluate


def curves(
    strengths: FloatArray, lambda_: float, a0: float, tau: float, times: FloatArray
) -> FloatArray:
    """Strengths ``a(t)`` of modes with singular values ``strengths``: ``(modes, times)``.

    The expression of claim ``modes.commuting_inputs`` in double precision.
    """
    return _CURVE(s=strengths[:, None], lam=lambda_, a0=a0, tau=tau, t=times)


def speeds(
    strengths: FloatArray, lambda_: float, a0: float, tau: float, times: FloatArray
) -> FloatArray:
    """Speeds ``da/dt``, the derivative of the same expression: ``(modes, times)``."""
    return _SPEED(s=strengths[:, None], lam=lambda_, a0=a0, tau=tau, t=times)


def reversal_strength(fraction: float, lambda_: float, a0: float) -> float:
    """Singular value ``s*`` of claim ``modes.fraction_criterion``, below which order reverses.

    ``lambda a`` obeys the equation of ``lambda = 1`` from the start ``lambda a_0``.
    """
    known = {"c": Fraction(fraction), "a_0": Fraction(lambda_) * Fraction(a0)}
    return float(_REVERSAL.at(known, 17)[0])


def _output(claim: Claim, name: str) -> Any:
    assert claim.evaluation is not None
    return claim.evaluation.outputs[name]


def _time() -> Any:
    assert commuting_inputs.evaluation is not None
    return commuting_inputs.evaluation.inputs["t"]


_CURVE = _compiled(_output(commuting_inputs, "a"))
_SPEED = _compiled(_output(commuting_inputs, "a").diff(_time()))
_REVERSAL = ScalarForm(fraction_criterion.id, _output(fraction_criterion, "s_star"))
