"""Chapter 2's claims on modes against networks and matrices that know no formula of the package.

Networks are integrated with mpmath's Taylor series (30 digits) or exponentials of matrices, spectra
are computed with NumPy; where a comparison is in float64, its bound is a stated multiple of the
unit round-off times the size of the numbers.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lemmata.proofs.court import collect
from lemmata.proofs.evaluation import evaluate
from lemmata.proofs.matrix_balls import evaluate_matrix_expression
from numpy.typing import NDArray
from sympy import MatrixSymbol

Array = NDArray[np.float64]
ROUND_OFF = 2.0**-53


def told(id: str, digits: int = 30, **inputs: Any) -> dict[str, mp.mpf]:
    """The outputs of ``evaluate`` as mpmath numbers."""
    given_ = {name: str(value) for name, value in inputs.items()}
    found = evaluate(collect()[id], given_, digits)["values"]
    values = {}
    with mp.workdps(digits + 10):
        for name, output in found.items():
            exact = Fraction(output["value"])
            values[name] = mp.mpf(exact.numerator) / exact.denominator
    return values


@pytest.mark.parametrize(
    ("s1", "s2", "a0", "tau"),
    [("3", "1", "1/100", "1"), ("2", "19/10", "1/10", "1/2"), ("5/2", "1/2", "2/5", "3")],
)
def test_largest_ratio_of_the_speeds_along_the_equations_of_motion(
    s1: str, s2: str, a0: str, tau: str
) -> None:
    values = told("cognition.illusory", s1=s1, s2=s2, c1=1, c2=-1, a0=a0, tau=tau)
    values |= told("cognition.illusory.turns", s1=s1, s2=s2, a0=a0, tau=tau)
    with mp.workdps(25):
        first, second, start, time = (
            mp.mpf(Fraction(x).numerator) / Fraction(x).denominator for x in (s1, s2, a0, tau)
        )

        def speeds(_: Any, a: Any) -> list[Any]:
            return [2 * a[0] * (first - a[0]) / time, 2 * a[1] * (second - a[1]) / time]

        tol = mp.mpf(10) ** -18
        curves = mp.odefun(speeds, 0, [start, start], tol=tol)

        def ratio(t: Any) -> Any:
            one, other = speeds(t, curves(t))
            return one / other

        around = [values["t"] * mp.mpf(k) / 10 for k in (2, 5, 9, 11, 15, 20)]
        assert all(ratio(t) < values["R_max"] for t in around)
        # The last term of a step of twice the length is below tol. An error is carried by the
        # ratio of speeds, and moves a speed by 2 s/tau times itself at most.
        initial = speeds(0, [start] * 2)
        moved = 2 * tol / time * (first / initial[0] + second / initial[1])
        assert abs(ratio(values["t"]) / values["R_max"] - 1) < moved


def _curve(s: float, a0: float, t: Array) -> Array:
    return np.asarray(s / (1 + (s / a0 - 1) * np.exp(-2 * s * t)))


strengths = st.fractions(Fraction(1, 4), 4, max_denominator=16)


@settings(max_examples=40)
@given(strengths, strengths, st.fractions(Fraction(1, 100), Fraction(9, 10), max_denominator=100))
def test_a_property_rises_somewhere_exactly_below_the_largest_ratio(
    one: Fraction, other: Fraction, share: Fraction
) -> None:
    s1, s2 = max(one, other), min(one, other)
    assume(s1 > s2)
    a0 = share * s2
    values = told("cognition.illusory", 15, s1=s1, s2=s2, c1=1, c2=-1, a0=a0, tau=1)
    values |= told("cognition.illusory.turns", 15, s1=s1, s2=s2, a0=a0, tau=1)
    largest, when = float(values["R_max"]), float(values["t"])
    grid = np.concatenate([np.linspace(0, 4 * when, 2001), [when]])
    slopes = []
    for s in (float(s1), float(s2)):
        a = _curve(s, float(a0), grid)
        slopes.append(2 * a * (s - a))
    # Speeds 2 a (s - a) round by ten units of s^2, and by their exponents.
    gap, exponent = slopes[0] - largest * slopes[1], 2 * float(s1) * 4 * when
    rounding = 4 * (10 + exponent) * ROUND_OFF * float(s1**2 + Fraction(largest) * s2**2)
    assert abs(gap[-1]) <= rounding
    assert gap.max() <= rounding


def _orthogonal(n: int, rng: np.random.Generator) -> Array:
    q, _ = np.linalg.qr(rng.standard_normal((n, n)))
    return q


def _train(
    w21: Any, w32: Any, sigma31: Any, sigma11: Any, t: Any, digits: int = 15
) -> tuple[Any, Any]:
    """Weights at time t of the flow with tau = 1, by Taylor series."""
    shapes = [w21.shape, w32.shape]
    sizes = [a * b for a, b in shapes]

    def unpack(y: Any) -> tuple[Any, Any]:
        return (
            np.array(y[: sizes[0]], dtype=object).reshape(shapes[0]),
            np.array(y[sizes[0] :], dtype=object).reshape(shapes[1]),
        )

    def flow(_: Any, y: Any) -> list[Any]:
        below, above = unpack(y)
        gap = sigma31 - above @ below @ sigma11
        return [*(above.T @ gap).ravel(), *(gap @ below.T).ravel()]

    start = [mp.mpf(float(x)) for x in (*w21.ravel(), *w32.ravel())]
    with mp.workdps(digits + 5):
        return unpack(mp.odefun(flow, 0, start, tol=mp.mpf(10) ** -digits)(t))


def _exact(matrix: Array) -> Any:
    return np.array([[mp.mpf(float(x)) for x in row] for row in matrix], dtype=object)


def test_hidden_similarity_of_a_balanced_network_is_the_root_of_that_of_its_outputs() -> None:
    rng = np.random.default_rng(5)
    r, u, v = (_orthogonal(3, rng) for _ in range(3))
    root = np.diag(rng.uniform(0.2, 1, 3))
    below, above = r @ root @ v.T, u @ root @ r.T  # balanced, aligned with nothing
    sigma31 = rng.standard_normal((3, 3))
    inputs = rng.standard_normal((3, 4))
    w21, w32 = _train(below, above, _exact(sigma31), _exact(inputs @ inputs.T / 4), mp.mpf(1) / 2)
    hidden, outputs = (w21.T @ w21).astype(float), (w32 @ w21).astype(float)
    values, vectors = np.linalg.eigh(outputs.T @ outputs)
    expected = vectors @ np.diag(np.sqrt(values)) @ vectors.T
    # The root of a matrix enlarges an error by 1/(2 smallest root), the start is balanced to 2^-53.
    bound = 1000 * ROUND_OFF * np.linalg.norm(hidden) ** 2 / np.sqrt(values.min())
    assert np.linalg.norm(hidden - expected) < bound
    assert np.linalg.norm(hidden - (below.T @ below)) > 1e6 * bound  # it has learned


def test_lambda_balanced_networks_have_the_foretold_hidden_eigenvalues() -> None:
    rng = np.random.default_rng(6)
    for imbalance in (0.75, -0.75):
        r, u, v = (_orthogonal(3, rng) for _ in range(3))
        second = rng.uniform(1, 2, 3)
        first = np.sqrt(second**2 + imbalance)
        w21, w32 = r @ np.diag(first) @ v.T, u @ np.diag(second) @ r.T
        hidden = np.linalg.eigvalsh(w21.T @ w21)
        s = np.linalg.svd(w32 @ w21, compute_uv=False)[::-1]
        foretold = (imbalance + np.sqrt(imbalance**2 + 4 * s**2)) / 2
        assert np.abs(hidden - foretold).max() < 100 * ROUND_OFF * hidden.max()


def test_items_are_learned_at_the_rate_of_their_frequency() -> None:
    frequencies, lengths = [Fraction(1, 2), Fraction(3, 8), Fraction(1, 8)], [1, 2, 3]
    rng = np.random.default_rng(7)
    u, r = _orthogonal(3, rng), _orthogonal(3, rng)
    start = 0.25
    p, y = np.diag([float(f) for f in frequencies]), np.diag(lengths).astype(float)
    w21, w32 = _train(
        r * np.sqrt(start), np.sqrt(start) * u @ r.T, _exact(u @ y @ p), _exact(p), mp.mpf(2)
    )
    learned = (u.T @ (w32 @ w21)).astype(float)
    for i in range(3):
        curve = told(
            "cognition.frequency", 15, p=frequencies[i], y=lengths[i], a0="1/4", tau=1, t=2
        )
        assert abs(learned[i, i] - float(curve["a"])) < 1000 * ROUND_OFF * lengths[i]
    assert np.abs(learned - np.diag(np.diag(learned))).max() < 1000 * ROUND_OFF * max(lengths)


def test_one_layer_learns_each_item_at_the_rate_of_its_frequency() -> None:
    """The claim's own expression, at numbers, against an integration of dW/dt = (Y - W) F."""
    rng = np.random.default_rng(11)
    items, start = rng.integers(-3, 4, (2, 3)), rng.integers(-3, 4, (2, 3))
    frequencies = [Fraction(1, 2), Fraction(3, 8), Fraction(1, 8)]
    claim = collect()["cognition.frequency.shallow"]
    solution = claim.statement.lhs.args[-1].args[0]
    letters = {letter.name: letter for letter in solution.atoms(MatrixSymbol)}
    scalars = {symbol.name: symbol for symbol in solution.free_symbols if symbol.is_Symbol}
    known = {
        letters["Y"]: [[Fraction(int(x)) for x in row] for row in items],
        letters["W0"]: [[Fraction(int(x)) for x in row] for row in start],
        letters["F"]: [
            [f if i == j else Fraction(0) for j in range(3)] for i, f in enumerate(frequencies)
        ],
        scalars["t"]: Fraction(3),
        scalars["tau"]: Fraction(2),
    }
    told_ = evaluate_matrix_expression(solution, known, 128)
    rates = [mp.mpf(f.numerator) / f.denominator for f in frequencies]

    def flow(_: Any, w: Any) -> list[Any]:
        return [(int(items.flat[k]) - w[k]) * rates[k % 3] / 2 for k in range(6)]

    with mp.workdps(25):
        tol = mp.mpf(10) ** -18
        learned = mp.odefun(flow, 0, [mp.mpf(int(x)) for x in start.ravel()], tol=tol)(3)
        for number, ball in zip(learned, told_.entries(), strict=True):
            # The last term of a step of twice the length is below tol, and errors decay.
            radius = mp.mpf(ball.rad().str(5, radius=False)) + abs(number) * mp.mpf(10) ** -24
            assert abs(number - mp.mpf(ball.mid().str(25, radius=False))) < tol + radius


def _layer(sigma31: Array, sigma11: Array, t: float) -> Array:
    """One layer from zero, Sigma31 Sigma11^-1 (1 - e^(-Sigma11 t)), by diagonalisation."""
    values, vectors = np.linalg.eigh(sigma11)
    grown = vectors @ np.diag(-np.expm1(-values * t) / values) @ vectors.T
    return np.asarray(sigma31 @ grown)


def test_correlated_inputs_give_illusions_to_one_layer_and_white_ones_do_not() -> None:
    rng = np.random.default_rng(8)
    u, v = _orthogonal(4, rng), _orthogonal(4, rng)
    s, weights = np.array([1.0, 1.0]), np.array([1.0, -0.75])
    # p and x with (u_i.p)(v_i.x) = weights.
    prop, item = u[:, :2] @ weights, v[:, :2] @ np.ones(2)
    sigma31 = u[:, :2] @ np.diag(s) @ v[:, :2].T
    times = np.linspace(0, 8, 401)
    for variances, turns in (((2.0, 1.0), True), ((1.0, 1.0), False), ((1.0, 2.0), False)):
        sigma11 = v @ np.diag([*variances, 1.0, 1.0]) @ v.T
        read = np.array([prop @ _layer(sigma31, sigma11, t) @ item for t in times])
        steps = np.diff(read)
        steps = steps[np.abs(steps) > 100 * ROUND_OFF]
        assert bool((steps > 0).any() and (steps < 0).any()) is turns
        if turns:
            # The slope vanishes where 0.75 e^(-t) = e^(-2t).
            assert abs(times[int(read.argmax())] - np.log(1 / 0.75)) <= times[1]


def test_typicality_is_what_the_singular_vectors_of_the_items_say() -> None:
    rng = np.random.default_rng(9)
    items = rng.standard_normal((6, 5))
    u, s, vt = np.linalg.svd(items, full_matrices=False)
    bound = 100 * ROUND_OFF * s[0] / s[-1]
    assert np.abs(items.T @ u / s - vt.T).max() < bound
    assert np.abs(items @ vt.T / s - u).max() < bound


def test_the_typical_item_is_ahead_after_the_time_told() -> None:
    s, a0 = (2.0, 1.0), 0.1
    when = np.log((s[0] - a0) / (s[1] - a0)) / (2 * (s[0] - s[1]))
    for t, ahead in ((0.5 * when, False), (0.9 * when, False), (1.1 * when, True), (9.0, True)):
        a = [float(_curve(x, a0, np.array(t))) for x in s]
        typical, other = (w * a[0] + (1 - w * s[0]) / s[1] * a[1] for w in (0.8, 0.3))
        assert (typical > other) is ahead
        # Exactly those items overshoot their target whose share of mode 1 makes up for what is
        # missing of it: 0.8 * 2 > 1 in the end, 0.3 * 2 < 1 never.
        missing = [1 - x / y for x, y in zip(a, s, strict=True)]
        assert (typical > 1) is bool(1.6 * missing[0] < 0.6 * missing[1])
        assert other < 1
        if t == 9.0:
            # Most of what is missing is that of mode 2, less than this part of it.
            assert 1 < typical < 1 + (s[1] / a0 - 1) * np.exp(-2 * s[1] * t)
            assert 1 - (s[1] / a0 - 1) * np.exp(-2 * s[1] * t) < other


NODES = 240


def _noise(ratio: Any, z: Any) -> tuple[Any, Any, Any]:
    """phi(z) = E[z/(z^2 - t^2)] over the law of Marchenko and Pastur, its slope, and (1 - c)/z.

    With t^2 = 1 + c - 2 sqrt(c) cos(angle) the integrand is periodic and analytic: the midpoint
    rule converges exponentially.
    """
    value, slope = mp.mpf(0), mp.mpf(0)
    for k in range(NODES):
        angle = (k + mp.mpf(1) / 2) * mp.pi / NODES
        square = 1 + ratio - 2 * mp.sqrt(ratio) * mp.cos(angle)
        weight = 2 * mp.sin(angle) ** 2 / (square * NODES)
        value += weight * z / (z * z - square)
        slope -= weight * (z * z + square) / (z * z - square) ** 2
    return value, slope, (1 - ratio) / z


@pytest.mark.parametrize(("c", "theta"), [("1/4", "2"), ("5/8", "9/8"), ("1", "3/2"), ("1/9", "1")])
def test_outlier_and_overlaps_from_quadratures_of_the_noise(c: str, theta: str) -> None:
    values = told("coherence.detectability", c=c, theta=theta)
    with mp.workdps(30):
        ratio, strength = (
            mp.mpf(Fraction(x).numerator) / Fraction(x).denominator for x in (c, theta)
        )

        def parts(z: Any) -> tuple[Any, Any, Any]:
            phi, slope, rest = _noise(ratio, z)
            psi, psi_slope = ratio * phi + rest, ratio * slope - rest / z
            return phi, psi, slope * psi + phi * psi_slope

        def missing(z: Any) -> Any:
            phi, psi, _ = parts(z)
            return phi * psi * strength**2 - 1

        z = mp.findroot(missing, (values["outlier"] * 1.01, values["outlier"] * 1.02))

        def overlaps(at: Any) -> list[Any]:
            phi, psi, slope = parts(at)
            return [-2 * part / (strength**2 * slope) for part in (phi, psi)]

        # The midpoint rule leaves exp(-2 NODES y) with cosh y = (z^2 - 1 - c)/(2 sqrt c) at a pole:
        # less than rounding, of NODES terms, over the slope. The last step of the root is below
        # 2^10 units; the overlaps move with it.
        y = mp.acosh((z**2 - 1 - ratio) / (2 * mp.sqrt(ratio)))
        assert mp.exp(-2 * NODES * y) < mp.eps
        off = NODES * mp.eps / abs(strength**2 * parts(z)[2]) + 2**10 * mp.eps
        assert abs(z - values["outlier"]) < off
        step = mp.mpf(2) ** -30
        names = ("overlap_left", "overlap_right")
        for here, ahead, name in zip(overlaps(z), overlaps(z + step), names, strict=True):
            moved = off * abs(ahead - here) / step
            assert abs(here - values[name]) < moved + NODES * mp.eps


@pytest.mark.nightly
def test_outlier_and_overlaps_of_sampled_blocks() -> None:
    """Premises at finite size: 12 blocks of 400 by 640, means within 5 standard errors + 2/n."""
    rng, n, m, theta = np.random.default_rng(10), 400, 640, 1.2
    values = told("coherence.detectability", c=Fraction(n, m), theta=Fraction(6, 5))
    found = []
    for _ in range(12):
        x, y = rng.standard_normal(n), rng.standard_normal(m)
        x, y = x / np.linalg.norm(x), y / np.linalg.norm(y)
        data = theta * np.outer(x, y) + rng.standard_normal((n, m)) / np.sqrt(m)
        u, s, vt = np.linalg.svd(data, full_matrices=False)
        found.append((s[0], (u[:, 0] @ x) ** 2, (vt[0] @ y) ** 2))
    mean, error = np.mean(found, axis=0), np.std(found, axis=0) / np.sqrt(len(found))
    expected = [float(values[k]) for k in ("outlier", "overlap_left", "overlap_right")]
    assert (np.abs(mean - expected) < 5 * error + 2 / n).all()


@settings(max_examples=20)
@given(
    st.integers(2, 6),
    st.integers(2, 6),
    st.integers(1, 20),
    st.integers(1, 20),
    st.fractions(0, Fraction(9, 10), max_denominator=10),
    st.fractions(0, Fraction(9, 10), max_denominator=10),
)
def test_cross_cutting_spectrum_of_the_similarity_matrix(
    n_t: int, n_c: int, f_t: int, f_c: int, r_t: Fraction, r_c: Fraction
) -> None:
    values = told("coherence.cross_cutting", n_t=n_t, n_c=n_c, F_t=f_t, F_c=f_c, r_t=r_t, r_c=r_c)
    taxa, colours = (
        float(r) * np.ones((n, n)) + (1 - float(r)) * np.eye(n) for n, r in ((n_t, r_t), (n_c, r_c))
    )
    similarity = f_t * np.kron(taxa, np.ones((n_c, n_c)))
    similarity += f_c * np.kron(np.ones((n_t, n_t)), colours)
    found = np.sort(np.linalg.eigvalsh(similarity))[::-1]
    expected = [float(values["taxonomic"])] * (n_t - 1) + [float(values["colour"])] * (n_c - 1)
    expected += [0.0] * ((n_t - 1) * (n_c - 1))
    expected.append(float(np.trace(similarity)) - sum(expected))
    bound = 100 * ROUND_OFF * n_t * n_c * found[0]
    assert np.abs(found - np.sort(expected)[::-1]).max() < bound


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"c": 1, "theta": "9/10"}, "outside the domain"),
        ({"c": -1, "theta": 2}, "must be positive"),
    ],
)
def test_below_threshold_there_is_one_clear_line(line: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        told("coherence.detectability", **line)
