r"""Ways of writing that real manuscripts have: what each one says, or why it is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lemmata.proofs.notation import NotationError, Vocabulary, declared, parse, read
from lemmata.proofs.notation.shapes import rebuilt
from lemmata.proofs.tex import read_formula, read_text
from lemmata.proofs.tex.boxes import _ARGUMENTS
from lemmata.theory.gaussian import gaussian_average
from lemmata.theory.matrix_calculus import Average, TimeDerivative
from sympy import (
    Abs,
    Add,
    And,
    Derivative,
    E,
    Eq,
    Ge,
    Gt,
    Identity,
    ImmutableDenseMatrix,
    Integral,
    Le,
    Limit,
    Lt,
    Max,
    Ne,
    Piecewise,
    Product,
    Rational,
    Subs,
    Sum,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    binomial,
    cosh,
    erf,
    exp,
    log,
    oo,
    sin,
    sqrt,
    tanh,
)

from .notation_cases import (
    MATRICES,
    NUMBERS,
    D,
    F,
    N,
    R,
    V,
    W,
    a,
    a0,
    b,
    c,
    el,
    g,
    i,
    k,
    m,
    phi,
    q,
    s,
    t,
    tau,
    u0,
    v,
    x,
    y,
)

RATE = Derivative(a(t), t)


def equal(left: Any, right: Any) -> Any:
    return Eq(left, right, evaluate=False)


FORMULAS: list[tuple[str, Any]] = [
    # limits
    (r"\lim_{t \to \infty} a(t) = s", equal(Limit(a(t), t, oo, "-"), s)),
    (r"\lim_{t \to \infty} a = s", equal(Limit(a(t), t, oo, "-"), s)),
    (r"\lim\limits_{x \rightarrow 0} \frac{F(x)}{x}", Limit(F(x) / x, x, 0, "+-")),
    (r"\lim_{x \to 0^+} F(x)", Limit(F(x), x, 0, "+")),
    (r"\lim_{x \to 0^{-}} F(x)", Limit(F(x), x, 0, "-")),
    (r"\lim_{x \downarrow 0} F(x)", Limit(F(x), x, 0, "+")),
    (r"\lim_{x \to -\infty} F(x)", Limit(F(x), x, -oo, "+")),
    (r"\lim_{t \to 0} a(t) s + c", Limit(a(t) * s, t, 0, "+-") + c),
    # arrows before a formula
    (r"\Rightarrow s = t", equal(s, t)),
    (r"\implies s = t", equal(s, t)),
    (r"\iff s = t", equal(s, t)),
    # fractions of all kinds
    (r"{s \over t}", s / t),
    (r"s \over t", s / t),
    (r"{s + t \over c} x", (s + t) / c * x),
    (r"s = {1 + x \over c + t}", equal(s, (1 + x) / (c + t))),
    (r"{{s \over t} \over c}", s / t / c),
    (r"s^{1 \over 2}", sqrt(s)),
    (r"\left( s \over t \right)", s / t),
    (r"{N \choose D} + \binom{N}{D} + \dbinom ND", 3 * binomial(N, D)),
    (
        r"\begin{pmatrix} s \over t & 0 \\ 0 & 1 \over 2 \end{pmatrix}",
        ImmutableDenseMatrix([[s / t, 0], [0, Rational(1, 2)]]),
    ),
    (r"\tfrac12 s \dfrac{t}{c} \nicefrac{s}{t} \sfrac{1}{2}", s**2 / (4 * c)),
    (r"\cfrac{s}{1 + \cfrac{t}{c}}", s / (1 + t / c)),
    # sums with several indices, and limits that are written otherwise
    (r"\sum_{i,m=1}^{N} q_i q_m", Sum(Sum(q(i) * q(m), (m, 1, N)), (i, 1, N))),
    (r"\sum_{1 \le i \le N} q_i", Sum(q(i), (i, 1, N))),
    (r"\sum_{0 < i < N} q_i", Sum(q(i), (i, 1, N - 1))),
    (r"\sum_{i=1,\ldots,N} q_i", Sum(q(i), (i, 1, N))),
    (r"\sum_{i=1,2,\dots,N} q_i", Sum(q(i), (i, 1, N))),
    (r"\sum_{l \in \{k,\dots,D\}} q_l", Sum(q(el), (el, k, D))),
    (r"\sum_{\substack{l=k}}^{D} q_l", Sum(q(el), (el, k, D))),
    (r"\sum\nolimits^{D}_{l=k}\! q_l", Sum(q(el), (el, k, D))),
    (
        r"\sum_{1 \le i < m \le N} q_i q_m",
        Sum(Sum(q(i) * q(m), (m, i + 1, N)), (i, 1, N - 1)),
    ),
    (
        r"\sum_{N \ge i \ge m \ge 1} q_i q_m",
        Sum(Sum(q(i) * q(m), (i, m, N)), (m, 1, N)),
    ),
    (
        r"\sum_{\substack{1 \le i \le N \\ k \le m \le D}} q_i q_m",
        Sum(Sum(q(i) * q(m), (m, k, D)), (i, 1, N)),
    ),
    (r"\prod_{k \le l \le D} q_l", Product(q(el), (el, k, D))),
    # a product sign that does not depend on the index of another ends it
    (r"\prod_{l=k}^{D} q_l \prod_{l=k}^{D} q_l", Product(q(el), (el, k, D)) ** 2),
    (
        r"s + \prod_{l=k}^{D} q_l / \prod_{i=1}^{N} q_i",
        s + Product(q(el), (el, k, D)) / Product(q(i), (i, 1, N)),
    ),
    (
        r"\prod_{l=k}^{D} q_l \cdot \prod_{i=1}^{N} q_i \prod_{i=1}^{k} q_i",
        Product(q(el), (el, k, D)) * Product(q(i), (i, 1, N)) * Product(q(i), (i, 1, k)),
    ),
    (
        r"\prod_{l=k}^{D} q_l \prod_{i=1}^{l} q_i",
        Product(q(el) * Product(q(i), (i, 1, el)), (el, k, D)),
    ),
    (
        r"\prod_{l=k}^{D} \prod_{i=1}^{N} q_i",
        Product(Product(q(i), (i, 1, N)), (el, k, D)),
    ),
    # constants in time
    (r"\frac{d}{dt} \bigl((a + b) a\bigr)", Derivative((a(t) + b(t)) * a(t), t)),
    (r"\bigl(\frac{d}{dt} (a + b)\bigr) a", Derivative(a(t) + b(t), t) * a(t)),
    (r"a \frac{d}{dt} (a + b)", a(t) * Derivative(a(t) + b(t), t)),
    (r"a b = \text{const}", equal(Derivative(a(t) * b(t), t), 0)),
    (r"\mathrm{const.} = a", equal(RATE, 0)),
    (
        r"a &= b \\ &= \mbox{constant}, \quad t \ge 0.",
        And(equal(a(t), b(t)), equal(Derivative(b(t), t), 0), evaluate=False),
    ),
    # relation signs with marks
    (r"s \not= t", Ne(s, t)),
    (r"s =: t", equal(s, t)),
    (r"s \mathrel{=} t \mathbin{+} {-}x", equal(s, t - x)),
    (
        r"\left( s \quad + \quad t \right) \left( \int_0^s F(x) \quad dx \right)",
        (s + t) * Integral(F(x), (x, 0, s)),
    ),
    (r"s \mathrel{:=} t", equal(s, t)),
    (r"s \mathrel{\mathop:}= t", equal(s, t)),
    (r"s \coloneqq t", equal(s, t)),
    (r"s \overset{\text{def}}{=} t", equal(s, t)),
    (r"s \stackrel{\mathrm{def}}{=} t", equal(s, t)),
    (r"x \overset{(iv)}{\le} y", Le(x, y, evaluate=False)),
    # braces with words
    (r"\underbrace{s + t}_{\text{drift}} = c", equal(s + t, c)),
    (r"\underbrace{s + t}_{\text{drift}} + \overbrace{c}^{\text{gain}}", s + t + c),
    (r"x - \underbrace{s t}_{\text{decay}}", x - s * t),
    # primes, dots, upright d
    (r"a^\prime + a^{\prime} + a'", 3 * RATE),
    (r"a^{\prime\prime}(0)", Subs(Derivative(a(x), (x, 2)), x, 0)),
    (r"a'^2 + \dot{a}^2 + \dot a^{2}", 3 * RATE**2),
    (r"\dot{a b}", Derivative(a(t) * b(t), t)),
    (r"\frac{\mathrm{d} a}{\mathrm{d} t} + \frac{{\rm d} a}{{\rm d} t}", 2 * RATE),
    (r"\int_0^s F(x)\,{\rm d}x", Integral(F(x), (x, 0, s))),
    # brackets
    (r"\bigl( s + t \bigr) x \Bigl[ c \Bigr]", (s + t) * x * c),
    (r"\lparen s + t \rparen x", (s + t) * x),
    (r"\bigl| x \bigr| \lvert y \rvert \left\lvert x \right\rvert", Abs(x) ** 2 * Abs(y)),
    (r"\bigl. \tfrac{da}{dt} \bigr|_{t=0}", Subs(RATE, t, 0)),
    (r"\frac{da}{dt}\bigg\vert_{t=0}", Subs(RATE, t, 0)),
    (r"\lVert x \rVert + \|x\|_2", 2 * Abs(x)),
    # what does not print, and what does not count
    (r"s \phantom{x} t", s * t),
    (r"\smash[b]{s} \vphantom{\frac12} t\strut", s * t),
    (r"s = t \nonumber \label{eq:s} \tag{1}", equal(s, t)),
    (r"\label{eq:s} s = t \; .", equal(s, t)),
    (r"\displaystyle s\,\,\,t", s * t),
    # functions with arguments, and factors
    (r"a(t) - a(s/2) - a(0)", a(t) - a(s / 2) - a(0)),
    (r"2 b (s - a)", 2 * b(t) * (s - a(t))),
    # functions one in the other
    (r"\ln\cosh x y", log(cosh(x * y))),
    (r"\tanh\sqrt{s} x + \tanh\sqrt s \cosh x", tanh(sqrt(s) * x) + tanh(sqrt(s)) * cosh(x)),
    (r"\tanh\frac{s}{t} \cosh x + \ln|x| y", tanh(s / t) * cosh(x) + log(Abs(x)) * y),
    (r"\ln\ln s + \sin\ln s", log(log(s)) + sin(log(s))),
    (r"\operatorname*{max}(x, y) \mathop{\mathrm{erf}}(x)", Max(x, y) * erf(x)),
    # cases
    (
        r"\begin{dcases} s, & t > 0, \\ t, & \text{otherwise}. \end{dcases}",
        Piecewise((s, t > 0), (t, True)),
    ),
    (
        r"\begin{cases} s & 0 < x < 1 \\ t & \text{else} \end{cases}",
        Piecewise((s, And(0 < x, x < 1)), (t, True)),
    ),
    # signs of newer engines
    ("x − y · s × t ≤ τ φ", Le(x - y * s * t, tau * phi, evaluate=False)),
    ("x² y⁻¹ ½ s = √2 · u₀ ∕ τ", equal(x**2 / y * s / 2, sqrt(2) * u0 / tau)),
    (
        "∑_{i=1}^N qᵢ".replace("ᵢ", "_i") + " = ∏_{l=k}^D q_l",
        equal(Sum(q(i), (i, 1, N)), Product(q(el), (el, k, D))),
    ),
    ("∂_t a + a′ = √{x + y} ‖x‖", equal(2 * RATE, sqrt(x + y) * Abs(x))),
    ("x¹² + a₀ − √x", x**12 + a0 - sqrt(x)),
    # what has no braces
    (r"\frac1{a_0} x + \frac12 + \frac 1 2 s", x / a0 + Rational(1, 2) + s / 2),
    (
        r"\sqrt[3]x y + e^x y + |x|y - |x|",
        x ** Rational(1, 3) * y + exp(x) * y + y * Abs(x) - Abs(x),
    ),
    (r"s/2 + 1/2 \cdot x - \sin^2x", s / 2 + x / 2 - sin(x) ** 2),
    ("x % a comment = 0\n + y", x + y),
    (r"\ensuremath{s + t} x", s + t * x),
    # boxes and what stands in them
    (r"\resizebox{\textwidth}{!}{$s = t$}", "a relation stands where"),
    (r"x = \resizebox{!}{9pt}{$\displaystyle s + t$}", equal(x, s + t)),
    (r"x = \scalebox{0.9}[1]{\(s\)} + \colorbox{yellow}{$t$} y", equal(x, s + t * y)),
    (r"x = \fcolorbox{red}{white}{$s t$} + \fbox{$c$} + \mbox{$y$}", equal(x, s * t + c + y)),
    (r"x = \colorbox{yellow}{$s + t$} y", "braces do not print"),
    (r"x = \boxed{s + t}", equal(x, s + t)),
    (r"x = \underline{s + t}", equal(x, s + t)),
    (r"x + \underline{s t}", x + s * t),
    (r"\underline{s + t} x", "is no bracket"),
    (r"\underline{s}", "is not known here"),
    (r"s \mathrlap{t}", s * t),
    # numbers of siunitx
    (r"\num{1e-3} s + \num{0.5} t - 2\num{-1.5E2}", s / 1000 + t / 2 + 300),
    (r"s/\num{1e-3} + 2^{\num{3}}", 1000 * s + 8),
    (r"s^{\num{1e1}}", s**10),
    (r"2 \num{3}", "stand side by side"),
    (r"\SI{3}{s}", "without its unit"),
    # cases in brackets
    (
        r"\left\{ \begin{array}{ll} s & \text{if } t > 0 \\ t & \text{else} \end{array} \right.",
        Piecewise((s, t > 0), (t, True)),
    ),
    (
        r"s = \left\{ \begin{aligned} t \\ x \end{aligned} \right.",
        "an equation of its own",
    ),
    (r"a{}' + {}^2 x", "something is missing"),
    (r"x{}_0", "empty braces with an index"),
    (r"a{}' + x{}^2 y", RATE + x**2 * y),
    (r"{x^y}^2", "braces do not print"),
    (r"x^y{}^2", "braces do not print"),
    (r"{e^x}^2", "braces do not print"),
    (r"(x^y)^2", x ** (2 * y)),
    # several rows
    (r"\begin{aligned} s &= t \\ &\quad {} + x \end{aligned}", equal(s, t + x)),
    (r"\begin{gathered} s = t \\ + x \end{gathered}", equal(s, t + x)),
    (r"s = t, \qquad (t \geq 0)", equal(s, t)),
    (r"u_{\text{0}} + {u}_0 + u^2_0", Add(2 * u0, u0**2)),
]

GRAM = v * v.T
MATRIX_FORMULAS: list[tuple[str, Any]] = [
    (r"\operatorname{E}[v v^\top] = \mathbf{E}\left[v v^{T}\right]", equal(*[Average(GRAM)] * 2)),
    (r"\mathop{\mathbb{E}}[v v^\intercal]", Average(GRAM)),
    (r"\operatorname{\mathbb{E}}_{v}[v v^{\mathrm T}]", Average(GRAM)),
    (r"\bm{R} \boldsymbol{v}", R * v),
    (r"W{}^\top W + {W}{}^\top W", 2 * W.T * W),
    (r"W^{21}{}^\top W^{21} = {W^{21}}^\top W^{21}", equal(*[V.T * V] * 2)),
    (r"R^2{}^\top v", (R**2).T * v),
    (r"\dot{R^\top}", TimeDerivative(Transpose(R))),
    (r"\dot{R}^\top R", TimeDerivative(R).T * R),
    (r"\|W\|_F^2 + \lVert W \rVert_{\mathrm F}^2", 2 * Trace(W.T * W)),
    (r"\|v\|^2 + \|v\|_2^2", 2 * Trace(v.T * v)),
    (r"\operatorname{Tr} R + \Tr(R) + \text{tr}(R)", 3 * Trace(R)),
    (r"\begin{pmatrix} \frac{s}{t} & 0 \\ 0 & \tfrac12 \end{pmatrix}",
     ImmutableDenseMatrix([[s / t, 0], [0, Rational(1, 2)]])),
    (r"\left(\begin{smallmatrix} s & 0 \\ 0 & t \end{smallmatrix}\right)",
     ImmutableDenseMatrix([[s, 0], [0, t]])),
    (r"{R \over s} + \frac{R}{s}", 2 / s * R),
    (r"I_{n_1} - {v v^\top \over s}", Identity(R.rows) - v * v.T / s),
]  # fmt: skip

REFUSED: list[tuple[str, str]] = [
    (r"\begin{cases} s & \text{otherwise} \\ t & x > 0 \end{cases}", "write otherwise last"),
    (r"\lim a(t)", "its variable and its place"),
    (r"\lim_{t \to 0} s", "does not depend on t"),
    (r"\lim_{s \to s} s t", "the place of the limit depends on s"),
    (r"\lim_{t \to 0}", "has nothing to act on"),
    (r"a \to s", r"the relation \to is not read"),
    (r"a \xrightarrow{t \to \infty} s", "an arrow is no exact relation"),
    (r"s = t \Rightarrow t = s", "only equivalences are"),
    (r"s = t \Leftarrow t = s", "only equivalences are"),
    (r"\Leftarrow s = t", "missing before"),
    (r"\text{only if} \Rightarrow s = t", "missing before"),
    (r"{s \over t \over c}", r"two \over in one group"),
    (r"( s \over t )", "divides the braces around it"),
    (r"a = s \over t", "a relation stands where a value is due"),
    (r"{ \over t}", "something is missing"),
    (r"\frac{s,}{t}", "missing behind ,"),
    (r"{s \above 1pt t}", r"write \frac"),
    (r"\sum_{i,m} q_i q_m", "its range is not written"),
    (r"\sum_{i < m} q_i q_m", "its range is not written"),
    (r"\sum_{i \neq m} q_i", "over all but one"),
    (r"\sum_{i} q_i", "its range is not written"),
    (r"\sum_{i=1, i \neq k}^{N} q_i", "its range is not written"),
    (r"\sum_{\substack{i=1 \\ i \neq k}}^{N} q_i", "its range is not written"),
    (r"\sum_{i=1,3,\dots,N} q_i", "its range is not written"),
    (r"\sum_{\substack{1 \le i \le k \\ 1 \le k \le N}} q_i", "used in its own limits"),
    (r"\sum_{i,i=1}^{N} q_i", "the index i twice"),
    (r"\sum_{0 < i < s} q_i", "no whole number"),
    (r"\sum q_l", "has no index"),
    (r"\prod_{l=k}^{D} q_l \sum_{i=1}^{N} q_i", "how far"),
    (r"\prod_{l=k}^{D} q_l x \prod_{i=1}^{N} q_i", "how far"),
    (r"\prod_{l=k}^{D} 2 \prod_{i=1}^{N} q_i", "how far"),
    (r"a(\infty) = s", "infinity is no place"),
    (r"F(-\infty)", "infinity is no place"),
    (r"a|_{t=\infty}", "infinity is no place"),
    (r"\frac{d}{dt} (a + b) a", "how far"),
    (r"\frac{d}{dt} \left[a + b\right]^2 a", "how far"),
    (r"\partial_t (a + b) a", "how far"),
    (r"x^12", "write the script in braces"),
    (r"q_10", "write the script in braces"),
    (r"x + \frac1a_0", "the index of"),
    ("1e-3 s", r"write 10^{...}"),
    ("s + 2e1", r"write 10^{...}"),
    ("2 e - 3", 2 * E - 3),
    (r"s + \infty", "nothing is calculated"),
    (r"2 \infty", "nothing is calculated"),
    (r"s/\infty", "nothing is calculated"),
    (r"s < \infty", Lt(s, oo, evaluate=False)),
    (r"2 \frac{1}{2} s", "as a product and as a sum"),
    ("2½ s", "as a product and as a sum"),
    ("√xy", r"write \sqrt{...}"),
    ("√(x + y)", r"write \sqrt{...}"),
    ("x → y", r"the relation \to is not read"),
    ("x ≈ y", "not an exact relation"),
    ("s ± t", "two things"),
    ("x²³⁻", "are no script"),
    (r"\sin^{-1}x", "inverse function"),
    (r"a/bc", r"write \frac or brackets"),
    (r"1/2x", r"write \frac or brackets"),
    (r"a_{,t}", "missing before ,"),
    (r"\cancel{s} t", "leave out what is struck out"),
    (r"s \gg t", "not an exact relation"),
    (r"x = \mp s", "two things"),
    (r"s = \text{const}", "does not depend on t"),
    (r"a < \text{const}", "behind ="),
    (r"a = \text{const} + s", "words inside a term"),
    (r"a = s + \mathrm{const}", "const is not known"),
    (r"a = \frac{\text{const}}{s}", "words stand"),
    (r"s = t + O(x^2)", "order of magnitude"),
    (r"x \sim \mathcal{N}(0, 1)", "a distribution"),
    (r"s \circ t", "for one function of another"),
    (r"s = q_1 + \cdots + q_N", "write a sum"),
    (r"s^-1", "the whole script in braces"),
    (r"s \overset{!}{=} t", "may change what it says"),
    (r"x \stackrel{d}{=} y", "may change what it says"),
    (r"x \overset{\text{a.s.}}{=} y", "may change what it says"),
    (r"\overset{\cdot}{x}", "only of a relation sign"),
    (r"s \not\le t", r"only \not= is"),
    (r"\underbrace{s + t}_{\text{drift}} x", "is no bracket"),
    (r"x - \underbrace{s + t}_{\text{drift}}", "is no bracket"),
    (r"\underbrace{s}_{c} t", "says more than the formula"),
    (r"\underbrace{s}_{\text{small}} + t", "says more than the formula"),
    (r"\underbrace{s}_{\to 0} + t", "says more than the formula"),
    (r"\dot{a^2}", "a dot over a power"),
    (r"\ddot{a^2}", "a dot over a power"),
    (r"\sin[2](x)", "as a power of"),
    (r"\ln\cosh(x) y", "how far"),
    (r"\ln\cosh(x)/2", "how far"),
    (r"a(s/2) = c", "as a product and as a"),
    (r"a(\tau/2)", "as a product and as a"),
    (r"a (1 - s)", "as a product and as a"),
    (r"\tanh\frac{s}{t} x", "how far"),
    (r"\ln\frac{s}{t} (x + y)", "how far"),
    (r"\exp{-x} y", "how far"),
    (r"\ln{s} t", "how far"),
    (r"\tanh\sqrt{s} (x + y)", "how far"),
    (r"x = (s \quad t)", "a wide space in brackets"),
    (r"x = \left[ s \;\; t \right]", "a wide space in brackets"),
    (r"1{,}000", "missing before ,"),
    ("2^10", "stand side by side"),
    (r"\left( s \middle| t \right)", r"\middle is not read"),
    (r"\iint F(x)\,dx", r"write one \int for each"),
    (r"x \odot y", "write the entries"),
    (r"\dv{a}{t}", r"\dv is not read: define it"),
    (r"\mathbf{x}", "bold"),
    (r"\hat{a}", r"\hat{a} is not known"),
    (r"\overline{x}", r"\overline{x} is not known"),
    (r"\langle x \rangle", "nothing is"),
    (r"\begin{vmatrix} s & t \\ t & s \end{vmatrix}", "not read as a value"),
    (r"s = t \quad c = x", "is not one of the claim"),
    (r"s = t \,\,\, c = x", "is not one of the claim"),
    (r"s = t \;\; c = x", "is not one of the claim"),
    (r"s = t ~~ c = x", "is not one of the claim"),
    (r"s = t \enspace c = x", "is not one of the claim"),
    (r"s = t \hskip 1em c = x", "is not one of the claim"),
    (r"s = t \mspace{18mu} c = x", "is not one of the claim"),
    (r"s = t \phantom{and} c = x", "is not one of the claim"),
]

MATRIX_REFUSED: list[tuple[str, str]] = [
    (r"\|W\|_2", "needs its name"),
    (r"\|W\|^2", "needs its name"),
    (r"\|v\|_1", "is not understood"),
    (r"R^{\odot 2}", "write the entries"),
    (r"R \succ 0", "orders of matrices"),
    (r"\lim_{t \to 0} R t", "limits of matrices"),
]

RESTING = replace(MATRICES, moves=False)
CONSTANTS: list[tuple[str, Any]] = [
    (r"W W^\top = \text{const}", equal(TimeDerivative(W * W.T), ZeroMatrix(W.rows, W.rows))),
    (r"v^\top v = \mathrm{const.}", equal(TimeDerivative(v.T * v), ZeroMatrix(1, 1))),
]

z = Symbol("z", real=True)
LINE = replace(declared({"q": Symbol("q", positive=True), "t": t, "s": s}), bound={"z": z})
CURVE = gaussian_average(tanh(s * z) ** 2, z)
AVERAGES: list[tuple[str, Any]] = [
    (r"\mathbb{E}_z[\tanh^2(s z)] = \mathbb{E}_{z}\left[\tanh(s z)^2\right]", equal(CURVE, CURVE)),
    (r"E_z[\tanh^2(s z)]", CURVE),
    (r"\left\langle \tanh^2(s z) \right\rangle_z", CURVE),
    (r"\int Dz\, \tanh^2(s z) + \int \mathcal{D}z\, \tanh^2(s z)", 2 * CURVE),
    (r"\int \frac{dz}{\sqrt{2\pi}} e^{-z^2/2} \tanh^2(s z)", CURVE),
    (r"\int_{-\infty}^{\infty} \tanh^2(s z) \frac{e^{-\frac{z^2}{2}}}{\sqrt{2\pi}} dz", CURVE),
    (r"\int_0^{\infty} e^{-z^2/2}\,dz", Integral(exp(-(z**2) / 2), (z, 0, oo))),
    (r"\int e^{-z^2/2} \tanh^2(s z)\,dz", "both limits"),
    (r"\int \frac{dz}{\sqrt{2\pi}} e^{-z^2} z^2", "both limits"),
    (r"\int_0^1 Dz\, z^2", "the whole line"),
    (r"\mathbb{E}_z (\tanh(s z))^2", "and as a power of the average"),
    (r"\mathbb{E}_z[\tanh(s z)]^2", gaussian_average(tanh(s * z), z) ** 2),
    (r"\mathbb{E}_z e^{-z^2}", "write what it is of in brackets"),
    (r"\langle s \rangle_q", "is not understood"),
    (r"\langle s z \rangle_t", "is not understood"),
]

PHYSICS = r"\usepackage{physics} "
MANUSCRIPTS: list[tuple[str, list[Any]]] = [
    # what a manuscript defines
    (r"\def\of(#1,#2){\frac{#1}{#2}} $\of(s,t)$", [s / t]),
    (r"\def\of(#1,#2){\frac{#1}{#2}} $\of({s,},t)$", ["missing behind ,"]),
    (r"\def\of#1;{(#1)} $x \of s + t;$", [x * (s + t)]),
    (r"\def\of[#1]#2{#1 #2} $\of[s]t$", [s * t]),
    (r"\newcommand{\at}[2][t]{#2(#1)} $\at{a} \at[0]{a}$", [a(t) * a(0)]),
    (r"\DeclareMathOperator{\tr}{tr} \DeclareMathOperator*{\Max}{max} $\Max(x, y)$", [Max(x, y)]),
    (r"\let\lam=\tau $\lam$", [tau]),
    (r"\NewDocumentCommand{\at}{m O{t}}{#1(#2)} $\at{a} \at{a}[0]$", [a(t) * a(0)]),
    (r"\NewDocumentCommand{\p}{m o}{#1\IfValueT{#2}{^{#2}}} $\p{s} \p{t}[2]$", [s * t**2]),
    (r"\newcommand\dd{\mathrm{d}} $\int_0^s F(x)\,\dd x$", [Integral(F(x), (x, 0, s))]),
    (r"\newcommand{\abs}[1]{\left|#1\right|} $\abs{x}$", [Abs(x)]),
    (r"\DeclarePairedDelimiter\abs{\lvert}{\rvert} $\abs*{x} \abs{y}$", [Abs(x) * Abs(y)]),
    (r"\newcommand{\ddt}[1]{\frac{d#1}{dt}} $\tau \ddt{a}$", [tau * RATE]),
    # the package physics
    (PHYSICS + r"$\dv{a}{t} \dv{t}(a b)$", [RATE * Derivative(a(t) * b(t), t)]),
    (PHYSICS + r"$\dv[2]{a}{t} + \dv{a}{t}$", [Derivative(a(t), (t, 2)) + RATE]),
    (PHYSICS + r"$\pdv{g}{x} + \pdv[2]{g}{x}$", [Derivative(g(x, y), x).doit()
     + Derivative(g(x, y), (x, 2))]),
    (PHYSICS + r"$\pdv{g}{x}{y}$", [Derivative(g(x, y), x, y)]),
    (PHYSICS + r"$\dv*{a}{t}$", [RATE]),
    (PHYSICS + r"$\int_0^s F(x) \dd{x}$", [Integral(F(x), (x, 0, s))]),
    (PHYSICS + r"$\int_0^s \dd x F(x)$", [Integral(F(x), (x, 0, s))]),
    (PHYSICS + r"$x \qty(s + t) \qty[c] \qty|y|$", [x * (s + t) * c * Abs(y)]),
    (PHYSICS + r"$x \qty{s + \qty(t - c)} \qty\big(c + y)$", [x * (s + t - c) * (c + y)]),
    (PHYSICS + r"$\exp\qty(-\qty(s + t)) \abs{x} \norm{y}$", [exp(-s - t) * Abs(x) * Abs(y)]),
    (PHYSICS + r"$\eval{\dv{a}{t}}_{t=0}$", [Subs(RATE, t, 0)]),
    (PHYSICS + r"$s \div t$", [r"\div"]),
    (PHYSICS + r"\newcommand{\dv}[2]{#1 #2} $\dv{s}{t}$", [s * t]),
    (r"$\qty(s + t) x$", [r"\qty is not read"]),
    (r"\NewDocumentCommand{\at}{m d()}{#1\IfValueT{#2}{(#2)}} $\at{a}(0) \at{b}$",
     [a(0) * b(t)]),
    (r"\NewDocumentCommand{\at}{m r<>}{#1(#2)} $\at{a}<0>$", [a(0)]),
    (r"\NewDocumentCommand{\at}{m e{_^}}{#1} $\at{a}$", [r"\at"]),
    (r"\newcommand{\num}[1]{#1 s} $\num{t}$", [s * t]),
    # displays
    (r"\begin{equation}\resizebox{.9\hsize}{!}{$\displaystyle s = t$}\end{equation}",
     [equal(s, t)]),
    (r"\begin{equation}\fbox{$s = t$}\end{equation}", [equal(s, t)]),
    (r"\begin{equation}\left.\begin{aligned} \tfrac{da}{dt} \end{aligned}\right|_{t=0} = s"
     r"\end{equation}", [equal(Subs(RATE, t, 0), s)]),
    (r"\begin{empheq}[box=\fbox]{align} s &= t \\ x &> y \end{empheq}", [equal(s, t), Gt(x, y)]),
    (r"\begin{empheq}{equation*} s = t \end{empheq}", [equal(s, t)]),
    (r"\begin{align} s &= t \\ \Rightarrow c &= x \end{align}", [equal(s, t), equal(c, x)]),
    (r"\begin{align} s &= t \intertext{and} c &= x \end{align}", [equal(s, t), equal(c, x)]),
    (r"\begin{align} s &= t \\ \shortintertext{so} c &= x \end{align}", [equal(s, t), equal(c, x)]),
    (r"\begin{align} s &= t, & c &= x \end{align}", [equal(s, t), equal(c, x)]),
    (r"\begin{alignat}{2} s &= t &\quad& x > y \end{alignat}", ["is not one of the claim"]),
    (r"\begin{alignat}{2} s &= t &\quad& t \ge 0 \end{alignat}", [equal(s, t)]),
    (r"\begin{gather} s = t \\ x < y \end{gather}", [equal(s, t), Lt(x, y)]),
    (r"\begin{multline} s = t \\ + x \\ - c \end{multline}", [equal(s, t + x - c)]),
    (r"\begin{eqnarray} s & = & t \nonumber \\ & & + x \end{eqnarray}", [equal(s, t + x)]),
    (r"\begin{IEEEeqnarray}{rCl} s & = & t \IEEEyesnumber \\ x & > & y \end{IEEEeqnarray}",
     [equal(s, t), Gt(x, y)]),
    (r"\begin{subequations}\begin{align} s &= t \\ x &\ge y \end{align}\end{subequations}",
     [equal(s, t), Ge(x, y)]),
    (r"\begin{equation}\begin{split} s &= t \\ &\quad + x \end{split}\end{equation}",
     [equal(s, t + x)]),
    (r"\begin{equation}\begin{aligned} s &= t \\ c &= x \end{aligned}\end{equation}",
     ["an equation of its own"]),
    (r"\[ \boxed{s = t} \tag*{(1)} \]", [equal(s, t)]),
]  # fmt: skip

ROWS = [
    *((latex, meaning, NUMBERS) for latex, meaning in [*FORMULAS, *REFUSED]),
    (r"R = \text{const}", "nothing here is differentiated by a time", RESTING),
    *((latex, meaning, LINE) for latex, meaning in AVERAGES),
    *(
        (latex, meaning, MATRICES)
        for latex, meaning in [*MATRIX_FORMULAS, *CONSTANTS, *MATRIX_REFUSED]
    ),
]


UNCANCELLED = [
    r"R R^{-1} v",
    r"(R R^\top)^{-1} R R^\top v",
    r"R^2 R^{-2} v",
    r"R^\top R^{-\top} v",
    r"W W^\top (W W^\top)^{-1} v",
]


def told(tokens: Any, vocabulary: Vocabulary) -> Any:
    """What tokens say, or the reason why that is not known."""
    try:
        return rebuilt(read(parse(tokens), vocabulary))
    except NotationError as error:
        return error.reason


def says(found: Any, expected: Any) -> bool:
    if isinstance(expected, str):
        return isinstance(found, str) and expected in found
    return bool(found == rebuilt(expected))


@pytest.mark.parametrize(("latex", "expected", "vocabulary"), ROWS, ids=[row[0] for row in ROWS])
def test_a_formula_says_what_it_prints(latex: str, expected: Any, vocabulary: Vocabulary) -> None:
    found = told(read_formula(latex), vocabulary)
    assert says(found, expected), found


def read_in(vocabulary: Vocabulary, latex: str) -> Any:
    return read(parse(read_formula(latex)), vocabulary)


@pytest.mark.parametrize("latex", UNCANCELLED)
def test_what_cancels_is_kept_while_it_is_read(latex: str) -> None:
    found = read_in(MATRICES, latex)
    assert len(found.args) >= 3, found
    assert rebuilt(found) == v


@pytest.mark.parametrize(("text", "expected"), MANUSCRIPTS, ids=[row[0] for row in MANUSCRIPTS])
def test_a_manuscript_says_what_it_prints(text: str, expected: list[Any]) -> None:
    manuscript = read_text(text)
    found = [" ".join(e.not_understood) or told(e.tokens, NUMBERS) for e in manuscript.equations]
    assert len(found) == len(expected), found
    assert all(map(says, found, expected)), found


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len(ROWS) + len(MANUSCRIPTS) >= 120


def test_the_text_of_a_command_of_a_package_is_whole() -> None:
    text = PHYSICS + r"$\dv{a}{t} = 2 a \qty(s - a)$"
    (equation,) = read_text(text).equations
    assert equation.source == r"\dv{a}{t} = 2 a \qty(s - a)"


def failures() -> int:
    """Rows of the tables that are read otherwise."""
    wrong = sum(
        rebuilt(read_in(MATRICES, latex)) == read_in(MATRICES, latex) for latex in UNCANCELLED
    )
    for latex, expected, vocabulary in ROWS:
        try:
            wrong += not says(told(read_formula(latex), vocabulary), expected)
        except (ValueError, AttributeError, TypeError):  # a planted error may end in any
            wrong += 1
    return wrong


@pytest.mark.parametrize(
    ("place", "planted"),
    [
        ("lemmata.proofs.notation.ranges._AT_MOST", {r"\le": 0, "<": 0}),
        ("lemmata.proofs.notation.infix.INFIX", {r"\over": r"\binom", r"\choose": r"\frac"}),
        ("lemmata.proofs.notation.sums._cut_at_product", lambda found, indices: (found, [])),
        ("lemmata.proofs.notation.factors._refuse_beside_number", lambda *_: None),
        ("lemmata.proofs.notation.printed.RAISED", {"²": ("_", "2"), "₀": ("^", "0")}),
        ("lemmata.proofs.notation.printed.Printed._refuse_reach", lambda *_: None),
        ("lemmata.proofs.notation.links._alone", lambda reader, side: side),
        ("lemmata.proofs.notation.links.unchanging", lambda reader, value, node: Eq(value, 0)),
        ("lemmata.proofs.notation.reader.Reader.refuse_infinity", lambda *_: None),
        ("lemmata.proofs.notation.derivatives.factors.bracket", lambda node: None),
        ("lemmata.proofs.notation.rebuilding._divides", lambda factor: False),
        ("lemmata.proofs.tex.boxes._ARGUMENTS", dict.fromkeys(_ARGUMENTS, 0)),
        ("lemmata.proofs.tex.boxes._digits", lambda token, text: []),
        ("lemmata.proofs.tex.formula.HALF", 1e9),
        ("lemmata.proofs.notation.limits._ARROWS", {r"\to": "+-", r"\downarrow": "-"}),
        ("lemmata.proofs.notation.marked._is_harmless", lambda mark: True),
        ("lemmata.proofs.notation.labels.is_remark", lambda text: True),
        ("lemmata.proofs.notation.functions._is", lambda node, kind: False),
    ],
)
def test_planted_errors_in_the_reader_are_noticed(
    place: str, planted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, planted)
    assert failures() > 0
