"""How many arguments a macro takes and how they are written, as its definition says."""

from __future__ import annotations

from .expansion import Expander
from .macros import Parameter, Piece, compiled
from .scanner import Raw
from .stream import NOTES, Unfinished, name_in

__all__ = ["MANDATORY", "counted", "delimited", "specified"]

MANDATORY = Parameter("m")
NO_VALUE: tuple[Piece, ...] = (("novalue", ""),)
"""What stands for an argument that is not given."""
DELIMITER = 20
"""Tokens that may end an argument of ``\\def``."""
_NOT_SIMPLE = "its arguments are not simple ones"


def counted(stream: Expander) -> tuple[list[Parameter], str | None]:
    """The parameters ``[2][default]``, and why they are not understood, or None."""
    count = _count(stream.optional())
    default = stream.optional() if count != 0 else None
    if count is None:
        return [], "the number of its arguments is no digit"
    parameters = [MANDATORY] * count
    if default is not None:
        pieces, reason = compiled(default, 0)
        parameters[:1] = [Parameter("o", pieces)]
        return parameters, reason
    return parameters, None


def _count(tokens: list[Raw] | None) -> int | None:
    text = "0" if tokens is None else name_in(tokens)
    return int(text) if text in "0123456789" and len(text) == 1 else None


def specified(tokens: list[Raw]) -> tuple[list[Parameter], str | None]:
    """The parameters ``m o O{default} d() r() s`` of ``\\NewDocumentCommand``."""
    found: list[Parameter] = []
    waiting = [t for t in tokens if t.kind != "space" and t.text not in ("+", "!")][::-1]
    while waiting:
        kind = waiting.pop().text
        if kind in ("m", "s"):
            found.append(Parameter("m" if kind == "m" else "s"))
        elif kind == "o":
            found.append(Parameter("o", NO_VALUE))
        elif kind in ("d", "r") and len(waiting) > 1:
            brackets = waiting.pop().text + waiting.pop().text
            if len(brackets) != 2 or brackets[0] == brackets[1]:
                return [], f"its arguments between {brackets} are not simple ones"
            found.append(Parameter("o", NO_VALUE, brackets=brackets))
        elif kind == "O" and waiting and waiting[-1].kind == "open":
            waiting.pop()
            default: list[Raw] = []
            while waiting and waiting[-1].kind not in ("open", "close"):
                default.append(waiting.pop())
            if not waiting or waiting.pop().kind == "open":
                return [], _NOT_SIMPLE
            pieces, reason = compiled(default, 0)
            if reason is not None:
                return [], reason
            found.append(Parameter("o", pieces))
        else:
            return [], f"an argument of the kind {kind!r} is not a simple one"
    return found, None if len(found) < 10 else "it has more than nine arguments"


def delimited(
    stream: Expander, definer: Raw
) -> tuple[list[Parameter], tuple[Piece, ...], str | None]:
    """The parameters of ``\\def\\name(#1,#2){...}``, what precedes them, why they are not read.

    The brace that opens the body is left to be read.
    """
    between: list[list[Piece]] = [[]]
    reason = None
    while True:
        token = stream.raw()
        if token.kind == "open":
            stream.push([token])
            break
        if token.kind in ("eof", "par", "close"):
            stream.push([token])
            raise Unfinished(definer.place, f"{definer.text} defines nothing")
        if token.kind == "hash":
            number = stream.raw()
            if number.kind == "digit" and int(number.text) == len(between):
                between.append([])
                continue
            stream.push([number])
            reason = _NOT_SIMPLE
        elif token.kind in NOTES:
            stream.orphan(token)
        else:
            between[-1].append((token.kind, token.text))
    lead, *ends = between
    if any(len(pieces) > DELIMITER for pieces in between):
        return [], (), "its arguments end with more than a few signs"
    return [Parameter("m", until=tuple(end)) for end in ends], tuple(lead), reason
