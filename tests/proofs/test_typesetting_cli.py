"""`lemmata latex` on the command line: what is printed, files, and stale files."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from lemmata.proofs.cli.main import LAZY, commands, run
from lemmata.proofs.court import collect, judge
from lemmata.proofs.reports import verify_report
from lemmata.proofs.typesetting.macros import macro_name

ID = "modes.trajectory"


def out(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["latex", *arguments]) == 0
    return capsys.readouterr().out


def test_statement_where_and_given(capsys) -> None:
    told = out(capsys, "modes.ode")
    assert told.startswith("% made by: lemmata latex modes.ode\n% modes.ode  digest ")
    assert r"\begin{equation}\label{modes.ode}" in told
    assert r"\tau \frac{d}{dt} a(t) = 2 a(t) (s - a(t))" in told
    assert "$a(t) = v(t) w(t)$ (strength of one mode)" in told
    assert r"\item" not in told
    assert r"\begin{enumerate}" in out(capsys, "modes.ode", "--derivation")


def test_names_fractions_and_environments(capsys) -> None:
    told = out(capsys, ID, "--rename", "s=S", "--rename", "a_0=u_{0}", "--rename", "a=u")
    assert "u(0) = u_{0}" in told
    assert " s " not in told.partition("\n")[2]
    starred = out(capsys, ID, "--environment", "align*")
    assert r"\begin{align*}" in starred
    assert r"\label" not in starred
    assert r"\frac" not in out(capsys, "modes.learning_time", "--fraction", "slash").replace(
        r"\frac{d}{d", ""
    )


def test_patterns_and_narrow_columns(capsys) -> None:
    told = out(capsys, "modes.unbalanced.*", "--width", "200")
    wanted = [c.id for c in collect() if c.id.startswith("modes.unbalanced.")]
    assert [line.split()[1] for line in told.splitlines() if "  digest " in line] == wanted
    assert r"\begin{split}" in told


def test_commands_carry_digest_and_status(capsys, tmp_path: Path) -> None:
    told = out(capsys, ID, "--macros")
    assert f"% {ID}  digest {collect()[ID].digest}  status not verified in this run" in told
    assert rf"\newcommand{{\{macro_name(ID)}}}{{\ensuremath{{a(t) = " in told
    report = tmp_path / "verify.json"
    judged = judge(collect()[ID], "quick")
    report.write_text(verify_report([judged], 1.0, "quick", 0))
    told = out(capsys, ID, "--macros", "--evidence", str(report))
    assert f"digest {collect()[ID].digest}  status {judged.status}\n" in told


@pytest.mark.parametrize(
    "options", [(), ("--macros",), ("--derivation", "--rename", "c=C"), ("--width", "200")]
)
def test_a_fresh_file_is_not_stale(capsys, tmp_path: Path, options) -> None:
    file = tmp_path / "claims.tex"
    assert out(capsys, "modes.shallow*", *options, "-o", str(file)) == ""
    assert run(["latex", "--check", str(file)]) == 0
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert run(["latex", "--check", str(file)]) == 0
    assert capsys.readouterr().out == ""


def test_a_stale_file_names_the_claims_that_changed(capsys, tmp_path: Path) -> None:
    file = tmp_path / "claims.tex"
    out(capsys, "modes.shallow*", "--macros", "-o", str(file))
    text = file.read_text()
    digest = collect()["modes.shallow"].digest
    for planted, told in (
        (text.replace(digest, "0" * 16), f"modes.shallow: digest {'0' * 16}, now {digest}"),
        (text.replace("b(t) = ", "b(t) = 1 + "), f"modes.shallow: digest {digest} as it was"),
        (text.replace("% commands", "% the commands"), "the text around them"),
        (text + "% modes.gone  digest 0123456789abcdef\n", "modes.gone: digest 0123456789abcdef"),
        (text[: text.rindex("% modes.")], "is missing, now digest"),
    ):
        assert planted != text
        file.write_text(planted)
        assert run(["latex", "--check", str(file)]) == 1
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 1
        assert told in lines[0]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "none is named"),
        (("modes.trajectry",), "did you mean modes.trajectory"),
        ((ID, "--rename", "s"), "renames nothing"),
        ((ID, "--rename", "s=t"), "would both be printed t"),
        ((ID, "--macros", "--derivation"), "--derivation"),
        ((ID, "--evidence", "none.json"), "--evidence"),
        ((ID, "-o", "/no/such/folder/x.tex"), "--output"),
        (("--check", "/no/such/file.tex"), "cannot read /no/such/file.tex"),
        ((ID, "--check", "x.tex"), "give it alone"),
    ],
)
def test_bad_input_is_one_clear_line(capsys, arguments, told) -> None:
    assert run(["latex", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1
    assert told in shown.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\\documentclass{article}\n", "was not written by lemmata latex"),
        ("% made by: lemmata latex 'modes\n", "cannot be read"),
        ("% made by: lemmata latex modes.ode --colour red\n", "No such option"),
        ("% made by: lemmata latex modes.ode --check other.tex\n", "another check"),
        ("% made by: lemmata latex --help\n", "asks help"),
    ],
)
def test_files_that_cannot_be_checked(capsys, tmp_path: Path, text, told) -> None:
    file = tmp_path / "claims.tex"
    file.write_text(text)
    assert run(["latex", "--check", str(file)]) == 2
    shown = capsys.readouterr()
    assert len(shown.err.splitlines()) == 1
    assert told in shown.err


def test_a_binary_file_is_refused(capsys, tmp_path: Path) -> None:
    file = tmp_path / "claims.tex"
    file.write_bytes(b"\xff\xfe\x00")
    assert run(["latex", "--check", str(file)]) == 2
    assert "no text in UTF-8" in capsys.readouterr().err


def test_digests_of_equations_pasted_into_a_paper(capsys, tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    pasted = "\n".join(out(capsys, "modes.ode").splitlines()[1:])
    paper.write_text(f"\\documentclass{{article}}\n\\begin{{document}}\n{pasted}\n")
    assert run(["latex", "--check", str(paper)]) == 0
    paper.write_text(paper.read_text().replace(collect()["modes.ode"].digest, "0" * 16))
    assert run(["latex", "--check", str(paper)]) == 1
    assert capsys.readouterr().out.startswith(f"modes.ode: digest {'0' * 16}, now ")


def test_the_help_tells_of_commands_what_they_say_themselves() -> None:
    context = click.Context(commands)
    for name, (_, told) in LAZY.items():
        found = commands.get_command(context, name)
        assert found is not None
        assert (found.help or "").startswith(told.removesuffix("...")), name
