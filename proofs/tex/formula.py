"""The inside of a formula, read to its end."""

from __future__ import annotations

from collections.abc import Callable

from .commands import DISPLAYS, INNER_ARGUMENTS, JOINED, ROWS, words
from .displays import Display, Row
from .expansion import Expander
from .formula_commands import COMMANDS
from .scanner import Raw
from .spaces import HALF, WIDE, WIDTHS, is_solid
from .stream import NOTES, Unfinished
from .tokens import Place

__all__ = ["FormulaReader"]

WITH_PLACEMENT = words("array subarray aligned alignedat gathered gatheredat multlined")
"""Environments that may have ``[t]`` behind their begin."""


class FormulaReader:
    """Reads one display to its end; ``display.broken`` where it is malformed.

    ``in_tag``: what is read is the number of the equation.
    """

    def __init__(self, stream: Expander, display: Display) -> None:
        self.stream = stream
        self.display = display
        self.in_tag = False
        self._width = 0.0
        self._base = len(stream.groups)
        self._done = False

    def read(self) -> Display:
        """Read up to the end of the display."""
        while not self._done:
            try:
                token = self.stream.token()
                if token is None:
                    self._ended_by_file()
                else:
                    self._take(token)
            except Unfinished as error:
                self.malformed(error.place, error.reason)
        while len(self.stream.groups) > self._base:
            self.stream.close_group()
        return self.display

    @property
    def outside(self) -> bool:
        """Whether all that was opened in the display is closed."""
        return len(self.stream.groups) == self._base

    def keep(self, token: Raw) -> None:
        """Add a token to the row."""
        display = self.display
        self._width = 0.0
        if self.in_tag:
            display.row.tag = (display.row.tag or "") + token.text
            return
        display.count += 1
        if display.count <= self.stream.spent.limits.equation:
            display.row.items.append(token)
        elif not display.broken:
            self._too_long()

    def gap(self) -> None:
        """Note that space was dropped."""
        self.display.row.items.append(None)

    def space(self, width: float, token: Raw) -> None:
        """Drop space of that many eighteenths of a quad; as much as half a quad may separate."""
        before, self._width = self._width, self._width + width
        if before < HALF <= self._width:
            self.display.row.items.append(token._replace(kind=WIDE))
        else:
            self.gap()

    def next_row(self, token: Raw) -> None:
        """End the row."""
        self.in_tag = False
        self.display.count += 1
        self.display.row.ended = token
        if self.display.count <= self.stream.spent.limits.equation:
            self.display.rows.append(Row())
        elif not self.display.broken:
            self._too_long()

    def close(self, token: Raw) -> None:
        """Close a brace."""
        if not self.outside and self.stream.groups[-1].name == "{":
            self.stream.close_group()
            self.keep(token)
        else:
            self.malformed(token.place, "this } closes no brace")

    def paragraph(self, _: Raw) -> None:
        """An empty line ends what it may not stand in."""
        if self.display.closing:
            self._abandon("is not closed before the paragraph ends")

    def malformed(self, place: Place, reason: str) -> None:
        """Note why this is no equation."""
        self.stream.problem(place, f"{reason}; the equation is not checked")
        self.display.broken = True

    def _take(self, token: Raw) -> None:
        kind = token.kind
        if kind == "command":
            self._command(token)
        elif kind in _KEPT_KINDS:
            self.keep(token)
        elif kind in ("space", "stop"):
            return
        elif kind == "active":
            self.space(WIDTHS["\\ "], token)
        elif kind == "open":
            self.stream.open_group("{", token)
            self.keep(token)
        elif kind == "close":
            self.close(token)
        elif kind in NOTES:
            self._note(token)
        else:
            _BY_KIND[kind](self, token)

    def _command(self, token: Raw) -> None:
        if token.text == self.display.closing:
            self._finish()
        elif token.text in COMMANDS:
            COMMANDS[token.text](self, token)
        else:
            self.keep(token)

    def _too_long(self) -> None:
        limit = self.stream.spent.limits.equation
        self.malformed(self.display.opened.place, f"more than {limit} tokens in one display")

    def _abandon(self, reason: str, token: Raw | None = None) -> None:
        """End the display where it cannot go on; what follows is read as text."""
        self.malformed(self.display.opened.place, f"{self.display.environment} {reason}")
        self._done = True
        if token is not None:
            self.stream.push([token])

    def _ended_by_file(self) -> None:
        if self.display.closing:
            self._abandon("is not closed before the manuscript ends")
        else:
            self._finish()

    def _finish(self) -> None:
        if not self.outside:
            group = self.stream.groups[-1]
            self.malformed(group.opened.place, f"{group} is not closed")
        self._done = True

    def _dollar(self, token: Raw) -> None:
        closing = self.display.closing
        if closing == "$":
            self._finish()
        elif closing == "$$":
            after = self.stream.raw()
            if after.kind != "math":
                self.stream.push([after])
                self.malformed(token.place, "$$ is closed by a single $")
            self._finish()
        else:
            self.malformed(token.place, f"a $ inside {self.display.environment}")

    def _begin(self, token: Raw) -> None:
        name = token.text
        if name in DISPLAYS or name in ROWS:
            self._abandon(rf"is not closed before \begin{{{name}}}", token)
            return
        self.stream.open_group(name, token)
        if name in WITH_PLACEMENT or name.endswith("matrix*"):
            self.stream.optional()
        for _ in range(INNER_ARGUMENTS.get(name, 0)):
            self.stream.last = token
            self.stream.argument()
        if name not in JOINED:
            self.keep(token._replace(kind="command", text=rf"\begin{{{name}}}"))

    def _end(self, token: Raw) -> None:
        name, groups = token.text, self.stream.groups
        if not self.outside and groups[-1].name == name:
            self.stream.close_group()
            if name not in JOINED:
                self.keep(token._replace(kind="command", text=rf"\end{{{name}}}"))
        elif name == self.display.closing:
            self._finish()
        elif any(group.name == name for group in groups[self._base :]):
            while groups[-1].name != name:
                left = self.stream.close_group()
                self.malformed(left.opened.place, f"{left} is not closed")
            self.stream.close_group()
        else:
            self._abandon(rf"is not closed before \end{{{name}}}", token)

    def _end_of_own(self, token: Raw) -> None:
        """The end of an environment that the manuscript defines."""
        if not self.outside and self.stream.groups[-1].name == token.text:
            self.stream.close_group()
        else:
            self._abandon(rf"is not closed before \end{{{token.text}}}", token)

    def _unknown(self, token: Raw) -> None:
        self.display.row.unknown.append(token.text or "an argument that is not given")

    def _note(self, token: Raw) -> None:
        """An annotation behind ``\\\\`` belongs to the row that ends there."""
        rows = self.display.rows
        row, note = rows[-1], self.stream.annotation(token)
        if token.kind == "endnote" and len(rows) > 1 and not any(map(is_solid, row.items)):
            ended = rows[-2].ended
            if ended is not None and ended.place[:2] == token.place[:2]:
                row = rows[-2]
        row.notes.append(note)


_KEPT_KINDS = frozenset({"letter", "digit", "other", "sub", "sup", "align", "hash"})
_BY_KIND: dict[str, Callable[[FormulaReader, Raw], None]] = {
    "math": FormulaReader._dollar,
    "begin": FormulaReader._begin,
    "end": FormulaReader._end,
    "endenv": FormulaReader._end_of_own,
    "par": FormulaReader.paragraph,
    "opaque": FormulaReader._unknown,
    "novalue": FormulaReader._unknown,
    "true": FormulaReader._unknown,
    "false": FormulaReader._unknown,
}
