"""The text of a manuscript around its formulas: where they begin, which comments are theirs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from .commands import DISPLAYS, INNER_ARGUMENTS, ROWS, SKIPPED
from .displays import Display
from .equations import Equation
from .expansion import Expander
from .formula import FormulaReader
from .rows import equations_of
from .scanner import Raw
from .stream import NOTES, Unfinished, name_in, written
from .tokens import Annotation, Place, Problem
from .unread import PROSE, reason_of, unread_equation

__all__ = ["Reader"]

INLINE = frozenset({"math"})
"""Environments that are part of a line."""

NEUTRAL = frozenset({r"\noindent", r"\centering", r"\par", r"\label", r"\smallskip", r"\medskip"})
"""Commands that may stand between an annotation and its equation."""


class _Unread(NamedTuple):
    """A display that could not be read, its problems, and the line in which it ended."""

    display: Display
    problems: list[Problem]
    line: tuple[str, int]


class Reader:
    """Collects the equations of a stream.

    ``_waiting``: annotations on lines of their own; they belong to the equation that comes next,
    with no text between except in ``_line``, the line in which the text goes on.
    ``_closed``: the line in which the last equation ended; ``_unread``: the last display, where it
    could not be read and has no annotation so far.  ``_began``: an environment of unknown use
    that begins behind the annotations.
    """

    def __init__(self, stream: Expander) -> None:
        self.stream = stream
        self.equations: list[Equation] = []
        self._waiting: list[Annotation] = []
        self._line: tuple[str, int] | None = None
        self._closed: tuple[str, int] | None = None
        self._unread: _Unread | None = None
        self._began: Raw | None = None

    def read(self) -> None:
        """Read to the end."""
        stream = self.stream
        while True:
            scanner = stream.scanners[-1]
            start = scanner.position
            if scanner.skip_prose() and self._waiting:
                self._text_at(scanner.first_solid(start))
            try:
                token = stream.token()
                if token is None:
                    break
                if stream.scanners[-1].source.quiet:
                    self._in_package(token)
                else:
                    self._take(token)
            except Unfinished as error:
                stream.problem(error.place, error.reason)
        self._drop_waiting()
        for group in stream.groups:
            stream.problem(group.opened.place, f"{group} is not closed")

    def _take(self, token: Raw) -> None:
        kind = token.kind
        if kind == "math":
            self._dollar(token)
        elif kind == "open":
            self.stream.open_group("{", token)
        elif kind == "close":
            self._close_brace(token)
        elif kind in NOTES:
            self._note(token)
        elif kind == "begin":
            self._begin(token)
        elif kind in ("end", "endenv"):
            self._end(token)
        elif kind == "command" and token.text in _COMMANDS:
            _COMMANDS[token.text](self, token)
        elif self._waiting and kind not in ("space", "par", "stop") and token.text not in NEUTRAL:
            self._text_at(token.place)

    def _in_package(self, token: Raw) -> None:
        """Of a package only the definitions are read."""
        if token.kind == "open":
            self.stream.open_group("{", token)
        elif token.kind == "close":
            self.stream.close_group_of_file()

    def _text_at(self, place: Place) -> None:
        """Note that there is text; annotations before it may still belong to its line."""
        if self._line is None:
            self._line = place[:2]
            inside = any(group.opened is self._began for group in self.stream.groups)
            self._began = self._began if inside else None
        elif self._line != place[:2]:
            self._drop_waiting()

    def _drop_waiting(self) -> None:
        if self._waiting and self._line is not None and self._began is not None:
            name = self._began.text
            reason = f"the environment {name} is not read as a formula"
            self.equations.append(unread_equation(self._began, name, reason, self._waiting))
        else:
            self.stream.orphans += self._waiting
        self._waiting = []
        self._line = self._began = None

    def _note(self, token: Raw) -> None:
        note = self.stream.annotation(token)
        if token.kind == "endnote" and self._closed == token.place[:2]:
            last = self.equations[-1]
            self.equations[-1] = replace(last, annotation=(*last.annotation, note))
            return
        unread = self._unread
        if token.kind == "endnote" and unread is not None and unread.line == token.place[:2]:
            self._annotate_unread(unread, [note])
            return
        if self._line is not None:
            self._drop_waiting()
        self._waiting.append(note)

    def _dollar(self, token: Raw) -> None:
        after = self.stream.raw()
        if after.kind == "math":
            self._display(Display(token, "$$", "$$"))
        else:
            self.stream.push([after])
            self._display(Display(token, "$", "$", inline=True))

    def _parenthesis(self, token: Raw) -> None:
        self._display(Display(token, r"\(", r"\)", inline=True))

    def _bracket(self, token: Raw) -> None:
        self._display(Display(token, r"\[", r"\]"))

    def _display(self, display: Display) -> None:
        place = display.opened.place
        if self._line is not None and self._line != place[:2]:
            self._drop_waiting()
        problems = self.stream.spent.problems
        before = len(problems)
        FormulaReader(self.stream, display).read()
        if display.broken:
            self._collect_unread(display, problems[before:])
        else:
            self._collect(display)
        self._drop_waiting()
        self.stream.push(display.words)

    def _collect_unread(self, display: Display, problems: list[Problem]) -> None:
        """The annotations of a malformed display are its own: it comes out as unread."""
        notes = [*self._waiting, *(note for row in display.rows for note in row.notes)]
        self._waiting = []
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
        if self._waiting:
            first = found[0]
            found[0] = replace(first, annotation=(*self._waiting, *first.annotation))
            self._waiting = []
        self.equations += found
        self._closed = self._end_of_last()
        self._unread = None

    def _begin(self, token: Raw) -> None:
        name, stream = token.text, self.stream
        if name in DISPLAYS or name in ROWS:
            if name.startswith("IEEE"):
                stream.optional()
            for _ in range(INNER_ARGUMENTS.get(name, 0)):
                stream.last = token
                stream.argument()
            inline = name in INLINE
            self._display(Display(token, name, name, by_rows=name in ROWS, inline=inline))
        elif name == "empheq" and self._framed(token):
            return
        elif name in SKIPPED or name in stream.excluded:
            self._skip(token)
        else:
            stream.open_group(name, token)
            if self._waiting and self._line is None and name not in PROSE:
                self._began = token

    def _framed(self, token: Raw) -> bool:
        """Whether ``\\begin{empheq}[box=...]{align}`` holds no more than those rows; it is read."""
        stream = self.stream
        options = written(stream.optional() or [])
        stream.last = token
        name = name_in(stream.argument()).partition("=")[0]
        if re.search(r"left|right", options) or not (name in DISPLAYS or name in ROWS):
            return False
        self._display(Display(token, name, token.text, by_rows=name in ROWS))
        return True

    def _skip(self, token: Raw) -> None:
        """Go past an environment in which nothing is a formula."""
        scanner, name = self.stream.scanners[-1], token.text
        if scanner.pushed:
            self.stream.open_group(name, token)
        elif not scanner.skip_past(rf"\end{{{name}}}"):
            self.stream.problem(token.place, rf"\begin{{{name}}} is not closed")

    def _end(self, token: Raw) -> None:
        name, stream = token.text, self.stream
        if not any(group.name == name for group in stream.groups):
            if name not in DISPLAYS and name not in ROWS:
                stream.problem(token.place, rf"\end{{{name}}} without \begin{{{name}}}")
            return
        while stream.groups[-1].name != name:
            left = stream.close_group()
            stream.problem(left.opened.place, f"{left} is not closed")
        stream.close_group()
        if name == "document":
            stream.scanners[-1].finish()

    def _close_brace(self, token: Raw) -> None:
        if self.stream.groups and self.stream.groups[-1].name == "{":
            self.stream.close_group()
        else:
            self.stream.problem(token.place, "this } closes no brace")

    def _group(self, token: Raw) -> None:
        self.stream.open_group("{", token)

    def _verbatim(self, token: Raw) -> None:
        """``\\verb|...|``."""
        if token.text == r"\mintinline":
            self.stream.last = token
            self.stream.argument()
        self.stream.scanners[-1].skip_verbatim()

    def _address(self, token: Raw) -> None:
        """``\\url{...}``, in which no character is special."""
        self.stream.scanners[-1].skip_braces()

    def _label(self, token: Raw) -> None:
        self.stream.last = token
        self.stream.argument()

    def _unopened(self, token: Raw) -> None:
        opening = r"\(" if token.text == r"\)" else r"\["
        self.stream.problem(token.place, f"{token.text} without {opening}")


_COMMANDS: dict[str, Callable[[Reader, Raw], None]] = {
    r"\(": Reader._parenthesis,
    r"\[": Reader._bracket,
    **dict.fromkeys((r"\)", r"\]"), Reader._unopened),
    **dict.fromkeys((r"\begingroup", r"\bgroup"), Reader._group),
    **dict.fromkeys((r"\endgroup", r"\egroup"), Reader._close_brace),
    **dict.fromkeys((r"\verb", r"\lstinline", r"\mintinline"), Reader._verbatim),
    **dict.fromkeys((r"\url", r"\href", r"\path", r"\nolinkurl"), Reader._address),
    r"\label": Reader._label,
}
