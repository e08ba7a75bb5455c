"""Exact spectra of small matrices of rationals, from their characteristic polynomials."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import flint

__all__ = ["characteristic_polynomial", "eigenvalues"]


def characteristic_polynomial(matrix: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    """Coefficients of ``det(x I - A)`` for a matrix of rationals, the constant one first."""
    return [_fraction(c) for c in _rationals(matrix).charpoly().coeffs()]


def eigenvalues(matrix: Sequence[Sequence[Fraction]]) -> list[tuple[Fraction | flint.arb, int]]:
    """Eigenvalues of a symmetric matrix of rationals with their multiplicities, decreasing.

    The characteristic polynomial is split into irreducible factors over the rationals; a rational
    eigenvalue is exact, another a ball that contains it and no other.  Raises ``ValueError`` for a
    matrix that is not symmetric.
    """
    if any(matrix[i][j] != matrix[j][i] for i in range(len(matrix)) for j in range(i)):
        raise ValueError("matrix is not symmetric: give a symmetric matrix of rationals")
    found: list[tuple[Fraction | flint.arb, int]] = []
    for factor, multiplicity in _rationals(matrix).charpoly().factor()[1]:
        if factor.degree() == 1:
            constant, slope = factor.coeffs()
            found.append((_fraction(-constant / slope), multiplicity))
        else:
            found += [(root.real, multiplicity) for root, _ in factor.complex_roots()]
    return sorted(found, key=lambda pair: float(pair[0]), reverse=True)


def _rationals(matrix: Sequence[Sequence[Fraction]]) -> flint.fmpq_mat:
    rows = [[flint.fmpq(x.numerator, x.denominator) for x in row] for row in matrix]
    if not rows or any(len(row) != len(rows) for row in rows):
        raise ValueError("matrix is not square: give as many columns as rows, at least one")
    return flint.fmpq_mat(rows)


def _fraction(value: flint.fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))
