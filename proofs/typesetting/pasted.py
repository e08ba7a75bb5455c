"""Equations of claims that were pasted into a manuscript: still as they are printed, or changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lemmata.theory.claims import Claim

from .claims import display, equation_lines, typeset_in
from .stale import Comment
from .style import Style, StyleError, style_from

__all__ = ["changed_by_hand"]

LONGEST = 500
"""Lines behind a comment in which its equation ends."""
_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|%[^\n]*|\$\$|\n[ \t]*\n|\S", re.DOTALL)
_LABEL = re.compile(r"\\label\s*\{[^{}\n]*\}|\\(?:notag|nonumber)\b")
_OPENING = re.compile(
    r"\s*(?:\\begin\s*\{(?:equation|align|gather|displaymath|math|multline|flalign)\*?\}"
    r"|\\\[|\\\(|\$\$|\$|\\newcommand\*?\s*\{?\s*\\[A-Za-z]+\s*\}?\s*\{\s*\\ensuremath\s*\{)"
)
_PUNCTUATION = frozenset([".", ",", ";", r"\,", r"\;", r"\quad", r"\qquad", "&"])
_CLOSING = frozenset([r"\end", r"\]", r"\)", "$$", "$", "}", r"\\"])
_WORDS = ("where", "For", "Given:", "This", r"{\sloppy")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int


def changed_by_hand(lines: Sequence[str], comment: Comment, claim: Claim) -> str | None:
    """One line where what follows a comment is not the equation of its claim; else None.

    White space, comments, labels, the environment and punctuation behind it may be another.
    """
    place = f"line {comment.line}: {claim.id}"
    try:
        style, width = style_from(comment.style)
        wanted = [_plain(body) for body in _printed(claim, style, width)]
    except StyleError as error:
        return f"{place}: the style that its comment tells cannot be used: {error}"
    following = lines[comment.line : comment.line + LONGEST]
    source = _LABEL.sub(lambda found: " " * len(found[0]), "\n".join(following))
    opening = _OPENING.match(_without_comments(source))
    shown = list(_tokens(source, opening.end() if opening else 0, comment.line + 1))
    alike = max(_alike(shown, want) for want in wanted)
    complete = [want for want in wanted if _alike(shown, want) == len(want)]
    ended = [len(want) for want in complete if _ends(shown[len(want) :], bool(opening))]
    if ended:
        return None
    if alike == 0:
        return f"{place}: no equation of the claim follows its comment"
    longest = max((len(want) for want in complete), default=alike)
    at = shown[min(longest, len(shown) - 1)]
    return f"line {at.line}: {claim.id}: the equation was changed by hand, at {at.text.strip()!r}"


def _printed(claim: Claim, style: Style, width: float) -> Iterator[str]:
    """The ways in which an equation of the claim may stand in its environment."""
    yield typeset_in(claim, claim.statement, style)
    lines = display(claim, claim.statement, style, width)
    for environment in ("equation*", "align*"):
        body = list(equation_lines(lines, replace(style, environment=environment)))[1:-1]
        yield "\n".join(body)


def _without_comments(text: str) -> str:
    return re.sub(r"(?<!\\)%.*", lambda found: " " * len(found[0]), text)


def _plain(text: str) -> list[str]:
    return [token.text for token in _tokens(text, 0, 1)]


def _tokens(text: str, start: int, line: int) -> Iterator[_Token]:
    """Commands, signs and empty lines; comments and spaces aside."""
    line += text.count("\n", 0, start)
    place = start
    for found in _TOKEN.finditer(text, start):
        line += text.count("\n", place, found.start())
        place = found.start()
        if not found[0].startswith("%"):
            yield _Token("\n" if found[0].startswith("\n") else found[0], line)


def _alike(shown: Sequence[_Token], want: Sequence[str]) -> int:
    """How many tokens are the same from the beginning."""
    count = 0
    for mine, other in zip(shown, want, strict=False):
        if mine.text != other:
            break
        count += 1
    return count


def _ends(rest: Sequence[_Token], opened: bool) -> bool:
    """Whether the equation ends here."""
    place = 0
    while place < len(rest) and rest[place].text in _PUNCTUATION:
        place += 1
    if place == len(rest):
        return not opened
    if rest[place].text in _CLOSING:
        return True
    words = "".join(token.text for token in rest[place : place + 12])
    return not opened and (words.startswith("\n") or words.startswith(_WORDS))
