"""`simulate`: networks on tables of items against the theory, and what it would not let pass."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lemmata.numerics.datasets import ItemTable
from lemmata.numerics.modes import decoupled_start, haar_orthogonal
from lemmata.proofs import items_comparison, mode_curves
from lemmata.proofs.cli.main import run
from lemmata.proofs.closed_forms import ScalarForm
from lemmata.proofs.data import SHIPPED, shipped_items
from lemmata.proofs.items_comparison import compare_items
from lemmata.proofs.items_measurements import crossing_time, effective_start
from lemmata.proofs.items_report import simulation_report
from lemmata.proofs.mode_curves import learning_time, mode_curve
from lemmata.proofs.verdicts import Status
from lemmata.theory.learning.modes import commuting_inputs
from sympy import Rational, exp

EPS = float(np.finfo(float).eps)
SHARP = 1e-6
"""How small a budget has to be beside what it is compared with, or nothing is told by that: no
tolerance."""
STRENGTHS = st.floats(0.05, 20)
STARTS = st.floats(1e-6, 1)
TIMES = st.lists(st.floats(0, 50), min_size=2, max_size=8).map(sorted)


def table(values) -> ItemTable:
    values = np.array(values, dtype=float)
    items, properties = (
        tuple(f"{word}{i}" for i in range(n))
        for word, n in zip(("item", "can"), values.shape, strict=True)
    )
    return ItemTable(items, properties, values)


def compared(values, **settings):
    return compare_items(table(values), rng=np.random.default_rng(0), **settings)


@pytest.fixture(scope="module")
def animals():
    return compare_items(shipped_items("animals"), rng=np.random.default_rng(0))


# The theory's side.


@given(STRENGTHS, st.floats(0.1, 2), STARTS, st.floats(0.1, 10), st.floats(0.05, 0.95))
def test_the_curve_reaches_a_fraction_at_its_learning_time(s, lambda_, a0, tau, fraction):
    when = learning_time(s, lambda_, a0, tau, fraction)
    final = s / lambda_
    assert (when is None) == (lambda_ * a0 >= fraction * s)
    assume(when is not None)
    strengths, error = mode_curve(s, 0.0, lambda_, a0, tau, [when])
    # The time was rounded, and the curve is nowhere steeper than final s / (2 tau).
    rounded = EPS * when * final * s / (2 * tau) + 4 * EPS * final
    assert abs(strengths[0] - fraction * final) <= error[0] + rounded


@given(STRENGTHS, STARTS, TIMES)
def test_the_curve_starts_at_a0_and_moves_towards_its_end_only(s, a0, times):
    strengths, error = mode_curve(s, 0.0, 1.0, a0, 1.0, [0.0, *times])
    assert abs(strengths[0] - a0) <= error[0]
    steps = np.diff(strengths) * np.sign(s - a0)
    assert np.all(steps >= -error[1:] - error[:-1])


@given(STRENGTHS, st.floats(0, 0.04), st.floats(-1, 1), STARTS, TIMES)
def test_the_error_of_a_curve_covers_every_singular_value_in_doubt(s, doubt, where, a0, times):
    curve = mode_curve(s, doubt, 1.0, a0, 1.0, times)
    other = mode_curve(s + where * doubt, 0.0, 1.0, a0, 1.0, times)
    assert np.all(np.abs(curve.strengths - other.strengths) <= curve.error + other.error)


@given(STRENGTHS, st.floats(0.1, 2), STARTS, TIMES)
def test_averages_rescale_the_curve_of_sums(s, lambda_, a0, times):
    averages = mode_curve(s, 0.0, lambda_, a0, 1.0, times)
    # lambda a solves the equation of lambda = 1; its start is rounded here, which the slope of
    # the curve in its start, at most (s / a0)^2 / 4 a0 / a0 <= s / (4 a0) + 1, magnifies.
    sums = mode_curve(s, 0.0, 1.0, lambda_ * a0, 1.0, times)
    slope = np.maximum(1, s / (4 * lambda_ * a0) + 1)
    allowed = lambda_ * averages.error + sums.error + EPS * slope * lambda_ * a0
    gap = np.abs(lambda_ * averages.strengths - sums.strengths)
    assert np.all(gap <= allowed + EPS * sums.strengths)


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan"), float("inf")])
def test_bad_numbers_are_named(bad):
    for name in ("s", "lambda_", "a0", "tau"):
        given_ = {"s": 1.0, "lambda_": 1.0, "a0": 0.1, "tau": 1.0, name: bad}
        with pytest.raises(ValueError, match=name):
            learning_time(**given_)
        with pytest.raises(ValueError, match=name):
            mode_curve(**given_, doubt=0.0, times=[1.0])


# What is measured.


@given(st.floats(0.2, 5), st.floats(1e-4, 0.2), st.floats(0.5, 20), st.integers(3, 40))
def test_the_crossing_time_of_a_logistic_curve_is_its_half_time(s, share, until, count):
    a0 = share * s
    half = learning_time(s, 1.0, a0, 1.0)
    times = np.linspace(0, until, count)
    found = crossing_time(times, mode_curve(s, 0.0, 1.0, a0, 1.0, times).strengths, s / 2)
    # The logit rises by 2 s step in an interval, at whose end s - a is exp(-2 s step) s or more: by
    # its inverse rounding is magnified, and the time is off by that over the slope 2 s.
    step = until / (count - 1)
    assume(2 * s * step < 20)
    doubt = EPS * (2 * (half + until) + 4 * np.exp(2 * s * step) / (2 * s))
    assume(abs(half - until) > doubt)
    assert (found is None) == (half > until)
    if found is not None:
        assert abs(found - half) <= doubt


def test_the_crossing_time_of_other_curves():
    times = np.array([0.0, 1, 2, 3])
    assert crossing_time(times, np.array([0.0, 1, 3, 3]), 2.0) == 1.5
    assert crossing_time(times, np.array([-1.0, 0, 1, 5]), 2.0) == 2.25
    assert crossing_time(times, np.array([3.0, 3, 3, 3]), 2.0) is None
    assert crossing_time(times, np.array([0.0, 1, 1, 1]), 2.0) is None
    assert crossing_time(times, np.array([0.0, 0, 0, 0]), 0.0) is None


def _rounding(run_, strength):
    """Relative rounding of the mean of |A y|^2/4 over three modes, A = [W21, W32^T] of 16 x 6.

    The columns y hold a right and a left singular vector, so that |Y|_F^2 = 6.  A product of six
    terms is off by 6 (eps/2) |A|_F |Y|_F at most.  Y itself was turned by products of three terms,
    3 (eps/2) |Y|_F |T|_F with |T|_F = sqrt 3, by a matrix T from a Householder QR, orthogonal up
    to some 3^(3/2) 3 eps.  In the square all of this counts twice, relative to |A Y|_F; 48 squares
    are added with 48 eps/2.
    """
    W21, W32 = run_.start["small random"]
    size = np.sqrt((W21**2).sum() + (W32**2).sum()) * np.sqrt(6)
    product = np.sqrt(4 * 3 * strength)
    return EPS * (2 * size / product * (3 + 1.5 * np.sqrt(3) + 9 * np.sqrt(3)) + 24)


@given(st.integers(0, 2**32 - 1))
def test_the_effective_start_is_that_of_the_multiplet(seed):
    rng = np.random.default_rng(seed)
    run_ = compared(3 * np.eye(3), times=2, until=0.1, updates=1).run
    (group,) = run_.groups
    given_ = effective_start(run_, group)
    turned = haar_orthogonal(3, rng)
    modes = replace(run_.modes, u=run_.modes.u @ turned, v=run_.modes.v @ turned)
    allowed = _rounding(run_, given_)
    same = effective_start(replace(run_, modes=modes), group)
    assert same == pytest.approx(given_, rel=allowed, abs=0)
    start = decoupled_start(modes, 0.01, 16, rng)
    decoupled = replace(run_, modes=modes, start={"small random": start})
    # Its weights are themselves products of orthogonal matrices, rounded once more.
    allowed = 2 * _rounding(decoupled, 0.01)
    assert effective_start(decoupled, group) == pytest.approx(0.01, rel=allowed, abs=0)


# Theory and simulation.


@pytest.mark.parametrize(
    ("values", "given_", "numbers"),
    [
        (np.eye(4) * 2, {}, [(1, 2, 3, 4)]),
        (np.eye(4) * 2, {"hidden": 3, "convention": "sum"}, [(1, 2, 3, 4)]),
        (np.diag([3.0, 2, 2, 1]), {"hidden": 2, "tau": 4.0}, [(1,), (2, 3), (4,)]),
        ([[1.0, 1], [1, 1], [0, 1]], {"start_scale": 4.0}, [(1,), (2,)]),
        ([[1.0, -1, 0, 2]], {"times": 11}, [(1,)]),
        ([[1.0, 1], [1, 1], [2, 2]], {}, [(1,)]),
    ],
)
def test_every_difference_from_the_decoupled_start_is_explained(values, given_, numbers):
    found = compared(values, **given_)
    assert [mode.numbers for mode in found.modes] == numbers
    for mode in found.modes:
        assert mode.flow.status is Status.SAMPLED
        assert mode.flow.largest <= mode.flow.budget < SHARP * found.modes[0].final
    assert found.status is Status.SAMPLED
    assert found.left_out == min(np.shape(values)) - sum(map(len, numbers))


@settings(max_examples=8)
@given(st.integers(1, 5), st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_no_random_table_contradicts_the_theory(items, properties, hidden, seed):
    rng = np.random.default_rng(seed)
    values = rng.integers(-2, 3, (items, properties))
    assume(values.any())
    found = compare_items(table(values), rng=rng, hidden=hidden, times=21)
    for mode in found.modes:
        assert mode.flow.status is Status.SAMPLED, mode
        assert mode.descent.status in (Status.SAMPLED, Status.VACUOUS), mode


def test_descent_differs_by_its_learning_rate_and_by_half_of_it_at_half(animals):
    finer = compare_items(shipped_items("animals"), rng=np.random.default_rng(0), updates=2000)
    for mode, fine in zip(animals.modes, finer.modes, strict=True):
        assert mode.descent.dominant == fine.descent.dominant == "learning rate"
        # The flow has nothing of what the descent is off by.
        assert mode.flow.largest <= mode.flow.budget < SHARP * mode.descent.largest
        # First order; the second-order part is as large as the budget is away from the first.
        assert 1.8 < mode.descent.budget / fine.descent.budget < 2.2


def test_the_half_times_agree_and_are_ordered_by_strength(animals):
    times = [mode.learning_time for mode in animals.modes]
    assert times == sorted(times)
    for mode in animals.modes:
        # A strength off by its budget crosses so much later: the slope at half is s final / 2.
        doubt = 4 * mode.flow.budget / (mode.s * mode.final)
        assert abs(mode.flow_time - mode.learning_time) <= doubt
        assert mode.descent_time > mode.flow_time


def test_the_small_random_start_is_told_to_be_approximate(animals):
    off = [mode.random for mode in animals.modes if mode.random.largest > mode.random.budget]
    assert off
    for mode in animals.modes:
        assert mode.random.budget < SHARP * mode.random.largest
        assert 0 < mode.random.a0


def wrong_curves(factor: int):
    inputs = commuting_inputs.evaluation.inputs
    a0, lam, s, t, tau = (inputs[name] for name in ("a0", "lam", "s", "t", "tau"))
    rate = 2 + Rational(factor, 10**8)
    return ScalarForm("wrong", s / (lam + (s / a0 - lam) * exp(-rate * s * t / tau)))


def test_a_wrong_rate_is_found_however_small_the_error(monkeypatch, capsys):
    monkeypatch.setattr(mode_curves, "_CURVE", wrong_curves(factor=1))
    found = compared(np.diag([2.0, 1.0]))
    assert [mode.flow.status for mode in found.modes] == [Status.REFUTED] * 2
    assert run(["simulate", "animals", "--times", "11"]) == 1
    out, told = capsys.readouterr()
    assert told == ""
    assert out.endswith("gradient flow from the decoupled start contradicts the theory\n")
    assert re.search(r"^1 .* NO *$", out, re.M)


def test_a_descent_that_its_budget_does_not_explain_decides_nothing(monkeypatch, capsys):
    def too_small(coarse, middle, fine):
        return np.abs(np.asarray(middle) - fine) / 2

    monkeypatch.setattr("lemmata.numerics.experiments.halving_error", too_small)
    assert run(["simulate", "animals", "--times", "11"]) == 3
    assert "undecided" in capsys.readouterr().out


def test_a_budget_as_large_as_a_mode_decides_nothing(capsys):
    assert run(["simulate", "animals", "--updates", "80"]) == 3
    assert "budget too large" in capsys.readouterr().out


def test_settings_are_used(animals):
    found = compare_items(
        shipped_items("animals"),
        rng=np.random.default_rng(0),
        hidden=9,
        start_scale=0.01,
        tau=2.0,
        until=3.0,
        times=7,
        updates=50,
        convention="sum",
    )
    assert found.run.times == pytest.approx(np.linspace(0, 3, 7), abs=3 / 50)
    assert found.run.iterations[-1] == 200
    assert found.run.start["decoupled"][0].shape == (9, 8)
    assert found.modes[0].a0 == 0.01
    # Sums learn P times faster than averages; final strengths are the same.
    averages = compare_items(
        shipped_items("animals"), rng=np.random.default_rng(0), until=8.0, times=5
    )
    sums = compare_items(
        shipped_items("animals"),
        rng=np.random.default_rng(0),
        until=1.0,
        times=5,
        convention="sum",
    )
    for one, other in zip(averages.modes, sums.modes, strict=True):
        assert one.s * 8 == pytest.approx(other.s, rel=16 * EPS, abs=0)
        assert one.final == pytest.approx(other.final, rel=16 * EPS, abs=0)
        later = 8 * other.learning_time
        assert one.learning_time == pytest.approx(later, rel=64 * EPS, abs=0)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"times": 1}, "times=1"),
        ({"hidden": 0}, "hidden=0"),
        ({"tau": -1.0}, "tau=-1.0"),
        ({"until": 0.0}, "until=0.0"),
        ({"start_scale": float("nan")}, "start_scale=nan"),
        ({"convention": "mean"}, "convention='mean'"),
    ],
)
def test_bad_settings_are_named(change, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        compared([[1.0]], **change)


def test_a_table_of_zeros_teaches_nothing():
    with pytest.raises(ValueError, match="nothing to learn"):
        compared(np.zeros((2, 3)))


# The report.


def test_the_report_can_be_recomputed_from_its_own_curves(animals):
    text = simulation_report(shipped_items("animals"), animals, {"table": "animals"}, 1.0)
    report = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in the report"))
    assert report["schema"] == "lemmata.simulate/1"
    assert report["claims"] == ["modes.commuting_inputs", "modes.learning_time"]
    assert report["status"] == "sampled"
    assert len(report["items"]) == 8
    times = report["times"]
    for start, curves in report["strength"].items():
        theory = np.array(curves["theory"])
        assert theory.shape == (len(times), len(report["modes"]))
        for i, mode in enumerate(report["modes"]):
            told = mode["small_random"] if start == "small random" else mode["flow"]
            gap = np.abs(np.array(curves["flow"])[:, i] - theory[:, i])
            assert told["largest"] == gap.max()
            assert told["time"] == times[int(gap.argmax())]
    for mode in report["modes"]:
        for method in ("flow", "descent"):
            terms = mode[method]["terms"]
            budget = mode[method]["budget"]
            assert sum(terms.values()) == pytest.approx(budget, rel=4 * EPS, abs=0)
            assert terms[mode[method]["dominant"]] == max(terms.values())
            assert mode[method]["share"] <= 1


# The shipped table.


def test_the_animals_are_those_of_the_published_domain():
    (name,) = SHIPPED
    found = shipped_items(name)
    facts = {
        item: {p for p, has in zip(found.properties, row, strict=True) if has}
        for item, row in zip(found.items, found.values, strict=True)
    }
    plants = {"pine", "oak", "rose", "daisy"}
    assert facts.keys() == plants | {"robin", "canary", "sunfish", "salmon"}
    for item, known in facts.items():
        own = "is an oak" if item == "oak" else f"is a {item}"
        assert own in known
        assert {"is living", "can grow"} <= known
        assert ("is a plant" in known) == ("has roots" in known) == (item in plants)
        assert ("is an animal" in known) == ("can move" in known) == ("has skin" in known)
        assert ("is an animal" in known) != ("is a plant" in known)
        for kind, needs in {
            "is a tree": {"is a plant", "has bark", "has branches", "is big"},
            "is a flower": {"is a plant", "has petals", "has leaves", "is pretty"},
            "is a bird": {"is an animal", "has wings", "has feathers", "can fly"},
            "is a fish": {"is an animal", "has gills", "has scales", "can swim"},
        }.items():
            assert (
                needs <= known
                if kind in known
                else not (needs - {"is a plant", "is an animal", "has leaves"}) & known
            )
    assert [item for item in facts if "can sing" in facts[item]] == ["canary"]
    assert {i for i in facts if "is red" in facts[i]} == {"rose", "robin", "salmon"}
    assert {i for i in facts if "is yellow" in facts[i]} == {"daisy", "canary", "sunfish"}
    assert {i for i in facts if "is green" in facts[i]} == {"pine"}
    assert "has leaves" not in facts["pine"]
    with pytest.raises(KeyError, match="animals"):
        shipped_items("minerals")


def test_too_few_updates_are_refused_exactly_where_descent_cannot_converge():
    # tau = 1, s_1 = 2: the learning rate 10 / updates must stay below 1/2.
    with pytest.raises(ValueError, match="give more than 20, better 400"):
        compared([[2.0]], until=10.0, times=2, updates=20)
    assert compared([[2.0]], until=10.0, times=2, updates=21).modes[0].s == 2.0


def test_defaults_teach_the_weakest_mode_within_reason(animals, monkeypatch):
    monkeypatch.setattr(items_comparison, "LONGEST", 50.0)
    assert animals.run.flow["decoupled"].subspaces[-1, -1] > 0.94 * animals.modes[-1].final
    found = compared(np.diag([1.0, 1e-3]), times=11, start_scale=1e-6)
    assert found.run.times[-1] <= items_comparison.LONGEST / found.modes[0].s
    assert found.modes[1].learning_time > found.run.times[-1]
    assert found.modes[1].flow_time is None
