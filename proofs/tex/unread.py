"""Displays that cannot be read: their annotations are theirs, and say that nothing was checked."""

from __future__ import annotations

from collections.abc import Sequence

from .commands import words
from .equations import Equation
from .scanner import Raw
from .tokens import Annotation, Place, Problem

__all__ = ["PROSE", "reason_of", "unread_equation"]

PROSE = words(
    "document abstract figure figure* table table* tabular center flushleft flushright quote "
    "quotation minipage itemize enumerate description theorem lemma proposition corollary "
    "definition remark example proof conjecture claim assumption algorithm frame block "
    "thebibliography appendix multicols landscape titlepage acknowledgments acknowledgements"
)
"""Environments of text: an annotation before them is of no display."""


def reason_of(problems: Sequence[Problem], opened: Place) -> str:
    """Why a display that begins at that place is malformed; with the place, where it is another."""
    if not problems:
        return "it is malformed"
    place, reason = problems[0].place, problems[0].reason.partition("; the equation is not")[0]
    return reason if place == opened else f"{reason} (line {place.line}, column {place.column})"


def unread_equation(
    opened: Raw,
    environment: str,
    reason: str,
    notes: Sequence[Annotation],
    *,
    inline: bool = False,
) -> Equation:
    """The equation of a display without its tokens; its source is the line in which it begins."""
    text, start = opened.source.text, opened.start
    line = text.find("\n", start)
    end = len(text) if line < 0 else line
    place = opened.place
    return Equation(
        tokens=(),
        place=place,
        end=opened.source.place(end),
        opened=place,
        environment=environment,
        inline=inline,
        label=None,
        tag=None,
        number_of_row=1,
        continues=False,
        source=text[start:end],
        annotation=tuple(notes),
        not_understood=(environment,),
        unread=reason,
    )
