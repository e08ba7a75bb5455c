"""Networks that learn examples: the velocity field of any layers, linear or not."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import ArrayLike, DTypeLike

from .activations import Choice, as_activations
from .arrays import Array, to_host
from .examples import Indices, as_examples, check_share
from .flow_state import NetworkState
from .networks import residual_loss
from .roundoff import frobenius

__all__ = ["ExampleState"]


class ExampleState(NetworkState):
    """``f(x) = W_D phi(W_{D-1} ... phi(W_1 x))`` with ``1/2 mean_mu ||y_mu - f(x_mu)||^2``.

    ``convention`` "sum" takes the sum instead of the mean.  `choose` restricts the velocity field,
    not the loss, to a minibatch.
    """

    def __init__(
        self,
        weights: Sequence[ArrayLike],
        inputs: ArrayLike,
        outputs: ArrayLike,
        activations: Choice | Sequence[Choice] = "linear",
        convention: str = "average",
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__(weights, dtype)
        rows = (self.inputs, self.outputs)
        self.x, self.y = as_examples(inputs, outputs, rows, self.arrays)
        self.activations = as_activations(activations, len(self.layers) - 1)
        self.convention, self.examples = convention, int(self.x.shape[1])
        self.share = check_share(convention, self.examples)
        self._present(self.x, self.y)
        self._check_given()

    def _check_given(self) -> None:
        """``ValueError`` where functions that were given answer with what is not finite."""
        if all(phi.name != "given" for phi in self.activations):
            return
        signals, slopes = self._forward(self.layers, self.arrays.spread(self.x, self.batch))
        if not all(map(self.arrays.finite, [*signals, *slopes])):
            raise ValueError(
                "activations: at the weights given phi or phi' is not finite: give functions that "
                "are finite for all numbers"
            )

    @property
    def repeatable(self) -> bool:
        """On a GPU any kernels can be recorded; on a CPU activations are not among `Arrays`."""
        return self.arrays.on_gpu

    @property
    def linear(self) -> bool:
        """Whether every hidden layer is linear."""
        return all(phi.name == "linear" for phi in self.activations)

    def _present(self, x: Array, y: Array) -> None:
        self.seen_x, self.seen_y = x, y
        self.seen_share = check_share(self.convention, int(x.shape[-1]))

    def choose(self, order: Indices) -> None:
        """Take the velocity of these examples only: ``(size,)``, or ``(batch, size)``."""
        xp, places = self.arrays.xp, self.arrays.indices(order.reshape(-1))
        x, y = (xp.take(data, places, axis=1) for data in (self.x, self.y))
        if order.ndim == 2:
            # From (rows, batch * size) to (batch, rows, size).
            x, y = (
                xp.permute_dims(xp.reshape(data, (data.shape[0], *order.shape)), (1, 0, 2))
                for data in (x, y)
            )
        self._present(x, y)

    def scratch(self) -> int:
        """Signals, slopes and what is carried back: three numbers for each unit and example."""
        return int(3 * (sum(shape[1] for shape in self.shapes) + self.inputs) * self.examples)

    def field(self, flat: Array, out: Array) -> Array:
        """Write minus the gradient of the loss on the chosen examples into ``out``."""
        arrays, layers, velocities = self.arrays, self.views(flat), self._outs(out)
        signals, slopes = self._forward(layers, arrays.spread(self.seen_x, self.batch))
        back = self.seen_share * (self.seen_y - signals.pop())
        for i in range(len(layers) - 1, -1, -1):
            velocities[i] = arrays.matmul(back, signals[i].mT, out=velocities[i])
            if i:
                back = (layers[i].mT @ back) * slopes[i - 1]
        return self._joined(velocities, out)

    def _forward(self, layers: Sequence[Array], x: Array) -> tuple[list[Array], list[Array]]:
        signals, slopes = [x], []
        for layer, phi in zip(layers[:-1], self.activations, strict=True):
            summed = layer @ signals[-1]
            signals.append(phi.value(self.arrays, summed))
            slopes.append(phi.slope(self.arrays, summed, signals[-1]))
        return [*signals, layers[-1] @ signals[-1]], slopes

    def reached(self, layers: Sequence[Array]) -> Array:
        """``f(x_mu)`` of all examples, ``(..., N3, P)``."""
        signal = self.x
        for layer, phi in zip(layers[:-1], self.activations, strict=True):
            signal = phi.value(self.arrays, layer @ signal)
        return layers[-1] @ signal

    def loss(self, layers: Sequence[Array], reached: Array = None) -> Array:
        """Loss of every network on all examples."""
        answers = self.reached(layers) if reached is None else reached
        return self.share * residual_loss(self.y - answers, None)

    def loss_error(self, layers: Sequence[Array], loss: Array) -> Array:
        """Rounding of the answers, ``d = sqrt(n) u (|y| + prod (|W_l| max|phi'|) |x|)``.

        It moves the loss by ``sqrt(2 loss share) d + share d^2 / 2``.
        """
        signal, (first, *rest) = frobenius(self.x), [frobenius(layer) for layer in layers]
        signal = signal * first
        for size, layer, phi in zip(rest, layers[1:], self.activations, strict=True):
            most = phi.offset * (layer.shape[-1] * self.examples) ** 0.5
            signal = size * (phi.steepest * signal + most)
        terms = sum(layer.shape[-1] for layer in layers) + self.outputs
        moved = terms**0.5 * self.arrays.eps * (frobenius(self.y) + signal)
        return moved * self.arrays.xp.sqrt(2 * loss * self.share) + self.share * moved**2 / 2

    def alone(self, index: int, layers: Sequence[Array]) -> ExampleState:
        """One of the networks on the host in float64, with its weights among ``layers``."""
        mine = [to_host(layer[index, ...]) for layer in layers]
        return ExampleState(
            mine, to_host(self.x), to_host(self.y), self.activations, self.convention
        )
