"""Expressions as functions of one of their parts, and what they are multiples of."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

from sympy import Add, Derivative, Dummy, Eq, Mul, Pow, S, Subs, exp, fraction, log, together
from sympy.core.function import AppliedUndef

from ..exact.zero_test import free_atoms
from ..rules import differentiated
from .time_limit import check_time

__all__ = ["bases", "factor_candidates", "flat", "linear", "over", "solved_for", "unlogged"]


MOST_TERMS = 8


def flat(*expressions: Any) -> tuple[dict[Any, Any], tuple[Any, ...]]:
    """Values of functions and derivatives as symbols of their own: the names, the expressions."""
    atoms = set().union(*(free_atoms(e) for e in expressions))
    functions = sorted((a for a in atoms if not a.is_Symbol), key=str)
    names = {a: Dummy(f"f{i}", real=True) for i, a in enumerate(functions)}
    derivatives = {a: n for a, n in names.items() if isinstance(a, Derivative | Subs)}
    # Derivatives first: a function replaced inside one would be a constant there.
    return names, tuple(e.xreplace(derivatives).xreplace(names) for e in expressions)


def over(expr: Any) -> tuple[Any, Any]:
    """Numerator and denominator over one denominator."""
    numerator, denominator = fraction(together(expr))
    return numerator, denominator


def linear(expr: Any, part: Any) -> tuple[Any, Any] | None:
    """``(slope, rest)`` with ``expr`` = slope part + rest, free of the symbol ``part``."""
    if not expr.has(part):
        return None
    slope = expr.diff(part)
    if slope.has(part):
        slope = slope.expand()
    if slope.has(part) or slope == 0:
        return None
    return slope, expr.xreplace({part: S.Zero})


def solved_for(
    statement: Any, defined: Container[Any] = (), *, condition: bool = False
) -> tuple[Any, Any] | None:
    """A part of the equation that it determines, and what it is: (head, formula).

    The left side itself, a derivative of the highest order, a value of a function, a symbol that is
    ``defined``; the formula is free of the head.  Any other symbol stands for all its values, so
    that no equation that holds determines one; nor does it what it has as a common factor.  A
    ``condition`` does, which holds for some values only.
    """
    if not isinstance(statement, Eq):
        return None
    residual = differentiated(statement.lhs - statement.rhs)
    names, (plain,) = flat(residual)
    for head in _heads(statement, names, residual, defined, condition):
        name = names.get(head, head)
        found = linear(plain, name)
        if found is None:
            continue
        slope, rest = found
        back = {v: k for k, v in names.items()}
        formula = (-rest / slope).xreplace(back)
        if formula.has(head) or _contradicts(head, formula):
            continue
        if condition or head in statement.args or formula.expand() != 0:
            return head, formula
    return None


def _contradicts(head: Any, formula: Any) -> bool:
    """Whether the formula is no value that is declared for the head."""
    facts = ("positive", "negative", "nonnegative", "nonpositive", "nonzero", "integer", "real")
    told = (f"is_{fact}" for fact in facts)
    return any(getattr(head, fact) and getattr(formula, fact) is False for fact in told)


def _heads(
    statement: Any,
    names: Mapping[Any, Any],
    residual: Any,
    defined: Container[Any],
    condition: bool,
) -> list[Any]:
    left = statement.lhs
    told = [left] if left.is_Symbol or left in names else []
    # What is inside of Subs is bound there: its formula would be that of one place only.
    bound = {part for node in residual.atoms(Subs) for part in node.atoms(Derivative, AppliedUndef)}
    derivatives = [a for a in names if isinstance(a, Derivative) and a not in bound]
    derivatives.sort(key=lambda d: (-d.derivative_count, not left.has(d), str(d)))
    functions = [a for a in names if isinstance(a, AppliedUndef) and a not in bound]
    functions.sort(key=lambda f: (not left.has(f), str(f)))
    symbols = [s for s in sorted(left.free_symbols, key=str) if condition or s in defined]
    return [*told, *derivatives, *functions, *symbols]


def factor_candidates(one: Any, other: Any) -> Iterator[tuple[Any, Any]]:
    """Pairs ``(f, part)`` for which the numerator of ``one`` may be f times that of ``other``.

    By the slopes in each part in which both are linear; values of functions are parts as well.
    """
    names, (first, second) = flat(one, other)
    back = {v: k for k, v in names.items()}
    ratio = _rational_ratio(first, second)
    if ratio is not None:
        yield ratio, None
    yield from ((ratio.xreplace(back), None) for ratio in _term_ratios(first, second))
    parts = sorted(second.free_symbols & first.free_symbols, key=lambda x: (x not in back, str(x)))
    seen = set()
    for part in parts:
        check_time()
        mine, theirs = linear(first, part), linear(second, part)
        if mine is None or theirs is None:
            continue
        factor = (mine[0] / theirs[0]).xreplace(back)
        if factor not in seen:
            seen.add(factor)
            yield factor, back.get(part, part)


def _term_ratios(one: Any, other: Any) -> Iterator[Any]:
    """Quotients of the first term by each term, where nothing but powers of symbols is left."""
    first = Add.make_args(one.expand(log=False))[0]
    for term in Add.make_args(other.expand(log=False))[:MOST_TERMS]:
        ratio = first / term
        if ratio != 0 and not ratio.has(log, exp) and not any(part.is_Add for part in bases(ratio)):
            yield ratio


def _rational_ratio(one: Any, other: Any) -> Any:
    if other == 0:
        return None
    ratio = one / other
    if not ratio.is_Rational:
        ratio = _matched(one.expand(), other.expand())
    return ratio if ratio is not None and ratio.is_Rational and ratio != 0 else None


def _matched(one: Any, other: Any) -> Any:
    mine, theirs = one.as_coefficients_dict(), other.as_coefficients_dict()
    common = next((m for m in mine if m in theirs), None)
    return None if common is None else mine[common] / theirs[common]


def unlogged(expr: Any) -> list[Any]:
    """Expressions that vanish where ``expr`` does, free of logarithms and of roots.

    k (log A - p log B - c) vanishes with A - B^p e^c; A - sqrt(B) with A^2 - B where A is not
    negative, which is for the caller to see.
    """
    numbers = {node: Dummy(str(node), real=True) for node in expr.atoms(log) if node.is_number}
    back = {letter: node for node, letter in numbers.items()}
    expr = expr.xreplace(numbers)
    if not expr.has(log):
        return []
    terms = Add.make_args(expr.expand(log=False))
    logs = [_logarithm(term) for term in terms if term.has(log)]
    if None in logs:
        return []
    rest = Add(*(term for term in terms if not term.has(log)))
    found = []
    for scale in dict.fromkeys(front for front, _ in logs if front is not None):
        above, below = S.One, exp((-rest / scale).expand())
        for front, argument in logs:
            share = (front / scale).cancel()
            if share.could_extract_minus_sign():
                below *= argument**-share
            else:
                above *= argument**share
        found.append((above - below).xreplace(back))
    return found


def _logarithm(term: Any) -> Any:
    factors = Mul.make_args(term)
    logs = [f for f in factors if isinstance(f, log)]
    if len(logs) != 1 or (term / logs[0]).has(log):
        return None
    return term / logs[0], logs[0].args[0]


def bases(expr: Any) -> list[Any]:
    """The factors of a product, powers as their bases."""
    parts = Mul.make_args(expr)
    return [p.base if isinstance(p, Pow) and not p.base.is_Number else p for p in parts]
