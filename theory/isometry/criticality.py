"""The edge of chaos: critical gain, critical line, and why the gain alone never gets there."""

from __future__ import annotations

from typing import Any

from sympy import (
    Derivative,
    Eq,
    Function,
    Integer,
    Rational,
    Sum,
    Symbol,
    sqrt,
    tanh,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import ByParts, Combines, Derivation, Follows, Step
from ..edges import Limit, Witness
from ..gaussian import gaussian_average, z
from ..levels import Levels, Sequence
from .letters import TANH, g, q

__all__ = [
    "critical_gain",
    "edge_of_chaos",
    "excess",
    "just_beyond_slogan",
    "offset_slogan",
    "poincare",
    "small_lengths",
    "theorem",
]

sigma_w2, sigma_b2 = (Symbol(name, real=True) for name in ("sigma_w2", "sigma_b2"))
_SLOPES = gaussian_average((1 - TANH**2) ** 2)
_CRITICAL = (
    define(sigma_w2, 1 / _SLOPES, means="variance of the weights at which chi = 1"),
    define(
        sigma_b2,
        q - gaussian_average(TANH**2) / _SLOPES,
        means="variance of the biases at which q is fixed",
    ),
)
_BEND = (1 - TANH**2 - TANH / (sqrt(q) * z)) ** 2
_LINE = Eq(sigma_b2, q * sigma_w2 * gaussian_average(_BEND), evaluate=False)
_GAP = Eq(_SLOPES - gaussian_average(TANH**2) / q, gaussian_average(_BEND), evaluate=False)


def _line() -> Derivation:
    return Derivation(
        (
            Step(
                "by parts with H = phi^2/x, smooth because phi(0) = 0 (x = sqrt(q) z)",
                _GAP,
                ByParts(TANH**2 / (q * z), z),
            ),
            Step("times q over E phi'^2", _LINE, Combines({1: q / _SLOPES})),
        )
    )


@claim(
    "isometry.edge_of_chaos",
    where=_CRITICAL,
    rests_on=["isometry.length_map"],
    derivation=_line,
    source="Schoenholz et al.: the critical line of deep tanh networks; the identity is derived",
    evaluation=Evaluation(
        inputs={"q_star": q},
        outputs={"sigma_w2": _CRITICAL[0].body, "sigma_b2": _CRITICAL[1].body},
    ),
)
def edge_of_chaos() -> Any:
    """chi = 1 at the fixed point q takes the bias sigma_b^2 = q sigma_w^2 E[(phi' - phi/x)^2] > 0.

    For phi = tanh and x = sqrt(q) z: sigma_w^2 = 1/E phi'^2 and sigma_b^2 = q - sigma_w^2 E phi^2
    parametrise the critical line by q* = q > 0.  The identity shows that it takes biases, at every
    q: phi' = phi/x for all x means that phi is linear.
    """
    return _LINE


gain2, chi0 = (Symbol(name, real=True) for name in ("gain2", "chi0"))
_SQUARES = gaussian_average(TANH**2)
_UNBIASED = (
    define(gain2, q / _SQUARES, means="square of the gain that keeps q fixed without bias"),
    define(chi0, q * _SLOPES / _SQUARES, means="chi there"),
)
_EXCESS_OVER_ONE = Eq(chi0, 1 + gain2 * gaussian_average(_BEND), evaluate=False)


@claim(
    "isometry.edge_of_chaos.excess",
    where=_UNBIASED,
    rests_on=["isometry.edge_of_chaos"],
    derivation=Derivation(
        (
            Step(
                "by parts with H = phi^2/x (x = sqrt(q) z)",
                _GAP,
                ByParts(TANH**2 / (q * z), z),
            ),
            Step("times the square of the gain", _EXCESS_OVER_ONE, Combines({1: q / _SQUARES})),
        )
    ),
    source="by how much chi exceeds 1 without bias; derived here",
    evaluation=Evaluation(
        inputs={"q_star": q}, outputs={"g_squared": q / _SQUARES, "chi": q * _SLOPES / _SQUARES}
    ),
)
def excess() -> Any:
    """Without bias chi = 1 + g^2 E[(phi' - phi/x)^2] > 1 at every fixed length q > 0 of tanh.

    g^2 = q/E phi^2 is the gain that keeps q.  See isometry.edge_of_chaos.theorem for any phi with
    phi(0) = 0.
    """
    return _EXCESS_OVER_ONE


rho = Function("rho")
_ACTIVITY = z * rho(z)
_THEOREM = Eq(
    gaussian_average(_ACTIVITY.diff(z) ** 2) - gaussian_average(_ACTIVITY**2),
    gaussian_average(z**2 * rho(z).diff(z) ** 2),
    evaluate=False,
)


@claim(
    "isometry.edge_of_chaos.theorem",
    derivation=Derivation(
        (
            Step(
                "by parts with H = z rho^2: E z^2 rho^2 = E (z rho^2)'",
                _THEOREM,
                ByParts(z * rho(z) ** 2, z),
            ),
        )
    ),
    source="no criticality without bias, for every nonlinearity with phi(0) = 0; derived here",
)
def theorem() -> Any:
    """E h'^2 - E h^2 = E (z rho')^2 for h = z rho, any smooth h with h(0) = 0: so chi >= 1.

    With h(z) = phi(sqrt(q) z): at a nonzero fixed point without bias g^2 E h^2 = q and
    chi = (g^2/q) E h'^2 = 1 + (g^2/q) E (z rho')^2, rho = h/z.  Equality takes a constant rho, a
    linear phi.  Oddness is not needed, phi(0) = 0 is enough, and phi(0) = 0 is needed.
    """
    return _THEOREM


b = Function("b")
D = Symbol("D", integer=True, positive=True)
j = Symbol("j", integer=True)
_EXCESS = Eq(
    Sum(j * b(j), (j, 1, D)) - Sum(b(j), (j, 1, D)),
    Sum((j - 1) * b(j), (j, 2, D)),
    evaluate=False,
)


@claim(
    "isometry.edge_of_chaos.poincare",
    levels=Levels(D, (Sequence(b, "nonnegative", 1, D),)),
    derivation=Derivation((Step("term by term", _EXCESS, Follows()),)),
    source="the Gaussian Poincare inequality by Hermite expansion",
)
def poincare() -> Any:
    """Sum k b_k - sum b_k = sum (k - 1) b_k >= 0 for h = sum sqrt(b_k) He_k/sqrt(k!), b_0 = 0.

    E h^2 = sum b_k and E h'^2 = sum k b_k (He_k' = k He_(k-1), orthogonality and the limit of
    infinite order are premises): the other condition under which chi >= 1, a mean E phi = 0 in
    place of phi(0) = 0.
    """
    return _EXCESS


c = Symbol("c", real=True)


@claim(
    "isometry.edge_of_chaos.offset_slogan",
    expects="refuted",
    corrected_by=["isometry.edge_of_chaos.theorem"],
    source="chi >= 1 at every nonzero fixed point without bias, read for phi(0) != 0",
    witness=Witness({q: Integer(1), c: Integer(1)}, (Integer(-1),)),
)
def offset_slogan() -> Any:
    """Guard: with phi(0) != 0 a fixed point without bias may have chi < 1: phi(x) = c + x.

    q E phi'^2 >= E phi^2 fails: at q = c = 1 it is 1 >= 2, so that chi = 1/2.
    """
    return q * gaussian_average(Derivative(c + sqrt(q) * z, z) ** 2 / q) >= gaussian_average(
        (c + sqrt(q) * z) ** 2
    )


@claim(
    "isometry.edge_of_chaos.just_beyond_slogan",
    expects="refuted",
    corrected_by=["isometry.edge_of_chaos.excess", "isometry.edge_of_chaos.chi_series"],
    source="criticality just beyond the critical gain, read without biases",
    witness=Witness(
        {q: Rational(1, 8)},
        (
            (
                gaussian_average((1 - tanh(sqrt(2) * z / 4) ** 2) ** 2) / 8
                - gaussian_average(tanh(sqrt(2) * z / 4) ** 2)
            ),
        ),
    ),
)
def just_beyond_slogan() -> Any:
    """Guard: at no q > 0 does tanh without bias have chi = 1: g > 1 is never exactly critical.

    At a length q that is kept, g^2 E phi^2 = q, so that chi = g^2 E phi'^2 = 1 exactly where
    the two sides are equal.
    """
    return Eq(q * _SLOPES, gaussian_average(TANH**2), evaluate=False)


_ZERO = Derivative(g**2 * gaussian_average(TANH**2), q, evaluate=False)


@claim(
    "isometry.edge_of_chaos.critical_gain",
    rests_on=["isometry.length_map"],
    derivation=Derivation(
        (
            Step(
                "the slope of the length map without bias, by parts",
                Eq(
                    _ZERO,
                    g**2 * gaussian_average((1 - TANH**2) * (1 - 3 * TANH**2)),
                    evaluate=False,
                ),
                ByParts(TANH * (1 - TANH**2), z, -(g**2) / sqrt(q)),
            ),
        )
    ),
    limits=[Limit(q, Integer(0), g**2, "q = 0 is unstable exactly for g > 1 = 1/phi'(0)")],
    source="Saxe, McClelland & Ganguli: the critical gain of tanh is 1",
)
def critical_gain() -> Any:
    """Without bias V'(q) = g^2 E[phi'^2 + phi phi''], which tends to g^2 phi'(0)^2 at q = 0.

    So q = 0 is unstable exactly beyond g_c = 1/|phi'(0)|, for tanh 1.
    """
    return Eq(
        _ZERO,
        g**2 * gaussian_average((1 - TANH**2) * (1 - 3 * TANH**2)),
        evaluate=False,
    )


phi1, phi2, phi3 = (Symbol(name, real=True) for name in ("phi1", "phi2", "phi3"))
_X = sqrt(q) * z


@claim(
    "isometry.edge_of_chaos.small_lengths",
    rests_on=["isometry.edge_of_chaos.critical_gain"],
    source="the length map of any smooth nonlinearity near q = 0",
)
def small_lengths() -> Any:
    """phi = phi1 x + phi2 x^2 + phi3 x^3: V = g^2 (phi1^2 q + 3(phi2^2 + 2 phi1 phi3) q^2 + ...).

    So V'(0) = (g phi'(0))^2 for every nonlinearity with phi(0) = 0 by its Taylor polynomial, and
    g_c = 1/|phi'(0)|.  The curvature tells on which side lengths branch off: for
    phi2^2 + 2 phi1 phi3 < 0 (tanh) above g_c, continuously; for > 0 lengths jump there.
    """
    told = phi1**2 * q + 3 * (phi2**2 + 2 * phi1 * phi3) * q**2 + 15 * phi3**2 * q**3
    averaged = gaussian_average((phi1 * _X + phi2 * _X**2 + phi3 * _X**3) ** 2)
    return Eq(g**2 * averaged, g**2 * told, evaluate=False)
