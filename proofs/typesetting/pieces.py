"""Pieces that a formula is printed from: one line of LaTeX, and how it may be taken apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

__all__ = [
    "ONE_LINE",
    "ROUND",
    "SPACE",
    "SQUARE",
    "Piece",
    "atom",
    "environment",
    "exponential",
    "fenced",
    "listed",
    "name",
    "operator",
    "power",
    "product",
    "quotient",
    "relation",
    "slash",
    "total",
]

ONE_LINE = 2
"""From this depth of fractions inside fractions on, and in exponents, fractions are slashes."""
ROUND, SQUARE = ("(", ")"), ("[", "]")
SPACE = r"\,"
"""Between factors that would run together."""
_WORD = re.compile(r"\\mathrm\{\w\w+\}")
_LOOSE = ("sum", "slash", "operator", "relation")


@dataclass(frozen=True, slots=True)
class Piece:
    r"""A part of a formula, of one kind:

    ``atom``         nothing to take apart
    ``name``         a letter ``head``, with ``tail`` above it: ``W_{1}``, ``W^{21}``
    ``call``         ``head`` ( ``items[0]`` ) ``tail``; without head, brackets
    ``list``         arguments with commas between
    ``exponential``  ``e`` to the power ``items[0]``
    ``quotient``     ``\frac{items[0]}{items[1]}``
    ``slash``        ``items[0]/items[1]``
    ``operator``     ``head`` acts on ``items[0]`` and on all that is written behind it
    ``product``      factors
    ``sum``          terms, each with its sign
    ``relation``     sides with signs between

    ``tall`` pieces want brackets that grow with them; a piece that is ``apart`` has a dot before
    brackets that follow.
    """

    kind: str
    latex: str
    tall: bool = False
    items: tuple[Piece, ...] = ()
    signs: tuple[str, ...] = ()
    head: str = ""
    tail: str = ""
    brackets: tuple[str, str] = ROUND
    apart: bool = False


def atom(latex: str, *, tall: bool = False) -> Piece:
    """A piece that is never taken apart."""
    return Piece("atom", latex, tall)


def environment(name: str, rows: Sequence[str]) -> Piece:
    """Rows of a matrix, or of cases."""
    return atom(rf"\begin{{{name}}} " + r" \\ ".join(rows) + rf" \end{{{name}}}", tall=True)


def name(head: str, above: str = "") -> Piece:
    """A letter with its index below in ``head`` and what stands above."""
    return Piece("name", f"{head}^{{{above}}}" if above else head, head=head, tail=above)


def fenced(
    inside: Piece, head: str = "", tail: str = "", brackets: tuple[str, str] = ROUND
) -> Piece:
    """``head(inside)tail``, with brackets as tall as what they hold."""
    left, right = brackets
    if inside.tall or left == "|":
        latex = rf"{head}\left{left}{inside.latex}\right{right}{tail}"
    else:
        latex = f"{head}{left}{inside.latex}{right}{tail}"
    return Piece("call", latex, inside.tall, (inside,), (), head, tail, brackets)


def listed(items: Sequence[Piece], signs: Sequence[str] | None = None) -> Piece:
    """Arguments with commas between (or other ``signs``, one fewer than items)."""
    if len(items) == 1:
        return items[0]
    between = tuple(signs) if signs is not None else (",",) * (len(items) - 1)
    latex = items[0].latex
    for sign, item in zip(between, items[1:], strict=True):
        latex += f"{sign} {item.latex}"
    return Piece("list", latex, any(i.tall for i in items), tuple(items), ("", *between))


def exponential(above: Piece, inside: Piece) -> Piece:
    """``e^{above}``; ``inside`` is the same exponent as it is printed on a line of its own."""
    return Piece("exponential", f"e^{{{above.latex}}}", items=(inside,))


def quotient(above: Piece, below: Piece, command: str = r"\frac") -> Piece:
    """A fraction with its bar."""
    latex = f"{command}{{{above.latex}}}{{{below.latex}}}"
    return Piece("quotient", latex, tall=True, items=(above, below))


def slash(above: Piece, below: Piece) -> Piece:
    """A fraction on one line: ``a b/c``, ``a/(b c)``, ``(a + b)/c``."""
    over = fenced(above) if above.kind in _LOOSE else product([above], closed=True)
    under = below if below.kind in ("atom", "name", "call", "exponential") else fenced(below)
    tall = over.tall or under.tall
    return Piece("slash", f"{over.latex}/{under.latex}", tall, (above, below))


def operator(head: str, body: Piece) -> Piece:
    """A derivative or a sum: it acts on everything to its right in its term."""
    return Piece("operator", f"{head} {body.latex}", tall=True, items=(body,), head=head)


def product(items: Sequence[Piece], *, closed: bool = False) -> Piece:
    """Factors side by side; an operator acts on what follows: it stands last or in brackets.

    ``closed``: something follows, so that no operator may stand last either.
    """
    flat: list[Piece] = []
    for item in items:
        flat += item.items if item.kind == "product" else (item,)
    if len(flat) == 1 and not closed:
        return flat[0]
    shown: list[Piece] = []
    for number, item in enumerate(flat):
        last = number == len(flat) - 1 and not closed
        loose = item.kind == "sum" or (item.kind in ("operator", "slash") and not last)
        shown.append(fenced(item) if loose else item)
    if len(shown) == 1:
        return shown[0]
    signs = ["", *(_joint(before, after) for before, after in pairwise(shown))]
    latex = _joined(shown, signs)
    return Piece("product", latex, any(i.tall for i in shown), tuple(shown), tuple(signs))


def _joint(before: Piece, after: Piece) -> str:
    """A dot before digits, and between a letter and brackets that could hold its argument.

    A space beside an upright word, which would run together with what stands there.
    """
    bracketed = after.kind == "call" and not after.head
    if after.latex[0].isdigit() or (before.apart and bracketed):
        return r"\cdot"
    beside = _WORD.match(after.latex) or _WORD.fullmatch(before.latex)
    return SPACE if beside and not bracketed else ""


def total(items: Sequence[Piece], signs: Sequence[str]) -> Piece:
    """Terms with their signs, "+" or "-", the first "" or "-"."""
    shown = [fenced(i) if i.kind in ("sum", "relation") else i for i in items]
    if len(shown) == 1 and not signs[0]:
        return items[0]
    latex = signs[0] + shown[0].latex
    for sign, item in zip(signs[1:], shown[1:], strict=True):
        latex += f" {sign} {item.latex}"
    return Piece("sum", latex, any(i.tall for i in shown), tuple(shown), tuple(signs))


def relation(sides: Sequence[Piece], signs: Sequence[str]) -> Piece:
    """Sides with relations between, one sign fewer than sides."""
    latex = sides[0].latex
    for sign, side in zip(signs, sides[1:], strict=True):
        latex += f" {sign} {side.latex}"
    tall = any(side.tall for side in sides)
    return Piece("relation", latex, tall, tuple(sides), ("", *signs))


def power(base: Piece, exponent: str) -> Piece:
    """``base^{exponent}``, with brackets unless the base is a letter, a number or a function."""
    if base.kind == "name" and not base.tail:
        return replace(atom(f"{base.latex}^{{{exponent}}}"), apart=base.apart)
    if base.kind == "call" and not base.tail:
        tail = f"^{{{exponent}}}"
        return replace(base, latex=base.latex + tail, tail=tail)
    if base.kind == "atom" and base.latex.isdigit():
        return atom(f"{base.latex}^{{{exponent}}}")
    return fenced(base, tail=f"^{{{exponent}}}")


def _joined(items: Sequence[Piece], signs: Sequence[str]) -> str:
    parts = [items[0].latex]
    for sign, item in zip(signs[1:], items[1:], strict=True):
        parts += [sign, item.latex] if sign else [item.latex]
    return " ".join(parts)
