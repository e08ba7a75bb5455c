"""Chapter 3: signal propagation and dynamical isometry."""

from . import lengths

__all__ = ["lengths"]
