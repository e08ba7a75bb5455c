"""Strategy for symmetric positive definite matrices with rational entries."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, overload

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .arguments import Exact, exact, in_order, invalid, lazily, number_type, whole
from .matrices import diagonal, draw_orthogonal, told
from .rationals import Array, Matrix, draw_between

__all__ = ["positive_definite_matrices"]

LARGEST = 4  # size drawn by default, as denominators grow with it

# Rounding moves a matrix by at most 2^-53 |A|_F <= 2^-53 sqrt(n) max eigenvalue, so that below a
# condition number of 2^53/sqrt(n) it stays definite (Weyl); this is so for n up to 2^26.
ROUNDED = 2**40


@overload
def positive_definite_matrices(
    *,
    size: int | None = ...,
    min_eigenvalue: Exact = ...,
    max_eigenvalue: Exact = ...,
    min_condition: Exact = ...,
    max_condition: Exact | None = ...,
    dtype: type[Fraction] = ...,
) -> SearchStrategy[Matrix]: ...


@overload
def positive_definite_matrices(
    *,
    size: int | None = ...,
    min_eigenvalue: Exact = ...,
    max_eigenvalue: Exact = ...,
    min_condition: Exact = ...,
    max_condition: Exact | None = ...,
    dtype: type[float],
) -> SearchStrategy[Array]: ...


@lazily
def positive_definite_matrices(
    *,
    size: int | None = None,
    min_eigenvalue: Exact = "1/1000",
    max_eigenvalue: Exact = 1000,
    min_condition: Exact = 1,
    max_condition: Exact | None = None,
    dtype: Any = Fraction,
) -> SearchStrategy[Any]:
    """Symmetric matrices A = Q diag(d) Q^T of shape (size, size), Q orthogonal, all d > 0.

    ``min_eigenvalue <= d <= max_eigenvalue`` and max(d)/min(d), the condition number, lies from
    ``min_condition`` to ``max_condition`` (by default as far as the eigenvalues allow).  Without a
    ``size`` one up to 4 is drawn.  Q and d are rational, so A is symmetric and positive definite
    exactly; multiplets and multiples of the identity occur.

    Draws nested lists of ``Fraction``; with ``dtype=float`` a float64 array, symmetric, with
    entries rounded to nearest: each eigenvalue moves by at most 2^-53 sqrt(size) max(d).  Shrinks
    to the identity where the bounds admit it.

    Raises ``InvalidArgument`` on first use for bounds that are not positive, not in order or
    contradict each other, a condition number above 1 for size 1, and one above 2^40 with
    ``dtype=float``, where rounding may lose definiteness.

    >>> @given(positive_definite_matrices(size=3, max_condition=100))
    ... def test_my_whitening(Sigma11): ...

    Source: the spectral theorem; input correlations Sigma11 of the averaged flow.
    """
    low = exact("min_eigenvalue", min_eigenvalue, above=0)
    high = exact("max_eigenvalue", max_eigenvalue, above=0)
    in_order("min_eigenvalue", low, "max_eigenvalue", high)
    mildest = exact("min_condition", min_condition, least=1)
    worst = high / low
    if max_condition is not None:
        asked = exact("max_condition", max_condition, least=1)
        in_order("min_condition", mildest, "max_condition", asked)
        worst = min(worst, asked)
    if mildest > worst:
        problem = f"is more than max_eigenvalue/min_eigenvalue={worst} allow"
        raise invalid("min_condition", min_condition, problem, "lower it or widen the eigenvalues")
    least = whole("size", size, least=1) if size is not None else 1 + (mildest > 1)
    if least == 1 and mildest > 1:
        raise invalid("min_condition", min_condition, "is above 1 for size=1", "give size >= 2")
    in_float = number_type(dtype, low, high)
    if in_float and worst > ROUNDED:
        problem = f"with condition numbers up to {worst} may lose definiteness by rounding"
        raise invalid("dtype", dtype, problem, "give max_condition <= 2**40 or dtype=Fraction")
    most = least if size is not None else LARGEST
    return _definite((least, most), (low, high), (mildest, worst), in_float)


@st.composite
def _definite(
    draw: DrawFn,
    sizes: tuple[int, int],
    values: tuple[Fraction, Fraction],
    conditions: tuple[Fraction, Fraction],
    in_float: bool,
) -> Any:
    size = draw(st.integers(*sizes))
    condition = draw_between(draw, *conditions) if size > 1 else Fraction(1)
    lowest = draw_between(draw, values[0], values[1] / condition)
    highest = lowest * condition
    between = [draw_between(draw, lowest, highest) for _ in range(size - 2)]
    entries = [lowest, highest, *between][:size]
    frame = draw_orthogonal(draw, size)
    return told(frame * diagonal(entries) * frame.transpose(), in_float)
