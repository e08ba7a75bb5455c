"""Runs of cells: killed, they go on to the same numbers; other settings are refused."""

from __future__ import annotations

import json
import os
import signal
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.cli import deep_runs
from lemmata.proofs.cli.main import DEEP, INTERRUPTED, _own, run
from lemmata.proofs.deep.runs import Cell, RunError, State, generator, run_cells

DIES = """
import os, signal
from lemmata.proofs.deep import runs
add, seen = runs.State.add, []
def dying(self, name, found):
    add(self, name, found)
    seen.append(name)
    if len(seen) == {after}:
        os.kill(os.getpid(), signal.SIGKILL)
runs.State.add = dying
"""
DIES_WRITING = """
import os, signal
from lemmata.proofs import files
replace, seen = os.replace, []
def dying(source, target):
    seen.append(target)
    if len(seen) == {after}:
        os.kill(os.getpid(), signal.SIGKILL)
    replace(source, target)
files.os.replace = dying
"""
COMMANDS = {
    "table": ("--profile", "tiny"),
    "depth": ("--profile", "tiny", "--depths", "2,3"),
    "gain": (
        "--profile",
        "tiny",
    ),
}


def cells(count, called=None):
    def cell(i):
        def work(rng):
            if called is not None:
                called.append(i)
            return {"numbers": rng.standard_normal(3), "one": np.float64(i), "none": None}

        return Cell(f"cell {i}", work)

    return [cell(i) for i in range(count)]


def done(made, path=None, workers=1, seed=0, **asked):
    return run_cells(made, seed=seed, state=State(path, "test", asked), workers=workers)


@given(
    count=st.integers(1, 9),
    before=st.integers(0, 9),
    workers=st.integers(1, 4),
    seed=st.integers(0, 5),
)
@settings(max_examples=30)
def test_what_is_finished_is_not_done_again(tmp_path_factory, count, before, workers, seed):
    path = str(tmp_path_factory.mktemp("run") / "state.json")
    whole = done(cells(count), workers=1, seed=seed)
    done(cells(count)[:before], path, workers, seed)
    called = []
    again = done(cells(count, called), path, workers, seed)
    assert again == whole
    assert list(again) == [f"cell {i}" for i in range(count)]
    assert sorted(called) == list(range(min(before, count), count))


def test_seeds_and_names_make_the_numbers():
    one = generator(0, "a", "b").random()
    assert one == generator(0, "a", "b").random()
    assert one not in [
        generator(1, "a", "b").random(),
        generator(0, "ab").random(),
        generator(0, "b", "a").random(),
    ]
    found = done(cells(3))
    assert len({tuple(cell["numbers"]) for cell in found.values()}) == 3
    with pytest.raises(ValueError, match="the same name"):
        done([*cells(1), *cells(1)])


@pytest.mark.parametrize("workers", [1, 3])
def test_an_error_keeps_what_was_finished(tmp_path, workers):
    path = str(tmp_path / "state.json")

    def fails(rng):
        raise FloatingPointError("overflow")

    made = [*cells(3), Cell("bad", fails)]
    with pytest.raises(FloatingPointError, match="overflow"):
        done(made, path, workers)
    if workers == 1:
        assert len(json.loads((tmp_path / "state.json").read_text())["cells"]) == 3
    called = []
    done(cells(3, called), path)
    assert len(called) < 3 or workers > 1


def test_numbers_that_are_not_finite_are_refused():
    with pytest.raises(RunError, match="cell: a number is not finite"):
        done([Cell("cell", lambda rng: {"x": float("nan")})])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"settings": {"width": 3, "seed": 1}}, "made with width = 3, not 2"),
        ({"settings": {"width": 2}}, "made with seed = None, not 1"),
        ({"command": "other"}, "is of command 'other', not 'test'"),
        ({"version": "0.0"}, "is of version '0.0', not"),
        ({"schema": "lemmata.verify/1"}, "its schema is not"),
        ({"cells": [1]}, "it has no cells"),
        ({"cells": {"cell 0": {}}}, "its cells were changed"),
        ({"cells": {}}, "its cells were changed"),
        ({"digest": None}, "its cells were changed"),
        ({"settings": 7}, "it has no settings"),
    ],
)
def test_other_states_are_refused(tmp_path, changes, told):
    path = tmp_path / "state.json"
    done(cells(1), str(path), width=2, seed_=0)
    kept = json.loads(path.read_text())
    kept["settings"] = {"width": 2, "seed": 1}
    path.write_text(json.dumps({**kept, **changes}))
    with pytest.raises(RunError, match=r"^[^\n]*$") as refused:
        State(str(path), "test", {"width": 2, "seed": 1})
    assert told in str(refused.value)
    assert "another file" in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_what_is_no_state_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "own.txt"
    path.write_bytes(content)
    with pytest.raises(RunError, match="is no state of a run"):
        State(str(path), "test", {})
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("command", "given_", "dies", "after"),
    [
        pytest.param("table", (), DIES, 2, marks=pytest.mark.nightly),
        pytest.param("depth", ("--depths", "2,3"), DIES, 2, marks=pytest.mark.nightly),
        ("gain", ("--data", "none", "--seeds", "3"), DIES_WRITING, 3),
    ],
)
def test_killed_in_the_middle_it_goes_on_to_the_same_numbers(
    lemmata, tmp_path, command, given_, dies, after
):
    pytest.importorskip("sklearn")
    asked = ("simulate", command, "--profile", "tiny", *given_, "--json")
    killed = lemmata(*asked, "f.json", before=dies.format(after=after))
    assert killed.returncode == -signal.SIGKILL
    state = json.loads((tmp_path / "f.json.unfinished").read_text())
    assert len(state["cells"]) == 2
    assert not (tmp_path / "f.json").exists()
    assert run([*asked, str(tmp_path / "f.json")]) in (0, 3)
    assert run([*asked, str(tmp_path / "g.json")]) in (0, 3)
    reports = [json.loads((tmp_path / name).read_text()) for name in ("f.json", "g.json")]
    for report in reports:
        del report["seconds"]
    assert reports[0] == reports[1]
    assert not (tmp_path / "f.json.unfinished").exists()


def test_other_settings_are_refused_in_one_line(one_line, tmp_path, capsys):
    state = str(tmp_path / "state.json")
    small = ("--data", "none", "--seeds", "3", "--alphas", "0.5", "--gains", "1")
    asked = ["simulate", "gain", "--profile", "tiny", *small, "--resume", state]
    assert run(asked) == 3
    capsys.readouterr()
    told = one_line(*asked, "--seed", "1")
    assert told.startswith(f"resume: {state} was made with seed = 0, not 1: give the same settings")
    assert "inputs = 24, not 25" in one_line(*asked, "--inputs", "25")
    other = ["simulate", "depth", "--profile", "tiny", "--resume", state]
    assert "is of command 'gain', not 'depth'" in one_line(*other)
    first = json.loads((tmp_path / "state.json").read_text())
    assert run(asked) == 3
    assert json.loads((tmp_path / "state.json").read_text()) == first


def test_interrupted_it_says_where_it_goes_on(monkeypatch, one_line, tmp_path):
    def interrupted(*given, **named):
        raise KeyboardInterrupt

    monkeypatch.setattr(deep_runs, "run_cells", interrupted)
    asked = ("simulate", "gain", "--profile", "tiny", "--data", "none")
    report = str(tmp_path / "f.json")
    told = one_line(*asked, "--json", report, code=INTERRUPTED)
    assert told == f"interrupted: the same command goes on from {report}.unfinished"
    assert one_line(*asked, code=INTERRUPTED) == "interrupted: no report is half written"


@pytest.mark.parametrize("name", DEEP)
def test_every_experiment_has_the_shared_options(name):
    offered = {option.name for option in _own(f"simulating_{name}").params}
    assert {"profile", "seed", "json_file", "plot", "resume", "device"} <= offered


def test_an_interrupt_does_not_wait_for_a_cell():
    forever, entered = threading.Event(), threading.Event()

    def waits(rng):
        entered.set()
        forever.wait(60)
        return {}

    def interrupts(rng):
        entered.wait(60)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        done([Cell("waits", waits), Cell("interrupts", interrupts)], workers=2)
    assert not forever.is_set()
    forever.set()


def test_what_cannot_be_written_or_used_is_refused_before_any_work(one_line, tmp_path, monkeypatch):
    monkeypatch.setattr(deep_runs, "run_cells", None)
    asked = ("simulate", "gain", "--profile", "tiny", "--data", "none")
    assert "--resume: cannot write" in one_line(*asked, "--resume", str(tmp_path))
    assert "--json: cannot write" in one_line(*asked, "--json", str(tmp_path / "no" / "f"))
    assert "--plot: f.gif: give a file name" in one_line(*asked, "--plot", "f.gif")
    assert "device: cuda: " in one_line(*asked, "--device", "cuda")


def test_a_state_on_a_full_or_closed_place(tmp_path):
    if os.geteuid() == 0 and not os.path.exists("/proc/self/mem"):
        pytest.skip("nowhere to fail")
    state = State(str(tmp_path / "gone" / "state.json"), "test", {})
    with pytest.raises(RunError, match="resume: cannot write"):
        run_cells(cells(1), seed=0, state=state)
