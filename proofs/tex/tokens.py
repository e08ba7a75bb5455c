"""What the reader of manuscripts hands on: places, tokens, equations, problems.

Kinds of tokens, and their texts:

==========  =====================================================================================
command     a control sequence with its backslash, ``\\frac``, ``\\left``, ``\\{``; the begin and
            end of an inner environment are one token each, ``\\begin{cases}``, ``\\end{cases}``
            (arguments such as the columns of ``array`` are dropped); spaces are dropped, but a wide
            one that separates two formulas, ``a = b \\quad c = d``, is the command ``\\quad``
letter      one letter
number      ``12``, ``0.5``, ``.5``; after ``_``, ``^`` and where TeX takes an argument without
            braces a single digit, as TeX does: ``x^12`` is ``x^{1}2``, ``\\frac12`` has two numbers
symbol      any other character: ``+ - * / = < > ( ) [ ] | , ; : . ! '`` and what is rare
open close  ``{`` and ``}``
sub sup     ``_`` and ``^``
align       ``&``
newline     ``\\\\`` (also ``\\cr``)
text        what ``\\text{...}`` or ``\\mbox{...}`` holds, as the author wrote it
==========  =====================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

__all__ = ["Annotation", "Kind", "Place", "Problem", "TexError", "Token"]

Kind = Literal[
    "command",
    "letter",
    "number",
    "symbol",
    "open",
    "close",
    "sub",
    "sup",
    "align",
    "newline",
    "text",
]


class Place(NamedTuple):
    """A place in a file: line and column are counted from 1, columns in characters."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a formula, where the author wrote it.

    What a macro of the manuscript puts there has the place of the call; what was given to the
    macro as an argument keeps its own.
    """

    kind: Kind
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Annotation:
    """The text of a comment ``% lemmata: text``, and where the text begins.

    ``meant``: the text with the macros expanded that the manuscript has there.
    """

    text: str
    place: Place
    expanded: str = ""

    @property
    def meant(self) -> str:
        """What the comment says in LaTeX that needs no macros of the manuscript."""
        return self.expanded or self.text


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a manuscript that was not understood; the rest is read."""

    place: Place
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class TexError(ValueError):
    """A manuscript that is not read; one line with the place, the reason and the fix."""

    def __init__(self, reason: str, place: Place | None = None) -> None:
        super().__init__(reason if place is None else f"{place}: {reason}")
        self.reason = reason
        self.place = place
