"""Coherence of categories by its definition, and similarities read as tables."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lemmata.numerics.categories import Classification, coherences, read_classifications
from lemmata.numerics.datasets import DataError, ItemTable, read_classified_items
from lemmata.numerics.modes import input_output_modes, multiplets
from lemmata.numerics.similarities import read_similarity, similarity_of, similarity_problem

EPS = float(np.finfo(float).eps)


def table_of(values, items=None, properties=None) -> ItemTable:
    rows, columns = np.shape(values)
    return ItemTable(
        tuple(items or (f"i{k}" for k in range(rows))),
        tuple(properties or (f"p{k}" for k in range(columns))),
        np.asarray(values, dtype=float),
    )


@st.composite
def classified(draw):
    sizes = draw(st.lists(st.integers(2, 4), min_size=2, max_size=4))
    left_out = draw(st.integers(0, 2))
    labels = [str(k) for k, size in enumerate(sizes) for _ in range(size)] + [None] * left_out
    order = draw(st.permutations(range(len(labels))))
    seed = draw(st.integers(0, 10**6))
    values = np.random.default_rng(seed).normal(size=(len(labels), 5))
    return values, [labels[k] for k in order]


@given(classified())
def test_coherence_by_its_definition(drawn):
    values, labels = drawn
    table = table_of(values)
    similarity = similarity_of(table).values
    kind = Classification.of_labels("kind", table.items, labels)
    members = {name: [i for i, x in enumerate(labels) if x == name] for name in kind.categories}

    def mean(one, other):
        pairs = list(product(members[one], members[other]))
        return sum(float(values[i] @ values[j]) / 5 for i, j in pairs) / len(pairs)

    # A mean sums products over 5 properties, then over up to P items twice here, 16 pairs there.
    size, largest = len(labels), np.sum(values**2, axis=1).max() / 5
    rounding = (5 + 2 * size + 16) * EPS * largest
    norm = np.linalg.norm(similarity)
    for c in coherences(similarity, kind):
        others = {name: mean(c.category, name) for name in members if name != c.category}
        assert c.size == len(members[c.category])
        assert c.within == pytest.approx(mean(c.category, c.category), abs=rounding)
        assert c.outside == pytest.approx(max(others.values()), abs=rounding)
        assert others[c.nearest] == pytest.approx(c.outside, abs=rounding)
        assert c.nearest_size == len(members[c.nearest])
        assert c.coherence == c.within - c.outside
        assert np.linalg.norm(c.contrast) == pytest.approx(1, abs=size * EPS)
        assert np.sum(c.contrast) == pytest.approx(0, abs=size * EPS * np.abs(c.contrast).sum())
        if c.size == c.nearest_size:
            other = mean(c.nearest, c.nearest)
            expected = c.size * ((c.within + other) / 2 - c.outside)
            allowed = 2 * c.size * rounding + 2 * size * EPS * norm
            assert c.rayleigh == pytest.approx(expected, abs=allowed)
        image = similarity @ c.contrast
        # Each entry of S c sums `size` products, and so does c S c: both within size EPS |S|.
        assert c.residual == pytest.approx(
            np.linalg.norm(image - (c.contrast @ image) * c.contrast), abs=2 * size * EPS * norm
        )


def test_categories_of_a_file_may_leave_items_out(tmp_path):
    path = tmp_path / "kinds.csv"
    path.write_text("item,type\nd,x\na,y\nb,x\nc,y\n")
    (kind,) = read_classifications(path, "abcde")
    assert kind.categories == ("y", "x")  # in the order of the table
    assert [m.tolist() for m in kind.members] == [[0, 2], [1, 3]]


def test_a_column_of_categories_is_no_property(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("item,a,type,b\nx,1,u,2\ny,3,v,4\nz,5,u,6\nw,7,v,8\n")
    table, (kind,) = read_classified_items(path, ["type"])
    assert table.properties == ("a", "b")
    assert table.values.tolist() == [[1, 2], [3, 4], [5, 6], [7, 8]]
    assert dict(zip(kind.categories, (m.tolist() for m in kind.members), strict=True)) == {
        "u": [0, 2],
        "v": [1, 3],
    }
    with pytest.raises(DataError, match="'u' is no finite number"):
        read_classified_items(path, [])


@given(st.integers(0, 10**6), st.integers(2, 7), st.integers(1, 7))
def test_properties_of_a_similarity_have_it(seed, items, rank):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(items, min(rank, items)))
    names = tuple(f"i{k}" for k in range(items))
    gram = values @ values.T
    similarity, table = read_similarity(table_of(gram, names, names))
    assert similarity.negative == 0
    # In units of P eps |G|: eigenvalues, those taken for zero, the square of the root; and
    # neighbours that are made equal, each by 2.
    allowed = (3 + 2 * items) * items * EPS * np.linalg.norm(gram, 2)
    assert np.linalg.norm(similarity_of(table).values - gram, 2) <= allowed


def test_equal_eigenvalues_below_a_large_one_stay_equal():
    names = tuple("abcdef")
    _, table = read_similarity(table_of(1e4 + np.eye(6) + 0.1, names, names))
    groups = multiplets(input_output_modes(table.values.T))
    assert [len(group) for group in groups] == [1, 5]


def test_what_is_no_similarity_is_said():
    names = ("a", "b")
    assert similarity_problem(table_of([[1, 0.5], [0.5, 1]], names, names)) is None
    assert "2 rows and 3 columns" in similarity_problem(table_of(np.ones((2, 3))))
    assert "row 1 is 'i0' and column 1 is 'p0'" in similarity_problem(table_of(np.eye(2)))
    other = similarity_problem(table_of([[1, 0.5], [0.25, 1]], names, names))
    assert "'a' and 'b' is 0.5, but 0.25 the other way round" in other
    rounded = [[1, 0.3], [0.1 + 0.2, 1]]
    assert similarity_problem(table_of(rounded, names, names)) is None
    with pytest.raises(DataError, match="no eigenvalue is positive"):
        read_similarity(table_of([[-1, 0], [0, -1]], names, names))
    negative, _ = read_similarity(table_of([[0, 1], [1, 0]], names, names))
    # One of the eigenvalues 1 and -1, each within EPS of the norm 1, over the sum of their sizes.
    assert negative.negative == pytest.approx(0.5, rel=0, abs=2 * EPS)
