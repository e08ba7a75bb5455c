"""Every display of every claim, set by pdflatex in the column of an article: none too wide."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lemmata.proofs.court import collect
from lemmata.proofs.typesetting import COLUMN, Style, claim_lines
from lemmata.proofs.typesetting.macros import macro_lines, macro_name
from lemmata.proofs.typesetting.style import ENVIRONMENTS, FRACTIONS

pytestmark = pytest.mark.skipif(
    shutil.which("pdflatex") is None, reason="pdflatex is absent: install texlive-latex-extra"
)

WIDE_MATRICES = ("depth.end_to_end.overlaps", "hierarchy.analyzers.local")
HEAD = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage{amsmath,amssymb}
\setlength{\parindent}{0pt}
\begin{document}
"""


def compiled(folder: Path, body: str) -> str:
    """The log of pdflatex."""
    (folder / "claims.tex").write_text(HEAD + body + "\n\\end{document}\n")
    subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-draftmode", "claims.tex"],
        cwd=folder, check=False, capture_output=True, timeout=300,
    )  # fmt: skip
    return (folder / "claims.log").read_text(errors="replace")


def complaints(log: str) -> list[str]:
    return re.findall(r"^(?:Overfull \\hbox.*|! .*|LaTeX Warning: .*multiply.*)$", log, re.M)


@pytest.mark.parametrize(
    ("derivation", "column"),
    [
        (False, COLUMN),
        pytest.param(True, COLUMN, marks=pytest.mark.nightly),
        pytest.param(True, 252.0, marks=pytest.mark.nightly),
    ],
)
def test_all_claims_fit_the_column(tmp_path: Path, derivation: bool, column: float) -> None:
    """In an article, and in one of two columns, but for matrices that are wider themselves."""
    lines = [rf"\hsize={column}pt \linewidth=\hsize \columnwidth=\hsize \textwidth=\hsize"]
    for claim in collect():
        if column < COLUMN and claim.id in WIDE_MATRICES:
            continue
        lines += [rf"\message{{^^J@ {claim.id}^^J}}"]
        lines += [*claim_lines(claim, derivation=derivation, width=column), ""]
    log = compiled(tmp_path, "\n".join(lines))
    assert complaints(log) == []
    assert log.count("@ ") >= len(list(collect())) - len(WIDE_MATRICES)


@pytest.mark.nightly
@pytest.mark.parametrize("fraction", FRACTIONS[1:])
@pytest.mark.parametrize("environment", ["align", "gather*"])
def test_all_claims_fit_in_every_style(tmp_path: Path, fraction: str, environment: str) -> None:
    style = Style(fraction=fraction, environment=environment)
    lines = [rf"\hsize={COLUMN}pt \linewidth=\hsize \columnwidth=\hsize \textwidth=\hsize"]
    for claim in collect():
        lines += [*claim_lines(claim, derivation=True, style=style), ""]
    assert complaints(compiled(tmp_path, "\n".join(lines))) == []


def test_commands_stand_in_titles_captions_and_align(tmp_path: Path) -> None:
    claims = list(collect())[::20]
    body = [*macro_lines(claims, Style(), {}), r"\listoffigures\tableofcontents"]
    for claim in claims:
        name = "\\" + macro_name(claim.id)
        body += [rf"\section{{On {name} and {name}}}", rf"\setbox0\vbox{{\footnote{{{name}}}}}"]
        body += [
            rf"\begin{{figure}}\setbox0\vbox{{\caption{{See {name}.}}}}\end{{figure}}\clearpage"
        ]
        body += [rf"\setbox0\vbox{{\begin{{align}} x &= y & {name} \end{{align}}}}"]
    compiled(tmp_path, "\n".join(body))
    log = compiled(tmp_path, "\n".join(body))
    assert not re.search("^! .*", log, re.M)


def test_every_environment_and_the_commands(tmp_path: Path) -> None:
    ids = ["modes.trajectory", "modes.unbalanced_trajectory", "modes.riccati.flow"]
    claims = [collect()[id] for id in ids]
    body = []
    for environment in ENVIRONMENTS[:-1]:
        style = Style(environment=environment)
        for claim in claims:
            shown = "\n".join(claim_lines(claim, style=style))
            body.append(shown.replace(claim.id, f"{claim.id}.{environment}"))
            if style.numbered:
                body.append(rf"see \ref{{{claim.id}.{environment}}}")
    names = [macro_name(id) for id in ids]
    body += list(macro_lines(claims, Style(), {}))
    body += [rf"\sbox0{{\{name}}}$\displaystyle\hbox to 0pt{{\{name}\hss}}$" for name in names]
    compiled(tmp_path, "\n".join(body))
    log = compiled(tmp_path, "\n".join(body))
    assert complaints(log) == []
    assert "undefined" not in log


def test_a_display_that_is_too_wide_is_found(tmp_path: Path) -> None:
    claim = collect()["modes.unbalanced_trajectory"]
    wide = claim_lines(claim, width=3 * COLUMN)
    assert any("Overfull" in line for line in complaints(compiled(tmp_path, "\n".join(wide))))


def test_estimated_widths_are_those_of_tex(tmp_path: Path) -> None:
    """The estimate of each statement on one line is at least what TeX measures, and near it."""
    from lemmata.proofs.typesetting import typeset_in, width

    claims = list(collect())[::4]
    formulas = [typeset_in(claim, claim.statement) for claim in claims]
    body = [
        rf"\setbox0\hbox{{$\displaystyle {latex}$}}\message{{^^JW={{\the\wd0}}^^J}}"
        for latex in formulas
    ]
    log = compiled(tmp_path, "\n".join(body))
    measured = [float(w) for w in re.findall(r"W=\{?([0-9.]+)pt", log)]
    assert len(measured) == len(formulas)
    for latex, true in zip(formulas, measured, strict=True):
        assert true - 1.0 <= width(latex) <= 1.35 * true + 12.0, (latex, true, width(latex))
