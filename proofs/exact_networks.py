"""Networks given by exact rationals, and balls around their weights during training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np
from lemmata.numerics.network_taylor import integrate_network
from lemmata.numerics.polynomial_fields import PolynomialField
from lemmata.numerics.taylor import integrate_field

__all__ = ["Experiment", "Network", "Reading", "diagonal", "draw", "orthogonal", "rectangle"]

Matrix = Any
"""``flint.fmpq_mat``: rationals, so that a start is orthogonal or balanced exactly."""


@dataclass(frozen=True)
class Reading:
    """What is read off a network and what the closed form needs to know to foretell it.

    ``left`` (u) and ``right`` (v) are columns: the strength of a mode is u^T W v for the map W
    from input to output.  ``parameters`` maps the symbols of the claim to exact values.
    """

    left: Matrix
    right: Matrix
    parameters: dict[Any, Any]


@dataclass(frozen=True)
class Network:
    """Weights at time 0, the layer next to the input first, and what is read off them."""

    layers: tuple[Matrix, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Experiment:
    """Networks that learn the same correlations, and when to look at them.

    ``Sigma11=None`` is the identity; ``tau`` and ``times`` have few binary digits, so that
    float64 holds them exactly.
    """

    Sigma31: Matrix
    Sigma11: Matrix | None
    tau: Fraction
    times: tuple[Fraction, ...]
    networks: tuple[Network, ...]

    def enclose(
        self, network: Network, times: Sequence[Fraction], digits: int
    ) -> list[tuple[Matrix, ...]]:
        """Balls around all weights of ``network`` at ``times``, layers as in ``Network``.

        Raises ``IntegrationFailed`` where the accuracy cannot be reached.
        """
        if len(network.layers) == 1:
            return self._enclose_shallow(network.layers[0], times, digits)
        first, second = network.layers
        found = integrate_network(
            first.tolist(),
            second.tolist(),
            self.Sigma31.tolist(),
            None if self.Sigma11 is None else self.Sigma11.tolist(),
            tau=self.tau,
            times=times,
            digits=digits,
        )
        return list(zip(found.W21, found.W32, strict=True))

    def _enclose_shallow(
        self, weights: Matrix, times: Sequence[Fraction], digits: int
    ) -> list[tuple[Matrix, ...]]:
        """One layer: tau dW/dt = Sigma31 - W Sigma11, one variable an entry of W."""
        rows, columns = weights.nrows(), weights.ncols()
        square = diagonal([1] * columns) if self.Sigma11 is None else self.Sigma11
        components = []
        for i in range(rows):
            for j in range(columns):
                terms = [(self.Sigma31[i, j] / _rational(self.tau), (0,) * (rows * columns))]
                for k in range(columns):
                    unit = tuple(int(n == i * columns + k) for n in range(rows * columns))
                    terms.append((-square[k, j] / _rational(self.tau), unit))
                components.append(terms)
        field = PolynomialField(components)
        start = [x for row in weights.tolist() for x in row]
        found = integrate_field(field, start, times, digits)
        return [(flint.arb_mat(rows, columns, values),) for values in found.values]


def _rational(value: Fraction | int) -> Any:
    fraction = Fraction(value)
    return flint.fmpq(fraction.numerator, fraction.denominator)


def draw(rng: np.random.Generator, low: int, high: int, denominator: int) -> Fraction:
    """A rational from ``low`` to ``high``, uniform over the multiples of 1/``denominator``."""
    numerator = rng.integers(low * denominator, high * denominator, endpoint=True)
    return Fraction(int(numerator), denominator)


def diagonal(entries: Sequence[Fraction | int], rows: int | None = None) -> Matrix:
    """The matrix with ``entries`` on the diagonal, square or with so many rows."""
    height, width = len(entries) if rows is None else rows, len(entries)
    made = flint.fmpq_mat(height, width)
    for i, entry in enumerate(entries):
        made[i, i] = _rational(entry)
    return made


def rectangle(rows: int, columns: int, rng: np.random.Generator) -> Matrix:
    """A matrix of small rationals."""
    entries = [_rational(draw(rng, -2, 2, 4)) for _ in range(rows * columns)]
    return flint.fmpq_mat(rows, columns, entries)


def orthogonal(size: int, columns: int, rng: np.random.Generator) -> Matrix:
    """Rational orthonormal ``columns`` of an orthogonal matrix of that ``size``.

    The Cayley transform (I - A)(I + A)^-1 of an antisymmetric A, which exists for every A, with
    random signs: so both determinants occur.
    """
    skew = flint.fmpq_mat(size, size)
    for i in range(size):
        for j in range(i):
            entry = _rational(draw(rng, -1, 1, 3))
            skew[i, j], skew[j, i] = entry, -entry
    one = diagonal([1] * size)
    signs = [int(sign) for sign in rng.choice([-1, 1], size)]
    whole = (one - skew) * (one + skew).inv() * diagonal(signs)
    return whole * diagonal([1] * columns, rows=size)
