"""Whether an expression has a pole, a root of nothing or a logarithm of nothing on a domain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lemmata.theory.gaussian import GaussianAverage, converges, tame
from sympy import (
    Derivative,
    Dummy,
    E,
    Function,
    Limit,
    Mul,
    Pow,
    S,
    Subs,
    asinh,
    atan,
    cos,
    cosh,
    erf,
    exp,
    fraction,
    lerchphi,
    log,
    sin,
    sinh,
    tanh,
    together,
)
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef

from .signs import Signs

__all__ = ["SMOOTH", "continuous_at", "defined_throughout", "kept_throughout"]

SMOOTH = (exp, sinh, cosh, tanh, sin, cos, atan, asinh, erf)
"""Functions without a pole or a branch point on the real line."""


def defined_throughout(expr: Any, signs: Signs, variable: Any = None) -> bool:
    """Whether no pole, root or logarithm of ``expr`` lies on the domain.

    With ``variable``, only what depends on it is looked at.  A function that is not known to be
    smooth everywhere may have a pole; unknown functions are smooth.
    """
    if expr.has(ExprWithLimits, Subs, Limit):
        return False
    averages = expr.atoms(GaussianAverage)
    if not all(converges(average.function, average.variable) for average in averages):
        return False
    averaged = {average.variable for average in averages}
    for part in expr.atoms(Pow, Function):
        if part.free_symbols & averaged:
            continue
        if variable is not None and not part.has(variable):
            continue
        if isinstance(part, (AppliedUndef, *SMOOTH)) or (isinstance(part, Pow) and _harmless(part)):
            continue
        if isinstance(part, lerchphi) and _lerch_defined(part, signs):
            continue
        if not isinstance(part, Pow | log):
            return False
        inside = part.base if isinstance(part, Pow) else part.args[0]
        found = signs.sign(inside) or signs.sign(together(inside)) or signs.sign(inside.expand())
        if not found or (found < 0 and not (isinstance(part, Pow) and part.exp.is_Integer)):
            return False
    return True


def _lerch_defined(part: Any, signs: Signs) -> bool:
    """Whether Phi(z, n, a) is analytic: z < 1, and a is none of its poles 0, -1, -2, ...

    Shown for a > 0 and for -1 < a < 0.
    """
    z, order, a = part.args
    below = order.is_Integer and 1 in (signs.sign(1 - z), signs.sign(together(1 - z)))
    return bool(below and (_sign(signs, a) == 1 or (_sign(signs, a) and _sign(signs, a + 1) == 1)))


def _harmless(part: Any) -> bool:
    return bool(part.base == E or (part.exp.is_Integer and part.exp > 0) or part.base.is_positive)


def continuous_at(
    expr: Any,
    variable: Any,
    to: Any,
    signs: Signs,
    known: Callable[[Any], Any] = lambda expr: expr,
) -> bool:
    """Whether ``expr`` is certainly continuous at ``to``: no jump, no pole, no end of a branch.

    Looked for in the expression as it stands: SymPy may evaluate 0^(1/log t) at an end.  ``known``
    inserts values of unknown functions, which are continuous.
    """
    if any(node.has(variable) for node in expr.atoms(ExprWithLimits, Subs, Limit)):
        return False
    if not all(tame(node.function, node.variable) for node in expr.atoms(GaussianAverage)):
        return False
    for part in expr.atoms(Pow, Function):
        if not part.has(variable) or isinstance(part, (AppliedUndef, *SMOOTH)):
            continue
        if isinstance(part, lerchphi):
            z, order, a = part.args
            at_end = lerchphi(known(z.subs(variable, to)), order, a)
            if a.has(variable) or not _lerch_defined(at_end, signs):
                return False
            continue
        if not isinstance(part, Pow | log) or (isinstance(part, log) and len(part.args) != 1):
            return False
        inside = part.base if isinstance(part, Pow) else part.args[0]
        at_end = known(inside.subs(variable, to))
        sign = signs.sign(at_end) or signs.sign(at_end.expand())
        if sign == 1 or (isinstance(part, Pow) and part.base == E):
            continue
        if not isinstance(part, Pow) or part.exp.has(variable):
            return False
        whole = part.exp.is_Integer
        if not ((whole and (part.exp > 0 or sign)) or _rooted(part, at_end, signs)):
            return False
    return True


def _rooted(part: Any, inside: Any, signs: Signs) -> bool:
    return bool(part.exp.is_positive and signs.not_negative(inside))


def kept_throughout(expr: Any, signs: Signs, variable: Any) -> bool:
    """Whether ``expr``, whose derivative vanishes wherever it is defined, is one constant.

    A rational function N/D of unknown functions cannot reach a zero of D at which N does not
    vanish: there it would be unbounded.  So each factor of D is either of one sign, or linear in
    one unknown function x, and N has one sign where it vanishes, or is linear in x as well with a
    determinant that has one sign.
    """
    if defined_throughout(expr, signs, variable):
        return True
    if expr.has(Derivative):
        return False
    unknowns = {f: Dummy(str(f.func), real=True) for f in _unknown(expr, variable)}
    over, under = fraction(together(expr.xreplace(unknowns)))
    letters = list(unknowns.values())
    if not (over.is_polynomial(*letters) and under.is_polynomial(*letters)):
        return False
    if not (defined_throughout(over, signs, variable) and defined_throughout(under, signs)):
        return False
    return all(
        _sign(signs, factor) or _unreachable(factor, over, signs, letters)
        for part in Mul.make_args(under)
        for factor in (part.base if isinstance(part, Pow) else part,)
    )


def _unknown(expr: Any, variable: Any) -> list[Any]:
    return sorted((f for f in expr.atoms(AppliedUndef) if f.has(variable)), key=str)


def _sign(signs: Signs, expr: Any) -> int:
    return signs.sign(expr) or signs.sign(together(expr)) or signs.sign(expr.expand())


def _unreachable(factor: Any, over: Any, signs: Signs, letters: list[Any]) -> bool:
    inside = [letter for letter in letters if factor.has(letter)]
    if len(inside) != 1 or factor.diff(inside[0], 2).expand() != 0:
        return False
    slope, rest = _linear(factor, inside[0])
    if over.diff(inside[0], 2).expand() == 0:
        other_slope, other_rest = _linear(over, inside[0])
        return _sign(signs, (rest * other_slope - slope * other_rest).expand()) != 0
    if not _sign(signs, slope):
        return False
    return _sign(signs, over.xreplace({inside[0]: -rest / slope})) != 0


def _linear(expr: Any, letter: Any) -> tuple[Any, Any]:
    return expr.diff(letter).expand(), expr.xreplace({letter: S.Zero})
