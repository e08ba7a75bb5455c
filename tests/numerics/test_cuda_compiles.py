"""The CUDA kernel through NVIDIA's own compiler, where it is installed; no GPU is needed.

What the compiler makes of the kernel is also run, by an interpreter of its intermediate language,
and must give the bits of the emulation.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lemmata.numerics.cuda.emulation import Emulated
from lemmata.numerics.cuda.plan import Plan, source
from lemmata.numerics.cuda.ptx import Program

pytestmark = pytest.mark.skipif(shutil.which("nvcc") is None, reason="no nvcc to compile with")
needs_gcc = pytest.mark.skipif(shutil.which("g++") is None, reason="no g++ to emulate the kernel")

LIMITS = {(8, 0): 163 * 1024, (9, 0): 227 * 1024}
"""Shared memory that a block may have, by compute capability."""
REGISTERS = 65536
"""Of one multiprocessor."""


def _plan(widths: list[int], capability: tuple[int, int], **options: Any) -> Plan:
    settings = {"white": True, "flow": True, "dtype": np.dtype(np.float64)} | options
    limit = settings.pop("shared_limit", LIMITS[capability])
    return Plan.of(widths, capability=capability, shared_limit=limit, **settings)


def _nvcc(plan: Plan, capability: tuple[int, int], folder: Path, text: str, *more: str) -> str:
    (folder / "kernel.cu").write_text(text)
    target = f"-arch=sm_{capability[0]}{capability[1]}"
    command = ["nvcc", "-std=c++17", target, *plan.definitions(), *more, "kernel.cu"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr + done.stdout


def _ptxas(widths: list[int], capability: tuple[int, int], folder: Path, **options: Any) -> Any:
    plan = _plan(widths, capability, **options)
    told = _nvcc(plan, capability, folder, source(), "-cubin", "-Xptxas", "-v", "-o", "k.cubin")
    spilled = [int(n) for n in re.findall(r"(\d+) bytes spill", told)]
    (registers,) = re.findall(r"Used (\d+) registers", told)
    return plan, int(registers), spilled


@pytest.mark.parametrize("width", [8, 16, 32, 64])
def test_the_kernel_of_two_layers_spills_nothing(width: int, tmp_path: Path) -> None:
    plan, registers, spilled = _ptxas([width] * 3, (9, 0), tmp_path)
    assert spilled == [0, 0]
    assert registers * plan.threads * plan.teams * plan.resident <= REGISTERS


def test_before_compute_capability_9_it_spills_nothing(tmp_path: Path) -> None:
    plan, _, spilled = _ptxas([32] * 3, (8, 0), tmp_path)
    assert not plan.wide
    assert spilled == [0, 0]


@pytest.mark.nightly
@pytest.mark.parametrize("white", [True, False])
@pytest.mark.parametrize("depth", [1, 3, 5, 8])
@pytest.mark.parametrize("width", [8, 16, 32, 64])
def test_deeper_kernels_spill_nothing(width: int, depth: int, white: bool, tmp_path: Path) -> None:
    _, _, spilled = _ptxas([width] * (depth + 1), (9, 0), tmp_path, white=white)
    assert spilled == [0, 0]


@pytest.mark.parametrize("flow", [True, False])
def test_float32_and_descent_compile(flow: bool, tmp_path: Path) -> None:
    single = np.dtype(np.float32)
    _, _, spilled = _ptxas([16] * 3, (9, 0), tmp_path, white=False, flow=flow, dtype=single)
    assert spilled == [0, 0]


# widths, options, networks, blocks, steps
RUNS: dict[str, tuple[list[int], dict[str, Any], tuple[int, int, int]]] = {
    "teams of a block apart": ([8] * 3, {}, (7, 1, 2)),
    "coloured descent": ([8] * 4, {"white": False, "flow": False}, (3, 1, 3)),
    "wide products": ([16] * 3, {"white": False}, (3, 2, 2)),
    "several warps": ([16] * 4, {}, (2, 1, 2)),
    "float32": ([8] * 3, {"white": False, "dtype": np.dtype(np.float32)}, (5, 2, 2)),
    "memory of the device": ([16] * 3, {"shared_limit": 1024}, (3, 2, 1)),
}


def _both(plan: Plan, folder: Path, numbers: tuple[int, int, int], text: str) -> tuple[Any, Any]:
    """The weights after training: compiled for the processor, and for the device."""
    capability = (9, 0)
    _nvcc(plan, capability, folder, text, "-ptx", "-o", "kernel.ptx")
    program, emulated = (
        Program((folder / "kernel.ptx").read_text()),
        Emulated(plan.definitions(), folder),
    )
    networks, blocks, steps = numbers
    rng, width, step = np.random.default_rng(0), plan.width, plan.dtype.type(2.0**-5)
    start = rng.normal(size=(networks, plan.depth, width, width)) / np.sqrt(width)
    target = rng.normal(size=(networks, width, width)).astype(plan.dtype)
    square = (
        None if plan.white else (np.eye(width) + np.ones((width, width)) / 8).astype(plan.dtype)
    )
    one, other = start.astype(plan.dtype), start.astype(plan.dtype)
    assert emulated.train(blocks, one, target, width**2, square, float(step), steps) == 0
    numbers_of_space = 1 if plan.shared else blocks * plan.teams * plan.memory
    space = np.full(numbers_of_space, np.nan, plan.dtype)
    program.launch(
        blocks,
        plan.threads * plan.teams,
        (
            other,
            target,
            width**2,
            target if square is None else square,
            space,
            networks,
            step,
            steps,
        ),
        plan.shared_bytes,
    )
    assert not np.array_equal(one, start)
    return one, other


@needs_gcc
@pytest.mark.parametrize(("widths", "options", "numbers"), RUNS.values(), ids=RUNS)
def test_what_the_device_would_run_gives_the_bits_of_the_emulation(
    widths: list[int], options: dict[str, Any], numbers: tuple[int, int, int], tmp_path: Path
) -> None:
    one, other = _both(_plan(widths, (9, 0), **options), tmp_path, numbers, source())
    assert np.array_equal(one, other)


# What is planted in the lines that only the device has: run, text, text in its place.
PLANTED = {
    "rows of the wide product": (
        "wide products",
        '"d"(a.at[0]), "d"(b.at[0]), "d"(a.at[1]), "d"(b.at[1])',
        '"d"(a.at[0]), "d"(a.at[1]), "d"(b.at[0]), "d"(b.at[1])',
    ),
    "accumulators of the wide product": (
        "wide products",
        '"+d"(c.at[0]), "+d"(c.at[1]), "+d"(d.at[0]), "+d"(d.at[1])',
        '"+d"(c.at[0]), "+d"(d.at[0]), "+d"(c.at[1]), "+d"(d.at[1])',
    ),
    "two numbers exchanged": (
        "teams of a block apart", "return {{two.first, two.second}};",
        "return {{two.second, two.first}};",
    ),
    "two teams in one place": (
        "teams of a block apart",
        "+ team * (MATRICES * MATRIX)",
        "+ team / 2 * (MATRICES * MATRIX)",
    ),
    "networks left out": (
        "teams of a block apart", "one += gridDim.x * TEAMS", "one += 2 * gridDim.x * TEAMS",
    ),
}  # fmt: skip


@needs_gcc
@pytest.mark.parametrize(("run", "text", "wrong"), PLANTED.values(), ids=PLANTED)
def test_errors_planted_for_the_device_show(
    run: str, text: str, wrong: str, tmp_path: Path
) -> None:
    assert source().count(text) == 1
    widths, options, numbers = RUNS[run]
    plan = _plan(widths, (9, 0), **options)
    one, other = _both(plan, tmp_path, numbers, source().replace(text, wrong))
    assert not np.array_equal(one, other)


LINES = {
    "prmt.b32 %r1, %r2, %r3, %r4;": "prmt.b32 is not known",
    "what is this": "is not understood",
    "mov.u32 %r1, %tid.x;\nsetp.lt.u32 %p1, %r1, 7;\n@%p1 bra $here;\n$here:": "parts the lanes",
    "mov.u64 %rd1, 8;\nld.shared.v2.f64 {%fd1, %fd2}, [%rd1];": "not aligned",
    "mov.u64 %rd1, 64;\nld.shared.f64 %fd1, [%rd1];": "outside of the memory",
}


@pytest.mark.parametrize(("lines", "told"), LINES.items())
def test_the_interpreter_refuses_what_it_does_not_know(lines: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Program(f".entry train(\n)\n{{\n{lines}\nret;\n}}").launch(1, 32, (), 64)
