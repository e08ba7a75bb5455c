"""Three routes to the passage time int dz/z' of a `LaurentFlow`, each a ball.

- `LogarithmRoute`: partial fractions and logarithms over isolated complex zeros;
- `HypergeometricRoute`: Gauss's function, for two terms of any exponents;
- `QuadratureRoute`: rigorous quadrature in log z, for any number of terms.

All work at flint's current precision and answer with a ball that is not finite where the way
from `start` to `end` cannot be shown to avoid the zeros of the field.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction
from math import gcd

import flint

from .laurent_flows import LaurentFlow, integer_power
from .lerch import lerch
from .precision import exact_ball
from .quadrature import QuadratureFailed
from .rational_integrals import RationalIntegral

__all__ = [
    "ROUTES",
    "HypergeometricRoute",
    "LogarithmRoute",
    "QuadratureRoute",
    "Route",
    "check_route",
    "choose_route",
]

KEPT_PRECISIONS = 12
EVALUATIONS = 40_000  # of the integrand, in one integral: a fraction of a second
EVALUATIONS_PER_BIT = 200  # regular integrands take about two a bit
LOGARITHM_DEGREE = 60  # beyond it one hypergeometric value is cheaper than the logarithms
LONG_LOGARITHM_DEGREE = 400  # beyond it quadrature is


class Route(ABC):
    """A way to enclose the time that the flow takes from one z to another."""

    @abstractmethod
    def between(self, start: flint.arb, end: flint.arb) -> flint.arb:
        """The time from `start` to `end`, negative backwards; a ball."""


class _PrimitiveRoute(Route):
    """A route by an antiderivative, whose value at the start is kept for each precision."""

    def __init__(self) -> None:
        self._starts: dict[int, tuple[flint.arb, flint.arb]] = {}

    def between(self, start: flint.arb, end: flint.arb) -> flint.arb:
        bits = flint.ctx.prec
        kept = self._starts.get(bits)
        if kept is None or kept[0] is not start:
            if len(self._starts) >= KEPT_PRECISIONS:
                self._starts.pop(next(iter(self._starts)))
            kept = self._starts[bits] = (start, self.primitive(start))
        return self.primitive(end) - kept[1]

    @abstractmethod
    def primitive(self, z: flint.arb) -> flint.arb:
        """An antiderivative of 1/z' on the interval of positive z that holds the start."""


class LogarithmRoute(_PrimitiveRoute):
    """t by partial fractions: the integrand z^k/G(z) is a rational function."""

    def __init__(self, flow: LaurentFlow) -> None:
        super().__init__()
        numerator = flint.fmpq_poly([0] * max(0, flow.k) + [flow.scale])
        monomial = flint.fmpz_poly([0] * max(0, -flow.k) + [1])
        self._integral = RationalIntegral(numerator, flow.denominator * monomial)

    def primitive(self, z: flint.arb) -> flint.arb:
        """The antiderivative of `RationalIntegral`."""
        return self._integral(z)


class HypergeometricRoute(_PrimitiveRoute):
    """t for z' = A z^(a+1) + B z^(b+1), a < b, with w = -(B/A) z^(b-a):

    int dz/z' = -z^-a/(a A) F(1, -a/(b-a); 1 - a/(b-a); w)     where w < 1,

    and the same with both terms exchanged, w replaced by 1/w, where w > 1. Differentiating the
    series F(1, e; 1 + e; w) = sum_n e w^n/(e + n) proves it.
    """

    def __init__(self, flow: LaurentFlow, *, beyond: bool) -> None:
        super().__init__()
        places = (1, 0) if beyond else (0, 1)
        (self._a, self._b) = (flow.powers[i] for i in places)
        first, second = (flow.coefficients[i] for i in places)
        self._ratio, self._factor = -second / first, -1 / (self._a * first)
        self._parameter = Fraction(-self._a, self._b - self._a)

    @staticmethod
    def applies(flow: LaurentFlow) -> bool:
        """Whether the formula holds: two terms, and 1 + e is no pole, 0, -1, -2, ..."""
        return len(flow.powers) == 2 and flow.degree > 1

    def primitive(self, z: flint.arb) -> flint.arb:
        """The antiderivative; not a number where w may be 1 or more."""
        w = exact_ball(self._ratio) * integer_power(z, self._b - self._a)
        if not w < 1:
            return flint.arb.nan()
        e = exact_ball(self._parameter)
        return exact_ball(self._factor) * integer_power(z, -self._a) * e * lerch(w, e)


class QuadratureRoute(Route):
    """t = int exp(-n_0 y) dy / (C_0 + sum_j C_j exp((n_j - n_0) y)), y = log z.

    The integrand is meromorphic. The exponentials of the sum are powers of one of them. On a wide
    ball Y around m the sum S is enclosed by S(m) + S'(m) h + S''(Y) h^2/2, h = Y - m: near a
    double zero the terms cancel, and their plain sum would want balls as small as the square of
    the distance to it.
    """

    def __init__(self, flow: LaurentFlow) -> None:
        self._flow = flow
        self._first = flow.powers[0]
        spread = [n - self._first for n in flow.powers]
        self._grain = gcd(*spread) or 1
        self._powers = [n // self._grain for n in spread]

    def between(self, start: flint.arb, end: flint.arb) -> flint.arb:
        """The integral; not finite if the way may cross a zero of the field."""
        first, *others = [flint.acb(c) for c, _ in self._flow.terms()]
        pairs = list(zip(others, self._powers[1:], strict=True))

        bits = flint.ctx.prec
        left = evaluations = EVALUATIONS + EVALUATIONS_PER_BIT * bits

        def moments(y: flint.acb, lowest: int) -> list[flint.acb]:
            """sum_j C_j (n_j - n_0)^k exp((n_j - n_0) y) for k = lowest, ..., 2."""
            base = (y * self._grain).exp()
            terms = [(c * base**n, n * self._grain) for c, n in pairs]
            sums = [sum((u * n**k for u, n in terms), flint.acb(0)) for k in range(lowest, 3)]
            return sums if lowest else [first + sums[0], *sums[1:]]

        def rate(y: flint.acb, _: bool) -> flint.acb:
            nonlocal left
            left -= 1
            if left < 0:
                return flint.acb(flint.arb.nan())
            if y.real.rad() > narrow:
                middle = flint.acb(y.real.mid(), y.imag.mid())
                value, slope, _ = moments(middle, 0)
                (bend,) = moments(y, 2)
                h = y - middle
                total = value + h * (slope + h * bend / 2)
            else:
                base = (y * self._grain).exp()
                total = sum((c * base**n for c, n in pairs), first)
            return (y * -self._first).exp() / total if self._first else 1 / total

        low, high = start.log(), end.log()
        narrow = (abs(low) + abs(high)).upper() * flint.arb(2) ** (8 - bits)  # as nodes are
        integral = flint.acb.integral(rate, low, high, eval_limit=evaluations).real
        if left < 0:
            raise QuadratureFailed(
                f"route: quadrature from {start.str(8)} to {end.str(8)} takes more than "
                f"{evaluations} evaluations at {bits} bits, an end may be too close to a zero of "
                "the field: give route='logarithms'"
            )
        return integral


ROUTES = ("logarithms", "hypergeometric", "quadrature")


def check_route(name: str | None) -> None:
    """Refuse a name that is none of `ROUTES`.

    Raises
    ------
    ValueError
    """
    if name is not None and name not in ROUTES:
        raise ValueError(
            f"route: {name!r} is unknown: give one of {', '.join(ROUTES)}, or None for the fastest"
        )


def choose_route(flow: LaurentFlow, name: str | None, *, beyond: bool) -> Route:
    """The route called `name`, or the one that is fastest; `beyond` says w > 1 at the start.

    Raises
    ------
    ValueError
        If the name is unknown, or the hypergeometric form does not apply.
    """
    check_route(name)
    hypergeometric = HypergeometricRoute.applies(flow)
    if name is None:
        if hypergeometric and flow.degree > LOGARITHM_DEGREE:
            name = "hypergeometric"
        else:
            name = "logarithms" if flow.degree <= LONG_LOGARITHM_DEGREE else "quadrature"
    if name == "logarithms":
        return LogarithmRoute(flow)
    if name == "quadrature":
        return QuadratureRoute(flow)
    if hypergeometric:
        return HypergeometricRoute(flow, beyond=beyond)
    raise ValueError(
        f"route: {name!r} needs two terms with exponents that do not reduce to a single "
        "logarithm: give another, or None for the fastest"
    )
