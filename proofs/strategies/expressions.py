"""Random formulas of what claims are made of: numbers, matrices, relations.

``NAMES`` are the names in them, by their LaTeX; ``SEQUENCES`` the functions printed with an index.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from lemmata.theory.gaussian import gaussian_average
from lemmata.theory.matrix_calculus import Average, MatrixExponential, TimeDerivative
from sympy import (
    Abs,
    Add,
    Derivative,
    Eq,
    Equivalent,
    Function,
    Identity,
    Integer,
    Inverse,
    LambertW,
    Le,
    Lt,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Max,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    S,
    Subs,
    Sum,
    Symbol,
    Trace,
    cosh,
    coth,
    erf,
    exp,
    gamma,
    log,
    pi,
    sin,
    sqrt,
    tanh,
)

__all__ = ["NAMES", "RANDOM", "SEQUENCES", "formulas", "matrices_of", "numbers"]

_t = Symbol("t", nonnegative=True)
_s, _tau, _a0, _c = (Symbol(name, positive=True) for name in ("s", "tau", "a_0", "c"))
_k, _l = Symbol("k", integer=True), Symbol("l", integer=True)
_D, _n, _m = (Symbol(name, integer=True, positive=True) for name in ("D", "n", "m"))
_z = Symbol("z", real=True)
_a, _q, _F = Function("a"), Function("q"), Function("F")
_W, _V = MatrixSymbol("W", _n, _m), MatrixSymbol("W21", _m, _n)
_S, _G = MatrixSymbol("S", _n, _n), MatrixSymbol("G", _m, _m)
_x, _y = MatrixSymbol("x", _n, 1), MatrixSymbol("y", _m, 1)

NAMES: dict[str, Any] = {
    "t": _t,
    "s": _s,
    r"\tau": _tau,
    "a_0": _a0,
    "c": _c,
    "k": _k,
    "D": _D,
    "n": _n,
    "m": _m,
    "a": _a(_t),
    "q": _q(_k),
    "F": _F,
    "W": _W,
    "W^{21}": _V,
    "S": _S,
    "G": _G,
    "x": _x,
    "y": _y,
}
SEQUENCES = frozenset({_q})
RANDOM = (_x, _y)

_LEAVES = (_s, _tau, _a0, _c, _t, _a(_t), _q(_k), _q(_k + 1), _F(_s / _tau), pi, _a(0))
_EXPONENTS = (Integer(2), Integer(3), S.NegativeOne, Integer(-2), S.Half, _k, 2 - 2 / _D, _k - 1)
_FUNCTIONS = (exp, log, tanh, coth, cosh, sin, sqrt, erf, Abs, LambertW, gamma)
_SHAPES = {(_n, _m): _W, (_m, _n): _V, (_n, _n): _S, (_m, _m): _G, (_n, S.One): _x, (_m, S.One): _y}


def _finite(value: Any) -> bool:
    return not value.has(S.ComplexInfinity, S.NaN, S.Infinity, S.NegativeInfinity, S.ImaginaryUnit)


@st.composite
def numbers(draw: Any, depth: int = 3, leaves: tuple[Any, ...] = _LEAVES) -> Any:
    """A number: at most ``depth`` functions and operations inside one another."""
    whole = st.integers(-4, 4).map(Integer)
    ratio = st.builds(Rational, st.integers(-5, 5), st.integers(1, 4))
    if depth == 0:
        return draw(st.one_of(whole, ratio, st.sampled_from(leaves), st.sampled_from(leaves)))
    inner = numbers(depth - 1, leaves)
    made = draw(
        st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda xs: Add(*xs)),
            st.lists(inner, min_size=2, max_size=3).map(lambda xs: Mul(*xs)),
            st.builds(lambda x, y: x / y if y != 0 else x, inner, inner),
            st.builds(lambda x, e: Pow(x, e) if x != 0 else x, inner, st.sampled_from(_EXPONENTS)),
            st.builds(lambda f, x: f(x), st.sampled_from(_FUNCTIONS), inner),
            _acting(depth, leaves),
        )
    )
    return made if _finite(made) else draw(st.sampled_from(leaves))


def _acting(depth: int, leaves: tuple[Any, ...]) -> Any:
    """What binds a variable or acts on a function of it."""
    inner = numbers(depth - 1, leaves)
    at_l = numbers(depth - 1, (*leaves, _q(_l), _l))
    of_z = st.sampled_from((_z, tanh(_c * _z), exp(-(_z**2) / 2), _z**2 * _c + 1))
    return st.one_of(
        at_l.map(lambda f: Sum(f, (_l, _k, _D))),
        at_l.map(lambda f: Product(f, (_l, 1, _D - 1))),
        inner.map(lambda f: _derivative(_a(_t) * f, _t)),
        inner.map(lambda f: _derivative(_a(_t) + f, _t, 2)),
        inner.map(lambda f: _derivative(f * _s, _s)),
        st.builds(lambda f, p: f * Subs(Derivative(_a(_t), _t), _t, p), inner, inner),
        st.builds(lambda f, g: gaussian_average(f * g, _z), of_z, inner),
        st.builds(lambda f, g: Piecewise((f, _t < 1), (g, True)), inner, inner),
        st.builds(_larger, inner, inner),
        matrices_of((_n, _n), 1).map(_trace),
    )


def _derivative(expr: Any, symbol: Any, order: int = 1) -> Any:
    """The derivative of what depends on the symbol and holds no matrices."""
    fit = expr.has(symbol) and not expr.has(MatrixSymbol)
    return Derivative(expr if fit else symbol * _c, (symbol, order))


def _larger(one: Any, other: Any) -> Any:
    return one if (one + other).has(MatrixSymbol) else Max(one, other)


def _trace(matrix: Any) -> Any:
    """The trace of a matrix whose size shows."""
    return Trace(matrix) if matrix.has(MatrixSymbol) else Trace(_S)


@st.composite
def matrices_of(draw: Any, shape: tuple[Any, Any], depth: int = 2) -> Any:
    """A matrix of a shape: n or m rows, n, m or 1 columns."""
    letter = _SHAPES[shape]
    rows, columns = shape
    square = rows == columns
    leaves = [letter] if columns == 1 else [letter, _SHAPES[columns, rows].T]
    leaves += [Identity(rows)] if square else []
    if depth == 0:
        return draw(st.sampled_from(leaves))
    inner = matrices_of(shape, depth - 1)
    factor = st.sampled_from((Integer(2), S.NegativeOne, Rational(1, 2), _s, _s / _tau, 1 - _c))
    between = draw(st.sampled_from((_n, _m)))
    left, right = (
        matrices_of((rows, between), depth - 1),
        matrices_of((between, columns), depth - 1),
    )
    ways = [
        st.lists(inner, min_size=2, max_size=3).map(lambda xs: MatAdd(*xs).doit()),
        st.builds(lambda c, x: MatMul(c, x).doit(), factor, inner),
        st.builds(lambda a, b: MatMul(a, b).doit(), left, right),
        inner.map(TimeDerivative),
        inner.map(Average),
    ]
    if square:
        ways += [
            inner.map(lambda x: x.T),
            inner.map(lambda x: MatPow(x, 2).doit()),
            st.sampled_from((letter, letter.T)).map(Inverse),
            st.sampled_from((_t, _t / _tau, -_t)).map(lambda x: MatrixExponential(letter, x)),
        ]
    return draw(st.one_of(ways))


def formulas(depth: int = 3) -> Any:
    """A relation between numbers, an equation between matrices, or an equivalence."""
    number = numbers(depth)
    equations = st.builds(lambda x, y: Eq(x, y, evaluate=False), number, number)
    orders = st.builds(
        lambda kind, x, y: kind(x, y, evaluate=False), st.sampled_from((Lt, Le)), number, number
    )
    shapes = st.sampled_from(tuple(_SHAPES))
    matrices = shapes.flatmap(
        lambda shape: st.builds(
            lambda x, y: Eq(x, y, evaluate=False),
            matrices_of(shape, 2),
            matrices_of(shape, 2).filter(lambda x: x.has(MatrixSymbol)),
        )
    )
    both = st.builds(Equivalent, orders, orders).filter(lambda e: isinstance(e, Equivalent))
    return st.one_of(equations, orders, matrices, both)
