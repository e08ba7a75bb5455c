"""How many directions a product of D wide Gaussian layers amplifies: an exact distribution.

The spectrum is that of ``products.fuss_catalan``: infinite width at fixed depth.  An angle phi from
0 (the edge) to pi/(D + 1) (the value 0) runs through it.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Derivative,
    Eq,
    Equivalent,
    Function,
    Gt,
    Integer,
    Lambda,
    Rational,
    Symbol,
    cos,
    erf,
    log,
    pi,
    sin,
    sqrt,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Evident, Follows, Integrated, Premise, Solved, Step
from ..edges import Limit, Witness
from ..outputs import Root
from .fuss_catalan import DENSITY, EIGENVALUE, ON_CUT
from .letters import D, phi

__all__ = ["amplified_fraction"]

SOURCE = "derived here from the spectrum of Penson & Zyczkowski"
_ANGLE = (D + 1) * phi
_ONE, _LESS, _MORE = sin(phi), sin(D * phi), sin(_ANGLE)
lam, tail, level, speed = Function("lambda"), Function("F"), Function("h"), Function("T")
TAIL = (_ANGLE - D * _ONE * _MORE / _LESS) / pi
"""Share of the squared singular values above lambda(phi)."""
_INSIDE = _ANGLE < pi
_COTS = (_LESS * cos(phi) - D * _ONE * cos(D * phi)) ** 2 + (D + 1) ** 2 * _ONE**2 * _LESS**2


_SPEED = Derivative(lam(phi), phi)
_FALLS = Eq(_SPEED, -lam(phi) * _COTS / (_ONE * _LESS * _MORE), evaluate=False)


@claim(
    "products.amplified_fraction.falls",
    where=[ON_CUT],
    given=[_INSIDE],
    rests_on=["products.fuss_catalan.density"],
    derivation=Derivation(
        (
            Step("differentiate: a sum of squares", _FALLS, Follows()),
            Step("all sines are positive", _SPEED < 0, Evident()),
            Step("so lambda falls, at this speed", _FALLS, Follows()),
        )
    ),
    source=SOURCE,
)
def falls() -> Any:
    """lambda falls strictly as the angle rises: each squared singular value has one angle.

    The logarithmic slope is minus [(cot phi - D cot D phi)^2 + (D + 1)^2]/(cot phi + cot D phi).
    """
    return _FALLS


rho = Function("rho")
_BY_ANGLE = _COTS / (pi * _LESS**2)


@claim(
    "products.amplified_fraction.share",
    where=[ON_CUT, define(rho, Lambda(phi, DENSITY), means="density at lambda(phi)")],
    rests_on=["products.fuss_catalan.density", "products.amplified_fraction.falls"],
    source=SOURCE,
)
def share() -> Any:
    """From one angle to the next the share -rho dlambda is a sum of squares.

    It is [(cos phi - D sin phi cot D phi)^2 + (D + 1)^2 sin(phi)^2]/pi, positive throughout: the
    share above lambda(phi) rises strictly with the angle.
    """
    return Eq(-rho(phi) * _SPEED, _BY_ANGLE, evaluate=False)


_END = pi / (D + 1)
_DENSITY_BY_ANGLE = Eq(tail(phi).diff(phi), _BY_ANGLE, evaluate=False)
_WHOLE = Eq(tail(_END), 1, evaluate=False)
_LAW = Eq(tail(phi), TAIL)


def _tail() -> Derivation:
    kept = tail(phi) - TAIL
    return Derivation(
        (
            Step("the share above grows by the density", _DENSITY_BY_ANGLE, Premise()),
            Step("all of the mass is above 0: there is no atom", _WHOLE, Premise()),
            Step(
                "its distance to the closed form does not change",
                Eq(Derivative(kept, phi), 0, evaluate=False),
                Follows(),
            ),
            Step("and is 0 at the lower end", Eq(kept, 0, evaluate=False), Integrated(phi, _END)),
            Step("so that they are one", _LAW, Solved()),
        )
    )


@claim(
    "products.amplified_fraction.tail",
    given=[_INSIDE, _DENSITY_BY_ANGLE, _WHOLE],
    rests_on=["products.fuss_catalan.density", "products.amplified_fraction.falls"],
    derivation=_tail,
    source=SOURCE,
    evaluation=Evaluation(
        inputs={"D": D, "phi": phi}, outputs={"fraction": TAIL}, domain=(_INSIDE,)
    ),
    limits=[Limit(phi, _END, Integer(1), "all squared singular values are above 0")],
)
def tail_law() -> Any:
    """F = [(D + 1)phi - D sin(phi) sin((D + 1)phi)/sin(D phi)]/pi lie above lambda(phi).

    The whole distribution of squared singular values.
    """
    return _LAW


_turn = Symbol("psi", real=True)
_TURNED = TAIL.xreplace({phi: _turn})


@claim(
    "products.amplified_fraction.edge",
    where=[
        define(tail, Lambda(_turn, TAIL.xreplace({phi: _turn})), means="share above lambda(psi)")
    ],
    rests_on=["products.amplified_fraction.tail"],
    source=SOURCE,
)
def top() -> Any:
    """F is odd and smooth at 0, so that F(0) = 0: nothing lies above the edge, the mass is 1.

    There sin((D + 1) psi)/sin(D psi) tends to (D + 1)/D.
    """
    return Eq(TAIL.xreplace({phi: -_turn}), -tail(_turn), evaluate=False)


LEVEL = (D + 1) * log(_MORE) - log(_ONE) - D * log(_LESS)
"""ln lambda(phi)."""
_AMPLIFIED = Equivalent(lam(phi) > 1, level(phi) > 0, evaluate=False)
_FIRST = Root(phi, LEVEL, pi / (2 * (D + 1)), pi / (D + Rational(3, 2)))
_SHARE = define(tail, Lambda(phi, TAIL), means="share of the directions above lambda(phi)")


@claim(
    "products.amplified_fraction",
    where=[
        ON_CUT,
        define(level, Lambda(phi, LEVEL), means="logarithm of the squared singular value"),
        _SHARE,
    ],
    given=[_INSIDE],
    rests_on=[
        "products.amplified_fraction.tail",
        "products.amplified_fraction.falls",
        "products.amplified_fraction.edge",
    ],
    source=SOURCE,
    evaluation=Evaluation(inputs={"D": D}, outputs={"fraction": TAIL}, derived={phi: _FIRST}),
)
def amplified_fraction() -> Any:
    """Directions at angles below phi_1, where lambda(phi_1) = 1, are amplified: the share F(phi_1).

    ``fraction`` is F = [(D + 1)phi_1 - D sin(phi_1) sin((D + 1)phi_1)/sin(D phi_1)]/pi.  lambda
    falls strictly, so there is one such angle; it lies between pi/(2(D + 1)), where lambda exceeds
    1, and pi/(D + 3/2).  Needs: width to infinity at fixed depth; the mean square stays 1, carried
    by fewer and fewer directions.
    """
    return _AMPLIFIED


_SINGLE = Rational(2, 3) - sqrt(3) / (2 * pi)
_HALF = Rational(1, 2)
_ONE_LAYER = {D: Integer(1)}
_AT_ONE = Eq(tail(pi / 3), _SINGLE, evaluate=False)


@claim(
    "products.amplified_fraction.single",
    where=[
        define(lam, Lambda(phi, EIGENVALUE.xreplace(_ONE_LAYER)), means="one layer"),
        define(tail, Lambda(phi, TAIL.xreplace(_ONE_LAYER)), means="its share above lambda(phi)"),
    ],
    rests_on=["products.amplified_fraction"],
    derivation=Derivation(
        (
            Step("lambda = 4 cos(phi)^2 is 1 at", Eq(lam(pi / 3), 1, evaluate=False), Follows()),
            Step("the share above it", _AT_ONE, Follows()),
        )
    ),
    source=SOURCE,
)
def single() -> Any:
    """One Gaussian layer amplifies 2/3 - sqrt(3)/(2 pi) = 39.1 % of the directions."""
    return _AT_ONE


@claim(
    "products.amplified_fraction.half_slogan",
    given=[2 * phi < pi, 2 * cos(phi) < 1],
    expects="refuted",
    corrected_by=["products.amplified_fraction.tail", "products.amplified_fraction.single"],
    source="the mean square is 1, read as: half of the directions are amplified",
    witness=Witness({phi: Rational(11, 10)}, ((11 - 5 * sin(Rational(11, 5))) / (5 * pi) - _HALF,)),
)
def half_slogan() -> Any:
    """Guard: in one layer less than half of the directions are above lambda = 0.83, hence above 1.

    There lambda = 4 cos(phi)^2.
    """
    return Gt((2 * phi - sin(2 * phi)) / pi, _HALF, evaluate=False)


@claim(
    "products.amplified_fraction.width_slogan",
    expects="refuted",
    corrected_by=["products.amplified_fraction.single"],
    source="the share at infinite width, read at any width",
    witness=Witness({}, (1 - erf(1 / sqrt(2)) - _SINGLE,)),
)
def width_slogan() -> Any:
    """Guard: at width 1 a layer is one Gaussian number, beyond 1 with probability 31.7 %.

    The left side is that probability, the right side the share at infinite width.
    """
    return Eq(1 - erf(1 / sqrt(2)), _SINGLE, evaluate=False)
