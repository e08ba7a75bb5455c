"""An interpreter for the PTX that NVIDIA's compiler makes of the kernel: a test without a GPU.

The emulation shares the kernel's text with the device, yet not the few functions that only the
device has, nor its addresses and launches.  Here the compiled kernel itself runs, warp by warp,
the 32 lanes of a register in one array.  It knows the instructions that occur, refuses others, and
refuses addresses outside of what was given or not aligned, and branches that part a warp.

The multiplication in a fused multiply-add is rounded, as in the emulation: both give equal bits.
"""

from __future__ import annotations

import operator
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

__all__ = ["Program"]

LANES = np.arange(32)
SPACE = 1 << 36
"""Addresses of two arrays of the device lie so far apart; those of shared memory begin at 0."""
WORD = 0xFFFFFFFF
FLOATS: dict[str, np.dtype[Any]] = {"f32": np.dtype(np.float32), "f64": np.dtype(np.float64)}
COMPARED = {
    "lt": operator.lt, "le": operator.le, "gt": operator.gt,
    "ge": operator.ge, "eq": operator.eq, "ne": operator.ne,
}  # fmt: skip
COMBINED: dict[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "and": operator.and_,
    "or": operator.or_, "xor": operator.xor, "shl": operator.lshift, "shr": operator.rshift,
    "mad": lambda a, b, c: a * b + c, "fma": lambda a, b, c: a * b + c,
    "neg": operator.neg, "mov": lambda a: a, "cvt": lambda a: a, "cvta": lambda a: a,
}  # fmt: skip


class Program:
    """The parsed kernel ``train``."""

    def __init__(self, text: str) -> None:
        body = text[text.index("{", text.index(".entry")) + 1 : text.rindex("}")]
        self.code: list[tuple[str, list[str], str]] = []
        self.labels: dict[str, int] = {}
        for line in re.sub(r"//.*", "", body).splitlines():
            line = line.strip()
            if line.endswith(":"):
                self.labels[line[:-1]] = len(self.code)
            elif line and not line.startswith("."):
                found = re.fullmatch(r"(?:@(!?%\w+)\s+)?([\w.]+)\s*(.*);", line)
                if not found:
                    raise ValueError(f"{line!r} is not understood")
                guard, name, rest = found.groups()
                operands = re.findall(r"\{[^}]*\}|\[[^]]*\]|[^,\s]+", rest)
                self.code.append((name, operands, guard or ""))

    def launch(self, grid: int, block: int, arguments: Sequence[Any], shared_bytes: int) -> None:
        """Run all blocks; arrays among the arguments are changed in place."""
        arrays = [x.reshape(-1) if isinstance(x, np.ndarray) else None for x in arguments]
        told = [
            x if array is None else (i + 1) * SPACE
            for i, (x, array) in enumerate(zip(arguments, arrays, strict=True))
        ]
        for number in range(grid):
            # Filled with what is no number: to read before writing shows.
            shared = np.full(shared_bytes, 0xFF, np.uint8)
            special = {"%ctaid.x": number, "%nctaid.x": grid, "%ntid.x": block}
            warps = [
                _Warp(self, told, arrays, shared, special | {"%tid.x": first + LANES}).run()
                for first in range(0, block, 32)
            ]
            _in_turns(warps)


def _in_turns(warps: Sequence[Iterator[str]]) -> None:
    """Every warp runs to its next barrier in turn; none passes one of the block before all did."""
    running = dict.fromkeys(warps, "")
    while running:
        if set(running.values()) == {"block"}:
            running = dict.fromkeys(running, "")
        for warp in [warp for warp, state in running.items() if state != "block"]:
            running[warp] = next(warp, "done")
        running = {warp: state for warp, state in running.items() if state != "done"}


class _Warp:
    def __init__(
        self, program: Program, told: Sequence[Any], arrays: Sequence[Any], shared: Any,
        special: dict[str, Any],
    ) -> None:  # fmt: skip
        self.program, self.told, self.arrays, self.shared = program, told, arrays, shared
        self.registers: dict[str, Any] = dict(special)

    def run(self) -> Iterator[str]:
        """Execute; tell at each barrier whether it is one of the warp or of the block."""
        at, code = 0, self.program.code
        while code[at][0] != "ret":
            name, operands, guard = code[at]
            at += 1
            if name.startswith("bra"):
                if not guard or self._uniform(guard):
                    at = self.program.labels[operands[0]]
            elif guard:
                raise ValueError(f"{name} with a predicate is not known")
            elif name.startswith(("bar.sync", "barrier.sync")):
                yield "block"
            elif name.startswith("bar.warp"):
                yield "warp"
            else:
                self._execute(name.split("."), operands)

    def _uniform(self, guard: str) -> bool:
        taken = np.broadcast_to(self.registers[guard.lstrip("!")], 32)
        if taken.any() != taken.all():
            raise ValueError(f"the branch on {guard} parts the lanes of a warp")
        return bool(taken[0]) != guard.startswith("!")

    def _execute(self, name: list[str], operands: list[str]) -> None:
        if name[0] in ("ld", "st"):
            self._move(name, operands)
        elif name[0] == "mma":
            self._multiply(name[3], operands)
        elif name[0] == "setp":
            a, b = (self._value(x, name[2]) for x in operands[1:])
            self.registers[operands[0]] = COMPARED[name[1]](a, b)
        elif name[0] == "selp":
            a, b = (self._value(x, name[1]) for x in operands[1:3])
            self.registers[operands[0]] = np.where(self.registers[operands[3]], a, b)
        elif name[0] in COMBINED:
            values = [self._value(x, name[-1]) for x in operands[1:]]
            with np.errstate(over="ignore"):
                found = COMBINED[name[0]](*values)
            narrow = name[-1][1:] == "32" and name[1] not in ("wide", "u64", "s64")
            if narrow and name[-1] not in FLOATS:
                found = found & WORD
            self.registers[operands[0]] = found
        else:
            raise ValueError(f"{'.'.join(name)} is not known")

    def _value(self, text: str, kind: str) -> Any:
        """A register or a constant, read as ``kind``."""
        if text.startswith(("0d", "0f")):
            pattern = ">d" if text[1] == "d" else ">f"
            value = struct.unpack(pattern, bytes.fromhex(text[2:]))[0]
            return FLOATS[kind].type(value)
        if text == "shared":
            return np.int64(0)
        value = self.registers[text] if text.startswith("%") else np.int64(int(text))
        if kind == "s32":
            return ((value + (1 << 31)) & WORD) - (1 << 31)
        return value & WORD if kind in ("u32", "b32") else value

    def _move(self, name: list[str], operands: list[str]) -> None:
        store, kind = name[0] == "st", name[-1]
        place, names = operands if store else operands[::-1]
        registers = names.strip("{}").replace(" ", "").split(",")
        base, _, offset = place.strip("[]").partition("+")
        if name[1] == "param":
            self.registers[registers[0]] = self.told[int(base.rsplit("_", 1)[1])]
            return
        address = np.broadcast_to(self.registers[base] + int(offset or 0), 32)
        item = FLOATS[kind].itemsize
        if np.any(address % (item * len(registers))):
            raise ValueError(f"{'.'.join(name)} at an address that is not aligned")
        data, first = self._memory(address, FLOATS[kind])
        for number, register in enumerate(registers):
            where = (address - first) // item + number
            if np.any(where < 0) or np.any(where >= len(data)):
                raise ValueError(f"{'.'.join(name)} outside of the memory")
            if store:
                data[where] = self._value(register, kind)
            else:
                self.registers[register] = data[where]

    def _memory(self, address: Any, kind: Any) -> tuple[Any, int]:
        number = int(address[0]) // SPACE
        if np.any(address // SPACE != number):
            raise ValueError("one access to two arrays")
        if number == 0:
            return self.shared.view(kind), 0
        return self.arrays[number - 1], number * SPACE

    def _multiply(self, shape: str, operands: list[str]) -> None:
        """As the PTX manual lays the fragments out, see ``lanes.cuh``."""
        d, a, b, c = ([x.strip() for x in operand.strip("{}").split(",")] for operand in operands)
        group, member = LANES >> 2, LANES % 4
        rows, inner = (8, 4) if shape == "m8n8k4" else (16, 8)
        left, right, total = np.empty((rows, inner)), np.empty((inner, 8)), np.empty((rows, 8))
        for i, register in enumerate(a):
            left[group + 8 * (i % 2), member + 4 * (i // 2)] = self.registers[register]
        for i, register in enumerate(b):
            right[member + 4 * i, group] = self.registers[register]
        for i, register in enumerate(c):
            total[group + 8 * (i // 2), 2 * member + i % 2] = self.registers[register]
        for k in range(inner):
            total += left[:, k : k + 1] * right[k]
        for i, register in enumerate(d):
            self.registers[register] = total[group + 8 * (i // 2), 2 * member + i % 2]
