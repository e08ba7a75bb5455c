"""`evaluate` against integrations of the flow by mpmath, and its refusals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.court import collect
from lemmata.proofs.evaluation import evaluate
from lemmata.proofs.inputs import InputError

# mpmath.odefun at 32 digits (the Riccati flow: full weight matrices, 24 digits); mpmath.quad.
CURVES = {
    "modes.trajectory s=3 a0=1/1000 tau=2 t=3": ("a", "2.1896116027682668880801440715573"),
    "modes.trajectory s=1 a0=2.5 tau=1 t=1/2": ("a", "1.2832484289573843043248850722814"),
    "modes.commuting_inputs s=3 lam=1/4 a0=1/50 tau=1 t=1": (
        "a",
        "4.8294158680787201325091899996661",
    ),
    "modes.unbalanced_trajectory s=2 a0=1/2 b0=1/10 tau=1 t=1": (
        "u",
        "1.4489631164507703963280629170712",
    ),
    "modes.unbalanced_trajectory s=2 a0=-1/2 b0=3/4 tau=1/2 t=3/2": (
        "u",
        "1.9987340374930497195480373165162",
    ),
    "modes.vector_mode s=2 a=1/2,1/3 b=0,-1 tau=1 t=3/2": (
        "u",
        "1.9653813734754105104756548228536",
    ),
    "modes.learning_time s=2 a0=1/100 af=3/2 tau=3": ("t", "4.7939378350444515651040248965933"),
}
BOTTLENECK = [
    ["1.18548111408749588554798752", "1.05456810770021457521878779", "0.113660616560648384392774"],
    ["0.197657195389838951062080844", "0.175829856788599712554967721", "0.01895081956910831380597"],
]
LAMBDA_BALANCED = [
    ["1.05427510425045517125320435", "1.24070940380517069285980774"],
    ["0.156228264184407375687765249", "0.183855120672284518806443092"],
    ["0.372731437306644814717787229", "0.438643953078029811127014969"],
]


def values(line: str, digits: int = 30) -> dict[str, Any]:
    id, *pairs = line.split()
    found = evaluate(collect()[id], dict(pair.split("=") for pair in pairs), digits)
    result: dict[str, Any] = found["values"]
    return result


def agree(value: str, radius: str, reference: str, digits: int) -> bool:
    # The reference was rounded at its last digit, and odefun loses a few of its own.
    slack = Fraction(10) ** (3 - digits) * max(1, abs(Fraction(reference)))
    return abs(Fraction(value) - Fraction(reference)) <= Fraction(radius) + slack


@pytest.mark.parametrize(("line", "expected"), CURVES.items(), ids=CURVES.keys())
def test_curves_agree_with_integrations(line: str, expected: tuple[str, str]) -> None:
    name, reference = expected
    found = values(line)[name]
    assert agree(found["value"], found["radius"], reference, 31)
    assert Fraction(found["radius"]) <= Fraction(10) ** -30 * abs(Fraction(found["value"]))


@pytest.mark.parametrize(
    ("line", "reference"),
    [
        (
            "modes.riccati Sigma=[[1,2,0],[0,1,3]] W21=[[1,0,0]] W32=[[1],[0]] tau=1 t=1/2",
            BOTTLENECK,
        ),
        (
            "modes.riccati Sigma=[[1,2],[0,1],[1,1]] W21=[[3/5,0]] W32=[[1],[0],[0]] tau=1 t=1/2",
            LAMBDA_BALANCED,
        ),
    ],
    ids=["bottleneck", "lambda-balanced"],
)
def test_riccati_agrees_with_the_flow_of_whole_networks(
    line: str, reference: list[list[str]]
) -> None:
    found = values(line, 24)["W"]
    for row, radii, expected in zip(found["value"], found["radius"], reference, strict=True):
        for value, radius, number in zip(row, radii, expected, strict=True):
            assert agree(value, radius, number, 23)


@settings(max_examples=30)
@given(st.integers(1, 60), st.fractions(Fraction(1, 50), 3, max_denominator=60))
def test_more_digits_refine_the_same_number(digits: int, time: Fraction) -> None:
    line = f"modes.unbalanced_trajectory s=2 a0=1/3 b0=-1/7 tau=1 t={time}"
    few, many = values(line, digits)["u"], values(line, digits + 20)["u"]
    difference = abs(Fraction(few["value"]) - Fraction(many["value"]))
    assert difference <= Fraction(few["radius"]) + Fraction(many["radius"])
    assert Fraction(few["radius"]) <= Fraction(10) ** -digits * abs(Fraction(few["value"]))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("modes.trajectory s=1 a0=-1/2 tau=1 t=1", "a0: -1/2 is outside the domain"),
        ("modes.trajectory s=1 a0=1/2 tau=1", "t: missing input"),
        ("modes.trajectory s=1 a0=1/2 tau=1 t=1 x=1", "x: modes.trajectory has no such input"),
        ("modes.trajectory s=1 a0=half tau=1 t=1", "a0: 'half' is not a number"),
        ("modes.trajectory s=1,2 a0=1/2 tau=1 t=1", "s: a list was given"),
        ("modes.learning_time s=1 a0=1/2 af=1 tau=1", "outside the domain"),
        ("modes.inflection s=1 c=1", "outside the domain"),
        ("modes.riccati Sigma=[[1]] W21=[[1,2]] W32=[[1]] tau=1 t=1", "W21: it has 2 columns"),
        ("modes.riccati Sigma=[[1]] W21=[[1],[2]] W32=[[1,1]] tau=1 t=1", "it needs"),
        ("modes.riccati Sigma=[[1],[1,2]] W21=[[1]] W32=[[1]] tau=1 t=1", "rows of lengths"),
        ("descent.gradient s=1", "nothing to evaluate"),
    ],
)
def test_bad_input_is_one_clear_line(line: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        values(line)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_zero_and_exact_values_are_told_as_such() -> None:
    assert values("modes.trajectory s=2 a0=1/3 tau=1 t=0")["a"] == {"value": "1/3", "radius": "0"}
    nothing = values("modes.unbalanced_trajectory s=2 a0=0 b0=0 tau=1 t=1")["u"]
    assert nothing["value"] == "0"
    assert Fraction(nothing["radius"]) < Fraction(1, 10**30)
