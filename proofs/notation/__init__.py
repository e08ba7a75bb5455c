"""Mathematics written in LaTeX, read by a grammar that can only build mathematics."""

from .claim_names import vocabulary_of
from .errors import NotationError, SizeError
from .free_names import free_vocabulary
from .nodes import Node, replaced, walk
from .parser import parse
from .statements import read, relations
from .vocabulary import Entry, Vocabulary, declared
from .writing import written

__all__ = [
    "Entry",
    "Node",
    "NotationError",
    "SizeError",
    "Vocabulary",
    "declared",
    "free_vocabulary",
    "parse",
    "read",
    "relations",
    "replaced",
    "vocabulary_of",
    "walk",
    "written",
]
