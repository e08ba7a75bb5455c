"""Lerch's function Phi(z, 1, a) = sum_n z^n/(n + a) = F(1, a; 1 + a; z)/a on balls, z < 1.

Gauss's function of Arb does it away from z = 1.  Near 1, where it takes seconds on a ball whose
distance from 1 has few digits, the expansion in u = 1 - z (here b = a + b' with no gap, the
logarithmic case):

    Phi(z, 1, a) = sum_n c_n u^n (psi(n + 1) - psi(n + a) - log u),    c_n = (a)_n/n!
"""

from __future__ import annotations

import flint

__all__ = ["lerch"]

NEAR = flint.arb(1) / 8
"""The largest u for the expansion: three bits a term."""
MOST_TERMS = 1 << 16


def lerch(z: flint.arb, a: flint.arb) -> flint.arb:
    """A ball around Phi(z, 1, a); not a number where z may be 1 or more, or a 0, -1, -2, ..."""
    if not z < 1 or (not a > 0 and a.contains_integer()):
        return flint.arb("nan")
    u = 1 - z
    if u < NEAR and a > -1:
        return _near_one(u, a)
    # a is rarely exact in binary: the flags say that b - c and a + b - c are integers.
    return z.hypgeom_2f1(flint.arb(1), a, a + 1, bc=True, abc=True) / a


def _near_one(u: flint.arb, a: flint.arb) -> flint.arb:
    """The expansion, and a bound of its remainder.

    For n >= N >= 2 and a > -1: c_(n+1)/c_n = (n + a)/(n + 1) lies between 0 and
    rho = max(1, (N + a)/(N + 1)), and the brackets change by at most |a - 1|/((n + 1)(n - 1)), in
    all by 2|a - 1|/(N - 1).  So the remainder is at most
    |c_N| u^N (|b_N| + 2|a - 1|/(N - 1))/(1 - rho u).
    """
    bound, aim = u.upper(), flint.arb(2) ** -(flint.ctx.prec + 8)
    coefficient, total = flint.arb(1), flint.arb(0)
    bracket = flint.arb(1).digamma() - a.digamma() - u.log()
    for n in range(MOST_TERMS):
        if n >= 2:
            ratio = ((n + a) / (n + 1)).upper().max(flint.arb(1)) * bound
            if ratio < 1:
                size = abs(bracket).upper() + 2 * abs(a - 1).upper() / (n - 1)
                rest = (abs(coefficient).upper() * size / (1 - ratio)).upper()
                if not rest > aim * abs(total).lower() or not rest.is_finite():
                    return total + flint.arb(0, rest)
        total += coefficient * bracket
        coefficient *= (n + a) / (n + 1) * u
        bracket += 1 / flint.arb(n + 1) - 1 / (n + a)
    return flint.arb("nan")
