"""The text of a manuscript around its formulas: where they begin, which comments are theirs."""

from __future__ import annotations

import re
from collections.abc import Callable

from .collecting import Collector
from .commands import DISPLAYS, INNER_ARGUMENTS, ROWS, SKIPPED
from .displays import Display
from .scanner import Raw
from .stream import NOTES, Unfinished, name_in, written
from .unread import PROSE

__all__ = ["Reader"]

INLINE = frozenset({"math"})
"""Environments that are part of a line."""

NEUTRAL = frozenset({r"\noindent", r"\centering", r"\par", r"\label", r"\smallskip", r"\medskip"})
"""Commands that may stand between an annotation and its equation."""


class Reader(Collector):
    """Collects the equations of a stream."""

    def read(self) -> None:
        """Read to the end."""
        stream = self.stream
        while True:
            scanner = stream.scanners[-1]
            start = scanner.position
            if scanner.skip_prose() and self.waiting:
                self.text_at(scanner.first_solid(start))
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
        self.drop_waiting()
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
            self.note(token)
        elif kind == "begin":
            self._begin(token)
        elif kind in ("end", "endenv"):
            self._end(token)
        elif kind == "command" and token.text in _COMMANDS:
            _COMMANDS[token.text](self, token)
        elif self.waiting and kind not in ("space", "par", "stop") and token.text not in NEUTRAL:
            self.text_at(token.place)

    def _in_package(self, token: Raw) -> None:
        """Of a package only the definitions are read."""
        if token.kind == "open":
            self.stream.open_group("{", token)
        elif token.kind == "close":
            self.stream.close_group_of_file()

    def _dollar(self, token: Raw) -> None:
        after = self.stream.raw()
        if after.kind == "math":
            self.display(Display(token, "$$", "$$"))
        else:
            self.stream.push([after])
            self.display(Display(token, "$", "$", inline=True))

    def _parenthesis(self, token: Raw) -> None:
        self.display(Display(token, r"\(", r"\)", inline=True))

    def _bracket(self, token: Raw) -> None:
        self.display(Display(token, r"\[", r"\]"))

    def _begin(self, token: Raw) -> None:
        name, stream = token.text, self.stream
        if name in DISPLAYS or name in ROWS:
            if name.startswith("IEEE"):
                stream.optional()
            for _ in range(INNER_ARGUMENTS.get(name, 0)):
                stream.last = token
                stream.argument()
            inline = name in INLINE
            self.display(Display(token, name, name, by_rows=name in ROWS, inline=inline))
        elif name == "empheq" and self._framed(token):
            return
        elif name in SKIPPED or name in stream.excluded:
            self._skip(token)
        else:
            stream.open_group(name, token)
            if self.waiting and self.line is None and name not in PROSE:
                self.began = token

    def _framed(self, token: Raw) -> bool:
        """Whether ``\\begin{empheq}[box=...]{align}`` holds no more than those rows; it is read."""
        stream = self.stream
        options = written(stream.optional() or [])
        stream.last = token
        name = name_in(stream.argument()).partition("=")[0]
        if re.search(r"left|right", options) or not (name in DISPLAYS or name in ROWS):
            return False
        self.display(Display(token, name, token.text, by_rows=name in ROWS))
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
