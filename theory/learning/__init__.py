"""Chapter 1: learning dynamics of the three-layer linear network."""

from . import decoupling, descent, modes, ordering, riccati, shallow, times, unbalanced

__all__ = [
    "decoupling",
    "descent",
    "modes",
    "ordering",
    "riccati",
    "shallow",
    "times",
    "unbalanced",
]
