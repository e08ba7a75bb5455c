"""What notebooks show of claims, definitions, judgements and verdicts."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

from lemmata.proofs import Status, Verdict, define, judge
from lemmata.proofs.court import collect
from sympy import Function, Lambda, Symbol

CLAIM = collect()["modes.ode"]


def parsed(shown: str | None) -> ElementTree.Element:
    assert shown is not None
    return ElementTree.fromstring(f"<div>{shown.replace('<br>', '<br/>')}</div>")


def test_a_claim_is_shown_as_mathematics() -> None:
    latex = r"$\displaystyle \tau \frac{d}{dt} a(t) = 2 a(t) (s - a(t))$ for "
    assert CLAIM._repr_latex_().startswith(latex)
    tree = parsed(CLAIM._repr_html_())
    text = "".join(tree.itertext())
    assert "modes.ode" in text
    assert CLAIM.digest in text
    assert [n for n in tree.iter() if n.tag.endswith("mfrac")]


def test_every_claim_is_well_formed_html() -> None:
    for claim in list(collect())[::12]:
        parsed(claim._repr_html_())


def test_definitions_judgements_and_verdicts() -> None:
    k = Symbol("k", integer=True)
    made = define(Function("q"), Lambda(k, k**2), means="a square, < all")
    assert made._repr_latex_() == r"$\displaystyle q_{k} = k^{2}$"
    assert "a square, < all" in "".join(parsed(made._repr_html_()).itertext())
    judged = judge(CLAIM, "quick")
    text = "".join(parsed(judged._repr_html_()).itertext())
    assert str(judged.status) in text
    assert judged.verdicts[0].kind in text
    verdict = Verdict("identity", Status.PROVED, reason="a < b")
    assert "a < b" in "".join(parsed(verdict._repr_html_()).itertext())
    assert verdict._repr_latex_() is None


def test_without_proofs_theory_shows_nothing() -> None:
    code = (
        "import sys; from lemmata.theory.learning import modes; "
        "from lemmata.theory.registry import REGISTRY; "
        "assert 'lemmata.proofs' not in sys.modules; "
        "assert next(iter(REGISTRY))._repr_latex_() is None"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
