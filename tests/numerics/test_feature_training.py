"""Training in few coordinates is training of the whole network."""

from __future__ import annotations

import numpy as np
import pytest
from lemmata.numerics.branching_diffusion import sampled_features
from lemmata.numerics.feature_training import train_on_features
from lemmata.numerics.gradient_flow import with_error_budget
from lemmata.numerics.modes import mode_strengths, small_random_start
from lemmata.numerics.trees import regular_tree

TIMES = np.linspace(0.0, 6.0, 7)
A0 = 1e-3
EPS = float(np.finfo(float).eps)


def values(features=30, seed=5):
    tree = regular_tree([2, 2], "1/10")
    return sampled_features(tree, features, np.random.default_rng(seed)) / features**0.5


def test_the_whole_network_from_the_same_weights(monkeypatch):
    drawn = {}

    def keep(*arguments, **named):
        drawn["weights"] = small_random_start(*arguments, **named)
        return drawn["weights"]

    monkeypatch.setattr("lemmata.numerics.feature_training.small_random_start", keep)
    for features, hidden in ((30, 5), (30, 3), (5, 6), (3, 4), (1, 2)):
        Y = values(features)
        rng = np.random.default_rng(1)
        run = train_on_features(Y, hidden=hidden, start_scale=A0, times=TIMES, rng=rng)
        W21, W32 = drawn["weights"]
        assert W32.shape == (features, hidden)
        full = with_error_budget([W21, W32], Y.T, times=TIMES, rng=rng)
        found = run.trainings["small random"]
        allowed = found.budget.total + full.budget.total
        gap = np.abs(mode_strengths(full.record.maps, run.modes) - found.strengths)
        assert np.all(gap.max(axis=-1) <= allowed)
        # The loss is a squared distance to Sigma31, which maps are off by no more than allowed.
        # Either loss sums squares of products of that many terms, in other coordinates.
        terms = features + hidden + 4
        rounding = 2 * terms * EPS * np.linalg.norm(Y) ** 2
        change = allowed * (2 * np.sqrt(full.record.loss) + allowed) + rounding
        assert np.all(np.abs(found.loss - full.record.loss) <= change)
        # A step errs by 1e-8 of the largest weight at most, and there are fewer than 200.
        size = np.abs(full.record.weights[0]).max()
        assert np.abs(found.W21 - full.record.weights[0]).max() <= 200 * 1e-8 * size
        effective = np.sum((W21 @ run.modes.v + W32.T @ run.modes.u) ** 2, axis=0) / 4
        size = np.linalg.norm(W21) + np.linalg.norm(W32)
        assert np.abs(run.effective - effective).max() <= terms * EPS * size**2


@pytest.mark.parametrize("hidden", [1, 2, 4, 9])
def test_the_decoupled_start_starts_the_strongest_modes(hidden):
    run = train_on_features(
        values(), hidden=hidden, start_scale=A0, times=TIMES, rng=np.random.default_rng(0)
    )
    found = run.trainings["decoupled"].strengths
    started = np.arange(4) < hidden
    budget = run.trainings["decoupled"].budget.total
    assert np.all(np.abs(found[0] - np.where(started, A0, 0.0)) <= budget[0])
    assert np.all(np.abs(found[:, ~started]) <= budget[:, None])
    final = run.trainings["decoupled"].kernels[-1]
    grown = (run.modes.v.T @ final @ run.modes.v).diagonal()[started]
    # Balanced: H^T H = V A V^T.  Strengths are squares of what the budget allows in layers.
    assert np.all(np.abs(grown - found[-1, started]) <= 4 * budget[-1])


def test_one_seed_one_run():
    runs = [
        train_on_features(
            values(), hidden=4, start_scale=A0, times=TIMES, rng=np.random.default_rng(seed)
        )
        for seed in (3, 3, 4)
    ]
    same, again, other = (run.trainings["small random"].W21 for run in runs)
    assert np.array_equal(same, again)
    assert not np.array_equal(same, other)


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ({"hidden": 0}, "hidden=0: give a whole number, 1 or more"),
        ({"start_scale": -1.0}, "start_scale=-1.0: give a positive"),
        ({"tau": 0}, "tau=0: give a positive"),
        ({"rng": 3}, "rng=3: give numpy"),
        ({"values": np.zeros((2, 3))}, "values are all zero"),
    ],
)
def test_what_cannot_be_trained_is_named(bad, told):
    given = {"values": values(), "hidden": 4, "start_scale": A0, "times": TIMES}
    given = {**given, "rng": np.random.default_rng(0), **bad}
    with pytest.raises(ValueError, match=told):
        train_on_features(given.pop("values"), **given)
