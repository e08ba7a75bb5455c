"""How long a step may be: the curvature of the loss, and the bound a method has for it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isinf
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.linalg import LinearOperator, eigsh

from .arrays import Array, to_host
from .curvature_bounds import sharp_networks
from .flow_state import FlowState, NetworkState
from .runge_kutta import EULER, TABLEAUS

__all__ = ["Guard", "UnstableStepWarning", "Watch", "largest_curvature", "stable_step"]

FloatArray = NDArray[np.float64]
DENSE = 32
"""Up to this many weights the Hessian is made and decomposed; beyond, the Lanczos method."""
SHARPNESS = 1e-3
"""Relative accuracy of an eigenvalue; the bound is told with three digits."""
EDGE = 0.9
"""Part of the stability interval that a flow may use.  A run that leaves a path that is too sharp
for its step settles where it is just stable: at 0.95 to 1.1 of the interval, in trials."""
LOOKS = 4
"""Networks of a chunk whose exact curvature is computed at one record."""


class UnstableStepWarning(RuntimeWarning):
    """The loss of gradient descent grew, and its learning rate exceeds the stable bound."""


def largest_curvature(
    weights: Sequence[ArrayLike], Sigma31: ArrayLike, Sigma11: ArrayLike | None = None
) -> FloatArray:
    """Largest eigenvalue of the Hessian of the loss at ``weights``, one a network, on the host.

    The loss is that whose gradient flow has the correlations ``Sigma31`` and ``Sigma11``.
    """
    state = FlowState(weights, Sigma31, Sigma11)
    found = np.array([curvature(state, i, state.layers) for i in range(state.batch)])
    return found[0] if state.single else found


def stable_step(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    method: Literal["rk4", "dop853", "descent"] = "dop853",
    tau: float = 1.0,
) -> float:
    """Longest step, or learning rate, for which the method is stable at ``weights``.

    ``x tau / lambda`` with the largest eigenvalue ``lambda`` of the Hessian over the batch, and
    ``x`` the real stability interval: 2 for descent, 2.785 for RK4, 6.39 for DOP853.  The flow may
    meet larger curvature later: ask again at the end.  `Guard` lets a flow use 0.9 of it.
    Infinite where no eigenvalue is positive.
    """
    known = {**TABLEAUS, "descent": EULER}
    if method not in known:
        raise ValueError(f"method={method!r}: give 'rk4', 'dop853' or 'descent'")
    worst = float(np.max(largest_curvature(weights, Sigma31, Sigma11)))
    return known[method].stability * tau / worst if worst > 0 else inf


def curvature(state: NetworkState, index: int, layers: Sequence[Array]) -> float:
    """Largest eigenvalue of the Hessian of one network, from differences of its velocity field.

    With central differences of length ``eps^(1/3)`` relative to the weights, their error is about
    ``eps^(2/3)``, far below `SHARPNESS`.  Infinite where they overflow.
    """
    alone = state.alone(index, layers)
    point, size = alone.state.copy(), alone.size
    length = float(np.finfo(np.float64).eps ** (1 / 3) * (1 + np.linalg.norm(point)))
    ahead, behind = np.empty(size), np.empty(size)

    def hessian(direction: FloatArray) -> FloatArray:
        direction = direction.ravel()
        norm = float(np.linalg.norm(direction)) or 1.0
        shift = length / norm * direction
        with np.errstate(over="ignore", invalid="ignore"):
            alone.field(point + shift, ahead)
            alone.field(point - shift, behind)
            slope: FloatArray = (behind - ahead) * (norm / (2 * length))
        return slope

    if not np.isfinite(hessian(np.ones(size))).all():
        return inf
    if size <= DENSE:
        dense = np.stack([hessian(row) for row in np.eye(size)])
        return float(np.linalg.eigvalsh((dense + dense.T) / 2)[-1])
    operator = LinearOperator((size, size), matvec=hessian, dtype=np.float64)
    start = np.random.default_rng(0).normal(size=size)
    found = eigsh(operator, k=1, which="LA", tol=SHARPNESS, v0=start, return_eigenvectors=False)
    return float(found[0])


@dataclass(frozen=True)
class Guard:
    """Refuses a run whose step is unstable, and names the bound.

    ``name`` and ``step``: the argument; ``tau``: the unit of a step; ``interval``: the real
    stability interval of the method.

    A loss that grows beyond rounding is looked into; if the step exceeds the bound there, the run
    is refused, as exact flow never raises its loss, or with ``warn`` (descent may do so) only
    warned of.  Flow of linear networks is also refused where the step takes more than `EDGE` of the
    interval at weights that are recorded: its loss may fall all the way, and its weights be wrong.
    ``allow`` spares both looks.  Weights that overflow are always refused.
    """

    name: str
    step: float
    tau: float
    interval: float
    warn: bool = False
    allow: bool = False

    def watch(self, state: NetworkState) -> Watch:
        """Begin to watch one chunk, at its start."""
        return Watch(self, state)

    def exceeded(self, sharpest: float) -> bool:
        """Whether the step is unstable where the Hessian has this largest eigenvalue."""
        return sharpest * self.step / self.tau > self.interval

    def tell(self, what: str, sharpest: float, remedy: str = "") -> str:
        """What happened, and the bound for this curvature of the loss."""
        if isinf(sharpest):
            return f"{what}: the curvature of the loss overflows: start from smaller weights"
        edge = 1.0 if self.warn else EDGE
        # Three digits round up by half a percent at most: what is told must itself be allowed.
        bound = 0.995 * edge * self.interval * self.tau / sharpest if sharpest > 0 else inf
        unit = "" if self.tau == 1 else f" times tau={self.tau:g}"
        return (
            f"{what}: {self.name}={self.step!r} is too large; the Hessian of the loss has "
            f"eigenvalues up to {sharpest:.3g}, so the method is stable below {self.interval:.4g} "
            f"/ {sharpest:.3g}{unit}: give {self.name} below {bound:.3g}{remedy}"
        )


class Watch:
    """Looks at one chunk whenever it is recorded; holds its start and its last record."""

    def __init__(self, guard: Guard, state: NetworkState) -> None:
        self.guard, self.state = guard, state
        self.start: Sequence[Array] = state.layers
        self.last: Sequence[Array] = self.start
        with np.errstate(over="ignore", invalid="ignore"):
            self.loss = state.loss(state.layers)
        self.warned = False

    def check(self, layers: Sequence[Array], loss: Array) -> None:
        """Raise ``FloatingPointError`` for weights that overflow, or a loss that grew."""
        if not all(self.state.arrays.finite(layer) for layer in layers):
            lost = [~np.isfinite(to_host(layer)).all(axis=(-2, -1)) for layer in layers]
            index = int(np.argmax(np.any(lost, axis=0)))
            sharpest = self._sharpest(index, self.last)
            raise FloatingPointError(self.guard.tell("the weights overflow", sharpest))
        if not (self.guard.allow or self.warned):
            self._look(layers, loss)
            if not self.guard.warn:
                self._measure(layers, loss)
        self.last, self.loss = layers, loss

    def _look(self, layers: Sequence[Array], loss: Array) -> None:
        state = self.state
        with np.errstate(over="ignore", invalid="ignore"):
            allowed = state.loss_error(self.last, self.loss) + state.loss_error(layers, loss)
            grown = to_host(loss - self.loss - allowed)
        # Where a loss overflows nothing can be said of it; the others are looked at all the same.
        grown[np.isnan(grown)] = -inf
        index = int(np.argmax(grown))
        if not grown[index] > 0:
            return
        sharpest = self._sharpest(index, self.last, layers)
        if self.guard.exceeded(sharpest):
            before, after = (float(to_host(x)[index]) for x in (self.loss, loss))
            what = f"the loss of network {state.first + index} grows from {before:.3g} to "
            told = self.guard.tell(f"{what}{after:.3g}", sharpest, ", or allow_unstable=True")
            if not self.guard.warn:
                raise FloatingPointError(told)
            warnings.warn(told, UnstableStepWarning, stacklevel=2)
            self.warned = True

    def _measure(self, layers: Sequence[Array], loss: Array) -> None:
        state, guard = self.state, self.guard
        if not isinstance(state, FlowState):
            return
        limit = EDGE * guard.interval * guard.tau / guard.step
        for index in sharp_networks(state, layers, loss, limit)[:LOOKS]:
            sharpest = curvature(state, int(index), layers)
            if sharpest > limit:
                what = f"network {state.first + index} is recorded where a step is not stable"
                # What was reached by steps that are too long is less sharp than the true path.
                remedy = ", better half of that, or allow_unstable=True"
                raise FloatingPointError(guard.tell(what, sharpest, remedy))

    def _sharpest(self, index: int, *moments: Sequence[Array]) -> float:
        """Curvature that explains a bad step, of the earliest moment that does.

        Later ones may be far on the way out, and their bounds of no use.
        """
        sharpest = max(curvature(self.state, index, self.start), self.state.final_curvature(index))
        for moment in moments:
            if not self.guard.exceeded(sharpest):
                sharpest = max(sharpest, curvature(self.state, index, moment))
        return sharpest
