"""The equations of a manuscript as they are found, and which comments are theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from .displays import Display
from .equations import Equation
from .expansion import Expander
from .formula import FormulaReader
from .rows import equations_of
from .scanner import Raw
from .tokens import Annotation, Place, Problem
from .unread import reason_of, unread_equation

__all__ = ["Collector"]


class _Unread(NamedTuple):
    """A display that could not be read, its problems, and the line in which it ended."""

    display: Display
    problems: list[Problem]
    line: tuple[str, int]


class Collector:
    """Keeps the equations of a stream, each with its annotations.

    ``waiting``: annotations on lines of their own; they belong to the equation that comes next,
    with no text between except in ``line``, the line in which the text goes on.
    ``_closed``: the line in which the last equation ended; ``_unread``: the last display, where it
    could not be read and has no annotation so far.  ``began``: an environment of unknown use
    that begins behind the annotations.
    """

    def __init__(self, stream: Expander) -> None:
        self.stream = stream
        self.equations: list[Equation] = []
        self.waiting: list[Annotation] = []
        self.line: tuple[str, int] | None = None
        self._closed: tuple[str, int] | None = None
        self._unread: _Unread | None = None
        self.began: Raw | None = None

    def text_at(self, place: Place) -> None:
        """Note that there is text; annotations before it may still belong to its line."""
        if self.line is None:
            self.line = place[:2]
            inside = any(group.opened is self.began for group in self.stream.groups)
            self.began = self.began if inside else None
        elif self.line != place[:2]:
            self.drop_waiting()

    def drop_waiting(self) -> None:
        """Annotations that wait belong to no equation, or to an environment that is not read."""
        if self.waiting and self.line is not None and self.began is not None:
            name = self.began.text
            reason = f"the environment {name} is not read as a formula"
            self.equations.append(unread_equation(self.began, name, reason, self.waiting))
        else:
            self.stream.orphans += self.waiting
        self.waiting = []
        self.line = self.began = None

    def note(self, token: Raw) -> None:
        """Keep an annotation for the equation it belongs to."""
        note = self.stream.annotation(token)
        if token.kind == "endnote" and self._closed == token.place[:2]:
            last = self.equations[-1]
            self.equations[-1] = replace(last, annotation=(*last.annotation, note))
            return
        unread = self._unread
        if token.kind == "endnote" and unread is not None and unread.line == token.place[:2]:
            self._annotate_unread(unread, [note])
            return
        if self.line is not None:
            self.drop_waiting()
        self.waiting.append(note)

    def display(self, display: Display) -> None:
        """Read a formula to its end and keep its equations."""
        place = display.opened.place
        if self.line is not None and self.line != place[:2]:
            self.drop_waiting()
        problems = self.stream.spent.problems
        before = len(problems)
        FormulaReader(self.stream, display).read()
        if display.broken:
            self._collect_unread(display, problems[before:])
        else:
            self._collect(display)
        self.drop_waiting()
        self.stream.push(display.words)

    def _collect_unread(self, display: Display, problems: list[Problem]) -> None:
        """The annotations of a malformed display are its own: it comes out as unread."""
        notes = [*self.waiting, *(note for row in display.rows for note in row.notes)]
        self.waiting = []
        self._unread = _Unread(display, problems, self._end_of_last())
        if notes:
            self._annotate_unread(self._unread, notes)

    def _annotate_unread(self, unread: _Unread, notes: list[Annotation]) -> None:
        """Say of an annotated equation, and not in a problem, why it cannot be read."""
        opened, listed = unread.display.opened, self.stream.spent.problems
        reason = reason_of(unread.problems, opened.place)
        self.stream.spent.equation(opened.place)
        inline, environment = unread.display.inline, unread.display.environment
        self.equations.append(unread_equation(opened, environment, reason, notes, inline=inline))
        for problem in unread.problems:
            if problem in listed:
                listed.remove(problem)
        self._unread, self._closed = None, unread.line

    def _end_of_last(self) -> tuple[str, int]:
        """The line in which the last token ends."""
        last = self.stream.last
        return last.source.place(max(last.end - 1, 0))[:2]

    def _collect(self, display: Display) -> None:
        found, orphans = equations_of(display)
        self.stream.orphans += orphans
        for equation in found:
            self.stream.spent.equation(equation.place)
        if not found:
            return
        if self.waiting:
            first = found[0]
            found[0] = replace(first, annotation=(*self.waiting, *first.annotation))
            self.waiting = []
        self.equations += found
        self._closed = self._end_of_last()
        self._unread = None
