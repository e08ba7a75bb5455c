"""Claims by id or pattern, with the nearest ids when there is none."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Sequence

import click
from lemmata.theory.claims import Claim

from ..court import collect

__all__ = ["find", "matching"]


def find(id: str) -> Claim:
    """The claim of that id; raises ``click.UsageError`` suggesting the nearest ids."""
    registry = collect()
    if id in registry:
        return registry[id]
    near = difflib.get_close_matches(id, registry.ids(), n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else "see `lemmata list`"
    raise click.UsageError(f"claim: {id!r} is unknown: {hint}")


def matching(patterns: Sequence[str]) -> list[Claim]:
    """Claims whose id matches one of the shell patterns; all of them for no pattern."""
    claims = list(collect())
    if not patterns:
        return claims
    return [c for c in claims if any(fnmatch.fnmatchcase(c.id, p) for p in patterns)]
