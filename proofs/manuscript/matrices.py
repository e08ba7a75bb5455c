"""Matrix equations against a claim: words of the free algebra, for all sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from lemmata.theory.matrix_calculus import check_shapes, matrix_equation
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Eq, MatPow, MatrixSymbol, S, Transpose

from ..verdicts import Status
from ..words.decide import Counterexample, decide
from ..words.engine import Engine
from ..words.errors import OutOfReachError
from .comparison import Comparison, proved, undecided
from .opaque import Opaque, term_by_term

__all__ = ["MatrixEquations", "refuted_by"]

HIGHEST = 12
"""Power of a matrix that is multiplied out."""
NUMBERS = (S.One, S.NegativeOne, S(2), S(-2), S.Half, -S.Half)


class MatrixEquations:
    """Equations between matrices of all sizes: one claim, and equations to compare with it."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.facts = claim.facts or MatrixFacts()

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
        statement = self.claim.statement
        if _alike(relation.lhs, relation.rhs):
            return undecided("both sides are the same whatever the claim says")
        levels = [*self._levels()]
        for facts in levels:
            if not _equal(facts, statement.lhs, statement.rhs):
                if _equal(facts, relation.lhs, relation.rhs):
                    return undecided("both sides are the same whatever the claim says")
                if self._scaled(facts, relation, statement):
                    return proved()
        if self._as_written(levels[0], relation):
            return proved()
        return undecided("it holds, but it is not shown to say as much as the claim does")

    def _levels(self) -> Iterator[MatrixFacts]:
        """What is known of the letters alone, then with their symmetries."""
        bare = MatrixFacts(
            constant=self.facts.constant, random=self.facts.random, time=self.facts.time
        )
        yield bare
        structured = replace(self.facts, given=())
        if structured != bare:
            yield structured

    def _scaled(self, facts: MatrixFacts, relation: Any, statement: Any) -> bool:
        """Whether left - right is a number, or a scalar that cannot vanish, times the other's."""
        mine, theirs = (r.lhs - r.rhs for r in (relation, statement))
        if not getattr(mine, "is_Matrix", False) or not getattr(theirs, "is_Matrix", False):
            return self._scaled_numbers(facts, mine, theirs)
        forms = [theirs]
        if mine.shape != theirs.shape or theirs.shape[0] == theirs.shape[1]:
            forms.append(Transpose(theirs).doit())
        for other in forms:
            if mine.shape != other.shape:
                continue
            for scale in self._scales():
                if _equal(facts, mine, scale * other):
                    return True
        return False

    def _scaled_numbers(self, facts: MatrixFacts, mine: Any, theirs: Any) -> bool:
        if getattr(mine, "is_Matrix", False) or getattr(theirs, "is_Matrix", False):
            return False
        return any(_equal(facts, mine, scale * theirs) for scale in self._scales())

    def _scales(self) -> Iterator[Any]:
        symbols = [s for s in self.names() if getattr(s, "is_Symbol", False) and s.is_nonzero]
        yield from NUMBERS
        for symbol in symbols:
            if symbol.is_integer and not self.claim.statement.has(symbol):
                continue
            for number in NUMBERS:
                yield number * symbol
                yield number / symbol

    def _as_written(self, bare: MatrixFacts, relation: Any) -> bool:
        """For an identity of all matrices: operators as letters, then terms as they stand."""
        statement = self.claim.statement
        if not _equal(bare, statement.lhs, statement.rhs):
            return False
        opaque = Opaque(lambda one, other: _equal(bare, one, other))
        try:
            mine, theirs = (
                Eq(opaque.replaced(r.lhs), opaque.replaced(r.rhs), evaluate=False)
                for r in (relation, statement)
            )
        except (TypeError, ValueError, AttributeError):
            return term_by_term(relation, statement)
        if not _equal(bare, theirs.lhs, theirs.rhs):
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


def _alike(one: Any, other: Any) -> bool:
    """Whether two expressions are written alike, but for the order of terms and brackets."""
    return bool(one == other) or bool(one.doit(deep=False) == other.doit(deep=False))


def _equal(facts: MatrixFacts, left: Any, right: Any) -> bool:
    try:
        if check_shapes(left) != check_shapes(right):
            return False
        return Engine(facts, (left, right)).equal(left, right)
    except (OutOfReachError, ValueError, TypeError):
        return False


def _shapes(relation: Any) -> str:
    if not isinstance(relation, Eq):
        return "the claim is an equation between matrices, and this is no equation"
    if any(p.exp.is_Integer and abs(p.exp) > HIGHEST for p in relation.atoms(MatPow)):
        return f"a power of a matrix is higher than {HIGHEST}"
    try:
        matrix_equation(relation.lhs, relation.rhs)
    except (ValueError, TypeError) as error:
        return str(error)
    return ""
