"""Validated Taylor integration against mpmath.odefun, interleaved in one process.

python benchmarks/bench_taylor.py [--json FILE] [--repeats N] [--no-network]

The problem is da/dt = 2 a (s - a), s = 3, a(0) = 1/1000, up to t = 9/5. Ours returns a ball that
is proved to contain a(t); mpmath.odefun returns an uncertified number. Before anything is timed
both must agree with each other, and our ball must contain the exact logistic curve. Times are
processor seconds; "spread" is (largest - smallest)/median.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import flint
import mpmath
from lemmata.numerics.network_data import read_training
from lemmata.numerics.network_digits import DigitEngine
from lemmata.numerics.network_steps import NetworkMarch
from lemmata.numerics.network_taylor import integrate_network
from lemmata.numerics.precision import exact_ball, working_precision
from lemmata.numerics.taylor import integrate_polynomial

STRENGTH, START, TIME = 3, Fraction(1, 1000), Fraction(9, 5)
DIGITS = (15, 30, 50, 100)


def ours(digits: int) -> flint.arb:
    (ball,) = integrate_polynomial([0, 2 * STRENGTH, -2], START, [TIME], digits)
    return ball


def peer(digits: int) -> Any:
    with mpmath.workdps(digits):
        start = mpmath.mpf(START.numerator) / START.denominator
        solution = mpmath.odefun(lambda _, a: 2 * a * (STRENGTH - a), 0, start)
        return solution(mpmath.mpf(TIME.numerator) / TIME.denominator)


def assert_agreement(digits: int) -> None:
    with working_precision(4 * digits + 100):
        decay = exact_ball(-2 * STRENGTH * TIME).exp()
        exact = STRENGTH / (1 + exact_ball(STRENGTH / START - 1) * decay)
        ball = ours(digits)
        assert ball.overlaps(exact), (digits, ball, exact)
        assert bool(ball.rad() <= flint.arb(10) ** -digits * STRENGTH), (digits, ball.rad())
        theirs = flint.arb(mpmath.nstr(peer(digits), digits + 10))
        # odefun aims at its working precision; the flow amplifies its errors by up to a(t)/a(0)
        # = 1000, and one more digit is allowed for the number of its steps.
        assert bool(abs(theirs - exact) < flint.arb(10) ** (4 - digits)), (digits, theirs)


def seconds(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return time.process_time() - before


def summary(times: list[float]) -> dict[str, float]:
    median = statistics.median(times)
    return {"median": median, "spread": (max(times) - min(times)) / median, "runs": len(times)}


def compare(digits: int, repeats: int) -> dict[str, Any]:
    assert_agreement(digits)
    mine, theirs = [], []
    for _ in range(repeats):
        mine.append(seconds(lambda: ours(digits)))
        theirs.append(seconds(lambda: peer(digits)))
    ratio = statistics.median(theirs) / statistics.median(mine)
    return {
        "digits": digits,
        "ours": summary(mine),
        "mpmath.odefun": summary(theirs),
        "ratio": ratio,
        "radius": ours(digits).rad().str(3, radius=False),
    }


NETWORKS = ((2, 30), (4, 30), (8, 30), (16, 15))  # widths and digits
LEARNED = 10  # all modes with strengths from 1 to 3 are learned by then


def problem(size: int) -> tuple[list[list[list[Fraction]]], list[list[Fraction]]]:
    """A dense random start of size 1e-3 and a diagonal target with strengths from 1 to 3."""
    rng = random.Random(0)
    weights = [
        [[Fraction(rng.randint(-1000, 1000), 10**6) for _ in range(size)] for _ in range(size)]
        for _ in range(2)
    ]
    strengths = [1 + Fraction(2 * i, max(1, size - 1)) for i in range(size)]
    target = [[s if i == j else Fraction(0) for j in range(size)] for i, s in enumerate(strengths)]
    return weights, target


def growth_of_a_ball(size: int, digits: int) -> float:
    """By how many digits the radius of a ball of starts grows: what propagation loses."""
    weights, target = problem(size)
    radius = Fraction(1, 10**digits)
    march = NetworkMarch(
        read_training(weights, target, None, 1),
        Fraction(LEARNED),
        6 * digits + 20,
        max_steps=10_000,
        engine=DigitEngine,
        radius=radius,
    )
    if not march.run():
        raise ArithmeticError("the ball of starts has grown beyond all bounds")
    return math.log10(float(march.steps[-1].final) / float(radius))


def network(size: int, digits: int, repeats: int) -> dict[str, Any]:
    weights, target = problem(size)
    times = []
    for _ in range(repeats):
        before = time.process_time()
        found = integrate_network(weights, target, times=[LEARNED], digits=digits)
        times.append(time.process_time() - before)
    finer = integrate_network(weights, target, times=[LEARNED], digits=digits + 15)
    with working_precision(2 * found.bits):
        pairs = list(zip(found.weights[0], finer.weights[0], strict=True))
        assert all(a.overlaps(b) for a, b in pairs)
        gaps = [
            x.mid() - y.mid()
            for a, b in pairs
            for x, y in zip(a.entries(), b.entries(), strict=True)
        ]
        true = sum((gap * gap for gap in gaps), flint.arb(0)).sqrt()
    return {
        "size": size,
        "time": LEARNED,
        "digits": digits,
        "ours": summary(times),
        "error": found.error[0].str(3, radius=False),
        "true_error": true.str(3, radius=False),
        "digits_lost_to_propagation": growth_of_a_ball(size, digits),
        "steps": found.steps,
        "order": found.order,
        "bits": found.bits,
        "attempts": found.attempts,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--no-network", action="store_true")
    options = parser.parse_args()
    print(f"mpmath {mpmath.__version__} on {mpmath.libmp.BACKEND} integers")
    scalar = []
    for digits in DIGITS:
        scalar.append(compare(digits, options.repeats))
        row = scalar[-1]
        print(
            f"scalar  {digits:4d} digits: {1e3 * row['ours']['median']:8.1f} ms certified to "
            f"{row['radius']}, mpmath.odefun {1e3 * row['mpmath.odefun']['median']:8.1f} ms: "
            f"{row['ratio']:.0f} times faster"
        )
    networks = []
    for size, digits in () if options.no_network else NETWORKS:
        networks.append(network(size, digits, options.repeats))
        row = networks[-1]
        print(
            f"network {size} x {size}, T = {LEARNED}, {digits} digits: "
            f"{row['ours']['median']:.2f} s, certified to {row['error']}, true error "
            f"{row['true_error']}, {row['digits_lost_to_propagation']:.1f} digits lost on the way"
        )
    figures = {
        "schema": "lemmata.benchmarks.taylor/2",
        "versions": {
            "python": platform.python_version(),
            "python-flint": flint.__version__,
            "mpmath": f"{mpmath.__version__}, {mpmath.libmp.BACKEND} integers",
        },
        "machine": platform.processor() or platform.machine(),
        "scalar": scalar,
        "network": networks,
    }
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
