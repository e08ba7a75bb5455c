"""Expressions built again from their leaves, as SymPy builds them by itself or as they stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lemmata.theory.matrix_calculus import MatrixExponential
from sympy import (
    Basic,
    BlockMatrix,
    Derivative,
    Dummy,
    Integer,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Max,
    Min,
    Mul,
    Pow,
    default_sort_key,
)
from sympy.core.relational import Relational
from sympy.matrices.expressions.inverse import Inverse
from sympy.matrices.expressions.transpose import Transpose

__all__ = ["fresh", "is_matrix", "rebuilt", "rebuilt_with"]


def is_matrix(value: Any) -> bool:
    """Whether the value is a matrix of any size."""
    return bool(getattr(value, "is_Matrix", False))


def rebuilt(expr: Any) -> Any:
    """``expr`` built from its leaves, flattened and ordered as SymPy does by itself.

    Two expressions that differ only in what SymPy evaluates on construction become equal; numbers
    beside a matrix in an exponent are gathered in its scalar, and the variables of a derivative
    are put in order (all functions are smooth).  Numbers and signs that the terms of a factor share
    stand before the product.
    """
    return rebuilt_with(expr, _canonical)


def rebuilt_with(expr: Any, build: Callable[[Any, tuple[Any, ...]], Any]) -> Any:
    """``expr`` with every node made by ``build`` of the node and its new arguments."""
    made: dict[Any, Any] = {}
    waiting = [expr]
    while waiting:
        node = waiting[-1]
        inside = () if _is_leaf(node) else node.args
        missing = [arg for arg in inside if arg not in made]
        if missing:
            waiting.extend(missing)
            continue
        waiting.pop()
        if node not in made:
            made[node] = build(node, tuple(made[arg] for arg in inside))
    return made[expr]


def _is_leaf(node: Any) -> bool:
    return not isinstance(node, Basic) or not node.args or isinstance(node, MatrixSymbol)


def fresh(node: Any, args: tuple[Any, ...], *, keep: bool = False) -> Any:
    """The node around its arguments, as SymPy builds it; ``keep``: what cancels is kept."""
    if not args or _is_leaf(node):
        return node
    if isinstance(node, Relational):
        return node.func(*args, evaluate=False)
    if keep and isinstance(node, MatMul):
        return _uncancelled(args)
    if isinstance(node, MatAdd | MatMul | MatPow):
        return _evaluated(node.func(*args))
    if isinstance(node, Transpose):
        return args[0].T if is_matrix(args[0]) else args[0]
    if isinstance(node, BlockMatrix):
        return BlockMatrix(args[0])
    if isinstance(node, Max | Min) and any(arg.has(MatrixSymbol) for arg in args):
        return node.func(*args, evaluate=False)
    return node.func(*args)


def _evaluated(node: Any) -> Any:
    made = node.doit(deep=False)
    # a number times a sum is distributed, and the new sum is not put in order
    distributed = isinstance(node, MatMul) and isinstance(made, MatAdd)
    return made.doit(deep=False) if distributed else made


def _uncancelled(args: tuple[Any, ...]) -> Any:
    """The product as SymPy builds it, but for ``M M^{-1}``, which stands as it is written."""
    factors = [f for arg in args for f in (arg.args if isinstance(arg, MatMul) else (arg,))]
    hidden = {f: MatrixSymbol(str(Dummy()), *f.shape) for f in factors if _divides(f)}
    made = _evaluated(MatMul(*(hidden.get(f, f) for f in factors)))
    shown = {letter: f for f, letter in hidden.items()}
    powers = {
        p: MatPow(shown[p.base], p.exp).doit(deep=False)
        for p in made.atoms(MatPow)
        if p.base in shown
    }
    return made.xreplace({**shown, **powers})


def _divides(factor: Any) -> bool:
    """Whether a factor is an inverse, a negative power, or the transpose of one."""
    while isinstance(factor, Transpose):
        factor = factor.arg
    negative = isinstance(factor, MatPow) and not factor.exp.is_positive
    return isinstance(factor, Inverse) or negative


def _canonical(node: Any, args: tuple[Any, ...]) -> Any:
    """The node around its arguments, in the form in which formulas are compared."""
    if isinstance(node, MatrixExponential):
        return _exponential(*args)
    if is_matrix(node):  # SymPy's products of matrices are instances of Mul
        return fresh(node, args)
    if isinstance(node, Mul):
        return _with_primitive_factors(args)
    if isinstance(node, Pow):
        return _with_primitive_factors((node.func(*args),))
    if isinstance(node, Derivative):
        return Derivative(args[0], *sorted(args[1:], key=default_sort_key))
    return fresh(node, args)


def _with_primitive_factors(factors: tuple[Any, ...]) -> Any:
    """The product with the numbers that all terms of a factor share taken out: 2 (x - y)."""
    numbers: list[Any] = []
    rest: list[Any] = []
    for factor in Mul.make_args(Mul(*factors)):
        base, exponent = factor.as_base_exp()
        if not (base.is_Add and exponent.is_Integer):
            rest.append(factor)
            continue
        content, primitive = base.primitive()
        if primitive.could_extract_minus_sign():
            content, primitive = -content, -primitive
        numbers.append(content**exponent)
        rest.append(primitive**exponent)
    return Mul(*numbers, *rest)


def _exponential(generator: Any, x: Any) -> Any:
    coefficient, bare = Integer(1), generator
    if isinstance(generator, MatMul):
        scalars = [a for a in generator.args if not is_matrix(a)]
        matrices = [a for a in generator.args if is_matrix(a)]
        for scalar in scalars:
            coefficient *= scalar
        bare = matrices[0] if len(matrices) == 1 else MatMul(*matrices).doit(deep=False)
    return MatrixExponential(bare, coefficient * x)
