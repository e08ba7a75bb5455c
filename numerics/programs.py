"""Straight-line programs: operations in order, run on whatever numbers a backend has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

__all__ = ["Instruction", "Program"]


@dataclass(frozen=True, slots=True)
class Instruction:
    """One operation: its name, the slots it reads, and the constant it carries, if any.

    The constant of an average is the program of what is averaged.
    """

    name: str
    slots: tuple[int, ...] = ()
    constant: Fraction | int | str | Program | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """Straight-line code with common sub-expressions shared.

    Slots 0 to ``inputs - 1`` hold the inputs; instruction i fills slot ``inputs + i``;
    ``outputs`` names the slots of the results.
    """

    inputs: int
    instructions: tuple[Instruction, ...]
    outputs: tuple[int, ...]

    def run(self, backend: Mapping[str, Any], values: Sequence[Any]) -> list[Any]:
        """The outputs, computed by the operations of ``backend`` on ``values``.

        Raises ``ValueError`` when the number of values is not ``inputs``.
        """
        if len(values) != self.inputs:
            raise ValueError(f"values: {len(values)} given, {self.inputs} needed")
        slots = list(values)
        for step in self.instructions:
            arguments = [slots[i] for i in step.slots]
            if step.constant is not None:
                arguments.append(step.constant)
            slots.append(backend[step.name](*arguments))
        return [slots[i] for i in self.outputs]
