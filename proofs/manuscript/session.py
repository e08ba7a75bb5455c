"""A manuscript read from its beginning: each equation against what its annotation asks for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim

from ..notation import NotationError, nodes, parse
from ..notation.nodes import Node
from ..tex import Annotation as Comment
from ..tex import Equation, Manuscript, Place
from .against_claim import AgainstClaim
from .annotations import (
    AnnotationError,
    ClaimNamed,
    Follows,
    Ignore,
    Let,
    Request,
    nearest,
    read_annotation,
)
from .author import unplaced
from .claims import KnownClaims
from .comparing import known
from .findings import Finding, Outcome
from .making import continuing_rows, finding_of, in_order, judged, located, misused
from .names import vocabulary_for, with_declared
from .reading import FormulaError, Reader, formula_of, reason_of, with_left
from .row_edits import first_side
from .special import special_case
from .steps import Told, arguments_of, check_step

__all__ = ["Session"]

_LOG = logging.getLogger(__name__)
STOPPED = "the comparison stopped by a fault of its own: please report the equation"


@dataclass
class Session:
    """What is known while a manuscript is read from its beginning."""

    seed: int
    claims: KnownClaims = field(default_factory=KnownClaims)
    context: tuple[Claim, dict[str, str]] | None = None
    declared: tuple[Any, ...] = ()
    before: list[Told] = field(default_factory=list)
    last: Node | None = None
    left: dict[Place, Node] = field(default_factory=dict)
    asked: dict[Place, tuple[Comment, ClaimNamed | Follows]] = field(default_factory=dict)
    rows: dict[Place, list[Equation]] = field(default_factory=dict)
    firsts: dict[Place, Node] = field(default_factory=dict)
    unexplained: dict[int, tuple[Equation, Node]] = field(default_factory=dict)

    def run(self, manuscript: Manuscript) -> Iterator[Finding]:
        """One finding for every equation, and for every annotation and problem that is none's."""
        count = 0
        self.rows = continuing_rows(manuscript)
        for item in in_order(manuscript):
            if isinstance(item, Equation):
                for finding in self._equation(item, count):
                    yield finding
                    count += 1
                continue
            if isinstance(item, Comment):
                found = self._apart(item)
            else:
                found = Finding(item.place, item.place, "", "", Outcome.NOT_CHECKED, item.reason)
            if found is not None:
                yield found
                count += 1

    def _apart(self, comment: Comment) -> Finding | None:
        """An annotation that belongs to no equation: only ``let`` may stand alone."""
        try:
            asked = read_annotation(comment.meant)
        except AnnotationError as error:
            return misused(comment, str(error))
        if isinstance(asked, Let):
            self.declared = (*self.declared, *asked.declared)
            return None
        return misused(comment, "no equation follows it: put it directly before one")

    def _equation(self, equation: Equation, number: int) -> Iterator[Finding]:
        asked: list[tuple[Comment, Request]] = []
        for comment in equation.annotation:
            try:
                request = read_annotation(comment.meant)
            except AnnotationError as error:
                yield misused(comment, str(error))
                number += 1
                continue
            if isinstance(request, Let):
                self.declared = (*self.declared, *request.declared)
            else:
                asked.append((comment, request))
        if any(isinstance(request, Ignore) for _, request in asked):
            if len(asked) > 1:
                yield misused(asked[-1][0], "the equation is ignored as well: keep one")
            yield finding_of(equation, "ignore", Outcome.IGNORED)
            return
        formula, why = self._formula(equation)
        if not asked and equation.continued in self.asked:
            yield self._continued(equation, formula, why)
            return
        if not asked:
            yield finding_of(equation, "", Outcome.UNANNOTATED, why)
            if formula is not None:
                self.unexplained[number] = (equation, formula)
        for comment, request in asked:
            told = "follows" if isinstance(request, Follows) else request.claim  # type: ignore[union-attr]
            if formula is None:
                yield finding_of(equation, told, Outcome.NOT_CHECKED, why)
            elif isinstance(request, ClaimNamed | Follows):
                yield self._judge(equation, formula, request, comment)
            if isinstance(request, ClaimNamed | Follows):
                self.asked[equation.place] = (comment, request)
        if formula is not None:
            self.before.append(Told(formula, equation.label))

    def _continued(self, equation: Equation, formula: Node | None, why: str) -> Finding:
        """A row that continues one with an annotation: it has to follow, as a link of a chain."""
        assert equation.continued is not None
        comment, request = self.asked[equation.place] = self.asked[equation.continued]
        told = request.claim if isinstance(request, ClaimNamed) else "follows"
        if equation.continued in self.firsts:
            self.firsts[equation.place] = self.firsts[equation.continued]
        if formula is None:
            return finding_of(equation, told, Outcome.NOT_CHECKED, why)
        found = self._judge(equation, formula, request, comment, continues=True)
        self.before.append(Told(formula, equation.label))
        return found

    def _judge(
        self,
        equation: Equation,
        formula: Node,
        request: ClaimNamed | Follows,
        comment: Comment,
        *,
        continues: bool = False,
    ) -> Finding:
        told = request.claim if isinstance(request, ClaimNamed) else "follows"
        try:
            if isinstance(request, ClaimNamed):
                return self._against_claim(equation, formula, request, comment, continues)
            return self._step(equation, formula, request, comment, continues)
        except Exception:  # one equation that stops must not take the others with it
            _LOG.debug("the comparison with %s stopped", told, exc_info=True)
            return finding_of(equation, told, Outcome.NOT_CHECKED, STOPPED)

    def _formula(self, equation: Equation) -> tuple[Node | None, str]:
        """The formula of the equation, or why there is none."""
        if equation.unread:
            return None, equation.unread
        if equation.not_understood:
            commands = ", ".join(equation.not_understood)
            return None, f"the definition of {commands} is not understood"
        try:
            tree = parse(equation.tokens)
            if equation.continues:
                left = (
                    self.last if equation.continued is None else self.left.get(equation.continued)
                )
                if left is None:
                    return None, "it begins with a relation, and no equation before it was read"
                tree = with_left(tree, left)
            main = formula_of(tree)
        except (NotationError, FormulaError) as error:
            return None, located(error, equation)
        if isinstance(main, nodes.Relation):
            self.last = self.left[equation.place] = unplaced(main.sides[-1])
        return tree, ""

    def _rng(self, equation: Equation) -> np.random.Generator:
        """Of the equation alone: what stands before it changes nothing."""
        return np.random.default_rng([self.seed, equation.place.line, equation.place.column])

    def _against_claim(
        self,
        equation: Equation,
        formula: Node,
        request: ClaimNamed,
        comment: Comment,
        continues: bool,
    ) -> Finding:
        try:
            claim, about = self.claims.named(request.claim)
            if request.values:
                claim = special_case(claim, request.values, request.renamed, self.declared)
                about = known(claim)
            vocabulary = vocabulary_for(claim, request.renamed)
        except (AnnotationError, NotationError) as error:
            return misused(comment, reason_of(error))
        self.context = (claim, request.renamed)
        reader = Reader(vocabulary, claim, request.renamed)
        asked = AgainstClaim(equation, formula, claim, about, reader, self._rng(equation))
        links = asked.links()
        if isinstance(links, Finding):
            return links
        if continues:
            return asked.continuing(links, self.firsts.get(equation.place))
        left = first_side(formula)
        if left is not None:
            self.firsts[equation.place] = unplaced(left)
        rows = (lambda: self._continuing(equation, reader)) if equation.place in self.rows else None
        return asked.judged(links, rows)

    def _continuing(self, equation: Equation, reader: Reader) -> list[Any]:
        """The links of the rows that continue a row, as far as they can be read."""
        found: list[Any] = []
        for row in self.rows[equation.place]:
            formula, _ = self._formula(row)
            try:
                found += reader.links(formula) if formula is not None else []
            except (NotationError, FormulaError):
                break
        return found

    def _step(
        self,
        equation: Equation,
        formula: Node,
        request: Follows,
        comment: Comment,
        continues: bool,
    ) -> Finding:
        premises: list[Told] = self.before[-1:]
        if request.labels:
            by_label = {told.label: told for told in self.before if told.label}
            missing = [label for label in request.labels if label not in by_label]
            if missing:
                near = nearest(missing[0], list(by_label))
                hint = f"did you mean {' or '.join(near)}?" if near else "label it"
                reason = f"no equation before it has the label {missing[0]}: {hint}"
                return misused(comment, reason)
            premises = [*(by_label[label] for label in request.labels), *premises[:continues]]
        if not premises:
            return misused(comment, "no equation stands before it from which it could follow")
        claim, renamed = self.context if self.context is not None else (None, {})
        if claim is None and not self.declared:
            reason = "its names have no meaning: annotate a claim before it, or declare them by let"
            return finding_of(equation, "follows", Outcome.NOT_CHECKED, reason)
        try:
            vocabulary = with_declared(claim, renamed, self.declared)
            reader = Reader(vocabulary)
            told = [reader.links(premise.formula) for premise in premises]
            links = reader.links(formula)
        except (NotationError, FormulaError, ValueError) as error:
            return finding_of(equation, "follows", Outcome.NOT_CHECKED, located(error, equation))
        before = [r for t in told for r in t]
        verdict = check_step(claim, before, links, self._rng(equation), arguments_of(vocabulary))
        return judged(equation, "follows", verdict, None, reader)
