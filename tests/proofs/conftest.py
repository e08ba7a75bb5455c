"""The command line as a user meets it: another process, its exit code and its two streams."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

MAIN = "from lemmata.proofs.cli import main; main()"
FEW = """
import lemmata.proofs.court as court
court.entry_points = lambda group: ()  # the claims of the package take a second to make
from lemmata.proofs import claim
from sympy import symbols
x, y = symbols("x y", positive=True)
for n in range(4):
    claim(f"few.guard{n}", source="", expects="refuted")(lambda: (x + y)**2 < (3 + n)*x + 2*y)
claim("few.wrong", source="")(lambda: x < 1)
"""


@pytest.fixture
def lemmata(tmp_path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run ``lemmata`` in an empty folder; ``before`` is code that the process runs first."""

    def run(*arguments: str, before: str = "", **environment: str):
        return subprocess.run(
            [sys.executable, "-c", f"{before}\n{MAIN}", *arguments],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return run


@pytest.fixture
def few() -> str:
    """Code to run ``before`` that replaces all claims: guards few.guard0 to 3, and few.wrong."""
    return FEW


@pytest.fixture
def one_line(capsys) -> Callable[..., str]:
    """Run ``lemmata`` here, expect an exit code and one line on stderr, nothing on stdout."""
    from lemmata.proofs.cli.main import run

    def told(*arguments: str, code: int = 2) -> str:
        assert run(list(arguments)) == code
        streams = capsys.readouterr()
        assert streams.out == ""
        line, rest = streams.err.split("\n")
        assert rest == ""
        assert line.startswith("lemmata: ")
        return line.removeprefix("lemmata: ")

    return told
