"""Linear networks that learn examples through their correlations."""

from __future__ import annotations

from collections.abc import Sequence

from .arrays import Array
from .flow_state import FlowState, NetworkState
from .nonlinear_state import ExampleState

__all__ = ["LinearExampleState"]


class LinearExampleState(FlowState):
    """The field of ``Sigma31 = share Y X^T``, ``Sigma11 = share X X^T``, the loss of the examples.

    As the gradient of all examples depends on their correlations alone, its cost does not grow with
    their number.
    """

    def __init__(self, examples: ExampleState) -> None:
        self.examples = examples
        square = examples.share * (examples.x @ examples.x.mT)
        # A product with itself need not come out symmetric in every namespace.
        square = (square + square.mT) / 2
        layers = (
            [layer[0, ...] for layer in examples.layers] if examples.single else examples.layers
        )
        cross = examples.share * (examples.y @ examples.x.mT)
        super().__init__(layers, cross, square, examples.arrays.dtype, check=False)

    def loss(self, layers: Sequence[Array], reached: Array = None) -> Array:
        """Loss of every network on the examples, with the part that no map reduces."""
        total = self.reached(layers) if reached is None else reached
        return self.examples.loss(layers, total @ self.examples.x)

    def loss_error(self, layers: Sequence[Array], loss: Array) -> Array:
        """How far rounding may have moved the ``loss`` at ``layers``."""
        return self.examples.loss_error(layers, loss)

    def alone(self, index: int, layers: Sequence[Array]) -> NetworkState:
        """One of the networks on the host in float64, with its weights among ``layers``."""
        return self.examples.alone(index, layers)

    def final_curvature(self, index: int) -> float:
        """Not known: the best linear map is not computed."""
        return 0.0
