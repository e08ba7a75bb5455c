"""A scalar claim compiled once: its domain, and whether it holds at an exact point."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from lemmata.numerics.balls import SignResult, sign
from lemmata.numerics.codegen import compile_expressions
from lemmata.theory.claims import Claim
from sympy import Equivalent, Ge, Gt, Le, Lt

from .domain import Domain, rational, strict
from .exact.averages import moments_inserted
from .exact.independence import Independence, argument_symbols
from .exact.zero_test import free_atoms
from .expansion import inequalities, sides, statement_gaps
from .tied import self_contained

__all__ = ["Trial", "relations_of"]

BITS = 512


class Trial:
    """Balls decide the claim at exact points of its domain.

    An equation holds where the balls of both sides overlap and fails where they are disjoint; an
    inequality is decided by the sign of its gap, an equivalence by the signs of all gaps.
    """

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.relations = relations_of(claim.statement)
        if self.relations:
            found = statement_gaps(claim, self.relations)
            self.gaps = [moments_inserted(expr) for expr in found]
            known = list(self.gaps)
        else:
            pairs = [(moments_inserted(a), moments_inserted(b)) for a, b in sides(claim)]
            self.gaps = [left - right for left, right in pairs]
            known = [side for pair in pairs for side in pair]
        given = inequalities(claim)
        formulas = [claim.expand(claim.statement.rhs)] if claim.kind == "solution" else []
        atoms: set[Any] = set()
        for expr in (*known, *given, *formulas):
            atoms |= set(free_atoms(expr))
        self.domain = Domain(list(atoms | argument_symbols(list(atoms))), given)
        self._independent = Independence(self.domain.atoms)
        self.program = compile_expressions(self.gaps, self.domain.atoms)
        self._formulas = compile_expressions(formulas, self.domain.atoms)
        self.refutes = self_contained(claim)

    def results(self, point: Mapping[Any, Fraction]) -> list[SignResult]:
        """Sign and ball of every gap at the point."""
        return sign(self.program, [point[a] for a in self.domain.atoms], BITS)

    def defined(self, point: Mapping[Any, Fraction]) -> bool:
        """Whether every gap, and the formula of a solution, has a finite ball at the point."""
        values = [point[a] for a in self.domain.atoms]
        formulas = sign(self._formulas, values, BITS)
        return all(r.ball.is_finite() for r in (*self.results(point), *formulas))

    def holds(self, point: Mapping[Any, Fraction]) -> bool | None:
        """Whether the statement holds at the point; None when balls cannot decide."""
        truth = self._holds(point)
        if truth is False and not (self.refutes and self._independent.at(point)):
            return None
        return truth

    def _holds(self, point: Mapping[Any, Fraction]) -> bool | None:
        results = self.results(point)
        if not self.relations:
            if any(r.sign is not None for r in results):
                return False
            return True if self.defined(point) else None
        truths = [
            self._truth(relation, expr, result, point)
            for relation, expr, result in zip(self.relations, self.gaps, results, strict=True)
        ]
        if any(truth is None for truth in truths):
            return None
        if isinstance(self.claim.statement, Equivalent):
            return len(set(truths)) == 1
        return all(truths)

    def _truth(
        self, relation: Any, expr: Any, result: SignResult, point: Mapping[Any, Fraction]
    ) -> bool | None:
        certain = result.sign
        if certain is None:
            exact = expr.xreplace({k: rational(v) for k, v in point.items()})
            if not exact.is_Rational:
                return None
            certain = int(bool(exact > 0)) - int(bool(exact < 0))
        return certain > 0 if strict(relation) else certain >= 0

    def describe(self, point: Mapping[Any, Fraction]) -> str:
        """What the statement compares, at the point."""
        balls = [result.ball.str(12, radius=False) for result in self.results(point)]
        if not self.relations:
            return ", ".join(f"left - right = {ball}" for ball in balls)
        told = [
            f"{relation} asserts that {ball} is "
            + ("positive" if strict(relation) else "not negative")
            for relation, ball in zip(self.relations, balls, strict=True)
        ]
        return ", ".join(told)


def relations_of(statement: Any) -> list[Any]:
    """The inequalities of an inequality or an equivalence, in a fixed order; none otherwise."""
    if isinstance(statement, Gt | Ge | Lt | Le):
        return [statement]
    return sorted(statement.args, key=str) if isinstance(statement, Equivalent) else []
