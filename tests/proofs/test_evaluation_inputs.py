"""`evaluate` at the edges: what cannot be used ends in one line and exit code 2, never a trace."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.court import collect
from lemmata.proofs.evaluation import evaluate
from lemmata.proofs.inputs import InputError, exact_number

MODE = "modes.trajectory s=1 a0=1/2 tau=1"
EVALUATED = [made.id for made in collect() if made.evaluation is not None]


@pytest.mark.parametrize(
    "text",
    [
        *("nan", "inf", "-inf", "True", "t=1", "0x10", "1_000", "1 2", "(1)", "1e1.5", "1e", "--1"),
        *("1/", "/2", "1//2", "1/-2", "1.5/2", "+-1", "1,5", "1;2", "[1", "1]", "[]", "[[]]"),
        # Greek, fractions, minus signs and digits of other scripts; invisible and lone characters.
        *(
            "π",
            "½",
            "\u22121",
            "\u0661",
            "\uff11",
            "\u00b2",
            "1e\u0665",
            "1\u200b",
            "\x00",
            "\udcff",
        ),
    ],
)
def test_what_is_no_number_is_refused(one_line, text) -> None:
    line = one_line("evaluate", *MODE.split(), f"t={text}")
    assert line.startswith("t: ")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("modes.trajectory s=0 a0=1 tau=1 t=1", "s: 0 is outside the domain: it must be positive"),
        ("modes.trajectory s=1 a0=-0 tau=1 t=1", "a0: 0 is outside the domain"),
        ("modes.trajectory s=1 a0=1 tau=0/7 t=1", "tau: 0 is outside the domain"),
        ("modes.trajectory s=1 a0=1 tau=1 t=-1e-400", "it must be nonnegative"),
        ("modes.trajectory s=1/0 a0=1 tau=1 t=1", "s: '1/0' divides by zero"),
        ("modes.trajectory s=1 a0=0/0 tau=1 t=1", "a0: '0/0' divides by zero"),
        ("modes.trajectory s=1 a0=1 tau=1 t=1e99999", "t: '1e99999' is too extreme"),
        (f"{MODE} t={'1' * 5000}", "is too long: give at most 2000 characters"),
        (f"{MODE} t=1e{'9' * 1990}", "is too extreme"),
        ("modes.trajectory", "s: missing input of modes.trajectory"),
        (f"{MODE} t=1 τ=1", "τ: modes.trajectory has no such input"),
        ("modes.fraction_criterion c=1 a0=1", "outside the domain c < 1"),
        ("modes.fraction_criterion c=0 a0=1", "c: 0 is outside the domain"),
        ("modes.stronger_first s1=1 s2=1 a02=1", "outside the domain a02 < s2"),
        ("modes.stronger_first s1=1 s2=1e-9 a02=1e-10", "a01 is below 10^-100000"),
        ("modes.learning_time s=1 a0=1/2 af=1/3 tau=1", "outside the domain"),
        ("modes.learning_time.from_above s=1 a0=2 af=1 tau=1", "outside the domain s < af"),
        ("modes.stage_ratio s=1 a0=1/10 alpha=1/10 tau=1", "outside the domain a0 < alpha*s"),
        ("modes.stage_ratio s=1 a0=1e-3 alpha=1/2 tau=1", "outside the domain alpha < 1/2"),
        ("modes.inflection s=1 c=-0.70710678118654752440084436210485", "outside the domain"),
        (f"modes.inflection s=1 c=1.{'3' * 1000}", "c=1333333333"),
        ("modes.shallow s=-1 b0=0 tau=1 t=1", "s: -1 is outside the domain"),
        ("modes.vector_mode s=1 a=1,2 b=1,2,3 tau=1 t=1", "b: it has 3 rows"),
        ("modes.vector_mode s=1 a=[[1,2]] b=1,2 tau=1 t=1", "a: it has 2 columns"),
        ("modes.vector_mode s=1 a=1,,2 b=1,2 tau=1 t=1", "a: '' is not a number"),
        ("modes.riccati Sigma=[[1,2],[3,4] W21=1 W32=1 tau=1 t=1", "does not end with ]]"),
        ("modes.riccati Sigma=1 W21=1 W32=2 tau=1 t=1/0", "t: '1/0' divides by zero"),
        ("modes.riccati Sigma=1 W21=[[1],[1]] W32=[[1,0]] tau=1 t=1", "modes.riccati: it needs"),
    ],
)
def test_one_line_names_the_input_and_the_fix(one_line, given, told) -> None:
    line = one_line("evaluate", *given.split())
    assert told in line
    assert len(line) < 400


@pytest.mark.parametrize("id", EVALUATED)
def test_missing_extra_and_outside_the_domain_for_every_claim(one_line, id) -> None:
    what = collect()[id].evaluation
    names = list(what.inputs)
    ones = [f"{name}=1" for name in names]
    for i, name in enumerate(names):
        if name not in what.optional:
            missing = one_line("evaluate", id, *ones[:i], *ones[i + 1 :])
            assert missing.startswith(f"{name}: missing input of {id}: give {names[0]}=...")
        if what.inputs[name].is_positive is True:  # of a sequence it is no answer at all
            for value in ("0", "-1"):
                line = one_line("evaluate", id, *ones[:i], f"{name}={value}", *ones[i + 1 :])
                assert line.startswith(f"{name}: {value} is outside the domain")
    assert one_line("evaluate", id, *ones, "extra=1").startswith(f"extra: {id} has no such input")


@settings(max_examples=200)
@given(st.text(st.sampled_from("0123456789+-./eE ,;[]_n\u0661"), max_size=12))
def test_a_text_is_an_exact_number_or_an_input_error(text: str) -> None:
    try:
        number, refused = exact_number("x", text), ""
    except InputError as error:
        number, refused = None, str(error)
    assert refused.startswith("x: ") == (number is None)
    assert "\n" not in refused
    assert number is None or number == Fraction(text.strip())


def value(line: str, digits: int = 30) -> tuple[Fraction, Fraction]:
    id, *pairs = line.split()
    (told,) = evaluate(collect()[id], dict(p.split("=") for p in pairs), digits)["values"].values()
    return Fraction(told["value"]), Fraction(told["radius"])


@pytest.mark.parametrize(
    ("line", "limit"),
    [
        # Each of these once crashed the process, ran for minutes, or was told as 0.
        ("modes.trajectory s=1 a0=1e-400 tau=1 t=1e400", Fraction(1)),
        ("modes.unbalanced_trajectory s=1 a0=2 b0=3 tau=1 t=1e400", Fraction(1)),
        (
            "modes.unbalanced_trajectory s=1e2000 a0=1e-2000 b0=1e2000 tau=1e-2000 t=1",
            Fraction(10) ** 2000,
        ),
        ("modes.unbalanced_trajectory s=1 a0=1e-400 b0=1 tau=1 t=0", Fraction(1, 10**400)),
        ("modes.shallow s=1 b0=1e2000 tau=1 t=1e-2000", Fraction(10) ** 2000 - 1),
    ],
)
def test_extreme_inputs_have_their_limits(line: str, limit: Fraction) -> None:
    found, radius = value(line)
    assert radius <= abs(found) / 10**30
    assert abs(found - limit) <= radius + abs(limit) / Fraction(10) ** 100


@pytest.mark.parametrize("digits", [1, 2, 5, 10, 30])
def test_small_values_have_digits_of_their_own(digits: int) -> None:
    # To leading order c^2/(4s), the next term being smaller by c^2/(2s^2).
    small = Fraction(1, 10**40)
    id, expected = "modes.inflection", small**2 / 4
    told = evaluate(collect()[id], {"s": "1", "c": "1e-40"}, digits)["values"]["u_minus"]
    found, radius = Fraction(told["value"]), Fraction(told["radius"])
    assert radius <= found / 10**digits
    assert abs(found - expected) <= radius + expected * small**2


def test_zero_is_exact_where_it_is_proved_and_within_its_radius_elsewhere() -> None:
    assert value("modes.unbalanced_trajectory s=2 a0=0 b0=0 tau=1 t=1") == (0, 0)
    assert value("modes.vector_mode s=2 a=0,0 b=0,0 tau=1 t=1/3") == (0, 0)
    assert value("modes.learning_time s=1 a0=1/2 af=1/2 tau=1") == (0, 0)
    start = {"Sigma": "[[1,0],[0,2]]", "W21": "[[1,0],[0,1]]", "W32": "[[1,0],[0,1]]"}
    told = evaluate(collect()["modes.riccati"], {**start, "tau": "1", "t": "1/2"})["values"]["W"]
    assert (told["value"][0][1], told["radius"][0][1]) == ("0", "0")
