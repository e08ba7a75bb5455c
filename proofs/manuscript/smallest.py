"""The smallest single edit that makes a formula say what a claim says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Eq, Equivalent, Ge, Gt, Le, Lt, MatrixSymbol, Symbol
from sympy.core.function import AppliedUndef

from ..domain import gap
from ..levels.values import Values
from ..notation import nodes, written
from ..notation.nodes import Node
from ..trial import relations_of
from ..verdicts import Status
from ..words.chance import RejectedError
from ..words.draws import Drawer
from ..words.errors import OutOfReachError
from ..words.fields import Rationals
from ..words.values import Values as MatrixValues
from .comparing import compare_chain, known
from .comparison import Known
from .edits import Edit, enumerated, plain_edits
from .inequalities import ScalarInequalities
from .needed import needed_edits
from .numbers import Points
from .reading import Reader
from .repeated import repeated_edits
from .scalar import ScalarEquations
from .sequences import SequenceRelations
from .time_limit import OutOfTimeError, check_time, limited

__all__ = ["Corrected", "smallest_edits", "spoken_of"]

SECONDS = 3.0
"""Of the processor: how long edits are looked for in one formula."""
PROOF_SECONDS = 2.0
"""Of the processor: how much longer those that were found are put to the proof."""
PROOFS = 12
"""Candidates that are put to the proof."""
INSTANCES = 4
_INEQUALITY = (Gt, Ge, Lt, Le)


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
        deadline = time.process_time() + SECONDS
        candidates = _candidates(claim, about, reader, formula, link, rng, deadline)
        edits = _ranked(_in_time(candidates))
        found.extend(_proved(claim, about, reader, formula, edits, rng))
    return found


def _in_time(candidates: Iterator[Edit]) -> Iterator[Edit]:
    """The candidates that were found before the time was over."""
    with suppress(OutOfTimeError):
        yield from candidates


def _proved(
    claim: Claim,
    about: Known,
    reader: Reader,
    formula: Node,
    edits: Iterable[Edit],
    rng: np.random.Generator,
) -> Iterator[Corrected]:
    """Those of the edits after which the formula is proved to say what the claim says."""
    results: list[Any] = []
    best: tuple[int, int] | None = None
    tried = 0
    for edit in edits:
        check_time()
        if tried >= PROOFS or (best is not None and edit.rank[:2] > best):
            return
        changed = edit.applied(formula)
        try:
            links = reader.links(changed)
        except (ValueError, ArithmeticError, TypeError):
            continue
        told = [_settled(r) for r in links]
        if told in results:
            continue
        tried += 1
        verdict, _ = compare_chain(claim, about, links, rng)
        if verdict.status is Status.PROVED:
            results.append(told)
            best = best or edit.rank[:2]
            yield Corrected(edit, changed)


def _settled(relation: Any) -> Any:
    """The relation, written the same for factors in any order."""
    try:
        return type(relation)((relation.lhs - relation.rhs).expand(), 0, evaluate=False)
    except (AttributeError, TypeError, ValueError):
        return relation


def spoken_of(claim: Claim, links: Iterable[Any]) -> set[Any]:
    """Symbols, letters, functions and their values in the claim's statement and in relations."""
    found: set[Any] = set()
    for relation in (claim.statement, *links):
        applied = relation.atoms(AppliedUndef)
        found |= {*relation.free_symbols, *applied, *(f.func for f in applied)}
        found |= relation.atoms(MatrixSymbol)
    if claim.levels is not None:
        found |= {s for relation in (claim.statement, *links) for s in relation.atoms(Symbol)}
        found |= {claim.levels.depth, *(index for index, _, _ in claim.levels.indices)}
    return found


def _ranked(edits: Iterable[Edit]) -> list[Edit]:
    distinct = {(e.way, written(e.new)): e for e in edits}
    # Of edits as small, those on the right side first: the left one is often a name.
    return sorted(distinct.values(), key=lambda e: (*e.rank[:2], e.way[:1] == (0,), e.rank[2]))


def _candidates(
    claim: Claim,
    about: Known,
    reader: Reader,
    formula: Node,
    link: int,
    rng: np.random.Generator,
    deadline: float,
) -> Iterator[Edit]:
    """Edits after which numbers tell nothing against the formula."""
    if isinstance(formula, nodes.Logic) and isinstance(about, ScalarInequalities):
        yield from _in_an_equivalence(claim, about, reader, formula, rng, deadline)
        return
    if isinstance(about, ScalarEquations | ScalarInequalities):
        yield from _scalar(about, reader, formula, link, rng, deadline)
        return
    try:
        links = reader.links(formula)
    except ValueError:  # its sizes do not fit: an edit may make them
        links = []
    may_hold = _probe(claim, about, links, rng)
    for edit in enumerated(formula, reader.names(spoken_of(claim, links))):
        if time.process_time() > deadline:
            return
        relation = reader.link(edit.applied(formula), link)
        if relation is not None and may_hold(relation):
            yield edit


def _scalar(
    about: ScalarEquations | ScalarInequalities,
    reader: Reader,
    formula: Node,
    link: int,
    rng: np.random.Generator,
    deadline: float,
) -> Iterator[Edit]:
    def over() -> bool:
        return time.process_time() > deadline

    points = Points(about, rng)
    if not points.points:
        return
    spelled = reader.spelled(spoken_of(about.claim, reader.links(formula)))
    for target in _targets(about):

        def gap_of(whole: Node, target: Callable[[Any], Any] = target) -> Any:
            relation = reader.link(whole, link, hole=True)
            return None if relation is None else target(relation)

        yield from needed_edits(
            formula, points, gap_of, reader.value, spelled, reader.composites(), over
        )
        for edit in plain_edits(formula):
            check_time()
            if over():
                return
            relation = reader.link(edit.applied(formula), link)
            if relation is not None and _vanishes(points, relation, target):
                yield edit
        for repeated in repeated_edits(formula):
            if over():
                return
            relation = reader.link(repeated.applied(formula), link)
            if relation is not None and _vanishes(points, relation, target):
                yield repeated


def _targets(about: ScalarEquations | ScalarInequalities) -> list[Callable[[Any], Any]]:
    """What has to vanish for a relation to hold, or to say what an inequality says."""
    if isinstance(about, ScalarEquations):
        return [lambda r: r.lhs - r.rhs if isinstance(r, Eq) else None]
    statement = about.claim.statement
    left, right = statement.lhs, statement.rhs

    def same_gap(relation: Any) -> Any:
        return gap(relation) - gap(statement) if isinstance(relation, _INEQUALITY) else None

    def same_ratio(relation: Any) -> Any:
        if not isinstance(relation, _INEQUALITY):
            return None
        one, other = relation.lhs, relation.rhs
        if type(relation) is not type(statement):
            one, other = other, one
        return one * right - other * left

    return [same_gap, same_ratio] if right != 0 and left != 0 else [same_gap]


def _vanishes(points: Points, relation: Any, target: Callable[[Any], Any]) -> bool:
    wanted = target(relation)
    if wanted is None:
        return False
    values = points.values(wanted)
    sizes = [points.values(side) for side in (relation.lhs, relation.rhs)]
    if values is None or not values or any(size is None for size in sizes):
        return False
    scale = [max(map(abs, pair)) for pair in zip(*[s for s in sizes if s is not None], strict=True)]
    return all(abs(v) <= 1e-9 * max(s, 1e-6) for v, s in zip(values, scale, strict=True))


def _in_an_equivalence(
    claim: Claim,
    about: ScalarInequalities,
    reader: Reader,
    formula: nodes.Logic,
    rng: np.random.Generator,
    deadline: float,
) -> Iterator[Edit]:
    """Edits in one side of an equivalence whose other side is right."""
    theirs = relations_of(claim.statement)
    for number in (0, 1):
        side = formula.sides[number]
        for other in theirs:
            part = replace(claim, statement=other, derivation=None)
            for edit in _scalar(ScalarInequalities(part), reader, side, 0, rng, deadline):
                yield replace(edit, way=(number, *edit.way))


def _probe(
    claim: Claim, about: Known, links: list[Any], rng: np.random.Generator
) -> Callable[[Any], bool]:
    if isinstance(about, SequenceRelations):
        return _level_probe(claim, about, links, rng)
    return _matrix_probe(claim, links, rng)


def _level_probe(
    claim: Claim, about: SequenceRelations, links: list[Any], rng: np.random.Generator
) -> Callable[[Any], bool]:
    spoken = [claim.statement, *links]
    changed = replace(claim, derivation=None)
    drawn = []
    for instance in about.instances(_all_of(spoken), rng, 4 * INSTANCES):
        drawn.append(Values(changed, instance))
        if len(drawn) == INSTANCES:
            break

    def may_hold(relation: Any) -> bool:
        if type(relation) is not type(claim.statement):
            return False
        seen = [values.holds(relation) for values in drawn]
        return False not in seen and True in seen

    return may_hold


def _all_of(relations: list[Any]) -> Any:
    """A relation that speaks of all that the relations speak of."""
    if any(not isinstance(r, Eq) for r in relations):
        return relations[0]
    left = sum((r.lhs for r in relations), relations[0].rhs)
    return Eq(left, sum(r.rhs for r in relations), evaluate=False)


def _matrix_probe(
    claim: Claim, links: list[Any], rng: np.random.Generator
) -> Callable[[Any], bool]:
    facts = known(claim).facts  # type: ignore[attr-defined]
    sides = [side for r in (claim.statement, *links) for side in (r.lhs, r.rhs)]
    drawer = Drawer(facts, sides, rng)
    values = []
    for size in (2, 2, 3, 2, 3, 2):
        try:
            values.append(MatrixValues(drawer.draw(size), Rationals()))
        except (RejectedError, ZeroDivisionError):
            continue
        except (OutOfReachError, KeyError):
            break
        if len(values) == 2:
            break

    def may_hold(relation: Any) -> bool:
        if not isinstance(relation, Eq):
            return False
        for at in values:
            try:
                if at.numbers.differs(at.matrix(relation.lhs) - at.matrix(relation.rhs)):
                    return False
            except (OutOfReachError, KeyError, RejectedError, ArithmeticError):
                return len(values) == 0
            except (ValueError, TypeError):
                return False
        return True

    return may_hold
