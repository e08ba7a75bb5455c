"""Outputs of other claims, case by case, and inputs that may be left out: honest and planted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from lemmata.proofs.court import collect
from lemmata.proofs.evaluated import Evaluated
from lemmata.proofs.evaluation import evaluate
from lemmata.proofs.evidence import BUDGETS
from lemmata.proofs.inputs import InputError
from lemmata.proofs.verdicts import Status
from lemmata.theory.outputs import Case, Cases
from sympy import Symbol

MOMENT, EDGE = "products.fuss_catalan", "products.fuss_catalan.edge"
COST = "generalization.large_gain"
FEW, MANY = f"{COST}.few_examples", f"{COST}.many_examples"
STRANGER = Symbol("z", positive=True)


def told(line: str) -> dict[str, str]:
    id, *pairs = line.split()
    found = evaluate(collect()[id], dict(pair.split("=") for pair in pairs))
    return {name: output["value"] for name, output in found["values"].items()}


def test_what_needs_an_optional_input_is_left_out() -> None:
    assert told(f"{MOMENT} D=3 k=4") == {"moment": "140", "edge": "256/27"}
    assert told(f"{MOMENT} D=3") == {"edge": "256/27"}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (f"{MOMENT} k=4", "D: missing input"),
        (MOMENT, "D: missing input"),
        (f"{MOMENT} D=3 j=1", "no such input: give D=... [k=...]"),
        (f"{MOMENT} D=3 k=1/2", "k: 1/2 is outside the domain"),
        (f"{MOMENT} D=0", "D: 0 is outside the domain"),
        (f"{COST} alpha=1/2 sigma_w=1 sigma_w0=1", "sigma_eps: missing input"),
        (f"{COST} alpha=1 sigma_w=1 sigma_w0=1 sigma_eps=1", "without bound: give alpha < 1"),
        (f"{COST} alpha=1 sigma_w=1 sigma_w0=1 sigma_eps=1e-30", "or sigma_eps = 0"),
        (f"{COST} alpha=0 sigma_w=1 sigma_w0=1 sigma_eps=0", "alpha: 0 is outside the domain"),
        (f"{COST} alpha=2 sigma_w=-1 sigma_w0=1 sigma_eps=0", "sigma_w: -1 is outside"),
    ],
)
def test_refusals_name_the_input_and_the_fix(line: str, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        told(line)
    assert fault in str(caught.value)


def test_the_first_case_that_holds_is_told() -> None:
    sigmas = "sigma_w=1 sigma_w0=2 sigma_eps"
    assert told(f"{COST} alpha=1/2 {sigmas}=1") == {"error": "9/2"}
    assert told(f"{COST} alpha=1/2 {sigmas}=0") == {"error": "5/2"}
    assert told(f"{COST} alpha=2 {sigmas}=1") == {"error": "2"}
    assert told(f"{COST} alpha=1 {sigmas}=0") == {"error": "0"}


def verdict(id: str, **changed: Any) -> Any:
    made = collect()[id]
    assert made.evaluation is not None
    made = replace(made, evaluation=replace(made.evaluation, **changed))
    return Evaluated().check(made, BUDGETS["quick"], np.random.default_rng(0))


def only(claim: str, name: str, at: Any = None, condition: Any = True) -> dict[str, Any]:
    return {"outputs": {"edge": Cases(Case(claim, name, at or {}, condition))}}


def test_the_court_accepts_what_is_so() -> None:
    assert verdict(MOMENT).status is Status.PROVED
    assert verdict(COST).status is Status.PROVED
    assert verdict(MOMENT, **only(EDGE, "edge")).status is Status.PROVED


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (only("products.amplified_fraction", "fraction"), "does not rest on"),
        (only("products.nothing", "edge"), "does not rest on"),
        (only(EDGE, "moment"), "has no output moment"),
        (only(EDGE, "edge", condition=STRANGER > 1), "does not speak of inputs alone"),
        (
            only(EDGE, "edge", at={collect()[EDGE].evaluation.inputs["D"]: STRANGER}),
            "which is no number of the inputs",
        ),
        ({"optional": ("j",)}, "j is optional, and no input"),
        ({"optional": ("D", "k")}, "nothing can be told without it"),
    ],
)
def test_the_court_refuses_planted_cases(changed: dict[str, Any], fault: str) -> None:
    found = verdict(MOMENT, **changed)
    assert found.status is Status.UNDECIDED
    assert fault in found.reason


def test_a_slogan_certifies_nothing() -> None:
    guard = f"{COST}.heals_slogan"
    made = collect()[COST]
    assert made.evaluation is not None
    outputs = {"error": Cases(Case(guard, "error", {}))}
    made = replace(
        made,
        rests_on=(*made.rests_on, guard),
        evaluation=replace(made.evaluation, outputs=outputs),
    )
    # The guard tells nothing; were it to, it would still be false.
    found = Evaluated().check(made, BUDGETS["quick"], np.random.default_rng(0))
    assert found.status is Status.UNDECIDED
    assert "expected to be false" in found.reason


def test_cases_must_name_a_claim() -> None:
    with pytest.raises(ValueError, match="none are given"):
        Cases()
