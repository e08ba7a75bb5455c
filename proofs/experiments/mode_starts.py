"""Random experiments with modes: exact data and full weights, decoupled at the start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from .frames import NETWORKS, Frame, Pair
from .networks import Experiment, Network, Reading
from .observables import HiddenSquare, ModeStrength
from .rationals import Matrix, columns, draw, orthogonal, rational, rectangle

__all__ = [
    "balanced_modes",
    "commuting_inputs",
    "growing_modes",
    "hidden_squares",
    "null_modes",
    "opposite_layers",
    "shallow_networks",
    "timed_decays",
    "timed_modes",
    "unequal_layers",
    "vector_modes",
]


def _sizes(rng: np.random.Generator) -> tuple[list[int], int]:
    sizes = [int(size) for size in rng.integers(2, 4, 3)]
    return sizes, min(sizes)


def _equal(roots: Sequence[Fraction]) -> list[Pair]:
    return [(root, root) for root in roots]


def _small(rng: np.random.Generator, count: int) -> list[Fraction]:
    """Square roots of initial strengths up to 9/64, below every s."""
    return [draw(rng, 1, 6, 1) / 16 for _ in range(count)]


def _balanced(rng: np.random.Generator, above: bool) -> Experiment:
    """``above``: in the first network one mode starts above its final strength."""
    sizes, modes = _sizes(rng)
    frame = Frame(rng, sizes, modes)
    starts = [_small(rng, modes) for _ in range(NETWORKS)]
    if above:
        starts[0][-1] = draw(rng, 7, 10, 1) / 4
    return frame.experiment([frame.network(_equal(start)) for start in starts])


def balanced_modes(rng: np.random.Generator) -> Experiment:
    """Decoupled balanced networks, W21 = R D V^T and W32 = U D R^T; one mode has a_0 > s."""
    return _balanced(rng, above=True)


def growing_modes(rng: np.random.Generator) -> Experiment:
    """Decoupled balanced networks with a_0 < s in every mode."""
    return _balanced(rng, above=False)


def null_modes(rng: np.random.Generator) -> Experiment:
    """Decoupled balanced networks in which one mode is not in the data; that mode is read."""
    sizes, modes = _sizes(rng)
    frame = Frame(rng, sizes, modes)
    frame.s[-1] = Fraction(0)
    networks = [frame.network(_equal([draw(rng, 1, 8, 1) / 4] * modes)) for _ in range(NETWORKS)]
    return frame.experiment([Network(n.layers, n.readings[-1:]) for n in networks])


def commuting_inputs(rng: np.random.Generator) -> Experiment:
    """Decoupled balanced networks with Sigma11 = V Lambda V^T, every eigenvalue another one."""
    sizes, modes = _sizes(rng)
    frame = Frame(rng, sizes, modes)
    roots = [Fraction(int(n), 4) for n in rng.choice([2, 3, 5, 6], sizes[0], replace=False)]
    squares = [root**2 for root in roots[:modes]]
    starts = [_small(rng, modes) for _ in range(NETWORKS)]
    starts[0][-1] = draw(rng, 7, 10, 1) / 4
    networks = [frame.network(_equal(start), **{"lambda": squares}) for start in starts]
    return frame.experiment(networks, roots)


def unequal_layers(rng: np.random.Generator) -> Experiment:
    """Decoupled networks with unequal layers: all signs, one layer at zero, A = -B and A = B."""
    frame = Frame(rng, (3, int(rng.integers(3, 5)), 3), 3)
    a, b = draw(rng, 1, 4, 1) / 4, (2 * draw(rng, 1, 5, 1) + 1) / 8  # never equal
    zero, c = Fraction(0), draw(rng, 1, 3, 1) / 4
    starts = [(a, b), (c, -c), (-b, a), (zero, b), (-c, zero), (-c, -c)]
    order = rng.permutation(len(starts))
    pairs = [starts[int(i)] for i in order]
    return frame.experiment([frame.network(pairs[:3]), frame.network(pairs[3:])])


def opposite_layers(rng: np.random.Generator) -> Experiment:
    """Decoupled networks with A = -B in every mode, which starts at -a_0: never learned."""
    sizes, modes = _sizes(rng)
    frame, networks = Frame(rng, sizes, modes), []
    for _ in range(NETWORKS):
        roots = [draw(rng, 1, 6, 1) / 4 * int(sign) for sign in rng.choice([-1, 1], modes)]
        pairs = [(root, -root) for root in roots]
        networks.append(frame.network(pairs, a_0=[root**2 for root in roots]))
    return frame.experiment(networks)


def timed_modes(rng: np.random.Generator) -> Experiment:
    """``growing_modes`` with a strength a_f between a_0 and s for every mode."""
    return _timed(rng, _small)


def timed_decays(rng: np.random.Generator) -> Experiment:
    """Decoupled balanced networks with s < a_f < a_0 in every mode."""
    return _timed(rng, lambda rng, count: [draw(rng, 7, 10, 1) / 4 for _ in range(count)])


def _timed(
    rng: np.random.Generator, roots_of: Callable[[np.random.Generator, int], list[Fraction]]
) -> Experiment:
    sizes, modes = _sizes(rng)
    frame, networks = Frame(rng, sizes, modes), []
    for _ in range(NETWORKS):
        roots = roots_of(rng, modes)
        shares = [draw(rng, 1, 7, 1) / 8 for _ in roots]
        goals = [
            root**2 + share * (s - root**2)
            for root, share, s in zip(roots, shares, frame.s, strict=True)
        ]
        networks.append(frame.network(_equal(roots), a_f=goals))
    return frame.experiment(networks)


def vector_modes(rng: np.random.Generator) -> Experiment:
    """Two modes with arbitrary hidden vectors a, b, each pair in a plane of its own."""
    frame = Frame(rng, (2 + int(rng.integers(0, 2)), 4, 2), 2)
    return frame.experiment([_vector_network(frame) for _ in range(NETWORKS)])


def _vector_network(frame: Frame) -> Network:
    rng, hidden = frame.rng, orthogonal(4, 4, frame.rng)
    parts, readings = [], []
    for i in range(2):
        first, second = rectangle(2, 1, rng), rectangle(2, 1, rng)
        # The closed form asks for a != b and a != -b: entries are multiples of 1/4.
        second[0, 0] = first[0, 0] + rational(Fraction(1, 3))
        plane = columns(hidden, (2 * i, 2 * i + 1))
        a, b = plane * first, plane * second
        u, v = columns(frame.U, (i,)), columns(frame.V, (i,))
        parts.append((a * v.transpose(), u * b.transpose()))
        known = {"s": frame.s[i], "tau": frame.tau, "a": a, "b": b, **_products(a, b)}
        readings.append(Reading(ModeStrength(u, v), known))
    layers = (parts[0][0] + parts[1][0], parts[0][1] + parts[1][1])
    return Network(layers, tuple(readings))


def _products(a: Matrix, b: Matrix) -> dict[str, Any]:
    """n_0 = |a|^2 + |b|^2, d_0 = a.b, and p_0, m_0 = |a +- b|^2/4."""
    norms = (a.transpose() * a + b.transpose() * b)[0, 0]
    dot = (a.transpose() * b)[0, 0]
    found = {
        "n_0": norms,
        "d_0": dot,
        "p_0": (norms + 2 * dot) / 4,
        "m_0": (norms - 2 * dot) / 4,
    }
    return {name: Fraction(int(value.p), int(value.q)) for name, value in found.items()}


def hidden_squares(sign: int) -> Callable[[np.random.Generator], Experiment]:
    """``vector_modes`` read at |a + b|^2/4, or with ``sign`` -1 at |a - b|^2/4."""

    def made(rng: np.random.Generator) -> Experiment:
        experiment = vector_modes(rng)
        networks = tuple(
            Network(network.layers, tuple(_squared(reading, sign) for reading in network.readings))
            for network in experiment.networks
        )
        return replace(experiment, networks=networks)

    return made


def _squared(reading: Reading, sign: int) -> Reading:
    mode = reading.observable
    assert isinstance(mode, ModeStrength)
    return Reading(HiddenSquare(mode.left, mode.right, sign), reading.parameters)


def shallow_networks(rng: np.random.Generator) -> Experiment:
    """One layer, started anywhere: b_0 is what the start has of the mode."""
    inputs, outputs = (int(size) for size in rng.integers(2, 4, 2))
    frame = Frame(rng, (inputs, 1, outputs), min(inputs, outputs))
    networks = []
    for _ in range(NETWORKS):
        weights, readings = rectangle(outputs, inputs, rng), []
        for i, s in enumerate(frame.s):
            u, v = columns(frame.U, (i,)), columns(frame.V, (i,))
            start = (u.transpose() * weights * v)[0, 0]
            known = {"s": s, "b_0": Fraction(int(start.p), int(start.q)), "tau": frame.tau}
            readings.append(Reading(ModeStrength(u, v), known))
        networks.append(Network((weights,), tuple(readings)))
    return frame.experiment(networks)
