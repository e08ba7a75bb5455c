"""One mode of training: certified engines here against mpmath.odefun, heyoka and SciPy.

The equation is a' = L a^(2 - 2/L) (s - a), s = 3, a(0) = 1/1000, asked for near the time at which
a = 0.99 s, for L = 2 and L = 99 layers of weights. Every engine's answer is compared with an
enclosure of 40 more digits before anything is timed. Times are processor seconds of one answer:
the solution at one time for integrators, a new time at every call for the inversion of t(a).

python benchmarks/bench_modes.py [--profile quick|full]
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import flint
import mpmath
from lemmata.numerics.flow_guesses import log2_of
from lemmata.numerics.passage_times import PassageTime
from lemmata.numerics.power_laws import PowerLaw, integrate_power_law
from lemmata.numerics.precision import BITS_PER_DIGIT, exact_ball, working_precision
from lemmata.numerics.taylor import integrate_polynomial

STRENGTH, START = 3, Fraction(1, 1000)
TIMES = {2: Fraction(21, 10), 99: Fraction(3001, 1000)}
LEVEL = Fraction(297, 100)
DIGITS = (15, 30, 50, 100)
BATCH = 20  # new times in one timing of the inversion, which takes microseconds
MPMATH_DIGITS = {"quick": {2: (15, 30, 50, 100), 99: (15,)}, "full": {2: DIGITS, 99: (15, 30)}}
SLOW_REPEATS = 3
SLOW = 1.0  # seconds from which one repetition has to do

Row = dict[str, Any]


def law(layers: int) -> PowerLaw:
    p = 2 - Fraction(2, layers)
    return PowerLaw([(layers * STRENGTH, p), (-layers, p + 1)])


def measure(profile: str = "quick") -> list[Row]:
    """The rows of the table; `profile` is "quick" (under 40 s) or "full"."""
    if profile not in MPMATH_DIGITS:
        raise ValueError(f"profile: {profile!r} is unknown: give 'quick' or 'full'")
    repeats = 5 if profile == "quick" else 9
    rows: list[Row] = []
    for layers in TIMES:
        for digits in DIGITS:
            rows += ours(layers, digits, repeats)
            rows += heyoka_rows(layers, digits, repeats)
            if digits == DIGITS[0]:
                rows.append(scipy_row(layers, digits, repeats))
            if digits in MPMATH_DIGITS[profile][layers]:
                rows += mpmath_rows(layers, digits, SLOW_REPEATS)
        rows += passage_rows(layers, 1000, SLOW_REPEATS)
    return rows


def reference(layers: int, t: Fraction, digits: int) -> flint.arb:
    """The exact solution by rigorous quadrature, 40 digits beyond what is compared."""
    return PassageTime(law(layers), START, route="quadrature").value_at(t, digits + 40)


def error_of(value: flint.arb, layers: int, t: Fraction, digits: int) -> float:
    with working_precision(int((digits + 60) * BITS_PER_DIGIT)):
        return float(abs(value - reference(layers, t, digits)).upper())


def timed(call: Callable[[], object], repeats: int) -> list[float]:
    times: list[float] = []
    while len(times) < repeats and not (times and times[0] > SLOW):
        before = time.process_time()
        call()
        times.append(time.process_time() - before)
    return times


def row(
    layers: int, engine: str, digits: int, times: list[float], error: float, **more: Any
) -> Row:
    median = statistics.median(times)
    return {
        "case": f"one mode, {layers} layers of weights",
        "engine": engine,
        "digits": digits,
        "cpu_s": median,
        "spread": (max(times) - min(times)) / median if median else 0.0,
        "repeats": len(times),
        "certified": engine.startswith("lemmata"),
        "error": error,
        **more,
    }


def absent(layers: int, engine: str, digits: int, note: str) -> Row:
    case = f"one mode, {layers} layers of weights"
    return {
        "case": case,
        "engine": engine,
        "digits": digits,
        "cpu_s": None,
        "spread": None,
        "repeats": 0,
        "certified": False,
        "error": None,
        "note": note,
    }


def ours(layers: int, digits: int, repeats: int) -> list[Row]:
    mode, t = law(layers), TIMES[layers]

    def integrate() -> flint.arb:
        return integrate_power_law(mode, START, [t], digits).values[0]

    def unchanged() -> flint.arb:
        # The same equation without the change of variable that makes it linear.
        return integrate_polynomial([0, 2 * STRENGTH, -2], START, [t], digits)[0]

    def once() -> flint.arb:
        return PassageTime(mode, START).value_at(t, digits)

    passage, calls = PassageTime(mode, START), [0]
    passage.value_at(t, digits)

    def invert() -> None:
        for _ in range(BATCH):
            calls[0] += 1
            passage.value_at(t + Fraction(calls[0], 10**4), digits)

    rows = []
    exact = reference(layers, t, digits)
    engines = {"Taylor": integrate, "inversion, first call": once}
    if layers == 2:
        engines["Taylor, no change of variable"] = unchanged
    for engine, call in engines.items():
        ball = call()
        assert ball.overlaps(exact), (engine, layers, digits)
        error = float(ball.rad())
        assert error <= 10.0**-digits * STRENGTH, (engine, layers, digits, error)
        rows.append(row(layers, f"lemmata {engine}", digits, timed(call, repeats), error))
    times, error = [each / BATCH for each in timed(invert, repeats)], float(once().rad())
    rows.append(row(layers, "lemmata inversion", digits, times, error))
    return [*rows, *passage_rows(layers, digits, repeats)]


def passage_rows(layers: int, digits: int, repeats: int) -> list[Row]:
    """The time t(a) of the level, by the fastest closed form and by quadrature."""
    mode, rows, balls = law(layers), [], {}
    for route in (None, "quadrature"):
        clock = PassageTime(mode, START, route=route)
        balls[route] = ball = clock.time_to(LEVEL, digits)
        times = timed(lambda clock=clock: clock.time_to(LEVEL, digits), repeats)
        name = "closed form" if route is None else route
        # A radius of 10^-1000 is no float.
        size = {"error_log10": log2_of(ball.rad()) * math.log10(2)}
        error = float(ball.rad())
        rows.append(row(layers, f"lemmata t(a), {name}", digits, times, error, **size))
    assert balls[None].overlaps(balls["quadrature"])
    return rows


def heyoka_rows(layers: int, digits: int, repeats: int) -> list[Row]:
    if importlib.util.find_spec("heyoka") is None:
        return [absent(layers, "heyoka", digits, "heyoka is not installed")]
    import heyoka

    t, bits = TIMES[layers], int(digits * BITS_PER_DIGIT) + 8
    a = heyoka.make_vars("a")
    if digits <= 15:
        number: Callable[[Any], Any] = float
        options: dict[str, Any] = {}
    else:

        def number(value: Any) -> Any:
            numerator, denominator = Fraction(value).as_integer_ratio()
            return heyoka.real(numerator, bits) / heyoka.real(denominator, bits)

        options = {"fp_type": heyoka.real, "prec": bits}
    power = a if layers == 2 else a ** number(2 - Fraction(2, layers))
    start, end = number(START), number(t)
    field = number(layers) * power * (number(STRENGTH) - a)
    integrator = heyoka.taylor_adaptive([(a, field)], [start], **options)

    def run() -> Any:
        integrator.time = number(0)
        integrator.state[0] = start
        integrator.propagate_until(end)
        return integrator.state[0]

    error = _agreement(str(run()) if options else repr(float(run())), layers, t, digits)
    engine = "heyoka MPFR" if options else "heyoka double"
    return [row(layers, engine, digits, timed(run, repeats), error)]


def scipy_row(layers: int, digits: int, repeats: int) -> Row:
    from scipy.integrate import solve_ivp

    t, power = float(TIMES[layers]), 2 - 2 / layers

    def run() -> float:
        found = solve_ivp(
            lambda _, a: layers * a**power * (STRENGTH - a),
            (0.0, t),
            [float(START)],
            method="DOP853",
            rtol=1e-13,
            atol=1e-16,
        )
        return float(found.y[0, -1])

    error = _agreement(repr(run()), layers, TIMES[layers], digits)
    return row(layers, "SciPy DOP853 1e-13", digits, timed(run, repeats), error)


def mpmath_rows(layers: int, digits: int, repeats: int) -> list[Row]:
    """mpmath.odefun with plain integers of Python, and with gmpy2 where that is installed."""
    rows = [_odefun_row(layers, digits, repeats, plain=True)]
    if importlib.util.find_spec("gmpy2") is None:
        return [*rows, absent(layers, "mpmath.odefun, gmpy2", digits, "gmpy2 is not installed")]
    return [*rows, _odefun_row(layers, digits, repeats, plain=False)]


def _odefun_row(layers: int, digits: int, repeats: int, *, plain: bool) -> Row:
    # mpmath chooses its integers when it is imported, hence the process of its own.
    environment = dict(os.environ)
    environment.pop("MPMATH_NOGMPY", None)
    if plain:
        environment["MPMATH_NOGMPY"] = "1"
    command = [sys.executable, str(Path(__file__).resolve()), "--odefun"]
    done = subprocess.run(
        [*command, str(layers), str(digits), str(repeats)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    assert answer["backend"] == ("python" if plain else "gmpy"), answer
    error = _agreement(answer["value"], layers, TIMES[layers], digits)
    engine = f"mpmath.odefun, {'Python integers' if plain else 'gmpy2'}"
    return row(layers, engine, digits, answer["times"], error)


def odefun(layers: int, digits: int, repeats: int) -> dict[str, Any]:
    """The timings of mpmath.odefun in this process."""
    t = TIMES[layers]
    with mpmath.workdps(digits):
        start = mpmath.mpf(START.numerator) / START.denominator
        end = mpmath.mpf(t.numerator) / t.denominator
        power = 2 - mpmath.mpf(2) / layers

        def field(_: Any, a: Any) -> Any:
            return layers * (a if layers == 2 else a**power) * (STRENGTH - a)

        values: list[Any] = []
        times = timed(lambda: values.append(mpmath.odefun(field, 0, start)(end)), repeats)
        text = mpmath.nstr(values[0], digits + 5)
    return {"times": times, "value": text, "backend": mpmath.libmp.BACKEND}


def _agreement(text: str, layers: int, t: Fraction, digits: int) -> float:
    """The error of a decimal answer; the uncertified engines must reach most of the digits.

    Errors made early grow by up to f(a)/f(a0), about 10^3 to 10^5 here, and 15 digits are one
    less than a double has.
    """
    with working_precision(int((digits + 60) * BITS_PER_DIGIT)):
        value = exact_ball(Fraction(text))
    error = error_of(value, layers, t, digits)
    assert error < 10.0 ** (6 - digits), (layers, digits, text, error)
    return error


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--profile", choices=sorted(MPMATH_DIGITS), default="quick")
    parser.add_argument("--odefun", nargs=3, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.odefun:
        print(json.dumps(odefun(*options.odefun)))
        return
    for each in measure(options.profile):
        figure = "-" if each["cpu_s"] is None else f"{1e3 * each['cpu_s']:10.3f} ms"
        print(
            f"{each['case']:28} {each['digits']:4} {each['engine']:32} {figure:>13} "
            f"{each['error'] if each['error'] is not None else each.get('note', '')}"
        )


if __name__ == "__main__":
    main()
