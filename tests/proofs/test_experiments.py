"""The experiments: exact starts, what is read off them, and what a claim foretells."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import lemmata.theory.learning  # noqa: F401 (registers the claims)
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.precision import exact_ball, working_precision
from lemmata.proofs.closed_forms import MatrixForm, ScalarForm, closed_forms
from lemmata.proofs.experiments import (
    RECIPES,
    Experiment,
    Network,
    Reading,
    Reads,
    foretell,
    matrix_starts,
    mode_starts,
)
from lemmata.proofs.experiments.foretelling import readable
from lemmata.proofs.experiments.observables import (
    HiddenSquare,
    MapEntries,
    ModeStrength,
    StackedSquare,
    WeightExpression,
)
from lemmata.proofs.experiments.rationals import columns, diagonal, orthogonal
from lemmata.theory.letters import W21, W32
from lemmata.theory.registry import REGISTRY
from sympy import Symbol

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=15, deadline=None)
ids = st.sampled_from(sorted(RECIPES))
CURVES = sorted(id for id, recipe in RECIPES.items() if recipe.reads is Reads.CURVE)


def drawn(id: str, seed: int) -> Experiment:
    return RECIPES[id].draw(np.random.default_rng(seed))


def number(matrix: Any) -> Any:
    assert (matrix.nrows(), matrix.ncols()) == (1, 1)
    return matrix[0, 0]


def holds(ball: Any, value: Any) -> bool:
    """Whether the exact ``value`` is in ``ball``: flint rounds it to the working precision."""
    with working_precision(1000):
        return bool(ball.overlaps(flint.arb(value)))


def exact(value: Fraction) -> Any:
    return flint.fmpq(value.numerator, value.denominator)


@few
@given(st.integers(1, 5), seeds, st.data())
def test_orthogonal_columns_are_orthonormal_exactly(size: int, seed: int, data: Any) -> None:
    count = data.draw(st.integers(1, size))
    made = orthogonal(size, count, np.random.default_rng(seed))
    assert (made.nrows(), made.ncols()) == (size, count)
    assert made.transpose() * made == diagonal([1] * count)


def test_orthogonal_matrices_have_both_determinants() -> None:
    made = [orthogonal(3, 3, np.random.default_rng(seed)) for seed in range(20)]
    assert {int(q.det().p) for q in made} == {1, -1}
    assert sum(q[0, 1] != 0 for q in made) > 10


@few
@given(ids, seeds)
def test_networks_of_an_experiment_fit_its_data_and_float64(id: str, seed: int) -> None:
    experiment = drawn(id, seed)
    inputs, outputs = experiment.inputs.nrows(), experiment.outputs.nrows()
    assert experiment.inputs.ncols() == experiment.outputs.ncols()
    shapes = {tuple((w.nrows(), w.ncols()) for w in n.layers) for n in experiment.networks}
    assert len(shapes) == 1
    assert shapes.pop()[0][1] == inputs
    assert all(n.layers[-1].nrows() == outputs for n in experiment.networks)
    assert experiment.tau > 0
    for exactly in (experiment.tau, *experiment.times):
        assert Fraction(float(exactly)) == exactly


@few
@given(st.sampled_from(["modes.trajectory", "modes.trajectory.half_time"]), seeds)
def test_balanced_starts_are_balanced_and_decoupled(id: str, seed: int) -> None:
    experiment = drawn(id, seed)
    assert experiment.Sigma11 is None
    for network in experiment.networks:
        below, above = network.layers
        assert below * below.transpose() == above.transpose() * above
        for reading in network.readings:
            mode, known = reading.observable, reading.parameters
            assert isinstance(mode, ModeStrength)
            u, v = mode.left, mode.right
            assert number(u.transpose() * above * below * v) == exact(known["a_0"])
            assert experiment.Sigma31 * v == u * exact(known["s"])
            assert experiment.Sigma31.transpose() * u == v * exact(known["s"])


@few
@given(seeds)
def test_some_modes_start_above_their_final_strength(seed: int) -> None:
    experiment = drawn("modes.trajectory", seed)
    known = [r.parameters for n in experiment.networks for r in n.readings]
    assert any(p["a_0"] > p["s"] for p in known)
    assert any(p["a_0"] < p["s"] for p in known)
    growing = drawn("modes.trajectory.half_time", seed)
    known = [r.parameters for n in growing.networks for r in n.readings]
    assert all(p["a_0"] < p["s"] for p in known)


@few
@given(seeds)
def test_commuting_inputs_share_the_right_singular_vectors(seed: int) -> None:
    experiment = drawn("modes.commuting_inputs", seed)
    square, target = experiment.Sigma11, experiment.Sigma31
    assert square is not None
    assert square * (target.transpose() * target) == (target.transpose() * target) * square
    for reading in experiment.networks[0].readings:
        mode, known = reading.observable, reading.parameters
        assert isinstance(mode, ModeStrength)
        assert square * mode.right == mode.right * exact(known["lambda"])
        assert target * mode.right == mode.left * exact(known["s"])


@few
@given(seeds)
def test_unequal_layers_meet_every_sign(seed: int) -> None:
    experiment = drawn("modes.unbalanced_trajectory", seed)
    starts = [
        (r.parameters["A_0"], r.parameters["B_0"]) for n in experiment.networks for r in n.readings
    ]
    assert any(a == -b != 0 for a, b in starts)
    assert any(a == b != 0 for a, b in starts)
    assert any(a == 0 != b for a, b in starts)
    assert any(b == 0 != a for a, b in starts)
    assert any(a * b < 0 and a != -b for a, b in starts)
    assert any(a * b > 0 and a != b for a, b in starts)


@few
@given(seeds)
def test_null_mode_is_read_beside_modes_that_are_learned(seed: int) -> None:
    experiment = drawn("modes.trajectory.null_mode", seed)
    for network in experiment.networks:
        (reading,) = network.readings
        mode = reading.observable
        assert isinstance(mode, ModeStrength)
        assert experiment.Sigma31 * mode.right == flint.fmpq_mat(experiment.outputs.nrows(), 1)
        assert experiment.Sigma31.rank() >= 1


@few
@given(seeds)
def test_hidden_vectors_of_different_modes_are_orthogonal(seed: int) -> None:
    experiment = drawn("modes.vector_mode", seed)
    for network in experiment.networks:
        below, above = network.layers
        vectors = []
        for reading in network.readings:
            mode, known = reading.observable, reading.parameters
            assert isinstance(mode, ModeStrength)
            a, b = below * mode.right, above.transpose() * mode.left
            vectors.append((a, b))
            assert number(a.transpose() * a + b.transpose() * b) == exact(known["n_0"])
            assert number(a.transpose() * b) == exact(known["d_0"])
            assert known["n_0"] > 2 * abs(known["d_0"])
            assert known["p_0"] - known["m_0"] == known["d_0"]
        for x in vectors[0]:
            for y in vectors[1]:
                assert number(x.transpose() * y) == 0


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_lambda_balanced_starts_are_balanced_exactly(seed: int) -> None:
    experiment = matrix_starts.lambda_balanced(np.random.default_rng(seed))
    inputs = experiment.inputs.nrows()
    for network in experiment.networks:
        below, above = network.layers
        (reading,) = network.readings
        generator, stacked = reading.parameters["F"], reading.parameters["Q0"]
        imbalance = 2 * generator[inputs, inputs]
        hidden = below.nrows()
        gap = above.transpose() * above - below * below.transpose()
        assert gap == diagonal([1] * hidden) * imbalance
        assert generator[0, 0] == -imbalance / 2
        assert generator == generator.transpose()
        lower_left = [row[:inputs] for row in generator.tolist()[inputs:]]
        assert flint.fmpq_mat(lower_left) == experiment.Sigma31
        assert stacked.transpose() * stacked == below * below.transpose() + gap + (
            below * below.transpose()
        )


def test_lambda_balanced_starts_vary() -> None:
    seen = [matrix_starts.lambda_balanced(np.random.default_rng(seed)) for seed in range(40)]
    signs = set()
    for experiment in seen:
        for network in experiment.networks:
            corner = network.readings[0].parameters["F"][0, 0]
            signs.add((corner > 0) - (corner < 0))
    assert signs == {-1, 0, 1}
    below = [(n.layers[0].nrows(), n.layers[0].ncols()) for e in seen for n in e.networks]
    assert any(hidden < inputs for hidden, inputs in below)
    assert any(hidden > inputs for hidden, inputs in below)
    assert any(e.Sigma31.rank() < min(e.inputs.nrows(), e.outputs.nrows()) for e in seen)


@few
@given(seeds)
def test_general_correlations_are_neither_white_nor_balanced(seed: int) -> None:
    experiment = matrix_starts.general_correlations(np.random.default_rng(seed))
    assert experiment.Sigma11 is not None
    gaps = [n.layers[0] * n.layers[0].transpose() - n.layers[1].transpose() * n.layers[1]
            for n in experiment.networks]
    assert any(gap != gap * 0 for gap in gaps)


@few
@given(st.sampled_from(CURVES), seeds)
def test_closed_forms_of_true_claims_start_where_the_network_starts(id: str, seed: int) -> None:
    claim = REGISTRY[id]
    experiment = drawn(id, seed)
    for network in experiment.networks:
        with working_precision(120):
            layers = [flint.arb_mat(layer) for layer in network.layers]
            for told in foretell(Reads.CURVE, closed_forms(claim), experiment, network, 20):
                if told.time == 0:
                    read = told.observable.balls(layers)
                    assert len(read) == len(told.values) > 0
                    assert all(x.overlaps(y) for x, y in zip(read, told.values, strict=True))


@few
@given(st.sampled_from(sorted(RECIPES)), seeds, st.fractions(0, 1), st.fractions(0, 1))
def test_weights_drift_no_further_than_the_loss_allows(
    id: str, seed: int, one: Fraction, two: Fraction
) -> None:
    experiment = drawn(id, seed)
    network = experiment.networks[0]
    first, second = sorted(experiment.tau * part.limit_denominator(64) for part in (one, two))
    start, end = experiment.enclose(network, [first, second], 8)
    with working_precision(64):
        # At least so far: of every entry the smallest change that both balls allow.
        changes = [x - y for x, y in zip(entries(start), entries(end), strict=True)]
        moved = sum((change.abs_lower() ** 2 for change in changes), flint.arb(0)).sqrt()
        assert not moved > experiment.drift(network, exact_ball(second - first))


def entries(layers: Any) -> list[Any]:
    return [x for layer in layers for x in layer.entries()]


def test_drift_is_the_root_of_delay_times_initial_loss() -> None:
    # One weight from 0 towards 1: the loss is 1/2, and sqrt(1/8 * 1/2) = 1/4.
    one = diagonal([1])
    experiment = Experiment(one, one, Fraction(1), (Fraction(1),), ())
    bound = experiment.drift(Network((one * 0,), ()), exact_ball(Fraction(1, 8)))
    with working_precision(64):
        assert bound.overlaps(flint.arb(1) / 4)


def test_observables_agree_with_their_formulas() -> None:
    rng = np.random.default_rng(3)
    below, above = orthogonal(3, 2, rng).transpose() * 2, orthogonal(2, 2, rng) * 3
    u, v = columns(above, (0,)), flint.fmpq_mat(3, 1, [1, 2, 3])
    stacked = flint.fmpq_mat(below.transpose().tolist() + above.tolist())
    plus, minus = below * v + above.transpose() * u, below * v - above.transpose() * u
    gap = below * below.transpose() - above.transpose() * above
    for observable, exactly in (
        (ModeStrength(u, v), u.transpose() * above * below * v),
        (HiddenSquare(u, v, 1), plus.transpose() * plus / 4),
        (HiddenSquare(u, v, -1), minus.transpose() * minus / 4),
        (StackedSquare(), stacked * stacked.transpose()),
        (MapEntries(), above * below),
        (WeightExpression(W21 * W21.T - W32.T * W32), gap),
    ):
        with working_precision(100):
            balls = observable.balls([flint.arb_mat(below), flint.arb_mat(above)])
        assert all(holds(x, y) for x, y in zip(balls, exactly.entries(), strict=True))
        for place, left, right in observable.strengths((3, 2)):
            assert holds(balls[place], number(left.transpose() * above * below * right))
    assert len(StackedSquare().strengths((3, 2))) == len(MapEntries().strengths((3, 2))) == 6


def test_a_time_before_the_start_is_read_at_the_start() -> None:
    experiment = mode_starts.timed_modes(np.random.default_rng(0))
    network = experiment.networks[0]
    form = ScalarForm("statement", -Symbol("tau"))
    for told in foretell(Reads.TIME, [form], experiment, network, 20):
        assert told.time == 0
        assert told.claimed_time < 0


def test_a_foretold_time_is_within_its_delay() -> None:
    experiment = mode_starts.timed_modes(np.random.default_rng(1))
    forms = closed_forms(REGISTRY["modes.learning_time"])
    for told in foretell(Reads.TIME, forms, experiment, experiment.networks[0], 20):
        with working_precision(400):
            off = abs(told.claimed_time - exact_ball(told.time))
            assert off <= told.delay * 2
        assert told.delay < flint.arb(10) ** -40


def test_a_form_without_a_value_names_the_symbol() -> None:
    experiment = mode_starts.balanced_modes(np.random.default_rng(0))
    form = ScalarForm("statement", Symbol("zeta") + 1)
    with pytest.raises(KeyError, match="zeta has no value"):
        list(foretell(Reads.CURVE, [form], experiment, experiment.networks[0], 20))


def test_a_singular_form_is_a_problem_and_no_value() -> None:
    experiment = mode_starts.balanced_modes(np.random.default_rng(0))
    form = ScalarForm("statement", 1 / Symbol("t"))
    told = list(foretell(Reads.CURVE, [form], experiment, experiment.networks[0], 20))
    assert {bool(x.problem) for x in told} == {True, False}
    assert all(bool(x.problem) == (x.time == 0) == (not x.values) for x in told)


def test_forms_of_claims() -> None:
    sources = {id: [f.source for f in closed_forms(REGISTRY[id])] for id in RECIPES}
    assert all(found[:1] == ["statement"] for found in sources.values())
    # The output of `evaluate` is written otherwise than the curve, so both are put to the test.
    assert sources["modes.trajectory"] == ["statement", "a"]
    # These derive their symbols from vectors and matrices.
    assert sources["modes.vector_mode"] == ["statement", "u"]
    assert sources["modes.riccati"] == ["statement", "W"]
    kinds = {id: type(closed_forms(REGISTRY[id])[0]) for id in RECIPES}
    assert kinds["modes.riccati"] is kinds["descent.conservation"] is MatrixForm
    assert kinds["modes.shallow"] is ScalarForm
    # No trajectory: a relation between rates, and an inequality.
    assert closed_forms(REGISTRY["modes.riccati.flow"]) == []
    assert closed_forms(REGISTRY["descent.gradient"]) == []
    assert closed_forms(REGISTRY["modes.ode"]) == []


@few
@given(seeds)
def test_opposite_layers_start_below_zero(seed: int) -> None:
    experiment = drawn("modes.negative_start", seed)
    for network in experiment.networks:
        below, above = network.layers
        assert below * below.transpose() == above.transpose() * above
        for reading in network.readings:
            mode, known = reading.observable, reading.parameters
            assert isinstance(mode, ModeStrength)
            strength = number(mode.left.transpose() * above * below * mode.right)
            assert strength == -exact(known["a_0"])


@few
@given(st.sampled_from(["modes.learning_time", "modes.learning_time.from_above"]), seeds)
def test_goals_lie_between_the_start_and_the_end(id: str, seed: int) -> None:
    for network in drawn(id, seed).networks:
        for reading in network.readings:
            start, goal, end = (reading.parameters[name] for name in ("a_0", "a_f", "s"))
            assert start < goal < end or end < goal < start


def test_readable_writes_matrices_on_one_line() -> None:
    assert readable(Fraction(1, 3)) == "1/3"
    assert readable(diagonal([1, Fraction(-1, 2)])) == "[[1, 0], [0, -1/2]]"
    assert Reading(StackedSquare(), {}).parameters == {}
