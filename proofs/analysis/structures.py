"""The structure of a table in words: its scores, and where it puts the items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from lemmata.numerics.arrangements import IntArray
from lemmata.numerics.networks import FloatArray
from lemmata.numerics.structure_fits import Fit, squared_distances
from lemmata.numerics.structure_scores import Choice, Score

__all__ = ["arrangement", "centred_spectra", "outline", "structure_report"]

MANY, BRANCHES, FIRST = 30, 8, 10
"""Of more items not all are told: how many branches, and how many names of each."""

Nested = list[Any]
"""Names, or lists of such."""


def arrangement(score: Score, fit: Fit, names: Sequence[str]) -> Nested:
    """Where a fit puts the items, as nested lists of names.

    A hierarchy: branches; clusters: one list each; cross-cutting: two lists of groups; a grid:
    rows; a ring, a chain, an ordering: the names in their order.
    """
    kind, shape = score.candidate.kind, score.candidate.shape
    along = [names[i] for i in fit.order]
    if fit.tree is not None:
        return _branches(fit.tree, names)
    if kind == "regular hierarchy":
        made: Nested = along
        for children in reversed(shape[1:]):
            made = _in_groups(made, children)
        return made
    if kind == "grid":
        return _in_groups(along, shape[1])
    if fit.groups:
        groups = [_members(labels, names) for labels in fit.groups]
        return groups if len(groups) > 1 else groups[0]
    return along


def outline(score: Score, fit: Fit, names: Sequence[str]) -> list[str]:
    """The same as lines of text, one for each top branch, group, row or classification.

    Of more than ``MANY`` items the sizes are told and the first names, and of a hierarchy the
    largest branches.
    """
    made = arrangement(score, fit, names)
    if all(isinstance(part, str) for part in made):
        return [", ".join(made) if len(names) <= MANY else _first(made)]
    if len(names) <= MANY:
        return [_written(part) for part in made]
    if score.candidate.kind == "cross-cutting":
        return [f"{len(group)}: {_first(group)}" for groups in made for group in groups]
    if "hierarchy" in score.candidate.kind:
        made = _largest_branches(made)
    return [f"{len(_flat(part))}: {_first(_flat(part))}" for part in made]


def _largest_branches(made: Nested) -> Nested:
    """Branches, the largest one split until there are ``BRANCHES`` or all are items."""
    while len(made) < BRANCHES:
        k = max(range(len(made)), key=lambda j: len(_flat(made[j])))
        if isinstance(made[k], str):
            break
        made = [*made[:k], *made[k], *made[k + 1 :]]
    return made


def _flat(part: Any) -> list[str]:
    if isinstance(part, str):
        return [part]
    return [name for inner in part for name in _flat(inner)]


def _first(names: Sequence[str]) -> str:
    if len(names) <= FIRST:
        return ", ".join(names)
    return f"{', '.join(names[:FIRST])}, ..."


def centred_spectra(fit: Fit, similarity: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Eigenvalues of the centred similarity, decreasing: measured, and of the fitted structure."""
    return _spectrum(squared_distances(similarity)), _spectrum(fit.distances)


def _spectrum(distances: FloatArray) -> FloatArray:
    """Eigenvalues of ``-J D J / 2``, what squared distances say of centred similarities."""
    rows = np.mean(distances, axis=0)
    centred = (rows + rows[:, None] - np.mean(rows) - distances) / 2
    return np.asarray(np.linalg.eigvalsh(centred)[::-1], dtype=np.float64)


def structure_report(
    choice: Choice, names: Sequence[str], similarity: FloatArray
) -> dict[str, Any]:
    """The part of the JSON report."""
    best, fit = choice.best, choice.fit
    found: dict[str, Any] = {
        "kind": "none" if best is None else best.candidate.kind,
        "detail": None if best is None else best.candidate.detail,
        "method": choice.method,
        "reason": choice.reason or None,
        "arrangement": None,
        "centred_spectrum": None,
        "residual": choice.residual,
        "reproducible": choice.reproducible,
        "p_value": choice.p_value,
        "as_good": list(choice.equals),
        "scores": [_score(score) for score in choice.scores],
    }
    if best is not None and fit is not None:
        found["arrangement"] = arrangement(best, fit, names)
        measured, fitted = centred_spectra(fit, similarity)
        found["centred_spectrum"] = {"measured": measured.tolist(), "fitted": fitted.tolist()}
        if fit.tree is not None:
            found["merger_distances"] = fit.tree[:, 2].tolist()
    return found


def _score(score: Score) -> dict[str, Any]:
    return {
        "kind": score.candidate.kind,
        "detail": score.candidate.detail,
        "parameters": score.candidate.parameters,
        "explained": score.explained,
        "standard_error": score.error,
        "share_of_reproducible": score.share,
        "description_length": score.length,
    }


def _in_groups(parts: Nested, size: int) -> Nested:
    return [parts[k : k + size] for k in range(0, len(parts), size)]


def _members(labels: IntArray, names: Sequence[str]) -> Nested:
    groups = [np.flatnonzero(labels == k).tolist() for k in range(int(np.max(labels)) + 1)]
    return [[names[i] for i in group] for group in groups]


def _branches(tree: FloatArray, names: Sequence[str]) -> Nested:
    """Nested lists of the mergers; mergers at one distance are one branching."""
    parts: list[Any] = list(names)
    heights = [-np.inf] * len(names)
    for one, other, height, _ in tree:
        joined: Nested = []
        for k in (int(one), int(other)):
            # Rounding of means of distances: they are averaged over at most all pairs.
            same = abs(heights[k] - height) <= len(names) ** 2 * np.spacing(height)
            joined += parts[k] if same and isinstance(parts[k], list) else [parts[k]]
        parts.append(joined)
        heights.append(float(height))
    made = parts[-1]
    return made if isinstance(made, list) else [made]


def _written(part: Any) -> str:
    """``a, (b, c)``: brackets around inner branches only."""
    if isinstance(part, str):
        return part
    return ", ".join(p if isinstance(p, str) else f"({_written(p)})" for p in part)
