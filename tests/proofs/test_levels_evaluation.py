"""`evaluate` over hierarchies against matrices that know no formula of theory/."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from lemmata.proofs import strategies
from lemmata.proofs.court import collect
from lemmata.proofs.evaluation import evaluate
from lemmata.proofs.inputs import InputError

EPS = float(np.finfo(float).eps)
TREES = strategies.hierarchies(regular=True, max_depth=3, max_branching=3)


def values(id: str, tree: Any, **more: object) -> dict[str, Any]:
    told = {"B": tree.B, "epsilon": tree.epsilon} | more
    inputs = {
        name: ",".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in told.items()
    }
    found = evaluate(collect()[id], inputs, digits=20)["values"]
    return {name: value["value"] for name, value in found.items()}


def parting(tree: Any, one: int, other: int) -> int:
    """The deepest level at which two items have one ancestor."""
    sizes = [prod(tree.B[level:]) for level in range(tree.D + 1)]
    return max(level for level, size in enumerate(sizes) if one // size == other // size)


def similarity(tree: Any) -> Any:
    """Exact similarities as products over the links of both paths."""
    found = np.ones((tree.P, tree.P))
    for i in range(tree.P):
        for j in range(tree.P):
            kept = [1 - 2 * e for e in tree.epsilon[parting(tree, i, j) :]]
            found[i, j] = float(prod(kept, start=Fraction(1)) ** 2)
    return found


@settings(max_examples=25, deadline=None)
@given(TREES)
def test_eigenvalues_with_multiplicity_are_those_of_the_matrix(tree: Any) -> None:
    told: list[float] = []
    for level in range(tree.D + 1):
        found = values("hierarchy.singular_value", tree, level=level, N=1)
        told += [float(Fraction(found["eigenvalue"]))] * int(found["multiplicity"])
    matrix = similarity(tree)
    # Symmetric eigenvalues are off by at most a small multiple of P eps |G|, |G| <= P.
    bound = 20 * tree.P**2 * EPS
    assert np.allclose(sorted(told), np.linalg.eigvalsh(matrix), rtol=0, atol=bound)


@settings(max_examples=25, deadline=None)
@given(TREES)
def test_coherence_is_what_is_inside_less_what_is_outside(tree: Any) -> None:
    matrix = similarity(tree)
    for level in range(1, tree.D + 1):
        size = prod(tree.B[level:])
        if tree.B[level - 1] == 1:
            continue  # without siblings there is no outside category beside it
        inside, outside = matrix[:size, :size].mean(), matrix[:size, size : 2 * size].mean()
        told = float(Fraction(values("coherence.identity", tree, level=level)["C"]))
        # Two means of numbers up to 1.
        assert abs(told - (inside - outside)) <= 4 * tree.P**2 * EPS


def kernel(tree: Any, a0: float, t: float) -> Any:
    """V diag(a) V^T of the flow da/dt = 2a(s - a), s the roots of the eigenvalues."""
    squares, vectors = np.linalg.eigh(similarity(tree))
    s = np.sqrt(np.maximum(squares, 0))
    small = s < 1e-6
    decay = np.exp(-2 * s * t)
    with np.errstate(invalid="ignore", divide="ignore"):
        a = np.where(small, a0 / (1 + 2 * a0 * t), s / (1 + (s / a0 - 1) * decay))
    return (vectors * a) @ vectors.T


SHARP = strategies.hierarchies(
    regular=True, max_depth=2, max_branching=3, min_epsilon=Fraction(1, 20),
    max_epsilon=Fraction(2, 5),
)  # fmt: skip
"""Trees without eigenvalues near zero, whose roots would be ill conditioned."""


@settings(max_examples=15, deadline=None)
@given(SHARP)
def test_distances_and_projections_are_those_of_the_kernel(tree: Any) -> None:
    more = {"a0": Fraction(1, 100), "tau": 1, "t": 2}
    K = kernel(tree, 0.01, 2.0)
    squared = values("hierarchy.differentiation", tree, **more)["squared_distance_by_level"]
    projected = values("cognition.induction_property", tree, **more)["projection_by_level"]
    # Eigenvalues here are at least 4 e (1 - e) > 0.19, so that their roots and a(t) are smooth: a
    # generous multiple of the error of the eigenvalues.
    bound = 1e4 * tree.P**2 * EPS
    for j in range(1, tree.P):
        level = parting(tree, 0, j)
        assert abs(float(squared[level]) - (K[0, 0] + K[j, j] - 2 * K[0, j])) <= bound
        assert abs(float(projected[level]) - K[0, j] / K[0, 0]) <= bound / K[0, 0] ** 2


def test_the_sheet() -> None:
    """Numbers found by others: B = 3, 3 with epsilon = 3/20."""
    tree = strategies.trees.Hierarchy.regular([3, 3], [Fraction(3, 20)] * 2)
    told = [values("hierarchy.singular_value", tree, level=x, N=1)["eigenvalue"] for x in range(3)]
    assert [round(float(Fraction(x)), 4) for x in told] == [3.4206, 1.2597, 0.51]


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"epsilon": "1.2"}, "epsilon: 6/5 is outside the domain"),
        ({"epsilon": "1/10,1/10,1/10"}, "B has 2, epsilon has 3 entries"),
        ({"B": "2"}, "B has 1, epsilon has 2 entries"),
        ({"B": "2,0"}, "B: 0 is outside the domain"),
        ({"B": "2,5/2"}, "B: 5/2 is outside the domain"),
        ({"level": "3"}, "level: 3 is outside the tree: give 0 to 2"),
        ({"level": "-1"}, "level: -1 is outside the tree: give 0 to 2"),
        ({"level": "1/2"}, "level: 1/2 is outside the domain"),
        ({"B": "[[2,2]]"}, "B: a matrix is outside the domain"),
    ],
)
def test_bad_input_is_one_clear_line(inputs: dict[str, str], message: str) -> None:
    given_ = {"B": "2,2", "epsilon": "1/10,1/10", "level": "1"} | inputs
    with pytest.raises(InputError) as told:
        evaluate(collect()["coherence.identity"], given_)
    assert str(told.value).startswith(message)
    assert "\n" not in str(told.value)


def test_one_probability_stands_for_all_levels() -> None:
    claim = collect()["hierarchy.finite_features"]
    one = evaluate(claim, {"B": "2,2", "epsilon": "1/10", "N": "32"})["values"]
    assert one == evaluate(claim, {"B": "2,2", "epsilon": "1/10,1/10", "N": "32"})["values"]


def test_a_million_items_take_no_matrix() -> None:
    claim = collect()["hierarchy.singular_value"]
    inputs = {"B": ",".join(["10"] * 6), "epsilon": "1/10", "level": "1", "N": "1000"}
    assert evaluate(claim, inputs)["values"]["multiplicity"]["value"] == "9"
