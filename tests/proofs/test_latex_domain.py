"""For which values a claim is stated is printed with it, in files and in notebooks."""

from __future__ import annotations

import re

import pytest
from lemmata.proofs import Claim, Derivation, Status, Step, judge
from lemmata.proofs.court import collect
from lemmata.proofs.typesetting import Style, claim_lines, typeset_in
from lemmata.proofs.typesetting.domain import domain, sizes, told_domain
from lemmata.proofs.typesetting.macros import macro_lines
from sympy import Eq, Gt, MatrixSymbol, Symbol

TRAJECTORY = collect()["modes.trajectory"]
TOLD = r"$a_{0}$, $s$, $\tau > 0$; $t \geq 0$"


def test_signs_are_printed_below_the_statement() -> None:
    assert f"For {TOLD}." in list(claim_lines(TRAJECTORY))
    assert f"%   for {TOLD}" in list(macro_lines([TRAJECTORY], Style(), {}))
    renamed = "\n".join(claim_lines(TRAJECTORY, style=Style({"s": "S"})))
    assert r"For $a_{0}$, $S$, $\tau > 0$;" in renamed


def test_every_free_symbol_of_every_claim_has_its_kind() -> None:
    for claim in collect():
        named = [n for names, _ in (*domain(claim), *sizes(claim)) for n in names]
        assert len(named) == len(set(named)), claim.id
        told = {d.symbol for d in claim.where}
        told |= {index for index, _, _ in claim.levels.indices} if claim.levels else set()
        for thing in claim.statement.free_symbols - told:
            assert typeset_in(claim, thing) in named, (claim.id, thing)


@pytest.mark.parametrize(
    ("assumed", "told"),
    [
        ({"positive": True}, "> 0"),
        ({"negative": True}, "< 0"),
        ({"nonnegative": True}, r"\geq 0"),
        ({"nonpositive": True}, r"\leq 0"),
        ({"real": True, "nonzero": True}, r"\neq 0"),
        ({"real": True}, r"\in \mathbb{R}"),
        ({"complex": True}, r"\in \mathbb{C}"),
        ({"integer": True}, r"\in \mathbb{Z}"),
        ({"integer": True, "positive": True}, r"\in \{1, 2, \dots\}"),
        ({"integer": True, "nonnegative": True}, r"\in \{0, 1, \dots\}"),
    ],
)
def test_what_is_told_of_a_symbol(assumed: dict[str, bool], told: str) -> None:
    claim = Claim("made.up", Gt(Symbol("x", **assumed), Symbol("y", positive=True), evaluate=False))
    found = {name: kind for names, kind in domain(claim) for name in names}
    assert found == {"x": told, "y": "> 0"}


def test_matrices_have_their_sizes() -> None:
    n, m = Symbol("n", integer=True, positive=True), Symbol("m", integer=True, positive=True)
    letters = MatrixSymbol("A", n, m), MatrixSymbol("B", n, m)
    claim = Claim("made.up", Eq(*letters, evaluate=False))
    assert told_domain(claim) == (
        r"$m$, $n \in \{1, 2, \dots\}$; $A$, $B \in \mathbb{R}^{n \times m}$"
    )


def test_a_false_statement_is_told_to_be_false_with_its_domain() -> None:
    guard = collect()["modes.trajectory.doubled"]
    shown = list(claim_lines(guard))
    assert "This statement is false; it is kept as a guard." in shown
    assert f"For {TOLD}." in shown
    assert guard._repr_latex_().endswith("(this statement is false; it is kept as a guard)")


def test_notebooks_show_domain_status_and_derivation() -> None:
    assert TRAJECTORY._repr_latex_().endswith(f"$ for {TOLD}")
    judged = judge(TRAJECTORY, "quick")
    assert judged.status is Status.PROVED
    assert judged._repr_latex_().endswith(f"$ for {TOLD} (proved)")
    shown = judged._repr_html_()
    plain = re.sub("<[^>]*>", "", shown)
    assert "proved; digest" in plain
    assert "for a0, s, \u03c4&gt;0; t\u22650" in plain
    steps = TRAJECTORY.derivation
    assert steps is not None
    assert shown.count("<li>") >= len(steps.steps)
    assert "<details><summary>derivation</summary><ol>" in shown


def test_a_derivation_shows_its_steps() -> None:
    steps = TRAJECTORY.derivation
    latex = steps._repr_latex_()
    assert latex.startswith("1. the equation of motion of a balanced mode: $\\tau")
    assert all(f"{n}. " in latex for n in range(1, len(steps.steps) + 1))
    assert steps._repr_html_().count("<li>") == len(steps.steps)
    x = Symbol("x", positive=True)
    alone = Derivation((Step("a < b", Gt(x, 0, evaluate=False)),))
    assert alone._repr_latex_() == "1. $a < b$: $x > 0$"
    assert "<li>" in alone._repr_html_()


def test_upright_words_do_not_run_together() -> None:
    claim = collect()["isometry.table.ordering"]
    shown = "\n".join(claim_lines(claim))
    assert r"L \, \mathrm{spread}" in shown
    assert r"L \mathrm{spread}" not in shown
