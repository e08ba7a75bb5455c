"""Which claims an equation without annotation seems to state."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Eq, Equivalent

from ..notation import NotationError, nodes, parse
from ..notation.names import plain_spelling
from ..notation.nodes import Node, walk
from ..notation.vocabulary import Entry, Vocabulary
from ..tex import Equation, read_formula
from ..typesetting import typeset_in
from ..verdicts import Status
from .comparing import compare_chain, known
from .comparison import Known
from .findings import Finding, Suggested
from .fingerprints import likely, telling
from .names import vocabulary_for
from .reading import FormulaError, Reader, formula_of
from .roles import is_name

__all__ = ["suggest_all"]

MOST = 3
SHORTEST = 4
"""Names and numbers below which an equation is too short to tell."""
COMPARED = 8
"""Claims with which an equation is compared."""
SECONDS = 0.5
"""Of the processor, for the comparisons of one equation."""
ALIKE = 0.5
"""How alike a claim must be for other names to be tried."""
LEAST_TOLD = 4.0
"""What an equation must tell for claims to be named that were not proved to be equal."""
RENAMINGS = 6


def suggest_all(
    findings: Sequence[Finding],
    unexplained: Mapping[int, tuple[Equation, Node]],
    seed: int,
    seconds: float,
) -> tuple[list[Finding], int]:
    """The findings with suggestions, for at most so many seconds of the processor.

    And the number of equations that were not looked at.
    """
    found = list(findings)
    deadline = time.process_time() + seconds
    claims: dict[str, Known] = {}
    seen: dict[Node, list[Suggested]] = {}
    for count, (number, (equation, tree)) in enumerate(unexplained.items()):
        if time.process_time() > deadline:
            return found, len(unexplained) - count
        rng = np.random.default_rng([seed, equation.place.line, equation.place.column])
        if tree not in seen:
            seen[tree] = _suggested(tree, claims, rng, deadline)
        told = seen[tree]
        if told:
            found[number] = replace(found[number], suggestions=tuple(told))
    return found, 0


def _suggested(
    tree: Node, claims: dict[str, Known], rng: np.random.Generator, deadline: float
) -> list[Suggested]:
    try:
        formula = formula_of(tree)
    except FormulaError:
        return []
    if sum(isinstance(n, nodes.Letter | nodes.Number) for _, n in walk(formula)) < SHORTEST:
        return []
    found: list[tuple[bool, float, Claim, list[Any], dict[str, str]]] = []
    for score, claim in likely(formula):
        if time.process_time() > deadline:
            break
        read = _read(claim, tree, formula, score)
        if read is not None:
            found.append((bool(read[1]), score, claim, *read))
    # A claim that has the names of the equation is likelier than one that has others.
    found.sort(key=lambda item: (item[0], -item[1]))
    deadline = min(deadline, time.process_time() + SECONDS)
    for _, _, claim, links, renamed in found[:COMPARED]:
        if time.process_time() > deadline:
            break
        if not _comparable(claim, links):
            continue
        if _equal(claim, links, claims, rng):
            return [Suggested(claim.id, renamed, equal=True, false=claim.expects == "refuted")]
    if telling(formula) < LEAST_TOLD:
        return []
    return [
        Suggested(claim.id, renamed, false=claim.expects == "refuted")
        for _, _, claim, _, renamed in found[:MOST]
    ]


def _comparable(claim: Claim, links: list[Any]) -> bool:
    """Whether one of the links is a relation of the kind of the claim."""
    equation = isinstance(claim.statement, Eq)
    logic = isinstance(claim.statement, Equivalent)
    return any(isinstance(r, Eq) is equation and isinstance(r, Equivalent) is logic for r in links)


def _equal(
    claim: Claim, links: list[Any], claims: dict[str, Known], rng: np.random.Generator
) -> bool:
    about = claims.setdefault(claim.id, known(claim))
    try:
        verdict, _ = compare_chain(claim, about, links, rng)
    except (ValueError, TypeError, ArithmeticError, AttributeError):
        return False
    return verdict.status is Status.PROVED or verdict.apart


def _read(
    claim: Claim, tree: Node, formula: Node, score: float
) -> tuple[list[Any], dict[str, str]] | None:
    """The equation in the vocabulary of the claim, with its names or others."""
    for renamed in _renamings(claim, formula, score):
        try:
            reader = Reader(vocabulary_for(claim, renamed))
            return reader.links(tree), renamed
        except (ValueError, ArithmeticError, TypeError, AttributeError):
            continue
    return None


def _renamings(claim: Claim, formula: Node, score: float) -> Iterator[dict[str, str]]:
    """None; then names of the claim for those that it does not have, by their order."""
    yield {}
    if score < ALIKE:
        return
    try:
        vocabulary = vocabulary_for(claim, {})
        printed = formula_of(parse(read_formula(typeset_in(claim, claim.statement))))
    except (NotationError, FormulaError, ValueError):
        return
    mine, theirs = _names(formula, vocabulary), _names(printed, vocabulary)
    unknown = [name for name in mine if name not in vocabulary.names]
    free = [name for name in theirs if name not in mine and name in vocabulary.names]
    if not unknown or len(unknown) > len(free) or len(unknown) > 4:
        return
    for count, chosen in enumerate(permutations(free, len(unknown))):
        if count >= RENAMINGS:
            return
        pairs = zip(chosen, unknown, strict=True)
        yield {_name_of(vocabulary.names[old]): new for old, new in pairs}


def _name_of(entry: Entry) -> str:
    """The name of the claim, as annotations write it."""
    thing = entry.things[0]
    return str(getattr(thing, "name", None) or getattr(thing, "__name__", thing))


def _names(formula: Node, vocabulary: Vocabulary) -> list[str]:
    """The names in a formula in the order in which they stand, as the vocabulary spells them."""
    found: dict[str, None] = {}
    waiting = [formula]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Accent) and node.command in (r"\dot", r"\ddot"):
            waiting.append(node.content)
            continue
        if is_name(node):
            spelled = plain_spelling(node)
            known_name = spelled in vocabulary.names
            if isinstance(node, nodes.Scripted) and not known_name and node.sub is not None:
                base = plain_spelling(node.base)
                if base in vocabulary.names:
                    found[base] = None
                    waiting.append(node.sub)
                    continue
            if spelled not in _CONSTANTS:
                found[spelled] = None
            continue
        waiting.extend(reversed(node.children))
    return list(found)


_CONSTANTS = frozenset(("e", "d", r"\pi", r"\partial", r"\top", r"\infty", "T"))
