"""Random networks given by exact rationals, and what a claim foretells of their training."""

from .foretelling import Foretold, foretell
from .networks import Experiment, Network, Reading
from .recipes import RECIPES, Reads, Recipe, repetitions

__all__ = [
    "RECIPES",
    "Experiment",
    "Foretold",
    "Network",
    "Reading",
    "Reads",
    "Recipe",
    "foretell",
    "repetitions",
]
