"""The CUDA kernel through NVIDIA's own compiler, where it is installed; no GPU is needed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lemmata.numerics.cuda.plan import Plan, source

pytestmark = pytest.mark.skipif(shutil.which("nvcc") is None, reason="no nvcc to compile with")

LIMITS = {(8, 0): 163 * 1024, (9, 0): 227 * 1024}
"""Shared memory that a block may have, by compute capability."""
REGISTERS = 65536
"""Of one multiprocessor."""


def _ptxas(widths: list[int], capability: tuple[int, int], folder: Path, **options: Any) -> Any:
    settings = {"white": True, "flow": True, "dtype": np.dtype(np.float64)} | options
    limit = LIMITS[capability]
    plan = Plan.of(widths, capability=capability, shared_limit=limit, **settings)
    (folder / "kernel.cu").write_text(source())
    done = subprocess.run(
        ["nvcc", "-std=c++17", "-cubin", f"-arch=sm_{capability[0]}{capability[1]}",
         "-Xptxas", "-v", *plan.definitions(), "kernel.cu", "-o", "kernel.cubin"],
        cwd=folder, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = done.stderr + done.stdout
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
