"""Item tables: what is read, and the one line that says what is wrong with a file."""

from __future__ import annotations

import csv
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.datasets import DataError, correlations, read_items

names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8)
cells = st.one_of(st.integers(0, 1), st.floats(allow_nan=False, allow_infinity=False))


@st.composite
def tables(draw):
    items = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    properties = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    values = [[draw(cells) for _ in properties] for _ in items]
    return items, properties, values


@settings(max_examples=60, deadline=None)
@given(tables(), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans())
def test_a_written_table_is_read_back(tmp_path_factory, table, ending, mark, quoted):
    items, properties, values = table
    path = tmp_path_factory.mktemp("table") / "t.csv"
    encoding = "utf-8-sig" if mark else "utf-8"
    with path.open("w", newline="", encoding=encoding) as file:
        quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
        writer = csv.writer(file, lineterminator=ending, quoting=quoting)
        writer.writerow(["item", *properties])
        writer.writerows([name, *row] for name, row in zip(items, values, strict=True))
    read = read_items(path)
    assert read.items == tuple(items)
    assert read.properties == tuple(properties)
    assert np.array_equal(read.values, np.array(values, dtype=float))


def test_blanks_blank_lines_and_an_open_last_line_are_accepted(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('item, can fly ,"is red, or so"\n\n robin , 1, .5\n\n"a ""b""",0,-1e-3')
    read = read_items(str(path))
    assert read.items == ("robin", 'a "b"')
    assert read.properties == ("can fly", "is red, or so")
    assert read.values.tolist() == [[1.0, 0.5], [0.0, -0.001]]


HEAD = b"item,can fly,has gills\n"

MALFORMED = {
    "ragged, short": (HEAD + b"robin,1\n", ["line 2", "column 3", "'has gills'", "write"]),
    "ragged, long": (HEAD + b"robin,1,0,7\n", ["line 2", "column 4", "'7'", "remove"]),
    "word": (HEAD + b"robin,1,0\nsalmon,yes,1\n", ["line 3", "column 2", "'can fly'", "'yes'"]),
    "nan": (HEAD + b"robin,nan,0\n", ["line 2", "column 2", "'nan'", "write 0, 1"]),
    "infinity": (HEAD + b"robin,0,inf\n", ["line 2", "column 3", "'inf'"]),
    "overflow": (HEAD + b"robin,0,1e999\n", ["line 2", "column 3", "'1e999'"]),
    "underscore": (HEAD + b"robin,0,1_0\n", ["line 2", "column 3", "'1_0'"]),
    "decimal comma": (HEAD + b'robin,0,"0,5"\n', ["line 2", "column 3", "'0,5'"]),
    "missing cell": (HEAD + b"robin,,0\n", ["line 2", "column 2", "'can fly'", "empty"]),
    "missing item": (HEAD + b",1,0\n", ["line 2", "column 1", "no item name"]),
    "missing property": (b"item,,has gills\nrobin,1,0\n", ["line 1", "column 2", "no property"]),
    "item twice": (HEAD + b"robin,1,0\n\nrobin,0,0\n", ["line 4", "column 1", "'robin'", "line 2"]),
    "property twice": (b"item,a,b,a\nx,1,0,1\n", ["line 1", "column 4", "'a'", "column 2"]),
    "after a quoted line end": (
        HEAD + b'"rob\nin",1,0\nsalmon,x,0\n',
        ["line 4", "column 2", "'x'"],
    ),
    "empty": (b"", ["is empty", "write a header"]),
    "blank lines only": (b"\n \n", ["is empty"]),
    "byte-order mark only": (b"\xef\xbb\xbf", ["is empty"]),
    "header only": (HEAD, ["line 1", "only a header", "one line per item"]),
    "no property column": (b"item\nrobin\n", ["line 1", "'item'", "commas"]),
    "semicolons": (b"item;can fly\nrobin;1\n", ["line 1", "'item;can fly'", "commas"]),
    "open quote": (HEAD + b'robin,"1,0\n', ["line 2", "close the quotes"]),
    "Latin-1": (HEAD + b"ros\xe9,1,0\n", ["byte 26", "UTF-8"]),
    "zero byte": (HEAD + b"robin,1\x00,0\n", ["zero byte", "CSV"]),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_file_is_refused_in_one_line_that_says_where(tmp_path, case):
    content, parts = MALFORMED[case]
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_items(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    for part in parts:
        assert part in message


def test_a_path_that_is_no_file_is_named(tmp_path):
    for path in (tmp_path, tmp_path / "absent.csv"):
        with pytest.raises(DataError, match="give the path of a CSV file") as caught:
            read_items(path)
        assert str(path) in str(caught.value)


def test_correlations_of_one_hot_items_follow_the_convention(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("item,a,b,c\nx,1,0,2\ny,0,1,4\n")
    table = read_items(path)
    mean, total = correlations(table), correlations(table, "sum")
    assert mean.Sigma11.tolist() == [[0.5, 0.0], [0.0, 0.5]]
    assert mean.Sigma31.tolist() == [[0.5, 0.0], [0.0, 0.5], [1.0, 2.0]]
    assert total.Sigma11.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert total.Sigma31.tolist() == [[1.0, 0.0], [0.0, 1.0], [2.0, 4.0]]
    with pytest.raises(ValueError, match="convention='mean'"):
        correlations(table, "mean")


def test_the_shipped_items_respect_the_taxonomy():
    table = read_items(str(files("lemmata.proofs.data") / "animals.csv"))
    expected = ["canary", "daisy", "oak", "pine", "robin", "rose", "salmon", "sunfish"]
    assert sorted(table.items) == expected
    holds = {
        (item, name): bool(table.values[i, j])
        for i, item in enumerate(table.items)
        for j, name in enumerate(table.properties)
    }
    assert set(np.unique(table.values)) == {0.0, 1.0}
    implied = {
        "is a tree": ("is a plant", "has bark", "has branches"),
        "is a flower": ("is a plant", "has petals", "has leaves"),
        "is a bird": ("is an animal", "has wings", "has feathers", "can fly"),
        "is a fish": ("is an animal", "has scales", "has gills", "can swim"),
        "is a plant": ("is living", "can grow", "has roots"),
        "is an animal": ("is living", "can grow", "can move", "has skin"),
    }
    for item in table.items:
        assert holds[item, "is a plant"] != holds[item, "is an animal"]
        article = "an" if item[0] in "aeiou" else "a"
        assert [i for i in table.items if holds[i, f"is {article} {item}"]] == [item]
        for category, consequences in implied.items():
            if holds[item, category]:
                assert all(holds[item, name] for name in consequences)
    assert len({tuple(row) for row in table.values}) == len(table.items)
