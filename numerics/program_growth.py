"""Bounds on the first output of a program whose first input is z, the others being fixed balls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import flint

from .growth import Growth, NotBoundedError, constant, moving, multiplied
from .kinks import Turn, needed_slots
from .programs import Program

__all__ = ["constant_slots", "output_growth"]

ZERO, ONE = flint.arb(0), flint.arb(1)
IDENTITY = Growth(ONE, degree=1, affine=(ZERO, ONE))


def constant_slots(
    program: Program, parameters: Sequence[flint.arb], arithmetic: Mapping[str, Any]
) -> list[flint.arb | None]:
    """The values of the slots that do not depend on z, evaluated by ``arithmetic``.

    Raises ``NotBoundedError`` for one that is not finite.
    """
    known: list[flint.arb | None] = [None, *parameters]
    for step in program.instructions:
        inside = [known[i] for i in step.slots]
        if any(value is None for value in inside):
            known.append(None)
            continue
        extra = [] if step.constant is None else [step.constant]
        ball = arithmetic[step.name](*inside, *extra)
        if not ball.is_finite():
            raise NotBoundedError(f"{step.name} of a parameter is not shown to be defined")
        known.append(ball)
    return known


def output_growth(
    program: Program,
    values: Sequence[flint.arb | None],
    way: int = 0,
    turns: Mapping[int, Turn] | None = None,
) -> Growth:
    """The growth of the first output, for z >= 0 (``way`` 1), z <= 0 (-1) or every z (0).

    ``values``: of ``constant_slots``.  With ``turns`` only where the switches take these branches.
    Raises ``NotBoundedError`` where a slot may have a pole or no bound is known.
    """
    turns = turns or {}
    needed = needed_slots(program, turns)
    known = [
        _toward(IDENTITY, way) if value is None else constant(value)
        for value in values[: program.inputs]
    ]
    for n, step in enumerate(program.instructions):
        value, turn = values[program.inputs + n], turns.get(n)
        if value is not None:
            known.append(constant(value))
        elif program.inputs + n not in needed:
            known.append(UNKNOWN)
        elif turn is not None and turn.value is not None:
            known.append(constant(turn.value))
        elif turn is not None and turn.slot is not None:
            known.append(multiplied(constant(flint.arb(turn.factor)), known[turn.slot]))
        else:
            known.append(_toward(moving(step, [known[i] for i in step.slots]), way))
    found = known[program.outputs[0]]
    if not found.size.is_finite():
        raise NotBoundedError("the function may grow faster than any exponential")
    return found


UNKNOWN = Growth(flint.arb.pos_inf())


def _toward(f: Growth, way: int) -> Growth:
    """What a + b z tells more where z has the sign ``way``: there it is a + way b |z|."""
    if f.affine is None or way == 0 or f.value is not None:
        return f
    a, slope = f.affine[0], way * f.affine[1]
    told = replace(f, above=(a.upper(), slope.upper().max(ZERO)))
    if (a >= 0 and slope >= 0) or (a <= 0 and slope <= 0):
        least = f.least.max(a.abs_lower())
        return replace(told, sign=1 if a >= 0 and slope >= 0 else -1, least=least)
    return told
