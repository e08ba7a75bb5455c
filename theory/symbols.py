"""One symbol, one meaning, one place: the table of NOTATION."""

from __future__ import annotations

from typing import Any

from sympy import Function, Symbol

__all__ = [
    "A",
    "B",
    "T",
    "a",
    "a0",
    "a01",
    "a02",
    "a1",
    "a_f",
    "alpha",
    "b",
    "b0",
    "c",
    "c0",
    "delta",
    "eta",
    "kappa",
    "lam",
    "s",
    "s1",
    "s2",
    "t",
    "tau",
    "u",
]


def _positive(name: str) -> Any:
    return Symbol(name, positive=True)


def _real(name: str) -> Any:
    return Symbol(name, real=True)


t = Symbol("t", nonnegative=True)
"""Time, t >= 0."""
tau = _positive("tau")
"""Time constant."""
eta = _positive("eta")
"""Step of discrete descent, dt/tau."""
s = _positive("s")
"""Singular value of Sigma31: the strength a mode tends to."""
s1, s2 = _positive("s_1"), _positive("s_2")
"""Singular values of two modes."""
a0 = _positive("a_0")
"""Initial mode strength of a balanced mode; in unbalanced modes see ``A`` and ``B``."""
a1 = _positive("a_1")
a01, a02 = _positive("a_01"), _positive("a_02")
"""Initial strengths of two modes."""
a_f = _positive("a_f")
"""Final strength at which a mode counts as learned."""
lam = _positive("lambda")
"""Eigenvalue of Sigma11 along the mode."""
c = _positive("c")
"""Fraction of the final strength at which a mode counts as learned, 0 < c < 1."""
alpha = _positive("alpha")
"""Fraction that ends ignorance; transition is from alpha*s to (1 - alpha)*s."""
c0 = _real("c_0")
"""Imbalance v^2 - w^2 of the two layer strengths of one mode, conserved, any sign."""
delta = _positive("delta")
"""A positive number that a ratio or a time is compared with."""
kappa = _positive("kappa")
"""Rate at which an unbalanced mode settles, sqrt(4s^2 + c_0^2)/tau in time."""
b0 = _real("b_0")
"""Initial strength of a mode of the shallow network, any sign."""
A = _real("A_0")
"""Initial strength of the first layer in one unbalanced mode, any sign."""
B = _real("B_0")
"""Initial strength of the second layer in one unbalanced mode, any sign."""
T = Function("T")
"""Learning time as a function of what it depends on."""
a = Function("a")
"""Mode strength a(t)."""
b = Function("b")
"""Strength of the second layer, or of the shallow network."""
u = Function("u")
"""Product of the two layer strengths of one mode."""
