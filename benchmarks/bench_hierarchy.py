"""Spectra of hierarchies: exact fractions level by level against the matrix that nobody needs.

All levels of a tree, eigenvalue and multiplicity, through ``evaluate``; beside it NumPy's singular
values of features sampled from the tree, as many as items, and the eigenvalues of the exact
similarity matrix, at sizes that they can do.  Before anything is timed the eigenvalues must agree
with those of the exact matrix, to the rounding error of a symmetric eigensolver.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from lemmata.numerics.branching_diffusion import sampled_features, similarity_matrix
from lemmata.numerics.trees import regular_tree
from lemmata.proofs.court import collect
from lemmata.proofs.evaluation import evaluate

from .timing import Row, interleaved, summary

FLIP = Fraction(1, 10)
TREES = {
    "quick": ([10, 10], [10, 10, 5], [10] * 6),
    "full": ([10, 10], [10, 10, 5], [10, 10, 10], [10, 10, 10, 2], [10] * 6, [10] * 9),
}
MOST_ITEMS = 2000
"""Larger matrices take NumPy minutes."""


def measure(profile: str) -> list[Row]:
    """One row for each engine and tree."""
    return [row for factors in TREES[profile] for row in _rows(factors, profile)]


def _spectrum(factors: list[int]) -> list[tuple[Fraction, int]]:
    claim = collect()["hierarchy.singular_value"]
    told = {"B": ",".join(map(str, factors)), "epsilon": str(FLIP), "N": "1"}
    found = []
    for level in range(len(factors) + 1):
        values = evaluate(claim, {**told, "level": str(level)})["values"]
        eigenvalue = Fraction(values["eigenvalue"]["value"])
        found.append((eigenvalue, int(values["multiplicity"]["value"])))
    return found


def _rows(factors: list[int], profile: str) -> list[Row]:
    items = int(np.prod(factors))
    calls: dict[str, Any] = {"lemmata, all levels": lambda: _spectrum(factors)}
    if items <= MOST_ITEMS:
        tree = regular_tree(factors, FLIP)
        matrix = similarity_matrix(tree)
        features = sampled_features(tree, items, np.random.default_rng(0))
        _agree(factors, matrix)
        calls["numpy, svd of as many features"] = lambda: np.linalg.svd(features, compute_uv=False)
        calls["numpy, eigvalsh"] = lambda: np.linalg.eigvalsh(matrix)
    for call in calls.values():
        call()
    timed = interleaved(calls, 5 if profile == "quick" else 9)
    case = f"{items:,} items, {len(factors)} levels"
    return [{"case": case, "engine": name, **summary(taken)} for name, taken in timed.items()]


def _agree(factors: list[int], matrix: Any) -> None:
    told = sorted(float(x) for x, count in _spectrum(factors) for _ in range(count))
    found = np.linalg.eigvalsh(matrix)
    bound = 20 * len(matrix) * float(np.finfo(float).eps) * found[-1]
    assert np.allclose(told, found, rtol=0, atol=bound), "the eigenvalues differ"
