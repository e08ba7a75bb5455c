"""Whether an equation says less than a claim: it holds by less than the claim needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Eq

from .time_limit import check_time

__all__ = ["Holds", "reductions", "says_less"]

Holds = Callable[[Claim, Any], str]
"""Whether a relation holds by the definitions and the given equations of a claim, not by what the
claim states: "proved", "refuted", "undecided" where no number tells against it, or "unknown".
"""


def says_less(claim: Claim, relation: Any, holds: Holds) -> str:
    """Why the relation says less than the claim; empty where nothing tells so.

    A relation that holds already by a part of what is assumed, where the claim does not, cannot say
    what the claim says: it is one of the definitions or of the given equations, or of their
    consequences.  Of the relation it is enough that no number tells against it.
    """
    for reduced, told in reductions(claim):
        check_time()
        mine = holds(reduced, relation)
        if mine not in ("proved", "undecided"):
            continue
        theirs = holds(reduced, claim.statement)
        if theirs == "refuted" or (mine == "proved" and theirs != "proved"):
            return f"it follows {told}, and the claim does not: it says less"
    return ""


def reductions(claim: Claim) -> Iterator[tuple[Claim, str]]:
    """The claim with a part of what it assumes, and that part in words.

    Each definition alone, each given equation alone, the definitions alone, and all but one of the
    given equations.  Signs and given inequalities stay.
    """
    equations = [a for a in claim.assumptions if isinstance(a.relation, Eq)]
    others = tuple(a for a in claim.assumptions if not isinstance(a.relation, Eq))
    of_matrices = () if claim.facts is None else claim.facts.given

    def having(where: Any, told: Any, matrices: Any) -> Claim:
        facts = claim.facts if claim.facts is None else replace(claim.facts, given=matrices)
        assumptions = (*others, *told)
        return replace(
            claim, where=tuple(where), assumptions=assumptions, facts=facts, derivation=None
        )

    for definition in claim.where:
        yield having((definition,), (), ()), f"from the definition of {definition.head} alone"
    for one in equations:
        yield having((), (one,), ()), f"from {_told(one.relation)} alone"
    for given in of_matrices:
        yield having((), (), (given,)), f"from {_told(given)} alone"
    if equations or of_matrices:
        yield having(claim.where, (), ()), "without what is given"
    for one in equations:
        rest = [a for a in equations if a is not one]
        yield having(claim.where, rest, of_matrices), f"without {_told(one.relation)}"
    for given in of_matrices:
        fewer = tuple(g for g in of_matrices if g is not given)
        yield having(claim.where, equations, fewer), f"without {_told(given)}"


def _told(relation: Any) -> str:
    return f"{relation.lhs} = {relation.rhs}"
