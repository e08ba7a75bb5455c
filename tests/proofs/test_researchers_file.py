"""The file of a researcher, in a folder of her own that has a package named `theory`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

OURS = '''
from sympy import Eq, Function, Lambda, exp, symbols
from lemmata.proofs import claim, define

t, s, a0, tau = symbols("t s a_0 tau", positive=True)
a = Function("a")
logistic = define(
    a, Lambda(t, s*exp(2*s*t/tau)/(exp(2*s*t/tau) - 1 + s/a0)), means="strength of one mode"
)

@claim("ours.mode_ode", where=[logistic], given=[a0 < s], source="our paper, eq. (3)")
def mode_ode():
    """The logistic curve solves the mode equation."""
    return Eq(tau*a(t).diff(t), 2*a(t)*(s - a(t)))
'''


def run(folder: Path, name: str, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "theory").mkdir()
    (folder / "theory" / "__init__.py").write_text("raise ImportError('not this one')\n")
    (folder / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["ours.py", "test_ours.py"])
def test_a_true_claim_passes_wherever_it_stands(tmp_path: Path, name: str) -> None:
    done = run(tmp_path, name, OURS)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_a_wrong_factor_fails_with_a_readable_counterexample(tmp_path: Path) -> None:
    done = run(tmp_path, "ours.py", OURS.replace("2*a(t)*(s", "3*a(t)*(s"))
    assert done.returncode == 1
    assert "claim ours.mode_ode is refuted, expected proved" in done.stdout
    assert "counterexample: a_0 = " in done.stdout
    assert "Traceback" not in done.stdout


def test_a_statement_that_sympy_evaluated_is_refused_with_the_way_out(tmp_path: Path) -> None:
    done = run(tmp_path, "ours.py", OURS.replace("2*a(t)*(s - a(t)))", "tau*a(t).diff(t))"))
    assert done.returncode != 0
    assert "state it over undefined functions" in done.stdout
