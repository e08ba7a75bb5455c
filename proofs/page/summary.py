"""The run in numbers: how many claims stand how, what was tried, when and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ..court import collect
from ..findings import Findings
from .badges import BADGES, Badge, badge_of

__all__ = ["SummaryView", "summary_of"]


@dataclass(frozen=True, slots=True)
class SummaryView:
    """``statuses`` with their counts, ``unexpected`` and ``absent`` as ids.

    ``mutants`` counts over all claims; ``facts`` are names and values of the run.
    """

    claims: int
    true: int
    guards: int
    statuses: tuple[tuple[Badge, int], ...]
    unexpected: tuple[str, ...]
    absent: tuple[str, ...]
    mutants: Mapping[str, int]
    steps: int
    facts: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]


def summary_of(findings: Findings) -> SummaryView:
    """The numbers of a run; ``absent`` are claims that exist and are not in it."""
    badges = Counter(badge_of(found).name for found in findings)
    mutants: Counter[str] = Counter()
    for found in findings:
        mutants.update(found.mutants)
    guards = sum(found.claim.expects == "refuted" for found in findings)
    derivations = (found.claim.derivation for found in findings)
    machine = findings.machine
    return SummaryView(
        claims=len(findings),
        true=len(findings) - guards,
        guards=guards,
        statuses=tuple((badge, badges[badge.name]) for badge in BADGES.values()),
        unexpected=tuple(found.claim.id for found in findings if not found.as_expected),
        absent=tuple(id for id in collect().ids() if id not in findings),
        mutants={name: mutants[name] for name in ("total", "refuted", "equivalent", "alive")},
        steps=sum(len(derivation.steps) for derivation in derivations if derivation),
        facts=(
            ("profile", findings.profile),
            ("seed", str(findings.seed)),
            ("took", _duration(findings.seconds)),
            ("machine", f"{machine.get('system', '')}, {machine.get('processor', '')}"),
            ("cores", str(machine.get("cores", ""))),
        ),
        versions=tuple(findings.versions.items()),
    )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
