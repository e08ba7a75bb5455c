"""`simulate table`: the orders of errors, judged over pairs; what is told and drawn."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lemmata.proofs.cli.main import run
from lemmata.proofs.deep.orders import MOST_PAIRS, judged_order, sign_flip_rate
from lemmata.proofs.deep.table import PROFILES, PUBLISHED, STARTS, table_result
from lemmata.proofs.verdicts import Status

pytest.importorskip("sklearn")
TINY = ("simulate", "table", "--profile", "tiny")
NAMES = ["Gaussian g=1", "Gaussian g=1.1", "orthogonal g=1", "orthogonal g=1.1"]


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=8))
def test_the_rate_counts_all_patterns_of_signs(differences):
    sums = [
        sum(s * d for s, d in zip(signs, differences, strict=True))
        for signs in product((1, -1), repeat=len(differences))
    ]
    assert sign_flip_rate(differences) == np.mean(np.array(sums) >= sum(differences))


def test_the_rate_is_kept_where_nothing_differs():
    rng, trials, pairs = np.random.default_rng(0), 4000, 8
    told = []
    for _ in range(trials):
        one, other = rng.poisson(20, (2, pairs))
        told.append(judged_order(one.tolist(), other.tolist(), 0.1))
    alarms = sum(status is not Status.UNDECIDED for status in told)
    # Hoeffding: exceeded in fewer than one of a million seeds.
    assert alarms / trials <= 0.1 + np.sqrt(np.log(1e6) / (2 * trials))
    assert alarms > 0.02 * trials


def test_orders_of_clear_differences():
    low, high = list(range(10)), [n + 3 for n in range(10)]
    assert judged_order(low, high, 0.01) is Status.SAMPLED
    assert judged_order(high, low, 0.01) is Status.REFUTED
    assert judged_order(low, low, 0.01) is Status.UNDECIDED
    assert judged_order(low[:3], high[:3], 0.01) is Status.UNDECIDED
    for pairs in (0, MOST_PAIRS + 1):
        with pytest.raises(ValueError, match=f"pairs={pairs}"):
            sign_flip_rate([1] * pairs)


def planted(errors):
    """What cells would have found for these counts of wrong answers of the four starts."""
    asked = PROFILES["quick"]
    found = {
        f"rates of {name}, pilot {i}": {"loss": [None, 2.0, 1.0, 1.5, None]}
        for name in NAMES
        for i in range(asked.pilots)
    }
    for number in range(asked.seeds):
        wrong = [n + number for n in errors]
        found[f"seed {number}"] = {
            "updates": [0, asked.updates],
            "train": [[1000] * 4, wrong],
            "test": [[500] * 4, wrong],
            "loss": [[2.0] * 4, [1.0, 1.0, None, 1.0]],
        }
    return table_result(found, asked)


@pytest.mark.parametrize(
    ("errors", "status"),
    [
        ([40, 30, 50, 10], Status.SAMPLED),
        ([40, 30, 50, 30], Status.UNDECIDED),
        ([40, 30, 50, 35], Status.REFUTED),
        ([30, 40, 20, 10], Status.SAMPLED),
    ],
)
def test_the_best_start_decides(errors, status):
    result = planted(errors)
    assert result.status is status
    assert set(result.rates.values()) == {0.012}
    assert result.losses[2] is None
    assert sum(order.decides for order in result.orders) == 6
    for order in result.orders:
        places = [STARTS.index(start) for start in (order.smaller, order.larger)]
        assert PUBLISHED[order.smaller][order.which] <= PUBLISHED[order.larger][order.which]
        gap = errors[places[1]] - errors[places[0]]
        size = {"train": 1200, "test": 597}[order.which]
        assert order.difference == pytest.approx(100 * gap / size)
        assert order.error == pytest.approx(0, abs=1e-12)
        wanted = Status.SAMPLED if gap > 0 else Status.REFUTED if gap < 0 else Status.UNDECIDED
        assert order.status is wanted


def test_all_is_told(capsys, tmp_path):
    pytest.importorskip("matplotlib")
    report, plot = tmp_path / "f.json", tmp_path / "f.svg"
    assert run([*TINY, "--json", str(report), "--plot", str(plot)]) == 3
    out, err = capsys.readouterr()
    assert err == ""
    for words in (
        "digits: 5 layers of 12 tanh units, softmax, 12 updates, 3 seeds",
        "Cited: Saxe, McClelland & Ganguli (2014)",
        "some order is told wrongly in 5% of runs",
        "Undecided: 0 of the 6 orders that decide are found as published",
    ):
        assert words in out
    told = json.loads(report.read_text())
    assert told["schema"] == "lemmata.simulate.table/1"
    assert told["status"] == "undecided"
    assert [(s["ensemble"], s["gain"]) for s in told["starts"]] == [tuple(s) for s in STARTS]
    assert [s["train"]["published"] for s in told["starts"]] == [2.3, 1.5, 2.8, 0.095]
    assert [s["test"]["published"] for s in told["starts"]] == [3.4, 3.0, 3.5, 2.1]
    assert len(told["orders"]) == 12
    assert plot.read_text().lstrip().startswith("<?xml")
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["f.json", "f.svg"]


def test_squared_error_and_mnist_files(capsys, tmp_path):
    rng = np.random.default_rng(0)
    for hand, count in (("train", 250), ("t10k", 120)):
        for what, shape in (("images-idx3", (count, 4, 4)), ("labels-idx1", (count,))):
            array = rng.integers(0, 10, shape).astype("u1")
            head = bytes([0, 0, 8, len(shape)]) + np.array(shape, ">u4").tobytes()
            (tmp_path / f"{hand}-{what}-ubyte").write_bytes(head + array.tobytes())
    asked = [*TINY, "--data", str(tmp_path), "--loss", "squared", "--seeds", "2", "--json", "-"]
    assert run(asked) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["settings"]["data"] == tmp_path.name
    assert told["settings"]["loss"] == "squared"


def test_what_is_refused(one_line, tmp_path, monkeypatch):
    assert "neither 'digits' nor a folder" in one_line(*TINY, "--data", "absent")
    assert "has no train-images-idx3-ubyte" in one_line(*TINY, "--data", str(tmp_path))
    assert "--seeds" in one_line(*TINY, "--seeds", "23")
    monkeypatch.setitem(__import__("sys").modules, "sklearn.datasets", None)
    assert 'pip install "lemmata[data]"' in one_line(*TINY)
