"""An equation of a manuscript, and the manuscript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .tokens import Annotation, Place, Problem, Token

__all__ = ["Equation", "Manuscript"]


@dataclass(frozen=True, slots=True)
class Equation:
    """A formula of a manuscript: an inline formula, a display, or a row of one.

    ``tokens``: without spacing, sizes, labels and tags; the rows of ``split``, ``aligned`` and
    ``multline`` are joined, with "align" and "newline" tokens kept, and so are rows of ``align``
    that only go on with the row before, as ``& + c``.  ``place``, ``end``: of the first token,
    and behind the last.  ``opened``: where the display begins.  ``environment``: ``equation``,
    ``align*``, ``$``, ``$$``, ``\\(``, ``\\[``.  ``number_of_row``: in its display, from 1.
    ``continues``: it begins with a relation, so its left side is that of the row before;
    ``continued`` is the place of that row, where it stands in the same display.
    ``source``: the author's own text from ``place`` to ``end``.  ``annotation``: of the comments
    ``% lemmata:`` that belong to it, in order; those of a row with several equations belong to its
    first.  ``not_understood``: commands in it whose definitions were not understood; such an
    equation must not be checked.  ``unread``: why an annotated display could not be read at all; it
    has no tokens, and ``not_understood`` names its environment.
    """

    tokens: tuple[Token, ...]
    place: Place
    end: Place
    opened: Place
    environment: str
    inline: bool
    label: str | None
    tag: str | None
    number_of_row: int
    continues: bool
    source: str
    annotation: tuple[Annotation, ...]
    not_understood: tuple[str, ...] = ()
    unread: str = ""
    continued: Place | None = None


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What was read: ``equations`` in reading order, and what could not be read.

    ``annotations``: those that belong to no equation.  ``files``: all that were read, the main
    file first; ``origins``: for each, the lines and columns at which it and the files around it
    are named.  ``work``: steps of the reader, the measure of its time.
    """

    equations: tuple[Equation, ...]
    annotations: tuple[Annotation, ...]
    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    work: int
    origins: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    def position(self, place: Place) -> tuple[tuple[int, int], ...]:
        """Grows along the manuscript as it is read, through all of its files.

        A file that is read more than once counts where it is read first.
        """
        return (*self.origins.get(place.file, ()), place[1:])
