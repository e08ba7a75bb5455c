"""Reports for machines, and files that are written whole or not at all."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lemmata.proofs.court import Judgement, collect
from lemmata.proofs.files import check_writable, write_whole
from lemmata.proofs.reports import junit_report, verify_report
from lemmata.proofs.verdicts import Status, Verdict

STATUSES = st.sampled_from(list(Status))
VERDICTS = st.builds(
    Verdict,
    kind=st.sampled_from(["derivation", "points", "matrix"]),
    status=STATUSES,
    drawn=st.integers(0, 100),
    decided=st.integers(0, 100),
    worst=st.text(),
    reason=st.text(),
    counterexample=st.none() | st.dictionaries(st.text(min_size=1), st.text()),
    seed=st.none() | st.integers(0),
    seconds=st.floats(0, 1e6),
)
COUNTS = st.fixed_dictionaries(
    {name: st.integers(0, 99) for name in ("total", "refuted", "equivalent", "alive")}
)
MUTANTS = st.builds(Verdict, kind=st.just("mutants"), status=STATUSES, counts=COUNTS)
IDS = st.sampled_from(["modes.ode", "modes.trajectory", "descent.averaged.one_hot_slogan"])


@st.composite
def judgements(draw):
    verdicts = tuple(draw(st.lists(VERDICTS, max_size=3)))
    if draw(st.booleans()):
        verdicts += (draw(MUTANTS),)
    return Judgement(collect()[draw(IDS)], verdicts, draw(STATUSES), draw(STATUSES))


@given(st.lists(judgements(), max_size=4), st.floats(0, 1e6), st.integers(0))
def test_the_json_says_what_was_judged(given_, seconds, seed):
    report = json.loads(verify_report(given_, seconds, "quick", seed))
    assert report["schema"] == "lemmata.verify/1"
    assert (report["profile"], report["seed"]) == ("quick", seed)
    assert {"python", "lemmata", "sympy", "python-flint"} <= report["versions"].keys()
    assert {"system", "processor", "cores"} == report["machine"].keys()
    for told, judged in zip(report["claims"], given_, strict=True):
        made = judged.claim
        assert (told["id"], told["digest"], told["expects"]) == (made.id, made.digest, made.expects)
        assert told["status"] == str(judged.status)
        assert told["as_expected"] is judged.as_expected
        for evidence, verdict in zip(told["evidence"], judged.verdicts, strict=True):
            assert evidence["status"] == str(verdict.status)
            assert evidence["counterexample"] == (verdict.counterexample or None)
            for name in ("kind", "drawn", "decided", "worst", "reason", "seed"):
                assert evidence[name] == getattr(verdict, name)
        kept = [v.counts for v in judged.verdicts if v.kind == "mutants"]
        assert told["mutants"] == (
            kept[0] if kept else dict.fromkeys(("total", "refuted", "equivalent", "alive"), 0)
        )


@given(st.lists(judgements(), max_size=4), st.floats(0, 1e6))
def test_the_junit_report_fails_exactly_what_is_not_as_expected(given_, seconds):
    suite = ElementTree.fromstring(junit_report(given_, seconds))
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == [judged.claim.id for judged in given_]
    failed = [case.find("failure") is not None for case in cases]
    assert failed == [not judged.as_expected for judged in given_]
    assert suite.get("tests") == str(len(cases))
    assert suite.get("failures") == str(sum(failed))


def test_the_junit_report_tells_counterexamples():
    verdict = Verdict("points", Status.REFUTED, reason="fails", counterexample={"s": "2/3"})
    judged = Judgement(collect()["modes.ode"], (verdict,), Status.REFUTED, Status.REFUTED)
    assert "s = 2/3" in junit_report([judged], 1.0)
    silent = replace(verdict, counterexample=None)
    assert " = " not in junit_report([replace(judged, verdicts=(silent,))], 1.0).split("fails")[1]


@pytest.mark.parametrize("content", ["text: ü\n", b"\x00bytes\r\n", ""])
def test_a_file_is_replaced_whole(tmp_path, content):
    path = tmp_path / "f"
    path.write_text("before")
    write_whole(str(path), content)
    assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert [p.name for p in tmp_path.iterdir()] == ["f"]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_a_file_that_cannot_be_finished_is_left_as_it_was(tmp_path, monkeypatch, error):
    path = tmp_path / "f"
    path.write_text("before")

    def fail(*given):
        raise error

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(error):
        write_whole(str(path), "after")
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["f"]


@pytest.mark.skipif(os.name != "posix", reason="permissions as of POSIX")
def test_permissions_are_those_of_an_ordinary_file(tmp_path):
    fresh, kept = tmp_path / "fresh", tmp_path / "kept"
    kept.write_text("before")
    kept.chmod(0o600)
    before = os.umask(0o027)
    try:
        for path in (fresh, kept):
            write_whole(str(path), "text")
    finally:
        os.umask(before)
    assert stat.S_IMODE(fresh.stat().st_mode) == 0o640
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as of POSIX")
def test_links_are_followed_and_pipes_written_to(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("before")
    link.symlink_to(target)
    write_whole(str(link), "after")
    assert link.is_symlink()
    assert target.read_text() == "after"
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    check_writable(str(pipe))
    write_whole(str(pipe), "through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_what_cannot_be_written_is_told_beforehand(tmp_path):
    check_writable(str(tmp_path / "f"))
    with pytest.raises(OSError, match="it is a folder"):
        check_writable(str(tmp_path))
    with pytest.raises(OSError, match="no writable folder"):
        check_writable(str(tmp_path / "no" / "f"))
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="no writable folder"):
        check_writable(str(tmp_path / "file" / "f"))
