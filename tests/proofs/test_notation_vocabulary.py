"""Names: renamed, declared, added, spelled, and those of text that nothing explains."""

from __future__ import annotations

from typing import Any

import pytest
from lemmata.proofs.court import collect
from lemmata.proofs.notation import (
    NotationError,
    declared,
    free_vocabulary,
    parse,
    read,
    vocabulary_of,
    written,
)
from lemmata.proofs.notation.nodes import Letter
from lemmata.proofs.tex import read_formula
from sympy import Derivative, Eq, Function, MatrixSymbol, Sum, Symbol, sqrt


def node(latex: str) -> Any:
    return parse(read_formula(latex))


@pytest.fixture(scope="module")
def trajectory() -> Any:
    return collect()["modes.trajectory"]


def test_renamed_names_are_read_in_their_new_spelling(trajectory: Any) -> None:
    vocabulary = vocabulary_of(trajectory, {"s": "S", "a_0": "u_0", "a": "u", "tau": r"\tau_w"})
    latex = r"u(t) = \frac{S e^{2 S t/\tau_w}}{e^{2 S t/\tau_w} - 1 + S/u_0}"
    assert read(node(latex), vocabulary) == trajectory.statement
    with pytest.raises(NotationError, match="the nearest known names are S"):
        read(node("s"), vocabulary)


def test_words_of_greek_letters_mean_the_letters(trajectory: Any) -> None:
    vocabulary = vocabulary_of(trajectory, {"tau": "tau_w", "s": "Sigma"})
    assert str(read(node(r"\tau_w \Sigma"), vocabulary)) == "s*tau"
    theta = Symbol("theta", positive=True)
    assert read(node(r"\theta_0"), declared({"theta_0": theta})) == theta


def test_names_may_be_given_as_latex_and_swapped(trajectory: Any) -> None:
    swapped = vocabulary_of(trajectory, {r"\tau": "s", "s": r"\tau", "a_{0}": r"\alpha"})
    assert str(read(node(r"s \tau \alpha"), swapped)) == "a_0*s*tau"
    assert str(read(node(r"\tau"), swapped)) == "s"


def test_a_function_is_written_bare_at_its_usual_place() -> None:
    vocabulary = vocabulary_of(collect()["modes.learning_time"])
    statement = r"T = \frac{\tau}{2s} \ln\frac{a_f (s - a_0)}{a_0 (s - a_f)}"
    assert read(node(statement), vocabulary) == collect()["modes.learning_time"].statement
    bare = vocabulary_of(collect()["modes.ode"])
    assert str(read(node(r"\tau \dot a = 2 a (s - v w)"), bare).rhs) == "2*(s - v(t)*w(t))*a(t)"


def test_letters_with_something_above_are_renamed() -> None:
    vocabulary = vocabulary_of(collect()["descent.conservation"], {"W21": "W_1", "W32": "W_2"})
    statement = r"\frac{d}{dt}\left(W_1 W_1^{\mathsf T} - W_2^{\mathsf T} W_2\right) = 0"
    assert read(node(statement), vocabulary) == collect()["descent.conservation"].statement


@pytest.mark.parametrize(
    ("renamed", "words"),
    [
        ({"w": "v"}, "w is no name of the claim"),
        ({"S": "v"}, "the nearest known names are s"),
        ({"s": "t"}, "t would stand for two names"),
        ({"s": "x", "tau": "x"}, "x would stand for two names"),
        ({"s": "x", r"\tau": "x^{"}, "no name in LaTeX"),
        ({"tau": "x", r"\tau": "y"}, "renamed twice"),
        ({"tau": "x y"}, "a name is a letter with its scripts"),
    ],
)
def test_bad_renaming_is_refused(trajectory: Any, renamed: dict[str, str], words: str) -> None:
    with pytest.raises(NotationError) as caught:
        vocabulary_of(trajectory, renamed)
    assert words in str(caught.value)


def test_all_claims_have_vocabularies_that_spell_their_names() -> None:
    for claim in list(collect())[::15]:
        vocabulary = vocabulary_of(claim)
        for thing, tree in vocabulary.spellings.items():
            assert read(tree, vocabulary) == thing
            assert node(written(tree)) == tree


def test_spellings_are_those_of_the_manuscript(trajectory: Any) -> None:
    vocabulary = vocabulary_of(trajectory, {"s": "S", "a": "u"})
    spelled = {str(thing): written(tree) for thing, tree in vocabulary.spellings.items()}
    assert spelled["s"] == "S"
    assert spelled["a(t)"] == "u(t)"
    assert spelled["a_0"] == "a_0"


def test_a_hole_is_a_name_like_any_other(trajectory: Any) -> None:
    hole = Symbol("hole", real=True)
    vocabulary = vocabulary_of(trajectory).adding(r"\hole", hole)
    assert read(Letter(r"\hole"), vocabulary) == hole


def test_declared_names_are_checked() -> None:
    t = Symbol("t", nonnegative=True)
    with pytest.raises(ValueError, match="declared twice"):
        declared({"a_0": t, "a_{0}": t})
    with pytest.raises(ValueError, match="no symbol, letter or function"):
        declared({"a": 3})
    with pytest.raises(ValueError, match="no name in LaTeX"):
        declared({"a +": t})


def test_a_number_and_a_matrix_of_one_name_are_refused() -> None:
    n = Symbol("n", integer=True, positive=True)
    vocabulary = declared({"x": Symbol("x"), "W": MatrixSymbol("W", n, n)})
    both = vocabulary.adding("x", MatrixSymbol("x", n, 1))
    assert read(node("x"), both) == MatrixSymbol("x", n, 1)  # the later meaning


def test_text_that_nothing_explains_explains_itself() -> None:
    t = Symbol("t", nonnegative=True)
    a = Function("a")(t)
    tree = node(r"\tau \frac{da}{dt} = 2 a (s - a)")
    tau, s = Symbol("tau", real=True), Symbol("s", real=True)
    assert read(tree, free_vocabulary(tree)) == Eq(tau * Derivative(a, t), 2 * a * (s - a))
    tree = node(r"\dot w_1(t) + w_2'")
    w1, w2 = Function("w_1")(t), Function("w_2")(t)
    assert read(tree, free_vocabulary(tree)) == Derivative(w1, t) + Derivative(w2, t)
    tree = node(r"\sum_{l=1}^{D} \Delta_l n_{l-1} e^{-x_0^2}")
    level, D = Symbol("l", integer=True), Symbol("D", real=True)
    found = read(tree, free_vocabulary(tree))
    assert isinstance(found, Sum)
    assert found.limits[0].args == (level, 1, D)
    assert {str(f) for f in found.function.atoms(Function)} >= {"Delta(l)", "n(l - 1)"}


def test_a_letter_whose_square_has_a_name_is_its_root() -> None:
    square, c = Symbol("v", positive=True), Symbol("c", positive=True)
    vocabulary = declared({r"\sigma_w^2": square, "c": c, "r^2": Symbol("r2", real=True)})
    assert read(node(r"\sigma_w^{-2} c + c/\sigma_w^4"), vocabulary) == c / square + c / square**2
    assert read(node(r"\sigma_w c"), vocabulary) == c * sqrt(square)
    assert read(node(r"\sigma_w^{2} - \sigma_{w} \sigma_w"), vocabulary) == 0
    for unknown in ("r", r"\sigma", r"\sigma_w'", r"\sigma_{b}"):
        with pytest.raises(NotationError, match=r"is not known here|no function"):
            read(node(unknown), vocabulary)
