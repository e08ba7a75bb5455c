"""Categories of items, and how coherent they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from .networks import FloatArray
from .table_files import DataError, read_text_table

__all__ = ["Classification", "Coherence", "coherences", "read_classifications"]


@dataclass(frozen=True)
class Classification:
    """Named categories that share no item: ``members[k]`` are the items of category ``k``.

    Items that no category contains are allowed.
    """

    name: str
    categories: tuple[str, ...]
    members: tuple[NDArray[np.intp], ...]

    @staticmethod
    def of_labels(name: str, items: Sequence[str], labels: Sequence[str | None]) -> Classification:
        """From the category of every item, None where it is in none.

        Raises ``DataError`` for fewer than two categories, or one with a single item.
        """
        found: dict[str, list[int]] = {}
        for i, label in enumerate(labels):
            if label is not None:
                found.setdefault(label, []).append(i)
        if len(found) < 2:
            only = f" is {next(iter(found))!r}" if found else ""
            raise DataError(
                f"categories {name!r}: the only category{only}; coherence compares with the "
                "nearest other one: name two or more"
            )
        for category, members in found.items():
            if len(members) == 1:
                raise DataError(
                    f"categories {name!r}: {category!r} has one item only, "
                    f"{items[members[0]]!r}; coherence needs two: merge or remove the category"
                )
        return Classification(name, tuple(found), tuple(np.array(m) for m in found.values()))


@dataclass(frozen=True)
class Coherence:
    """How coherent one category is.

    ``within``: mean similarity of its items, every ordered pair and every item with itself;
    ``outside``: mean similarity to the items of ``nearest``, the other category for which it is
    largest; ``contrast``: the unit vector, constant on the category and on ``nearest``, zero
    elsewhere, of sum zero; ``rayleigh``: its Rayleigh quotient ``x^T G x``; ``residual``:
    ``|G x - rayleigh x|``, zero exactly when the contrast is an eigenvector.
    """

    category: str
    size: int
    within: float
    nearest: str
    nearest_size: int
    outside: float
    contrast: FloatArray
    rayleigh: float
    residual: float

    @property
    def coherence(self) -> float:
        """``within - outside``."""
        return self.within - self.outside


def coherences(similarity: FloatArray, kind: Classification) -> list[Coherence]:
    """The coherence of every category of ``kind`` under ``similarity`` ``(P, P)``, symmetric."""
    size = np.array([len(m) for m in kind.members])
    belongs = np.zeros((len(size), len(similarity)))
    for k, members in enumerate(kind.members):
        belongs[k, members] = 1 / size[k]
    means = belongs @ similarity @ belongs.T
    outside = np.where(np.eye(len(size), dtype=bool), -np.inf, means)
    found = []
    for k, j in enumerate(np.argmax(outside, axis=1)):
        contrast = belongs[k] - belongs[j]
        contrast /= np.linalg.norm(contrast)
        image = similarity @ contrast
        rayleigh = float(contrast @ image)
        found.append(
            Coherence(
                category=kind.categories[k],
                size=int(size[k]),
                within=float(means[k, k]),
                nearest=kind.categories[j],
                nearest_size=int(size[j]),
                outside=float(means[k, j]),
                contrast=contrast,
                rayleigh=rayleigh,
                residual=float(np.linalg.norm(image - rayleigh * contrast)),
            )
        )
    return found


def read_classifications(
    path: str | PathLike[str], items: Sequence[str]
) -> tuple[Classification, ...]:
    """Read categories of ``items``: a CSV file, items in the first column, categories beside it.

    Every further column is one classification; items of the table that have no line are in no
    category.  Raises ``DataError`` for an unknown item, a cell without a category, and as
    ``Classification.of_labels``.
    """
    text = read_text_table(path)
    columns = text.header.cells[1:]
    place = {item: i for i, item in enumerate(items)}
    labels: list[list[str | None]] = [[None] * len(items) for _ in columns]
    for line, cells in text.rows:
        if cells[0] not in place:
            raise DataError(
                f"{text.source}, line {line}, column 1: item {cells[0]!r} is not in the table; "
                "correct its name or remove the line"
            )
        for j, cell in enumerate(cells[1:]):
            if not cell:
                raise DataError(
                    f"{text.source}, line {line}, column {j + 2} ({columns[j]!r}): no category of "
                    f"{cells[0]!r}; write one or remove the line"
                )
            labels[j][place[cells[0]]] = cell
    try:
        return tuple(
            Classification.of_labels(name, items, labels[j]) for j, name in enumerate(columns)
        )
    except DataError as error:
        raise DataError(f"{text.source}: {error}") from None
