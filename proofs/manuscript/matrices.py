"""Matrix equations against a claim: words of the free algebra, for all sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from lemmata.theory.matrix_calculus import check_shapes, matrix_equation
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Eq, MatrixSymbol

from ..verdicts import Status
from ..words.decide import Counterexample, decide
from .comparison import Comparison, proved, undecided
from .less import says_less
from .multiples import equal, is_matrix, multiples, scales, stronger
from .opaque import Opaque, as_number, term_by_term
from .sizes import too_long
from .time_limit import check_time

__all__ = ["MatrixEquations", "refuted_by"]

DRAWS = 8
"""Points at which it is looked whether an equation holds by a part of what is assumed."""
SAME = "both sides are the same whatever the claim says"
_CANNOT = (TypeError, ValueError, AttributeError, NotImplementedError)


class MatrixEquations:
    """Equations between matrices of all sizes: one claim, and equations to compare with it."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.facts = claim.facts or MatrixFacts()
        self.scales = scales(claim, iter(self.names()))

    def names(self) -> Sequence[Any]:
        """Letters and scalars of the statement and of what is assumed."""
        told = [self.claim.statement, *self.facts.given]
        letters = set().union(*(e.atoms(MatrixSymbol) for e in told))
        return sorted(letters | set().union(*(e.free_symbols for e in told)), key=str)

    def follows(self, relation: Any, rng: np.random.Generator) -> Comparison:
        """Whether it holds wherever the claim's assumptions do; refuted by exact matrices."""
        wrong = _shapes(relation)
        if wrong:
            return undecided(wrong)
        decision = decide(relation, self.facts, rng=rng)
        if decision.status == "proved":
            return proved(decision.reason)
        if decision.status == "refuted" and decision.counterexample is not None:
            return refuted_by(decision.counterexample)
        if self._scaled(self.facts, relation, self.claim.statement):
            return proved()
        return undecided(decision.reason)

    def same(self, relation: Any, rng: np.random.Generator) -> Comparison:
        """Whether the equation says no less than the claim."""
        wrong = _shapes(relation)
        if wrong:
            return undecided(wrong)
        found = self._as_much(*_of_one_kind(relation, self.claim.statement))
        if found.status is not Status.PROVED:
            return found
        doubt = self._says_less(relation, int(rng.integers(2**32)))
        return undecided(doubt) if doubt else found

    def _says_less(self, relation: Any, seed: int) -> str:
        """Why it says less: what is given alone makes it true, and not the claim."""
        free = replace(self.facts, orthonormal_columns=())
        statement = self.claim.statement
        for given in self.facts.given:
            alone = replace(free, given=(given,))
            if _follows(alone, relation) and not _follows(alone, statement):
                return f"it follows from {given.lhs} = {given.rhs} alone: it says less"
        return says_less(
            self.claim,
            relation,
            lambda reduced, told: _holds(reduced, told, np.random.default_rng(seed)),
        )

    def _as_much(self, relation: Any, statement: Any) -> Comparison:
        if _alike(relation.lhs, relation.rhs):
            return undecided(SAME)
        bare, *others = self._levels()
        if not equal(bare, statement.lhs, statement.rhs):
            if equal(bare, relation.lhs, relation.rhs):
                return undecided(SAME)
            others.insert(0, bare)
        for facts in others:
            check_time()
            if equal(facts, statement.lhs, statement.rhs):
                continue
            if equal(facts, relation.lhs, relation.rhs):
                return undecided(SAME)
            if self._scaled(facts, relation, statement) or self._says_more(
                facts, relation, statement
            ):
                return proved()
        if self._as_written(bare, relation, statement):
            return proved()
        return undecided("it holds, but it is not shown to say as much as the claim does")

    def _levels(self) -> Iterator[MatrixFacts]:
        """What is known of the letters: nothing, what transposes are, all but what is given."""
        bare = MatrixFacts(
            constant=self.facts.constant, random=self.facts.random, time=self.facts.time
        )
        yield bare
        structured = replace(self.facts, given=())
        turned = replace(structured, orthonormal_columns=())
        told = [bare]
        for level in (turned, structured):
            if level not in told:
                told.append(level)
                yield level

    def _scaled(self, facts: MatrixFacts, relation: Any, statement: Any) -> bool:
        """Whether left - right is that of the other times something that cannot vanish."""
        mine, theirs = (r.lhs - r.rhs for r in (relation, statement))
        return multiples(facts, mine, theirs, self.scales)

    def _says_more(self, facts: MatrixFacts, relation: Any, statement: Any) -> bool:
        """Whether the claim is a multiple of it, and it holds by what is assumed.

        A multiple by a matrix of another shape, only where nothing is given that could be meant.
        """
        mine, theirs = (r.lhs - r.rhs for r in (relation, statement))
        if is_matrix(mine) and mine.shape != theirs.shape and self.facts.given:
            return False
        return stronger(facts, mine, theirs) and equal(self.facts, relation.lhs, relation.rhs)

    def _as_written(self, bare: MatrixFacts, relation: Any, statement: Any) -> bool:
        """For an identity of all matrices: operators as letters, then terms as they stand."""
        if not equal(bare, statement.lhs, statement.rhs):
            return False
        opaque = Opaque(lambda one, other: equal(bare, one, other))
        try:
            mine, theirs = (
                Eq(opaque.replaced(r.lhs), opaque.replaced(r.rhs), evaluate=False)
                for r in (relation, statement)
            )
        except _CANNOT:
            return term_by_term(relation, statement)
        if not equal(bare, theirs.lhs, theirs.rhs):
            return self._scaled(bare, mine, theirs)
        return term_by_term(relation, statement)


def refuted_by(found: Counterexample) -> Comparison:
    """The two sides at exact matrices."""
    point = {**found.scalars, **{k: _shown(v) for k, v in found.matrices.items()}}
    point |= {f"d{k}/dt": _shown(v) for k, v in found.rates.items()}
    left, right = (_shown(side) for side in (found.left, found.right))
    return Comparison(Status.REFUTED, "the two sides differ", point, left, right)


def _shown(value: Any) -> str:
    """A matrix as its rows."""
    told = str(value).replace("'", "")
    return told[len("Matrix(") : -1] if told.startswith("Matrix(") else told


def _holds(reduced: Claim, relation: Any, rng: np.random.Generator) -> str:
    """Whether the relation holds by what ``reduced`` knows of the letters and is given."""
    try:
        decision = decide(relation, reduced.facts, rng=rng, draws=DRAWS)
    except (ValueError, TypeError):
        return "unknown"
    return decision.status if decision.status != "undecided" or decision.decided else "unknown"


def _follows(facts: MatrixFacts, relation: Any) -> bool:
    return equal(facts, relation.lhs, relation.rhs)


def _of_one_kind(relation: Any, statement: Any) -> tuple[Any, Any]:
    """Both as equations between scalars where one is, and the other of one row and column."""
    kinds = {is_matrix(side) for r in (relation, statement) for side in (r.lhs, r.rhs)}
    if len(kinds) == 1 or check_shapes(relation.lhs) != check_shapes(statement.lhs):
        return relation, statement
    mine, theirs = (
        Eq(as_number(r.lhs), as_number(r.rhs), evaluate=False) for r in (relation, statement)
    )
    return mine, theirs


def _alike(one: Any, other: Any) -> bool:
    """Whether two expressions are written alike, but for the order of terms and brackets."""
    opaque = Opaque(lambda a, b: bool(a == b))
    try:
        one, other = opaque.replaced(one), opaque.replaced(other)
    except _CANNOT:
        return bool(one == other)
    return bool(one == other) or bool(one.doit(deep=False) == other.doit(deep=False))


def _shapes(relation: Any) -> str:
    if not isinstance(relation, Eq):
        return "the claim is an equation between matrices, and this is no equation"
    try:
        matrix_equation(relation.lhs, relation.rhs)
    except (ValueError, TypeError) as error:
        return str(error)
    return too_long(relation)
