"""Chapter 3: products of random matrices."""

from . import amplified, fuss_catalan, gaussian_norm, layers, moments, orthogonal, rows, traces

__all__ = [
    "amplified",
    "fuss_catalan",
    "gaussian_norm",
    "layers",
    "moments",
    "orthogonal",
    "rows",
    "traces",
]
