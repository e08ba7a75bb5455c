"""Equations between differentials, da = F dt, as equations between rates, da/dt = F."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lemmata.theory.matrix_calculus import ScalarDifferential
from sympy import Derivative, Dummy, Eq, S
from sympy.core.function import AppliedUndef

__all__ = ["as_rates"]


def as_rates(relation: Any, moving: Mapping[Any, frozenset[Any]]) -> Any:
    """The equation divided by the differential of the variable of which its functions are.

    As it stands where it has no differentials, where its functions run by several variables, or
    where it is not of the first degree in the differentials.
    """
    parts = relation.atoms(ScalarDifferential)
    if not parts or not isinstance(relation, Eq):
        return relation
    inside = [part.args[0] for part in parts]
    calls = {f for x in inside for f in x.atoms(AppliedUndef)}
    variables = {x for f in calls for x in f.args if x in moving.get(f.func, ())}
    if len(variables) != 1 or not all(x.has(*variables) for x in inside):
        return relation
    (variable,) = variables
    scale = Dummy("d", real=True)
    rates = {
        part: scale * (S.One if part.args[0] == variable else Derivative(part.args[0], variable))
        for part in parts
    }
    sides = []
    for side in relation.args:
        scaled = side.xreplace(rates).expand()
        rate = (scaled / scale).expand()
        if rate.has(scale):
            return relation
        sides.append(side.xreplace({k: v / scale for k, v in rates.items()}))
    return Eq(*sides, evaluate=False)
