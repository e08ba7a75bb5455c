"""Planted errors: wrong statements, the right ones beside them, and how the court judges both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from lemmata.proofs import Claim, Derivation, Status, Step, claim
from lemmata.proofs.court import ACCOMPANYING, KINDS, own_status
from lemmata.proofs.evidence import BUDGETS
from lemmata.theory.registry import Registry
from sympy import Equivalent, Function, Symbol, symbols

__all__ = ["Planted", "derived", "iff", "plant", "state", "status", "steps"]

x, y, k, b, b0, c = symbols("x y k b b_0 c", positive=True)
s, a0, tau = symbols("s a_0 tau", positive=True)
r, u = symbols("r u", real=True)
t = Symbol("t", nonnegative=True)
f, g, h, a, T, v, w = (Function(name) for name in ("f", "g", "h", "a", "T", "v", "w"))


def state(statement: Any, **options: Any) -> Claim:
    """A claim in a registry of its own."""
    return claim("meta.planted", registry=Registry(), **options)(lambda: statement)


def status(made: Claim, seed: int = 0) -> Status:
    """The status by all evidence on the statement itself and on what it assumes.

    Mutants and the like only ever lower it: leaving them out makes the test of a wrong statement
    harder to pass, and keeps the test of a right one to what it is about.
    """
    budget = BUDGETS["quick"]
    verdicts = []
    for kind in KINDS:
        asked = kind.kind == "consistency" or kind.kind not in ACCOMPANYING
        if asked and kind.applies(made, budget):
            verdicts.append(kind.check(made, budget, np.random.default_rng(seed)))
            if verdicts[-1].status is Status.REFUTED:
                # Nothing is worse, and a second refutation is only shrunk again.
                break
    return own_status(made, verdicts)


@dataclass(frozen=True)
class Planted:
    """``wrong`` must never pass; ``right``, where there is one, must."""

    name: str
    wrong: Callable[[], Claim]
    right: Callable[[], Claim] | None


def plant(
    name: str,
    wrong: Any,
    right: Any = None,
    *,
    given: Any = (),
    right_given: Any = None,
    **both: Any,
) -> Planted:
    """A wrong statement and a right one; ``right_given`` where the error is in the assumptions."""
    repaired = given if right_given is None else right_given
    return Planted(
        name,
        lambda: state(wrong, given=list(given), **both),
        None if right is None else lambda: state(right, given=list(repaired), **both),
    )


def steps(*told: tuple[Any, Any]) -> Derivation:
    """Steps from pairs of a relation and a rule."""
    return Derivation(tuple(Step("so", relation, rule) for relation, rule in told))


def derived(
    name: str,
    statement: Any,
    wrong: Derivation,
    right: Derivation | None = None,
    right_statement: Any = None,
    right_given: Any = None,
    **options: Any,
) -> Planted:
    """One statement with two derivations, unless the right one states something else."""
    repaired = options if right_given is None else options | {"given": right_given}
    goal = statement if right_statement is None else right_statement
    return Planted(
        name,
        lambda: state(statement, derivation=wrong, **options),
        None if right is None else lambda: state(goal, derivation=right, **repaired),
    )


def iff(one: Any, other: Any) -> Any:
    """The unevaluated equivalence of two inequalities."""
    return Equivalent(one, other, evaluate=False)
