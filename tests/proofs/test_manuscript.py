"""The check of manuscripts: what passes, what must not, steps, annotations, reports."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lemmata.proofs.cli.main import run
from lemmata.proofs.manuscript import Finding, ManuscriptReport, Outcome, check_manuscript
from lemmata.proofs.manuscript.annotations import (
    AnnotationError,
    ClaimNamed,
    Declared,
    Follows,
    Ignore,
    Let,
    read_annotation,
)

_ENTRY = r"\frac{\partial^2}{\partial w_k^2} \frac{(s - c^2 w_k w_l)^2}{2} = \frac{a^2}{w_k^2}"
_SPECTRUM = (
    r"\sum_{l=1}^{D} \frac{s^2 v_l}{w_k w_l} = \frac{s^2}{w_k} \sum_{l=1}^{D} \frac{v_l}{w_D}"
)
_EDGE = r"w\left( \frac{D + 1}{D} \right) = D^{-D} (D + 1)"


def checked(folder: Path, body: str, **options: object) -> ManuscriptReport:
    paper = folder / "paper.tex"
    paper.write_text("\\begin{document}\n" + body + "\n\\end{document}\n", encoding="utf-8")
    return check_manuscript(str(paper), **{"suggestions": False, **options})  # type: ignore[arg-type]


def squeezed(text: str) -> str:
    """Without what does not print: how an edit is spelt is tested elsewhere."""
    return re.sub(r"\\left|\\right|[\s{}]", "", text)


def edits(finding: Finding) -> list[tuple[str, str]]:
    return [(squeezed(edit.write), squeezed(edit.instead_of)) for edit in finding.edits]


def one(folder: Path, annotation: str, equation: str) -> Finding:
    (finding,) = checked(folder, f"% lemmata: {annotation}\n\\[ {equation} \\]").findings
    return finding


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("modes.trajectory", ClaimNamed("modes.trajectory")),
        ("modes.ode [s=S, a_0 = u_{0}]", ClaimNamed("modes.ode", {"s": "S", "a_0": "u_{0}"})),
        ("follows", Follows()),
        ("follows (eq:a, eq:b)", Follows(("eq:a", "eq:b"))),
        ("ignore", Ignore()),
        (
            r"let s, \tau > 0; a(t); k integer; W (n x m); x",
            Let(
                (
                    Declared("s", "positive"),
                    Declared(r"\tau", "positive"),
                    Declared("a", "function", ("t",)),
                    Declared("k", "integer"),
                    Declared("W", "matrix", ("n", "m")),
                    Declared("x"),
                )
            ),
        ),
    ],
)
def test_annotations_are_read(text: str, meaning: object) -> None:
    assert read_annotation(text) == meaning


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("folows", "follows"),
        ("modes.trajectory s=S", "[s=S]"),
        ("modes.trajectory [s]", "no renaming"),
        ("modes.trajectory [s=S, s=T]", "renamed twice"),
        ("modes.trajectory [s=S, a=S]", "two names"),
        ("modes.trajectory []", "empty"),
        ("follows eq:a", "labels in brackets"),
        ("follows (a b)", "no label"),
        ("let k intger", "integer"),
        ("let s; ; t", "empty"),
        ("let s, s", "declared twice"),
        ("let 3x", "no name"),
        ("ignore this", "drop it"),
        ("x" * 3000, "shorten"),
    ],
)
def test_misspelt_annotations_are_told(text: str, told: str) -> None:
    with pytest.raises(AnnotationError) as caught:
        read_annotation(text)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("claim", "equation"),
    [
        ("modes.trajectory", "0 = 0"),
        ("modes.trajectory", "a(t) = a(t)"),
        ("modes.trajectory", r"s \cdot s = s^2"),
        ("modes.trajectory", r"\tau \dot a = 2 a (s - a)"),
        ("modes.trajectory", r"a(0) = a_0"),
        ("modes.trajectory.null_mode", r"a(t) = a(t)^2 (\tau + 2 a_0 t) / (a_0 \tau)"),
        ("modes.ode", r"\tau a \dot a = 2 a^2 (s - a)"),
        ("modes.ode", r"\tau (s - a) \dot a = 2 a (s - a)^2"),
        ("modes.unbalanced.rate", r"(A_0 + B_0)^2 = A_0^2 + 2 A_0 B_0 + B_0^2"),
        ("modes.inflection.convex", "1 > 0"),
        ("modes.inflection.convex", "s - u > 0"),
        ("modes.inflection.convex", r"8 (u - s)(u - u_-)(u - u_+) \ge 0"),
        ("modes.stronger_first", r"s_1 > s_2 \iff s_1 > s_2"),
        ("structures.tree.ultrametric", r"F (3/J + V/J^2) > F V / J^2"),
        ("hierarchy.decreasing.gap", r"\lambda_k = \lambda_k"),
        ("hierarchy.decreasing.gap", r"n_k = B_k n_{k+1}"),
        ("hierarchy.similarity.rises", r"\sum_{l=0}^{k} \Delta_l = \sum_{j=0}^{k} \Delta_j"),
        ("modes.decoupling", r"U^\top U = U^\top U"),
        ("modes.decoupling", r"R^\top R = I"),
        ("descent.conservation", r"\frac{d}{dt} (W^{21} - W^{21}) = 0"),
    ],
)
def test_what_says_less_than_the_claim_is_not_proved(
    tmp_path: Path, claim: str, equation: str
) -> None:
    finding = one(tmp_path, claim, equation)
    assert finding.outcome in (Outcome.UNDECIDED, Outcome.NOT_CHECKED)
    assert finding.reason


def test_a_factor_that_may_vanish_is_named(tmp_path: Path) -> None:
    finding = one(tmp_path, "modes.ode", r"\tau a \dot a = 2 a^2 (s - a)")
    assert "multiplied by a(t)" in finding.reason


def test_an_equation_that_is_undefined_somewhere_says_so(tmp_path: Path) -> None:
    finding = one(
        tmp_path, "modes.trajectory", r"\ln\frac{a(t)}{s-a(t)} = \ln\frac{a_0}{s-a_0} + 2st/\tau"
    )
    assert finding.outcome is Outcome.PROVED
    assert "undefined where the claim is not" in finding.note


def test_a_slogan_is_refuted_with_its_witness(tmp_path: Path) -> None:
    finding = one(tmp_path, "modes.ode.unbalanced_slogan", r"\tau \dot a = 2 a (s - a)")
    assert finding.outcome is Outcome.REFUTED
    assert "known to be false" in finding.reason
    assert {"v", "w", "s"} <= {name.removesuffix("(t)").strip() for name in finding.point}
    assert not finding.edits
    other = one(tmp_path, "modes.ode.unbalanced_slogan", r"\tau \dot a = 3 a (s - a)")
    assert other.outcome is Outcome.UNDECIDED


def test_the_point_of_a_refutation_tells_both_sides(tmp_path: Path) -> None:
    finding = one(
        tmp_path, "modes.unbalanced.rate", "(A_0^2+B_0^2)^2 = (A_0^2-B_0^2)^2 + A_0^2 B_0^2"
    )
    assert finding.outcome is Outcome.REFUTED
    point = {squeezed(name): int(value) for name, value in finding.point.items()}
    a, b = point["A_0"], point["B_0"]
    assert int(finding.left) == (a**2 + b**2) ** 2
    assert int(finding.right) == (a**2 - b**2) ** 2 + a**2 * b**2
    (edit,) = finding.edits
    assert edit.kind == "missing factor"


@pytest.mark.parametrize(
    ("claim", "equation", "write", "instead_of"),
    [
        ("modes.ode [a=u, s=S]", r"\tau \dot u = 2 u", r"2 \left(S - u(t)\right) u", "2 u"),
        ("depth.learning_rate.entry_same", _ENTRY, "c", "c^2"),
        ("depth.learning_rate.minimum_spectrum", _SPECTRUM, "l", "D"),
        ("products.fuss_catalan.edge", _EDGE, "(D + 1)^{D + 1}", "(D + 1)"),
    ],
)
def test_edits_of_other_kinds(
    tmp_path: Path, claim: str, equation: str, write: str, instead_of: str
) -> None:
    finding = one(tmp_path, claim, equation)
    assert finding.outcome is Outcome.REFUTED
    assert (squeezed(write), squeezed(instead_of)) in edits(finding)


def test_a_mistake_in_a_macro_is_one_edit(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        "\\newcommand{\\E}{e^{3 s t/\\tau}}\n% lemmata: modes.trajectory\n"
        "\\[ a(t) = \\frac{s \\E}{\\E - 1 + s/a_0} \\]",
    )
    (edit,) = report.findings[0].edits
    assert edit.count == 2
    assert edits(report.findings[0]) == [(r"e^2st/\tau", r"e^3st/\tau")]
    assert edit.place is None


def test_two_wrong_places_have_no_single_edit(tmp_path: Path) -> None:
    finding = one(
        tmp_path, "modes.trajectory", r"a(t) = \frac{s e^{3st/\tau}}{e^{2st/\tau} + 1 + s/a_0}"
    )
    assert finding.outcome is Outcome.REFUTED
    assert not finding.edits
    assert "no single edit" in finding.reason


def test_every_link_of_a_chain_counts(tmp_path: Path) -> None:
    right = one(
        tmp_path,
        "modes.trajectory.null_mode",
        r"a(t) = \frac{a_0}{1 + 2 a_0 t/\tau} = \frac{a_0 \tau}{\tau + 2 a_0 t}",
    )
    assert right.outcome is Outcome.PROVED
    wrong = one(
        tmp_path,
        "modes.trajectory.null_mode",
        r"a(t) = \frac{a_0}{1 + 2 a_0 t/\tau} = \frac{a_0 \tau}{\tau + a_0 t}",
    )
    assert wrong.outcome is Outcome.REFUTED
    assert edits(wrong) == [("2a_0t", "a_0t")]
    idle = one(tmp_path, "modes.trajectory.null_mode", r"2 a_0 = a_0 + a_0 = 2 a_0")
    assert idle.outcome is Outcome.UNDECIDED


def test_a_row_that_goes_on_has_the_left_side_before(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        "\\begin{align}\n% lemmata: modes.trajectory.null_mode\n"
        "a(t) &= \\frac{a_0}{1 + 2 a_0 t/\\tau} \\\\\n% lemmata: modes.trajectory.null_mode\n"
        "&= \\frac{a_0 \\tau}{\\tau + a_0 t}\n\\end{align}",
    )
    assert [f.outcome for f in report.findings] == [Outcome.PROVED, Outcome.REFUTED]


STEPS = [
    ("modes.ode", r"\tau \dot a = 2 a (s - a)", r"\tau \dot a = 2 s a - 2 a^2", Outcome.PROVED),
    (
        "modes.ode",
        r"\tau \dot a = 2 a (s - a)",
        r"\dot a = \frac{2}{\tau} a (s - a)",
        Outcome.PROVED,
    ),
    ("modes.ode", r"\tau \dot a = 2 a (s - a)", r"\tau \dot a = 4 a (s - a)", Outcome.REFUTED),
    (
        "modes.trajectory",
        r"a(t) = \frac{s}{1 + (s/a_0 - 1) e^{-2st/\tau}}",
        r"\frac{s}{a(t)} - 1 = \left( \frac{s}{a_0} - 1 \right) e^{-2st/\tau}",
        Outcome.PROVED,
    ),
    (
        "modes.unbalanced.conserved",
        r"\frac{d}{dt} ( v(t)^2 - w(t)^2 ) = 0",
        r"v(t)^2 - w(t)^2 = 1",
        Outcome.REFUTED,
    ),
]


@pytest.mark.parametrize(("claim", "first", "second", "outcome"), STEPS)
def test_steps_follow_or_not(
    tmp_path: Path, claim: str, first: str, second: str, outcome: Outcome
) -> None:
    body = f"% lemmata: {claim}\n\\[ {first} \\]\n% lemmata: follows\n\\[ {second} \\]"
    assert checked(tmp_path, body).findings[-1].outcome is outcome


def test_steps_in_declared_names(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        "% lemmata: let x, y, m > 0\n"
        "\\begin{equation}\\label{eq:a} x = 2 y + m \\end{equation}\n"
        "% lemmata: follows\n\\[ y = \\frac{x - m}{2} \\]\n"
        "% lemmata: follows (eq:a)\n\\[ x - m = 2 y \\]\n"
        "% lemmata: follows (eq:a)\n\\[ x - m = 3 y \\]\n"
        "% lemmata: follows (eq:b)\n\\[ x = y \\]",
    )
    outcomes = [f.outcome for f in report.findings if f.asked]
    assert outcomes == [Outcome.PROVED, Outcome.PROVED, Outcome.REFUTED, Outcome.MISUSED]
    assert "eq:a" in report.findings[-1].reason


def test_declarations_of_an_included_file_hold_from_there_on(tmp_path: Path) -> None:
    (tmp_path / "part.tex").write_text("% lemmata: let x, y\n\nText.\n\\[ x = 2 y \\]\n")
    report = checked(tmp_path, "\\input{part}\n% lemmata: follows\n\\[ 2 x = 4 y \\]")
    assert report.findings[-1].outcome is Outcome.PROVED
    assert len(report.files) == 2


def test_annotations_that_lead_nowhere_are_errors(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        "% lemmata: modes.trajctory\n\\[ x = 1 \\]\n"
        "% lemmata: modes.trajectory [q=Q]\n\\[ a(t) = s \\]\n"
        "% lemmata: follows\n\\[ x = 1 \\]\nText.\n% lemmata: modes.ode\n",
    )
    misused = [f for f in report.findings if f.outcome is Outcome.MISUSED]
    assert len(misused) == 3
    assert "modes.trajectory" in misused[0].reason
    assert "q is no name" in misused[1].reason
    assert "no equation follows" in misused[2].reason
    assert report.exit_code in (2, 3)


def test_what_is_not_read_is_not_passed(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        "% lemmata: modes.ode\n\\[ \\tau \\dot a = 2 a (s - \\]\n"
        "% lemmata: modes.ode\n\\[ \\tau \\dot a = 2 b (s - b) \\]\n"
        "% lemmata: modes.ode\n\\[ \\tau \\dot a \\approx 2 a (s - a) \\]",
    )
    assert all(f.outcome is Outcome.NOT_CHECKED and f.reason for f in report.findings if f.asked)
    assert report.exit_code == 3
    assert checked(tmp_path, r"Nothing here: $x = 1$.").exit_code == 5


def test_the_same_seed_gives_the_same_findings(tmp_path: Path) -> None:
    body = "% lemmata: modes.ode\n\\[ \\tau \\dot a = 2 a (s + a) \\]"
    assert checked(tmp_path, body).findings == checked(tmp_path, body).findings


def test_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(
        "\\begin{document}\n% lemmata: modes.ode\n\\[ \\tau \\dot a = 3 a (s - a) \\]\n"
        "% lemmata: modes.ode\n\\[ \\tau \\dot a = 2 a (s - a) \\]\n\\end{document}\n"
    )
    sarif, told = tmp_path / "out.sarif", tmp_path / "out.json"
    code = run(
        ["check", str(paper), "--no-suggestions", "--sarif", str(sarif), "--json", str(told)]
    )
    assert code == 1
    out = capsys.readouterr().out
    assert f"{paper}:3:4: modes.ode refuted" in out
    assert "write 2 for 3" in out
    assert "1 proved, 1 refuted" in out
    made = json.loads(sarif.read_text())
    assert made["version"] == "2.1.0"
    (run_,) = made["runs"]
    rules = [rule["id"] for rule in run_["tool"]["driver"]["rules"]]
    (result,) = run_["results"]
    assert rules[result["ruleIndex"]] == result["ruleId"] == "lemmata/refuted"
    assert result["level"] == "error"
    assert result["message"]["text"]
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    region = replacement["deletedRegion"]
    line = paper.read_text().splitlines()[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "3"
    assert replacement["insertedContent"] == {"text": "2"}
    (manuscript,) = json.loads(told.read_text())["manuscripts"]
    assert [f["outcome"] for f in manuscript["findings"]] == ["refuted", "proved"]
    assert manuscript["exit_code"] == 1


def test_a_missing_file_and_no_file_are_usage_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(tmp_path / "none.tex")]) == 2
    assert run(["check"]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_suggestions_name_claims_with_their_names(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        r"\[ u(t) = \frac{S}{1 + (S/u_0 - 1) e^{-2 S t/\tau}} \]"
        r"\[ a(t) = \frac{s e^{4 s t/\tau}}{e^{4 s t/\tau} - 1 + s/a_0} \] \[ E = m c^2 \]",
        suggestions=True,
    )
    curve, slogan, other = report.findings
    assert curve.suggestions[0].claim == "modes.trajectory"
    assert curve.suggestions[0].equal
    assert curve.suggestions[0].renamed == {"a": "u", "s": "S", "a_0": "u_{0}"}
    assert slogan.suggestions[0].claim == "modes.trajectory.doubled"
    assert slogan.suggestions[0].false
    assert not other.suggestions
    assert report.exit_code == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [(r"\input{/etc/passwd}", "input"), (r"\immediate\write18{ls}", "nothing is executed")],
)
def test_a_hostile_manuscript_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text("\\begin{document}\n% lemmata: modes.ode\n\\[ x = 1 \\]\n" + text)
    assert run(["check", str(paper)]) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert captured.err.count("\n") == 1
    assert not captured.out


def test_an_unknown_name_is_told_how_to_be_known(tmp_path: Path) -> None:
    equation = r"t = \frac{\tau}{2s}\ln\frac{a_f(s-a_0)}{a_0(s-a_f)}"
    finding = one(tmp_path, "modes.learning_time", equation)
    assert finding.outcome is Outcome.NOT_CHECKED
    assert "write [T=t] in the annotation if t is meant" in finding.reason
    assert one(tmp_path, "modes.learning_time [T=t]", equation).outcome is Outcome.PROVED


@pytest.mark.parametrize(
    ("equation", "outcome"),
    [
        (r"\frac{d}{dt}(\|W^{21}\|^2 - \|W^{32}\|^2) = 0", Outcome.NOT_CHECKED),
        (r"\frac{d}{dt}(W^{21}W^{21\top} - 3 - W^{32\top} W^{32}) = 0", Outcome.NOT_CHECKED),
        (r"\frac{d}{dt}(W^{21}W^{21\top} - W^{32} W^{32\top}) = 0", Outcome.REFUTED),
    ],
)
def test_only_sizes_that_do_not_fit_make_no_sense(
    tmp_path: Path, equation: str, outcome: Outcome
) -> None:
    finding = one(tmp_path, "descent.conservation", equation)
    assert finding.outcome is outcome
    assert ("makes no sense" in finding.reason) is (outcome is Outcome.REFUTED)
