"""Chapter 2: what a semantic network shows while it learns."""

from . import (
    basic_level,
    cross_cutting,
    detectability,
    distinctive,
    frequency,
    illusory,
    induction,
    readout,
    shallow_readout,
    similarity,
    speeds,
    turning,
    typicality,
)

__all__ = [
    "basic_level",
    "cross_cutting",
    "detectability",
    "distinctive",
    "frequency",
    "illusory",
    "induction",
    "readout",
    "shallow_readout",
    "similarity",
    "speeds",
    "turning",
    "typicality",
]
