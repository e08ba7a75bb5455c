"""`--rename`: what is accepted is read back as the renamed claim; what is no name is refused."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.cli.main import run
from lemmata.proofs.court import collect
from lemmata.proofs.notation import parse, read, vocabulary_of
from lemmata.proofs.notation.shapes import rebuilt
from lemmata.proofs.tex import read_formula
from lemmata.proofs.typesetting import Style, StyleError, display, expressions_of, typeset_in
from lemmata.proofs.typesetting.renaming import resolved
from lemmata.proofs.typesetting.scope import named_things

TRAJECTORY = collect()["modes.trajectory"]
CLAIMS = list(collect())[::13]

LETTERS = st.sampled_from(
    ["S", "u", "a", "t", "s", "e", "d", "E", "I", "W", "k", "l", "x", r"\tau", "tau", r"\Gamma",
     r"\theta", "gain", r"\mathrm{gain}", r"\mathbf{W}", r"\hat{a}", r"\bar s", r"\tilde{W}",
     r"\ell", r"\pi", r"\sin", r"\infty", "2", "-S", r"\mathcal{L}", r"\dot{a}"]
)  # fmt: skip
BELOW = st.sampled_from(["", "_0", "_{0}", "_{k}", "_{1,2}", r"_{\mathrm{max}}", "_-", "_{a b}"])
ABOVE = st.sampled_from(["", "", "^2", "^*", "^{n}", "'", "^{(1)}", "^{-1}", "^+", "^T"])


def accepted(claim: object, name: str, latex: str) -> Style | None:
    """The style, where the new name is accepted in the claim."""
    try:
        style = resolved(Style({name: latex}), [claim])
        typeset_in(claim, claim.statement, style)
    except StyleError:
        return None
    return style


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CLAIMS), st.randoms(use_true_random=False), LETTERS, BELOW, ABOVE)
def test_what_is_accepted_is_read_back(
    claim: object, drawn: random.Random, letter: str, below: str, above: str
) -> None:
    name = drawn.choice(sorted({name for name, _ in named_things(expressions_of(claim))}))
    style = accepted(claim, name, letter + below + above)
    if style is None:
        return
    vocabulary = vocabulary_of(claim, style.names)
    shown = "\n".join(display(claim, claim.statement, style, width=240.0))
    shown = shown.removeprefix(r"\begin{split}").removesuffix(r"\end{split}")
    back = read(parse(read_formula(shown)), vocabulary)
    assert rebuilt(back) == rebuilt(claim.statement), (claim.id, style.names, shown)


@pytest.mark.parametrize(
    "latex",
    [
        "S", "u_0", "u_{0}", r"\theta", "theta", "theta_w", r"\hat{s}", r"\bar s_1", "s'", "s^*",
        r"\mathrm{gain}", r"\mathcal{S}", "s_{1,2}", "s^{(1)}", "e", "d", r"\ell",
    ],
)  # fmt: skip
def test_names_are_accepted(latex: str) -> None:
    assert accepted(TRAJECTORY, "s", latex) is not None


@pytest.mark.parametrize(
    ("latex", "told"),
    [
        ("-S", "no name"), ("2", "no name"), ("x^2", "power"), ("x^{n}", "power"), ("x^T", "power"),
        ("S T", "no name"), ("gain", "no name"), ("a(t)", "no name"), ("x+y", "no name"),
        (r"\pi", "means something else"), (r"\mathbb{E}", "means something else"),
        (r"\sin", "cannot be read back"), (r"\frac{a}{b}", "no name"), ("tau", r"printed \tau"),
        ("t", "printed t"), ("a_0", "printed a_{0}"), (r"\mathbf{a}", "would stand for two names"),
        (r"\mathbf{S}", "a vector or a matrix"), (r"\mathbf{1}", "no letter"),
        ("1_2", "no letter"), (r"\input{x}", "no name"),
    ],
)  # fmt: skip
def test_what_is_no_name_is_refused(latex: str, told: str) -> None:
    with pytest.raises(StyleError) as error:
        typeset_in(TRAJECTORY, TRAJECTORY.statement, Style({"s": latex}))
    assert told in str(error.value)
    assert latex in str(error.value) or "printed" in told


def test_greek_names_and_latex_on_the_left(capsys) -> None:
    assert run(["latex", "modes.trajectory", "--rename", "s=sigma", "--rename", r"\tau=T"]) == 0
    assert r"e^{2 \sigma t/T}" in capsys.readouterr().out
    assert run(["latex", "modes.trajectory", "--rename", "a_{0}=u_0"]) == 0
    assert "a(0) = u_{0}" in capsys.readouterr().out


def test_a_matrix_keeps_what_stands_above_it() -> None:
    claim = collect()["descent.conservation"]
    assert accepted(claim, "W21", "V^{21}") is not None
    assert accepted(claim, "W21", "V^{3}") is None


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        (["modes.trajectory", "--rename", "zz=S"], "zz is no name of modes.trajectory: the names"),
        (["modes.trajectory", "--rename", "Tau=S"], "did you mean tau"),
        (["modes.*", "--rename", "zz=S"], "zz is no name of any of the"),
        (["modes.trajectory", "--rename", "tau=x", "--rename", r"\tau=y"], "renamed twice"),
        (["modes.trajectory", "--macros", "--rename", "s=2"], "no name"),
        (["modes.trajectory", "--width", "nan"], "nan is not in the range 100<=x<=10000"),
        (["modes.trajectory", "--width", "inf"], "inf is not in the range 100<=x<=10000"),
    ],
)
def test_what_cannot_be_asked_is_one_line(capsys, given_: list[str], told: str) -> None:
    assert run(["latex", *given_]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert told in shown.err
    assert len(shown.err.splitlines()) == 1


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.sampled_from([c.id for c in CLAIMS]), min_size=1, max_size=4),
    st.lists(st.sampled_from(["--derivation", "--width=250", "--fraction=slash",
                              "--environment=align*"]), unique=True),
    st.booleans(),
)  # fmt: skip
def test_a_file_just_written_is_not_stale(
    tmp_path_factory: pytest.TempPathFactory, ids: list[str], options: list[str], macros: bool
) -> None:
    """Whatever the order of ids, and whichever are named twice."""
    file: Path = tmp_path_factory.mktemp("latex") / "claims.tex"
    chosen = ["--macros", *(o for o in options if o != "--derivation")] if macros else options
    assert run(["latex", *ids, *chosen, "-o", str(file)]) == 0
    assert run(["latex", "--check", str(file)]) == 0
