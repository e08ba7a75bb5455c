"""Theory's test error of linear regression from initial weights of a given size."""

from __future__ import annotations

from fractions import Fraction

from .claimed import claimed

__all__ = ["CLAIM", "test_error"]

CLAIM = "generalization.large_gain"


def test_error(P: int, N: int, sigma_w: float, sigma_w0: float, sigma_eps: float) -> float:
    """What training to its end leaves, in the limit of large ``N`` at ``alpha = P / N``."""
    inputs = {"sigma_w": sigma_w, "sigma_w0": sigma_w0, "sigma_eps": sigma_eps}
    return claimed(CLAIM, alpha=Fraction(P, N), **inputs)["error"]
