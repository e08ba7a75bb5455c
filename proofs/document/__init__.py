"""The whole theory as one LaTeX paper: ``lemmata latex --document``."""

from .writing import book, command

__all__ = ["book", "command"]
