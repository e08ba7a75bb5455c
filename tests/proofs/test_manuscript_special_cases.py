"""Values in annotations, and edits of rows that continue others, from manuscript to finding."""

from __future__ import annotations

from pathlib import Path

from lemmata.proofs.manuscript import Outcome, check_manuscript

CURVE = r"\frac{s e^{2 s t/\tau}}{e^{2 s t/\tau} - 1 + s/a_0}"


def test_a_special_case_is_told_as_one(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    equation = f"a(t) = {CURVE}".replace(r"/\tau", "")
    paper.write_text(f"% lemmata: modes.trajectory [tau=1]\n\\[ {equation} \\]\n", encoding="utf-8")
    (found,) = check_manuscript(str(paper), suggestions=False).findings
    assert found.outcome is Outcome.PROVED
    assert found.asked == r"modes.trajectory at \tau = 1"
    paper.write_text(f"% lemmata: modes.trajectory\n\\[ {equation} \\]\n", encoding="utf-8")
    (found,) = check_manuscript(str(paper), suggestions=False).findings
    assert found.outcome is Outcome.REFUTED
    assert "write [tau=1] if that is meant" in found.reason


def test_a_row_that_continues_has_an_edit(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    rows = f"a(t) &= {CURVE} \\\\\n&= \\frac{{s}}{{1 + (s/a_0 + 1) e^{{-2st/\\tau}}}}"
    paper.write_text(
        f"% lemmata: modes.trajectory\n\\begin{{align}}\n{rows}\n\\end{{align}}\n", encoding="utf-8"
    )
    first, second = check_manuscript(str(paper), suggestions=False).findings
    assert first.outcome is Outcome.PROVED
    assert second.outcome is Outcome.REFUTED
    assert [edit.write for edit in second.edits] == ["- 1"]
