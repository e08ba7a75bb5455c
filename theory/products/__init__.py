"""Chapter 3: products of random matrices."""

from . import gaussian_norm, layers, traces

__all__ = ["gaussian_norm", "layers", "traces"]
