r"""Tokens of a manuscript as terminals of the grammar.

Here brackets are matched, the arguments of commands are cut out as TeX does, ``|`` opens or
closes, and the rows of an equation are joined; all else is the grammar's.
"""

from __future__ import annotations

from typing import Any

from lark import Token as Terminal
from lark.lexer import Lexer

from .brackets import CLOSING, Level
from .differentials import integral_signs, upright_d
from .environments import JOINING
from .errors import NotationError
from .infix import INFIX, prefixed
from .marked import STACKED, relation_at
from .printed import Printed
from .signs import BRACKETS, COMMANDS, DROPPED, FONTS, FUNCTIONS, SYMBOLS, UNREAD

__all__ = ["LONGEST", "FormulaLexer", "terminals"]

LONGEST = 5000
"""Tokens of one formula: as many as ``tex.limits`` lets through."""

_BARS = {"|": "|", r"\vert": "|", r"\|": r"\|", r"\Vert": r"\|"}
_MARKED = STACKED | {":", "=", "{", r"\not"}


class FormulaLexer(Lexer):
    """Hands the terminals of ``terminals`` to the parser."""

    def __init__(self, lexer_conf: Any) -> None:
        """Nothing to prepare: the terminals are declared in the grammar."""

    def lex(self, data: Any) -> Any:  # type: ignore[override]
        """The terminals as they come."""
        return iter(data)


def terminals(tokens: Any) -> list[Terminal]:
    """The terminals of a formula.  Raises ``NotationError`` where brackets or arguments fail."""
    return prefixed(_Scan(tokens).all())


class _Scan(Printed):
    def __init__(self, tokens: Any) -> None:
        super().__init__(tokens)
        self.signs: dict[int, str] = {}
        self.factor = 0  # terminals up to the last number that is no argument

    def all(self) -> list[Terminal]:
        if len(self.tokens) > LONGEST:
            raise NotationError(f"the formula has more than {LONGEST} tokens: state it in parts", 0)
        self._strip()
        if any(token.text == r"\int" for token in self.tokens):
            self.signs = integral_signs(self.tokens)
        while self.i < self.end:
            self._one()
        if self.due:
            self.fail("the formula ends where an argument is due", self.end - 1)
        if self.levels:
            level = self.levels[-1]
            self.fail(f"{level.shown} is not closed: add {level.closing}", level.index)
        return self.out

    def _strip(self) -> None:
        """Leave out the punctuation that ends a sentence."""
        while self.end and (
            (
                self.tokens[self.end - 1].kind == "symbol"
                and self.tokens[self.end - 1].text in ".,;:"
                and not (self.end > 1 and self.tokens[self.end - 2].text == r"\right")
            )
            or self.tokens[self.end - 1].kind in ("newline", "align")
            or self.tokens[self.end - 1].text in DROPPED
        ):
            self.end -= 1

    def _one(self) -> None:
        i, token = self.i, self.tokens[self.i]
        self.i += 1
        if token.kind in ("letter", "symbol") and self.printed(i, token.text):
            return
        sign = self.signs.get(i)
        marked = None
        if token.text in _MARKED and not self.due:
            marked = relation_at(self.tokens, i)
        if sign in ("DIFFERENTIAL", "LEADING"):
            length = 1 if token.kind == "letter" else upright_d(self.tokens, i)
            text = token.text if length == 1 else r"\mathrm{d}"
            self.i = i + length
            self.emit(sign, text, i, self.i)
        elif marked is not None:
            self.i = marked[1]
            self.emit("RELATION", marked[0], i, self.i)
        else:
            getattr(self, "_" + token.kind)(i, token.text)

    # letters, digits, words

    def _letter(self, i: int, text: str) -> None:
        self.emit("LETTER", text, i)

    def _number(self, i: int, text: str) -> None:
        if not self.due:
            if self.out and self.out[-1].type == "NUMBER" and self.factor == len(self.out):
                self.fail(
                    f"{self.out[-1]} and {text} stand side by side: write the sign between them", i
                )
            self._refuse_power_of_ten(i)
            self.factor = len(self.out) + 1
        self.emit("NUMBER", text, i)

    def _refuse_power_of_ten(self, i: int) -> None:
        """``1e-3`` without spaces is a number in programs, and prints e - 3 here."""
        signed = self.peek(i + 1) in ("-", "+")
        tokens = self.tokens[i : i + 3 + signed]
        if len(tokens) < 3 + signed or tokens[1].text != "e" or tokens[-1].kind != "number":
            return
        column = tokens[0].place.column
        written = [(token.place.line, token.place.column) for token in tokens]
        widths = [len(token.text) for token in tokens]
        close = [column + sum(widths[:n]) for n in range(len(tokens))]
        if written == [(tokens[0].place.line, c) for c in close]:
            shown = "".join(token.text for token in tokens)
            self.fail(
                f"{shown} prints e between two numbers: write 10^{{...}} for a power of ten, and "
                "spaces or signs for a product with e",
                i,
            )

    # scripts and braces

    def _sub(self, i: int, text: str) -> None:
        self._script("SUB", i, text)

    def _sup(self, i: int, text: str) -> None:
        self._script("SUP", i, text)

    def _script(self, kind: str, i: int, text: str) -> None:
        self.refuse_due(text, i)
        self.emit(kind, text, i)

    def _open(self, i: int, text: str) -> None:
        if self.is_nothing(i) and not self.due:
            self.i = i + 2
            return
        sign = self.tokens[i + 1 : i + 3]
        if not self.due and len(sign) == 2 and sign[1].kind == "close" and self._is_sign(sign[0]):
            self.i = i + 1  # \mathbin{+}: a sign without the space around it
            self._one()
            self.i = i + 3
            return
        self.push(Level("}", i, max(self.due - 1, 0), shown="{"))
        self.due = 0
        self.add("LBRACE", text, i, i + 1)
        inner = self.tokens[i + 1 : i + 3]
        if len(inner) == 2 and inner[1].kind == "close" and self._is_sign(inner[0]):
            self.emit("LETTER", inner[0].text, i + 1)
            self.i = i + 2

    def _is_sign(self, token: Any) -> bool:
        kind = COMMANDS.get(token.text) or SYMBOLS.get(token.text)
        return kind in ("SIGN", "MULTIPLY") and token.kind in ("symbol", "command")

    def _close(self, i: int, text: str) -> None:
        level = self.pop("}", i)
        self.due = level.due
        self.add("END" if level.matrix else "RBRACE", text, i, i + 1)

    # signs

    def _symbol(self, i: int, text: str) -> None:
        kind = SYMBOLS.get(text)
        if text in ".,;" and self.ends_cell(i):
            return
        if text == "|":
            self.bar(i, text)
        elif text in BRACKETS:
            self.bracket(i, text)
        elif text in CLOSING:
            self.unbracket(i, text)
        elif self.due and text in "+-*":
            self.emit("LETTER", text, i)
        elif kind is None:
            self.fail(f"the sign {text} is not read in a formula", i)
        else:
            self.emit(kind, text, i)

    # commands

    def _command(self, i: int, text: str) -> None:
        kind = COMMANDS.get(text)
        if text in FONTS and self._constant(i):
            return
        if text in (r"\quad", r"\qquad"):
            self._space(i, text)
        elif text in DROPPED:
            return
        elif text in (r"\left", r"\right"):
            self.sized(i, text)
        elif text in _BARS:
            self.bar(i, _BARS[text])
        elif text in BRACKETS:
            self.bracket(i, text)
        elif text in CLOSING:
            self.unbracket(i, text)
        elif text.startswith((r"\begin", r"\end", r"\substack")):
            self.environment(i, text)
        elif text in INFIX:
            self._infix(i, text)
        elif text in (r"\operatorname", r"\mathop") or (
            text in FONTS and self._word(i) in FUNCTIONS
        ):
            self._named(i, text)
        elif kind is None:
            why = UNREAD.get(text, "define it, or write what it stands for")
            self.fail(f"the command {text} is not read: {why}", i)
        elif self.due and kind in ("SIGN", "MULTIPLY"):
            self.emit("LETTER", text, i)
        else:
            self.emit(self.signs.get(i, kind), text, i)

    def _infix(self, i: int, text: str) -> None:
        level = self.levels[-1] if self.levels else None
        if level and not (level.matrix or level.shown.startswith(("{", r"\left"))):
            self.fail(
                f"{text} divides the braces around it, not what stands in {level.shown}: "
                f"write {INFIX[text]}",
                i,
            )
        self.emit("INFIX", text, i)

    def _space(self, i: int, text: str) -> None:
        """A wide space between two formulas is a comma; tex keeps it nowhere else."""
        beside = not self.out or self.out[-1].type in JOINING or self.signs.get(self.i)
        if beside or self.due:
            return
        if self.levels:
            self.fail("a wide space in brackets parts what may be no product: write a sign", i)
        self.emit("COMMA", text, i)
