"""The rules of derivations that speak of inequalities: monotone functions and evident signs."""

from __future__ import annotations

from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from lemmata.theory.derivations import Crosses, Evident, Extreme, Ordered, SameSign, Step
from sympy import Derivative, Eq, Equivalent, Ge, Gt, Le, Lt, S

from .domain import gap
from .exact.zero_test import ZeroDecision, decide_zero
from .expansion import assumed_equations, inequalities
from .intervals import interval_of
from .poles import defined_throughout
from .rules import differentiated, premise_rules, rewrite
from .signs import Signs

__all__ = ["check_inequality", "in_full"]

PROVED = ZeroDecision("proved")


def check_inequality(
    claim: Claim, step: Step, previous: list[Step], rng: np.random.Generator
) -> ZeroDecision:
    """Decide a step whose rule is one of this module."""
    match step.by:
        case Evident():
            return _evident(claim, step.relation, previous)
        case Ordered(variable):
            return _ordered(claim, step.relation, previous, variable, rng)
        case Crosses(variable, root):
            return _crosses(claim, step.relation, previous, variable, root, rng)
        case Extreme(variable, root):
            return _extreme(claim, step.relation, previous[-1].relation, variable, root, rng)
        case SameSign(factor):
            return _same_sign(claim, step.relation, previous, factor, rng)
    return _undecided(f"no rule {step.by}")


def _undecided(reason: str) -> ZeroDecision:
    return ZeroDecision("undecided", reason=reason)


def _evident(claim: Claim, relation: Any, previous: list[Step]) -> ZeroDecision:
    if not isinstance(relation, Gt | Lt):
        return _undecided("it is no strict inequality")
    signs = Signs(inequalities(claim))
    candidates = [claim.expand(gap(relation))]
    for step in previous:
        if isinstance(step.relation, Eq) and relation.has(step.relation.lhs):
            told = {step.relation.lhs: step.relation.rhs}
            # Not relation.xreplace: SymPy evaluates an inequality that it knows to hold.
            sides = (side.xreplace(told) for side in (relation.lhs, relation.rhs))
            candidates.append(claim.expand(gap(relation.func(*sides, evaluate=False))))
    if any(signs.sign(candidate) == 1 for candidate in candidates):
        return PROVED
    return _undecided("its sign does not show: write it as a sum of terms of one sign")


def _direction(relation: Any, variable: Any) -> tuple[Any, int]:
    """The function whose derivative the relation bounds, and the sign of that derivative."""
    if not (isinstance(relation, Gt | Lt) and isinstance(relation.lhs, Derivative)):
        return None, 0
    if relation.lhs.variables != (variable,) or relation.rhs != 0:
        return None, 0
    return relation.lhs.expr, 1 if isinstance(relation, Gt) else -1


def _ordered(
    claim: Claim, relation: Any, previous: list[Step], variable: Any, rng: np.random.Generator
) -> ZeroDecision:
    function, direction = _direction(previous[-1].relation, variable)
    if not direction:
        return _undecided(f"the step before does not bound a derivative in {variable}")
    function = in_full(claim, function)
    if not defined_throughout(function, Signs(inequalities(claim)), variable):
        return _undecided(f"the function may have a pole in {variable}")
    if not isinstance(relation, Equivalent) or len(relation.args) != 2:
        return _undecided("it is no equivalence of two inequalities")
    for compared, order in (relation.args, relation.args[::-1]):
        first, second = order.gts, order.lts
        if not (first.is_Symbol and second.is_Symbol):
            continue
        if not _interval(claim, variable, (first, second)):
            return _undecided(f"{first} and {second} are not both in the interval of {variable}")
        difference = function.xreplace({variable: first}) - function.xreplace({variable: second})
        decision = decide_zero(
            claim.expand(gap(compared) - direction * difference), inequalities(claim), rng=rng
        )
        if decision.status == "proved" and type(compared) in (Gt, Lt) and type(order) in (Gt, Lt):
            return PROVED
    return _undecided("it does not compare the function at two values")


def _interval(claim: Claim, variable: Any, values: tuple[Any, ...]) -> bool:
    """The domain is an interval of the variable, each value bounded as the variable is."""
    relations = inequalities(claim)
    if interval_of(claim, variable) is None:
        return False
    return all(
        value.assumptions0 == variable.assumptions0
        and all(r.xreplace({variable: value}) in relations for r in relations if r.has(variable))
        for value in values
    )


def _crosses(
    claim: Claim,
    relation: Any,
    previous: list[Step],
    variable: Any,
    root: Any,
    rng: np.random.Generator,
) -> ZeroDecision:
    bounds = [_direction(step.relation, variable) for step in previous]
    known = [(f, d) for f, d in bounds if d]
    if not known or not isinstance(relation, Equivalent) or len(relation.args) != 2:
        return _undecided(f"no step bounds a derivative in {variable}")
    function, direction = in_full(claim, known[-1][0]), known[-1][1]
    if not defined_throughout(function, Signs(inequalities(claim)), variable):
        return _undecided(f"the function may have a pole in {variable}")
    root = claim.expand(S.Zero + root)
    if root.has(variable) or not _zero_at(claim, function, variable, root, previous):
        return _undecided(f"no step says that the function vanishes at {root}")
    domain = interval_of(claim, variable)
    if domain is None or not domain.has_inside(root):
        return _undecided(f"{root} is not shown to lie in the interval of {variable}")
    for sign_of, side in (relation.args, relation.args[::-1]):
        above = _above(claim, side, variable, root)
        if above:
            difference = gap(sign_of) - above * direction * function
            decision = decide_zero(claim.expand(difference), inequalities(claim), rng=rng)
            if decision.status == "proved" and type(sign_of) in (Gt, Lt):
                return PROVED
    return _undecided("it does not say on which side of the root the function is positive")


def _above(claim: Claim, side: Any, variable: Any, root: Any) -> int:
    """1 where the relation says that the variable is above the root, -1 where below."""
    return {variable - root: 1, root - variable: -1}.get(claim.expand(gap(side)), 0)


def _extreme(
    claim: Claim, relation: Any, turning: Any, variable: Any, root: Any, rng: np.random.Generator
) -> ZeroDecision:
    """On the side on which the derivative is not of the one sign, it is of the other or zero."""
    if not isinstance(relation, Ge | Le):
        return _undecided("it is no weak inequality")
    if not isinstance(turning, Equivalent) or len(turning.args) != 2:
        return _undecided("the step before does not say where a derivative has which sign")
    root, domain = claim.expand(S.Zero + root), interval_of(claim, variable)
    if root.has(variable) or domain is None or not domain.has_inside(root):
        return _undecided(f"{root} is not shown to lie in the interval of {variable}")
    for sign_of, side in (turning.args, turning.args[::-1]):
        function, direction = _direction(sign_of, variable)
        turn = direction * _above(claim, side, variable, root) if direction else 0
        if not turn:
            continue
        function = in_full(claim, function)
        if not defined_throughout(function, Signs(inequalities(claim)), variable):
            return _undecided(f"the function may have a pole in {variable}")
        gained = function - function.xreplace({variable: root})
        return decide_zero(
            claim.expand(gap(relation)) - turn * gained, inequalities(claim), rng=rng
        )
    return _undecided(f"the step before does not say on which side of {root}")


def _zero_at(claim: Claim, function: Any, variable: Any, root: Any, previous: list[Step]) -> bool:
    value = function.xreplace({variable: root})
    told = [step.relation for step in previous if isinstance(step.relation, Eq)]
    return any(claim.expand(r.lhs - r.rhs) in (value, -value) for r in told)


def in_full(claim: Claim, function: Any) -> Any:
    """The function with all that is defined, or given for every argument, inserted.

    Only so it shows where the variable stands, and where there are poles.
    """
    rules = premise_rules(assumed_equations(claim), inequalities(claim))
    return rewrite(differentiated(claim.expand(function)), rules)


def _same_sign(
    claim: Claim, relation: Any, previous: list[Step], factor: Any, rng: np.random.Generator
) -> ZeroDecision:
    if Signs(inequalities(claim)).sign(claim.expand(factor)) != 1:
        return _undecided(f"{factor} is not shown to be positive")
    before = previous[-1].relation
    if not (isinstance(before, Equivalent) and isinstance(relation, Equivalent)):
        return _undecided("both steps must be equivalences")
    kept = set(before.args) & set(relation.args)
    new, old = set(relation.args) - kept, set(before.args) - kept
    if len(kept) != 1 or len(new) != 1 or len(old) != 1:
        return _undecided("one side must stay as it is")
    one, other = new.pop(), old.pop()
    if type(one) not in (Gt, Lt) or type(other) not in (Gt, Lt):
        return _undecided("only strict inequalities")
    difference = differentiated(claim.expand(gap(one) - factor * gap(other)))
    return decide_zero(difference, inequalities(claim), rng=rng)
