"""A claim as the book prints it: every part as LaTeX, ready for the template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lemmata.theory.claims import Claim
from lemmata.theory.derivations import Combines, Premise, Step

from ..findings import Finding
from ..guards import guards, row
from ..typesetting import escaped
from ..typesetting.domain import formulas
from ..typesetting.names import GREEK
from ..verdicts import Verdict
from .mathematics import LIST, STATEMENT, Formula, formula, given, in_line, point, where
from .numbering import Numbers, printed_id
from .references import cited
from .refuting import Reading, readings

__all__ = [
    "ClaimView",
    "Needed",
    "ReadingView",
    "StepView",
    "WitnessView",
    "capital",
    "claim_view",
    "paragraphs",
    "witness",
]

FUNCTIONS = frozenset(("cos", "det", "erf", "exp", "ln", "log", "sin", "sqrt", "tan", "tanh", "tr"))
"""Names of functions, with which a sentence may begin as with any formula."""


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of a derivation; without a relation where it is the claim itself."""

    why: str
    relation: Formula | None


@dataclass(frozen=True, slots=True)
class WitnessView:
    """Where a slogan fails, and what it reads there."""

    at: tuple[str, ...]
    readings: tuple[ReadingView, ...]


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A relation with its sides as numbers.

    ``of`` is the relation where it is not the whole slogan; ``solves`` tells that it is an equation
    into which the slogan is put.  ``about`` has digits.
    """

    of: str
    solves: bool
    reads: str
    about: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Needed:
    """An assumption without which the claim fails, and where."""

    relation: str
    at: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Every part of one claim as LaTeX."""

    id: str
    number: str
    name: str
    slogan: bool
    status: str
    digest: str
    paragraphs: tuple[str, ...]
    statement: str
    where: tuple[tuple[Formula, str], ...]
    values: tuple[str, ...]
    given: tuple[Formula, ...]
    needed: tuple[Needed, ...]
    limits: tuple[tuple[str, str], ...]
    rests_on: str
    slogans: str
    source: str
    witness: WitnessView | None
    steps: tuple[StepView, ...]
    evaluate: str
    evidence: str


def claim_view(found: Finding, numbers: Numbers) -> ClaimView:
    """The claim of one finding."""
    claim = found.claim
    return ClaimView(
        id=claim.id,
        number=numbers.by_id[claim.id],
        name=printed_id(claim.id),
        slogan=claim.expects == "refuted",
        status=str(found.status),
        digest=claim.digest,
        paragraphs=paragraphs(claim, numbers),
        statement=formula(claim, claim.statement, STATEMENT).latex,
        where=tuple((told, numbers.prose(means)) for told, means in where(claim)),
        values=tuple(formulas(claim)),
        given=tuple(given(claim)),
        needed=tuple(_needed(claim)),
        limits=tuple(_limits(claim, numbers)),
        rests_on=numbers.references(claim.rests_on),
        slogans=numbers.references(_slogans(claim)),
        source=capital(cited(claim)),
        witness=witness(claim),
        steps=tuple(_steps(claim, numbers)),
        evaluate=_evaluate(claim),
        evidence=_evidence(found),
    )


def paragraphs(claim: Claim, numbers: Numbers) -> tuple[str, ...]:
    """The docstring by paragraphs, without the word that marks a slogan."""
    parts = [" ".join(part.split()).removeprefix("Guard: ") for part in claim.doc.split("\n\n")]
    return tuple(numbers.prose(capital(part)) for part in parts if part)


def capital(text: str) -> str:
    """The text with a capital at its beginning, unless it begins with a formula."""
    word = text.removeprefix("a ").partition(" ")[0].rstrip(",.:;")
    is_word = word.isalpha() and len(word) > 1 and word not in GREEK and word not in FUNCTIONS
    return text[:1].upper() + text[1:] if is_word else text


def witness(claim: Claim) -> WitnessView | None:
    """The recorded point of a slogan and what it reads there; nothing for a claim."""
    if claim.witness is None:
        return None
    told = tuple(_read(claim, reading) for reading in readings(claim))
    return WitnessView(tuple(point(claim, claim.witness.at)), told)


def _read(claim: Claim, reading: Reading) -> ReadingView:
    exact, about = "", ""
    if reading.left is not None and reading.right is not None:
        sides = (in_line(claim, side) for side in (reading.left, reading.right))
        exact = f" {reading.sign} ".join(sides)
    if reading.digits:
        about = f" {reading.sign} ".join(reading.digits)
    whole = reading.relation == claim.statement
    of = "" if whole else in_line(claim, reading.relation)
    return ReadingView(of, reading.solves, exact, about, reading.holds)


def _needed(claim: Claim) -> Iterator[Needed]:
    for assumption in claim.assumptions:
        if assumption.counterexample is not None:
            at = tuple(point(claim, assumption.counterexample))
            yield Needed(in_line(claim, assumption.relation), at)


def _limits(claim: Claim, numbers: Numbers) -> Iterator[tuple[str, str]]:
    for limit in claim.limits:
        variable, to, value = (in_line(claim, e) for e in (limit.variable, limit.to, limit.value))
        yield rf"{variable} \to {to}:\quad {value}", numbers.prose(limit.means)


def _slogans(claim: Claim) -> list[str]:
    """False slogans at its edge: those named after it; of the first of a row, all of the row."""
    if claim.expects == "refuted":
        return []
    stems = {guard.id: guard.id.rpartition(".")[0] for guard in guards(claim)}
    return [id for id, stem in stems.items() if stem == claim.id or claim.id == row(id)]


def _steps(claim: Claim, numbers: Numbers) -> Iterator[StepView]:
    steps = claim.derivation.steps if claim.derivation else ()
    for place, step in enumerate(steps, 1):
        relation = formula(claim, step.relation, LIST) if place < len(steps) else None
        why = numbers.prose(capital(step.why)) + _taken(step, numbers)
        yield StepView(why, relation)


def _taken(step: Step, numbers: Numbers) -> str:
    """The claim or the steps from which the relation comes, where the rule names them."""
    by = step.by
    if isinstance(by, Premise) and by.claim:
        return f" ({numbers.reference(by.claim)})"
    if isinstance(by, Combines) and by.factors:
        named = ", ".join(map(str, sorted(by.factors)))
        return f" (from step{'s' if len(by.factors) > 1 else ''} {named})"
    return ""


def _evaluate(claim: Claim) -> str:
    """The inputs and outputs of `evaluate`, where the claim has any."""
    told = claim.evaluation
    if told is None:
        return ""
    names = [f"[{name}]" if name in told.optional else name for name in told.inputs]
    inputs, outputs = (", ".join(map(_typed, some)) for some in (names, told.outputs))
    return rf"{inputs} $\to$ {outputs}"


def _typed(name: str) -> str:
    return rf"\texttt{{{escaped(name)}}}"


def _evidence(found: Finding) -> str:
    """Kinds of evidence with what each found, and of how many cases."""
    told = [_verdict(verdict) for verdict in found.evidence if verdict.kind != "mutants"]
    counts = found.mutants
    if counts["total"]:
        same = f", {counts['equivalent']} equivalent" if counts["equivalent"] else ""
        alive = f", {counts['alive']} alive" if counts["alive"] else ""
        told.append(f"mutants {counts['refuted']} of {counts['total']} refuted{same}{alive}")
    return "; ".join(told)


def _verdict(verdict: Verdict) -> str:
    cases = f" ({verdict.decided} of {verdict.drawn})" if verdict.drawn else ""
    return f"{verdict.kind} {verdict.status}{cases}"
