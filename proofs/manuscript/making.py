"""Findings of equations and annotations, and the order in which a manuscript has them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..notation import NotationError
from ..tex import Annotation as Comment
from ..tex import Equation, Manuscript, Place, Problem
from ..verdicts import Status
from .comparison import Comparison
from .findings import EditTold, Finding, Outcome
from .names import point_told
from .reading import Reader

__all__ = ["continuing_rows", "finding_of", "in_order", "judged", "located", "misused"]


def in_order(manuscript: Manuscript) -> list[Equation | Comment | Problem]:
    """Equations in reading order, and between them what belongs to none, by its place."""
    told = [manuscript.position(equation.place) for equation in manuscript.equations]
    placed: list[tuple[float, int, Any]] = [
        (float(n), 0, equation) for n, equation in enumerate(manuscript.equations)
    ]
    # Why a display cannot be read is told with its annotation.
    unread = {equation.place for equation in manuscript.equations if equation.unread}
    problems = [problem for problem in manuscript.problems if problem.place not in unread]
    apart: list[Comment | Problem] = [*manuscript.annotations, *problems]
    for number, item in enumerate(apart, 1):
        before = sum(place < manuscript.position(item.place) for place in told)
        placed.append((before - 0.5, number, item))
    return [item for *_, item in sorted(placed, key=lambda p: p[:2])]


def continuing_rows(manuscript: Manuscript) -> dict[Place, list[Equation]]:
    """For each row, those without annotation that continue it, one after the other."""
    found: dict[Place, list[Equation]] = {}
    first: dict[Place, Place] = {}
    for row in manuscript.equations:
        if row.continued is not None and not row.annotation:
            start = first[row.place] = first.get(row.continued, row.continued)
            found.setdefault(start, []).append(row)
    return found


def finding_of(equation: Equation, asked: str, outcome: Outcome, reason: str = "") -> Finding:
    """What came of an equation."""
    return Finding(
        equation.place, equation.end, equation.source, asked, outcome, reason, label=equation.label
    )


def misused(comment: Comment, reason: str) -> Finding:
    """An annotation that is none, or belongs to nothing."""
    end = comment.place._replace(column=comment.place.column + len(comment.text))
    return Finding(comment.place, end, comment.text, comment.text, Outcome.MISUSED, reason)


def located(error: ValueError, equation: Equation) -> str:
    """The reason, with line and column where they are not those of the equation."""
    if isinstance(error, NotationError):
        place = error.located(equation.tokens).place
        if place is not None and place != equation.place:
            return f"{error.reason} (line {place.line}, column {place.column})"
        return error.reason
    return str(error)


def judged(
    equation: Equation,
    asked: str,
    verdict: Comparison,
    edits: tuple[EditTold, ...] | None,
    reader: Reader,
) -> Finding:
    """What came of a comparison, with the names of the manuscript; None: no edit was looked for."""
    outcome = {Status.PROVED: Outcome.PROVED, Status.REFUTED: Outcome.REFUTED}.get(
        verdict.status, Outcome.UNDECIDED
    )
    reason = verdict.reason
    if outcome is Outcome.REFUTED and not verdict.apart and edits == ():
        reason += "; no single edit was found that makes it right"
    return replace(
        finding_of(equation, asked, outcome, reason),
        note=verdict.note,
        point=point_told(verdict.point, reader.spelled()),
        left=verdict.left,
        right=verdict.right,
        edits=edits or (),
    )
