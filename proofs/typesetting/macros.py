r"""A file of commands to ``\input``: one for each claim, with its digest and status.

The name of a command is made of the claim's id, and no two ids have the same: letters stay, a word
begins with a capital, ``X`` stands for a dot, ``Q`` before the name of a digit that begins a word
and ``QQ`` before one inside; a word that itself begins with x, q or y doubles it: ``Xx``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lemmata.theory.claims import Claim

from .claims import typeset_in
from .domain import told_domain
from .style import Style, style_told

__all__ = ["PREFIX", "UNVERIFIED", "macro_lines", "macro_name"]

PREFIX = "lemmata"
UNVERIFIED = "not verified in this run"
_DIGITS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def macro_name(id: str) -> str:
    """The name of a claim's command, without the backslash: letters only.

    Raises ``ValueError`` for what is no id of a claim.

    >>> macro_name("depth.learning_time.layers_4")
    'lemmataDepthXLearningTimeXLayersQFour'
    """
    if not re.fullmatch(r"[a-z0-9_.]+", id):
        raise ValueError(f"id: {id!r} is no claim id: write chapter.claim in lower case")
    return PREFIX + "X".join(_segment(segment) for segment in id.split("."))


def _segment(segment: str) -> str:
    first, *words = segment.split("_")
    return _word(first, "Y" if not first else "") + "".join(_word(w, "Y") for w in words)


def _word(word: str, nothing: str) -> str:
    if not word:
        return nothing
    first, rest = word[0], word[1:]
    inside = re.sub(r"\d", lambda found: "QQ" + _DIGITS[int(found[0])], rest)
    if first.isdigit():
        return "Q" + _DIGITS[int(first)] + inside
    return first.upper() + (first if first in "xqy" else "") + inside


def macro_lines(
    claims: Sequence[Claim], style: Style, statuses: Mapping[str, str]
) -> Iterator[str]:
    r"""Lines of the file: for each claim comments and a ``\newcommand``.

    The first comment tells digest and status, the second for which values the claim is stated.

    ``statuses`` are told by id, as they were found at the present digest.
    """
    yield r"% commands for mathematics; they need amsmath and amssymb"
    for claim in claims:
        status = statuses.get(claim.id, UNVERIFIED)
        kept = ", kept as a guard: it is false" if claim.expects == "refuted" else ""
        told = style_told(style)
        yield f"% {claim.id}  digest {claim.digest}{told}  status {status}{kept}"
        values = told_domain(claim, style)
        if values:
            yield f"%   for {values}"
        latex = typeset_in(claim, claim.statement, style)
        yield rf"\newcommand{{\{macro_name(claim.id)}}}{{\ensuremath{{{latex}}}}}"
