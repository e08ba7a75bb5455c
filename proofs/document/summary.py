"""What was verified, when, with what: the numbers of the abstract."""

from __future__ import annotations

from dataclasses import dataclass

from ..findings import Findings
from ..typesetting import escaped
from ..verdicts import Status
from .numbering import Numbers

__all__ = ["Summary", "summary"]

_PRINTED = {
    "python": "Python",
    "sympy": "SymPy",
    "mpmath": "mpmath",
    "numpy": "NumPy",
    "scipy": "SciPy",
    "python-flint": "python-flint",
    "hypothesis": "Hypothesis",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over all claims, and how and where the court ran."""

    claims: int
    slogans: int
    by_status: tuple[tuple[str, int], ...]
    mutants: int
    refuted: int
    equivalent: int
    alive: int
    steps: int
    unexpected: str
    profile: str
    seed: int
    seconds: int
    when: str
    version: str
    versions: str
    machine: str


def summary(findings: Findings, numbers: Numbers) -> Summary:
    """What the abstract tells of one run."""
    slogans = [found for found in findings if found.claim.expects == "refuted"]
    claims = [found for found in findings if found.claim.expects != "refuted"]
    unexpected = [found.claim.id for found in findings if not found.as_expected]
    derivations = [found.claim.derivation for found in claims if found.claim.derivation]
    return Summary(
        claims=len(claims),
        slogans=len(slogans),
        by_status=tuple(
            (str(status), count)
            for status in sorted(Status, reverse=True)
            if (count := sum(found.status is status for found in claims))
        ),
        mutants=_count(findings, "total"),
        refuted=_count(findings, "refuted"),
        equivalent=_count(findings, "equivalent"),
        alive=_count(findings, "alive"),
        steps=sum(len(derivation.steps) for derivation in derivations),
        unexpected=numbers.references(unexpected),
        profile=findings.profile,
        seed=findings.seed,
        seconds=round(findings.seconds),
        when=findings.when.partition("T")[0],
        version=escaped(findings.versions["lemmata"]),
        versions=", ".join(
            f"{name} {findings.versions[package]}"
            for package, name in _PRINTED.items()
            if package in findings.versions
        ),
        machine=escaped(f"{findings.machine['processor']}, {findings.machine['cores']} cores"),
    )


def _count(findings: Findings, name: str) -> int:
    return sum(found.mutants[name] for found in findings)
