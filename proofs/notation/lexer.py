r"""Tokens of a manuscript as terminals of the grammar.

Here brackets are matched, the arguments of commands are cut out as TeX does, ``|`` opens or
closes, and the rows of an equation are joined; all else is the grammar's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

from lark import Token as Terminal
from lark.lexer import Lexer

from .differentials import integral_signs, upright_d
from .errors import NotationError
from .signs import BRACKETS, COMMANDS, DROPPED, ENVIRONMENTS, FONTS, FUNCTIONS, SYMBOLS

__all__ = ["LONGEST", "NESTED", "FormulaLexer", "terminals"]

NESTED = 40
"""Brackets inside brackets; a page shows about ten."""
LONGEST = 5000
"""Tokens of one formula: as many as ``tex.limits`` lets through."""

_CLOSING = frozenset(BRACKETS.values()) - {"|", r"\|", r"\vert", r"\Vert"}
_BARS = {"|": "|", r"\vert": "|", r"\|": r"\|", r"\Vert": r"\|"}
_OPERANDS = frozenset(
    ["LETTER", "NUMBER", "NAMED", "MARK", "WORDS", "RBRACE", "CLOSE", "PRIME", "END"]
)
_JOINING = frozenset(["RELATION", "IMPLIES", "SIGN", "MULTIPLY", "COMMA", "SEMICOLON"])
_ARGUMENTS = {"FRACTION": 2, "ACCENT": 1, "ROOT": 1, "SUB": 1, "SUP": 1}
_ALONE = frozenset(["LETTER", "NUMBER", "NAMED", "WORDS", "FRACTION", "ROOT", "ACCENT"])
"""What may be an argument without braces."""
_INVISIBLE = frozenset(["split", "aligned", "gathered", "multlined", "alignedat", "gathered*"])


class FormulaLexer(Lexer):
    """Hands the terminals of ``terminals`` to the parser."""

    def __init__(self, lexer_conf: Any) -> None:
        """Nothing to prepare: the terminals are declared in the grammar."""

    def lex(self, data: Any) -> Any:  # type: ignore[override]
        """The terminals as they come."""
        return iter(data)


@dataclass(slots=True)
class _Level:
    """Brackets that are open: what closes them, where they began, arguments still due outside."""

    closing: str
    index: int
    due: int = 0
    matrix: bool = False
    shown: str = ""


def terminals(tokens: Any) -> list[Terminal]:
    """The terminals of a formula.  Raises ``NotationError`` where brackets or arguments fail."""
    return _Scan(tokens).all()


class _Scan:
    def __init__(self, tokens: Any) -> None:
        self.tokens = tokens
        self.out: list[Terminal] = []
        self.levels: list[_Level] = []
        self.due = 0
        self.i = 0
        self.end = len(tokens)
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
            self._fail("the formula ends where an argument is due", self.end - 1)
        if self.levels:
            level = self.levels[-1]
            self._fail(f"{level.shown} is not closed: add {level.closing}", level.index)
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
        sign = self.signs.get(i)
        if sign in ("DIFFERENTIAL", "LEADING"):
            length = 1 if token.kind == "letter" else upright_d(self.tokens, i)
            text = token.text if length == 1 else r"\mathrm{d}"
            self.i = i + length
            self._emit(sign, text, i, self.i)
        else:
            getattr(self, "_" + token.kind)(i, token.text)

    def _emit(self, kind: str, text: str, start: int, end: int = -1) -> None:
        if self.due:
            if kind not in _ALONE:
                self._due(text, start)
            self.due -= 1
        self.due += _ARGUMENTS.get(kind, 0)
        end = start + 1 if end < 0 else end
        self.out.append(Terminal(kind, text, start_pos=start, end_pos=end))

    def _fail(self, reason: str, index: int) -> NoReturn:
        raise NotationError(reason, index)

    def _due(self, text: str, index: int) -> None:
        if self.due:
            self._fail(f"an argument is due before {text}: put it in braces", index)

    # letters, digits, words

    def _letter(self, i: int, text: str) -> None:
        self._emit("LETTER", text, i)

    def _number(self, i: int, text: str) -> None:
        if not self.due:
            if self.out and self.out[-1].type == "NUMBER" and self.factor == len(self.out):
                self._fail(
                    f"{self.out[-1]} and {text} stand side by side: write the sign between them", i
                )
            self.factor = len(self.out) + 1
        self._emit("NUMBER", text, i)

    def _text(self, i: int, text: str) -> None:
        if self.due:
            self._emit("WORDS", text, i)
        elif text.strip() in FUNCTIONS:
            self._emit("NAMED", r"\text{" + text.strip() + "}", i)
        else:
            self._emit("TEXT", text, i)

    # scripts and braces

    def _sub(self, i: int, text: str) -> None:
        self._script("SUB", i, text)

    def _sup(self, i: int, text: str) -> None:
        self._script("SUP", i, text)

    def _script(self, kind: str, i: int, text: str) -> None:
        self._due(text, i)
        self._emit(kind, text, i)

    def _open(self, i: int, text: str) -> None:
        if self._is_nothing(i) and not self.due:
            self.i = i + 2
            return
        self._push(_Level("}", i, max(self.due - 1, 0), shown="{"))
        self.due = 0
        self.out.append(Terminal("LBRACE", text, start_pos=i, end_pos=i + 1))
        inner = self.tokens[i + 1 : i + 3]
        if len(inner) == 2 and inner[1].kind == "close" and self._is_sign(inner[0]):
            self._emit("LETTER", inner[0].text, i + 1)
            self.i = i + 2

    def _is_nothing(self, i: int) -> bool:
        """``{}`` before a sign, as in ``\\\\ {}+ 1``; with an index it begins a name."""
        following = self.tokens[i + 1 : i + 3]
        return (
            len(following) == 2
            and following[0].kind == "close"
            and following[1].kind not in ("sub", "sup")
        )

    def _is_sign(self, token: Any) -> bool:
        kind = COMMANDS.get(token.text) or SYMBOLS.get(token.text)
        return kind in ("SIGN", "MULTIPLY") and token.kind in ("symbol", "command")

    def _close(self, i: int, text: str) -> None:
        level = self._pop("}", i)
        self.due = level.due
        self.out.append(
            Terminal("END" if level.matrix else "RBRACE", text, start_pos=i, end_pos=i + 1)
        )

    def _push(self, level: _Level) -> None:
        if len(self.levels) >= NESTED:
            self._fail(
                f"brackets are nested deeper than {NESTED}: name a part of the formula", level.index
            )
        self.levels.append(level)

    def _pop(self, closing: str, i: int) -> _Level:
        self._due(closing, i)
        if not self.levels:
            self._fail(f"{closing} closes nothing that is open", i)
        level = self.levels.pop()
        if level.closing != closing:
            self._fail(
                f"{level.shown} is closed by {closing}: brackets are read in pairs, "
                f"write {level.closing}",
                i,
            )
        return level

    # signs

    def _symbol(self, i: int, text: str) -> None:
        kind = SYMBOLS.get(text)
        if text == "|":
            self._bar(i, text)
        elif text in BRACKETS:
            self._bracket(i, text)
        elif text in _CLOSING:
            self._unbracket(i, text)
        elif text == ":" and self._peek(i) == "=":
            self.i = i + 2
            self._emit("RELATION", ":=", i, i + 2)
        elif self.due and text in "+-*":
            self._emit("LETTER", text, i)
        elif kind is None:
            self._fail(f"the sign {text} is not read in a formula", i)
        else:
            self._emit(kind, text, i)

    def _peek(self, i: int) -> str:
        return self.tokens[i + 1].text if i + 1 < self.end else ""

    def _bracket(self, i: int, text: str, shown: str = "") -> None:
        if text == "[" and self.out and self.out[-1].type == "ROOT" and not shown:
            self._push(_Level("]", i, self.due, shown="[", matrix=False))
            self.due = 0
            self.out.append(Terminal("OPTION_OPEN", "[", start_pos=i, end_pos=i + 1))
            return
        self._due(text, i)
        self._push(_Level(BRACKETS[text], i, shown=shown or text))
        self.out.append(Terminal("OPEN", shown or text, start_pos=i, end_pos=self.i))

    def _unbracket(self, i: int, text: str, shown: str = "") -> None:
        level = self._pop(text, i)
        self.due = level.due
        option = level.due and level.shown == "["
        kind = "OPTION_CLOSE" if option else "CLOSE"
        self.out.append(Terminal(kind, shown or text, start_pos=i, end_pos=self.i))

    def _bar(self, i: int, text: str) -> None:
        self._due(text, i)
        after = bool(self.out) and self.out[-1].type in _OPERANDS
        inside = self.levels[-1] if self.levels else None
        if after and inside is not None and inside.shown == text:
            self._unbracket(i, text)
        elif after and i + 1 < self.end and self.tokens[i + 1].kind == "sub":
            self._emit("MARK", "|", i)
        else:
            self._push(_Level(text, i, shown=text))
            self.out.append(Terminal("OPEN", text, start_pos=i, end_pos=i + 1))

    # commands

    def _command(self, i: int, text: str) -> None:
        kind = COMMANDS.get(text)
        if text in (r"\quad", r"\qquad"):
            self._space(i, text)
            return
        if text in DROPPED:
            return
        if text in (r"\left", r"\right"):
            self._sized(i, text)
        elif text in _BARS:
            self._bar(i, _BARS[text])
        elif text in BRACKETS:
            self._bracket(i, text)
        elif text in _CLOSING:
            self._unbracket(i, text)
        elif text.startswith((r"\begin", r"\end", r"\substack")):
            self._environment(i, text)
        elif text in (r"\operatorname", r"\mathop") or (
            text in FONTS and self._word(i) in FUNCTIONS
        ):
            self._named(i, text)
        elif kind is None:
            self._fail(f"the command {text} is not read: define it, or write what it stands for", i)
        elif self.due and kind in ("SIGN", "MULTIPLY"):
            self._emit("LETTER", text, i)
        else:
            self._emit(self.signs.get(i, kind), text, i)

    def _space(self, i: int, text: str) -> None:
        """A wide space between two formulas is a comma; tex keeps it nowhere else."""
        beside = not self.out or self.out[-1].type in _JOINING or self.signs.get(self.i)
        if not (beside or self.levels or self.due):
            self._emit("COMMA", text, i)

    def _sized(self, i: int, text: str) -> None:
        mark = {"<": r"\langle", ">": r"\rangle"}.get(self._peek(i), self._peek(i))
        self.i = i + 2
        shown = text + mark
        if text == r"\left":
            closing = "." if mark == "." else BRACKETS.get(mark)
            if closing is None:
                self._fail(f"{shown} is no bracket", i)
            self._due(shown, i)
            self._push(_Level(r"\right" + str(closing), i, shown=shown))
            self.out.append(Terminal("OPEN", shown, start_pos=i, end_pos=self.i))
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
        self._pop(level.closing if level is not None and invisible else shown, i)
        self.out.append(Terminal("CLOSE", shown, start_pos=i, end_pos=self.i))

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
        k = i + 2 if self._peek(i) == "*" else i + 1
        word = self._word(k - 1)
        if not word:
            self._fail(f"{text} needs a name of letters in braces", i)
        self.i = k + len(word) + 2
        self._emit("NAMED", text + "{" + word + "}", i, self.i)

    # environments

    def _environment(self, i: int, text: str) -> None:
        name = (
            "substack" if text == r"\substack" else text.partition("{")[2].rstrip("}").rstrip("*")
        )
        if name in _INVISIBLE:
            return
        if name not in ENVIRONMENTS:
            self._fail(f"the environment {name or text} is not read in a formula", i)
        if text.startswith(r"\end"):
            self._pop(rf"\end{{{name}}}", i)
            self._emit("END", name, i)
            return
        if text == r"\substack":
            if self._peek(i) != "{":
                self._fail(r"\substack needs its rows in braces", i)
            self.i = i + 2
        if self.due:
            self.due -= 1
        closing = "}" if text == r"\substack" else rf"\end{{{name}}}"
        self._push(_Level(closing, i, self.due, matrix=True, shown=text))
        self.due = 0
        self.out.append(Terminal("BEGIN", name, start_pos=i, end_pos=self.i))

    def _align(self, i: int, text: str) -> None:
        if self.levels and self.levels[-1].matrix:
            self._emit("ALIGN", text, i)

    def _newline(self, i: int, text: str) -> None:
        if self.levels and self.levels[-1].matrix:
            self._emit("NEWLINE", text, i)
            return
        k = i + 1
        while k < self.end and (self.tokens[k].kind == "align" or self.tokens[k].text in DROPPED):
            k += 1
        if k + 2 < self.end and self.tokens[k].kind == "open" and self._is_nothing(k):
            k += 2
        following = self.tokens[k] if k < self.end else None
        if following is None or not self.out:
            return
        kind = COMMANDS.get(following.text) or SYMBOLS.get(following.text)
        closes = following.text in _CLOSING or following.text == r"\right"
        if kind not in _JOINING and not closes and self.out[-1].type not in _JOINING:
            self._fail(
                "a new row begins with neither a relation nor an operator: "
                "state it as an equation of its own",
                k,
            )
