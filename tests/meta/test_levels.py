"""Wrong statements over levels must not pass, whatever their derivations claim."""

from __future__ import annotations

import numpy as np
import pytest
from lemmata.proofs import Status
from lemmata.proofs.evidence import BUDGETS
from lemmata.proofs.levels.evaluating import LevelEvaluated

from .found_levels import ACCOMPANYING, GUARDS, PASSING, PLANTED, level_status
from .planted import Planted

MASKED = "zero at every depth that is drawn"
"""Wrong from a depth on that no draw reaches: "sampled" can say no more than where it looked."""


def told(case: Planted) -> dict[str, Status]:
    """What each kind says; nothing where the claim is refused as soon as it is made."""
    try:
        made = case.wrong()
    except (TypeError, ValueError):
        return {}
    return level_status(made, profile="full")


@pytest.mark.parametrize("case", [*PLANTED, *PASSING], ids=lambda case: case.name)
def test_a_wrong_statement_over_levels_does_not_pass(case: Planted) -> None:
    found = told(case)
    if not found:
        return
    worst = min(found.values())
    assert worst < Status.SAMPLED or (case.name == MASKED and worst is Status.SAMPLED), found


@pytest.mark.parametrize("case", GUARDS, ids=lambda case: case.name)
def test_a_witness_outside_the_domain_refutes_nothing(case: Planted) -> None:
    assert told(case).get("witness") is not Status.REFUTED


@pytest.mark.parametrize("name", ACCOMPANYING)
def test_an_output_of_which_nothing_is_stated_is_not_certified(name: str) -> None:
    try:
        made = ACCOMPANYING[name]()
    except ValueError:
        return
    kind = LevelEvaluated()
    verdict = kind.check(made, BUDGETS["quick"], np.random.default_rng(0))
    assert verdict.status < Status.SAMPLED
