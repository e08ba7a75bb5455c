"""Strategies for the exact points of a claim's domain."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ..domain import Domain, includes_zero, integers_between
from .arguments import invalid

if TYPE_CHECKING:
    from lemmata.theory.claims import Claim

__all__ = ["from_claim", "points_of", "positive_rationals"]


def positive_rationals() -> SearchStrategy[Fraction]:
    """Positive rationals, mostly of order 1, some up to 1000 and down to 1/1000; shrink to 1."""
    return st.builds(
        lambda n, d, k: Fraction(n, d) * Fraction(10) ** k,
        st.integers(1, 25),
        st.integers(1, 12),
        st.sampled_from([0, 0, 0, 0, 1, -1, 2, -2]),
    )


@lru_cache(maxsize=4096)
def _between(low: Fraction | None, high: Fraction | None) -> SearchStrategy[Fraction]:
    if low is not None and high is not None:
        share = st.builds(lambda n, m: Fraction(n, n + m), st.integers(1, 20), st.integers(1, 20))
        return share.map(lambda x: low + (high - low) * x)
    if low is not None:
        return positive_rationals().map(lambda x: low + x)
    if high is not None:
        return positive_rationals().map(lambda x: high - x)
    sign = st.sampled_from([1, -1])
    return st.builds(lambda x, s: s * x, positive_rationals(), sign) | st.just(Fraction(0))


@lru_cache(maxsize=4096)
def _or_low(low: Fraction, high: Fraction | None) -> SearchStrategy[Fraction]:
    return _between(low, high) | st.just(low)


@st.composite
def _point(draw: DrawFn, domain: Domain) -> Any:
    def choose(atom: Any, low: Any, high: Any) -> Fraction:
        if atom.is_integer:
            return Fraction(draw(st.integers(*integers_between(low, high))))
        return draw(_or_low(low, high) if includes_zero(atom, low) else _between(low, high))

    return domain.build(choose, draw(st.permutations(domain.atoms)))


def points_of(domain: Domain) -> SearchStrategy[Mapping[Any, Fraction]]:
    """Exact rational points of the domain, as values of its atoms."""
    return _point(domain).filter(lambda point: point is not None and domain.contains(point))


def from_claim(claim: Claim) -> SearchStrategy[Mapping[Any, Fraction]]:
    """Exact points at which the assumptions of a scalar claim hold: symbol -> ``Fraction``.

    Each symbol is drawn inside the bounds that the assumptions linear in it set; other
    assumptions are filtered for.  Functions left undefined, such as a(t), are free values too.

    Raises ``InvalidArgument`` (a ``TypeError``) at once for what is no claim and for a matrix
    claim.  Where no point satisfies the assumptions Hypothesis says so while drawing
    (``Unsatisfiable``, or a failed health check).

    >>> @given(from_claim(collect()["modes.learning_time"]))
    ... def test_my_learning_time(point):
    ...     values = {symbol.name: value for symbol, value in point.items()}
    """
    from ..trial import Trial

    if not hasattr(claim, "statement"):
        raise invalid("claim", claim, "is no claim", "pass the object that @claim made")
    if claim.kind == "matrix":
        problem = "is a matrix claim, its letters have symbolic sizes"
        fix = "draw matrices from orthogonal_matrices() and its like"
        raise invalid("claim", claim.id, problem, fix)
    return points_of(Trial(claim).domain)
