"""From the diagonal matrices of the decoupled network to the two layer strengths of one mode."""

from __future__ import annotations

from typing import Any, NamedTuple

from sympy import Eq, Function, Identity, Lambda

from ..claims import claim
from ..definitions import define
from ..derivations import Entries, Premise, Step
from ..letters import rank
from ..matrix_calculus import TimeDerivative
from ..symbols import a, lam, s, t, tau
from .decoupling import MODES, A, B, L, S

__all__ = ["BALANCED", "ENTRIES", "STRENGTH", "WHITE_LAYERS", "layer_steps", "product_rule"]

v, w = Function("v"), Function("w")
"""Strengths of the first and second layer in one mode."""
STRENGTH = define(a, Lambda(t, v(t) * w(t)), means="strength of one mode")
BALANCED = Eq(v(t), w(t))
_GAP = s - lam * v(t) * w(t)


class ModeEquations(NamedTuple):
    """The flow of the modes: matrices in general and for white inputs, and one entry of each."""

    coloured: tuple[Any, ...]
    white: tuple[Any, ...]
    layers: tuple[Any, ...]


ENTRIES = ModeEquations(
    coloured=MODES,
    white=tuple(equation.subs(L, Identity(rank)).doit() for equation in MODES),
    layers=(Eq(tau * v(t).diff(t), w(t) * _GAP), Eq(tau * w(t).diff(t), v(t) * _GAP)),
)
WHITE_LAYERS = tuple(equation.subs(lam, 1) for equation in ENTRIES.layers)
_NAMED = {
    A: v(t),
    B: w(t),
    S: s,
    L: lam,
    TimeDerivative(A): v(t).diff(t),
    TimeDerivative(B): w(t).diff(t),
}


def layer_steps(*, white: bool) -> tuple[Step, ...]:
    """Steps from the diagonal flow to the equations of the two layers of one mode."""
    matrices = ENTRIES.white if white else ENTRIES.coloured
    layers = WHITE_LAYERS if white else ENTRIES.layers
    return (
        Step("the first layer on the decoupled manifold", matrices[0], Premise()),
        Step("one diagonal entry of it", layers[0], Entries(_NAMED)),
        Step("the second layer on the decoupled manifold", matrices[1], Premise()),
        Step("one diagonal entry of it", layers[1], Entries(_NAMED)),
    )


@claim(
    "modes.product_rule",
    given=WHITE_LAYERS,
    rests_on=["modes.decoupling.solution", "modes.decoupling.solution.output"],
    source="Saxe, McClelland & Ganguli, learning dynamics of one mode",
)
def product_rule() -> Any:
    """The product of the two layer strengths of a mode moves at the rate v^2 + w^2."""
    product = v(t) * w(t)
    return Eq(tau * product.diff(t, evaluate=False), (v(t) ** 2 + w(t) ** 2) * (s - product))
