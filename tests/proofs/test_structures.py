"""Spectra of structures against eigenvalues that numpy finds, and against dense matrices."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.cli.main import run
from lemmata.proofs.court import collect
from lemmata.proofs.evaluation import evaluate
from lemmata.proofs.inputs import InputError

EPS = float(np.finfo(float).eps)
SIZES = st.integers(3, 9)
VARIANCES = st.fractions(Fraction(1, 20), 20, max_denominator=20)


def told(line: str) -> dict[str, Any]:
    """Values as floats, in lists of the shape that ``evaluate`` tells."""
    id, *pairs = line.split()
    found = evaluate(collect()[id], dict(pair.split("=") for pair in pairs), 25)["values"]
    return {name: numbers(value["value"]) for name, value in found.items()}


def numbers(value: Any) -> Any:
    return [numbers(v) for v in value] if isinstance(value, list) else float(Fraction(value))


def path(count: int) -> np.ndarray:
    """Adjacency of a chain."""
    return np.eye(count, k=1) + np.eye(count, k=-1)


def cycle(count: int) -> np.ndarray:
    """Adjacency of a ring of at least three items."""
    links = path(count)
    links[0, -1] += 1
    links[-1, 0] += 1
    return links


def covariance(links: np.ndarray, variance: Fraction) -> np.ndarray:
    """Of features with density exp(-sum over links of (x - y)^2/2 - sum of x^2/(2 variance))."""
    laplacian = np.diag(links.sum(axis=0)) - links
    return np.linalg.inv(laplacian + np.eye(len(links)) / float(variance))


def product(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Adjacency of a grid from that of its rows and its columns."""
    return np.kron(one, np.eye(len(other))) + np.kron(np.eye(len(one)), other)


def same(found: Any, matrix: np.ndarray) -> None:
    """Eigenvalues in any order; numpy finds them up to a few units of the largest."""
    expected = np.linalg.eigvalsh(matrix)
    noise = 100 * len(matrix) * EPS * abs(expected).max()
    assert np.abs(np.sort(np.ravel(found)) - expected).max() < noise


@settings(max_examples=20)
@given(SIZES, VARIANCES)
def test_ring_and_chain(count: int, variance: Fraction) -> None:
    inputs = f"P={count} sigma2={variance}"
    same(told(f"structures.ring {inputs}")["eigenvalues"], covariance(cycle(count), variance))
    same(told(f"structures.chain {inputs}")["eigenvalues"], covariance(path(count), variance))


@settings(max_examples=12)
@given(st.integers(3, 5), st.integers(3, 5), VARIANCES)
def test_grid_and_torus(rows: int, columns: int, variance: Fraction) -> None:
    inputs = f"n1={rows} n2={columns} sigma2={variance}"
    open_grid = told(f"structures.grid {inputs}")["eigenvalues"]
    assert (len(open_grid), len(open_grid[0])) == (rows, columns)
    same(open_grid, covariance(product(path(rows), path(columns)), variance))
    closed = told(f"structures.torus {inputs}")["eigenvalues"]
    same(closed, covariance(product(cycle(rows), cycle(columns)), variance))


@settings(max_examples=20)
@given(st.integers(1, 5), st.integers(1, 5), *[st.fractions(-1, 1, max_denominator=9)] * 2)
def test_clusters(count: int, size: int, within: Fraction, between: Fraction) -> None:
    line = f"structures.clusters K={count} m={size} w={within} b={between}"
    found = told(line)
    block = np.kron(np.eye(count), np.ones((size, size)))
    matrix = float(within) * block + float(between) * (1 - block)
    np.fill_diagonal(matrix, 1)
    counted = [v for v, n in zip(*found.values(), strict=True) for _ in range(int(n))]
    same(counted, matrix)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 20])
def test_ordering(count: int) -> None:
    found = told(f"structures.ordering P={count}")["singular_values"]
    expected = np.linalg.svd(np.triu(np.ones((count, count))), compute_uv=False)
    # Singular values are found to count EPS of the largest one.
    assert np.abs(np.array(found) - expected).max() <= count * EPS * expected[0]


@settings(max_examples=20)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=3), VARIANCES)
def test_tree(children: list[int], variance: Fraction) -> None:
    levels, parents = [[0]], {0: None}
    for count in children:
        grown = []
        for parent in levels[-1]:
            for _ in range(count):
                parents[len(parents)] = parent
                grown.append(len(parents) - 1)
        levels.append(grown)
    links = np.zeros((len(parents), len(parents)))
    for node, parent in parents.items():
        if parent is not None:
            links[node, parent] = links[parent, node] = 1
    whole = covariance(links, variance)
    found = told(f"structures.tree B={','.join(map(str, children))} sigma2={variance}")["q"]
    rounding = len(whole) * EPS * np.linalg.cond(whole) * whole.max()  # of an inverse

    def ancestors(node: Any) -> list[int]:
        return [] if node is None else [*ancestors(parents[node]), node]

    for one in levels[-1]:
        for other in levels[-1]:
            pairs = zip(ancestors(one), ancestors(other), strict=True)
            level = sum(a == b for a, b in pairs) - 1
            assert abs(whole[one, other] - found[level]) <= rounding
    nodes = [len(level) for level in levels]
    sizes = [nodes[0], *(below - above for above, below in pairwise(nodes))]
    inputs = f"B={','.join(map(str, children))}"
    given = {"B": inputs[2:], "sigma2": str(variance)}
    exact = evaluate(collect()["structures.tree"], given)
    q = ",".join(exact["values"]["q"]["value"])
    spectrum = told(f"structures.tree.eigenvalue {inputs} q={q}")["eigenvalues"]
    counted = [v for v, size in zip(spectrum, sizes, strict=True) for _ in range(size)]
    same(counted, whole[np.ix_(levels[-1], levels[-1])])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("structures.ring P=5/2 sigma2=1", "P: 5/2 is outside the domain: it must be a positive"),
        ("structures.ring P=4 sigma2=0", "sigma2: 0 is outside the domain: it must be positive"),
        ("structures.grid n1=1000000 n2=1000000 sigma2=1", "entries or more: give smaller inputs"),
        ("structures.clusters K=2 m=2 w=6/5 b=0", "outside the domain w <= 1"),
        ("structures.ordering P=-1", "P: -1 is outside the domain"),
        ("structures.tree B=2,1/2 sigma2=1", "B: 1/2 is outside the domain"),
        ("structures.tree.eigenvalue B=2,2 q=1,2", "B has 2, q has 2 entries: give every list"),
    ],
)
def test_wrong_inputs_end_in_one_line(line: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        told(line)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_grid_is_not_a_torus_and_a_chain_not_a_ring() -> None:
    # The comparisons above would pass for the wrong structure if numpy's tolerance hid it.
    with pytest.raises(AssertionError):
        same(told("structures.ring P=6 sigma2=2")["eigenvalues"], covariance(path(6), Fraction(2)))
    torus = covariance(product(cycle(3), cycle(4)), Fraction(2))
    with pytest.raises(AssertionError):
        same(told("structures.grid n1=3 n2=4 sigma2=2")["eigenvalues"], torus)


def test_the_command_line_names_the_modes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", "structures.grid", "n1=1", "n2=2", "sigma2=2"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "eigenvalues[0,0] = 2  +/- 0",
        "eigenvalues[0,1] = 2/5  +/- 0",
    ]
    assert run(["evaluate", "structures.ordering", "P=2", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)["values"]["singular_values"]
    assert values["first"] == [1]
    assert len(values["value"]) == len(values["radius"]) == 2
