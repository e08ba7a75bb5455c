"""The printer: what an author would print, and nothing that could be read in two ways."""

from __future__ import annotations

import re

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.typesetting import Style, StyleError, escaped, told, typeset
from lemmata.proofs.typesetting.macros import PREFIX, macro_name
from lemmata.proofs.typesetting.style import renames
from lemmata.theory.matrix_calculus import (
    Average,
    Differential,
    IntegratedExponential,
    MatrixExponential,
    TimeDerivative,
)
from sympy import (
    Derivative,
    Eq,
    Function,
    MatrixSymbol,
    Product,
    Rational,
    Subs,
    Sum,
    Symbol,
    exp,
    log,
    sqrt,
    symbols,
    tanh,
)

s, t, tau, a0, x, y, c = symbols("s t tau a_0 x y c", positive=True)
D, k = symbols("D k", integer=True)
a, q = Function("a"), Function("q")
N = Symbol("N", integer=True, positive=True)
W, V, W21 = MatrixSymbol("W", N, N), MatrixSymbol("V", N, N), MatrixSymbol("W21", N, N)

PRINTED = [
    (s - a0, "s - a_{0}"),
    (1 - c * x, "1 - c x"),
    (-x - y, "-x - y"),
    (2 * a(t) * (s - a(t)), "2 a(t) (s - a(t))"),
    (a(0), "a(0)"),
    (a(t) ** 2, "a(t)^{2}"),
    (tanh(x) ** 2, r"\tanh(x)^{2}"),
    (tau * Derivative(a(t), t), r"\tau \frac{d}{dt} a(t)"),
    (Derivative(a(t) * q(t), t), r"\frac{d}{dt} (a(t) q(t))"),
    (Derivative(a(t), (t, 2)), r"\frac{d^{2}}{dt^{2}} a(t)"),
    (Derivative(a0 * x, x), r"\frac{\partial}{\partial x} (a_{0} x)"),
    (a(t) * Derivative(a(t), t) * Sum(q(k), (k, 0, D)),
     r"a(t) \left(\frac{d}{dt} a(t)\right) \sum_{k=0}^{D} q(k)"),
    (Sum(q(k) + 1, (k, 0, D)), r"\sum_{k=0}^{D} (1 + q(k))"),
    (Sum(q(k), (k, 0, D)) + 1, r"1 + \sum_{k=0}^{D} q(k)"),
    (Product(q(k), (k, 0, D)) ** 2, r"\left(\prod_{k=0}^{D} q(k)\right)^{2}"),
    (s * (1 + tanh(x)) / 2, r"\frac{s}{2} (1 + \tanh(x))"),
    (tau * log((s - a0) / a0) / (2 * s),
     r"\frac{\tau}{2 s} \ln\left(\frac{s - a_{0}}{a_{0}}\right)"),
    (x * (s - a0) / (y * (s - c)), r"\frac{x (s - a_{0})}{y (s - c)}"),
    (3 * x**2 / 2, r"\frac{3}{2} x^{2}"),
    (x / 2, r"\frac{x}{2}"),
    (exp(-2 * s * t / tau), r"e^{-2 s t/\tau}"),
    (exp(-(x**2) / (2 * y)), r"e^{-x^{2}/(2 y)}"),
    (x ** (2 - 2 / D), "x^{2 - 2/D}"),
    (x ** (2 / D - 1), "x^{2/D - 1}"),
    (x ** Rational(1, 3), "x^{1/3}"),
    (x ** (-D), r"\frac{1}{x^{D}}"),
    (2 * 3**x, r"2 \cdot 3^{x}"),
    (sqrt(x + 1), r"\sqrt{1 + x}"),
    (sp.LambertW(x), "W_{0}(x)"),
    (sp.Abs(x - 2 * Symbol("r", real=True)), r"\left|2 r - x\right|"),
    (sp.gamma(x) * sp.pi, r"\pi \Gamma(x)"),
    (sp.lerchphi(x, 1, 2 / D),
     r"\frac{D}{2} {}_{2}F_{1}\left(1, \frac{2}{D}; 1 + \frac{2}{D}; x\right)"),
    (Subs(Derivative(a(k), k), k, 0), r"\left. \frac{d}{dk} a(k) \right|_{k=0}"),
    (sp.binomial(D, k), r"\binom{D}{k}"),
    (W * W.T - V, r"W W^{\top} - V"),
    (W / 2, r"\frac{1}{2} W"),
    (W21.T, r"W^{21\,\top}"),
    (sp.Transpose(W * V), r"(W V)^{\top}"),
    (W.T.I, r"(W^{\top})^{-1}"),
    (W21**2, "(W^{21})^{2}"),
    (sp.Identity(N) - W, "I - W"),
    (tau * TimeDerivative(W) * V, r"\tau \left(\frac{d}{dt} W\right) V"),
    (TimeDerivative(W * V), r"\frac{d}{dt} (W V)"),
    (sp.Trace(W), r"\operatorname{tr}(W)"),
    (Average(W * V), r"\mathbb{E}[W V]"),
    (Differential(W, W), "d_{W}(W)"),
    (MatrixExponential(W, -t / tau), r"e^{-W t/\tau}"),
    (MatrixExponential(W, 0), "e^{0 W}"),
    (MatrixExponential(W, -2), "e^{-2 W}"),
    (sp.MatMul(W, sp.MatMul(-1, V, W), V), r"W (-V W) V"),
    (sp.MatMul(-1, W, sp.MatMul(-1, V, W)), r"-W (-V W)"),
    (sp.Inverse(sp.Identity(N)), "I^{-1}"),
    (x * exp(-2), r"\frac{x}{e^{2}}"),
    (IntegratedExponential(W, t), r"\int_{0}^{t} e^{W u}\,du"),
    (sp.BlockMatrix([[W, V]]), r"\begin{bmatrix} W & V \end{bmatrix}"),
    (sp.Piecewise((1, sp.Eq(k, 0)), (x, True)),
     r"\begin{cases} 1 & \text{if } k = 0 \\ x & \text{otherwise} \end{cases}"),
    (sp.Equivalent(x < y, s > c), r"s > c \Leftrightarrow x < y"),
    (Symbol("sigma_eps") * Symbol("t_ign"), r"\sigma_{\epsilon} t_{\mathrm{ign}}"),
    (Symbol("lambda_max") + Symbol("f_oo"), r"f_{\infty} + \lambda_{\max}"),
    (Symbol("e") * exp(x), r"e \exp(x)"),
    (Derivative(a(t) * Symbol("d"), t), r"\frac{\mathrm{d}}{\mathrm{d}t} (d a(t))"),
    (Symbol("a") * (1 - c) + a(t), r"a \cdot (1 - c) + a(t)"),
    (Symbol("a") ** 2 * (1 - c) - a(t), r"a^{2} \cdot (1 - c) - a(t)"),
    (Symbol("W") * sp.LambertW(x), r"W \operatorname{W}_{0}(x)"),
    (Symbol("psi") * sp.digamma(x), r"\psi \psi^{(0)}(x)"),
    (Symbol("d") + Derivative(a(t), t), r"d + \frac{\mathrm{d}}{\mathrm{d}t} a(t)"),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "latex"), PRINTED, ids=[latex for _, latex in PRINTED])
def test_prints_as_an_author_would(expr: object, latex: str) -> None:
    assert typeset(expr) == latex


def test_numbers_and_matrices_of_python_are_printed_and_text_is_refused() -> None:
    assert typeset(-3) == "-3"
    assert typeset(sp.Matrix([[1, x]])) == r"\begin{bmatrix} 1 & x \end{bmatrix}"
    with pytest.raises(TypeError, match="'x' is no SymPy expression"):
        typeset("x")


def test_sequences_have_their_index_below() -> None:
    told = Eq(q(k + 1), q(k) ** 2, evaluate=False)
    assert typeset(told, sequences=frozenset({q})) == "q_{k + 1} = q_{k}^{2}"
    assert typeset(Function("a_1")(k), sequences=frozenset({Function("a_1")})) == "a_{1,k}"
    assert typeset(told) == "q(k + 1) = q(k)^{2}"


def test_styles() -> None:
    assert typeset(x / y, style=Style(fraction="slash")) == "x/y"
    assert typeset(x / y, style=Style(fraction="tfrac")) == r"\tfrac{x}{y}"
    assert typeset((x / y + 1) / 2, style=Style(fraction="dfrac")).count(r"\dfrac") <= 2
    renamed = Style({"a_0": "u_{0}", "s": r"\mathbf{S}", "a": "u"})
    assert typeset(s - a0 + a(t), style=renamed) == r"\mathbf{S} - u_{0} + u(t)"


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: Style(fraction="half"), "fraction: 'half' is unknown"),
        (lambda: Style(environment="tabular"), "environment: 'tabular' is unknown"),
        (lambda: Style({"s": "{S"}), "no name"),
        (lambda: Style({"s": r"\input{x}"}), "no name"),
        (lambda: Style({"s": "S%"}), "no name"),
        (lambda: typeset(s + x, style=Style({"s": "x"})), "would both be printed x"),
        (lambda: renames(["s"]), "renames nothing"),
        (lambda: renames(["s=S", "s=T"]), "renamed twice"),
    ],
)
def test_styles_that_cannot_be_are_refused(build, told) -> None:
    with pytest.raises(StyleError, match=re.escape(told)):
        build()


numbers = st.integers(-9, 9) | st.fractions(-3, 3, max_denominator=7)
leaves = st.sampled_from([s, t, tau, a0, x, a(t), q(k), D, sp.pi, W.shape[0]]) | numbers.map(
    lambda n: sp.Rational(n)
)


def grown(inner: st.SearchStrategy) -> st.SearchStrategy:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: p[0] + p[1]),
        pairs.map(lambda p: p[0] - p[1]),
        pairs.map(lambda p: p[0] * p[1]),
        pairs.map(lambda p: p[0] / p[1] if p[1] != 0 else p[0]),
        inner.map(lambda e: e**2),
        inner.map(lambda e: sqrt(e)),
        inner.map(lambda e: exp(e)),
        inner.map(lambda e: log(x + e**2)),
        inner.map(lambda e: Derivative(a(t) + e, t)),
        inner.map(lambda e: Sum(e, (k, 0, D))),
    )


@settings(max_examples=100, deadline=None)
@given(st.recursive(leaves, grown, max_leaves=8))
def test_random_expressions_are_well_formed(expr: sp.Expr) -> None:
    latex = typeset(expr)
    assert balanced(latex)
    assert not re.search(r"[-+] *[-+]", latex), latex
    assert not re.search(r"(?<![_^{\[(,;&=<>|]) (?:-|\+)$", latex)
    assert not re.search(r"\}\^\{[^}]*\}\^|\^\{[^{}]*\}\s*\^", latex), latex
    assert not re.search(r"\d \d", latex), latex


def balanced(latex: str) -> bool:
    depth = 0
    for character in latex:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0 and latex.count(r"\left") == latex.count(r"\right") + latex.count(
        r"\leftrightarrow"
    )


@settings(max_examples=100, deadline=None)
@given(st.from_regex(r"[a-z][a-z0-9_]{0,6}(\.[a-z0-9_]{1,6}){1,2}", fullmatch=True),
       st.from_regex(r"[a-z][a-z0-9_]{0,6}(\.[a-z0-9_]{1,6}){1,2}", fullmatch=True))  # fmt: skip
def test_no_two_ids_have_one_command(one: str, other: str) -> None:
    assert re.fullmatch("[A-Za-z]+", macro_name(one))
    assert (macro_name(one) == macro_name(other)) == (one == other)
    assert spelled_back(macro_name(one)) == one


def spelled_back(name: str) -> str:
    """The id of a command, read by the rule of the documentation."""
    digits = ["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"]
    rest, id, fresh = name.removeprefix(PREFIX), "", True
    while rest:
        digit = re.match(rf"(QQ|Q)({'|'.join(digits)})", rest)
        dot = re.match("X(?!x)", rest)
        word = re.match("([A-Z])(?:(?<=[XQY])[xqy])?", rest)
        if dot and not digit:
            id, fresh, rest = id + ".", True, rest[1:]
            continue
        if digit:
            joint = "" if fresh or digit[1] == "QQ" else "_"
            id, rest = id + joint + str(digits.index(digit[2])), rest[digit.end() :]
        elif rest[0].isupper():
            assert word is not None
            letter = "" if rest[0] == "Y" and rest[1:2] != "y" else rest[0].lower()
            id, rest = id + ("" if fresh else "_") + letter, rest[word.end() :]
        else:
            id, rest = id + rest[0], rest[1:]
        fresh = False
    return id


def test_prose_is_text_and_names_are_mathematics() -> None:
    assert told("rise q_k - q_(k-1) of 50% {x}") == (r"rise $q_{k} - q_{k-1}$ of 50\% \{x\}")
    assert told("a_0 <= lambda -> theta^2") == (r"$a_{0} \le  \lambda  \to  \theta ^{2}$")
    assert told("by modes.unbalanced_trajectory") == r"by modes.unbalanced\_trajectory"


@given(st.text(max_size=30))
def test_any_text_becomes_text_that_tex_can_read(text: str) -> None:
    for latex in (escaped(text), told(text)):
        outside = re.sub(r"\\[A-Za-z]+|\\.", "", latex)
        assert balanced(outside)
        assert outside.count("$") % 2 == 0
        assert not re.search(r"[#%&~\\]", re.sub(r"~", "", outside) if "~" in latex else outside)
        assert all(ord(c) < 0x180 for c in latex)
