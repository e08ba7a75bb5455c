"""Strategies for the exact points of a claim's domain."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ..domain import Domain, includes_zero

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


@st.composite
def _point(draw: DrawFn, domain: Domain) -> Any:
    def choose(atom: Any, low: Any, high: Any) -> Fraction:
        if atom.is_integer:
            return Fraction(draw(st.integers(1, 12)))
        inside = _between(low, high)
        return draw(inside | st.just(low) if includes_zero(atom, low) else inside)

    return domain.build(choose, draw(st.permutations(domain.atoms)))


def points_of(domain: Domain) -> SearchStrategy[Mapping[Any, Fraction]]:
    """Exact rational points of the domain, as values of its atoms."""
    return _point(domain).filter(lambda point: point is not None and domain.contains(point))


def from_claim(claim: Claim) -> SearchStrategy[Mapping[Any, Fraction]]:
    """Exact points at which the assumptions of a scalar claim hold: symbol -> ``Fraction``.

    Raises ``TypeError`` for a matrix claim, ``ValueError`` when no point satisfies the
    assumptions (found only while drawing, as Hypothesis does).
    """
    from ..trial import Trial

    if not hasattr(claim, "statement"):
        raise TypeError(f"claim: {claim!r} is no claim: pass the object that @claim made")
    if claim.kind == "matrix":
        raise TypeError(f"claim: {claim.id} is a matrix claim: its letters have symbolic sizes")
    return points_of(Trial(claim).domain)
