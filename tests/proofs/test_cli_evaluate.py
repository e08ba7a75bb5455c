"""`evaluate`, `list`, `show` and `latex`: what is printed, and one line for every mistake."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.cli.main import run
from lemmata.proofs.court import collect
from lemmata.proofs.inputs import exact_number

POINT = ("s=3", "a0=1/1000", "tau=1", "t=2")
NUMBER = re.compile(r"(\w+)(?:\[(\d+),(\d+)\])? = (\S+)  \+/- (\S+)")


def read(line: str) -> tuple[str, tuple[int, int] | None, Fraction, Fraction]:
    """Name, place, value and radius of one printed line."""
    match = NUMBER.fullmatch(line)
    assert match, line
    name, row, column, value, radius = match.groups()
    place = (int(row), int(column)) if row else None
    return name, place, exact_number("value", value), exact_number("radius", radius)


def logistic(s: Fraction, a0: Fraction, e: Fraction) -> Fraction:
    return s / (1 + (s / a0 - 1) * e)


def test_value_and_radius_enclose_the_closed_form(capsys):
    assert run(["evaluate", "modes.trajectory", *POINT]) == 0
    out, told = capsys.readouterr()
    assert told == ""
    name, place, value, radius = read(out.strip())
    # exp(-12) from its alternating series: the first term left out bounds the error.
    low = high = term = Fraction(1)
    for k in range(1, 200):
        term *= Fraction(-12, k)
        low, high = high, high + term
    low, high = sorted((low, high))
    assert (name, place) == ("a", None)
    assert value - radius <= logistic(Fraction(3), Fraction(1, 1000), low)
    assert value + radius >= logistic(Fraction(3), Fraction(1, 1000), high)
    assert 0 < radius < Fraction(1, 10**30)


def test_json_says_the_same_as_the_lines(capsys):
    asked = ["evaluate", "modes.trajectory", *POINT, "--digits", "12"]
    assert run(asked) == 0
    _, _, value, radius = read(capsys.readouterr().out.strip())
    assert run([*asked, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["schema"] == "lemmata.evaluate/1"
    assert report["claim"] == "modes.trajectory"
    assert report["inputs"] == dict(pair.split("=") for pair in POINT)
    told = report["values"]["a"]
    assert exact_number("value", told["value"]) == value
    assert exact_number("radius", told["radius"]) == radius


@settings(max_examples=10)
@given(st.integers(1, 60))
def test_as_many_digits_as_asked(digits):
    from click.testing import CliRunner
    from lemmata.proofs.cli.main import commands

    arguments = ["evaluate", "modes.trajectory", *POINT, "--digits", str(digits)]
    out = CliRunner().invoke(commands, arguments, standalone_mode=False).output
    _, _, value, radius = read(out.strip())
    assert radius <= abs(value) / 10**digits


def test_a_matrix_is_printed_entry_by_entry(capsys):
    identity = "1,0;0,1"
    start = [f"W21={identity}", f"W32={identity}", "tau=1"]
    assert run(["evaluate", "modes.riccati", "Sigma=[[2,0],[0,1]]", *start, "t=1/2"]) == 0
    entries = [read(line) for line in capsys.readouterr().out.splitlines()]
    assert [name for name, *_ in entries] == ["W"] * 4
    assert [place for _, place, *_ in entries] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    values = [value for *_, value, _ in entries]
    # A diagonal network: the modes do not mix, and one that starts at its end stays.
    assert values[1] == values[2] == 0
    assert abs(values[3] - 1) <= entries[3][-1]
    assert 1 < values[0] < 2


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (POINT[:3], "t: missing input of modes.trajectory: give s=... a0=... tau=... t=..."),
        ((*POINT, "q=1"), "q: modes.trajectory has no such input: give s=..."),
        ((*POINT, "s=3"), "s: given twice: give it once"),
        ((*POINT[:3], "t"), "inputs: 't' is not NAME=VALUE"),
        ((*POINT[:3], "=2"), "inputs: '=2' is not NAME=VALUE"),
        ((*POINT[:3], "t="), "t: '' is not a number: write 1/1000, 0.001 or 1e-3"),
        ((*POINT[:3], "t=two"), "t: 'two' is not a number"),
        ((*POINT[:3], "t=1/0"), "t: '1/0' divides by zero"),
        ((*POINT[:3], "t=__import__('os')"), "is not a number"),
        ((*POINT[:3], "t=1,2"), "t: "),
        (("s=-3", *POINT[1:]), "s: -3 is outside the domain: it must be positive"),
        ((*POINT, "--digits", "0"), "digits: 0 is out of range"),
        ((*POINT, "--digits", "many"), "Invalid value for '--digits'"),
        ((*POINT[:3], "t=1\n2"), "t: "),
    ],
)
def test_bad_inputs_are_one_line_that_names_the_fix(one_line, given, told):
    assert told in one_line("evaluate", "modes.trajectory", *given)


@pytest.mark.parametrize("command", ["evaluate", "show", "latex"])
def test_an_unknown_claim_suggests_the_nearest(one_line, command):
    told = one_line(command, "modes.trajectry")
    assert told.startswith("claim: 'modes.trajectry' is unknown: did you mean modes.trajectory")
    assert one_line(command, "xyzzy").endswith("is unknown: see `lemmata list`")


def test_a_claim_without_numbers_says_so(one_line):
    assert "has nothing to evaluate" in one_line("evaluate", "descent.gradient")


def test_list_has_one_line_a_claim_and_marks_guards(capsys):
    assert run(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == collect().ids()
    for line, made in zip(lines, collect(), strict=True):
        assert line.split()[1].lower().startswith("guard") == (made.expects == "refuted")


@pytest.mark.parametrize("id", ["modes.trajectory", "descent.gradient", "modes.stronger_first"])
def test_show_and_latex_tell_what_the_claim_holds(capsys, id):
    made = collect()[id]
    assert run(["show", id]) == 0
    shown = capsys.readouterr().out
    assert run(["latex", id, "--derivation"]) == 0
    typeset = capsys.readouterr().out
    for text in (id, made.digest):
        assert text in shown
        assert text in typeset
    assert str(made.statement) in shown
    assert made.source in shown
    assert all(other in shown for other in made.rests_on)
    assert typeset.count("\\item") == (len(made.derivation.steps) if made.derivation else 0)
