"""Macros of a manuscript, and the groups in which they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .commands import PROGRAMMING, is_condition
from .scanner import Raw
from .tokens import Problem

__all__ = ["Macro", "Macros", "Parameter", "Piece", "compiled", "delimiters"]

Piece = tuple[str, str]
"""Kind and text of a token in a body; ("parameter", "2") stands for the second argument."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """How an argument is written: "m" in braces, "o" in brackets or not at all, "s" a star.

    ``default``: what stands for brackets that are missing.  ``until``: the tokens that end the
    argument, where it has no braces of its own.  ``brackets``: those of an "o".
    """

    kind: Literal["m", "o", "s"]
    default: tuple[Piece, ...] = ()
    until: tuple[Piece, ...] = ()
    brackets: str = "[]"


MANDATORY = Parameter("m")


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro; ``opaque``: why its definition is not understood, None where it is.

    ``lead``: tokens that must follow its name, before the first argument.
    """

    name: str
    parameters: tuple[Parameter, ...] = ()
    body: tuple[Piece, ...] = ()
    opaque: Problem | None = None
    lead: tuple[Piece, ...] = ()


class Macros:
    """The macros that hold; ``restore(mark)`` ends a group that began at ``mark()``.

    The two parts of an environment ``name`` are kept as ``\\begin{name}`` and ``\\end{name}``.
    """

    def __init__(self) -> None:
        self._table: dict[str, Macro] = {}
        self._replaced: list[tuple[str, Macro | None]] = []
        self._everywhere: dict[str, int] = {}

    def get(self, name: str) -> Macro | None:
        """The macro of that name."""
        return self._table.get(name)

    def define(self, macro: Macro, everywhere: bool = False) -> None:
        """Give a name its meaning, in this group or in all."""
        if everywhere:
            self._everywhere[macro.name] = len(self._replaced)
        else:
            self._replaced.append((macro.name, self._table.get(macro.name)))
        self._table[macro.name] = macro

    def mark(self) -> int:
        """The beginning of a group."""
        return len(self._replaced)

    def restore(self, mark: int) -> None:
        """Give every name the meaning that it had at ``mark``."""
        while len(self._replaced) > mark:
            name, before = self._replaced.pop()
            if len(self._replaced) < self._everywhere.get(name, 0):
                continue  # defined everywhere since then
            if before is None:
                self._table.pop(name, None)
            else:
                self._table[name] = before


def compiled(tokens: Sequence[Raw], parameters: int) -> tuple[tuple[Piece, ...], str | None]:
    """The body of a macro with that many parameters, and why it is not understood, or None."""
    pieces: list[Piece] = []
    waiting = iter(tokens)
    for token in waiting:
        if token.kind == "hash":
            after = next(waiting, None)
            if after is not None and after.kind == "hash":
                pieces.append(("hash", "#"))
            elif after is not None and after.text.isdecimal() and 0 < int(after.text) <= parameters:
                pieces.append(("parameter", after.text))
            else:
                return (), "a # in it belongs to no parameter"
        elif token.kind == "command" and (
            token.text in PROGRAMMING or "@" in token.text or is_condition(token.text)
        ):
            return (), f"it uses {token.text}"
        elif token.kind not in ("note", "endnote"):
            pieces.append((token.kind, token.text))
    return tuple(pieces), None


def delimiters(name: str, left: Sequence[Raw], right: Sequence[Raw]) -> Macro:
    """What ``\\DeclarePairedDelimiter`` defines: brackets that fit, whatever size is asked for."""
    body: list[Piece] = [("command", r"\left"), *((t.kind, t.text) for t in left)]
    body += [("parameter", "3"), ("command", r"\right"), *((t.kind, t.text) for t in right)]
    return Macro(name, (Parameter("s"), Parameter("o"), MANDATORY), tuple(body))
