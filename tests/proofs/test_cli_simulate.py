"""`lemmata simulate`: tables, figures, files, and one line for what cannot be done."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest
from lemmata.proofs import plots
from lemmata.proofs.cli.main import run

SHORT = ("--times", "11", "--until", "8", "--updates", "2000")
CSV = "item,flies,swims,lives\nrobin,1,0,1\nsalmon,0,1,1\n"
MODE = re.compile(r"^(\d+(?:-\d+)?) +\S+ +\d+ ", re.M)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(CSV)
    return str(path)


def test_animals_alone_is_informative(lemmata, tmp_path):
    spy = (
        "import atexit, sys\n"
        "atexit.register(lambda: print('figures:', 'matplotlib' in sys.modules))"
    )
    done = lemmata("simulate", "animals", before=spy, COLUMNS="20")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("\nfigures: False\n")
    assert MODE.findall(done.stdout) == [str(n) for n in range(1, 9)] * 3
    for words in (
        "8 items, 35 properties",
        "modes.commuting_inputs with lambda = 1/8, a_0 = 0.001",
        "where the theory is approximate only",
        "learning rate",
        "every difference from the decoupled start is explained by its error budget",
    ):
        assert words in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_table_of_ones_own_with_a_multiplet(capsys, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("item,a,b\nx,2,0\ny,0,2\n")
    assert run(["simulate", str(path), *SHORT, "--convention", "sum"]) == 0
    out, told = capsys.readouterr()
    assert told == ""
    assert MODE.findall(out) == ["1-2"] * 3
    assert out.startswith("own.csv: 2 items, 2 properties; 16 hidden units; sums, Sigma11 = I\n")


def test_one_seed_one_result(capsys, table):
    outputs = []
    for seed in ("1", "1", "2"):
        assert run(["simulate", table, *SHORT, "--seed", seed]) == 0
        outputs.append(capsys.readouterr().out.replace(f"seed {seed}", ""))
    assert outputs[0] == outputs[1] != outputs[2]


def test_json_to_a_file_and_to_stdout(capsys, tmp_path, table):
    path = tmp_path / "f.json"
    asked = ["simulate", table, *SHORT, "--hidden", "3", "--json"]
    assert run([*asked, str(path)]) == 0
    assert "explained" in capsys.readouterr().out
    assert run([*asked, "-"]) == 0
    out, told = capsys.readouterr()
    assert "explained" in told
    reports = [json.loads(text) for text in (path.read_text(), out)]
    for report in reports:
        assert report["schema"] == "lemmata.simulate/1"
        assert report["settings"]["hidden"] == 3
        assert report["settings"]["table"] == "own.csv"
        assert report["items"] == ["robin", "salmon"]
        del report["seconds"]
    assert reports[0] == reports[1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty"),
        ("item,a\n", "only a header"),
        ("item,a\nx,\n", "line 2, column 2 ('a'): the cell is empty"),
        ("item,a\nx,nan\n", "'nan' is no finite number"),
        ("item,a\nx,1,2\n", "beyond the 2 columns of the header"),
        ("item,a\nx,1\nx,0\n", "item 'x' is already on line 2"),
        ("item,a\nx,0\n", "all its values are zero"),
    ],
)
def test_a_bad_table_is_one_line_that_names_the_place(one_line, tmp_path, text, told):
    path = tmp_path / "own.csv"
    path.write_text(text)
    line = one_line("simulate", str(path))
    assert line.startswith("table: ")
    assert told in line


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "Missing argument 'TABLE'"),
        (["minerals"], "'minerals' is neither a shipped table (animals) nor a file"),
        (["./none.csv"], "none.csv: No such file"),
        (["."], "give the path of a CSV file"),
        (["animals", "--device", "cuda"], "device: cuda: training on a GPU is not available yet"),
        (["animals", "--plot", "f.gif"], "ends with .png, .pdf, .svg"),
        (["animals", "--plot", "no/such/f.png"], "--plot: cannot write no/such/f.png"),
        (["animals", "--json", "no/such/f"], "--json: cannot write no/such/f"),
        (["animals", "--hidden", "0"], "Invalid value for '--hidden'"),
        (["animals", "--times", "1"], "Invalid value for '--times'"),
        (["animals", "--tau", "-1"], "tau=-1.0: give a positive finite number"),
        (["animals", "--until", "nan"], "until=nan: give a positive finite number"),
        (["animals", "--start-scale", "inf"], "start_scale=inf: give a positive finite number"),
        (["animals", "--until", "1e5", "--updates", "100"], "descent does not converge: give more"),
    ],
)
def test_what_cannot_be_done_is_one_line(one_line, given, told):
    assert told in one_line("simulate", *given)


class TestFigures:
    """With matplotlib, which only the figure needs."""

    @pytest.fixture(autouse=True)
    def _matplotlib(self):
        pytest.importorskip("matplotlib")

    @pytest.mark.parametrize(
        ("name", "start"), [("f.png", b"\x89PNG"), ("f.pdf", b"%PDF"), ("F.SVG", b"<?xml")]
    )
    def test_the_format_is_that_of_the_name(self, capsys, tmp_path, table, name, start):
        path = tmp_path / name
        assert run(["simulate", table, *SHORT, "--plot", str(path)]) == 0
        assert capsys.readouterr().err == ""
        assert path.read_bytes().startswith(start)

    def test_the_figure_draws_every_mode_and_says_what_is_what(self, capsys, tmp_path, monkeypatch):
        import matplotlib

        monkeypatch.setitem(matplotlib.rcParams, "svg.fonttype", "none")
        path, again = tmp_path / "f.svg", tmp_path / "g.svg"
        for name in (path, again):
            assert run(["simulate", "animals", *SHORT, "--tau", "2", "--plot", str(name)]) == 0
        capsys.readouterr()
        assert path.read_bytes() == again.read_bytes()
        told = " ".join("".join(e.itertext()) for e in ElementTree.parse(path).iter())
        for n in range(1, 9):
            assert f"mode {n}: s = " in told
        for words in (
            "animals: 8 items",
            "strength of a mode  (unit of the table)",
            "|simulation - theory|",
            "theory, decoupled start",
            "small random start",
            "error budget of descent",
        ):
            assert words in told
        assert "time  (unit in which τ = 2)" in told

    def test_many_modes_do_not_crowd_the_legend(self, capsys, tmp_path):
        path, figure = tmp_path / "many.csv", tmp_path / "f.png"
        count = plots.NAMED + 3
        rows = [",".join(f"{n + 1}" if i == n else "0" for i in range(count)) for n in range(count)]
        header = ",".join(f"p{i}" for i in range(count))
        lines = [f"item,{header}", *(f"i{n},{row}" for n, row in enumerate(rows))]
        path.write_text("\n".join(lines))
        asked = ["--times", "5", "--until", "2", "--hidden", "4", "--plot", str(figure)]
        assert run(["simulate", str(path), *asked]) in (0, 3)
        assert figure.read_bytes().startswith(b"\x89PNG")
        capsys.readouterr()

    def test_a_figure_that_fails_leaves_no_file(self, tmp_path, table, monkeypatch):
        def fail(*given, **named):
            raise KeyboardInterrupt

        monkeypatch.setattr("matplotlib.figure.Figure.savefig", fail)
        assert run(["simulate", table, *SHORT, "--plot", str(tmp_path / "f.png")]) == 130
        assert [path.name for path in tmp_path.iterdir()] == ["own.csv"]


def test_without_matplotlib_a_figure_is_refused_before_training(one_line, monkeypatch):
    monkeypatch.setattr(plots, "find_spec", lambda name: None)
    monkeypatch.setattr("lemmata.proofs.cli.simulating.compare_items", None)
    told = one_line("simulate", "animals", "--plot", "f.png")
    assert told == "--plot: matplotlib is not installed: python -m pip install 'lemmata[plot]'"
