"""The state of a training: weights in one flat vector, and the velocity field that moves them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .arrays import Array, Arrays, arrays_of, to_host
from .networks import (
    as_correlations,
    as_layers,
    as_weights,
    end_to_end,
    pseudo_inverse,
    residual_loss,
)
from .roundoff import frobenius

__all__ = ["FlowState", "NetworkState"]


class NetworkState:
    """Networks as one flat state vector with a view per layer; what every velocity field shares."""

    reaches_maps = False
    """Whether what the loss looks at are the end-to-end maps."""

    def __init__(self, weights: Sequence[ArrayLike], dtype: DTypeLike | None = None) -> None:
        weights = as_layers(weights)
        layers = as_weights(weights, dtype)
        self.arrays: Arrays = arrays_of(weights, dtype)
        self.single = layers[0].ndim == 2
        self.first = 0
        self._take([layer[None, ...] for layer in layers] if self.single else layers)

    def _take(self, layers: list[Array]) -> None:
        self.layers = layers
        self.shapes = [tuple(layer.shape) for layer in layers]
        self.batch, self.inputs = self.shapes[0][0], self.shapes[0][2]
        self.outputs = self.shapes[-1][1]
        self.size = sum(a * b * c for a, b, c in self.shapes)
        self._state: Array = None
        self._views: dict[int, tuple[Array, list[Array]]] = {}

    def part(self, first: int, last: int) -> Self:
        """The networks ``first`` to ``last`` (not included) alone, at their start."""
        part = object.__new__(type(self))
        part.__dict__.update(self.__dict__)
        part._take([layer[first:last, ...] for layer in self.layers])
        part.arrays, part.first = self.arrays.another(), self.first + first
        part._part(first, last)
        return part

    def _part(self, first: int, last: int) -> None:
        """Restrict what else belongs to single networks."""

    def repeated(self, layers: list[Array]) -> Self:
        """Networks that learn the same from other weights, a multiple of the batch."""
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy._take(layers)
        copy._repeat(layers[0].shape[0] // self.batch)
        return copy

    def _repeat(self, times: int) -> None:
        """Repeat what else belongs to single networks."""

    def alone(self, index: int, layers: Sequence[Array]) -> NetworkState:
        """One of the networks on the host in float64, with its weights among ``layers``."""
        raise NotImplementedError

    @property
    def state(self) -> Array:
        """All weights in one vector; where the namespace has buffers, changed in place."""
        if self._state is None:
            self._state = self.arrays.flat(self.layers)
        return self._state

    @state.setter
    def state(self, flat: Array) -> None:
        self._state = flat

    def views(self, flat: Array) -> list[Array]:
        """One view ``(batch, n_{l+1}, n_l)`` per layer."""
        known = self._views.get(id(flat))
        if known and known[0] is flat:
            return known[1]
        views, start = [], 0
        for shape in self.shapes:
            stop = start + shape[0] * shape[1] * shape[2]
            views.append(self.arrays.xp.reshape(flat[start:stop], shape))
            start = stop
        if self.arrays.buffered:
            # Buffers stay where they are; the entry keeps its vector, so the key stays valid.
            self._views[id(flat)] = (flat, views)
        return views

    def snapshot(self) -> list[Array]:
        """Copy of the weights, one array ``(batch, n_{l+1}, n_l)`` per layer."""
        return [self.arrays.take(layer) for layer in self.views(self.state)]

    @property
    def repeatable(self) -> bool:
        """Whether a step may be recorded once and played back, with the same operations."""
        return False

    def field(self, flat: Array, out: Array) -> Array:
        """Write the velocity of every weight into ``out`` (or anew); return it."""
        raise NotImplementedError

    def scratch(self) -> int:
        """Numbers that the field of one network needs beside the state."""
        raise NotImplementedError

    def reached(self, layers: Sequence[Array]) -> Array:
        """What the loss looks at: end-to-end maps, or what the networks answer."""
        return end_to_end(layers)

    def loss(self, layers: Sequence[Array], reached: Array = None) -> Array:
        """Loss of every network with the weights ``layers``, ``(..., n_{l+1}, n_l)`` each.

        ``reached``, if it is there already, is not computed again.
        """
        raise NotImplementedError

    def loss_error(self, layers: Sequence[Array], loss: Array) -> Array:
        """How far rounding may have moved the ``loss`` at ``layers``."""
        raise NotImplementedError

    def final_curvature(self, index: int) -> float:
        """Largest eigenvalue of the Hessian where training may end, if it is known, else 0."""
        return 0.0

    def _outs(self, out: Array) -> list[Any]:
        return list(self.views(out)) if self.arrays.buffered else [None] * len(self.shapes)

    def _joined(self, velocities: list[Array], out: Array) -> Array:
        return out if self.arrays.buffered else self.arrays.flat(velocities)


class FlowState(NetworkState):
    """Linear networks that learn correlations: ``W_{>l}^T (Sigma31 - W_tot Sigma11) W_{<l}^T``."""

    reaches_maps = True

    def __init__(
        self,
        weights: Sequence[ArrayLike],
        Sigma31: ArrayLike,
        Sigma11: ArrayLike | None,
        dtype: DTypeLike | None = None,
        check: bool = True,
    ) -> None:
        super().__init__(weights, dtype)
        self.Sigma31, self.Sigma11 = as_correlations(
            Sigma31, Sigma11, self.outputs, self.inputs, self.batch, self.arrays
        )
        self.inverse: Array = None
        if Sigma11 is not None and check:
            # Impossible correlations are refused here, not after a long integration.
            inverse = pseudo_inverse(Sigma31, Sigma11, self.arrays.eps)
            self.inverse = self.arrays.take(inverse)

    def _take(self, layers: list[Array]) -> None:
        super()._take(layers)
        self.buffers: list[list[Array]] = []

    def _part(self, first: int, last: int) -> None:
        if self.Sigma31.ndim == 3:
            self.Sigma31 = self.Sigma31[first:last, ...]

    def _repeat(self, times: int) -> None:
        if self.Sigma31.ndim == 3:
            self.Sigma31 = self.arrays.xp.concat([self.Sigma31] * times)

    @property
    def repeatable(self) -> bool:
        """Every operation is one of `Arrays`, on buffers that stay in place."""
        return True

    def field(self, flat: Array, out: Array) -> Array:
        """Write ``W_{>l}^T (Sigma31 - W_tot Sigma11) W_{<l}^T`` for every layer into ``out``."""
        velocities = self._outs(out)
        if len(velocities) == 1:
            velocities[0] = self._error(self.views(flat), velocities[0])[0]
        for i, one, other in self._factors(flat):
            velocities[i] = self.arrays.matmul(one, other, out=velocities[i])
        return self._joined(velocities, out)

    @property
    def pushes(self) -> bool:
        """Whether `push` can take a step."""
        return len(self.shapes) > 1 and self.arrays.accumulates

    def push(self, flat: Array, out: Array, length: float) -> None:
        """Add ``length`` times the field at ``flat`` to ``out``, of two layers or more."""
        views = self.views(out)
        for i, one, other in self._factors(flat):
            self.arrays.accumulate(length, one, other, out=views[i])

    def _factors(self, flat: Array) -> Iterator[tuple[int, Array, Array]]:
        """Number and the two factors of the velocity of every layer, from the last one down."""
        layers, back, last = self.views(flat), self._buffers()[1], len(self.shapes) - 1
        error, products = self._error(layers, back[last]) if last else (None, [])
        for i in range(last, 0, -1):
            yield i, error, products[i - 1].mT
            if i > 1:
                error = self.arrays.matmul(layers[i].mT, error, out=back[i - 1])
            else:
                yield 0, layers[1].mT, error

    def _error(self, layers: list[Array], out: Array) -> tuple[Array, list[Array]]:
        """``Sigma31 - W_tot Sigma11``, and the products of the lowest layers on the way."""
        below, _, (mapped,) = self._buffers()
        arrays, total, products = self.arrays, layers[0], [layers[0]]
        for layer, buffer in zip(layers[1:], below, strict=True):
            total = arrays.matmul(layer, total, out=buffer)
            products.append(total)
        if self.Sigma11 is not None:
            total = arrays.matmul(total, arrays.spread(self.Sigma11, self.batch), out=mapped)
        return arrays.subtract(self.Sigma31, total, out=out), products

    def scratch(self) -> int:
        """Products and errors, one of each for every unit and input."""
        return int(2 * (sum(shape[1] for shape in self.shapes) + self.outputs) * self.inputs)

    def _buffers(self) -> list[list[Array]]:
        if not self.buffers:
            self.buffers = self._make_buffers()
        return self.buffers

    def _make_buffers(self) -> list[list[Array]]:
        # What one network needs is narrow at the input side: (rows, inputs).
        rows = [shape[1] for shape in self.shapes]
        made = [self.arrays.empty((self.batch, row, self.inputs)) for row in rows]
        back = [self.arrays.empty((self.batch, row, self.inputs)) for row in rows]
        return [made[1:], back, [self.arrays.empty((self.batch, self.outputs, self.inputs))]]

    def loss(self, layers: Sequence[Array], reached: Array = None) -> Array:
        """Squared error of every network above its minimum over linear maps."""
        total = self.reached(layers) if reached is None else reached
        mapped = total if self.Sigma11 is None else total @ self.Sigma11
        return residual_loss(self.Sigma31 - mapped, self.inverse)

    def loss_error(self, layers: Sequence[Array], loss: Array) -> Array:
        """Rounding of the residual, ``d = sqrt(n) u (|Sigma31| + prod |W_l| |Sigma11|)``.

        It moves ``1/2 tr(E M E^T)`` by ``sqrt(2 loss |M|) d + |M| d^2 / 2``, and so does rounding
        in the sum itself, which is smaller.
        """
        xp, sizes = self.arrays.xp, [frobenius(layer) for layer in layers]
        total = reduce(lambda a, b: a * b, sizes)
        square = 1.0 if self.Sigma11 is None else float(frobenius(self.Sigma11))
        inverse = 1.0 if self.inverse is None else float(frobenius(self.inverse))
        terms = sum(layer.shape[-1] for layer in layers) + self.inputs + self.outputs
        moved = terms**0.5 * self.arrays.eps * (frobenius(self.Sigma31) + total * square)
        return moved * xp.sqrt(2 * loss * inverse) + inverse * moved**2 / 2

    def alone(self, index: int, layers: Sequence[Array]) -> NetworkState:
        """One of the networks on the host in float64, with its weights among ``layers``."""
        square = None if self.Sigma11 is None else to_host(self.Sigma11)
        mine = [to_host(layer[index, ...]) for layer in layers]
        return FlowState(mine, to_host(self._target(index)), square, check=False)

    def _target(self, index: int) -> Array:
        return self.Sigma31 if self.Sigma31.ndim == 2 else self.Sigma31[index, ...]

    def final_curvature(self, index: int) -> float:
        """``L |W|^(2 - 2/L) |Sigma11|`` for ``L`` balanced layers of the best linear map ``W``."""
        depth, best, scale = len(self.shapes), to_host(self._target(index)), 1.0
        if self.Sigma11 is not None:
            best = best @ to_host(self.inverse)
            scale = float(np.linalg.norm(to_host(self.Sigma11), 2))
        return float(depth * scale * np.linalg.norm(best, 2) ** (2 - 2 / depth))
