"""Curves of modes whose singular values are known up to round-off, as balls."""

from __future__ import annotations

from collections.abc import Sequence

import flint
import numpy as np
from lemmata.numerics.balls import evaluate_on_balls
from lemmata.theory.learning.modes import commuting_inputs

from .closed_forms import ScalarForm
from .mode_curves import Curve

__all__ = ["enclosed_curve"]

BITS = 160


def enclosed_curve(s: float, doubt: float, a0: float, tau: float, times: Sequence[float]) -> Curve:
    """The curve of claim ``modes.commuting_inputs`` for every singular value in ``s +- doubt``.

    ``lambda`` is 1.  The expression of the claim is evaluated once per time, on a ball for ``s``:
    much faster than ``mode_curve``, and a little wider.  Raises ``ArithmeticError`` where the ball
    does not exclude that the expression is undefined.
    """
    known = {"s": flint.arb(s, doubt), "lam": flint.arb(1), "a0": flint.arb(a0)}
    known["tau"] = flint.arb(tau)
    strengths, errors = np.zeros(len(times)), np.zeros(len(times))
    for i, time in enumerate(times):
        known["t"] = flint.arb(float(time))
        values = [known[name] for name in _NAMES]
        (ball,) = evaluate_on_balls(_CURVE.program, values, BITS)
        if not ball.is_finite():
            raise ArithmeticError(f"s={s!r} +- {doubt!r}: no enclosure at t = {time!r}")
        strengths[i], radius = float(ball.mid()), float(ball.rad())
        errors[i] = radius * (1 + 2**-20) + np.spacing(strengths[i])
    return Curve(strengths, errors)


def _form() -> tuple[ScalarForm, list[str]]:
    what = commuting_inputs.evaluation
    assert what is not None
    form = ScalarForm(commuting_inputs.id, what.outputs["a"])
    names = {symbol: name for name, symbol in what.inputs.items()}
    return form, [names[symbol] for symbol in form.symbols]


_CURVE, _NAMES = _form()
