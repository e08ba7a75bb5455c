"""The tables of the book: notation, definitions, evidence, and the index of claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..findings import Finding, Findings
from ..verdicts import Verdict
from .contents import Part
from .mathematics import in_line
from .numbering import Numbers, printed_id

__all__ = ["SYMBOLS", "EvidenceRow", "definitions", "evidence_rows", "index"]

SYMBOLS: tuple[tuple[str, str, str], ...] = (
    (r"x,\ y", "x, y", "input (item) and output (properties) of one example"),
    (r"W^{21},\ W^{32}", "W21, W32", "weights of the three-layer network"),
    ("W_{l}", "W_l", "weights of layer l of a deeper network"),
    (r"\Sigma^{11},\ \Sigma^{31}", "Sigma11, Sigma31", "correlations E[x x^T] and E[y x^T]"),
    (r"\tau", "tau", "time constant"),
    (r"\eta", "eta", "step of descent"),
    (r"\lambda", "lam", "eigenvalue of Sigma11, or of a spectrum"),
    ("s", "s", "singular value of Sigma31: strength of a mode"),
    (r"u,\ v", "u, v", "feature synthesizer and object analyzer, its singular vectors"),
    (r"a(t),\ a_{0}", "a, a0", "strength of a mode at time t, and at the start"),
    ("c_{0}", "c0", "imbalance of the two layers of one mode"),
    (r"N_{l},\ D", "N_l, D", "number of layers of units; of weight matrices, D = N_l - 1"),
    (r"B_{l},\ \epsilon_{l}", "B, epsilon", "branching and flip probability of a level of a tree"),
    (r"P,\ N", "P, N", "number of items and of features"),
    (r"q_{l},\ \Delta_{l}", "q, Delta", "similarity of items that part at level l, and its rise"),
    (r"n_{l},\ M_{l}", "n, M", "items below a node of level l; number of nodes of level l"),
    ("C_{l}", "C", "coherence of a category of level l"),
    (r"g,\ \sigma_{b}", "g, sigma_b", "gain of the weights and spread of the biases"),
    (r"q^{*},\ \chi", "q_star, chi", "fixed point of the length map, susceptibility there"),
    (r"\mathbb{E},\ \operatorname{tr},\ \top", "", "average, trace, transpose"),
    ("d_{W}", "", "differential in the letter W"),
    ("W_{0}(z)", "", "Lambert's function: the x > -1 with x e^x = z"),
)
"""The symbols of NOTATION with their meanings."""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One line of the table of evidence."""

    reference: str
    name: str
    status: str
    kinds: str
    mutants: str
    seconds: str


def definitions(parts: Iterable[Part], numbers: Numbers) -> Iterator[tuple[str, str, str]]:
    """Symbol, meaning and the claim where it is first defined, each pair of them once."""
    known: set[tuple[str, str]] = set()
    for claim in (claim for part in parts for c in part.chapters for _, claim in c.numbered):
        for definition in claim.where:
            symbol = in_line(claim, definition.head)
            if (symbol, definition.means) not in known:
                known.add((symbol, definition.means))
                yield symbol, numbers.prose(definition.means), numbers.reference(claim.id)


def evidence_rows(parts: Iterable[Part], findings: Findings, numbers: Numbers) -> list[EvidenceRow]:
    """All claims in the order of the book."""
    chapters = [chapter for part in parts for chapter in part.chapters]
    ids = [claim.id for chapter in chapters for _, claim in chapter.numbered]
    return [_row(findings[id], numbers) for id in ids]


def _row(found: Finding, numbers: Numbers) -> EvidenceRow:
    counts = found.mutants
    killed = counts["refuted"] + counts["equivalent"]
    kinds = [_kind(verdict) for verdict in found.evidence if verdict.kind != "mutants"]
    return EvidenceRow(
        reference=numbers.reference(found.claim.id),
        name=printed_id(found.claim.id),
        status=str(found.status),
        kinds=", ".join(kinds),
        mutants=f"{killed}/{counts['total']}" if counts["total"] else "",
        seconds=f"{found.seconds:.2f}",
    )


def _kind(verdict: Verdict) -> str:
    return f"{verdict.kind} {verdict.decided}/{verdict.drawn}" if verdict.drawn else verdict.kind


def index(numbers: Numbers) -> list[tuple[str, str]]:
    """Ids and their printed forms in alphabetical order."""
    return [(id, printed_id(id)) for id in sorted(numbers.by_id)]
