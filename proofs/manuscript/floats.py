"""Programs on Python's floats: they propose, a proof decides."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
from lemmata.numerics.codegen import UnknownFunctionError, compile_expressions
from sympy import Rational

from ..domain import Domain
from ..exact.zero_test import free_atoms

__all__ = ["FAILURES", "FLOATS", "close", "moderate_points", "monomial_ratios", "simple_ratio"]

NEAR = 1e-9
"""Relative; what passes by accident is found out by the proof that follows."""
LARGEST = 12
"""Numerators and denominators of the factors that are recognised."""
TRIES = 400
MODERATE = tuple(
    map(
        Fraction,
        [
            "7/19",
            "9/23",
            "13/29",
            "16/31",
            "22/37",
            "27/41",
            "36/43",
            "41/47",
            "62/53",
            "70/59",
            "83/61",
            "97/67",
        ],
    )
)
"""Numbers of order one that are no simple multiples of one another."""
WHOLE = tuple(map(Fraction, (2, 3, 4, 5, 6, 7, 8, 9)))
REACH, STEP = 12.0, 0.05
"""The trapezoidal rule of averages over a standard normal."""


def _power(x: float, y: float) -> float:
    return math.pow(x, y)


def _average(*values: Any) -> float:
    *parameters, program = values
    z = np.arange(-REACH, REACH + STEP, STEP)
    with np.errstate(all="ignore"):
        found = np.asarray(program.run(_ARRAYS, [z, *parameters])[0], dtype=float)
    return float(np.sum(np.exp(-z * z / 2) * found)) * STEP / math.sqrt(2 * math.pi)


def _lambertw(x: float) -> float:
    from scipy.special import lambertw

    return float(lambertw(x).real)


FLOATS: dict[str, Any] = {
    "rational": float,
    "pi": lambda: math.pi,
    "e": lambda: math.e,
    "euler": lambda: 0.5772156649015329,
    "add": lambda *x: math.fsum(x),
    "mul": lambda *x: math.prod(x),
    "integer_power": lambda x, n: x**n,
    "power": _power,
    "whole_power": _power,
    "sqrt": math.sqrt,
    "rsqrt": lambda x: 1 / math.sqrt(x),
    "lambertw": _lambertw,
    "abs": abs,
    "sign": lambda x: math.copysign(1.0, x) if x else 0.0,
    "max": max,
    "min": min,
    "exp": math.exp,
    "log": math.log,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "coth": lambda x: 1 / math.tanh(x),
    "asinh": math.asinh,
    "acosh": math.acosh,
    "atanh": math.atanh,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "atan": math.atan,
    "gamma": math.gamma,
    "erf": math.erf,
    "gaussian_average": _average,
}
"""The operations of programs on Python's floats."""

_ARRAYS: dict[str, Any] = {
    **FLOATS,
    "add": lambda *x: sum(x),
    "mul": lambda *x: math.prod(x),
    "power": np.power,
    "whole_power": np.power,
    "sqrt": np.sqrt,
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "sign": np.sign,
    "max": np.maximum,
    "min": np.minimum,
    "tanhc": lambda x: np.where(x == 0, 1.0, np.tanh(x) / np.where(x == 0, 1.0, x)),
    "erf": np.vectorize(math.erf),
} | {
    name: getattr(np, name) for name in ("exp", "log", "sinh", "cosh", "tanh", "sin", "cos", "tan")
}
"""The same on arrays, for what is averaged."""

FAILURES = (ArithmeticError, ValueError, KeyError, TypeError)
"""What a value may end in: then there is none."""


def close(one: float, other: float) -> bool:
    """Equal within rounding."""
    return abs(one - other) <= NEAR * max(1e-3, abs(one), abs(other))


def simple_ratio(values: Sequence[float]) -> Fraction | None:
    """The one fraction of small numbers to which all values are close."""
    if not values or not all(math.isfinite(v) for v in values):
        return None
    found = Fraction(values[0]).limit_denominator(LARGEST)
    if abs(found.numerator) > 8 * LARGEST:
        return None
    return found if all(close(v, float(found)) for v in values) else None


def moderate_points(
    domain: Domain, rng: np.random.Generator, count: int
) -> list[Mapping[Any, Fraction]]:
    """Points of moderate size, at which little is lost to cancellation and saturation."""
    found: list[Mapping[Any, Fraction]] = []
    for _ in range(TRIES):
        # Different numbers: where two are equal, logarithms and differences may vanish.
        orders = {choice: rng.permutation(len(choice)) for choice in (WHOLE, MODERATE)}
        point = {
            atom: choice[int(orders[choice][place % len(choice)])]
            for place, atom in enumerate(domain.atoms)
            for choice in (WHOLE if atom.is_integer else MODERATE,)
        }
        if domain.contains(point) is True:
            found.append(point)
        if len(found) == count:
            return found
    while len(found) < count:
        drawn = domain.draw(rng)
        if drawn is None:
            break
        found.append(drawn)
    return found


def monomial_ratios(
    one: Any, other: Any, relations: Sequence[Any], rng: np.random.Generator
) -> Iterator[Any]:
    """Numbers times powers of one or two symbols by which ``one`` is ``other``, as numbers tell."""
    atoms = set(free_atoms(one)) | set(free_atoms(other))
    domain = Domain(list(atoms), relations)
    points = moderate_points(domain, rng, 4)
    try:
        program = compile_expressions([one, other], domain.atoms)
        ratios = []
        for point in points:
            above, below = program.run(FLOATS, [float(point[a]) for a in domain.atoms])
            ratios.append(above / below)
    except (UnknownFunctionError, *FAILURES):
        return
    powers = [(x, e) for x in domain.atoms if x.is_Symbol and x.is_positive for e in (1, -1, 2, -2)]
    for chosen in ((), *((p,) for p in powers), *combinations(powers, 2)):
        rest = [
            r / math.prod(float(point[x]) ** e for x, e in chosen)
            for r, point in zip(ratios, points, strict=True)
        ]
        number = simple_ratio(rest)
        if number is not None and number != 0:
            found = 1
            for x, e in chosen:
                found = found * x**e
            yield Rational(number.numerator, number.denominator) * found
            return
