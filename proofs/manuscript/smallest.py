"""The smallest single edit that makes a formula say what a claim says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Equivalent

from ..notation import nodes
from ..notation.nodes import Node
from ..verdicts import Status
from .candidates import SECONDS, candidates
from .common_factors import divided_edits
from .comparing import compare_chain
from .comparison import Known
from .edits import Edit
from .ranking import Ranking
from .reading import Reader
from .time_limit import OutOfTimeError, check_time, limited

__all__ = ["Corrected", "smallest_edits"]

PROOF_SECONDS = 2.0
"""Of the processor: how much longer those that were found are put to the proof."""
PROOFS = 12
"""Candidates that are put to the proof."""


@dataclass(frozen=True)
class Corrected:
    """An edit, proved to make the formula say what the claim says, and the formula after it."""

    edit: Edit
    formula: Node


def smallest_edits(
    claim: Claim,
    about: Known,
    reader: Reader,
    formula: Node,
    link: int,
    rng: np.random.Generator,
) -> list[Corrected]:
    """The smallest edits of the formula, several where they are as small; none where none helps."""
    if isinstance(claim.statement, Equivalent) is not isinstance(formula, nodes.Logic):
        return []
    found: list[Corrected] = []
    with suppress(OutOfTimeError), limited(SECONDS + PROOF_SECONDS):
        ranking = Ranking(claim, reader, formula)
        shared = divided_edits(formula)
        found.extend(_proved(claim, about, reader, formula, shared, ranking, rng))
        if found:
            return found
        edits = ranking.ranked(candidates(claim, about, reader, formula, link, rng))
        found.extend(_proved(claim, about, reader, formula, edits, ranking, rng))
    return found


def _proved(
    claim: Claim,
    about: Known,
    reader: Reader,
    formula: Node,
    edits: Iterable[Edit],
    ranking: Ranking,
    rng: np.random.Generator,
) -> Iterator[Corrected]:
    """The smallest of the edits after which the formula is proved to say what the claim says."""
    results: list[Any] = []
    best: tuple[int, ...] | None = None
    for edit in edits:
        check_time()
        if len(results) >= PROOFS or (best is not None and ranking.size(edit) > best):
            return
        changed = edit.applied(formula)
        try:
            links = reader.links(changed)
        except (ValueError, ArithmeticError, TypeError):
            continue
        told = [_settled(r) for r in links]
        if told in results:
            continue
        results.append(told)
        verdict, _ = compare_chain(claim, about, links, rng)
        if verdict.status is Status.PROVED:
            best = best or ranking.size(edit)
            yield Corrected(edit, changed)


def _settled(relation: Any) -> Any:
    """The relation, written the same for factors in any order."""
    try:
        return type(relation)((relation.lhs - relation.rhs).expand(), 0, evaluate=False)
    except (AttributeError, TypeError, ValueError):
        return relation
