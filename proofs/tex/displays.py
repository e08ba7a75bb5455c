"""A formula while it is read: what is kept of it, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field

from .scanner import Raw
from .tokens import Annotation

__all__ = ["Display", "Row"]


@dataclass(slots=True)
class Row:
    """A row while it is read: ``items`` are its tokens, None where space was dropped.

    ``after_words``: words of the author stand between it and the row before.  ``ended``: the token
    that ends it.
    """

    items: list[Raw | None] = field(default_factory=list)
    notes: list[Annotation] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    label: str | None = None
    tag: str | None = None
    after_words: bool = False
    ended: Raw | None = None


@dataclass(slots=True)
class Display:
    """A formula while it is read; ``broken``: it is malformed, so that it is no equation.

    ``words``: of ``\\intertext``, to be read afterwards.
    """

    opened: Raw
    environment: str
    closing: str
    by_rows: bool = False
    inline: bool = False
    rows: list[Row] = field(default_factory=lambda: [Row()])
    broken: bool = False
    words: list[Raw] = field(default_factory=list)
    count: int = 0

    @property
    def row(self) -> Row:
        """The row that is being read."""
        return self.rows[-1]
