r"""Boxes around a formula, ``\resizebox{...}{!}{$...$}``, and numbers, ``\num{1e-3}``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from .scanner import Raw
from .stream import written

if TYPE_CHECKING:
    from .formula import FormulaReader

__all__ = ["BOXES", "formula_in"]

_NUMBER = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(?:[eEdD]([+-]?\d+))?")
_ARGUMENTS = {r"\resizebox": 2, r"\scalebox": 1, r"\colorbox": 1, r"\fcolorbox": 2, r"\raisebox": 1}
"""Arguments in braces before what stands in the box."""
_OPENS = {("math", "$"): ("math", "$"), ("command", r"\("): ("command", r"\)")}


def formula_in(content: Sequence[Raw]) -> list[Raw] | None:
    """The formula that the content of a box is; None where there is more in it, or none."""
    inside = list(content)
    while inside and inside[0].kind == "space":
        del inside[0]
    while inside and inside[-1].kind == "space":
        del inside[-1]
    ends = [n for n, t in enumerate(inside) if t.kind == "math" or t.text in (r"\(", r"\)")]
    if ends != [0, len(inside) - 1]:
        return None
    closing = _OPENS.get((inside[0].kind, inside[0].text))
    return inside[1:-1] if closing == (inside[-1].kind, inside[-1].text) else None


def _box(reader: FormulaReader, token: Raw) -> None:
    """What stands in the box, in braces: the box prints none."""
    stream = reader.stream
    stream.star()
    stream.optional()
    for _ in range(_ARGUMENTS[token.text]):
        stream.last = token
        stream.argument()
        while stream.optional() is not None:
            continue
    stream.last = token
    content = formula_in(stream.argument())
    if content is None:
        reader.malformed(token.place, f"{token.text} holds more than one formula in dollars")
        return
    stream.push([_made(token, "open", "{"), *content, _made(stream.last, "close", "}")])


def _number(reader: FormulaReader, token: Raw) -> None:
    """A number of the package siunitx."""
    reader.stream.optional()
    reader.stream.last = token
    text = "".join(written(reader.stream.argument()).split())
    found = _NUMBER.fullmatch(text)
    if found is None:
        reader.malformed(token.place, f"{token.text}{{{text}}} is no number: write its digits")
        return
    sign, digits, exponent = found.groups()
    tokens = _digits(token, digits)
    if exponent is not None:
        tokens += [_made(token, "command", r"\cdot"), *_digits(token, "10")]
        tokens += [_made(token, "sup", "^"), _made(token, "open", "{")]
        tokens += [*_digits(token, exponent), _made(token, "close", "}")]
    if sign or exponent is not None:
        sign_tokens = _digits(token, sign)
        tokens = [_made(token, "other", "("), *sign_tokens, *tokens, _made(token, "other", ")")]
    reader.gap()
    reader.stream.push([*tokens, _made(token, "command", r"\relax")])


def _digits(token: Raw, text: str) -> list[Raw]:
    return [_made(token, "digit" if c.isdecimal() else "other", c) for c in text]


def _made(token: Raw, kind: str, text: str) -> Raw:
    return token._replace(kind=kind, text=text)


BOXES: dict[str, Callable[[FormulaReader, Raw], None]] = {
    **dict.fromkeys(_ARGUMENTS, _box),
    r"\num": _number,
}
"""What is done at each of them."""
