"""What theory says of a tree of items: its levels, their strengths, and representations over time.

Strengths are in the unit of features divided by ``sqrt(N)``: with sums over the items the squares
of the singular values are then the eigenvalues of the items' similarity, whatever ``N``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from lemmata.numerics.branching_diffusion import similarity_matrix
from lemmata.numerics.networks import FloatArray
from lemmata.numerics.trees import Tree
from lemmata.theory.registry import REGISTRY
from numpy.typing import NDArray

from .evaluation import evaluate
from .inputs import InputError

__all__ = ["Population", "TreeLevel", "levels_of_regular_tree", "population", "representations"]

EPS = float(np.finfo(np.float64).eps)
SIMILARITY, STRENGTH = "hierarchy.similarity", "hierarchy.singular_value"


@dataclass(frozen=True)
class TreeLevel:
    """A multiplet of modes of the similarity of the items, at an unlimited number of features.

    ``name``: "level 1", or "modes 2-4" where the tree is irregular; ``s``: its strength;
    ``places``: of its modes among all, from the strongest, counted from 0; ``projector``
    ``(P, P)`` onto their object analyzers.
    """

    name: str
    s: float
    places: NDArray[np.intp]
    projector: FloatArray

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
    if regular is not None and STRENGTH in REGISTRY and SIMILARITY in REGISTRY:
        return _claimed(tree, *regular)
    similarity = similarity_matrix(tree)
    values, vectors = np.linalg.eigh(similarity)
    values, vectors = values[::-1], vectors[:, ::-1]
    # An entry errs by a few units of round-off per level; eigh adds P of them (Weyl's bound).
    doubt = (8 * len(tree.levels) + 2) * tree.P * EPS * float(values[0])
    kept = int(np.sum(values > doubt))
    gaps = np.flatnonzero(-np.diff(values[:kept]) > doubt) + 1
    groups = np.split(np.arange(kept), gaps)
    contrasts = None if regular is None else _contrasts(tree)
    levels = []
    for group in groups:
        s = float(np.sqrt(np.mean(values[group])))
        projector = vectors[:, group] @ vectors[:, group].T
        name = _numbered(group) if contrasts is None else _named(contrasts, projector)
        levels.append(TreeLevel(name, s, group, projector))
    return Population(similarity, tuple(levels), ())


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


def _claimed(tree: Tree, B: list[int], epsilon: list[Any]) -> Population:
    given = {"B": ",".join(map(str, B)), "epsilon": ",".join(map(str, epsilon))}
    depth = len(B)
    q = [_number(SIMILARITY, "q", {**given, "level": str(level)}) for level in range(depth + 1)]
    similarity = np.array(q)[tree.common_levels]
    found: dict[float, list[int]] = {}
    contrasts = _contrasts(tree)
    for level, projector in contrasts.items():
        if round(float(np.trace(projector))):
            asked = {**given, "level": str(level), "N": "1"}
            found.setdefault(_number(STRENGTH, "s", asked), []).append(level)
    levels, first = [], 0
    for s in sorted(found, reverse=True):
        projector = np.sum([contrasts[level] for level in found[s]], axis=0)
        count = round(float(np.trace(projector)))
        if s > 0:
            name = _levels(found[s])
            levels.append(TreeLevel(name, s, np.arange(first, first + count), projector))
        first += count
    return Population(similarity, tuple(levels), (SIMILARITY, STRENGTH))


def _number(id: str, output: str, inputs: Mapping[str, str]) -> float:
    value = evaluate(REGISTRY[id], inputs, 20)["values"][output]["value"]
    try:
        top, _, bottom = str(value).partition("/")
        return float(top) / float(bottom or 1)
    except ValueError:
        raise InputError(f"{id}: {output}={value!r} is no number") from None


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


def _named(contrasts: Mapping[int, FloatArray], projector: FloatArray) -> str:
    """The levels whose contrasts lie in the range of the projector."""
    inside = [
        level
        for level, contrast in contrasts.items()
        if np.sum(contrast * projector) > np.trace(contrast) / 2 > 0.25
    ]
    return _levels(inside)


def _levels(numbers: list[int]) -> str:
    return f"level {numbers[0]}" if len(numbers) == 1 else f"levels {numbers[0]}-{numbers[-1]}"


def _numbered(group: NDArray[np.intp]) -> str:
    first, last = int(group[0]) + 1, int(group[-1]) + 1
    return f"mode {first}" if first == last else f"modes {first}-{last}"
