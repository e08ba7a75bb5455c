"""The book through pdflatex: no undefined reference, nothing in the margin, no missing letter."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lemmata.proofs.court import collect
from lemmata.proofs.document import book
from lemmata.proofs.findings import Finding, Findings
from lemmata.proofs.verdicts import Status, Verdict

MARGIN = 1.0
"""Points by which a line may be too wide: a third of a millimetre, which nobody sees."""

WARNINGS = (
    r"LaTeX Warning: .*",
    r"Package \w+ Warning: .*",
    r"LaTeX Font Warning: .*",
    r"pdfTeX warning.*",
    r"Missing character: .*",
    r"! .*",
)

needs_latex = pytest.mark.skipif(
    shutil.which("pdflatex") is None, reason="pdflatex is not installed (texlive-latex-extra)"
)


def faults(log: str) -> list[str]:
    """What a copy editor would send back: every warning, and lines wider than the column."""
    lines = re.sub(r"(?<=^.{79})\n", "", log, flags=re.MULTILINE)
    found = [told for warning in WARNINGS for told in re.findall(warning, lines)]
    for told, points in re.findall(
        r"(Overfull \\[hv]box \(([\d.]+)pt too (?:wide|high)\).*)", lines
    ):
        if float(points) > MARGIN:
            found.append(told)
    return found


def compiled(source: str, folder: Path, runs: int = 2) -> list[str]:
    """The faults of the last of so many runs of pdflatex."""
    (folder / "book.tex").write_text(source, encoding="utf-8")
    for _ in range(runs):
        subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "book.tex"],
            cwd=folder,
            capture_output=True,
            check=False,
            timeout=600,
        )
    return faults((folder / "book.log").read_text(encoding="latin-1"))


def findings(*ids: str) -> Findings:
    """Findings of a run that never was: what the book prints of evidence is not tested here."""
    registry = collect()
    chosen = [registry[id] for id in ids] if ids else list(registry)
    found = {}
    for claim in chosen:
        slogan = claim.expects == "refuted"
        status = Status.REFUTED if slogan else Status.PROVED
        verdicts = (
            Verdict("derivation" if claim.derivation else "identity", status, 3, 3),
            Verdict("points", Status.SAMPLED, 12, 12, seconds=0.25),
        )
        counts = {"total": 16, "refuted": 14, "equivalent": 2, "alive": 0}
        found[claim.id] = Finding(claim, status, True, verdicts, counts)
    versions = {"python": "3.11.7", "lemmata": "0.1.0", "sympy": "1.14.0"}
    machine = {"system": "Linux", "processor": "x86_64", "cores": 2}
    return Findings(found, "quick", 0, 12.5, versions, machine)


FEW = (
    "modes.ode",
    "modes.ode.unbalanced_slogan",
    "modes.trajectory",
    "modes.trajectory.half_time",
    "modes.trajectory.doubled",
    "modes.riccati",
    "hierarchy.similarity",
    "hierarchy.analyzers",
    "coherence.identity",
    "coherence.identity.slide_slogan",
    "coherence.detectability.outlier",
    "depth.iterations",
    "isometry.table.baseline_slogan",
)


@needs_latex
def test_few_claims_compile(tmp_path: Path) -> None:
    assert compiled(book(findings(*FEW)), tmp_path) == []


HOSTILE = (
    r"\input{/etc/passwd} \write18{ls} $x^$ 50% & #1 {} ~_^ \end{document} <a|b> "
    '"q" ``c_{`` é ∂'
)


@needs_latex
def test_words_of_other_packages_are_words(tmp_path: Path) -> None:
    found = findings("modes.trajectory.half_time")
    (own,) = found
    where = tuple(dataclasses.replace(d, means=HOSTILE) for d in own.claim.where)
    claim = dataclasses.replace(
        own.claim,
        id="ours.a_claim",
        doc=HOSTILE,
        source=HOSTILE,
        where=where,
        rests_on=("no.such",),
    )
    by_id = {claim.id: dataclasses.replace(own, claim=claim)}
    assert compiled(book(dataclasses.replace(found, by_id=by_id)), tmp_path) == []
    assert "passwd" in (tmp_path / "book.tex").read_text("utf-8")
    assert "root:" not in (tmp_path / "book.log").read_text(encoding="latin-1")


@needs_latex
@pytest.mark.nightly
def test_the_whole_book_compiles(tmp_path: Path) -> None:
    assert compiled(book(findings()), tmp_path) == []


PLANTED = {
    "Reference": r"See \ref{claim:nowhere}.",
    "Citation": r"See \cite{nobody2000}.",
    "multiply": r"\label{claim:modes.ode}",
    "Overfull": r"\[ a = " + " + ".join(["b_{10} c_{20}"] * 30) + r" \]",
    "Missing": r"{\fontencoding{OT1}\fontfamily{cmr}\selectfont\char'377}",
}


def with_more(text: str, folder: Path) -> list[str]:
    source = book(findings("modes.ode"))
    return compiled(source.replace(r"\end{document}", text + "\n\\end{document}"), folder)


@needs_latex
def test_planted_faults_are_found(tmp_path: Path) -> None:
    found = with_more("\n\n".join(PLANTED.values()), tmp_path)
    assert [told for told in PLANTED if not any(told in fault for fault in found)] == []


@needs_latex
def test_an_error_is_found(tmp_path: Path) -> None:
    assert any("! Undefined" in fault for fault in with_more(r"\undefinedcommand", tmp_path))


@needs_latex
def test_a_formula_that_cannot_be_broken_is_set_smaller(tmp_path: Path) -> None:
    wide = "".join(["b_{10} c_{20}"] * 40)
    assert with_more(rf"\statement{{{wide}}}{{0.1}}", tmp_path) == []
    assert "lemmata: " in (tmp_path / "book.log").read_text(encoding="latin-1")


def test_the_log_is_read_across_its_broken_lines() -> None:
    line = (
        "LaTeX Warning: Reference `claim:a.claim.with.a.long.name' on page 12 undefined on "
        "input line 4."
    )
    broken = f"{line[:79]}\n{line[79:]}\n"
    assert faults(broken) == [line]
    assert faults("Overfull \\hbox (12.5pt too wide) in paragraph at lines 3--4\n")
    assert faults("Overfull \\hbox (0.5pt too wide) in paragraph at lines 3--4\n") == []
