"""A claim as the page shows it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from lemmata.theory.claims import Claim
from lemmata.theory.definitions import Definition
from lemmata.theory.derivations import Combines, Premise, Step
from lemmata.theory.edges import Limit
from markupsafe import Markup

from ..document.claims import capital
from ..findings import Finding, Findings
from ..guards import guards
from ..typesetting.domain import formulas
from ..verdicts import Verdict
from .badges import Badge, badge_of, verdict_badge
from .failing import WitnessView, point_of, witness_view
from .graph import GraphView, Links, around
from .latex import broken_in, given_lines, latex_in, where_latex
from .mathematics import formula, prose, words

__all__ = [
    "ClaimView",
    "EvidenceView",
    "claim_view",
    "definitions",
    "first_words",
    "given_of",
    "paragraphs",
]


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One kind of evidence: what it found, how many cases, and the worst of them."""

    kind: str
    badge: Badge
    cases: str
    told: str
    counterexample: str
    seed: str
    seconds: str
    where: str


@dataclass(frozen=True, slots=True)
class AssumptionView:
    """An assumption; ``needed`` is a point at which the claim fails without it."""

    relation: Markup
    needed: WitnessView | None


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of a derivation: why it holds, the relation, and the rule that checks it.

    ``claim`` is where it is taken from; ``here`` tells whether that is on the page.
    """

    why: Markup
    relation: Markup
    rule: str
    claim: str
    here: bool


@dataclass(frozen=True, slots=True)
class LinkView:
    """Another claim in one line; ``here`` tells whether it is on the page."""

    id: str
    told: str
    badge: Badge | None

    @property
    def here(self) -> bool:
        """Whether the link leads anywhere."""
        return self.badge is not None


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Everything that is shown of a claim; ``symbols`` and ``latex`` for search and copying."""

    id: str
    digest: str
    kind: str
    source: str
    guard: bool
    as_expected: bool
    badge: Badge
    paragraphs: tuple[Markup, ...]
    statement: Markup
    latex: str
    values: tuple[Markup, ...]
    where: tuple[tuple[Markup, Markup], ...]
    given: tuple[Markup, ...]
    assumptions: tuple[AssumptionView, ...]
    limits: tuple[tuple[Markup, Markup], ...]
    witness: WitnessView | None
    guards: tuple[LinkView, ...]
    steps: tuple[StepView, ...]
    evidence: tuple[EvidenceView, ...]
    mutants: Mapping[str, int]
    seconds: str
    below: tuple[LinkView, ...]
    above: tuple[LinkView, ...]
    graph: GraphView | None
    symbols: str
    evaluate: str

    @property
    def stem(self) -> str:
        """The id up to its last word."""
        return self.id.rpartition(".")[0] + "."

    @property
    def name(self) -> str:
        """The last word of the id."""
        return self.id.rpartition(".")[2]


def claim_view(found: Finding, findings: Findings, links: Links) -> ClaimView:
    """The claim of one finding among all of its run."""
    claim = found.claim
    latex = latex_in(claim, claim.statement)
    guard = claim.expects == "refuted"
    edges = () if guard else guards(claim)
    return ClaimView(
        id=claim.id,
        digest=claim.digest,
        kind=claim.kind,
        source=claim.source,
        guard=guard,
        as_expected=found.as_expected,
        badge=badge_of(found),
        paragraphs=paragraphs(claim.doc),
        statement=formula(broken_in(claim, claim.statement), display=True),
        latex=latex,
        values=tuple(formula(told) for told in formulas(claim)),
        where=tuple(definitions(claim, claim.where)),
        given=tuple(prose(line) for line in given_lines(claim)),
        assumptions=tuple(_needed(claim)),
        limits=tuple(_limit(claim, limit) for limit in claim.limits),
        witness=witness_view(claim) if claim.witness else None,
        guards=tuple(_link(other.id, findings, other.doc) for other in edges),
        steps=tuple(_steps(claim, findings)),
        evidence=tuple(_evidence(verdict) for verdict in found.evidence),
        mutants=found.mutants,
        seconds=_seconds(found.seconds),
        below=tuple(_link(id, findings) for id in links.below[claim.id]),
        above=tuple(_link(id, findings) for id in links.above[claim.id]),
        graph=around(claim.id, findings, links),
        symbols=" ".join(_symbols(claim)),
        evaluate=_evaluate(claim),
    )


def first_words(doc: str) -> str:
    """The first paragraph of a docstring on one line, without the word that marks a guard."""
    return _sentence(doc.partition("\n\n")[0])


def paragraphs(doc: str) -> tuple[Markup, ...]:
    """The docstring by paragraphs, its formulas set as mathematics."""
    return tuple(words(_sentence(part)) for part in doc.split("\n\n") if part.strip())


def _sentence(text: str) -> str:
    """Words on one line; they begin with a capital, formulas as they are."""
    return capital(" ".join(text.split()).removeprefix("Guard: "))


def definitions(claim: Claim, some: Iterable[Definition]) -> Iterator[tuple[Markup, Markup]]:
    """Definitions as formulas, each with what it means."""
    for latex, means in where_latex(claim, some):
        yield formula(latex), words(means)


def given_of(claim: Claim) -> tuple[Markup, ...]:
    """What is given: assumed relations, then what else is."""
    relations = (formula(broken_in(claim, a.relation)) for a in claim.assumptions)
    return (*relations, *(prose(line) for line in given_lines(claim)))


def _needed(claim: Claim) -> Iterator[AssumptionView]:
    for assumption in claim.assumptions:
        relation = formula(broken_in(claim, assumption.relation))
        at = assumption.counterexample
        yield AssumptionView(relation, WitnessView(point_of(claim, at)) if at is not None else None)


def _limit(claim: Claim, limit: Limit) -> tuple[Markup, Markup]:
    variable, to, value = (latex_in(claim, e) for e in (limit.variable, limit.to, limit.value))
    return formula(rf"{variable} \to {to}: \quad {value}"), words(limit.means)


def _steps(claim: Claim, on_page: Container[str]) -> Iterator[StepView]:
    for step in claim.derivation.steps if claim.derivation else ():
        rule, other = _rule(step)
        relation = formula(broken_in(claim, step.relation), display=True)
        yield StepView(words(step.why), relation, rule, other, other in on_page)


def _rule(step: Step) -> tuple[str, str]:
    """The rule in words, and the claim that it takes its relation from."""
    by = step.by
    if isinstance(by, Premise):
        return ("premise: from", by.claim) if by.claim else ("premise: given", "")
    if isinstance(by, Combines):
        numbers = sorted(by.factors)
        return f"combines {'steps' if len(numbers) > 1 else 'step'} {_listed(numbers)}", ""
    name = "".join(f" {c.lower()}" if c.isupper() else c for c in type(by).__name__)
    return name.strip(), ""


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def _evidence(verdict: Verdict) -> EvidenceView:
    at = verdict.counterexample or {}
    where = [w for w, usual in ((verdict.dtype, "exact"), (verdict.device, "cpu")) if w != usual]
    return EvidenceView(
        kind=verdict.kind,
        badge=verdict_badge(verdict.status),
        cases=f"{verdict.decided} of {verdict.drawn}" if verdict.drawn else "",
        told=" — ".join(dict.fromkeys(w for w in (verdict.reason, verdict.worst) if w)),
        counterexample=", ".join(f"{name} = {value}" for name, value in at.items()),
        seed="" if verdict.seed is None else str(verdict.seed),
        seconds=_seconds(verdict.seconds),
        where=", ".join(where),
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s"


def _link(id: str, findings: Findings, doc: str | None = None) -> LinkView:
    if id not in findings:
        return LinkView(id, first_words(doc or ""), None)
    found = findings[id]
    return LinkView(id, first_words(found.claim.doc), badge_of(found))


def _symbols(claim: Claim) -> list[str]:
    """Names of symbols, functions and matrix letters, to be searched for."""
    from sympy import MatrixSymbol, Symbol
    from sympy.core.function import AppliedUndef

    parts = (claim.statement, *(d.body for d in claim.where), *(d.head for d in claim.where))
    names = set()
    for part in parts:
        names |= {str(s) for s in part.atoms(Symbol, MatrixSymbol)}
        names |= {str(f.func) for f in part.atoms(AppliedUndef)}
    return sorted(names)


def _evaluate(claim: Claim) -> str:
    told = claim.evaluation
    if told is None:
        return ""
    names = " ".join(f"[{n}=…]" if n in told.optional else f"{n}=…" for n in told.inputs)
    return f"lemmata evaluate {claim.id} {names}"
