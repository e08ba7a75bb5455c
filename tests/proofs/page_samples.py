"""Findings of a few claims, made up so that they cost nothing."""

from __future__ import annotations

from lemmata.proofs.court import collect
from lemmata.proofs.findings import Finding, Findings
from lemmata.proofs.verdicts import Status, Verdict
from lemmata.theory.claims import Claim

__all__ = ["FEW", "few_findings", "finding", "findings_for"]

FEW = (
    "descent.gradient",
    "descent.averaged",
    "modes.decoupling.solution",
    "modes.decoupling.solution.output",
    "modes.ode",
    "modes.ode.unbalanced_slogan",
    "modes.trajectory",
    "modes.trajectory.half_time",
    "modes.negative_start.slogan",
    "modes.riccati",
    "hierarchy.similarity",
    "hierarchy.singular_value",
    "coherence.detectability",
    "isometry.length_map",
)
"""Claims of every kind, two false slogans among them."""


def finding(claim: Claim, status: Status | None = None) -> Finding:
    """A claim that stands as it must, or as told."""
    guard = claim.expects == "refuted"
    stands = status if status is not None else Status.REFUTED if guard else Status.PROVED
    evidence = (
        Verdict("derivation", Status.PROVED, 6, 6, seed=0, seconds=0.25),
        Verdict("points", stands, 60, 60, worst="left - right = 0", seed=0, seconds=0.5),
        Verdict("mutants", Status.PROVED, 16, 16, seed=0, seconds=1.0),
    )
    mutants = {"total": 16, "refuted": 15, "equivalent": 1, "alive": 0}
    expected = stands is Status.REFUTED if guard else stands >= Status.SAMPLED
    return Finding(claim, stands, expected, evidence, mutants)


def findings_for(*found: Finding) -> Findings:
    """A run that found this."""
    return Findings(
        {one.claim.id: one for one in found},
        profile="quick",
        seed=7,
        seconds=12.5,
        versions={"python": "3.11", "lemmata": "0.1.0"},
        machine={"system": "Linux", "processor": "x86_64", "cores": 2},
    )


def few_findings() -> Findings:
    """A run over the few claims."""
    registry = collect()
    return findings_for(*(finding(registry[id]) for id in FEW))
