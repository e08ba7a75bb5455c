"""One equation of a manuscript against the claim that its annotation names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim

from ..notation import NotationError, SizeError
from ..notation.nodes import Node
from ..tex import Equation
from ..verdicts import Status
from .author import AuthorText
from .chains import all_follow
from .comparing import compare_chain
from .comparison import Comparison, Known
from .conditions import left_out
from .findings import EditTold, Finding, Outcome
from .making import finding_of, judged, located
from .matrices import MatrixEquations
from .reading import FormulaError, Reader, formula_of, reason_of
from .row_edits import row_edits, with_first_side
from .smallest import smallest_edits
from .special import meant

__all__ = ["AgainstClaim"]

MOST_EDITS = 2
UNKNOWN = "is not known here"
"""What the notation says of a name without meaning."""
NEAREST = re.compile(
    r"^(?P<new>\S+) is not known here: the nearest known names are (?P<old>[^,\s]+)"
)


@dataclass(frozen=True)
class AgainstClaim:
    """An equation, the claim that it should state, and how its names are read."""

    equation: Equation
    formula: Node
    claim: Claim
    about: Known
    reader: Reader
    rng: np.random.Generator

    def links(self) -> list[Any] | Finding:
        """The relations of the formula, or what is found where it cannot be read."""
        try:
            return self.reader.links(self.formula)
        except (NotationError, FormulaError) as error:
            reason = located(error, self.equation) + self._renaming(reason_of(error))
            return self._unread(reason, fits=not isinstance(error, SizeError))

    def _renaming(self, reason: str) -> str:
        """How to say that an unknown name stands for the nearest known one."""
        told = NEAREST.match(reason)
        if told is None or self.reader.renamed:
            return ""
        return f": write [{told['old']}={told['new']}] in the annotation if {told['new']} is meant"

    def judged(self, links: list[Any], rows: Callable[[], Sequence[Any]] | None) -> Finding:
        """Whether the links say what the claim says; ``rows`` adds those of continuing rows."""
        verdict, link = compare_chain(self.claim, self.about, links, self.rng)
        if verdict.status is Status.UNDECIDED and rows is not None:
            whole, _ = compare_chain(self.claim, self.about, [*links, *rows()], self.rng)
            verdict = whole if whole.status is Status.PROVED else verdict
        verdict = meant(self.claim, links, verdict, self.rng)
        return self._told(verdict, lambda: self._edits(link))

    def continuing(self, links: list[Any], first: Node | None) -> Finding:
        """Whether the links follow: the row continues one that begins with ``first``."""
        verdict = all_follow(self.claim, self.about, links, self.rng)
        return self._told(verdict, lambda: self._row_edits(first))

    def _told(self, verdict: Comparison, edits: Callable[[], tuple[EditTold, ...]]) -> Finding:
        wrong = verdict.status is not Status.PROVED and self.claim.expects != "refuted"
        found = edits() if wrong else ()
        missing = left_out(self.formula, self.reader.vocabulary)
        verdict = replace(verdict, note="; ".join(filter(None, (verdict.note, missing))))
        return judged(self.equation, self.claim.id, verdict, found, self.reader)

    def _unread(self, reason: str, *, fits: bool) -> Finding:
        """Refuted only where sizes do not fit: all else may be read in another way."""
        found = finding_of(self.equation, self.claim.id, Outcome.NOT_CHECKED, reason)
        if not isinstance(self.about, MatrixEquations) or (fits and UNKNOWN not in reason):
            return found
        edits = self._edits(0)
        if fits or not edits:  # a name that is not known may mean what it should
            return replace(found, edits=edits)
        verdict = Comparison(Status.REFUTED, f"it makes no sense as it stands: {reason}")
        return judged(self.equation, self.claim.id, verdict, edits, self.reader)

    def _edits(self, link: int) -> tuple[EditTold, ...]:
        main, author = formula_of(self.formula), AuthorText(self.equation)
        found = smallest_edits(self.claim, self.about, self.reader, main, link, self.rng)
        return tuple(author.told(c.edit, main) for c in found[:MOST_EDITS])

    def _row_edits(self, first: Node | None) -> tuple[EditTold, ...]:
        whole = None if first is None else with_first_side(self.formula, first)
        if whole is None:
            return ()
        found = row_edits(self.claim, self.about, self.reader, whole, self.rng)
        author = AuthorText(self.equation)
        return tuple(author.told(c.edit, whole) for c in found[:MOST_EDITS])
