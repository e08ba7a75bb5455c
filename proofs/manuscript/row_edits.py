"""Edits of rows that continue an annotated equation, ``&= c``.

By itself such a row, b = c, says less than the claim.  So it is read with the left side of the
first row, a = c, and edited until that says what the claim says; the left side, which stands in
another row, is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from lemmata.theory.claims import Claim

from ..notation import nodes
from ..notation.nodes import Node
from .comparison import Known
from .edits import Edit
from .reading import FormulaError, Reader, formula_of
from .repeated import EditEverywhere
from .smallest import Corrected, smallest_edits

__all__ = ["first_side", "row_edits", "with_first_side"]


def first_side(formula: Node) -> Node | None:
    """The left side of an equation or an inequality."""
    try:
        main = formula_of(formula)
    except FormulaError:
        return None
    return main.sides[0] if isinstance(main, nodes.Relation) else None


def with_first_side(row: Node, first: Node) -> Node | None:
    """The relation of a row with the left side of the first one."""
    main = formula_of(row)
    if not isinstance(main, nodes.Relation):
        return None
    return replace(main, sides=(first, *main.sides[1:]))


def row_edits(
    claim: Claim,
    about: Known,
    reader: Reader,
    whole: Node,
    rng: np.random.Generator,
) -> list[Corrected]:
    """The smallest edits of a row, read with the left side of the first one."""
    found = smallest_edits(claim, about, reader, whole, 0, rng)
    return [c for c in found if not any(way[:1] == (0,) for way in _ways(c.edit))]


def _ways(edit: Edit) -> Iterator[tuple[int, ...]]:
    yield edit.way
    if isinstance(edit, EditEverywhere):
        yield from edit.others
