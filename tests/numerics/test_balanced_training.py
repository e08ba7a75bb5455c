"""Small random weights whose layers balance, in few coordinates."""

from __future__ import annotations

import numpy as np
import pytest
from lemmata.numerics.balanced_training import train_balanced
from lemmata.numerics.branching_diffusion import sampled_features
from lemmata.numerics.trees import regular_tree

EPS = float(np.finfo(float).eps)
TIMES = np.linspace(0.0, 8.0, 5)


def trained(features=30, hidden=6, seed=1, **given):
    tree = regular_tree([2, 2], "1/10")
    Y = sampled_features(tree, features, np.random.default_rng(5)) / features**0.5
    given = {"start_scale": 1e-3, "times": TIMES, **given}
    return Y, train_balanced(Y, hidden=hidden, rng=np.random.default_rng(seed), **given)


@pytest.mark.parametrize(("features", "hidden"), [(30, 6), (30, 2), (3, 6), (1, 1), (2000, 40)])
def test_layers_balance_and_are_aligned_with_no_mode(features, hidden):
    Y, run = trained(features, hidden)
    W21, W32 = run.start
    rank = min(4, hidden, features)
    assert W21.shape == (rank, 4)
    size = np.linalg.norm(W21) ** 2
    assert np.all(np.abs(W21 @ W21.T - W32.T @ W32) <= 64 * EPS * size)
    # Entries of variance a_0 / hidden: the norm is a_0 P, up to its fluctuation; less is cut off.
    # Above four times that is a chi square of four degrees of freedom or more once in 300 starts.
    assert size < 4 * 1e-3 * 4
    # What Sigma31 says of the items is kept, whatever basis its outputs have.
    assert np.all(np.abs(run.Sigma31.T @ run.Sigma31 - Y @ Y.T) <= 64 * EPS * 4)
    if rank == 4:
        # Aligned weights would make this product symmetric, but for rounding.
        product = run.Sigma31.T @ W32 @ W21
        rounding = 64 * EPS * np.linalg.norm(run.Sigma31) * size
        assert np.abs(product - product.T).max() > 1e6 * rounding


def test_the_weights_learn_the_features():
    Y, run = trained(times=np.linspace(0.0, 20.0, 5))
    assert run.maps.shape == (5, *run.Sigma31.shape)
    below, above = map(np.linalg.norm, run.start)
    assert np.linalg.norm(run.maps[0]) <= below * above
    assert np.linalg.norm(run.maps[-1] - run.Sigma31) < 0.05 * np.linalg.norm(Y)
    # The maps are good to far more digits than the thousandth part that the start is of them.
    assert np.all(run.budget.total < 1e-3**2 * np.linalg.norm(Y))


def test_one_seed_one_run():
    maps = [trained(seed=seed)[1].maps for seed in (1, 1, 2)]
    assert np.array_equal(maps[0], maps[1])
    assert not np.array_equal(maps[0], maps[2])


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ({"hidden": 0}, "hidden=0: give a whole number"),
        ({"start_scale": 0.0}, "start_scale=0.0: give a positive"),
        ({"tau": -1}, "tau=-1: give a positive"),
    ],
)
def test_what_cannot_be_trained_is_named(bad, told):
    with pytest.raises(ValueError, match=told):
        trained(**bad)
