"""One relation, or a chain of them, against one claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Eq, Equivalent, Ge, Gt, Le, Lt, MatrixExpr, Ne
from sympy.core.relational import Relational

from ..verdicts import Status
from .cases import has_cases, without_cases
from .comparison import Comparison, Known, proved, undecided
from .inequalities import ScalarInequalities
from .limit_values import limits_of
from .matrices import MatrixEquations
from .numeric_sums import written_out
from .plain_functions import plainly
from .scalar import ScalarEquations
from .sequences import SequenceRelations
from .time_limit import OutOfTimeError, limited

__all__ = ["SECONDS", "compare", "compare_chain", "known", "prepared", "undecided_cases"]

SECONDS = 5.0
"""Of the processor: how long one equation is compared with a claim."""
_KINDS = (
    ("an equation", Eq),
    ("an inequality", (Gt, Ge, Lt, Le)),
    ("an equivalence", Equivalent),
    ("the opposite of an equation", Ne),
)


def known(claim: Claim) -> Known:
    """What the court knows of the claim, ready to compare relations with it."""
    if claim.kind == "levels":
        return SequenceRelations(claim)
    if claim.kind == "matrix":
        return MatrixEquations(claim)
    if claim.kind in ("inequality", "equivalence"):
        return ScalarInequalities(claim)
    return ScalarEquations(claim)


def prepared(claim: Claim, relation: Any, rng: np.random.Generator) -> Any:
    """The relation in what the court knows, without cases or sums that need not be."""
    relation = plainly(relation, claim)
    if claim.kind in ("matrix", "levels") or not isinstance(relation, Relational):
        return relation
    return without_cases(written_out(relation, claim.statement), claim, rng)


def compare(claim: Claim, about: Known, relation: Any, rng: np.random.Generator) -> Comparison:
    """Proved: it follows from the claim and says as much.  Refuted: it fails where the claim holds.

    For a slogan that is known to be false, refuted means that the relation is that slogan.
    """
    relation = prepared(claim, relation, rng)
    other = _another_kind(claim, relation)
    if other:
        return undecided(other)
    if claim.expects == "refuted":
        return _slogan(claim, about, relation, rng)
    follows = about.follows(relation, rng)
    if follows.status is Status.REFUTED:
        return follows
    same = about.same(relation, rng)
    if same.status is Status.PROVED:
        return same
    if follows.status is Status.PROVED:
        return same
    unshown = same.reason.removeprefix("it holds, but ")
    told = dict.fromkeys(reason for reason in (follows.reason, unshown) if reason)
    return undecided("; ".join(told))


def undecided_cases(claim: Claim, relation: Any) -> str:
    """Why a relation that distinguishes cases is not compared; empty where it is."""
    if claim.kind in ("matrix", "levels") or not has_cases(relation):
        return ""
    return "its cases are not shown to be one formula"


def _another_kind(claim: Claim, relation: Any) -> str:
    """Why the relation cannot state the claim: it is none, or one of another kind."""
    if not isinstance(relation, Relational | Equivalent):
        return "both sides are the same or opposite: it says nothing"
    if claim.kind not in ("matrix", "levels") and relation.atoms(MatrixExpr):
        return "it is between matrices, and the claim between numbers"
    if undecided_cases(claim, relation):
        return undecided_cases(claim, relation)
    if limits_of(relation) and not isinstance(relation, Eq):
        return "limits are compared in equations only"
    mine, theirs = _kind(relation), _kind(claim.statement)
    return "" if mine == theirs else f"it is {mine}, and the claim {theirs}"


def _kind(relation: Any) -> str:
    return next((word for word, kind in _KINDS if isinstance(relation, kind)), "another relation")


def _slogan(claim: Claim, about: Known, relation: Any, rng: np.random.Generator) -> Comparison:
    if isinstance(about, ScalarEquations) and about.contradicts(relation, rng):
        reason = f"{claim.id} is a slogan known to be false, and this is another statement"
        return undecided(reason)
    same = about.same(relation, rng)
    if same.status is not Status.PROVED:
        reason = f"{claim.id} is a slogan known to be false, and this is not shown to say it"
        return undecided(f"{reason}: {same.reason}")
    witness = claim.witness
    point = {k: str(v) for k, v in witness.at.items()} if witness is not None else {}
    told = ", ".join(map(str, witness.difference)) if witness is not None else ""
    reason = f"it says what {claim.id} says, which is known to be false"
    if told:
        reason += f": left - right is {told} at the recorded point"
    return Comparison(Status.REFUTED, reason, point, apart=True)


def compare_chain(
    claim: Claim, about: Known, links: Sequence[Any], rng: np.random.Generator
) -> tuple[Comparison, int]:
    """The verdict on a chain of relations, and the link that decides it.

    Every link must follow from the claim, and two members must say as much as it does.
    """
    try:
        with limited(SECONDS):
            links = [prepared(claim, link, rng) for link in links]
            return _compared(claim, about, links, rng)
    except OutOfTimeError:
        # What was being looked up when it was interrupted is kept as unknown: begin anew.
        vars(about).clear()
        vars(about).update(vars(known(claim)))
        return undecided(f"not decided within {SECONDS:g} s"), 0


def _compared(
    claim: Claim, about: Known, links: Sequence[Any], rng: np.random.Generator
) -> tuple[Comparison, int]:
    if len(links) == 1:
        return compare(claim, about, links[0], rng), 0
    if claim.expects == "refuted":
        found = [compare(claim, about, link, rng) for link in links]
        worst = min(range(len(found)), key=lambda n: found[n].status)
        return found[worst], worst
    said, note = -1, ""
    doubt = (undecided(""), 0)
    for number, link in enumerate(links):
        other = _another_kind(claim, link)
        if other:
            doubt = (undecided(other), number) if not doubt[0].reason else doubt
            continue
        follows = about.follows(link, rng)
        if follows.status is Status.REFUTED:
            return follows, number
        same = about.same(link, rng) if said < 0 else undecided("")
        if same.status is Status.PROVED:
            said, note = number, same.note
        elif follows.status is not Status.PROVED and not doubt[0].reason:
            doubt = (replace(follows, reason=follows.reason or same.reason), number)
    if doubt[0].reason:
        return doubt
    if said < 0:
        said = _ends(about, links, rng)
    if said < 0:
        reason = "every equation of the chain holds, but none is shown to say as much as the claim"
        return undecided(reason), 0
    return proved(note), said


def _ends(about: Known, links: Sequence[Any], rng: np.random.Generator) -> int:
    """Whether the first and a later member of the chain say what the claim says."""
    first = links[0]
    for number, link in enumerate(links[1:], 1):
        if type(link) is type(first):
            jump = type(first)(first.lhs, link.rhs, evaluate=False)
            if about.same(jump, rng).status is Status.PROVED:
                return number
    return -1
