"""Whether an equation of motion that a claim states holds from any start and until a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lemmata.theory.claims import Claim, Evaluation
from lemmata.theory.outputs import Flow
from sympy import Derivative, Dummy, Eq, Ge, Gt, Le, Lt, MatrixExpr, S
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from .domain import gap
from .expansion import assumed_equations, inequalities
from .instances import certain, declared, fits
from .signs import Signs

__all__ = ["doubt_of_start", "doubt_of_times"]


def doubt_of_times(stated: Claim, what: Evaluation, flow: Flow, time: Any) -> str:
    """What ``stated`` asks of its own time and does not show at all times up to the flow's.

    The law has no time in it, so that its solutions may begin at 0.
    """
    domain = [relation for relation in what.domain if isinstance(relation, Relational)]
    if not Signs(domain).not_negative(flow.time):
        return f"{flow.time} is not shown to be after 0"
    moment = Dummy("u", positive=True)
    until = Le(moment, flow.time, evaluate=False)
    if "integer" in declared(time) or not fits(time, moment, [*domain, until]):
        return f"the times up to {flow.time} are not shown to lie in the domain of {time}"
    for relation in inequalities(stated):
        if relation.has(time) and not _kept(relation, time, flow.time, domain):
            return f"{relation} is assumed, and not shown up to {flow.time}"
    return ""


def _kept(relation: Any, time: Any, last: Any, domain: Sequence[Any]) -> bool:
    """Whether an inequality holds after 0 and until the last time.

    Straight in time it does where it holds at the last time, and weakly at 0.
    """
    if not isinstance(relation, Gt | Ge | Lt | Le) or relation.atoms(AppliedUndef):
        return False
    slack = gap(relation)
    if slack.diff(time, 2).expand() != 0:
        return False
    at_last = relation.func(*(side.xreplace({time: last}) for side in relation.args))
    return certain(at_last, domain) and Signs(domain).not_negative(slack.xreplace({time: S.Zero}))


def doubt_of_start(stated: Claim, flow: Flow, head: Any) -> str:
    """What keeps ``head``, which moves, from any positive value to start from.

    Its value is one unknown function k of time, or C e^(c k): then k may be whatever it need be.
    What is assumed must determine k by one equation of motion, and other functions by k.
    """
    if any(relation.atoms(MatrixExpr) for relation in stated.given):
        return f"{stated.id} assumes equations between matrices"
    for relation in inequalities(stated):
        if relation.atoms(AppliedUndef):
            return f"{relation} is assumed, and not shown along the motion"
    value = stated.expand(head)
    (state, *others) = value.atoms(AppliedUndef) or (None,)
    if others or state is None or state.args != head.args:
        return f"{head} is {value}, which may not start anywhere"
    if not _onto_positive(stated, value, state, flow):
        return f"{head} is {value}, which is not shown to take every positive value"
    return _more_than_a_law(stated, state)


def _onto_positive(stated: Claim, value: Any, state: Any, flow: Flow) -> bool:
    """Whether ``value`` takes all positive values while the state stays in its domain."""
    if value == state:
        return fits(state, flow.symbol, [])
    unknown = Dummy("k", real=True)
    if not fits(state, unknown, []):
        return False
    curve, signs = value.xreplace({state: unknown}), Signs(inequalities(stated))
    rate = (curve.diff(unknown) / curve).simplify()
    return not rate.has(unknown) and signs.sign(curve) == 1 and signs.sign(rate) != 0


def _more_than_a_law(stated: Claim, state: Any) -> str:
    """An assumed equation that may fix the value of a function at a time.

    Each must be the equation of motion of a function, or give a function of time by others; none
    is told twice, and what is given needs nothing that is given.
    """
    moved: set[Any] = set()
    given: dict[Any, Any] = {}
    for equation in assumed_equations(stated):
        unknown = equation.atoms(AppliedUndef)
        if not unknown:
            continue
        function = _moved(equation, state.args) or _given(equation, state.args)
        if function is None or function in moved | given.keys():
            return f"{equation} is assumed, and may not hold from every start"
        if _moved(equation, state.args):
            moved.add(function)
        else:
            given[function] = equation.rhs
    if state.func in given:
        return f"{state} is assumed to be {given[state.func]}, whatever the start"
    for rest in given.values():
        if any(part.func in given for part in rest.atoms(AppliedUndef)):
            return f"{rest} is assumed of a function, and may not hold from every start"
    return ""


def _moved(equation: Any, args: Any) -> Any:
    """The function of whose derivative, times a factor, the left side of an equation consists."""
    left = equation.lhs
    rates = left.atoms(Derivative)
    if len(rates) != 1 or equation.rhs.atoms(Derivative):
        return None
    (rate,) = rates
    factor = left.xreplace({rate: S.One})
    if factor.atoms(AppliedUndef) or (left - factor * rate).expand() != 0:
        return None
    plain = isinstance(rate.expr, AppliedUndef) and rate.expr.args == args == rate.variables
    return rate.expr.func if plain and _now(equation.rhs, args) else None


def _given(equation: Any, args: Any) -> Any:
    left, right = equation.lhs, equation.rhs
    plain = isinstance(left, AppliedUndef) and left.args == args and isinstance(equation, Eq)
    alone = not right.atoms(Derivative) and _now(right, args)
    return left.func if plain and alone and not right.has(left.func) else None


def _now(expr: Any, args: Any) -> bool:
    """Whether all functions are taken at the present time."""
    return all(function.args == args for function in expr.atoms(AppliedUndef))
