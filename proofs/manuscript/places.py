"""Values of functions at one place are numbers: what holds there says nothing of other places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Derivative, Dummy, Eq, Integral, S, Subs, Tuple
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from ..expansion import inequalities
from ..instances import certain, fits
from ..notation import Vocabulary
from ..rules import running
from ..tied import runs_freely

__all__ = [
    "arguments_of",
    "at_places",
    "fixed",
    "inside",
    "moving_in",
    "put",
    "rates_alike",
    "specialised",
    "universal",
]


def arguments_of(vocabulary: Vocabulary) -> dict[Any, frozenset[Any]]:
    """The symbols by which the functions of a vocabulary run: t of a(t)."""
    told = {}
    for entry in vocabulary.names.values():
        args = entry.bare or (entry.seen[0] if entry.indexed and entry.seen else ())
        if entry.function is not None and args:
            told[entry.function] = frozenset(x for x in args if x.is_Symbol)
    return told


def moving_in(
    claim: Claim | None, arguments: Mapping[Any, frozenset[Any]]
) -> dict[Any, frozenset[Any]]:
    """The symbols by which functions run, in the claim and where they are declared."""
    told = {} if claim is None else running([claim.statement, *claim.given])
    return {**{f: frozenset(symbols) for f, symbols in told.items()}, **arguments}


def fixed(relations: Iterable[Any], moving: Mapping[Any, frozenset[Any]]) -> dict[Any, Any]:
    """A number of its own for every value, or rate, of a function at a symbol that it is not
    declared to depend on.

    a(T) = b says nothing of the rate at T where a(t) is declared.
    """
    found: dict[Any, Any] = {}
    for relation in relations:
        integrals = relation.atoms(ExprWithLimits)
        # The variable of an integral is bound: what holds there holds for all values of it.
        outside = (
            relation.xreplace({node: Dummy() for node in integrals}) if integrals else relation
        )
        limits = [x for node in integrals for limit in node.limits for x in limit[1:]]
        for part in Tuple(outside, *limits).atoms(AppliedUndef, Derivative):
            function = part.expr if isinstance(part, Derivative) else part
            if not isinstance(function, AppliedUndef):
                continue
            symbols = {x for x in function.args if x.is_Symbol}
            if function.func in moving and symbols - moving[function.func]:
                found.setdefault(part, Dummy(str(part), real=True))
    # Rates first: a value that is replaced inside of one would be a constant there.
    return dict(sorted(found.items(), key=lambda item: not isinstance(item[0], Derivative)))


def at_places(relations: Iterable[Any]) -> bool:
    """Whether some function is spoken of at more than one place."""
    told: dict[Any, set[Any]] = {}
    for relation in relations:
        for call in relation.atoms(AppliedUndef):
            told.setdefault(call.func, set()).add(call.args)
    return any(len(places) > 1 for places in told.values())


def specialised(
    base: Claim, premises: Sequence[Any], goal: Any, moving: Mapping[Any, frozenset[Any]]
) -> list[Any]:
    """The premises at the places at which the goal has functions: a(t) = F(t) says a(0) = F(0).

    Of a premise that has functions at the variable by which they run, and so holds for all of its
    values in the domain.
    """
    found: list[Any] = []
    for premise in premises:
        for variable in sorted(set().union(*moving.values()) if moving else (), key=str):
            if not universal(premise, variable, moving) or _depends(base, premise, variable):
                continue
            own = {f.func for f in premise.atoms(AppliedUndef) if f.has(variable)}
            calls = {x for f in goal.atoms(AppliedUndef) if f.func in own for x in f.args}
            rates = {x for node in goal.atoms(Subs) if node.has(*own) for x in node.point}
            for place in sorted((calls | rates) - {variable}, key=str):
                if inside(base, variable, place, moving):
                    told = [premise, *(_rate(premise, variable) if place in rates else ())]
                    found.extend(put(relation, variable, place) for relation in told)
    return [p for p in found if isinstance(p, Relational) and p not in premises]


def _rate(premise: Any, variable: Any) -> list[Any]:
    """The premise differentiated, where it is an equation that says so."""
    if not isinstance(premise, Eq) or variable.is_integer or premise.atoms(Subs):
        return []
    return [Eq(*(side.diff(variable) for side in premise.args), evaluate=False)]


def rates_alike(relation: Any, moving: Mapping[Any, frozenset[Any]]) -> Any:
    """The relation with rates at a place written in the variable by which the functions run."""
    told = {}
    for node in relation.atoms(Subs):
        runs = set().union(*(moving.get(f.func, frozenset()) for f in node.atoms(AppliedUndef)))
        if len(node.variables) == 1 and len(runs) == 1:
            (variable,), (bound,) = runs, node.variables
            if bound == variable or not node.expr.has(variable):
                inner = node.expr.xreplace({bound: variable})
                told[node] = Subs(inner, variable, node.point[0])
    return relation.xreplace(told) if told else relation


def universal(relation: Any, variable: Any, moving: Mapping[Any, frozenset[Any]]) -> bool:
    """Whether a relation speaks of functions that run by the variable: it holds for all values."""
    functions = [f for f in relation.atoms(AppliedUndef) if f.has(variable)]
    return bool(functions) and all(
        variable in f.args and variable in moving.get(f.func, ()) for f in functions
    )


def inside(base: Claim, variable: Any, place: Any, moving: Mapping[Any, frozenset[Any]]) -> bool:
    """Whether a place certainly lies where the variable runs, and may take any value there."""
    if not runs_freely(base, variable):
        return False
    place = base.expand(place)
    told = [r for r in inequalities(base) if not universal(r, variable, moving)]
    others = [r for r in told if not r.has(variable)]
    return fits(variable, place, others) and all(
        certain(r.xreplace({variable: place}), others) for r in told if r.has(variable)
    )


def _depends(base: Claim, premise: Any, variable: Any) -> bool:
    """Whether what the premise speaks of is defined by the variable."""
    return any(variable in d.expression.free_symbols and premise.has(d.symbol) for d in base.where)


def put(relation: Any, variable: Any, place: Any) -> Any:
    """A relation, or an expression, at the place; derivatives are taken there, not by the place."""
    if place.is_Symbol and not relation.has(place):
        made = relation.xreplace({variable: place})
    elif isinstance(relation, Relational):
        sides = (side.subs({variable: place}, simultaneous=True) for side in relation.args)
        made = relation.func(*sides, evaluate=False)
    else:
        made = relation.subs({variable: place}, simultaneous=True)
    return _plain(made)


def _plain(expr: Any) -> Any:
    """Integrals from a place to itself are 0."""
    told = {
        node: S.Zero
        for node in expr.atoms(Integral)
        if len(node.limits) == 1 and len(node.limits[0]) == 3 and _empty(*node.limits[0][1:])
    }
    return expr.xreplace(told) if told else expr


def _empty(low: Any, high: Any) -> bool:
    return bool((low - high).expand() == 0)
