"""Strategy for balanced initial weights of a three-layer linear network."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Generic, NamedTuple, TypeVar, overload

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .arguments import Exact, exact, flag, in_order, invalid, lazily, number_type, whole
from .balance import Scales, Sizes, is_orthogonal, layers, obstacle, root_above, square_root
from .matrices import columns, draw_orthogonal, fmpq_matrix, told
from .rationals import Array, Matrix, draw_between

__all__ = ["Weights", "balanced_initializations"]

M = TypeVar("M")

LARGEST = 4  # number of inputs and outputs drawn by default


class Weights(NamedTuple, Generic[M]):
    """Weights of a three-layer network: W21 of shape (N2, N1), W32 of shape (N3, N2)."""

    W21: M
    W32: M


@overload
def balanced_initializations(
    *,
    sizes: tuple[int, int, int] | None = ...,
    imbalance: Exact | None = ...,
    aligned_with: tuple[Any, Any] | None = ...,
    min_scale: Exact = ...,
    max_scale: Exact = ...,
    allow_zero: bool = ...,
    dtype: type[Fraction] = ...,
) -> SearchStrategy[Weights[Matrix]]: ...


@overload
def balanced_initializations(
    *,
    sizes: tuple[int, int, int] | None = ...,
    imbalance: Exact | None = ...,
    aligned_with: tuple[Any, Any] | None = ...,
    min_scale: Exact = ...,
    max_scale: Exact = ...,
    allow_zero: bool = ...,
    dtype: type[float],
) -> SearchStrategy[Weights[Array]]: ...


@lazily
def balanced_initializations(
    *,
    sizes: tuple[int, int, int] | None = None,
    imbalance: Exact | None = 0,
    aligned_with: tuple[Any, Any] | None = None,
    min_scale: Exact = "1/1000",
    max_scale: Exact = 2,
    allow_zero: bool = False,
    dtype: Any = Fraction,
) -> SearchStrategy[Any]:
    """Weights with W32^T W32 - W21 W21^T = lambda I exactly, lambda being ``imbalance``.

    ``sizes`` is (N1, N2, N3): inputs, hidden units, outputs; without it N1 and N3 up to 4 are
    drawn, and N2 up to one more, so bottlenecks and wide hidden layers occur.
    ``imbalance=None`` draws any lambda that the sizes admit, zero first.

    W21 = R D1 V^T and W32 = U D2 R^T, with R, U, V drawn.  In each hidden direction that both
    layers reach, their strengths p and q have ``min_scale <= (p + q)/2 <= max_scale``, every
    decade equally likely (lambda = 0: p = q, a mode of initial strength p^2), raised to
    sqrt(abs(lambda))/2 where need be.  ``allow_zero`` lets the weaker layer leave out directions.

    ``aligned_with=(U, V)``, orthogonal matrices of shapes (N3, N3) and (N1, N1), aligns the
    layers with data Sigma31 = U S V^T: then U^T W32 W21 V is diagonal with entries pq >= 0, the
    initial strengths a0 of the modes; with N2 < min(N1, N3) any N2 of the modes are alive.  For a
    mode of negative a0, change the sign of a column of U.

    Draws ``Weights``, a pair (W21, W32) of nested lists of ``Fraction``; with ``dtype=float`` of
    float64 arrays, each weight rounded to nearest.  Shrinks to identities of the smallest sizes.

    Raises ``InvalidArgument`` on first use for sizes that are not three positive ints or admit
    no such imbalance (lambda > 0 needs N3 >= N2, lambda < 0 needs N1 >= N2, and a direction that
    only one layer reaches a rational sqrt(abs(lambda))), for scales that are not positive, not
    in order or too small for the imbalance, and for matrices that are not exactly orthogonal.

    >>> @given(balanced_initializations(sizes=(4, 2, 3), dtype=float))
    ... def test_my_training_conserves_balance(start):
    ...     W21, W32 = start

    Source: C = W21 W21^T - W32^T W32 is conserved (``descent.conservation``); lambda-balanced
    starts of ``modes.riccati``: Fukumizu 1998; Braun et al. 2022.
    """
    scales = _scales(min_scale, max_scale, allow_zero)
    in_float = number_type(dtype, scales.low, scales.high)
    wanted = None if imbalance is None else exact("imbalance", imbalance)
    frames = None if aligned_with is None else _frames(aligned_with)
    if wanted is not None and abs(wanted) > (2 * scales.high) ** 2:
        fix = f"give at least sqrt(abs(imbalance))/2, such as {root_above(abs(wanted)) / 2}"
        raise invalid("max_scale", max_scale, f"is too small for imbalance={wanted}", fix)
    fixed = _sizes(sizes, wanted)
    if fixed and frames and (fixed[2], fixed[0]) != (frames[0].nrows(), frames[1].nrows()):
        shapes = f"({fixed[2]}, {fixed[2]}) and ({fixed[0]}, {fixed[0]})"
        raise invalid("aligned_with", aligned_with, f"does not fit sizes={sizes}", f"give {shapes}")
    return _initializations(fixed, wanted, frames, scales, in_float)


def _scales(min_scale: Any, max_scale: Any, allow_zero: Any) -> Scales:
    low, high = exact("min_scale", min_scale, above=0), exact("max_scale", max_scale, above=0)
    in_order("min_scale", low, "max_scale", high)
    return Scales(low, high, flag("allow_zero", allow_zero))


def _sizes(sizes: Any, imbalance: Fraction | None) -> Sizes | None:
    if sizes is None:
        return None
    if not isinstance(sizes, Sequence) or isinstance(sizes, str) or len(sizes) != 3:
        raise invalid("sizes", sizes, "is not (N1, N2, N3)", "give three ints, such as (3, 2, 4)")
    inputs, hidden, outputs = (whole("sizes", size, least=1) for size in sizes)
    found = inputs, hidden, outputs
    problem = None if imbalance is None else obstacle(found, imbalance)
    if problem:
        fix = "change it, or give sizes that admit it"
        raise invalid("imbalance", imbalance, f"with sizes={found} {problem}", fix)
    return found


def _frames(aligned_with: Any) -> tuple[Any, Any]:
    try:
        U, V = (
            fmpq_matrix([[exact("aligned_with", x) for x in row] for row in matrix])
            for matrix in aligned_with
        )
        fits = is_orthogonal(U) and is_orthogonal(V)
    except (TypeError, ValueError):  # no two matrices: not iterable, ragged, no numbers
        fits = False
    if not fits:
        problem = "is no pair (U, V) of exactly orthogonal square matrices"
        fix = "draw them from orthogonal_matrices(size=...)"
        raise invalid("aligned_with", aligned_with, problem, fix)
    return U, V


@st.composite
def _initializations(
    draw: DrawFn,
    sizes: Sizes | None,
    imbalance: Fraction | None,
    frames: tuple[Any, Any] | None,
    scales: Scales,
    in_float: bool,
) -> Any:
    chosen = sizes or _draw_sizes(draw, imbalance, frames)
    wanted = _draw_imbalance(draw, chosen, scales) if imbalance is None else imbalance
    inputs, hidden, outputs = chosen
    R = draw_orthogonal(draw, hidden)
    if frames is None:
        U, V = draw_orthogonal(draw, outputs), draw_orthogonal(draw, inputs)
    else:
        U, V = _modes_in_any_order(draw, *frames)
    made = layers(draw, chosen, wanted, scales, (R, U, V))
    return Weights(*(told(matrix, in_float) for matrix in made))


def _draw_sizes(draw: DrawFn, imbalance: Fraction | None, frames: Any) -> Sizes:
    """Sizes that admit the imbalance."""
    if frames is None:
        outputs, inputs = draw(st.integers(1, LARGEST)), draw(st.integers(1, LARGEST))
    else:
        outputs, inputs = (frame.nrows() for frame in frames)
    most = max(inputs, outputs) + 1
    if imbalance:
        stronger = outputs if imbalance > 0 else inputs
        most = stronger if square_root(abs(imbalance)) is not None else min(inputs, outputs)
    return inputs, draw(st.integers(1, most)), outputs


def _draw_imbalance(draw: DrawFn, sizes: Sizes, scales: Scales) -> Fraction:
    """Zero or an imbalance that sizes and scales admit: a square where one must be."""
    signs = [sign for sign in (0, 1, -1) if obstacle(sizes, Fraction(sign)) is None]
    sign = draw(st.sampled_from(signs))
    if not sign:
        return Fraction(0)
    root = draw_between(draw, scales.low, 2 * scales.high)
    needs_square = obstacle(sizes, Fraction(2 * sign)) is not None
    return sign * root * (root if needs_square else draw_between(draw, scales.low, 2 * scales.high))


def _modes_in_any_order(draw: DrawFn, U: Any, V: Any) -> tuple[Any, Any]:
    """Pairs of singular vectors in one drawn order, so that a bottleneck keeps any of them."""
    paired = min(U.nrows(), V.nrows())
    order = list(draw(st.permutations(range(paired))))
    left, right = (columns(X, [*order, *range(paired, X.nrows())]) for X in (U, V))
    return left, right
