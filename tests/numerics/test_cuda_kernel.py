"""The CUDA kernel, compiled for the processor: against the same method in long double.

The emulation runs the text that the device compiles.  Planted errors in that text must show.
"""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lemmata.numerics.cuda.emulation import Emulated
from lemmata.numerics.cuda.plan import LARGEST_DEPTH, WIDTHS, Plan, source
from lemmata.numerics.networks import end_to_end, weight_gradients

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="no g++ to emulate the kernel")

HOPPER, SHARED = (9, 0), 227 * 1024


def _plan(widths: list[int], dtype: Any = np.float64, **options: Any) -> Plan:
    settings = {"white": True, "flow": True, "capability": HOPPER, "shared_limit": SHARED}
    return Plan.of(widths, dtype=np.dtype(dtype), **(settings | options))


class _Case:
    """Random networks, the method written plainly, and a bound of what rounding may do."""

    STEP, STEPS, BATCH = 2.0**-6, 2, 3

    def __init__(self, widths: list[int], *, white: bool, own: bool, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self.widths, self.batch = widths, self.BATCH
        drawn = [rng.normal(size=(self.batch, b, a)) for a, b in pairwise(widths)]
        self.weights = [w / np.linalg.norm(w, 2, axis=(-2, -1), keepdims=True) for w in drawn]
        shape = (widths[-1], widths[0])
        self.target = rng.normal(size=(self.batch, *shape) if own else shape) / np.sqrt(sum(shape))
        root = rng.normal(size=(widths[0], widths[0])) / widths[0] / 2
        square = root @ root.T + np.eye(widths[0])
        self.square = None if white else (square + square.T) / 2

    def exact(self, flow: bool) -> tuple[list[Any], list[list[Any]]]:
        """The weights after all steps in long double, and all weights that were met."""
        layers = [w.astype(np.longdouble) for w in self.weights]
        h, met = np.longdouble(self.STEP), []
        for _ in range(self.STEPS):
            one = self._velocity(layers)
            met.append(layers)
            if not flow:
                layers = _moved(layers, one, h)
                continue
            two = self._velocity(met.append(_moved(layers, one, h / 2)) or met[-1])
            three = self._velocity(met.append(_moved(layers, two, h / 2)) or met[-1])
            four = self._velocity(met.append(_moved(layers, three, h)) or met[-1])
            sums = [a + 2 * (b + c) + d for a, b, c, d in zip(one, two, three, four, strict=True)]
            layers = _moved(layers, sums, h / 6)
        return layers, [*met, layers]

    def _velocity(self, layers: list[Any]) -> list[Any]:
        total = end_to_end(layers)
        mapped = total if self.square is None else total @ self.square
        return weight_gradients(layers, self.target - mapped)

    def rounding(self, met: list[list[Any]], dtype: Any) -> float:
        """A bound of the Frobenius error of all layers of one network, of first order.

        With u the unit round-off, n the width, D layers of Frobenius norm f and spectral norm s at
        most (s >= 1), q and Q the spectral and Frobenius norms of Sigma11 and of the residual r, e:
        a product of A and B errs by n u |A||B| (Frobenius).  The D - 1 products to W_tot and the
        one with Sigma11 err by n u (D f^2 s^(D-2) q + f s^(D-1) Q), the difference by u e, and
        both reach a velocity times s^(D-1).  The at most D products that carry the residual to one
        layer err by n u f e s^(D-2) each, and the products before it by n u D f^2 e s^(D-2) at
        most.  Four stages, their weights rounded, move by h times that velocity; beside it a state
        of norm f is rounded twice in each stage and in the sum.  The flow carries errors with the
        slope D s^(2D-2) q + (D - 1) s^(D-2) r of each layer in all, sqrt(D) of that of all layers.
        """
        u, n, depth = np.finfo(dtype).eps / 2, max(self.widths), len(self.weights)
        f = max(float(np.linalg.norm(np.float64(w), axis=(-2, -1)).max()) for m in met for w in m)
        norms = [np.linalg.norm(np.float64(w), 2, axis=(-2, -1)).max() for m in met for w in m]
        s = max(1.0, float(max(norms)))
        square = np.eye(self.widths[0]) if self.square is None else self.square
        q, norm = float(np.linalg.norm(square, 2)), float(np.linalg.norm(square))
        r = float(np.linalg.norm(self.target, 2, axis=(-2, -1)).max()) + s**depth * q
        e = float(np.linalg.norm(self.target, axis=(-2, -1)).max()) + f * s ** (depth - 1) * q
        carried = s ** max(depth - 2, 0)
        residual = n * u * (depth * f**2 * carried * q + f * s ** (depth - 1) * norm) + u * e
        field = residual * s ** (depth - 1) + n * u * depth * e * f * carried * (1 + f)
        slope = depth * s ** (2 * depth - 2) * q + (depth - 1) * carried * r
        once = self.STEP * (field + 8 * u * e * s ** (depth - 1)) + 10 * u * f
        grown = np.exp(self.STEPS * self.STEP * np.sqrt(depth) * slope)
        return float(np.sqrt(depth) * self.STEPS * once * grown)

    def run(self, plan: Plan, kernel: Emulated, blocks: int = 1) -> tuple[list[Any], int, Any]:
        """The weights that the kernel finds, its faults, and what it wrote beside them."""
        packed = np.zeros((self.batch, plan.depth, plan.width, plan.width), plan.dtype)
        views = [packed[:, i, : w.shape[1], : w.shape[2]] for i, w in enumerate(self.weights)]
        for view, layer in zip(views, self.weights, strict=True):
            view[...] = layer
        target = _filled_up(self.target, plan)
        square = None if self.square is None else _filled_up(self.square, plan)
        stride = 0 if target.ndim == 2 else plan.width**2
        faults = kernel.train(blocks, packed, target, stride, square, self.STEP, self.STEPS)
        found = [view.copy() for view in views]
        for view in views:
            view[...] = 0
        return found, faults, packed

    def error(self, plan: Plan, found: list[Any], dtype: Any) -> float:
        """The error of the worst network, in units of the bound."""
        told, met = self.exact(plan.flow)
        off = [np.float64(a - b) for a, b in zip(found, told, strict=True)]
        whole = np.sqrt(sum(np.sum(x**2, axis=(-2, -1)) for x in off)).max()
        allowed = self.rounding(met, dtype)
        assert allowed < np.sqrt(np.finfo(dtype).eps), "half of the digits must be compared"
        return float(whole / allowed)


def _moved(layers: list[Any], velocity: list[Any], step: Any) -> list[Any]:
    return [w + step * v for w, v in zip(layers, velocity, strict=True)]


def _filled_up(matrix: Any, plan: Plan) -> Any:
    filled = np.zeros((*matrix.shape[:-2], plan.width, plan.width), plan.dtype)
    filled[..., : matrix.shape[-2], : matrix.shape[-1]] = matrix
    return filled


CASES: dict[str, tuple[list[int], dict[str, bool], Any]] = {
    "one layer": ([7, 5], {"white": True, "flow": True, "own": True}, np.float64),
    "one layer, coloured": ([16, 9], {"white": False, "flow": True, "own": False}, np.float64),
    "8, held": ([8, 8, 8], {"white": True, "flow": True, "own": False}, np.float64),
    "8, coloured": ([5, 8, 3], {"white": False, "flow": True, "own": True}, np.float64),
    "8, deepest": ([8] * 9, {"white": True, "flow": True, "own": False}, np.float64),
    "8, descent": ([3, 8, 1, 4], {"white": False, "flow": False, "own": True}, np.float64),
    "8, float32": ([8, 6, 8], {"white": False, "flow": True, "own": True}, np.float32),
    "16, wide": ([16, 11, 16], {"white": False, "flow": True, "own": True}, np.float64),
    "16, narrow": ([10, 16, 16, 12], {"white": True, "flow": True, "own": False}, np.float64),
    "16, float32": ([9, 16, 5, 8], {"white": True, "flow": False, "own": False}, np.float32),
    "32, wide": ([32, 31, 32], {"white": True, "flow": True, "own": True}, np.float64),
    "32, deep": ([20, 32, 17, 32, 8], {"white": False, "flow": True, "own": False}, np.float64),
    "64, wide": ([64, 64, 60], {"white": True, "flow": True, "own": True}, np.float64),
    "64, memory": ([50, 64, 64, 64], {"white": False, "flow": True, "own": True}, np.float64),
    "64, float32": ([40, 64, 64], {"white": True, "flow": True, "own": True}, np.float32),
}


@pytest.mark.parametrize(("widths", "options", "dtype"), CASES.values(), ids=CASES)
def test_the_kernel_takes_the_steps_of_the_method(
    widths: list[int], options: dict[str, bool], dtype: Any, tmp_path: Path
) -> None:
    case = _Case(widths, white=options["white"], own=options["own"])
    plan = _plan(widths, dtype, white=options["white"], flow=options["flow"])
    kernel = Emulated(plan.definitions(), tmp_path)
    assert (kernel.memory, kernel.threads) == (plan.memory, plan.threads)
    found, faults, beside = case.run(plan, kernel)
    assert faults == 0
    assert not beside.any(), "what is filled up with zeros stays zero"
    assert case.error(plan, found, dtype) <= 1
    assert kernel.bank_conflicts == 0


def test_before_compute_capability_9_products_are_narrow(tmp_path: Path) -> None:
    case = _Case([16, 16, 16], white=True, own=False)
    plan = _plan(case.widths, capability=(8, 0))
    assert not plan.wide
    found, faults, _ = case.run(plan, Emulated(plan.definitions(), tmp_path))
    assert faults == 0
    assert case.error(plan, found, np.float64) <= 1


def test_any_grid_trains_every_network_the_same(tmp_path: Path) -> None:
    case = _Case([8, 8, 8], white=True, own=True)
    plan = _plan(case.widths)
    kernel = Emulated(plan.definitions(), tmp_path)
    case.batch = 11
    case.weights = [np.concatenate([w] * 4)[:11] for w in case.weights]
    case.target = np.concatenate([case.target] * 4)[:11]
    runs = [case.run(plan, kernel, blocks) for blocks in (1, 2, 3)]
    assert all(faults == 0 for _, faults, _ in runs)
    for found, *_ in runs:
        for layer, other in zip(found, runs[0][0], strict=True):
            assert np.array_equal(layer, other)
            assert np.array_equal(layer[:3], layer[3:6])


HELD, WIDE, NARROW, DEEP, PLAIN = "held", "wide", "narrow", "deep", "plain"
KINDS: dict[str, tuple[list[int], bool, tuple[int, int], Any]] = {
    HELD: ([8, 8, 8], True, HOPPER, np.float64),
    WIDE: ([16, 16, 16], True, HOPPER, np.float64),
    NARROW: ([16, 16, 16], False, (8, 0), np.float64),
    DEEP: ([8, 8, 8, 8], False, HOPPER, np.float64),
    PLAIN: ([16, 16, 16], True, HOPPER, np.float32),
}
# (what is planted, kernel, text, text in its place).
PLANTED = [
    ("accumulators by columns", HELD, "return {place_in_tile(row, column),",
     "return {place_in_tile(column, row),"),
    ("fragments of columns not turned", HELD, "place_in_tile(column, row), first_row_of",
     "place_in_tile(row, column), first_row_of"),
    ("rows of lanes", HELD, "(id & 31) >> 2", "(id & 7)"),
    ("columns of lanes", NARROW, "(id & 3) * 2", "(id & 3)"),
    ("the same step twice", HELD, "t.turned + ROW", "t.turned"),
    ("one step left out", NARROW, "add_matrix_product(c.tile[i][j], left",
     "if (s == 0) add_matrix_product(c.tile[i][j], left"),
    ("one tile of the inner index left out", WIDE, "k < SIDE; ++k) {\n    Pair",
     "k < SIDE - 1; ++k) {\n    Pair"),
    ("one number of the inner index left out", PLAIN, "inner < 8", "inner < 6"),
    ("operands turned the wrong way", PLAIN, "TURN_B ? right[j][q].at[s] : right[j][s].at[q]",
     "TURN_B ? right[j][s].at[q] : right[j][q].at[s]"),
    ("upper and lower rows exchanged", WIDE, "left[0], left[1], right[j])",
     "left[1], left[0], right[j])"),
    ("tiles of the warp exchanged", NARROW, "tile * TILE + t.own", "tile * TILE + TILE + t.own"),
    ("rows and columns of tiles exchanged", WIDE, "return i * 8 * WIDTH + j * 8;",
     "return j * 8 * WIDTH + i * 8;"),
    ("accumulator fragment of the emulation", HELD, "right[k][2 * (lane % 4) + s];\n  }\n}",
     "right[k][(lane % 4) + 4 * s];\n  }\n}"),
    ("a sixth is a fifth", HELD, "1.0 / 6", "1.0 / 5"),
    ("a third is a sixth", HELD, "stage(team, half, 2 * sixth, false)",
     "stage(team, half, sixth, false)"),
    ("a weight of the rolled stages", WIDE, "number == 0 || number == 3 ? sixth",
     "number == 0 || number == 2 ? sixth"),
    ("half a step too far", WIDE, "number < 2 ? half", "number < 1 ? half"),
    ("a product not turned", HELD, "product<false, true>(team, from",
     "product<false, false>(team, from"),
    ("the wrong layers below", DEEP, "product<false, true>(team, from, below(layer - 1))",
     "product<false, true>(team, from, below(0))"),
    ("the wrong error carried back", DEEP, "(DEPTH - 1 - layer) % 2", "(DEPTH - 2) % 2"),
    ("no Sigma11", NARROW, "BACK + BACKS - 1, INPUTS)", "BACK + BACKS - 1, 0)"),
    ("no barrier after the residual", HELD, "keep(team, BACK, error);\n    barrier();",
     "keep(team, BACK, error);"),
    ("no barrier after a stage", WIDE, "  }\n  barrier();\n}", "  }\n}"),
    ("no barrier before weights move", WIDE,
     "// W_layer may be moved only after the whole team has read it.\n      barrier();", ""),
    ("no barrier between layers", DEEP, "if (layer < DEPTH - 1 || !WHITE) barrier();", ""),
    ("no barrier before the first stage", HELD, "read_block(square));\n  barrier();",
     "read_block(square));"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "wrong"), [p[1:] for p in PLANTED], ids=[p[0] for p in PLANTED]
)
def test_planted_errors_show(kind: str, text: str, wrong: str, tmp_path: Path) -> None:
    widths, white, capability, dtype = KINDS[kind]
    assert source().count(text) == 1
    case = _Case(widths, white=white, own=False)
    case.STEP, case.STEPS = 0.125, 1
    plan = _plan(widths, dtype, white=white, capability=capability)
    planted = source().replace(text, wrong)
    kernel = Emulated(plan.definitions(), tmp_path, planted, level="-O0")
    found, faults, beside = case.run(plan, kernel)
    assert faults or beside.any() or not case.error(plan, found, dtype) <= 1


def test_bank_conflicts_are_counted(tmp_path: Path) -> None:
    padded = "ROW_GROUP = ROW * TOGETHER + 4;"
    assert source().count(padded) == 1
    plan = _plan([16, 16, 16])
    text = source().replace(padded, "ROW_GROUP = ROW * TOGETHER;")
    kernel = Emulated(plan.definitions(), tmp_path, text)
    case = _Case([16, 16, 16], white=True, own=False)
    found, faults, _ = case.run(plan, kernel)
    assert faults == 0
    assert case.error(plan, found, np.float64) <= 1
    assert kernel.bank_conflicts > 0


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("white", [True, False])
def test_every_plan_fits_a_device(white: bool, dtype: Any) -> None:
    for width in WIDTHS:
        for depth in range(1, LARGEST_DEPTH + 1):
            plan = _plan([width] * (depth + 1), dtype, white=white)
            assert plan.threads * plan.teams <= 512
            assert plan.shared_bytes <= SHARED
            assert plan.shared == (plan.teams * plan.team_bytes <= SHARED)


def test_too_wide_and_too_deep_are_told() -> None:
    with pytest.raises(ValueError, match="width 65 is above 64"):
        _plan([65, 3])
    with pytest.raises(ValueError, match="9 layers are above 8"):
        _plan([3] * 10)


def test_a_kernel_that_does_not_compile_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="error: "):
        Emulated(_plan([8, 8]).definitions(), tmp_path, "nonsense")
