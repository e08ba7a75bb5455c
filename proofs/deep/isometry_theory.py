"""What the claims `isometry.*` say of one layer, and of all layers of a network, in floats.

The claims are read, not repeated: the length map and ``chi`` from the definitions of
``isometry.length_map``, with the average over another nonlinearity put in the place of the one over
tanh; the relative variance of one layer from the statement of ``isometry.spectrum.variance``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from math import log
from typing import Any, NamedTuple

from lemmata.numerics.balls import enclose
from lemmata.numerics.codegen import compile_expressions
from lemmata.theory.gaussian import GaussianAverage, gaussian_average, z
from sympy import Abs, Lambda, Symbol, erf, lambdify, pi, sqrt, tanh

from .claimed import NotAvailableError, claimed, located

__all__ = [
    "DEPTH",
    "GAUSSIAN_SPECTRUM",
    "LENGTH_MAP",
    "PHI",
    "SPECTRUM",
    "VARIANCE",
    "Layer",
    "Predicted",
    "atom",
    "layer_law",
    "predicted",
    "slope_of",
    "stationary",
    "top",
]

LENGTH_MAP, DEPTH = "isometry.length_map", "isometry.length_map.depth"
SPECTRUM, VARIANCE = "isometry.spectrum", "isometry.spectrum.variance"
GAUSSIAN_SPECTRUM = "isometry.spectrum.gaussian"

_x = Symbol("x", real=True)
PHI = {
    "tanh": tanh(_x),
    "erf": erf(sqrt(pi) * _x / 2),
    "relu": (_x + Abs(_x)) / 2,
    "hardtanh": (Abs(_x + 1) - Abs(_x - 1)) / 2,
}
FREE = {"orthogonal": 0, "gaussian": -1, "uniform": -1}
"""``s_1`` of the weights: first-order term of their S-transform."""
DIGITS = 17
SETTLED, SHRUNK, MOST_STEPS = 1e-15, 1e-30, 5000


class Layer(NamedTuple):
    """One layer at some length: that of its output, and mean squares of slopes to two powers.

    ``chi``: mean squared singular value ``g^2 mu_1``; ``mu1``, ``mu2``: ``E phi'^2``, ``E phi'^4``.
    """

    length: float
    chi: float
    mu1: float
    mu2: float


@dataclass(frozen=True)
class Predicted:
    """A network at unlimited width, layer by layer from the length of its input."""

    lengths: tuple[float, ...]
    layers: tuple[Layer, ...]

    @property
    def log_growth(self) -> float:
        """Logarithm of the factor by which the length grows."""
        return log(self.lengths[-1]) - log(self.lengths[0])

    @property
    def log_mean(self) -> float:
        """Logarithm of the mean squared singular value: the product over layers of ``chi``."""
        return sum(log(layer.chi) for layer in self.layers)

    def relative_variance(self, weights: str) -> float:
        """Of the squared singular values: the sum over layers."""
        formula = _variance_formula()
        return sum(formula(layer.mu1, layer.mu2, FREE[weights]) for layer in self.layers)

    @property
    def share(self) -> float | None:
        """Share ``p`` of slopes that are 1 where the others are 0, the same in all layers."""
        first = self.layers[0]
        same = all(abs(layer.mu1 - first.mu1) <= 1e-12 for layer in self.layers)
        binary = all(abs(layer.mu2 - layer.mu1) <= 1e-12 for layer in self.layers)
        return first.mu1 if same and binary else None


@lru_cache(maxsize=4096)
def layer_law(nonlinearity: str, gain: float, sigma_b: float, length: float) -> Layer:
    """One layer whose pre-activations have the mean square ``length``.

    Raises ``NotAvailableError`` where the claims do not tell it.
    """
    if nonlinearity not in PHI:
        raise NotAvailableError(f"{LENGTH_MAP}: nothing is told of {nonlinearity}")
    program, names = _program(nonlinearity)
    known = {"q": length, "g": gain, "sigma_b": sigma_b}
    balls = enclose(program, [Fraction(known[name]) for name in names], DIGITS)
    return Layer(*(float(ball.mid()) for ball in balls))


@cache
def _program(nonlinearity: str) -> tuple[Any, tuple[str, ...]]:
    """``V(q)``, ``chi(q)``, ``mu_1(q)`` and ``mu_2(q)``, compiled."""
    defined = {str(d.symbol): d.expression for d in located(LENGTH_MAP).where}
    mapped: Any = defined["V"]
    variable = mapped.variables[0] if isinstance(mapped, Lambda) else Symbol("q")
    body = mapped.expr if isinstance(mapped, Lambda) else mapped
    at = sqrt(variable) * z
    phi = PHI[nonlinearity]
    slope = phi.diff(_x)
    averages = [gaussian_average(f.subs(_x, at)) for f in (phi**2, slope**2, slope**4)]
    expressions = [
        _with_average(body, averages[0]),
        _with_average(defined["chi"], averages[1]),
        *averages[1:],
    ]
    symbols = sorted({s for e in expressions for s in e.free_symbols}, key=str)
    return compile_expressions(expressions, symbols), tuple(map(str, symbols))


def _with_average(expression: Any, average: Any) -> Any:
    """The formula of a claim on tanh, on another average."""
    (told,) = expression.atoms(GaussianAverage)
    return expression.xreplace({told: average})


@cache
def _variance_formula() -> Callable[[float, float, int], float]:
    """Of ``mu_1``, ``mu_2``, ``s_1``: relative variance of one layer, -S'/S at u = 0."""
    right = located(VARIANCE).statement.rhs
    known = {str(s): s for s in right.free_symbols}
    (transform,) = (a for a in right.atoms() | set(right.args) if str(a) == "S(u)")
    formula = (right / transform).subs({known["u"]: 0, known["L"]: 1})
    made: Callable[[float, float, int], float] = lambdify(
        [known["mu1"], known["mu2"], known["s1"]], formula, "math"
    )
    return made


def slope_of(phi: Any) -> tuple[Any, Any]:
    """The variable of an entry of ``PHI``, and its derivative."""
    return _x, phi.diff(_x)


def stationary(nonlinearity: str, gain: float, sigma_b: float) -> float:
    """The length that layers settle at; 0 where they shrink to nothing.

    Of tanh the certified fixed point; of others where the length map leads to from 1.
    Raises ``NotAvailableError`` where it does not settle.
    """
    if nonlinearity == "tanh":
        return claimed(LENGTH_MAP, g=gain, sigma_b=sigma_b)["q_star"]
    length = 1.0
    for _ in range(MOST_STEPS):
        moved = layer_law(nonlinearity, gain, sigma_b, length).length
        if abs(moved - length) <= SETTLED * moved:
            return moved
        if not SHRUNK < moved < 1 / SHRUNK:
            break
        length = moved
    raise NotAvailableError(
        f"{LENGTH_MAP}: lengths of {nonlinearity} at gain {gain:g} do not settle above zero"
    )


def predicted(
    nonlinearity: str, gain: float, sigma_b: float, length: float, layers: int
) -> Predicted:
    """The layers one after the other."""
    lengths: list[float] = [length]
    found: list[Layer] = []
    for _ in range(layers):
        found.append(layer_law(nonlinearity, gain, sigma_b, lengths[-1]))
        lengths.append(found[-1].length)
    return Predicted(tuple(lengths), tuple(found))


def top(weights: str, share: float, layers: int) -> float:
    """The largest squared singular value at ``chi = 1``, slopes 1 of that share and 0."""
    id = SPECTRUM if weights == "orthogonal" else GAUSSIAN_SPECTRUM
    return claimed(id, p=share, L=layers)["lambda_max"]


def atom(share: float, layers: int) -> float:
    """The share of singular values that no layer touches, orthogonal weights."""
    return claimed(SPECTRUM, p=share, L=layers)["atom"]
