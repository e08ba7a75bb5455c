"""Whole three-layer networks: balls around all weights, against integrators that prove nothing.

Square weights, random entries up to 1/1000 at the start, a diagonal target with strengths from 1 to
3, white inputs, to the time 10 at which every mode is learned.  Every peer's answer is compared
with the balls before anything is timed.  Processor seconds of one answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import flint
import numpy as np
from lemmata.numerics.network_taylor import integrate_network
from lemmata.numerics.precision import BITS_PER_DIGIT, working_precision

from .timing import Row, interleaved, summary

TIME = 10
OURS = {
    "quick": {2: (15, 30, 50, 100), 8: (15, 30, 50), 16: (15,)},
    "full": {2: (15, 30, 50, 100), 4: (15, 30, 50, 100), 8: (15, 30, 50, 100), 16: (15, 30)},
}
"""Digits, by width."""
HEYOKA = {"quick": {2: (30, 50, 100), 8: (30,)}, "full": {2: (30, 50, 100), 8: (15, 30, 50)}}
MPMATH = {"quick": {2: (15,)}, "full": {2: (15, 30)}}
SLOW = 2.0
"""Seconds from which one repetition has to do in the quick profile."""
Problem = tuple[list[list[list[Fraction]]], list[list[Fraction]]]


def measure(profile: str) -> list[Row]:
    """One row per width, digits and engine."""
    repeats, rows = 3 if profile == "quick" else 7, []
    for width, all_digits in OURS[profile].items():
        for digits in all_digits:
            rows += compare(width, digits, profile, repeats)
    return rows


def problem(width: int) -> Problem:
    rng = np.random.default_rng(width)
    start = [
        [[Fraction(int(x), 10**6) for x in row] for row in rng.integers(-999, 1000, (width, width))]
        for _ in range(2)
    ]
    rest = max(width - 1, 1)
    target = [
        [1 + Fraction(2 * i, rest) if i == j else Fraction(0) for j in range(width)]
        for i in range(width)
    ]
    return start, target


def compare(width: int, digits: int, profile: str, repeats: int) -> list[Row]:
    """All engines on one case; a peer that is not installed is a note."""
    start, target = problem(width)
    case = f"{width} x {width}, {digits} digits"
    calls: dict[str, Callable[[], Any]] = {
        "lemmata, certified": lambda: integrate_network(start, target, times=[TIME], digits=digits)
    }
    notes = []
    makers = {
        "heyoka": heyoka_run if digits in HEYOKA[profile].get(width, ()) else None,
        "mpmath.odefun": mpmath_run if digits in MPMATH[profile].get(width, ()) else None,
        "scipy, DOP853": scipy_run if digits == 15 else None,
    }
    for name, make in makers.items():
        if make is None:
            continue
        try:
            calls[name] = make(start, target, digits)
        except ImportError:
            notes.append({"case": case, "engine": name, "note": "not installed"})
    first: dict[str, float] = {}
    found = {}
    for name, call in calls.items():
        before = time.process_time()
        found[name] = call()
        first[name] = time.process_time() - before
    balls = [x for w in found.pop("lemmata, certified").weights[0] for x in w.entries()]
    errors = {name: assert_agreement(name, balls, digits, got) for name, got in found.items()}
    slow = {n for n, s in first.items() if s > SLOW and profile == "quick"}
    timed = interleaved({n: c for n, c in calls.items() if n not in slow}, repeats, _clock)
    rows = []
    for name in calls:
        told = summary(timed.get(name, [first[name]]))
        told["cpu_s"] = told.pop("seconds")
        row = {"case": case, "engine": name, "digits": digits, **told}
        row["certified"] = name.startswith("lemmata")
        if name in errors:
            row["error"] = errors[name]
        rows.append(row)
    return [*rows, *notes]


def _clock() -> float:
    return time.process_time()


def assert_agreement(name: str, balls: list[Any], digits: int, found: list[str]) -> float:
    """Largest distance of a peer's weights from the balls' centres.

    Integrators keep the error of each step near their precision; a small start amplifies it by
    about a thousand, steps and rounding by as much again, and DOP853 was asked for 1e-13.
    """
    with working_precision(4 * digits + 64):
        allowed = flint.arb(10) ** (8 - digits)
        gaps = [abs(flint.arb(x) - ball).upper() for x, ball in zip(found, balls, strict=True)]
    worst = max(gaps, key=float)
    if not worst < allowed:
        raise AssertionError(f"{name} is off by {float(worst):.2g} at {digits} digits")
    return float(worst)


def _order(width: int) -> Callable[[int, int, int], int]:
    return lambda layer, i, j: (layer * width + i) * width + j


def heyoka_run(start: Any, target: Any, digits: int) -> Callable[[], list[str]]:
    import heyoka

    width, bits = len(target), int(digits * BITS_PER_DIGIT) + 8
    options: dict[str, Any] = {"compact_mode": digits > 15 or width > 4}
    number: Callable[[Any], Any] = float
    if digits > 15:
        options |= {"fp_type": heyoka.real, "prec": bits}

        def number(value: Any) -> Any:
            exact = Fraction(value)
            return heyoka.real(exact.numerator, bits) / heyoka.real(exact.denominator, bits)

    variables = heyoka.make_vars(*(f"w{k}" for k in range(2 * width * width)))
    rates = _rates(width, variables, lambda i, j: number(target[i][j]), heyoka.sum)
    values = [number(x) for w in start for row in w for x in row]
    integrator = heyoka.taylor_adaptive(
        list(zip(variables, rates, strict=True)), values, **options
    )

    def run() -> list[str]:
        integrator.time = number(0)
        for k, value in enumerate(values):
            integrator.state[k] = value
        integrator.propagate_until(number(TIME))
        return [str(x) for x in integrator.state]

    return run


def _rates(width: int, w: Any, target: Callable[[int, int], Any], total: Any) -> list[Any]:
    """Right sides for the entries of W21, then of W32, row by row."""
    place, n = _order(width), range(width)
    error = [
        [target(i, j) - total([w[place(1, i, k)] * w[place(0, k, j)] for k in n]) for j in n]
        for i in n
    ]
    below = [total([w[place(1, k, i)] * error[k][j] for k in n]) for i in n for j in n]
    above = [total([error[i][k] * w[place(0, j, k)] for k in n]) for i in n for j in n]
    return below + above


def mpmath_run(start: Any, target: Any, digits: int) -> Callable[[], list[str]]:
    import mpmath

    width = len(target)

    def run() -> list[str]:
        with mpmath.workdps(digits):
            flat = [mpmath.mpf(x.numerator) / x.denominator for w in start for r in w for x in r]
            goal = [[mpmath.mpf(x.numerator) / x.denominator for x in row] for row in target]

            def field(_: Any, w: Any) -> list[Any]:
                return _rates(width, w, lambda i, j: goal[i][j], mpmath.fsum)

            return [mpmath.nstr(x, digits + 5) for x in mpmath.odefun(field, 0, flat)(TIME)]

    return run


def scipy_run(start: Any, target: Any, digits: int) -> Callable[[], list[str]]:
    from scipy.integrate import solve_ivp

    goal = np.array(target, dtype=float)
    width = len(goal)
    flat = np.array(start, dtype=float).ravel()

    def field(_: float, w: Any) -> Any:
        first, second = w.reshape(2, width, width)
        error = goal - second @ first
        return np.concatenate([(second.T @ error).ravel(), (error @ first.T).ravel()])

    def run() -> list[str]:
        end = solve_ivp(field, (0, TIME), flat, method="DOP853", rtol=1e-13, atol=1e-15).y[:, -1]
        return [repr(float(x)) for x in end]

    return run
