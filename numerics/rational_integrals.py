"""Antiderivatives of rational functions with rational coefficients, on balls of the real line.

    int N/D dz = polynomial + sum_i B_i/S_i^m_i + sum_rho A(rho)/S'(rho) log(z - rho).

The rational part is exact (square-free factorisation and Hermite's reduction), so that the
logarithms run over simple roots rho of square-free S only, however high the poles are. Roots
are isolated by proof. A real root gives log|z - rho|. A pair of conjugate roots gives twice the
real part of the term of the root in the upper half plane: for real z, z - rho stays in the open
lower half plane, where the principal logarithm is analytic.

Reference: Bronstein, Symbolic Integration I, Springer 2005, chapter 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import flint

__all__ = ["RationalIntegral"]

KEPT_PRECISIONS = 12


@dataclass
class _Prepared:
    """Balls at one precision."""

    polynomial: flint.arb_poly
    fractions: list[tuple[flint.arb_poly, flint.arb_poly, int]]
    real: list[tuple[flint.arb, flint.arb]]
    upper: list[tuple[flint.acb, flint.acb]]


class RationalIntegral:
    """An antiderivative of `numerator`/`denominator` between neighbouring real poles.

    Parameters
    ----------
    numerator : flint.fmpq_poly
    denominator : flint.fmpz_poly
        Not zero.
    """

    def __init__(self, numerator: flint.fmpq_poly, denominator: flint.fmpz_poly) -> None:
        _, factors = denominator.factor_squarefree()
        whole, rest = divmod(numerator, flint.fmpq_poly(denominator))
        self._polynomial = whole.integral()
        self._fractions: list[tuple[flint.fmpq_poly, flint.fmpz_poly, int]] = []
        self._logarithms: list[tuple[flint.fmpq_poly, flint.fmpz_poly]] = []
        self._prepared: dict[int, _Prepared] = {}
        for factor, multiplicity in factors:
            power = flint.fmpq_poly(factor**multiplicity)
            others = flint.fmpq_poly(denominator) / power
            _, inverse, _ = others.xgcd(power)
            self._reduce(rest * inverse % power, factor, multiplicity)

    def __call__(self, z: flint.arb) -> flint.arb:
        """The antiderivative on a ball; not a number if the ball may touch a pole."""
        prepared = self._at_precision()
        total = prepared.polynomial(z)
        for top, bottom, power in prepared.fractions:
            total += top(z) / bottom(z) ** power
        for root, residue in prepared.real:
            total += residue * _log_distance(z, root)
        for pole, weight in prepared.upper:
            total += (weight * _log_lower(z, pole)).real
        return total

    def _reduce(self, top: flint.fmpq_poly, factor: flint.fmpz_poly, power: int) -> None:
        """Hermite's reduction of top/factor^power to a fraction and a simple denominator.

        With top = B S' + Q S,  B S'/S^m = -(B/((m - 1) S^(m-1)))' + B'/((m - 1) S^(m-1)).
        """
        s = flint.fmpq_poly(factor)
        slope = s.derivative()
        _, inverse, _ = slope.xgcd(s)
        while power > 1:
            b = top * inverse % s
            power -= 1
            if b:
                self._fractions.append((-b / power, factor, power))
            top = (top - b * slope) // s + b.derivative() / power
        if top:
            self._logarithms.append((top, factor))

    def _at_precision(self) -> _Prepared:
        bits = flint.ctx.prec
        found = self._prepared.get(bits)
        if found is None:
            if len(self._prepared) >= KEPT_PRECISIONS:
                self._prepared.pop(next(iter(self._prepared)))
            found = self._prepared[bits] = self._prepare()
        return found

    def _prepare(self) -> _Prepared:
        fractions = [
            (flint.arb_poly(top), flint.arb_poly(bottom), power)
            for top, bottom, power in self._fractions
        ]
        real, upper, degree = [], [], 0
        for top, factor in self._logarithms:
            degree += factor.degree()
            residue, slope = flint.acb_poly(top), flint.acb_poly(factor.derivative())
            for root, _ in factor.complex_roots():
                value = residue(root) / slope(root)
                if root.imag == 0:
                    real.append((root.real, value.real))
                elif root.imag > 0:
                    upper.append((root, 2 * value))
        if len(real) + 2 * len(upper) != degree:
            raise ArithmeticError("denominator: a root is not told apart from the real line")
        return _Prepared(flint.arb_poly(self._polynomial), fractions, real, upper)


def _log_distance(z: flint.arb, root: flint.arb) -> flint.arb:
    return abs(z - root).log()


def _log_lower(z: flint.arb, pole: flint.acb) -> flint.acb:
    """log(z - pole) for real z and a pole in the upper half plane."""
    return (z - pole).log()
