"""`simulate gain`: regressions against theory's error; what is told and drawn."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lemmata.proofs.cli.main import run
from lemmata.proofs.deep import gain_judged
from lemmata.proofs.deep.gain import PROFILES, examples, gain_cells
from lemmata.proofs.deep.gain_judged import finite_size, gain_result
from lemmata.proofs.deep.gain_theory import test_error as theory_error
from lemmata.proofs.deep.runs import State, run_cells
from lemmata.proofs.verdicts import Status

TINY = ("simulate", "gain", "--profile", "tiny")
ASKED = replace(PROFILES["tiny"], alphas=(0.5, 2.0), inputs=120, gains=(0.0, 1.0, 2.0), seeds=40)


@pytest.fixture(scope="module")
def found():
    state = State(None, "gain", {})
    return run_cells(gain_cells(None, ASKED, "cpu"), seed=0, state=state)


def test_the_errors_are_those_of_theory(found):
    result = gain_result(found, ASKED)
    assert result.status is Status.SAMPLED
    assert result.shown == []
    assert len(result.points) == 6
    for point in result.points:
        assert abs(point.error - point.theory) <= sum(point.terms.values()) <= 0.2 * point.theory
    below = [point for point in result.points if point.alpha < 1]
    above = [point for point in result.points if point.alpha > 1]
    # What no example sees keeps its initial weights; nothing is left of them otherwise.
    for point in below[1:]:
        assert point.cost == pytest.approx(0.5 * point.gain**2, abs=5 * point.cost_error)
    for point in above:
        assert abs(point.cost) <= 2 * point.terms["training"]


@pytest.mark.parametrize(
    "planted",
    [
        lambda P, N, w, w0, eps: theory_error(P, N, w, 0.0, eps),
        lambda P, N, w, w0, eps: theory_error(P, N, w, w0, 0.0),
        lambda P, N, w, w0, eps: theory_error(P, N, w, w0, eps) + (w0**2 / 2 if P > N else 0),
    ],
)
def test_another_theory_is_refuted(found, monkeypatch, planted):
    monkeypatch.setattr(gain_judged, "test_error", planted)
    assert gain_result(found, ASKED).status is Status.REFUTED


def test_few_seeds_decide_nothing(found):
    few = replace(ASKED, seeds=3)
    assert gain_result(found, few).status is Status.VACUOUS


@given(P=st.integers(1, 60), N=st.integers(1, 60))
def test_finite_size_is_the_gap_between_the_mean_and_the_limit(P, N):
    shift = finite_size(P, N, 1.0)
    if abs(P - N) < 2:
        assert shift == np.inf
    else:
        more, fewer = max(P, N), min(P, N)
        assert shift == pytest.approx(fewer / (more - fewer - 1) - fewer / (more - fewer))
        assert shift >= 0


def test_the_mean_of_inverse_wishart_matrices_at_finite_size():
    rng, P, N, trials = np.random.default_rng(0), 4, 12, 4000
    traces = [
        np.trace(np.linalg.inv(X @ X.T))
        for X in (rng.standard_normal((P, N)) / N**0.5 for _ in range(trials))
    ]
    mean, error = np.mean(traces) / N, np.std(traces) / trials**0.5 / N
    assert abs(mean - (P / (N - P) + finite_size(P, N, 1.0))) < 5 * error
    assert abs(mean - P / (N - P)) > 5 * error


def test_whole_examples():
    assert examples(0.5, 25) == 12
    assert examples(1e-9, 25) == 1


def test_all_is_told(capsys, tmp_path):
    pytest.importorskip("matplotlib")
    pytest.importorskip("sklearn")
    report, plot = tmp_path / "f.json", tmp_path / "f.pdf"
    assert run([*TINY, "--json", str(report), "--plot", str(plot)]) == 3
    out, err = capsys.readouterr()
    assert err == ""
    for words in (
        "regression on 24 inputs, teacher 1, noise 0.5, 4 seeds",
        "Digits, regression, alpha=0.5: shown, not judged.",
        "Digits, tanh networks: shown, not judged.",
        "The error budgets are too large to decide",
    ):
        assert words in out
    told = json.loads(report.read_text())
    assert told["schema"] == "lemmata.simulate.gain/1"
    assert told["claims"] == ["generalization.large_gain"]
    assert [(p["alpha"], p["gain"]) for p in told["points"]] == [(0.5, 0), (0.5, 1), (2, 0), (2, 1)]
    assert len(told["shown"]) == 3
    assert plot.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        (("--alphas", "1"), "as many examples as inputs"),
        (("--alphas", "2,0.5"), "give increasing numbers"),
        (("--alphas", "0"), "give numbers above zero"),
        (("--alphas", "x"), "give numbers above zero"),
        (("--gains", "-1,2"), "give numbers of zero or more"),
        (("--gains", "nan"), "give numbers of zero or more"),
        (("--alphas", "500"), "only 1797 digits are there"),
        (("--data", "absent"), "neither 'digits' nor a folder"),
    ],
)
def test_what_is_refused(one_line, given_, told):
    pytest.importorskip("sklearn")
    assert told in one_line(*TINY, *given_)
