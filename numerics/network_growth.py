"""How fast errors can grow along a linear network's training: a bound of the logarithmic norm.

The flow tau W' = -grad Loss has the Jacobian -Hess/tau, which is symmetric, so its logarithmic
norm for the joint Frobenius norm is its largest eigenvalue. For a direction X = (X_1, ..., X_L)
let D = sum_l W_L..W_(l+1) X_l W_(l-1)..W_1 be the derivative of the end-to-end map. Then

    <X, -Hess X> = -tr(D Sigma11 D^T)
                   + 2 sum_(l < m) <E, W_L..W_(m+1) X_m W_(m-1)..W_(l+1) X_l W_(l-1)..W_1>.

The Gauss-Newton term is not positive as Sigma11 is semidefinite. A term of the sum is
<Y, X_m M X_l> with Y = (W_L..W_(m+1))^T E (W_(l-1)..W_1)^T and M = W_(m-1)..W_(l+1), and

    |<Y, X_m M X_l>| <= ||Y||_2 ||X_m M X_l||_* <= ||Y||_2 ||M||_2 ||X_m||_F ||X_l||_F,

because the nuclear norm of a product A B is at most ||A||_F ||B||_F. With the symmetric matrix
c_lm = ||Y_lm||_2 ||M_lm||_2, c_ll = 0, and x_l = ||X_l||_F this is

    tau mu <= max x^T c x / x^T x = lambda_max(c).

For L = 2 it is ||E||_2; where all layers have ||W_l||_2 <= w it is at most
(L - 1) w^(L-2) ||E||_2; for one layer it is 0. Equality holds at W = 0 for L = 2, and for equal
scalar layers without the Gauss-Newton term: the constant cannot be lowered.

A tube of Frobenius radius rho around the weights is bounded by products of norms:
|Prod(a + r) - Prod(a)| <= prod(|a| + r) - prod |a|, written without cancellation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from math import prod

import numpy as np

from .network_data import FractionRows, TrainingData
from .network_defect import Defect
from .network_expansion import TINY, UP, Expansion, Floats, frobenius_norms

__all__ = ["GrowthBound", "largest_eigenvalue_bound", "spectral_norms"]

PIECES = 16
SQUARINGS = 6
VALUE_ERROR = 2.0**-39  # the values passed on, and their sum, in units of the sum of norms


class GrowthBound:
    """The mean logarithmic norm over a step, for any radius of the tube.

    Every piece of the step is bounded by its centre: the weights stay within a distance of
    those at the centre that the sum of k |c_k| bounds.
    """

    def __init__(self, found: Expansion, defect: Defect, data: TrainingData) -> None:
        self.depth = len(found.values)
        if self.depth == 1:
            return
        self._frobenius = np.array(defect.sizes)
        self._inputs_norm = float(data.inputs_norm) * UP
        target = _floats(data.target)
        inputs = None if data.inputs is None else _floats(data.inputs)
        weights = _centres(found)
        rest = [_rest(found, w, len(v)) for w, v in zip(found.weights, found.values, strict=True)]
        # How far the weights are, within a piece, from the floats at its centre.
        self._radii = np.array(defect.slopes) / (2 * PIECES) + VALUE_ERROR * self._frobenius + rest
        self._sizes = [spectral_norms(w) for w in weights]
        product = _product(weights)
        residual = target - (product @ inputs if inputs is not None else product)
        self._residual = spectral_norms(residual)
        # An entry of a product of at most 2 L + 2 factors sums at most `widest` terms a factor.
        widest = max(max(shape) for shape in data.shapes)
        self._gamma = (2 * self.depth + 2) * (widest + 2) * 2.0**-52
        inputs_size = 1.0 if inputs is None else float(frobenius_norms(inputs))
        self._residual_size = float(frobenius_norms(target))
        self._residual_size += inputs_size * self._product_of_sizes(range(self.depth))
        self._pairs = {
            pair: (_outer(weights, residual, *pair), _inner(weights, *pair))
            for pair in combinations(range(self.depth), 2)
        }

    def mean(self, tube: float) -> float:
        """At or above the mean of tau mu within `tube` of the polynomials."""
        if self.depth == 1:
            return 0.0
        radii = self._radii + (tube * UP + TINY)
        away = self._gamma * self._residual_size + self._inputs_norm * _spread(self._sizes, radii)
        bounds = np.zeros((PIECES, self.depth, self.depth))
        for (low, high), (outer, inner) in self._pairs.items():
            around = [i for i in range(self.depth) if i < low or i > high]
            between = range(low + 1, high)
            norms = [*(self._sizes[i] for i in around), self._residual]
            spread = _spread(norms, [*radii[around], away])
            noise = self._gamma * self._product_of_sizes(around) * self._residual_size
            middle = _spread([self._sizes[i] for i in between], radii[between])
            middle = inner + middle + self._gamma * self._product_of_sizes(between)
            bounds[:, low, high] = bounds[:, high, low] = (
                outer + spread + noise
            ) * middle * UP + TINY
        return float(np.mean(largest_eigenvalue_bound(bounds))) * UP

    def _product_of_sizes(self, places: Iterable[int]) -> float:
        return prod(float(self._frobenius[i]) for i in places) * UP


def spectral_norms(matrices: Floats, squarings: int = SQUARINGS) -> Floats:
    """At or above ||A||_2 for every A along the first axis.

    With G = A^T A, symmetric, ||G||_2 = ||G^(2^k)||_2^(1/2^k) <= ||G^(2^k)||_F^(1/2^k). Every
    power is scaled to Frobenius norm 1, so that a product of n by n matrices is off by less than
    (n + 4) 2^-52 in that norm, a power included that is made symmetric by averaging.
    """
    size = frobenius_norms(matrices)
    scaled = matrices / size[:, None, None]
    tall = matrices.shape[1] >= matrices.shape[2]
    transposed = np.swapaxes(scaled, 1, 2)
    power = _symmetric(transposed @ scaled if tall else scaled @ transposed)
    slack = (max(matrices.shape[1:]) + 4) * 2.0**-52
    scales = []
    for _ in range(squarings):
        scales.append(frobenius_norms(power))
        power = power / scales[-1][:, None, None]
        power = _symmetric(power @ power)
    bound = frobenius_norms(power)
    for scale in reversed(scales):
        bound = np.sqrt(bound + slack) * scale * UP
    return np.asarray(np.minimum(np.sqrt(bound + slack) * UP, 1.0) * size)


def largest_eigenvalue_bound(matrices: Floats) -> Floats:
    """At or above the spectral radius of nonnegative matrices along the first axis.

    For any positive x it is at most max_i (C x)_i / x_i (Collatz and Wielandt); x comes from the
    power method.
    """
    vectors = np.ones((*matrices.shape[:2], 1))
    for _ in range(4 * matrices.shape[1]):
        images = matrices @ vectors
        # Half of the old vector is kept: a bipartite matrix would swing for ever.
        vectors = images / (images.max(axis=1, keepdims=True) + TINY) + vectors / 2
        vectors = np.maximum(vectors / vectors.max(axis=1, keepdims=True), 2.0**-20)
    return np.asarray((matrices @ vectors / vectors).max(axis=(1, 2)) * UP)


def _symmetric(matrices: Floats) -> Floats:
    return np.asarray((matrices + np.swapaxes(matrices, 1, 2)) / 2)


def _spread(norms: Sequence[Floats], radii: Sequence[Floats] | Floats) -> Floats:
    """prod(norms + radii) - prod(norms), as a sum of nonnegative terms."""
    total, wide = np.zeros(PIECES), np.ones(PIECES)
    for i, radius in enumerate(radii):
        narrow = np.prod(norms[i + 1 :], axis=0) if i + 1 < len(norms) else 1.0
        total = total + wide * radius * narrow
        wide = wide * (norms[i] + radius)
    return total * UP


def _floats(rows: FractionRows) -> Floats:
    return np.array([[float(x) for x in row] for row in rows])


def _centres(found: Expansion) -> list[Floats]:
    """The weights at the centres of the pieces."""
    centres = found.reach * (2 * np.arange(PIECES) + 1) / (2 * PIECES)
    powers = [np.power(centres[:, None], np.arange(len(v))) for v in found.values]
    return [np.tensordot(p, v, 1) for p, v in zip(powers, found.values, strict=True)]


def _rest(found: Expansion, norms: Floats, known: int) -> float:
    powers = np.power(found.reach, np.arange(known, len(norms)))
    return float(norms[known:] @ powers) * UP + TINY


def _product(weights: Sequence[Floats]) -> Floats:
    value = weights[0]
    for w in weights[1:]:
        value = w @ value
    return value


def _outer(weights: Sequence[Floats], residual: Floats, low: int, high: int) -> Floats:
    value = residual
    for w in reversed(weights[high + 1 :]):
        value = np.swapaxes(w, 1, 2) @ value
    for w in weights[:low]:
        value = value @ np.swapaxes(w, 1, 2)
    return spectral_norms(value)


def _inner(weights: Sequence[Floats], low: int, high: int) -> Floats:
    between = weights[low + 1 : high]
    return spectral_norms(_product(between)) if between else np.ones(PIECES)
