"""Numbers of claims, and how text refers to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..typesetting import escaped
from .contents import Part
from .prose import told

__all__ = ["Numbers", "printed_id"]

_ID = re.compile(r"(``)?\b(?P<id>[a-z]+(?:\.[a-z_0-9]+)+)\b(?(1)``)")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The number of each claim that the book has, by id: ``3.14``."""

    by_id: Mapping[str, str]

    @classmethod
    def of(cls, parts: Iterable[Part]) -> Numbers:
        """Numbers of all claims, chapter by chapter."""
        chapters = [chapter for part in parts for chapter in part.chapters]
        return cls({c.id: number for chapter in chapters for number, c in chapter.numbered})

    def reference(self, id: str) -> str:
        """A link to the claim; its id where the book does not have it."""
        return rf"\claimref{{{id}}}" if id in self.by_id else printed_id(id)

    def references(self, ids: Iterable[str]) -> str:
        """Links in the order of the ids, with commas."""
        return ", ".join(map(self.reference, ids))

    def prose(self, text: str) -> str:
        """A docstring or a reason as LaTeX; claims that it names become links."""
        pieces, place = [], 0
        for found in _ID.finditer(text):
            if found["id"] in self.by_id:
                link = f"Claim~{self.reference(found['id'])}"
                pieces += [told(text[place : found.start()]), link]
                place = found.end()
        return "".join([*pieces, told(text[place:])])


def printed_id(id: str) -> str:
    """An id in typewriter letters that may be broken behind its dots and underscores."""
    broken = escaped(id).replace(".", r".\allowbreak ").replace(r"\_", r"\_\allowbreak ")
    return rf"\texttt{{{broken}}}"
