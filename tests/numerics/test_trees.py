"""Trees from lists, tables and files, and the one line for what is no tree."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lemmata.numerics.tree_files import read_tree, tree_of_json
from lemmata.numerics.tree_tables import tree_of_table
from lemmata.numerics.trees import TreeError, regular_tree, tree_of
from lemmata.proofs.strategies import hierarchies

TENTH = Fraction(1, 10)


def linked(tree):
    """The links of a tree, as a nested list, rebuilt from its table."""
    nested = [[] for _ in tree.parents]
    for node in range(1, len(tree.parents)):
        nested[tree.parents[node]].append((tree.flips[node], nested[node]))
    return nested[0]


@given(hierarchies(min_depth=1, max_depth=4))
def test_nested_lists_of_links_are_those_of_the_strategies(h):
    tree = tree_of(h.tree)
    assert linked(tree) == h.tree
    assert (tree.P, len(tree.levels) - 1) == (h.P, h.D)
    assert tree.names == tuple(f"item {i + 1}" for i in range(h.P))


@given(hierarchies(regular=True))
def test_regular_trees_three_ways(h):
    tree = regular_tree(h.B, h.epsilon)
    assert tree == tree_of(h.tree)

    def bare(node):
        return [bare(below) for _, below in node]

    assert tree_of(bare(h.tree), h.epsilon) == tree
    text = json.dumps({"B": h.B, "epsilon": [str(e) for e in h.epsilon]})
    assert tree_of_json(text) == tree


@given(hierarchies(max_depth=4))
def test_levels_children_and_common_ancestors_agree(h):
    tree = tree_of(h.tree)
    assert [n for level in tree.levels for n in level] == list(range(len(tree.parents)))
    assert sum(map(len, tree.children)) == len(tree.parents) - 1
    assert all(a < b for a, b in zip(tree.parents, range(len(tree.parents)), strict=True))

    def path(node):
        return path(tree.parents[node]) | {node} if node else {0}

    common = [[len(path(a) & path(b)) - 1 for b in tree.items] for a in tree.items]
    assert np.array_equal(tree.common_levels, common)


def test_items_are_numbered_from_left_to_right():
    tree = tree_of([["robin", [["pine"], "oak"]], "rose"], "1/10")
    assert tree.names == ("robin", "pine", "oak", "rose")
    assert [tree.depths[n] for n in tree.items] == [2, 4, 3, 1]
    assert tree.leaves_below[0] == [0, 1, 2, 3]
    assert set(tree.flips[1:]) == {TENTH}


def test_a_table_of_parents():
    parents = {"bird": "thing", "robin": "bird", "plant": "thing", "canary": "bird", "thing": None}
    tree = tree_of_table(parents, ["1/10", 0])
    assert tree == tree_of([["robin", "canary"], "plant"], [TENTH, 0])
    flips = {"bird": 0, "robin": TENTH, "canary": 1, "plant": "0.5"}
    own = tree_of_table({**parents, "plant": "thing"}, flips)
    assert own == tree_of([[0, [[TENTH, "robin"], [1, "canary"]]], ["1/2", "plant"]])


def test_very_deep_and_wide_trees():
    deep = []
    for _ in range(5000):
        deep = [deep]
    tree = tree_of(deep, TENTH)
    assert (tree.P, len(tree.levels)) == (1, 5001)
    assert regular_tree([10] * 5, 0).P == 10**5


def test_json_is_exact_and_named(tmp_path):
    path = tmp_path / "tree.json"
    path.write_text('{"tree": [["a", "b"], ["c", "d"]], "epsilon": [0.1, "1/20"]}')
    tree = read_tree(path)
    assert tree.names == ("a", "b", "c", "d")
    assert tree.flips[1:] == (TENTH,) * 2 + (Fraction(1, 20),) * 4
    path.write_text('[[0.1, [[1e-1, "a"], [0.1, "b"]]], [0.25, "c"]]')
    assert read_tree(path).flips[1:] == (TENTH, Fraction(1, 4), TENTH, TENTH)
    path.write_text('{"tree": [["a", []], []], "names": ["x", "y", "z"]}')
    assert read_tree(path, "0.1").names == ("x", "y", "z")


PAGE = Path(__file__).resolve().parents[2] / "docs" / "trees.md"


def test_the_files_of_the_page_are_read():
    files = re.findall(r"^\| `([\[{].*?)` \|", PAGE.read_text(encoding="utf-8"), re.M)
    assert len(files) == 4
    names = [tree_of_json(text).names for text in files]
    assert names[:2] == [("robin", "canary", "oak")] * 2
    assert names[2:] == [("robin", "canary", "oak", "rose"), ("robin", "fish")]


CYCLE: list = [[0.1, []]]
CYCLE.append([0.1, CYCLE])


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: regular_tree([2, 2], 1.2), "epsilon=1.2: give a flip probability from 0 to 1"),
        (lambda: regular_tree([2, 2], [0.1, 1.2]), "epsilon[1]=1.2: give a flip probability"),
        (lambda: regular_tree([2, 2], [0.1]), "epsilon has 1 entries and B has 2 levels"),
        (lambda: regular_tree([2, 2], None), "epsilon is missing"),
        (lambda: regular_tree([2, 2], float("nan")), "epsilon=nan: give a number"),
        (lambda: regular_tree([2, 2], "one"), "epsilon='one': give a number"),
        (lambda: regular_tree([2, 2], True), "epsilon=True: give a number"),
        (lambda: regular_tree([2, 2], "1/0"), "epsilon='1/0': give a number"),
        (lambda: regular_tree([2], np.zeros((1, 9, 9))), "epsilon[0]=array([[0., 0., 0."),
        (lambda: regular_tree([], 0.1), "B=[]: the tree is empty"),
        (lambda: regular_tree(2, 0.1), "B=2: give a list"),
        (lambda: regular_tree([2, 0], 0.1), "B[1]=0: give a whole number of children"),
        (lambda: regular_tree([2.5], 0.1), "B[0]=2.5: give a whole number of children"),
        (lambda: regular_tree([100] * 4, 0.1), "more than 4000000 nodes"),
        (lambda: regular_tree([2], 0.1, ["a"]), "names has 1 entries and the tree 2 items"),
        (lambda: regular_tree([2], 0.1, ["a", "a"]), "items 1 and 2 are both 'a'"),
        (lambda: tree_of([]), "tree=[]: the tree is empty"),
        (lambda: tree_of("robin"), "a leaf alone is no tree"),
        (lambda: tree_of(3), "tree=3: give a node"),
        (lambda: tree_of([[], []]), "tree[0]=[]: epsilon is missing"),
        (lambda: tree_of(["a", "b"]), "tree[0]='a': epsilon is missing"),
        (lambda: tree_of([[0.1, []], [1.2, []]]), "tree[1]: epsilon=1.2: give a flip"),
        (lambda: tree_of([[0.1, 7]]), "tree[0]=7: give a node"),
        (lambda: tree_of([["a", " "]], 0.1), "tree[0][1]=' ': the name of an item is empty"),
        (lambda: tree_of([["a"], "b"], [0.1]), "epsilon has 1 entries and the tree has 2 levels"),
        (lambda: tree_of(CYCLE), "tree[1] contains itself, a cycle"),
        (lambda: tree_of_table({}, 0.1), "parents: the tree is empty"),
        (lambda: tree_of_table({"a": None}, 0.1), "the tree is empty"),
        (lambda: tree_of_table({"a": "b", "b": "a"}, 0.1), "a -> b -> a is a cycle"),
        (lambda: tree_of_table({"a": "a"}, 0.1), "a -> a is a cycle"),
        (
            lambda: tree_of_table({"x": "root", "a": "b", "b": "c", "c": "a"}, 0.1),
            "a -> b -> c -> a is a cycle",
        ),
        (lambda: tree_of_table({"a": "x", "b": "y"}, 0.1), "'x' and 'y' have no node above them"),
        (lambda: tree_of_table({"a": "x"}, {}), "epsilon['a'] is missing"),
        (lambda: tree_of_table({"a": "x"}, {"a": 0, "x": 0}), "epsilon['x']: no link leads"),
        (lambda: tree_of_table({"a": 3}, 0.1), "parents['a']=3: give the name"),
        (lambda: tree_of_json("[1,"), "line 1, column 4: no JSON"),
        (lambda: tree_of_json("3"), "tree=3: give a list"),
        (lambda: tree_of_json("[" * 10**5), "nested too deeply"),
        (lambda: tree_of_json('[[NaN, "a"]]'), "NaN is no finite number"),
        (lambda: tree_of_json('{"trees": []}'), "'trees': no such key"),
        (lambda: tree_of_json('{"epsilon": 0.1}'), "none of them given: give one of the keys"),
        (lambda: tree_of_json('{"B": [2], "tree": [], "epsilon": 0}'), "B and tree given"),
        (lambda: tree_of_json('{"B": [2], "epsilon": 0}', 0.1), "epsilon is given twice"),
        (lambda: tree_of_json('{"parents": {"a": "x", "a": "y"}, "epsilon": 0}'), "given twice"),
        (lambda: tree_of_json('{"B": [2], "epsilon": 0, "names": "ab"}'), "names='ab': give"),
    ],
)
def test_what_is_no_tree_is_one_line_with_the_fix(make, told):
    with pytest.raises(TreeError) as caught:
        make()
    line = str(caught.value)
    assert told in line
    assert "\n" not in line
    assert len(line) < 200


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=2) | st.floats(),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=8,
    )
)
def test_nothing_else_is_ever_raised(nested):
    for epsilon in (None, 0.1):
        with suppress(TreeError):
            assert tree_of(nested, epsilon).P > 0


def test_files_are_named_in_errors(tmp_path):
    with pytest.raises(TreeError, match=r"none\.json: No such file"):
        read_tree(tmp_path / "none.json")
    with pytest.raises(TreeError, match="give the path of a JSON file"):
        read_tree(tmp_path)
    path = tmp_path / "bad.json"
    path.write_bytes(b"\xff")
    with pytest.raises(TreeError, match=r"bad\.json: byte 0 is no UTF-8"):
        read_tree(path)
    path.write_text("[]")
    with pytest.raises(TreeError, match=r"bad\.json: tree=\[\]: the tree is empty"):
        read_tree(path)
