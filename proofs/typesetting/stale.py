"""Whether a file that was printed still says what the claims say."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

__all__ = ["HEADER", "StaleError", "differences", "digests_in", "header", "recorded", "statuses_in"]

HEADER = "% made by: lemmata latex "
_BLOCK = re.compile(
    r" *% *(?P<id>[a-z][a-z0-9_.]*)(?:  |, )digest (?P<digest>[0-9a-f]{16})\b(?P<rest>.*)"
)
_STATUS = re.compile(r"  status (?P<status>[a-z ]+?)(?:, kept as a guard: it is false)?")


class StaleError(ValueError):
    """A file that cannot be checked; one line with the reason."""


def header(arguments: Sequence[str]) -> str:
    """The first line of a file: how it was made."""
    return HEADER + shlex.join(arguments)


def recorded(text: str) -> list[str]:
    """The arguments with which a file was made; raises ``StaleError`` where it does not say."""
    line = next((line for line in text.splitlines()[:5] if line.startswith(HEADER)), None)
    if line is None:
        raise StaleError(
            f"was not written by lemmata latex: none of its first lines begins with {HEADER!r}"
        )
    try:
        return shlex.split(line.removeprefix(HEADER))
    except ValueError as error:
        raise StaleError(f"its first line cannot be read ({error}): write it again") from None


def statuses_in(text: str) -> dict[str, tuple[str, str]]:
    """Digests and statuses of the claims in a file of commands, by id."""
    found = {}
    for line in text.splitlines():
        block = _BLOCK.fullmatch(line)
        status = _STATUS.fullmatch(block["rest"]) if block else None
        if block and status:
            found[block["id"]] = (block["digest"], status["status"])
    return found


def digests_in(text: str) -> dict[str, str]:
    """The digests that comments of any file tell, by id."""
    found = filter(None, map(_BLOCK.match, text.splitlines()))
    return {block["id"]: block["digest"] for block in found}


def differences(old: str, new: str) -> Iterator[str]:
    """One line for each claim that is told otherwise now; none where the texts are the same."""
    if old == new:
        return
    before, after = _blocks(old), _blocks(new)
    found = False
    for id, (digest, block) in before.items():
        if id not in after:
            yield f"{id}: digest {digest}, now no longer among the claims asked for"
        elif after[id][0] != digest:
            yield f"{id}: digest {digest}, now {after[id][0]}"
        elif after[id][1] != block:
            yield f"{id}: digest {digest} as it was, but it is printed otherwise now"
        else:
            continue
        found = True
    for id, (digest, _) in after.items():
        if id not in before:
            yield f"{id}: is missing, now digest {digest}"
            found = True
    if not found:
        yield "no claim has changed, but the text around them or their order has"


def _blocks(text: str) -> dict[str, tuple[str, str]]:
    """The lines from one claim's comment to the next, by id."""
    found: dict[str, tuple[str, str]] = {}
    id, digest = "", ""
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        block = _BLOCK.match(line)
        if block:
            if id:
                found[id] = (digest, "\n".join(lines).rstrip())
            id, digest, lines = block["id"], block["digest"], []
        lines.append(line)
    if id:
        found[id] = (digest, "\n".join(lines).rstrip())
    return found
