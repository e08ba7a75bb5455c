"""The court against planted errors: none may pass, and the right statements beside them must."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from lemmata.proofs import Claim, Status, define
from lemmata.proofs.consistency import Consistency
from lemmata.proofs.court import judge
from lemmata.proofs.derivation import DerivationEvidence
from lemmata.proofs.evidence import BUDGETS
from lemmata.theory.registry import REGISTRY
from sympy import Abs, Eq, Lambda, Max, Min, Symbol

from . import (
    assumptions,
    derivations,
    equations,
    found,
    found_last,
    found_later,
    inequalities,
    matrices,
    monotone,
)
from .planted import Planted, T, a, f, g, h, r, state, status, x, y

PLANTED = [
    *assumptions.PLANTED,
    *equations.PLANTED,
    *inequalities.PLANTED,
    *matrices.PLANTED,
    *derivations.PLANTED,
    *monotone.PLANTED,
    *found.PLANTED,
    *found_later.PLANTED,
    *found_last.PLANTED,
]
JUDGED = found.JUDGED | found_later.JUDGED | found_last.JUDGED
TRUE_AS_WELL = found.TRUE | found_later.TRUE
CRASHING = found.CRASHING | found_later.CRASHING

NAMES = [planted.name for planted in PLANTED]
n = Symbol("n", integer=True)
REFUSED_AT_ONCE = {
    # What no evidence can decide does not become a claim.
    "equal squares said to differ",
    "equivalence of equations, one way",
    "equivalence with a conjunction, one way",
    "a strict inequality between equal traces",
    "equal traces said to differ",
    "two definitions of one function",
    "definition caught by a bound symbol",
    "argument of a definition caught by a bound symbol",
    "definition caught by an integral",
    "three lost in a floating-point number",
    "strict order at infinity",
    "prose",
    "a step that SymPy evaluated",
    "three lost in a floating-point number of a rule",
    "defined nowhere: one over zero in a denominator",
}
"""Wrong statements that are no claims: an error says what a claim may be."""


@pytest.fixture(autouse=True)
def _nothing_stays_registered() -> Iterator[None]:
    yield
    for id in [made.id for made in REGISTRY if made.id.startswith("meta.")]:
        del REGISTRY._claims[id]


def _named(names: set[str]) -> list[Planted]:
    return [planted for planted in PLANTED if planted.name in names]


def _others(*names: set[str]) -> list[Planted]:
    return [planted for planted in PLANTED if planted.name not in set().union(*names)]


def _told(planted: Planted) -> str:
    return planted.name


@pytest.mark.parametrize("planted", _others(REFUSED_AT_ONCE), ids=_told)
def test_wrong_statements_are_refuted_or_undecided(planted: Planted) -> None:
    assert status(planted.wrong()) < Status.SAMPLED


@pytest.mark.parametrize("planted", _named(REFUSED_AT_ONCE), ids=_told)
def test_what_no_evidence_decides_is_refused_at_once(planted: Planted) -> None:
    with pytest.raises((TypeError, ValueError), match=r"statement|where|derivation"):
        planted.wrong()


@pytest.mark.parametrize("planted", [p for p in PLANTED if p.right is not None], ids=_told)
def test_right_statements_beside_them_pass(planted: Planted) -> None:
    assert planted.right is not None
    assert status(planted.right()) >= Status.SAMPLED


def _derivation(made: Claim) -> Status:
    """What its derivation shows, from assumptions that are shown to be possible."""
    kinds = (DerivationEvidence(), Consistency())
    return min(k.check(made, BUDGETS["quick"], np.random.default_rng(0)).status for k in kinds)


@pytest.mark.parametrize("planted", _others(REFUSED_AT_ONCE), ids=_told)
def test_wrong_derivations_prove_nothing(planted: Planted) -> None:
    made = planted.wrong()
    if made.derivation is not None:
        assert _derivation(made) is not Status.PROVED


def _judged(made: Callable[[], Claim]) -> Status:
    """The status by everything; what is refused at once counts as undecided."""
    try:
        return judge(made(), "quick").own
    except (TypeError, ValueError):
        return Status.UNDECIDED


@pytest.mark.parametrize("made", JUDGED.values(), ids=JUDGED)
def test_wrong_accompaniments_do_not_pass(made: Callable[[], Claim]) -> None:
    assert _judged(made) < Status.SAMPLED


@pytest.mark.parametrize("made", TRUE_AS_WELL.values(), ids=TRUE_AS_WELL)
def test_what_is_true_was_refuted_and_is_not(made: Callable[[], Claim]) -> None:
    assert _judged(made) is not Status.REFUTED


@pytest.mark.parametrize("made", CRASHING.values(), ids=CRASHING)
def test_what_crashed_is_judged_or_refused(made: Callable[[], Claim]) -> None:
    message, reasons = "", []
    try:
        reasons = [verdict.reason for verdict in judge(made(), "quick").verdicts]
    except (TypeError, ValueError) as error:
        message = str(error)
    assert not any("stopped" in reason for reason in reasons)
    # An error names the argument, the value and the remedy.
    assert reasons or message.count(":") >= 2


TRUE: dict[str, tuple[Any, list[Any]]] = {
    "equal to what is equal": (Eq(f(x), h(x)), [Eq(f(x), g(x)), Eq(g(x), h(x))]),
    "a chain of five equations": (
        Eq(2 * f(x), 2 * x),
        [Eq(f(x), g(x)), Eq(g(x), h(x)), Eq(h(x), a(x)), Eq(a(x), T(x)), Eq(T(x), x)],
    ),
    "one argument, two spellings": (Eq(f((x + 1) ** 2) * y, f(x**2 + 2 * x + 1) * y), []),
    "absolute value in an argument": (Eq(f(Abs(r)) * x, f(r) * x), [r > 0]),
    "values at the larger and the smaller": (
        Eq(f(Max(x, y)) + f(Min(x, y)), f(x) + f(y)),
        [],
    ),
    "integers between the roots": ((n - 1) * (n - 2) >= 0, [n >= 1, n <= 4]),
    "primes exceed one": (x * Symbol("q", prime=True) > x, []),
    "a chain of two equations": (Eq(2 * f(x), 2 * x), [Eq(f(x), g(x)), Eq(g(x), x)]),
    "an equation of second degree is given": (Eq(f(x) ** 4, (x + 1) ** 2), [Eq(f(x) ** 2, x + 1)]),
}


LATER = (
    define(f, Lambda(x, g(x) + 1), means="one more than g"),
    define(g, Lambda(x, 2 * x), means="twice"),
)


@pytest.mark.parametrize(("name", "true"), TRUE.items(), ids=TRUE.keys())
def test_what_is_true_is_not_refuted(name: str, true: tuple[Any, list[Any]]) -> None:
    statement, given = true
    assert status(state(statement, given=given)) is not Status.REFUTED


@pytest.mark.parametrize("where", [LATER, LATER[::-1]], ids=["later", "earlier"])
def test_definitions_may_use_one_another_in_any_order(where: Any) -> None:
    assert status(state(Eq(y * f(x), y + 2 * x * y), where=where)) is Status.PROVED


def test_the_lists_name_what_is_planted_and_there_is_enough_of_it() -> None:
    assert len(NAMES) == len(set(NAMES)) >= 130
    assert sum(planted.right is not None for planted in PLANTED) >= 80
    assert set(NAMES) >= REFUSED_AT_ONCE
