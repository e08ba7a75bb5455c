r"""Words in a formula: names of functions, ``\operatorname{erf}``, and ``\text{const}``."""

from __future__ import annotations

from .constancy import CONSTANT, constant_word
from .environments import Rows
from .signs import COMMANDS, FONTS, FUNCTIONS, SYMBOLS

__all__ = ["Wording"]

_SIDES = frozenset(("RELATION", "COMMA", "SEMICOLON", "IMPLIES"))
"""Terminals beside which a word stands alone on a side of a relation."""


class Wording(Rows):
    """Reads words; which of them mean something is decided later."""

    def _text(self, i: int, text: str) -> None:
        if self.due:
            self.emit("WORDS", text, i)
        elif constant_word(text) and self._is_side(i + 1):
            self.emit("LETTER", CONSTANT, i)
        elif text.strip() in FUNCTIONS:
            self.emit("NAMED", r"\text{" + text.strip() + "}", i)
        else:
            self.emit("TEXT", text, i)

    def _is_side(self, after: int) -> bool:
        """Whether what was read before and what begins at ``after`` leave it alone on a side."""
        begins = not self.out or self.out[-1].type in _SIDES
        if after >= self.end or self.due:
            return begins and not self.due
        following = self.tokens[after]
        relates = SYMBOLS.get(following.text) or COMMANDS.get(following.text)
        return begins and (relates in _SIDES or following.kind in ("newline", "align"))

    def _constant(self, i: int) -> bool:
        r"""Whether ``\mathrm{const.}`` stands there, on a side of its own; it is read then."""
        group = self.tokens[i + 1 : i + 13]
        close = next((k for k, token in enumerate(group) if token.kind == "close"), 0)
        word = "".join(token.text for token in group[1:close])
        after = i + 2 + close
        if not (close and constant_word(word) and self._is_side(after)):
            return False
        self.i = after
        self.emit("LETTER", CONSTANT, i, after)
        return True

    def _word(self, i: int) -> str:
        """The letters in braces behind a command, or nothing where there are others."""
        k, found = i + 1, ""
        if k >= self.end or self.tokens[k].kind != "open":
            return ""
        while k + 1 < self.end and self.tokens[k + 1].kind == "letter":
            k += 1
            found += self.tokens[k].text
        closed = k + 1 < self.end and self.tokens[k + 1].kind == "close"
        return found if closed else ""

    def _named(self, i: int, text: str) -> None:
        k = i + 2 if self.peek(i) == "*" else i + 1
        word = self._word(k - 1)
        if word:
            self.i = k + len(word) + 2
            self.emit("NAMED", text + "{" + word + "}", i, self.i)
        elif not self._is_font(k):
            self.fail(f"{text} needs a name of letters in braces", i)

    def _is_font(self, k: int) -> bool:
        r"""Whether the braces hold one letter in a font, as in ``\operatorname{\mathbb{E}}``."""
        texts = [token.text for token in self.tokens[k : k + 6]]
        return texts[:1] == ["{"] and texts[1:2] in [[f] for f in FONTS] and "}" in texts[3:6]
