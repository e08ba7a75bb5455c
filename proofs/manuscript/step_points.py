"""Points at which a step fails: they have to satisfy all that it should follow from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from lemmata.numerics.balls import sign
from lemmata.numerics.codegen import UnknownFunctionError, compile_expressions
from lemmata.theory.claims import Claim
from sympy import Derivative, Eq, Ge, Gt, Le, Lt, Ne, S, Subs
from sympy.core.function import AppliedUndef

from ..domain import Domain, gap, rational, strict
from ..exact.zero_test import decide_zero, free_atoms
from ..expansion import assumed_equations, inequalities
from ..rules import differentiated, premise_rules, rewrite
from .time_limit import check_time

__all__ = ["NO_POINT", "Premises"]

NO_POINT = "no point was found that satisfies the premises"
VALUES = tuple(Fraction(n, d) for n, d in ((1, 1), (0, 1), (2, 1), (-1, 1), (-2, 1), (1, 2)))
MOST = 3
"""Symbols of which the point says nothing and the premises speak."""
DRAWS = 20
BITS = 512
_INEQUALITY = (Gt, Ge, Lt, Le)


class Premises:
    """All that a step assumes, and whether it holds at a point of what the goal speaks of."""

    def __init__(self, base: Claim, rng: np.random.Generator) -> None:
        self.rng = rng
        equations, relations = assumed_equations(base), inequalities(base)
        self.rules = premise_rules(equations, relations)

        def known(side: Any) -> Any:
            return rewrite(differentiated(base.expand(side)), self.rules)

        told = [*equations, *relations, *_rates(equations)]
        self.relations = [type(r)(*map(known, r.args), evaluate=False) for r in told]
        self.heads = {head: known(head) for head in self.rules}
        # What is false by itself is no relation any more once it is expanded.
        self.false = any(base.expand(r) == False or r == False for r in base.given)  # noqa: E712

    def completed(self, point: Mapping[Any, Fraction]) -> Mapping[Any, Fraction] | None:
        """The point with what it leaves open, where all that is assumed holds; None for none.

        Rates that only the premises speak of are chosen as well, and not told.
        """
        if self.false:
            return None
        spoken = [side for r in self.relations for side in r.args]
        spoken += self.heads.values()
        atoms = {atom for side in spoken for atom in free_atoms(side)} - set(point)
        for more in self._choices(sorted(atoms, key=str), point):
            check_time()
            whole = {**point, **more}
            if self._hold(whole):
                return {k: v for k, v in whole.items() if k in point or not k.is_Derivative}
        return None

    def _choices(
        self, atoms: Sequence[Any], point: Mapping[Any, Fraction]
    ) -> Iterator[Mapping[Any, Fraction]]:
        if not atoms:
            yield {}
            return
        if len(atoms) <= MOST:
            for values in product(VALUES, repeat=len(atoms)):
                yield dict(zip(atoms, values, strict=True))
        bounds = [_at(r, point) for r in self.relations if isinstance(r, _INEQUALITY)]
        domain = Domain(atoms, [r for r in bounds if isinstance(r, _INEQUALITY)])
        for _ in range(DRAWS):
            drawn = domain.draw(self.rng)
            if drawn is None:
                return
            yield drawn

    def _hold(self, point: Mapping[Any, Fraction]) -> bool:
        domain = Domain(list(point))
        if domain.contains(point) is not True:
            return False
        return all(self._true(relation, point) for relation in self.relations) and all(
            self._admitted(head, value, point) for head, value in self.heads.items()
        )

    def _admitted(self, head: Any, value: Any, point: Mapping[Any, Fraction]) -> bool:
        """Whether what the premises say a part is worth exists, with the sign declared of it."""
        number = _at(value, point)
        if number.is_Rational:
            return Domain([head]).contains({head: Fraction(int(number.p), int(number.q))}) is True
        found = self._sign(value, point)
        if not found[1]:
            return False
        if head.is_integer:
            return False
        wanted = {1: head.is_negative, -1: head.is_nonnegative, None: head.is_nonzero}
        return not wanted.get(found[0]) and not (found[0] == 1 and head.is_nonpositive)

    def _true(self, relation: Any, point: Mapping[Any, Fraction]) -> bool:
        if isinstance(relation, Eq):
            difference = relation.lhs - relation.rhs
            if not all(self._sign(side, point)[1] for side in relation.args):
                return False
            return self._zero(difference, point)
        if isinstance(relation, Ne):
            return self._sign(relation.lhs - relation.rhs, point)[0] is not None
        found, defined = self._sign(gap(relation), point)
        if found is None and defined and not strict(relation):
            return self._zero(gap(relation), point)
        return found == 1

    def _zero(self, expr: Any, point: Mapping[Any, Fraction]) -> bool:
        number = _at(expr, point)
        if number.is_Rational:
            return bool(number == 0)
        return decide_zero(number, (), rng=self.rng).status == "proved"

    def _sign(self, expr: Any, point: Mapping[Any, Fraction]) -> tuple[int | None, bool]:
        """The certain sign, None for a zero, and whether there is a value at all."""
        atoms = list(point)
        try:
            program = compile_expressions([expr], atoms)
        except UnknownFunctionError:
            return None, False
        (found,) = sign(program, [point[atom] for atom in atoms], BITS)
        return found.sign, found.ball.is_finite()


def _rates(equations: Sequence[Any]) -> Iterator[Any]:
    """What equations between values say of rates: at a point these are numbers of their own."""
    variables = {v for e in equations for rate in e.atoms(Derivative) for v in rate.variables}
    for equation in equations:
        if equation.atoms(Derivative, Subs):
            continue
        difference = equation.lhs - equation.rhs
        for variable in sorted(variables, key=str):
            if any(function.has(variable) for function in equation.atoms(AppliedUndef)):
                yield Eq(difference.diff(variable), S.Zero, evaluate=False)


def _at(expr: Any, point: Mapping[Any, Fraction]) -> Any:
    """The expression at the point: derivatives first, as they hold the functions."""
    put = {atom: rational(value) for atom, value in point.items()}
    return expr.xreplace({a: v for a, v in put.items() if a.is_Derivative}).xreplace(put)
