"""The shared figures as files beside the book."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import PurePath

import numpy as np

from ..files import write_whole
from ..guards import row as row_of
from .numbering import Numbers
from .prose import told

__all__ = ["Illustration", "by_row", "drawn_beside", "folder", "missing"]


@dataclass(frozen=True, slots=True)
class Illustration:
    """One figure: its file, seen from the book, and what is told of it; ``row`` is its section."""

    name: str
    file: str
    title: str
    caption: str
    claims: str
    row: str


def missing() -> str:
    """Why there can be no figures here, empty where there can."""
    return "" if find_spec("matplotlib") else "matplotlib is not installed (lemmata[plot])"


def folder(output: str) -> str:
    """The name of the folder beside the book: letters that TeX reads as they are."""
    return f"{re.sub('[^A-Za-z0-9._-]', '-', PurePath(output).stem)}_figures"


def drawn_beside(output: str, numbers: Numbers, rows: Iterable[str]) -> list[Illustration]:
    """Draw the figures on these rows, write them as PDF into the folder, and tell what they are.

    Raises ``OSError`` where they cannot be written.
    """
    from ..figures import FIGURES
    from ..plots import drawn

    known, made = set(rows), []
    place = os.path.join(os.path.dirname(os.path.realpath(output)), folder(output))
    for figure in FIGURES:
        row = next((r for r in map(row_of, figure.claims) if r in known), None)
        if row is None:
            continue
        os.makedirs(place, exist_ok=True)
        rng = np.random.default_rng([0, *figure.name.encode()])
        file = f"{figure.name}.pdf"
        write_whole(os.path.join(place, file), drawn(figure.draw(rng), file))
        made.append(
            Illustration(
                name=figure.name,
                file=f"{folder(output)}/{file}",
                title=told(figure.title),
                caption=told(figure.caption),
                claims=numbers.references(id for id in figure.claims if id in numbers.by_id),
                row=row,
            )
        )
    return made


def by_row(figures: Iterable[Illustration]) -> Mapping[str, list[Illustration]]:
    """The figures of each section."""
    found: dict[str, list[Illustration]] = {}
    for figure in figures:
        found.setdefault(figure.row, []).append(figure)
    return found
