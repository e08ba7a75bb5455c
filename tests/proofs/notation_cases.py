r"""What manuscripts write and what it means: one table for the tests of the reader.

``READINGS`` are pairs of LaTeX and the SymPy expression; ``failures`` lists those that are read
otherwise, so that a planted error in the reader must lengthen the list.
"""

from __future__ import annotations

from typing import Any

from lemmata.proofs.notation import declared, parse, read
from lemmata.proofs.notation.shapes import rebuilt
from lemmata.proofs.tex import read_formula
from lemmata.theory.gaussian import gaussian_average
from lemmata.theory.matrix_calculus import (
    Average,
    Differential,
    IntegratedExponential,
    MatrixExponential,
    TimeDerivative,
)
from sympy import (
    Abs,
    And,
    BlockMatrix,
    Derivative,
    E,
    Eq,
    Equivalent,
    Function,
    Ge,
    Gt,
    Identity,
    ImmutableDenseMatrix,
    Integer,
    Integral,
    LambertW,
    Le,
    Lt,
    MatrixSymbol,
    Max,
    Piecewise,
    Product,
    Rational,
    Subs,
    Sum,
    Symbol,
    Trace,
    ZeroMatrix,
    atan,
    atanh,
    binomial,
    cosh,
    coth,
    erf,
    exp,
    factorial,
    gamma,
    log,
    oo,
    pi,
    polygamma,
    sech,
    sign,
    sin,
    sqrt,
    tanh,
)

t = Symbol("t", nonnegative=True)
s, tau, a0, c, u0, phi = (Symbol(n, positive=True) for n in ("s", "tau", "a_0", "c", "u_0", "phi"))
x, y, z = (Symbol(n, real=True) for n in ("x", "y", "z"))
k, m = Symbol("k", integer=True), Symbol("m", integer=True)
D, N = (Symbol(n, integer=True, positive=True) for n in ("D", "N"))
a, b, q, F, g = (Function(n) for n in ("a", "b", "q", "F", "g"))
el, i = Symbol("l", integer=True), Symbol("i", integer=True)
rows, columns = (Symbol(n, integer=True, positive=True) for n in ("n_1", "n_2"))
W, V = MatrixSymbol("W", rows, columns), MatrixSymbol("W21", columns, rows)
R, v = MatrixSymbol("R", rows, rows), MatrixSymbol("v", rows, 1)

NUMBERS = declared(
    {
        "t": t, "s": s, r"\tau": tau, "a_0": a0, "c": c, "u_0": u0, r"\phi": phi, "x": x, "y": y,
        "k": k, "m": m, "D": D, "N": N, "a": a(t), "b": b(t), "q": q(k), "F": F, "g": g(x, y),
    }
)  # fmt: skip
MATRICES = declared(
    {
        "t": t, "s": s, r"\tau": tau, "W": W, "W^{21}": V, "R": R, "v": v, "N": N,
        "n_1": rows, "n_2": columns,
    },
    random=(v,),
)  # fmt: skip

NUMBER_READINGS: list[tuple[str, Any]] = [
    # numbers, products, signs, powers
    ("s t", s * t),
    (r"s \cdot t \times \tau", s * t * tau),
    ("s*t", s * t),
    ("-t^2", -(t**2)),
    ("-t^{2} s", -(t**2) * s),
    ("(-t)^2", t**2),
    ("s - -t", s + t),
    (r"2^{-1} s", s / 2),
    ("s^{23}", s**23),
    ("e^{-x}y", exp(-x) * y),
    (r"\mathrm{e}^{-x} y", exp(-x) * y),
    ("e^x y", exp(x) * y),
    ("2 e", 2 * E),
    ("0.25 s", s / 4),
    (".5", Rational(1, 2)),
    (r"\pi s", pi * s),
    # fractions and slashes
    (r"\frac12 s", s / 2),
    (r"\frac s2", s / 2),
    (r"\frac{1}2s", s / 2),
    (r"\tfrac{s}{2} \dfrac{t}{3} \nicefrac{1}{5}", s * t / 30),
    (r"2st/\tau", 2 * s * t / tau),
    (r"s/(2 \tau) t", s * t / (2 * tau)),
    (r"s/2 \cdot t", s * t / 2),
    (r"s/2/t", s / (2 * t)),
    (r"1 + s/a_0", 1 + s / a0),
    (r"\frac{s - t}{2} c", (s - t) / 2 * c),
    (r"\frac{\frac{s}{t}}{\frac{c}{\tau}}", s * tau / (t * c)),
    # roots
    (r"\sqrt{s} \sqrt[3]{t}", sqrt(s) * t ** Rational(1, 3)),
    (r"\sqrt s t", sqrt(s) * t),
    (r"\sqrt2", sqrt(2)),
    # brackets
    (r"\left[ s + \left( t - c \right) \right] \bigl\{ x \bigr\}", (s + t - c) * x),
    (r"|x| |y|", Abs(x) * Abs(y)),
    (r"\left| x - y \right|^2", (x - y) ** 2),
    (r"\lvert x \rvert", Abs(x)),
    # functions and their arguments
    (r"\exp\left[-\frac{t}{\tau}\right]", exp(-t / tau)),
    (r"\tanh\frac{st}{\tau}", tanh(s * t / tau)),
    (r"\tanh^2 x", tanh(x) ** 2),
    (r"\tanh(x)^2", tanh(x) ** 2),
    (r"\tanh^{2}{\left(x \right)}", tanh(x) ** 2),
    (r"\sin 2\pi x + 1", sin(2 * pi * x) + 1),
    (r"\sin x \cosh y", sin(x) * cosh(y)),
    (r"\ln(s) t", log(s) * t),
    (r"\ln s \cdot t", log(s) * t),
    (r"\log_2 s", log(s) / log(2)),
    (r"\coth x \operatorname{sech} x", coth(x) * sech(x)),
    (r"\operatorname{erf}(x) + \mathrm{erf}\,x", 2 * erf(x)),
    (r"\arctan x + \operatorname{atan}(x)", 2 * atan(x)),
    (r"\operatorname{artanh} \frac{x}{2}", atanh(x / 2)),
    (r"\operatorname{sgn}(x)", sign(x)),
    (r"\max(x, y, 0)", Max(x, y, 0)),
    (r"W_0(s) + W\left(s\right)", 2 * LambertW(s)),
    (r"\Gamma\left(s\right) \psi(s)", gamma(s) * polygamma(0, s)),
    (r"N! + \binom{N}{D} + (N+1)!", factorial(N) + binomial(N, D) + factorial(N + 1)),
    # functions of the vocabulary
    ("a(t) - a", Integer(0)),
    ("2 a (s - a)", 2 * a(t) * (s - a(t))),
    ("2 a(t) (s - a(t))", 2 * a(t) * (s - a(t))),
    ("a(0) a^2 a(t)^{2}", a(0) * a(t) ** 4),
    ("a^{2}{\\left(t \\right)}", a(t) ** 2),
    ("b (s - a)", b(t) * (s - a(t))),
    ("b(t) + b(s - t)", b(t) + b(s - t)),
    ("a(t) - a(t + 1)", a(t) - a(t + 1)),
    (r"\exp{-x} \exp{(x + y)}", exp(-x) * exp(x + y)),
    (r"\tau\, da/dt = s", Eq(tau * Derivative(a(t), t), s, evaluate=False)),
    (
        r"\mathrm{d}a(t)/\mathrm{d}t + \partial g/\partial x",
        Derivative(a(t), t) + Derivative(g(x, y), x),
    ),
    (r"s + t \\ {}+ x", s + t + x),
    (r"s \left( t \right. \\ \left. + x \right)", s * (t + x)),
    (r"F\left(\frac{s}{\tau}\right)", F(s / tau)),
    ("g(s, t) g", g(s, t) * g(x, y)),
    ("q_k q_{k-1}^2 q_0 q(k)", q(k) ** 2 * q(k - 1) ** 2 * q(0)),
    ("q_k (1 - s)", q(k) * (1 - s)),
    # derivatives
    (r"\tau \dot a", tau * Derivative(a(t), t)),
    (r"\ddot{a}", Derivative(a(t), (t, 2))),
    ("a' + a'(t)", 2 * Derivative(a(t), t)),
    (r"\frac{da}{dt}", Derivative(a(t), t)),
    (r"\frac{\mathrm{d} a(t)}{\mathrm{d} t}", Derivative(a(t), t)),
    (r"\frac{d}{dt} (a b)", Derivative(a(t) * b(t), t)),
    (r"\frac{d}{dt}\left(a b\right) + s", Derivative(a(t) * b(t), t) + s),
    (r"\frac{d^2 a}{dt^2}", Derivative(a(t), (t, 2))),
    (r"\frac{\partial g}{\partial x}", Derivative(g(x, y), x)),
    (r"\frac{\partial^2 g}{\partial x \partial y}", Derivative(g(x, y), x, y)),
    (r"\partial_x g", Derivative(g(x, y), x)),
    (r"\partial_x^2 g(x, y)", Derivative(g(x, y), (x, 2))),
    (r"\frac{d}{da_0} (s a_0)", Derivative(s * a0, a0)),
    (r"\left. \frac{da}{dt} \right|_{t=0}", Subs(Derivative(a(t), t), t, 0)),
    (r"\dot a(0)", Subs(Derivative(a(t), t), t, 0)),
    (r"\frac{da}{dt}(0)", Subs(Derivative(a(t), t), t, 0)),
    (r"\frac{da}{dt}(t) s", Derivative(a(t), t) * s),
    (r"a |_{t = 0}", a(0)),
    # sums, products, integrals
    (r"\sum_{l=k}^{D} q_l s + x", Sum(q(el) * s, (el, k, D)) + x),
    (r"\sum\limits_{i=1}^{D} (q_i + s) c", Sum((q(i) + s) * c, (i, 1, D))),
    (r"\left(\sum_{l=k}^{D} q_l\right) s", Sum(q(el), (el, k, D)) * s),
    (r"s \prod_{l=k}^{D-1} q_{l}^{2}", s * Product(q(el) ** 2, (el, k, D - 1))),
    (
        r"\sum_{l=1}^{D} \sum_{i=1}^{l} q_i",
        Sum(Sum(q(i), (i, 1, el)), (el, 1, D)),
    ),
    (r"\int_0^s F(x)\,dx", Integral(F(x), (x, 0, s))),
    (r"\int_0^s F(x) + 1\,dx + c", Integral(F(x) + 1, (x, 0, s)) + c),
    (r"\int_{0}^{s} \frac{dx}{1 + x}", Integral(1 / (1 + x), (x, 0, s))),
    (r"\int_{0}^{s} \frac{c\, \mathrm{d}x}{1 + x}", Integral(c / (1 + x), (x, 0, s))),
    (r"\int_0^\infty dx\, F(x)", Integral(F(x), (x, 0, oo))),
    # cases and averages
    (
        r"\begin{cases} s & \text{if } x < 1 \\ 0 & \text{otherwise} \end{cases}",
        Piecewise((s, x < 1), (0, True)),
    ),
    (r"\mathbb{E}_{z}\left[\tanh(c z)^2\right]", gaussian_average(tanh(c * z) ** 2, z)),
    (
        r"\begin{pmatrix} s & 0 \\ 0 & t \end{pmatrix}",
        ImmutableDenseMatrix([[s, 0], [0, t]]),
    ),
    # relations
    ("s = t.", Eq(s, t, evaluate=False)),
    (r"s := t \,,", Eq(s, t, evaluate=False)),
    (r"s \equiv t", Eq(s, t, evaluate=False)),
    ("0 = 0", Eq(0, 0, evaluate=False)),
    (r"x \le y", Le(x, y, evaluate=False)),
    (r"x \geqslant y", Ge(x, y, evaluate=False)),
    ("0 < s < t", And(Lt(0, s, evaluate=False), Lt(s, t, evaluate=False), evaluate=False)),
    (r"x > y \iff y < s", Equivalent(Gt(x, y), Lt(y, s))),
    (r"x > y \Leftrightarrow y < s", Equivalent(Gt(x, y), Lt(y, s))),
    (r"s &= t \\ &\quad + x", Eq(s, t + x, evaluate=False)),
    # words around
    (r"\text{where } s = t \quad \text{(by balance)}", Eq(s, t, evaluate=False)),
    (r"a = s, \quad \text{for } t > 0", Eq(a(t), s, evaluate=False)),
    (r"x < y, \quad t \ge 0", Lt(x, y, evaluate=False)),
    # fonts and shapes of letters
    (r"\mathrm{s} t", s * t),
    (r"\varphi", phi),
    (r"u_{0} + u_\mathrm{0}", 2 * u0),
]

_SAME_AVERAGE = Eq(Average(v * v.T), Average(v * v.T), evaluate=False)
MATRIX_READINGS: list[tuple[str, Any]] = [
    (r"W W^\top", W * W.T),
    (r"W W^{T} + W W^{\mathsf{T}} + W W^\intercal", 3 * W * W.T),
    (r"W^{21\,\top} W^{21}", V.T * V),
    (r"{W^{21}}^\top", V.T),
    (r"W^{21} W", V * W),
    (r"R^{-1} R^2", R.I * R**2),
    (r"R^{-\top}", R.I.T),
    (r"\mathbf{R} \mathbf{v}", R * v),
    (r"R (I)^{-1} (v)", R * v),
    (r"s I - R", s * Identity(rows) - R),
    (r"(I - v v^\top)^2", (Identity(rows) - v * v.T) ** 2),
    (r"\operatorname{tr}(W W^\top) + \mathrm{Tr}\left[R\right]", Trace(W * W.T) + Trace(R)),
    (r"\operatorname{tr} R R", Trace(R**2)),
    (r"\|v\|^2", Trace(v.T * v)),
    (r"v (v^\top v)", v * v.T * v),
    (r"(v^\top v) v", Trace(v.T * v) * v),
    (r"(v^\top v) R", Trace(v.T * v) * R),
    (r"\dot W", TimeDerivative(W)),
    (r"\dot W(t) W(t)^\top", TimeDerivative(W) * W.T),
    (r"I_{n_1} - R", Identity(rows) - R),
    (r"W = \mathbf{0}", Eq(W, ZeroMatrix(rows, columns))),
    (r"\tau \frac{d}{dt} W^{21}", tau * TimeDerivative(V)),
    (r"\tau \frac{d W}{dt} = 0", Eq(tau * TimeDerivative(W), ZeroMatrix(rows, columns))),
    (r"\mathbb{E}[v v^\top] = \langle v v^\top \rangle", _SAME_AVERAGE),
    (r"e^{R t/\tau}", MatrixExponential(R, t / tau)),
    (r"e^{-R t}", MatrixExponential(R, -t)),
    (r"\exp(R t)", MatrixExponential(R, t)),
    (r"\int_0^{t} e^{2 R x}\,dx", IntegratedExponential(2 * R, t)),
    (r"d_{W}(W W^\top)", Differential(W * W.T, W)),
    (
        r"\begin{bmatrix} 0 & I \end{bmatrix} \begin{bmatrix} W^{21} \\ R \end{bmatrix} = R",
        Eq(
            BlockMatrix([[ZeroMatrix(rows, columns), Identity(rows)]]) * BlockMatrix([[V], [R]]),
            R,
        ),
    ),
    (r"\operatorname{tr}(R) = s", Eq(Trace(R), s, evaluate=False)),
    (r"v^\top v = s", Eq(Trace(v.T * v), s, evaluate=False)),
]  # fmt: skip


def failures() -> list[str]:
    """The formulas that are not read as the tables say."""
    found = []
    for table, vocabulary in ((NUMBER_READINGS, NUMBERS), (MATRIX_READINGS, MATRICES)):
        for latex, meaning in table:
            try:
                value = rebuilt(read(parse(read_formula(latex)), vocabulary))
            except Exception as error:  # a planted error may end in any
                found.append(f"{latex}: {error}")
                continue
            if value != rebuilt(meaning):
                found.append(f"{latex}: {value}")
    return found


NUMBER_REFUSALS: list[tuple[str, int, str]] = [
    ("s^23", 3, "write the script in braces"),
    # LaTeX, the token at which it shows, words of the reason
    ("s = ", 1, "breaks off"),
    ("s!!", 2, "what the factorial is of"),
    ("s^2!", 3, "what the factorial is of"),
    (r"\int_{0}^{s} \frac{d(s + t)}{x}", 12, "an integral over"),
    ("s = = t", 2, "missing before ="),
    ("s + * t", 2, "missing before *"),
    ("(s + t", 0, "( is not closed"),
    ("s + t)", 3, "closes nothing"),
    ("(s + t]", 4, "closed by ]"),
    (r"\left( s \right]", 3, "in pairs"),
    ("[0, 1)", 4, "closed by )"),
    (r"\frac{s}", 3, "argument is due"),
    ("s^", 1, "argument is due"),
    ("s^(2)", 2, "argument is due before ("),
    ("s^2^3", 3, "two ^"),
    (r"\foo s", 0, r"\foo is not read"),
    (r"s + w_3", 2, "w_{3} is not known here"),
    ("S", 0, "the nearest known names are s"),
    ("A_0", 0, "the nearest known names are u_0, a_0"),
    ("s/2 t", 3, r"write \frac or brackets"),
    ("1/2s", 3, "read as division by 2 and by 2 s"),
    ("s/(2t)(c + 1)", 6, r"write \frac or brackets"),
    ("s(t)", 0, "s is no function here"),
    ("q_k(t)", 0, "is no function here"),
    ("(s - c)(t)", 0, "is no function here"),
    ("s^{(2)}", 3, "is no power"),
    ("a^{(2)}(t)", 3, "is no power"),
    (r"\mathrm{s} + s", 5, "both written"),
    (r"\mathbf{s}", 0, "not known here"),
    (r"\mathbf a(t)", 0, "not known here"),
    (r"\prod_{k=k}^{D} q_k", 0, "its own limits"),
    (r"\prod_{l=k}^{D} q_l \cdot x", 0, "how far"),
    (r"\prod_{l=k}^{D} q_l x", 0, "how far"),
    (r"\frac{d}{dt} a \cdot b", 0, "how far"),
    (r"\frac{d}{dt} a b", 0, "how far"),
    (r"\partial_t a(t)\, b(t)", 0, "how far"),
    (r"da/dt\, a", 5, "not clear"),
    (r"s {t - x}", 1, "braces do not print"),
    (r"s {t - x}^{-1}", 1, "braces do not print"),
    (r"{-t}^2", 0, "braces do not print"),
    (r"{s t}^2", 0, "braces do not print"),
    (r"\tanh{x + y}", 1, "braces do not print"),
    ("a(t + 1)", 1, "as a product and as a"),
    ("b(2 t) - a", 1, "as a product and as b"),
    ("a(a(t))", 1, "as a product and as a"),
    ("N!!", 2, "write brackets"),
    ("N^2!", 3, "write brackets"),
    (r"s = t \text{ (for $t=0$ only)}", 3, "not understood"),
    (r"s = t \text{ (+1)}", 3, "not understood"),
    (r"s = t \text{ (for small t)}", 3, "not understood"),
    (r"x > y \iff x > y", 0, "says nothing"),
    (r"\phi + \varphi", 2, "both written"),
    (r"\ln 2 e^{s}", 2, "how far"),
    (r"\tanh s t/\tau", 4, r"\tanh x/y is read as"),
    (r"\ln 2/s", 3, "write the argument in brackets"),
    (r"\ln s (t + c)", 2, "how far"),
    (r"\tanh^{-1} s", 3, "inverse function"),
    (r"\tanh", 0, "no argument"),
    (r"\sum_l q_l", 0, "one index with both limits"),
    (r"\sum_{l \le D} q_l", 0, "one index with both limits"),
    (r"\sum_{l=1}^{D} - q_l", 0, "nothing to act on"),
    (r"\int F(x)\,dx", 0, "both limits"),
    (r"\int_0^s F(x)", 0, "no differential"),
    (r"\frac{d}{dt} s", 0, "does not depend on it"),
    (r"\dot s", 0, "does not depend on it"),
    (r"\frac{d}{dt}", 0, "nothing to act on"),
    (r"\frac{d^2 a}{dt}", 0, "the orders above and below"),
    (r"s \approx t", 0, "not an exact relation"),
    (r"s \sim t", 0, "not an exact relation"),
    (r"s \propto t", 0, "not an exact relation"),
    (r"s \ll t", 0, "not an exact relation"),
    (r"s \in t", 0, "is not read"),
    (r"s = t \implies t = s", 0, "only equivalences"),
    (r"s \pm t = 0", 2, "two things"),
    (r"s = 1 + 2 + \dots", 6, r"\dots leaves out"),
    (r"s = t \text{ if balanced}", 3, "if balanced"),
    (r"s = t, \quad x > y", 4, "is not one of the claim"),
    (r"s = t \\ c = x", 4, "an equation of its own"),
    ("= s", 0, "left side is missing"),
    ("g(s)", 1, "has 2 arguments"),
    ("F", 0, "write it with its arguments"),
    (r"\frac{1}{0}", 5, "the denominator is 0"),
    (r"\frac{1}{t - t}", 5, "the denominator is 0"),
    ("s/0", 2, "division by 0"),
    ("9^{9^{9^9}}", 3, "exponent beyond"),
    ("2^{4000^{2}}", 0, "exponent beyond"),
    (r"e^{1000000 \ln 2}", 0, "power beyond"),
    ("100000!", 1, "factorial"),
    ("(1 + (1 + (1 + (1 + (s + t)^9)^9)^9)^9)^9", 9, "multiplied out"),
    ("(s - t)^{4000} (s + t)^{4000}", 0, "multiplied out"),
    (r"\begin{pmatrix} s & t \\ t & s \end{pmatrix}^{100}", 0, "of over 10000 terms"),
    (r"\binom{10^{9}}{3}", 0, "binomial"),
    (r"\Gamma(10^{9})", 1, "Gamma function"),
    ("s'", 0, "prime"),
    ("q_{k}'", 0, "derivative"),
    (r"\{s, t\}", 1, "several values"),
    (r"s^{*}", 3, "* is no power"),
    (r"|s", 0, "| is not closed"),
    (r"\mathbb{E}[s]", 0, "needs its variable"),
    (r"\begin{tikzcd} s \end{tikzcd}", 0, "tikzcd is not read"),
    (r"\text{only words}", 0, "words"),
]

MATRIX_REFUSALS: list[tuple[str, int, str]] = [
    ("W W", 1, "n_1 rows"),
    (r"\frac{d}{dt} W W^\top", 0, "how far"),
    ("W + R", 0, "shapes"),
    ("W + 1", 0, "write it times I"),
    ("W = s", 0, "write the number times I"),
    ("W^{-1}", 0, "only a square matrix"),
    ("s/R", 2, "division by a matrix"),
    (r"\tanh R", 1, "of a matrix"),
    ("R < s I", 0, "between matrices"),
    (r"\operatorname{tr}(W)", 5, "not square"),
    (r"\operatorname{tr}(I) = s", 0, "not determined"),
    ("W'", 0, "prime"),
    ("W(0)", 0, "no function here"),
    ("R(s)", 0, "no function here"),
    ("W^{(1)}", 3, "no power"),
    (r"W^{\dagger}", 3, r"a transpose is \top"),
    (r"\frac{d}{ds} R", 0, "not by the time"),
    (r"\sum_{l=1}^{N} R", 0, "over matrices"),
    ("W_{21}", 0, "W^{21}"),
    (r"\begin{pmatrix} R & 1 \\ 0 & R \end{pmatrix}", 3, "among matrices"),
]
