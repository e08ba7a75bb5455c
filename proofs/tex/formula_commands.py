"""What the commands inside a formula do to it; all others are kept as they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from .boxes import BOXES, formula_in
from .commands import DROPPED, DROPPED_WITH, SIZES, SWITCHES, TEXT
from .scanner import Raw
from .spaces import WIDE, WIDTHS, is_solid
from .stream import name_in, written

if TYPE_CHECKING:
    from .formula import FormulaReader

__all__ = ["COMMANDS"]

DIMENSION = re.compile(r"\s*[-+]?\s*(\d*[.,]?\d+\s*[a-z]{2}|\d*[.,]?\d*\\\s*[A-Za-z]+)\s*")
LENGTH = re.compile(r"\s*(\d+\.?\d*|\.\d+)\s*(em|ex|cm|mm|in|pt|mu)\s*")
NARROW = {"em": 1.0, "ex": 2.0, "cm": 0.3, "mm": 3.0, "in": 0.15, "pt": 9.0, "mu": 18.0}
"""What is as wide as a quad, in each unit, or nearly so."""
QUAD = 18.0
"""A quad in the unit of ``WIDTHS``."""
PEEKED = 24
"""Tokens read ahead in search of a length behind ``\\\\[``; lengths are shorter."""
_STOPS = frozenset({"eof", "par", "open", "close", "math"})


def _gap(reader: FormulaReader, _: Raw) -> None:
    reader.gap()


def _narrow(reader: FormulaReader, token: Raw) -> None:
    reader.space(WIDTHS[token.text], token)


def _sized(reader: FormulaReader, _: Raw) -> None:
    """The size of a bracket; the bracket ``.`` does not print."""
    after = reader.stream.raw()
    if after.kind != "other" or after.text != ".":
        reader.stream.push([after])
    reader.gap()


def _unseen(reader: FormulaReader, token: Raw) -> None:
    """``\\phantom{x}``: space as wide as x."""
    reader.stream.last = token
    reader.stream.argument()
    _wide(reader, token)


def _wide(reader: FormulaReader, token: Raw) -> None:
    """A space that may separate two formulas."""
    reader.display.row.items.append(token._replace(kind=WIDE))


def _skip(reader: FormulaReader, token: Raw) -> None:
    """``\\hspace{2em}``, ``\\mspace{18mu}``."""
    reader.stream.star()
    reader.stream.last = token
    _space_of(reader, written(reader.stream.argument()), token)


def _space_of(reader: FormulaReader, length: str, token: Raw) -> None:
    width = LENGTH.fullmatch(length)
    quads = 0.0 if width is None else float(width[1]) / NARROW[width[2]]
    reader.space(QUAD * quads, token)


def _words(reader: FormulaReader, token: Raw) -> None:
    if token.text == r"\makebox":
        reader.stream.optional()
    reader.stream.last = token
    content = reader.stream.argument()
    formula = formula_in(content)
    if formula is not None:
        last = reader.stream.last
        closing = last._replace(kind="close", text="}")
        reader.stream.push([token._replace(kind="open", text="{"), *formula, closing])
        return
    text = written(content)
    last = reader.stream.last
    end = max(token.end, last.end) if last.source is token.source else token.end
    reader.keep(token._replace(kind="text", text=text, end=end))


def _newline(reader: FormulaReader, token: Raw) -> None:
    _drop_length(reader)
    if reader.display.by_rows and reader.outside:
        reader.next_row(token)
    else:
        reader.keep(token._replace(kind="newline", text=r"\\"))


def _drop_length(reader: FormulaReader) -> None:
    """Go past the star and the length that may follow ``\\\\``."""
    read = [reader.stream.raw()]
    if read[0].text == "*" and read[0].kind == "other":
        read = [reader.stream.raw()]
    if read[0].kind == "other" and read[0].text == "[":
        while len(read) < PEEKED and read[-1].text != "]" and read[-1].kind not in _STOPS:
            read.append(reader.stream.raw())
        inside = "".join(token.text for token in read[1:-1])
        if read[-1].text == "]" and DIMENSION.fullmatch(inside):
            return
    reader.stream.push(read)


def _drop_arguments(reader: FormulaReader, token: Raw) -> None:
    reader.stream.star()
    reader.stream.optional()
    for _ in range(DROPPED_WITH[token.text]):
        reader.stream.last = token
        reader.stream.argument()
    reader.gap()


def _drop_dimension(reader: FormulaReader, token: Raw) -> None:
    """``\\kern 3pt``: a number and two letters, or the name of a length."""
    length = ""
    read = reader.stream.next_solid()
    while read.kind == "digit" or (read.kind == "other" and read.text in "+-.,="):
        length += read.text
        read = reader.stream.next_solid()
    if read.kind == "letter":
        length += read.text
        read = reader.stream.raw()
        if read.kind == "letter":
            length += read.text
        else:
            reader.stream.push([read])
    elif read.kind != "command":
        reader.stream.push([read])
    _space_of(reader, length, token)


def _switch(reader: FormulaReader, token: Raw) -> None:
    """``{\\bf W}`` says ``\\mathbf{W}``; elsewhere a switch is kept as it is."""
    items = reader.display.row.items
    if items and items[-1] is not None and items[-1].kind == "open":
        items.insert(-1, token._replace(text=SWITCHES[token.text]))
    else:
        reader.keep(token)


def _label(reader: FormulaReader, token: Raw) -> None:
    reader.stream.last = token
    reader.display.row.label = name_in(reader.stream.argument())


def _tag(reader: FormulaReader, token: Raw) -> None:
    reader.stream.star()
    reader.stream.last = token
    reader.display.row.tag = written(reader.stream.argument())


def _number(reader: FormulaReader, _: Raw) -> None:
    """``\\eqno``: what follows is the number of the equation."""
    reader.in_tag = True


def _between(reader: FormulaReader, token: Raw) -> None:
    """``\\intertext``: words between two rows; it ends the row that it stands behind."""
    row = reader.display.row
    if reader.display.by_rows and reader.outside and any(map(is_solid, row.items)):
        reader.next_row(token)
    reader.stream.last = token
    reader.display.words += reader.stream.argument()
    reader.display.row.after_words = True


def _unwrap(reader: FormulaReader, token: Raw) -> None:
    """``\\ensuremath{x}`` inside a formula is ``x``, without braces."""
    reader.stream.last = token
    reader.stream.push(reader.stream.argument())


def _operator_name(reader: FormulaReader, token: Raw) -> None:
    reader.keep(token)
    reader.stream.star()


def _group(reader: FormulaReader, token: Raw) -> None:
    reader.stream.open_group("{", token)
    reader.keep(token._replace(kind="open", text="{"))


def _end_of_group(reader: FormulaReader, token: Raw) -> None:
    reader.close(token._replace(kind="close", text="}"))


def _misplaced(reader: FormulaReader, token: Raw) -> None:
    reader.malformed(token.place, f"{token.text} inside {reader.display.environment}")


def _paragraph(reader: FormulaReader, token: Raw) -> None:
    reader.paragraph(token)


COMMANDS: dict[str, Callable[[FormulaReader, Raw], None]] = {
    **dict.fromkeys(DROPPED, _gap),
    **dict.fromkeys(WIDTHS, _narrow),
    **dict.fromkeys(SIZES, _sized),
    **dict.fromkeys((r"\phantom", r"\hphantom"), _unseen),
    **dict.fromkeys(TEXT, _words),
    **dict.fromkeys((r"\\", r"\cr", r"\newline", r"\tabularnewline"), _newline),
    **dict.fromkeys(DROPPED_WITH, _drop_arguments),
    **dict.fromkeys((r"\quad", r"\qquad", r"\hfill", r"\hfil"), _wide),
    **dict.fromkeys((r"\hspace", r"\mspace"), _skip),
    **dict.fromkeys((r"\kern", r"\mkern", r"\hskip", r"\mskip"), _drop_dimension),
    **dict.fromkeys(SWITCHES, _switch),
    **BOXES,
    r"\label": _label,
    r"\tag": _tag,
    **dict.fromkeys((r"\eqno", r"\leqno"), _number),
    **dict.fromkeys((r"\intertext", r"\shortintertext"), _between),
    r"\ensuremath": _unwrap,
    r"\operatorname": _operator_name,
    **dict.fromkeys((r"\begingroup", r"\bgroup"), _group),
    **dict.fromkeys((r"\endgroup", r"\egroup"), _end_of_group),
    **dict.fromkeys((r"\(", r"\)", r"\[", r"\]"), _misplaced),
    r"\par": _paragraph,
}
"""What is done at each of them."""
