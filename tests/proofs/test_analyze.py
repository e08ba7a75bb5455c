"""What is predicted of a table: modes, their order, categories and illusory correlations."""

from __future__ import annotations

import json
import warnings
from io import StringIO
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.categories import Classification
from lemmata.numerics.datasets import DataError, ItemTable
from lemmata.numerics.modes import decoupled_start
from lemmata.proofs.analysis.analysis import analyze
from lemmata.proofs.analysis.illusions import Output, find_illusions, scan_times
from lemmata.proofs.analysis.mode_arrays import curves, reversal_strength, speeds
from lemmata.proofs.analysis.modes import learning_order, table_modes
from lemmata.proofs.analysis.report import analysis_report
from lemmata.proofs.analysis.settings import Criterion, Settings
from lemmata.proofs.analysis.summary import print_analysis
from lemmata.proofs.data import shipped_items
from lemmata.proofs.mode_curves import mode_curve
from rich.console import Console

SUMS = Settings(convention="sum")
TOY = ItemTable(
    ("canary", "salmon", "oak", "rose"),
    ("grow", "move", "roots", "fly", "swim", "bark", "petals"),
    np.array(
        [[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], *np.eye(4).tolist()],
        dtype=float,
    ).T,
)
CRITERIA = [Criterion("fraction", 0.5), Criterion("fraction", 0.99), Criterion("absolute", 0.5)]
PEAK, PEAK_TIME = 0.378745561634838276, 2.597413456923970206
EPS = float(np.finfo(float).eps)
LOG_TIME = 1e-14
"""To within which the logarithm of a time is looked for (xtol)."""


def rounding_of_curves(s, lambda_, tau, times, exact):
    """Relative: ten operations, and a rounded exponent 2 s t/tau.

    With a = s/D, D a sum of E = exp(-2 s t/tau) and 1, d ln a/d ln E is lambda a/s - 1.
    """
    exponent = 2 * s * np.asarray(times) / tau
    return (10 + exponent * np.abs(1 - lambda_ * exact / s)) * EPS


def rounding_of_values(table, *, of: float = 1.0):
    """Of a singular value, relative to ``of``: the table is known to EPS times its longer side."""
    return max(np.shape(table)) * EPS * np.linalg.norm(table, 2) / of


def table_of(values) -> ItemTable:
    items, properties = np.shape(values)
    names = [tuple(f"{kind}{k}" for k in range(n)) for kind, n in (("i", items), ("p", properties))]
    return ItemTable(names[0], names[1], np.asarray(values, dtype=float))


def test_curves_are_those_of_the_claim():
    strengths, times = np.array([3.0, 0.5, 1e-4]), np.array([0.0, 0.7, 5.0, 1e4])
    found = curves(strengths, 0.125, 1e-3, 2.0, times)
    for s, curve in zip(strengths, found, strict=True):
        expected = mode_curve(float(s), 0.0, 0.125, 1e-3, 2.0, times.tolist()).strengths
        relative = rounding_of_curves(s, 0.125, 2.0, times, expected)
        assert np.all(np.abs(curve - expected) <= relative * expected)
        # The equation of motion, in which s - lambda a cancels where a mode is learned.
        (speed,) = speeds(np.array([s]), 0.125, 1e-3, 2.0, times)
        motion = expected * (s - 0.125 * expected)
        cancelled = 10 * EPS * expected * (s + 0.125 * expected)
        allowed = cancelled + s * times * 2 * EPS * np.abs(motion)
        assert np.all(np.abs(speed - motion) <= allowed)


@pytest.mark.parametrize("s", [1e-20, 1e-6, 1.0, 1e6])
def test_curves_from_far_above_and_far_below_do_not_cancel(s):
    times = np.array([0.0, 1e-9, 1e-3, 1.0, 30.0])
    for a0 in (1e-8, 1.0, 1e8):
        (found,) = curves(np.array([s]), 0.5, a0, 1.0, times)
        expected = mode_curve(s, 0.0, 0.5, a0, 1.0, times.tolist()).strengths
        relative = rounding_of_curves(s, 0.5, 1.0, times, expected)
        assert np.all(np.abs(found - expected) <= relative * expected)


def test_toy_domain_against_its_reference():
    found = table_modes(TOY, SUMS)
    value = rounding_of_values(TOY.values)
    assert np.all(np.abs(found.strengths - np.sqrt([7, 3, 1])) <= value)
    # Of three terms c a(t): vectors, by the least gap of values, then a/s, then its exponent.
    doubt = 3 * value * (2 / (np.sqrt(3) - 1) + 1 + 2 * PEAK_TIME)
    assert [mode.numbers for mode in found.modes] == [(1,), (2,), (3, 4)]
    salmon_can_fly = Output(found, SUMS, 3, 1)
    assert salmon_can_fly.at(np.array([PEAK_TIME]))[0] == pytest.approx(PEAK, abs=doubt)
    illusions = find_illusions(TOY, found, SUMS)
    (one,) = [x for x in illusions.largest if (x.item, x.property) == ("salmon", "fly")]
    assert one.peak == pytest.approx(PEAK, abs=doubt)
    # The slope is off by at most the fastest rate, 2 sqrt(7), times that, and grows like this:
    around = salmon_can_fly.slope(PEAK_TIME + np.array([-0.01, 0.01]))
    curvature = np.abs(np.diff(around)[0]) / 0.02
    assert one.time == pytest.approx(PEAK_TIME, abs=2 * sqrt(7) * doubt / curvature)
    assert one.height == pytest.approx(PEAK, abs=2 * doubt)
    low, high = one.window
    assert low < one.time < high
    ends = np.array([low, high])
    beyond = 2e-12 * np.abs(salmon_can_fly.slope(ends))  # brentq's xtol
    assert np.all(np.abs(salmon_can_fly.at(ends) - PEAK / 2) <= beyond + 2 * doubt)
    # Each item seems to have what its sibling alone has, and what the other pair has.
    assert illusions.count == illusions.of_false == 16


def test_conventions_differ_in_the_unit_of_time_alone():
    average, total = (table_modes(TOY, Settings(convention=c)) for c in ("average", "sum"))
    for one, other in zip(average.modes, total.modes, strict=True):
        # Two decompositions; s enters a time as 1/s and in a logarithm above 1.
        rel = 2 * rounding_of_values(TOY.values, of=other.s)
        assert one.final == pytest.approx(other.final, rel=rel, abs=0)
        assert one.time == pytest.approx(4 * other.time, rel=2 * rel, abs=0)


@pytest.mark.parametrize("level", [0.5, 1.5])
def test_an_absolute_strength_means_the_same_in_both_conventions(level):
    criterion = Criterion("absolute", level)
    average, total = (
        table_modes(TOY, Settings(convention=c, criterion=criterion)) for c in ("average", "sum")
    )
    for one, other in zip(average.modes, total.modes, strict=True):
        if other.time is None:
            assert one.time is None
            assert other.final <= level
            continue
        rel = 2 * rounding_of_values(TOY.values, of=other.s)
        # Near the end of a rise the logarithm of s - a is in it.
        assert one.time == pytest.approx(
            4 * other.time, rel=rel * (1 + 1 / (1 - level / other.s)), abs=0
        )
        curve = curves(np.array([other.s]), 1.0, 1e-3, 1.0, np.array([other.time]))
        # The time is rounded too.
        relative = 2 * rounding_of_curves(other.s, 1.0, 1.0, other.time, level)
        assert curve[0, 0] == pytest.approx(level, rel=relative, abs=0)


def test_the_gap_of_a_multiplet_is_that_of_its_mean():
    found = table_modes(table_of(np.diag([3.0, 2, 2, 1])), SUMS)
    gaps = np.array([[9, -2, -2, 0], [0, 2, 2, -1]])
    expected = np.sum(gaps, axis=1) / (2 * np.std(gaps, axis=1, ddof=1))
    # Sums of four gaps of squares of products, each of three roundings and a vector's four.
    rel = (4 + 2 * 7) * EPS * np.sum(np.abs(gaps), axis=1) / np.abs(np.sum(gaps, axis=1))
    told = np.array([mode.separation for mode in found.modes[:2]])
    assert np.all(np.abs(told - expected) <= rel * np.abs(expected))


def missed_by_grid(output, step):
    """How far a peak lies above a grid: by step^2/8 of the curvature, at most (2 s)^2 s/(6 sqrt 3).

    (That is the steepest slope of the speed of a logistic curve of rate 2 s and height s.)
    """
    s = output._found.strengths
    return step**2 / 8 * np.sum(np.abs(output.parts) * (2 * s) ** 2) / (6 * sqrt(3))


def brute_heights(table, settings):
    """Heights of rises and of falls, every output on a fine grid in double precision."""
    found = table_modes(table, settings)
    times = np.linspace(0, scan_times(found, settings)[-1], 4000)
    up, down = np.zeros(table.values.T.shape), np.zeros(table.values.T.shape)
    for m in range(len(table.properties)):
        for i in range(len(table.items)):
            values = Output(found, settings, m, i).at(times)
            for heights, f in ((up, values), (down, -values)):
                highest = np.maximum.accumulate(f)
                heights[m, i] = np.max(np.minimum(highest - f[0], highest - f))
    return up, down


@pytest.mark.parametrize("seed", [0, 1])
def test_scan_counts_what_a_fine_grid_counts(seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(6, 9)) + 1
    values[rng.random((6, 9)) < 0.3] = 0
    table = table_of(values)
    up, down = brute_heights(table, SUMS)
    least, modes = 0.2, table_modes(table, SUMS)
    last = scan_times(modes, SUMS)[-1]
    found = find_illusions(table, modes, Settings(convention="sum", least_height=least, top=100))
    doubtful = sum(np.sum(np.abs(h / least - 1) < 0.02) for h in (up, down))
    assert abs(found.count - np.sum(up >= least) - np.sum(down >= least)) <= doubtful
    assert abs(found.upward - np.sum(up >= least)) <= doubtful
    assert abs(found.of_false - np.sum((up >= least) & (values.T == 0))) <= doubtful
    assert 0 < found.of_false < found.upward
    assert found.count > 10
    heights = {(x.property, x.item, x.height > 0): abs(x.height) for x in found.largest}
    for (name, item, rises), height in heights.items():
        place = table.properties.index(name), table.items.index(item)
        # A peak and a valley, and what is still to come when the grid ends.
        output = Output(modes, SUMS, *place)
        later = abs(output.final - output.at(np.array([last]))[0])
        missed = 2 * missed_by_grid(output, last / 3999) + later
        assert height == pytest.approx((up if rises else down)[place], abs=missed)


def test_outputs_with_the_same_course_are_listed_once():
    values = np.repeat(np.repeat(TOY.values, [1, 3, 1, 1], axis=0), [1, 1, 1, 2, 1, 1, 1], axis=1)
    table = table_of(values)
    found = find_illusions(table, table_modes(table, SUMS), SUMS).largest
    # Three salmons and two properties of the canary alone.
    (one,) = [x for x in found if x.item in ("i1", "i2", "i3") and x.property in ("p3", "p4")]
    assert (one.item, one.property, one.alike) == ("i1", "p3", 5)
    places = [(x.item, x.property) for x in found]
    assert len(set(places)) == len(places)


def test_no_illusions_where_modes_do_not_share_an_output():
    assert (
        find_illusions(
            table_of(np.diag([3.0, 2, 1])), table_modes(table_of(np.diag([3.0, 2, 1])), SUMS), SUMS
        ).count
        == 0
    )


def test_fraction_reverses_the_order_below_its_threshold():
    values = np.diag([0.0459, 0.025, 0.021])
    asked = Settings(convention="sum", start_scale=0.01)
    found = table_modes(table_of(values), asked)
    times = [mode.time for mode in found.modes]
    # Five digits: half a unit of the last one.
    assert np.all(np.abs(np.array(times) - [13.923, 8.1093, 2.2693]) <= [0.5e-3, 0.5e-4, 0.5e-4])
    order = learning_order(found, asked)
    assert order.first_to_last == (2, 1, 0)
    assert order.reversed_pairs == 3
    assert order.reversal == pytest.approx(0.0459112147667, abs=0.5e-13)  # twelve digits
    assert order.below_reversal == (2, 1, 0)
    absolute = Settings(convention="sum", start_scale=0.01, criterion=Criterion("absolute", 0.015))
    order = learning_order(table_modes(table_of(values), absolute), absolute)
    assert (order.first_to_last, order.reversed_pairs, order.reversal) == ((0, 1, 2), 0, None)
    never = Settings(convention="sum", criterion=Criterion("absolute", 0.022))
    assert learning_order(table_modes(table_of(values), never), never).unreached == (2,)


def test_reversal_strength_scales_with_the_input():
    # Twelve digits are known.
    assert 4 * reversal_strength(0.5, 0.25, 1.0) == pytest.approx(4.59112147667, abs=0.5e-11)


def test_gaps_are_measured_against_their_fluctuation():
    rng = np.random.default_rng(3)
    strong = np.sqrt(3) * rng.normal(size=400)
    values = np.stack([strong, rng.normal(size=400), rng.normal(size=400)])
    found = table_modes(table_of(values), SUMS)
    first, second, last = (mode.separation for mode in found.modes)
    assert first > 5
    assert abs(second) < 2
    assert last is None
    assert learning_order(found, SUMS).unresolved == (1,)


def tree_table(signs: int = 64) -> ItemTable:
    """Eight items of a regular tree of depth 3 with exact correlations (every sign pattern)."""
    rng = np.random.default_rng(0)
    level = [np.repeat(rng.choice([-1.0, 1.0], (2**k, signs)), 8 // 2**k, axis=0) for k in (1, 2)]
    return table_of(np.concatenate([level[0], level[1]], axis=1))


def hadamard_tree() -> ItemTable:
    """Contrasts of a binary tree of depth 2 as properties: exact eigenvectors."""
    top = np.array([1.0, 1, -1, -1])
    low = np.array([1.0, -1, 0, 0]), np.array([0.0, 0, 1, -1])
    return table_of(np.stack([np.ones(4), top, top, low[0], low[1]], axis=1))


def test_coherence_of_exact_siblings_is_the_squared_strength():
    table = hadamard_tree()
    kind = Classification.of_labels("top", table.items, ["A", "A", "B", "B"])
    found = analyze(table, SUMS, [kind])
    for category in found.categories:
        assert category.eigenvector == "yes"
        mode = found.modes.modes[category.best]
        c = category.coherence
        # s^2 = N n C with n = 2 items and N = 5 properties; sums of up to 5 and 4 and 4 products.
        sums = 13 * EPS * np.abs(table.values @ table.values.T).max() / 5
        square = 2 * mode.s * rounding_of_values(table.values)
        assert mode.s**2 == pytest.approx(5 * 2 * c.coherence, abs=square + 10 * sums)
        assert c.rayleigh == pytest.approx(2 * c.coherence, abs=4 * sums)
        # A curve off by its rounding passes its half later by that over a'/a = s.
        curve = rounding_of_curves(mode.s, 1.0, 1.0, mode.time, mode.s / 2)
        late = LOG_TIME + 2 * curve / (mode.s * mode.time)
        assert category.time == pytest.approx(mode.time, rel=late, abs=0)
        assert category.share == pytest.approx(1, abs=4 * 4 * EPS)


def test_category_that_is_no_eigenvector_is_told():
    values = np.eye(6)
    values[:3, :3] += 1
    values[3:, 3:] += 0.2
    table = table_of(values)
    kind = Classification.of_labels("mixed", table.items, list("AABBBA"))
    found = analyze(table, SUMS, [kind])
    assert [c.eigenvector for c in found.categories] == ["no", "no"]
    (c, _) = found.categories
    gram = values @ values.T / 6
    inside, outside = [0, 1, 5], [2, 3, 4]
    # Sums of 6 products, then of up to 36 of them.
    rounding = (6 + 36) * EPS * np.linalg.norm(gram)
    within, without = (np.mean(gram[np.ix_(inside, part)]) for part in (inside, outside))
    assert c.coherence.within == pytest.approx(within, abs=rounding)
    assert c.coherence.outside == pytest.approx(without, abs=rounding)
    x = np.array([1, 1, -1, -1, -1, 1]) / sqrt(6)
    assert c.coherence.rayleigh == pytest.approx(x @ gram @ x, abs=rounding)
    left = np.linalg.norm(gram @ x - (x @ gram @ x) * x)
    assert c.coherence.residual == pytest.approx(left, abs=rounding)


def test_separation_time_of_a_category_is_that_of_trained_weights():
    """Hidden distances from the weights of a decoupled network, at the time that is predicted."""
    table = shipped_items("animals")
    kind = Classification.of_labels(
        "kind", table.items, ["tree", "tree", "flower", "flower", "bird", "bird", "fish", "fish"]
    )
    found = analyze(table, SUMS, [kind])
    category = found.categories[0]
    rng = np.random.default_rng(0)

    def distance(t: float) -> float:
        strengths = curves(found.modes.vectors.s, 1.0, 1e-3, 1.0, np.array([t]))[:, 0]
        hidden = decoupled_start(found.modes.vectors, strengths, 16, rng)[0]
        return float(np.sum((hidden @ category.coherence.contrast) ** 2))

    # A curve grows by at most 2 s times what the time is off; products of 16 and 8 terms round.
    strongest = found.modes.strengths[0]
    late = 2 * strongest * category.time * LOG_TIME
    rounding = 2 * (10 + 16 + 8) * EPS * strongest
    allowed = late * distance(1e3) + rounding
    assert distance(category.time) == pytest.approx(distance(1e3) / 2, abs=allowed)


def test_large_tables_are_scanned_in_blocks():
    rng = np.random.default_rng(0)
    values = (rng.random((40, 900)) < 0.3).astype(float)
    whole = find_illusions(table_of(values), table_modes(table_of(values), SUMS), SUMS)
    assert whole.pairs == 36000
    assert 0 < whole.count <= 36000
    assert len(whole.largest) == 10
    sizes = [abs(x.height) for x in whole.largest]
    assert sizes == sorted(sizes, reverse=True)


@given(st.data())
@settings(max_examples=15)
def test_any_small_table_is_analysed_or_refused(data):
    items, properties = data.draw(st.integers(2, 7)), data.draw(st.integers(1, 6))
    given_similarity = data.draw(st.booleans())
    cells = st.one_of(st.integers(-1, 1), st.floats(-1e6, 1e6, allow_subnormal=False))
    columns = items if given_similarity else properties
    values = np.array([[data.draw(cells) for _ in range(columns)] for _ in range(items)])
    table = table_of(values + values.T if given_similarity else values)
    asked = Settings(
        start_scale=10.0 ** data.draw(st.integers(-12, 3)),
        criterion=data.draw(st.sampled_from(CRITERIA)),
    )
    if given_similarity:
        table = ItemTable(table.items, table.items, table.values)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = analyze(table, asked, given_similarity=given_similarity)
        except DataError:
            return
        report = json.loads(analysis_report(found, {}, 1.0))
        print_analysis(Console(file=StringIO(), width=80), found, "any")
    shares = [mode["share"] for mode in report["modes"]]
    assert sum(shares) == pytest.approx(1, abs=2 * min(np.shape(values)) * EPS)
    times = [mode["time"] for mode in report["modes"] if mode["time"] is not None]
    assert all(time > 0 for time in times)
