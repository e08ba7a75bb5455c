"""Random experiments on what semantic networks show: shared properties, familiar items."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from .frames import LOOKS, NETWORKS, Frame
from .matrix_starts import general_correlations, lambda_balanced
from .networks import Experiment, Network, Reading
from .observables import ModeStrength
from .rationals import Matrix, columns, diagonal, draw, orthogonal, rational, rectangle

__all__ = ["balanced_correlations", "familiar_items", "shallow_properties", "shared_properties"]


def shared_properties(rng: np.random.Generator) -> Experiment:
    """Decoupled balanced networks; read is a property of an item that two modes share.

    The property is p = p_1 u_1 + p_2 u_2 and the item x = v_1 + v_2, so that c_i = p_i; c_1 > 0,
    c_2 of any sign.
    """
    frame = Frame(rng, (3, int(rng.integers(2, 4)), 3), 2)
    networks = []
    for _ in range(NETWORKS):
        roots = [draw(rng, 1, 6, 1) / 16 for _ in range(2)]
        made = frame.network([(root, root) for root in roots])
        weights = [draw(rng, 1, 6, 1) / 4, draw(rng, -6, 6, 1) / 4]
        known: dict[str, Any] = {"tau": frame.tau}
        for i in range(2):
            known |= {f"s_{i + 1}": frame.s[i], f"a_0{i + 1}": roots[i] ** 2}
            known |= {f"c_{i + 1}": weights[i]}
        pattern = frame.U * diagonal(weights) * _ones(2)
        mode = ModeStrength(pattern, frame.v * _ones(2))
        networks.append(Network(made.layers, (Reading(mode, known),)))
    return frame.experiment(networks)


def _ones(count: int) -> Matrix:
    return flint.fmpq_mat(count, 1, [rational(1)] * count)


def familiar_items(rng: np.random.Generator) -> Experiment:
    """One-hot items of unequal frequency with orthogonal properties, Sigma11 = diag(p).

    The columns of X are the items times the roots of their frequencies.
    """
    count, hidden, properties = 2, int(rng.integers(2, 4)), int(rng.integers(2, 4))
    roots = [Fraction(int(n), 4) for n in rng.choice([2, 3, 4, 5], count, replace=False)]
    lengths = [draw(rng, 2, 12, 1) / 4 for _ in range(count)]
    tau, u = draw(rng, 1, 4, 1) / 2, orthogonal(properties, count, rng)
    inputs = diagonal(roots)
    networks = []
    for _ in range(NETWORKS):
        starts = [draw(rng, 1, 6, 1) / 16 for _ in range(count)]
        r = orthogonal(hidden, count, rng)
        layers = (r * diagonal(starts), u * diagonal(starts) * r.transpose())
        readings = []
        for i in range(count):
            known = {"p": roots[i] ** 2, "y": lengths[i], "a_0": starts[i] ** 2, "tau": tau}
            item = columns(diagonal([1] * count), (i,))
            readings.append(Reading(ModeStrength(columns(u, (i,)), item), known))
        networks.append(Network(layers, tuple(readings)))
    times = tuple(tau * look for look in LOOKS)
    return Experiment(inputs, u * diagonal(lengths) * inputs, tau, times, tuple(networks))


def shallow_properties(rng: np.random.Generator) -> Experiment:
    """One layer with white inputs, started anywhere: any property of any item is read."""
    inputs, outputs = (int(size) for size in rng.integers(2, 4, 2))
    target, tau = rectangle(outputs, inputs, rng) * 2, draw(rng, 1, 4, 1) / 2
    networks = []
    for _ in range(NETWORKS):
        weights = rectangle(outputs, inputs, rng)
        pattern, item = rectangle(outputs, 1, rng), rectangle(inputs, 1, rng)
        ends = [(pattern.transpose() * w * item)[0, 0] for w in (weights, target)]
        start, end = (Fraction(int(x.p), int(x.q)) for x in ends)
        known = {"f_0": start, "f_oo": end, "tau": tau}
        networks.append(Network((weights,), (Reading(ModeStrength(pattern, item), known),)))
    times = tuple(tau * look for look in LOOKS)
    return Experiment(diagonal([1] * inputs), target, tau, times, tuple(networks))


def balanced_correlations(rng: np.random.Generator) -> Experiment:
    """Balanced starts, aligned with nothing, on data whose inputs are not white."""
    start = lambda_balanced(rng)
    inputs, outputs = start.inputs.nrows(), start.outputs.nrows()
    data = general_correlations(rng)
    return replace(
        data,
        inputs=rectangle(inputs, inputs + 1, rng),
        outputs=rectangle(outputs, inputs + 1, rng),
        networks=(Network(start.networks[0].layers, ()),),
    )
