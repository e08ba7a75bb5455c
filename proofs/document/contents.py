"""The order of the book: parts, chapters, sections and the claims of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lemmata.theory.claims import Claim

from ..guards import row

__all__ = ["PARTS", "Chapter", "Part", "Section", "arranged"]

PARTS: tuple[tuple[str, Mapping[str, tuple[str, Mapping[str, str]]]], ...] = (
    (
        "Learning dynamics",
        {
            "descent": (
                "Gradient descent",
                {
                    "gradient": "The gradient of the squared error",
                    "averaged": "The averaged flow and the time constant",
                    "conservation": "What the flow conserves",
                },
            ),
            "modes": (
                "Modes of learning",
                {
                    "decoupling": "The change of variables that decouples the modes",
                    "product_rule": "The product of two layers",
                    "ode": "The equation of motion of a mode",
                    "trajectory": "The learning curve of a balanced mode",
                    "commuting_inputs": "Correlated inputs that commute with the task",
                    "negative_start": "Modes that start with the wrong sign",
                    "unbalanced": "Unequal layers",
                    "unbalanced_trajectory": "The learning curve of unequal layers",
                    "vector_mode": "Many hidden units in one mode",
                    "shallow": "The shallow network",
                    "riccati": "The whole map from balanced starts",
                    "learning_time": "Time to learn a mode",
                    "stronger_first": "Stronger modes are learned first",
                    "fraction_criterion": "Learned to a fraction of the final strength",
                    "inflection": "Where a learning curve is sigmoidal",
                    "stage_ratio": "How stage-like learning is",
                },
            ),
        },
    ),
    (
        "The development of knowledge",
        {
            "hierarchy": (
                "Hierarchies of items",
                {
                    "similarity": "Similarity from the branching diffusion",
                    "analyzers": "Object analyzers mirror the tree",
                    "singular_value": "Singular values of the levels",
                    "decreasing": "Order of the levels",
                    "separation": "How far levels are apart",
                    "differentiation": "Progressive differentiation",
                    "finite_features": "Finitely many features",
                },
            ),
            "coherence": (
                "Coherence of categories",
                {
                    "identity": "Singular values and coherence",
                    "speed": "Coherence and the speed of learning",
                    "cross_cutting": "Categories that cut across one another",
                    "detectability": "When a noisy category can be seen",
                },
            ),
            "cognition": (
                "What networks show while they learn",
                {
                    "illusory": "Illusory correlations",
                    "distinctive": "Properties that are learned quickly",
                    "typicality": "Typical items",
                    "induction_item": "Generalisation to a new item",
                    "induction_property": "Generalisation of a new property",
                    "basic_level": "The basic level",
                    "frequency": "Frequent and familiar items",
                    "similarity_invariance": "Similarity of hidden representations",
                },
            ),
            "structures": (
                "Structures other than trees",
                {
                    "covariance": "Features as Gaussian fields",
                    "singular_values": "Singular values of a field",
                    "ring": "The ring",
                    "chain": "The chain",
                    "clusters": "Clusters",
                    "torus": "The torus",
                    "grid": "The grid",
                    "ordering": "The ordering",
                    "tree": "The tree as a graph",
                },
            ),
        },
    ),
    (
        "Depth and the propagation of signals",
        {
            "depth": (
                "Networks of any depth",
                {
                    "conservation": "What the flow conserves at any depth",
                    "ode": "The equation of motion at any depth",
                    "learning_time": "Time to learn a mode at any depth",
                    "infinite_trajectory": "The learning curve at infinite depth",
                    "end_to_end": "The whole map of a deep network",
                    "gradient_norm": "The size of the gradient",
                    "learning_rate": "Curvature and stable learning rates",
                    "iterations": "Iterations at the best stable rate",
                },
            ),
            "products": (
                "Products of random matrices",
                {
                    "gaussian_norm": "The norm behind Gaussian layers",
                    "fuss_catalan": "The spectrum of a product of Gaussian layers",
                    "amplified_fraction": "The share of amplified directions",
                    "orthogonal": "Products of orthogonal layers",
                },
            ),
            "isometry": (
                "Propagation of signals",
                {
                    "length_map": "The length map",
                    "edge_of_chaos": "The edge of chaos",
                    "spectrum": "The spectrum of the Jacobian",
                    "table": "A published table",
                },
            ),
            "generalization": (
                "What large initial weights cost",
                {"large_gain": "Large initial weights in linear regression"},
            ),
        },
    ),
)
"""Titles of the parts, of their chapters by the first word of an id, of sections by the second."""

FURTHER = "Further claims"
"""Where claims of other packages stand."""


@dataclass(frozen=True, slots=True)
class Section:
    """Claims whose ids share their first two words, the row of NOTATION."""

    row: str
    title: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Sections whose ids share the first word; chapters are numbered through all parts."""

    number: int
    stem: str
    title: str
    sections: tuple[Section, ...]

    @property
    def numbered(self) -> Iterator[tuple[str, Claim]]:
        """Its claims in order, each with its number: ``2.7`` is the seventh of chapter 2."""
        claims = (claim for section in self.sections for claim in section.claims)
        for place, claim in enumerate(claims, 1):
            yield f"{self.number}.{place}", claim


@dataclass(frozen=True, slots=True)
class Part:
    """Chapters under one title."""

    title: str
    chapters: tuple[Chapter, ...]


def arranged(claims: Iterable[Claim]) -> tuple[Part, ...]:
    """The parts that have claims; what no title is known for comes last."""
    rows: dict[str, list[Claim]] = {}
    for claim in claims:
        rows.setdefault(row(claim.id), []).append(claim)
    stems = dict.fromkeys(id.partition(".")[0] for id in rows)
    known = [(title, dict(chapters)) for title, chapters in PARTS]
    others = [stem for stem in stems if not any(stem in chapters for _, chapters in known)]
    known.append((FURTHER, {stem: (_words(stem), {}) for stem in others}))
    parts, number = [], 0
    for title, chapters in known:
        made = []
        for stem, (name, sections) in chapters.items():
            if stem in stems:
                number += 1
                made.append(Chapter(number, stem, name, _sections(stem, sections, rows)))
        if made:
            parts.append(Part(title, tuple(made)))
    return tuple(parts)


def _sections(
    stem: str, titles: Mapping[str, str], rows: Mapping[str, list[Claim]]
) -> tuple[Section, ...]:
    """The rows of a chapter: those with a title first, in its order."""
    order = [f"{stem}.{name}" for name in titles]
    order += [id for id in rows if id.partition(".")[0] == stem and id not in order]
    return tuple(
        Section(id, titles.get(name) or _words(name), tuple(_ordered(rows[id])))
        for id in order
        if id in rows
        for name in [id.partition(".")[2]]
    )


def _ordered(claims: list[Claim]) -> Iterator[Claim]:
    """What others of the row rest on comes before them, a slogan after the claim it begins with."""
    left = dict.fromkeys(claim.id for claim in claims if claim.expects != "refuted")
    by_id = {claim.id: claim for claim in claims}
    slogans = [claim.id for claim in claims if claim.expects == "refuted"]
    told: list[str] = []
    while left:
        ready = [id for id in left if not any(below in left for below in by_id[id].rests_on)]
        id = ready[0]
        del left[id]
        told.append(id)
        told += [slogan for slogan in slogans if slogan.rpartition(".")[0] == id]
    told += [slogan for slogan in slogans if slogan not in told]
    yield from (by_id[id] for id in told)


def _words(name: str) -> str:
    """``learning_time`` as "Learning time"."""
    told = name.replace("_", " ")
    return told[:1].upper() + told[1:]
