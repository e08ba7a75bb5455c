"""All claims by id; duplicate ids are refused naming both places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .claims import Claim

__all__ = ["REGISTRY", "Registry"]

_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


class Registry:
    """Claims in the order in which they were made."""

    def __init__(self) -> None:
        self._claims: dict[str, Claim] = {}

    def add(self, claim: Claim) -> None:
        """Register ``claim``; raises ``ValueError`` for a malformed or duplicate id.

        The same file read again (a test collector, a notebook cell) replaces its own claim.
        """
        if not _ID.fullmatch(claim.id):
            raise ValueError(f"id: {claim.id!r} is no claim id: write chapter.claim in lower case")
        other = self._claims.get(claim.id)
        if other is not None and other.place != claim.place:
            raise ValueError(
                f"id: {claim.id} is claimed twice, at {other.place} and at {claim.place}: "
                "rename one"
            )
        self._claims[claim.id] = claim

    def __getitem__(self, id: str) -> Claim:
        return self._claims[id]

    def __contains__(self, id: object) -> bool:
        return id in self._claims

    def __iter__(self) -> Iterator[Claim]:
        return iter(self._claims.values())

    def __len__(self) -> int:
        return len(self._claims)

    def ids(self) -> list[str]:
        """The ids in order of registration."""
        return list(self._claims)

    def closure(self, id: str) -> list[str]:
        """Everything ``id`` rests on, directly or not, each once, without ``id``.

        Raises ``KeyError`` naming a missing claim, ``ValueError`` for a circle.
        """
        done: list[str] = []
        self._visit(id, (), done)
        return done[:-1]

    def _visit(self, id: str, above: tuple[str, ...], done: list[str]) -> None:
        if id in above:
            raise ValueError(f"rests_on: circle {' -> '.join((*above, id))}: cut it")
        if id in done:
            return
        if id not in self._claims:
            raise KeyError(f"rests_on: {above[-1] if above else id} rests on unknown claim {id}")
        for below in self._claims[id].rests_on:
            self._visit(below, (*above, id), done)
        done.append(id)


REGISTRY = Registry()
