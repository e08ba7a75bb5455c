"""How much the squared length of a vector scatters after Gaussian layers: the law of its spread.

``|W_D ... W_1 x|^2`` of a unit vector is a product of ``D`` independent chi-squared variables with
``N`` degrees of freedom, each over ``N``; SciPy knows their moments.  What is estimated from draws
has these variances.
"""

from __future__ import annotations

from typing import NamedTuple

from scipy.stats import chi2, loggamma

from .arguments import check_whole

__all__ = ["LengthSpreads", "length_spreads"]


class LengthSpreads(NamedTuple):
    """Variances of the squared length ``Y``, of ``(Y - 1)^2`` and of ``ln Y``."""

    length: float
    square: float
    log: float


def length_spreads(width: int, depth: int) -> LengthSpreads:
    """The spreads after ``depth`` layers of ``width`` units; infinite beyond float64."""
    check_whole("width", width)
    check_whole("depth", depth)
    layer = chi2(width)
    try:
        m1, m2, m3, m4 = (float(layer.moment(k) / width**k) ** depth for k in (1, 2, 3, 4))
    except OverflowError:
        m1, m2, m3, m4 = 1.0, *[float("inf")] * 3
        return LengthSpreads(m2, m4, depth * float(loggamma(width / 2).var()))
    variance = m2 - m1**2
    fourth = m4 - 4 * m3 + 6 * m2 - 4 * m1 + 1
    return LengthSpreads(variance, fourth - variance**2, depth * float(loggamma(width / 2).var()))
