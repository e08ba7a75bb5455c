"""Points where a claim has values and an equation that states it has none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Any

import numpy as np
from lemmata.numerics.balls import evaluate_balls
from lemmata.numerics.codegen import UnknownFunctionError, compile_expressions
from lemmata.theory.claims import Claim
from sympy import Dummy

from ..domain import Domain, rational
from ..exact.zero_test import free_atoms
from .generators import flat, linear
from .time_limit import check_time
from .undefined_at import conditions

__all__ = ["undefined_point"]

DRAWN = 6
SIMPLE = tuple(Fraction(n, d) for n, d in ((1, 1), (2, 1), (0, 1), (-1, 1), (1, 2)))
MOST = 125
"""Simple points that are looked at."""
BITS, MANY_BITS = 128, 8192
Point = Mapping[Any, Fraction]


def undefined_point(
    claim: Claim,
    relation: Any,
    reduced: Callable[[Any], Any],
    relations: Sequence[Any],
    rng: np.random.Generator,
) -> Point | None:
    """A point of the domain at which the claim has values and the relation has none.

    ``reduced`` inserts all that is defined and given.  What the relation divides by, and takes
    logarithms and roots of, is looked at as it is written, since derivatives hide it.
    """
    theirs = [reduced(side) for side in claim.statement.args]
    own = (claim.statement, *(definition.body for definition in claim.where))
    known = {(kind, reduced(part)) for told in own for kind, part in conditions(told)}
    asked = [
        (kind, worth)
        for kind, part in sorted(conditions(relation), key=str)
        if part.free_symbols <= relation.free_symbols
        and (kind, worth := reduced(part)) not in known
    ]
    whole = [reduced(side) for side in relation.args]
    told = [*asked, *((None, side) for side in whole)]
    for kind, part in told:
        check_time()
        found = _point(kind, part, theirs, relations, rng)
        if found is not None:
            return found
    return None


def _point(
    kind: str | None,
    part: Any,
    theirs: Sequence[Any],
    relations: Sequence[Any],
    rng: np.random.Generator,
) -> Point | None:
    atoms = {atom for expr in (part, *theirs) for atom in free_atoms(expr)}
    domain = Domain(list(atoms), relations)
    try:
        mine, other = (compile_expressions(e, domain.atoms) for e in ([part], theirs))
    except UnknownFunctionError:
        return None

    def fails(point: Point) -> bool:
        values = [point[atom] for atom in domain.atoms]
        if not all(ball.is_finite() for ball in evaluate_balls(other, values, BITS)):
            return False
        (ball,) = evaluate_balls(mine, values, BITS)
        if not ball.is_finite():
            # What is lost to cancellation comes back with more bits, and a pole does not.
            return not all(ball.is_finite() for ball in evaluate_balls(mine, values, MANY_BITS))
        if kind == "root":
            return bool(ball < 0)
        return (kind == "log" and bool(ball < 0)) or (
            kind in ("log", "zero") and _at(part, point) == 0
        )

    return next(filter(fails, _points(kind, part, domain, rng)), None)


def _points(
    kind: str | None, part: Any, domain: Domain, rng: np.random.Generator
) -> Iterator[Point]:
    """Simple points; points drawn; such where the part vanishes in one of its symbols."""
    if kind is not None:
        for values in islice(product(SIMPLE, repeat=len(domain.atoms)), MOST):
            simple = dict(zip(domain.atoms, values, strict=True))
            if domain.contains(simple) is True:
                yield simple
    drawn = [point for _ in range(DRAWN) if (point := domain.draw(rng)) is not None]
    yield from drawn
    if kind is None:
        return
    names, (plain,) = flat(part)
    back = {name: atom for atom, name in names.items()}
    for name in sorted(plain.free_symbols, key=str):
        found = linear(plain.together().as_numer_denom()[0], name)
        if found is None:
            continue
        zero = (-found[1] / found[0]).xreplace(back)
        for point in drawn:
            value = _at(zero, point)
            if value is None:
                continue
            there = {**point, back.get(name, name): value}
            if domain.contains(there) is True:
                yield there


def _at(expr: Any, point: Point) -> Fraction | None:
    """The exact value, None where it is no rational number."""
    names = {atom: Dummy() for atom in point}
    derivatives = {atom: name for atom, name in names.items() if atom.is_Derivative}
    plain = expr.xreplace(derivatives).xreplace(names)
    value = plain.xreplace({name: rational(point[atom]) for atom, name in names.items()})
    return Fraction(int(value.p), int(value.q)) if value.is_Rational else None
