"""Definitions put in, as many as a claim and a relation have in common or apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.definitions import Definition, expand_all

from ..rules import differentiated

__all__ = ["Insertion", "insertions"]


@dataclass(frozen=True, slots=True)
class Insertion:
    """Some of the definitions of a claim, put in where they stand."""

    chosen: tuple[Definition, ...]
    others: tuple[Definition, ...]

    def __call__(self, expr: Any) -> Any:
        """The expression with these definitions put in."""
        return differentiated(expand_all(self.chosen, differentiated(expr)))


def insertions(claim: Claim, relation: Any) -> Iterator[Insertion]:
    """Ways to put definitions in.

    None; those of which one of the two only speaks; all; all but those of one side of the claim.
    """
    where = claim.where

    def heads_in(expr: Any) -> set[Any]:
        return {d.symbol for d in where if expr.has(d.symbol)}

    spoken, written = heads_in(claim.statement), heads_in(relation)
    everything = {d.symbol for d in where}
    sides = [everything - heads_in(side) for side in claim.statement.args]
    apart: tuple[set[Any], ...] = (set(), spoken - written, written - spoken, spoken ^ written)
    seen: list[set[Any]] = []
    for heads in (*apart, everything, *sides):
        if heads in seen:
            continue
        seen.append(heads)
        yield Insertion(
            tuple(d for d in where if d.symbol in heads),
            tuple(d for d in where if d.symbol not in heads),
        )
