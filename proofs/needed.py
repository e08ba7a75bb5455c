"""Evidence ``assumptions``: what is assumed is needed, shown where it is dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from lemmata.theory.edges import Assumption
from sympy import Ge, Gt, Le, Lt

from .domain import Domain, gap, strict
from .evidence import Budget
from .trial import Trial
from .verdicts import Status, Verdict
from .words.decide import decide

__all__ = ["Needed"]

DRAWS = 200
_OPPOSITE = {Gt: Le, Ge: Lt, Lt: Ge, Le: Gt}


class Needed:
    """For each assumption a point where it alone fails and with it the statement.

    Recorded counterexamples are checked and must hold up; for the others one is searched.
    Proved when every assumption is needed; sampled, naming the rest, when for some of them no
    counterexample was found: that says nothing against the claim.
    """

    kind = "assumptions"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Claims that hold and assume inequalities, or matrix equations."""
        if claim.expects == "refuted":
            return False
        if claim.kind == "matrix":
            return claim.facts is not None and bool(claim.facts.given)
        return any(isinstance(r, Gt | Ge | Lt | Le) for r in claim.given)

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Counts assumptions and those shown to be needed."""
        if claim.kind == "matrix":
            found = _without_equations(claim, rng)
        else:
            found = [
                (a.relation, *_without(claim, a, rng))
                for a in claim.assumptions
                if isinstance(a.relation, Gt | Ge | Lt | Le)
            ]
        wrong = [f"{relation}: {fault}" for relation, fault, _ in found if fault]
        needed = [at for _, fault, at in found if at and not fault]
        open_ = [str(relation) for relation, fault, at in found if not at and not fault]
        if wrong:
            counts = len(found), len(needed)
            return Verdict(self.kind, Status.UNDECIDED, *counts, worst=wrong[0], reason=wrong[0])
        status = Status.SAMPLED if open_ else Status.PROVED
        reason = f"not shown to be needed: {'; '.join(open_)}" if open_ else ""
        return Verdict(self.kind, status, len(found), len(needed), reason=reason)


def _without_equations(claim: Claim, rng: np.random.Generator) -> list[tuple[Any, str, str]]:
    found = []
    for equation in claim.facts.given if claim.facts else ():
        assert claim.facts is not None
        decision = decide(claim.statement, claim.facts.without(equation), rng=rng)
        found.append((equation, "", "yes" if decision.status == "refuted" else ""))
    return found


def _without(
    claim: Claim, assumption: Assumption, rng: np.random.Generator
) -> tuple[str, str]:
    kept = tuple(a for a in claim.assumptions if a is not assumption)
    trial = Trial(replace(claim, assumptions=kept, derivation=None))
    atoms = trial.domain.atoms
    relation = claim.expand(assumption.relation)
    if assumption.counterexample is not None:
        recorded = _point(assumption.counterexample, atoms)
        if recorded is None:
            return "the counterexample leaves a symbol without a value", ""
        return _fault(trial, relation, recorded), str(recorded)
    turned = _OPPOSITE[type(relation)](relation.lhs, relation.rhs, evaluate=False)
    if not relation.free_symbols <= set(atoms):
        return "", ""
    for draw_from in (turned, None):
        relations = [*trial.domain.relations, *([turned] if draw_from is not None else [])]
        domain = Domain(atoms, relations)
        for _ in range(DRAWS):
            point = domain.draw(rng)
            if point is None:
                break
            if not _fault(trial, relation, point):
                return "", str(point)
    return "", ""


def _point(recorded: Mapping[Any, Any], atoms: Any) -> dict[Any, Fraction] | None:
    if any(atom not in recorded for atom in atoms):
        return None
    return {atom: Fraction(int(recorded[atom].p), int(recorded[atom].q)) for atom in atoms}


def _fault(trial: Trial, relation: Any, point: dict[Any, Fraction]) -> str:
    """Why the point does not show that the relation is needed; empty when it does."""
    if trial.domain.contains(point) is not True:
        return "the counterexample breaks another assumption as well"
    alone = Domain(list(point), [relation])
    if alone.contains(point) is not False:
        return f"the assumption that {gap(relation)} is {_told(relation)} holds there"
    holds = trial.holds(point)
    if holds is False or (holds is None and not trial.defined(point)):
        return ""
    return "the statement holds there"


def _told(relation: Any) -> str:
    return "positive" if strict(relation) else "not negative"
