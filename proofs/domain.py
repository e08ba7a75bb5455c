"""The domain of a claim: its symbols and assumptions, and exact points drawn from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from lemmata.numerics.balls import sign
from lemmata.numerics.codegen import compile_expressions
from sympy import Eq, Ge, Gt, Le, Lt, Ne

__all__ = ["Domain", "gap"]

ATTEMPTS = 200


def gap(relation: Any) -> Any:
    """The expression that a strict or weak inequality asserts to be positive or not negative."""
    if isinstance(relation, Gt | Ge):
        return relation.lhs - relation.rhs
    if isinstance(relation, Lt | Le):
        return relation.rhs - relation.lhs
    raise TypeError(f"relation: {relation} is no inequality")


class Domain:
    """Atoms (symbols or applied functions, as free values) and the inequalities they satisfy."""

    def __init__(self, atoms: Sequence[Any], relations: Sequence[Any] = ()) -> None:
        self.atoms = tuple(sorted(atoms, key=str))
        self.relations = tuple(
            r
            for r in relations
            if isinstance(r, Gt | Ge | Lt | Le | Ne) and _known(r, self.atoms)
        )
        self._gaps = [r.lhs - r.rhs if isinstance(r, Ne) else gap(r) for r in self.relations]
        self._program = compile_expressions(self._gaps, self.atoms)
        self._below = _order(self.relations, self.atoms)

    @property
    def positive(self) -> list[Any]:
        """Expressions that are positive on the domain."""
        return [gap(r) for r in self.relations if isinstance(r, Gt | Lt)]

    def contains(self, point: Mapping[Any, Fraction]) -> bool | None:
        """Whether the point satisfies every relation; None where balls cannot decide."""
        values = [point[atom] for atom in self.atoms]
        if any(not _admits(atom, point[atom]) for atom in self.atoms):
            return False
        answer: bool | None = True
        for relation, expr, result in zip(
            self.relations, self._gaps, sign(self._program, values, 1024), strict=True
        ):
            holds = _holds(relation, expr, result.sign, point)
            if holds is False:
                return False
            answer = None if holds is None else answer
        return answer

    def draw(self, rng: np.random.Generator) -> dict[Any, Fraction] | None:
        """An exact rational point of the domain, or None when none was found."""
        for _ in range(ATTEMPTS):
            point = self._propose(rng)
            if self.contains(point):
                return point
        return None

    def _propose(self, rng: np.random.Generator) -> dict[Any, Fraction]:
        point: dict[Any, Fraction] = {}
        for atom in self._sequence(rng):
            low = [point[o] for o in self.atoms if (o, atom) in self._below and o in point]
            high = [point[o] for o in self.atoms if (atom, o) in self._below and o in point]
            low += [bound for (o, bound, side) in self._below.bounds if o == atom and side > 0]
            high += [bound for (o, bound, side) in self._below.bounds if o == atom and side < 0]
            if not atom.is_extended_nonnegative:
                point[atom] = _between(rng, max(low, default=None), min(high, default=None))
            else:
                point[atom] = _between(rng, max([Fraction(0), *low]), min(high, default=None))
            if atom.is_integer:
                point[atom] = Fraction(int(rng.integers(1, 12)))
        return point

    def _sequence(self, rng: np.random.Generator) -> list[Any]:
        return [self.atoms[int(i)] for i in rng.permutation(len(self.atoms))]


class _Order(set[tuple[Any, Any]]):
    """Pairs (smaller, larger) of atoms, and constant bounds (atom, bound, +1 below or -1 above)."""

    def __init__(self) -> None:
        super().__init__()
        self.bounds: list[tuple[Any, Fraction, int]] = []


def _known(relation: Any, atoms: tuple[Any, ...]) -> bool:
    left = relation.xreplace({atom: i + 2 for i, atom in enumerate(atoms)})
    return not left.free_symbols


def _order(relations: Sequence[Any], atoms: tuple[Any, ...]) -> _Order:
    order = _Order()
    for relation in relations:
        if isinstance(relation, Ne):
            continue
        small, large = relation.lts, relation.gts
        if small in atoms and large in atoms:
            order.add((small, large))
        elif small.is_Rational and large in atoms:
            order.bounds.append((large, Fraction(int(small.p), int(small.q)), 1))
        elif large.is_Rational and small in atoms:
            order.bounds.append((small, Fraction(int(large.p), int(large.q)), -1))
    for middle in atoms:
        for x in atoms:
            for y in atoms:
                if (x, middle) in order and (middle, y) in order:
                    order.add((x, y))
    return order


def _between(rng: np.random.Generator, low: Fraction | None, high: Fraction | None) -> Fraction:
    share = Fraction(int(rng.integers(1, 16)), 16)
    size = Fraction(int(rng.integers(1, 25)), int(rng.integers(1, 13)))
    if low is None and high is None:
        return size if rng.integers(2) else -size
    if high is None:
        assert low is not None
        return low + size
    if low is None:
        return high - size
    return low + (high - low) * share


def _admits(atom: Any, value: Fraction) -> bool:
    if (atom.is_extended_positive and value <= 0) or (atom.is_extended_nonnegative and value < 0):
        return False
    return not (atom.is_integer and value.denominator != 1)


def _holds(relation: Any, expr: Any, certain: int | None, point: Mapping[Any, Fraction]) -> Any:
    if certain is None:
        exact = expr.xreplace({k: _rational(v) for k, v in point.items()})
        if not exact.is_Rational:
            return None
        certain = int(bool(exact > 0)) - int(bool(exact < 0))
    if isinstance(relation, Ne):
        return certain != 0
    return certain > 0 if isinstance(relation, Gt | Lt) else certain >= 0


def _rational(value: Fraction) -> Any:
    from sympy import Rational

    return Rational(value.numerator, value.denominator)


def equations(relations: Sequence[Any]) -> list[Any]:
    """The equations among the relations."""
    return [r for r in relations if isinstance(r, Eq)]
