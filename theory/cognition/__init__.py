"""Chapter 2: what a semantic network shows while it learns."""

from . import (
    cross_cutting,
    detectability,
    frequency,
    illusory,
    readout,
    shallow_readout,
    similarity,
    speeds,
    turning,
    typicality,
)

__all__ = [
    "cross_cutting",
    "detectability",
    "frequency",
    "illusory",
    "readout",
    "shallow_readout",
    "similarity",
    "speeds",
    "turning",
    "typicality",
]
