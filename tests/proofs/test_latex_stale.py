"""`latex --check`: changes by hand in pasted equations, in commands and in the paper are found."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from lemmata.proofs.cli import stale_paper
from lemmata.proofs.cli.main import run
from lemmata.proofs.court import collect, judge
from lemmata.proofs.document import book
from lemmata.proofs.findings import findings_of, read_findings
from lemmata.proofs.reports import verify_report
from lemmata.proofs.typesetting import Style, claim_lines
from lemmata.proofs.typesetting.macros import macro_lines
from lemmata.proofs.typesetting.style import style_from, style_told
from lemmata.theory.registry import Registry

IDS = ("modes.trajectory", "modes.unbalanced_trajectory", "hierarchy.singular_value")
CLAIMS = [collect()[id] for id in IDS]
STYLES = [
    (Style(), 345.0),
    (Style({"s": "S"}), 345.0),
    (Style(fraction="slash", environment="align"), 250.0),
    (Style(fraction="tfrac", environment="gather*"), 180.0),
    (Style({"s": r"\hat{s}", "a_0": "u_0"}, "dfrac", "displaymath"), 1000.0),
    (Style(environment="none"), 345.0),
]


def checked(file: Path, text: str, capsys, *options: str) -> tuple[int, list[str]]:
    file.write_text(text)
    code = run(["latex", "--check", str(file), *options])
    return code, capsys.readouterr().out.splitlines()


def paper_of(style: Style, width: float) -> str:
    """A manuscript into which the claims were pasted."""
    chosen = CLAIMS[:1] if style.names else CLAIMS
    pasted = ["\n".join(claim_lines(c, style=style, width=width)) for c in chosen]
    if style.environment == "none":
        # What stands around a bare formula is the author's.
        pasted = [f"\\begin{{equation}}\n{text}\n\\end{{equation}}" for text in pasted]
        pasted = [re.sub(r"(\{\\sloppy)", r"\\end{equation}\n\1", text) for text in pasted]
    return "\\documentclass{article}\n\\begin{document}\n" + "\n\n".join(pasted)


@pytest.mark.parametrize(("style", "width"), STYLES)
def test_the_comment_tells_the_style(style: Style, width: float) -> None:
    assert style_from(style_told(style, width).removeprefix("  style ")) == (style, width)


@pytest.mark.parametrize(("style", "width"), STYLES)
def test_pasted_equations_are_the_claims(
    capsys, tmp_path: Path, style: Style, width: float
) -> None:
    text = paper_of(style, width)
    file = tmp_path / "paper.tex"
    assert checked(file, text, capsys) == (0, [])
    spaced = text.replace(" + ", "\n   +  % a remark\n ").replace("\\frac{", "\\frac {")
    assert checked(file, spaced, capsys) == (0, [])
    assert checked(file, re.sub(r"\\label\{[^}]*\}", r"\\label{eq:mine}", text), capsys) == (0, [])


@pytest.mark.parametrize(("style", "width"), STYLES)
@pytest.mark.parametrize(
    ("was", "became"), [("2 ", "3 "), (r"\tau", r"\theta"), (" + ", " - "), ("e^{", "e^{-")]
)
def test_an_equation_changed_by_hand_is_told_with_its_line(
    capsys, tmp_path: Path, style: Style, width: float, was: str, became: str
) -> None:
    text = paper_of(style, width)
    start = text.index("digest")
    start = text.index("\n", start)
    changed = text[:start] + text[start:].replace(was, became, 1)
    place = text[: text.index(was, start)].count("\n") + 1
    if changed == text or place > text[:start].count("\n") + 20:
        return
    code, lines = checked(tmp_path / "paper.tex", changed, capsys)
    assert code == 1
    assert len(lines) == 1
    told = re.fullmatch(
        r"line (\d+): modes\.trajectory: the equation was changed by hand, .*", lines[0]
    )
    assert told, lines
    assert int(told[1]) == place


@pytest.mark.parametrize(
    ("was", "became"),
    [
        ("\n\\end{equation}", " + 1\n\\end{equation}"),
        ("\n\\end{equation}", "\n + 1\n\\end{equation}"),
        ("  a(t) =", "  2 a(t) ="),
        ("\\begin{equation}\\label{modes.trajectory}", "As we know,\n\\begin{equation}"),
    ],
)
def test_what_is_added_to_an_equation_is_found(
    capsys, tmp_path: Path, was: str, became: str
) -> None:
    text = "\n".join(["\\documentclass{article}", *claim_lines(CLAIMS[0])])
    assert was in text
    code, lines = checked(tmp_path / "paper.tex", text.replace(was, became, 1), capsys)
    assert code == 1
    assert len(lines) == 1
    assert "changed by hand" in lines[0] or "no equation of the claim" in lines[0]


@pytest.mark.parametrize("end", [".", ",", r"\,.", "", r" \quad ,"])
def test_punctuation_may_end_an_equation(capsys, tmp_path: Path, end: str) -> None:
    text = "\n".join(["\\documentclass{article}", *claim_lines(CLAIMS[0])])
    text = text.replace("\n\\end{equation}", end + "\n\\end{equation}")
    assert checked(tmp_path / "paper.tex", text, capsys) == (0, [])


def test_the_second_of_two_comments_is_compared_as_well(capsys, tmp_path: Path) -> None:
    once = "\n".join(claim_lines(CLAIMS[0]))
    text = "\n\n".join(["\\documentclass{article}", once.replace("2 s", "3 s"), once])
    code, lines = checked(tmp_path / "paper.tex", text, capsys)
    assert code == 1
    assert len(lines) == 1


def test_a_comment_without_its_equation_or_with_a_broken_style(capsys, tmp_path: Path) -> None:
    comment = f"% {IDS[0]}  digest {CLAIMS[0].digest}"
    for told, wanted in (
        ("", "no equation of the claim follows"),
        ("  style --fraction half", "cannot be used"),
        ("  style 'x", "is no style"),
    ):
        code, lines = checked(tmp_path / "x.tex", f"text\n{comment}{told}\nAs shown.\n", capsys)
        assert code == 1
        assert len(lines) == 1
        assert lines[0].startswith("line 2: modes.trajectory: ")
        assert wanted in lines[0]


def test_commands_pasted_into_a_preamble(capsys, tmp_path: Path) -> None:
    made = "\n".join(macro_lines(CLAIMS, Style(fraction="tfrac"), {}))
    text = f"\\documentclass{{article}}\n{made}\n\\begin{{document}}\n"
    file = tmp_path / "paper.tex"
    assert checked(file, text, capsys) == (0, [])
    assert "  style --fraction tfrac  status not verified" in text
    code, lines = checked(file, text.replace("a(t) = ", "a(t) = 2 "), capsys)
    assert code == 1
    assert "modes.trajectory: the equation was changed by hand" in lines[0]
    report = tmp_path / "verify.json"
    report.write_text(verify_report(list(judged()), 1.0, "quick", 0))
    code, lines = checked(file, text, capsys, "--evidence", str(report))
    assert code == 1
    assert lines[0].endswith("modes.trajectory: status not verified in this run, now proved")


def test_a_file_of_commands_needs_its_first_line(capsys, tmp_path: Path) -> None:
    file = tmp_path / "mac.tex"
    assert run(["latex", *IDS, "--macros", "-o", str(file)]) == 0
    file.write_text("".join(file.read_text().splitlines(keepends=True)[1:]))
    assert run(["latex", "--check", str(file)]) == 2
    assert "has lost its first line" in capsys.readouterr().err


@cache
def judged() -> tuple[object, ...]:
    return tuple(judge(claim, "quick") for claim in CLAIMS[:1])


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The paper of one claim."""
    registry = Registry()
    registry.add(CLAIMS[0])
    monkeypatch.setattr(stale_paper, "collect", lambda: registry)


@pytest.mark.usefixtures("few")
def test_the_paper_is_written_again(capsys, tmp_path: Path) -> None:
    text, file = book(findings_of(judged(), 1.0, "quick", 0)), tmp_path / "book.tex"
    assert checked(file, text, capsys) == (0, [])
    for was, became, told in (
        ("2 s t", "3 s t", "modes.trajectory: digest"),
        ("{proved}\n", "{sampled}\n", ""),
        (CLAIMS[0].digest, "0" * 16, f"modes.trajectory: digest {'0' * 16}, now"),
        (r"\chapter*{Notation}", r"\chapter*{Notations}", "the text around them has: line"),
        (r"\chapter{Errata", r"\chapter{Erata", "the text around them has: line"),
    ):
        assert was in text, was
        code, lines = checked(file, text.replace(was, became, 1), capsys)
        assert code == (1 if told else 0), (was, lines)
        assert all(told in line for line in lines)
    cut = text[: text.index(f"% {IDS[0]}")] + text[text.index(r"\part{Record}") :]
    code, lines = checked(file, cut, capsys)
    assert code == 1
    assert lines == [f"modes.trajectory: is missing, now digest {CLAIMS[0].digest}"]


@pytest.mark.usefixtures("few")
def test_statuses_of_the_paper_are_those_of_its_evidence(tmp_path: Path) -> None:
    report = tmp_path / "verify.json"
    report.write_text(verify_report(list(judged()), 1.0, "quick", 0))
    text = book(read_findings(str(report)))
    assert stale_paper.paper_differences(text, str(report))[0] == []
    for was, became in (
        ("{proved}\n", "{sampled}\n"),
        ("mutants 1", "mutants 2"),
        (r"\status{proved} &", r"\status{sampled} &"),
        ("1 claims", "2 claims"),
    ):
        assert was in text, was
        assert stale_paper.paper_differences(text.replace(was, became, 1), str(report))[0], was
        if was != "{proved}\n":
            assert stale_paper.paper_differences(text.replace(was, became, 1), None)[0] == [], was
