"""`simulate products`: what it accepts of the claims, and what it would not let pass."""

from __future__ import annotations

import json
from dataclasses import replace
from math import log, pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.cli.main import run
from lemmata.proofs.deep import products, products_judged, spectra_figures
from lemmata.proofs.deep.claimed import NotAvailableError, claimed, claimed_form, to_float
from lemmata.proofs.deep.products import PROFILES, product_cells
from lemmata.proofs.deep.products_judged import products_result
from lemmata.proofs.deep.products_theory import (
    DENSITY,
    TAIL,
    amplified,
    edge,
    moment,
    norm_law,
    orthogonal,
    spectrum,
    tail_at,
)
from lemmata.proofs.deep.runs import State, run_cells
from lemmata.proofs.deep.spectra_verdicts import (
    Compared,
    compared_exactly,
    compared_mean,
    compared_sizes,
    compared_tail,
    not_known,
    told_comparison,
    weakest_of,
)
from lemmata.proofs.verdicts import Status

EPS = float(np.finfo(float).eps)
SMALL = replace(
    PROFILES["tiny"],
    width=72,
    depths=(1, 3),
    draws=320,
    weights=("gaussian", "uniform", "orthogonal"),
    numbers=3 * 10**7,
)


@pytest.fixture(scope="module")
def found():
    return run_cells(product_cells(SMALL, "cpu"), seed=0, state=State(None, "products", {}))


def statuses(result, of):
    return {row.what: row.status for row in result.rows if row.of.startswith(of)}


# The theory's side.


@given(st.integers(1, 30), st.floats(0.01, 0.99))
@settings(max_examples=15)
def test_closed_forms_are_what_evaluate_certifies(depth, part):
    at = {"D": depth, "phi": part * pi / (depth + 1)}
    told = claimed(DENSITY, **at)
    for source, name in (("lambda", "lambda"), ("statement", "rho")):
        assert claimed_form(DENSITY, source, **at) == pytest.approx(told[name], rel=4 * EPS)
    fraction = claimed(TAIL, **at)["fraction"]
    assert claimed_form(TAIL, "statement", **at) == pytest.approx(fraction, rel=4 * EPS)


@pytest.mark.parametrize("depth", [1, 2, 10, 100])
def test_the_curve_has_mass_and_mean_1(depth):
    curve = spectrum(depth, 400)
    assert np.all(np.diff(curve.squares) > 0)
    assert np.all(np.diff(curve.tail) < 0)
    # Between two points the mass is the difference of tails, its mean between the two squares.
    mass = -np.diff(curve.tail)
    lower = np.sum(mass * curve.squares[:-1])
    upper = np.sum(mass * curve.squares[1:]) + (1 - curve.tail[0]) * curve.squares[0]
    assert lower <= 1 <= upper + 1e-9
    assert upper - lower < 0.1
    assert tail_at(depth, 0.0) == pytest.approx(amplified(depth), rel=1e-12)
    assert tail_at(depth, log(edge(depth))) == 0
    assert tail_at(depth, -2000.0 * depth) == 1


def test_what_no_claim_tells(monkeypatch):
    with pytest.raises(NotAvailableError, match=r"^products.fuss_catalan: D"):
        claimed("products.fuss_catalan", D=0)
    with pytest.raises(NotAvailableError, match="it has no closed form 'mass'"):
        claimed_form(DENSITY, "mass", D=1, phi=0.1)
    monkeypatch.setattr("lemmata.proofs.deep.claimed.locate", lambda id: None)
    with pytest.raises(NotAvailableError, match=r"^products.none: there is no such claim$"):
        claimed("products.none", D=1)


def test_numbers_of_any_size_are_floats():
    assert [to_float(x) for x in ("1/3", "-7", "1e-30")] == [1 / 3, -7.0, 1e-30]
    assert to_float("1" + "0" * 400 + "/3") == np.inf
    assert to_float("-1" + "0" * 400 + "/3") == -np.inf
    assert to_float("1/1" + "0" * 400) == 0


# What is accepted, and what is not.


def test_the_claims_are_accepted(found):
    result = products_result(found, SMALL)
    assert result.status is Status.SAMPLED
    for of in ("gaussian, D = 1", "gaussian, D = 3", "uniform, D = 1"):
        assert statuses(result, of)["distribution"] is Status.SAMPLED
    assert statuses(result, "gaussian, D = 3, N = 32")["norm: variance"] is Status.SAMPLED
    assert "norm: variance" not in statuses(result, "uniform, D = 3")
    assert statuses(result, "orthogonal, D = 3") == {"singular values": Status.SAMPLED}


@pytest.mark.parametrize(
    ("name", "wrong", "what"),
    [
        ("edge", lambda D: 1.9 * edge(D), "largest square"),
        ("moment", lambda D, k: moment(D, k) * 1.2**k, "mean square"),
        ("moment", lambda D, k: moment(D, k) + (k == 2), "relative variance"),
        ("amplified", lambda D: amplified(D) + 0.07, "fraction above 1"),
        ("thresholds", None, "distribution"),
        ("orthogonal", lambda D: orthogonal(D) + 1e-9, "singular values"),
        ("norm_law", lambda N, D: norm_law(N, D)._replace(mean=1.15), "norm: mean"),
        ("norm_law", lambda N, D: norm_law(N, D)._replace(variance=(1 + 3 / N) ** D - 1),
         "norm: variance"),
        ("norm_law", lambda N, D: norm_law(N, D)._replace(log_mean=-2 * D / N), "norm: log mean"),
    ],
)  # fmt: skip
def test_a_wrong_theory_is_refuted(found, monkeypatch, name, wrong, what):
    if name == "thresholds":

        def wrong(asked, depth):
            at, tails = products.thresholds(asked, depth)
            return at, tails + np.linspace(0, 0.1, len(tails))

    monkeypatch.setattr(products_judged, name, wrong)
    result = products_result(found, SMALL)
    assert result.status is Status.REFUTED
    assert what in {row.what for row in result.rows if row.status is Status.REFUTED}


def test_a_missing_claim_is_no_success(found, monkeypatch):
    def gone(*_):
        raise NotAvailableError("products.fuss_catalan: there is no such claim")

    monkeypatch.setattr(products_judged, "edge", gone)
    result = products_result(found, SMALL)
    assert result.status is Status.UNDECIDED or result.status is Status.VACUOUS
    rows = [row for row in result.rows if row.what == "largest square"]
    assert {(row.theory, row.missing) for row in rows} == {(None, True)}


def test_the_gain_moves_what_is_amplified():
    asked = replace(SMALL, gain=1.2, depths=(2,), weights=("gaussian",), numbers=10**5)
    found = run_cells(product_cells(asked, "cpu"), seed=1, state=State(None, "products", {}))
    result = products_result(found, asked)
    (row,) = (row for row in result.rows if row.what == "fraction above 1")
    assert row.theory == pytest.approx(tail_at(2, -4 * log(1.2)))
    assert row.theory > amplified(2) + 0.1
    assert row.status is Status.SAMPLED
    all_above = replace(asked, gain=1e6, width=18, draws=48, numbers=10**5)
    found = run_cells(product_cells(all_above, "cpu"), seed=1, state=State(None, "products", {}))
    (row,) = (r for r in products_result(found, all_above).rows if r.what == "fraction above 1")
    assert (row.theory, row.missing) == (None, False)
    assert "fewer than 20 directions" in row.note


@pytest.mark.nightly
def test_small_singular_values_are_compared_where_they_are_found():
    wide = replace(SMALL, width=1000, depths=(40,))
    plain, graded = (products.thresholds(replace(wide, graded=g), 40)[0] for g in (False, True))
    assert len(plain) < len(graded) == products.QUANTILES
    asked = replace(SMALL, width=18, depths=(2,), weights=("gaussian",), draws=48, numbers=10**5)
    found = run_cells(
        product_cells(replace(asked, graded=True), "cpu"), seed=0, state=State(None, "products", {})
    )
    result = products_result(found, replace(asked, graded=True))
    assert Status.REFUTED not in {row.status for row in result.rows}


# Verdicts.


def row(**given_):
    whole = {"what": "x", "of": "y", "claim": "z", "theory": 2.0, "measured": 2.1, **given_}
    return Compared(**whole)


def test_a_verdict_needs_a_budget_that_decides():
    assert row(terms={"a": 0.2}).status is Status.SAMPLED
    assert row(terms={"a": 0.05}).status is Status.REFUTED
    assert row(terms={"a": 0.6, "b": 0.4}).status is Status.VACUOUS
    assert row(terms={"a": 0.2}, relative=True).status is Status.SAMPLED
    assert row(terms={"a": log(2)}, relative=True).status is Status.VACUOUS
    assert row(terms={"a": 5.0}, relative=True, measured=-1.0).status is Status.REFUTED
    assert row(terms={"a": 0.2}, measured=float("nan")).status is Status.REFUTED
    assert row(theory=None).status is Status.UNDECIDED
    assert weakest_of([row(terms={"a": 0.2}), row(theory=None)]) is Status.SAMPLED
    assert weakest_of([row(terms={"a": 0.2}), row(theory=None, missing=True)]) is Status.UNDECIDED
    assert weakest_of([]) is Status.VACUOUS
    assert told_comparison(row(measured=float("nan")))["measured"] is None
    assert not_known("a", "b", "c", 1.0, "why").difference is None


@given(st.integers(0, 2**32), st.floats(0.5, 3))
@settings(max_examples=20)
def test_a_law_at_three_widths_is_accepted_and_its_double_is_not(seed, limit):
    rng = np.random.default_rng(seed)
    draws = {
        n: np.log(limit) + 0.5 / n + rng.standard_normal(m) / n
        for n, m in ((20, 2000), (60, 800), (180, 300))
    }
    assert compared_sizes("a", "b", "c", limit, draws, 1e-9, 1.0).status is Status.SAMPLED
    assert compared_sizes("a", "b", "c", 2 * limit, draws, 1e-9, 1.0).status is Status.REFUTED
    tails = {n: np.exp(d)[:, None] / 10 for n, d in draws.items()}
    for factor, status in ((1.0, Status.SAMPLED), (1.5, Status.REFUTED)):
        told = [factor * limit / 10]
        assert compared_tail("b", "c", [0.0], told, tails, 1e-9).status is status


def test_means_and_exact_values():
    draws = np.random.default_rng(0).exponential(1.0, 5000)
    assert compared_mean("a", "b", "c", 1.0, draws, 1.0, 1e-9).status is Status.SAMPLED
    assert compared_mean("a", "b", "c", 1.2, draws, 1.0, 1e-9).status is Status.REFUTED
    assert compared_exactly("a", "b", "c", 1.0, [1, 1 + 1e-12], 1e-11).measured == 1 + 1e-12
    assert compared_exactly("a", "b", "c", 1.0, [1, 1 + 1e-10], 1e-11).status is Status.REFUTED


# The command.

COMMAND = ("simulate", "products", "--profile", "tiny", "--width", "54", "--depths", "1")
MANY = ("--draws", "250")


@pytest.mark.nightly
def test_the_command_writes_tables_reports_and_figures(capsys, tmp_path):
    pytest.importorskip("matplotlib")
    report, plot = tmp_path / "p.json", tmp_path / "p.svg"
    assert run([*COMMAND, *MANY, "--json", str(report), "--plot", str(plot)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for words in (
        "products of 54 x 54 matrices, gain 1, 250 draws; seed 0",
        "claims: products.gaussian_norm, products.fuss_catalan",
        "every difference from the theory is explained",
    ):
        assert words in out
    told = json.loads(report.read_text())
    assert told["schema"] == "lemmata.simulate.products/1"
    assert told["status"] == "sampled"
    assert {row["status"] for row in told["comparisons"]} == {"sampled", "undecided"}
    (left,) = (row for row in told["comparisons"] if row["status"] == "undecided")
    assert left["what"] == "norm: log mean"
    assert "draws leave it open" in left["note"]
    assert [h["weights"] for h in told["histograms"]] == ["gaussian", "orthogonal"]
    assert sum(told["histograms"][0]["counts"]) <= 54 * 250
    assert plot.read_text().startswith("<?xml")
    assert {path.name for path in tmp_path.iterdir()} == {"p.json", "p.svg"}


def test_one_seed_one_result_and_stopped_runs_go_on(capsys, tmp_path, monkeypatch):
    asked = [*COMMAND, "--weights", "gaussian", "--json", "-"]
    code = run(asked)
    first = json.loads(capsys.readouterr().out)
    state = tmp_path / "state.json"
    stopped = [*asked, "--resume", str(state)]
    sample, calls = products.product_spectra, []

    def watched(*given_, **named):
        calls.append(given_)
        if len(calls) == 7:
            raise KeyboardInterrupt
        return sample(*given_, **named)

    monkeypatch.setattr(products, "product_spectra", watched)
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
    assert run([*asked, "--seed", "1"]) == code
    assert json.loads(capsys.readouterr().out)["comparisons"] != first["comparisons"]


def test_exit_codes(capsys, monkeypatch):
    monkeypatch.setattr(products_judged, "amplified", lambda D: 0.5)
    assert run([*COMMAND, *MANY]) == 1
    assert "contradicts the theory" in capsys.readouterr().out
    monkeypatch.undo()
    assert run(["simulate", "products", "--profile", "tiny"]) == 3
    assert "decides nothing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--width", "17"), "--width=17: give 18 or more"),
        (("--draws", "3"), "--draws=3: give 42 or more"),
        (("--depths", "0,1"), "--depths: '0' is no whole number above 0"),
        (("--depths", "1,,2"), "--depths: '' is no whole number above 0"),
        (("--weights", "gaussian,normal"), "--weights: 'normal' is none of gaussian, uniform"),
        (("--gain", "0"), "--gain=0.0: give a positive finite number"),
        (("--gain", "inf"), "--gain=inf: give a positive finite number"),
        (("--plot", "p.txt"), "--plot: p.txt: give a file name that ends with .png"),
        (("--resume", "/nowhere/x"), "--resume: cannot write /nowhere/x"),
    ],
)
def test_what_is_refused_in_one_line(one_line, options, words):
    assert one_line("simulate", "products", *options).startswith(words)


@pytest.mark.nightly
def test_a_figure_of_every_kind_of_weights(found, tmp_path):
    pytest.importorskip("matplotlib")
    result = products_result(found, SMALL)
    for name in ("p.pdf",):
        made = spectra_figures.products_figure(result, "title $", str(tmp_path / name))
        assert made == spectra_figures.products_figure(result, "title $", str(tmp_path / name))
        assert len(made) > 10_000
