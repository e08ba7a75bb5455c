"""Which edits are named, in which order, and in which words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lemmata.proofs.manuscript import Finding, Outcome, check_manuscript
from lemmata.proofs.manuscript.common_factors import divided_edits
from lemmata.proofs.manuscript.edits import enumerated
from lemmata.proofs.manuscript.typed_names import Names
from lemmata.proofs.notation import parse, written
from lemmata.proofs.notation.nodes import Node
from lemmata.proofs.tex import read_formula

TIME = r"\ln \frac{a_f (s - a_0)}{a_0 (s - a_f)}"
CONSERVED = r"\frac{d}{dt}(W^{21} W^{21\top} - W^{32\top} W^{32})"


def checked(tmp_path: Path, claim: str, equation: str) -> Finding:
    path = tmp_path / "paper.tex"
    path.write_text(f"% lemmata: {claim}\n\\[ {equation} \\]\n")
    (found,) = (f for f in check_manuscript(str(path), suggestions=False).findings if f.asked)
    return found


def told(tmp_path: Path, claim: str, equation: str) -> list[str]:
    return [str(edit) for edit in checked(tmp_path, claim, equation).edits]


def squeezed(text: str) -> str:
    return re.sub(r"\\left|\\right|[\s{}]", "", text)


def tree(text: str) -> Node:
    return parse(read_formula(text))


@pytest.mark.parametrize(
    ("claim", "equation", "edit"),
    [
        (
            "modes.learning_time",
            rf"T(a_f) = \frac{{\tau}}{{s}} {TIME}",
            r"in \frac{\tau}{s}: write 2 s for s",
        ),
        (
            "modes.learning_time",
            rf"\frac{{\tau}}{{s}} {TIME} = T(a_f)",
            r"in \frac{\tau}{s}: write 2 s for s",
        ),
        (
            "modes.learning_time",
            rf"2 T(a_f) = \frac{{\tau}}{{2 s}} {TIME}",
            "write T(a_f) for 2 T(a_f)",
        ),
        ("modes.ode", r"\tau \dot a = a (s - a)", "write 2 a (s - a) for a (s - a)"),
    ],
)
def test_a_side_of_the_claim_is_not_to_blame(
    tmp_path: Path, claim: str, equation: str, edit: str
) -> None:
    assert [squeezed(t) for t in told(tmp_path, claim, equation)] == [squeezed(edit)]


@pytest.mark.parametrize(
    ("claim", "equation", "edit"),
    [
        (
            "modes.trajectory",
            r"a(t) = \frac{s}{1 + (s/a_0 + 1) e^{-2st/\tau}}",
            r"in (s/a_0 + 1) e^{-2st/\tau}: write - 1 for + 1",
        ),
        (
            "modes.trajectory.null_mode",
            r"\frac{1}{a(t)} = - \frac{1}{a_0} + \frac{2 t}{\tau}",
            r"write \frac{1}{a_0} for - \frac{1}{a_0}",
        ),
        (
            "modes.trajectory.null_mode",
            r"\frac{1}{a(t)} = \frac{1}{a_0} + \frac{2 t}{\tau} + a_0",
            r"leave out + a_0",
        ),
        (
            "modes.trajectory.null_mode",
            r"\frac{1}{a(t)} = a_0 + \frac{1}{a_0} + \frac{2 t}{\tau}",
            r"leave out a_0 +",
        ),
    ],
)
def test_only_the_term_is_named(tmp_path: Path, claim: str, equation: str, edit: str) -> None:
    (found,) = told(tmp_path, claim, equation)
    assert squeezed(found).endswith(squeezed(edit))


@pytest.mark.parametrize(
    ("claim", "equation", "factor", "corrected"),
    [
        (
            "modes.learning_time",
            rf"(a_f - a_0) T(a_f) = \frac{{\tau (a_f - a_0)}}{{2 s}} {TIME}",
            "(a_f - a_0)",
            r"T(a_f) = \frac{\tau}{2 s} "
            r"\ln \frac{a_f (s - a_0)}{a_0 (s - a_f)}",
        ),
        (
            "modes.ode",
            r"\tau (s - 3) \dot a = 2 a (s - a)(s - 3)",
            "(s - 3)",
            r"\tau \dot{a} = 2 a (s - a)",
        ),
    ],
)
def test_a_factor_that_may_vanish_is_divided_by(
    tmp_path: Path, claim: str, equation: str, factor: str, corrected: str
) -> None:
    found = checked(tmp_path, claim, equation)
    assert found.outcome is Outcome.UNDECIDED
    (edit,) = found.edits
    assert str(edit) == f"divide by {factor}"
    assert squeezed(edit.corrected) == squeezed(corrected)
    assert edit.place is None  # it stands at two places


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("x y = x z", ["y = z"]),
        (r"x = x \frac{y}{z}", [r"1 = \frac{y}{z}"]),
        (r"\frac{x y}{z} = 2 x / z", [r"\frac{y}{z} = 2/z"]),
        (r"1 / x = y / x", []),
        (r"x + y = x z", []),
        (r"\ln (x) y = z (x)", []),
    ],
)
def test_common_factors_are_those_that_multiply_both_sides(text: str, left: list[str]) -> None:
    found = [written(edit.applied(tree(text))) for edit in divided_edits(tree(text))]
    assert [squeezed(f) for f in found] == [squeezed(one) for one in left]


def test_a_matrix_is_replaced_by_a_matrix_only(tmp_path: Path) -> None:
    (edit,) = told(tmp_path, "descent.conservation", rf"W^{{32}} ({CONSERVED}) = 0")
    assert "N_" not in edit
    assert edit.endswith(rf"for W^{{32}} ({CONSERVED})")


@pytest.mark.parametrize(
    ("claim", "equation", "edit"),
    [
        (
            "modes.decoupling",
            r"\tau \frac{d}{dt} W^{32} = R B (S - B A \Lambda) V^\top",
            "write W^{21} for W^{32}",
        ),
        (
            "descent.averaged",
            r"\mathbb{E}[W^{32\top} (y - W^{32} W^{21} x) x^\top]"
            r" = W^{32\top} (\Sigma^{11} - W^{32} W^{21} \Sigma^{11})",
            r"write \Sigma^{31} for \Sigma^{11}",
        ),
        (
            "descent.averaged",
            r"\mathbb{E}[W^{32} (y - W^{32} W^{21} x) x^\top]"
            r" = W^{32\top} (\Sigma^{31} - W^{32} W^{21} \Sigma^{11})",
            r"write W^{32 \top} for W^{32}",
        ),
    ],
)
def test_letters_with_numerals_are_one_name(
    tmp_path: Path, claim: str, equation: str, edit: str
) -> None:
    (found,) = told(tmp_path, claim, equation)
    assert squeezed(found).endswith(squeezed(edit))


def test_no_part_of_the_name_of_a_matrix_is_changed() -> None:
    letters = [tree("W^{21}"), tree("W^{32}")]
    names = Names(symbols=[tree("N_2")], letters=letters, known_letters=letters)
    for edit in enumerated(tree(r"W^{21} W^{32} = {W^{21}}^\top + W^{32\top} x^{2}"), names):
        left = written(edit.applied(tree(r"W^{21} W^{32} = {W^{21}}^\top + W^{32\top} x^{2}")))
        assert "N_{2}^{21}" not in left
        assert "N_{2}^{32}" not in left
        assert "W^{22" not in left
        assert "W^{2 " not in left


@pytest.mark.parametrize(
    ("claim", "equation", "edit"),
    [
        (
            "isometry.length_map.erf_slopes",
            r"\mathbb{E}_z [e^{- a z^2 / 2}] = \frac{1}{1 + a}",
            r"in \frac{1}{1 + a}: write \sqrt{1 + a} for 1 + a",
        ),
        (
            "modes.learning_time",
            r"T(a_f) = \frac{\tau}{2 s} \log_2 \frac{a_f (s - a_0)}{a_0 (s - a_f)}",
            r"write \ln for \log_2",
        ),
        (
            "modes.trajectory",
            r"a(t) = \frac{s}{2} [1 + \coth(\frac{s t}{\tau} - \frac12 \ln\frac{s - a_0}{a_0})]",
            r"write \tanh for \coth",
        ),
    ],
)
def test_roots_and_functions(tmp_path: Path, claim: str, equation: str, edit: str) -> None:
    (found,) = told(tmp_path, claim, equation)
    assert squeezed(found).endswith(squeezed(edit))


@pytest.mark.parametrize(
    ("claim", "equation", "edit"),
    [
        ("modes.ode", r"\tau \dot a = 2a(s-a)^2", "in 2a(s-a)^2: write (s - a) for (s-a)^2"),
        (
            "products.fuss_catalan",
            r"A(\kappa,1) = \frac1{D\kappa+1}\binom{D\kappa+1}{\kappa}",
            r"in D\kappa+1: write \kappa for 1",
        ),
        (
            "hierarchy.differentiation",
            r"d_{2,k} = \frac2P[M_{k}a_{k+1}+\sum_{l=k+2}^D(M_l-M_{l-1})a_l]",
            "in M_{k}a_{k+1}: write k + 1 for k",
        ),
    ],
)
def test_powers_binomials_and_two_indices(
    tmp_path: Path, claim: str, equation: str, edit: str
) -> None:
    assert edit in told(tmp_path, claim, equation)


def test_an_edit_is_found_across_a_pole(tmp_path: Path) -> None:
    """The logarithm below changes its sign with the edit."""
    claim = "modes.stage_ratio [t_ign=t_i, t_tr=t_t]"
    wrong = r"\frac{2\ln\frac{1-\alpha}{\alpha}}{\ln\frac{\alpha(s-a_0)}{a_0}}"
    (edit,) = told(tmp_path, claim, rf"\frac{{t_t}}{{t_i}} = {wrong}")
    assert squeezed(edit).endswith(
        squeezed(r"write \frac{\alpha (s - a_0)}{(1 - \alpha) a_0} for \frac{\alpha(s-a_0)}{a_0}")
    )


AVERAGED = r"\mathbb{E}[W^{32\top} (y - W^{32} W^{21} x) x^\top]"
PARTS = [
    ("descent.averaged", rf"{AVERAGED} = W^{{32\top}} \Sigma^{{31}}",
     r"(\Sigma^{31} - W^{32} W^{21} \Sigma^{11}) for \Sigma^{31}"),
    ("descent.averaged", rf"{AVERAGED} = W^{{32\top}} (\Sigma^{{31}} - \Sigma^{{11}})",
     r"W^{32} W^{21} \Sigma^{11} for \Sigma^{11}"),
    ("descent.averaged [W21=A, W32=B]",
     r"\mathbb{E}[B^\top (y - B A x) x^\top] = B^\top \Sigma^{31}",
     r"(\Sigma^{31} - B A \Sigma^{11}) for \Sigma^{31}"),
    ("products.fuss_catalan.rows", r"x (x I + Y^\top Y)^{-1} Q + Y^\top Y Q = Q",
     r"Y^\top Y (x I + Y^\top Y)^{-1} Q for Y^\top Y Q"),
    ("coherence.identity.recursion", "C_k = C_{k+1}/B_k",
     r"C_{k+1}/B_k + \Delta_k for C_{k+1}/B_k"),
    ("coherence.identity", "s_k^2 = N n_k", "N n_k C_k for N n_k"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "equation", "edit"), PARTS)
def test_missing_terms_inverses_and_products_are_those_of_the_claim(
    tmp_path: Path, claim: str, equation: str, edit: str
) -> None:
    (found,) = told(tmp_path, claim, equation)
    assert squeezed(found).endswith(squeezed(edit))
