"""Networks in float64: within their measured budgets, and never a refutation."""

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
from lemmata.numerics.precision import working_precision
from lemmata.proofs.evidence import BUDGETS, Budget
from lemmata.proofs.experiments import RECIPES, Experiment
from lemmata.proofs.experiments import training as training_module
from lemmata.proofs.experiments.batches import Look
from lemmata.proofs.experiments.matrix_starts import general_correlations, lambda_balanced
from lemmata.proofs.experiments.mode_starts import growing_modes, shallow_networks
from lemmata.proofs.experiments.observables import MapEntries
from lemmata.proofs.experiments.training import Trained, UnsettledError, train
from lemmata.proofs.simulation import Simulation
from lemmata.proofs.verdicts import Status, Verdict
from lemmata.theory.claims import Claim
from lemmata.theory.registry import REGISTRY
from sympy import Eq, Mul, Pow, Rational, Symbol, log

SMALL = Budget("full", points=1, digits=12, trajectories=True)
SIMULATED = sorted(id for id in RECIPES if Simulation().applies(REGISTRY[id], BUDGETS["full"]))
SCALARS = sorted(id for id in SIMULATED if REGISTRY[id].kind != "matrix")
seeds = st.integers(0, 2**32 - 1)


def check(claim: Claim, seed: int = 0) -> Verdict:
    return Simulation().check(claim, SMALL, np.random.default_rng(seed))


def stating(id: str, right: Any) -> Claim:
    claim = REGISTRY[id]
    return replace(claim, statement=Eq(claim.statement.lhs, right), evaluation=None)


@pytest.mark.parametrize("id", SIMULATED)
def test_true_closed_forms_are_within_the_budgets(id: str) -> None:
    verdict = check(REGISTRY[id], seed=2)
    assert verdict.status is Status.SAMPLED, verdict.reason
    assert verdict.drawn == verdict.decided > 0
    assert (verdict.dtype, verdict.device) == ("float64", "cpu")
    assert "of the budget (" in verdict.worst
    terms = ("step", "learning rate", "roundoff", "reading", "time")
    assert any(f"mostly {term})" in verdict.worst for term in terms)


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(SIMULATED), seeds)
def test_true_closed_forms_are_within_the_budgets_for_every_seed(id: str, seed: int) -> None:
    assert check(REGISTRY[id], seed).status is Status.SAMPLED


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(SCALARS), st.integers(1, 6), st.booleans(), seeds)
def test_planted_errors_exceed_the_budgets_but_do_not_refute(
    id: str, digit: int, above: bool, seed: int
) -> None:
    size = Rational(1, 10**digit)
    right = REGISTRY[id].expand(REGISTRY[id].statement.rhs)
    verdict = check(stating(id, right * (1 + size if above else 1 - size)), seed)
    assert verdict.status is Status.UNDECIDED
    assert verdict.decided < verdict.drawn
    assert verdict.reason.startswith("off by ")
    assert float(verdict.reason.split()[2]) > 1
    assert "does not refute" in verdict.reason


def test_an_error_is_told_in_budgets_with_the_start_that_shows_it() -> None:
    verdict = check(stating("modes.trajectory", 2 * REGISTRY["modes.trajectory"].statement.rhs))
    for name in ("a_0 = ", "s = ", "tau = ", "t = "):
        assert name in verdict.reason
    assert "A_0" not in verdict.reason  # what the form does not read


def entries_looks(experiment: Experiment, times: tuple[Fraction, ...]) -> list[Look]:
    sizes = (experiment.inputs.nrows(), experiment.outputs.nrows())
    return [
        Look(i, left, right, time, 0.0)
        for i in range(len(experiment.networks))
        for time in times
        for _, left, right in MapEntries().strengths(sizes)
    ]


def truth(experiment: Experiment, times: tuple[Fraction, ...]) -> list[Any]:
    """The same numbers from certified integration, in the same order."""
    found = []
    with working_precision(128):
        for network in experiment.networks:
            for layers in experiment.enclose(network, times, 25):
                found += MapEntries().balls(layers)
    return found


def shares(trained: Trained, exactly: list[Any]) -> list[float]:
    with working_precision(128):
        gaps = [
            float(abs(flint.arb(float(x)) - y).upper())
            for x, y in zip(trained.numbers, exactly, strict=True)
        ]
    return list(np.array(gaps) / trained.budget.total)


@settings(max_examples=10, deadline=None)
@given(st.sampled_from([lambda_balanced, growing_modes, shallow_networks]), seeds)
def test_budgets_cover_the_distance_to_certified_training(draw: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    experiment = draw(rng)
    times = experiment.times[1:4]
    exactly = truth(experiment, times)
    for trained in train(experiment, entries_looks(experiment, times), rng):
        assert max(shares(trained, exactly)) <= 1, trained.way
        # A budget that covered anything would say nothing.
        assert np.all(trained.budget.total < {"flow": 1e-6, "descent": 0.2}[trained.way])


@settings(max_examples=5, deadline=None)
@given(seeds)
def test_budgets_cover_any_data_and_times_that_have_no_common_measure(seed: int) -> None:
    rng = np.random.default_rng(seed)
    experiment = general_correlations(rng)
    times = tuple(experiment.tau * x for x in (Fraction(1, 3), Fraction(5, 7), Fraction(8, 9)))
    exactly = truth(experiment, times)
    for trained in train(experiment, entries_looks(experiment, times), rng):
        assert max(shares(trained, exactly)) <= 1, trained.way


def test_terms_are_named_for_both_ways_of_training() -> None:
    rng = np.random.default_rng(0)
    experiment = growing_modes(rng)
    flow, descent = train(experiment, entries_looks(experiment, experiment.times), rng)
    assert (flow.way, descent.way) == ("flow", "descent")
    assert set(flow.budget.terms) == {"step", "roundoff", "reading", "time"}
    assert set(descent.budget.terms) == {"learning rate", "roundoff", "reading", "time"}
    assert np.all(descent.budget.terms["roundoff"] >= flow.budget.terms["roundoff"])


def test_a_late_look_is_charged_for_its_delay() -> None:
    rng = np.random.default_rng(4)
    experiment = growing_modes(rng)
    looks = entries_looks(experiment, experiment.times[2:3])
    late = [replace(look, delay=1e-3) for look in looks]
    prompt, delayed = (
        train(experiment, made, np.random.default_rng(0))[0].budget.terms["time"]
        for made in (looks, late)
    )
    assert np.all(delayed > 1e6 * prompt)
    # The bound of the speed covers what the weights really do in that time.
    moments = (experiment.times[2], experiment.times[2] + Fraction(1, 1000))
    balls = truth(experiment, moments)
    size = experiment.inputs.nrows() * experiment.outputs.nrows()
    for i in range(len(experiment.networks)):
        here, there = (balls[size * (2 * i + k) : size * (2 * i + k + 1)] for k in (0, 1))
        for k in range(size):
            moved = float(abs(here[k] - there[k]).upper())
            assert moved <= delayed[size * i + k] * 1.01  # speed changes by less in 1/1000


def test_no_learning_rate_that_settles_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_module, "SETTLED", 0.0)
    monkeypatch.setattr(training_module, "HALVINGS", 2)
    rng = np.random.default_rng(0)
    experiment = growing_modes(rng)
    with pytest.raises(UnsettledError, match="no learning rate"):
        train(experiment, entries_looks(experiment, experiment.times), rng)
    verdict = check(REGISTRY["modes.trajectory"])
    assert verdict.status is Status.UNDECIDED
    assert "no learning rate" in verdict.reason


def test_forms_that_cannot_be_read_are_undecided() -> None:
    unknown = check(stating("modes.trajectory", Symbol("zeta", positive=True)))
    assert unknown.status is Status.UNDECIDED
    assert "zeta has no value" in unknown.reason
    t = Symbol("t", nonnegative=True)
    one = Mul(log(t), Pow(log(t), -1), evaluate=False)
    right = REGISTRY["modes.trajectory"].statement.rhs
    holed = check(stating("modes.trajectory", Mul(right, one, evaluate=False)))
    assert holed.status is Status.UNDECIDED
    assert "undefined" in holed.reason


def test_applies_to_what_the_map_determines_and_never_to_guards() -> None:
    evidence, full = Simulation(), BUDGETS["full"]
    assert not evidence.applies(REGISTRY["modes.trajectory"], BUDGETS["quick"])
    assert evidence.applies(REGISTRY["modes.trajectory"], full)
    assert not evidence.applies(REGISTRY["modes.trajectory.doubled"], full)
    assert not evidence.applies(REGISTRY["descent.conservation"], full)
    assert not evidence.applies(REGISTRY["modes.unbalanced.growing"], full)
