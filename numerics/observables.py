"""What may be recorded of networks during training, by name."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from .arrays import Array, Arrays
from .modes import InputOutputModes, conserved_matrices, mode_strengths
from .networks import end_to_end

__all__ = ["RECORDABLE", "Recorder"]

RECORDABLE = ("weights", "maps", "loss", "singular_values", "strengths", "conserved")
LINEAR = ("maps", "singular_values", "strengths")


class Recorder:
    """Computes what is asked for from the weights at one time; keeps nothing else.

    ``"weights"``: the layers; ``"maps"``: end-to-end maps ``(batch, N3, N1)``; ``"loss"``
    ``(batch,)``; ``"singular_values"`` of the maps ``(batch, r)``, decreasing; ``"strengths"``
    ``u^T W_tot v`` of every mode of ``modes``, ``(batch, r)``; ``"conserved"``: the matrices
    ``W_l W_l^T - W_{l+1}^T W_{l+1}``, one for every hidden layer.
    """

    def __init__(
        self,
        record: Sequence[str],
        arrays: Arrays,
        modes: InputOutputModes | None = None,
        linear: bool = True,
    ) -> None:
        self.names, self.arrays = tuple(record), arrays
        for name in self.names:
            if name not in RECORDABLE:
                raise ValueError(f"record={record!r}: {name!r} is none of {', '.join(RECORDABLE)}")
            if name in LINEAR and not linear:
                raise ValueError(
                    f"record={record!r}: {name!r} is of linear networks; record the weights"
                )
        if not self.names or isinstance(record, str):
            raise ValueError(f"record={record!r}: give a tuple of {', '.join(RECORDABLE)}")
        if "strengths" in self.names and modes is None:
            raise ValueError("modes=None: strengths are those of modes; give input_output_modes(S)")
        self.modes: Any = modes

    def bytes_each(self, shapes: Sequence[tuple[int, ...]]) -> int:
        """Bytes that one record of one network takes; ``shapes`` of its layers, batch first."""
        outputs, inputs = shapes[-1][1], shapes[0][2]
        modes = min(outputs, inputs)
        numbers = {
            "weights": sum(prod(shape[1:]) for shape in shapes),
            "maps": outputs * inputs,
            "loss": 1,
            "singular_values": modes,
            "strengths": modes,
            "conserved": sum(shape[1] ** 2 for shape in shapes[:-1]),
        }
        return sum(numbers[name] for name in self.names) * (8 if self.arrays.eps < 1e-10 else 4)

    def observe(self, layers: list[Array], total: Array, loss: Array) -> dict[str, list[Array]]:
        """One list of arrays per name, with one array, or one per layer.

        ``total``: the end-to-end maps, or None where they are not known.
        """
        xp, seen = self.arrays.xp, {}
        if total is None and set(LINEAR) & set(self.names):
            total = end_to_end(layers)
        for name in self.names:
            if name == "weights":
                seen[name] = layers
            elif name == "maps":
                # The map of a single layer is the layer: two records should not share memory.
                seen[name] = [self.arrays.take(total) if len(layers) == 1 else total]
            elif name == "loss":
                seen[name] = [loss]
            elif name == "singular_values":
                seen[name] = [xp.linalg.svdvals(total)]
            elif name == "strengths":
                seen[name] = [mode_strengths(total, self.modes)]
            else:
                seen[name] = conserved_matrices(layers)
        return seen
