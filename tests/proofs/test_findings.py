"""Findings: what verify found, as it comes from a run and from its report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from lemmata.proofs.cli.judging import judging
from lemmata.proofs.court import collect, judge, settle
from lemmata.proofs.findings import FindingsError, findings_of, read_findings
from lemmata.proofs.guards import corrections, guards, row
from lemmata.proofs.reports import verify_report

IDS = ["modes.shallow", "modes.negative_start.slogan"]
EVALUATED = ["products.amplified_fraction.width_slogan"]
"""Claims whose statements SymPy evaluates when they come back from a process."""


@pytest.fixture(scope="module")
def judgements():
    return settle([judge(collect()[id], "quick") for id in IDS], collect())


def test_a_report_tells_what_the_run_found(judgements, tmp_path: Path) -> None:
    path = tmp_path / "verify.json"
    path.write_text(verify_report(judgements, 1.5, "quick", 7))
    read, found = read_findings(str(path)), findings_of(judgements, 1.5, "quick", 7)
    assert replace(read, when="") == replace(found, when="")
    assert [f.claim.id for f in read] == IDS
    assert len(read) == 2
    assert "modes.shallow" in read
    assert all(f.as_expected and f.evidence and f.mutants["alive"] == 0 for f in read)
    assert (read.profile, read.seed, read.seconds) == ("quick", 7, 1.5)
    assert read.when.endswith("+00:00")


def test_claims_are_those_of_the_registry_also_from_processes() -> None:
    ids = [*EVALUATED, *IDS, "modes.shallow.slogan"]
    ids = [id for id in ids if id in collect()]
    with judging([*ids, "modes.ode"], "quick", 0, "cpu", 2) as stream:
        found = {j.claim.id: j.claim for j in stream}
    for id in ids:
        assert found[id] is collect()[id]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda r: r.update(schema="other/1"), "no report of schema"),
        (lambda r: r["claims"][0].update(digest="0" * 16), "modes.shallow has changed"),
        (lambda r: r["claims"][0].update(id="modes.gone"), "modes.gone has changed"),
        (lambda r: r["claims"][0].pop("evidence"), "is incomplete"),
        (lambda r: r["claims"][0].update(status="perfect"), "is incomplete"),
        (lambda r: r.pop("profile"), "is incomplete"),
    ],
)
def test_a_report_that_cannot_be_used_is_refused(judgements, tmp_path: Path, change, told) -> None:
    report = json.loads(verify_report(judgements, 1.5, "quick", 0))
    change(report)
    path = tmp_path / "verify.json"
    path.write_text(json.dumps(report))
    with pytest.raises(FindingsError, match=told):
        read_findings(str(path))


@pytest.mark.parametrize("text", ["", "[]", "{", "\xff"])
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "verify.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(FindingsError, match=r"verify\.json"):
        read_findings(str(path))


def test_guards_stand_beside_the_claims_of_their_row() -> None:
    claim = collect()["modes.trajectory"]
    assert "modes.trajectory.doubled" in [g.id for g in guards(claim)]
    guard = collect()["modes.trajectory.doubled"]
    right = [c.id for c in corrections(guard)]
    assert right[0] == "modes.trajectory"
    assert {row(id) for id in right} == {"modes.trajectory"}
    assert all(c.expects == "proved" for c in corrections(guard))
