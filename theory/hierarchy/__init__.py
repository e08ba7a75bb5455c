"""Chapter 2: hierarchies of items and the coherence of categories."""

from . import coherence, similarity, spectrum

__all__ = ["coherence", "similarity", "spectrum"]
