"""Whether what a claim assumes can hold at all; from contradictions everything follows."""

from __future__ import annotations

from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Eq, Ge, Gt, Le, Lt, MatrixExpr

from .domain import Domain, gap
from .exact.zero_test import decide_zero, free_atoms
from .expansion import inequalities, premise_rules, rewrite
from .signs import Signs

__all__ = ["contradiction"]


def contradiction(claim: Claim, rng: np.random.Generator) -> str:
    """What contradicts what among the assumptions; empty when nothing is found.

    Two values given to one term; a value against the sign of its term or against an assumed
    inequality; inequalities that no point satisfies.
    """
    relations = inequalities(claim)
    equations = [
        claim.expand(r) for r in claim.given if isinstance(r, Eq) and not r.atoms(MatrixExpr)
    ]
    known: dict[Any, Any] = {}
    for equation in equations:
        for head, value in premise_rules([equation], relations).items():
            other = known.setdefault(head, value)
            if other != value and decide_zero(other - value, relations, rng=rng).status != "proved":
                return f"{head} is given the values {other} and {value}"
            wrong = _against_sign(head, value)
            if wrong:
                return wrong
    for relation in relations:
        if isinstance(relation, Gt | Ge | Lt | Le) and known:
            kept = rewrite(gap(relation), known)
            if Signs([]).sign(kept) == -1 or (kept == 0 and isinstance(relation, Gt | Lt)):
                return f"{relation} contradicts the given values"
    return _empty(relations, rng)


def _against_sign(head: Any, value: Any) -> str:
    sign = Signs([]).sign(value)
    if (sign < 0 and head.is_extended_nonnegative) or (sign > 0 and head.is_extended_nonpositive):
        return f"{head} cannot have the value {value}"
    return ""


def _empty(relations: list[Any], rng: np.random.Generator) -> str:
    atoms = {atom for relation in relations for atom in free_atoms(relation)}
    if not atoms or Domain(list(atoms), relations).draw(rng) is not None:
        return ""
    return "no point satisfies the assumptions"
