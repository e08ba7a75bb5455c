"""The characters of a file as TeX's tokens, under TeX's usual categories of characters."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from .limits import Spent
from .misspelt import misspelt
from .tokens import Place, TexError

__all__ = ["Raw", "Scanner", "Source", "letters_with_at"]


class Raw(NamedTuple):
    """A token of TeX, before macros are expanded.

    ``kind``: "command", "letter", "digit", "other", "open", "close", "sub", "sup", "align", "math"
    (``$``), "hash", "active" (``~``), "space", "par", "eof"; "note" and "endnote": the text of an
    annotation on a line of its own, or at the end of one; of macros also "parameter", "frozen" (a
    command in its first meaning) and "endenv".  ``start``, ``end``: offsets in ``source``.
    ``depth``: of macros around it.
    """

    kind: str
    text: str
    source: Source
    start: int
    end: int
    depth: int

    @property
    def place(self) -> Place:
        """Where the author wrote it."""
        return self.source.place(self.start)


class Source:
    """The text of a file and its lines; ``folder``: where files that it names are looked for."""

    def __init__(self, name: str, text: str, folder: str = "", *, quiet: bool = False) -> None:
        self.name = name
        self.text = text
        self.folder = folder
        self.quiet = quiet
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._last = (-1, Place(name, 1, 1))

    def place(self, offset: int) -> Place:
        """The line and the column of an offset."""
        if self._last[0] != offset:
            line = bisect_right(self._lines, offset)
            self._last = (offset, Place(self.name, line, offset - self._lines[line - 1] + 1))
        return self._last[1]

    def line_start(self, offset: int) -> int:
        """The offset of the beginning of its line."""
        return self._lines[bisect_right(self._lines, offset) - 1]


REFUSED = {
    name: f"{name} asks TeX to {what}; nothing is executed here: remove it or comment it out"
    for what, names in {
        "write to a file or to run a program": (
            r"\write \immediate \openout \closeout \ShellEscape \pdfshellescape"
        ),
        "read another file": r"\openin \read \readline \pdffiledump",
        "run a program in Lua": r"\directlua \latelua \luadirect \luaexec \luacode",
    }.items()
    for name in names.split()
}
"""Commands whose sight ends the reading."""

KINDS: dict[str, str] = {
    **dict.fromkeys("0123456789", "digit"),
    **dict.fromkeys("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "letter"),
    "{": "open",
    "}": "close",
    "$": "math",
    "&": "align",
    "#": "hash",
    "~": "active",
    "_": "sub",
    "^": "sup",
    **dict.fromkeys(" \t\n\f\v", "space"),
}
_SPACE = re.compile(r"[ \t\f\v\n]+")
_WORD = re.compile(r"[A-Za-z]+")
_WORD_AT = re.compile(r"[A-Za-z@]+")
_PROSE = re.compile(r"[^\\{}$%]+")
_COMMENT = re.compile(r"[^\n]*\n?[ \t\f\v]*")
_NOTE = re.compile(r"(?i)%+[ \t]*lemmata[ \t]*:[ \t]*([^\n]*)")

LINE = 2000
"""Characters in which a verbatim text or an address ends."""


def letters_with_at(is_letter: bool) -> re.Pattern[str]:
    """What the names of commands are made of."""
    return _WORD_AT if is_letter else _WORD


class Scanner:
    """Reads one file; ``pushed`` are tokens to read before the rest of it, the next one last."""

    def __init__(self, source: Source, spent: Spent, position: int = 0) -> None:
        self.source = source
        self.position = position
        self.pushed: list[Raw] = []
        self.letters = _WORD_AT if source.quiet else _WORD
        self.skipping = source.quiet
        self._spent = spent
        self._fresh = True  # nothing but blanks on this line so far: the next line end is empty

    def next(self) -> Raw:
        """The next token; "eof" at the end, again and again."""
        if self.pushed:
            return self.pushed.pop()
        text, size = self.source.text, len(self.source.text)
        while self.position < size:
            start = self.position
            character = text[start]
            kind = KINDS.get(character)
            if kind == "space":
                return self._space(start)
            if character == "%":
                note = self._comment(start)
                if note is not None:
                    return note
                continue
            self._fresh = False
            if character == "\\":
                return self._command(start)
            self.position = start + 1
            if kind is None:
                kind = "letter" if character.isalpha() else "other"
            return Raw(kind, character, self.source, start, start + 1, 0)
        return Raw("eof", "", self.source, size, size, 0)

    def skip_prose(self) -> bool:
        """Go past running text; whether there was more than blanks."""
        if self.pushed:
            return False
        found = _PROSE.match(self.source.text, self.position)
        if found is None:
            return False
        self.position = found.end()
        self._fresh = False
        return not found[0].isspace()

    def first_solid(self, start: int) -> Place:
        """The place of the first character that is no blank, from an offset on."""
        blank = _SPACE.match(self.source.text, start)
        return self.source.place(start if blank is None else blank.end())

    def skip_verbatim(self) -> None:
        """Go past ``|...|``, between two equal characters in one line."""
        text, start = self.source.text, self.position
        if self.pushed or start >= len(text):
            return
        start += text[start] == "*"
        end = text.find(text[start : start + 1], start + 1, start + LINE)
        if end > 0 and "\n" not in text[start:end]:
            self.position = end + 1

    def skip_braces(self) -> None:
        """Go past ``{...}`` whatever stands in it, in one line."""
        text, start = self.source.text, self.position
        if self.pushed or text[start : start + 1] != "{":
            return
        depth = 0
        for end in range(start, min(start + LINE, len(text))):
            depth += (text[end] == "{") - (text[end] == "}")
            if depth == 0:
                self.position = end + 1
                return

    def skip_past(self, mark: str) -> bool:
        """Go behind the next ``mark``, whatever stands before; to the end where there is none."""
        found = self.source.text.find(mark, self.position)
        self.position = len(self.source.text) if found < 0 else found + len(mark)
        self._fresh = False
        return found >= 0

    def finish(self) -> None:
        """Read no further."""
        self.pushed.clear()
        self.position = len(self.source.text)

    def _command(self, start: int) -> Raw:
        text = self.source.text
        word = self.letters.match(text, start + 1)
        if word is None:
            self.position = min(start + 2, len(text))
            name = text[start : self.position]
            if name in ("\\", "\\\n", "\\\t"):
                name = "\\ "  # a control space
            return Raw("command", name, self.source, start, self.position, 0)
        end = word.end()
        name = text[start:end]
        blank = _SPACE.match(text, end)
        # Blanks behind a word belong to it, but not an empty line.
        self.position = end if blank is None or blank[0].count("\n") > 1 else blank.end()
        if name in REFUSED and not self.skipping:
            raise TexError(REFUSED[name], self.source.place(start))
        return Raw("command", name, self.source, start, end, 0)

    def _comment(self, start: int) -> Raw | None:
        text = self.source.text
        self._spent.step(1, None)
        end = _COMMENT.match(text, start)
        assert end is not None
        self.position = end.end()
        self._fresh = True
        note = _NOTE.match(text, start) or misspelt(text, start)
        if note is None:
            return None
        own = not text[self.source.line_start(start) : start].strip()
        kind, told = ("note" if own else "endnote"), note[1].rstrip()
        return Raw(kind, told, self.source, note.start(1), note.start(1) + len(told), 0)

    def _space(self, start: int) -> Raw:
        found = _SPACE.match(self.source.text, start)
        assert found is not None
        self.position = found.end()
        ends = found[0].count("\n")
        kind = "par" if ends > 1 or (self._fresh and ends) else "space"
        self._fresh = ends > 0
        return Raw(kind, " ", self.source, start, found.end(), 0)
