"""A thin layer over array namespaces: NumPy, PyTorch, CuPy, and any of the array API standard.

Networks in, networks out of the same kind: the arrays given decide the namespace, the device and
the data type.  Other packages than NumPy are imported only when one of their arrays is given.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = ["NUMPY", "Array", "Arrays", "arrays_of", "place", "to_host"]

Array: TypeAlias = Any
"""An array of any namespace."""
Operation: TypeAlias = tuple[Callable[..., Array], Array, Array, Array]
"""A function, its two arguments, and the buffer it writes into."""

DTYPES = ("float64", "float32")
BUFFERED = ("numpy", "torch", "cupy")
"""Packages whose functions write into ``out=``."""


class Arrays:
    """Arithmetic on one namespace, device and data type.

    The operations take a buffer ``out`` and return their result.  Where the namespace has no
    ``out=`` the buffer is ignored (it may be None) and the result is new, so the same code runs on
    both: always go on with what was returned.
    """

    def __init__(self, xp: Any, name: str, dtype: str, device: Any) -> None:
        self.xp, self.name, self.device = xp, name, device
        self.dtype, self.eps = dtype, float(np.finfo(dtype).eps)
        self.buffered = name in BUFFERED
        self.raw = import_module(name) if self.buffered else xp
        self.on_gpu = name == "cupy" or getattr(device, "type", "cpu") == "cuda"
        self._tape: list[Operation] | None = None

    def matmul(self, one: Array, other: Array, out: Array) -> Array:
        """Matrix product of the last two axes."""
        return self.apply(self.raw.matmul, one, other, out)

    def subtract(self, one: Array, other: Array, out: Array) -> Array:
        """Difference of all entries."""
        return self.apply(self.raw.subtract, one, other, out)

    def add(self, one: Array, other: Array, out: Array) -> Array:
        """Sum of all entries."""
        return self.apply(self.raw.add, one, other, out)

    def multiply(self, one: Array, other: Array, out: Array) -> Array:
        """Product of all entries."""
        return self.apply(self.raw.multiply, one, other, out)

    @property
    def accumulates(self) -> bool:
        """Whether products can be added to what is in a buffer: `copy` and `accumulate`."""
        return self.name == "torch"

    def copy(self, one: Array, out: Array) -> Array:
        """Copy into a buffer of PyTorch."""
        return self.apply(_copy_into, one, one, out)

    def accumulate(self, scale: float, one: Array, other: Array, out: Array) -> Array:
        """Add ``scale one @ other`` to a buffer of PyTorch, batches of matrices."""

        def add(one: Array, other: Array, out: Array) -> Array:
            return self.raw.baddbmm(out, one, other, beta=1, alpha=scale, out=out)

        return self.apply(add, one, other, out)

    def apply(self, function: Callable[..., Array], one: Array, other: Array, out: Array) -> Array:
        """Apply a function of two arrays that knows ``out=``, or has no need to."""
        if not self.buffered:
            return function(one, other)
        if self._tape is not None:
            self._tape.append((function, one, other, out))
        return function(one, other, out=out)

    @contextmanager
    def recorded(self) -> Iterator[list[Operation]]:
        """List the operations done inside the block: to do them again, call them in order.

        A third of the time of a small network goes into finding out what to do next; a list of
        operations on buffers that stay in place has none of that.
        """
        tape: list[Operation] = []
        self._tape = tape
        try:
            yield tape
        finally:
            self._tape = None

    def another(self) -> Arrays:
        """The same operations for another thread."""
        return Arrays(self.xp, self.name, self.dtype, self.device)

    def take(self, value: Any) -> Array:
        """Copy an array of this namespace or of the host to the device and data type."""
        if self.name == "numpy":
            return np.array(value, dtype=self.dtype)
        dtype = getattr(self.xp, self.dtype)
        if not _is_numpy(value):
            value = value.detach() if hasattr(value, "detach") else value
            return self.xp.asarray(value, dtype=dtype, device=self.device, copy=True)
        host = np.array(value, dtype=self.dtype)
        return self.xp.asarray(host, dtype=dtype, device=self.device, copy=True)

    def indices(self, value: NDArray[np.integer[Any]]) -> Array:
        """Whole numbers of the host on the device."""
        if self.name == "numpy":
            return value
        return self.xp.asarray(np.ascontiguousarray(value), device=self.device)

    def empty(self, shape: tuple[int, ...]) -> Array:
        """Return a buffer, or None where the namespace has no use for it."""
        if not self.buffered:
            return None
        if self.name == "numpy":
            return np.empty(shape, dtype=self.dtype)
        return self.xp.empty(shape, dtype=getattr(self.xp, self.dtype), device=self.device)

    def flat(self, parts: Sequence[Array]) -> Array:
        """Copy the entries of ``parts``, one after the other, into one new vector."""
        return self.xp.concat([self.xp.reshape(part, (-1,)) for part in parts])

    def stack(self, parts: Iterable[Array]) -> Array:
        """Put arrays of one shape along a new first axis; a single one is not copied."""
        arrays = list(parts)
        return self.xp.stack(arrays) if len(arrays) > 1 else arrays[0][None, ...]

    def spread(self, matrix: Array, batch: int) -> Array:
        """Return one matrix as a batch: PyTorch writes products of equally many axes only."""
        if matrix.ndim == 3:
            return matrix
        return self.xp.broadcast_to(matrix, (batch, *matrix.shape))

    def combine_rows(self, weights: Any, vectors: Any, out: Array) -> Sequence[Array]:
        """Return ``sum_j weights_ij vectors_j`` for every row ``i`` of the weights.

        ``vectors``, and the answer, are the rows of a matrix, or without buffers a list.
        """
        if self.buffered:
            product: Sequence[Array] = self.matmul(weights, vectors, out=out)
            return product
        return [
            reduce(operator.add, (v * float(w) for w, v in zip(row, vectors, strict=True) if w))
            for row in weights
        ]

    def finite(self, array: Array) -> bool:
        """Whether every entry is finite."""
        return bool(self.xp.all(self.xp.isfinite(array)))


def _copy_into(one: Array, _: Array, out: Array) -> Array:
    return out.copy_(one)


NUMPY = Arrays(np, "numpy", "float64", None)


def _is_numpy(value: Any) -> bool:
    if isinstance(value, np.ndarray | np.generic):
        return True
    known = hasattr(value, "__array_namespace__")
    return not known and type(value).__module__.split(".")[0] not in ("torch", "cupy")


def arrays_of(values: Sequence[Any], dtype: DTypeLike | None = None) -> Arrays:
    """Operations for the kind of array that ``values`` are; NumPy for lists and numbers.

    ``dtype`` "float64" or "float32", by default float32 if all values are, else float64.
    Raises ``ValueError`` for another data type, and for two namespaces or devices.
    """
    others = [value for value in values if not _is_numpy(value)]
    if not others:
        return NUMPY if _chosen(dtype, values) == "float64" else _numpy_single()
    try:
        compat = import_module("array_api_compat")
    except ImportError as error:
        kind = type(others[0]).__module__.split(".")[0]
        raise ImportError(
            f"arrays of {kind} need array-api-compat: install lemmata[gpu]"
        ) from error
    try:
        xp = compat.array_namespace(*others)
    except TypeError as error:
        raise ValueError(f"weights: {error}: give arrays of one package") from error
    devices = {str(compat.device(value)): compat.device(value) for value in others}
    if len(devices) > 1:
        raise ValueError(f"weights are on {sorted(devices)}: move all to one device")
    name = xp.__name__.removeprefix("array_api_compat.").split(".")[0]
    return Arrays(xp, name, _chosen(dtype, values), next(iter(devices.values())))


def _numpy_single() -> Arrays:
    return Arrays(np, "numpy", "float32", None)


def _chosen(dtype: DTypeLike | None, values: Sequence[Any]) -> str:
    if dtype is None:
        names = {str(getattr(value, "dtype", "")).split(".")[-1] for value in values}
        return "float32" if names == {"float32"} else "float64"
    # torch.float32 and array_api_strict.float32 are no data types of NumPy, but are named alike.
    name = str(dtype).split(".")[-1]
    if name not in DTYPES:
        try:
            name = np.dtype(dtype).name
        except TypeError:
            name = ""
    if name not in DTYPES:
        raise ValueError(f"dtype={dtype!r}: give float64 or float32")
    return name


def place(arrays: Sequence[ArrayLike], like: Array) -> list[Array]:
    """Copy arrays drawn on the host to the namespace, device and data type of ``like``.

    Draw data and initial weights from a NumPy ``Generator`` and place them: the bits are then the
    same on every device.
    """
    target = arrays_of([like])
    return [target.take(array) for array in arrays]


def to_host(array: Array) -> NDArray[np.float64]:
    """Copy to a float64 NumPy array, from any namespace and device."""
    if _is_numpy(array):
        return np.array(array, dtype=np.float64)
    if hasattr(array, "detach"):
        array = array.detach().cpu().numpy()
    if "cupy" in sys.modules and type(array).__module__.split(".")[0] == "cupy":
        array = array.get()
    return np.array(array, dtype=np.float64)
