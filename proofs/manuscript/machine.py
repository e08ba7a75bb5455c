"""The JSON and the SARIF of `check`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from ..reports import provenance
from ..tex import Place
from .findings import EditTold, Finding, ManuscriptReport, Outcome
from .telling import message

__all__ = ["SCHEMA", "json_report", "sarif_report"]

SCHEMA = "lemmata.check/1"
SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_RULES: dict[Outcome, tuple[str, str, str]] = {
    Outcome.PROVED: ("proved", "none", "An equation that says what its annotation names."),
    Outcome.REFUTED: ("refuted", "error", "An equation that fails where the claim holds."),
    Outcome.UNDECIDED: ("undecided", "warning", "An equation that is neither shown nor refuted."),
    Outcome.NOT_CHECKED: ("not-checked", "warning", "An equation that could not be read."),
    Outcome.MISUSED: ("annotation", "error", "An annotation that is not understood."),
    Outcome.UNANNOTATED: ("unannotated", "note", "An equation that seems to state a claim."),
    Outcome.IGNORED: ("ignored", "none", "An equation that is left alone."),
}


def json_report(reports: Sequence[ManuscriptReport]) -> str:
    """The JSON of `check --json`."""
    made = {
        "schema": SCHEMA,
        "manuscripts": [_manuscript(report) for report in reports],
        **provenance(),
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _manuscript(report: ManuscriptReport) -> dict[str, Any]:
    return {
        "path": report.path,
        "files": list(report.files),
        "counts": {str(outcome): count for outcome, count in report.counts.items()},
        "exit_code": report.exit_code,
        "findings": [_finding(finding) for finding in report.findings],
        "not_looked_at": report.not_looked_at,
        "seed": report.seed,
        "seconds": round(report.seconds, 3),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "end_line": finding.end.line,
        "end_column": finding.end.column,
        "label": finding.label,
        "source": finding.source,
        "asked": finding.asked,
        "outcome": str(finding.outcome),
        "reason": finding.reason,
        "note": finding.note,
        "point": dict(finding.point),
        "left": finding.left,
        "right": finding.right,
        "edits": [_edit(edit) for edit in finding.edits],
        "suggestions": [{**asdict(s), "annotation": s.annotation} for s in finding.suggestions],
    }


def _edit(edit: EditTold) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": edit.kind,
        "within": edit.within,
        "instead_of": edit.instead_of,
        "write": edit.write,
        "corrected": edit.corrected,
    }
    if edit.place is not None and edit.end is not None:
        told["region"] = _region(edit.place, edit.end)
    return told


def sarif_report(reports: Sequence[ManuscriptReport]) -> str:
    """SARIF 2.1.0: a result for each equation that is not proved, with its fix where known."""
    results = [
        _result(finding) for report in reports for finding in report.findings if _told(finding)
    ]
    run = {
        "tool": {
            "driver": {
                "name": "lemmata",
                "version": version("lemmata"),
                "rules": [_rule(outcome) for outcome in _RULES],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    made = {"$schema": SARIF, "version": "2.1.0", "runs": [run]}
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _told(finding: Finding) -> bool:
    if finding.outcome is Outcome.UNANNOTATED:
        return bool(finding.suggestions)
    return finding.outcome not in (Outcome.PROVED, Outcome.IGNORED)


def _rule(outcome: Outcome) -> dict[str, Any]:
    name, level, text = _RULES[outcome]
    return {
        "id": f"lemmata/{name}",
        "shortDescription": {"text": text},
        "defaultConfiguration": {"level": level},
    }


def _result(finding: Finding) -> dict[str, Any]:
    name, level, _ = _RULES[finding.outcome]
    told = message(finding)
    asked = finding.asked if finding.outcome is not Outcome.MISUSED else ""
    prefix = f"{asked}: " if asked else ""
    made: dict[str, Any] = {
        "ruleId": f"lemmata/{name}",
        "ruleIndex": list(_RULES).index(finding.outcome),
        "level": level,
        "message": {"text": f"{prefix}{finding.outcome}: {told}" if told else str(finding.outcome)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(finding.place.file)},
                    "region": _region(finding.place, finding.end),
                }
            }
        ],
    }
    fixes = [_fix(edit) for edit in finding.edits if edit.place is not None]
    if fixes:
        made["fixes"] = fixes
    return made


def _fix(edit: EditTold) -> dict[str, Any]:
    assert edit.place is not None
    assert edit.end is not None
    replacement = {
        "deletedRegion": _region(edit.place, edit.end),
        "insertedContent": {"text": edit.write},
    }
    change = {
        "artifactLocation": {"uri": _uri(edit.place.file)},
        "replacements": [replacement],
    }
    return {"description": {"text": str(edit)}, "artifactChanges": [change]}


def _region(place: Place, end: Place) -> dict[str, int]:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _uri(file: str) -> str:
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
