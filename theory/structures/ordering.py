"""Items in an order: property m is had by item m and all that follow it."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Integer, Lambda, Lt, Rational, cos, pi, sin

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Combines, Derivation, Premise, Step
from ..edges import Witness
from ..outputs import Listed
from .letters import P, i, j, k, v, x, y

__all__ = ["SINGULAR_VALUE", "coarse_first", "first", "gram", "last", "ordering", "properties"]

_SOURCE = "Saxe, McClelland & Ganguli: items in a transitive order"
u, s = Function("u"), Function("s")
"""Entry of the feature synthesizer at a property; singular value."""
ANGLE = (2 * k - 1) * pi / (2 * P + 1)
SINGULAR_VALUE = 1 / (2 * sin((2 * k - 1) * pi / (4 * P + 2)))


_WHERE = (
    define(v, Lambda(j, sin(j * ANGLE)), means="object analyzer at item j"),
    define(u, Lambda(j, cos((2 * j - 1) * ANGLE / 2)), means="synthesizer at property j"),
    define(s, Lambda(k, SINGULAR_VALUE), means="singular value"),
)
_DOWN = Eq(s(k) * (u(i) - u(i + 1)), v(i))
_UP = Eq(s(k) * (v(i) - v(i - 1)), u(i))


@claim(
    "structures.ordering",
    where=_WHERE,
    rests_on=["structures.ordering.last"],
    source=_SOURCE,
    evaluation=Evaluation(
        inputs={"P": P},
        outputs={"singular_values": Listed(SINGULAR_VALUE, (k, 1, P))},
    ),
)
def ordering() -> Any:
    """With y_m(i) = 1 for i >= m, Y v = s_k u for s_k = 1/(2 sin((2k-1) pi/(4P+2))), k = 1, ..., P.

    Row i of Y less row i + 1 is item i alone: here s_k (u(i) - u(i+1)) = v(i).  With the last row,
    ``structures.ordering.last``, all rows follow one by one from the last.  Object analyzers are
    sin(j theta), feature synthesizers cos((j - 1/2) theta), theta = (2k-1) pi/(2P+1): the larger
    k, the finer, and the smaller s_k.
    """
    return _DOWN


@claim("structures.ordering.last", where=_WHERE, source=_SOURCE)
def last() -> Any:
    """The last property is had by the last item alone: s_k u(P) = v(P)."""
    return Eq(s(k) * u(P), v(P))


@claim(
    "structures.ordering.properties",
    where=_WHERE,
    rests_on=["structures.ordering.first"],
    source=_SOURCE,
)
def properties() -> Any:
    """Y^T u = s_k v: item i has one property more than item i - 1, s_k (v(i) - v(i-1)) = u(i)."""
    return _UP


@claim("structures.ordering.first", where=_WHERE, source=_SOURCE)
def first() -> Any:
    """The first item has the first property alone: s_k v(1) = u(1)."""
    return Eq(s(k) * v(1), u(1))


_GRAM = Eq(s(k) ** 2 * (2 * v(i) - v(i - 1) - v(i + 1)), v(i))


def _gram() -> Derivation:
    return Derivation(
        (
            Step("rows of Y", _DOWN, Premise("structures.ordering")),
            Step("columns of Y", _UP, Premise("structures.ordering.properties")),
            Step(
                "the column after",
                Eq(s(k) * (v(i + 1) - v(i)), u(i + 1)),
                Premise("structures.ordering.properties", {i: i + 1}),
            ),
            Step(
                "insert the columns into the row",
                _GRAM,
                Combines({1: 1, 2: s(k), 3: -s(k)}),
            ),
        )
    )


@claim(
    "structures.ordering.gram",
    where=_WHERE,
    rests_on=["structures.ordering", "structures.ordering.properties"],
    derivation=_gram,
    source=_SOURCE,
)
def gram() -> Any:
    """The inverse of Y^T Y is that of a chain, 2 and -1: items in an order differ step by step.

    Its first end is free of sigma^2 and fixed, v(0) = 0; its last is reflected, v(P+1) = v(P).
    """
    return _GRAM


@claim("structures.ordering.square", rests_on=["structures.ordering"], source=_SOURCE)
def square() -> Any:
    """s_k^2 is 1/(2 - 2 cos theta), the covariance of a wave without a prior variance."""
    return Eq(SINGULAR_VALUE**2 * (2 - 2 * cos(ANGLE)), 1)


@claim(
    "structures.ordering.coarse_first",
    given=[x < y, y <= pi],
    rests_on=["structures.ordering.square"],
    source=_SOURCE,
)
def coarse_first() -> Any:
    """Of two waves the slower has the smaller 1/s^2: early items split from late ones first.

    Mode k turns by (2k-1) pi/(2P+1) an item, less than pi; finer distinctions follow in order.
    """
    return Lt(2 - 2 * cos(x), 2 - 2 * cos(y))


@claim(
    "structures.ordering.strict_slogan",
    expects="refuted",
    corrected_by=["structures.ordering"],
    source="a strict order, in which an item lacks the property of its own place",
    witness=Witness({k: Integer(1), P: Integer(1)}, (Rational(1, 2),)),
)
def strict_slogan() -> Any:
    """Guard: with y_m(i) = 1 for i > m the singular values are not the same.

    The first item then has no property and the last property no item: P - 1 of the others remain,
    with the values of P - 1 items, in which 4P - 2 stands in place of 4P + 2, and a zero.

    The sides are singular value k of P items and of P - 1.
    """
    return Eq(SINGULAR_VALUE, 1 / (2 * sin((2 * k - 1) * pi / (4 * P - 2))))
