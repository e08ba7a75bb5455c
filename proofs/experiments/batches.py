"""The networks of an experiment as float64 arrays, and the numbers read off them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from lemmata.numerics.gradient_flow import FlowRecord, suggest_step
from lemmata.numerics.roundoff import UNIT, frobenius
from numpy.typing import NDArray

from .networks import Experiment
from .rationals import Matrix

__all__ = ["Batch", "Look"]

FloatArray = NDArray[np.float64]
TIMED = 4 * UNIT
"""Relative error of a time: it is rounded, divided into steps, and divided by tau."""


@dataclass(frozen=True)
class Look:
    """u^T W v (columns ``left``, ``right``) of one network of the experiment, at ``time``.

    ``delay``: how far ``time`` may be from the time that is meant.
    """

    network: int
    left: Matrix
    right: Matrix
    time: Fraction
    delay: float


class Batch:
    """The experiment in float64: every network of it, and where each look finds its number."""

    def __init__(self, experiment: Experiment, looks: Sequence[Look]) -> None:
        self.looks, self.tau = looks, float(experiment.tau)
        stacks = zip(*(network.layers for network in experiment.networks), strict=True)
        self.weights = [np.stack([_floats(layer) for layer in stack]) for stack in stacks]
        self.inputs, self.outputs = _floats(experiment.inputs), _floats(experiment.outputs)
        self.Sigma31, square = _floats(experiment.Sigma31), experiment.Sigma11
        self.Sigma11 = None if square is None else _floats(square)
        self.times = sorted({look.time for look in looks})
        self.step = suggest_step(self.weights, self.Sigma31, self.Sigma11, self.tau)
        self.left = np.stack([_floats(look.left)[:, 0] for look in looks])
        self.right = np.stack([_floats(look.right)[:, 0] for look in looks])
        self.gains = np.linalg.norm(self.left, axis=1) * np.linalg.norm(self.right, axis=1)
        self.networks = np.array([look.network for look in looks])
        self.places = np.array([self.times.index(look.time) for look in looks])

    def pick(self, sizes: FloatArray) -> FloatArray:
        """One number a look, from an array ``(T, batch, ...)``."""
        picked: FloatArray = sizes[self.places, self.networks]
        return picked

    def read(self, maps: FloatArray) -> FloatArray:
        """u^T W v of every look, from maps ``(T, batch, N3, N1)``."""
        strengths: FloatArray = np.einsum("ki,kij,kj->k", self.left, self.pick(maps), self.right)
        return strengths

    def reading(self, record: FlowRecord) -> FloatArray:
        """Rounding of u, of v, and of two inner products: at most |u| |W| |v| for every unit."""
        units = sum(self.Sigma31.shape) + 2
        rounded: FloatArray = units * UNIT * self.gains * self.pick(frobenius(record.maps))
        return rounded

    def timing(self, record: FlowRecord) -> FloatArray:
        """Error of the time of every look, times a bound of the speed of its number.

        tau |dW/dt| <= |Sigma31 - W Sigma11| sum over layers of the squared norms of all others.
        """
        mapped = record.maps if self.Sigma11 is None else record.maps @ self.Sigma11
        squares = np.stack([frobenius(layer) ** 2 for layer in record.weights])
        others = [np.delete(squares, i, axis=0).prod(axis=0) for i in range(len(squares))]
        speed = frobenius(self.Sigma31 - mapped) * np.sum(others, axis=0) / self.tau
        late = [look.delay + TIMED * float(look.time) for look in self.looks]
        missed: FloatArray = np.array(late) * self.gains * self.pick(speed)
        return missed


def _floats(matrix: Matrix) -> FloatArray:
    rows = [[int(x.p) / int(x.q) for x in row] for row in matrix.tolist()]
    return np.array(rows, dtype=np.float64)
