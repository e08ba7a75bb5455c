"""Planted errors: wrong statements, the right ones beside them, and how the court judges both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from lemmata.proofs import Claim, Status, claim
from lemmata.proofs.court import ACCOMPANYING, KINDS, own_status
from lemmata.proofs.evidence import BUDGETS
from lemmata.theory.registry import Registry
from sympy import Function, Symbol, symbols

__all__ = ["Planted", "plant", "state", "status"]

x, y, k, b, b0, c = symbols("x y k b b_0 c", positive=True)
s, a0, tau = symbols("s a_0 tau", positive=True)
r, u = symbols("r u", real=True)
t = Symbol("t", nonnegative=True)
f, g, h, a, T, v, w = (Function(name) for name in ("f", "g", "h", "a", "T", "v", "w"))


def state(statement: Any, **options: Any) -> Claim:
    """A claim in a registry of its own."""
    return claim("meta.planted", registry=Registry(), **options)(lambda: statement)


def status(made: Claim, seed: int = 0) -> Status:
    """The status by all evidence on the statement itself.

    Mutants and the like only ever lower it: leaving them out makes the test of a wrong statement
    harder to pass, and keeps the test of a right one to what it is about.
    """
    budget = BUDGETS["quick"]
    verdicts = []
    for kind in KINDS:
        if kind.kind not in ACCOMPANYING and kind.applies(made, budget):
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
