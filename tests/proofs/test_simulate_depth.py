"""`simulate depth`: theory's time and the descents that approach it; what is told and drawn."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.deep_data import WhitenedData
from lemmata.proofs.cli.main import run
from lemmata.proofs.deep import depth, depth_theory
from lemmata.proofs.deep.depth import PROFILES, SLOW, depth_cells, depth_result
from lemmata.proofs.deep.depth_theory import NARROW, LossTime, learned_by, loss_time
from lemmata.proofs.deep.runs import State, run_cells
from lemmata.proofs.verdicts import Status
from scipy.integrate import solve_ivp

EPS = float(np.finfo(float).eps)
TINY = ("simulate", "depth", "--profile", "tiny")


def speed(D, s, a):
    return a ** (2.0 if D is None else 2 - 2 / D) * (np.array(s) - a)


def rounding_of_times(D, s, a):
    """What strengths of 15 digits, rounded to floats, leave of the time: the worst of all modes."""
    return float(np.max((1e-15 + EPS) * a / speed(D, s, a)))


@given(
    D=st.sampled_from([1, 2, 3, 7, 100, None]),
    s=st.lists(st.floats(0.3, 1.0), min_size=1, max_size=3),
    time=st.floats(0.1, 8.0),
)
@settings(max_examples=10)
def test_theory_solves_the_equation_of_the_modes(D, s, time):
    rtol, atol, start = 1e-10, 1e-12, np.full(len(s), 0.1)
    plain = solve_ivp(lambda t, a: speed(D, s, a), (0, time), start, rtol=rtol, atol=atol)
    # A step errs by its tolerances, in the root mean square over modes; an error is carried to the
    # end like the distance of a solution from itself a little later, by the ratio of speeds.
    speeds = speed(D, s, plain.y.T).T
    steps = (rtol * plain.y + atol) * speeds[:, -1:] / speeds
    allowed = len(s) ** 0.5 * steps.sum(axis=1)
    assert np.all(np.abs(learned_by(D, s, 0.1, time) - plain.y[:, -1]) <= allowed)


@given(D=st.sampled_from([1, 2, 5, 50, None]), share=st.floats(0.001, 0.5))
@settings(max_examples=6)
def test_the_time_of_a_loss(D, share):
    s = [1.0, 0.8, 0.6]
    time = loss_time(D, s, 0.1, share)
    rounding = rounding_of_times(D, s, learned_by(D, s, 0.1, time.time))
    assert time.spread <= 2 * rounding
    # What is told, what it is compared with, and the bracket.
    doubt = 2 * rounding + 2 * NARROW * time.time
    for off, above in ((-doubt, True), (doubt, False)):
        left = np.array(s) - learned_by(D, s, 0.1, time.time + off)
        assert (np.sum(left**2) > share * 2.0) is np.bool_(above)


def test_the_time_of_a_loss_at_the_start_and_of_modes_that_start_above():
    assert loss_time(3, [1.0], 0.5, 0.3) == (0, 0)
    with pytest.raises(ValueError, match=r"start-scale=0\.5: give a strength below"):
        loss_time(3, [1.0, 0.4], 0.5, 0.3)


def model(seed=0):
    rng = np.random.default_rng(seed)
    s = np.array([1.0, 0.9, 0.7])
    u, v = (np.linalg.qr(rng.standard_normal((n, 3)))[0] for n in (10, 11))
    return WhitenedData(u @ np.diag(s) @ v.T, s, 1.0, 1.0)


ASKED = replace(PROFILES["tiny"], components=11, depths=(2, 4), seeds=2)


def result_of(data=None, asked=ASKED):
    data = model() if data is None else data
    state = State(None, "depth", {})
    found = run_cells(depth_cells(data, asked, "cpu"), seed=0, state=state)
    return depth_result(found, data, asked)


def test_descent_approaches_the_flow_of_theory():
    result = result_of()
    assert result.status is Status.SAMPLED
    for flow in result.flows:
        gaps = [abs(measured - flow.theory) for measured in flow.measured]
        assert gaps[-1] <= flow.budget <= 0.05 * flow.theory
        assert flow.difference == flow.measured[-1] - flow.theory
    assert result.infinite > result.flows[-1].theory > result.flows[0].theory
    decoupled = [times for times in result.times if times.start == "decoupled"]
    assert all(times.theory for times in decoupled)
    assert len(result.times) == 8


@pytest.mark.parametrize("wrong", [0.98, 1.02])
def test_another_theory_is_refuted(monkeypatch, wrong):
    def slower(D, s, a0, share):
        right = loss_time(D, s, a0, share)
        return LossTime(wrong * right.time, right.spread)

    monkeypatch.setattr(depth, "loss_time", slower)
    assert result_of().status is Status.REFUTED


def test_layers_of_units_in_place_of_layers_of_weights_are_refuted(monkeypatch):
    right = depth_theory._passage

    def shifted(D, s, a0):
        return right(None if D is None else D + 1, s, a0)

    def claimed(id, **inputs):
        if "D" in inputs:
            inputs["D"] += 1
        return right_claim(id, **inputs)

    right_claim = depth_theory.claimed
    monkeypatch.setattr(depth_theory, "_passage", shifted)
    # What is proposed and what is claimed contradict each other.
    assert loss_time(2, [1.0, 0.7], 0.1, 0.1).spread > 0.1
    monkeypatch.setattr(depth_theory, "claimed", claimed)
    time, s = loss_time(2, [1.0, 0.7], 0.1, 0.1), [1.0, 0.7]
    assert time.spread <= 2 * rounding_of_times(3, s, learned_by(2, s, 0.1, time.time))
    assert result_of().status is Status.REFUTED


def test_a_loss_that_is_not_reached_and_a_vague_budget():
    data, asked = model(), replace(ASKED, most=1)
    result = result_of(data, asked)
    gaussian = [times for times in result.times if times.start == "Gaussian"]
    assert all(times.iterations == [None, None] and times.mean is None for times in gaussian)
    foretold = LossTime(20.0, 0.0)
    made = depth._flow([100.0, None, 20.0], 2, foretold)
    assert (made.status, made.difference) == (Status.REFUTED, None)
    vague = depth._flow([n / c for n, c in zip((30.0, 25.0, 20.0), SLOW, strict=True)], 2, foretold)
    assert vague.status is Status.VACUOUS


def test_all_is_told(capsys, tmp_path):
    pytest.importorskip("matplotlib")
    pytest.importorskip("sklearn")
    report, plot = tmp_path / "f.json", tmp_path / "f.png"
    asked = [*TINY, "--depths", "2,4", "--most", "8", "--json", str(report), "--plot", str(plot)]
    assert run(asked) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for words in (
        "digits: linear networks, 12 whitened components, 9 modes, loss 0.02",
        "> 8 in 2 of 2",
        "Infinite depth: ",
        "descent takes the time of theory at every depth",
    ):
        assert words in out
    told = json.loads(report.read_text())
    assert told["schema"] == "lemmata.simulate.depth/1"
    assert told["status"] == "sampled"
    assert [flow["depth"] for flow in told["flows"]] == [2, 4]
    assert len(told["s"]) == 9
    assert plot.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        (("--depths", "1,2"), "increasing numbers from 2 on"),
        (("--depths", "3,2"), "increasing numbers from 2 on"),
        (("--depths", "2,x"), "give whole numbers"),
        (("--start-scale", "0.9"), "give less than 0.405"),
        pytest.param(
            ("--components", "62"),
            "components=62: the images span 61",
            marks=pytest.mark.nightly,
        ),
        (("--share", "1"), "--share"),
    ],
)
def test_what_is_refused(one_line, given_, told):
    pytest.importorskip("sklearn")
    assert told in one_line(*TINY, *given_)
