"""Theory's test error of linear regression from initial weights of a given size."""

from __future__ import annotations

from fractions import Fraction

from .claimed import NotAvailableError, claimed

__all__ = ["CLAIM", "test_error"]

CLAIM = "generalization.large_gain"


def test_error(P: int, N: int, sigma_w: float, sigma_w0: float, sigma_eps: float) -> float:
    """What training to its end leaves, in the limit of large ``N`` at ``alpha = P / N``."""
    alpha = Fraction(P, N)
    try:
        (error,) = claimed(
            CLAIM, alpha=alpha, sigma_w=sigma_w, sigma_w0=sigma_w0, sigma_eps=sigma_eps
        ).values()
    except NotAvailableError:
        return _limit(alpha, sigma_w**2, sigma_w0**2, sigma_eps**2)
    return error


def _limit(alpha: Fraction, teacher: float, start: float, noise: float) -> float:
    if alpha < 1:
        return float(1 - alpha) * (teacher + start) + noise / float(1 - alpha)
    return noise * float(alpha / (alpha - 1))
