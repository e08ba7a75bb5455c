"""Comments that seem to be meant as annotations but are none as they stand."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

__all__ = ["misspelt"]

_WANTED = r"[A-Za-z]\w*(?:\.\w+)+[ \t]*(?:\[.*)?|(?:follows|ignore)[ \t]*(?:\(.*)?|let[ \t].*[>(].*"
_NEARLY = re.compile(
    rf"%+[ \t]*((?P<word>[A-Za-z]{{5,9}})[ \t]*[:;=.,-]?[ \t]*(?:{_WANTED}))[ \t]*$"
)
_LONGEST = 300
"""Characters of such a comment; the time to search one grows with their square."""
_NAME = "lemmata"
_ALIKE = 0.8
"""Of the letters of both words, those in common: lemata, lemma, lemmatta, but not lemon."""


def misspelt(text: str, start: int) -> re.Match[str] | None:
    """A comment that names a claim, or asks for a step, behind a word that is nearly lemmata.

    ``[1]`` is all of it, so that it cannot be taken for the text of an annotation.
    """
    line = text.find("\n", start, start + _LONGEST)
    if line < 0:
        line = len(text)
    found = _NEARLY.match(text, start, line) if line - start <= _LONGEST else None
    if found is None:
        return None
    alike = SequenceMatcher(None, found["word"].lower(), _NAME).ratio()
    return found if alike >= _ALIKE else None
