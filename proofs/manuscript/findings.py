"""What the check of a manuscript found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..tex import Place

__all__ = ["EditTold", "Finding", "ManuscriptReport", "Outcome", "Suggested"]

REFUTED, USAGE, UNDECIDED, NOTHING = 1, 2, 3, 5


class Outcome(StrEnum):
    """What is known of an equation; only ``PROVED`` is a pass."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"
    NOT_CHECKED = "not checked"
    MISUSED = "annotation error"
    UNANNOTATED = "without annotation"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class EditTold:
    """A change: ``write`` for ``instead_of`` in the part ``within``; ``corrected`` is all of it.

    ``place`` and ``end`` bound the author's text that ``write`` replaces; None where the text comes
    from a macro, so that it stands nowhere by itself, and where it stands at ``count`` places.
    """

    kind: str
    within: str
    instead_of: str
    write: str
    corrected: str
    place: Place | None = None
    end: Place | None = None
    count: int = 1

    def __str__(self) -> str:
        if self.kind == "common factor":
            return f"divide by {self.instead_of}"
        place = f"in {self.within}: " if self.within else ""
        times = f", {self.count} times" if self.count > 1 else ""
        if not self.write:
            return f"{place}leave out {self.instead_of}{times}"
        return f"{place}write {self.write} for {self.instead_of}{times}"


@dataclass(frozen=True, slots=True)
class Suggested:
    """A claim that an equation seems to state; ``renamed``: its names and the manuscript's.

    ``equal``: it was proved to.  ``false``: the claim is a slogan that is known to be false.
    """

    claim: str
    renamed: Mapping[str, str]
    equal: bool = False
    false: bool = False

    @property
    def annotation(self) -> str:
        """The comment to write."""
        names = ", ".join(f"{k}={v}" for k, v in self.renamed.items())
        return f"% lemmata: {self.claim}" + (f" [{names}]" if names else "")


@dataclass(frozen=True, slots=True)
class Finding:
    """One equation or annotation: where, what was asked, what came of it."""

    place: Place
    end: Place
    source: str
    asked: str
    outcome: Outcome
    reason: str = ""
    note: str = ""
    point: Mapping[str, str] = field(default_factory=dict)
    left: str = ""
    right: str = ""
    edits: tuple[EditTold, ...] = ()
    suggestions: tuple[Suggested, ...] = ()
    label: str | None = None


@dataclass(frozen=True, slots=True)
class ManuscriptReport:
    """All findings in the order of the manuscript; ``files`` were read; ``seconds`` it took.

    ``not_looked_at``: equations for which there was no time to look for claims.
    """

    path: str
    findings: tuple[Finding, ...]
    files: tuple[str, ...]
    seed: int
    seconds: float = 0.0
    not_looked_at: int = 0

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many equations or annotations had each outcome."""
        found = [finding.outcome for finding in self.findings]
        return {outcome: found.count(outcome) for outcome in Outcome}

    @property
    def exit_code(self) -> int:
        """0 all annotated equations are proved, 1 one is refuted, 2 an annotation is misused,
        3 one is undecided or not checked, 5 there is no annotation.

        An equation that was proved to state a slogan known to be false counts as refuted.
        """
        counts = self.counts
        slogans = [s for f in self.findings for s in f.suggestions if s.equal and s.false]
        if counts[Outcome.REFUTED] or slogans:
            return REFUTED
        if counts[Outcome.MISUSED]:
            return USAGE
        annotated = [f for f in self.findings if f.asked]
        if any(f.outcome in (Outcome.UNDECIDED, Outcome.NOT_CHECKED) for f in annotated):
            return UNDECIDED
        return 0 if counts[Outcome.PROVED] else NOTHING
