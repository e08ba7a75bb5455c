"""Whether a file that was printed still says what the claims say."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

__all__ = [
    "HEADER",
    "Comment",
    "Line",
    "StaleError",
    "comments",
    "differences",
    "header",
    "numbered",
    "recorded",
]

HEADER = "% made by: lemmata latex "
_COMMENT = re.compile(
    r" *% *(?P<id>[a-z][a-z0-9_.]*)(?:  |, )digest (?P<digest>[0-9a-f]{16})\b(?P<rest>.*)"
)
_REST = re.compile(
    r"(?:  style (?P<style>.*?))?(?:  status (?P<status>[a-z ]+?)(?:, kept as a guard: .*)?)? *"
)
_OUTSIDE = re.compile(r"\\(?:part|chapter|section)\b|\\end\{document\}")
"""Where the part of one claim ends in the paper."""
_COMMANDS_ONLY = re.compile(r"\s*(?:%.*|\\newcommand\{\\lemmata.*)?")

Line = tuple[int, str]
"""A line with its number."""


class StaleError(ValueError):
    """A file that cannot be checked; one line with the reason."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What the comment at ``line`` tells of a claim; ``status`` is empty where none is told."""

    line: int
    id: str
    digest: str
    style: str
    status: str


def header(arguments: Sequence[str]) -> str:
    """The first line of a file: how it was made."""
    return HEADER + shlex.join(arguments)


def recorded(text: str) -> list[str] | None:
    """The arguments with which a file was made; None for a file into which claims were pasted.

    Raises ``StaleError`` for a file of commands that has lost its first line, for one that tells of
    no claim, and for a first line that cannot be read.
    """
    lines = text.splitlines()
    line = next((line for line in lines[:5] if line.startswith(HEADER)), None)
    if line is None:
        if not any(_COMMENT.match(line) for line in lines):
            raise StaleError(
                f"was not written by lemmata latex: none of its first lines begins with {HEADER!r}"
            )
        if all(_COMMANDS_ONLY.fullmatch(line) for line in lines) and "newcommand" in text:
            raise StaleError(
                "has lost its first line, which tells how the commands were made: write it again"
            )
        return None
    try:
        return shlex.split(line.removeprefix(HEADER))
    except ValueError as error:
        raise StaleError(f"its first line cannot be read ({error}): write it again") from None


def comments(text: str) -> Iterator[Comment]:
    """All comments that tell the digest of a claim, from the first line to the last."""
    for number, line in enumerate(text.splitlines(), 1):
        found = _comment(number, line)
        if found is not None:
            yield found


def _comment(number: int, line: str) -> Comment | None:
    found = _COMMENT.match(line)
    if found is None:
        return None
    rest = _REST.fullmatch(found["rest"])
    style, status = (rest["style"] or "", rest["status"] or "") if rest else ("", "")
    return Comment(number, found["id"], found["digest"], style, status)


def numbered(text: str) -> list[Line]:
    """The lines with their numbers, without spaces at their ends and empty lines at the end."""
    return list(enumerate((line.rstrip() for line in text.rstrip().splitlines()), 1))


def differences(old: Iterable[Line], new: Iterable[Line]) -> Iterator[str]:
    """One line for each claim that is told otherwise now; none where the texts are the same."""
    before, around = _parted(old)
    after, around_now = _parted(new)
    found = False
    for id, (comment, block) in before.items():
        if id not in after:
            yield f"{id}: digest {comment.digest}, now no longer among the claims asked for"
        elif after[id][0].digest != comment.digest:
            yield f"{id}: digest {comment.digest}, now {after[id][0].digest}"
        elif _texts(after[id][1]) != _texts(block):
            place = _first_difference(block, after[id][1])
            yield (
                f"{id}: digest {comment.digest} as it was, but it is printed otherwise now: "
                f"line {place}"
            )
        else:
            continue
        found = True
    for id, (comment, _) in after.items():
        if id not in before:
            yield f"{id}: is missing, now digest {comment.digest}"
            found = True
    if found:
        return
    if _texts(around) != _texts(around_now):
        place = _first_difference(around, around_now)
        yield f"no claim has changed, but the text around them has: line {place}"
    elif list(before) != list(after):
        yield "no claim has changed, but their order has"


def _texts(lines: Sequence[Line]) -> list[str]:
    return [line for _, line in lines]


def _first_difference(old: Sequence[Line], new: Sequence[Line]) -> int:
    """The number of the first line in the old text that is another one in the new text."""
    last = old[-1][0] if old else 1
    for mine, other in zip_longest(old, new):
        if mine is None or other is None or mine[1] != other[1]:
            return mine[0] if mine is not None else last
    return last


def _parted(lines: Iterable[Line]) -> tuple[dict[str, tuple[Comment, list[Line]]], list[Line]]:
    """The lines from one claim's comment to the next, by id, and those around them."""
    found: dict[str, tuple[Comment, list[Line]]] = {}
    around: list[Line] = []
    current = around
    for number, line in lines:
        comment = _comment(number, line)
        if comment is not None:
            current = []
            found[comment.id] = (comment, current)
        elif _OUTSIDE.match(line):
            current = around
        if line or current is around:
            current.append((number, line))
    return found, around
