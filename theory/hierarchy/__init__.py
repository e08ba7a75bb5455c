"""Chapter 2: hierarchies of items and the coherence of categories."""

from . import (
    analyzers,
    coherence,
    differentiation,
    finite_features,
    irregular,
    separation,
    similarity,
    spectrum,
)

__all__ = [
    "analyzers",
    "coherence",
    "differentiation",
    "finite_features",
    "irregular",
    "separation",
    "similarity",
    "spectrum",
]
