"""The court around the evidence: refusals, guards, and what claims rest on."""

from __future__ import annotations

from typing import Any

import pytest
from lemmata.proofs import Claim, Derivation, Status, Step, claim, define
from lemmata.proofs import premises as premises_module
from lemmata.proofs.consistency import Consistency
from lemmata.proofs.court import Judgement, judge, own_status, settle
from lemmata.proofs.derivation import DerivationEvidence
from lemmata.proofs.evidence import BUDGETS
from lemmata.theory.derivations import Follows, Premise
from lemmata.theory.matrix_calculus import matrix_equation
from lemmata.theory.matrix_facts import MatrixFacts
from lemmata.theory.registry import Registry
from numpy.random import default_rng
from sympy import And, Eq, Lambda, MatrixSymbol, Symbol, sqrt, symbols

from .planted import f, g, r, s, state, status, x, y

SQUARE = Eq((x + y) ** 2, x**2 + 2 * x * y + y**2)
WRONG_SQUARE = Eq((x + y) ** 2, x**2 + x * y + y**2)
ROOTS = Eq(1 / (sqrt(x + 1) - 1), (sqrt(x + 1) + 1) / x, evaluate=False)
BARE = Symbol("s")
N = Symbol("N", integer=True, positive=True)
A = MatrixSymbol("A", N, N)

REFUSED: dict[str, tuple[Any, dict[str, Any]]] = {
    "evaluated to true": (Eq(x, x), {}),
    "evaluated to false": (Eq(x, -1), {}),
    "two sides that are one": (Eq(x * y, y * x, evaluate=False), {}),
    "two products of matrices that are one": (matrix_equation((A * A.T) * A, A * (A.T * A)), {}),
    "a Python bool": (True, {}),
    "prose": ("x is x", {}),
    "an expression": (x + y, {}),
    "two relations": (And(x > y, y > s), {}),
    "two symbols of one name": (Eq(s * x, BARE * x), {}),
    "two symbols of one name, real": (Eq(s * x, Symbol("s", real=True) * x), {}),
    "two symbols of one name in the assumptions": (
        Eq(x * r, r * x + s),
        {"given": [Symbol("s", real=True) > 0]},
    ),
    "a symbol without a domain": (Eq(sqrt(BARE**2), BARE), {}),
    "a complex symbol": (Eq(sqrt(Symbol("z", complex=True) ** 2), x), {}),
    "a symbol without a domain in a definition": (
        Eq(f(x), x),
        {"where": [define(f, Lambda(BARE, sqrt(BARE**2)), means="root")]},
    ),
    "an assumption evaluated to false": (SQUARE, {"given": [x < 0]}),
    "an unknown expectation": (SQUARE, {"expects": "true"}),
    "an id that is none": (SQUARE, {"id": "No Id"}),
}


@pytest.mark.parametrize(("statement", "options"), REFUSED.values(), ids=REFUSED.keys())
def test_malformed_claims_are_refused(statement: Any, options: dict[str, Any]) -> None:
    options = {"id": "meta.planted", "registry": Registry(), **options}
    with pytest.raises((TypeError, ValueError)):
        claim(**options)(lambda: statement)


def test_duplicate_ids_are_refused_naming_both() -> None:
    registry = Registry()
    claim("meta.planted", registry=registry)(lambda: SQUARE)
    with pytest.raises(ValueError, match=r"meta\.planted is claimed twice"):
        claim("meta.planted", registry=registry)(lambda: WRONG_SQUARE)


def test_steps_without_a_reason_and_derivations_without_steps_are_refused() -> None:
    with pytest.raises(ValueError, match="has no reason"):
        Derivation((Step("  ", SQUARE),))
    with pytest.raises(ValueError, match="at least one step"):
        Derivation(())


def test_two_symbols_of_one_name_beside_matrices_are_never_a_proof() -> None:
    # Refused by the claim or by the engine, as it pleases.
    with pytest.raises(ValueError, match="s"):
        status(state(matrix_equation(BARE * A + A, s * A + A), facts=MatrixFacts()))


@pytest.mark.parametrize("statement", [SQUARE, ROOTS])
def test_a_guard_against_what_is_true_is_not_as_expected(statement: Any) -> None:
    guard = judge(state(statement, expects="refuted"), "quick")
    assert guard.status is not Status.REFUTED
    assert not guard.as_expected


def test_a_guard_against_what_is_wrong_is_as_expected_and_the_wrong_claim_is_not() -> None:
    assert judge(state(WRONG_SQUARE, expects="refuted"), "quick").as_expected
    assert not judge(state(WRONG_SQUARE), "quick").as_expected


WRONG_STEP = Derivation((Step("wrong", Eq(x, y)), Step("so", SQUARE)))


def test_a_wrong_derivation_of_what_is_true_refutes_no_guard() -> None:
    guard = judge(state(SQUARE, expects="refuted", derivation=WRONG_STEP), "quick")
    assert not guard.as_expected
    assert guard.status is Status.UNDECIDED


def test_a_wrong_derivation_of_what_is_true_is_no_proof() -> None:
    assert not judge(state(SQUARE, derivation=WRONG_STEP), "quick").as_expected


def chain(lower: Any, expects: str = "proved") -> list[Any]:
    """The settled judgements of a claim and of one that rests on it."""
    registry = Registry()
    below = claim("meta.below", registry=registry, expects=expects)(lambda: lower)
    above = claim("meta.above", registry=registry, rests_on=["meta.below"])(lambda: SQUARE)
    return settle([judge(below, "quick"), judge(above, "quick")], registry)


@pytest.mark.parametrize(
    ("lower", "expected"),
    [
        (WRONG_SQUARE, Status.REFUTED),
        (Eq(sqrt(r**2 * x**2 * y**2 + 0 * r) * s, r * x * y * s), Status.REFUTED),
        (Eq((-1) ** (2 * r) * x * y + s, x * y + s), Status.UNDECIDED),
    ],
    ids=["refuted", "lost sign", "undecided"],
)
def test_a_claim_is_no_better_than_what_it_rests_on(lower: Any, expected: Status) -> None:
    below, above = chain(lower)
    assert below.status is expected
    assert above.own is Status.PROVED
    assert above.status is expected
    assert not above.as_expected


def test_a_claim_on_a_proved_one_is_proved() -> None:
    assert [j.status for j in chain(Eq((x - y) ** 2, x**2 - 2 * x * y + y**2))] == [
        Status.PROVED
    ] * 2


def test_a_claim_on_a_guard_is_refuted() -> None:
    assert chain(WRONG_SQUARE, expects="refuted")[1].status is Status.REFUTED


def test_a_claim_on_a_vacuous_one_is_vacuous() -> None:
    registry = Registry()
    below = claim("meta.below", registry=registry, given=[x > 2, x < 1])(lambda: SQUARE)
    above = claim("meta.above", registry=registry, rests_on=["meta.below"])(lambda: SQUARE)
    found = own_status(below, [Consistency().check(below, BUDGETS["quick"], default_rng(0))])
    judged = [Judgement(below, (), found, found), judge(above, "quick")]
    assert settle(judged, registry)[1].status is Status.VACUOUS


def test_circles_and_missing_claims_are_refused() -> None:
    registry = Registry()
    one = claim("meta.one", registry=registry, rests_on=["meta.two"])(lambda: SQUARE)
    with pytest.raises(KeyError, match=r"unknown claim meta\.two"):
        settle([judge(one, "quick")], registry)
    claim("meta.two", registry=registry, rests_on=["meta.one"])(lambda: SQUARE)
    with pytest.raises(ValueError, match="circle"):
        settle([judge(one, "quick")], registry)


def _premises(monkeypatch: Any, lower: Any, given: Any) -> Registry:
    registry = Registry()
    claim("meta.below", registry=registry, given=given)(lambda: lower)
    monkeypatch.setattr(premises_module, "REGISTRY", registry)
    return registry


def _above(registry: Registry, statement: Any, *steps: Step, given: Any = ()) -> Claim:
    return claim(
        "meta.above",
        registry=registry,
        rests_on=["meta.below"],
        derivation=Derivation(steps),
        given=given,
    )(lambda: statement)


BELOW_MILLION = x * (10**6 - x) > 0


def test_a_premise_is_used_where_its_assumptions_hold(monkeypatch: Any) -> None:
    registry = _premises(monkeypatch, BELOW_MILLION, [x < 10**6])
    premise = Step("as shown", BELOW_MILLION, Premise("meta.below"))
    assert status(_above(registry, BELOW_MILLION, premise, given=[x < 10**6])) is Status.PROVED


def test_a_premise_is_not_used_without_its_assumptions(monkeypatch: Any) -> None:
    """x (10^6 - x) > 0 is wrong without x < 10^6."""
    registry = _premises(monkeypatch, BELOW_MILLION, [x < 10**6])
    premise = Step("as shown", BELOW_MILLION, Premise("meta.below"))
    assert status(_above(registry, BELOW_MILLION, premise)) is Status.UNDECIDED


ROOT = Eq(sqrt(x**2 + 2 * x * y + y**2) - y, x)


@pytest.mark.parametrize(
    ("value", "given", "expected"),
    [
        (s + 1, [], Status.PROVED),
        (s - 1, [s > 1], Status.PROVED),
        (s - 1, [], Status.UNDECIDED),
        (r, [], Status.UNDECIDED),
        (r**2, [], Status.UNDECIDED),
        (1 / (s - y), [s >= y], Status.UNDECIDED),
    ],
    ids=str,
)
def test_a_premise_is_taken_at_values_of_its_domain(
    monkeypatch: Any, value: Any, given: Any, expected: Status
) -> None:
    registry = _premises(monkeypatch, ROOT, [])
    instance = ROOT.xreplace({x: value})
    made = _above(
        registry, instance, Step("there", instance, Premise("meta.below", {x: value})), given=given
    )
    found = DerivationEvidence().check(made, BUDGETS["quick"], default_rng(0))
    assert found.status is expected


def test_a_premise_with_equations_is_taken_where_they_are_shown(monkeypatch: Any) -> None:
    lower = Eq(f(x), 2 * x * y)
    registry = _premises(monkeypatch, lower, [Eq(f(x) - x * y, x * y)])
    there = Step("as shown", lower, Premise("meta.below"))
    shown = Step("half of it", Eq(f(x) - x * y, x * y), Premise())
    assert status(_above(registry, lower, shown, there, given=[shown.relation])) >= Status.SAMPLED
    other = _above(registry, lower, there, given=[Eq(f(x), 2 * x * y + 1)])
    found = DerivationEvidence().check(other, BUDGETS["quick"], default_rng(0))
    assert found.status is Status.UNDECIDED


def test_a_premise_that_defines_otherwise_is_refused(monkeypatch: Any) -> None:
    registry = Registry()
    once = define(f, Lambda(x, x), means="the number")
    claim("meta.below", registry=registry, where=[once])(lambda: Eq(y * f(x), x * y))
    monkeypatch.setattr(premises_module, "REGISTRY", registry)
    statement = Eq(y * f(x), x * y)
    step = Step("as shown", statement, Premise("meta.below"))
    for where, expected in (([once], Status.PROVED), ([], Status.UNDECIDED)):
        made = claim(
            f"meta.above.n{len(where)}",
            registry=registry,
            where=where,
            rests_on=["meta.below"],
            derivation=Derivation((step,)),
        )(lambda: statement)
        found = DerivationEvidence().check(made, BUDGETS["quick"], default_rng(0))
        assert found.status is expected


def test_definitions_in_a_circle_are_refused() -> None:
    where = [define(f, Lambda(x, g(x) + 1), means="f"), define(g, Lambda(x, f(x) - 1), means="g")]
    with pytest.raises(ValueError, match="defined by itself"):
        state(Eq(f(x) * y, y * g(x) + y), where=where)


def test_a_claim_that_rests_on_itself_is_a_circle(monkeypatch: Any) -> None:
    registry = Registry()
    monkeypatch.setattr(premises_module, "REGISTRY", registry)
    made = claim(
        "meta.own",
        registry=registry,
        rests_on=["meta.own"],
        derivation=Derivation((Step("as claimed", BELOW_MILLION, Premise("meta.own")),)),
    )(lambda: BELOW_MILLION)
    with pytest.raises(ValueError, match="circle"):
        settle([judge(made, "quick")], registry)


def test_the_last_step_must_be_the_statement_itself() -> None:
    other = Step("as well", Eq((x + 1) ** 2, x**2 + 2 * x + 1), Follows())
    made = state(SQUARE, derivation=Derivation((Step("so", SQUARE, Follows()), other)))
    verdict = DerivationEvidence().check(made, BUDGETS["quick"], default_rng(0))
    assert verdict.status is not Status.PROVED


def test_neither_verdicts_nor_decisions_pass_as_truth_values() -> None:
    (verdict, *_) = judge(state(SQUARE), "quick").verdicts
    with pytest.raises(TypeError, match="not a bool"):
        bool(verdict)


def test_symbols_alone_never_make_a_claim_true() -> None:
    p, q = symbols("p q", real=True)
    assert status(state(Eq(p * q + p, q * p + q))) is Status.REFUTED
