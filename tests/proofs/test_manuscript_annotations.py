"""Annotations: rows that continue others, displays that cannot be read, values, reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from lemmata.proofs.cli.main import run
from lemmata.proofs.manuscript import Finding, ManuscriptReport, Outcome, check_manuscript

CURVE = r"\frac{s e^{2 s t/\tau}}{e^{2 s t/\tau} - 1 + s/a_0}"
OTHER = r"\frac{s}{1 + (s/a_0 - 1) e^{-2 s t/\tau}}"


def checked(folder: Path, body: str) -> ManuscriptReport:
    paper = folder / "paper.tex"
    paper.write_text("\\begin{document}\n" + body + "\n\\end{document}\n", encoding="utf-8")
    return check_manuscript(str(paper), suggestions=False)


def one(folder: Path, annotation: str, equation: str) -> Finding:
    (finding,) = checked(folder, f"% lemmata: {annotation}\n\\[ {equation} \\]").findings
    return finding


def rows(*told: str) -> str:
    return "\\begin{align}\n" + " \\\\\n".join(told) + "\n\\end{align}"


@pytest.mark.parametrize(
    ("told", "outcomes", "code"),
    [
        ((rf"a(t) &= {CURVE}", rf"&= {OTHER}"), "proved proved", 0),
        ((rf"a(t) &= {CURVE}", "&= 7"), "proved refuted", 1),
        (("a(t) &= a(t) + 0", rf"&= {OTHER}"), "proved proved", 0),
        ((rf"a(t) &= {CURVE}", r"&= x"), "proved, not checked", 3),
        ((rf"a(t) &= {CURVE}", r"&= a(t) + 0", "&= 7"), "proved proved refuted", 1),
    ],
)
def test_rows_that_continue_belong_to_the_annotation_before(
    tmp_path: Path, told: tuple[str, ...], outcomes: str, code: int
) -> None:
    report = checked(tmp_path, "% lemmata: modes.trajectory\n" + rows(*told))
    found = " ".join(f.outcome for f in report.findings)
    assert found == outcomes.replace(",", "")
    assert {f.asked for f in report.findings} == {"modes.trajectory"}
    assert report.exit_code == code


def test_rows_that_continue_a_step_have_to_follow(tmp_path: Path) -> None:
    body = "% lemmata: let x, y > 0\n" + rows("x &= y", "% lemmata: follows\n x^2 &= y^2", "&= x y")
    report = checked(tmp_path, body)
    assert [f.asked for f in report.findings] == ["", "follows", "follows"]
    assert [f.outcome for f in report.findings][1:] == [Outcome.PROVED, Outcome.PROVED]
    false = checked(tmp_path, body.replace("&= x y", "&= x y + 1"))
    assert false.findings[-1].outcome is not Outcome.PROVED


def test_rows_with_annotations_of_their_own_are_left_to_them(tmp_path: Path) -> None:
    body = rows(f"% lemmata: modes.trajectory\na(t) &= {CURVE}", "% lemmata: ignore\n &= 7")
    assert [f.outcome for f in checked(tmp_path, body).findings] == [
        Outcome.PROVED,
        Outcome.IGNORED,
    ]


@pytest.mark.parametrize("told", ["lemmata modes.trajectory", "lemata: modes.trajectory"])
def test_what_is_nearly_an_annotation_is_told(tmp_path: Path, told: str) -> None:
    report = checked(tmp_path, f"% {told}\n\\[ a(t) = {CURVE} \\]")
    (found,) = [f for f in report.findings if f.outcome is Outcome.MISUSED]
    assert found.reason.endswith("write % lemmata: modes.trajectory")
    assert report.exit_code == 2


@pytest.mark.parametrize("display", [r"\[ a(t) = 5", r"\begin{equation} a(t) = 5 \end{align}"])
def test_a_display_that_cannot_be_read_is_told_once(tmp_path: Path, display: str) -> None:
    report = checked(tmp_path, f"% lemmata: modes.trajectory\n{display}")
    (found,) = [f for f in report.findings if f.asked]
    assert found.outcome is Outcome.NOT_CHECKED
    assert "definition" not in found.reason
    assert report.exit_code == 3


def test_a_name_that_is_not_known_refutes_nothing(tmp_path: Path) -> None:
    equation = r"\tau \frac{d}{dt}(a v^\top) = b u^\top(\Sigma_{31} - u b^\top a v^\top)"
    found = one(tmp_path, "modes.vector_mode.flow", equation)
    assert found.outcome is Outcome.NOT_CHECKED
    assert [e.write for e in found.edits] == [r"\Sigma^{31}"]


def test_a_report_is_not_written_over_a_manuscript(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper, part = tmp_path / "paper.tex", tmp_path / "part.tex"
    part.write_text("$x = x$\n", encoding="utf-8")
    text = "\\begin{document}\n\\input{part}\n\\end{document}\n"
    paper.write_text(text, encoding="utf-8")
    for option in ("--json", "--sarif"):
        for target in (paper, part):
            assert run(["check", option, str(target), str(paper)]) == 2
            assert "is a file of the manuscript" in capsys.readouterr().err
    assert paper.read_text(encoding="utf-8") == text
    assert part.read_text(encoding="utf-8") == "$x = x$\n"


def test_findings_of_several_files_are_in_reading_order(tmp_path: Path) -> None:
    (tmp_path / "part.tex").write_text("% lemmata: folows\n\n$x = x$\n", encoding="utf-8")
    body = "$a = a$\n\n\\input{part}\n\n% lemmata: ingore\n\n$b = b$\n\n% lemmata: follow\n\nEnd."
    report = checked(tmp_path, body)
    told = ["a = a", "folows", "x = x", "ingore", "b = b", "follow"]
    assert [f.source.strip() for f in report.findings] == told


MISTAKES = [
    ("modes.trajectry", "did you mean modes.trajectory"),
    ("trajectory", "a claim by its whole id, as modes.trajectory"),
    ("modes.trajectory s=S", "in brackets, modes.trajectory [s=S]"),
    ("modes.trajectory at tau=1", "in brackets, modes.trajectory [tau=1]"),
    ("modes.trajectory [s=S", "the bracket ] is missing"),
    ("modes.trajectory [s]", "write name=LaTeX, as [s=S], or name=value, as [tau=1]"),
    ("modes.trajectory [s==S]", "one = for each name"),
    ("modes.trajectory [s=S a_0=u]", "commas between them"),
    ("modes.trajectory [s=S; a_0=u]", "commas between them"),
    ("modes.trajectory [s=S,]", "drop the comma"),
    ("modes.trajectory [s=]", "nothing is written for s"),
    ("modes.trajectory [tau=1,5]", "write decimals with a point"),
    ("modes.trajectory [a(t)=u(t)]", "without its argument, as [a=u]"),
    ("modes.trajectory [tau>0]", "conditions are those of the claim"),
    ("modes.trajectory [S=s]", "S is no name of the claim, and s is: write [s=S]"),
    ("modes.trajectory [s=S, s=U]", "s is renamed twice"),
    ("modes.trajectory [s=S, tau=S]", "two names are written S"),
    ("modes.trajectory []", "the brackets are empty"),
    ("modes.trajectory modes.ode", "write % lemmata: modes.ode in its own"),
    ("follows eq:a", "name labels in brackets, follows (eq:mode)"),
    ("follows()", "or follows alone"),
    ("folows", "did you mean follows"),
    ("let s > 1", "compare with 0"),
    ("let s > 0, tau > 0", "put ; between"),
    ("let a(t", "'a(t' is no name"),
    ("let k int", "did you mean integer"),
    ("let x, x", "x is declared twice"),
    ("let x; ; y", "a declaration is empty"),
    ("ignore this", "'this' after it is not understood"),
    ("", "the annotation is empty"),
]


@pytest.mark.parametrize(("annotation", "told"), MISTAKES)
def test_mistakes_are_told_in_one_line_with_what_to_write(
    tmp_path: Path, annotation: str, told: str
) -> None:
    report = checked(tmp_path, f"% lemmata: {annotation}\n\\[ a(t) = {CURVE} \\]")
    (found,) = [f for f in report.findings if f.outcome is Outcome.MISUSED]
    assert told in found.reason
    assert "\n" not in found.reason
    assert report.exit_code == 2
