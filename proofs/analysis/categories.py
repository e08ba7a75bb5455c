"""Given categories: their coherence, and when the network tells them from their nearest one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from lemmata.numerics.categories import Classification, Coherence, coherences
from lemmata.numerics.networks import FloatArray
from scipy.optimize import brentq

from .mode_arrays import curves
from .modes import TableModes
from .settings import Settings

__all__ = ["Category", "find_categories"]

APPROXIMATE = 0.95
"""A contrast with this share of its square in one multiplet is called nearly an eigenvector."""


@dataclass(frozen=True)
class Category:
    """One category of a classification.

    ``eigenvector``: exact (up to rounding), nearly or no; where it is no the singular value of
    the category is undefined.  ``best``: index of the multiplet with the largest part of the
    contrast, ``share`` that part of its square.  ``time``: when the squared distance of the
    hidden representations along the contrast meets the criterion.
    """

    classification: str
    coherence: Coherence
    eigenvector: str
    best: int
    share: float
    time: float | None


def find_categories(
    similarity: FloatArray, kind: Classification, found: TableModes, settings: Settings
) -> list[Category]:
    """Coherence of every category of ``kind`` and how its contrast relates to the modes."""
    # Eigenvectors are those of a matrix within P eps |G| of G (backward stability).
    doubt = len(similarity) * np.finfo(np.float64).eps * float(np.linalg.norm(similarity, 2))
    categories = []
    for coherence in coherences(similarity, kind):
        overlaps = found.vectors.v.T @ coherence.contrast
        shares = np.array([np.sum(overlaps[group] ** 2) for group in found.groups])
        best = int(np.argmax(shares))
        exact = coherence.residual <= doubt
        nearly = "nearly" if shares[best] >= APPROXIMATE else "no"
        categories.append(
            Category(
                classification=kind.name,
                coherence=coherence,
                eigenvector="yes" if exact else nearly,
                best=best,
                share=float(shares[best]),
                time=_separation_time(shares, found, settings),
            )
        )
    return categories


def _separation_time(shares: FloatArray, found: TableModes, settings: Settings) -> float | None:
    """When ``sum_l a_l(t) |P_l x|^2``, the squared distance along ``x``, meets the criterion."""
    lambda_, a0, tau = found.input_strength, settings.start_scale, settings.tau
    criterion, final = settings.criterion, float(shares @ found.strengths) / lambda_
    level = criterion.level * (final if criterion.kind == "fraction" else 1.0)
    start = a0 * float(np.sum(shares))
    if not start < level < final:
        return None

    def above(log_time: float) -> float:
        times = np.array([np.exp(log_time)])
        strengths = curves(found.strengths, lambda_, a0, tau, times)[:, 0]
        return float(shares @ strengths) - level

    strongest = tau / float(found.strengths[0])
    low = high = float(np.log(strongest))
    # Far enough out every mode is either at its start or at its end.
    while above(low) > 0:
        low -= 1
    while above(high) < 0:
        high += 1
    return float(np.exp(brentq(above, low, high, xtol=1e-14)))
