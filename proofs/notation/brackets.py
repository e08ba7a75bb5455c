"""Brackets of a formula in pairs: braces, round ones, bars, ``\\left`` and ``\\right``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

from lark import Token as Terminal

from .errors import NotationError
from .signs import BRACKETS

__all__ = ["CLOSING", "Brackets", "Level"]

NESTED = 40
"""Brackets inside brackets; a page shows about ten."""

CLOSING = frozenset(BRACKETS.values()) - {"|", r"\|", r"\vert", r"\Vert"}
_OPERANDS = frozenset(
    ["LETTER", "NUMBER", "NAMED", "MARK", "WORDS", "RBRACE", "CLOSE", "PRIME", "END"]
)
_ARGUMENTS = {"FRACTION": 2, "ACCENT": 1, "ROOT": 1, "SUB": 1, "SUP": 1}
_ALONE = frozenset(["LETTER", "NUMBER", "NAMED", "WORDS", "FRACTION", "ROOT", "ACCENT"])
"""What may be an argument without braces."""


@dataclass(slots=True)
class Level:
    """Brackets that are open: what closes them, where they began, arguments still due outside."""

    closing: str
    index: int
    due: int = 0
    matrix: bool = False
    shown: str = ""


class Brackets:
    """The terminals ``out`` that were read up to token ``i``, and the brackets open there.

    ``due``: arguments of commands that are to come.
    """

    def __init__(self, tokens: Any) -> None:
        self.tokens = tokens
        self.out: list[Terminal] = []
        self.levels: list[Level] = []
        self.due = 0
        self.i = 0
        self.end = len(tokens)

    def emit(self, kind: str, text: str, start: int, end: int = -1) -> None:
        """Add a terminal; refused where an argument is due and it is none."""
        if self.due:
            if kind not in _ALONE:
                self.refuse_due(text, start)
            self.due -= 1
        self.due += _ARGUMENTS.get(kind, 0)
        self.add(kind, text, start, start + 1 if end < 0 else end)

    def add(self, kind: str, text: str, start: int, end: int) -> None:
        """Add a terminal as it is."""
        self.out.append(Terminal(kind, text, start_pos=start, end_pos=end))

    def fail(self, reason: str, index: int) -> NoReturn:
        """Refuse the formula at a token."""
        raise NotationError(reason, index)

    def refuse_due(self, text: str, index: int) -> None:
        """Refuse what is no argument where one is due."""
        if self.due:
            self.fail(f"an argument is due before {text}: put it in braces", index)

    def peek(self, i: int) -> str:
        """The text of the token behind ``i``."""
        return self.tokens[i + 1].text if i + 1 < self.end else ""

    def push(self, level: Level) -> None:
        """Open brackets."""
        if len(self.levels) >= NESTED:
            self.fail(
                f"brackets are nested deeper than {NESTED}: name a part of the formula", level.index
            )
        self.levels.append(level)

    def pop(self, closing: str, i: int) -> Level:
        """Close the innermost brackets."""
        self.refuse_due(closing, i)
        if not self.levels:
            self.fail(f"{closing} closes nothing that is open", i)
        level = self.levels.pop()
        if level.closing != closing:
            self.fail(
                f"{level.shown} is closed by {closing}: brackets are read in pairs, "
                f"write {level.closing}",
                i,
            )
        return level

    def bracket(self, i: int, text: str) -> None:
        """An opening bracket; of an index where a root stands before."""
        if text == "[" and self.out and self.out[-1].type == "ROOT":
            self.push(Level("]", i, self.due, shown="["))
            self.due = 0
            self.add("OPTION_OPEN", "[", i, i + 1)
            return
        self.refuse_due(text, i)
        self.push(Level(BRACKETS[text], i, shown=text))
        self.add("OPEN", text, i, self.i)

    def unbracket(self, i: int, text: str) -> None:
        """A closing bracket."""
        level = self.pop(text, i)
        self.due = level.due
        option = level.due and level.shown == "["
        self.add("OPTION_CLOSE" if option else "CLOSE", text, i, self.i)

    def bar(self, i: int, text: str) -> None:
        """``|`` opens, closes, or stands behind what is evaluated at the place below it."""
        self.refuse_due(text, i)
        after = bool(self.out) and self.out[-1].type in _OPERANDS
        inside = self.levels[-1] if self.levels else None
        if after and inside is not None and inside.shown == text:
            self.unbracket(i, text)
        elif after and i + 1 < self.end and self.tokens[i + 1].kind == "sub":
            self.emit("MARK", "|", i)
        else:
            self.push(Level(text, i, shown=text))
            self.add("OPEN", text, i, i + 1)

    def sized(self, i: int, text: str) -> None:
        r"""``\left`` or ``\right`` with the bracket behind it."""
        mark = {"<": r"\langle", ">": r"\rangle"}.get(self.peek(i), self.peek(i))
        self.i = i + 2
        shown = text + mark
        if text == r"\left":
            closing = "." if mark == "." else BRACKETS.get(mark)
            if closing is None:
                self.fail(f"{shown} is no bracket", i)
            self.refuse_due(shown, i)
            self.push(Level(r"\right" + str(closing), i, shown=shown))
            self.add("OPEN", shown, i, self.i)
            return
        level = self.levels[-1] if self.levels else None
        again = self._opened_again(i) if mark == "." else 0
        if again:
            self.i = again
            return
        invisible = (
            level is not None
            and level.shown.startswith(r"\left")
            and (level.shown == r"\left." or mark == ".")
        )
        self.pop(level.closing if level is not None and invisible else shown, i)
        self.add("CLOSE", shown, i, self.i)

    def _opened_again(self, i: int) -> int:
        r"""Behind ``\right. \\ \left.``, which carries brackets over to the next row; else 0."""
        closed, k = self._unseen(r"\right", i)
        row = k
        while k < self.end and self.tokens[k].kind in ("newline", "align"):
            k += 1
        opened, after = self._unseen(r"\left", k)
        inner = self.levels[-closed:] if closed <= len(self.levels) else []
        carried = bool(inner) and all(level.shown.startswith(r"\left") for level in inner)
        return after if k > row and opened == closed and carried else 0

    def _unseen(self, side: str, k: int) -> tuple[int, int]:
        r"""How many ``\right.`` or ``\left.`` stand in a row from ``k`` on, and where they end."""
        count = 0
        while k + 1 < self.end and (self.tokens[k].text, self.tokens[k + 1].text) == (side, "."):
            count, k = count + 1, k + 2
        return count, k
