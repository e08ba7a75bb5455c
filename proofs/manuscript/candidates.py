"""Edits of a formula after which numbers tell nothing against it: for a proof to decide."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Eq, Ge, Gt, Le, Lt, binomial, exp, fraction, gamma, log, pi
from sympy.core.function import AppliedUndef

from ..domain import gap
from ..notation import nodes
from ..notation.nodes import Node
from ..trial import relations_of
from .claim_parts import missing_factors, missing_terms
from .comparison import Known
from .edits import Edit, enumerated, plain_edits
from .inequalities import ScalarInequalities
from .needed import needed_edits
from .numbers import Points
from .probes import probe, spoken_of
from .reading import Reader
from .repeated import repeated_edits
from .scalar import ScalarEquations
from .time_limit import OutOfTimeError, check_time

__all__ = ["candidates"]

SECONDS = 3.0
"""Of the processor: how long edits are looked for in one formula."""
_INEQUALITY = (Gt, Ge, Lt, Le)
_Scalars = ScalarEquations | ScalarInequalities
Target = Callable[[Any], Any]
"""What has to vanish for a relation to say what a claim says; None for one of another kind."""


def candidates(
    claim: Claim,
    about: Known,
    reader: Reader,
    formula: Node,
    link: int,
    rng: np.random.Generator,
) -> Iterator[Edit]:
    """Edits after which numbers tell nothing against the formula, as many as there is time for."""
    search = _Search(reader, rng, time.process_time() + SECONDS)
    try:
        if isinstance(formula, nodes.Logic) and isinstance(about, ScalarInequalities):
            yield from search.in_an_equivalence(claim, formula)
        elif isinstance(about, _Scalars):
            yield from search.between_numbers(about, formula, link)
        else:
            yield from search.by_trying(claim, about, formula, link)
    except OutOfTimeError:
        return


class _Search:
    """One search, until the ``deadline`` of the processor's time."""

    def __init__(self, reader: Reader, rng: np.random.Generator, deadline: float) -> None:
        self.reader = reader
        self.rng = rng
        self.deadline = deadline

    def over(self) -> bool:
        return time.process_time() > self.deadline

    def in_an_equivalence(self, claim: Claim, formula: nodes.Logic) -> Iterator[Edit]:
        """Edits in one side of an equivalence whose other side is right."""
        theirs = relations_of(claim.statement)
        for number in (0, 1):
            side = formula.sides[number]
            for other in theirs:
                part = replace(claim, statement=other, derivation=None)
                for edit in self.between_numbers(ScalarInequalities(part), side, 0):
                    yield replace(edit, way=(number, *edit.way))

    def by_trying(self, claim: Claim, about: Known, formula: Node, link: int) -> Iterator[Edit]:
        """Single changes of all kinds, each looked at by numbers."""
        try:
            links = self.reader.links(formula)
        except ValueError:  # its sizes do not fit: an edit may make them
            links = []
        may_hold = probe(claim, about, links, self.rng)
        names = self.reader.names(spoken_of(claim, links))
        names.terms, names.factors = missing_terms(self.reader), missing_factors(self.reader)
        for edit in enumerated(formula, names):
            if self.over():
                return
            relation = self.reader.link(edit.applied(formula), link)
            if relation is not None and may_hold(relation):
                yield edit

    def between_numbers(self, about: _Scalars, formula: Node, link: int) -> Iterator[Edit]:
        """Changes for which the needed value is computed, and those that need no value."""
        links = [_in_numbers(about, relation) for relation in self.reader.links(formula)]
        sides = [side for relation in links for side in relation.args]
        points = Points(about, self.rng, sides)
        if not points.points:
            return
        spelled = dict(self.reader.spelled(spoken_of(about.claim, links)))
        if any(side.has(pi) for side in (*sides, about.claim.statement)):
            spelled[pi] = nodes.Letter(r"\pi")
        for target in _targets(about, links):

            def gap_of(whole: Node, target: Target = target) -> Any:
                relation = self.reader.link(whole, link, hole=True)
                return None if relation is None else target(_in_numbers(about, relation))

            yield from needed_edits(
                formula,
                points,
                gap_of,
                self.reader.value,
                spelled,
                self.reader.composites(),
                self.over,
            )
            for edit in (*plain_edits(formula), *repeated_edits(formula)):
                check_time()
                if self.over():
                    return
                relation = _in_numbers(about, self.reader.link(edit.applied(formula), link))
                turned = edit.kind in ("direction", "strictness")
                if relation is not None and (turned or _vanishes(points, relation, target)):
                    yield edit


def _in_numbers(about: _Scalars, relation: Any) -> Any:
    """The relation with factorials for binomials, which programs do not know."""
    if relation is None:
        return None
    calls = {c: about.reduced(c) for c in relation.atoms(AppliedUndef)}
    told = relation.xreplace({c: value for c, value in calls.items() if value.has(binomial)})
    if not told.has(binomial):
        return relation
    return told.replace(binomial, lambda n, k: gamma(n + 1) / (gamma(k + 1) * gamma(n - k + 1)))


def _targets(about: _Scalars, links: list[Any]) -> list[Target]:
    if isinstance(about, ScalarEquations):
        told: list[Target] = [lambda r: r.lhs - r.rhs if isinstance(r, Eq) else None]
        # A secant does not get across a pole.
        below = (fraction(side)[1] for link in links if isinstance(link, Eq) for side in link.args)
        return [*told, _cleared] if any(d.has(log, exp) for d in below) else told
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


def _cleared(relation: Any) -> Any:
    """Left - right, times what both are divided by."""
    if not isinstance(relation, Eq):
        return None
    (above, below), (over, under) = fraction(relation.lhs), fraction(relation.rhs)
    return above * under - over * below


def _vanishes(points: Points, relation: Any, target: Target) -> bool:
    wanted = target(relation)
    if wanted is None:
        return False
    values = points.values(wanted)
    sizes = [points.values(side) for side in (relation.lhs, relation.rhs)]
    if values is None or not values or any(size is None for size in sizes):
        return False
    scale = [max(map(abs, pair)) for pair in zip(*[s for s in sizes if s is not None], strict=True)]
    return all(abs(v) <= 1e-9 * max(s, 1e-6) for v, s in zip(values, scale, strict=True))
