"""The tokens that are handed on: digits put together to numbers as TeX would print them."""

from __future__ import annotations

from collections.abc import Iterable

from .commands import ARGUMENTS
from .scanner import Raw
from .spaces import parted_by_spaces
from .tokens import Kind, Token

__all__ = ["tokens_of"]

KINDS: dict[str, Kind] = {
    "command": "command",
    "letter": "letter",
    "other": "symbol",
    "hash": "symbol",
    "open": "open",
    "close": "close",
    "sub": "sub",
    "sup": "sup",
    "align": "align",
    "newline": "newline",
    "text": "text",
}


def tokens_of(items: Iterable[Raw | None]) -> tuple[Token, ...]:
    """The tokens of a formula; None among the items is dropped space, which ends a number.

    A wide space is kept where it separates two formulas.

    TeX takes a single digit where an argument is due: behind ``_``, ``^`` and behind commands such
    as ``\\frac``.
    """
    assembly = _Assembly()
    for item in parted_by_spaces(tuple(items)):
        assembly.take(item)
    return tuple(assembly.tokens())


class _Assembly:
    """``due``: arguments still due in every open brace, and in the index of every root."""

    def __init__(self) -> None:
        self._found: list[Token] = []
        self._digits: list[Raw] = []
        self._due = [0]
        self._in_index = [False]
        self._index_may_follow = False

    def take(self, raw: Raw | None) -> None:
        if raw is None:
            self._end_number()
        elif raw.kind == "digit" or (raw.kind == "other" and raw.text == "."):
            self._take_digit(raw)
        else:
            self._end_number()
            self._take_other(raw)

    def tokens(self) -> list[Token]:
        self._end_number()
        return self._found

    def _take_digit(self, raw: Raw) -> None:
        self._index_may_follow = False
        if raw.text == "." and not self._digits and self._is_delimiter():
            self._found.append(Token("symbol", ".", raw.place))
            return
        if self._due[-1]:
            self._due[-1] -= 1
            kind: Kind = "number" if raw.kind == "digit" else "symbol"
            self._found.append(Token(kind, raw.text, raw.place))
            return
        if raw.text == "." and any(digit.text == "." for digit in self._digits[-1:]):
            self._end_number()
        self._digits.append(raw)

    def _is_delimiter(self) -> bool:
        """Whether a point is no part of a number but the bracket that does not show."""
        return bool(self._found) and self._found[-1].text in (r"\left", r"\right")

    def _end_number(self) -> None:
        """Split digits and points into numbers; a point that no digit follows is punctuation."""
        digits, self._digits = self._digits, []
        start = 0
        while start < len(digits):
            end, pointed = start, False
            while end < len(digits):
                point = digits[end].text == "."
                if point and (pointed or end + 1 == len(digits)):
                    break
                pointed = pointed or point
                end += 1
            if end == start:
                self._found.append(Token("symbol", ".", digits[start].place))
                start += 1
                continue
            text = "".join(digit.text for digit in digits[start:end])
            self._found.append(Token("number", text, digits[start].place))
            start = end

    def _take_other(self, raw: Raw) -> None:
        kind, text = raw.kind, raw.text
        may_be_index, self._index_may_follow = self._index_may_follow, False
        self._found.append(Token(KINDS[kind], text, raw.place))
        if kind == "other" and text == "[" and may_be_index:
            self._open(index=True)
        elif kind == "other" and text == "]" and self._in_index[-1]:
            self._close()
        elif kind == "close":
            while self._in_index[-1]:
                self._close()
            if len(self._due) > 1:
                self._close()
        elif kind in ("sub", "sup"):
            self._due[-1] = max(self._due[-1], 1)
        else:
            if self._due[-1]:
                self._due[-1] -= 1
            if kind == "open":
                self._open(index=False)
            elif kind == "command" and text in ARGUMENTS:
                self._due[-1] += ARGUMENTS[text]
                self._index_may_follow = text == r"\sqrt"

    def _open(self, *, index: bool) -> None:
        self._due.append(0)
        self._in_index.append(index)

    def _close(self) -> None:
        self._due.pop()
        self._in_index.pop()
