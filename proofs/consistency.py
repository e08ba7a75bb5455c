"""Evidence ``consistency``: whether what a claim assumes can hold at all.

From contradictions everything follows.  Given equations are taken apart: those that define a
function for every argument are inserted into the others; what remains must be equations of motion,
one a function, with values at one start.  Then a solution exists near the start (Peano).
"""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Ge, Gt, Le, Lt, MatrixExpr
from sympy.core.function import AppliedUndef

from .domain import Domain, gap
from .evidence import Budget
from .exact.zero_test import free_atoms
from .expansion import assumed_equations, inequalities
from .instances import declared, fits
from .motion import Givens
from .signs import Signs
from .verdicts import Status, Verdict

__all__ = ["Consistency"]


class Consistency:
    """Proved where the assumptions hold somewhere; vacuous where two of them contradict."""

    kind = "consistency"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Claims that assume or define something between scalars; matrices are not looked at."""
        return bool(_told(claim) or claim.where)

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Vacuous, undecided, or proved; the reason names the assumptions at fault."""
        count = len(_told(claim)) + len(claim.where)
        for status, reason in (
            (Status.VACUOUS, _false(claim)),
            (Status.UNDECIDED, _outside_its_domain(claim)),
            *_equations(claim, rng),
        ):
            if reason:
                return Verdict(self.kind, status, count, 0, reason=reason)
        return Verdict(self.kind, Status.PROVED, count, count)


def _told(claim: Claim) -> list[Any]:
    return [relation for relation in claim.given if not relation.atoms(MatrixExpr)]


def _false(claim: Claim) -> str:
    for relation in claim.given:
        if claim.expand(relation) == False:  # noqa: E712 (a SymPy boolean)
            return f"{relation} is false by the definitions"
    return ""


def _outside_its_domain(claim: Claim) -> str:
    """A defined symbol or function whose declared sign its definition does not show."""
    relations = inequalities(claim)
    for definition in claim.where:
        body = claim.expand(definition.body)
        if declared(definition.head) and not fits(definition.head, body, relations):
            return f"the definition of {definition.symbol} does not show its declared domain"
    return ""


def _equations(claim: Claim, rng: np.random.Generator) -> list[tuple[Status, str]]:
    givens = Givens(assumed_equations(claim), inequalities(claim), rng)
    conflict, doubt = givens.resolve()
    conflict = conflict or _contradiction(givens.relations)
    doubt = doubt or _apart(givens.relations)
    unseen = "" if conflict or doubt else _unseen(givens.relations, rng)
    return [(Status.VACUOUS, conflict), (Status.UNDECIDED, doubt or unseen)]


def _contradiction(relations: list[Any]) -> str:
    """An inequality, or two of them, that no point satisfies."""
    for relation in relations:
        if isinstance(relation, Gt | Ge | Lt | Le):
            sign = Signs([]).sign(gap(relation))
            if sign < 0 or (gap(relation) == 0 and isinstance(relation, Gt | Lt)):
                return f"{relation} contradicts what else is assumed"
        elif relation == False:  # noqa: E712 (a SymPy boolean)
            return "an assumed inequality contradicts the given values"
    kept = [r for r in relations if isinstance(r, Gt | Ge | Lt | Le)]
    for one, other in combinations(kept, 2):
        total = (gap(one) + gap(other)).expand()
        touching = total == 0 and (isinstance(one, Gt | Lt) or isinstance(other, Gt | Lt))
        if touching or Signs([]).sign(total) < 0:
            return f"{one} and {other} contradict each other"
    return ""


def _apart(relations: list[Any]) -> str:
    """Two ranges of one function that exclude each other, should they hold for all arguments."""
    kept = [r for r in relations if isinstance(r, Gt | Ge | Lt | Le)]
    for one, other in combinations(kept, 2):
        for f, g in product(one.atoms(AppliedUndef), other.atoms(AppliedUndef)):
            if f.func == g.func and f.args != g.args and all(x.is_Symbol for x in g.args):
                moved = gap(other).xreplace(dict(zip(g.args, f.args, strict=True)))
                if Signs([]).sign((gap(one) + moved).expand()) < 0:
                    return f"{one} and {other} exclude each other, should they hold for all"
    return ""


def _unseen(relations: list[Any], rng: np.random.Generator) -> str:
    atoms = {atom for relation in relations for atom in free_atoms(relation)}
    if not atoms or Domain(list(atoms), relations).draw(rng) is not None:
        return ""
    return "no point was found that satisfies the assumptions"
