"""Polynomial vector fields with exact rational coefficients, and their Taylor series.

All series arithmetic is in integers: a series in the scaled time u = (t - t_k)/h is stored as
integers C_k that stand for C_k 2^-bits, so that rounding is a shift and error bounds are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from operator import index as as_index
from operator import mul
from typing import Any

import flint

from .precision import Rational, as_fraction, checked_list, exact_ball

__all__ = ["PolynomialField", "defect_bound", "taylor_coefficients"]

CONSTANT = -1
Exponents = tuple[int, ...]


class PolynomialField:
    """The field f of x_i' = f_i(x) = sum_j c_ij x^m_ij, with rational c_ij.

    Parameters
    ----------
    components : sequence over i of sequences of (coefficient, exponents)
        `exponents` has one nonnegative integer per variable.

    Raises
    ------
    ValueError
        If there is no component, or exponents have the wrong length or sign.
    TypeError
        If a coefficient is not an exact rational, an exponent is no integer, or terms are no
        pairs.

    Examples
    --------
    >>> PolynomialField([[(1, (0, 1))], [(-1, (1, 0))]]).dimension
    2
    """

    def __init__(self, components: Sequence[Sequence[tuple[Rational, Sequence[int]]]]) -> None:
        rows = checked_list(components, "components", "one list of terms per variable")
        self.dimension = len(rows)
        if not self.dimension:
            raise ValueError("components: empty: give one list of terms per variable")
        self.components = tuple(self._collect(i, terms) for i, terms in enumerate(rows))
        self.products: list[tuple[int, int]] = []
        self._indices = {self._unit(i): i for i in range(self.dimension)}
        self.denominators = [
            lcm(*(c.denominator for c in terms.values()), 1) for terms in self.components
        ]
        self.terms = [
            [(flint.fmpz(int(c * den)), self._series_index(m)) for m, c in terms.items()]
            for terms, den in zip(self.components, self.denominators, strict=True)
        ]

    @classmethod
    def scalar(cls, coefficients: Sequence[Rational]) -> PolynomialField:
        """The field of x' = sum_k coefficients[k] x^k."""
        return cls([[(c, (k,)) for k, c in enumerate(coefficients)]])

    def values(self, box: Sequence[flint.arb]) -> list[flint.arb]:
        """Balls of the f_i over the whole box."""
        return [self._value(terms, box) for terms in self.components]

    def jacobian(self, box: Sequence[flint.arb]) -> list[list[flint.arb]]:
        """Balls of the derivatives d f_i / d x_j over the whole box, as rows over i."""
        variables = range(self.dimension)
        return [[self._derivative(terms, j, box) for j in variables] for terms in self.components]

    def logarithmic_norm(self, box: Sequence[flint.arb]) -> flint.arb:
        """An exact number at or above the logarithmic maximum norm of the Jacobian on a box.

        mu = max_i (J_ii + sum_{j != i} |J_ij|), which for one variable is sup f'.
        """
        rows = self.jacobian(box)
        bounds = [
            sum((x.abs_upper() for j, x in enumerate(row) if j != i), row[i]).upper()
            for i, row in enumerate(rows)
        ]
        largest = bounds[0]
        for bound in bounds[1:]:
            largest = flint.arb.max(largest, bound).upper()
        return largest

    def _collect(
        self, index: int, terms: Sequence[tuple[Rational, Sequence[int]]]
    ) -> dict[Exponents, Fraction]:
        collected: dict[Exponents, Fraction] = {}
        name = f"components[{index}]"
        for term in checked_list(terms, name, "a list of pairs (coefficient, exponents)"):
            coefficient, exponents = _pair(term, name)
            monomial = _integers(exponents, name)
            if len(monomial) != self.dimension or any(e < 0 for e in monomial):
                raise ValueError(
                    f"components[{index}]: exponents {monomial}: give {self.dimension} "
                    "nonnegative integers, one per variable"
                )
            value = as_fraction(coefficient, name)
            collected[monomial] = collected.get(monomial, Fraction(0)) + value
        return {m: c for m, c in collected.items() if c}

    def _unit(self, index: int) -> Exponents:
        return tuple(int(i == index) for i in range(self.dimension))

    def _series_index(self, monomial: Exponents) -> int:
        """The place of a monomial's series; halving keeps the number of products small."""
        if not any(monomial):
            return CONSTANT
        if monomial not in self._indices:
            half = tuple(e // 2 for e in monomial)
            if not any(half):
                half = self._unit(next(i for i, e in enumerate(monomial) if e))
            rest = tuple(e - h for e, h in zip(monomial, half, strict=True))
            self.products.append((self._series_index(half), self._series_index(rest)))
            self._indices[monomial] = self.dimension + len(self.products) - 1
        return self._indices[monomial]

    @staticmethod
    def _value(terms: dict[Exponents, Fraction], box: Sequence[Any]) -> flint.arb:
        total = flint.arb(0)
        for monomial, coefficient in terms.items():
            term = exact_ball(coefficient)
            for x, exponent in zip(box, monomial, strict=True):
                term *= _power(x, exponent)
            total += term
        return total

    @staticmethod
    def _derivative(terms: dict[Exponents, Fraction], j: int, box: Sequence[Any]) -> flint.arb:
        total = flint.arb(0)
        for monomial, coefficient in terms.items():
            if monomial[j]:
                term = exact_ball(coefficient * monomial[j])
                for i, exponent in enumerate(monomial):
                    term *= _power(box[i], exponent - (i == j))
                total += term
        return total


def _pair(term: Any, name: str) -> list[Any]:
    wanted = "a pair (coefficient, exponents), such as (1, (0, 2))"
    pair = checked_list(term, name, wanted)
    if len(pair) != 2:
        raise TypeError(f"{name}: {term!r} is no pair: give {wanted}")
    return pair


def _integers(exponents: Any, name: str) -> Exponents:
    wanted = "one nonnegative int per variable"
    entries = checked_list(exponents, name, f"exponents as {wanted}")
    try:
        return tuple(as_index(e) for e in entries)
    except TypeError:
        raise TypeError(
            f"{name}: exponents {tuple(entries)} are no integers: give {wanted}"
        ) from None


def _power(base: flint.arb, exponent: int) -> flint.arb:
    """base^exponent by squaring: flint's `**` is not a number for a ball centred at zero."""
    if exponent == 0:
        return flint.arb(1)
    half = _power(base, exponent // 2)
    return half * half * base if exponent % 2 else half * half


def taylor_coefficients(
    field: PolynomialField, start: Sequence[flint.fmpz], step: Fraction, order: int, bits: int
) -> list[list[flint.fmpz]]:
    """Approximate scaled Taylor coefficients C[i][k] of x_i(step * u), k = 0..order.

    x_i(step u) is about 2^-bits sum_k C[i][k] u^k, from C[i][0] = start[i] and the recurrence
    (k+1) C[i][k+1] = step [f_i(x)]_k. Nothing is claimed of their accuracy: `defect_bound`
    measures it afterwards.
    """
    variables = [[flint.fmpz(c)] for c in start]
    series: list[list[flint.fmpz]] = [*variables, *([] for _ in field.products)]
    divisors = [den * step.denominator for den in field.denominators]
    for k in range(order):
        for place, (left, right) in enumerate(field.products, field.dimension):
            series[place].append(_product_coefficient(series[left], series[right]) >> bits)
        for x, terms, divisor in zip(variables, field.terms, divisors, strict=True):
            rate = _field_coefficient(terms, series, k, bits)
            x.append(rate * step.numerator // (divisor * (k + 1)))
    return variables


def _product_coefficient(a: list[flint.fmpz], b: list[flint.fmpz]) -> flint.fmpz:
    """The last coefficient of the product of two series of equal length."""
    if a is not b:
        return sum(map(mul, a, reversed(b)))
    half = len(a) // 2
    pairs = 2 * sum(map(mul, a[:half], reversed(a)))
    return pairs + a[half] ** 2 if len(a) % 2 else pairs


def _field_coefficient(
    terms: list[tuple[flint.fmpz, int]], series: list[list[flint.fmpz]], k: int, bits: int
) -> flint.fmpz:
    total = flint.fmpz(0)
    for coefficient, place in terms:
        if place != CONSTANT:
            total += coefficient * series[place][k]
        elif k == 0:
            total += coefficient << bits
    return total


@dataclass(frozen=True)
class _Truncated:
    """A series `low` + remainder, the remainder's coefficients summing to at most `tail`.

    Both in units of 2^-bits; `norm` is the sum of the absolute coefficients of `low`.
    """

    low: flint.fmpz_poly
    tail: flint.fmpz
    norm: flint.fmpz

    @classmethod
    def of(cls, coefficients: list[flint.fmpz], tail: flint.fmpz) -> _Truncated:
        return cls(flint.fmpz_poly(coefficients), tail, sum(map(abs, coefficients), flint.fmpz(0)))

    def times(self, other: _Truncated, order: int, bits: int) -> _Truncated:
        coefficients = (self.low * other.low).coeffs()
        lost = sum(map(abs, coefficients[order + 1 :]), flint.fmpz(0))
        lost += self.tail * other.norm + other.tail * self.norm + self.tail * other.tail
        # Every shift below loses less than one unit.
        tail = -(-lost >> bits) + order + 1
        return _Truncated.of([c >> bits for c in coefficients[: order + 1]], tail)


def defect_bound(
    field: PolynomialField, coefficients: list[list[flint.fmpz]], step: Fraction, bits: int
) -> Fraction:
    """A bound, in units of 2^-bits, of the defect of any polynomials P_i(u), however found.

    sum_i of the integral over 0 <= u <= 1 of |dP_i/du - step f_i(P)|, for
    P_i = 2^-bits sum_k coefficients[i][k] u^k.  Exact integer arithmetic throughout: products
    are truncated at the degree of P, and what is cut off is bounded in the norm sum |c_k|,
    which is submultiplicative and bounds the modulus on 0 <= u <= 1.  The sum over i bounds
    the integral of the maximum norm (the maximum over i of the integrals does not).
    """
    order = len(coefficients[0]) - 1
    series = [_Truncated.of(c, flint.fmpz(0)) for c in coefficients]
    for left, right in field.products:
        series.append(series[left].times(series[right], order, bits))
    total = Fraction(0)
    for x, terms, den in zip(coefficients, field.terms, field.denominators, strict=True):
        constant = sum((c for c, place in terms if place == CONSTANT), flint.fmpz(0)) << bits
        used = [(c, series[place]) for c, place in terms if place != CONSTANT]
        low = sum((s.low * c for c, s in used), flint.fmpz_poly([constant])) * step.numerator
        scale = den * step.denominator
        slope = flint.fmpz_poly([k * c * scale for k, c in enumerate(x)][1:])
        kept = sum(
            (-(-abs(c) // k) for k, c in enumerate((slope - low).coeffs(), 1)), flint.fmpz(0)
        )
        lost = sum((abs(c) * s.tail for c, s in used), flint.fmpz(0)) * step.numerator
        total += Fraction(int(kept + lost), scale)
    return total
