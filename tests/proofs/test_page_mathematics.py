"""LaTeX as MathML: nothing is left over, nothing is lost, nothing escapes."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from lemmata.proofs.court import collect
from lemmata.proofs.page.claims import _limit, _needed, _steps, definitions
from lemmata.proofs.page.failing import witness_view
from lemmata.proofs.page.latex import given_lines, latex_in
from lemmata.proofs.page.mathematics import MathematicsError, formula, prose, words
from lemmata.proofs.typesetting.domain import formulas


def shown(latex: str) -> str:
    """The text that one sees, in order."""
    return "".join(ElementTree.fromstring(str(formula(latex))).itertext())


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\tau \frac{d}{dt} a(t) = 2 a(t)", "τddta(t)=2a(t)"),
        (r"\mathbb{E}[x] \in \mathbb{R}", "𝔼[x]∈ℝ"),
        (r"W^{21\,\top} \Sigma^{31}", "W21⊤Σ31"),
        (r"\operatorname{tr}(A) \leq \infty", "tr(A)≤∞"),
        (r"\{1, 2, \dots\}", "{1,2,…}"),
        (r"R_{\max}", "Rmax"),
        (r"\left. f(x) \right|_{x=0}", "f(x)|x=0"),
    ],
)
def test_what_is_seen(latex, text):
    assert shown(latex) == text


@pytest.mark.parametrize(
    ("latex", "left"),
    [(r"\unheard{x}", r"\unheard"), (r"a + \frac", r"\frac"), (r"\text{$x$}", r"$ is left")],
)
def test_what_is_not_understood_is_refused_by_name(latex, left):
    with pytest.raises(MathematicsError, match=re.escape(left)):
        formula(latex)


def test_a_formula_cannot_bring_elements_of_its_own():
    made = str(formula(r"\text{<script>alert(1)</script>} < \operatorname{<b>}"))
    assert "<script" not in made
    assert "<b>" not in made
    assert "&lt;script&gt;" in made


def test_operators_of_one_operand_have_no_space_of_an_operator():
    made = str(formula(r"\operatorname{tr}(A)^{\top} + \partial x"))
    assert made.count("<mi>") == 5
    assert "<mo>tr" not in made


def test_signs_and_slashes_have_no_space_where_tex_has_none():
    made = str(formula("a = -b - c + (-d)/2"))
    signs = re.findall(r"<mo([^>]*)>−</mo>", made)
    assert [' form="prefix"' in sign for sign in signs] == [True, False, True]
    assert '<mo lspace="0" rspace="0">/</mo>' in made


def test_plain_text_has_its_formulas_set_and_is_never_markup():
    told = words("it decays at the rate 2s/tau, <i>slowly</i>")
    assert told == "it decays at the rate 2s/tau, &lt;i&gt;slowly&lt;/i&gt;"
    told = words('a mode with a_0 > 0, as Füredi & Komlós say in "one" word')
    assert "<msub><mi>a</mi>" in told
    assert "Füredi &amp; Komlós" in told
    assert "“one”" in told


def test_prose_mixes_text_and_formulas():
    told = prose(r"entries of $W_{1}$ <independent>, of q\_k")
    assert "<math>" in told
    assert "&lt;independent&gt;, of q_k" in told
    assert '<span class="scroll inline"><math>' in prose("so that $a + b + c + d + e + f + g = h$")
    with pytest.raises(MathematicsError, match="not closed"):
        prose("an open $x")


def test_all_formulas_of_all_claims_become_mathml():
    """Refusals name the formula: ``formula`` raises where anything is left of LaTeX."""
    for claim in collect():
        formula(latex_in(claim, claim.statement), display=True)
        list(definitions(claim, claim.where))
        list(_needed(claim))
        list(_steps(claim, ()))
        [prose(line) for line in given_lines(claim)]
        [_limit(claim, limit) for limit in claim.limits]
        witness_view(claim)
        [formula(told) for told in formulas(claim)]


@pytest.mark.parametrize(
    ("latex", "apart"),
    [
        (r"\mathbb{E} \ln R", "𝔼_ln_R"),
        (r"\frac{\tau}{2 s} \ln{\left(\frac{a}{b} \right)}", "τ2s_ln(ab)"),
        (r"2 \sin \theta \cos(x)", "2_sin_θ_cos(x)"),
        (r"x - \operatorname{tr} G", "x−tr_G"),
        (r"\tanh^{2} x", "tanh2_x"),
        (r"|a| \ln |x|", "|a|_ln|x|"),
        (r"a b", "ab"),
    ],
)
def test_names_of_functions_stand_apart_from_what_is_beside_them(latex, apart):
    told = str(formula(latex)).replace('<mspace width="0.167em"/>', "_")
    assert re.sub(r"<[^>]*>", "", told) == apart
