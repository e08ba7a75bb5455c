"""Chapter 3: what large initial weights cost."""

from . import large_gain, regression, spectrum

__all__ = ["large_gain", "regression", "spectrum"]
