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


def corrections(guard: Claim) -> Iterator[Claim]:
    """The true claims of a slogan's row: its own stem first, then those beside it."""
    stem = guard.id.rpartition(".")[0]
    beside = [c for c in collect() if c.expects != "refuted" and row(c.id) == row(guard.id)]
    yield from sorted(beside, key=lambda claim: not stem.startswith(claim.id))
