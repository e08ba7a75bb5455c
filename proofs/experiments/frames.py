"""Correlations with modes, and the networks that are decoupled in them at the start."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from .networks import Experiment, Network, Reading
from .observables import ModeStrength
from .rationals import Matrix, columns, diagonal, draw, orthogonal

__all__ = ["LOOKS", "NETWORKS", "Frame", "Pair"]

LOOKS = (Fraction(0), Fraction(1, 2), Fraction(1), Fraction(2), Fraction(4))
"""When to look, in units of tau: a mode with s from 1/2 to 3 is by then begun, half way, done."""
NETWORKS = 2
Pair = tuple[Fraction, Fraction]


class Frame:
    """Correlations U S V^T with ``modes`` modes, s from 1/2 to 3, for networks of given sizes.

    ``V`` is square (inputs), ``U`` has a column a mode (outputs); ``tau`` is from 1/2 to 2.
    """

    def __init__(self, rng: np.random.Generator, sizes: Sequence[int], modes: int) -> None:
        inputs, self.hidden, outputs = (int(size) for size in sizes)
        self.rng, self.modes = rng, modes
        self.V, self.U = orthogonal(inputs, inputs, rng), orthogonal(outputs, modes, rng)
        self.s = [draw(rng, 2, 12, 1) / 4 for _ in range(modes)]
        self.tau = draw(rng, 1, 4, 1) / 2

    @property
    def v(self) -> Matrix:
        """The columns of V that carry modes."""
        return columns(self.V, range(self.modes))

    def network(self, pairs: Sequence[Pair], **known: Sequence[Fraction]) -> Network:
        """W21 = R A V^T and W32 = U B R^T with pairs (A, B) a mode, in a new hidden frame R.

        ``known`` adds parameters, one value a mode, to what the readings know.
        """
        frame = orthogonal(self.hidden, self.modes, self.rng)
        below = frame * diagonal([a for a, _ in pairs]) * self.v.transpose()
        above = self.U * diagonal([b for _, b in pairs]) * frame.transpose()
        readings = []
        for i, (a, b) in enumerate(pairs):
            values = {"s": self.s[i], "a_0": a * b, "A_0": a, "B_0": b, "tau": self.tau}
            values |= {name: numbers[i] for name, numbers in known.items()}
            mode = ModeStrength(columns(self.U, (i,)), columns(self.V, (i,)))
            readings.append(Reading(mode, values))
        return Network((below, above), tuple(readings))

    def experiment(
        self, networks: Sequence[Network], roots: Sequence[Fraction] | None = None
    ) -> Experiment:
        """Data with Sigma31 = U S V^T and Sigma11 = V Lambda V^T, Lambda of square ``roots``."""
        roots = [Fraction(1)] * self.V.nrows() if roots is None else list(roots)
        inputs = self.V * diagonal(roots) * self.V.transpose()
        ratios = [s / root for s, root in zip(self.s, roots, strict=False)]
        outputs = self.U * diagonal(ratios) * self.v.transpose()
        times = tuple(self.tau * look for look in LOOKS)
        return Experiment(inputs, outputs, self.tau, times, tuple(networks))
