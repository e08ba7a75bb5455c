"""Chapter 3: products of random matrices."""

from . import fuss_catalan, gaussian_norm, layers, moments, traces

__all__ = ["fuss_catalan", "gaussian_norm", "layers", "moments", "traces"]
