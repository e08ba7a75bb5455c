"""What is read off two modes: a property of an item, f = c_1 a_1 + c_2 a_2."""

from __future__ import annotations

from typing import Any

from sympy import Function, Lambda, Symbol

from ..definitions import Definition, define
from ..symbols import t

__all__ = ["SOURCE", "c1", "c2", "f", "readout_of", "strengths"]

SOURCE = "Saxe, McClelland & Ganguli: illusory correlations; here the exact condition, two modes"
c1, c2 = Symbol("c_1", positive=True), Symbol("c_2", real=True)
"""Weights of the two modes in the property, u_m v_i of each; the sign of the first is fixed."""
f = Function("f")
"""Degree to which the item has the property."""
strengths = (Function("a_1"), Function("a_2"))
"""Strengths of the two modes."""


def readout_of(first: Any, second: Any) -> tuple[Definition, ...]:
    """The readout and its two modes, of these curves."""
    a_1, a_2 = strengths
    return (
        define(a_1, Lambda(t, first), means="strength of the first mode"),
        define(a_2, Lambda(t, second), means="strength of the second mode"),
        define(f, Lambda(t, c1 * a_1(t) + c2 * a_2(t)), means="the property as it is read out"),
    )
