"""Slogans that are false, and the claims at whose edge they stand."""

from __future__ import annotations

from collections.abc import Iterator

from lemmata.theory.claims import Claim

from .court import collect

__all__ = ["corrections", "guards", "row"]


def row(id: str) -> str:
    """The row of NOTATION that a claim belongs to: ``chapter.claim``."""
    return ".".join(id.split(".")[:2])


def guards(claim: Claim) -> Iterator[Claim]:
    """False slogans of the same row: they begin where the claim ends."""
    for other in collect():
        if other.expects == "refuted" and row(other.id) == row(claim.id):
            yield other


def corrections(guard: Claim) -> tuple[Claim, ...]:
    """The claims that say what holds instead of a slogan, as it names them.

    Of a slogan that names none the claim whose id its own begins with, or else the first of its
    row.  Raises ``ValueError`` for a name that is no claim, and for one that is a slogan itself.
    """
    known = collect()
    for id in guard.corrected_by:
        if id not in known or known[id].expects == "refuted":
            what = "is a slogan itself" if id in known else "is no claim"
            raise ValueError(
                f"corrected_by: {id} of {guard.id} {what}: name a claim that is proved"
            )
    if guard.corrected_by:
        return tuple(known[id] for id in guard.corrected_by)
    beside = [c for c in known if c.expects != "refuted" and row(c.id) == row(guard.id)]
    stem = [claim for claim in beside if guard.id.startswith(f"{claim.id}.")]
    return tuple((stem or beside)[:1])
