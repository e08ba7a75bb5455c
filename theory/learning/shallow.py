"""The shallow network: one layer, one rate for all modes."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Integer, Symbol, exp, log

from ..claims import Evaluation, claim
from ..derivations import Derivation, Follows, Integrated, Premise, Solved, Step
from ..symbols import b, b0, c, s, t, tau

__all__ = ["fraction_time", "shallow"]

_FLOW = Eq(tau * b(t).diff(t), s - b(t))
_START = Eq(b(0), b0)
_CURVE = s + (b0 - s) * exp(-t / tau)


def _shallow() -> Derivation:
    missing = (b(t) - s) * exp(t / tau)
    return Derivation(
        (
            Step("the flow of a mode of one layer", _FLOW, Premise()),
            Step("it starts at b_0", _START, Premise()),
            Step(
                "what is missing decays at the rate 1/tau",
                Eq(missing.diff(t, evaluate=False), 0),
                Follows(),
            ),
            Step("so it keeps its initial value", Eq(missing, b0 - s), Integrated(t, Integer(0))),
            Step("solve for b", Eq(b(t), _CURVE), Solved()),
        )
    )


@claim(
    "modes.shallow",
    given=[_FLOW, _START],
    derivation=_shallow,
    source="Saxe, McClelland & Ganguli: the shallow network",
    evaluation=Evaluation(inputs={"s": s, "b0": b0, "tau": tau, "t": t}, outputs={"b": _CURVE}),
)
def shallow() -> Any:
    """A mode of the shallow network relaxes exponentially at the rate 1/tau, whatever s is."""
    return Eq(b(t), _CURVE)


_x = Symbol("x", positive=True)


@claim("modes.shallow.fraction_time", given=[c < 1], source="no stages in the shallow network")
def fraction_time() -> Any:
    """From b_0 = 0 a fraction c is reached at -tau ln(1 - c): the same for all modes."""
    time = -tau * log(1 - c)
    return Eq(_CURVE.subs(b0, 0).subs(t, time), c * s, evaluate=False)
