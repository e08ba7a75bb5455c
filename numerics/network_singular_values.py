"""Balls around the singular values of a ball matrix, small and equal ones included.

Rotations of columns (the one-sided method of Jacobi) bring the midpoint A to B = A V with nearly
orthogonal columns. No rotation has to be right: with ||V^T V - I|| <= delta, column norms d_i of
B and unit columns U, B = U D, ||U^T U - I|| <= eps, the inequalities of Ostrowski give

    sqrt((1 - eps)/(1 + delta)) d_i <= s_i(A) <= sqrt((1 + eps)/(1 - delta)) d_i

in decreasing order of both. Weyl's |s_i(A + R) - s_i(A)| <= ||R||_F adds the radii, and columns
too short to be divided by their norm.

Reference: Drmac, Veselic, SIAM J. Matrix Anal. Appl. 29 (2008) 1322-1342.
"""

from __future__ import annotations

import flint

from .arb_matrices import frobenius_norm_bound
from .precision import working_precision

__all__ = ["singular_values"]

SWEEPS = 30
GUARD_BITS = 16
Column = list[flint.arb]


def singular_values(balls: flint.arb_mat) -> list[flint.arb]:
    """Balls of s_1 >= s_2 >= ..., min(rows, columns) of them, at the working precision.

    The i-th ball contains the i-th singular value of every matrix in the balls.

    Raises
    ------
    ValueError
        If an entry is not finite.
    ArithmeticError
        If the rotations do not settle.
    """
    if not all(x.is_finite() for x in balls.entries()):
        raise ValueError("balls: an entry is not finite, so no singular value can be enclosed")
    # What is lost in the smallest column, relative to the largest, is lost in all of them.
    with working_precision(2 * flint.ctx.prec + GUARD_BITS):
        found = _enclosures(balls)
    if not all(x.is_finite() for x in found):
        raise ArithmeticError(
            f"balls: the rotations did not settle at {flint.ctx.prec} bits: raise the precision"
        )
    return found


def _enclosures(balls: flint.arb_mat) -> list[flint.arb]:
    centre = flint.arb_mat(balls.nrows(), balls.ncols(), [x.mid() for x in balls.entries()])
    wide = centre if centre.nrows() >= centre.ncols() else centre.transpose()
    turn = _rotation(_columns(wide))
    images = _columns(wide * turn)
    # Any positive number will do as a length: the unit columns then tell how good it is.
    norms = [_dot(column, column).abs_upper().sqrt().mid() for column in images]
    cut = max(norms, key=_key) * flint.arb(2) ** (GUARD_BITS - flint.ctx.prec)
    kept = [bool(norm > cut) for norm in norms]
    pairs = [pair for pair, keep in zip(zip(images, norms, strict=True), kept, strict=True) if keep]
    stretch = _stretch([[x / norm for x in column] for column, norm in pairs])
    short = [_dot(a, a) for a, keep in zip(images, kept, strict=True) if not keep]
    dropped = flint.arb(0, sum(short, flint.arb(0)).abs_upper().sqrt().upper())
    turned, radius = _stretch(_columns(turn)), flint.arb(0, frobenius_norm_bound(balls - centre))
    lengths = [norm if keep else flint.arb(0) for norm, keep in zip(norms, kept, strict=True)]
    found = [(x * stretch + dropped) / turned + radius for x in lengths]
    # Where balls overlap their order is open: bounds from below and above are sorted apart.
    lower = sorted((x.lower() for x in found), key=_key, reverse=True)
    upper = sorted((x.upper() for x in found), key=_key, reverse=True)
    return [a.union(b).nonnegative_part() for a, b in zip(lower, upper, strict=True)]


def _rotation(columns: list[Column]) -> flint.arb_mat:
    """An approximately orthogonal V for which the columns of A V are nearly orthogonal."""
    size = len(columns)
    turn = [[flint.arb(int(i == j)) for i in range(size)] for j in range(size)]
    small = flint.arb(2) ** (6 - flint.ctx.prec)
    for _ in range(SWEEPS):
        settled = True
        for p in range(size):
            for q in range(p + 1, size):
                a, b = columns[p], columns[q]
                cross, first, second = _dot(a, b).mid(), _dot(a, a).mid(), _dot(b, b).mid()
                if not bool(abs(cross) > (small * (first * second).sqrt()).mid()):
                    continue
                settled = False
                zeta = ((second - first) / (2 * cross)).mid()
                tangent = 1 / (abs(zeta) + (1 + zeta * zeta).sqrt())
                tangent = tangent if bool(zeta >= 0) else -tangent
                cosine = (1 / (1 + tangent * tangent).sqrt()).mid()
                sine = (tangent * cosine).mid()
                columns[p], columns[q] = _turned(a, b, cosine, sine)
                turn[p], turn[q] = _turned(turn[p], turn[q], cosine, sine)
        if settled:
            break
    return flint.arb_mat(turn).transpose()


def _turned(a: Column, b: Column, cosine: flint.arb, sine: flint.arb) -> tuple[Column, Column]:
    pairs = list(zip(a, b, strict=True))
    first = [(cosine * x - sine * y).mid() for x, y in pairs]
    return first, [(sine * x + cosine * y).mid() for x, y in pairs]


def _stretch(columns: list[Column]) -> flint.arb:
    """A ball around all singular values of a matrix with nearly orthonormal columns."""
    total = flint.arb(0)
    for i, a in enumerate(columns):
        for j, b in enumerate(columns):
            away = _dot(a, b) - int(i == j)
            total += away * away
    return (1 + flint.arb(0, total.abs_upper().sqrt().upper())).sqrt()


def _columns(matrix: flint.arb_mat) -> list[Column]:
    return [[matrix[i, j] for i in range(matrix.nrows())] for j in range(matrix.ncols())]


def _dot(a: Column, b: Column) -> flint.arb:
    return sum((x * y for x, y in zip(a, b, strict=True)), flint.arb(0))


def _key(number: flint.arb) -> flint.fmpq:
    """An exact ball as a number that can be ordered; a ball that is not finite comes first."""
    return number.fmpq() if number.is_finite() else flint.fmpq(0)
