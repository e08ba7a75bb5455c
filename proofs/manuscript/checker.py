"""The check of a manuscript: every equation against what its annotation asks for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim

from ..court import collect, locate
from ..notation import NotationError, nodes, parse
from ..notation.nodes import Node
from ..tex import Annotation as Comment
from ..tex import Equation, Manuscript, read_manuscript
from ..verdicts import Status
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
from .author import AuthorText, unplaced
from .comparing import compare_chain, known
from .comparison import Comparison, Known
from .findings import EditTold, Finding, ManuscriptReport, Outcome
from .matrices import MatrixEquations
from .names import point_told, vocabulary_for, with_declared
from .reading import FormulaError, Reader, formula_of, reason_of, with_left
from .smallest import smallest_edits
from .steps import Told, check_step

__all__ = ["check_manuscript"]

MOST_EDITS = 2


def check_manuscript(
    path: str, *, suggestions: bool = True, seed: int = 0, seconds: float = 10.0
) -> ManuscriptReport:
    r"""Check the equations of a LaTeX manuscript that are annotated with ``% lemmata: ...``.

    ``suggestions``: say of the other equations which claims they seem to state, for at most
    ``seconds`` of the processor.  ``seed`` seeds all random numbers.  Nothing of the manuscript is
    executed.  Raises ``TexError`` for a manuscript that is refused and ``OSError`` where it cannot
    be read.
    """
    started = time.perf_counter()
    manuscript = read_manuscript(path)
    session = _Session(seed)
    findings = [*session.run(manuscript)]
    left = 0
    if suggestions:
        from .suggesting import suggest_all

        findings, left = suggest_all(findings, session.unexplained, seed, seconds)
    taken = time.perf_counter() - started
    return ManuscriptReport(path, tuple(findings), tuple(manuscript.files), seed, taken, left)


@dataclass
class _Session:
    """What is known while a manuscript is read from its beginning."""

    seed: int
    claims: dict[str, tuple[Claim, Known]] = field(default_factory=dict)
    context: tuple[Claim, dict[str, str]] | None = None
    declared: tuple[Any, ...] = ()
    before: list[Told] = field(default_factory=list)
    left: Node | None = None
    unexplained: dict[int, tuple[Equation, Node]] = field(default_factory=dict)

    def run(self, manuscript: Manuscript) -> Iterator[Finding]:
        """One finding for every equation, and for every annotation and problem that is none's."""
        count = 0
        for item in _in_order(manuscript):
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
            asked = read_annotation(comment.text)
        except AnnotationError as error:
            return _misused(comment, str(error))
        if isinstance(asked, Let):
            self.declared = (*self.declared, *asked.declared)
            return None
        return _misused(comment, "no equation follows it: put it directly before one")

    def _equation(self, equation: Equation, number: int) -> Iterator[Finding]:
        asked: list[tuple[Comment, Request]] = []
        for comment in equation.annotation:
            try:
                request = read_annotation(comment.text)
            except AnnotationError as error:
                yield _misused(comment, str(error))
                number += 1
                continue
            if isinstance(request, Let):
                self.declared = (*self.declared, *request.declared)
            else:
                asked.append((comment, request))
        if any(isinstance(request, Ignore) for _, request in asked):
            if len(asked) > 1:
                yield _misused(asked[-1][0], "the equation is ignored as well: keep one")
            yield _finding(equation, "ignore", Outcome.IGNORED)
            return
        formula, why = self._formula(equation)
        if not asked:
            yield _finding(equation, "", Outcome.UNANNOTATED, why)
            if formula is not None:
                self.unexplained[number] = (equation, formula)
        for comment, request in asked:
            told = "follows" if isinstance(request, Follows) else request.claim  # type: ignore[union-attr]
            if formula is None:
                yield _finding(equation, told, Outcome.NOT_CHECKED, why)
            elif isinstance(request, ClaimNamed | Follows):
                yield self._judge(equation, formula, request, comment)
        if formula is not None:
            self.before.append(Told(formula, equation.label))

    def _judge(
        self, equation: Equation, formula: Node, request: ClaimNamed | Follows, comment: Comment
    ) -> Finding:
        told = request.claim if isinstance(request, ClaimNamed) else "follows"
        try:
            if isinstance(request, ClaimNamed):
                return self._against_claim(equation, formula, request, comment)
            return self._step(equation, formula, request, comment)
        except Exception as error:  # one equation that stops must not take the others with it
            reason = f"the comparison stopped: {type(error).__name__}: {error}"
            return _finding(equation, told, Outcome.NOT_CHECKED, reason)

    def _formula(self, equation: Equation) -> tuple[Node | None, str]:
        """The formula of the equation, or why there is none."""
        if equation.not_understood:
            commands = ", ".join(equation.not_understood)
            return None, f"the definition of {commands} is not understood"
        try:
            tree = parse(equation.tokens)
            if equation.continues:
                if self.left is None:
                    return None, "it begins with a relation, and no equation stands before it"
                tree = with_left(tree, self.left)
            main = formula_of(tree)
        except (NotationError, FormulaError) as error:
            return None, _located(error, equation)
        if isinstance(main, nodes.Relation):
            self.left = unplaced(main.sides[-1])
        return tree, ""

    def _claim(self, id: str) -> tuple[Claim, Known]:
        if id not in self.claims:
            claim = locate(id)
            if claim is None:
                ids = [claim.id for claim in collect()]
                near = nearest(id, ids)
                hint = f"did you mean {' or '.join(near)}?" if near else "see `lemmata list`"
                raise AnnotationError(f"claim: {id!r} is unknown: {hint}")
            self.claims[id] = (claim, known(claim))
        return self.claims[id]

    def _rng(self, equation: Equation) -> np.random.Generator:
        """Of the equation alone: what stands before it changes nothing."""
        return np.random.default_rng([self.seed, equation.place.line, equation.place.column])

    def _against_claim(
        self, equation: Equation, formula: Node, request: ClaimNamed, comment: Comment
    ) -> Finding:
        try:
            claim, about = self._claim(request.claim)
            vocabulary = vocabulary_for(claim, request.renamed)
        except (AnnotationError, NotationError) as error:
            return _misused(comment, reason_of(error))
        self.context = (claim, request.renamed)
        reader = Reader(vocabulary, claim, request.renamed)
        rng = self._rng(equation)

        def edits(link: int) -> tuple[EditTold, ...]:
            main, author = formula_of(formula), AuthorText(equation)
            found = smallest_edits(claim, about, reader, main, link, rng)
            return tuple(author.told(c.edit, main) for c in found[:MOST_EDITS])

        try:
            links = reader.links(formula)
        except (NotationError, FormulaError) as error:
            reason = _located(error, equation)
            found = edits(0) if isinstance(about, MatrixEquations) else ()
            if not found:
                return _finding(equation, claim.id, Outcome.NOT_CHECKED, reason)
            verdict = Comparison(Status.REFUTED, f"it makes no sense as it stands: {reason}")
            return _judged(equation, claim.id, verdict, found, reader)
        verdict, link = compare_chain(claim, about, links, rng)
        wrong = verdict.status is not Status.PROVED and claim.expects != "refuted"
        return _judged(equation, claim.id, verdict, edits(link) if wrong else (), reader)

    def _step(
        self, equation: Equation, formula: Node, request: Follows, comment: Comment
    ) -> Finding:
        premises: list[Told] = self.before[-1:]
        if request.labels:
            by_label = {told.label: told for told in self.before if told.label}
            missing = [label for label in request.labels if label not in by_label]
            if missing:
                near = nearest(missing[0], list(by_label))
                hint = f"did you mean {' or '.join(near)}?" if near else "label it"
                reason = f"no equation before it has the label {missing[0]}: {hint}"
                return _misused(comment, reason)
            premises = [by_label[label] for label in request.labels]
        if not premises:
            return _misused(comment, "no equation stands before it from which it could follow")
        claim, renamed = self.context if self.context is not None else (None, {})
        if claim is None and not self.declared:
            reason = "its names have no meaning: annotate a claim before it, or declare them by let"
            return _finding(equation, "follows", Outcome.NOT_CHECKED, reason)
        try:
            vocabulary = with_declared(claim, renamed, self.declared)
            reader = Reader(vocabulary)
            told = [reader.links(premise.formula) for premise in premises]
            links = reader.links(formula)
        except (NotationError, FormulaError, ValueError) as error:
            return _finding(equation, "follows", Outcome.NOT_CHECKED, _located(error, equation))
        verdict = check_step(claim, [r for t in told for r in t], links, self._rng(equation))
        return _judged(equation, "follows", verdict, (), reader)


def _in_order(manuscript: Manuscript) -> list[Any]:
    """Equations in reading order, and between them what belongs to none, by its place."""
    placed: list[tuple[float, int, Any]] = [
        (float(n), 0, equation) for n, equation in enumerate(manuscript.equations)
    ]
    apart: list[Any] = [*manuscript.annotations, *manuscript.problems]
    for number, item in enumerate(apart, 1):
        same = [n for n, e in enumerate(manuscript.equations) if e.place.file == item.place.file]
        later = [n for n in same if manuscript.equations[n].place > item.place]
        where = later[0] - 0.5 if later else same[-1] + 0.5 if same else float("inf")
        placed.append((where, number, item))
    return [item for *_, item in sorted(placed, key=lambda p: p[:2])]


def _finding(equation: Equation, asked: str, outcome: Outcome, reason: str = "") -> Finding:
    return Finding(
        equation.place, equation.end, equation.source, asked, outcome, reason, label=equation.label
    )


def _misused(comment: Comment, reason: str) -> Finding:
    end = comment.place._replace(column=comment.place.column + len(comment.text))
    return Finding(comment.place, end, comment.text, comment.text, Outcome.MISUSED, reason)


def _located(error: ValueError, equation: Equation) -> str:
    """The reason, with line and column where they are not those of the equation."""
    if isinstance(error, NotationError):
        place = error.located(equation.tokens).place
        if place is not None and place != equation.place:
            return f"{error.reason} (line {place.line}, column {place.column})"
        return error.reason
    return str(error)


def _judged(
    equation: Equation,
    asked: str,
    verdict: Comparison,
    edits: tuple[EditTold, ...],
    reader: Reader,
) -> Finding:
    outcome = {Status.PROVED: Outcome.PROVED, Status.REFUTED: Outcome.REFUTED}.get(
        verdict.status, Outcome.UNDECIDED
    )
    reason = verdict.reason
    if outcome is Outcome.REFUTED and not verdict.apart and not edits and asked != "follows":
        reason += "; no single edit was found that makes it right"
    return replace(
        _finding(equation, asked, outcome, reason),
        note=verdict.note,
        point=point_told(verdict.point, reader.spelled()),
        left=verdict.left,
        right=verdict.right,
        edits=edits,
    )
