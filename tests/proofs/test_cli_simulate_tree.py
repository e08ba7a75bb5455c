"""`lemmata simulate tree`: tables, files, figures, and one line for what cannot be done."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from lemmata.numerics.branching_diffusion import wrong_order_probability
from lemmata.numerics.trees import regular_tree
from lemmata.proofs import tree_levels, tree_orders
from lemmata.proofs.cli import simulating_tree
from lemmata.proofs.cli.main import run
from lemmata.proofs.mode_enclosures import enclosed_curve

SHORT = ("--features", "60", "--times", "9", "--hidden", "32")
FOUR = ("--branching", "2,2", "--epsilon", "0.1")


def test_a_regular_tree(lemmata, tmp_path):
    done = lemmata("simulate", "tree", *FOUR, *SHORT, COLUMNS="20")
    assert (done.returncode, done.stderr) == (0, "")
    for words in (
        "tree: 4 items (B = 2,2, epsilon = 1/10); 60 features; 32 hidden units",
        "levels: hierarchy.similarity, hierarchy.singular_value",
        "the features follow the tree.",
        "where the whole map is known (modes.riccati), at 9 times",
        "every difference from a start where the theory is exact is explained by its error budget",
    ):
        assert words in done.stdout
    assert [line.split()[1] for line in done.stdout.splitlines() if line.startswith("level ")] == [
        *"012" * 3
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_tree_from_a_file(capsys, tmp_path):
    path = tmp_path / "own.json"
    path.write_text('{"tree": [["robin", "canary"], "oak"]}')
    assert run(["simulate", "tree", "--tree", str(path), "--epsilon", "1/10,0.2", *SHORT]) == 0
    out, told = capsys.readouterr()
    assert told == ""
    assert out.startswith("own.json: 3 items (irregular, 2 levels of links)")
    assert "similarities link by link" in out


def test_one_seed_one_result(capsys):
    outputs = []
    for seed in ("1", "1", "2"):
        assert run(["simulate", "tree", *FOUR, *SHORT, "--seed", seed]) == 0
        outputs.append(capsys.readouterr().out.replace(f"seed {seed}", ""))
    assert outputs[0] == outputs[1] != outputs[2]


def test_json_to_a_file_and_to_stdout(capsys, tmp_path):
    path = tmp_path / "f.json"
    asked = ["simulate", "tree", *FOUR, *SHORT, "--hidden", "3", "--json"]
    assert run([*asked, str(path)]) == 0
    assert "explained" in capsys.readouterr().out
    assert run([*asked, "-"]) == 0
    out, told = capsys.readouterr()
    assert "explained" in told
    reports = [json.loads(text) for text in (path.read_text(), out)]
    for report in reports:
        assert report["schema"] == "lemmata.simulate.tree/1"
        assert report["settings"]["hidden"] == 3
        del report["seconds"]
    assert reports[0] == reports[1]


def test_figures_and_plot(capsys, tmp_path):
    pytest.importorskip("matplotlib")
    folder, plot = tmp_path / "figures", tmp_path / "f.pdf"
    asked = ["simulate", "tree", *FOUR, *SHORT, "--figures", str(folder), "--plot", str(plot)]
    assert run(asked) == 0
    assert capsys.readouterr().err == ""
    assert plot.read_bytes().startswith(b"%PDF")
    names = {path.name for path in folder.iterdir()}
    assert {"modes.png", "scaling.png", "unfolding.png", "six_panels.png"} < names
    assert {"similarities.png", "generalisation.png", "distances.png"} < names


def test_a_contradiction_ends_with_1(capsys, monkeypatch):
    def slower(s, doubt, a0, tau, times):
        return enclosed_curve(s, doubt, a0, 1.001 * tau, times)

    monkeypatch.setattr(tree_levels, "enclosed_curve", slower)
    assert run(["simulate", "tree", *FOUR, *SHORT]) == 1
    assert "contradicts the theory" in capsys.readouterr().out


def test_budgets_that_decide_nothing_end_with_3(capsys, monkeypatch):
    def vague(s, doubt, a0, tau, times):
        curve = enclosed_curve(s, doubt, a0, tau, times)
        return curve._replace(error=curve.error + 1.0)

    monkeypatch.setattr(tree_levels, "enclosed_curve", vague)
    assert run(["simulate", "tree", *FOUR, *SHORT]) == 3
    assert "decides nothing" in capsys.readouterr().out


def test_figures_go_to_a_folder_that_is_there_and_nothing_is_half_written(
    capsys, tmp_path, monkeypatch
):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(simulating_tree, "FIGURES", ("distances",))
    (tmp_path / "other").write_text("kept")
    asked = ["simulate", "tree", *FOUR, *SHORT, "--figures", str(tmp_path)]
    assert run(asked) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"other", "distances.png"}
    capsys.readouterr()


def test_orders_by_sampling_and_by_enumeration(capsys, tmp_path, monkeypatch):
    path = tmp_path / "f.json"
    asked = ["simulate", "tree", *FOUR, "--times", "3", "--hidden", "4", "--features", "8"]
    assert run([*asked, "--orders", "500", "--json", str(path)]) == 0
    out = capsys.readouterr().out
    exact = float(wrong_order_probability(regular_tree([2, 2], "1/10"), 8))
    assert "of 500 samples of 8 features" in out
    assert f"by enumeration {exact:.6g}. Explained: yes." in out
    report = json.loads(path.read_text())["wrong_orders"]
    assert abs(report["wrong"] / 500 - exact) <= report["radius"]
    assert report["probability"] == exact
    monkeypatch.setattr(tree_orders, "wrong_order_probability", lambda *given: Fraction(1, 2))
    assert run([*asked, "--orders", "500", "--json", str(path)]) == 1
    assert "contradicts the theory" in capsys.readouterr().out
    assert json.loads(path.read_text())["status"] == "refuted"


def test_orders_of_more_cases_than_can_be_enumerated(capsys):
    wide = ["--branching", "2,2,2,2", "--epsilon", "0.1", "--features", "5", "--times", "3"]
    assert run(["simulate", "tree", *wide, "--hidden", "16", "--orders", "50"]) == 0
    assert "too many cases to enumerate" in capsys.readouterr().out


def test_help_of_both_forms(capsys):
    assert run(["simulate", "--help"]) == 0
    assert "simulate tree --help" in capsys.readouterr().out
    assert run(["simulate", "tree", "--help"]) == 0
    assert "--branching" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "tree: give either --branching 2,2 --epsilon 0.1, or --tree FILE.json"),
        ([*FOUR, "--tree", "own.json"], "tree: give either --branching"),
        (["--branching", "2,2"], "epsilon is missing"),
        (["--branching", "2,2", "--epsilon", "1.2"], "epsilon=1.2: give a flip probability"),
        (["--branching", "2,2", "--epsilon", "0.1,-1"], "epsilon[1]=-1: give a flip probability"),
        (["--branching", "2,2", "--epsilon", "x"], "epsilon='x': give a number"),
        (["--branching", "2,2", "--epsilon", "0.1,0.1,0.1"], "3 entries and B has 2 levels"),
        (["--branching", "2,x", "--epsilon", "0.1"], "B[1]='x': give a whole number"),
        (["--branching", "0", "--epsilon", "0.1"], "B[0]=0: give a whole number"),
        (["--branching", "", "--epsilon", "0.1"], "B[0]='': give a whole number"),
        (["--branching", "600", "--epsilon", "0.1"], "600 items: the network is trained on"),
        (["--tree", "none.json"], "tree: none.json: No such file"),
        ([*FOUR, "--tau", "0"], "tau=0.0: give a positive finite number"),
        ([*FOUR, "--features", "0"], "Invalid value for '--features'"),
        ([*FOUR, "--plot", "f.gif"], "ends with .png, .pdf, .svg"),
        ([*FOUR, "--json", "no/such/f"], "--json: cannot write no/such/f"),
        ([*FOUR, "--figures", "no/such/f"], "--figures: cannot write no/such/f"),
        ([*FOUR, "--orders", "0"], "Invalid value for '--orders'"),
        (["--branching", "3", "--epsilon", "0", "--orders", "3"], "fewer than two of its nodes"),
        ([*FOUR, "extra"], "unexpected extra argument"),
    ],
)
def test_what_cannot_be_done_is_one_line(one_line, given, told):
    if "f.gif" in given or "no/such/f" in given:
        pytest.importorskip("matplotlib")
    assert told in one_line("simulate", "tree", *given)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "tree=[]: the tree is empty"),
        ("[[], []]", "epsilon is missing"),
        ('[[1.2, "a"]]', "epsilon=6/5: give a flip probability"),
        ('{"parents": {"a": "b", "b": "a"}, "epsilon": 0.1}', "a -> b -> a is a cycle"),
        ("{", "no JSON"),
    ],
)
def test_a_bad_file_is_one_line_that_names_it(one_line, tmp_path, text, told):
    path = tmp_path / "own.json"
    path.write_text(text)
    line = one_line("simulate", "tree", "--tree", str(path))
    assert "own.json: " in line
    assert told in line


def test_a_folder_that_is_a_file(one_line, tmp_path):
    pytest.importorskip("matplotlib")
    path = tmp_path / "figures"
    path.write_text("")
    line = one_line("simulate", "tree", *FOUR, "--figures", str(path))
    assert "is a file: give the name of a folder" in line
