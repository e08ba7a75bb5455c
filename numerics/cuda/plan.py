"""How the kernel is compiled and launched for networks of given widths.

Figures of ptxas for compute capability 9.0 (CUDA 13.0) with two layers, Sigma11 = 1, float64.  They
were compiled, not run: no device was at hand.  What fits a multiprocessor follows from registers
and shared memory alone.

===== ========= ====== ============= =================== ================== =================
width registers spills shared memory threads, networks   blocks, networks   warps
      a thread         a block       a block             a multiprocessor   a multiprocessor
===== ========= ====== ============= =================== ================== =================
    8        48      0   7 296 bytes 128, 4              10, 40             40
   16       128      0   9 728 bytes  32, 1              16, 16             16
   32       128      0  38 912 bytes 128, 1               4, 4              16
   64       128      0 155 648 bytes 512, 1               1, 1              16
===== ========= ====== ============= =================== ================== =================

A Runge-Kutta step of width 8 is 24 products of 8 x 8 x 4, 24 loads of 8 bytes and 12 stores of 16
bytes a thread and no shuffle: row operands come from registers, only columns pass through shared
memory.  At 128 bytes a cycle that is 96 cycles of shared memory against 48 of products (67 TFLOP/s
on 132 multiprocessors of 1.98 GHz), so at most 2.7e9 network-steps a second: an estimate, never
measured.  From width 16 on, a warp loads 2 x 2 tiles of each operand for 8 products of tiles: as
many cycles of shared memory as of products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np

__all__ = ["LARGEST_DEPTH", "WIDTHS", "Plan", "source"]

WIDTHS = (8, 16, 32, 64)
"""Widths of kernels; narrower networks are filled up with zeros."""
LARGEST_DEPTH = 8
TENSOR_CORES = (8, 0)
"""First compute capability with float64 matrix products."""
WIDE_PRODUCTS = (9, 0)
"""First compute capability with float64 products of 16 x 8 x 8."""
SMALL_TEAMS = 4
"""Networks of width 8 that share a block."""
MOST_HELD = 64
"""Depth times tiles times bytes of a number up to which a thread holds the start of a step and the
sum so far in registers: 32 of them for each."""
TILE = {8: 76, 4: 68}
"""Numbers of one tile of 8 x 8, some left free, by the bytes of a number: see ``tiles.cuh``."""
LARGEST_TEAM = 512
"""Threads: 128 registers remain for each."""
RESIDENT = {8: (12, 10, 6, 4, 4, 3, 3, 2), 4: (12, 10, 8, 8, 7, 7, 6, 6)}
"""Blocks of width 8 that a multiprocessor must have registers for, by the bytes of a number and
the depth: the most without spills, found by compiling."""
SOURCES = ("lanes.cuh", "tiles.cuh", "training.cuh", "entries.cuh")


def source() -> str:
    """The whole kernel as one text."""
    return "\n".join(files(__package__).joinpath(name).read_text() for name in SOURCES)


@dataclass(frozen=True)
class Plan:
    """One compiled kernel: what the macros of the sources say."""

    width: int
    depth: int
    white: bool
    flow: bool
    dtype: np.dtype[Any]
    tiles: int
    """Tiles of 8 x 8 that one warp owns of each matrix."""
    wide: bool
    shared: bool
    """Working memory in shared memory; where it is too large, in the memory of the device."""

    @classmethod
    def of(
        cls,
        widths: Sequence[int],
        *,
        white: bool,
        flow: bool,
        dtype: np.dtype[Any],
        capability: tuple[int, int],
        shared_limit: int,
    ) -> Plan:
        """The plan for layers of ``widths`` (inputs first) on a device.

        ``shared_limit``: bytes of shared memory that one block may have.  Raises ``ValueError`` for
        networks that are too wide or too deep.
        """
        depth, width = len(widths) - 1, max(widths)
        if width > WIDTHS[-1]:
            raise ValueError(
                f"weights: width {width} is above {WIDTHS[-1]}: use integrate_flow or descend"
            )
        if depth > LARGEST_DEPTH:
            raise ValueError(
                f"weights: {depth} layers are above {LARGEST_DEPTH}: use many_networks on the CPU"
            )
        padded = next(w for w in WIDTHS if w >= width)
        tiles = _tiles(padded, depth, dtype.itemsize)
        wide = dtype.itemsize == 8 and tiles >= 4 and capability >= WIDE_PRODUCTS
        plan = cls(padded, depth, white, flow, dtype, tiles, wide, True)
        if plan.shared_bytes <= shared_limit:
            return plan
        return cls(padded, depth, white, flow, dtype, tiles, wide, False)

    @property
    def tensor(self) -> bool:
        """Products on the tensor cores: only these have float64; float32 would be rounded there."""
        return self.dtype.itemsize == 8

    @property
    def threads(self) -> int:
        """Threads of one team, which trains one network at a time."""
        return 32 * (self.width // 8) ** 2 // self.tiles

    @property
    def teams(self) -> int:
        """Teams of one block."""
        return SMALL_TEAMS if self.width == WIDTHS[0] else 1

    @property
    def resident(self) -> int:
        """Blocks that a multiprocessor must have registers for."""
        if self.width == WIDTHS[0]:
            return RESIDENT[self.dtype.itemsize][self.depth - 1]
        return LARGEST_TEAM // self.threads

    @property
    def memory(self) -> int:
        """Numbers of working memory of one team."""
        held = self.depth * self.tiles * self.dtype.itemsize <= MOST_HELD
        backs = 0 if self.depth == 1 else 2
        if self.depth == 2 and self.white and self.tiles < 4:
            backs = 1
        matrices = self.depth + max(self.depth - 2, 0) + backs + (not self.white)
        matrices += 0 if held else 2 * self.depth
        return matrices * (self.width // 8) ** 2 * TILE[self.dtype.itemsize]

    @property
    def team_bytes(self) -> int:
        """Bytes of working memory of one team."""
        return self.memory * self.dtype.itemsize

    @property
    def shared_bytes(self) -> int:
        """Dynamic shared memory of one block."""
        return self.team_bytes * self.teams if self.shared else 0

    @property
    def entries(self) -> int:
        """Numbers of the weights of one network, filled up."""
        return self.depth * self.width**2

    def definitions(self) -> tuple[str, ...]:
        """Macros for the compiler's command line."""
        named = {
            "REAL": "double" if self.dtype.itemsize == 8 else "float",
            "WIDTH": self.width,
            "DEPTH": self.depth,
            "WHITE": int(self.white),
            "STAGES": 4 if self.flow else 1,
            "TILES": self.tiles,
            "THREADS": self.threads,
            "TEAMS": self.teams,
            "BLOCKS": self.resident,
            "TENSOR": int(self.tensor),
            "WIDE": int(self.wide),
            "SHARED": int(self.shared),
        }
        return tuple(f"-D{name}={value}" for name, value in named.items())


def _tiles(width: int, depth: int, itemsize: int) -> int:
    all_tiles = (width // 8) ** 2
    fewest = max(1, 32 * all_tiles // LARGEST_TEAM)
    fitting = [
        tiles
        for tiles in (4, 2, 1)
        if fewest <= tiles <= all_tiles and depth * tiles * itemsize <= MOST_HELD
    ]
    return fitting[0] if fitting else fewest
