"""The equations of a display: its rows, the columns of a row, and rows that only go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .assembly import tokens_of
from .columns import begins_with, cut_at_columns, has_relation, says_something, with_level
from .commands import IMPLICATIONS, OPERATIONS, RELATIONS
from .displays import Display, Row
from .equations import Equation
from .scanner import Raw
from .spaces import CLOSERS, OPENERS, SIGNS, WIDE
from .tokens import Annotation

__all__ = ["equations_of"]

COLUMNS = ("align", "alignat", "flalign", "xalignat", "xxalignat")
"""Environments whose rows have an equation in every two columns."""

LAYERS = 3
"""Braces around all of a formula that are taken away."""


@dataclass(slots=True)
class _Part:
    """One equation: its rows, the ``newlines`` between them, the brackets ``open`` at their end."""

    rows: list[list[Raw | None]]
    number: int
    notes: list[Annotation] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    label: str | None = None
    tag: str | None = None
    newlines: list[Raw] = field(default_factory=list)
    open: int = 0

    def goes_on_with(self, other: _Part, newline: Raw) -> None:
        """Take in a row that is no equation of its own."""
        self.rows += other.rows
        self.newlines.append(newline._replace(kind="newline", text=r"\\"))
        self.open += other.open
        self.notes += other.notes
        self.unknown += other.unknown
        self.label = other.label or self.label
        self.tag = other.tag or self.tag

    @property
    def items(self) -> list[Raw | None]:
        """Its tokens, and None where space was dropped."""
        found = list(self.rows[0])
        for newline, row in zip(self.newlines, self.rows[1:], strict=True):
            found += [newline, *row]
        return found


def equations_of(display: Display) -> tuple[list[Equation], list[Annotation]]:
    """The equations of a display, and the annotations that belong to none of them."""
    parts: list[_Part] = []
    orphans: list[Annotation] = []
    newline: Raw | None = None
    for number, row in enumerate(display.rows, 1):
        found = _parts(display, row, number)
        if not found:
            orphans += row.notes
        elif (
            parts and newline is not None and not row.after_words and _goes_on(parts[-1], found[0])
        ):
            parts[-1].goes_on_with(found.pop(0), newline)
        parts += found
        newline = row.ended
    equations: list[Equation] = []
    for part in parts:
        equation = _equation(display, part)
        if equation.continues and equations:
            equation = replace(equation, continued=equations[-1].place)
        equations.append(equation)
    return equations, orphans


def _parts(display: Display, row: Row, number: int) -> list[_Part]:
    """The equations in a row; none where it has no mathematics."""
    several = display.environment.rstrip("*") in COLUMNS
    columns = cut_at_columns(row.items) if several else [row.items]
    parts = [_Part([_without_braces(items)], number) for items in columns if says_something(items)]
    if not parts and row.unknown:
        parts = [_Part([row.items], number)]
    for part in parts:
        part.unknown = list(row.unknown)
        part.open = _open_brackets(part.rows[0])
    if parts:
        parts[0].notes, parts[0].label, parts[0].tag = row.notes, row.label, row.tag
    return parts


def _goes_on(before: _Part, part: _Part) -> bool:
    """Whether a row is no equation of its own but the rest of the one before."""
    row = part.rows[0]
    if _ends_open(before) or (_ends_unseen(before) and _printed(row)[:2] == [r"\left", "."]):
        return True
    begins = begins_with(row, OPERATIONS)
    if has_relation(row):
        return begins and _first_column_is_empty(row)
    return begins or _first_column_is_empty(row)


def _first_column_is_empty(items: Sequence[Raw | None]) -> bool:
    for item in items:
        if item is not None and item.kind not in ("open", "close", WIDE):
            return item.kind == "align"
    return False


def _ends_open(part: _Part) -> bool:
    """Whether a part ends with a sign that something must follow, or inside brackets."""
    if part.open > 0:
        return True
    solid = [x for x in part.rows[-1] if x is not None and x.kind not in ("align", WIDE)]
    while len(solid) > 1 and solid[-1].kind == "close" and solid[-2].kind == "open":
        del solid[-2:]
    last = solid[-1] if solid else None
    return last is not None and last.kind in SIGNS and last.text in OPERATIONS | RELATIONS


def _ends_unseen(part: _Part) -> bool:
    r"""Whether a part ends with ``\right.``: ``\left.`` goes on inside of the same brackets."""
    return _printed(part.rows[-1])[-2:] == [r"\right", "."]


def _printed(items: Sequence[Raw | None]) -> list[str]:
    """The texts of items that print, without those of columns."""
    return [x.text for x in items if x is not None and x.kind not in ("align", WIDE)]


def _open_brackets(items: Sequence[Raw | None]) -> int:
    """Brackets that are opened and not closed; of any shape, as an interval has two."""
    balance, delimiter = 0, False
    for item in items:
        if item is None or item.kind not in SIGNS:
            continue
        if not delimiter:
            balance += (item.text in OPENERS) - (item.text in CLOSERS)
        delimiter = item.text in (r"\left", r"\right")
    return balance


def _equation(display: Display, part: _Part) -> Equation:
    items = part.items
    solid = [item for item in items if item is not None and item.kind != WIDE]
    first = solid[0] if solid else display.opened
    within = [item for item in solid if item.source is first.source] or [first]
    start, end = min(item.start for item in within), max(item.end for item in within)
    source = first.source
    return Equation(
        tokens=tokens_of(items if part.newlines else _without_columns(display, items)),
        place=source.place(start),
        end=source.place(end),
        opened=display.opened.place,
        environment=display.environment,
        inline=display.inline,
        label=part.label,
        tag=part.tag,
        number_of_row=part.number,
        continues=begins_with(part.rows[0], RELATIONS - IMPLICATIONS),
        source=source.text[start:end],
        annotation=tuple(part.notes),
        not_understood=tuple(dict.fromkeys(part.unknown)),
    )


def _without_braces(items: list[Raw | None]) -> list[Raw | None]:
    """A formula without braces around all of it but punctuation, as of ``\\boxed{...}``."""
    for _ in range(LAYERS):
        solid = (i for i, x in enumerate(items) if x is not None and x.kind not in ("align", WIDE))
        first = next(solid, None)
        last = None if first is None else _closing(items, first)
        if first is None or last is None or any(_says_more(item) for item in items[last + 1 :]):
            break
        items = [*items[:first], *items[first + 1 : last], *items[last + 1 :]]
    return items


def _closing(items: Sequence[Raw | None], first: int) -> int | None:
    """The place of the brace that closes the one at ``first``; None where there is none."""
    depth = 0
    for place in range(first, len(items)):
        item = items[place]
        if item is not None:
            depth += (item.kind == "open") - (item.kind == "close")
        if depth == 0:
            return place if place > first else None
    return None


def _says_more(item: Raw | None) -> bool:
    return (
        item is not None and item.kind != WIDE and (item.kind != "other" or item.text not in ".,;")
    )


def _without_columns(display: Display, items: list[Raw | None]) -> list[Raw | None]:
    """A row that is one equation, without the marks of its columns."""
    if not display.by_rows:
        return items
    return [
        item
        for item, outside in with_level(items)
        if not (outside and item is not None and item.kind == "align")
    ]
