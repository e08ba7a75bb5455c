"""Matrix claims of depth against exact networks: layers written down, no formula of theory used.

References are products, differences and second differences of layers in exact rationals, and
certified training.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import prod
from typing import Any

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.network_taylor import integrate_network
from lemmata.numerics.precision import working_precision
from lemmata.proofs.evaluation import evaluate
from lemmata.proofs.matrix_balls import evaluate_matrix_expression
from lemmata.theory.depth import hessian, pair_bound, pairs, two_layers
from lemmata.theory.depth.letters import D
from lemmata.theory.symbols import s, t, tau
from sympy import Identity, Inverse, Rational

few = settings(max_examples=12, deadline=None)
depths = st.integers(2, 5)
seeds = st.integers(0, 2**32 - 1)


# Exact layers: integer tables, the layer next to the inputs first.


def product(layers: list[Any], size: int) -> Any:
    return reduce(lambda below, layer: layer @ below, layers, np.eye(size, dtype=object) * 1)


def random_layers(seed: int, depth: int) -> tuple[list[Any], Any]:
    rng = np.random.default_rng(seed)
    widths = rng.integers(1, 4, depth + 1)
    layers = [rng.integers(-3, 4, (b, a)).astype(object) for a, b in pairwise(widths)]
    return layers, rng.integers(-3, 4, (widths[-1], widths[0])).astype(object)


def forces(layers: list[Any], pull: Any) -> list[Any]:
    """Minus the gradients of a loss whose gradient with respect to the map is minus ``pull``."""
    size, end = layers[0].shape[1], layers[-1].shape[0]
    return [
        product(layers[i + 1 :], layer.shape[0]).T @ pull @ product(layers[:i], size).T
        if i + 1 < len(layers)
        else np.eye(end, dtype=object) @ pull @ product(layers[:i], size).T
        for i, layer in enumerate(layers)
    ]


def imbalances(layers: list[Any]) -> list[Any]:
    return [lower @ lower.T - upper.T @ upper for lower, upper in pairwise(layers)]


@few
@given(seeds, depths)
def test_the_layer_differences_stand_still_in_the_flow_of_any_loss(seed: int, depth: int) -> None:
    layers, pull = random_layers(seed, depth)
    moved = forces(layers, pull)
    for (lower, upper), (down, up) in zip(pairwise(layers), pairwise(moved), strict=True):
        change = down @ lower.T + lower @ down.T - up.T @ upper - upper.T @ up
        assert not change.any()


@few
@given(seeds, depths, st.fractions(0, 2, max_denominator=7))
def test_one_step_of_descent_drifts_by_the_squares_of_the_steps(
    seed: int, depth: int, step: Fraction
) -> None:
    layers, pull = random_layers(seed, depth)
    moved = forces(layers, pull)
    after = imbalances([w + step * g for w, g in zip(layers, moved, strict=True)])
    for old, new, (down, up) in zip(imbalances(layers), after, pairwise(moved), strict=True):
        assert not (new - old - step**2 * (down @ down.T - up.T @ up)).any()


@few
@given(seeds, depths, st.fractions(1, 3, max_denominator=5))
def test_momentum_is_driven_by_the_velocities(seed: int, depth: int, friction: Fraction) -> None:
    """J = dC/dt and its own rate, with every layer's velocity chosen at will (tau = 1)."""
    layers, pull = random_layers(seed, depth)
    rng = np.random.default_rng(seed + 1)
    speeds = [rng.integers(-3, 4, w.shape).astype(object) for w in layers]
    gains = [g - friction * x for g, x in zip(forces(layers, pull), speeds, strict=True)]
    rows = list(zip(layers, speeds, gains, strict=True))
    for (w, x, a), (v, y, b) in pairwise(rows):
        slope = x @ w.T + w @ x.T - y.T @ v - v.T @ y
        rate = a @ w.T + 2 * x @ x.T + w @ a.T - b.T @ v - 2 * y.T @ y - v.T @ b
        assert not (rate + friction * slope - 2 * (x @ x.T - y.T @ y)).any()


def turn(rng: np.random.Generator, size: int) -> Any:
    """A rational orthogonal matrix: a Cayley transform, columns with random signs."""
    half = flint.fmpq_mat(size, size, [flint.fmpq(int(x), 3) for x in rng.integers(-4, 5, size**2)])
    skew = half - half.transpose()
    one = flint.fmpq_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
    made = np.array(((one - skew) * (one + skew).inv()).tolist(), dtype=object)
    return made * rng.choice([-1, 1], size)


@few
@given(seeds, depths)
def test_singular_values_of_balanced_layers_move_as_stated(seed: int, depth: int) -> None:
    """u^T (dW/dt) v, from the product rule over all layers, against D sigma^(2-2/D) (q - sigma)."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 4))
    turns = [turn(rng, size) for _ in range(depth + 1)]
    strengths = [flint.fmpq(int(p), int(q)) for p, q in rng.integers(1, 6, (size, 2))]
    layers = [b @ np.diag(strengths) @ a.T for a, b in pairwise(turns)]
    target = rng.integers(-3, 4, (size, size)).astype(object) * flint.fmpq(1)
    moved = forces(layers, target - product(layers, size))
    rate = sum(
        product(layers[i + 1 :], size) @ g @ product(layers[:i], size) for i, g in enumerate(moved)
    )
    for u, v, r in zip(turns[-1].T, turns[0].T, strengths, strict=True):
        sigma, overlap = r**depth, u @ target @ v
        assert u @ rate @ v == depth * r ** (2 * depth - 2) * (overlap - sigma)


# Starts that never learn: certified training.

HALF_TURN = [[Fraction(3, 5), Fraction(4, 5)], [Fraction(4, 5), Fraction(-3, 5)]]
QUARTER = [[Fraction(3, 5), Fraction(-4, 5)], [Fraction(4, 5), Fraction(3, 5)]]
UNIT = [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]]
MINUS = [[Fraction(-1), Fraction(0)], [Fraction(0), Fraction(-1)]]
TARGET = [[Fraction(2), Fraction(0)], [Fraction(0), Fraction(1)]]


def trained(first: Any, depth: int, time: int) -> tuple[Any, Any]:
    """The map and its loss at the end, orthogonal layers of which all but the first are I."""
    found = integrate_network([first, *[UNIT] * (depth - 1)], TARGET, times=[time], digits=8)
    with working_precision(200):
        total = reduce(lambda below, layer: layer * below, found.weights[0])
        left = flint.arb_mat([[flint.arb(int(x)) for x in row] for row in TARGET]) - total
        return total, sum((x * x for x in left.entries()), flint.arb(0)) / 2


@pytest.mark.parametrize("depth", [2, 3])
def test_a_negative_determinant_stays_negative_and_nothing_is_learned(depth: int) -> None:
    total, loss = trained(HALF_TURN, depth, 5)
    assert total.det() < 0
    # No matrix of another sign of the determinant is nearer than the least singular value.
    assert loss > flint.arb(1) / 2


@pytest.mark.parametrize("depth", [2, 3])
def test_a_positive_determinant_is_no_obstruction_but_minus_one_is(depth: int) -> None:
    total, loss = trained(QUARTER, depth, 12)
    assert total.det() > 0
    assert loss < flint.arb(1) / 100
    total, loss = trained(MINUS, depth, 5)
    assert total.det() > 0
    assert loss > 2


def test_two_layers_follow_the_closed_form() -> None:
    """The claims' R(t) and M(t), put into (I - R) M^-1 (I + R^T)/4, against certified training."""
    total, _ = trained(QUARTER, 2, 1)
    rows = [flint.fmpq(x.numerator, x.denominator) for row in QUARTER for x in row]
    first, one = flint.fmpq_mat(2, 2, rows), flint.fmpq_mat(2, 2, [1, 0, 0, 1])
    # Layers QUARTER and I, and U = V = I: Z = W_1^T + I and N = W_1^T - I.
    growing, decaying = first.transpose() + one, first.transpose() - one
    at = {
        two_layers._S: [[2, 0], [0, 1]],
        two_layers._R0: decaying * growing.inv(),
        two_layers._M0: (growing * growing.transpose()).inv(),
        t: 1,
        tau: 1,
    }
    turned, unit = two_layers._R, Identity(two_layers.n)
    told = evaluate_matrix_expression(
        (unit - turned) * Inverse(two_layers._M) * (unit + turned.T) / 4, at, 200
    )
    assert all((a - b).contains(0) for a, b in zip(told.entries(), total.entries(), strict=True))
    assert all(x.rad() < 1e-7 for x in total.entries())


# Curvature: second differences of the loss itself, exact in truncated polynomials.


def second_order(layers: list[Any], moved: list[Any]) -> tuple[Any, Any, Any]:
    """The product of layers + e moved up to e^2: three coefficients."""
    size = layers[0].shape[1]
    parts = [np.eye(size, dtype=object) * 1, np.zeros((size, size), dtype=object) * 1]
    parts.append(parts[1])
    for w, x in zip(layers, moved, strict=True):
        parts = [w @ parts[0], w @ parts[1] + x @ parts[0], w @ parts[2] + x @ parts[1]]
    return parts[0], parts[1], parts[2]


def hessian_of(layers: list[Any], target: Any) -> Any:
    """All second derivatives of |target - product|^2/2, by polarisation."""
    places = [(i, a, b) for i, w in enumerate(layers) for a, b in np.ndindex(w.shape)]

    def curved(*chosen: Any) -> Any:
        moved = [w * 0 for w in layers]
        for i, a, b in chosen:
            moved[i][a, b] += 1
        zeroth, first, second = second_order(layers, moved)
        return (first * first).sum() - 2 * ((target - zeroth) * second).sum()

    plain = {place: curved(place) for place in places}
    return [
        [plain[p] if p == q else (curved(p, q) - plain[p] - plain[q]) / 2 for q in places]
        for p in places
    ]


def polynomial(rows: Any) -> Any:
    n = len(rows)
    return flint.fmpq_mat(n, n, [x for row in rows for x in row]).charpoly()


def decoupled(r: Any, targets: Any, depth: int) -> Any:
    q = [flint.fmpq(x.numerator, x.denominator) for x in (*r, *targets)]
    zero = flint.fmpq(0)
    layers = [np.array([[q[0], zero], [zero, q[1]]], dtype=object)] * depth
    return hessian_of(layers, np.array([[q[2], zero], [zero, q[3]]], dtype=object))


positive = st.fractions(Fraction(1, 4), 2, max_denominator=4)


def number(expr: Any, at: dict[Any, Any]) -> Any:
    value = expr.subs({k: Rational(v.numerator, v.denominator) for k, v in at.items()})
    return flint.fmpq(int(value.p), int(value.q))


@few
@given(st.integers(2, 4), positive, positive, positive, positive)
def test_the_spectrum_of_the_whole_hessian(
    depth: int, x: Fraction, y: Fraction, si: Fraction, sk: Fraction
) -> None:
    """Its characteristic polynomial is that of the single modes times those of the pair."""
    found = polynomial(decoupled((x, y), (si, sk), depth))
    expected = flint.fmpq_poly([1])
    for r, target in ((x, si), (y, sk)):
        at = {D: Fraction(depth), s: target, hessian._r: r}
        first, second = (
            number(definition.body.subs(D, depth), at) for definition in hessian._SPECTRUM_WHERE[2:]
        )
        expected *= flint.fmpq_poly([-first, 1]) * flint.fmpq_poly([-second, 1]) ** (depth - 1)
    for sign in (1, -1):
        rows = [
            [_entry(depth, i + j, x, y, si, sk, sign) for j in range(depth)] for i in range(depth)
        ]
        expected *= polynomial(rows)
    assert found == expected


def _entry(
    depth: int, n: int, x: Fraction, y: Fraction, si: Fraction, sk: Fraction, sign: int
) -> Any:
    """Entry of c c^T + L or c c^T - L, as the docstring of the claim says, for any targets."""
    value = x ** (2 * depth - 2 - n) * y**n
    if n < depth - 1:
        value += sign * (sk - y**depth) * y**n * x ** (depth - 2 - n)
    if n > depth - 1:
        value += sign * (si - x**depth) * x ** (2 * depth - 2 - n) * y ** (n - depth)
    return flint.fmpq(value.numerator, value.denominator)


def test_the_entry_that_is_stated_is_the_entry_of_the_block() -> None:
    x, y = Fraction(2, 3), Fraction(1, 2)
    for depth, n in ((3, 0), (3, 1), (4, 2)):
        letters = pair_bound._x, pair_bound._y
        at = {**dict(zip(letters, (x, y), strict=True)), D: Fraction(depth)}
        told = number(pair_bound._early(*letters), {**at, pair_bound._n: Fraction(n)})
        assert told == _entry(depth, n, x, y, Fraction(1), Fraction(1), 1)


@few
@given(positive, positive, positive, positive)
def test_the_spectrum_of_two_layers(x: Fraction, y: Fraction, si: Fraction, sk: Fraction) -> None:
    found = polynomial(decoupled((x, y), (si, sk), 2))
    at = {pairs._ai: x**2, pairs._ak: y**2, pairs._si: si, pairs._sk: sk}
    lam, told = pairs._lam, pairs.two_layers.statement.rhs
    (one, other) = ([number(part.subs(lam, z), at) for z in range(3)] for part in told.args)
    expected = flint.fmpq_poly([1])
    for at0, at1, at2 in (one, other):
        expected *= flint.fmpq_poly(
            [at0, at1 - at0 - (at2 - 2 * at1 + at0) / 2, (at2 - 2 * at1 + at0) / 2]
        )
    for a, target in ((x**2, si), (y**2, sk)):
        first, second = 3 * a - target, target - a
        expected *= flint.fmpq_poly([-flint.fmpq(first.numerator, first.denominator), 1])
        expected *= flint.fmpq_poly([-flint.fmpq(second.numerator, second.denominator), 1])
    assert found == expected


below = st.fractions(0, 1, max_denominator=9)


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 5), below, below, below, below)
def test_no_curvature_below_the_targets_exceeds_the_bound(
    depth: int, x: Fraction, y: Fraction, p: Fraction, q: Fraction
) -> None:
    """D - H has no negative eigenvalue: its characteristic polynomial alternates in sign.

    Targets lie between the strengths and s_1 = 1.
    """
    targets = x**depth + p * (1 - x**depth), y**depth + q * (1 - y**depth)
    rows = decoupled((x, y), targets, depth)
    rest = [[(depth if i == j else 0) - z for j, z in enumerate(row)] for i, row in enumerate(rows)]
    coefficients = polynomial(rest).coeffs()
    degree = len(coefficients) - 1
    assert all(c * (-1) ** (degree - i) >= 0 for i, c in enumerate(coefficients))


def test_a_null_mode_exceeds_the_bound() -> None:
    """At strength 1 and target 0 the largest eigenvalue is 2 D - 1, against D at s_1 = 1."""
    for depth in (2, 3, 4):
        found = polynomial(decoupled((Fraction(1), Fraction(1)), (Fraction(1), Fraction(0)), depth))
        assert found(flint.fmpq(2 * depth - 1)) == 0


@few
@given(st.lists(st.fractions(Fraction(1, 3), 3, max_denominator=5), min_size=2, max_size=5))
def test_every_minimum_of_a_chain_is_as_sharp_as_equal_layers(weights: list[Fraction]) -> None:
    target = prod(weights, start=Fraction(1))
    layers = [np.array([[flint.fmpq(w.numerator, w.denominator)]], dtype=object) for w in weights]
    whole = flint.fmpq(target.numerator, target.denominator)
    rows = hessian_of(layers, np.array([[whole]], dtype=object))
    n = len(weights)
    trace = sum((rows[i][i] for i in range(n)), flint.fmpq(0))
    # One positive eigenvalue, so the trace is it.
    assert polynomial(rows).coeffs()[: n - 1] == [0] * (n - 1)
    with working_precision(200):
        least = n * flint.arb(whole) ** (2 - flint.arb(2) / n)
        assert not bool(flint.arb(trace) < least)
        if len(set(weights)) > 1:
            assert flint.arb(trace) > least


@few
@given(seeds, st.integers(2, 4))
def test_every_minimum_of_a_network_is_as_sharp_as_balance(seed: int, depth: int) -> None:
    """The quotient of the Hessian along the gradient of u^T W v, for any unit vectors u and v.

    It is at least D q^(2-2/D), q = |u^T W v|, which is s_1 for the first singular vectors: compared
    in whole powers.
    """
    rng = np.random.default_rng(seed)
    layers = [rng.integers(-3, 4, (3, 3)).astype(object) * flint.fmpq(1) for _ in range(depth)]
    u, v = turn(rng, 3)[:, 0], turn(rng, 3)[:, 0]
    moved = forces(layers, np.outer(u, v))
    norm = sum((x * x).sum() for x in moved)
    overlap = u @ product(layers, 3) @ v
    if overlap:
        first = second_order(layers, moved)[1]
        quotient = (first * first).sum() / norm
        assert (quotient / depth) ** depth >= overlap ** (2 * depth - 2)


@pytest.mark.parametrize(("depth", "target"), [(1, 3), (3, 2), (8, 5), (100, 7)])
def test_evaluate_gives_the_largest_curvature(depth: int, target: int) -> None:
    """D s^(2-2/D) = D r^(2D-2), r the D-th root of s, to the 30 digits that are asked for."""
    told = evaluate(hessian.largest, {"D": str(depth), "s": str(target)})["values"]["lambda_max"]
    with working_precision(200):
        value = depth * flint.arb(target).root(depth) ** (2 * depth - 2)
        assert abs(flint.arb(told["value"]) - value) <= value * flint.arb(10) ** -29


@pytest.mark.parametrize("depth", [2, 3, 8])
def test_descent_stays_at_the_minimum_below_the_bound_alone(depth: int) -> None:
    """Equal layers and target 1, so that the bound is 2/D: the error of one step, exactly."""
    start = Fraction(1) + Fraction(1, 10**6)
    for factor, shrinks in ((Fraction(19, 20), True), (Fraction(21, 20), False)):
        step = factor * Fraction(2, depth)
        after = start + step * start ** (depth - 1) * (1 - start**depth)
        assert (abs(after - 1) < abs(start - 1)) is shrinks


def test_depth_of_least_curvature() -> None:
    """For s = e^-2 D* is 4: D s^(2-2/D) is least there among whole depths."""
    with working_precision(200):
        curvatures = [n * (flint.arb(-4) + flint.arb(4) / n).exp() for n in range(1, 12)]
        least = curvatures[3]
        assert all(bool(c > least) for i, c in enumerate(curvatures) if i != 3)


def velocity(layers: list[Any], target: Any) -> list[Any]:
    """The flow of a batch of three square layers, written out."""
    first, second, third = layers
    pull = target - third @ second @ first
    turned = [w.swapaxes(1, 2) for w in layers]
    return [
        turned[1] @ turned[2] @ pull,
        turned[2] @ pull @ turned[0],
        pull @ turned[0] @ turned[1],
    ]


def test_orthogonal_starts_with_the_wrong_determinant_do_not_learn() -> None:
    """Sixty starts of three orthogonal layers, float64, classical Runge-Kutta steps."""
    rng = np.random.default_rng(5)
    target, step = np.diag([2.0, 1.5, 1.0]), 0.02
    layers = [np.linalg.qr(rng.normal(size=(60, 3, 3)))[0] for _ in range(3)]
    layers[0] *= rng.choice([-1.0, 1.0], (60, 1, 1))
    negative = np.linalg.det(layers[2] @ layers[1] @ layers[0]) < 0

    def ahead(rates: list[Any], length: float) -> list[Any]:
        return [w + length * v for w, v in zip(layers, rates, strict=True)]

    for _ in range(1000):
        one = velocity(layers, target)
        two = velocity(ahead(one, step / 2), target)
        three = velocity(ahead(two, step / 2), target)
        four = velocity(ahead(three, step), target)
        sums = [a + 2 * b + 2 * c + d for a, b, c, d in zip(one, two, three, four, strict=True)]
        layers = ahead(sums, step / 6)
    total = layers[2] @ layers[1] @ layers[0]
    loss = ((target - total) ** 2).sum((1, 2)) / 2
    assert 20 < negative.sum() < 40
    assert (np.linalg.det(total) < 0).tolist() == negative.tolist()
    # With the determinant negative the loss is at least 1/2, the least singular value being 1.
    assert (loss[negative] > 0.49).all()
    assert (loss[~negative] < 0.01).mean() > 0.8
