"""Similarity of two items, from the branching diffusion itself."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Integer, Product, Rational, Sum

from ..claims import Evaluation, claim
from ..derivations import Derivation, Follows, Induction, Premise, Step
from ..edges import Witness
from ..levels import Recursion
from .sequences import (
    CHANGE,
    FLIPS,
    SIMILARITY,
    STAY,
    B,
    D,
    Delta,
    epsilon,
    j,
    k,
    l,
    levels,
    q,
    rho,
    whole,
)

__all__ = ["PAIR", "path", "rises", "similarity"]

_RUN = whole("m")
_ONE, _TWO = Function("chi"), Function("g")
_FLIP, _KEEP = epsilon(_RUN), 1 - epsilon(_RUN)

LINK = Recursion(
    _ONE(_RUN),
    k,
    Integer(1),
    _KEEP * _ONE(_RUN) + _FLIP * (-_ONE(_RUN)),
)
"""Mean product of a node at level k and one below it: one more link keeps the sign or flips it."""
PAIR = Recursion(
    _TWO(_RUN),
    k,
    Integer(1),
    _KEEP**2 * _TWO(_RUN) + 2 * _KEEP * _FLIP * (-_TWO(_RUN)) + _FLIP**2 * _TWO(_RUN),
)
"""Mean product of two nodes at level m whose paths part at level k: each has a link of its own.

Both flip, one of them, or none, independently; (+-1)^2 = 1 where the paths part.
"""
_RANGES = ((k, Integer(0), D), (_RUN, k, D))


def _levels(recursion: Recursion) -> Any:
    return levels((k, Integer(0), D), (_RUN, k, D), recursions=(recursion,))


_CHAIN = Eq(_ONE(_RUN), Product(1 - 2 * epsilon(j), (j, k, _RUN - 1)), evaluate=False)


@claim(
    "hierarchy.similarity.path",
    levels=_levels(LINK),
    derivation=Derivation(
        (
            Step("a node agrees with itself", LINK.first, Premise()),
            Step("the next link keeps the sign, or flips it", LINK.step, Premise()),
            Step(
                "so that the mean shrinks by 1 - 2 epsilon",
                Eq(_ONE(_RUN + 1), (1 - 2 * epsilon(_RUN)) * _ONE(_RUN), evaluate=False),
                Follows(),
            ),
            Step(
                "from link to link",
                _CHAIN,
                Induction(_RUN, k, 1 - 2 * epsilon(_RUN - 1)),
            ),
        )
    ),
    source="Saxe, McClelland & Ganguli: the branching diffusion process",
)
def path() -> Any:
    """The mean product of a node with one below it is the product of 1 - 2 epsilon over the links.

    In any tree two items are tied by the links from their closest common ancestor to each: the
    two paths are independent, so that their similarity is the product over both.
    """
    return _CHAIN


_ITEMS = Eq(_TWO(_RUN) * q(_RUN), q(k))
_SQUARED = Eq(_TWO(_RUN), Product((1 - 2 * epsilon(j)) ** 2, (j, k, _RUN - 1)), evaluate=False)


@claim(
    "hierarchy.similarity",
    where=[STAY, SIMILARITY],
    levels=_levels(PAIR),
    rests_on=["hierarchy.similarity.path"],
    derivation=Derivation(
        (
            Step("the two paths part at one node, whose sign squared is 1", PAIR.first, Premise()),
            Step("below it each path has a link of its own", PAIR.step, Premise()),
            Step(
                "so that each level costs the factor (1 - 2 epsilon)^2",
                Eq(_TWO(_RUN + 1), rho(_RUN) * _TWO(_RUN), evaluate=False),
                Follows(),
            ),
            Step("from level to level", _SQUARED, Induction(_RUN, k, rho(_RUN - 1))),
            Step(
                "what the links down to level m keep, times what those below keep, is q_k",
                _ITEMS,
                Induction(_RUN, k),
            ),
        )
    ),
    source="Saxe, McClelland & Ganguli: similarity of two items of the branching diffusion",
    evaluation=Evaluation(
        inputs={"B": B, "epsilon": epsilon, "level": k},
        outputs={"q": q(k)},
    ),
)
def similarity() -> Any:
    """Two items that part at level k have the similarity q_k, the product of (1 - 2 epsilon_l)^2.

    g_m is the mean product of their ancestors at level m, from the recursion of the model; at
    m = D, where q_D = 1, these are the items.  Only the square of 1 - 2 epsilon enters: a link
    that flips with epsilon and one with 1 - epsilon are alike, epsilon = 1/2 cuts off what is
    above it.
    """
    return _ITEMS


_RISE = Eq(Sum(Delta(l), (l, 0, k)), q(k), evaluate=False)


@claim(
    "hierarchy.similarity.rises",
    where=[STAY, SIMILARITY, CHANGE],
    levels=levels((k, Integer(0), D), sequences=(FLIPS,)),
    derivation=Derivation(
        (
            Step(
                "each rise is a difference of similarities",
                Eq(Delta(k), q(k) - q(k - 1), evaluate=False),
                Follows(),
            ),
            Step("the sum telescopes", _RISE, Induction(k, 0)),
        )
    ),
    source="the similarity matrix as a sum over levels",
)
def rises() -> Any:
    """q_k is the sum of the rises Delta_l = q_l - q_(l-1) down to level k, with q_(-1) = 0.

    Two items share all categories down to their closest common ancestor: the similarity matrix is
    the sum over levels of Delta_l times the matrix that is 1 inside the categories of level l.
    """
    return _RISE


@claim(
    "hierarchy.similarity.one_path_slogan",
    levels=_levels(PAIR),
    expects="refuted",
    corrected_by=["hierarchy.similarity"],
    source="similarity read along one path only",
    witness=Witness(
        {D: 1, k: 0, _RUN: 1, epsilon(0): Rational(1, 10)}, (Rational(64, 100) - Rational(8, 10),)
    ),
)
def one_path() -> Any:
    """Guard: the similarity of two items is not the product of 1 - 2 epsilon along one path.

    g_m is the mean product of the ancestors of two items at level m, k the level of their
    closest common ancestor.
    """
    return Eq(_TWO(_RUN), Product(1 - 2 * epsilon(j), (j, k, _RUN - 1)), evaluate=False)
