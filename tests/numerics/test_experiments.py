"""The item experiment: one table, two conventions, two starts, flow and descent."""

from __future__ import annotations

import numpy as np
import pytest
from lemmata.numerics.datasets import ItemTable
from lemmata.numerics.experiments import train_items

TABLE = ItemTable(
    ("robin", "salmon", "oak", "pine"),
    ("grows", "moves", "flies", "swims", "has bark"),
    np.array([[1, 1, 1, 0, 0], [1, 1, 0, 1, 0], [1, 0, 0, 0, 1], [1, 0, 0, 0, 1.0]]),
)
TIMES = np.linspace(0, 8, 9)


def train(seed=1, **changes):
    settings = {"hidden": 6, "start_scale": 1e-3, "convention": "sum", "times": TIMES}
    return train_items(TABLE, rng=np.random.default_rng(seed), **{**settings, **changes})


@pytest.fixture(scope="module")
def run():
    return train()


@pytest.mark.parametrize("kind", ["decoupled", "small random"])
def test_descent_and_flow_differ_by_their_budgets_and_no_less_than_descent_owns(run, kind):
    flow, descent = run.flow[kind], run.descent[kind]
    difference = flow.strengths - descent.strengths
    budget = descent.budget.plus(**flow.budget.terms)
    assert budget.explains(difference)
    assert not flow.budget.explains(difference)


def test_a_decoupled_start_keeps_the_map_diagonal_in_the_modes(run):
    flow = run.flow["decoupled"]
    assert flow.budget.explains(flow.strengths[:1] - 1e-3 * (run.modes.s > 0))
    learned = flow.strengths[-1, run.modes.s > run.modes.resolution]
    strongest = run.modes.s[: len(learned)] / run.input_strength
    assert np.all(learned <= strongest + flow.budget.total[-1])
    assert learned[0] > 0.99 * strongest[0]


def test_the_multiplets_are_the_means_of_their_modes(run):
    flow = run.flow["small random"]
    assert len(run.groups) == flow.subspaces.shape[1]
    for i, group in enumerate(run.groups):
        means = flow.strengths[:, group].mean(axis=1)
        assert np.array_equal(flow.subspaces[:, i], means)


def test_averages_are_sums_in_longer_time(run):
    mean = train(convention="average", times=4 * TIMES)
    assert mean.input_strength == run.input_strength / 4
    for kind, flow in run.flow.items():
        budget = flow.budget.plus(mean=mean.flow[kind].budget.total)
        assert budget.explains(flow.strengths - mean.flow[kind].strengths)
        assert np.all(budget.total < 1e-6)


def test_tau_is_the_unit_of_time(run):
    slow = train(tau=4.0, times=4 * TIMES)
    assert np.array_equal(slow.flow["decoupled"].strengths, run.flow["decoupled"].strengths)
    assert np.array_equal(slow.descent["decoupled"].strengths, run.descent["decoupled"].strengths)


def test_few_hidden_units_learn_the_strongest_modes_only():
    run = train(hidden=2)
    flow = run.flow["decoupled"]
    assert flow.budget.explains(flow.strengths[:, 2:])
    assert np.all(flow.strengths[-1, :2] > 0.9 * run.modes.s[:2])


def test_the_loss_falls(run):
    for training in (*run.flow.values(), *run.descent.values()):
        assert np.all(np.diff(training.loss) <= 0)


def test_times_are_rounded_to_whole_updates():
    run = train(times=[0.0, 0.26, 1.0], updates=10)
    assert run.iterations.tolist() == [0, 12, 40]
    # The quotient 1/40, its product with 12 and the literal 0.3 are each rounded once, by eps/2 at
    # most: 3 eps/2 together, and terms in eps^2.
    assert run.times == pytest.approx([0.0, 0.3, 1.0], rel=2 * np.finfo(float).eps)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"updates": 0}, "updates=0"),
        ({"times": [0.0]}, "times"),
        ({"times": [1.0, 0.5, 2.0]}, "times"),
        ({"tau": -1.0}, "tau=-1.0"),
        ({"hidden": 0}, "hidden=0"),
        ({"start_scale": 0.0}, "start_scale=0.0"),
        ({"convention": "mean"}, "convention='mean'"),
    ],
)
def test_bad_arguments_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        train(**change)
