"""Manuscripts of many kinds are read as TeX would print them."""

from __future__ import annotations

import time

import pytest
from lemmata.proofs.manuscript.annotations import AnnotationError, read_annotation
from lemmata.proofs.tex import (
    Equation,
    Manuscript,
    TexError,
    read_formula,
    read_manuscript,
    read_text,
)


def shown(tokens):
    """Tokens with blanks between; the words of a text in quotes."""
    return " ".join(f'"{t.text}"' if t.kind == "text" else t.text for t in tokens)


def equations(text) -> list[str]:
    found = read_text(text)
    assert not found.problems, found.problems
    return [shown(equation.tokens) for equation in found.equations]


def only(text) -> Equation:
    found = read_text(text)
    assert not found.problems, found.problems
    (equation,) = found.equations
    return equation


@pytest.mark.parametrize(
    ("display", "environment", "inline"),
    [
        ("$a=b$", "$", True),
        (r"\(a=b\)", r"\(", True),
        (r"\begin{math}a=b\end{math}", "math", True),
        ("$$a=b$$", "$$", False),
        (r"\[a=b\]", r"\[", False),
        *(
            (rf"\begin{{{name}}}{columns}a=b\end{{{name}}}", name, False)
            for base, columns in [
                ("equation", ""),
                ("displaymath", ""),
                ("align", ""),
                ("alignat", "{2}"),
                ("flalign", ""),
                ("gather", ""),
                ("multline", ""),
                ("eqnarray", ""),
                ("IEEEeqnarray", "{rCl}"),
            ]
            for name in (base, base + "*")
        ),
    ],
)
def test_displays_of_every_kind(display, environment, inline):
    equation = only(f"Text before\n{display} and after.")
    assert shown(equation.tokens) == "a = b"
    assert (equation.environment, equation.inline) == (environment, inline)
    assert equation.place.line == 2
    assert equation.source == "a=b"
    assert equation.opened == ("<text>", 2, 1)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("x^12", "x ^ 1 2"),
        ("x_12", "x _ 1 2"),
        (r"\frac12", r"\frac 1 2"),
        (r"\frac123", r"\frac 1 2 3"),
        (r"\frac{1}23", r"\frac { 1 } 2 3"),
        (r"\frac1{23}4", r"\frac 1 { 23 } 4"),
        (r"x^{12}34", "x ^ { 12 } 34"),
        (r"\sqrt[3]24", r"\sqrt [ 3 ] 2 4"),
        (r"\sqrt 24", r"\sqrt 2 4"),
        (r"\sqrt{24}35", r"\sqrt { 24 } 35"),
        (r"x^\frac12 3", r"x ^ \frac 1 2 3"),
        ("1.5+.5", "1.5 + .5"),
        ("1 000", "1000"),
        (r"1\,000", "1 000"),
        ("x = 5.", "x = 5 ."),
        ("1..2", "1 . .2"),
        ("1.2.3", "1.2 .3"),
        (r"{\bf W}x", r"\mathbf { W } x"),
        (r"{\rm d}t", r"\mathrm { d } t"),
        (r"\bigl( a \bigr)", "( a )"),
        (r"\left( a \right)", r"\left ( a \right )"),
        (r"a\,\mathrm{d}t", r"a \mathrm { d } t"),
        (r"a' \quad \text{for all $t > 0$}", '''a ' "for all $t > 0$"'''),
        (r"W_{\text{in}}", 'W _ { "in" }'),
        (r"\operatorname*{argmin}_x", r"\operatorname { a r g m i n } _ x"),
        (r"\textcolor{red}{x}\vphantom{y}z", "{ x } z"),
        (r"\hspace*{2em}x\mskip-3muy\kern 1.5 emz", "x y z"),
        (r"\{a\}\&", r"\{ a \} \&"),
        (r"\begin{pmatrix}a&b\\[2pt]c&d\end{pmatrix}", None),
        ("a % a comment\n+ b", "a + b"),
        (r"5\%", r"5 \%"),
        (r"\boxed{a=b}", "{ a = b }"),
        ("αβ", "α β"),
        (r"\ensuremath{xy}^2", "x y ^ 2"),
        (r"\smash[b]{x}", "{ x }"),
    ],
)
def test_tokens_of_formulas(text, tokens):
    found = shown(read_formula(text))
    expected = r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}" if tokens is None else tokens
    assert found == expected


def test_a_token_knows_its_kind_and_its_place():
    tokens = read_formula("a_{0}\n  = \\frac{1}{2} b'")
    assert [(t.kind, t.text, t.place.line, t.place.column) for t in tokens] == [
        ("letter", "a", 1, 1),
        ("sub", "_", 1, 2),
        ("open", "{", 1, 3),
        ("number", "0", 1, 4),
        ("close", "}", 1, 5),
        ("symbol", "=", 2, 3),
        ("command", r"\frac", 2, 5),
        ("open", "{", 2, 10),
        ("number", "1", 2, 11),
        ("close", "}", 2, 12),
        ("open", "{", 2, 13),
        ("number", "2", 2, 14),
        ("close", "}", 2, 15),
        ("letter", "b", 2, 17),
        ("symbol", "'", 2, 18),
    ]


MACROS = r"""
\newcommand{\half}{\frac{1}{2}}
\newcommand*\norm[1]{\left\| #1 \right\|}
\newcommand{\der}[2][t]{\frac{d #2}{d #1}}
\renewcommand{\vec}[1]{\mathbf{#1}}
\providecommand{\half}{WRONG}
\providecommand{\alpha}{WRONG}
\def\pair#1#2{(#1, #2)}
\let\eps\varepsilon
\let\oldphi\phi
\let\phi\varphi
\DeclareMathOperator{\tr}{tr}
\DeclareMathOperator*{\argmax}{arg\,max}
\DeclarePairedDelimiter{\abs}{\lvert}{\rvert}
\NewDocumentCommand{\E}{o m}{\mathbb{E}\IfValueT{#1}{_{#1}}[#2]}
\NewDocumentCommand{\pow}{m O{2}}{#1^{#2}}
\newcommand{\be}{\begin{equation}}
\newcommand{\ee}{\end{equation}}
\def\beq{\begin{equation*}}\def\eeq{\end{equation*}}
\newcommand{\bea}{\begin{eqnarray}}
\newcommand{\eea}{\end{eqnarray}}
\newenvironment{system}[1]{\begin{align} #1 &= 0 \\}{\end{align}}
\newcommand{\eqn}[1]{\begin{equation} #1 \end{equation}}
\newcommand{\nest}[1]{\norm{\vec{#1}}}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"$\half x$", [r"\frac { 1 } { 2 } x"]),
        (r"$\norm{x+y}$", [r"\left \| x + y \right \|"]),
        (r"$\der{a}+\der[s]{b}$", [r"\frac { d a } { d t } + \frac { d b } { d s }"]),
        (r"$\vec w$", [r"\mathbf { w }"]),
        (r"$\pair ab$", ["( a , b )"]),
        (r"$\eps\oldphi\phi\alpha$", [r"\varepsilon \phi \varphi \alpha"]),
        (r"$\tr A$", [r"\operatorname { t r } A"]),
        (r"$\argmax_x$", [r"\operatorname { a r g m a x } _ x"]),
        (
            r"$\abs{x}\abs*{y}\abs[\big]{z}$",
            [r" ".join(rf"\left \lvert {x} \right \rvert" for x in "xyz")],
        ),
        (r"$\E{x}\E[z]{y}$", [r"\mathbb { E } [ x ] \mathbb { E } _ { z } [ y ]"]),
        (r"$\pow{x}\pow{y}[3]$", ["x ^ { 2 } y ^ { 3 }"]),
        (r"\be a=b \ee", ["a = b"]),
        (r"\beq a=b \eeq", ["a = b"]),
        (r"\bea a&=&b \\ c&=&d \eea", ["a = b", "c = d"]),
        (r"\begin{system}{x} y &= 1 \end{system}", ["x = 0", "y = 1"]),
        (r"\eqn{a=b}", ["a = b"]),
        (r"$\nest{w}$", [r"\left \| \mathbf { w } \right \|"]),
        (r"{\renewcommand{\half}{h} $\half$} $\half$", ["h", r"\frac { 1 } { 2 }"]),
        (r"{\gdef\half{h}} $\half$", ["h"]),
        (r"$\renewcommand{\half}{h}\half$ $\half$", ["h", "h"]),
    ],
)
def test_macros_of_the_manuscript(text, expected):
    assert equations(MACROS + text) == expected


def test_what_a_macro_puts_in_has_the_place_of_the_call():
    equation = only("\\newcommand{\\sq}[1]{#1^{2}}\n\n$x = \\sq{y}$")
    places = [(t.text, t.place.line, t.place.column) for t in equation.tokens]
    assert places == [
        ("x", 3, 2),
        ("=", 3, 4),
        ("y", 3, 10),
        ("^", 3, 6),
        ("{", 3, 6),
        ("2", 3, 6),
        ("}", 3, 6),
    ]
    assert equation.source == r"x = \sq{y}"
    assert (equation.place, equation.end) == (("<text>", 3, 2), ("<text>", 3, 12))


def test_rows_of_align():
    found = read_text(
        r"""\begin{align}
  a &= b, \label{eq:a} \\
    &= c \nonumber \\[2pt]
    &\quad + d \\*
  x &= y \tag{$*$} \\
  \intertext{and with $z>0$ also}
  p &\le q & r &= s && \text{by (1)} \\
\end{align}"""
    )
    assert not found.problems
    assert [shown(e.tokens) for e in found.equations] == [
        "a = b ,",
        "& = c \\\\ & + d",
        "x = y",
        r"p \le q",
        "r = s",
        "z > 0",
    ]
    assert [e.continues for e in found.equations] == [False, True, False, False, False, False]
    assert [e.number_of_row for e in found.equations] == [1, 2, 4, 5, 5, 1]
    assert [e.place.line for e in found.equations] == [2, 3, 5, 7, 7, 6]
    assert found.equations[0].label == "eq:a"
    assert found.equations[2].tag == "$*$"
    assert found.equations[1].source.startswith("&= c")
    assert found.equations[1].source.endswith("+ d")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (r"a &= b \\ c &= d", ["a = b", "c = d"]),
        (r"a &= b + \\ & c", [r"a & = b + \\ & c"]),
        (r"a &= \\ & c = d", [r"a & = \\ & c = d"]),
        (r"a &= (b \\ &\quad + c) \\ e &= f", [r"a & = ( b \\ & + c )", "e = f"]),
        (r"a &= b \\ & + c = d", [r"a & = b \\ & + c = d"]),
        (r"-x &= y \\ -z &= w", ["- x = y", "- z = w"]),
        (r"x &\in [0, 1) \\ y &= z", [r"x \in [ 0 , 1 )", "y = z"]),
        (r"3x &+ 2y &&= 5", ["3 x + 2 y = 5"]),
        (
            r"a &= \begin{cases} b & c \\ d & e \end{cases} \\ f &= g",
            [r"a = \begin{cases} b & c \\ d & e \end{cases}", "f = g"],
        ),
        (r"a &= \sum_{\substack{i \\ j}} b", [r"a = \sum _ { \substack { i \\ j } } b"]),
        (r"a &= b && (t > 0)", [r"a = b \quad ( t > 0 )"]),
        (
            r"[x] &= y \\ [z] &= w \\[1ex] u &= v \\[-.5\baselineskip] p &= q",
            ["[ x ] = y", "[ z ] = w", "u = v", "p = q"],
        ),
        (
            r"\begin{split} a &= b \\ &= c \\ &= d \end{split} \\ e &= f",
            [r"a = b \\ = c \\ = d", "e = f"],
        ),
        (r"\left. a \right|_{t=0} &= b", [r"\left . a \right | _ { t = 0 } = b"]),
    ],
)
def test_which_rows_are_equations_of_their_own(rows, expected):
    assert equations(rf"\begin{{align}}{rows}\end{{align}}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\[ \boxed{a = b} \]", "a = b"),
        (r"\[ \boxed{{a = b}}, \]", "a = b ,"),
        (r"\[ {a} = {b} \]", "{ a } = { b }"),
        (r"\[ {a}^2 \]", "{ a } ^ 2"),
        (r"\[ {a\,1}\,{b} \]", "{ a 1 } { b }"),
        (r"\[ \boxed{a = 1\,0} \]", "a = 1 0"),
        (r"\begin{align} & \boxed{a = b} \\ & \boxed{c = d} \end{align}", "a = b/c = d"),
    ],
)
def test_braces_around_all_of_a_formula_say_nothing(text, expected):
    assert equations(text) == expected.split("/")


def test_rows_of_split_and_multline_are_joined():
    text = r"""\begin{equation}\label{eq:s}\begin{split} a &= b \\ &= c \end{split}\end{equation}
\begin{multline} a + b \\ + c = d \end{multline}
\begin{subequations}\label{eq:sub}\begin{gather} a=b \\ c=d \end{gather}\end{subequations}
\[ \begin{aligned} a &= b \\ c &= d \end{aligned} \]
"""
    found = read_text(text).equations
    assert [shown(e.tokens) for e in found] == [
        r"a & = b \\ & = c",
        r"a + b \\ + c = d",
        "a = b",
        "c = d",
        r"\begin{aligned} a & = b \\ c & = d \end{aligned}",
    ]
    assert found[0].label == "eq:s"


def test_comments_verbatim_text_and_branches_are_no_formulas():
    text = r"""% $a$
5\% of $b$ % $c$
\begin{verbatim} $d$ \end{verbatim}
\begin{comment}
$e$ \write18{ls}
\end{comment}
\begin{lstlisting}[language=C]
x = $f$;
\end{lstlisting}
\verb|$g$| \verb*+$+ \lstinline!$h! \url{http://x.y/$i%20}
\iffalse $j$ \ifx\a\b $k$ \fi \immediate\write18{ls} \else $l$ \fi
\newif\ifdraft \drafttrue \ifdraft $m$\else $n$\fi
\draftfalse \ifdraft $o$\else $p$\fi
\begin{tikzpicture} \draw ($(a)!0.5!(b)$); \end{tikzpicture}
\$5 and \$6
\end{document} $z$
"""
    assert equations(r"\begin{document}" + text) == ["b", "l", "m", "p"]


def test_annotations_belong_to_equations():
    text = r"""% lemmata: one
% lemmata: two
\begin{equation}
  a = b
\end{equation}

% lemmata: three

We have $c$ and $d$ here. % lemmata: four
\begin{align} % lemmata: five
  a &= b \\ % lemmata: six
  % lemmata: seven
  c &= d \\
  e &= f % lemmata: eight
  % lemmata: nine
\end{align} % lemmata: ten
% lemmata: eleven
No formula comes here.

Nor here $x$.
\begin{equation} a = b \end{equation} % lemmata: twelve
%%Lemmata :   thirteen
\be
% lemmata: fourteen
"""
    found = read_text("\\newcommand{\\be}{x}" + text)
    assert not found.problems
    notes = [[n.text for n in e.annotation] for e in found.equations]
    assert notes == [
        ["one", "two"],
        ["three"],
        ["four"],
        ["five", "six"],
        ["seven"],
        ["eight", "nine", "ten"],
        [],
        ["twelve"],
    ]
    assert [n.text for n in found.annotations] == ["eleven", "thirteen", "fourteen"]
    assert found.equations[0].annotation[0].place == ("<text>", 1, 31)


def test_an_annotation_survives_macros():
    text = r"""\newcommand{\eqn}[1]{\begin{equation}#1\end{equation}}
\newcommand{\twice}[1]{#1 #1}
\eqn{
  % lemmata: one
  a = b
}
$\twice{x % lemmata: two
}$
"""
    found = read_text(text)
    assert [[n.text for n in e.annotation] for e in found.equations] == [["one"], []]
    assert [n.text for n in found.annotations] == ["two"]


@pytest.mark.parametrize(
    ("text", "place", "reason", "rest"),
    [
        ("$a$ and $b\n\nText $c$", (1, 9), "$ is not closed before the paragraph ends", "a c"),
        ("$a$ $b", (1, 5), "$ is not closed before the manuscript ends", "a"),
        ("$a$ $$b\n\n$c$", (1, 5), "$$ is not closed before the paragraph ends", "a c"),
        ("$a$ $$b$ $c$", (1, 8), "$$ is closed by a single $", "a c"),
        (
            r"$a$ \[b \begin{align}c&=d\end{align}",
            (1, 5),
            r"\[ is not closed before \begin{align}",
            "a c = d",
        ),
        (r"$a$ \begin{equation} b", (1, 5), "equation is not closed before the manuscript", "a"),
        (r"$a$ ${b$ $c$", (1, 6), "this brace is not closed", "a c"),
        (r"$a$ $b}$ $c$", (1, 7), "this } closes no brace", "a c"),
        (
            r"$a$ \begin{equation} \begin{cases} b \end{equation} $c$",
            (1, 22),
            r"\begin{cases} is not closed",
            "a c",
        ),
        (r"$a$ \begin{theorem} $b$", (1, 5), r"\begin{theorem} is not closed", "a b"),
        (r"$a$ \end{theorem} $b$", (1, 5), r"\end{theorem} without \begin{theorem}", "a b"),
        (r"$a$ { $b$", (1, 5), "this brace is not closed", "a b"),
        (r"$a$ } $b$", (1, 5), "this } closes no brace", "a b"),
        (r"$a$ \) $b$", (1, 5), r"\) without \(", "a b"),
        (r"$a$ \begin{verbatim} $b$", (1, 5), r"\begin{verbatim} is not closed", "a"),
        (r"$a$ \iffalse $b$", (1, 5), r"\iffalse has no \fi", "a"),
        (r"$a$ \newcommand{\x}{b $c$", (1, 20), "this brace is not closed", "a"),
        (r"$a$ \input{nothing} $b$", (1, 5), "a text without a folder has no files", "a b"),
        (r"$a$ \edef\x{\y} \x \x $b$", (1, 5), r"the definition of \x is not understood", "a b"),
        (r"$a$ \def\x(#1){y} \x $b$", (1, 19), r"\x is not used as it is defined", "a b"),
        (r"$a$ \def\x#2{y} \x $b$", (1, 5), "its arguments are not simple ones", "a b"),
        (r"$a$ \newcommand{x}{y} $b$", (1, 5), "does not name one command", "a b"),
        (r"$a$ \renewcommand{\label}[1]{y} $b$", (1, 5), "keeps its usual meaning", "a b"),
        (r"$a$ \newcommand{\x}[1]{\ifx#1a b\fi} \x $b$", (1, 5), r"it uses \ifx", "a b"),
        (r"$a$ \csname x\endcsname $b$", (1, 5), "what it defines is not known here", "a b"),
        (
            r"$a$ \begin{align} b \begin{equation} c \end{equation}",
            (1, 5),
            r"align is not closed before \begin{equation}",
            "a c",
        ),
        (
            r"$a$ \begin{center} \begin{equation} b \end{center} $c$",
            (1, 20),
            r"equation is not closed before \end{center}",
            "a c",
        ),
    ],
)
def test_malformed_latex_has_a_place_and_the_rest_is_read(text, place, reason, rest):
    found = read_text(text)
    assert found.problems, "no problem"
    first = found.problems[0]
    assert reason in first.reason
    assert (first.place.line, first.place.column) == place
    assert " ".join(shown(e.tokens) for e in found.equations) == rest


def test_an_equation_with_a_macro_that_is_not_understood_says_so():
    text = r"""\makeatletter\newcommand{\foo}{\@ifstar{a}{b}}\makeatother
\newcommand{\bar}[1]{\ifx#1\relax x\else y\fi}
\ifunknown \newcommand{\baz}{1} \else \newcommand{\baz}{2} \fi
$\foo = 1$ $\bar x = \baz$ $\ifmmode x \fi$ $z$"""
    found = read_text(text)
    assert [e.not_understood for e in found.equations] == [
        (r"\foo",),
        (r"\bar", r"\baz"),
        (r"\ifmmode",),
        (),
    ]
    assert len(found.problems) == 3
    assert [p.place.line for p in found.problems] == [1, 2, 3]


def write(folder, **files) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path = path.with_suffix(".sty" if name.endswith("_sty") else ".tex")
        path.write_text(text, encoding="utf-8")


def read(folder) -> Manuscript:
    return read_manuscript(folder / "main.tex")


def test_manuscripts_of_several_files(tmp_path):
    write(
        tmp_path,
        main=r"""\usepackage{own_sty}\usepackage{amsmath}\newcommand{\where}{parts}
\input{macros} \input \where/one
\include{parts/two} \import{parts/}{three} \subfile{parts/four}
$z=\own$ \input{missing} $y$
\begin{equation} % lemmata: here
\input{parts/formula}
\end{equation}""",
        macros=r"\newcommand{\x}{\xi}",
        parts__one="first\n  $1=\\x$",
        parts__two="$2$ \\endinput $9$",
        parts__three=r"\input{inner}",
        parts__inner="$3$",
        parts__four=r"\documentclass[../main]{subfiles}\begin{document}$4$"
        r"\input{inner}\end{document}",
        parts__formula="a = b\n",
        own_sty=r"\ProvidesPackage{own}\def\own{o}\catcode`\@=11 \write18{no} $8$",
    )
    found = read(tmp_path)
    assert [shown(e.tokens) for e in found.equations] == [
        r"1 = \xi", "2", "3", "4", "3", "z = o", "y", "a = b",
    ]  # fmt: skip
    (problem,) = found.problems
    assert "missing" in problem.reason
    assert problem.place.line == 4
    assert [n.text for n in found.equations[-1].annotation] == ["here"]
    first = found.equations[0]
    assert first.place == (str(tmp_path / "parts" / "one.tex"), 2, 4)
    assert found.equations[-1].source == "a = b"
    assert len(found.files) == 9
    positions = [found.position(e.place) for e in found.equations if "inner" not in e.place.file]
    assert positions == sorted(positions)
    assert found.files[0] == str(tmp_path / "main.tex")


@pytest.mark.parametrize(
    ("content", "lines", "problems"),
    [
        ("\ufeff$a$\n$b$".encode(), [1, 2], 0),
        (b"$a$\r\nna\xc3\xafve\r\n$b$", [1, 3], 0),
        (b"$a$\rx\r$b$", [1, 3], 0),
        (b"$a$\nna\xefve $b$", [1, 2], 1),
    ],
)
def test_encodings(tmp_path, content, lines, problems):
    (tmp_path / "main.tex").write_bytes(content)
    found = read(tmp_path)
    assert [e.place.line for e in found.equations] == lines
    assert len(found.problems) == problems
    if problems:
        assert found.problems[0].place[1:] == (2, 3)
    assert [shown(e.tokens) for e in found.equations] == ["a", "b"]


def test_utf_16_is_refused(tmp_path):
    (tmp_path / "main.tex").write_bytes("$a$".encode("utf-16"))
    with pytest.raises(TexError, match="UTF-8"):
        read(tmp_path)


def test_long_equations_are_problems():
    found = read_text("$a$ $" + "x+" * 4000 + "$ $b$")
    assert [shown(e.tokens) for e in found.equations] == ["a", "b"]
    assert "more than 5000 tokens" in found.problems[0].reason


def test_a_bare_formula_that_is_malformed_has_a_place():
    with pytest.raises(TexError, match="<formula>:1:3: this brace is not closed"):
        read_formula("a_{b")
    with pytest.raises(TexError, match="closes no brace"):
        read_formula("a}")


def test_a_preamble_as_it_is_found_in_papers():
    text = r"""\documentclass{article}
\let\originalleft\left \let\originalright\right
\renewcommand{\left}{\mathopen{}\mathclose\bgroup\originalleft}
\renewcommand{\right}{\aftergroup\egroup\originalright}
\makeatletter
\newcommand\arrow[2][]{\ext@arrow 9999{\longleftrightarrowfill@}{#1}{#2}}
\makeatother
\newtheorem{theorem}{Theorem}[section]
\def\T{^{\top}}\newcommand{\mat}[1]{\mathbf{#1}}\newcommand{\W}[2]{\mat{W}^{#1#2}}
\title{A \& B\thanks{Supported by \$5}}\hypersetup{urlcolor={rgb:red,1;green,2}}
\begin{document}
\section{On \texorpdfstring{$\tau$}{tau}}\cite{a_b}, see Sec.~\ref{sec:a_b}: $\W21 = \mat R\mat V\T$
\begin{theorem}[Main]
\begin{align}\label{eq:1}\begin{split} a &= b \\ &\quad + c \end{split}\\
 d &= \left( e \right) \end{align}
\end{theorem}
\begin{figure}\includegraphics[width=\textwidth]{a_b.pdf}\caption{$x_1$ at 50\%.}\end{figure}
\begin{tabular}{l|c@{\,}r} a & $y$ \\ \hline \end{tabular}
\begin{thebibliography}{9}\bibitem{a} A, \url{http://a.b/c_d%20#x}.\end{thebibliography}
\end{document}"""
    assert equations(text) == [
        r"\tau",
        r"\mathbf { W } ^ { 21 } = \mathbf { R } \mathbf { V } ^ { \top }",
        r"a = b \\ + c",
        r"d = \left ( e \right )",
        "x _ 1",
        "y",
    ]


@pytest.mark.parametrize(
    ("text", "environment", "reason", "rest"),
    [
        ("% lemmata: one\n\\[ a=5\n\nMore text $z$", r"\[", "is not closed", ["z"]),
        ("% lemmata: one\n\\begin{equation} a=b \\end{align}", "equation", "is not closed", []),
        ("\\begin{equation} a=b \\end{align} % lemmata: one", "equation", "is not closed", []),
        (
            "\\begin{equation} % lemmata: one\na={b \\end{equation} $z$",
            "equation",
            "this brace is not closed (line 2, column 3)",
            ["z"],
        ),
        ("% lemmata: one\n\\begin{myeq}\n  a=b\n\\end{myeq}\n\n$z$", "myeq", "environment", ["z"]),
        ("% lemmata: one\n\\begin{myeq} a=b \\end{myeq}\nText.", "myeq", "environment", []),
        ("% lemmata: one\n\\[" + 6000 * "a" + "\\] $z$", r"\[", "more than 5000 tokens", ["z"]),
    ],
)
def test_a_display_that_cannot_be_read_keeps_its_annotation(text, environment, reason, rest):
    found = read_text(text)
    assert found.annotations == found.problems == ()
    unread = [e for e in found.equations if e.unread]
    assert [note.text for e in unread for note in e.annotation] == ["one"]
    (equation,) = unread
    assert reason in equation.unread
    assert equation.environment == environment
    assert equation.not_understood
    assert equation.source.startswith(environment[:1]) or environment in equation.source
    assert [shown(e.tokens) for e in found.equations if not e.unread] == rest


def test_an_annotation_before_text_is_of_no_display():
    text = "% lemmata: {}\n\\begin{{{}}}\nText.\n\\end{{{}}}\n"
    found = read_text(text.format("one", "theorem", "theorem") + text.format("two", "x", "x"))
    assert [note.text for note in found.annotations] == ["one"]
    found = read_text("% lemmata: one\n\\begin{mine}\n\\end{mine}\nText.\n$a$")
    assert [note.text for note in found.annotations] == ["one"]
    found = read_text("% lemmata: one\n\\begin{mine}\\label{x}\n\\begin{equation}a\\end{equation}")
    assert [note.text for e in found.equations for note in e.annotation] == ["one"]


@pytest.mark.parametrize(
    "comment",
    [
        "lemmata modes.trajectory",
        "Lemmata modes.trajectory [s=S]",
        "lemmata; modes.trajectory",
        "lemata: modes.trajectory",
        "lemma: modes.trajectory",
        "lemmatta: follows (eq:one)",
        "lemmata follows",
        "lemmata let s > 0; a(t)",
        "lemmata ignore",
    ],
)
def test_a_misspelt_annotation_is_handed_on_and_cannot_be_read(comment):
    equation = only(f"%  {comment} \n$a$")
    (note,) = equation.annotation
    assert note.text == comment
    assert note.place == ("<text>", 1, 4)
    with pytest.raises(AnnotationError):
        read_annotation(note.text)


@pytest.mark.parametrize(
    "comment",
    [
        "lemmata is a tool that checks this",
        "lemmata follows from it",
        "lemma 3. of the book",
        "lemmas: see there",
        "lemonade modes.trajectory",
        "see modes.trajectory",
        "lemmata let us go",
    ],
)
def test_other_comments_are_passed_over(comment):
    assert only(f"% {comment}\n$a$").annotation == ()


def test_long_comments_are_passed_over_at_once():
    found = read_text("% lemma" + 300_000 * " " + "x.y" + 300_000 * " " + "z\n$a$")
    assert found.equations[0].annotation == ()


def test_an_annotation_needs_no_blanks():
    assert [n.text for n in only("%lemmata:modes.ode\n$a$").annotation] == ["modes.ode"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        (r"a = b \quad c = d", r"a = b \quad c = d"),
        (r"a = b \qquad t > 0 \quad", r"a = b \quad t > 0"),
        (r"a \quad t = 0", r"a \quad t = 0"),
        (r"a = f(t) \quad \quad (c)", r"a = f ( t ) \quad ( c )"),
        (r"a = b \hspace{2em} c = d", r"a = b \quad c = d"),
        (r"a = b \hspace*{1cm} c = d", r"a = b \quad c = d"),
        (r"a = b \quad -c = d", r"a = b \quad - c = d"),
        (r"\begin{aligned} a &= b \quad c=d \end{aligned}",
         r"\begin{aligned} a & = b \quad c = d \end{aligned}"),
        # where nothing is separated
        (r"a = b \hspace{1pt} c", "a = b c"),
        (r"\quad a \quad = \quad b \quad + c", "a = b + c"),
        (r"a = b, \quad t > 0", "a = b , t > 0"),
        (r"a = b \quad \text{for } t \quad > 0", 'a = b "for " t > 0'),
        (r"a = b \text{ for } \quad t > 0", 'a = b " for " t > 0'),
        (r"a = b \quad \Rightarrow \quad c = d", r"a = b \Rightarrow c = d"),
        (r"a = (b \quad c)", r"a = ( b \quad c )"),
        (r"a = (b \quad + c \quad)", "a = ( b + c )"),
        (r"a = \left[ b \quad c \right]", r"a = \left [ b \quad c \right ]"),
        (r"a = \begin{cases} b \quad c & \quad d \end{cases}",
         r"a = \begin{cases} b c & d \end{cases}"),
        (r"a \quad b", "a b"),
    ],
)  # fmt: skip
def test_wide_spaces_separate_formulas(text, tokens):
    assert shown(read_formula(text)) == tokens
    assert shown(only(rf"\[{text}\]").tokens) == tokens


def test_columns_of_align_are_wide_spaces():
    rows = r"\begin{align} a &= b \quad & c &= d \\ &\quad + e \\ x &= y && k \\ u &= v && + w"
    found = [shown(e.tokens) for e in read_text(rows + r"\end{align}").equations]
    assert found == ["a = b", r"c & = d \\ & + e", r"x = y \quad k", "u = v + w"]


def test_spaces_cost_no_more_than_other_tokens():
    started = time.perf_counter()
    read_formula("a = b " + 50_000 * r"\quad " + "c = d")
    assert time.perf_counter() - started < 5.0


def test_a_row_that_continues_knows_which_row():
    text = r"""\begin{align}
  a &= b \\
    &= c \\ % lemmata: x
    &\le d \\
  e &= f
\end{align}
\[ = g \]"""
    found = read_text(text).equations
    places = [e.place for e in found]
    assert [e.continued for e in found] == [None, places[0], places[1], None, None]
    assert [e.continues for e in found] == [False, True, True, False, True]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (r"a &= \left( b \right. \\ &\qquad \left. {} + c \right) \\ d &= e", 2),
        (r"a &= \left( b \right. \\ \left. + c \right) \\ d &= e", 2),
        (r"a &= \left( b + \right. \\ \left. c \right) \\ d &= e", 2),
        (r"a &= \left[ b \right. \\ & \left. + \left( c \right. \right. \\ \left. \left. + d "
         r"\right) \right] \\ e &= f", 2),
        (r"a &= \left. b \right. \\ c &= \left. d \right|_{x}", 2),
        (r"a &= \left\{ b \right. \\ c &= d", 2),
    ],
)  # fmt: skip
def test_brackets_over_several_rows(rows, expected):
    found = read_text(rf"\begin{{align}} {rows} \end{{align}}").equations
    assert len(found) == expected


@pytest.mark.parametrize(
    ("comment", "meant"),
    [
        (r"x [W1=\W1, t=\Sx]", r"x [W1=\bm {W}^{1}, t=\Sigma _x]"),
        (r"x [W1=\W{12}]", r"x [W1=\bm {W}^{12}]"),
        ("x [s=S]", "x [s=S]"),
        (r"x [s=\tau_w]", r"x [s=\tau_w]"),
        (r"x [s=\W", r"x [s=\W"),  # an argument is not looked for behind the comment
        (r"x [s=\odd, t=\Sx]", r"x [s=\odd , t=\Sigma _x]"),
        (r"x [s=\Sx, t=\iffalse]", r"x [s=\Sigma _x, t=\iffalse ]"),
        (r"x [s=\Sx, t=\input{y}, u=\write18{z}]", None),
    ],
)
def test_macros_in_an_annotation_are_expanded_and_nothing_is_done(comment, meant):
    macros = r"\newcommand{\W}[1]{\bm{W}^{#1}} \newcommand\Sx{\Sigma_x} \def\odd{\ifx a b\fi}"
    for text in (f"% lemmata: {comment}\n$a = b$", f"$a = b$ % lemmata: {comment}\n$c$"):
        found = read_text(f"{macros}\n{text} \\iffalse no \\fi $d$")
        (note,) = found.equations[0].annotation
        assert note.text == comment
        assert note.meant == meant or (meant is None and note.meant.startswith(r"x [s=\Sigma _x"))
        assert shown(found.equations[-1].tokens) == "d"
        assert found.problems == ()
