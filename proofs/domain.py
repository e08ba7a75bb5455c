"""The domain of a claim: its symbols and assumptions, and exact points drawn from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import ceil, floor
from typing import Any

import numpy as np
from lemmata.numerics.balls import sign
from lemmata.numerics.codegen import compile_expressions
from sympy import Dummy, Ge, Gt, Le, Lt, Ne, Rational
from sympy.core.function import AppliedUndef

__all__ = ["Domain", "gap", "includes_zero", "integers_between", "rational", "strict"]

ATTEMPTS = 200
SPREAD = 12
"""How far integers are drawn from the bound they have."""
FACTS = (
    "is_zero",
    "is_rational",
    "is_integer",
    "is_even",
    "is_odd",
    "is_prime",
    "is_composite",
)
SCALES = (0, 0, 0, 0, 0, 1, -1, -2)
BITS = 1024


def gap(relation: Any) -> Any:
    """The expression that a strict or weak inequality asserts to be positive or not negative."""
    if isinstance(relation, Gt | Ge):
        return relation.lhs - relation.rhs
    if isinstance(relation, Lt | Le):
        return relation.rhs - relation.lhs
    raise TypeError(f"relation: {relation} is no inequality")


def strict(relation: Any) -> bool:
    """Whether the inequality is strict."""
    return isinstance(relation, Gt | Lt)


class Domain:
    """Atoms (symbols or applied functions, as free values) and the inequalities they satisfy.

    Points are built, not filtered: each atom is drawn inside the bounds that relations linear in
    it set once the other atoms are known; what remains is checked by ``contains``.
    """

    def __init__(self, atoms: Sequence[Any], relations: Sequence[Any] = ()) -> None:
        self.atoms = tuple(sorted(set(atoms), key=str))
        self.relations = tuple(
            r
            for r in relations
            if isinstance(r, Gt | Ge | Lt | Le | Ne) and _known(r, self.atoms)
        )
        self._gaps = [r.lhs - r.rhs if isinstance(r, Ne) else gap(r) for r in self.relations]
        self._program = compile_expressions(self._gaps, self.atoms)
        self._linear = [
            (atom, *found, set(self.atoms) & _parts(expr) - {atom})
            for relation, expr in zip(self.relations, self._gaps, strict=True)
            if not isinstance(relation, Ne)
            for atom in self.atoms
            if (found := self._linear_part(expr, atom))
        ]

    def _linear_part(self, expr: Any, atom: Any) -> tuple[Any, Any] | tuple[()]:
        """slope and rest with expr = slope * atom + rest, when it is of that form.

        Values of functions are numbers of their own here, whatever symbols they are taken at.
        """
        put = {a: Dummy() for a in self.atoms if not a.is_Symbol}
        flat, unknown = expr.xreplace(put), put.get(atom, atom)
        rest = flat.xreplace({unknown: Rational(0)})
        slope = flat.xreplace({unknown: Rational(1)}) - rest
        if not flat.has(unknown) or slope == 0 or rest.is_finite is False:
            return ()
        if (slope * unknown + rest - flat).expand() != 0:
            return ()
        back = {dummy: a for a, dummy in put.items()}
        return slope.xreplace(back), rest.xreplace(back)

    @property
    def positive(self) -> list[Any]:
        """Expressions that are positive on the domain: gaps, and sums x - z of x - y and y - z."""
        gaps = [gap(r) for r in self.relations if strict(r)]
        sums = [(one + other).expand() for one, other in combinations(gaps, 2)]
        short = [s for s in sums if len(s.args) <= 2 and not s.is_number]
        return [*gaps, *short]

    def contains(self, point: Mapping[Any, Fraction]) -> bool | None:
        """Whether the point satisfies every relation; None where balls cannot decide."""
        if any(not _admits(atom, point[atom]) for atom in self.atoms):
            return False
        answer: bool | None = True
        values = [point[atom] for atom in self.atoms]
        for relation, expr, result in zip(
            self.relations, self._gaps, sign(self._program, values, BITS), strict=True
        ):
            holds = _holds(relation, expr, result.sign, point)
            if holds is False:
                return False
            answer = None if holds is None else answer
        return answer

    def build(self, choose: Callable[[Any, Any, Any], Fraction], order: Sequence[Any]) -> Any:
        """A point, atom by atom in that order; ``choose(atom, low, high)`` picks a value.

        None when the bounds of an atom are empty; the point still has to pass ``contains``.
        """
        point: dict[Any, Fraction] = {}
        for atom in order:
            low, high = self._bounds(atom, point)
            if low is not None and high is not None and low >= high:
                return None
            point[atom] = choose(atom, low, high)
        return point

    def draw(self, rng: np.random.Generator) -> dict[Any, Fraction] | None:
        """An exact rational point of the domain, or None when none was found."""

        def choose(atom: Any, low: Any, high: Any) -> Fraction:
            if atom.is_integer:
                return Fraction(int(rng.integers(*integers_between(low, high), endpoint=True)))
            if includes_zero(atom, low) and not rng.integers(8):
                return Fraction(0)
            return _between(rng, low, high)

        for _ in range(ATTEMPTS):
            point = self.build(choose, [self.atoms[i] for i in rng.permutation(len(self.atoms))])
            if point is not None and self.contains(point):
                return dict(point)
        return None

    def _bounds(self, atom: Any, point: Mapping[Any, Fraction]) -> tuple[Any, Any]:
        lows = [Fraction(0)] if atom.is_extended_nonnegative else []
        highs = [Fraction(0)] if atom.is_extended_nonpositive else []
        for other, slope, rest, needed in self._linear:
            if other != atom or not needed <= point.keys():
                continue
            factor, offset = _value(slope, point), _value(rest, point)
            if factor and offset is not None:
                (lows if factor > 0 else highs).append(-offset / factor)
        return max(lows, default=None), min(highs, default=None)


def integers_between(low: Fraction | None, high: Fraction | None) -> tuple[int, int]:
    """The least and the largest of some integers from ``low`` to ``high``, the ends among them."""
    first = None if low is None else floor(low)
    last = None if high is None else ceil(high)
    if first is None:
        first = -SPREAD if last is None else last - SPREAD
    return first, first + SPREAD if last is None else min(last, first + SPREAD)


def includes_zero(atom: Any, low: Fraction | None) -> bool:
    """Whether 0 is the closed lower end of the values of the atom."""
    return bool(low == 0 and atom.is_extended_nonnegative and not atom.is_extended_positive)


def _parts(expr: Any) -> set[Any]:
    found: set[Any] = set(expr.free_symbols) | expr.atoms(*{type(f) for f in expr.args})
    return found


def _value(expr: Any, point: Mapping[Any, Fraction]) -> Fraction | None:
    exact = expr.xreplace({k: rational(v) for k, v in point.items()})
    return Fraction(int(exact.p), int(exact.q)) if exact.is_Rational else None


def _known(relation: Any, atoms: tuple[Any, ...]) -> bool:
    """Whether the relation speaks of nothing but the atoms."""
    put = {atom: Dummy() for atom in atoms}
    left = relation.xreplace(put)
    return left.free_symbols <= set(put.values()) and not left.atoms(AppliedUndef)


def _between(rng: np.random.Generator, low: Fraction | None, high: Fraction | None) -> Fraction:
    share = Fraction(int(rng.integers(1, 16)), 16)
    size = Fraction(int(rng.integers(1, 25)), int(rng.integers(1, 13)))
    size *= Fraction(10) ** SCALES[int(rng.integers(len(SCALES)))]
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
    if (atom.is_extended_negative and value >= 0) or (atom.is_extended_nonpositive and value > 0):
        return False
    number = rational(value)
    return all(
        getattr(atom, fact) is None or getattr(number, fact) is getattr(atom, fact)
        for fact in FACTS
    )


def _holds(relation: Any, expr: Any, certain: int | None, point: Mapping[Any, Fraction]) -> Any:
    if certain is None:
        exact = _value(expr, point)
        if exact is None:
            return None
        certain = (exact > 0) - (exact < 0)
    if isinstance(relation, Ne):
        return certain != 0
    return certain > 0 if strict(relation) else certain >= 0


def rational(value: Fraction) -> Any:
    """The SymPy number of a fraction."""
    return Rational(value.numerator, value.denominator)
