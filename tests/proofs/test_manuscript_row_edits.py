"""Edits of rows that continue an annotated one."""

from __future__ import annotations

import numpy as np
import pytest
from lemmata.proofs.court import locate
from lemmata.proofs.manuscript.comparing import known
from lemmata.proofs.manuscript.names import vocabulary_for
from lemmata.proofs.manuscript.reading import Reader
from lemmata.proofs.manuscript.row_edits import first_side, row_edits, with_first_side
from lemmata.proofs.notation import parse, written
from lemmata.proofs.tex import read_formula

ROWS = [
    ("modes.trajectory", r"a(t) = 1", r"b = \frac{s}{1 + (s/a_0 + 1) e^{-2st/\tau}}", "-"),
    ("modes.trajectory", r"a(t) = 1", r"b = \frac{s}{1 - (1 - s/a_0) e^{-4st/\tau}}", "2"),
    ("modes.ode", r"\tau \dot a = 1", r"2 = 2 s a - a^2", "2 a"),
]


@pytest.mark.parametrize(("name", "first", "row", "becomes"), ROWS)
def test_a_row_is_edited_until_it_says_what_the_claim_says(
    name: str, first: str, row: str, becomes: str
) -> None:
    claim = locate(name)
    assert claim is not None
    left = first_side(parse(read_formula(first)))
    assert left is not None
    whole = with_first_side(parse(read_formula(row)), left)
    assert whole is not None
    reader = Reader(vocabulary_for(claim, {}), claim)
    found = row_edits(claim, known(claim), reader, whole, np.random.default_rng(0))
    assert found
    assert all(c.edit.way[0] != 0 for c in found), "the left side stands in another row"
    assert becomes in written(found[0].edit.new)


def test_the_left_side_is_left_alone() -> None:
    claim = locate("modes.ode")
    assert claim is not None
    left = first_side(parse(read_formula(r"2 \tau \dot a = 1")))
    assert left is not None
    whole = with_first_side(parse(read_formula("b = 2 a (s - a)")), left)
    assert whole is not None
    reader = Reader(vocabulary_for(claim, {}), claim)
    found = row_edits(claim, known(claim), reader, whole, np.random.default_rng(0))
    assert all(c.edit.way[0] == 1 for c in found), "what is wrong in the first row is told there"
