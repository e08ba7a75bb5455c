"""Chapter 3: learning dynamics of networks of any depth."""

from . import (
    chain,
    conservation,
    determinant,
    elementary,
    end_to_end,
    gradient,
    hessian,
    infinite,
    iterations,
    minima,
    pairs,
    singular,
    stability,
    times,
    two_layers,
)

__all__ = [
    "chain",
    "conservation",
    "determinant",
    "elementary",
    "end_to_end",
    "gradient",
    "hessian",
    "infinite",
    "iterations",
    "minima",
    "pairs",
    "singular",
    "stability",
    "times",
    "two_layers",
]
