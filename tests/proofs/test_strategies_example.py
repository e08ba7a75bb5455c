"""The theory as regression tests of one's own training code."""

from fractions import Fraction
from math import exp

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from lemmata.proofs.court import collect
from lemmata.proofs.evaluation import evaluate
from lemmata.proofs.strategies import balanced_initializations, orthogonal_matrices, spectra


def euler_step(W21, W32, Sigma31, step):
    """Gradient descent on |Sigma31 - W32 W21|^2/2: the code under test."""
    error = Sigma31 - W32 @ W21
    return W21 + step * W32.T @ error, W32 + step * error @ W21.T


@given(balanced_initializations(sizes=(2, 2, 3), imbalance=None), st.sampled_from(["1/10", "2"]))
def test_drift_of_what_the_flow_conserves(start, step):
    """C = W21 W21^T - W32^T W32 moves by step^2 (W32^T E E^T W32 - W21 E^T E W21^T), exactly."""
    W21, W32 = (np.array(matrix, dtype=object) for matrix in start)  # exact: Fractions
    Sigma31 = np.array([[2, 0], [1, 1], [0, Fraction(1, 2)]], dtype=object)
    step = Fraction(step)

    for _ in range(2):  # the digits of exact weights triple at every step
        E = Sigma31 - W32 @ W21
        before = W21 @ W21.T - W32.T @ W32
        drift = step**2 * (W32.T @ E @ E.T @ W32 - W21 @ E.T @ E @ W21.T)
        W21, W32 = euler_step(W21, W32, Sigma31, step)
        assert np.all(W21 @ W21.T - W32.T @ W32 == before + drift)


@given(st.data())
def test_modes_follow_their_closed_form(data):
    """Modes of trained float64 weights lie within Euler's error of ``modes.trajectory``."""
    U = data.draw(orthogonal_matrices(size=3))
    V = data.draw(orthogonal_matrices(size=2))
    s = data.draw(spectra(min_size=2, max_size=2, min_value="1/2", max_value=2))
    start = data.draw(
        balanced_initializations(sizes=(2, 2, 3), aligned_with=(U, V), max_scale="1/2", dtype=float)
    )
    W21, W32 = start
    U, V = np.array(U, dtype=float), np.array(V, dtype=float)
    Sigma31 = U[:, :2] @ np.diag(np.array(s, dtype=float)) @ V.T

    steps, time = 512, 1
    a0 = np.diag(U.T @ W32 @ W21 @ V)
    for _ in range(steps):
        W21, W32 = euler_step(W21, W32, Sigma31, time / steps)
    modes = np.diag(U.T @ W32 @ W21 @ V)

    for k in range(2):
        inputs = {"s": str(s[k]), "a0": str(Fraction(a0[k])), "tau": "1", "t": str(time)}
        known = evaluate(collect()["modes.trajectory"], inputs, digits=17)["values"]["a"]
        assert abs(modes[k] - float(known["value"])) <= euler_error(float(s[k]), time, steps)


def euler_error(s, time, steps):
    """How far Euler's steps can be from a mode that starts below s <= 2.

    Both layers r of a mode move by f(r) = r(s - r^2), with f' <= s and, as r^2 <= s,
    |f| <= 2(s/3)^(3/2) and |f'| <= 2s.  So Euler's r is off by at most
    (time/steps) max|f f'| (e^(s time) - 1)/(2s), and a = r^2 by 2 sqrt(s) times as much.
    A step rounds the few products in it to 2^-45 at worst, and no perturbation of the weights
    grows faster than e^(2 time), as the error |Sigma31 - W32 W21| is at most 2.
    """
    rounding = 4 * steps * 2**-45 * exp(2 * time)
    return time / steps * 4 * s**2 / 27**0.5 * (exp(s * time) - 1) + rounding
