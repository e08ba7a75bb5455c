"""What is no claim: refused at once, with the argument, the value and the remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from math import comb
from typing import TYPE_CHECKING, Any

from sympy import (
    Basic,
    Derivative,
    Eq,
    Equivalent,
    Float,
    Ge,
    Gt,
    Lambda,
    Le,
    Limit,
    Lt,
    Ne,
    Pow,
    S,
    Subs,
    Symbol,
)
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from .definitions import refuse_definitions
from .derivations import ByParts
from .gaussian import GaussianAverage
from .levels_form import refuse_over_levels

if TYPE_CHECKING:
    from .claims import Claim

__all__ = ["bound_symbols", "refuse"]

HIGHEST_POWER = 10**6
MOST_TERMS = 10**4
_ASSUMED = Eq | Gt | Ge | Lt | Le | Ne


def refuse(made: Claim) -> None:
    """Raise ``ValueError`` or ``TypeError`` for a claim that no evidence could speak of.

    For an ``expects`` other than proved or refuted; corrections of what is no guard; a statement
    that is no equation, inequality or equivalence of two inequalities, that SymPy evaluated away,
    or of two sides that are the same expression; an assumption that is no relation;
    floating-point numbers; symbols without a real domain, or two of one name; derivatives in
    anything but symbols; definitions that are circular, collide, are applied to another number of
    arguments, or contain a symbol that is bound where they are used; a symbol that is free in one
    place and the variable of an average in another.
    """
    if made.expects not in ("proved", "refuted"):
        raise ValueError(f"expects: {made.expects!r} in claim {made.id}: 'proved' or 'refuted'")
    if made.corrected_by and made.expects != "refuted":
        raise ValueError(
            f"corrected_by: {made.id} is no guard: only what expects='refuted' is corrected"
        )
    if isinstance(made.statement, BooleanAtom | bool):
        raise ValueError(
            f"statement: SymPy evaluated the statement of {made.id} to {made.statement}: "
            "state it over undefined functions and give the formulas in `where`"
        )
    if not isinstance(made.statement, Relational | Equivalent):
        raise TypeError(
            f"statement: {made.statement!r} in {made.id} is no relation: return Eq(...), an "
            "inequality or Equivalent(...)"
        )
    if isinstance(made.statement, Relational) and made.statement.lhs == made.statement.rhs:
        raise ValueError(
            f"statement: both sides of {made.id} are {made.statement.lhs}: it says nothing. SymPy "
            "may have made them so: give what they stand for a letter or an undefined function"
        )
    _refuse_form(made)
    refuse_definitions(made.where, made.id)
    for relation in made.given:
        if isinstance(relation, BooleanAtom | bool):
            raise ValueError(f"given: an assumption of {made.id} evaluated to {relation}: drop it")
        if not isinstance(relation, _ASSUMED):
            raise TypeError(
                f"given: {relation!r} in {made.id} is no equation or inequality: give each "
                "assumption as a relation of its own"
            )
    for assumption in made.assumptions:
        if assumption.counterexample is not None and isinstance(assumption.relation, Eq | Ne):
            raise ValueError(
                f"counterexample: {assumption.relation} in {made.id} is no inequality: state what "
                "fails without it as a claim with expects='refuted'"
            )
    for step in made.derivation.steps if made.derivation is not None else ():
        if not isinstance(step.relation, Relational | Equivalent):
            raise TypeError(
                f"derivation: the step {step.relation!r} of {made.id} is no relation: state what "
                "it shows"
            )
    for expr in _all(made):
        _refuse_parts(made, expr)
    _refuse_free_and_averaged(made)
    if made.kind != "matrix":
        _refuse_symbols(made)
        _refuse_capture(made)
    if made.levels is not None:
        refuse_over_levels(made)


def _all(made: Claim) -> Iterator[Any]:
    yield from (d.body for d in made.where)
    yield from _told(made)


def _told(made: Claim) -> Iterator[Any]:
    yield made.statement
    yield from made.given
    if made.derivation is not None:
        yield from (step.relation for step in made.derivation.steps)
        for step in made.derivation.steps:
            yield from _parameters(step.by)
    for limit in made.limits:
        yield from (part for part in (limit.to, limit.value) if isinstance(part, Basic))
    if made.evaluation is not None:
        yield from made.evaluation.parts


def _parameters(rule: Any) -> Iterator[Any]:
    """What a rule is given, as expressions; what is averaged under its average."""
    if isinstance(rule, ByParts):
        yield from (GaussianAverage(rule.function, rule.variable), S.Zero + rule.factor)
        return
    for field in fields(rule):
        value = getattr(rule, field.name)
        for part in _parts_of(value):
            if isinstance(part, float):
                raise ValueError(
                    f"derivation: {part} is a floating-point number: write it exactly, for "
                    "example Rational(1, 10)"
                )
            if isinstance(part, Basic):
                yield part


def _parts_of(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return [*value, *value.values()]
    return value if isinstance(value, tuple | list) else (value,)


def _refuse_form(made: Claim) -> None:
    statement = made.statement
    if made.kind == "matrix" and not isinstance(statement, Eq):
        raise TypeError(
            f"statement: {statement} in {made.id} compares matrices: only equations of them are "
            "decided, return matrix_equation(...)"
        )
    parts = statement.args if isinstance(statement, Equivalent) else (statement,)
    wanted = Eq | Gt | Ge | Lt | Le if len(parts) == 1 else Gt | Ge | Lt | Le
    if len(parts) > 2 or not all(isinstance(part, wanted) for part in parts):
        raise TypeError(
            f"statement: {statement} in {made.id} is neither an equation nor an inequality nor an "
            "equivalence of two inequalities: state it as one of these"
        )


def _refuse_parts(made: Claim, expr: Any) -> None:
    floats = expr.atoms(Float)
    if floats:
        number = min(floats)
        raise ValueError(
            f"statement: {number} in {made.id} is a floating-point number: write it exactly, "
            "for example Rational(1, 10)"
        )
    for power in expr.atoms(Pow):
        _refuse_power(made, power)
    for derivative in expr.atoms(Derivative):
        wrong = [v for v in derivative.variables if not v.is_Symbol]
        if wrong:
            raise ValueError(
                f"statement: {derivative} in {made.id} differentiates by {wrong[0]}, which is no "
                "symbol: use Subs(Derivative(f(z), z), z, ...)"
            )
    for definition in made.where:
        if isinstance(definition.symbol, UndefinedFunction):
            count = len(definition.expression.variables)
            for applied in expr.atoms(definition.symbol):
                if len(applied.args) != count:
                    raise ValueError(
                        f"where: {applied} in {made.id} has {len(applied.args)} arguments, the "
                        f"definition of {definition.symbol} has {count}: give it as many"
                    )


def _refuse_power(made: Claim, power: Any) -> None:
    if power.exp.is_Rational and max(abs(power.exp.p), power.exp.q) > HIGHEST_POWER:
        raise ValueError(
            f"statement: the exponent {power.exp} in {made.id} is beyond {HIGHEST_POWER}: use "
            "a symbol for it"
        )
    if power.base.is_Add and power.exp.is_Integer:
        terms, degree = len(power.base.args), abs(int(power.exp))
        if comb(terms + degree - 1, degree) > MOST_TERMS:
            raise ValueError(
                f"statement: {power} in {made.id} would have more than {MOST_TERMS} terms: use a "
                "symbol for the exponent, or for the sum"
            )
    if power.exp.could_extract_minus_sign() and made.expand(power.base) == 0:
        raise ValueError(
            f"statement: {power} in {made.id} divides by zero once its definitions are inserted"
            ": leave that case out"
        )


def _refuse_symbols(made: Claim) -> None:
    # SymPy replaces the variable of Lambda(x, x) by one without a domain.
    where = [d for d in made.where if d.expression != S.IdentityFunction]
    bodies = [d.body for d in where] + [d.head for d in where]
    symbols: set[Any] = set()
    for expr in (made.statement, *made.given, *bodies):
        symbols |= expr.atoms(Symbol)
    names: dict[str, Any] = {}
    for symbol in symbols:
        if not symbol.is_real:
            told = "may be infinite" if symbol.is_extended_real else "has no domain"
            raise ValueError(
                f"statement: the symbol {symbol} in {made.id} {told}: declare it, for "
                f"example symbols({symbol.name!r}, positive=True)"
            )
        other = names.setdefault(symbol.name, symbol)
        if other != symbol:
            raise ValueError(
                f"statement: two symbols named {symbol.name} in {made.id} differ in their "
                "assumptions: declare the symbol once"
            )


def bound_symbols(expr: Any, averages: bool = True) -> set[Any]:
    """Symbols that integrals, sums, limits, averages, ``Subs`` and ``Lambda`` in ``expr`` bind."""
    found: set[Any] = set()
    kinds = (ExprWithLimits, Subs, Lambda, Limit)
    for node in expr.atoms(*kinds, *([GaussianAverage] if averages else [])):
        if isinstance(node, Subs | Lambda):
            found |= set(node.variables)
        elif isinstance(node, Limit):
            found.add(node.args[1])
        else:
            found |= set(node.bound_symbols)
    return found


def _refuse_free_and_averaged(made: Claim) -> None:
    """What is assumed of a free symbol would seem to hold for the variable of an average."""
    averaged = {a.variable for expr in _all(made) for a in expr.atoms(GaussianAverage)}
    # The variables of a definition are replaced where it is used.
    definitions = [d.expression for d in made.where]
    free = set().union(*(expr.free_symbols for expr in (*definitions, *_told(made))))
    if averaged & free:
        symbol = min(averaged & free, key=str)
        raise ValueError(
            f"statement: {symbol} is free in {made.id}, and bound by an average as well: rename "
            f"one of the two, for example Symbol('{symbol}_1', real=True)"
        )


def _refuse_capture(made: Claim) -> None:
    """A symbol that is free in a definition and bound where the definition would be inserted."""
    if not made.where:
        return
    free: set[Any] = set().union(*(d.expression.free_symbols for d in made.where))
    bound: set[Any] = set().union(*(bound_symbols(expr) for expr in _all(made)))
    used: set[Any] = set()
    if any(bound_symbols(d.body) for d in made.where):
        used = set().union(*(expr.free_symbols for expr in _all(made)))
        _refuse_caught_arguments(made)
    for definition in made.where:
        # The variables of averages are renamed where the definition is inserted.
        inner = bound_symbols(definition.body, averages=False)
        caught = (bound & free) | (inner & used)
        if caught:
            symbol = min(caught, key=str)
            raise ValueError(
                f"where: {symbol} is bound in {made.id} where the definition of "
                f"{definition.symbol} is used: rename the bound symbol"
            )


def _refuse_caught_arguments(made: Claim) -> None:
    """A symbol in the argument of a function whose definition binds it, in itself or by others."""
    functions = {d.symbol: d.body for d in made.where if isinstance(d.symbol, UndefinedFunction)}
    bound = {f: bound_symbols(made.expand(body), averages=False) for f, body in functions.items()}
    for expr in _all(made) if any(bound.values()) else ():
        for term in expr.atoms(AppliedUndef):
            caught = bound.get(term.func, set()) & set().union(*(a.free_symbols for a in term.args))
            if caught:
                symbol = min(caught, key=str)
                raise ValueError(
                    f"where: {symbol} in {term} of {made.id} would be bound in the definition of "
                    f"{term.func}: rename the bound symbol"
                )
