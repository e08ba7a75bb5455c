"""What `verify` found, claim by claim, as the report and the paper show it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lemmata.theory.claims import Claim

from .court import Judgement, collect
from .reports import SCHEMA, verify_report
from .verdicts import Status, Verdict

__all__ = ["Finding", "Findings", "FindingsError", "findings_of", "read_findings"]


class FindingsError(ValueError):
    """A report of `verify` that cannot be used; one line with the fix."""


@dataclass(frozen=True)
class Finding:
    """One claim with its status, its evidence and its mutants.

    ``mutants`` counts "total", "refuted", "equivalent" and "alive".
    """

    claim: Claim
    status: Status
    as_expected: bool
    evidence: tuple[Verdict, ...]
    mutants: Mapping[str, int]

    @property
    def seconds(self) -> float:
        """Seconds that its evidence took."""
        return sum(verdict.seconds for verdict in self.evidence)


@dataclass(frozen=True)
class Findings:
    """All claims of one run, by id, and how, when and where it ran.

    ``versions``, ``machine`` and ``when`` (UTC, to the minute) as in the JSON of `verify`;
    ``seconds`` of the whole run.
    """

    by_id: Mapping[str, Finding]
    profile: str
    seed: int
    seconds: float
    versions: Mapping[str, str]
    machine: Mapping[str, Any]
    when: str = ""

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)

    def __getitem__(self, id: str) -> Finding:
        return self.by_id[id]

    def __contains__(self, id: object) -> bool:
        return id in self.by_id


def findings_of(
    judgements: Sequence[Judgement], seconds: float, profile: str, seed: int
) -> Findings:
    """What a run of the court found, exactly as its report tells it."""
    return _findings(json.loads(verify_report(judgements, seconds, profile, seed)), "the run")


def read_findings(path: str) -> Findings:
    """What ``lemmata verify --json path`` wrote.

    Raises ``FindingsError`` for a file that is no such report, or that tells of claims as they
    were before they were changed.
    """
    try:
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise FindingsError(f"{path}: cannot be read as a report of verify: {error}") from None
    if not isinstance(report, dict) or report.get("schema") != SCHEMA:
        raise FindingsError(f"{path}: is no report of schema {SCHEMA}: write one by verify --json")
    try:
        return _findings(report, path)
    except (KeyError, TypeError, AttributeError) as error:
        raise FindingsError(f"{path}: is incomplete ({error!r}): run verify --json again") from None


def _findings(report: Mapping[str, Any], where: str) -> Findings:
    registry = collect()
    found = {}
    for told in report["claims"]:
        id = told["id"]
        if id not in registry or registry[id].digest != told["digest"]:
            raise FindingsError(
                f"{where}: {id} has changed since: run lemmata verify --json again"
            )
        found[id] = Finding(
            registry[id],
            Status[told["status"].upper()],
            told["as_expected"],
            tuple(_verdict(verdict) for verdict in told["evidence"]),
            told["mutants"],
        )
    kept = ("profile", "seed", "seconds", "versions", "machine")
    return Findings(found, when=report.get("when", ""), **{name: report[name] for name in kept})


def _verdict(told: Mapping[str, Any]) -> Verdict:
    return Verdict(**{**told, "status": Status[told["status"].upper()]})
