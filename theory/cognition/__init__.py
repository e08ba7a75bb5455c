"""Chapter 2: what a semantic network shows while it learns."""

from . import frequency, illusory, readout, shallow_readout, similarity, speeds, typicality

__all__ = [
    "frequency",
    "illusory",
    "readout",
    "shallow_readout",
    "similarity",
    "speeds",
    "typicality",
]
