"""Evidence ``mutants`` on claims over levels: every single change, indices included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Equivalent, Gt, Lt
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from ..changes import Change
from ..domain import gap
from ..evidence import Budget
from ..mutants import LIMITS, counted, spread
from ..mutations import mutants as scalar_mutants
from ..verdicts import Verdict
from .evidence import witness_fault
from .instances import Instance, draw_instance, random_source
from .normal import LevelNormal
from .signs import LevelSigns
from .steps import doubt_of_sign
from .values import Values

__all__ = ["LevelMutants", "level_mutants"]

FEW, MANY = 40, 1500


class LevelMutants:
    """As for scalar claims: proved when no mutant is alive and there are enough of them."""

    kind = "mutants"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Every claim over levels."""
        return True

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Counts total, refuted, equivalent, alive; ``worst`` names a survivor."""
        made = list(level_mutants(claim.statement))
        pool = _Pool(claim, rng)
        chosen = spread(made, LIMITS[budget.profile])
        return counted([(str(change), _outcome(claim, mutant, pool)) for change, mutant in chosen])


def level_mutants(statement: Any) -> Iterator[tuple[Change, Any]]:
    """The changes of a scalar statement, and each term of a sequence moved by one level."""
    seen = {statement.as_dummy()}
    for change, mutant in scalar_mutants(statement):
        if mutant.as_dummy() not in seen:  # another name of a bound index is no change
            seen.add(mutant.as_dummy())
            yield change, mutant
    for applied in sorted(statement.atoms(AppliedUndef), key=str):
        for step in (1, -1):
            moved = applied.func(*(arg + step for arg in applied.args))
            mutant = statement.xreplace({applied: moved})
            if not isinstance(mutant, Relational | Equivalent):
                continue
            if mutant.as_dummy() not in seen:
                seen.add(mutant.as_dummy())
                yield Change(applied, " becomes ", moved), mutant


class _Pool:
    """Instances of the original, drawn once and looked at by every mutant."""

    def __init__(self, claim: Claim, rng: np.random.Generator) -> None:
        self.claim, self.source = claim, random_source(rng)
        self.found: list[Instance] = []
        self.signs = LevelSigns(claim)

    def first(self, count: int) -> Iterator[Instance]:
        for i in range(count):
            if i == len(self.found):
                made = draw_instance(self.claim, self.source)
                if made is None:
                    return
                self.found.append(made)
            yield self.found[i]


def _outcome(claim: Claim, mutant: Any, pool: _Pool) -> str:
    guarded = claim.expects == "refuted"
    if guarded and claim.witness and witness_fault(replace(claim, statement=mutant)):
        return "refuted"
    if _told_apart(claim, mutant, pool, FEW):
        return "refuted"
    if _same(claim, mutant, pool.signs):
        return "equivalent"
    return "refuted" if _told_apart(claim, mutant, pool, MANY) else "alive"


def _told_apart(claim: Claim, mutant: Any, pool: _Pool, count: int) -> bool:
    """False somewhere, or undefined where the original is defined; a guard's says otherwise."""
    for instance in pool.first(count):
        values = Values(claim, instance)
        holds, before = values.holds(mutant), values.holds(claim.statement)
        if holds is None and before is not None:
            return True
        if claim.expects == "refuted" and None not in (holds, before) and holds is not before:
            return True
        if claim.expects != "refuted" and holds is False:
            return True
    return False


def _same(claim: Claim, mutant: Any, signs: LevelSigns) -> bool:
    """The mutant is shown to be true as well, or each of its gaps to have the former sign."""
    if not isinstance(mutant, Equivalent | Gt | Lt) and not hasattr(mutant, "gts"):
        return LevelNormal(claim).vanishes(mutant.lhs - mutant.rhs)
    if isinstance(mutant, Equivalent):
        before = sorted(claim.statement.args, key=str)
        parts = sorted(mutant.args, key=str)
        return len(parts) == 2 and all(
            any(one == other or _multiple(one, other, signs) for other in before) for one in parts
        )
    previous = list(claim.derivation.steps[:-1]) if claim.derivation else []
    return not doubt_of_sign(claim, mutant, previous) or _multiple(mutant, claim.statement, signs)


def _multiple(one: Any, other: Any, signs: LevelSigns) -> bool:
    if isinstance(one, Gt | Lt) is not isinstance(other, Gt | Lt):
        return False
    below = gap(other)
    if isinstance(one, Gt | Lt) and signs.same_zeros(gap(one), below):
        return True
    return below != 0 and signs.positive((gap(one) / below).cancel())
