"""Inequalities and equivalences between scalars against a claim.

An inequality says what the claim says when the quantity that it asserts to be positive is that of
the claim times a factor that is positive.  A claim that holds has a positive quantity itself, so
that every true inequality would be such a multiple: what is divided out must be positive by what is
declared of its symbols, so that what is assumed is never all that is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from lemmata.numerics.codegen import UnknownFunctionError
from lemmata.theory.claims import Claim
from sympy import Equivalent, Ge, Gt, Le, Lt, factor

from ..domain import gap, strict
from ..exact.zero_test import decide_zero, free_atoms
from ..expansion import inequalities
from ..rules import differentiated
from ..signs import Signs
from ..trial import Trial, relations_of
from ..verdicts import Status
from .comparison import Comparison, proved, undecided
from .floats import monomial_ratios
from .generators import bases, factor_candidates, over, unlogged
from .insertions import Insertion, insertions
from .simple_points import simple_where
from .time_limit import check_time
from .told_values import in_words, told_point, told_value
from .written_terms import same_pieces

__all__ = ["ScalarInequalities", "turned"]

DRAWS = 200
EVIDENT = "it holds by the signs alone, and its sides are not those of the claim"
_INEQUALITY = (Gt, Ge, Lt, Le)


class ScalarInequalities:
    """Inequalities and equivalences: one claim, and relations to compare with it."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.relations = inequalities(claim)
        self.signs = Signs(self.relations)

    def names(self) -> Sequence[Any]:
        """Symbols and values of functions of the statement."""
        return free_atoms(self.claim.statement)

    def reduced(self, expr: Any) -> Any:
        """The expression with all that is defined inserted."""
        return differentiated(self.claim.expand(differentiated(expr)))

    def follows(self, relation: Any, rng: np.random.Generator) -> Comparison:
        """Refuted at an exact point of the domain where the relation fails; else undecided."""
        wanted = Equivalent if isinstance(self.claim.statement, Equivalent) else _INEQUALITY
        if not isinstance(relation, wanted):
            return undecided(f"the claim is an {self.claim.kind}, and this is none")
        changed = replace(self.claim, statement=relation, derivation=None)
        try:
            trial = Trial(changed)
        except UnknownFunctionError as error:
            return undecided(in_words(str(error)))
        for _ in range(DRAWS):
            point = trial.domain.draw(rng)
            if point is None:
                return undecided("no point of the domain was found")
            if trial.holds(point) is False:
                simple = simple_where(trial.domain, lambda p: trial.holds(p) is False) or point
                told = told_point(simple, relation, self.claim.statement, self.reduced)
                one, other = self._values(relation, simple)
                return Comparison(Status.REFUTED, "it fails", told, one, other)
        return undecided("no point of the domain tells against it")

    def _values(self, relation: Any, point: Any) -> tuple[str, str]:
        if isinstance(relation, Equivalent):
            return "", ""
        sides = (self.reduced(side) for side in (relation.lhs, relation.rhs))
        left, right = (told_value(side, point) for side in sides)
        return left, right

    def same(self, relation: Any, rng: np.random.Generator) -> Comparison:
        """Whether the relation says what the claim says."""
        statement = self.claim.statement
        if not isinstance(statement, Equivalent):
            if not isinstance(relation, _INEQUALITY):
                return undecided("the claim is an inequality, and this is none")
            return self._one(relation, statement, self._levels(relation), rng)
        if not isinstance(relation, Equivalent) or len(relation.args) != 2:
            return undecided("the claim is an equivalence, and this is none")
        reason = "no side of it is shown to say what a side of the claim says"
        literal = _literally(relation, statement)
        if self._alike(relation, rng, self._plain_only) and not literal:
            return undecided("its two sides say the same, whatever the claim says")
        # By definitions a side of such a claim is the other: then they must stand as they are.
        levels = self._plain_only if self._alike(statement, rng) else self._levels(relation)
        if len(levels) > 1 and self._alike(relation, rng) and not literal:
            return undecided("its two sides say the same by definitions alone")
        theirs = relations_of(statement)
        for mine in (relations_of(relation), [turned(r) for r in relations_of(relation)]):
            for order in (theirs, theirs[::-1]):
                found = [self._one(a, b, levels, rng) for a, b in zip(mine, order, strict=True)]
                if all(f.status is Status.PROVED for f in found):
                    return proved()
                if any(f.status is Status.PROVED for f in found):
                    reason = next(f.reason for f in found if f.status is not Status.PROVED)
        return undecided(reason)

    def _levels(self, relation: Any) -> list[Insertion]:
        return [*insertions(self.claim, relation)]

    @property
    def _plain_only(self) -> list[Insertion]:
        """No definition is put in."""
        return [Insertion((), self.claim.where)]

    def _alike(
        self,
        equivalence: Any,
        rng: np.random.Generator,
        levels: Sequence[Insertion] | None = None,
    ) -> bool:
        """Whether the sides of an equivalence are multiples of one another, or opposite."""
        one, other = equivalence.args
        levels = self._levels(equivalence) if levels is None else levels
        pairs = ((one, other), (turned(one), other))
        return any(self._one(a, b, levels, rng).status is Status.PROVED for a, b in pairs)

    def _one(
        self, relation: Any, statement: Any, levels: Sequence[Insertion], rng: np.random.Generator
    ) -> Comparison:
        if strict(relation) is not strict(statement):
            told = "strict" if strict(statement) else "not strict"
            return undecided(f"the claim is {told}, and this is not")
        reason = "it is not shown to say what the claim says"
        for level in levels:
            mine, theirs = level(gap(relation)), level(gap(statement))
            if theirs == 0:
                continue
            found = self._multiple(mine, theirs, rng)
            if found.status is Status.PROVED:
                if self._evident(theirs) and not self._side_by_side(
                    level, relation, statement, rng
                ):
                    reason = EVIDENT
                    continue
                return found
            reason = found.reason or reason
        return undecided(reason)

    def _evident(self, positive: Any) -> bool:
        """Whether what the claim asserts needs nothing but the signs that are known.

        All such quantities are multiples of one another.
        """
        return any(self.signs.sign(form) == 1 for form in (positive, positive.expand()))

    def _side_by_side(
        self, level: Any, relation: Any, statement: Any, rng: np.random.Generator
    ) -> bool:
        """Whether both sides, or all terms, are those of the claim, times one factor."""
        large, small = level(relation.gts), level(relation.lts)
        other_large, other_small = level(statement.gts), level(statement.lts)
        declared = partial(same_pieces, admitted=lambda part: bool(part.is_positive))
        if declared((large, small), (other_large, other_small)):
            return True
        if other_large == 0 or other_small == 0:
            return False  # of one side only every multiple would do
        crossed = large * other_small - small * other_large
        return decide_zero(crossed, self.relations, rng=rng).status == "proved"

    def _multiple(self, one: Any, other: Any, rng: np.random.Generator) -> Comparison:
        doubt = ""
        for theirs in (other, *self._powers(other)):
            for mine in (one, *self._plain(one), *self._powers(one)):
                for whole in self._ratios(mine, theirs, rng):
                    doubt = self._doubt(whole, one, other)
                    if not doubt:
                        return proved()
        return undecided(doubt)

    def _ratios(self, one: Any, other: Any, rng: np.random.Generator) -> Iterator[Any]:
        """What the first is the second times of."""
        (form_over, form_under), (other_over, other_under) = over(one), over(other)
        told = (factor for factor, _ in factor_candidates(form_over, other_over))
        for found in chain(told, monomial_ratios(form_over, other_over, self.relations, rng)):
            check_time()
            difference = form_over - found * other_over
            if decide_zero(difference, self.relations, rng=rng).status == "proved":
                yield found * other_under / form_under

    def _powers(self, expr: Any) -> list[Any]:
        """A^2 - B^2 and A^4 - B^4 for A - B where neither is negative: their signs are its."""
        terms = expr.as_ordered_terms()
        if len(terms) != 2:
            return []
        above, below = sorted(terms, key=self.signs.sign, reverse=True)
        if (self.signs.sign(above), self.signs.sign(below)) != (1, -1):
            return []
        return [(above**power - below**power).expand() for power in (2, 4)]

    def _plain(self, expr: Any) -> list[Any]:
        """Forms of the same sign without logarithms."""
        found = []
        for form in unlogged(expr):
            scale = next(iter(_log_factors(expr)), None)
            sign = 0 if scale is None else self.signs.sign(scale)
            if sign:
                found.append(sign * form)
        return found

    def _doubt(self, found: Any, one: Any, other: Any) -> str:
        """Why the factor may not be divided out; empty where it may."""
        numerator, denominator = (factor(part) for part in over(found))
        if self.signs.sign(found) != 1 and self._sign(numerator) * self._sign(denominator) != 1:
            return f"it is the claim times {found}, which is not shown to be positive"
        if one.is_positive and not other.is_positive:
            return "it holds whatever the claim says"
        asserted = [part for part in bases(factor(over(other)[0])) if not part.is_number]
        for part in bases(numerator):
            if not part.is_positive and any((part / a).cancel().is_number for a in asserted):
                return f"it is the claim times {part}, which the claim asserts to have a sign"
        shared = bases(over(other)[1])
        for part in bases(denominator):
            if part.is_number or part.is_positive:
                continue
            if not any((part / known).cancel().is_number for known in shared):
                return f"it is the claim divided by {part}: it may hold whatever the claim says"
        return ""

    def _sign(self, product: Any) -> int:
        whole = 1
        for part in product.args if product.is_Mul else (product,):
            whole *= self.signs.sign(part) or self.signs.sign(part.expand())
        return whole


def turned(relation: Any) -> Any:
    """What holds where the relation fails."""
    opposite = {Gt: Le, Ge: Lt, Lt: Ge, Le: Gt}[type(relation)]
    return opposite(relation.lhs, relation.rhs, evaluate=False)


def _literally(one: Any, other: Any) -> bool:
    """Whether two equivalences have the same sides, in any order and from left or right."""
    return {_written(r) for r in one.args} == {_written(r) for r in other.args}


def _written(relation: Any) -> tuple[Any, ...]:
    sides = (differentiated(side).expand() for side in (relation.gts, relation.lts))
    return (*sides, strict(relation))


def _log_factors(expr: Any) -> list[Any]:
    from sympy import Add, log

    terms = Add.make_args(expr.expand(log=False))
    return [t / f for t in terms for f in t.atoms(log) if t.has(log) and not (t / f).has(log)]
