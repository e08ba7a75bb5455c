"""Chapter 2: hierarchies of items and the coherence of categories."""

from . import spectrum
