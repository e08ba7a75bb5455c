"""Claims of others, in a repository of their own, collected by pytest through the plugin."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

OURS = """
    from sympy import Eq, Function, Lambda, exp, symbols
    from lemmata.proofs import claim, define

    t, s, a0, tau = symbols("t s a_0 tau", positive=True)
    a = Function("a")
    logistic = define(a, Lambda(t, s*exp(2*s*t/tau)/(exp(2*s*t/tau) - 1 + s/a0)),
                      means="strength of one mode")

    @claim("ours.mode_ode", where=[logistic], given=[a0 < s], source="our paper, eq. (3)")
    def mode_ode():
        '''The logistic curve solves the mode equation.'''
        return Eq(tau*a(t).diff(t), 2*a(t)*(s - a(t)))
"""
SHORT = """
    from sympy import Symbol
    from lemmata.proofs import claim

    x = Symbol("x", positive=True)

    @claim("{id}", source="made up", expects="{expects}")
    def statement():
        return {statement}
"""
ALONE = ("-p", "no:cacheprovider", "-p", "no:xdist")


def short(id: str, statement: str = "x**2 + 1 > x", expects: str = "proved") -> str:
    return SHORT.format(id=id, statement=statement, expects=expects)


@pytest.fixture
def repository(pytester, monkeypatch):
    """A folder with a package named as one of ours, which must not matter."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    package = pytester.mkpydir("theory")
    package.joinpath("symbols.py").write_text("raise ImportError('not this theory')\n")
    return pytester


def test_claims_are_found_in_any_file_and_only_once(repository):
    repository.makepyfile(
        ours=OURS,
        test_imports="from ours import mode_ode\n\ndef test_there(): assert mode_ode.id",
        unrelated="import lemmata.proofs\nraise RuntimeError('this file makes no claims')",
        broken="from lemmata.proofs import claim\ndef (",
        test_guard=short("ours.guard", "(x + 1)**2 < 3*x + 1", "refuted"),
    )
    done = repository.runpytest_subprocess("-v", *ALONE)
    done.assert_outcomes(passed=3)
    done.stdout.fnmatch_lines_random(
        ["ours.py::mode_ode PASSED*", "test_guard.py::statement PASSED*", "*::test_there PASSED*"]
    )


def test_a_wrong_factor_fails_with_a_readable_counterexample(repository):
    repository.makepyfile(ours=OURS.replace("2*a(t)*(s", "3*a(t)*(s"))
    done = repository.runpytest_subprocess("ours.py::mode_ode", *ALONE)
    done.assert_outcomes(failed=1)
    assert done.ret == 1
    done.stdout.fnmatch_lines(
        [
            "*claim ours.mode_ode*",
            "claim ours.mode_ode is refuted, expected proved",
            "  statement: Eq(tau*Derivative(a(t), t), 3*(s - a(t))*a(t))",
            "  where:     a(t) := *",
            "  given:     a_0 < s",
            "    counterexample: a_0 = *, s = *, t = *",
            "FAILED ours.py::mode_ode*",
        ]
    )
    done.stdout.no_fnmatch_line("*Traceback*")
    done.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_a_claim_that_is_none_is_an_error_with_the_way_out(repository):
    repository.makepyfile(
        away=short("ours.away", "x + 1 > 0"),
        bad=short("Ours Bad"),
        first=short("ours.twice"),
        second=short("ours.twice", "x < 1"),
    )
    done = repository.runpytest_subprocess(*ALONE)
    done.assert_outcomes(errors=3)
    done.stdout.fnmatch_lines_random(
        [
            "*SymPy evaluated the statement of ours.away to True: state it over undefined *",
            "*'Ours Bad' is no claim id: write chapter.claim in lower case",
            "*ours.twice is claimed twice, at *first.py:* and at *second.py:*: rename one",
        ]
    )


def test_the_profile_is_checked(repository):
    done = repository.runpytest_subprocess("--lemmata-profile", "slow", *ALONE)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*--lemmata-profile*slow*"])
