"""The kernel compiled for the processor, its threads one after the other: for tests without a GPU.

The sources are those of the device; `lanes.cuh` says what is emulated and which faults (races,
reads of nothing, places outside) the memory counts.
"""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .plan import source

__all__ = ["Emulated"]


class Emulated:
    """A compiled kernel; needs the compiler ``g++``."""

    def __init__(
        self,
        definitions: Sequence[str],
        folder: Path,
        text: str | None = None,
        *,
        level: str = "-O1",
    ) -> None:
        """Compile in ``folder`` with the macros of a plan; ``text`` in place of the source.

        ``level`` of optimisation: "-O0" is compiled sooner and runs longer.
        """
        written, library = folder / "kernel.cpp", folder / "kernel.so"
        written.write_text(source() if text is None else text)
        command = ["g++", "-std=c++17", level, "-shared", "-fPIC", *definitions]
        done = subprocess.run(
            [*command, str(written), "-o", str(library)], capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"g++ refuses the kernel:\n{done.stderr}")
        self.dtype = np.dtype(np.float64 if "-DREAL=double" in definitions else np.float32)
        self._library = ctypes.CDLL(str(library))
        for name in ("emulate", "memory_of_team", "threads_of_team", "bank_conflicts"):
            getattr(self._library, name).restype = ctypes.c_longlong
        self.memory = int(self._library.memory_of_team())
        self.threads = int(self._library.threads_of_team())

    @property
    def bank_conflicts(self) -> int:
        """Accesses of the last run that met a bank of shared memory twice."""
        return int(self._library.bank_conflicts())

    def train(
        self, blocks: int, weights: Any, target: Any, stride: int, square: Any, step: float,
        steps: int,
    ) -> int:  # fmt: skip
        """Train ``weights`` ``(batch, depth, width, width)`` in place; how many faults there were.

        ``target`` and ``square`` are filled up to the width; ``stride`` is 0 for one target.
        """
        number = ctypes.c_double if self.dtype.itemsize == 8 else ctypes.c_float
        for array in (weights, target, *(() if square is None else (square,))):
            if array.dtype != self.dtype or not array.flags.c_contiguous:
                raise TypeError(f"arrays are {self.dtype} by rows, got {array.dtype}")
        return int(
            self._library.emulate(
                ctypes.c_int(blocks),
                _address(weights),
                _address(target),
                ctypes.c_longlong(stride),
                None if square is None else _address(square),
                ctypes.c_int(len(weights)),
                number(step),
                ctypes.c_int(steps),
            )
        )


def _address(array: Any) -> ctypes.c_void_p:
    return ctypes.c_void_p(np.asarray(array).ctypes.data)
