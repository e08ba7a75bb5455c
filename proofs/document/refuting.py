"""What a slogan reads at the point where it fails: both sides of what is displayed, as numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
from lemmata.numerics.balls import sign
from lemmata.numerics.codegen import UnknownFunctionError, compile_expressions
from lemmata.theory.claims import Claim
from lemmata.theory.gaussian import GaussianAverage
from sympy import Eq, Equivalent, Ge, Gt, Le, Lt, Matrix, Product, Rational, Sum

from ..domain import rational
from ..exact.averages import moments_inserted
from ..expansion import assumed_equations, inequalities, sides
from ..levels.instances import recorded
from ..levels.values import UndefinedError
from ..levels.values import Values as LevelValues
from ..rules import differentiated, premise_rules, rewrite
from ..witnesses import matrix_sides

__all__ = ["Reading", "readings"]

BITS = 512
READABLE = 9
"""Characters of a fraction that is read at a glance."""
FEWEST_DIGITS, MOST_DIGITS = 4, 30
_SIGNS = {Eq: "=", Gt: ">", Ge: r"\ge", Lt: "<", Le: r"\le"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A relation that is displayed, with its two sides at the witness.

    ``relation`` is the slogan itself, a part of it, or an equation that it should solve:
    ``solves`` tells the last.  ``left`` and ``right`` are exact, or None where an average has no
    closed form; ``digits`` are those of both, None where both can be read as they are.
    """

    relation: Any
    solves: bool
    left: Any
    right: Any
    digits: tuple[str, str] | None
    holds: bool

    @property
    def sign(self) -> str:
        """LaTeX of the relation's sign."""
        return _SIGNS[self.relation.func]


def readings(claim: Claim) -> tuple[Reading, ...]:
    """Everything that the slogan compares, at its witness; nothing where it has none.

    Raises ``ValueError`` where a side has no value, or where all that is compared holds.
    """
    if claim.witness is None:
        return ()
    found = tuple(_readings(claim))
    truths = {reading.holds for reading in found}
    fails = truths == {True, False} if isinstance(claim.statement, Equivalent) else False in truths
    if not fails:
        raise ValueError(f"witness: {claim.id} holds as it is displayed at its witness")
    return found


def _readings(claim: Claim) -> Iterator[Reading]:
    if claim.kind == "matrix":
        (left, right), broken = matrix_sides(claim)
        if broken:
            raise ValueError(f"witness: {claim.id}: {broken} does not hold")
        one, other = _matrix(left), _matrix(right)
        yield Reading(claim.statement, False, one, other, None, one == other)
        return
    if claim.kind == "solution":
        head = claim.statement.lhs.func
        solved = [r for r in claim.given if isinstance(r, Eq) and r.has(head)]
        for relation, pair in zip(solved, sides(claim), strict=True):
            yield _scalar(claim, relation, pair, solves=True)
        return
    parts = claim.statement.args if isinstance(claim.statement, Equivalent) else (claim.statement,)
    for relation in parts:
        if claim.kind == "levels":
            yield _level(claim, relation)
        elif claim.kind == "equation":
            yield _scalar(claim, relation, sides(claim)[0])
        else:
            yield _scalar(claim, relation, _expanded(claim, relation))


def _expanded(claim: Claim, relation: Any) -> tuple[Any, Any]:
    rules = premise_rules(assumed_equations(claim), inequalities(claim))
    found = [differentiated(claim.expand(side)) for side in (relation.lhs, relation.rhs)]
    left, right = (rewrite(side, rules) if rules else side for side in found)
    return left, right


def _matrix(value: Any) -> Any:
    rows = [[rational(Fraction(int(x.p), int(x.q))) for x in row] for row in value.tolist()]
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else Matrix(rows).as_immutable()


def _scalar(claim: Claim, relation: Any, pair: tuple[Any, Any], solves: bool = False) -> Reading:
    """Both sides with the witness put in."""
    assert claim.witness is not None
    at = claim.witness.at
    left, right = (moments_inserted(side).subs(at).doit() for side in pair)
    return _reading(relation, left, right, solves)


def _level(claim: Claim, relation: Any) -> Reading:
    assert claim.witness is not None
    values = LevelValues(claim, recorded(claim, claim.witness.at))
    left, right = (_level_side(claim, values, side) for side in (relation.lhs, relation.rhs))
    return _reading(relation, left, right, False)


def _level_side(claim: Claim, values: LevelValues, side: Any) -> Any:
    """The value where it is rational as it is computed, else the expression written out."""
    assert claim.witness is not None
    value = values.value(side)
    if isinstance(value, flint.fmpq):
        return Rational(int(value.p), int(value.q))
    at = claim.witness.at
    scalars = {name: number for name, number in at.items() if name.is_Symbol}
    written = claim.expand(side).subs(scalars)
    while written.has(Sum, Product):
        before, written = written, written.doit()
        if written == before:
            break
    written = written.subs(at)
    if written.free_symbols or written.has(Sum, Product):
        raise ValueError(f"witness: {side} of {claim.id} has no exact value: {written}")
    with suppress(UndefinedError):
        if not value.overlaps(_ball(written)):
            raise ValueError(f"witness: {side} of {claim.id} has two values")
    return written


def _reading(relation: Any, left: Any, right: Any, solves: bool) -> Reading:
    holds = _holds(relation, left, right)
    digits = None if _is_short(left) and _is_short(right) else _digits(left, right)
    return Reading(relation, solves, _exact(left), _exact(right), digits, holds)


def _exact(value: Any) -> Any:
    """The value; None for an average, which has no closed form."""
    return None if value.has(GaussianAverage) else value


def _is_short(value: Any) -> bool:
    return bool(value.is_Rational) and len(str(value)) <= READABLE


def _ball(value: Any) -> flint.arb:
    """An enclosure; raises ``ValueError`` for what has none."""
    try:
        found = sign(compile_expressions([value], []), [], BITS)[0].ball
    except UnknownFunctionError as error:
        raise ValueError(f"witness: {value} has no value: {error}") from None
    if not found.is_finite():
        raise ValueError(f"witness: {value} has no value")
    return found


def _holds(relation: Any, left: Any, right: Any) -> bool:
    if left == right:
        return isinstance(relation, Eq | Ge | Le)
    if isinstance(relation, Eq) and left.is_Rational and right.is_Rational:
        return False
    difference = _ball(left - right)
    if difference.contains(0):
        raise ValueError(f"witness: {left} and {right} are not told apart")
    if isinstance(relation, Eq):
        return False
    return bool(difference > 0) is isinstance(relation, Gt | Ge)


def _digits(left: Any, right: Any) -> tuple[str, str]:
    """Decimal digits of both, as many as tell them apart."""
    for count in range(FEWEST_DIGITS, MOST_DIGITS):
        one, other = _rounded(left, count), _rounded(right, count)
        if left == right or one != other:
            break
    return one, other


def _rounded(value: Any, count: int) -> str:
    """So many digits of a value; no zeros behind what is exact with fewer."""
    told: str = _ball(value).str(count, radius=False)
    if value.is_Rational and Rational(told) == value and "." in told:
        return told.rstrip("0").rstrip(".")
    return told
