"""Evidence ``mutants``: every single change of the statement is refuted or proved equivalent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from lemmata.numerics.codegen import UnknownFunctionError
from lemmata.theory.claims import Claim
from lemmata.theory.gaussian import GaussianAverage
from lemmata.theory.matrix_calculus import matrix_equation
from sympy import Eq, I, nan, together, zoo

from .averages_rule import averaged, no_average
from .derivation import changed_goal
from .domain import Domain, gap
from .evidence import Budget
from .expansion import inequalities, sides
from .identity import decide_claim
from .mutations import mutants as scalar_mutants
from .poles import defined_throughout
from .region import positive_multiple, prove_relation
from .rules import differentiated
from .signs import Signs
from .tied import derivation_decides
from .trial import Trial, relations_of
from .verdicts import Status, Verdict
from .witnesses import matrix_fault, scalar_fault
from .words.decide import decide
from .words.mutants import variants

__all__ = ["FLOOR", "LIMITS", "MutantEvidence", "counted", "spread"]

FLOOR = 8
LIMITS = {"quick": 16, "full": 60, "thorough": None}
POINTS = 60
MANY = 600
CORNERS = 8000
FEW = 4


class MutantEvidence:
    """Proved when no mutant is alive and there are at least ``FLOOR``; else undecided.

    ``refuted``: false somewhere, or undefined where the statement is defined.  ``equivalent``:
    proved to say the same, or, for an inequality, proved to be true as well.  A guard
    (``expects="refuted"``) is false already: there a mutant is killed when it is shown to be a
    different statement from the one that is guarded, so that the recorded slogan is pinned.
    """

    kind = "mutants"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Every claim."""
        return True

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Counts total, refuted, equivalent, alive; ``worst`` names a survivor."""
        return counted(self.outcomes(claim, budget, rng))

    def outcomes(
        self, claim: Claim, budget: Budget, rng: np.random.Generator
    ) -> list[tuple[str, str]]:
        """Each change in words, with "refuted", "equivalent" or "alive"."""
        limit = LIMITS[budget.profile]
        if claim.kind == "matrix":
            made: Sequence[Any] = variants(claim.statement)
            chosen = [(m.change, m.equation) for m in spread(made, limit)]
            judged = _matrix_outcome
        else:
            made = list(scalar_mutants(claim.statement))
            chosen = [(str(change), mutant) for change, mutant in spread(made, limit)]
            if claim.kind in ("equation", "solution"):
                judged = _equation_outcome
            else:
                judged = partial(_sign_outcome, original=Trial(claim))
        return [(change, judged(claim, mutant, rng)) for change, mutant in chosen]


def counted(outcomes: Sequence[tuple[str, str]]) -> Verdict:
    """The verdict on changes, each "refuted", "equivalent" or "alive"."""
    counts = dict.fromkeys(("refuted", "equivalent", "alive"), 0)
    survivors = []
    for change, outcome in outcomes:
        counts[outcome] += 1
        if outcome == "alive":
            survivors.append(change)
    total = len(outcomes)
    good = not survivors and total >= FLOOR
    return Verdict(
        MutantEvidence.kind,
        Status.PROVED if good else Status.UNDECIDED,
        drawn=total,
        decided=total - len(survivors),
        worst=survivors[0] if survivors else "",
        reason="" if good else _why(survivors, total),
        counts={"total": total, **counts},
    )


def _why(survivors: list[str], total: int) -> str:
    if survivors:
        return f"{len(survivors)} of {total} mutants survive"
    return f"only {total} mutants, {FLOOR} are needed"


def spread(made: Sequence[Any], limit: int | None) -> list[Any]:
    """At most ``limit`` of them, evenly spaced, so that no part of the statement is left out."""
    if limit is None or len(made) <= limit:
        return list(made)
    return [made[i * len(made) // limit] for i in range(limit)]


def _matrix_outcome(claim: Claim, mutant: Any, rng: np.random.Generator) -> str:
    if claim.expects == "refuted":
        if claim.witness and matrix_fault(replace(claim, statement=mutant)):
            return "refuted"
        original = claim.statement
        mutant = matrix_equation(mutant.lhs - mutant.rhs, original.lhs - original.rhs)
    decision = decide(mutant, claim.facts, rng=rng)
    # A mutant that is defined at no point is vacuous, and vacuous is never a pass.
    nowhere = decision.status == "undecided" and decision.drawn > 0 and not decision.decided
    if decision.status == "refuted" or nowhere:
        return "refuted"
    return "equivalent" if decision.status == "proved" else "alive"


def _equation_outcome(claim: Claim, mutant: Any, rng: np.random.Generator) -> str:
    if derivation_decides(claim):
        if averaged(claim) and no_average(claim, mutant, rng):
            return "refuted"
        found = changed_goal(claim, mutant, rng).status
        return {"refuted": "refuted", "proved": "equivalent"}.get(found, "alive")
    if claim.expects == "refuted" and isinstance(mutant, Eq):
        mutant = Eq(mutant.lhs - mutant.rhs, claim.statement.lhs - claim.statement.rhs)
        if mutant in (True, False):
            return "equivalent" if mutant == True else "refuted"  # noqa: E712 (SymPy booleans)
        if claim.kind == "solution":
            # Two formulas are compared as they stand, whatever equation they were to solve.
            kept = tuple(a for a in claim.assumptions if not isinstance(a.relation, Eq))
            claim = replace(claim, assumptions=kept)
    changed = replace(claim, statement=mutant, derivation=None)
    if _fails_somewhere(changed, rng):
        return "refuted"
    decisions = decide_claim(changed, rng, 40)
    if any(d.status == "refuted" for d in decisions):
        return "refuted"
    if all(d.status == "proved" for d in decisions):
        return "equivalent"
    return "refuted" if _defined_nowhere(changed, rng) else "alive"


def _fails_somewhere(claim: Claim, rng: np.random.Generator) -> bool:
    """A few points settle most mutants, before any normal form is made."""
    try:
        trial = Trial(claim)
    except UnknownFunctionError:
        return False
    points = (trial.domain.draw(rng) for _ in range(FEW))
    return any(point is not None and trial.holds(point) is False for point in points)


def _defined_nowhere(claim: Claim, rng: np.random.Generator) -> bool:
    try:
        trial = Trial(claim)
    except UnknownFunctionError:
        # SymPy has evaluated it off the real line.
        return any(side.has(zoo, nan, I) for pair in sides(claim) for side in pair)
    # What has averages takes milliseconds, and is undefined everywhere or nowhere.
    draws = FEW if claim.expand(claim.statement).atoms(GaussianAverage) else 40
    points = [p for p in (trial.domain.draw(rng) for _ in range(draws)) if p is not None]
    return bool(points) and not any(trial.defined(p) for p in points)


def _sign_outcome(claim: Claim, mutant: Any, rng: np.random.Generator, original: Trial) -> str:
    guarded = claim.expects == "refuted"
    if guarded and claim.witness and scalar_fault(replace(claim, statement=mutant)):
        return "refuted"
    changed = replace(claim, statement=mutant, derivation=None)
    try:
        trial = Trial(changed)
    except UnknownFunctionError:
        # SymPy has evaluated it off the real line, so that it is true nowhere.
        gaps = [differentiated(claim.expand(gap(r))) for r in relations_of(mutant)]
        return "refuted" if any(g.has(zoo, nan, I) for g in gaps) else "alive"
    if _told_apart(guarded, trial, original, POINTS, rng):
        return "refuted"
    if _plainly_as_well(claim, original, trial):
        return "equivalent"
    # A proof that is not found may take as long as thousands of points.
    if _told_apart(guarded, trial, original, MANY, rng):
        return "refuted"
    if _proved_as_well(claim, original, trial):
        return "equivalent"
    # What neither few points nor a proof decide may be wrong in a corner only.
    return "refuted" if _told_apart(guarded, trial, original, CORNERS, rng) else "alive"


def _told_apart(
    guarded: bool, trial: Trial, original: Trial, draws: int, rng: np.random.Generator
) -> bool:
    """Whether some point shows the mutant to be false, or a guard's to be another statement."""
    domain = original.domain
    if not set(trial.domain.atoms) <= set(domain.atoms):
        # What cancelled in the statement shows again once it is changed.
        domain = Domain([*trial.domain.atoms, *domain.atoms], trial.domain.relations)
    for _ in range(draws):
        point = domain.draw(rng)
        if point is None:
            return False
        holds = trial.holds(point)
        if holds is None:
            if not trial.defined(point) and original.defined(point):
                return True
        elif (guarded and original.holds(point) is (not holds)) or (not guarded and not holds):
            return True
    return False


def _plainly_as_well(claim: Claim, original: Trial, trial: Trial) -> bool:
    """The mutant follows from the statement, or says the same, at a glance.

    It follows where the gap of one inequality has grown; it says the same where each changed gap
    is a plain multiple of the former.
    """
    pairs = _pairs(original, trial)
    if pairs is None:
        return False
    bound = claim.expects != "refuted" and len(trial.gaps) == 1
    if bound and _grown(pairs, inequalities(claim)):
        return True
    return all(_plain_multiple(n, o) for n, o in pairs)


def _proved_as_well(claim: Claim, original: Trial, trial: Trial) -> bool:
    """The mutant is true by itself, or each changed gap is a positive multiple of the former."""
    pairs, relations = _pairs(original, trial), inequalities(claim)
    if pairs is None:
        return False
    # In this order: the quotient of two gaps may be an expression of any size.
    if claim.expects != "refuted" and prove_relation(trial.claim, relations):
        return True
    return all(positive_multiple(n, o, relations) for n, o in pairs)


def _pairs(original: Trial, trial: Trial) -> list[tuple[Any, Any]] | None:
    """Each changed gap with the former one; None where they do not match one another."""
    after, before = _changed(trial, original), _changed(original, trial)
    if len(after) != len(before):
        return None
    return [
        (n, o)
        for (r, n), (s, o) in zip(after, before, strict=True)
        if n != o or type(r) is not type(s)
    ]


def _changed(trial: Trial, other: Trial) -> list[tuple[Any, Any]]:
    """Relations with their gaps that the other has not, in whatever order they stand there."""
    pairs = zip(trial.relations, trial.gaps, strict=True)
    return [pair for pair in pairs if pair[0] not in other.relations]


def _grown(pairs: Sequence[tuple[Any, Any]], relations: Sequence[Any]) -> bool:
    """Whether the changed gap is certainly larger than the former wherever that is defined."""
    signs = Signs(relations)
    return all(
        any(
            defined_throughout(form, signs) and signs.sign(form) == 1
            for form in (new - old, together(new - old))
        )
        for new, old in pairs
    )


def _plain_multiple(one: Any, other: Any) -> bool:
    """Whether ``one`` is q times ``other`` for a q that its symbols alone make positive."""
    return other != 0 and bool((one / other).cancel().is_positive)
