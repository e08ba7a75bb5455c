"""The spectrum of the Jacobian of a deep network, from S-transforms of its factors.

Freeness of weights and slopes is a premise: layers of N units, N to infinity at fixed depth.  M(x)
is the sum of m_k x^k, x the inverse of the spectral variable, and S(u) = (1 + u)/u times the
inverse of M; the S-transform of a free product is the product.
"""

from __future__ import annotations

from typing import Any

from sympy import Derivative, Eq, Function, Integer, Lambda, Max, Rational, Symbol, sqrt

from ..claims import Evaluation, claim
from ..definitions import define
from ..edges import Assumption, Witness
from .letters import L, p

__all__ = [
    "edge",
    "edge_slogan",
    "gaussian",
    "gaussian_root",
    "kernel",
    "moments",
    "orthogonal_slogan",
    "spectrum",
    "variance",
]

u = Symbol("u", nonnegative=True)
"""Argument of S-transforms, and of their inverse functions."""
w = Symbol("w", nonnegative=True)
"""1/u: large arguments are small ones here."""
m1, mu1, mu2, sigma_w2 = (Symbol(n, positive=True) for n in ("m1", "mu1", "mu2", "sigma_w2"))
m2, r, s1 = (Symbol(n, real=True) for n in ("m2", "r", "s1"))
_CHI = Symbol("chi_u", real=True)

_SECOND = (
    define(_CHI, u / (1 + u) * (1 + r * u) / m1, means="inverse of M, from S(u) = (1 + ru)/m_1"),
    define(m2, m1**2 * (1 - r), means="second moment of the squared singular values"),
)


@claim(
    "isometry.spectrum.moments",
    where=_SECOND,
    source="Voiculescu: the S-transform; its expansion to second order",
)
def moments() -> Any:
    """S(u) = (1 + ru + ...)/m_1 has the relative variance m_2/m_1^2 - 1 = -r.

    m_1 chi + m_2 chi^2 = u + O(u^3) for chi = u S/(1 + u) takes m_2 = m_1^2 (1 - r).
    """
    right = u + u**3 * (1 - r) * (2 * r - 1 + r**2 * u) / (1 + u) ** 2
    return Eq(m1 * _CHI + m2 * _CHI**2, right, evaluate=False)


S = Function("S")
_V = mu2 / mu1**2 - 1
_JACOBIAN = define(
    S,
    Lambda(u, ((1 + s1 * u) / sigma_w2 * (1 - _V * u) / mu1) ** L),
    means="S-transform of the Jacobian of L layers, factors to first order in u",
)


@claim(
    "isometry.spectrum.variance",
    where=[_JACOBIAN],
    rests_on=["isometry.spectrum.moments"],
    source="Pennington, Schoenholz & Ganguli: mean and variance of the Jacobian's spectrum",
)
def variance() -> Any:
    """At u = 0 -S'/S = L (mu_2/mu_1^2 - 1 - s_1): the relative variance of squared singular values.

    S_W = (1 + s_1 u + ...)/sigma_w^2: s_1 = 0 for orthogonal weights, -1 for Gaussian ones, whose
    S_W is 1/(sigma_w^2 (1 + u)).  The mean is 1/S(0) = (sigma_w^2 mu_1)^L = chi^L; slopes have
    S_D = (1 - (mu_2/mu_1^2 - 1) u + ...)/mu_1.  Lengths that differ by layer: the sum over layers.
    """
    left = -Derivative(S(u), u, evaluate=False) * (1 + s1 * u) * (1 - _V * u)
    return Eq(left, L * (_V - s1 + 2 * s1 * _V * u) * S(u), evaluate=False)


X = Function("X")
_AT = Max(0, L * (1 - p) - 1) / p


def _edge(at: Any) -> Any:
    return (1 + at) * ((1 + p * at) / (p * (1 + at))) ** L


lambda_max, atom = (Symbol(name, real=True) for name in ("lambda_max", "atom"))
_ORTHOGONAL = define(X, Lambda(w, _edge(w)), means="inverse of M at 1/w, orthogonal weights")
_TOP = define(lambda_max, _edge(_AT), means="top of the spectrum of J^T J")
_MASS = define(atom, Max(0, 1 - L * (1 - p)), means="mass of the atom at the top")


@claim(
    "isometry.spectrum",
    where=[_ORTHOGONAL, _TOP, _MASS],
    rests_on=["isometry.spectrum.variance"],
    source="Pennington, Schoenholz & Ganguli: piecewise linear slopes; the atom is derived here",
    evaluation=Evaluation(
        inputs={"p": p, "L": L},
        outputs={"lambda_max": _TOP.body, "atom": _MASS.body},
        domain=(p <= 1,),
    ),
)
def spectrum() -> Any:
    """X'(w)(1 + w)(1 + pw) = X(w)(pw + 1 - L(1 - p)): the top of the spectrum, and its atom.

    A share p of the slopes is 1, the others 0; orthogonal weights, chi = sigma_w^2 p = 1.  X is
    the spectral variable as a function of w = 1/M.  Where L(1 - p) > 1 it is least at
    w = (L(1 - p) - 1)/p, the edge of the bulk; else it increases from p^-L, an atom of the mass
    X'(0)/X(0) = 1 - L(1 - p).  At 0 there is an atom of mass 1 - p, since X(w) = 0 at M = -p.
    """
    left = Derivative(X(w), w, evaluate=False) * (1 + w) * (1 + p * w)
    return Eq(left, X(w) * (p * w + 1 - L * (1 - p)), evaluate=False)


_FORMULA = (1 - p) / p * L**L / (L - 1) ** (L - 1)


@claim(
    "isometry.spectrum.edge",
    where=[_ORTHOGONAL],
    given=[Assumption(L > 1, {L: Integer(1), p: Rational(1, 2)})],
    rests_on=["isometry.spectrum"],
    source="Pennington, Schoenholz & Ganguli: the edge for orthogonal weights, with its domain",
)
def edge() -> Any:
    """X at w = (L(1 - p) - 1)/p is (1 - p)/p L^L/(L - 1)^(L - 1): the top where L(1 - p) > 1.

    Elsewhere this w is negative, and the top is the atom at X(0) = p^-L.
    """
    return Eq(X((L * (1 - p) - 1) / p), _FORMULA, evaluate=False)


_FEW = {p: Rational(97, 100), L: Integer(10)}


@claim(
    "isometry.spectrum.edge_slogan",
    where=[_TOP],
    given=[p < 1, L > 1],
    expects="refuted",
    corrected_by=["isometry.spectrum", "isometry.spectrum.edge"],
    source="the edge for orthogonal weights, read where few units are clipped",
    witness=Witness(
        _FEW, (Rational(100, 97) ** 10 - Rational(3, 97) * Integer(10) ** 10 / Integer(9) ** 9,)
    ),
)
def edge_slogan() -> Any:
    """Guard: where L(1 - p) < 1 the edge is no bulk edge but the atom at p^-L.

    At p = 0.97 and ten layers it is 1.356, where 70 % of the singular values are; the formula
    says 0.798.

    A share p of the slopes is 1, the others 0, in L layers of orthogonal weights.
    """
    return Eq(lambda_max, _FORMULA, evaluate=False)


Y = Function("Y")
v = Symbol("v", positive=True)
_GAUSSIAN = define(
    Y, Lambda(v, (1 + v) / v * ((v + p) / p) ** L), means="inverse of M at v, Gaussian weights"
)
_V_AT = (sqrt((L - 1) ** 2 + 4 * L * p) - (L - 1)) / (2 * L)
_GAUSSIAN_TOP = define(
    lambda_max,
    (1 + _V_AT) / _V_AT * ((_V_AT + p) / p) ** L,
    means="top of the spectrum of J^T J, Gaussian weights",
)


@claim(
    "isometry.spectrum.gaussian",
    where=[_GAUSSIAN, _GAUSSIAN_TOP],
    rests_on=["isometry.spectrum.variance"],
    source="Pennington, Schoenholz & Ganguli: the edge for Gaussian weights",
    evaluation=Evaluation(
        inputs={"p": p, "L": L}, outputs={"lambda_max": _GAUSSIAN_TOP.body}, domain=(p <= 1,)
    ),
)
def gaussian() -> Any:
    """Y'(v) v (1 + v)(v + p) = Y(v)(Lv^2 + (L - 1)v - p): least at the positive root, no atom.

    A share p of the slopes is 1, the others 0; Gaussian weights at chi = sigma_w^2 p = 1.  The
    root is v = ((L - 1)^2 + 4Lp)^(1/2)/(2L) - (L - 1)/(2L); p = 1 is a product of L Gaussian
    matrices, (L + 1)^(L + 1)/L^L.
    """
    left = Derivative(Y(v), v, evaluate=False) * v * (1 + v) * (v + p)
    return Eq(left, Y(v) * (L * v**2 + (L - 1) * v - p), evaluate=False)


@claim(
    "isometry.spectrum.gaussian_root",
    where=[_GAUSSIAN_TOP],
    rests_on=["isometry.spectrum.gaussian"],
    source="Pennington, Schoenholz & Ganguli: the edge for Gaussian weights",
)
def gaussian_root() -> Any:
    """The root of L v^2 + (L - 1) v = p that the top of the Gaussian spectrum is taken at."""
    return Eq(L * _V_AT**2 + (L - 1) * _V_AT, p, evaluate=False)


K = Function("K")
_SPECTRAL = define(
    K, Lambda(v, (1 + v) / v * ((v + p) / (p * (1 + v))) ** L), means="inverse of M, orthogonal"
)


@claim(
    "isometry.spectrum.kernel",
    where=[_SPECTRAL],
    rests_on=["isometry.spectrum.variance"],
    source="the null directions of a Jacobian with clipped units",
)
def kernel() -> Any:
    """K(M) M p^L (1 + M)^(L - 1) = (M + p)^L: the spectral variable vanishes at M = -p alone.

    Just below 0 the sum of moments is M = mass of the atom at 0, minus 1: so that mass is 1 - p,
    whatever the depth: the last layer's clipped units.  Gaussian weights have (M + p)^L as well.
    """
    return Eq(K(v) * v * p**L * (1 + v) ** (L - 1), (v + p) ** L, evaluate=False)


@claim(
    "isometry.spectrum.orthogonal_slogan",
    expects="refuted",
    corrected_by=["isometry.spectrum.variance"],
    source="orthogonal weights read as an isometry whatever the nonlinearity",
    witness=Witness({p: Rational(1, 2), L: Integer(30)}, (Integer(30),)),
)
def orthogonal_slogan() -> Any:
    """Guard: orthogonal rectified linear units are no isometry: relative variance L(1-p)/p = L.

    A share p of the slopes is 1, p = 1/2 for rectified linear units; L layers.
    """
    return Eq(L * (1 - p) / p, 0, evaluate=False)
