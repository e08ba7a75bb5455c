"""Whole regions of parameters: trained networks against closed forms, within measured budgets."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.engines import device_problem, flow_engine
from lemmata.numerics.gradient_flow import integrate_flow
from lemmata.proofs.closed_forms import closed_forms
from lemmata.proofs.court import collect
from lemmata.proofs.evidence import BUDGETS, Budget
from lemmata.proofs.experiments.campaigns import telling
from lemmata.proofs.experiments.regions import REGIONS, Region
from lemmata.proofs.simulation import Simulation

ENGINE = partial(integrate_flow, method="rk4")
TRUE = sorted(id for id in REGIONS if Simulation().applies(collect()[id], BUDGETS["full"]))


def shares(id: str, region: Region, wrong: Fraction = Fraction(1)) -> np.ndarray:
    """Shares of the budgets that the claim's form uses up, with s multiplied by ``wrong``."""
    numbers, budget, places = telling(region, ENGINE)
    form = closed_forms(collect()[id])[0]
    told = []
    for time, network in places:
        known = dict(region.known[network])
        known["s"] *= wrong
        told.append(float(form.at({**known, "t": Fraction(region.times[time])}, 17)[0]))
    return np.abs(numbers - np.array(told)) / budget.total


@pytest.mark.parametrize("id", TRUE)
@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_true_form_is_within_its_budget_over_the_region(id: str, seed: int) -> None:
    region = REGIONS[id](np.random.default_rng(seed), 12)
    found = shares(id, region)
    assert np.max(found) <= 1
    # Late times of unstable networks tell nothing, but most of what is drawn must.
    assert len(found) >= 12 * len(region.times) / 3


@pytest.mark.parametrize("id", [id for id in TRUE if id != "modes.trajectory.null_mode"])
def test_a_strength_wrong_by_a_thousandth_is_found(id: str) -> None:
    region = REGIONS[id](np.random.default_rng(5), 12)
    assert np.max(shares(id, region, Fraction(1001, 1000))) > 10


def test_a_claim_that_is_wrong_is_far_outside() -> None:
    region = REGIONS["modes.trajectory.doubled"](np.random.default_rng(0), 12)
    assert np.max(shares("modes.trajectory.doubled", region)) > 1000


@pytest.mark.parametrize("id", sorted(REGIONS))
def test_networks_start_where_they_are_said_to(id: str) -> None:
    region = REGIONS[id](np.random.default_rng(3), 20)
    total = region.weights[0]
    for layer in region.weights[1:]:
        total = layer @ total
    read = np.einsum("ni,nij,nj->n", region.left, total, region.right)
    aligned = np.einsum("ni,nij,nj->n", region.left, region.Sigma31, region.right)
    single = len(region.weights) == 1
    for known, strength, target in zip(region.known, read, aligned, strict=True):
        start = known["b_0"] if single else known["A_0"] * known["B_0"]
        # Two frames of at most 8 columns, each orthonormal and applied up to a few roundings.
        assert abs(strength - float(start)) <= 64 * 8 * 2.0**-52
        assert abs(target - float(known["s"])) <= 64 * 8 * 2.0**-50


def test_verdicts_say_how_much_was_compared_and_where() -> None:
    budget = Budget("full", points=1, digits=12, trajectories=True, networks=16)
    claim = collect()["modes.trajectory"]
    with_region = Simulation().check(claim, budget, np.random.default_rng(1))
    without = Simulation().check(
        claim, Budget("full", points=1, digits=12, trajectories=True), np.random.default_rng(1)
    )
    assert str(with_region.status) == str(without.status) == "sampled"
    assert with_region.drawn > without.drawn + 16
    assert with_region.device == "cpu"


def test_a_device_that_is_not_there_is_told_in_one_line() -> None:
    problem = device_problem("cuda")
    if not problem:
        pytest.skip("there is a GPU")
    assert "\n" not in problem
    with pytest.raises(RuntimeError, match="device: cuda: "):
        flow_engine(8, "cuda")
    with pytest.raises(RuntimeError, match="tpu is not known: give cpu or cuda"):
        flow_engine(8, "tpu")


def test_engines_agree() -> None:
    pytest.importorskip("numba")
    region = REGIONS["modes.commuting_inputs"](np.random.default_rng(2), 9)
    one = telling(region, ENGINE)
    other = telling(region, flow_engine(region.width))
    assert one[2] == other[2]
    rounding = one[1].terms["roundoff"] + other[1].terms["roundoff"]
    assert np.all(np.abs(one[0] - other[0]) <= rounding)
