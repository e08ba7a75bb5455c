"""Statuses as they are shown: a word and a mark, never a colour alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..findings import Finding
from ..verdicts import Status, weakest

__all__ = ["BADGES", "Badge", "badge_of", "verdict_badge", "weakest_badge"]


@dataclass(frozen=True, slots=True)
class Badge:
    """``name`` chooses mark and colour; ``word`` is read; ``means`` explains it once."""

    name: str
    word: str
    means: str


BADGES = {
    badge.name: badge
    for badge in (
        Badge("proved", "proved", "shown exactly, on the whole domain that is stated"),
        Badge("enclosed", "enclosed", "certified by ball arithmetic or validated integration"),
        Badge("sampled", "sampled", "held wherever it was tried; not proved"),
        Badge("undecided", "undecided", "could not be decided; never counted as a pass"),
        Badge("vacuous", "vacuous", "what is assumed cannot hold, or nothing was decided"),
        Badge("guard", "false, as it must be", "a slogan known to be false, refuted as recorded"),
        Badge("refuted", "refuted", "false at the point that is shown"),
    )
}
"""All of them, from best to worst."""


def badge_of(found: Finding) -> Badge:
    """How a claim stands."""
    if found.claim.expects == "refuted" and found.as_expected:
        return BADGES["guard"]
    return BADGES[str(found.status)]


def verdict_badge(status: Status) -> Badge:
    """How one kind of evidence stands."""
    return BADGES[str(status)]


def weakest_badge(found: Iterable[Finding]) -> Badge | None:
    """How the weakest of some claims stands; None for no claims."""
    statuses = [one.status for one in found]
    return BADGES[str(weakest(statuses))] if statuses else None
