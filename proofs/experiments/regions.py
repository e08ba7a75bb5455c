"""Networks from a whole region of a claim's parameters, in float64, as many as asked for.

Widths from 2 to 8, final strengths from 1/4 to 4, every network in frames of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from lemmata.numerics.modes import haar_orthogonal
from numpy.typing import NDArray

__all__ = ["REGIONS", "Region"]

FloatArray = NDArray[np.float64]
Strengths = tuple[FloatArray, FloatArray, FloatArray]
"""A, B (of the first and second layer) and s, ``(networks, modes)`` each."""
LOOKS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""When to look, in units of tau: a mode of strength 4 is learned by 1, one of 1/4 by 16."""


@dataclass(frozen=True)
class Region:
    """Three-layer networks (or two-layer: one matrix of weights) and their data, decoupled.

    ``weights``: one array ``(networks, n_{l+1}, n_l)`` per layer; ``Sigma31`` ``(networks, N3,
    N1)``; ``Sigma11`` ``(N1, N1)`` or None; ``left`` ``(networks, N3)`` and ``right`` ``(networks,
    N1)``: the mode that is read of each network; ``known``: exact parameters of that mode, by the
    name of the symbol; ``times`` in the units of ``tau``.
    """

    weights: list[FloatArray]
    Sigma31: FloatArray
    Sigma11: FloatArray | None
    left: FloatArray
    right: FloatArray
    known: list[Mapping[str, Fraction]]
    tau: float
    times: tuple[float, ...]

    @property
    def width(self) -> int:
        """The largest width of the networks."""
        return max(int(size) for layer in self.weights for size in layer.shape[1:])


Draw = Callable[[np.random.Generator, int], Region]


def _strengths(rng: np.random.Generator, shape: tuple[int, int]) -> FloatArray:
    strengths: FloatArray = 2.0 ** rng.uniform(-2, 2, shape)
    return strengths


def _growing(rng: np.random.Generator, shape: tuple[int, int]) -> Strengths:
    """A = B with a_0 from 1e-5 s to s/2."""
    s = _strengths(rng, shape)
    root = np.sqrt(s * 10.0 ** rng.uniform(-5, np.log10(0.5), shape))
    return root, root, s


def _balanced(rng: np.random.Generator, shape: tuple[int, int]) -> Strengths:
    """``_growing``; every fourth mode starts above its final strength, up to twice."""
    root, _, s = _growing(rng, shape)
    above = rng.random(shape) < 0.25
    root = np.where(above, np.sqrt(s * rng.uniform(1.1, 2, shape)), root)
    return root, root, s


def _unequal(rng: np.random.Generator, shape: tuple[int, int]) -> Strengths:
    """Layers of any sign and size, never alike."""
    one, other = rng.uniform(-1, 1, shape), rng.uniform(-1, 1, shape)
    apart = np.abs(one**2 - other**2) > 1 / 64
    return one, np.where(apart, other, one + 0.5), _strengths(rng, shape)


def _opposite(rng: np.random.Generator, shape: tuple[int, int]) -> Strengths:
    """A = -B: a mode that starts on the wrong side and is never learned."""
    root = rng.uniform(0.1, 1, shape)
    return root, -root, _strengths(rng, shape)


def _absent(rng: np.random.Generator, shape: tuple[int, int]) -> Strengths:
    """A = B, and the first mode is not in the data."""
    root, s = rng.uniform(0.1, 1, shape), _strengths(rng, shape)
    s[:, 0] = 0
    return root, root, s


def _decoupled(
    draw: Callable[[np.random.Generator, tuple[int, int]], Strengths],
    *,
    coloured: bool = False,
    layers: int = 2,
    first: bool = False,
) -> Draw:
    """W21 = R A V^T, W32 = U B R^T, Sigma31 = U S V^T; one mode of each network is read.

    ``coloured``: Sigma11 = V Lambda V^T, the same for all networks; ``layers`` 1: W = U B V^T;
    ``first``: it is the first mode that is read.
    """

    def made(rng: np.random.Generator, networks: int) -> Region:
        inputs, hidden, outputs = (int(size) for size in rng.integers(2, 9, 3))
        if layers == 1:
            hidden = inputs
        modes = min(inputs, hidden, outputs)
        a, b, s = draw(rng, (networks, modes))
        tau = float(2.0 ** rng.integers(-1, 2))
        shared = haar_orthogonal(inputs, rng)
        v = shared[None] if coloured else haar_orthogonal(inputs, rng, networks)
        u, r = (haar_orthogonal(n, rng, networks)[..., :modes] for n in (outputs, hidden))
        back = np.broadcast_to(v, (networks, inputs, inputs))[..., :modes]
        squares = rng.integers(2, 9, inputs) / 4 if coloured else np.ones(inputs)
        weights = [r * a[:, None] @ back.mT, u * b[:, None] @ r.mT]
        if layers == 1:
            weights = [u * b[:, None] @ back.mT]
        read = np.zeros(networks, int) if first else rng.integers(0, modes, networks)
        each = np.arange(networks)
        square = (shared * squares) @ shared.T
        return Region(
            weights,
            u * s[:, None] @ back.mT,
            # Symmetric to the last bit, as correlations are.
            (square + square.T) / 2 if coloured else None,
            u[each, :, read],
            back[each, :, read],
            [
                _known(a[i, k], b[i, k], s[i, k], squares[k], tau)
                for i, k in enumerate(read)
            ],
            tau,
            tuple(look * tau for look in LOOKS),
        )

    return made


def _known(a: float, b: float, s: float, square: float, tau: float) -> dict[str, Fraction]:
    one, other = Fraction(float(a)), Fraction(float(b))
    return {
        "A_0": one,
        "B_0": other,
        "a_0": abs(one * other),
        "b_0": other,
        "s": Fraction(float(s)),
        "lambda": Fraction(float(square)),
        "tau": Fraction(tau),
    }


REGIONS: dict[str, Draw] = {
    "modes.trajectory": _decoupled(_balanced),
    "modes.trajectory.doubled": _decoupled(_balanced),
    "modes.trajectory.half_time": _decoupled(_growing),
    "modes.trajectory.null_mode": _decoupled(_absent, first=True),
    "modes.commuting_inputs": _decoupled(_balanced, coloured=True),
    "modes.unbalanced_trajectory": _decoupled(_unequal),
    "modes.shallow": _decoupled(_unequal, layers=1),
    "modes.negative_start": _decoupled(_opposite),
}
"""By claim id: claims that foretell the strength of a mode at every time."""
