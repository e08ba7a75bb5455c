"""Random experiments without modes: starts that are balanced but not aligned, and any starts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import flint
import numpy as np

from .frames import LOOKS, NETWORKS
from .networks import Experiment, Network, Reading
from .observables import MapEntries, StackedSquare
from .rationals import Matrix, columns, diagonal, draw, orthogonal, rational, rectangle

__all__ = ["balanced_maps", "general_correlations", "lambda_balanced"]

SHAPES = ((3, 1, 2), (2, 1, 3), (3, 2, 2), (2, 2, 3), (2, 3, 2), (2, 3, 3), (3, 3, 2), (2, 2, 2))
"""Inputs, hidden units, outputs: bottlenecks, square and wide hidden layers."""


def lambda_balanced(rng: np.random.Generator) -> Experiment:
    """Starts with W32^T W32 - W21 W21^T = lambda I, not aligned with the data; read is Q Q^T.

    Q = [W21^T; W32] and F = [[-lambda/2 I, Sigma31^T], [Sigma31, lambda/2 I]].  One network has
    lambda = 0, of a rank below full where the hidden layer is wide; in the other lambda has any
    sign, as far as the widths allow.  Every other draw has a Sigma31 of rank one.
    """
    inputs, hidden, outputs = SHAPES[int(rng.integers(len(SHAPES)))]
    target = rectangle(outputs, inputs, rng) * 2
    if rng.integers(2):
        target = rectangle(outputs, 1, rng) * rectangle(1, inputs, rng) * 2
    tau = draw(rng, 1, 4, 1) / 2
    networks = []
    for imbalance in (Fraction(0), _imbalance(rng, inputs, hidden, outputs)):
        below, above = _start(rng, (inputs, hidden, outputs), imbalance)
        half = rational(imbalance / 2)
        generator = _blocks(
            diagonal([1] * inputs) * -half,
            target.transpose(),
            target,
            diagonal([1] * outputs) * half,
        )
        stacked = flint.fmpq_mat(below.transpose().tolist() + above.tolist())
        known = {"F": generator, "Q0": stacked, "tau": tau}
        known |= {"Sigma31": target, "W21": below, "W32": above}
        known |= _readers(inputs, outputs)
        reading = Reading(StackedSquare(), known, {"W": MapEntries()})
        networks.append(Network((below, above), (reading,)))
    times = tuple(tau * look for look in LOOKS)
    return Experiment(diagonal([1] * inputs), target, tau, times, tuple(networks))


def balanced_maps(rng: np.random.Generator) -> Experiment:
    """``lambda_balanced`` read at the end-to-end map."""
    made = lambda_balanced(rng)
    networks = tuple(
        Network(n.layers, tuple(Reading(MapEntries(), r.parameters) for r in n.readings))
        for n in made.networks
    )
    return replace(made, networks=networks)


def _readers(inputs: int, outputs: int) -> dict[str, Matrix]:
    """E_1 = [I; 0] and E_3 = [0; I]: E_3^T Q Q^T E_1 is the end-to-end map."""
    one = diagonal([1] * (inputs + outputs))
    places = range(inputs + outputs)
    return {"E_1": columns(one, places[:inputs]), "E_3": columns(one, places[inputs:])}


def _imbalance(rng: np.random.Generator, inputs: int, hidden: int, outputs: int) -> Fraction:
    """A lambda that the widths allow: a wide hidden layer must be filled from one side at least."""
    size = (draw(rng, 1, 4, 1) / 4) ** 2
    signs = [sign for sign, width in ((1, outputs), (-1, inputs)) if hidden <= width]
    return size * signs[int(rng.integers(len(signs)))] if signs else Fraction(0)


def _start(
    rng: np.random.Generator, sizes: tuple[int, int, int], imbalance: Fraction
) -> tuple[Matrix, Matrix]:
    """W21 = R D1 V^T and W32 = U D2 R^T with D2^2 - D1^2 = lambda in every hidden direction."""
    inputs, hidden, outputs = sizes
    pairs = [_pair(rng, imbalance) for _ in range(hidden)]
    reach = min(inputs, outputs)
    for place in range(reach, hidden):  # directions that one of the layers cannot reach
        root = _root(abs(imbalance))
        pairs[place] = (Fraction(0), root) if imbalance > 0 else (root, Fraction(0))
    frame = orthogonal(hidden, hidden, rng)
    one, two = min(inputs, hidden), min(outputs, hidden)
    below = columns(frame, range(one)) * diagonal([p for p, _ in pairs[:one]])
    above = orthogonal(outputs, two, rng) * diagonal([q for _, q in pairs[:two]])
    return (
        below * orthogonal(inputs, one, rng).transpose(),
        above * columns(frame, range(two)).transpose(),
    )


def _pair(rng: np.random.Generator, imbalance: Fraction) -> tuple[Fraction, Fraction]:
    """Rationals (p, q) with q^2 - p^2 = lambda: q - p = lambda/m and q + p = m."""
    m = draw(rng, 1, 6, 1) / 4
    return (m - imbalance / m) / 2, (m + imbalance / m) / 2


def _root(square: Fraction) -> Fraction:
    """The root of the square of a rational."""
    numerator, denominator = flint.fmpz(square.numerator), flint.fmpz(square.denominator)
    return Fraction(int(numerator.isqrt()), int(denominator.isqrt()))


def _blocks(a: Matrix, b: Matrix, c: Matrix, d: Matrix) -> Matrix:
    """[[a, b], [c, d]]."""
    top = [x + y for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    low = [x + y for x, y in zip(c.tolist(), d.tolist(), strict=True)]
    return flint.fmpq_mat(top + low)


def general_correlations(rng: np.random.Generator) -> Experiment:
    """Any data and any start: nothing is white, aligned or balanced; nothing is read here."""
    inputs, hidden, outputs = (int(size) for size in rng.integers(2, 4, 3))
    tau, examples = draw(rng, 1, 4, 1) / 2, inputs + 1
    networks = [
        Network((rectangle(hidden, inputs, rng), rectangle(outputs, hidden, rng)), ())
        for _ in range(NETWORKS)
    ]
    return Experiment(
        rectangle(inputs, examples, rng),
        rectangle(outputs, examples, rng),
        tau,
        tuple(tau * look for look in LOOKS),
        tuple(networks),
    )
