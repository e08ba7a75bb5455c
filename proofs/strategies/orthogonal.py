"""Strategy for orthogonal matrices with rational entries."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, overload

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .arguments import invalid, lazily, number_type, whole
from .matrices import columns as columns_of
from .matrices import draw_orthogonal, told
from .rationals import Array, Matrix

__all__ = ["orthogonal_matrices"]

LARGEST = 4  # size drawn by default, as denominators grow with it


@overload
def orthogonal_matrices(
    *,
    size: int | None = ...,
    columns: int | None = ...,
    determinant: int | None = ...,
    dtype: type[Fraction] = ...,
) -> SearchStrategy[Matrix]: ...


@overload
def orthogonal_matrices(
    *,
    size: int | None = ...,
    columns: int | None = ...,
    determinant: int | None = ...,
    dtype: type[float],
) -> SearchStrategy[Array]: ...


@lazily
def orthogonal_matrices(
    *,
    size: int | None = None,
    columns: int | None = None,
    determinant: int | None = None,
    dtype: Any = Fraction,
) -> SearchStrategy[Any]:
    """Rational matrices R of shape (size, columns) with R^T R = I exactly.

    Square unless ``columns`` is given, which must not exceed ``size``; without a ``size`` one up
    to 4 is drawn (from ``columns`` to three more).  Both determinants occur, or the one that
    ``determinant`` (1 or -1) names; permutations and changes of sign occur too.

    Draws nested lists of ``Fraction``; with ``dtype=float`` a float64 array whose entries are
    rounded to nearest, which moves R^T R by at most 2^-52 + 2^-106 an entry.  Shrinks to the
    first columns of the identity.

    Raises ``InvalidArgument`` on first use for sizes that are not positive, more columns than
    ``size``, and a ``determinant`` that is not 1 or -1 or is asked of a matrix that is not square.

    >>> @given(orthogonal_matrices(size=3, dtype=float))
    ... def test_norm_is_kept(R): ...

    Source: Cayley's (I - A)(I + A)^-1 of an antisymmetric A, times signs and a permutation.
    """
    width = None if columns is None else whole("columns", columns, least=1)
    least = whole("size", size, least=1) if size is not None else width or 1
    most = least if size is not None else (width + LARGEST - 1 if width else LARGEST)
    if width is not None and width > least:
        problem = f"is more than size={size}"
        raise invalid("columns", columns, problem, "orthonormal columns are at most size many")
    if determinant is not None:
        if isinstance(determinant, bool) or determinant not in (1, -1):
            problem = "is no determinant of an orthogonal matrix"
            raise invalid("determinant", determinant, problem, "give 1, -1 or None")
        if width is not None and width != size:
            problem = "is asked of a matrix that need not be square"
            raise invalid("determinant", determinant, problem, "leave out columns")
    return _orthogonal(least, most, width, determinant, number_type(dtype))


@st.composite
def _orthogonal(
    draw: DrawFn,
    least: int,
    most: int,
    width: int | None,
    determinant: int | None,
    in_float: bool,
) -> Any:
    size = draw(st.integers(least, most))
    whole_matrix = draw_orthogonal(draw, size, determinant)
    return told(columns_of(whole_matrix, range(width or size)), in_float)
