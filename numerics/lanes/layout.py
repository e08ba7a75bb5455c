"""Where everything of one group of networks lies in its working memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

__all__ = ["Layout"]

STATES = 4
SPACE = 11
"""Entries left free between matrices: of states a multiple of 4096 bytes apart, the processor takes
what is stored in one for what it loads from another, and waits."""


@dataclass(frozen=True)
class Layout:
    """Places of matrices, in entries, for networks of the given ``widths`` (inputs first).

    ``widths``, ``starts`` (of each layer in a state) and ``places`` are integer arrays for the
    compiled loops; ``places``: of the first of four states and the step between them, of Sigma31,
    of Sigma11 (-1 where it is the identity), of the products of the first layers and of two errors
    carried back; then the step between such products.
    ``size``: entries of one state; ``entries``: of all working memory.
    """

    widths: Any
    starts: Any
    places: Any
    size: int
    entries: int

    @classmethod
    def of(cls, widths: Sequence[int], *, white: bool) -> Layout:
        """The layout; ``white`` where Sigma11 is the identity."""
        sizes = [a * b for a, b in pairwise(widths)]
        size, inputs = sum(sizes), widths[0]
        target, square = widths[-1] * inputs + SPACE, 0 if white else inputs * inputs + SPACE
        product = max(widths) * inputs + SPACE
        begins = [0, size + SPACE]
        at = STATES * (size + SPACE)
        begins += [at, -1 if white else at + target]
        at += target + square
        begins += [at, at + len(widths) * product, product]
        return cls(
            np.array(widths, dtype=np.int64),
            np.array([0, *np.cumsum(sizes[:-1])], dtype=np.int64),
            np.array(begins, dtype=np.int64),
            size,
            at + (len(widths) + 2) * product,
        )
