"""Networks given by exact rationals, the data they learn, and balls around their weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import flint
from lemmata.numerics.network_taylor import integrate_network

from .observables import Observable
from .rationals import Matrix, diagonal, rational

__all__ = ["Experiment", "Network", "Reading"]


@dataclass(frozen=True)
class Reading:
    """What is read off a network, and what a closed form needs to know to foretell it.

    ``parameters`` maps names of the claim's symbols and letters to exact values (``s``, ``a_0``,
    ...), the time excepted.  ``outputs`` names what is read for an output of ``evaluate``, where
    that is something else than ``observable``.
    """

    observable: Observable
    parameters: Mapping[str, Any]
    outputs: Mapping[str, Observable] = field(default_factory=dict)


@dataclass(frozen=True)
class Network:
    """Weights at time 0, the layer next to the input first, and what is read off them."""

    layers: tuple[Matrix, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Experiment:
    """Networks of one shape that learn the same data, and when to look at them.

    ``inputs`` (N1, P) and ``outputs`` (N3, P) hold one example per column.  The loss is
    |Y - W_tot X|_F^2/2 and its gradient flow tau dW_l/dt = -dLoss/dW_l.  ``tau`` and ``times``
    have few binary digits, so that float64 holds them exactly.
    """

    inputs: Matrix
    outputs: Matrix
    tau: Fraction
    times: tuple[Fraction, ...]
    networks: tuple[Network, ...]

    @property
    def Sigma31(self) -> Matrix:
        """Y X^T, the sum over the examples."""
        return self.outputs * self.inputs.transpose()

    @property
    def Sigma11(self) -> Matrix | None:
        """X X^T, the sum over the examples; None where it is the identity."""
        found = self.inputs * self.inputs.transpose()
        return None if found == diagonal([1] * found.nrows()) else found

    def enclose(
        self, network: Network, times: Sequence[Fraction], digits: int
    ) -> list[tuple[Any, ...]]:
        """Balls around all weights of ``network`` at ``times``, layers as in ``Network``.

        Raises ``IntegrationFailed`` where the accuracy cannot be reached.
        """
        inputs = self.Sigma11
        found = integrate_network(
            [layer.tolist() for layer in network.layers],
            self.Sigma31.tolist(),
            None if inputs is None else inputs.tolist(),
            tau=self.tau,
            times=times,
            digits=digits,
        )
        return [tuple(layers) for layers in found.weights]

    def drift(self, network: Network, delay: Any) -> Any:
        """How far all weights together can move in a time ``delay`` (a ball), Frobenius norm.

        On the flow tau |dw/dt|^2 = -dLoss/dt, so by Cauchy and Schwarz
        |w(t + d) - w(t)| <= sqrt(d int |dw/dt|^2) <= sqrt(d Loss(0)/tau).
        """
        product = network.layers[0]
        for layer in network.layers[1:]:
            product = layer * product
        missing = self.outputs - product * self.inputs
        twice = sum((x * x for row in missing.tolist() for x in row), flint.fmpq(0))
        loss = flint.arb(twice / (2 * rational(self.tau)))
        return (delay * loss).sqrt().upper()
