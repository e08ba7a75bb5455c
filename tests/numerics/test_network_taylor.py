"""Certified training of the full weights against independent routes and conserved quantities."""

from fractions import Fraction

import flint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.arb_matrices import matrix
from lemmata.numerics.network_expansion import Correlations, expand_network, network_defect_bound
from lemmata.numerics.network_taylor import (
    IntegrationFailed,
    NetworkEnclosure,
    integrate_network,
)
from lemmata.numerics.polynomial_fields import PolynomialField
from lemmata.numerics.precision import exact_ball, working_precision
from lemmata.numerics.taylor import integrate_field

Rows = list[list[Fraction]]
REFERENCE_BITS = 300
quick = settings(max_examples=15, deadline=None)
entries = st.fractions(-1, 1, max_denominator=7)
sizes = st.integers(1, 3)
times = st.fractions(0, 2, max_denominator=9)
taus = st.fractions(Fraction(1, 2), 3, max_denominator=4)


def rows(draw: st.DrawFn, height: int, width: int) -> Rows:
    row = st.lists(entries, min_size=width, max_size=width)
    return draw(st.lists(row, min_size=height, max_size=height))


@st.composite
def networks(draw: st.DrawFn) -> tuple[Rows, Rows, Rows, Rows]:
    """W21, W32, Sigma31 of any rank and shape, and a Sigma11 that may be singular."""
    hidden, inputs, outputs = draw(sizes), draw(sizes), draw(sizes)
    samples = rows(draw, draw(sizes), inputs)
    gram = [[sum(x[i] * x[j] for x in samples) for j in range(inputs)] for i in range(inputs)]
    w21, w32 = rows(draw, hidden, inputs), rows(draw, outputs, hidden)
    return w21, w32, rows(draw, outputs, inputs), gram


def transposed(a: Rows) -> Rows:
    return [list(column) for column in zip(*a, strict=True)]


def sharp(found: NetworkEnclosure, digits: int) -> bool:
    balls = [x for w in (*found.W21, *found.W32) for x in w.entries()]
    with working_precision(REFERENCE_BITS):
        unit = flint.arb(10) ** -digits
        return all(bool(x.rad() <= unit * flint.arb.max(flint.arb(1), abs(x))) for x in balls)


@quick
@given(networks(), taus, times)
def test_difference_of_gram_matrices_is_conserved(
    network: tuple[Rows, Rows, Rows, Rows], tau: Fraction, t: Fraction
) -> None:
    w21, w32, target, inputs = network
    found = integrate_network(w21, w32, target, inputs, tau=tau, times=[t], digits=20)
    with working_precision(REFERENCE_BITS):
        before = matrix(w21) * matrix(w21).transpose() - matrix(w32).transpose() * matrix(w32)
        (a,), (b,) = found.W21, found.W32
        assert (a * a.transpose() - b.transpose() * b).overlaps(before)
    assert sharp(found, 20)


@quick
@given(networks(), times)
def test_transposition_exchanges_the_two_layers(
    network: tuple[Rows, Rows, Rows, Rows], t: Fraction
) -> None:
    w21, w32, target, _ = network
    one = integrate_network(w21, w32, target, times=[t], digits=15)
    other = integrate_network(
        transposed(w32), transposed(w21), transposed(target), times=[t], digits=25
    )
    assert one.W21[0].overlaps(other.W32[0].transpose())
    assert one.W32[0].overlaps(other.W21[0].transpose())


@quick
@given(networks(), taus, times)
def test_tau_only_scales_time(
    network: tuple[Rows, Rows, Rows, Rows], tau: Fraction, t: Fraction
) -> None:
    w21, w32, target, inputs = network
    slow = integrate_network(w21, w32, target, inputs, tau=tau, times=[tau * t], digits=15)
    unit = integrate_network(w21, w32, target, inputs, times=[t], digits=15)
    assert slow.W21[0].overlaps(unit.W21[0])
    assert slow.W32[0].overlaps(unit.W32[0])


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
    found = integrate_network([[w1, w2]], [[v]], [[s1, s2]], gram, times=[t], digits=20)
    (expected,) = integrate_field(chain_field(s1, s2, gram), [w1, w2, v], [t], 20).values
    balls = [*found.W21[0].entries(), *found.W32[0].entries()]
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
    found = integrate_network(w21, w32, target, tau=tau, times=[t], digits=30)
    with working_precision(REFERENCE_BITS):
        product = found.W32[0] * found.W21[0]
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
def test_more_digits_tighten_and_dense_output_agrees(
    network: tuple[Rows, Rows, Rows, Rows], t: Fraction
) -> None:
    w21, w32, target, inputs = network
    fine = integrate_network(w21, w32, target, inputs, times=[t], digits=30)
    coarse = integrate_network(w21, w32, target, inputs, times=[0, 2], digits=5)
    a, b = coarse.at(t)
    assert a.overlaps(fine.W21[0])
    assert b.overlaps(fine.W32[0])
    assert coarse.W21[0].overlaps(matrix(w21))
    assert sharp(fine, 30)
    with pytest.raises(ValueError, match="outside"):
        coarse.at(3)


def test_a_slightly_different_target_is_excluded() -> None:
    w21, w32 = [[Fraction(1, 3), Fraction(1, 7)]], [[Fraction(1, 5)], [Fraction(1, 2)]]
    target = [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(2)]]
    moved = [[Fraction(1) + Fraction(1, 10**12), Fraction(0)], [Fraction(0), Fraction(2)]]
    one, other = (integrate_network(w21, w32, s, times=[1], digits=20) for s in (target, moved))
    assert not one.W21[0].overlaps(other.W21[0])


def test_a_network_at_rest_stays_at_rest() -> None:
    zero = [[Fraction(0)] * 2] * 2
    found = integrate_network(zero, zero, [[1, 0], [0, 2]], times=[50], digits=10)
    assert all(x.contains(0) for x in found.W21[0].entries())
    assert sharp(found, 10)


def test_long_training_stays_sharp() -> None:
    found = integrate_network(
        [[Fraction(1, 100), Fraction(1, 300)], [Fraction(-1, 200), Fraction(1, 150)]],
        [[Fraction(1, 90), Fraction(1, 250)], [Fraction(1, 180), Fraction(-1, 120)]],
        [[1, 0], [0, 3]],
        times=[40],
        digits=20,
    )
    with working_precision(REFERENCE_BITS):
        product = found.W32[0] * found.W21[0]
        assert bool(abs(product[1, 1] - 3) < flint.arb(10) ** -15)
        assert bool(abs(product[0, 0] - 1) < flint.arb(10) ** -15)
    assert sharp(found, 20)
    assert found.steps < 1000


@quick
@given(networks(), taus, st.fractions(Fraction(1, 50), Fraction(1, 3)), st.booleans())
def test_defect_bound_covers_the_exact_defect(
    network: tuple[Rows, Rows, Rows, Rows], tau: Fraction, step: Fraction, identity: bool
) -> None:
    """sum_k ||D_k||_F/(k+1), formed in exact rationals from the field itself."""
    bits, order = 60, 6
    w21, w32, target, inputs = network
    data = correlations(target, None if identity else inputs, tau)
    start = tuple(scaled(w, bits) for w in (w21, w32))
    found = expand_network(data, start, step, order, bits)  # type: ignore[arg-type]
    claimed = network_defect_bound(found, step / tau, bits) / 2**bits
    sigma = None if data.inputs is None else over(data.inputs, data.inputs_scale)
    first = [over(m, 2**bits) for m in found.first]
    second = [over(m, 2**bits) for m in found.second]
    products = convolution(second, first)
    residual = [-(m if sigma is None else m * sigma) for m in products]
    residual[0] += over(data.target, data.target_scale)
    rate = flint.fmpq((step / tau).numerator, (step / tau).denominator)
    fields = (
        (first, convolution([m.transpose() for m in second], residual)),
        (second, convolution(residual, [m.transpose() for m in first])),
    )
    total = flint.arb(0)
    with working_precision(REFERENCE_BITS):
        for k in range(3 * order + 1):
            squares = flint.fmpq(0)
            for weights, field in fields:
                defect = field[k] * rate
                if k < order:
                    defect -= weights[k + 1] * (k + 1)
                squares += sum((x * x for x in defect.entries()), flint.fmpq(0))
            total += flint.arb(squares).sqrt() / (k + 1)
        assert not bool(total > exact_ball(claimed))


def correlations(target: Rows, inputs: Rows | None, tau: Fraction) -> Correlations:
    scale = 420**2  # entries have denominators up to 7, those of the Gram matrix their products
    whole = [[int(x * scale) for x in row] for row in target]
    if inputs is None:
        return Correlations(flint.fmpz_mat(whole), scale, None, 1, Fraction(1), tau)
    norm = max(sum(abs(x) for x in row) for row in inputs)
    grams = flint.fmpz_mat([[int(x * scale) for x in row] for row in inputs])
    return Correlations(flint.fmpz_mat(whole), scale, grams, scale, Fraction(norm), tau)


def over(integers: flint.fmpz_mat, denominator: int) -> flint.fmpq_mat:
    return flint.fmpq_mat(integers) * flint.fmpq(1, denominator)


def scaled(w: Rows, bits: int) -> flint.fmpz_mat:
    return flint.fmpz_mat([[int(x * 2**bits) for x in row] for row in w])


def convolution(a: list[flint.fmpq_mat], b: list[flint.fmpq_mat]) -> list[flint.fmpq_mat]:
    found = [None] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            found[i + j] = x * y if found[i + j] is None else found[i + j] + x * y
    return found  # type: ignore[return-value]


def test_arguments_are_checked() -> None:
    one = [[Fraction(1)]]
    good = {"times": [1], "digits": 5}
    with pytest.raises(ValueError, match="W32: shape 1 x 2"):
        integrate_network(one, [[1, 1]], one, **good)
    with pytest.raises(ValueError, match="Sigma31: shape"):
        integrate_network(one, one, [[1, 1]], **good)
    with pytest.raises(ValueError, match="Sigma11: shape"):
        integrate_network(one, one, one, [[1, 0], [0, 1]], **good)
    with pytest.raises(ValueError, match="semidefinite"):
        integrate_network(one, one, one, [[-1]], **good)
    with pytest.raises(ValueError, match="tau"):
        integrate_network(one, one, one, tau=0, **good)
    with pytest.raises(ValueError, match="times"):
        integrate_network(one, one, one, times=[], digits=5)
    with pytest.raises(ValueError, match="digits"):
        integrate_network(one, one, one, times=[1], digits=0)
    with pytest.raises(TypeError, match="W21"):
        integrate_network([[0.5]], one, one, **good)  # type: ignore[list-item]


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
        return integrate_network([[1, 0]], [[1]], [[1, 1]], inputs, times=[1], digits=5)

    if accepted:
        assert run().W21[0].ncols() == 2
    else:
        with pytest.raises(ValueError, match="semidefinite"):
            run()


def test_too_few_steps_are_reported_and_precision_restored() -> None:
    before = flint.ctx.prec
    with pytest.raises(IntegrationFailed, match="beyond 2 steps"):
        integrate_network([[1]], [[1]], [[9]], times=[9], digits=9, max_steps=2)
    assert flint.ctx.prec == before
