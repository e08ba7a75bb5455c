"""Chapter 1: learning dynamics of the three-layer linear network."""

from . import (
    decoupling,
    descent,
    layers,
    lazy,
    modes,
    negative,
    ordering,
    riccati,
    shallow,
    stages,
    times,
    unbalanced,
    vectors,
)

__all__ = [
    "decoupling",
    "descent",
    "layers",
    "lazy",
    "modes",
    "negative",
    "ordering",
    "riccati",
    "shallow",
    "stages",
    "times",
    "unbalanced",
    "vectors",
]
