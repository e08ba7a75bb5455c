"""Rigorous roots of a scalar function: isolation by bisection, enclosure by interval Newton.

The function f and its derivative df are callables on balls (`flint.arb`): for a ball X they
must return a ball that contains f(x) for every x in X, and a ball that is not finite unless f
is differentiable on X. Every ball returned is proved to contain exactly one root, a simple one.

Reference: Moore, Kearfott, Cloud, Introduction to Interval Analysis, SIAM 2009, chapter 8.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import flint

from .precision import (
    BITS_PER_DIGIT,
    Rational,
    as_fraction,
    checked_digits,
    checked_integer,
    exact_ball,
    working_precision,
)

__all__ = ["RootNotProved", "Roots", "isolate_roots", "newton_enclosure"]

GUARD_BITS = 40
SPLITS = (Fraction(1, 2), Fraction(15, 32), Fraction(17, 32), Fraction(13, 32), Fraction(19, 32))
WIDE = 64
"""Ends of a larger ratio are split near their geometric mean."""
NEWTON_STEPS = 100
INFLATIONS = 24
ATTEMPTS = 4

BallFunction = Callable[[flint.arb], flint.arb]


class RootNotProved(ArithmeticError):
    """Interval Newton could not prove a simple root near the guess."""


@dataclass(frozen=True)
class Roots:
    """All roots in an interval: the proved ones, and where nothing could be decided.

    Attributes
    ----------
    proved : list of flint.arb
        In increasing order; each contains exactly one root, a simple one.
    undecided : list of flint.arb
        Where further roots may lie (a double root, a root at an end, a pole), and nowhere else.
    """

    proved: list[flint.arb]
    undecided: list[flint.arb]


def isolate_roots(
    f: BallFunction,
    df: BallFunction,
    low: Rational,
    high: Rational,
    *,
    digits: int = 15,
    max_depth: int = 40,
    max_intervals: int = 20_000,
) -> Roots:
    """All roots of f in [low, high].

    An interval on which f excludes zero is discarded. Where df excludes zero, the signs of f at
    both ends decide between one root and none. Everything else is halved, at a point where the
    sign of f is decided, so that no root is counted twice.

    Parameters
    ----------
    f, df : callables from flint.arb to flint.arb
        The function and its derivative on balls.
    low, high : rationals, low < high
    digits : int
        Proved balls have radius at most 10**-digits max(1, |x|), where f evaluated with
        digits + 12 digits allows it.
    max_depth, max_intervals : int
        When halving stops; the rest is undecided.

    Raises
    ------
    ValueError
        If low is not below high or digits is not from 1 to 100,000.
    TypeError
        If an end is not an exact rational, or f or df is not a function from balls to balls.

    Examples
    --------
    >>> found = isolate_roots(lambda x: x**2 - 2, lambda x: 2 * x, 0, 2)
    >>> len(found.proved), len(found.undecided)
    (1, 0)
    """
    ends = as_fraction(low, "low"), as_fraction(high, "high")
    if ends[0] >= ends[1]:
        raise ValueError(f"low: {low} is not below high: {high}: give an interval of some length")
    f, df, bits = _checked(f, "f"), _checked(df, "df"), _bits(digits)
    max_depth = checked_integer(max_depth, "max_depth", smallest=0)
    max_intervals = checked_integer(max_intervals, "max_intervals", smallest=0)
    proved: list[flint.arb] = []
    undecided: list[tuple[Fraction, Fraction]] = []
    pending, visited = [(*ends, 0)], 0
    with working_precision(bits):
        while pending:
            a, b, depth = pending.pop()
            visited += 1
            verdict = _judge(f, df, a, b, ends)
            if verdict == "one":
                proved.append(_refine(f, df, a, b, digits))
            elif verdict == "end":
                proved.append(exact_ball(a if f(exact_ball(a)).is_zero() else b))
            elif verdict == "unknown":
                if depth >= max_depth or visited > max_intervals:
                    undecided.append((a, b))
                else:
                    middle = _split(f, a, b)
                    pending += [(middle, b, depth + 1), (a, middle, depth + 1)]
        return Roots(proved, [_hull(a, b) for a, b in _merged(undecided)])


def newton_enclosure(
    f: BallFunction, df: BallFunction, guess: flint.arb | Rational, *, digits: int = 15
) -> flint.arb:
    """A ball, proved to contain exactly one root of f, found by Newton's method from `guess`.

    With m the point reached and X around it, N = m - f(m)/df(X) inside the interior of X proves
    one and only one root in X, which lies in N.

    `guess` is a rational or a ball, whose midpoint is used; the root found need not be the
    nearest. The radius is at most 10**-digits max(1, |x|).

    Raises
    ------
    RootNotProved
        If Newton's method does not settle, or no proof is found (a multiple root).
    ValueError
        If digits is not from 1 to 100,000, or the guess is not finite.
    TypeError
        If the guess is neither an exact rational nor a ball, or f or df is not a function from
        balls to balls.
    """
    f, df = _checked(f, "f"), _checked(df, "df")
    bits = _bits(digits)
    point = guess if isinstance(guess, flint.arb) else as_fraction(guess, "guess")
    if isinstance(point, flint.arb) and not point.is_finite():
        raise ValueError(f"guess: {point} is not finite: give a point near the root")
    for _ in range(ATTEMPTS):
        with working_precision(bits):
            start = (point if isinstance(point, flint.arb) else exact_ball(point)).mid()
            point = _settle(f, df, start)
            found = _prove(f, df, point)
            if found is not None and _sharp(found, digits):
                return found
        bits *= 2
    raise RootNotProved(
        f"guess: from {guess} Newton's method went to {point}, where no simple root could be "
        f"proved to {digits} digits at {bits // 2} bits: start nearer to a simple root"
    )


def _bits(digits: int) -> int:
    return ceil(checked_digits(digits) * BITS_PER_DIGIT) + GUARD_BITS


def _checked(function: BallFunction, name: str) -> BallFunction:
    """The function, with one clear error where it is none or answers with no ball."""
    if not callable(function):
        raise TypeError(f"{name}: {function!r} is not callable: give a function of a flint.arb")

    def checked(x: flint.arb) -> flint.arb:
        value = function(x)
        if not isinstance(value, flint.arb):
            raise TypeError(
                f"{name}: {value!r} was returned, which is no ball: return a flint.arb, for a "
                "constant c flint.arb(c)"
            )
        return value

    return checked


def _hull(a: Fraction, b: Fraction) -> flint.arb:
    return exact_ball(a).union(exact_ball(b))


def _nonzero(ball: flint.arb) -> bool:
    """Finite and certainly nonzero."""
    return bool(ball.is_finite()) and (bool(ball > 0) or bool(ball < 0))


def _judge(
    f: BallFunction, df: BallFunction, a: Fraction, b: Fraction, ends: tuple[Fraction, Fraction]
) -> str:
    whole = _hull(a, b)
    if _nonzero(f(whole)):
        return "none"
    if not _nonzero(df(whole)):
        return "unknown"
    left, right = f(exact_ball(a)), f(exact_ball(b))
    if _nonzero(left) and _nonzero(right):
        return "one" if bool(left > 0) != bool(right > 0) else "none"
    # An exact zero at an inner point would be counted by both neighbours.
    at_end = (a == ends[0] and left.is_zero()) or (b == ends[1] and right.is_zero())
    return "end" if at_end else "unknown"


def _split(f: BallFunction, a: Fraction, b: Fraction) -> Fraction:
    points = [a + share * (b - a) for share in SPLITS]  # the first is the middle
    if a > 0 and b > WIDE * a:
        points.insert(0, _between(a, b))
    return next((x for x in points if _nonzero(f(exact_ball(x)))), points[0])


def _between(a: Fraction, b: Fraction) -> Fraction:
    """A power of 4 times a, near the geometric mean of a and b: 0 < a, b > 64 a."""
    return a * (1 << 2 * (int(b / a).bit_length() // 4))


def _refine(f: BallFunction, df: BallFunction, a: Fraction, b: Fraction, digits: int) -> flint.arb:
    """Shrink [a, b], on which f is monotone and changes sign, around its root."""
    interval = _hull(a, b)
    slope = df(interval)
    rising = bool(slope > 0)
    for _ in range(NEWTON_STEPS):
        if _sharp(interval, digits):
            break
        middle = interval.mid()
        value, smaller = f(middle), interval
        if _nonzero(value):
            end = interval.upper() if bool(value > 0) != rising else interval.lower()
            smaller = interval.intersection(middle.union(end))
        newton = middle - value / slope
        if newton.is_finite():
            smaller = smaller.intersection(newton)
        slope = df(smaller)
        # Outward rounding may leave the interval on which f was known to be monotone.
        if not smaller.rad() < interval.rad() or not _nonzero(slope):
            break
        interval = smaller
    return interval


def _settle(f: BallFunction, df: BallFunction, start: flint.arb) -> flint.arb:
    """Newton's method on midpoints until its steps no longer shrink; claims nothing."""
    point, last = start, flint.arb.pos_inf()
    for _ in range(NEWTON_STEPS):
        step = (f(point).mid() / df(point).mid()).mid()
        if not step.is_finite():
            break
        point = (point - step).mid()
        if step == 0 or (abs(step) >= last and abs(step) <= abs(point) / 256):
            break
        last = abs(step)
    return point


def _prove(f: BallFunction, df: BallFunction, point: flint.arb) -> flint.arb | None:
    value = f(point)
    radius = 2 * (value / df(point)).abs_upper() + flint.arb(2) ** (4 - flint.ctx.prec) * abs(point)
    if not radius.is_finite():
        return None
    radius += flint.arb(2) ** (-2 * flint.ctx.prec)
    for _ in range(INFLATIONS):
        trial = point + flint.arb(0, radius)
        slope = df(trial)
        newton = point - value / slope
        if _nonzero(slope) and newton.is_finite() and trial.contains_interior(newton):
            return newton
        radius *= 4
    return None


def _sharp(ball: flint.arb, digits: int) -> bool:
    size = flint.arb.max(flint.arb(1), ball.abs_lower())
    return bool(ball.rad() <= flint.arb(10) ** -digits * size)


def _merged(intervals: list[tuple[Fraction, Fraction]]) -> list[tuple[Fraction, Fraction]]:
    """Join neighbours that share an end, given in increasing order."""
    joined: list[tuple[Fraction, Fraction]] = []
    for a, b in intervals:
        start = joined.pop()[0] if joined and joined[-1][1] == a else a
        joined.append((start, b))
    return joined
