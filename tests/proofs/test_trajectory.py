"""Certified trajectories: true closed forms are enclosed, planted errors are refuted."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint
import lemmata.theory.cognition
import lemmata.theory.learning  # noqa: F401 (registers claims)
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.marching import IntegrationFailed
from lemmata.proofs.court import own_status
from lemmata.proofs.evidence import BUDGETS, Budget
from lemmata.proofs.experiments import RECIPES, Experiment
from lemmata.proofs.mutations import mutants
from lemmata.proofs.trajectory import Trajectory
from lemmata.proofs.verdicts import Status, Verdict
from lemmata.theory.claims import Claim
from lemmata.theory.letters import W21, W32
from lemmata.theory.matrix_calculus import (
    IntegratedExponential,
    MatrixExponential,
    TimeDerivative,
    matrix_equation,
)
from lemmata.theory.registry import REGISTRY
from lemmata.theory.symbols import s, tau
from lemmata.theory.symbols import t as time
from sympy import Eq, Mul, Pow, Rational, Symbol, ZeroMatrix, log, zeta

SMALL = Budget("full", points=1, digits=12, trajectories=True)
GUARDS = sorted(id for id in RECIPES if REGISTRY[id].expects == "refuted")
TRUE = sorted(set(RECIPES) - set(GUARDS))
SOLUTIONS = sorted(id for id in TRUE if REGISTRY[id].kind != "matrix")
seeds = st.integers(0, 2**32 - 1)


def check(claim: Claim, seed: int = 0, budget: Budget = SMALL) -> Verdict:
    return Trajectory().check(claim, budget, np.random.default_rng(seed))


def stating(id: str, right: Any) -> Claim:
    """The claim with another right side, and nothing to evaluate."""
    claim = REGISTRY[id]
    return replace(claim, statement=Eq(claim.statement.lhs, right), evaluation=None)


@pytest.mark.parametrize("id", TRUE)
def test_true_closed_forms_are_enclosed(id: str) -> None:
    verdict = check(REGISTRY[id], seed=1)
    assert verdict.status is Status.ENCLOSED, (verdict.reason, verdict.counterexample)
    assert verdict.drawn == verdict.decided > 0
    assert float(verdict.worst.removeprefix("widest ball: ").removesuffix(" digits")) >= 12
    assert verdict.dtype == "exact"


@settings(max_examples=4, deadline=None)
@given(st.sampled_from(TRUE), seeds)
def test_true_closed_forms_are_enclosed_for_every_seed(id: str, seed: int) -> None:
    assert check(REGISTRY[id], seed).status is Status.ENCLOSED


@pytest.mark.parametrize("id", GUARDS)
def test_guards_are_refuted_with_both_balls(id: str) -> None:
    verdict = check(REGISTRY[id])
    assert verdict.status is Status.REFUTED
    assert verdict.counterexample is not None
    assert {"t", "network", "closed form"} < set(verdict.counterexample)
    assert own_status(REGISTRY[id], [verdict]) is Status.REFUTED


@pytest.mark.parametrize("id", SOLUTIONS)
def test_planted_changes_are_refuted(id: str) -> None:
    rng = np.random.default_rng(7)
    made = list(mutants(REGISTRY[id].statement))
    chosen = [made[int(i)] for i in rng.choice(len(made), 6, replace=False)]
    refuted = 0
    for change, mutant in chosen:
        verdict = check(replace(REGISTRY[id], statement=mutant, evaluation=None))
        if verdict.status is Status.UNDECIDED:
            # A changed sign inside a root or a logarithm: no real number, so nothing to refute.
            assert "no numeric meaning" in verdict.reason or "undefined there" in verdict.reason
            continue
        assert verdict.status is Status.REFUTED, (change, verdict.worst)
        refuted += 1
    assert refuted >= 3


@settings(max_examples=6, deadline=None)
@given(st.sampled_from(SOLUTIONS), st.integers(1, 11), st.booleans(), seeds)
def test_an_error_in_any_digit_asked_for_is_refuted(
    id: str, digit: int, above: bool, seed: int
) -> None:
    size = Rational(1, 10**digit)
    wrong = REGISTRY[id].expand(REGISTRY[id].statement.rhs) * (1 + size if above else 1 - size)
    verdict = check(stating(id, wrong), seed)
    assert verdict.status is Status.REFUTED


def test_the_balls_of_a_refutation_are_apart_and_their_values_are_exact() -> None:
    wrong = REGISTRY["modes.trajectory"].statement.rhs * 2
    shown = check(stating("modes.trajectory", wrong)).counterexample
    assert shown is not None
    network, claimed = (
        [Fraction(part) for part in shown[name].split(" +/- ")]
        for name in ("network", "closed form")
    )
    for ball in (network, claimed):
        ball += [Fraction(0)] * (2 - len(ball))
    assert abs(network[0] - claimed[0]) > network[1] + claimed[1]
    strength, start = Fraction(shown["s"]), Fraction(shown["a_0"])
    assert Fraction(shown["t"]) == 0
    assert strength > 0
    assert network[0] == start == claimed[0] / 2


def test_statement_and_evaluate_are_both_put_to_the_test() -> None:
    claim = REGISTRY["modes.trajectory"]
    assert claim.evaluation is not None
    good = claim.evaluation.outputs["a"]
    outputs = {"a": good.subs(time, 2 * time)}
    verdict = check(replace(claim, evaluation=replace(claim.evaluation, outputs=outputs)))
    assert verdict.status is Status.REFUTED
    assert "(a)" in verdict.reason
    statement = Eq(claim.statement.lhs, good.subs(time, 2 * time))
    verdict = check(replace(claim, statement=statement))
    assert verdict.status is Status.REFUTED
    assert "(statement)" in verdict.reason


def test_evaluate_derives_what_it_needs_from_its_inputs() -> None:
    claim = REGISTRY["modes.riccati"]
    what = claim.evaluation
    assert what is not None
    (half,) = (x for x in what.derived if str(x) == "lambda_")
    doubled = {**what.derived, half: 2 * what.derived[half] + 1}
    verdict = check(replace(claim, evaluation=replace(what, derived=doubled)))
    assert verdict.status is Status.REFUTED
    assert "(W)" in verdict.reason
    assert verdict.counterexample is not None
    assert {"Sigma31", "W21", "W32", "tau", "t"} <= set(verdict.counterexample)
    unknown = {"Sigma": Symbol("zeta"), **{k: v for k, v in what.inputs.items() if k != "Sigma"}}
    verdict = check(replace(claim, evaluation=replace(what, inputs=unknown)))
    assert verdict.status is Status.UNDECIDED
    assert "zeta has no value" in verdict.reason


def riccati(old: Any, new: Any) -> Claim:
    """The claim with a change inside the solution, the equation left as it was."""
    claim = REGISTRY["modes.riccati"]
    (solved,) = (d.args[0] for d in claim.statement.atoms(TimeDerivative))
    changed = solved.xreplace({old: new})
    assert changed != solved
    left = tau * TimeDerivative(changed)
    return replace(claim, statement=Eq(left, claim.statement.rhs, evaluate=False))


def test_planted_changes_of_the_matrix_solution_are_refuted() -> None:
    claim = REGISTRY["modes.riccati"]
    letters = {str(x): x for x in claim.statement.free_symbols}
    generator, start = letters["F"], letters["Q0"]
    grown = MatrixExponential(generator, time / tau)
    integral = IntegratedExponential(2 * generator, time / tau)
    for old, new in (
        (grown, MatrixExponential(generator, 2 * time / tau)),
        (grown, MatrixExponential(-generator, time / tau)),
        (integral, IntegratedExponential(generator, time / tau)),
        (integral, 2 * integral),
        (integral, integral * integral),
        (start, 2 * start),
    ):
        assert check(riccati(old, new)).status is Status.REFUTED, (old, new)


@pytest.mark.parametrize(
    ("kept", "status"),
    [
        (W21 * W21.T - W32.T * W32, Status.ENCLOSED),
        (W32.T * W32 - W21 * W21.T, Status.ENCLOSED),
        (W21 * W21.T - 2 * W32.T * W32, Status.REFUTED),
        (W21 * W21.T + W32.T * W32, Status.REFUTED),
        (W21 * W21.T, Status.REFUTED),
        (W32 * W21, Status.REFUTED),
    ],
)
def test_conserved_expressions_are_told_from_others(kept: Any, status: Status) -> None:
    claim = REGISTRY["descent.conservation"]
    statement = matrix_equation(TimeDerivative(kept), ZeroMatrix(*kept.shape))
    assert check(replace(claim, statement=statement)).status is status


def test_a_derivative_that_is_not_zero_claims_no_constant() -> None:
    claim = REGISTRY["descent.conservation"]
    kept = W21 * W21.T - W32.T * W32
    for statement in (
        matrix_equation(TimeDerivative(kept), kept),
        matrix_equation(TimeDerivative(kept) + kept, ZeroMatrix(*kept.shape)),
    ):
        verdict = check(replace(claim, statement=statement))
        assert verdict.status is Status.UNDECIDED
        assert verdict.reason == "the claim states no closed form"


def test_a_negative_learning_time_is_refuted() -> None:
    claim = REGISTRY["modes.learning_time"]
    verdict = check(stating("modes.learning_time", -claim.statement.rhs))
    assert verdict.status is Status.REFUTED
    assert verdict.counterexample is not None
    assert verdict.counterexample["t"].startswith("-")


def test_a_wide_ball_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    enclose = Experiment.enclose

    def blurred(self: Any, network: Any, times: Any, digits: int) -> Any:
        found = enclose(self, network, times, digits)
        blur = flint.arb(0, flint.arb(10) ** -8)
        return [
            tuple(flint.arb_mat([[x + blur for x in row] for row in w.tolist()]) for w in layers)
            for layers in found
        ]

    monkeypatch.setattr(Experiment, "enclose", blurred)
    verdict = check(REGISTRY["modes.trajectory"])
    assert verdict.status is Status.UNDECIDED
    assert "digits" in verdict.reason
    assert verdict.decided < verdict.drawn
    # An error beyond the blur is refuted all the same.
    wrong = REGISTRY["modes.trajectory"].statement.rhs * (1 + Rational(1, 10**5))
    assert check(stating("modes.trajectory", wrong)).status is Status.REFUTED


def test_a_failed_integration_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: Any, network: Any, times: Any, digits: int) -> Any:
        raise IntegrationFailed("the step collapses", Fraction(1, 2), [], 3, 64)

    monkeypatch.setattr(Experiment, "enclose", fails)
    verdict = check(REGISTRY["modes.trajectory"])
    assert verdict.status is Status.UNDECIDED
    assert verdict.decided == 0
    assert verdict.reason.startswith("integration: the step collapses")


def test_forms_that_cannot_be_read_are_undecided() -> None:
    unknown = stating("modes.trajectory", Symbol("zeta", positive=True) * s)
    assert "zeta has no value" in check(unknown).reason
    assert check(unknown).status is Status.UNDECIDED
    meaningless = check(stating("modes.trajectory", zeta(s)))
    assert meaningless.status is Status.UNDECIDED
    assert "no numeric meaning" in meaningless.reason


def test_a_form_that_is_singular_somewhere_is_undecided_unless_wrong_elsewhere() -> None:
    right = REGISTRY["modes.trajectory"].statement.rhs
    # log(t)/log(t) is 1 but for t = 0 and t = 1, where it is undefined.
    one = Mul(log(time), Pow(log(time), -1), evaluate=False)
    holed = check(stating("modes.trajectory", Mul(right, one, evaluate=False)))
    assert holed.status is Status.UNDECIDED
    assert "undefined" in holed.reason
    wrong = check(stating("modes.trajectory", Mul(2, right, one, evaluate=False)))
    assert wrong.status is Status.REFUTED


def test_applies_where_the_budget_allows_and_the_claim_is_on_training() -> None:
    evidence, claim = Trajectory(), REGISTRY["modes.trajectory"]
    assert evidence.applies(claim, BUDGETS["full"])
    assert evidence.applies(REGISTRY["modes.trajectory.doubled"], BUDGETS["full"])
    assert not evidence.applies(claim, BUDGETS["quick"])
    assert not evidence.applies(REGISTRY["descent.gradient"], BUDGETS["full"])


def test_every_recipe_is_of_a_claim() -> None:
    assert [id for id in RECIPES if id not in REGISTRY] == []
