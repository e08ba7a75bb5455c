"""Certified training of all layers against independent routes and conserved quantities."""

from fractions import Fraction
from itertools import pairwise

import flint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.arb_matrices import matrix
from lemmata.numerics.network_taylor import (
    IntegrationFailed,
    NetworkEnclosure,
    integrate_network,
)
from lemmata.numerics.polynomial_fields import PolynomialField
from lemmata.numerics.precision import exact_ball, working_precision
from lemmata.numerics.taylor import integrate_field

Rows = list[list[Fraction]]
Problem = tuple[list[Rows], Rows, Rows]
REFERENCE_BITS = 300
quick = settings(max_examples=12, deadline=None)
entries = st.fractions(-1, 1, max_denominator=7)
sizes = st.integers(1, 3)
times = st.fractions(0, 2, max_denominator=9)
taus = st.fractions(Fraction(1, 2), 3, max_denominator=4)


def rows(draw: st.DrawFn, height: int, width: int) -> Rows:
    row = st.lists(entries, min_size=width, max_size=width)
    return draw(st.lists(row, min_size=height, max_size=height))


@st.composite
def networks(draw: st.DrawFn, depths: st.SearchStrategy[int] = st.integers(1, 4)) -> Problem:  # noqa: B008
    """Layers of any shapes, and Sigma31, Sigma11 of a few samples: both may be singular."""
    widths = [draw(sizes) for _ in range(draw(depths) + 1)]
    samples = draw(sizes)
    x, y = rows(draw, widths[0], samples), rows(draw, widths[-1], samples)
    layers = [rows(draw, n, m) for m, n in pairwise(widths)]
    return layers, times_transposed(y, x), times_transposed(x, x)


def times_transposed(a: Rows, b: Rows) -> Rows:
    return [[sum(p * q for p, q in zip(x, y, strict=True)) for y in b] for x in a]


def transposed(a: Rows) -> Rows:
    return [list(column) for column in zip(*a, strict=True)]


def sharp(found: NetworkEnclosure, digits: int) -> bool:
    balls = [x for layers in found.weights for w in layers for x in w.entries()]
    with working_precision(REFERENCE_BITS):
        unit = flint.arb(10) ** -digits
        return all(bool(x.rad() <= unit * flint.arb.max(flint.arb(1), abs(x))) for x in balls)


@quick
@given(networks(), taus, times)
def test_differences_of_gram_matrices_are_conserved(
    problem: Problem, tau: Fraction, t: Fraction
) -> None:
    layers, target, inputs = problem
    found = integrate_network(layers, target, inputs, tau=tau, times=[t], digits=20)
    with working_precision(REFERENCE_BITS):
        (after,), before = found.weights, [matrix(w) for w in layers]
        for i in range(len(layers) - 1):
            then, now = (
                w[i] * w[i].transpose() - w[i + 1].transpose() * w[i + 1] for w in (before, after)
            )
            assert now.overlaps(then)
    assert sharp(found, 20)


@quick
@given(networks(), times)
def test_transposition_reverses_the_layers(problem: Problem, t: Fraction) -> None:
    layers, target, _ = problem
    one = integrate_network(layers, target, times=[t], digits=15)
    backwards = [transposed(w) for w in reversed(layers)]
    other = integrate_network(backwards, transposed(target), times=[t], digits=25)
    for w, mirrored in zip(one.weights[0], reversed(other.weights[0]), strict=True):
        assert w.overlaps(mirrored.transpose())


@quick
@given(networks(st.just(1)), taus, times)
def test_one_layer_follows_the_exact_linear_flow(
    problem: Problem, tau: Fraction, t: Fraction
) -> None:
    """tau W' = Sigma31 - W Sigma11 through the exponential of the augmented matrix."""
    (layer,), target, inputs = problem
    found = integrate_network([layer], target, inputs, tau=tau, times=[t], digits=30)
    with working_precision(REFERENCE_BITS):
        n, m = len(inputs), len(target)
        upper = [[-x for x in row] + [Fraction(0)] * m for row in inputs]
        lower = [[*row] + [Fraction(0)] * m for row in target]
        generator = matrix(upper + lower)
        flow = (generator * exact_ball(t / tau)).exp()
        # (W, 1) obeys (W, I)' = (W, I) [[-Sigma11, 0], [Sigma31, 0]].
        identity = [[Fraction(int(i == j)) for j in range(m)] for i in range(m)]
        start = matrix([[*a, *b] for a, b in zip(layer, identity, strict=True)])
        exact = start * flow
        for i in range(m):
            for j in range(n):
                assert found.weights[0][0][i, j].overlaps(exact[i, j])


@quick
@given(networks(), taus, times)
def test_tau_only_scales_time(problem: Problem, tau: Fraction, t: Fraction) -> None:
    layers, target, inputs = problem
    slow = integrate_network(layers, target, inputs, tau=tau, times=[tau * t], digits=15)
    unit = integrate_network(layers, target, inputs, times=[t], digits=15)
    assert all(x.overlaps(y) for x, y in zip(slow.weights[0], unit.weights[0], strict=True))


@quick
@given(networks(st.integers(2, 3)), times, st.sampled_from([Fraction(1, 10**12), Fraction(10**7)]))
def test_large_and_small_weights_are_scaled_copies(
    problem: Problem, t: Fraction, scale: Fraction
) -> None:
    """W -> c W, Sigma31 -> c^L Sigma31, Sigma11 kept, tau -> c^(2L - 2) tau: the same flow."""
    layers, target, inputs = problem
    depth = len(layers)
    larger = [[[scale * x for x in row] for row in w] for w in layers]
    aim = [[scale**depth * x for x in row] for row in target]
    tau = scale ** (2 * depth - 2)
    digits = 15 + (20 if scale < 1 else 0)
    one = integrate_network(layers, target, inputs, times=[t], digits=20)
    other = integrate_network(larger, aim, inputs, tau=tau, times=[t], digits=digits)
    with working_precision(REFERENCE_BITS):
        for w, scaled in zip(one.weights[0], other.weights[0], strict=True):
            assert scaled.overlaps(w * exact_ball(scale))
            assert all(
                bool(x.rad() < exact_ball(scale) * flint.arb(10) ** -4) for x in scaled.entries()
            )


def chain_field(s1: Fraction, s2: Fraction, gram: Rows) -> PolynomialField:
    """Two inputs, one hidden unit v, one output: x = (w1, w2, v), E_j = s_j - v sum_k w_k G_kj."""
    first, second = [[*row] for row in gram]
    up = [
        [(s, (0, 0, 1)), (-g1, (1, 0, 2)), (-g2, (0, 1, 2))]
        for s, g1, g2 in ((s1, first[0], second[0]), (s2, first[1], second[1]))
    ]
    down = [
        (s1, (1, 0, 0)),
        (s2, (0, 1, 0)),
        (-first[0], (2, 0, 1)),
        (-first[1] - second[0], (1, 1, 1)),
        (-second[1], (0, 2, 1)),
    ]
    return PolynomialField([*up, down])


@quick
@given(st.lists(entries, min_size=5, max_size=5), st.lists(entries, min_size=4, max_size=4), times)
def test_chain_agrees_with_the_integrator_of_polynomial_fields(
    numbers: list[Fraction], sample: list[Fraction], t: Fraction
) -> None:
    w1, w2, v, s1, s2 = numbers
    samples = [sample[:2], sample[2:]]
    gram = [[sum(x[i] * x[j] for x in samples) for j in range(2)] for i in range(2)]
    found = integrate_network([[[w1, w2]], [[v]]], [[s1, s2]], gram, times=[t], digits=20)
    (expected,) = integrate_field(chain_field(s1, s2, gram), [w1, w2, v], [t], 20).values
    balls = [x for w in found.weights[0] for x in w.entries()]
    assert all(x.overlaps(y) for x, y in zip(balls, expected, strict=True))


@pytest.mark.parametrize("tau", [Fraction(1), Fraction(3, 2)])
def test_decoupled_modes_follow_the_logistic_curve(tau: Fraction) -> None:
    # Balanced weights aligned with the target by a rational rotation: W32 W21 = R diag(a(t)),
    # with tau a' = 2 a (s - a) for each strength, the second of which is zero.
    c, s = Fraction(3, 5), Fraction(4, 5)
    strengths, small = (Fraction(3), Fraction(0)), Fraction(1, 10)
    w32 = [[c * small, -s * small], [s * small, c * small]]
    target = [[c * strengths[0], -s * strengths[1]], [s * strengths[0], c * strengths[1]]]
    w21 = [[small, Fraction(0)], [Fraction(0), small]]
    t = Fraction(2)
    found = integrate_network([w21, w32], target, tau=tau, times=[t], digits=30)
    with working_precision(REFERENCE_BITS):
        product = found.weights[0][1] * found.weights[0][0]
        decay = exact_ball(-2 * strengths[0] * t / tau).exp()
        risen = exact_ball(strengths[0]) / (1 + exact_ball(strengths[0] / small**2 - 1) * decay)
        fallen = exact_ball(small**2) / (1 + 2 * exact_ball(small**2 * t / tau))
        modes = (risen, fallen)
        for row, direction in enumerate([(c, -s), (s, c)]):
            for column in range(2):
                mode = exact_ball(direction[column]) * modes[column]
                assert product[row, column].overlaps(mode)
                # Planted error: a curve with a constant off by 10^-20 is excluded.
                off = mode * (1 + flint.arb(10) ** -20)
                assert not product[row, column].overlaps(off)
    assert sharp(found, 30)


@quick
@given(networks(), times)
def test_more_digits_tighten_and_dense_output_agrees(problem: Problem, t: Fraction) -> None:
    layers, target, inputs = problem
    fine = integrate_network(layers, target, inputs, times=[t], digits=30)
    coarse = integrate_network(layers, target, inputs, times=[0, 2], digits=5)
    assert all(x.overlaps(y) for x, y in zip(coarse.at(t), fine.weights[0], strict=True))
    assert all(x.overlaps(matrix(y)) for x, y in zip(coarse.weights[0], layers, strict=True))
    assert sharp(fine, 30)
    with pytest.raises(ValueError, match="outside"):
        coarse.at(3)


def test_a_slightly_different_target_is_excluded() -> None:
    w21, w32 = [[Fraction(1, 3), Fraction(1, 7)]], [[Fraction(1, 5)], [Fraction(1, 2)]]
    target = [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(2)]]
    moved = [[Fraction(1) + Fraction(1, 10**12), Fraction(0)], [Fraction(0), Fraction(2)]]
    one, other = (integrate_network([w21, w32], s, times=[1], digits=20) for s in (target, moved))
    assert not one.weights[0][0].overlaps(other.weights[0][0])


def test_a_network_at_rest_stays_at_rest() -> None:
    zero = [[Fraction(0)] * 2] * 2
    found = integrate_network([zero, zero], [[1, 0], [0, 2]], times=[50], digits=10)
    assert all(x.contains(0) for x in found.weights[0][0].entries())
    assert sharp(found, 10)


@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize("depth", [3, 6])
def test_a_deep_saddle_is_not_left_in_time(depth: int, target: int) -> None:
    """Layers of 10^-30 move by 10^(-30 (L - 1)): every remainder is below the smallest float."""
    tiny = Fraction(1, 10**30)
    found = integrate_network([[[tiny]]] * depth, [[target]], times=[1], digits=40)
    with working_precision(REFERENCE_BITS):
        for w in found.weights[0]:
            assert w[0, 0].overlaps(exact_ball(tiny))
            assert bool(w[0, 0].rad() < flint.arb(10) ** -40)


def test_long_training_stays_sharp() -> None:
    found = integrate_network(
        [
            [[Fraction(1, 100), Fraction(1, 300)], [Fraction(-1, 200), Fraction(1, 150)]],
            [[Fraction(1, 90), Fraction(1, 250)], [Fraction(1, 180), Fraction(-1, 120)]],
        ],
        [[1, 0], [0, 3]],
        times=[40],
        digits=20,
    )
    with working_precision(REFERENCE_BITS):
        product = found.weights[0][1] * found.weights[0][0]
        assert bool(abs(product[1, 1] - 3) < flint.arb(10) ** -15)
        assert bool(abs(product[0, 0] - 1) < flint.arb(10) ** -15)
    assert sharp(found, 20)
    assert found.steps < 1000


def test_arguments_are_checked() -> None:
    one = [[Fraction(1)]]
    good = {"times": [1], "digits": 5}
    with pytest.raises(ValueError, match="weights: empty"):
        integrate_network([], one, **good)
    with pytest.raises(ValueError, match=r"weights\[1\]: shape 1 x 2, but weights\[0\]"):
        integrate_network([one, [[1, 1]]], one, **good)
    with pytest.raises(ValueError, match=r"weights\[0\]: row lengths"):
        integrate_network([[[1], [1, 2]]], one, **good)
    with pytest.raises(ValueError, match="Sigma31: shape"):
        integrate_network([one, one], [[1, 1]], **good)
    with pytest.raises(ValueError, match="Sigma11: shape"):
        integrate_network([one, one], one, [[1, 0], [0, 1]], **good)
    with pytest.raises(ValueError, match="semidefinite"):
        integrate_network([one, one], one, [[-1]], **good)
    with pytest.raises(ValueError, match="tau"):
        integrate_network([one, one], one, tau=0, **good)
    with pytest.raises(ValueError, match="times"):
        integrate_network([one, one], one, times=[], digits=5)
    with pytest.raises(ValueError, match="times"):
        integrate_network([one, one], one, times=[-1], digits=5)
    with pytest.raises(ValueError, match="digits"):
        integrate_network([one, one], one, times=[1], digits=0)
    with pytest.raises(ValueError, match="max_steps: 0"):
        integrate_network([one, one], one, times=[1], digits=5, max_steps=0)
    with pytest.raises(TypeError, match=r"digits: 2\.5"):
        integrate_network([one, one], one, times=[1], digits=2.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"times: 0\.5"):
        integrate_network([one, one], one, times=[0.5], digits=5)  # type: ignore[list-item]
    with pytest.raises(TypeError, match=r"tau: 1\.0"):
        integrate_network([one, one], one, tau=1.0, **good)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="times: 1 is not a sequence"):
        integrate_network([one], one, times=1, digits=5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="weights: None is not a sequence"):
        integrate_network(None, one, **good)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"weights\[0\]: 1 is not a sequence"):
        integrate_network([[1, 0]], one, **good)  # type: ignore[list-item]
    with pytest.raises(TypeError, match="Sigma31: None is not a sequence"):
        integrate_network([one], None, **good)  # type: ignore[arg-type]
    for wrong in (0.5, float("nan"), float("inf"), "1", True):
        with pytest.raises(TypeError, match=r"weights\[1\]"):
            integrate_network([one, [[wrong]]], one, **good)  # type: ignore[list-item]
        with pytest.raises(TypeError, match="Sigma31"):
            integrate_network([one, one], [[wrong]], **good)  # type: ignore[list-item]
        with pytest.raises(TypeError, match="Sigma11"):
            integrate_network([one, one], one, [[wrong]], **good)  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("inputs", "accepted"),
    [
        ([[1, 1], [1, 1]], True),  # singular
        ([[0, 0], [0, 1]], True),
        ([[0, 1], [1, 1]], False),  # a zero pivot with a nonzero row
        ([[1, 2], [2, 1]], False),  # indefinite
        ([[1, 1], [0, 1]], False),  # not symmetric
    ],
)
def test_only_semidefinite_input_correlations_are_accepted(
    inputs: list[list[int]], accepted: bool
) -> None:
    def run() -> NetworkEnclosure:
        return integrate_network([[[1, 0]], [[1]]], [[1, 1]], inputs, times=[1], digits=5)

    if accepted:
        assert run().weights[0][0].ncols() == 2
    else:
        with pytest.raises(ValueError, match="semidefinite"):
            run()


def test_too_few_steps_are_reported_and_precision_restored() -> None:
    before = flint.ctx.prec
    with pytest.raises(IntegrationFailed, match="beyond 2 steps"):
        integrate_network([[[1]], [[1]]], [[9]], times=[9], digits=9, max_steps=2)
    assert flint.ctx.prec == before
