"""What `analyze` measures on exact data against what the claims foretell of them."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.branching_diffusion import similarity_matrix
from lemmata.numerics.categories import Classification
from lemmata.numerics.datasets import ItemTable
from lemmata.numerics.trees import regular_tree
from lemmata.proofs.analysis.analysis import analyze
from lemmata.proofs.analysis.illusions import Output, scan_times
from lemmata.proofs.analysis.modes import table_modes
from lemmata.proofs.analysis.settings import Settings
from lemmata.proofs.analysis.structures import arrangement
from lemmata.proofs.court import collect
from lemmata.proofs.evaluation import evaluate

SUMS = Settings(convention="sum")
CLAIMS = {claim.id: claim for claim in collect()}
EPS = float(np.finfo(float).eps)


def told(claim: str, output: str, **inputs: object) -> float:
    given_inputs = {name: str(value) for name, value in inputs.items()}
    return float(Fraction(evaluate(CLAIMS[claim], given_inputs)["values"][output]["value"]))


def table_of(values) -> ItemTable:
    names = tuple(f"item {k}" for k in range(len(values)))
    return ItemTable(names, names, np.asarray(values, dtype=float))


def branches(names, branching):
    """The leaves of a regular tree as nested lists."""
    if not branching:
        return names
    size = len(names) // branching[0]
    parts = [names[k : k + size] for k in range(0, len(names), size)]
    return [branches(part, branching[1:]) for part in parts]


def nested(part):
    """The same without an order."""
    return part if isinstance(part, str) else frozenset(nested(inner) for inner in part)


@pytest.mark.parametrize(
    ("branching", "flips"),
    [
        ((3, 3), ("3/20", "3/20")),
        ((2, 2, 2), ("1/10", "1/10", "1/10")),
        ((2, 3, 2), ("1/5", "1/10", "1/20")),
    ],
)
def test_a_regular_hierarchy_has_the_strengths_and_coherences_of_the_claims(branching, flips):
    tree = regular_tree(branching, [Fraction(flip) for flip in flips])
    table = table_of(similarity_matrix(tree))
    items, depth = len(table.items), len(branching)
    sizes = [items // int(np.prod(branching[:level])) for level in range(1, depth)]
    kinds = [
        Classification.of_labels(str(level), table.items, [str(k // size) for k in range(items)])
        for level, size in enumerate(sizes, start=1)
    ]
    order = np.random.default_rng(0).permutation(items)
    found = analyze(table, SUMS, kinds, given_similarity=True)
    tree_inputs = {"B": ",".join(map(str, branching)), "epsilon": ",".join(flips)}
    levels = [
        {
            name: told("hierarchy.singular_value", name, **tree_inputs, level=level, N=items)
            for name in ("s", "multiplicity")
        }
        for level in range(depth + 1)
    ]
    # Eigenvalues of the similarity, and values of its root, are off by P EPS of the largest one;
    # entries by 4 EPS for each level.
    strengths = np.array([level["s"] for level in levels])
    off = (items + 8 * depth) * EPS * (strengths[0] / strengths) ** 2 / 2
    off = off + items * EPS * strengths[0] / strengths
    measured = np.array([mode.s for mode in found.modes.modes])
    assert np.all(np.abs(measured - strengths) <= off * strengths)
    assert [len(mode.numbers) for mode in found.modes.modes] == [
        level["multiplicity"] for level in levels
    ]
    for category in found.categories:
        level = int(category.classification)
        c = category.coherence
        foretold = told("coherence.identity", "C", **tree_inputs, level=level)
        # Entries, and two means of them in two sums of P terms at most.
        assert c.coherence == pytest.approx(foretold, abs=(8 * depth + 4 * items) * EPS)
        assert category.eigenvector == "yes"
        assert category.best == level
        # The logarithm of the time is found to 1e-14. A curve of a/s = 1/2 is rounded by 10 EPS
        # and half of its exponent's, and rises by s t times what the time is off.
        mode = found.modes.modes[level]
        late = 1e-14 + 2 * (10 / (mode.s * mode.time) + 1) * EPS
        assert category.time == pytest.approx(mode.time, rel=late, abs=0)
    shuffled = table_of(table.values[np.ix_(order, order)])
    structure = analyze(shuffled, SUMS, given_similarity=True).structure
    best = structure.best
    expected = "clusters" if depth == 2 else "regular hierarchy"
    assert best.candidate.kind == expected
    assert best.explained == 1  # squares of roundings are lost beside 1
    names = np.array(table.items)[order]
    placed = arrangement(best, structure.fit, names.tolist())
    assert nested(placed) == nested(branches(list(table.items), branching[:-1]))


@given(
    st.fractions(Fraction(11, 10), 4, max_denominator=20),
    st.floats(0.05, 0.95),
)
@settings(max_examples=25)
def test_two_modes_rise_exactly_below_the_ratio_of_the_claim(s1, angle):
    """Two items, two properties, s2 = 1: the weights of one output have the ratio tan^2 or so."""
    strengths = np.array([float(s1), 1.0])
    turn = angle * np.pi / 2
    u = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    v = np.array([[1, 1], [1, -1]]) / np.sqrt(2)
    table = table_of(((u * strengths) @ v.T).T)
    asked = dataclasses.replace(SUMS, start_scale=0.01)
    found = table_modes(table, asked)
    bound = told("cognition.illusory", "R_max", s1=s1, s2=1, c1=1, c2=-1, a0="1/100", tau=1)
    times = np.concatenate([scan_times(found, asked), np.linspace(0, 20, 3000)])
    # The logarithm of the ratio of the speeds turns by (ln a')'' = -4 a', at most 2 s^2, so that
    # its highest point lies above the grid by less than this.
    missed = (20 / 2999) ** 2 / 8 * 2 * float(s1) ** 2
    for m in range(2):
        for i in range(2):
            output = Output(found, asked, m, i)
            c1, c2 = output.parts / strengths
            slopes = output.slope(times) * np.sign(c1)
            if c1 * c2 > 0:
                assert np.all(slopes > 0)
            elif abs(abs(c2 / c1) / bound - 1) > missed:
                assert np.any(slopes > 0) == (abs(c2 / c1) < bound)
