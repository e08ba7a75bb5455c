"""Docstrings and reasons as LaTeX; see ``typesetting.plain``."""

from ..typesetting.plain import told

__all__ = ["told"]
