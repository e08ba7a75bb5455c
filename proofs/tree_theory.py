"""What theory says of a tree of items: its levels, their strengths, and representations over time.

Strengths are in the unit of features divided by ``sqrt(N)``: with sums over the items the squares
of the singular values are then the eigenvalues of the items' similarity, whatever ``N``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from lemmata.numerics.branching_diffusion import similarity_matrix
from lemmata.numerics.networks import FloatArray
from lemmata.numerics.trees import Tree
from lemmata.theory.claims import Claim
from lemmata.theory.hierarchy.similarity import similarity as similarity_claim
from lemmata.theory.hierarchy.spectrum import singular_value as strength_claim
from numpy.typing import NDArray

from .evaluation import evaluate

__all__ = ["Population", "TreeLevel", "levels_of_regular_tree", "population", "representations"]

EPS = float(np.finfo(np.float64).eps)
DIGITS = 30


@dataclass(frozen=True)
class TreeLevel:
    """A multiplet of modes of the similarity of the items, at an unlimited number of features.

    ``name``: "level 1", or "modes 2-4" where the tree is irregular; ``s``: its strength;
    ``places``: of its modes among all, from the strongest, counted from 0; ``projector``
    ``(P, P)`` onto their object analyzers; ``about``: in an irregular tree, the items that they
    mostly tell apart, as "a, b | c".
    """

    name: str
    s: float
    places: NDArray[np.intp]
    projector: FloatArray
    about: str = ""

    @property
    def multiplicity(self) -> int:
        """Number of its modes."""
        return len(self.places)


@dataclass(frozen=True)
class Population:
    """Theory of a tree: ``similarity`` ``(P, P)``, ``levels`` by decreasing strength, ``claims``.

    ``claims``: ids of those that gave the numbers; empty for an irregular tree, of which the
    similarity is computed link by link, and its modes from it.  Levels of strength 0 are left out.
    """

    similarity: FloatArray
    levels: tuple[TreeLevel, ...]
    claims: tuple[str, ...]


def population(tree: Tree) -> Population:
    """The theory of ``tree``, from the claims of regular trees where it is one."""
    regular = levels_of_regular_tree(tree)
    return _computed(tree) if regular is None else _claimed(tree, *regular)


def levels_of_regular_tree(tree: Tree) -> tuple[list[int], list[Any]] | None:
    """Branching factors and flip probabilities of the levels, None of an irregular tree."""
    B, epsilon, children = [], [], tree.children
    for level in tree.levels[:-1]:
        counts = {len(children[node]) for node in level}
        flips = {tree.flips[child] for node in level for child in children[node]}
        if len(counts) > 1 or len(flips) > 1:
            return None
        B.append(counts.pop())
        epsilon.append(flips.pop())
    return B, epsilon


def representations(levels: tuple[TreeLevel, ...], strengths: FloatArray) -> FloatArray:
    """Inner products of the representations ``H = R sqrt(A) V^T``, ``(T, P, P)``.

    ``strengths`` ``(T, levels)``: the curves ``a_l(t)``; ``H^T H = sum_l a_l P_l``.
    """
    projectors = np.array([level.projector for level in levels])
    return np.asarray(np.einsum("tl,lij->tij", strengths, projectors))


def _computed(tree: Tree) -> Population:
    similarity = similarity_matrix(tree)
    values, vectors = np.linalg.eigh(similarity)
    values, vectors = values[::-1], vectors[:, ::-1]
    # An entry errs by a few units of round-off per level; eigh adds P of them (Weyl's bound).
    doubt = (8 * len(tree.levels) + 2) * tree.P * EPS * float(values[0])
    kept = int(np.sum(values > doubt))
    gaps = np.flatnonzero(-np.diff(values[:kept]) > doubt) + 1
    levels, splits = [], _splits(tree)
    for group in np.split(np.arange(kept), gaps):
        s = float(np.sqrt(np.mean(values[group])))
        projector = vectors[:, group] @ vectors[:, group].T
        levels.append(TreeLevel(_numbered(group), s, group, projector, _about(projector, splits)))
    return Population(similarity, tuple(levels), ())


def _claimed(tree: Tree, B: list[int], epsilon: list[Any]) -> Population:
    given = {"B": ",".join(map(str, B)), "epsilon": ",".join(map(str, epsilon)), "N": "1"}
    places = [{**given, "level": str(level)} for level in range(len(B) + 1)]
    q = [float(_values(similarity_claim, place)["q"]) for place in places]
    # Levels of one strength, as below a link of epsilon = 1/2, are one multiplet.
    strengths: dict[Fraction, float] = {}
    members: dict[Fraction, list[int]] = {}
    for level, place in enumerate(places):
        values = _values(strength_claim, place)
        if values["multiplicity"] > 0:
            strengths[values["eigenvalue"]] = float(values["s"])
            members.setdefault(values["eigenvalue"], []).append(level)
    contrasts, levels, first = _contrasts(tree), [], 0
    for eigenvalue in sorted((value for value in members if value > 0), reverse=True):
        projector = np.sum([contrasts[level] for level in members[eigenvalue]], axis=0)
        end = first + round(float(np.trace(projector)))
        name, s = _named(members[eigenvalue]), strengths[eigenvalue]
        levels.append(TreeLevel(name, s, np.arange(first, end), projector))
        first = end
    claims = similarity_claim.id, strength_claim.id
    return Population(np.array(q)[tree.common_levels], tuple(levels), claims)


def _values(claim: Claim, inputs: Mapping[str, str]) -> dict[str, Fraction]:
    """The outputs of ``evaluate``; those of the inputs that the claim takes are given to it."""
    assert claim.evaluation is not None
    taken = {name: inputs[name] for name in claim.evaluation.inputs}
    found = evaluate(claim, taken, DIGITS)["values"]
    return {name: Fraction(told["value"]) for name, told in found.items()}


def _contrasts(tree: Tree) -> dict[int, FloatArray]:
    """Projectors on what is constant on the nodes of a level, less those of the level above."""
    below, found = tree.leaves_below, {}
    above = np.zeros((tree.P, tree.P))
    for number, level in enumerate(tree.levels):
        means = np.zeros((tree.P, tree.P))
        for node in level:
            means[np.ix_(below[node], below[node])] = 1 / len(below[node])
        found[number] = means - above
        above = means
    return found


def _splits(tree: Tree) -> list[tuple[str, FloatArray]]:
    """Every node with branches to tell apart, in words, and the projector on their contrasts."""
    below, found = tree.leaves_below, [("all items", np.full((tree.P, tree.P), 1 / tree.P))]
    for node, branches in enumerate(tree.children):
        if len(branches) > 1:
            projector = np.zeros((tree.P, tree.P))
            for child in branches:
                projector[np.ix_(below[child], below[child])] = 1 / len(below[child])
            projector[np.ix_(below[node], below[node])] -= 1 / len(below[node])
            sides = [_told([tree.names[i] for i in below[child]]) for child in branches]
            found.append((" | ".join(sides), projector))
    return found


def _told(names: list[str]) -> str:
    return ", ".join(names if len(names) < 5 else [*names[:3], f"{len(names) - 3} more"])


def _about(projector: FloatArray, splits: list[tuple[str, FloatArray]]) -> str:
    """The splits whose contrasts share more than half of the smaller space with the projector."""
    inside = [
        told
        for told, split in splits
        if np.sum(projector * split) > min(np.trace(split), np.trace(projector)) / 2
    ]
    return "; ".join(inside)


def _named(levels: list[int]) -> str:
    if len(levels) == 1:
        return f"level {levels[0]}"
    whole = levels[-1] - levels[0] == len(levels) - 1
    return f"levels {levels[0]}-{levels[-1]}" if whole else f"levels {', '.join(map(str, levels))}"


def _numbered(group: NDArray[np.intp]) -> str:
    first, last = int(group[0]) + 1, int(group[-1]) + 1
    return f"mode {first}" if first == last else f"modes {first}-{last}"
