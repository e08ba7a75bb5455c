"""Expansion of a linear network in planes of digits (`network_planes`, `network_packed`).

Products drop pairs of digits, constants are rounded once; nothing else is rounded.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, log2, sqrt

import flint
import numpy as np

from .blas_threads import one_thread_each
from .network_data import TrainingData
from .network_expansion import UP, Expansion, Floats, Roundings, choose_scaling, frobenius_norms
from .network_packed import DigitCoefficients, DigitsExceeded, Layout, folded, multiplier
from .network_planes import Left, Right, choose_format, multiply, require_exact_products

__all__ = ["DigitEngine"]

HEADROOM_BITS = 7  # by which a coefficient may exceed the largest weights and targets


class DigitEngine:
    """Expands the training on `data` at `bits` bits."""

    def __init__(self, data: TrainingData, bits: int, order: int) -> None:
        require_exact_products()
        self.data, self.bits, self.order = data, bits, order
        self.scaling = choose_scaling(bits, order)
        self._shapes = data.shapes
        self._sizes = [n * m for n, m in self._shapes]
        widths = [self._shapes[0][1], *(n for n, _ in self._shapes)]
        self._terms = max(widths)
        entries = [abs(x) for w in (*data.weights, data.target) for row in w for x in row]
        magnitude = max(entries) * max(Fraction(1), data.inputs_norm)
        self._build(ceil(log2(max(Fraction(1), magnitude) * self._terms)) + HEADROOM_BITS)

    def _build(self, magnitude: int) -> None:
        """Storage for numbers below 2^magnitude."""
        order = self.order
        self._magnitude = magnitude
        self.form = form = choose_format(self.bits, self._terms * (order + 1), magnitude)
        self.layout = Layout.of(form, self.bits, self.scaling, order, self._terms)
        self._places = (self.layout.starts, self.layout.orders, self.layout.places)
        columns = self._shapes[0][1]
        heights = [n for n, _ in self._shapes]

        def left(rows: int, cols: int) -> Left:
            return Left(form, order, rows, cols)

        def right(rows: int, cols: int) -> Right:
            return Right(form, order, rows, cols)

        self._w = [left(n, m) for n, m in self._shapes]
        self._wt = [left(m, n) for n, m in self._shapes]
        self._f = [right(n, columns) for n in heights[:-1]]
        self._ft = [right(columns, n) for n in heights[:-1]]
        self._b = [left(n, columns) for n in heights]
        self._br = [right(n, columns) for n in heights]
        self._packed = np.zeros((sum(self.layout.planes), sum(self._sizes)))
        self._target = self._constant(self.data.target)
        if self.data.inputs is not None:
            self._inputs = Right(form, 1, columns, columns)
            self._inputs.put(0, self._constant(self.data.inputs))
            self._product = Left(form, 1, heights[-1], columns)
        roots = [sqrt(n * columns) * UP for n in heights]
        layers = [sqrt(size) * UP for size in self._sizes]
        self.roundings = Roundings(
            plain=float(np.sum(self.layout.rounding)) * UP,
            weighted=float(np.sum(self.layout.rounding / np.arange(1, order + 2))) * UP,
            prefix=[0.0, *roots[1:]],
            # Sigma31 is off at the order 0, Sigma11 at all orders, and so is the product with it.
            residual=roots[-1] * (1 if self.data.inputs is None else 2),
            suffix=[*roots[:-1], 0.0],
            gradient=[0.0, *layers[1:]],
            update=layers,
        )

    def _constant(self, rows: list[list[Fraction]]) -> Floats:
        flat = [(x.numerator << self.form.fraction_bits) // x.denominator for r in rows for x in r]
        return self.form.split(flat).reshape(-1, len(rows), len(rows[0]))

    def expand(self, weights: list[flint.fmpz_mat], step: Fraction) -> Expansion | None:
        """The polynomials that start from `weights`, in units, for a step of length `step`.

        None where a coefficient outgrows its digits; if the first ones come near that, there
        are more digits the next time.
        """
        rate = step / self.data.tau
        try:
            with one_thread_each(), np.errstate(over="ignore", invalid="ignore"):
                self._fill(weights, rate)
        except DigitsExceeded:
            self._enlarge()
            return None
        return self._expansion(rate)

    def _enlarge(self) -> None:
        first = [s.store[0, :, 0] for s in (*self._w, *self._b)]
        first += [s.store[-1, :, 0] for s in self._f]
        top = max(float(np.max(np.abs(digits))) for digits in first)
        if self._reached == 0 or not top * 2**HEADROOM_BITS < self.form.largest:
            self._build(self._magnitude + self.form.beta // 2)

    def _fill(self, weights: list[flint.fmpz_mat], rate: Fraction) -> None:
        form, planes = self.form, self.layout.planes
        self._reached = 1
        multiples = self._multiples(rate)
        shift = form.fraction_bits - self.bits
        start = [int(x) << shift for w in weights for x in w.entries()]
        layer = form.split(start)
        starts = [int(x) for x in self.layout.starts]
        for k in range(self.order + 1):
            self._packed[starts[k] : starts[k] + planes[k]] = layer[: planes[k]]
            if k == self.order:
                break
            self._reached = k
            parts = self._parts(layer)
            gradient = self._gradient(parts, k)
            self._check(gradient)
            layer = folded(
                form, multiples[k][: planes[k + 1] + form.integer, : planes[k]] @ gradient
            )
            self._check(layer)

    def _multiples(self, rate: Fraction) -> Floats:
        """For every order the matrix that multiplies digits by rate scaling/(k + 1)."""
        form = self.form
        scaled = rate * self.scaling
        if scaled * 4 >= 1 << (form.beta * (form.integer + 1)):
            raise DigitsExceeded
        numbers = [form.rational(scaled / (k + 1)) for k in range(self.order)]
        return multiplier(form, numbers)

    def _parts(self, layer: Floats) -> list[Floats]:
        parts, place = [], 0
        for (n, m), size in zip(self._shapes, self._sizes, strict=True):
            parts.append(layer[:, place : place + size].reshape(-1, n, m))
            place += size
        return parts

    def _gradient(self, layers: list[Floats], k: int) -> Floats:
        """The digits of the gradients of all layers at the order k, entries side by side."""
        form, depth, planes = self.form, len(layers), self.layout.planes[k]
        pairs = planes + form.integer
        if depth > 1:
            self._put_prefix(0, k, layers[0])
        for i in range(1, depth):
            self._w[i].put(k, layers[i])
            self._wt[i].put(k, layers[i].transpose(0, 2, 1))
        for i in range(1, depth - 1):
            self._put_prefix(i, k, self._multiplied(self._w[i], self._f[i - 1], k, pairs))
        product = layers[0][:planes]
        if depth > 1:
            product = self._multiplied(self._w[-1], self._f[-1], k, pairs)
        self._put_suffix(depth - 1, k, self._residual(product, k, pairs))
        for i in reversed(range(1, depth - 1)):
            self._put_suffix(i, k, self._multiplied(self._wt[i + 1], self._br[i + 1], k, pairs))
        if depth == 1:
            return self._b[0].store[:planes, :, k].reshape(planes, -1)
        sums = np.empty((pairs, sum(self._sizes)))
        self._sum(self._wt[1], self._br[1], k, sums[:, : self._sizes[0]])
        place = self._sizes[0]
        for i in range(1, depth):
            self._sum(self._b[i], self._ft[i - 1], k, sums[:, place : place + self._sizes[i]])
            place += self._sizes[i]
        return folded(form, sums)

    def _sum(self, left: Left, right: Right, k: int, out: Floats) -> None:
        multiply(left, right, k, len(out), out.reshape(len(out), left.rows, right.columns))

    def _multiplied(self, left: Left, right: Right, k: int, pairs: int) -> Floats:
        sums = np.empty((pairs, left.rows, right.columns))
        multiply(left, right, k, pairs, sums)
        return self._check(folded(self.form, sums))

    def _residual(self, product: Floats, k: int, pairs: int) -> Floats:
        if self.data.inputs is not None:
            self._product.store[:] = 0
            self._product.put(0, product)
            product = self._multiplied(self._product, self._inputs, 0, pairs)
        residual = -product
        if k == 0:
            residual += self._target[: len(residual)]
            self.form.carry(residual)
        return self._check(residual)

    def _put_prefix(self, i: int, k: int, digits: Floats) -> None:
        self._f[i].put(k, digits)
        self._ft[i].put(k, digits.transpose(0, 2, 1))

    def _put_suffix(self, i: int, k: int, digits: Floats) -> None:
        self._b[i].put(k, digits)
        self._br[i].put(k, digits)

    def _check(self, digits: Floats) -> Floats:
        if not self.form.fits(digits[0]):
            raise DigitsExceeded
        return digits

    def _expansion(self, rate: Fraction) -> Expansion:
        form, order = self.form, self.order
        starts, _, places = self._places
        # Digits above 2^(beta - 1) in size cancel at most half of a larger neighbour, so that
        # their sum in float64 is right to a relative 2^-45.
        flat = np.add.reduceat(self._packed * form.weights(form.planes)[places, None], starts)
        values = [part[..., :, :] for part in self._parts(flat)]
        weights = [frobenius_norms(v) for v in values]
        digits = form.weights(form.pairs)
        maps = [np.tensordot(f.store, digits, ([2], [0]))[::-1] for f in self._f]
        backward = [np.tensordot(digits, b.store, 1).transpose(1, 0, 2) for b in self._b]
        coefficients = DigitCoefficients(
            self.layout,
            self._shapes,
            self._packed.astype(np.int32),
            float(np.sum(weights, axis=0) @ np.arange(1, order + 2)) * UP,
        )
        return Expansion(
            coefficients=coefficients,
            order=order,
            bits=self.bits,
            scaling=self.scaling,
            rate=rate,
            ratio=Fraction(1),
            weights=weights,
            prefix=[frobenius_norms(m) for m in maps],
            suffix=[frobenius_norms(m) for m in backward],
            values=values,
            roundings=self.roundings,
        )
