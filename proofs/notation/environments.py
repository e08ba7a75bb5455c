"""Rows and cells: matrices, cases, and formulas that are written in several rows."""

from __future__ import annotations

from .brackets import CLOSING, Brackets, Level
from .signs import COMMANDS, DROPPED, ENVIRONMENTS, SYMBOLS

__all__ = ["JOINING", "Rows"]

JOINING = frozenset(["RELATION", "IMPLIES", "SIGN", "MULTIPLY", "COMMA", "SEMICOLON"])
"""Terminals after and before which a formula goes on in the next row."""
_INVISIBLE = frozenset(["split", "aligned", "gathered", "multlined", "alignedat", "gathered*"])


class Rows(Brackets):
    """Reads environments; the marks of rows and cells that are none of a matrix are left out."""

    def environment(self, i: int, text: str) -> None:
        """The begin or the end of an environment, or a ``\\substack``."""
        name = (
            "substack" if text == r"\substack" else text.partition("{")[2].rstrip("}").rstrip("*")
        )
        if name in _INVISIBLE:
            return
        if name not in ENVIRONMENTS:
            self.fail(f"the environment {name or text} is not read in a formula", i)
        if text.startswith(r"\end"):
            self.pop(rf"\end{{{name}}}", i)
            self.emit("END", name, i)
            return
        if text == r"\substack":
            if self.peek(i) != "{":
                self.fail(r"\substack needs its rows in braces", i)
            self.i = i + 2
        if self.due:
            self.due -= 1
        closing = "}" if text == r"\substack" else rf"\end{{{name}}}"
        self.push(Level(closing, i, self.due, matrix=True, shown=text))
        self.due = 0
        self.add("BEGIN", name, i, self.i)

    def _align(self, i: int, text: str) -> None:
        if self.levels and self.levels[-1].matrix:
            self.emit("ALIGN", text, i)

    def _newline(self, i: int, text: str) -> None:
        if self.levels and self.levels[-1].matrix:
            self.emit("NEWLINE", text, i)
            return
        k = i + 1
        while k < self.end and (self.tokens[k].kind == "align" or self.tokens[k].text in DROPPED):
            k += 1
        if k + 2 < self.end and self.tokens[k].kind == "open" and self.is_nothing(k):
            k += 2
        following = self.tokens[k] if k < self.end else None
        if following is None or not self.out:
            return
        kind = COMMANDS.get(following.text) or SYMBOLS.get(following.text)
        closes = following.text in CLOSING or following.text == r"\right"
        if kind not in JOINING and not closes and self.out[-1].type not in JOINING:
            self.fail(
                "a new row begins with neither a relation nor an operator: "
                "state it as an equation of its own",
                k,
            )

    def ends_cell(self, i: int) -> bool:
        """Whether a cell of ``cases`` or a matrix ends behind a token."""
        following = self.tokens[i + 1] if i + 1 < self.end else None
        if following is None or not self.levels or not self.levels[-1].matrix:
            return False
        return following.kind in ("align", "newline") or following.text.startswith(r"\end{")

    def is_nothing(self, i: int) -> bool:
        """``{}`` before a sign, as in ``\\\\ {}+ 1``; with an index it begins a name."""
        following = self.tokens[i + 1 : i + 3]
        return (
            len(following) == 2
            and following[0].kind == "close"
            and following[1].kind not in ("sub", "sup")
            and following[1].text != "'"
        )
