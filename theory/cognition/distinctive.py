"""How quickly a property is learned: its residual over the modes that carry it."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Lambda, Rational, Sum, Symbol

from ..claims import claim
from ..definitions import define
from ..derivations import Derivation, Follows, Step
from ..edges import Assumption, Witness
from ..hierarchy.sequences import whole
from ..levels import Levels, Sequence
from ..symbols import a

__all__ = ["distinctive", "lower", "one_mode", "quick_needs_cosine", "shares", "upper"]

_K = whole("K", positive=True)
_l, _m, _n = whole("l"), whole("m"), whole("n")
_s, _u, _w = Function("s"), Function("u"), Function("w")
_MODES = Levels(
    _K,
    (Sequence(_s, "positive", 1, _K), Sequence(_u, "real", 1, _K), Sequence(a, "positive", 1, _K)),
)
_TOTAL = Sum(_s(_m) ** 2 * _u(_m) ** 2, (_m, 1, _K))
_SHARE = define(
    _w,
    Lambda(_n, _s(_n) ** 2 * _u(_n) ** 2 / _TOTAL),
    means="squared cosine of the property with the analyzer of a mode",
)
_R = Symbol("R", real=True)
_RESIDUAL = define(
    _R,
    Sum((_s(_l) - a(_l)) ** 2 * _u(_l) ** 2, (_l, 1, _K)) / _TOTAL,
    means="squared error of the property over all items, of f = sum of s u v and its present "
    "sum of a u v, relative to its squared length; the analyzers v are orthonormal",
)
_SOURCE = "Saxe, McClelland & Ganguli: how fast a property is learned"
_OVER_MODES = Eq(_R, Sum(_w(_l) * (1 - a(_l) / _s(_l)) ** 2, (_l, 1, _K)), evaluate=False)


@claim(
    "cognition.distinctive.shares",
    where=[_SHARE],
    levels=_MODES,
    given=[_TOTAL > 0],
    derivation=Derivation(
        (Step("one sum over itself", Eq(Sum(_w(_l), (_l, 1, _K)), 1), Follows()),)
    ),
    source=_SOURCE,
)
def shares() -> Any:
    """The squared cosines of a property with the analyzers add up to 1."""
    return Eq(Sum(_w(_l), (_l, 1, _K)), 1)


@claim(
    "cognition.distinctive",
    where=[_SHARE, _RESIDUAL],
    levels=_MODES,
    given=[_TOTAL > 0],
    rests_on=["cognition.distinctive.shares", "cognition.typicality"],
    derivation=Derivation((Step("mode by mode", _OVER_MODES, Follows()),)),
    source=_SOURCE,
)
def distinctive() -> Any:
    """The residual of a property is the mean of (1 - a/s)^2 over its modes, by squared cosine.

    It is learned quickly exactly as far as its weight lies on quick modes together; a property
    distinctive for a category has its weight on the contrast of that category.
    """
    return _OVER_MODES


_q = Symbol("w", nonnegative=True)
_fast, _slow = Symbol("r_fast", nonnegative=True), Symbol("r_slow", nonnegative=True)
_MIX = _q * _fast + (1 - _q) * _slow
_UNIT = {_q: Rational(1, 2), _fast: Rational(1, 4), _slow: Rational(1, 2)}


@claim(
    "cognition.distinctive.upper",
    given=[
        Assumption(_q < 1, {**_UNIT, _q: Rational(3)}),
        Assumption(_slow < 1, {**_UNIT, _fast: Rational(0), _slow: Rational(2)}),
    ],
    rests_on=["cognition.distinctive"],
    source=_SOURCE,
)
def upper() -> Any:
    """With the share w on modes whose mean residual is r_fast, R <= r_fast + (1 - w).

    The others have a mean residual r_slow below 1, as modes between 0 and 2s do.  So the property
    is quick where nearly all its weight is on quick modes.
    """
    return _MIX < _fast + (1 - _q)


_share, _some = Symbol("w_fast", positive=True), Symbol("r_some", positive=True)
_mixed = Symbol("R_2", real=True)


@claim(
    "cognition.distinctive.lower",
    where=[
        define(
            _mixed,
            _share * _some + (1 - _share) * _slow,
            means="residual of a property with the share w of its weight on quick modes",
        )
    ],
    rests_on=["cognition.distinctive"],
    source=_SOURCE,
)
def lower() -> Any:
    """And R > (1 - w) r_slow: the weight on slow modes has to wait for these.

    r_some: the mean residual of the quick modes, positive at any time.
    """
    return _mixed > (1 - _share) * _slow


_TWO = {_K: 2, _s(1): 1, _s(2): 1, _u(1): 1, _u(2): 1}


@claim(
    "cognition.distinctive.one_mode_slogan",
    where=[_SHARE, _RESIDUAL],
    levels=_MODES,
    given=[_TOTAL > 0],
    expects="refuted",
    corrected_by=["cognition.distinctive.upper", "cognition.distinctive.lower"],
    source="a property is learned quickly if it is similar to the analyzer of a quick mode",
    witness=Witness({**_TWO, a(1): Rational(3, 4), a(2): Rational(1, 4)}, (Rational(1, 4),)),
)
def one_mode() -> Any:
    """Guard: similarity to the analyzer of one quick mode is not enough: the residual may stay.

    With cosine 0.7 to a learned mode and 0.7 to one not yet learned half of it is missing.

    Mode 1 is the quick one, learned to a_1 of its strength s_1; R is the residual of the
    property.
    """
    return _R <= (1 - a(1) / _s(1)) ** 2


@claim(
    "cognition.distinctive.cosine_slogan",
    where=[_SHARE, _RESIDUAL],
    levels=_MODES,
    given=[_TOTAL > 0],
    expects="refuted",
    corrected_by=["cognition.distinctive"],
    source="a property is learned quickly only if it is similar to the analyzer of a quick mode",
    witness=Witness({**_TWO, a(1): 1, a(2): 1}, (Rational(-1, 2),)),
)
def quick_needs_cosine() -> Any:
    """Guard: nor is it needed: spread over many quick modes it is quick, similar to none.

    R is the residual of the property, w_1 its weight on mode 1.
    """
    return _R >= 1 - _w(1)
