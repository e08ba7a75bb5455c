"""Register blocks: products of small matrices whose entries are vectors of one number a network.

Entry (i, j) of every matrix is a vector: lane k holds the entry of network k.  Transposes are
strides then, and one block of 2 x 4 entries keeps eight sums in registers over the whole inner
loop, which is as many as hide the latency of a fused multiply-add.  Written as LLVM vectors, so
that nothing depends on what a compiler makes of a loop.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from llvmlite import binding, ir
from numba.core import cgutils, types
from numba.extending import intrinsic

__all__ = ["COLUMNS", "ROWS", "VECTOR_BYTES", "block"]

MODES, ROWS, COLUMNS = 3, 2, 4
"""What is made of the sums, and the entries of the largest block."""


def _vector_bytes() -> int:
    features = binding.get_host_cpu_features()
    if features.get("avx512f"):
        return 64
    return 32 if features.get("avx2") else 16


VECTOR_BYTES = _vector_bytes()
"""Bytes of a vector register of this machine."""


@intrinsic  # type: ignore[untyped-decorator]
def block(
    typing_context: Any,
    mode: Any,
    rows: Any,
    columns: Any,
    data: Any,
    alpha: Any,
    beta: Any,
    places: Any,
) -> Any:
    """A block of ``rows`` x ``columns`` entries of a product, its sums kept in registers.

    All matrices lie in ``data``.  ``places``: of the first entry of what is written, of what is
    added to, and of what is moved; their row step; of the first entry of the left factor, with
    row and inner step; of the right factor, with inner and column step; inner size.  All in
    entries.  ``mode`` 0: out = product; 1: out = base - product; 2: out += beta product and
    moved = base + alpha product.
    """
    signature = types.void(mode, rows, columns, data, alpha, beta, places)

    def generate(context: Any, builder: Any, made: Any, arguments: Any) -> Any:
        array = context.make_array(made.args[3])(context, builder, arguments[3]).data
        steps = cgutils.unpack_tuple(builder, arguments[6], 11)
        chosen, rows, columns = arguments[:3]
        integer = chosen.type
        case = builder.add(builder.mul(chosen, integer(ROWS)), builder.sub(rows, integer(1)))
        case = builder.add(builder.mul(case, integer(COLUMNS)), builder.sub(columns, integer(1)))
        after, never = (builder.append_basic_block(name) for name in ("after", "never"))
        switch = builder.switch(case, never)
        for number, shape in enumerate(product(range(MODES), range(ROWS), range(COLUMNS))):
            here = builder.append_basic_block("block")
            switch.add_case(integer(number), here)
            builder.position_at_end(here)
            _Block(context, builder, made.args[3].dtype, shape).emit(
                array, arguments[4:6], steps
            )
            builder.branch(after)
        builder.position_at_end(never)
        builder.unreachable()
        builder.position_at_end(after)
        return context.get_dummy_value()

    return signature, generate


class _Block:
    """The code of one block; ``shape`` is its mode, and its rows and columns less one."""

    def __init__(
        self, context: Any, builder: Any, dtype: Any, shape: tuple[int, int, int]
    ) -> None:
        self.builder, self.bytes = builder, dtype.bitwidth // 8
        self.mode, self.rows, self.columns = shape[0], shape[1] + 1, shape[2] + 1
        self.lanes = VECTOR_BYTES // self.bytes
        self.vector = ir.VectorType(context.get_value_type(dtype), self.lanes)
        name = f"llvm.fma.v{self.lanes}f{dtype.bitwidth}"
        kind = ir.FunctionType(self.vector, [self.vector] * 3)
        self.fma = cgutils.get_or_insert_function(builder.module, kind, name)

    def emit(self, array: Any, factors: list[Any], places: list[Any]) -> None:
        """The inner loop, and what is made of its sums."""
        builder = self.builder
        data = builder.bitcast(array, self.vector.as_pointer())
        out, base, moved, row_step, *inner = places
        sums = self._sums(data, inner)
        if self.mode == 2:
            alpha, beta = (self._splat(factor) for factor in factors)
        one = out.type(1)
        for row in sums:
            at = [out, base, moved]
            for total in row:
                if self.mode == 0:
                    self._store(total, data, at[0])
                elif self.mode == 1:
                    self._store(builder.fsub(self._load(data, at[1]), total), data, at[0])
                else:
                    self._store(self._fma(beta, total, self._load(data, at[0])), data, at[0])
                    self._store(self._fma(alpha, total, self._load(data, at[1])), data, at[2])
                at = [builder.add(place, one) for place in at]
            out, base, moved = (builder.add(place, row_step) for place in (out, base, moved))

    def _sums(self, data: Any, inner: list[Any]) -> list[list[Any]]:
        builder = self.builder
        left_at, left_row, left_inner, right_at, right_inner, right_column, size = inner
        integer, entry = size.type, builder.block
        loop, done = builder.append_basic_block("inner"), builder.append_basic_block("sums")
        builder.branch(loop)
        builder.position_at_end(loop)
        count, at_left, at_right = (builder.phi(integer) for _ in range(3))
        sums = [[builder.phi(self.vector) for _ in range(self.columns)] for _ in range(self.rows)]
        columns, place = [], at_right
        for j in range(self.columns):
            columns.append(self._load(data, place))
            if j + 1 < self.columns:
                place = builder.add(place, right_column)
        new, place = [], at_left
        for i in range(self.rows):
            entry_left = self._load(data, place)
            place = builder.add(place, left_row)
            new.append([self._fma(entry_left, c, s) for c, s in zip(columns, sums[i], strict=True)])
        moved = (
            builder.add(count, integer(1)),
            builder.add(at_left, left_inner),
            builder.add(at_right, right_inner),
        )
        firsts = (integer(0), left_at, right_at)
        for value, first, after in zip((count, at_left, at_right), firsts, moved, strict=True):
            value.add_incoming(first, entry)
            value.add_incoming(after, loop)
        zero = ir.Constant(self.vector, [0.0] * self.lanes)
        for olds, news in zip(sums, new, strict=True):
            for old, after in zip(olds, news, strict=True):
                old.add_incoming(zero, entry)
                old.add_incoming(after, loop)
        builder.cbranch(builder.icmp_signed("<", moved[0], size), loop, done)
        builder.position_at_end(done)
        return new

    def _fma(self, one: Any, other: Any, added: Any) -> Any:
        return self.builder.call(self.fma, [one, other, added])

    def _load(self, pointer: Any, place: Any) -> Any:
        loaded = self.builder.load(self.builder.gep(pointer, [place]))
        loaded.align = self.bytes
        return loaded

    def _store(self, value: Any, pointer: Any, place: Any) -> None:
        stored = self.builder.store(value, self.builder.gep(pointer, [place]))
        stored.align = self.bytes

    def _splat(self, number: Any) -> Any:
        index = ir.IntType(32)
        empty = ir.Constant(self.vector, ir.Undefined)
        first = self.builder.insert_element(empty, number, index(0))
        mask = ir.Constant(ir.VectorType(index, self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(first, empty, mask)
