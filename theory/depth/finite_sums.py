"""Elementary forms of the learning time at integer depth: finite real sums."""

from __future__ import annotations

from typing import Any

from sympy import Integer, Rational, atan, cos, log, pi, sin

__all__ = ["finite_sum", "root_sum"]


def root_sum(n: int, r: int, y: Any) -> Any:
    """An antiderivative of y^(r-1)/(1 - y^n), 0 < y < 1 <= r <= n, as a sum over roots of unity.

    -(1/n) sum_k w_k^r log(1 - y/w_k), w_k = e^(2 pi i k/n), with conjugate terms taken together:
    up to constants log |1 - y/w_k| and the angle atan((y - cos theta)/sin theta).
    """
    total = log(1 - y)
    if n % 2 == 0:
        total += (-1) ** r * log(1 + y)
    for k in range(1, (n + 1) // 2):
        angle = 2 * pi * k / n
        cosine, sine = cos(angle), sin(angle)
        # sin(2 theta) as a product: nested roots of both sines need not be related then.
        wave = 2 * sine * cosine if r == 2 else sin(r * angle)
        total += cos(r * angle) * log((y - cosine) ** 2 + sine**2)
        total -= 2 * wave * atan((y - cosine) / sine)
    return -total / n


def finite_sum(depth: int, x: Any) -> Any:
    """F with F' = 1/(x^(2 - 2/D) (1 - x)), D = ``depth`` >= 1, on 0 < x < 1.

    Odd D, with y = x^(1/D): D [y^(2-D)/(2-D) + int y/(1 - y^D)]; even D, with m = D/2 and
    y = x^(1/m): m [y^(1-m)/(1-m) + int 1/(1 - y^m)], log y in the place of the first term at m = 1.
    """
    if depth == 1:
        return -log(1 - x)
    if depth % 2:
        y = x ** Rational(1, depth)
        return depth * (y ** (2 - depth) / Integer(2 - depth) + root_sum(depth, 2, y))
    half = depth // 2
    y = x ** Rational(1, half)
    power = log(y) if half == 1 else y ** (1 - half) / Integer(1 - half)
    return half * (power + root_sum(half, 1, y))
