"""What an adversary found in the calculus of sequences.

``PLANTED`` must never pass: most of it was proved, or sampled, and no longer is.  ``PASSING`` is
still proved or sampled by some evidence on the statement; each moves to ``PLANTED`` with its
repair.  ``GUARDS``: true statements kept as guards, which were refuted by witnesses outside the
domain.  ``ACCOMPANYING``: wrong in what ``evaluate`` tells.  Many differ from the truth only at
depth 5, which was deeper than the instances that were drawn.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from lemmata.proofs import Claim, Status, define
from lemmata.proofs.court import LEVEL_KINDS
from lemmata.proofs.evidence import BUDGETS
from lemmata.theory.claims import Evaluation, claim
from lemmata.theory.derivations import (
    Combines,
    Evident,
    Follows,
    Induction,
    Premise,
    Proportional,
)
from lemmata.theory.edges import Witness
from lemmata.theory.levels import Levels, Recursion, Sequence
from lemmata.theory.registry import REGISTRY
from sympy import (
    Eq,
    Function,
    Integer,
    Lambda,
    Mul,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    log,
    symbols,
)

from .planted import Planted, iff, state, steps

__all__ = ["ACCOMPANYING", "GUARDS", "PASSING", "PLANTED", "level_status"]


def _whole(name: str, **assumed: bool) -> Any:
    return Symbol(name, integer=True, **assumed)


D = _whole("D", positive=True)
i, j, k, l, m = (_whole(name) for name in "ijklm")  # noqa: E741
UP = _whole("h", nonnegative=True)
x, y = symbols("x y", real=True)
SURE = Symbol("z", positive=True)
a, b, f, q, B, eps = (Function(name) for name in ("a", "b", "f", "q", "B", "epsilon"))
SHALLOW = (D - 1) * (D - 2) * (D - 3) * (D - 4)
"""Zero at every depth that is drawn."""
FIFTH = k * (k - 1) * (k - 2) * (k - 3) * (k - 4)


def _is(left: Any, right: Any) -> Any:
    return Eq(left, right, evaluate=False)


def _of(symbol: Any, kind: str, low: Any = 0, high: Any = D) -> Sequence:
    return Sequence(symbol, kind, low, high)


A, REAL = _of(a, "positive"), _of(a, "real")
COUNT, FLIP = _of(B, "count"), _of(eps, "probability")


def _levels(*sequences: Sequence, indices: Any = ((k, 0, D),), **more: Any) -> Levels:
    return Levels(D, sequences, indices, **more)


def level_status(made: Claim, seed: int = 0, profile: str = "quick") -> dict[str, Status]:
    """What each kind of evidence says of the statement itself."""
    asked = ("consistency", "derivation", "instances", "witness")
    kinds = [e for e in LEVEL_KINDS if e.kind in asked]
    budget = BUDGETS[profile]
    return {
        e.kind: e.check(made, budget, np.random.default_rng(seed)).status
        for e in kinds
        if e.applies(made, budget)
    }


def _wrong(name: str, statement: Any, levels: Any, *told: Any, **options: Any) -> Planted:
    """``levels`` may be a call: some are to be refused as soon as they are made."""

    def made() -> Claim:
        space = levels() if callable(levels) else levels
        derivation = steps(*told) if told else None
        return state(statement, levels=space, derivation=derivation, **options)

    return Planted(name, made, None)


def _ratio(expr: Any, index: Any, step: int) -> Any:
    """What turns the neighbour into ``expr``: it passes whatever they are, and has a pole."""
    return expr / expr.subs(index, index + step)


def _cited(id: str, statement: Any, levels: Levels) -> str:
    REGISTRY._claims.pop(id, None)
    claim(id, levels=levels)(lambda: statement)
    return id


def _by_premise(name: str, statement: Any, there: Levels, here: Any, where: Any = ()) -> Planted:
    def made() -> Claim:
        id = _cited("meta.cited", statement, there)
        told = steps((statement, Premise(id)))
        return state(statement, levels=here(), derivation=told, rests_on=[id], where=where)

    return Planted(name, made, None)


# Nothing is said of where a factor has poles, or of where an earlier step is defined.
_POLE = _is(FIFTH, 0)
_NOTHING = _is(Sum(a(j), (j, 0, D)), Sum(a(j), (j, 0, D - 1)) + a(D))
_ZERO = _is(SHALLOW, 0)
_GIVEN = _is(a(k) * b(k), 0)
_ROOTS = exp(Sum(log(5 - D), (j, k, k)))
_LOG = exp(Sum(log(a(j)), (j, k, k)))
_SQUARE = exp(Sum(log((1 - 2 * eps(j)) ** 2), (j, k, k)))
_DEEP = iff(a(k) * (D - 4) > 0, D - 4 > 0)

# A sum or a product inside a sum depends on the index of the outer one.
_INNER = Product(a(l) + b(m), (l, 0, D))
_SHIFT = _is(Sum(3 * _INNER, (m, 0, k)), Sum(3 * _INNER, (m, 1, k + 1)))
_CLASH = _is(Sum(3 * _INNER, (m, 0, k)), 3 * (k + 1) * _INNER)
_NESTED = define(f, Lambda(k, Product(a(k) + b(j), (j, 0, D))), means="caught")
_CAUGHT = _is(Sum(f(j), (j, 0, k)), Sum(Product(a(j) + b(j), (j, 0, D)), (i, 0, k)))
_MOVED = Sum(a(k) * b(l), (l, 0, D)) - Sum(a(l) * b(l), (l, 0, D))
_TWICE = _is(Sum(a(i), (i, 0, D), (j, 0, k)), Sum(a(i), (i, 0, D)))

# All factors below index 0 are one: those from 0 up are not when one of them is zero.
_UNDER = _is(1 / Product(a(j), (j, 1, k)), 0)
_COUNTED = _whole("j", positive=True)
_FACTORIAL = _is(1 / Product(_COUNTED, (_COUNTED, 1, k)), 0)


def _similarities(last: Any) -> Any:
    return Sum(Product((1 - 2 * eps(j)) ** 2, (j, l, D - 1)), (l, 0, last))


_TAIL = _is(_similarities(D), _similarities(D - 1))
_OUTER = Product(a(j), (j, 0, D + 1))
_SHADOW = Product(a(k), (k, 0, D))
_FIRST, _OTHER = (Recursion(f(m), 0, value, 2 * f(m)) for value in (1, 3))
_LATER = _is(f(m + 1), f(m + 1) + 1)
_MINUS = define(a, Lambda(k, -S.One), means="contradicts the kind of the sequence")
_SIGN = define(SURE, 5 - D, means="declared positive, and is not from depth 5")
_BOUND = SURE * B(k) + SURE * eps(k) > 0
_HALF = {eps(D): Rational(1, 2)}
_EVERY = _of(a, "positive", 0, D + 1)
_BIG = exp(1000 * B(k))

REPAIRED = [
    _wrong(
        "induction by a factor with a pole", _POLE, _levels(), (_POLE, Induction(k, 0, k / (k - 5)))
    ),
    _wrong(
        "induction by the ratio of what is to be shown",
        _POLE,
        _levels(),
        (_POLE, Induction(k, 0, _ratio(FIFTH, k, -1))),
    ),
    _wrong(
        "divided by left minus right of an equation",
        _ZERO,
        _levels(REAL),
        (_NOTHING, Follows()),
        (_ZERO, Combines({1: SHALLOW / (_NOTHING.lhs - _NOTHING.rhs)})),
    ),
    _wrong(
        "divided by a sequence that may vanish",
        _is(b(k), 0),
        _levels(REAL, _of(b, "real")),
        (_GIVEN, Premise()),
        (_is(b(k), 0), Combines({1: 1 / a(k)})),
        given=[_GIVEN],
    ),
    _wrong(
        "positive where its logarithm is defined",
        5 - D > 0,
        _levels(),
        (_is(5 - D, _ROOTS), Follows()),
        (5 - D > 0, Evident()),
    ),
    _wrong(
        "a sequence is positive where its logarithm is defined",
        a(k) > 0,
        _levels(_of(a, "nonnegative")),
        (_is(a(k), _LOG), Follows()),
        (a(k) > 0, Evident()),
    ),
    _wrong(
        "a multiple where its logarithm is defined",
        iff((1 - 2 * eps(k)) ** 2 * x > 0, x > 0),
        _levels(FLIP),
        (iff((1 - 2 * eps(k)) ** 2 * x > 0, x > 0), Proportional(_SQUARE)),
    ),
    _wrong(
        "an inner product moved with the outer index",
        _SHIFT,
        _levels(A, _of(b, "positive", 0, D + 1)),
        (_SHIFT, Follows()),
    ),
    _wrong(
        "an inner product of the outer index beside one of a free index",
        _CLASH,
        _levels(A, _of(b, "positive"), indices=((k, 0, D), (m, 0, D))),
        (_CLASH, Follows()),
    ),
    _wrong(
        "the index of a definition caught by its own sum",
        _CAUGHT,
        _levels(A, _of(b, "positive")),
        (_CAUGHT, Follows()),
        where=[_NESTED],
    ),
    _wrong(
        "the start of an induction caught by a sum",
        _is(SHALLOW * _MOVED, 0),
        _levels(REAL, _of(b, "real"), indices=((l, 0, D), (k, l, D))),
        (_is(SHALLOW * _MOVED, 0), Induction(k, l, _ratio(_MOVED, k, -1))),
    ),
    _wrong("two indices of one sum", _TWICE, _levels(REAL), (_TWICE, Follows())),
    _wrong(
        "a product that begins after a zero",
        _UNDER,
        _levels(_of(a, "positive", 1, D), boundary={a(0): 0}),
        (_UNDER, Follows()),
    ),
    _wrong("a factorial of infinite size", _FACTORIAL, _levels(), (_FACTORIAL, Follows())),
    _wrong(
        "the last empty product, once a zero is fixed behind it",
        _TAIL,
        lambda: _levels(_of(eps, "probability", 0, D - 1), boundary=_HALF),
        (_TAIL, Follows()),
    ),
    _wrong(
        "a product of positive numbers and of a zero at the boundary",
        iff(_OUTER * x > 0, x > 0),
        lambda: _levels(A, boundary={a(D + 1): 0}),
        (iff(_OUTER * x > 0, x > 0), Proportional(_OUTER)),
    ),
    _wrong(
        "a count at the boundary is no count",
        B(k + 1) - 1 >= 0,
        lambda: _levels(COUNT, boundary={B(D + 1): 0}),
        (B(k + 1) - 1 >= 0, Evident()),
    ),
    _wrong(
        "a probability at the boundary is three",
        eps(k - 1) * B(k) <= B(k),
        lambda: _levels(FLIP, COUNT, boundary={eps(-1): 3}),
        (_is(B(k) - eps(k - 1) * B(k), B(k) * (1 - eps(k - 1))), Follows()),
        (eps(k - 1) * B(k) <= B(k), Evident()),
    ),
    _wrong(
        "a boundary inside the range from depth 5",
        a(k) * B(k) > 0,
        lambda: _levels(A, COUNT, boundary={a(5): -3}),
        (a(k) * B(k) > 0, Evident()),
    ),
    _by_premise(
        "a premise without the boundary that is set here",
        a(k + 1) * B(k) > 0,
        _levels(_EVERY, COUNT),
        lambda: _levels(_EVERY, COUNT, boundary={a(5): -3}),
    ),
    _by_premise(
        "a premise of a symbol that is defined here",
        SURE * B(k) > 0,
        _levels(COUNT),
        lambda: _levels(COUNT),
        where=[_SIGN],
    ),
    _wrong(
        "the declared sign of what is defined",
        _BOUND,
        _levels(COUNT, FLIP),
        (_BOUND, Evident()),
        where=[_SIGN],
    ),
    _wrong(
        "a bound index declared to be what it is not",
        Sum(UP * B(k), (UP, 4 - D, 0)) >= 0,
        lambda: _levels(COUNT),
        (Sum(UP * B(k), (UP, 4 - D, 0)) >= 0, Evident()),
    ),
    _wrong(
        "an index declared to be what it is not",
        B(0) * UP >= 0,
        lambda: _levels(COUNT, indices=((UP, 4 - D, 4),)),
        (B(0) * UP >= 0, Evident()),
    ),
    _wrong(
        "a given sign at one index taken for all of a product",
        iff(_SHADOW * (D - 4) > 0, D - 4 > 0),
        _levels(REAL),
        (iff(_SHADOW * (D - 4) > 0, D - 4 > 0), Proportional(_SHADOW)),
        given=[a(k) > 0],
    ),
    _wrong(
        "a sequence that is defined as well",
        _is((a(k) + 1) * SHALLOW, 0),
        lambda: _levels(A),
        (_is((a(k) + 1) * SHALLOW, 0), Follows()),
        where=[_MINUS],
    ),
    _wrong("a sequence of two kinds", _DEEP, lambda: _levels(A, REAL), (_DEEP, Proportional(a(k)))),
    _wrong(
        "two recursions of one sequence",
        _ZERO,
        lambda: _levels(indices=((m, 0, D),), recursions=(_FIRST, _OTHER)),
        (_FIRST.first, Premise()),
        (_OTHER.first, Premise()),
        (_ZERO, Combines({1: SHALLOW / 2, 2: -SHALLOW / 2})),
    ),
    _wrong(
        "a recursion from what comes later",
        _ZERO,
        lambda: _levels(indices=((m, 0, D),), recursions=(Recursion(f(m), 0, 1, f(m + 1) + 1),)),
        (_LATER, Premise()),
        (_ZERO, Combines({1: -SHALLOW})),
    ),
    _wrong(
        "a sequence that a recursion determines as well",
        _is(SHALLOW * a(1), 2 * SHALLOW),
        lambda: _levels(REAL, recursions=(Recursion(a(m), 0, 1, 2 * a(m)),)),
        (_is(SHALLOW * a(1), 2 * SHALLOW), Follows()),
    ),
    # Sampled: what the instances that are drawn cannot see.
    _wrong("depths up to four", D <= 4, _levels()),
    _wrong("counts up to four", B(k) <= 4, _levels(COUNT)),
    _wrong("scalars up to twenty", SURE <= 20, _levels(COUNT)),
    _wrong(
        "an equation of numbers with fewer digits than they have",
        _is(_BIG + 1, _BIG),
        _levels(COUNT),
    ),
    _wrong("a sequence of two arguments", _is(a(k, 1), a(k, 2)), lambda: _levels(REAL)),
]


def _guard(name: str, statement: Any, at: Any, difference: Any, *sequences: Sequence) -> Planted:
    witness = Witness(at, (difference,))
    return _wrong(name, statement, _levels(*sequences), expects="refuted", witness=witness)


_CONVEX = eps(k) * B(k) * (1 - eps(k)) + eps(k) ** 2 <= B(k) * (1 + eps(k) ** 2)

GUARDS = [
    _guard(
        "a witness with minus one child and a probability of minus two",
        _CONVEX,
        {D: 1, k: 0, eps(0): Integer(-2), B(0): Integer(-1)},
        Integer(15),
        FLIP,
        COUNT,
    ),
    _guard(
        "a witness below zero of what is positive",
        SURE * B(k) + SURE**2 * B(k) >= 0,
        {D: 1, k: 0, B(0): Integer(1), SURE: Rational(-1, 2)},
        Rational(-1, 4),
        COUNT,
    ),
    _guard(
        "a witness at a level below the leaves",
        B(0) * (k - D) * (k + 1) <= 0,
        {D: 1, k: 5, B(0): Integer(1)},
        Integer(24),
        COUNT,
    ),
]

_JUNK = define(q, Lambda(k, 7 * eps(k) + 3), means="nothing is stated of it")
_KEEP = define(f, Lambda(k, 1 - eps(k)), means="kept")
_SPOILT = define(f, Lambda(k, 5 - eps(k)), means="kept, wrongly")
_DOUBLE = _is(f(k) * 2, 2 * (1 - eps(k)))


def _evaluated(outputs: Any, **options: Any) -> Evaluation:
    return Evaluation(inputs={"epsilon": eps, "level": k}, outputs=outputs, **options)


def _by_others() -> Claim:
    """The claim that certifies the output defines it otherwise."""
    id = "meta.certifies"
    REGISTRY._claims.pop(id, None)
    claim(id, levels=_levels(FLIP), where=[_KEEP])(lambda: _DOUBLE)
    told = _is(f(k) * 2, 2 * (5 - eps(k)))
    return state(
        told,
        levels=_levels(FLIP),
        where=[_SPOILT],
        derivation=steps((told, Follows())),
        evaluation=_evaluated({"f": f(k)}, certified_by=id),
    )


def _unstated() -> Claim:
    return state(
        _DOUBLE,
        levels=_levels(FLIP),
        where=[_KEEP, _JUNK],
        derivation=steps((_DOUBLE, Follows())),
        evaluation=_evaluated({"q": q(k)}),
    )


ACCOMPANYING = {
    "an output that another claim certifies with another definition": _by_others,
    "an output of which nothing is stated": _unstated,
}
"""Wrong in what ``evaluate`` tells; the statement is in order."""

_CHAIN = Product(1 - 2 * eps(j), (j, 0, D - 1))
_REST, _HEAD = (Product(1 - 2 * eps(j), (j, *ends)) for ends in ((k, D - 1), (0, k - 1)))
_NEGATIVE = Product(-2 * a(j), (j, 0, k)), Product(2 * a(j), (j, 0, k))

PLANTED = [
    *REPAIRED,
    _wrong(
        "links that cut divided out of an equivalence",
        iff(_CHAIN**2 > 0, _REST**2 > 0),
        _levels(_of(eps, "probability", 0, D - 1)),
        (iff(_CHAIN**2 > 0, _REST**2 > 0), Proportional(_HEAD**2)),
    ),
    _wrong(
        "a product of negative numbers and its absolute value",
        _is(*_NEGATIVE),
        _levels(A),
        (_is(*_NEGATIVE), Follows()),
    ),
    _wrong(
        "positive where it is not negative",
        iff(a(k) > 0, a(k) >= 0),
        _levels(_of(a, "nonnegative")),
        (iff(a(k) > 0, a(k) >= 0), Proportional(1)),
    ),
    _wrong(
        "a factor that is infinite where the other side vanishes",
        iff(eps(k) * x > 0, x > 0),
        _levels(FLIP),
        (iff(eps(k) * x > 0, x > 0), Proportional(1 / eps(k))),
    ),
    _wrong(
        "what is given can never hold",
        a(k) > 5,
        _levels(A),
        given=[a(k) > 5, a(k) < 4],
    ),
    _wrong(
        "an empty range of levels", a(k) > a(k) + 1 - B(k), _levels(A, COUNT, indices=((k, D, 0),))
    ),
    _wrong(
        "undefined everywhere",
        _is(log(-B(k)), y),
        _levels(COUNT),
    ),
]


def _kept(low: Any, high: Any) -> Any:
    return Product((1 - 2 * eps(j)) ** 2, (j, low, high))


# Every tail is taken to common ends, beyond which a convention makes a factor vanish: at k = D
# (or -1) both products are empty, and one.
_EMPTY_ABOVE = _is(_kept(k + 1, D) * _kept(k, D - 1), 0)
_EMPTY_BELOW = _is(_kept(-1, k - 1) * _kept(0, k), 0)
POSITIVE = Function("p", positive=True)
_SHRINKS = define(POSITIVE, Lambda(k, 10 - D), means="declared positive, and is not from depth 10")
_SHRUNK = POSITIVE(k) * B(k) > 0
_MULTIPLE = iff(POSITIVE(k) * x > 0, x > 0)
_FALLING = Recursion(POSITIVE(m), 0, 1, POSITIVE(m) - 1)
_TO_NINE = _is(B(k) * Mul(*(D - depth for depth in range(1, 10))), 0)

PASSING = [
    _wrong(
        "two empty products, once a zero is fixed behind them",
        _EMPTY_ABOVE,
        lambda: _levels(_of(eps, "probability", 0, D - 1), boundary=_HALF),
        (_EMPTY_ABOVE, Follows()),
    ),
    _wrong(
        "two empty products, once a zero is fixed before them",
        _EMPTY_BELOW,
        lambda: _levels(FLIP, indices=((k, -1, D),), boundary={eps(-1): Rational(1, 2)}),
        (_EMPTY_BELOW, Follows()),
    ),
    _wrong(
        "the declared sign of a function that is defined",
        _SHRUNK,
        lambda: _levels(COUNT),
        (_SHRUNK, Evident()),
        where=[_SHRINKS],
    ),
    _wrong(
        "the declared sign of a sequence of another kind",
        _MULTIPLE,
        lambda: _levels(_of(POSITIVE, "real")),
        (_MULTIPLE, Proportional(POSITIVE(k))),
    ),
    _wrong(
        "the declared sign of what a recursion determines",
        POSITIVE(m) * B(m) > 0,
        lambda: _levels(COUNT, indices=((m, 0, D),), recursions=(_FALLING,)),
        (POSITIVE(m) * B(m) > 0, Evident()),
    ),
    _wrong("zero at every depth that is drawn", _TO_NINE, _levels(COUNT)),
]
