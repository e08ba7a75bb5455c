"""Networks to groups of lanes and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["pack", "unpack"]


def pack(arrays: Sequence[Any], lanes: int, dtype: Any) -> Any:
    """Arrays ``(batch, rows, columns)`` as groups ``(groups, entries * lanes)``.

    Entry by entry, the lanes side by side.  The last group is filled up with its last network.
    """
    batch = len(arrays[0])
    groups = -(-batch // lanes)
    flat = np.concatenate([np.reshape(array, (batch, -1)) for array in arrays], axis=1)
    filled = np.concatenate([flat, np.repeat(flat[-1:], groups * lanes - batch, axis=0)])
    turned = filled.reshape(groups, lanes, -1).transpose(0, 2, 1)
    return np.ascontiguousarray(turned, dtype=dtype).reshape(groups, -1)


def unpack(groups: Any, lanes: int, shapes: Sequence[tuple[int, int]], batch: int) -> list[Any]:
    """One array ``(batch, rows, columns)`` for each of the ``shapes``, copied."""
    flat = groups.reshape(len(groups), -1, lanes).transpose(0, 2, 1).copy()
    flat = flat.reshape(len(groups) * lanes, -1)[:batch]
    found, start = [], 0
    for rows, columns in shapes:
        found.append(flat[:, start : start + rows * columns].reshape(batch, rows, columns))
        start += rows * columns
    return found
