"""Where a program has kinks, and which branch of each switch counts between them.

A switch (abs, sign, max, min, choose) turns where a difference vanishes.  Differences have to be
piecewise a + b z, of which an earlier switch tells the piece: all the a + b z that a slot may be
are collected, and the zeros of all of them split the line.  Between two neighbours no difference
changes its sign, so that one point of a piece tells the branch on the whole of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TypeAlias

import flint

from .programs import Instruction, Program
from .quadrature import QuadratureFailed

__all__ = ["SWITCHES", "Line", "Turn", "needed_slots", "place_of", "turning_lines", "turns_at"]

SWITCHES = ("abs", "sign", "max", "min", "choose")
ODD_RISING = ("tanh", "erf", "atan", "sinh", "asinh")
MOST_LINES = 64
ZERO, ONE, MINUS_ONE = flint.arb(0), flint.arb(1), flint.arb(-1)
Line: TypeAlias = tuple[flint.arb, flint.arb]
"""a and b of a + b z."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a switch is on a piece: ``factor`` times a slot, a number, or made with ``scale``.

    ``scale`` is c with |d| = c z, for d = b z where b is not told from 0.
    """

    slot: int | None = None
    factor: int = 1
    value: flint.arb | None = None
    scale: flint.acb | None = None


class _Slots:
    """For each slot the a + b z that it may be, and those whose sign it has."""

    def __init__(self, program: Program, values: Sequence[flint.arb | None]) -> None:
        self.values = values
        self.lines: list[list[Line] | None] = [
            [(ZERO, ONE)] if value is None else [(value, ZERO)]
            for value in values[: program.inputs]
        ]
        self.signs = list(self.lines)
        self.exponentials: dict[int, tuple[flint.arb, list[Line]]] = {}

    def add(self, lines: list[Line] | None, signs: list[Line] | None = None) -> None:
        kept = None if lines is None or len(lines) > MOST_LINES else _distinct(lines)
        self.lines.append(kept)
        self.signs.append(kept if signs is None else signs)

    def add_plain(self, step: Instruction) -> None:
        """A slot of an operation without a kink."""
        value = self.values[len(self.lines)]
        if value is not None:
            self.add([(value, ZERO)])
        elif step.name in ODD_RISING:
            self.add(None, self.signs[step.slots[0]])
        else:
            lines = _combined(step, [self.lines[i] for i in step.slots])
            self.add(lines, None if lines else self._signs_of_exponentials(step))

    def _signs_of_exponentials(self, step: Instruction) -> list[Line] | None:
        """Of v + c exp(a + b z) with v/c < 0: the sign is that of c (a - log(-v/c) + b z)."""
        i, *rest = step.slots
        here, inside = len(self.lines), self.lines[i]
        if step.name == "exp" and inside is not None:
            self.exponentials[here] = ONE, inside
        if len(rest) != 1:
            return None
        for j, k in ((i, rest[0]), (rest[0], i)):
            v, exponential = self.values[j], self.exponentials.get(k)
            if v is None or exponential is None:
                continue
            c, lines = exponential
            if step.name == "mul":
                self.exponentials[here] = c * v, lines
            elif step.name == "add" and v / c < 0:
                signs = [(a - (-v / c).log(), b) for a, b in lines]
                return signs if c > 0 else _turned(signs)
        return None

    def differences(self, i: int, j: int | None = None) -> tuple[list[Line], bool]:
        """Of slots i and j, or slot i alone: lines with its sign, and whether they equal it."""
        one, other = self.lines[i], [(ZERO, ZERO)] if j is None else self.lines[j]
        if one is not None and other is not None:
            return [(a - c, b - d) for (a, b), (c, d) in product(one, other)], True
        found = None
        if other is not None and all(a.is_zero() and b.is_zero() for a, b in other):
            found = self.signs[i]
        elif one is not None and all(a.is_zero() and b.is_zero() for a, b in one) and j is not None:
            told = self.signs[j]
            found = None if told is None else [(-a, -b) for a, b in told]
        if found is None:
            raise QuadratureFailed(
                "the kinks are not known: what abs, sign, max, min and conditions compare must be "
                "piecewise linear in z"
            )
        return found, False


def _distinct(lines: list[Line]) -> list[Line]:
    found: list[Line] = []
    for a, b in lines:
        if not any(_same(a, c) and _same(b, d) for c, d in found):
            found.append((a, b))
    return found


def _same(a: flint.arb, b: flint.arb) -> bool:
    return bool(a.mid() == b.mid()) and bool(a.rad() == b.rad())


def _combined(step: Instruction, inside: list[list[Line] | None]) -> list[Line] | None:
    if step.name not in ("add", "mul"):
        return None
    found = inside[0]
    for more in inside[1:]:
        if found is None or more is None or len(found) * len(more) > MOST_LINES:
            return None
        pairs = list(product(found, more))
        if step.name == "add":
            found = [(a + c, b + d) for (a, b), (c, d) in pairs]
        elif all(b.is_zero() or d.is_zero() for (_, b), (_, d) in pairs):
            found = [(a * c, a * d + b * c) for (a, b), (c, d) in pairs]
        else:
            return None
    return found


def turning_lines(program: Program, values: Sequence[flint.arb | None]) -> list[Line]:
    """Lines at whose zeros a switch may turn.  ``values``: of the slots that do not depend on z.

    Raises ``QuadratureFailed`` where a difference is not piecewise linear.
    """
    if not any(step.name in SWITCHES for step in program.instructions):
        return []
    slots, found = _Slots(program, values), []
    needed = needed_slots(program, {})
    for n, step in enumerate(program.instructions):
        if not _switches(program, n, values, needed):
            slots.add_plain(step)
            continue
        for i, j in _compared(step):
            found += slots.differences(i, j)[0]
        if step.name == "sign":
            slots.add([(ONE, ZERO), (MINUS_ONE, ZERO), (ZERO, ZERO)])
            continue
        branches = [slots.lines[i] for i in _branches(step)]
        lines = [line for some in branches if some is not None for line in some]
        if step.name == "abs":
            lines += [(-a, -b) for a, b in lines]
        slots.add(None if any(some is None for some in branches) else lines)
    return [(a, b) for a, b in _distinct(found) if not b.is_zero()]


def _switches(
    program: Program, n: int, values: Sequence[flint.arb | None], needed: set[int]
) -> bool:
    slot = program.inputs + n
    known = values[slot] is not None or slot not in needed
    return program.instructions[n].name in SWITCHES and not known


def _compared(step: Instruction) -> list[tuple[int, int | None]]:
    if step.name in ("max", "min"):
        return list(combinations(step.slots, 2))
    return [(step.slots[0], None)]


def _branches(step: Instruction) -> tuple[int, ...]:
    return step.slots[1:] if step.name == "choose" else step.slots


def place_of(line: Line) -> flint.arb | None:
    """Where a + b z vanishes; None where only far out, for a slope b that may be 0."""
    a, b = line
    if not b.contains(0):
        return -a / b
    if a.is_zero():
        return flint.arb(0)
    if a.contains(0):
        raise QuadratureFailed("the place of a kink is not known: a slope may vanish")
    return None


def turns_at(program: Program, values: Sequence[flint.arb | None], z: flint.arb) -> dict[int, Turn]:
    """For each switch, by its place among the instructions, its branch at a point between kinks."""
    found: dict[int, Turn] = {}
    if not any(step.name in SWITCHES for step in program.instructions):
        return found
    slots, needed = _Slots(program, values), needed_slots(program, {})
    for n, step in enumerate(program.instructions):
        if not _switches(program, n, values, needed):
            slots.add_plain(step)
            continue
        turn = _turn(step, slots, z)
        found[n] = turn
        if turn.value is not None:
            slots.add([(turn.value, ZERO)])
        elif turn.slot is not None:
            line, sign = slots.lines[turn.slot], slots.signs[turn.slot]
            if turn.factor < 0:
                line, sign = _turned(line), _turned(sign)
            slots.add(line, sign)
        else:
            slots.add(None)
    return found


def _turned(lines: list[Line] | None) -> list[Line] | None:
    return None if lines is None else [(-a, -b) for a, b in lines]


def _turn(step: Instruction, slots: _Slots, z: flint.arb) -> Turn:
    first, *rest = step.slots
    if step.name in ("max", "min"):
        best = first
        for other in rest:
            sign, scale = _side(slots.differences(best, other), z)
            if sign is None:
                if scale is None or len(rest) > 1:
                    raise _unknown_side(z)
                return Turn(scale=scale)
            if sign == (-1 if step.name == "max" else 1):
                best = other
        return Turn(best)
    sign, scale = _side(slots.differences(first), z)
    match step.name:
        case "sign":
            return Turn(value=flint.arb(0, 1) if sign is None else flint.arb(sign))
        case "choose" if sign is not None:
            return Turn(rest[0] if sign > 0 else rest[1])
        case "abs" if sign is not None:
            return Turn(first, factor=-1 if sign < 0 else 1)
        case "abs" if scale is not None:
            return Turn(scale=scale)
    raise _unknown_side(z)


def _side(
    differences: tuple[list[Line], bool], z: flint.arb
) -> tuple[int | None, flint.acb | None]:
    """The sign of the only line at z; or where it is b z, b not told from 0, c with |b z| = c z."""
    ((a, b),), equal = differences
    at = a + b * z
    if bool(at > 0) or bool(at < 0):
        return (1 if bool(at > 0) else -1), None
    if a.is_zero() and b.is_zero():
        return 0, None
    if a.is_zero() and (bool(z > 0) or bool(z < 0)):
        return None, flint.acb(abs(b) if bool(z > 0) else -abs(b)) if equal else None
    raise _unknown_side(z)


def _unknown_side(z: flint.arb) -> QuadratureFailed:
    return QuadratureFailed(f"the side of a kink is not known at {z.str(8)}")


def needed_slots(program: Program, turns: Mapping[int, Turn]) -> set[int]:
    """Slots that the first output reads, switches taking the branches of ``turns``."""
    needed = {program.outputs[0]}
    for n in reversed(range(len(program.instructions))):
        if program.inputs + n not in needed:
            continue
        turn = turns.get(n)
        if turn is None or turn.scale is not None:
            needed.update(program.instructions[n].slots)
        elif turn.slot is not None:
            needed.add(turn.slot)
    return needed
