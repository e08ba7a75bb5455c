"""Claims by id or pattern, with the nearest ids when there is none."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Sequence

import click
from lemmata.theory.claims import Claim

from ..court import collect, locate

__all__ = ["find", "matching", "unmatched"]


def find(id: str) -> Claim:
    """The claim of that id; raises ``click.UsageError`` suggesting the nearest ids."""
    found = locate(id)
    if found is not None:
        return found
    raise click.UsageError(f"claim: {id!r} is unknown: {_hint(id)}")


def matching(patterns: Sequence[str]) -> list[Claim]:
    """Claims whose id matches one of the shell patterns; all of them for no pattern."""
    claims = list(collect())
    if not patterns:
        return claims
    return [c for c in claims if any(fnmatch.fnmatchcase(c.id, p) for p in patterns)]


def unmatched(patterns: Sequence[str]) -> str | None:
    """One line about the patterns that match no claim, None when each matches one.

    A pattern that matches nothing is never passed over: its author believes it was verified.
    """
    ids = collect().ids()
    if not ids:
        return "nothing matches: no claims are installed"
    missing = [p for p in patterns if not fnmatch.filter(ids, p)]
    if not missing:
        return None
    return f"nothing matches {', '.join(missing)}: {_hint(missing[0])}"


def _hint(id: str) -> str:
    near = difflib.get_close_matches(id, collect().ids(), n=3, cutoff=0.5)
    return f"did you mean {', '.join(near)}?" if near else "see `lemmata list`"
