"""Products of small matrices whose entries are vectors of one number a network.

Entry (i, j) of every matrix is a vector: lane k holds the entry of network k.  Transposes are
strides then.  A block of entries keeps its sums in registers over the whole inner loop, enough of
them to hide the latency of a fused multiply-add; a panel is a column of such blocks, a function of
its own so that nothing else competes for registers.  Written as LLVM vectors: nothing depends on
what a compiler makes of a loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

from llvmlite import binding, ir
from numba.core import cgutils, types
from numba.extending import intrinsic

__all__ = ["COLUMNS", "ROWS", "VECTOR_BYTES", "panel"]

WORD = ir.IntType(64)
PLACES = 10
MODES = 3
"""What can be made of the sums."""


def _vector_bytes() -> int:
    # Not 64 where there is AVX-512: the matrices of twice as many networks leave the first cache.
    return 32 if binding.get_host_cpu_features().get("avx2") else 16


VECTOR_BYTES = _vector_bytes()
"""Bytes of a vector, of which each network holds one number."""
ROWS = (2, 1)
"""Rows of a block, the largest first."""
COLUMNS = (8, 4, 2, 1) if binding.get_host_cpu_features().get("avx512vl") else (4, 2, 1)
"""Columns of a block, the largest first: 16 sums where there are 32 vector registers, else 8."""


class Shape(NamedTuple):
    """Of a panel: what is made of its sums, rows and columns of its blocks."""

    mode: int
    rows: int
    columns: int


SHAPES = [Shape(*shape) for shape in product(range(MODES), ROWS, COLUMNS)]
"""By number, ``(mode len(ROWS) + row) len(COLUMNS) + column``."""


@intrinsic  # type: ignore[untyped-decorator]
def panel(
    typing_context: Any, shape: Any, data: Any, alpha: Any, places: Any, blocks: Any
) -> Any:
    """``blocks`` blocks of a product below one another; ``shape`` is a number in ``SHAPES``.

    All matrices lie in ``data``.  ``places``, in entries: of the first entry of what is written and
    of what it is made from; the step between states; their row step; of the first entry of the left
    factor, with row and inner step; of the right factor, with inner and column step, and the inner
    size.  Mode 0: out = product; 1: out = base + alpha product; 2: out = (-base + one + 2 two +
    three)/3 + alpha product, with the three states that follow base.
    """

    def generate(context: Any, builder: Any, made: Any, arguments: Any) -> Any:
        dtype = made.args[1].dtype
        array = context.make_array(made.args[1])(context, builder, arguments[1]).data
        width = WORD(VECTOR_BYTES)
        told = cgutils.unpack_tuple(builder, arguments[3], PLACES + 1)
        # In bytes from here on: an address is one register plus another, without arithmetic.
        steps = [builder.mul(place, width) for place in told[:-1]] + [told[-1]]
        start = builder.bitcast(array, ir.IntType(8).as_pointer())
        passed = [start, arguments[2], *steps, arguments[4]]
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

    return types.void(shape, data, alpha, places, blocks), generate


def _panel(module: Any, number: Any, shape: Shape) -> Any:
    """The LLVM function of one shape, made once a module."""
    name = f"lemmata_panel_{number}_" + "_".join(str(int(part)) for part in shape)
    byte = ir.IntType(8).as_pointer()
    kind = ir.FunctionType(ir.VoidType(), [byte, number, *[WORD] * (PLACES + 2)])
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
        builder, (data, alpha, *places, size, blocks) = self.builder, self.function.args
        out, base, state_step, row_step, left, left_row, *inner = places
        factor = self._splat(alpha)
        height = WORD(self.shape.rows)
        down, left_down = (builder.mul(step, height) for step in (row_step, left_row))
        entry = builder.block
        loop, done = builder.append_basic_block("blocks"), builder.append_basic_block("done")
        builder.branch(loop)
        builder.position_at_end(loop)
        counters = (WORD(0), WORD(1)), (out, down), (base, down), (left, left_down)
        values = [builder.phi(WORD) for _ in counters]
        for value, (start, _) in zip(values, counters, strict=True):
            value.add_incoming(start, entry)
        count, to, origin, first = values
        sums = self._sums(data, first, left_row, inner, size)
        self._use(sums, data, to, origin, state_step, row_step, factor)
        for value, (_, step) in zip(values, counters, strict=True):
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
        zero = self._constant(0.0)
        for olds, news in zip(sums, new, strict=True):
            for old, after in zip(olds, news, strict=True):
                old.add_incoming(zero, entry)
                old.add_incoming(after, loop)
        more = builder.icmp_signed("<", builder.add(count, WORD(1)), size)
        builder.cbranch(more, loop, done)
        builder.position_at_end(done)
        return new

    def _use(
        self,
        sums: list[list[Any]],
        data: Any,
        out: Any,
        base: Any,
        state_step: Any,
        row_step: Any,
        factor: Any,
    ) -> None:
        builder = self.builder
        for i, row in enumerate(sums):
            for j, total in enumerate(row):
                place = builder.add(builder.mul(row_step, WORD(i)), WORD(j * VECTOR_BYTES))
                origin = builder.add(base, place)
                made = self._made(total, data, origin, state_step, factor)
                self._store(made, data, builder.add(out, place))

    def _made(self, total: Any, data: Any, origin: Any, state_step: Any, factor: Any) -> Any:
        builder, mode = self.builder, self.shape.mode
        if mode == 0:
            return total
        if mode == 1:
            return self._fma(factor, total, self._load(data, origin))
        states = [
            self._load(data, builder.add(origin, builder.mul(state_step, WORD(k))))
            for k in range(4)
        ]
        combined = builder.fadd(builder.fsub(states[1], states[0]), states[3])
        combined = self._fma(self._constant(2.0), states[2], combined)
        return self._fma(factor, total, builder.fmul(combined, self._constant(1 / 3)))

    def _fma(self, one: Any, other: Any, added: Any) -> Any:
        return self.builder.call(self.fma, [one, other, added])

    def _constant(self, number: float) -> Any:
        return ir.Constant(self.vector, [number] * self.lanes)

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
