"""`simulate isometry`: what it accepts of the claims, and what it would not let pass."""

from __future__ import annotations

import json
from dataclasses import replace
from math import asin, erf, exp, log, pi, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.cli.main import run
from lemmata.proofs.deep import isometry, isometry_judged, spectra_figures
from lemmata.proofs.deep.claimed import NotAvailableError, claimed
from lemmata.proofs.deep.isometry import PROFILES, checked, isometry_cells
from lemmata.proofs.deep.isometry_judged import isometry_result, isometry_theory
from lemmata.proofs.deep.isometry_spectra import jacobian_spectrum, tail_points
from lemmata.proofs.deep.isometry_theory import (
    LENGTH_MAP,
    PHI,
    SETTLED,
    Layer,
    atom,
    layer_law,
    predicted,
    stationary,
    top,
)
from lemmata.proofs.deep.runs import State, run_cells
from lemmata.proofs.verdicts import Status

EPS = float(np.finfo(float).eps)
SMALL = replace(PROFILES["tiny"], width=81, gains=(1.2,), layers=5, draws=250)


def sampled(asked, theory, lengths, seed=0):
    cells = isometry_cells(asked, lengths, "cpu", theory.plan)
    return run_cells(cells, seed=seed, state=State(None, "isometry", {}))


@pytest.fixture(scope="module")
def small():
    theory = isometry_theory(SMALL, [1.0])
    return theory, sampled(SMALL, theory, [1.0])


# The theory's side.


@pytest.mark.parametrize(("gain", "sigma_b"), [(1.1, 0.0), (1.5, 0.0), (0.9, 0.3)])
def test_layers_of_tanh_are_what_evaluate_certifies(gain, sigma_b):
    told = claimed(LENGTH_MAP, g=gain, sigma_b=sigma_b)
    layer = layer_law("tanh", gain, sigma_b, told["q_star"])
    # q* is rounded, where V' is below 1, and V; |d chi/dq| = gain^2 |E (sech^4)''|/2 <= 2 gain^2.
    q = told["q_star"]
    assert layer.length == pytest.approx(q, rel=2 * EPS, abs=0)
    chi = EPS * (told["chi"] + 2 * gain**2 * q)
    assert layer.chi == pytest.approx(told["chi"], abs=chi)
    network = predicted("tanh", gain, sigma_b, q, 30)
    # Layer by layer a rounded length comes nearer to q*: all of them add up to a geometric series.
    off = q * 2.0**-10
    slope = (layer_law("tanh", gain, sigma_b, q + off).length - layer.length) / off
    lengths = 2 * EPS / (1 - slope)
    logs = 30 * (chi / told["chi"] + 2 * gain**2 * q * lengths + EPS)
    assert network.log_mean == pytest.approx(30 * log(told["chi"]), abs=logs)
    assert network.log_growth == pytest.approx(0, abs=lengths + 2 * EPS * abs(log(q)))
    assert stationary("tanh", gain, sigma_b) == told["q_star"]


@given(st.floats(0.01, 5), st.floats(0.5, 2), st.floats(0, 1))
@settings(max_examples=15)
def test_layers_whose_averages_are_elementary(q, gain, sigma_b):
    u, p = pi * q / 2, erf(1 / sqrt(2 * q))
    known = {
        "erf": (2 / pi * asin(u / (1 + u)), (1 + pi * q) ** -0.5, (1 + 2 * pi * q) ** -0.5),
        "relu": (q / 2, 0.5, 0.5),
        "hardtanh": (None, p, p),
    }
    for name, (square, mu1, mu2) in known.items():
        layer = layer_law(name, gain, sigma_b, q)
        # At most eight roundings each: no formula is steeper than 2, relatively.
        for found, closed in ((layer.mu1, mu1), (layer.mu2, mu2), (layer.chi, gain**2 * mu1)):
            assert found == pytest.approx(closed, rel=8 * EPS, abs=0)
        if square is not None:
            length = gain**2 * square + sigma_b**2
            assert layer.length == pytest.approx(length, rel=10 * EPS, abs=0)


def test_variances_of_layers_add_up_and_gaussian_weights_add_one_each():
    network = predicted("tanh", 1.1, 0.0, 1.0, 30)
    ratios = [layer.mu2 / layer.mu1**2 for layer in network.layers]
    spreads = sum(ratio - 1 for ratio in ratios)
    # Four roundings of each ratio, and thirty numbers added up.
    rounding = (4 + 30) * EPS * sum(ratios)
    assert network.relative_variance("orthogonal") == pytest.approx(spreads, abs=rounding)
    for weights in ("gaussian", "uniform"):
        assert network.relative_variance(weights) == pytest.approx(30 + spreads, abs=rounding)
    assert network.share is None
    assert predicted("relu", 1.0, 0.0, 1.0, 3).share == 0.5


def test_fixed_points():
    assert stationary("tanh", 0.9, 0.0) == 0
    q = stationary("erf", 1.1, 0.0)
    # The last of lengths that come nearer and nearer.
    settled = SETTLED + 2 * EPS
    assert layer_law("erf", 1.1, 0.0, q).length == pytest.approx(q, rel=settled, abs=0)
    with pytest.raises(NotAvailableError, match=r"lengths of relu at gain 1\.1 do not settle"):
        stationary("relu", 1.1, 0.0)
    with pytest.raises(NotAvailableError, match="nothing is told of gelu"):
        layer_law("gelu", 1.0, 0.0, 1.0)


@pytest.mark.parametrize("gaussian", [False, True])
def test_the_spectrum_ends_where_the_claim_has_its_top(gaussian):
    network = predicted("relu", sqrt(2), 0.0, 1.0, 5)
    spectrum = jacobian_spectrum("relu", network, sqrt(2), gaussian)
    edge = log(top("gaussian" if gaussian else "orthogonal", 0.5, 5))
    beyond = np.interp(edge + 0.05, spectrum.logs, spectrum.tail)
    error = np.interp(edge + 0.05, spectrum.logs, spectrum.error)
    assert 0 <= beyond <= 2 * error < np.interp(edge - 0.5, spectrum.logs, spectrum.tail)
    tail = tail_points(spectrum, 200, 5)
    assert len(tail.logs) == 5  # half of the values are 0
    # Each nearer to its tenth than to another.
    assert tail.fractions == pytest.approx([0.5, 0.4, 0.3, 0.2, 0.1], abs=0.05)


def test_untouched_directions_have_no_density():
    length = stationary("hardtanh", 1.01, 0.1)
    network = predicted("hardtanh", 1.01, 0.1, length, 10)
    assert jacobian_spectrum("hardtanh", network, 1.01, False) is None
    assert jacobian_spectrum("hardtanh", network, 1.01, True) is not None
    untouched = 1 - 10 * (1 - network.share)
    assert atom(network.share, 10) == pytest.approx(untouched, abs=2 * EPS)


def test_every_nonlinearity_that_is_sampled_has_a_theory():
    assert set(PHI) == set(isometry.NONLINEARITIES) - {"linear"}


# What is accepted, and what is not.


def test_the_claims_are_accepted(small):
    theory, found = small
    result = isometry_result(found, SMALL, theory)
    assert {row.status for row in result.rows} <= {Status.SAMPLED, Status.VACUOUS}
    decided = {(row.of, row.what) for row in result.rows if row.status is Status.SAMPLED}
    for weights in SMALL.weights:
        for what in ("length, per layer", "mean square, per layer", "distribution over mean"):
            assert (f"{weights}, g = 1.2", what) in decided


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (lambda layer: layer._replace(length=1.3 * layer.length), "length, per layer"),
        (lambda layer: layer._replace(chi=1.2 * layer.chi), "mean square, per layer"),
        (lambda layer: layer._replace(mu2=min(1.0, 1.6 * layer.mu2)), "relative variance"),
    ],
)
def test_wrong_layers_are_refuted(small, wrong, what):
    theory, found = small
    network = theory.networks[1.2]
    layers = tuple(Layer(*wrong(layer)) for layer in network.layers)
    lengths = (1.0, *(layer.length for layer in layers))
    planted = replace(theory, networks={1.2: replace(network, lengths=lengths, layers=layers)})
    result = isometry_result(found, SMALL, planted)
    assert result.status is Status.REFUTED
    assert what in {row.what for row in result.rows if row.status is Status.REFUTED}


def test_a_wrong_spectrum_is_refuted(small):
    theory, found = small
    swapped = {
        key: theory.tails[("orthogonal" if key[0] == "gaussian" else "gaussian", key[1])]
        for key in theory.tails
    }
    same = {key: tail._replace(logs=theory.tails[key].logs) for key, tail in swapped.items()}
    moved = {
        key: tail._replace(fractions=theory.tails[key].fractions + 0.12)
        for key, tail in same.items()
    }
    result = isometry_result(found, SMALL, replace(theory, tails=moved))
    assert {"distribution over mean"} == {
        row.what for row in result.rows if row.status is Status.REFUTED
    }


def test_orthogonal_weights_are_told_from_gaussian_ones(small):
    theory, found = small
    exchanged = {
        name.replace("gaussian", "x")
        .replace("orthogonal", "gaussian")
        .replace("x", "orthogonal"): c
        for name, c in found.items()
    }
    result = isometry_result(exchanged, SMALL, theory)
    refuted = {row.of for row in result.rows if row.status is Status.REFUTED}
    assert refuted == {"gaussian, g = 1.2", "orthogonal, g = 1.2"}


def test_no_claim_no_success(small, monkeypatch):
    def gone(*_):
        raise NotAvailableError("isometry.length_map: there is no such claim")

    monkeypatch.setattr(isometry_judged, "predicted", gone)
    theory = isometry_theory(SMALL, [1.0])
    assert theory.missing.startswith("isometry.length_map")
    assert isometry_result(small[1], SMALL, theory).status is Status.UNDECIDED


def test_directions_that_no_layer_clips():
    asked = replace(
        SMALL,
        nonlinearity="hardtanh",
        gains=(1.01,),
        sigma_b=0.1,
        weights=("orthogonal",),
        length=None,
    )
    lengths = [stationary("hardtanh", 1.01, 0.1)]
    theory = isometry_theory(asked, lengths)
    found = sampled(asked, theory, lengths)
    (row,) = (r for r in isometry_result(found, asked, theory).rows if r.what == "atom at the top")
    assert row.status is Status.SAMPLED
    assert row.theory == pytest.approx(0.82, abs=0.5e-2)  # two digits
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(isometry_judged, "atom", lambda p, layers: 0.3)
        assert isometry_result(found, asked, theory).status is Status.REFUTED


def test_networks_of_which_all_units_rest():
    asked = replace(SMALL, nonlinearity="relu", width=18, layers=6, gains=(1.0,), draws=48)
    theory = isometry_theory(asked, [1.0])
    result = isometry_result(sampled(asked, theory, [1.0]), asked, theory)
    assert Status.REFUTED not in {row.status for row in result.rows}


# The command.

COMMAND = (
    "simulate",
    "isometry",
    "--profile",
    "tiny",
    "--width",
    "54",
    "--layers",
    "2",
    "--gains",
    "1.2",
)
FEW = ("--draws", "80", "--weights", "orthogonal")


def test_the_command_writes_tables_reports_and_figures(capsys, tmp_path):
    pytest.importorskip("matplotlib")
    report, plot = tmp_path / "i.json", tmp_path / "i.svg"
    code = run([*COMMAND, *FEW, "--json", str(report), "--plot", str(plot)])
    out, err = capsys.readouterr()
    assert (code in (0, 3), err) == (True, "")
    assert "2 layers of 54 tanh units, q_0 = 1, 80 draws; seed 0" in out
    assert "claims: isometry.length_map, isometry.length_map.depth" in out
    told = json.loads(report.read_text())
    assert told["schema"] == "lemmata.simulate.isometry/1"
    assert {row["status"] for row in told["comparisons"]} <= {"sampled", "vacuous"}
    (network,) = told["networks"]
    assert network["chi"][0] == layer_law("tanh", 1.2, 0.0, 1.0).chi
    logs = sum(map(log, network["chi"]))
    assert network["log_mean_square"] == pytest.approx(logs, rel=2 * EPS, abs=0)
    assert plot.read_text().startswith("<?xml")
    assert {path.name for path in tmp_path.iterdir()} == {"i.json", "i.svg"}


def test_one_seed_one_result_and_stopped_runs_go_on(capsys, tmp_path, monkeypatch):
    asked = [*COMMAND, *FEW, "--json", "-"]
    code = run(asked)
    first = json.loads(capsys.readouterr().out)
    state = tmp_path / "state.json"
    stopped = [*asked, "--resume", str(state)]
    sample, calls = isometry.sample_jacobians, []

    def watched(*given_, **named):
        calls.append(given_)
        if len(calls) == 7:
            raise KeyboardInterrupt
        return sample(*given_, **named)

    monkeypatch.setattr(isometry, "sample_jacobians", watched)
    assert run(stopped) == 130
    assert "goes on from" in capsys.readouterr().err
    kept = sum("norm" not in name for name in json.loads(state.read_text())["cells"])
    assert kept > 0
    calls[:] = [()] * 10
    assert run(stopped) == code
    again = json.loads(capsys.readouterr().out)
    # A thread of the run that was stopped may have been on its way.
    assert 24 - kept <= len(calls) - 10 <= 25 - kept
    for told in (first, again):
        del told["seconds"]
    assert first == again


def test_a_contradiction_ends_with_1(capsys, monkeypatch):
    def faster(*given_):
        found = predicted(*given_)
        return replace(found, layers=tuple(x._replace(chi=2 * x.chi) for x in found.layers))

    monkeypatch.setattr(isometry_judged, "predicted", faster)
    assert run([*COMMAND, *FEW]) == 1
    assert "contradicts the theory" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--nonlinearity", "gelu"), "--nonlinearity: 'gelu' is none of tanh"),
        (("--nonlinearity", "linear"), "--nonlinearity: 'linear' is none of tanh"),
        (("--weights", "normal"), "--weights: 'normal' is none of gaussian"),
        (("--gains", "1,x"), "--gains: 'x' is no number"),
        (("--gains", "0"), "--gains=0.0: give a positive finite number"),
        (("--layers", "0"), "--layers=0: give 1 or more"),
        (("--width", "10"), "--width=10: give 18 or more"),
        (("--draws", "5"), "--draws=5: give 4"),
        (("--sigma-b", "-1"), "--sigma-b=-1.0: give a finite number, 0 or more"),
        (("--q0", "-1"), "--q0=-1.0: give a positive finite number"),
        (("--q0", "some"), "--q0: 'some' is no number"),
        (("--q0", "fixed"), "--q0: at gain 0.9 lengths shrink to zero"),
        (("--q0", "fixed", "--nonlinearity", "relu"), "--q0: isometry.length_map: lengths of relu"),
        (("--plot", "i.txt"), "--plot: i.txt: give a file name"),
    ],
)
def test_what_is_refused_in_one_line(one_line, options, words):
    assert one_line("simulate", "isometry", *options).startswith(words)


def test_settings_are_checked():
    assert checked(SMALL) is SMALL
    for changed in ({"length": 0.0}, {"gains": (float("nan"),)}, {"sigma_b": float("inf")}):
        with pytest.raises(ValueError):
            checked(replace(SMALL, **changed))


def test_the_figure(small, tmp_path):
    pytest.importorskip("matplotlib")
    theory, found = small
    result = isometry_result(found, SMALL, theory)
    made = spectra_figures.isometry_figure(result, "title", str(tmp_path / "i.pdf"))
    assert made.startswith(b"%PDF")
    assert made == spectra_figures.isometry_figure(result, "title", str(tmp_path / "i.pdf"))
    assert exp(theory.networks[1.2].log_mean) < 1
