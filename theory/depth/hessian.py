"""Curvature of the loss of one mode of any depth: Hessian, largest eigenvalue, stable rates."""

from __future__ import annotations

from typing import Any

from sympy import (
    Derivative,
    Eq,
    Equivalent,
    Function,
    Ge,
    Integer,
    Rational,
    Sum,
    Symbol,
    log,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Crosses, Derivation, Evident, Follows, Step
from ..edges import Assumption, Witness
from ..levels import Levels, Sequence
from ..symbols import eta, s, s1
from .letters import D

__all__ = [
    "above_slogan",
    "depth_of_least",
    "entry_pair",
    "entry_same",
    "largest",
    "minimum",
    "multiplier",
    "null_mode",
    "other",
    "spectrum",
    "stability",
]

_SOURCE = "Hessian of the loss of one mode of a deep linear network"
x, y = Symbol("w_k", real=True, nonzero=True), Symbol("w_l", real=True, nonzero=True)
"""Strengths of two layers."""
_others = Symbol("c", real=True)
"""Product of the strengths of all other layers."""
_a = Symbol("a", real=True)
_PRODUCT = define(_a, x * y * _others, means="strength of the mode")
_LOSS = (s - x * y * _others) ** 2 / 2


@claim("depth.learning_rate.entry_same", where=[_PRODUCT], source=_SOURCE)
def entry_same() -> Any:
    """The second derivative of the loss (s - a)^2/2 in one layer is (a/w_k)^2, at any depth."""
    return Eq(Derivative(_LOSS, (x, 2)), (_a / x) ** 2)


@claim("depth.learning_rate.entry_pair", where=[_PRODUCT], source=_SOURCE)
def entry_pair() -> Any:
    """In two layers it is (a/w_k)(a/w_l) - (s - a) a/(w_k w_l)."""
    return Eq(Derivative(_LOSS, x, y), (_a / x) * (_a / y) - (s - _a) * _a / (x * y))


_k, _l = Symbol("k", integer=True), Symbol("l", integer=True)
_v = Function("v")
_r = Symbol("r", positive=True)
_same, _pair = Symbol("h", real=True), Symbol("o", real=True)
_first, _second = Symbol("lambda_1", real=True), Symbol("lambda_2", real=True)
_LEFT = s - _r**D
_SPECTRUM_WHERE = [
    define(_same, _r ** (2 * D - 2), means="diagonal entry, all layers r = a^(1/D)"),
    define(_pair, _r ** (2 * D - 2) - _LEFT * _r ** (D - 2), means="other entries"),
    define(
        _first,
        D * _r ** (2 * D - 2) - (D - 1) * _LEFT * _r ** (D - 2),
        means="eigenvalue of the vector of ones",
    ),
    define(_second, _LEFT * _r ** (D - 2), means="eigenvalue of all vectors of sum 0"),
]


def _spectrum() -> Any:
    applied = (
        Sum(_pair * _v(_l), (_l, 1, _k - 1)) + _same * _v(_k) + Sum(_pair * _v(_l), (_l, _k + 1, D))
    )
    told = _second * _v(_k) + (_first - _second) / D * Sum(_v(_l), (_l, 1, D))
    return Eq(applied, told, evaluate=False)


@claim(
    "depth.learning_rate.spectrum",
    where=_SPECTRUM_WHERE,
    levels=Levels(D, (Sequence(_v, "real", 1, D),), ((_k, Integer(1), D),)),
    rests_on=["depth.learning_rate.entry_same", "depth.learning_rate.entry_pair"],
    derivation=lambda: Derivation(
        (Step("the sum over the other layers is the whole sum less one", _spectrum(), Follows()),)
    ),
    source=_SOURCE,
)
def spectrum() -> Any:
    """Equal layers r = a^(1/D): H v = lambda_2 v + (lambda_1 - lambda_2) mean(v), for every v.

    lambda_1 = D a^(2-2/D) - (D-1)(s-a) a^(1-2/D), once, with equal entries;
    lambda_2 = (s-a) a^(1-2/D), D - 1 times, for vectors of sum 0.
    """
    return _spectrum()


_now = Symbol("a", positive=True)
_BOUND = D * s ** (2 - 2 / D)


def _one(strength: Any, target: Any) -> Any:
    """lambda_1, collected."""
    return ((2 * D - 1) * strength - (D - 1) * target) * strength ** (1 - 2 / D)


_SUM = D * _now ** (2 - 2 / D) - (D - 1) * (s - _now) * _now ** (1 - 2 / D)


_LARGEST = Equivalent(_one(_now, s) < _BOUND, _now < s, evaluate=False)
_DEEP = Assumption(Ge(D, 2), {D: Integer(1), s: Integer(2), _now: Integer(1)})


def _largest() -> Derivation:
    short = _BOUND - _one(_now, s)
    slope = 2 * (D - 1) * s ** (1 - 2 / D) + (D - 1) * _now ** (1 - 2 / D)
    rising = short.diff(s, evaluate=False)
    met = Eq(_one(_now, _now), _BOUND.subs(s, _now), evaluate=False)
    return Derivation(
        (
            Step("the eigenvalue of equal entries, collected", Eq(_SUM, _one(_now, s)), Follows()),
            Step("differentiate what is left to the bound", Eq(rising, slope), Follows()),
            Step("it grows with the target", rising > 0, Evident()),
            Step("and vanishes where the target is reached", met, Follows()),
            Step("so the bound is not reached before", _LARGEST, Crosses(s, _now)),
        )
    )


@claim(
    "depth.learning_rate",
    given=[_DEEP],
    rests_on=["depth.learning_rate.spectrum"],
    derivation=_largest,
    source=_SOURCE,
    evaluation=Evaluation(
        inputs={"D": D, "s": s},
        outputs={"lambda_max": _BOUND},
        certified_by="depth.learning_rate.minimum",
    ),
)
def largest() -> Any:
    """lambda_1 is below D s^(2-2/D) exactly before the mode is learned, a < s, and equal at a = s.

    D >= 2 (for D = 1 the curvature is 1 throughout).  With depth.learning_rate.other and
    depth.learning_rate.pair_bound, D s_1^(2-2/D) is the largest curvature on the decoupled
    trajectory from small starts, s_1 the largest singular value.  ``evaluate`` returns it.
    """
    return _LARGEST


_FASTER = s * _now ** (1 - 2 / D)


@claim(
    "depth.learning_rate.other",
    given=[Assumption(D > 2, {D: Integer(2), s: Integer(2), _now: Integer(1)})],
    rests_on=["depth.learning_rate.spectrum"],
    source=_SOURCE,
)
def other() -> Any:
    """Before the mode is learned lambda_2 = (s - a) a^(1-2/D) is below s^(2-2/D) as well.

    It is less than s a^(1-2/D), which for D > 2 is below s^(2-2/D) exactly where a < s; for D = 2
    it is s - a < s.
    """
    return Equivalent(_FASTER < s ** (2 - 2 / D), _now < s, evaluate=False)


@claim(
    "depth.learning_rate.exchange",
    rests_on=["depth.learning_rate.spectrum"],
    source=_SOURCE,
)
def exchange() -> Any:
    """lambda_1 is the larger one exactly above half the target; below it lambda_2 is.

    Early in learning the steepest directions are those that make the layers unequal.
    """
    return Equivalent(
        (s - _now) * _now ** (1 - 2 / D) < _one(_now, s), s < 2 * _now, evaluate=False
    )


_learned = Symbol("a", positive=True)


@claim(
    "depth.learning_rate.minimum",
    where=[define(_learned, s, means="strength of a mode that is learned")],
    rests_on=["depth.learning_rate.spectrum"],
    source=_SOURCE,
)
def minimum() -> Any:
    """Once the mode is learned, a = s, lambda_1 is D s^(2-2/D), at any depth D >= 1."""
    return Eq(_one(_learned, s), _BOUND)


_none = Symbol("s_0", nonnegative=True)


@claim(
    "depth.learning_rate.null_mode",
    where=[define(_none, Integer(0), means="target of a mode that the task does not ask for")],
    source=_SOURCE,
)
def null_mode() -> Any:
    """A mode of target 0 has lambda_1 = (2D - 1) a^(2-2/D): nearly twice that of a learned one."""
    return Eq(_one(_now, _none), (2 * D - 1) * _now ** (2 - 2 / D))


@claim(
    "depth.learning_rate.above_slogan",
    given=[Ge(D, 2), _now <= s1, s < s1],
    expects="refuted",
    corrected_by=["depth.learning_rate", "depth.learning_rate.null_mode"],
    source="the bound of the trajectory, for modes that start above their target",
    witness=Witness(
        {D: Integer(2), _now: Integer(1), s: Rational(1, 2), s1: Integer(1)}, (-Rational(1, 2),)
    ),
)
def above_slogan() -> Any:
    """Guard: a mode above its target, as from orthogonal starts, exceeds D s_1^(2-2/D).

    The left side is lambda_1, the curvature along a mode at the strength a, of the target s;
    s_1 is the largest target.
    """
    return _one(_now, s) <= D * s1 ** (2 - 2 / D)


_w = Symbol("w", positive=True)
_lam = Symbol("lambda_max", positive=True)
_MOST = define(_lam, _BOUND, means="largest eigenvalue at a balanced minimum")


@claim(
    "depth.learning_rate.multiplier",
    where=[define(_w, s ** (1 / D), means="each layer at the minimum"), _MOST],
    rests_on=["depth.learning_rate.minimum"],
    source="descent on equal layers",
)
def multiplier() -> Any:
    """One step of descent multiplies a small error of equal layers by 1 - eta D s^(2-2/D).

    The step is w + eta w^(D-1) (s - w^D); its derivative at the minimum is the left side.
    """
    slope = (D - 1) * _w ** (D - 2) * (s - _w**D) - D * _w ** (2 * D - 2)
    return Eq(1 + eta * slope, 1 - eta * _lam)


@claim(
    "depth.learning_rate.stability",
    where=[_MOST],
    rests_on=["depth.learning_rate.multiplier", "depth.learning_rate.minimum"],
    source="stability of descent at a minimum",
)
def stability() -> Any:
    """Errors at the minimum shrink exactly for eta < 2/(D s^(2-2/D)), step by step."""
    return Equivalent((1 - eta * _lam) ** 2 < 1, eta < 2 / _lam, evaluate=False)


_depth = Symbol("D", positive=True)
_CURVE = _depth * s ** (2 - 2 / _depth)


@claim(
    "depth.learning_rate.least_depth",
    rests_on=["depth.learning_rate.minimum"],
    source="largest curvature as a function of depth",
)
def depth_of_least() -> Any:
    """D s^(2-2/D) grows with depth exactly above D* = 2 ln(1/s): for s < 1 it falls before.

    D here is any positive number; for s >= 1 it grows throughout.
    """
    return Equivalent(Derivative(_CURVE, _depth) > 0, _depth > 2 * log(1 / s), evaluate=False)
