"""Taylor expansion of a three-layer linear network in integers, with a bound of its defect.

    tau W21' = W32^T E,   tau W32' = E W21^T,   E = Sigma31 - W32 W21 Sigma11.

Matrices are integers times 2^-bits, in the time u = (t - t_k)/h. The recurrence forms its
products exactly and rounds E_k (less than two units per entry) and W_(k+1) (less than one
unit): this bounds the coefficients of the defect below the order p. From p on the coefficients
of the polynomials' own residual are bounded by a convolution of Frobenius norms.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from operator import mul

import flint

__all__ = [
    "Correlations",
    "Expansion",
    "Weights",
    "error_rounding",
    "expand_network",
    "network_defect_bound",
    "padded",
    "root_up",
]

Weights = tuple[flint.fmpz_mat, flint.fmpz_mat]


@dataclass(frozen=True)
class Correlations:
    """Sigma31 = `target`/`target_scale`, Sigma11 = `inputs`/`inputs_scale`, and tau.

    `inputs` is None for the identity; `inputs_norm` is at or above ||Sigma11||_2.
    """

    target: flint.fmpz_mat
    target_scale: int
    inputs: flint.fmpz_mat | None
    inputs_scale: int
    inputs_norm: Fraction
    tau: Fraction


@dataclass(frozen=True)
class Expansion:
    """Coefficients of W21 and W32 up to the order p, and of E below it, with their norms.

    `w21`, `w32`, `residual` hold integers at or above the Frobenius norms of the coefficients,
    `residual` those of the true E of the polynomials, up to order 2p.
    """

    first: list[flint.fmpz_mat]
    second: list[flint.fmpz_mat]
    error: list[flint.fmpz_mat]
    w21: flint.fmpz_poly
    w32: flint.fmpz_poly
    residual: list[flint.fmpz]


def expand_network(
    data: Correlations, weights: Weights, step: Fraction, order: int, bits: int
) -> Expansion:
    """Coefficients of W21(step u) and W32(step u) up to `order`, from weights at u = 0."""
    first, second, error = [weights[0]], [weights[1]], list[flint.fmpz_mat]()
    first_t, second_t = [weights[0].transpose()], [weights[1].transpose()]
    rate = step / data.tau
    for k in range(order):
        error.append(_residual_coefficient(data, first, second, bits))
        divisor = (rate.denominator * (k + 1)) << bits
        first.append(_rounded(_convolved(second_t, error), rate.numerator, divisor))
        second.append(_rounded(_convolved(error, first_t), rate.numerator, divisor))
        first_t.append(first[-1].transpose())
        second_t.append(second[-1].transpose())
    w21 = flint.fmpz_poly([_norm_up(m) for m in first])
    w32 = flint.fmpz_poly([_norm_up(m) for m in second])
    low = [_norm_up(m) + _rounding_units(m) for m in error]
    products = padded(w21 * w32, 2 * order)[order:]
    size = data.inputs_norm
    high = [-(-c * size.numerator // (size.denominator << bits)) for c in products]
    return Expansion(first, second, error, w21, w32, low + high)


def _residual_coefficient(
    data: Correlations, first: list[flint.fmpz_mat], second: list[flint.fmpz_mat], bits: int
) -> flint.fmpz_mat:
    product = _convolved(second, first)
    if data.inputs is not None:
        product = product * data.inputs
    residual = _rounded(product, -1, data.inputs_scale << bits)
    if len(first) == 1:
        residual += _rounded(data.target, 1 << bits, data.target_scale)
    return residual


def _convolved(left: list[flint.fmpz_mat], right: list[flint.fmpz_mat]) -> flint.fmpz_mat:
    """sum_i left[i] right[k - i] for two lists of length k + 1."""
    terms = map(mul, left, reversed(right))
    return sum(terms, next(terms))


def network_defect_bound(found: Expansion, rate: Fraction, bits: int) -> Fraction:
    """A bound, in units, of the integral over 0 <= u <= 1 of the defect's Frobenius norm.

    The defect is that of (W21, W32) in u: dW21/du - rate W32^T E and dW32/du - rate E W21^T.
    """
    order = len(found.first) - 1
    entries = sum(root_up(m.nrows() * m.ncols()) for m in (found.first[0], found.second[0]))
    sizes = found.w21 + found.w32
    # sum_(k < p) 1/(k + 1) is at most the bit length of p.
    rounding = error_rounding(found) * int(sum(sizes.coeffs())) * order.bit_length()
    tail = int(sum((sizes * flint.fmpz_poly(found.residual)).coeffs()[order:]))
    scale = Fraction(1, 2**bits)
    return order * entries + rate * scale * (rounding + Fraction(tail, order + 1))


def error_rounding(found: Expansion) -> int:
    """Frobenius norm, in units, by which a computed coefficient of E may be off."""
    return _rounding_units(found.error[0])


def _rounding_units(error: flint.fmpz_mat) -> int:
    """Frobenius norm, in units, of an error of at most two units per entry."""
    return 2 * root_up(error.nrows() * error.ncols())


def _rounded(balls: flint.fmpz_mat, numerator: int, denominator: int) -> flint.fmpz_mat:
    """floor(entry * numerator / denominator), entry by entry."""
    entries = [x * numerator // denominator for x in balls.entries()]
    return flint.fmpz_mat(balls.nrows(), balls.ncols(), entries)


def root_up(number: int) -> int:
    """The square root of a nonnegative integer, rounded up."""
    root = isqrt(number)
    return root + (root * root < number)


def _norm_up(matrix: flint.fmpz_mat) -> int:
    return root_up(sum(int(x) ** 2 for x in matrix.entries()))


def padded(polynomial: flint.fmpz_poly, degree: int) -> list[flint.fmpz]:
    """The coefficients from order 0 to `degree`, with zeros at the end."""
    coefficients: list[flint.fmpz] = polynomial.coeffs()
    return coefficients + [flint.fmpz(0)] * (degree + 1 - len(coefficients))
