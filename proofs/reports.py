"""Machine-readable reports: the JSON and the JUnit XML of `verify`."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from xml.etree import ElementTree

from .court import Judgement
from .verdicts import Verdict

__all__ = ["SCHEMA", "junit_report", "provenance", "verify_report"]

SCHEMA = "lemmata.verify/1"
# Characters that no XML document may contain (XML 1.0, production 2).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COUNTS = ("total", "refuted", "equivalent", "alive")
_PACKAGES = ("lemmata", "sympy", "mpmath", "numpy", "scipy", "python-flint", "hypothesis")


def verify_report(
    judgements: Sequence[Judgement], seconds: float, profile: str, seed: int
) -> str:
    """The JSON of `verify --json`."""
    report = {
        "schema": SCHEMA,
        "claims": [_claim(j) for j in judgements],
        **provenance(),
        "profile": profile,
        "seed": seed,
        "when": datetime.now(UTC).isoformat(timespec="minutes"),
        "seconds": round(seconds, 3),
    }
    return json.dumps(report, indent=2) + "\n"


def provenance() -> dict[str, Any]:
    """What a report says of where it was made: ``versions`` and ``machine``."""
    return {
        "versions": {"python": platform.python_version(), **{p: version(p) for p in _PACKAGES}},
        "machine": {
            "system": platform.platform(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
        },
    }


def _claim(judgement: Judgement) -> dict[str, Any]:
    claim = judgement.claim
    counts = next((v.counts for v in judgement.verdicts if v.kind == "mutants"), {})
    return {
        "id": claim.id,
        "status": str(judgement.status),
        "expects": claim.expects,
        "as_expected": judgement.as_expected,
        "digest": claim.digest,
        "rests_on": list(claim.rests_on),
        "evidence": [_evidence(v) for v in judgement.verdicts],
        "mutants": {name: counts.get(name, 0) for name in _COUNTS},
    }


def _evidence(verdict: Verdict) -> dict[str, Any]:
    return {
        "kind": verdict.kind,
        "status": str(verdict.status),
        "drawn": verdict.drawn,
        "decided": verdict.decided,
        "worst": verdict.worst,
        "reason": verdict.reason,
        "counterexample": dict(verdict.counterexample) if verdict.counterexample else None,
        "seed": verdict.seed,
        "seconds": round(verdict.seconds, 4),
        "dtype": verdict.dtype,
        "device": verdict.device,
    }


def junit_report(judgements: Sequence[Judgement], seconds: float) -> str:
    """JUnit XML: one test case a claim, a failure where the status is not as expected."""
    failures = sum(not j.as_expected for j in judgements)
    suite = ElementTree.Element(
        "testsuite",
        name="lemmata verify",
        tests=str(len(judgements)),
        failures=str(failures),
        time=f"{seconds:.3f}",
    )
    for judgement in judgements:
        took = sum(v.seconds for v in judgement.verdicts)
        case = ElementTree.SubElement(
            suite, "testcase", classname="lemmata", name=judgement.claim.id, time=f"{took:.3f}"
        )
        if not judgement.as_expected:
            failure = ElementTree.SubElement(case, "failure", message=str(judgement.status))
            told = "\n".join(_told(verdict) for verdict in judgement.verdicts)
            failure.text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", told)
    return ElementTree.tostring(suite, encoding="unicode") + "\n"


def _told(verdict: Verdict) -> str:
    line = f"{verdict.kind} {verdict.status}: {verdict.reason or verdict.worst}"
    if verdict.counterexample:
        line += " at " + ", ".join(f"{k} = {v}" for k, v in verdict.counterexample.items())
    return line
