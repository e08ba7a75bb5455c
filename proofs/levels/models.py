"""Evidence ``model``: the branching diffusion itself, visited flip by flip, against the formulas.

Numerics enumerates the flips of small trees exactly and knows no formula of theory; the values of
theory at the same tree must be equal as fractions.  Representations come from integrating the
equation of motion of every mode, and are compared to a stated accuracy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

import flint
import numpy as np
from lemmata.numerics.branching_diffusion import (
    characteristic_polynomial,
    enumerated_similarity,
    exact_similarity,
    similarity_matrix,
    wrong_order_probability,
)
from lemmata.numerics.trees import regular_tree
from lemmata.theory.claims import Claim
from lemmata.theory.hierarchy.sequences import B, C, D, N, epsilon, k, lam, mult, q
from scipy.integrate import solve_ivp

from ..evaluation import evaluate
from ..evidence import Budget
from ..verdicts import Status, Verdict
from .instances import Instance, random_source
from .values import Values

__all__ = ["Model"]

TREES = {"quick": 3, "full": 8, "thorough": 40}
MOST_NODES = 13
"""Trees whose flips are enumerated: 2^13 patterns."""
MOST_ITEMS = 12

Tree = tuple[list[int], list[Fraction]]
Matrix = list[list[Fraction]]


class Model:
    """Sampled when theory and enumeration agree exactly on every tree drawn; refuted otherwise."""

    kind = "model"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Claims on the branching diffusion that enumeration can look at."""
        return claim.id in _MODELS

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Counts trees; the counterexample is a tree."""
        count = TREES[budget.profile]
        for number in range(count):
            tree = _tree(rng)
            for name, theory, model in _MODELS[claim.id](claim, tree):
                if theory != model:
                    told = {"B": _listed(tree[0]), "epsilon": _listed(tree[1])}
                    reason = f"{name} is {theory} by the formula, {model} by enumeration"
                    return Verdict(
                        self.kind, Status.REFUTED, count, number + 1, name, reason, told
                    )
        return Verdict(self.kind, Status.SAMPLED, count, count)


def _listed(values: list[Any]) -> str:
    return ",".join(map(str, values))


def _tree(rng: np.random.Generator) -> Tree:
    """A small regular tree, unary levels and all kinds of flip probabilities included."""
    source = random_source(rng)
    while True:
        factors = [source.whole(1, 3) for _ in range(source.whole(1, 3))]
        nodes = sum(prod(factors[:level]) for level in range(len(factors) + 1))
        if nodes <= MOST_NODES and prod(factors) <= MOST_ITEMS:
            break
    flips = [Fraction(source.whole(0, 10), 10) for _ in factors]
    return factors, flips


def _values(claim: Claim, tree: Tree, level: int, features: int = 1) -> Values:
    factors, flips = tree
    made = Instance({D: Fraction(len(factors)), k: Fraction(level), N: Fraction(features)})
    made.sequences[B] = {i: Fraction(b) for i, b in enumerate(factors)}
    made.sequences[epsilon] = {-1: Fraction(1, 2), **dict(enumerate(flips))}
    return Values(claim, made)


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _sizes(factors: list[int]) -> list[int]:
    """Items below a node of each level."""
    return [prod(factors[level:]) for level in range(len(factors) + 1)]


def _parting(one: int, other: int, sizes: list[int]) -> int:
    """The last level at which two items share a category."""
    return max(level for level, size in enumerate(sizes) if one // size == other // size)


Pairs = Iterator[tuple[str, Any, Any]]


def _similarities(claim: Claim, tree: Tree) -> Pairs:
    """Every entry of the similarity matrix."""
    sizes = _sizes(tree[0])
    found = enumerated_similarity(regular_tree(*tree))
    by_level = [_fraction(_values(claim, tree, x).value(q(k))) for x in range(len(sizes))]
    for i, row in enumerate(found):
        for j, similarity in enumerate(row):
            yield f"similarity of items {i} and {j}", by_level[_parting(i, j, sizes)], similarity


def _spectrum(claim: Claim, tree: Tree) -> Pairs:
    """The characteristic polynomial: eigenvalues with their multiplicities."""
    product = flint.fmpq_poly([1])
    for level in range(len(tree[0]) + 1):
        values = _values(claim, tree, level)
        factor = flint.fmpq_poly([-values.value(lam(k)), 1])
        product *= factor ** int(_fraction(values.value(mult(k))))
    found = characteristic_polynomial(exact_similarity(regular_tree(*tree)))
    yield "characteristic polynomial", [_fraction(c) for c in product.coeffs()], found


def _coherences(claim: Claim, tree: Tree) -> Pairs:
    """Mean similarity inside a category less that to a sibling, from the matrix itself."""
    sizes, matrix = _sizes(tree[0]), enumerated_similarity(regular_tree(*tree))
    for level, size in enumerate(sizes):
        inside = _mean(matrix, range(size), range(size))
        # A unary level has no sibling: its nearest outside category is that of its parent.
        above = next((s for s in reversed(sizes[:level]) if s > size), 0)
        outside = _mean(matrix, range(size), range(size, 2 * size)) if above else Fraction(0)
        if level == 0 or tree[0][level - 1] > 1:
            value = _fraction(_values(claim, tree, level).value(C(k)))
            yield f"coherence of level {level}", value, inside - outside


def _mean(matrix: Matrix, rows: range, columns: range) -> Fraction:
    total = sum((matrix[i][j] for i in rows for j in columns), Fraction(0))
    return total / (len(rows) * len(columns))


def _fluctuation(claim: Claim, tree: Tree) -> Pairs:
    """The sum of the variances of all pairs of items."""
    assert claim.evaluation is not None
    matrix, features = enumerated_similarity(regular_tree(*tree)), 7
    output = claim.evaluation.outputs["fluctuation"]
    value = _fraction(_values(claim, tree, 0, features).value(output))
    yield "fluctuation", value, sum((1 - x**2) / features for row in matrix for x in row)


def _wrong_order(claim: Claim, tree: Tree) -> Pairs:
    """Two pairs of items, one feature; the flips into the pairs play no part."""
    flips = [f for f in tree[1] if 0 < f < 1] or [Fraction(1, 10)]
    told = evaluate(claim, {"epsilon": str(flips[-1])})["values"]["probability"]["value"]
    found = wrong_order_probability(regular_tree([2, 2], [flips[0], flips[-1]]), 1)
    yield "probability", Fraction(told), found


def _kernel(tree: Tree) -> Any:
    """V a(t) V^T for the flow da/dt = 2a(s - a) of every mode, integrated numerically.

    s: the roots of the eigenvalues of the exact similarity matrix.
    """
    squares, vectors = np.linalg.eigh(similarity_matrix(regular_tree(*tree)))
    s = np.sqrt(np.maximum(squares, 0))
    start = np.full(len(s), 0.01)
    found = solve_ivp(
        lambda t, a: 2 * a * (s - a), (0, 2), start, "DOP853", rtol=1e-12, atol=1e-14
    )
    return (vectors * found.y[:, -1]) @ vectors.T


def _away_from_zero(tree: Tree) -> Tree:
    """The same tree with flips from 1/10 to 2/5: no root of an eigenvalue near zero."""
    return tree[0], [Fraction(1, 10) + 3 * flip / 10 for flip in tree[1]]


def _asked(claim: Claim, tree: Tree, name: str) -> list[float]:
    told = {"B": _listed(tree[0]), "epsilon": _listed(tree[1])}
    found = evaluate(claim, {**told, "a0": "1/100", "tau": "1", "t": "2"}, digits=15)
    return [float(Fraction(x)) for x in found["values"][name]["value"]]


def _distances(claim: Claim, drawn: Tree) -> Pairs:
    """Squared distances of the representations of all pairs of items."""
    tree = _away_from_zero(drawn)
    K, told = _kernel(tree), _asked(claim, tree, "squared_distance_by_level")
    for i, j, level in _partings(tree):
        distance = K[i, i] + K[j, j] - 2 * K[i, j]
        yield f"distance of items {i} and {j}", _Near(told[level]), _Near(distance)


def _projections(claim: Claim, drawn: Tree) -> Pairs:
    """What is projected from one item to another."""
    tree = _away_from_zero(drawn)
    K, told = _kernel(tree), _asked(claim, tree, "projection_by_level")
    for i, j, level in _partings(tree):
        yield f"projection from item {i} to {j}", _Near(told[level]), _Near(K[i, j] / K[i, i])


def _partings(tree: Tree) -> Iterator[tuple[int, int, int]]:
    sizes = _sizes(tree[0])
    for i in range(sizes[0]):
        for j in range(i + 1, sizes[0]):
            yield i, j, _parting(i, j, sizes)


@dataclass(frozen=True, eq=False)
class _Near:
    """A float that equals another to 1e-8.

    Eigenvalues here are at least 4 e (1 - e) > 0.3 and known to 1e-14 or so, the integration to
    1e-12 of numbers up to 4, over four time constants of growth at most e^16.
    """

    value: float

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Near) and abs(self.value - other.value) <= 1e-8

    def __str__(self) -> str:
        return f"{self.value:.12g}"


_MODELS: dict[str, Callable[[Claim, Tree], Pairs]] = {
    "hierarchy.similarity": _similarities,
    "hierarchy.singular_value": _spectrum,
    "coherence.identity": _coherences,
    "hierarchy.finite_features": _fluctuation,
    "hierarchy.differentiation": _distances,
    "cognition.induction_property": _projections,
    "hierarchy.finite_features.wrong_order": _wrong_order,
}
