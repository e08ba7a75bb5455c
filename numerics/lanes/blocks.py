"""Products of small matrices whose entries are vectors of one number a network.

Entry (i, j) of every matrix is a vector: lane k holds the entry of network k.  Transposes are
strides then.  A block of 2 x 4 entries keeps eight sums in registers over the whole inner loop,
which is as many as hide the latency of a fused multiply-add; a panel is a column of such blocks, a
function of its own so that nothing else competes for registers.  Written as LLVM vectors: nothing
depends on what a compiler makes of a loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

from llvmlite import binding, ir
from numba.core import cgutils, types
from numba.extending import intrinsic

__all__ = ["ROWS", "VECTOR_BYTES", "WIDTHS", "panel"]

MODES, ROWS = 4, 2
"""What is made of the sums, and rows of the largest block."""
WIDTHS = ((4, True), (4, False), (2, False), (1, False))
"""Columns of a block, and whether it makes use of a right factor that is stored row by row."""
PLACES = 11
WORD = ir.IntType(64)


def _vector_bytes() -> int:
    # Not 64 where there is AVX-512: the matrices of twice as many networks leave the first cache.
    return 32 if binding.get_host_cpu_features().get("avx2") else 16


VECTOR_BYTES = _vector_bytes()
"""Bytes of a vector, of which each network holds one number."""


class Shape(NamedTuple):
    """Of a panel: what is made of its sums, rows and columns of its blocks, and whether the right
    factor is stored row by row."""

    mode: int
    rows: int
    columns: int
    row_by_row: bool


SHAPES = [
    Shape(mode, rows, *width)
    for mode, rows, width in product(range(MODES), range(1, ROWS + 1), WIDTHS)
]
"""By number."""


@intrinsic  # type: ignore[untyped-decorator]
def panel(
    typing_context: Any, shape: Any, data: Any, alpha: Any, beta: Any, places: Any, blocks: Any
) -> Any:
    """``blocks`` blocks of a product below one another; ``shape`` is a number in ``SHAPES``.

    All matrices lie in ``data``.  ``places``: of the first entry of what is written, of what is
    added to, and of what is moved; their row step; of the first entry of the left factor, with
    row and inner step; of the right factor, with inner and column step; inner size.  All in
    entries.  Mode 0: out = product; 1: out = base - product; 2: out += beta product and moved =
    base + alpha product; 3: out = base + beta product and moved = base + alpha product.
    """

    def generate(context: Any, builder: Any, made: Any, arguments: Any) -> Any:
        dtype = made.args[1].dtype
        array = context.make_array(made.args[1])(context, builder, arguments[1]).data
        width = WORD(VECTOR_BYTES)
        told = cgutils.unpack_tuple(builder, arguments[4], PLACES)
        # In bytes from here on: an address is one register plus another, without arithmetic.
        steps = [builder.mul(place, width) for place in told[:-1]] + [told[-1]]
        passed = [
            builder.bitcast(array, ir.IntType(8).as_pointer()),
            *arguments[2:4],
            *steps,
            arguments[5],
        ]
        after, never = (builder.append_basic_block(name) for name in ("after", "never"))
        switch = builder.switch(arguments[0], never)
        for number, one in enumerate(SHAPES):
            here = builder.append_basic_block("panel")
            switch.add_case(WORD(number), here)
            builder.position_at_end(here)
            builder.call(_panel(builder.module, context.get_value_type(dtype), one), passed)
            builder.branch(after)
        builder.position_at_end(never)
        builder.unreachable()
        builder.position_at_end(after)
        return context.get_dummy_value()

    return types.void(shape, data, alpha, beta, places, blocks), generate


def _panel(module: Any, number: Any, shape: Shape) -> Any:
    """The LLVM function of one shape, made once a module."""
    name = f"lemmata_panel_{number}_" + "_".join(str(int(part)) for part in shape)
    byte = ir.IntType(8).as_pointer()
    kind = ir.FunctionType(ir.VoidType(), [byte, number, number, *[WORD] * (PLACES + 1)])
    function = cgutils.get_or_insert_function(module, kind, name)
    if function.is_declaration:
        function.linkage = "internal"
        function.attributes.add("noinline")
        _Panel(function, number, shape).emit()
    return function


class _Panel:
    """The code of one panel."""

    def __init__(self, function: Any, number: Any, shape: Shape) -> None:
        self.function, self.shape = function, shape
        self.builder = ir.IRBuilder(function.append_basic_block("entry"))
        self.bytes = 8 if isinstance(number, ir.DoubleType) else 4
        self.lanes = VECTOR_BYTES // self.bytes
        self.vector = ir.VectorType(number, self.lanes)
        name = f"llvm.fma.v{self.lanes}f{8 * self.bytes}"
        kind = ir.FunctionType(self.vector, [self.vector] * 3)
        self.fma = cgutils.get_or_insert_function(function.module, kind, name)

    def emit(self) -> None:
        """A loop over the blocks, and in it the inner loop of each."""
        builder, (data, alpha, beta, *places, size, blocks) = self.builder, self.function.args
        out, base, moved, row_step, left, left_row, *inner = places
        factors = [self._splat(alpha), self._splat(beta)]
        height = WORD(self.shape.rows)
        down, left_down = (builder.mul(step, height) for step in (row_step, left_row))
        entry = builder.block
        loop, done = builder.append_basic_block("blocks"), builder.append_basic_block("done")
        builder.branch(loop)
        builder.position_at_end(loop)
        names = (WORD(0), WORD(1)), (out, down), (base, down), (moved, down), (left, left_down)
        values = [builder.phi(WORD) for _ in names]
        for value, (start, _) in zip(values, names, strict=True):
            value.add_incoming(start, entry)
        count, *at, first = values
        sums = self._sums(data, first, left_row, inner, size)
        self._use(sums, data, at, row_step, factors)
        for value, (_, step) in zip(values, names, strict=True):
            value.add_incoming(builder.add(value, step), builder.block)
        more = builder.icmp_signed("<", builder.add(count, WORD(1)), blocks)
        builder.cbranch(more, loop, done)
        builder.position_at_end(done)
        builder.ret_void()

    def _sums(
        self, data: Any, left: Any, left_row: Any, inner: Sequence[Any], size: Any
    ) -> list[list[Any]]:
        builder = self.builder
        left_inner, right, right_inner, column_step = inner
        if self.shape.row_by_row:
            column_step = WORD(VECTOR_BYTES)
        rows = [builder.mul(left_row, WORD(i)) for i in range(self.shape.rows)]
        columns = [builder.mul(column_step, WORD(j)) for j in range(self.shape.columns)]
        entry = builder.block
        loop, done = builder.append_basic_block("inner"), builder.append_basic_block("sums")
        builder.branch(loop)
        builder.position_at_end(loop)
        count, at_left, at_right = (builder.phi(WORD) for _ in range(3))
        sums = [[builder.phi(self.vector) for _ in columns] for _ in rows]
        entries = [self._load(data, builder.add(at_right, column)) for column in columns]
        new = []
        for row, olds in zip(rows, sums, strict=True):
            factor = self._load(data, builder.add(at_left, row))
            new.append([self._fma(factor, e, old) for e, old in zip(entries, olds, strict=True)])
        starts, steps = (WORD(0), left, right), (WORD(1), left_inner, right_inner)
        for value, start, step in zip((count, at_left, at_right), starts, steps, strict=True):
            value.add_incoming(start, entry)
            value.add_incoming(builder.add(value, step), loop)
        zero = ir.Constant(self.vector, [0.0] * self.lanes)
        for olds, news in zip(sums, new, strict=True):
            for old, after in zip(olds, news, strict=True):
                old.add_incoming(zero, entry)
                old.add_incoming(after, loop)
        more = builder.icmp_signed("<", builder.add(count, WORD(1)), size)
        builder.cbranch(more, loop, done)
        builder.position_at_end(done)
        return new

    def _use(
        self, sums: list[list[Any]], data: Any, at: list[Any], row_step: Any, factors: list[Any]
    ) -> None:
        builder, mode = self.builder, self.shape.mode
        for i, row in enumerate(sums):
            for j, total in enumerate(row):
                place = builder.add(builder.mul(row_step, WORD(i)), WORD(j * VECTOR_BYTES))
                out, base, moved = (builder.add(start, place) for start in at)
                if mode == 0:
                    self._store(total, data, out)
                elif mode == 1:
                    self._store(builder.fsub(self._load(data, base), total), data, out)
                else:
                    before = self._load(data, base)
                    added_to = before if mode == 3 else self._load(data, out)
                    self._store(self._fma(factors[1], total, added_to), data, out)
                    self._store(self._fma(factors[0], total, before), data, moved)

    def _fma(self, one: Any, other: Any, added: Any) -> Any:
        return self.builder.call(self.fma, [one, other, added])

    def _at(self, data: Any, place: Any) -> Any:
        address = self.builder.gep(data, [place])
        return self.builder.bitcast(address, self.vector.as_pointer())

    def _load(self, data: Any, place: Any) -> Any:
        loaded = self.builder.load(self._at(data, place))
        loaded.align = self.bytes
        return loaded

    def _store(self, value: Any, data: Any, place: Any) -> None:
        stored = self.builder.store(value, self._at(data, place))
        stored.align = self.bytes

    def _splat(self, number: Any) -> Any:
        index = ir.IntType(32)
        empty = ir.Constant(self.vector, ir.Undefined)
        first = self.builder.insert_element(empty, number, index(0))
        mask = ir.Constant(ir.VectorType(index, self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(first, empty, mask)
