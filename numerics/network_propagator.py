"""How errors are carried through one step: a float matrix, and how far it is from the truth.

Along the polynomials P of a step the linearised equation X' = rate J(P(u)) X has the propagator
Phi. Its Taylor polynomial M = sum_(k <= q) X_k v^k comes from differentiating the equations:

    dF_l = dW_l F_(l-1) + W_l dF_(l-1),      dE = -dF_L Sigma11,
    dB_(l-1) = dW_l^T B_l + W_l^T dB_l,      dG_l = dB_l F_(l-1)^T + B_l dF_(l-1)^T,

for all directions at once. With R = M' - rate J M, ||Phi - M|| <= g int ||R||, where g bounds the
propagators within the step by the logarithmic norm. Below the order q, R is rounding; from q on
it is bounded by norms. For the coefficients of J let w be a series above the Frobenius norms of
all layers, s >= ||Sigma31||, c >= ||Sigma11||: the blocks of J are at most w^(L-2) s + 2 c w^(2L-2)
off the diagonal and c w^(2L-2) on it, so that in the joint norm

    ||J|| <= (L - 1) w^(L-2) s + (2L - 1) c w^(2L-2),    coefficient by coefficient.

What J leaves out is at most half the second derivative of the same majorant times |e|^2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .network_data import TrainingData
from .network_defect import Defect
from .network_expansion import TINY, UP, Expansion, Floats, frobenius_norms

__all__ = ["Propagator", "StepMatrix"]

ORDER = 12
VALUE_ERROR = 2.0**-40  # of the coefficients passed on, relative


@dataclass(frozen=True)
class StepMatrix:
    """M, a bound of ||Phi - M||_2/g, and of the curvature: |rest| <= curvature |e|^2."""

    matrix: Floats
    error: float
    curvature: float


class Propagator:
    """Linearised steps of the training on `data`."""

    def __init__(self, data: TrainingData) -> None:
        self.shapes = data.shapes
        self.size = sum(n * m for n, m in self.shapes)
        self.target = np.array([[float(x) for x in row] for row in data.target])
        self.inputs = None
        if data.inputs is not None:
            self.inputs = np.array([[float(x) for x in row] for row in data.inputs])
        self._target_norm = float(frobenius_norms(self.target))
        self._inputs_norm = float(data.inputs_norm) * UP + TINY
        self._variation: _Variation | None = None
        self._widest = max(max(shape) for shape in self.shapes)

    def step(self, found: Expansion, defect: Defect) -> StepMatrix:
        """The matrix of the step of an expansion, from u = 0 to `found.ratio`."""
        order = min(ORDER, found.order)
        scaled = float(found.rate * found.scaling)
        if self._variation is None or self._variation.order != order:
            self._variation = _Variation(self.shapes, order)
        series = self._variation
        series.fill([v[:order] for v in found.values], self.target, self.inputs, scaled)
        reach = found.reach
        powers = np.power(reach, np.arange(order + 1))
        matrix = np.tensordot(powers, series.directions, 1)
        norms = frobenius_norms(series.directions)
        steepness = self._steepness(found)
        rest = np.convolve(steepness, norms) * UP + TINY
        places = np.arange(len(rest))
        weights = scaled * UP * np.power(reach, places + 1) / (places + 1)
        # A coefficient comes from at most 2 L + 2 factors, sums of (order + 1) widest terms.
        depth = len(self.shapes)
        gamma = (2 * depth + 2) * (VALUE_ERROR + (order + 1) * (self._widest + 2) * 2.0**-52)
        error = float(rest[order:] @ weights[order:]) + gamma * float(rest @ weights)
        error += 2.0**-45 * float(norms @ powers)
        return StepMatrix(matrix, error * UP + TINY, self._curvature(found, defect))

    def _steepness(self, found: Expansion) -> Floats:
        """Norms above those of the coefficients of J."""
        depth = len(self.shapes)
        w = np.max(found.weights, axis=0)
        powers = [np.ones(1)]
        for _ in range(2 * depth - 2):
            powers.append(np.convolve(powers[-1], w) * UP + TINY)
        total = (2 * depth - 1) * self._inputs_norm * powers[2 * depth - 2]
        if depth > 1:
            lower = (depth - 1) * self._target_norm * powers[depth - 2]
            total[: len(lower)] += lower
        return np.asarray(total * UP)

    def _curvature(self, found: Expansion, defect: Defect) -> float:
        """Half the second derivative of rate w^(L-1) (s + c w^L), all layers together."""
        depth = len(self.shapes)
        # The error itself, far below one, enters the size of the layers.
        w = max(defect.sizes) + 1
        bound = (2 * depth - 1) * (2 * depth - 2) * self._inputs_norm * w ** max(2 * depth - 3, 0)
        if depth > 2:
            bound += (depth - 1) * (depth - 2) * self._target_norm * w ** (depth - 3)
        return float(float(found.rate * found.ratio) * bound * depth**0.5 / 2 * UP + TINY)


class _Series:
    """A float series for stacked products: `left(k)` is the row of its orders k .. 0."""

    def __init__(self, values: Floats) -> None:
        self.values = values
        self._row = values[::-1].transpose(1, 0, 2).reshape(values.shape[1], -1)

    def left(self, k: int) -> Floats:
        return self._row[:, self._row.shape[1] - (k + 1) * self.values.shape[2] :]

    @property
    def transposed(self) -> _Series:
        return _Series(np.swapaxes(self.values, 1, 2))

    def times(self, other: _Series) -> _Series:
        """The product of two series of equal length."""
        columns = other.values.shape[2]
        return _Series(
            np.array(
                [
                    self.left(k) @ other.values[: k + 1].reshape(-1, columns)
                    for k in range(len(self.values))
                ]
            )
        )


class _After:
    """Derivatives D of a series in all directions, to be multiplied from the left."""

    def __init__(self, order: int, rows: int, columns: int, count: int) -> None:
        self._store = np.empty((order, rows, columns, count))

    def put(self, k: int, values: Floats) -> None:
        self._store[k] = values

    def product(self, series: _Series, k: int) -> Floats:
        """sum_i series_(k - i) D_i, shape (rows, columns, directions)."""
        _, rows, columns, count = self._store.shape
        stacked = self._store[: k + 1].reshape((k + 1) * rows, columns * count)
        return (series.left(k) @ stacked).reshape(-1, columns, count)


class _Before:
    """Derivatives D of a series in all directions, to be multiplied from the right."""

    def __init__(self, order: int, rows: int, columns: int, count: int) -> None:
        self._store = np.empty((rows, order, columns, count))

    def put(self, k: int, values: Floats) -> None:
        self._store[:, k] = values

    def product(self, transposed: _Series, k: int) -> Floats:
        """sum_i D_i series_(k - i), from the transposed series."""
        rows, _, columns, count = self._store.shape
        stacked = self._store[:, : k + 1].reshape(rows, (k + 1) * columns, count)
        return np.asarray(np.matmul(transposed.left(k), stacked))


class _Variation:
    """Derivatives of all series in all directions; the memory is used again by every step.

    `directions[k]`, the coefficient X_k, has one row per weight and one column per direction.
    """

    def __init__(self, shapes: Sequence[tuple[int, int]], order: int) -> None:
        self.shapes, self.order = shapes, order
        size, columns = sum(n * m for n, m in shapes), shapes[0][1]
        self._dw = [_Before(order, n, m, size) for n, m in shapes]
        self._dwt = [_Before(order, m, n, size) for n, m in shapes]
        self._df = [_After(order, n, columns, size) for n, _ in shapes]
        self._dft = [_After(order, columns, n, size) for n, _ in shapes]
        self._db = [_Before(order, n, columns, size) for n, _ in shapes]
        self._dba = [_After(order, n, columns, size) for n, _ in shapes]
        self._cuts = np.cumsum([n * m for n, m in shapes])[:-1]
        self.directions = np.empty((order + 1, size, size))
        self.directions[0] = np.eye(size)

    def fill(
        self, values: Sequence[Floats], target: Floats, inputs: Floats | None, rate: float
    ) -> None:
        """The X_k along the series of W given by `values`, which has `order` coefficients."""
        w = [_Series(v) for v in values]
        f = [w[0]]
        for layer in w[1:]:
            f.append(layer.times(f[-1]))
        error = -(f[-1].values if inputs is None else f[-1].values @ inputs)
        error[0] += target
        b = [_Series(error)]
        for layer in reversed(w[1:]):
            b.insert(0, layer.transposed.times(b[0]))
        wt, ft, bt = ([x.transposed for x in group] for group in (w, f, b))
        for k in range(self.order):
            change = self._forward(k, w, ft)
            # Sigma11 is symmetric.
            change = -(change if inputs is None else np.matmul(inputs, change))
            slopes = self._backward(k, change, wt, f, b, bt)
            np.concatenate(slopes, out=self.directions[k + 1])
            self.directions[k + 1] *= rate / (k + 1)

    def _forward(self, k: int, w: Sequence[_Series], ft: Sequence[_Series]) -> Floats:
        """The derivatives of F_1, ..., F_L at the order k; that of F_L is returned."""
        size = len(self.directions[0])
        parts = np.split(self.directions[k], self._cuts)
        layers = [p.reshape(n, m, size) for p, (n, m) in zip(parts, self.shapes, strict=True)]
        change = layers[0]
        for i, layer in enumerate(layers):
            if i:
                self._dw[i].put(k, layer)
                self._dwt[i].put(k, layer.transpose(1, 0, 2))
                change = self._dw[i].product(ft[i - 1], k)
                change = change + self._df[i - 1].product(w[i], k)
            if i + 1 < len(layers):
                self._df[i].put(k, change)
                self._dft[i].put(k, change.transpose(1, 0, 2))
        return change

    def _backward(
        self,
        k: int,
        change: Floats,
        wt: Sequence[_Series],
        f: Sequence[_Series],
        b: Sequence[_Series],
        bt: Sequence[_Series],
    ) -> list[Floats]:
        """The derivatives of G_1, ..., G_L at the order k, from that of E."""
        slopes: list[Floats] = []
        for i in reversed(range(len(self.shapes))):
            slope = change
            if i:
                self._db[i].put(k, change)
                self._dba[i].put(k, change)
                # The transpose of F^T is F.
                slope = self._db[i].product(f[i - 1], k) + self._dft[i - 1].product(b[i], k)
                change = self._dwt[i].product(bt[i], k) + self._dba[i].product(wt[i], k)
            slopes.insert(0, slope.reshape(-1, slope.shape[2]))
        return slopes
