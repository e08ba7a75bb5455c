r"""The words in which theory states matrix claims of symbolic size.

The nodes extend SymPy's matrix expressions; none of them evaluates anything.  Each takes a
matrix expression or a scalar one (such as a ``Trace``) and keeps its shape:

``TimeDerivative(X)``          dX/dt along a flow
``Differential(X, W, ...)``    dX when only the letters W, ... move (all letters if none is named)
``Average(X)``                 E[X] over the examples
``MatrixExponential(F, x)``    exp(F x), F square, x scalar
``IntegratedExponential(F, x)``  int_0^x exp(F u) du, defined for singular F as well

A sum over P examples is ``P*Average(X)``: one node, one convention.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sympy import Basic, BlockMatrix, Eq, Expr, Integer, MatrixSymbol
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.expressions.matmul import MatMul
from sympy.matrices.expressions.matpow import MatPow

__all__ = [
    "Average",
    "Differential",
    "IntegratedExponential",
    "MatrixDifferential",
    "MatrixExponential",
    "ScalarAverage",
    "ScalarDifferential",
    "ScalarTimeDerivative",
    "TimeDerivative",
    "check_shapes",
    "matrix_equation",
]


class TimeDerivative(MatrixExpr):  # type: ignore[misc]
    r"""dX/dt along a flow; shape of X.  A scalar X gives a :class:`ScalarTimeDerivative`."""

    def __new__(cls, expr: Any) -> Any:
        """Check the arguments and keep them as they are."""
        expr = _expression(expr)
        if not _is_matrix(expr):
            return ScalarTimeDerivative(expr)
        return MatrixExpr.__new__(cls, expr)

    @property
    def shape(self) -> tuple[Any, Any]:
        """Rows and columns of X."""
        return _shape(self.args[0])

    def _latex(self, printer: Any) -> str:
        return r"\frac{d}{dt} " + _bracketed(self.args[0], printer)


class ScalarTimeDerivative(Expr):  # type: ignore[misc]
    """Time derivative of a scalar expression of matrices; built by :class:`TimeDerivative`."""

    is_commutative = True

    def __new__(cls, expr: Any) -> Any:
        """Check the arguments and keep them as they are."""
        return Expr.__new__(cls, _expression(expr))

    def _latex(self, printer: Any) -> str:
        return r"\frac{d}{dt} " + _bracketed(self.args[0], printer)


class MatrixDifferential(MatrixExpr):  # type: ignore[misc]
    r"""dX when the named letters move (every letter not declared constant if none is named).

    Call it ``Differential``.  Shape of X; a scalar X gives a :class:`ScalarDifferential`.
    Raises ``TypeError`` for a named letter that is no ``MatrixSymbol``.
    """

    def __new__(cls, expr: Any, *letters: Any) -> Any:
        """Check the arguments and keep them as they are."""
        expr = _expression(expr)
        if not _is_matrix(expr):
            return ScalarDifferential(expr, *letters)
        return MatrixExpr.__new__(cls, expr, *_symbols("letters", letters))

    @property
    def shape(self) -> tuple[Any, Any]:
        """Rows and columns of X."""
        return _shape(self.args[0])

    def _latex(self, printer: Any) -> str:
        return _d(self.args, printer)


# SymPy's printers take any class of this name for a differential form, hence the longer name.
Differential = MatrixDifferential


class ScalarDifferential(Expr):  # type: ignore[misc]
    """Differential of a scalar expression of matrices; built by :class:`Differential`."""

    is_commutative = True

    def __new__(cls, expr: Any, *letters: Any) -> Any:
        """Check the arguments and keep them as they are."""
        return Expr.__new__(cls, _expression(expr), *_symbols("letters", letters))

    def _latex(self, printer: Any) -> str:
        return _d(self.args, printer)


class Average(MatrixExpr):  # type: ignore[misc]
    r"""E[X] over the examples, linear; letters that no example changes come out of it.

    Shape of X.  A scalar X gives a :class:`ScalarAverage`.
    """

    def __new__(cls, expr: Any) -> Any:
        """Check the arguments and keep them as they are."""
        expr = _expression(expr)
        if not _is_matrix(expr):
            return ScalarAverage(expr)
        return MatrixExpr.__new__(cls, expr)

    @property
    def shape(self) -> tuple[Any, Any]:
        """Rows and columns of X."""
        return _shape(self.args[0])

    def _latex(self, printer: Any) -> str:
        return rf"\mathbb{{E}}\left[{printer._print(self.args[0])}\right]"


class ScalarAverage(Expr):  # type: ignore[misc]
    """Average of a scalar expression of matrices; built by :class:`Average`."""

    is_commutative = True

    def __new__(cls, expr: Any) -> Any:
        """Check the arguments and keep them as they are."""
        return Expr.__new__(cls, _expression(expr))

    def _latex(self, printer: Any) -> str:
        return rf"\mathbb{{E}}\left[{printer._print(self.args[0])}\right]"


class MatrixExponential(MatrixExpr):  # type: ignore[misc]
    """exp(F x) for a square F and a scalar x; shape of F.

    Raises ``ValueError`` when F is not square and ``TypeError`` when x is a matrix.
    """

    def __new__(cls, generator: Any, x: Any) -> Any:
        """Check the arguments and keep them as they are."""
        return MatrixExpr.__new__(cls, *_exponent(generator, x))

    @property
    def shape(self) -> tuple[Any, Any]:
        """Rows and columns of F."""
        return _shape(self.args[0])

    def _latex(self, printer: Any) -> str:
        generator, x = self.args
        return rf"e^{{{_bracketed(generator, printer)} {_factor(x, printer)}}}"


class IntegratedExponential(MatrixExpr):  # type: ignore[misc]
    """int_0^x exp(F u) du for a square F and a scalar x; shape of F; any F, singular or not.

    Raises ``ValueError`` when F is not square and ``TypeError`` when x is a matrix.
    """

    def __new__(cls, generator: Any, x: Any) -> Any:
        """Check the arguments and keep them as they are."""
        return MatrixExpr.__new__(cls, *_exponent(generator, x))

    @property
    def shape(self) -> tuple[Any, Any]:
        """Rows and columns of F."""
        return _shape(self.args[0])

    def _latex(self, printer: Any) -> str:
        generator, x = self.args
        power = f"{_bracketed(generator, printer)} u"
        return rf"\left(\int_0^{{{printer._print(x)}}} e^{{{power}}}\,du\right)"


def matrix_equation(lhs: Any, rhs: Any) -> Any:
    """The unevaluated equation ``lhs = rhs`` after a check that every shape in it agrees.

    SymPy's ``Eq`` compares no shapes; this does, and returns an ``Eq``.  Raises ``ValueError``
    when shapes disagree anywhere inside, or between the two sides.

    >>> from sympy import MatrixSymbol, symbols
    >>> n, m = symbols("n m", integer=True, positive=True)
    >>> A = MatrixSymbol("A", n, m)
    >>> matrix_equation(A*A.T, (A*A.T).T)
    Eq(A*A.T, A*A.T)
    """
    left, right = _expression(lhs), _expression(rhs)
    if check_shapes(left) != check_shapes(right):
        raise ValueError(
            f"lhs has shape {check_shapes(left)} and rhs has shape {check_shapes(right)}: "
            "state an equation between matrices of one shape"
        )
    return Eq(left, right, evaluate=False)


def check_shapes(expr: Any) -> tuple[Any, Any]:
    """Shape of a scalar or matrix expression, (1, 1) for scalars.

    Raises ``ValueError`` naming the first sum or product inside whose shapes disagree.
    """
    for argument in expr.args if not isinstance(expr, MatrixSymbol) else ():
        if not isinstance(expr, BlockMatrix):
            check_shapes(argument)
    if not _is_matrix(expr):
        return (Integer(1), Integer(1))
    if isinstance(expr, BlockMatrix):
        for block in expr.blocks:
            check_shapes(block)
    _check_node(expr)
    return _shape(expr)


def _check_node(expr: Any) -> None:
    matrices = [a for a in expr.args if _is_matrix(a)]
    if isinstance(expr, MatMul):
        for left, right in pairwise(matrices):
            if left.cols != right.rows:
                raise ValueError(
                    f"product {expr}: {left} has {left.cols} columns and {right} has "
                    f"{right.rows} rows: make them equal"
                )
    elif isinstance(expr, MatAdd):
        shapes = {_shape(a) for a in matrices}
        if len(shapes) > 1:
            raise ValueError(f"sum {expr}: terms have shapes {shapes}: make them equal")
    elif isinstance(expr, MatPow) and expr.base.rows != expr.base.cols:
        raise ValueError(f"power {expr}: the base has shape {expr.base.shape}: make it square")


def _expression(value: Any) -> Any:
    # Strings must not reach SymPy's parser, so the general converter stays out.
    if isinstance(value, int):
        return Integer(value)
    if hasattr(value, "as_immutable"):
        return value.as_immutable()
    if not isinstance(value, Basic):
        raise TypeError(f"expr: {value!r} is no SymPy expression: build it from SymPy symbols")
    return value


def _is_matrix(expr: Any) -> bool:
    return bool(getattr(expr, "is_Matrix", False))


def _shape(expr: Any) -> tuple[Any, Any]:
    rows, cols = expr.shape
    return _expression(rows), _expression(cols)


def _symbols(name: str, letters: tuple[Any, ...]) -> tuple[Any, ...]:
    for letter in letters:
        if not isinstance(letter, MatrixSymbol):
            raise TypeError(f"{name}: {letter!r} is no MatrixSymbol: name the letters that move")
    return letters


def _exponent(generator: Any, x: Any) -> tuple[Any, Any]:
    generator, x = _expression(generator), _expression(x)
    if not _is_matrix(generator) or _shape(generator)[0] != _shape(generator)[1]:
        raise ValueError(f"generator: {generator!r} is not square: give a square matrix F")
    if _is_matrix(x):
        raise TypeError(f"x: {x!r} is a matrix: give a scalar")
    return generator, x


def _bracketed(expr: Any, printer: Any) -> str:
    text = printer._print(expr)
    return str(text) if isinstance(expr, MatrixSymbol) else rf"\left({text}\right)"


def _factor(x: Any, printer: Any) -> str:
    text = printer._print(x)
    bare = not (x.is_Add or x.could_extract_minus_sign())
    return str(text) if bare else rf"\left({text}\right)"


def _d(args: tuple[Any, ...], printer: Any) -> str:
    where = ",".join(printer._print(letter) for letter in args[1:])
    return ("d_{" + where + "} " if where else "d ") + _bracketed(args[0], printer)
