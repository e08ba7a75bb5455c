"""The inside of a formula: what is kept of it, row by row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from .commands import (
    DISPLAYS,
    DROPPED,
    DROPPED_WITH,
    INNER_ARGUMENTS,
    JOINED,
    ROWS,
    SWITCHES,
    TEXT,
    words,
)
from .expansion import Expander
from .scanner import Raw
from .stream import NOTES, Unfinished, name_in, written
from .tokens import Annotation, Place

__all__ = ["Display", "FormulaReader", "Row"]

NEWLINES = frozenset({r"\\", r"\cr", r"\newline", r"\tabularnewline"})
WITH_PLACEMENT = words("array subarray aligned alignedat gathered gatheredat multlined")
LENGTHS = frozenset({r"\kern", r"\mkern", r"\hskip", r"\mskip"})
DIMENSION = re.compile(r"\s*[-+]?\s*(\d*[.,]?\d+\s*[a-z]{2}|\d*[.,]?\d*\\\s*[A-Za-z]+)\s*")
PEEKED = 40
"""Tokens read ahead in search of a length behind ``\\\\[``; lengths are shorter."""


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


class FormulaReader:
    """Reads one display to its end; ``display.broken`` where it is malformed."""

    def __init__(self, stream: Expander, display: Display) -> None:
        self.stream = stream
        self.display = display
        self.base = len(stream.groups)
        self.done = False
        self._in_tag = False

    def read(self) -> Display:
        """Read up to the end of the display."""
        while not self.done:
            try:
                token = self.stream.token()
                if token is None:
                    self._ended_by_file()
                else:
                    self._take(token)
            except Unfinished as error:
                self._break(error.place, error.reason)
        while len(self.stream.groups) > self.base:
            self.stream.close_group()
        return self.display

    def _take(self, token: Raw) -> None:
        kind = token.kind
        if kind == "command":
            self._command(token)
        elif kind in _KEPT_KINDS:
            self._keep(token)
        elif kind in ("space", "stop"):
            return
        elif kind == "active":
            self.display.row.items.append(None)
        elif kind == "open":
            self.stream.open_group("{", token)
            self._keep(token)
        elif kind == "close":
            self._close(token)
        elif kind in NOTES:
            self._note(token)
        else:
            _BY_KIND[kind](self, token)

    def _keep(self, token: Raw) -> None:
        display = self.display
        if self._in_tag:
            display.row.tag = (display.row.tag or "") + token.text
            return
        display.count += 1
        if display.count <= self.stream.spent.limits.equation:
            display.row.items.append(token)
        elif not display.broken:
            self._too_long()

    def _break(self, place: Place, reason: str) -> None:
        """Note why this is no equation."""
        self.stream.problem(place, f"{reason}; the equation is not checked")
        self.display.broken = True

    def _abandon(self, reason: str, token: Raw | None = None) -> None:
        """End the display where it cannot go on; what follows is read as text."""
        self._break(self.display.opened.place, f"{self.display.environment} {reason}")
        self.done = True
        if token is not None:
            self.stream.push([token])

    def _ended_by_file(self) -> None:
        if self.display.closing:
            self._abandon("is not closed before the manuscript ends")
        else:
            self._finish()

    def _check_closed(self) -> None:
        if len(self.stream.groups) > self.base:
            group = self.stream.groups[-1]
            self._break(group.opened.place, f"{_shown(group.name)} is not closed")

    def _finish(self) -> None:
        self._check_closed()
        self.done = True

    def _close(self, token: Raw) -> None:
        groups = self.stream.groups
        if len(groups) > self.base and groups[-1].name == "{":
            self.stream.close_group()
            self._keep(token)
        else:
            self._break(token.place, "this } closes no brace")

    def _paragraph(self, token: Raw) -> None:
        if self.display.closing:
            self._abandon("is not closed before the paragraph ends")

    def _dollar(self, token: Raw) -> None:
        closing = self.display.closing
        if closing == "$":
            self._finish()
        elif closing == "$$":
            after = self.stream.raw()
            if after.kind != "math":
                self.stream.push([after])
                self._break(token.place, "$$ is closed by a single $")
            self._finish()
        else:
            self._break(token.place, f"a $ inside {self.display.environment}")

    def _begin(self, token: Raw) -> None:
        name = token.text
        if name in DISPLAYS or name in ROWS:
            self._abandon(rf"is not closed before \begin{{{name}}}", token)
            return
        self.stream.open_group(name, token)
        self.stream.last = token
        if name in WITH_PLACEMENT or name.endswith("matrix*"):
            self.stream.optional()
        for _ in range(INNER_ARGUMENTS.get(name, 0)):
            self.stream.last = token
            self.stream.argument()
        if name not in JOINED:
            self._keep(token._replace(kind="command", text=rf"\begin{{{name}}}"))

    def _end(self, token: Raw) -> None:
        name, groups = token.text, self.stream.groups
        if len(groups) > self.base and groups[-1].name == name:
            self.stream.close_group()
            if name not in JOINED:
                self._keep(token._replace(kind="command", text=rf"\end{{{name}}}"))
        elif name == self.display.closing:
            self._finish()
        elif any(group.name == name for group in groups[self.base :]):
            while groups[-1].name != name:
                left = self.stream.close_group()
                self._break(left.opened.place, f"{_shown(left.name)} is not closed")
            self.stream.close_group()
        else:
            self._abandon(rf"is not closed before \end{{{name}}}", token)

    def _end_of_own(self, token: Raw) -> None:
        """The end of an environment that the manuscript defines."""
        groups = self.stream.groups
        if len(groups) > self.base and groups[-1].name == token.text:
            self.stream.close_group()
        else:
            self._abandon(rf"is not closed before \end{{{token.text}}}", token)

    def _unknown(self, token: Raw) -> None:
        self.display.row.unknown.append(token.text or "an argument that is not given")

    def _note(self, token: Raw) -> None:
        rows = self.display.rows
        row, note = rows[-1], Annotation(token.text, token.place)
        if token.kind == "endnote" and len(rows) > 1 and not any(row.items):
            ended = rows[-2].ended
            if ended is not None and ended.place[:2] == token.place[:2]:
                row = rows[-2]
        row.notes.append(note)

    def _command(self, token: Raw) -> None:
        name = token.text
        if name in DROPPED:
            self.display.row.items.append(None)
        elif name in TEXT:
            self._words(token)
        elif name in NEWLINES:
            self._newline(token)
        elif name in DROPPED_WITH:
            self._drop(token)
        elif name in SWITCHES:
            self._switch(token)
        elif name == self.display.closing:
            self._finish()
        elif name in _BY_COMMAND:
            _BY_COMMAND[name](self, token)
        else:
            self._keep(token)

    def _words(self, token: Raw) -> None:
        if token.text == r"\makebox":
            self.stream.optional()
        self.stream.last = token
        text = written(self.stream.argument())
        self._keep(token._replace(kind="text", text=text, end=max(token.end, self._end_of(token))))

    def _end_of(self, token: Raw) -> int:
        last = self.stream.last
        return last.end if last.source is token.source else token.end

    def _newline(self, token: Raw) -> None:
        self._drop_length()
        if self.display.by_rows and len(self.stream.groups) == self.base:
            self._in_tag = False
            self._next_row(token)
        else:
            self._keep(token._replace(kind="newline", text=r"\\"))

    def _next_row(self, token: Raw) -> None:
        self.display.count += 1
        self.display.row.ended = token
        if self.display.count <= self.stream.spent.limits.equation:
            self.display.rows.append(Row())
        elif not self.display.broken:
            self._too_long()

    def _too_long(self) -> None:
        limit = self.stream.spent.limits.equation
        self._break(self.display.opened.place, f"more than {limit} tokens in one display")

    def _drop_length(self) -> None:
        """Go past the star and the length that may follow ``\\\\``."""
        read = [self.stream.raw()]
        if read[0].text == "*" and read[0].kind == "other":
            read = [self.stream.raw()]
        if read[0].kind == "other" and read[0].text == "[":
            while len(read) < PEEKED and read[-1].text != "]" and read[-1].kind not in _STOPS:
                read.append(self.stream.raw())
            inside = "".join(token.text for token in read[1:-1])
            if read[-1].text == "]" and DIMENSION.fullmatch(inside):
                return
        self.stream.push(read)

    def _drop(self, token: Raw) -> None:
        self.stream.star()
        self.stream.optional()
        for _ in range(DROPPED_WITH[token.text]):
            self.stream.last = token
            self.stream.argument()
        self.display.row.items.append(None)

    def _drop_dimension(self, token: Raw) -> None:
        read = self.stream.next_solid()
        while read.kind == "digit" or (read.kind == "other" and read.text in "+-.,="):
            read = self.stream.next_solid()
        if read.kind == "letter":
            read = self.stream.raw()
            if read.kind != "letter":
                self.stream.push([read])
        elif read.kind != "command":
            self.stream.push([read])
        self.display.row.items.append(None)

    def _switch(self, token: Raw) -> None:
        """``{\\bf W}`` says ``\\mathbf{W}``; elsewhere a switch is kept as it is."""
        items = self.display.row.items
        if items and items[-1] is not None and items[-1].kind == "open":
            items.insert(-1, token._replace(text=SWITCHES[token.text]))
            self.display.count += 1
        else:
            self._keep(token)

    def _label(self, token: Raw) -> None:
        self.stream.last = token
        self.display.row.label = name_in(self.stream.argument())

    def _tag(self, token: Raw) -> None:
        self.stream.star()
        self.stream.last = token
        self.display.row.tag = written(self.stream.argument())

    def _number(self, token: Raw) -> None:
        """``\\eqno``: what follows is the number of the equation."""
        self._in_tag = True

    def _between(self, token: Raw) -> None:
        self.stream.last = token
        self.display.words += self.stream.argument()
        self.display.row.after_words = True

    def _operator_name(self, token: Raw) -> None:
        self._keep(token)
        self.stream.star()

    def _group(self, token: Raw) -> None:
        self.stream.open_group("{", token)
        self._keep(token._replace(kind="open", text="{"))

    def _end_of_group(self, token: Raw) -> None:
        self._close(token._replace(kind="close", text="}"))

    def _misplaced(self, token: Raw) -> None:
        self._break(token.place, f"{token.text} inside {self.display.environment}")


def _shown(name: str) -> str:
    return "this brace" if name == "{" else rf"\begin{{{name}}}"


_KEPT_KINDS = frozenset({"letter", "digit", "other", "sub", "sup", "align", "hash"})
_STOPS = frozenset({"eof", "par", "open", "close", "math"})
_BY_KIND: dict[str, Callable[[FormulaReader, Raw], None]] = {
    "math": FormulaReader._dollar,
    "begin": FormulaReader._begin,
    "end": FormulaReader._end,
    "endenv": FormulaReader._end_of_own,
    "par": FormulaReader._paragraph,
    "opaque": FormulaReader._unknown,
    "novalue": FormulaReader._unknown,
    "true": FormulaReader._unknown,
    "false": FormulaReader._unknown,
}
_BY_COMMAND: dict[str, Callable[[FormulaReader, Raw], None]] = {
    r"\label": FormulaReader._label,
    r"\tag": FormulaReader._tag,
    r"\eqno": FormulaReader._number,
    r"\leqno": FormulaReader._number,
    r"\intertext": FormulaReader._between,
    r"\shortintertext": FormulaReader._between,
    r"\operatorname": FormulaReader._operator_name,
    **dict.fromkeys((r"\begingroup", r"\bgroup"), FormulaReader._group),
    **dict.fromkeys((r"\endgroup", r"\egroup"), FormulaReader._end_of_group),
    **dict.fromkeys((r"\(", r"\)", r"\[", r"\]"), FormulaReader._misplaced),
    **dict.fromkeys(LENGTHS, FormulaReader._drop_dimension),
    r"\par": FormulaReader._paragraph,
}
