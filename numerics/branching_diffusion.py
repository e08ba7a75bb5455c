"""The branching diffusion on a tree: samples, exact laws by enumeration, exact similarities.

Along every link from the root, +1 or -1 with probability 1/2, a feature flips with the probability
of the link; items are the leaves.  ``enumerated_similarity`` visits all flips;
``exact_similarity`` carries conditional means up the tree; ``sampled_features`` draws.
``characteristic_polynomial`` and ``eigenvalues`` tell the exact spectrum of a matrix of rationals.
``wrong_order_probability`` is exact for few features, ``wrong_order_trials`` simulates for many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import lcm
from operator import add, mul

import numpy as np
from numpy.typing import NDArray

from .arguments import check_generator, check_whole
from .rational_spectra import characteristic_polynomial, eigenvalues
from .trees import Tree, TreeError

__all__ = [
    "MOST_ENUMERATED",
    "characteristic_polynomial",
    "eigenvalues",
    "enumerated_similarity",
    "exact_similarity",
    "feature_blocks",
    "feature_law",
    "sampled_features",
    "sampled_similarity",
    "similarity_matrix",
    "split_strengths",
    "wrong_order_probability",
    "wrong_order_trials",
]

FloatArray = NDArray[np.float64]

MOST_ENUMERATED = 20
"""Trees of more nodes have more than a million patterns of flips."""

MOST_SUMS = 50_000

BLOCK = 1 << 22
"""Flips drawn at once."""


def sampled_features(tree: Tree, count: int, rng: np.random.Generator) -> FloatArray:
    """``count`` independent features of all items, +1 or -1, shape ``(P, count)``.

    A flip is a uniform number below the probability, which is rounded to a multiple of 2^-53.  One
    number is drawn for every node of one feature, then of the next: ``feature_blocks`` draws the
    same features whatever the size of its blocks.  Raises ``ValueError`` for a bad argument.
    """
    blocks = list(feature_blocks(tree, count, rng))
    return np.concatenate(blocks, axis=1)


def feature_blocks(
    tree: Tree, count: int, rng: np.random.Generator, block: int | None = None
) -> Iterator[FloatArray]:
    """The features of ``sampled_features`` in turn, at most ``block`` of them at once."""
    check_whole("count", count)
    check_generator("rng", rng)
    nodes, levels = len(tree.parents), tree.levels
    size = check_whole("block", max(1, BLOCK // nodes) if block is None else block)
    parents = np.array(tree.parents)
    limits = np.array([0.5, *map(float, tree.flips[1:])])
    for start in range(0, count, size):
        draws = rng.random((min(size, count - start), nodes))
        state = np.ascontiguousarray((draws < limits).T)
        for level in levels[1:]:
            here = slice(level.start, level.stop)
            state[here] ^= state[parents[here]]
        features: FloatArray = np.where(state[list(tree.items)], -1.0, 1.0)
        yield features


def sampled_similarity(tree: Tree, count: int, rng: np.random.Generator) -> FloatArray:
    """``(1/N) sum over features of eta_i eta_j``, ``(P, P)``; the features are never all kept.

    The sums are whole numbers, exact in float64 for any ``count`` that can be waited for.
    """
    total = np.zeros((tree.P, tree.P))
    for features in feature_blocks(tree, count, rng):
        total += features @ features.T
    return total / count


def feature_law(tree: Tree) -> dict[tuple[int, ...], Fraction]:
    """Probability of every pattern of one feature on the items, by visiting all flips.

    Raises ``TreeError`` for a tree of more than ``MOST_ENUMERATED`` nodes.
    """
    nodes = len(tree.parents)
    if nodes > MOST_ENUMERATED:
        raise TreeError(
            f"tree: its {nodes} nodes have 2^{nodes} patterns of flips: give at most "
            f"{MOST_ENUMERATED} nodes, or use exact_similarity or samples"
        )
    weights, denominator = _whole_weights(tree)
    law: dict[tuple[int, ...], int] = defaultdict(int)
    for values, weight in _flips(tree.parents, weights):
        law[tuple(values[item] for item in tree.items)] += weight
    return {pattern: Fraction(weight, denominator) for pattern, weight in sorted(law.items())}


def enumerated_similarity(tree: Tree) -> list[list[Fraction]]:
    """``E[eta_i eta_j]`` of all items, by visiting all flips; errors as ``feature_law``."""
    found = [[Fraction(0)] * tree.P for _ in range(tree.P)]
    for pattern, probability in feature_law(tree).items():
        for row, left in zip(found, pattern, strict=True):
            for j, right in enumerate(pattern):
                row[j] += left * right * probability
    return found


def exact_similarity(tree: Tree) -> list[list[Fraction]]:
    """``E[eta_i eta_j]`` of all items, by carrying conditional means up the tree.

    A link is the transfer matrix ``T = [[1 - e, e], [e, 1 - e]]`` of a chain of two states.
    For every item below a node, ``m = E[eta | state of the node]`` is a pair of means, and ``T m``
    the one at the node above; two items under different branches of a node are independent given
    its state, so that ``E[eta_i eta_j]`` is the mean of ``m_i m_j`` over the two states, which are
    equally likely at every node.
    """
    size, below, children = tree.P, tree.leaves_below, tree.children
    found = [[Fraction(int(i == j)) for j in range(size)] for i in range(size)]
    means = [(Fraction(1), Fraction(-1))] * size
    for node in reversed(range(len(tree.parents))):  # branches have higher numbers than the node
        for left, right in combinations(children[node], 2):
            for i, j in product(below[left], below[right]):
                up, down = (a * b for a, b in zip(means[i], means[j], strict=True))
                found[i][j] = found[j][i] = (up + down) / 2
        flip = tree.flips[node]
        for i in below[node]:
            up, down = means[i]
            means[i] = ((1 - flip) * up + flip * down, flip * up + (1 - flip) * down)
    return found


def similarity_matrix(tree: Tree) -> FloatArray:
    """``exact_similarity`` in float64, for trees of thousands of items.

    Each entry is a product of at most two factors per level, so it errs by at most twice as many
    units of round-off as the tree has levels, and as many for the rounding of the probabilities.
    """
    below, children = tree.leaves_below, tree.children
    found = np.eye(tree.P)
    means = np.tile([1.0, -1.0], (tree.P, 1))
    for node in reversed(range(len(tree.parents))):
        for left, right in combinations(children[node], 2):
            block = means[below[left]] @ means[below[right]].T / 2
            found[np.ix_(below[left], below[right])] = block
            found[np.ix_(below[right], below[left])] = block.T
        flip = float(tree.flips[node])
        means[below[node]] = means[below[node]] @ np.array([[1 - flip, flip], [flip, 1 - flip]])
    return found


def split_strengths(tree: Tree, features: FloatArray) -> dict[int, FloatArray]:
    """What each split of the tree contributes to the similarity of the items, per feature.

    A split is a node with two branches or more.  With ``S_c`` the sum of a feature over the ``n_c``
    items below branch ``c`` and ``S`` over all ``n`` below the node, its strength is
    ``(sum_c S_c^2 / n_c - S^2 / n) / (branches - 1)``: the mean of ``(v . eta)^2`` over an
    orthonormal basis of the contrasts between its branches, whatever the basis.
    ``features`` ``(P, count)``; every value has shape ``(count,)``.
    """
    splits, weights, scale = _split_weights(tree)
    sums = _membership(tree) @ features
    return dict(zip(splits, (weights @ sums**2) / scale, strict=True))


def wrong_order_probability(tree: Tree, count: int, *, ties: bool = False) -> Fraction:
    """Probability that the first split is weaker than a finer one in ``count`` features, exactly.

    The strength of a split is the mean over the features of ``split_strengths``; the first split
    is the uppermost one.  ``ties`` counts equal strengths as wrong too.  All patterns of a feature
    are visited, and their sums over ``count`` features followed one feature at a time.
    Raises ``TreeError`` for trees too large for ``feature_law``, with fewer than two splits, or
    for so many features that more than ``MOST_SUMS`` sums had to be told apart.
    """
    check_whole("count", count)
    weights, _ = _order_weights(tree)
    law: dict[tuple[int, ...], Fraction] = defaultdict(Fraction)
    membership = _membership(tree).astype(int).tolist()
    rows = weights.tolist()
    for pattern, probability in feature_law(tree).items():
        squares = [sum(map(mul, inside, pattern)) ** 2 for inside in membership]
        law[tuple(sum(map(mul, row, squares)) for row in rows)] += probability
    denominator = lcm(*(p.denominator for p in law.values()))
    steps = [(step, int(p * denominator)) for step, p in law.items()]
    sums = {(0,) * len(rows): 1}
    for _ in range(count):
        sums = _followed(sums, steps)
    wrong = sum(n for total, n in sums.items() if _is_wrong(min(total), ties))
    return Fraction(wrong, denominator**count)


def wrong_order_trials(
    tree: Tree, count: int, trials: int, rng: np.random.Generator, *, ties: bool = False
) -> int:
    """How many of ``trials`` samples of ``count`` features have the order wrong.

    The event is that of ``wrong_order_probability``, decided in whole numbers: equal strengths are
    recognised.  The number of wrong ones is binomial with that probability.
    """
    check_whole("trials", trials)
    weights, _ = _order_weights(tree)
    membership, wrong = _membership(tree), 0
    for _ in range(trials):
        totals = np.zeros(len(weights), dtype=np.int64)
        for features in feature_blocks(tree, count, rng):
            squares = np.rint(membership @ features).astype(np.int64) ** 2
            totals += weights @ squares.sum(axis=1)
        wrong += _is_wrong(int(totals.min()), ties)
    return wrong


def _is_wrong(least: int, ties: bool) -> bool:
    return least < 0 or (ties and least == 0)


def _followed(
    sums: Mapping[tuple[int, ...], int], steps: Sequence[tuple[tuple[int, ...], int]]
) -> dict[tuple[int, ...], int]:
    found: dict[tuple[int, ...], int] = defaultdict(int)
    for total, weight in sums.items():
        for step, share in steps:
            found[tuple(map(add, total, step))] += weight * share
    if len(found) > MOST_SUMS:
        raise TreeError(f"count: more than {MOST_SUMS} sums to tell apart: use wrong_order_trials")
    return found


def _order_weights(tree: Tree) -> tuple[NDArray[np.int64], int]:
    """Rows of ``first split - finer split``, in squares of the sums below every node."""
    splits, weights, scale = _split_weights(tree)
    if len(splits) < 2:
        raise TreeError("tree: fewer than two of its nodes branch: there is no order to get wrong")
    return weights[0] - weights[1:], scale


def _split_weights(tree: Tree) -> tuple[list[int], NDArray[np.int64], int]:
    """Splits, and whole numbers ``(splits, nodes)`` that are ``scale`` times their weights."""
    below, children = tree.leaves_below, tree.children
    splits = [node for node, branches in enumerate(children) if len(branches) > 1]
    scale = lcm(
        *(len(below[n]) * (len(children[s]) - 1) for s in splits for n in (s, *children[s]))
    )
    weights = np.zeros((len(splits), len(tree.parents)), dtype=np.int64)
    for row, split in zip(weights, splits, strict=True):
        share = scale // (len(children[split]) - 1)
        row[split] = -share // len(below[split])
        for child in children[split]:
            row[child] = share // len(below[child])
    return splits, weights, scale


def _membership(tree: Tree) -> FloatArray:
    """1 where an item is at or below a node, ``(nodes, P)``."""
    found = np.zeros((len(tree.parents), tree.P))
    for row, positions in zip(found, tree.leaves_below, strict=True):
        row[positions] = 1.0
    return found


def _whole_weights(tree: Tree) -> tuple[list[tuple[int, int]], int]:
    """Weights of +1 and of a flip at every node, as whole numbers; their common denominator."""
    weights, denominator = [(1, 1)], 2
    for flip in tree.flips[1:]:
        weights.append((flip.denominator - flip.numerator, flip.numerator))
        denominator *= flip.denominator
    return weights, denominator


def _flips(
    parents: Sequence[int], weights: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[int, ...], int]]:
    """Values of all nodes and the weight of every pattern of flips, impossible ones left out."""
    states: list[tuple[tuple[int, ...], int]] = [((), 1)]
    for parent, (kept, flipped) in zip(parents, weights, strict=True):
        grown = []
        for values, weight in states:
            above = values[parent] if values else 1
            if kept:
                grown.append(((*values, above), weight * kept))
            if flipped:
                grown.append(((*values, -above), weight * flipped))
        states = grown
    yield from states
