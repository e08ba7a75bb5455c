"""Symbols that products of random layers share: widths, depth, moments, angles."""

from __future__ import annotations

from typing import Any

from sympy import Function, Lambda, Symbol, exp, gamma

from ..definitions import define

__all__ = ["LAYER_MOMENT", "NORM_MOMENT", "SOURCE", "SQUARED_NORM", "D", "M", "N", "p", "phi"]

SOURCE = "Saxe, McClelland & Ganguli: Gaussian and orthogonal initial weights of deep networks"


def count(name: str) -> Any:
    """A positive whole number."""
    return Symbol(name, integer=True, positive=True)


N, D = count("N"), count("D")
"""Width of every layer; number of weight matrices."""
phi = Symbol("phi", positive=True)
"""Angle that runs through a spectrum."""
_m, _r, _z, _v = count("m"), *(Symbol(name, positive=True) for name in "rzv")
p, M = Function("p"), Function("M")
SQUARED_NORM = define(
    p,
    Lambda(
        (_m, _r, _v),
        _r ** (_m / 2 - 1) * exp(-_r / (2 * _v)) / ((2 * _v) ** (_m / 2) * gamma(_m / 2)),
    ),
    means="density of the sum of m squares of independent Gaussian numbers of variance v",
)
LAYER_MOMENT = (2 / N) ** _z * gamma(N / 2 + _z) / gamma(N / 2)
NORM_MOMENT = define(
    M,
    Lambda(_z, LAYER_MOMENT**D),
    means="E R^z of R = |W_D ... W_1 x|^2/|x|^2: layers are independent, blind to directions",
)
