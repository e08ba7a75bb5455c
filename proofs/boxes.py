"""Ball bisection: the sign of an expression on every part of a bounded box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import flint
from lemmata.numerics.balls import evaluate_on_balls
from lemmata.numerics.programs import Program
from sympy import Ge, Gt, Le, Lt

__all__ = ["Cover", "cover"]

MOST_BOXES = 4000
BITS = 128
Box = tuple[tuple[Fraction, Fraction], ...]


@dataclass
class Cover:
    """Boxes looked at and decided, a box on which the sign is wrong, boxes that are left."""

    drawn: int = 0
    decided: int = 0
    failing: str = ""
    left: list[str] = field(default_factory=list)


def cover(program: Program, atoms: Sequence[Any], relations: Sequence[Any]) -> Cover | None:
    """Bisect the box that the relations bound until every output is positive on every part.

    None when some atom has no rational bound on either side, or when relations other than such
    bounds exist.
    """
    box = _box(atoms, relations)
    # A box may fail as a whole and hold no integer.
    if not box or any(atom.is_integer for atom in atoms):
        return None
    found, waiting = Cover(), [box]
    while waiting:
        part = waiting.pop()
        found.drawn += 1
        balls = evaluate_on_balls(program, [_ball(*side) for side in part], BITS)
        if all(bool(ball > 0) for ball in balls):
            found.decided += 1
        elif any(bool(ball < 0) for ball in balls):
            found.failing = _told(atoms, part)
            return found
        elif found.drawn + len(waiting) < MOST_BOXES:
            waiting += _halves(part)
        else:
            found.left.append(_told(atoms, part))
    return found


def _box(atoms: Sequence[Any], relations: Sequence[Any]) -> Box | None:
    lows: dict[Any, Fraction] = {a: Fraction(0) for a in atoms if a.is_nonnegative}
    highs: dict[Any, Fraction] = {}
    for relation in relations:
        if not isinstance(relation, Gt | Ge | Lt | Le):
            return None
        small, large = relation.lts, relation.gts
        if small.is_Rational and large in atoms:
            value = Fraction(int(small.p), int(small.q))
            lows[large] = max(value, lows.get(large, value))
        elif large.is_Rational and small in atoms:
            value = Fraction(int(large.p), int(large.q))
            highs[small] = min(value, highs.get(small, value))
        elif any(relation.has(atom) for atom in atoms):
            return None
    if not all(a in lows and a in highs for a in atoms):
        return None
    return tuple((lows[a], highs[a]) for a in atoms)


def _ball(low: Fraction, high: Fraction) -> flint.arb:
    ends = [flint.arb(flint.fmpq(x.numerator, x.denominator)) for x in (low, high)]
    return ends[0].union(ends[1])


def _halves(part: Box) -> list[Box]:
    widest = max(range(len(part)), key=lambda i: part[i][1] - part[i][0])
    low, high = part[widest]
    middle = (low + high) / 2
    return [(*part[:widest], side, *part[widest + 1 :]) for side in ((low, middle), (middle, high))]


def _told(atoms: Sequence[Any], part: Box) -> str:
    return ", ".join(f"{low} <= {a} <= {high}" for a, (low, high) in zip(atoms, part, strict=True))
