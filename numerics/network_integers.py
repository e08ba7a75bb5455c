"""Expansion of a linear network in integer matrices: the engine of small networks.

The coefficient of u^k is an integer matrix times 2^-bits. Products are formed exactly and
rounded down once, so every entry is low by less than one unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from operator import mul

import flint
import numpy as np

from .network_data import TrainingData, common_denominator
from .network_expansion import Expansion, Floats, Roundings, at_least, root_up

__all__ = ["IntegerEngine"]

VALUES = 24  # coefficients passed on as matrices; the rest enters by its norms
Series = list[flint.fmpz_mat]


@dataclass(frozen=True)
class IntegerCoefficients:
    """`layers[l][k]` is the coefficient of u^k of W_(l+1) in units of 2^-bits."""

    layers: list[Series]
    bits: int

    def at(self, u: Fraction) -> tuple[list[flint.fmpz_mat], float]:
        """The polynomials at 0 <= u <= 1 in units, and a bound of the rounding in units."""
        if u in (0, 1):
            return [_sum(series) if u else series[0] for series in self.layers], 0.0
        powers, power = [], Fraction(1 << self.bits)
        for _ in self.layers[0]:
            powers.append(int(power))
            power = Fraction(int(power)) * u
        found, error = [], 0.0
        for series in self.layers:
            total = _sum([c * q for c, q in zip(series, powers, strict=True)])
            found.append(_divided(total, 1, 1 << self.bits))
            # A power is low by at most k + 1 units: each step truncates once and passes on less.
            lost = sum((k + 1) * _norm_up(c) for k, c in enumerate(series))
            error += at_least(lost, -self.bits) + root_up(total.nrows() * total.ncols())
        return found, error


class IntegerEngine:
    """Expands the training on `data` at `bits` bits."""

    def __init__(self, data: TrainingData, bits: int, order: int) -> None:
        self.data, self.bits, self.order = data, bits, order
        scale, integers = common_denominator(data.target)
        self._target = _divided(integers, 1 << bits, scale)
        self._inputs = None if data.inputs is None else common_denominator(data.inputs)
        shapes = data.shapes
        depth, columns = len(shapes), shapes[0][1]
        roots = [float(root_up(n * columns)) for n, _ in shapes]
        layers = [float(root_up(n * m)) for n, m in shapes]
        self.roundings = Roundings(
            prefix=[0.0, *roots[1:]],
            residual=(1.0 if data.inputs is None else 2.0) * roots[-1],
            suffix=[*roots[:-1], 0.0],
            gradient=[0.0] * depth,
            update=layers,
        )

    def expand(self, weights: list[flint.fmpz_mat], step: Fraction) -> Expansion:
        """The polynomials that start from `weights`, in units, for a step of length `step`."""
        depth, order, bits = len(weights), self.order, self.bits
        w = [[x] for x in weights]
        transposed = [[x.transpose()] for x in weights]
        prefix: list[Series] = [w[0], *([] for _ in range(depth - 1))]
        prefix_t: list[Series] = [transposed[0], *([] for _ in range(depth - 1))]
        suffix: list[Series] = [[] for _ in range(depth)]
        rate = step / self.data.tau
        for k in range(order):
            for i in range(1, depth):
                prefix[i].append(_divided(_convolved(w[i], prefix[i - 1][: k + 1]), 1, 1 << bits))
                prefix_t[i].append(prefix[i][-1].transpose())
            suffix[-1].append(self._residual(prefix[-1][k], k))
            for i in reversed(range(depth - 1)):
                product = _convolved(transposed[i + 1], suffix[i + 1])
                suffix[i].append(_divided(product, 1, 1 << bits))
            divisor = rate.denominator * (k + 1)
            gradients = [_convolved(suffix[i], prefix_t[i - 1][: k + 1]) for i in range(1, depth)]
            w[0].append(_divided(suffix[0][k], rate.numerator, divisor))
            for i, gradient in enumerate(gradients, 1):
                w[i].append(_divided(gradient, rate.numerator, divisor << bits))
            for series, layer in zip(transposed, w, strict=True):
                series.append(layer[-1].transpose())
        return Expansion(
            coefficients=IntegerCoefficients(w, bits),
            order=order,
            bits=bits,
            rate=rate,
            ratio=Fraction(1),
            weights=[self._norms(series) for series in w],
            prefix=[self._norms(series[:order]) for series in prefix],
            suffix=[self._norms(series) for series in suffix],
            values=[self._values(series) for series in w],
            roundings=self.roundings,
        )

    def _residual(self, product: flint.fmpz_mat, k: int) -> flint.fmpz_mat:
        if self._inputs is None:
            return self._target - product if k == 0 else -product
        scale, integers = self._inputs
        residual = _divided(product * integers, -1, scale)
        return self._target + residual if k == 0 else residual

    def _norms(self, series: Series) -> Floats:
        drop = self.bits / self.order
        norms = [at_least(_norm_up(c), drop * k - self.bits) for k, c in enumerate(series)]
        return np.array(norms)

    def _values(self, series: Series) -> Floats:
        shape = (series[0].nrows(), series[0].ncols())
        taken = []
        for k, c in enumerate(series[:VALUES]):
            # The entries lose what lies below 2^-60 of the largest one.
            entries = c.entries()
            shift = max(0, max(int(abs(x)).bit_length() for x in entries) - 60)
            scale = 2.0 ** (shift + k * self.bits / self.order - self.bits)
            taken.append([float(int(x) >> shift) * scale for x in entries])
        return np.array(taken).reshape(-1, *shape)


def _convolved(left: Series, right: Series) -> flint.fmpz_mat:
    """sum_i left[i] right[k - i] for two lists of length k + 1."""
    return _sum(list(map(mul, left, reversed(right))))


def _sum(terms: Series) -> flint.fmpz_mat:
    return sum(terms[1:], terms[0])


def _divided(matrix: flint.fmpz_mat, numerator: int, denominator: int) -> flint.fmpz_mat:
    """floor(entry * numerator / denominator), entry by entry."""
    entries = [x * numerator // denominator for x in matrix.entries()]
    return flint.fmpz_mat(matrix.nrows(), matrix.ncols(), entries)


def _norm_up(matrix: flint.fmpz_mat) -> int:
    return root_up(sum(int(x) ** 2 for x in matrix.entries()))
