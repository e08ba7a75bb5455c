"""LaTeX of claims, from the very objects that are checked."""

from .claims import (
    claim_lines,
    display,
    equation_lines,
    expressions_of,
    sequences_of,
    typeset,
    typeset_in,
)
from .given import Given, defined, givens
from .lines import split_lines
from .measure import width
from .names import latex_of_name
from .plain import told
from .prose import escaped
from .style import COLUMN, Style, StyleError

__all__ = [
    "COLUMN",
    "Given",
    "Style",
    "StyleError",
    "claim_lines",
    "defined",
    "display",
    "equation_lines",
    "escaped",
    "expressions_of",
    "givens",
    "latex_of_name",
    "sequences_of",
    "split_lines",
    "told",
    "typeset",
    "typeset_in",
    "width",
]
