"""`lemmata analyze`: tables, reports, figures, and one line for what cannot be analysed."""

from __future__ import annotations

import json
import os
import stat

import numpy as np
import pytest
from lemmata.proofs import plots
from lemmata.proofs.cli.main import run

CSV = "item,flies,swims,lives\nrobin,1,0,1\nsalmon,0,1,1\ncanary,1,0,1\ntrout,0,1,1\n"
PNG = b"\x89PNG\r\n\x1a\n"


def written(tmp_path, text, name="own.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture
def table(tmp_path):
    return written(tmp_path, CSV)


def zoo(seed=0, properties=16):
    """A table like the zoo that many users have: 101 animals of seven types, 0/1 and legs."""
    rng = np.random.default_rng(seed)
    sizes = {
        "mammal": 41,
        "bird": 20,
        "reptile": 5,
        "fish": 13,
        "amphibian": 4,
        "bug": 8,
        "invertebrate": 10,
    }
    legs = dict(zip(sizes, (4, 2, 0, 0, 4, 6, 0), strict=True))
    lines = [",".join(["animal", *(f"p{k}" for k in range(properties)), "legs", "type"])]
    n = 0
    for kind, size in sizes.items():
        likely = rng.choice([0.03, 0.97], properties)
        for _ in range(size):
            cells = (rng.random(properties) < likely).astype(int)
            lines.append(",".join([f"animal{n}", *map(str, cells), str(legs[kind]), kind]))
            n += 1
    return "\n".join(lines) + "\n"


def test_animals_alone_is_informative(lemmata, tmp_path):
    done = lemmata(
        "analyze",
        "animals",
        before=(
            "import atexit, sys\n"
            "atexit.register(lambda: print('figures:', 'matplotlib' in sys.modules))"
        ),
    )
    assert (done.returncode, done.stderr) == (0, "")
    for words in (
        "animals: 8 items, 35 properties\n",
        "averages, Sigma11 = I/8; decoupled, balanced start, a_0 = 0.001, tau = 1",
        "theory: modes.commuting_inputs, modes.learning_time, modes.fraction_criterion",
        "Modes, learned at 0.5 of the final strength",
        "from the strongest to the weakest: 1 to 8",
        "regular hierarchy, 2 x 2 x 2; it leaves",
        "  (pine, oak), (rose, daisy)",
        "  (sunfish, salmon), (robin, canary)",
        "213 of 280 outputs rise and fall again",
        "figures: False",
    ):
        assert words in done.stdout
    assert "pine     has leaves       0  0.5865  9.385" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_report_has_what_the_tables_have(capsys, tmp_path, table):
    path = tmp_path / "f.json"
    asked = ["analyze", table, "--convention", "sum", "--start-scale", "0.01", "--json"]
    assert run([*asked, str(path)]) == 0
    assert "Order of learning" in capsys.readouterr().out
    assert run([*asked, "-"]) == 0
    out, told = capsys.readouterr()
    assert "Order of learning" in told
    reports = [json.loads(text) for text in (path.read_text(), out)]
    for report in reports:
        assert report.pop("seconds") < 60
    assert reports[0] == reports[1]
    (report, _) = reports
    assert report["schema"] == "lemmata.analyze/1"
    assert report["settings"]["table"] == "own.csv"
    assert report["settings"]["start_scale"] == 0.01
    assert [m["multiplicity"] for m in report["modes"]] == [1, 1]
    assert [m["s"] ** 2 for m in report["modes"]] == pytest.approx([6, 2])
    assert report["left_out"] == 1
    assert report["order"]["first_to_last"] == [[1], [2]]
    largest = report["illusions"]["largest"][0]
    assert largest["true"] == 0
    assert largest["window"][0] < largest["time"] < largest["window"][1]
    assert 0 < largest["height"] == pytest.approx(largest["peak"])


def test_a_zoo_with_types(capsys, tmp_path):
    path = written(tmp_path, zoo())
    assert run(["analyze", path, "--category-column", "type", "--json", str(tmp_path / "j")]) == 0
    out = capsys.readouterr().out
    assert "101 items, 17 properties" in out
    assert "warning: 'legs' has" in out
    report = json.loads((tmp_path / "j").read_text())
    assert [c["category"] for c in report["categories"]][:2] == ["mammal", "bird"]
    assert [c["size"] for c in report["categories"]] == [41, 20, 5, 13, 4, 8, 10]
    for category in report["categories"]:
        assert category["coherence"] == pytest.approx(category["within"] - category["outside"])
        assert category["eigenvector"] in ("nearly", "no")
        assert 0 < category["share_in_best_mode"] < 1
        assert category["time"] > 0
    undefined = sum(c["eigenvector"] == "no" for c in report["categories"])
    assert f"{undefined} of 7 contrasts are no eigenvectors" in out
    assert report["structure"]["kind"] != "none"


def test_categories_from_a_second_file(capsys, tmp_path, table):
    kinds = written(
        tmp_path,
        "item,type,place\nrobin,bird,air\ncanary,bird,air\nsalmon,fish,sea\ntrout,fish,sea\n",
        "kinds.csv",
    )
    assert run(["analyze", table, "--categories", kinds]) == 0
    out = capsys.readouterr().out
    for words in ("Categories: type", "Categories: place", "bird          2  0.667  fish"):
        assert words in out
    assert "undefined" not in out  # both contrasts are eigenvectors


def test_similarities_are_recognised_or_asked_for(capsys, tmp_path):
    names = "abcdefgh"
    values = 0.5 * np.eye(8) + 0.3 * np.kron(np.eye(2), np.ones((4, 4)))
    values += 0.2 * np.kron(np.eye(4), np.ones((2, 2)))
    lines = [f"{n},{','.join(map(str, row))}" for n, row in zip(names, values, strict=True)]
    text = "\n".join([f"item,{','.join(names)}", *lines]) + "\n"
    path = written(tmp_path, text)
    folder = tmp_path / "figures"
    assert run(["analyze", path, "--figures", str(folder)]) == 0
    out = capsys.readouterr().out
    names = {p.name for p in folder.iterdir()}
    assert names == {"modes.png", "similarity.png", "structure.png", "tree.png"}
    assert "similarities of 8 items" in out
    assert "regular hierarchy, 2 x 2 x 2; it leaves 0.0% of the variance" in out
    assert "Illusory" not in out
    assert "learned together, of equal strength: 1-2, 3-4, 5-8" in out
    assert run(["analyze", path, "--no-similarity"]) == 0
    assert "8 items, 8 properties" in capsys.readouterr().out
    renamed = written(tmp_path, text.replace("item,a", "item,z"), "renamed.csv")
    assert run(["analyze", renamed]) == 0
    assert "8 items, 8 properties" in capsys.readouterr().out
    assert run(["analyze", renamed, "--similarity"]) == 2
    told = "table: no similarity matrix: row 1 is 'a' and column 1 is 'z': give equal names"
    assert told in capsys.readouterr().err


def test_a_similarity_of_no_properties_is_told(capsys, tmp_path):
    text = "item,a,b,c\na,1,0.9,0.1\nb,0.9,1,0.9\nc,0.1,0.9,1\n"
    assert run(["analyze", written(tmp_path, text)]) == 0
    assert "negative eigenvalues" in capsys.readouterr().out


def test_every_figure_and_the_page(capsys, tmp_path, table):
    kinds = written(tmp_path, "item,type\nrobin,b\ncanary,b\nsalmon,f\ntrout,f\n", "kinds.csv")
    folder, page = tmp_path / "new", tmp_path / "page.svg"
    asked = ["analyze", table, "--categories", kinds, "--figures", str(folder)]
    assert run([*asked, "--plot", str(page)]) == 0
    names = sorted(p.name for p in folder.iterdir())
    assert names == [
        "categories.png",
        "illusions.png",
        "modes.png",
        "similarity.png",
        "structure.png",
    ]
    for path in folder.iterdir():
        assert path.read_bytes().startswith(PNG)
    assert page.read_text().startswith("<?xml")
    before = page.read_bytes()
    assert run([*asked, "--plot", str(page)]) == 0
    assert page.read_bytes() == before
    assert capsys.readouterr().err == ""


def test_one_seed_one_result(capsys, tmp_path):
    rng = np.random.default_rng(0)
    values = rng.random((10, 16)) < np.repeat(rng.choice([0.1, 0.9], (2, 16)), 5, 0)
    lines = [f"i{k},{','.join(map(str, row))}" for k, row in enumerate(values.astype(int))]
    header = ",".join(["item", *(f"p{k}" for k in range(16))])
    path = written(tmp_path, "\n".join([header, *lines]))
    outputs = []
    for seed in ("1", "1", "2"):
        assert run(["analyze", path, "--top", "0", "--seed", seed]) == 0
        outputs.append(capsys.readouterr().out)
    assert "clusters" in outputs[0]
    assert outputs[0] == outputs[1] != outputs[2]


REFUSED = {
    "": "the file is empty",
    "item,a\nx,\n": "line 2, column 2 ('a'): the cell is empty; write 0, 1 or a decimal number",
    "item,a\nx,?\n": "'?' is no finite number but marks a missing value",
    "item,a\nx,NA\n": "'NA' is no finite number but marks a missing value",
    "item,a\nx,nan\n": "'nan' is no finite number but marks a missing value",
    "item,a\nx,bird\n": "'bird' is no finite number; write 0, 1 or a decimal number, or read the "
    "column as categories",
    "item,a,a\nx,1,2\n": "property 'a' is already column 2",
    "item,a\nx,1\nx,2\n": "item 'x' is already on line 2",
    "item,a,b\nx,1,1\ny,1,1\n": "every value is 1: the table is constant",
    "item,a,b\nx,0,0\ny,0,0\n": "every value is 0: the table is constant",
    "item,a\nx,1e200\ny,0\n": "its largest value is 1e+200 in size: give it in another unit",
    "item,a\nx,1e-200\ny,0\n": "its largest value is 1e-200 in size: give it in another unit",
    "item,a\nx,1\n": "it has one item only, 'x': give two or more",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_bad_table_is_one_line_and_writes_nothing(one_line, tmp_path, text):
    path = written(tmp_path, text)
    report = tmp_path / "j.json"
    told = one_line("analyze", path, "--json", str(report), "--figures", str(tmp_path / "f"))
    assert told.startswith("table: ")
    assert REFUSED[text] in told
    assert sorted(p.name for p in tmp_path.iterdir()) == ["own.csv"]


def test_a_table_that_is_too_large_is_refused_at_once(one_line, tmp_path):
    text = "item,a\n" + "".join(f"i{k},{k}\n" for k in range(1001))
    told = one_line("analyze", written(tmp_path, text))
    assert "1001 items and 1 properties are too large: give at most 1000 items" in told


KINDS = {
    "item,type\nrobin,b\nowl,b\n": "line 3, column 1: item 'owl' is not in the table",
    "item,type\nrobin,b\ncanary,b\n": "categories 'type': the only category is 'b'",
    "item,type\nrobin,b\ncanary,b\nsalmon,f\n": "'f' has one item only, 'salmon'; coherence "
    "needs two",
    "item,type\nrobin,\n": "no category of 'robin'",
    "item,type\nrobin,b\nrobin,b\n": "item 'robin' is already on line 2",
    "item\nrobin\n": "no property column",
}


@pytest.mark.parametrize("text", KINDS)
def test_bad_categories_are_one_line(one_line, tmp_path, table, text):
    kinds = written(tmp_path, text, "kinds.csv")
    told = one_line("analyze", table, "--categories", kinds)
    assert told.startswith(f"categories: {kinds}")
    assert KINDS[text] in told


def test_bad_category_columns_are_one_line(one_line, tmp_path, table):
    assert "no column is named 'typ'; the columns are flies, swims, lives" in one_line(
        "analyze", table, "--category-column", "typ"
    )
    assert "animals has no column of categories" in one_line(
        "analyze", "animals", "--category-column", "type"
    )
    missing = written(tmp_path, "item,a,type\nx,1,?\ny,2,b\n", "missing.csv")
    assert "'?' names no category of 'x'" in one_line(
        "analyze", missing, "--category-column", "type"
    )
    only = written(tmp_path, "item,type\nx,a\ny,b\n", "only.csv")
    assert "every column is a category" in one_line("analyze", only, "--category-column", "type")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--criterion", "half"], "criterion: 'half': give fraction, fraction=0.9 or absolute=0.2"),
        (["--criterion", "fraction=1"], "give a fraction between 0 and 1"),
        (["--criterion", "fraction=nan"], "give a fraction between 0 and 1"),
        (["--criterion", "absolute"], "give a positive strength"),
        (["--criterion", "absolute=-1"], "give a positive strength"),
        (["--tau", "0"], "tau=0.0: give a positive finite number"),
        (["--start-scale", "nan"], "start_scale=nan: give a positive finite number"),
        (["--least-height", "-1"], "least_height=-1.0: give a positive finite number"),
        (["--top", "-1"], "-1 is not in the range"),
        (["--similarity"], "no similarity matrix: it has 8 rows and 35 columns"),
        (["--plot", "f.txt"], "give a file name that ends with"),
        (["--categories", "nowhere.csv"], "categories: nowhere.csv: No such file"),
        (["--json", "-", "--plot", "-"], "give a file name that ends with"),
    ],
)
def test_bad_settings_are_one_line(one_line, asked, told):
    assert told in one_line("analyze", "animals", *asked)


def test_an_unknown_table_is_told(one_line):
    assert "'animal' is neither a shipped table (animals) nor a file" in one_line(
        "analyze", "animal"
    )


def test_figures_need_matplotlib_and_a_folder(one_line, monkeypatch, tmp_path, table):
    assert "is a file, give the name of a folder" in one_line("analyze", table, "--figures", table)
    assert "no writable folder" in one_line(
        "analyze", table, "--figures", str(tmp_path / "no" / "where")
    )
    monkeypatch.setattr(plots, "find_spec", lambda name: None)
    assert "matplotlib is not installed" in one_line(
        "analyze", table, "--figures", str(tmp_path / "f")
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_report_that_cannot_be_written_is_told(one_line, tmp_path, table):
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert "no writable folder" in one_line("analyze", table, "--json", str(closed / "f.json"))
