"""Any text reads or is refused, in work linear in its length; what was built is read back."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lemmata.proofs.tex import LIMITS, Manuscript, TexError, read_formula, read_text

PIECES = [
    *r"""\begin{equation} \end{equation} \begin{align} \end{align} \begin{cases} \end{cases}
    \begin{x} \end{x} \begin{verbatim} \end{verbatim} \begin \end \newcommand{\x} \newcommand
    \newcommand{\x}[1] \newcommand{\x}[2][ \renewcommand \def\x \def\x#1 \let\x \let \newif\ifx
    \ifx \iffalse \iftrue \else \fi \xtrue \x \x{ \x[ \y \NewDocumentCommand\x{o}{
    \newenvironment{x}{ \IfNoValueTF \text{ \label{ \tag{ \\ \\[2pt] \\[ \( \) \[ \] $ $$ { } & #
    #1 ^ _ ' ~ \left( \right) \frac \sqrt[ \bf \eqno \intertext{ \verb| \url{ \input{x} \input
    \usepackage{x} \catcode`\@=11 \makeatletter \global \long \hskip \operatorname* \begingroup
    \endgroup \DeclareMathOperator{\x} \DeclarePairedDelimiter\x \AtBeginDocument{ \color \makebox[
    \excludecomment{x} \par \csname \endinput \begin{array}{c} \begin{alignat} a b = 1 2.5 . , ( ]
    * |""".split(),  # noqa: SIM905
    *("\n", "\n\n", " ", "\t", "% lemmata: x\n", "%\n", " % lemmata: y", "\r\n", "é", "\0", "\\"),
]

texts = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=60).map("".join),
)

EXPANSIONS = 50
SMALL = replace(LIMITS, expansions=EXPANSIONS)


def work_allowed(text: str) -> int:
    """Each character is read a few times: as it stands, in an argument, after looking ahead.

    Each of at most ``EXPANSIONS`` calls puts no more than the text in the place of its parameters,
    which are fewer than the characters of its body.
    """
    return 10 * (len(text) + 1) + EXPANSIONS * (len(text) + 1) ** 2


@settings(max_examples=300, deadline=None)
@given(texts)
@example("\\newcommand{\\x}[1]{#1#1}\\x{$\\x}")
@example("\\begin{equation}\\x{\\end{equation}")
def test_any_text_reads_or_is_refused(text):
    try:
        found = read_text(text, limits=SMALL)
    except TexError:
        return
    assert isinstance(found, Manuscript)
    assert found.work <= work_allowed(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for equation in found.equations:
        assert equation.place <= equation.end
        assert equation.tokens or equation.not_understood
        for token in equation.tokens:
            assert token.text or token.kind == "text"
            assert 1 <= token.place.line <= len(lines)
            assert 1 <= token.place.column <= len(lines[token.place.line - 1]) + 1
    for problem in found.problems:
        assert 1 <= problem.place.line <= len(lines)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_any_formula_reads_or_is_refused(text):
    try:
        tokens = read_formula(text, limits=SMALL)
    except TexError:
        return
    depth = 0
    for token in tokens:
        depth += (token.kind == "open") - (token.kind == "close")
        assert depth >= 0
    assert depth == 0


plain = st.text(st.characters(exclude_characters="\\{}$%&#~^_\r\0"), max_size=200)


@settings(max_examples=50, deadline=None)
@given(plain)
def test_text_without_macros_is_linear(text):
    assert read_text(text).work <= len(text) + 2


symbols = st.sampled_from(["a", "b", "+", "=", r"\alpha", r"\frac{1}{2}", "x_{0}", r"\left(", "12"])
formulas = st.lists(symbols, min_size=1, max_size=8).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(formulas, st.sampled_from(["$", "equation", "align", "macro"]), plain)))
def test_equations_are_found_where_they_were_put(parts):
    text, expected = "\\newcommand{\\eqn}[1]{\\begin{equation}#1\\end{equation}}\n", []
    for formula, kind, words in parts:
        text += words + "\n"
        line = text.count("\n") + 1
        if kind == "$":
            text += f"${formula}$"
        elif kind == "macro":
            text += rf"\eqn{{{formula}}}"
        else:
            text += rf"\begin{{{kind}}}{formula}\end{{{kind}}}"
        expected.append(([(t.kind, t.text) for t in read_formula(formula)], line, formula))
    found = read_text(text)
    assert not found.problems
    seen = [([(t.kind, t.text) for t in e.tokens], e.place.line, e.source) for e in found.equations]
    assert seen == expected


def paper(pages: int, seed: int = 0) -> tuple[str, int]:
    """A manuscript of many pages, with macros, and how many equations it has."""
    rng = np.random.default_rng(seed)
    words = ["the", "network", "learns", "a", "mode", "of", "its", "input", "and", "forgets"]
    displays = [
        r"\begin{equation}\label{eq:N}@ a(t) = \frac{s}{1+\bigl(\frac{s}{\az}-1\bigr)"
        r"\e^{-2st/\tau}}, @\end{equation}",
        r"\begin{align}@ \dd{a} &= 2 a (s - a) \\ % lemmata: modes.ode@ "
        r"\half x &= \sum_{k=1}^{D} q_k \text{ if }x>0 @\end{align}",
        r"\be W^{21} = \norm{U} S V^{\top} \ee",
    ]
    counts = [1, 2, 1]
    text = r"""\documentclass{article}\usepackage{amsmath}
\newcommand{\az}{a_{0}}\newcommand{\e}{e}
\newcommand{\half}{\tfrac12}\newcommand{\dd}[1]{\tau\frac{d #1}{dt}}
\newcommand{\be}{\begin{equation}}\newcommand{\ee}{\end{equation}}\DeclareMathOperator{\tr}{tr}
\newcommand{\norm}[1]{\left\| #1 \right\|}
\begin{document}
"""
    total = 0
    for _ in range(pages):
        for _ in range(7):
            for _ in range(4):
                text += " ".join(rng.choice(words, 14)) + "\n"
                number = rng.integers(1, 9)
                text += rf"where $\az = {number}\epsilon$ and $\norm{{x}}^2 \le \half$." + "\n"
                total += 2
            kind = int(rng.integers(3))
            text += displays[kind].replace("N", str(total)).replace("@", "\n") + "\n\n"
            total += counts[kind]
    return text + r"\end{document}", total


def test_a_manuscript_of_sixty_pages():
    text, total = paper(60)
    begun = time.process_time()
    found = read_text(text)
    taken = time.process_time() - begun
    assert not found.problems
    assert len(found.equations) == total
    # A step costs some microseconds; the bound is there to see a reader that is no longer linear.
    assert found.work < 1.5 * len(text)
    assert taken < 20


@pytest.mark.parametrize("pages", [10])
def test_work_grows_with_the_pages(pages):
    small, large = (read_text(paper(n)[0]).work for n in (pages, 4 * pages))
    assert large < 4.2 * small
