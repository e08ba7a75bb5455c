"""The text of a manuscript: files, macros, tokens, displayed equations; nothing is executed."""

from .equations import Equation, Manuscript
from .limits import LIMITS, Limits
from .reading import read_formula, read_manuscript, read_text
from .tokens import Annotation, Place, Problem, TexError, Token

__all__ = [
    "LIMITS",
    "Annotation",
    "Equation",
    "Limits",
    "Manuscript",
    "Place",
    "Problem",
    "TexError",
    "Token",
    "read_formula",
    "read_manuscript",
    "read_text",
]
