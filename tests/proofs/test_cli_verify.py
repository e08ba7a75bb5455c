"""`verify`: exit codes, streams, reports, and a table that cuts no id."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from io import StringIO
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs import claim
from lemmata.proofs.cli.main import run
from lemmata.proofs.cli.table import LiveTable, print_summary
from lemmata.proofs.cli.verifying import exit_code
from lemmata.proofs.court import Judgement, collect
from lemmata.proofs.verdicts import Status, Verdict
from lemmata.theory.registry import REGISTRY
from rich.console import Console
from sympy import Eq, besselj, symbols

QUICK = ("verify", "--profile", "quick", "--jobs", "1")
CLAIM = "descent.averaged.one_hot_slogan"


@pytest.fixture
def own_claims(monkeypatch):
    """Claims of which each fails in its own way, known for one test only."""
    monkeypatch.setattr(REGISTRY, "_claims", dict(collect()._claims))
    x, y = symbols("x y", positive=True)
    source = "made for this test"
    claim("ours.wrong", source=source)(lambda: x < 1)
    claim("ours.open", source=source)(lambda: besselj(0, x) < 2)  # no engine knows Bessel's
    claim("ours.empty", source=source, given=[x < y, y < x])(lambda: x < 1)
    claim("ours.true_guard", source=source, expects="refuted")(
        lambda: Eq(x * (x + y), x**2 + x * y)
    )


@pytest.mark.parametrize(
    ("id", "code", "status"),
    [
        ("ours.wrong", 1, "refuted"),
        ("ours.open", 3, "undecided"),
        ("ours.empty", 3, "vacuous"),
        ("ours.true_guard", 1, "[a-z]+"),
    ],
)
def test_what_is_not_as_expected_has_its_code_and_its_reason(own_claims, capsys, id, code, status):
    assert run([*QUICK, id]) == code
    out, told = capsys.readouterr()
    assert told == ""
    assert re.search(rf"^{re.escape(id)} +{status}( \(not refuted\))? ", out, re.M)
    assert re.search(rf"^{re.escape(id)} is {status}:$", out, re.M)
    assert "1 not as expected" in out


def test_the_worst_of_several_decides(own_claims, capsys):
    assert run([*QUICK, "ours.*"]) == 1
    assert run([*QUICK, "ours.open", "ours.empty"]) == 3
    capsys.readouterr()


def test_a_refutation_shows_its_counterexample(own_claims, capsys):
    run([*QUICK, "ours.wrong"])
    (at,) = re.findall(r"^    at x = (\S+):", capsys.readouterr().out, re.M)
    assert Fraction(at) >= 1


def test_codes_reach_the_shell(lemmata, few):
    done = lemmata(*QUICK, "few.wrong", before=few)
    assert (done.returncode, done.stderr) == (1, "")


def test_success_is_one_table_on_stdout_and_silence_on_stderr(lemmata, tmp_path):
    done = lemmata(*QUICK, CLAIM, COLUMNS="20", FORCE_COLOR="1")
    assert (done.returncode, done.stderr) == (0, "")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    first, row, last = plain.splitlines()
    assert first.split()[:2] == ["claim", "status"]
    assert row.split()[:3] == [CLAIM, "refuted", "(expected)"]
    assert last.startswith("1 claim: 1 refuted; ")
    assert "all as expected" in last
    assert list(tmp_path.iterdir()) == []


def test_processes_agree_with_one_process(lemmata, few):
    asked = ("verify", "--profile", "quick", "few.guard*", "--json", "-", "--jobs")
    alone, together = (json.loads(lemmata(*asked, n, before=few).stdout) for n in ("1", "2"))
    for report in (alone, together):
        for judged_claim in report["claims"]:
            for evidence in judged_claim["evidence"]:
                del evidence["seconds"]
    assert len(alone["claims"]) >= 4
    assert alone["claims"] == together["claims"]


def test_reports_are_written_and_the_table_stays(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run([*QUICK, CLAIM, "--json", "f.json", "--junit", "f.xml"]) == 0
    out, told = capsys.readouterr()
    assert told == ""
    assert CLAIM in out
    report = json.loads((tmp_path / "f.json").read_text())
    assert report["schema"] == "lemmata.verify/1"
    assert [claim["id"] for claim in report["claims"]] == [CLAIM]
    case = ElementTree.parse(tmp_path / "f.xml").getroot().find("testcase")
    assert case is not None
    assert case.get("name") == CLAIM
    assert {"f.json", "f.xml"} == {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize(
    ("option", "start"),
    [("--json", '{\n  "schema": "lemmata.verify/1"'), ("--junit", "<testsuite ")],
)
def test_a_report_on_stdout_sends_the_table_to_stderr(capsys, option, start):
    assert run([*QUICK, CLAIM, option, "-"]) == 0
    out, told = capsys.readouterr()
    assert out.startswith(start)
    assert "all as expected" not in out
    assert [line.split()[0] for line in told.splitlines()] == ["claim", CLAIM, "1"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--json", "-", "--junit", "-"], "--json and --junit: only one report can go to stdout"),
        (["--json", os.path.join("no", "such", "f")], "no writable folder"),
        (["--junit", "."], "it is a folder"),
        (["--device", "cuda"], "run with --device cpu"),
        (["--device", "tpu"], "'tpu' is not one of 'cpu', 'cuda'"),
    ],
)
def test_what_cannot_be_done_is_refused_before_any_work(one_line, monkeypatch, given, told):
    monkeypatch.setattr("lemmata.proofs.cli.judging.judge", None)
    absent = "no NVIDIA GPU: run with --device cpu"
    monkeypatch.setattr("lemmata.numerics.engines.device_problem", lambda device: absent)
    assert told in one_line("verify", *given)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")
def test_a_report_that_fails_in_the_end_costs_neither_the_table_nor_the_other_report(
    capsys, tmp_path
):
    xml = str(tmp_path / "f.xml")
    assert run([*QUICK, CLAIM, "--json", "/dev/full", "--junit", xml]) == 2
    out, told = capsys.readouterr()
    assert told.startswith("lemmata: --json: cannot write /dev/full: ")
    assert len(told.splitlines()) == 1
    assert "all as expected" in out
    ElementTree.parse(tmp_path / "f.xml")


@pytest.mark.parametrize("command", ["verify", "list"])
@pytest.mark.parametrize(
    ("patterns", "told"),
    [
        (["modes.oed"], "nothing matches modes.oed: did you mean modes.ode"),
        (["xyzzy.*"], "nothing matches xyzzy.*: see `lemmata list`"),
        ([CLAIM, "modes.trajectry"], "nothing matches modes.trajectry: did you mean modes.traj"),
    ],
)
def test_a_pattern_that_matches_nothing_is_never_passed_over(one_line, command, patterns, told):
    assert one_line(command, *patterns, code=5).startswith(told)


def test_a_process_that_dies_is_no_verdict(lemmata, few):
    dies = few + "import os\ncourt.judge = lambda *given: os._exit(9)"
    done = lemmata("verify", "few.*", "--jobs", "2", before=dies)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("lemmata: a process died")
    assert len(done.stderr.splitlines()) == 1


def judged(id: str, status: Status) -> Judgement:
    verdict = Verdict("matrix", status, reason="for no reason", worst="all of it")
    return Judgement(collect()[id], (verdict,), status, status)


@given(st.lists(st.sampled_from(list(Status))))
def test_the_exit_code_is_decided_by_the_worst(statuses):
    code = exit_code([judged("modes.ode", status) for status in statuses])
    if Status.REFUTED in statuses:
        assert code == 1
    else:
        assert code == (3 if any(s < Status.SAMPLED for s in statuses) else 0)


@given(st.sampled_from(list(Status)))
def test_a_guard_must_be_refuted(status):
    assert exit_code([judged(CLAIM, status)]) == (0 if status is Status.REFUTED else 1)


@settings(max_examples=10)
@given(st.integers(1, 200), st.sampled_from(list(Status)))
def test_no_id_is_cut_however_narrow_the_terminal(width, status):
    ids = collect().ids()
    out = Console(file=StringIO(), width=width)
    print_summary(out, [judged(id, status) for id in ids], 0.0)
    lines = out.file.getvalue().splitlines()
    firsts = [line.split()[0] for line in lines if line and not line.startswith(" ")]
    assert firsts[1 : 1 + len(ids)] == ids


def test_the_live_table_is_silent_without_a_terminal(capsys):
    with LiveTable(["modes.ode"]) as live:
        live.add(judged("modes.ode", Status.PROVED))
    assert capsys.readouterr() == ("", "")


def screen(text: str) -> list[str]:
    """The lines that a terminal shows after ``text``: moves up, erased lines, the rest as it is."""
    lines, y, x = [""], 0, 0
    for part in re.findall(r"\x1b\[[?0-9;]*[A-Za-z]|\r|\n|[^\x1b\r\n]+", text):
        if part == "\r":
            x = 0
        elif part == "\n":
            y += 1
            lines += [""] * (y == len(lines))
        elif part.startswith("\x1b["):
            count = int(part[2:-1]) if part[2:-1].isdecimal() else 1
            y = max(0, y - count) if part.endswith("A") else y
            lines[y] = "" if part.endswith("K") else lines[y]
        else:
            lines[y] = lines[y].ljust(x)[:x] + part + lines[y][x + len(part) :]
            x += len(part)
    return lines


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("stdout_too", [True, False])
def test_in_a_terminal_the_table_grows_and_the_result_appears_once(tmp_path, few, stdout_too):
    main = few + "from lemmata.proofs.cli import main; main()"
    terminal, inside = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", main, *QUICK, "few.guard0"],
        cwd=tmp_path,
        env={**os.environ, "TERM": "xterm"},
        stdin=inside,
        stdout=inside if stdout_too else subprocess.PIPE,
        stderr=inside,
    )
    os.close(inside)
    seen = b""
    try:
        while data := os.read(terminal, 1 << 16):
            seen += data
    except OSError:  # the other side was closed
        pass
    out = "" if process.stdout is None else process.stdout.read().decode()
    assert process.wait() == 0
    os.close(terminal)
    shown = seen.decode()
    assert "1 of 1 claims judged" in shown
    left = [line for line in screen(shown) if line.strip()]
    assert not any("claims judged" in line for line in left)
    if stdout_too:
        assert sum("few.guard0" in line for line in left) == 1
    else:
        assert left == []
        assert out.count("few.guard0") == 1
        assert "\x1b" not in out
