"""Averages of products of phi, phi', phi'' at x = sqrt(q) z, from the program of a nonlinearity."""

from __future__ import annotations

from collections.abc import Sequence

import flint

from .balls import ARITHMETIC
from .gaussian_averages import average_ball, gaussian_average
from .growth import NotBoundedError
from .programs import Instruction, Program
from .quadrature import QuadratureFailed

__all__ = ["layer_ball", "layer_mean", "root_of", "scaled_product", "two_slopes"]


def root_of(q: flint.arb) -> flint.arb:
    """A ball around sqrt(q), whatever q >= 0 in the ball."""
    return q.sqrt() if q > 0 else flint.arb(0).union(q.abs_upper().sqrt())


def two_slopes(phi: Program, reach: flint.arb) -> flint.arb:
    """E z^2 phi'(s z) phi'(t z) for all s and t in the ball."""
    first = _embedded(phi, 1, 3)
    second = _embedded(phi, 2, 3 + len(first.instructions))
    slots = (first.outputs[1], second.outputs[1])
    steps = (
        *first.instructions,
        *second.instructions,
        Instruction("mul", (0, 0, *slots)),
    )
    program = Program(3, steps, (2 + len(steps),))
    return _safe(program, [reach, reach])


def _embedded(phi: Program, scale: int, start: int) -> Program:
    """phi of slot ``scale`` times z, its first instruction in slot ``start``."""
    moved = {0: start} | {n: start + n for n in range(1, 1 + len(phi.instructions))}
    steps = [
        Instruction(step.name, tuple(moved[i] for i in step.slots), step.constant)
        for step in phi.instructions
    ]
    first = Instruction("mul", (0, scale))
    return Program(scale, (first, *steps), tuple(moved[i] for i in phi.outputs))


def scaled_product(phi: Program, factors: Sequence[int]) -> Program:
    """The product of outputs of phi at x = c z; -1 stands for x itself.  Inputs: z and c.

    Raises ``NotBoundedError`` for a slope of phi where phi may jump.
    """
    check_slopes(phi, max(factors))
    inner = _embedded(phi, 1, 2)
    slots = tuple(2 if i < 0 else inner.outputs[i] for i in factors)
    steps = (*inner.instructions, Instruction("mul", slots))
    return Program(2, steps, (1 + len(steps),))


def check_slopes(phi: Program, order: int) -> None:
    """``NotBoundedError`` where phi has no derivative of that order."""
    if order >= len(phi.outputs):
        what = "jump, and has no slope there" if order == 1 else "have kinks, and no second slope"
        raise NotBoundedError(f"nonlinearity: phi may {what}")


def layer_mean(phi: Program, factors: Sequence[int], q: flint.arb, digits: int) -> flint.arb:
    """E of a product of outputs of phi at sqrt(q) z; over all of q, where that is a ball.

    Raises ``QuadratureFailed`` and ``NotBoundedError`` as ``gaussian_average``.
    """
    check_slopes(phi, max(factors))
    if q.is_zero():
        values = phi.run(ARITHMETIC, [flint.arb(0)])
        total = flint.arb(1)
        for i in factors:
            total *= values[i]
        return total
    if q.rad().is_zero():
        return gaussian_average(scaled_product(phi, factors), [root_of(q)], digits)
    found = average_ball(scaled_product(phi, factors), [root_of(q)], ARITHMETIC)
    if not found.is_finite():
        raise QuadratureFailed(f"q: no average is enclosed over {q}: give a narrower length")
    return found


def layer_ball(phi: Program, factors: Sequence[int], c: flint.arb) -> flint.arb:
    """E of a product of outputs of phi at c z, not a number where it is not enclosed."""
    return _safe(scaled_product(phi, factors), [c])


def _safe(program: Program, parameters: Sequence[flint.arb]) -> flint.arb:
    try:
        return average_ball(program, parameters, ARITHMETIC)
    except (NotBoundedError, QuadratureFailed):
        return flint.arb.nan()
