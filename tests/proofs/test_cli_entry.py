"""The command line as a whole: it starts at once, ends silently, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lemmata.proofs.cli.main import commands, run

MAIN = "from lemmata.proofs.cli import main; main()"
HEAVY = ("sympy", "numpy", "scipy", "flint", "mpmath", "hypothesis", "matplotlib", "pytest", "rich")
needs_signals = pytest.mark.skipif(os.name != "posix", reason="signals as of POSIX")
needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="reads /proc")


@pytest.mark.parametrize("arguments", [["--help"], ["verify", "-h"], ["--version"], ["nonsense"]])
def test_help_imports_nothing_heavy(arguments):
    spy = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print('heavy:', [m for m in {HEAVY} if m in sys.modules]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", spy + MAIN, *arguments], capture_output=True, text=True, check=False
    )
    assert done.stdout.endswith("heavy: []\n")


def test_help_names_every_command(capsys):
    assert run(["--help"]) == 0
    streams = capsys.readouterr()
    assert streams.err == ""
    for name in commands.commands:
        assert f"\n  {name} " in streams.out


def test_no_command_is_a_usage_error_that_shows_the_help(capsys):
    assert run([]) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert streams.err.startswith("Usage: lemmata ")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["verfy"], "command: 'verfy' is unknown: did you mean verify?"),
        (["xyzzy"], "command: 'xyzzy' is unknown: see `lemmata --help`"),
        (["--foo"], "No such option '--foo'."),
        (["list", "--foo"], "No such option '--foo'."),
        (["show"], "Missing argument 'CLAIM'."),
        (["verify", "--profile", "slow"], "Invalid value for '--profile'"),
        (["verify", "--jobs", "0"], "Invalid value for '--jobs'"),
        (["verify", "--seed", "-1"], "Invalid value for '--seed'"),
    ],
)
def test_wrong_usage_is_one_line(one_line, given, told):
    assert told in one_line(*given)


def test_it_runs_as_a_module(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "lemmata.proofs.cli", "--version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("lemmata, version ")


@needs_signals
@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["list", "--help"],
        ["list"],
        ["verify", "few.guard*", "--jobs", "2", "--profile", "quick"],
    ],
)
def test_a_reader_that_leaves_early_ends_it_silently(tmp_path, few, arguments):
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        [sys.executable, "-c", few + MAIN, *arguments],
        cwd=tmp_path,
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writer)
    _, told = process.communicate()
    assert told == ""
    assert process.returncode == -signal.SIGPIPE


def children_of(process: subprocess.Popen[str]) -> list[str]:
    try:
        return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    except FileNotFoundError:
        return []


def started_verify(folder: Path, few: str, jobs: int) -> subprocess.Popen[str]:
    """A long verification, as the foreground job of a terminal of its own."""
    ready = (
        "def slow(*arguments):\n"
        "    open('started', 'w').close()\n"
        "    import time; time.sleep(600)\n"
        "court.judge = slow\n"
    )
    code = few + ready + MAIN
    process = subprocess.Popen(
        [sys.executable, "-c", code, "verify", "--jobs", str(jobs), "--json", "f.json"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Started in the background of a shell that has no jobs, Ctrl-C would be ignored for ever.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    while not (folder / "started").exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    return process


def is_running(pid: str) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@needs_signals
@needs_proc
@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_is_one_line_and_leaves_nothing(tmp_path, few, jobs):
    process = started_verify(tmp_path, few, jobs)
    workers = children_of(process)
    assert len(workers) == (0 if jobs == 1 else jobs)
    os.killpg(process.pid, signal.SIGINT)
    out, told = process.communicate()
    assert process.returncode == 130
    assert (out, told) == ("", "lemmata: interrupted: no report is half written\n")
    assert [path.name for path in tmp_path.iterdir()] == ["started"]
    assert not any(is_running(pid) for pid in workers)


@needs_signals
@needs_proc
def test_workers_end_with_a_parent_that_is_killed(tmp_path, few):
    process = started_verify(tmp_path, few, jobs=2)
    workers = children_of(process)
    process.kill()
    process.communicate()  # returns when nobody holds the streams any more
    assert len(workers) == 2
    while any(is_running(pid) for pid in workers):
        time.sleep(0.02)
