"""Wrong statements on averages must not pass, and the right ones beside them must."""

from __future__ import annotations

import pytest
from lemmata.proofs import Status

from .found_averages import PLANTED, REFUSED
from .planted import Planted, status


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_average_is_refused_by_name(name: str) -> None:
    error, make = REFUSED[name]
    with pytest.raises(error, match=r"symbol z |: z is free|: s in f\(s\)"):
        make()


@pytest.mark.parametrize("case", PLANTED, ids=lambda case: case.name)
def test_a_wrong_statement_on_averages_does_not_pass(case: Planted) -> None:
    assert status(case.wrong()) < Status.SAMPLED


@pytest.mark.parametrize("case", PLANTED, ids=lambda case: case.name)
def test_the_right_statement_beside_it_passes(case: Planted) -> None:
    assert case.right is not None
    assert status(case.right()) is Status.PROVED
