"""Whether an equation says as much as a claim, by definitions and algebra alone.

It does when, with definitions inserted as far as one likes, left minus right is a factor that
cannot vanish times left minus right of the claim, and the latter is not identically zero then:
where it is, everything that is true is such a multiple.  Where the claim is then nothing but one of
its definitions, or an equation that is given, every such multiple may restate just that: its terms
must be those of the claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, product
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from lemmata.theory.gaussian import GaussianAverage
from sympy import S, factor, log

from ..exact.zero_test import decide_zero, free_atoms
from ..expansion import assumed_equations
from ..rules import differentiated
from ..signs import Signs
from ..verdicts import Status
from .averages_apart import AveragesApart
from .comparison import Comparison, proved, undecided
from .floats import monomial_ratios
from .generators import bases, factor_candidates, over, unlogged
from .insertions import Insertion, insertions
from .time_limit import check_time
from .written_terms import doubled, empty, proportional, same_pieces

__all__ = ["AsMuch"]

Level = Insertion | AveragesApart
HOLDS = "it holds, but it is not shown to say as much as the claim does"


class AsMuch:
    """A claim that is an equation, and signs on its domain."""

    def __init__(self, claim: Claim, signs: Signs) -> None:
        self.claim = claim
        self.signs = signs
        self.residual = claim.statement.lhs - claim.statement.rhs

    def compare(self, relation: Any, rng: np.random.Generator) -> Comparison:
        """Proved where the equation says as much, else undecided with the reason."""
        mine = differentiated(relation.lhs - relation.rhs)
        if relation.lhs == relation.rhs or (empty(mine) and not empty(self.residual)):
            return undecided("both sides are the same whatever the claim says: it states nothing")
        reason = self._restated(relation)
        if reason:
            return undecided(reason)
        for level in self._levels(relation, rng):
            check_time()
            theirs, own = level(self.residual), level(mine)
            if theirs == 0 or self._vanishes(theirs, rng):
                continue
            found = self._multiple(own, theirs, rng)
            if found.status is Status.PROVED:
                restated = self._only(level, theirs, rng)
                if not restated or self._written(relation, level):
                    return found
                found = undecided(restated)
            if isinstance(level, Insertion):  # letters have no names that could be told
                reason = reason or found.reason
        if self._as_written(relation):
            return proved()
        return undecided(reason or HOLDS)

    def _as_written(self, relation: Any) -> bool:
        """Whether the terms are those of the claim; then without common ones, by double angles."""
        mine, theirs = relation.args, self.claim.statement.args
        if same_pieces(mine, theirs, self._nonzero):
            return True
        mine, theirs = (doubled(left - right) for left, right in (mine, theirs))
        return not empty(theirs) and same_pieces((mine, S.Zero), (theirs, S.Zero), self._nonzero)

    def _levels(self, relation: Any, rng: np.random.Generator) -> Iterator[Level]:
        """Definitions put in; then averages as letters as well."""
        levels = [*insertions(self.claim, relation)]
        yield from levels
        if self.residual.has(GaussianAverage):
            yield from (
                AveragesApart(level, lambda expr: self._vanishes(expr, rng)) for level in levels
            )

    def _restated(self, relation: Any) -> str:
        """Which definition the equation is as it stands, though the claim is another equation."""
        for definition in self.claim.where:
            told = definition.head - definition.body
            if proportional(relation.lhs - relation.rhs, told):
                if proportional(self.residual, told):
                    continue
                return f"it restates the definition of {definition.head}"
        return ""

    def _only(self, level: Level, theirs: Any, rng: np.random.Generator) -> str:
        """The definition or given equation that the claim is at that level; empty for none."""
        told = [(d.head - d.body, f"the definition of {d.head}") for d in level.others]
        given = assumed_equations(self.claim)
        told += [(r.lhs - r.rhs, f"the assumption {r.lhs} = {r.rhs}") for r in given]
        for expr, name in told:
            check_time()
            assumed = level(expr)
            if _unknowns(assumed) != _unknowns(theirs):
                continue
            if self._multiple(assumed, theirs, rng).status is Status.PROVED:
                return f"by algebra alone it is {name}, which the claim is too"
        return ""

    def _written(self, relation: Any, level: Level) -> bool:
        """Whether the terms are those of the claim, at that level."""
        mine, theirs = (tuple(map(level, r.args)) for r in (relation, self.claim.statement))
        return same_pieces(mine, theirs, self._nonzero)

    def _nonzero(self, expr: Any) -> bool:
        return self.signs.sign(expr) != 0

    def _vanishes(self, expr: Any, rng: np.random.Generator) -> bool:
        return decide_zero(expr, self.signs.relations, rng=rng).status == "proved"

    def _multiple(self, one: Any, other: Any, rng: np.random.Generator) -> Comparison:
        """Whether ``one`` is ``other`` times a factor without zeros, freed of logarithms or not."""
        forms = (one, *unlogged(one), *self._squared(one))
        # Where the other has values its logarithms have, and vanish together with what they are of.
        others = (other, *(unlogged(other) if not one.has(log) else ()))
        doubt = ""
        for form, told in product(forms, others):
            form_over, form_under = over(form)
            other_over, other_under = over(told)
            for found in self._factors(form_over, other_over, rng):
                check_time()
                if not self._vanishes(form_over - found * other_over, rng):
                    continue
                above, below = over(found)
                less = self._zero(above, [other_under])
                more = self._zero(below, [other_under, form_under])
                if less is None and more is None:
                    return proved()
                word, part = ("divided", more) if less is None else ("multiplied", less)
                says = "more" if less is None else "less"
                doubt = (
                    f"it is the claim {word} by {part}, which is not shown to be without zeros: "
                    f"it may say {says}"
                )
        return undecided(doubt)

    def _factors(self, one: Any, other: Any, rng: np.random.Generator) -> Iterator[Any]:
        told = (slope for slope, _ in factor_candidates(one, other))
        return chain(told, monomial_ratios(one, other, self.signs.relations, rng))

    def _squared(self, one: Any) -> list[Any]:
        """A^2 - B^2 for A - B where neither side is negative: it vanishes where A - B does."""
        terms = one.as_ordered_terms()
        if len(terms) != 2:
            return []
        first, second = terms
        if self.signs.sign(first) * self.signs.sign(second) != -1:
            return []
        return [first**2 - second**2]

    def _zero(self, whole: Any, excluded: Sequence[Any]) -> Any:
        """A factor that may vanish, None for none; what is ``excluded`` vanishes nowhere."""
        if self.signs.sign(whole):
            return None
        known = [part for expr in excluded for part in (*bases(expr), *bases(factor(expr)))]
        for part in bases(factor(whole)):
            if self.signs.sign(part) or self.signs.sign(part.expand()):
                continue
            if not any((part / other).cancel().is_number for other in known):
                return part
        return None


def _unknowns(expr: Any) -> set[Any]:
    """Values of functions, and symbols of which no sign is declared."""
    return {a for a in free_atoms(expr) if not (a.is_Symbol and a.is_nonzero)}
