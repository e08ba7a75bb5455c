"""Every claim through the court, with the quick profile."""

from __future__ import annotations

import pytest
from lemmata.proofs.court import collect, judge, settle
from lemmata.proofs.mutants import FLOOR

IDS = collect().ids()


@pytest.mark.parametrize("id", IDS)
def test_claim_is_as_expected_and_no_mutant_survives(id: str) -> None:
    judgement = settle([judge(collect()[id], "quick", seed=1)], collect())[0]
    told = [(v.kind, str(v.status), v.reason, v.worst) for v in judgement.verdicts]
    assert judgement.as_expected, told
    counts = next(v.counts for v in judgement.verdicts if v.kind == "mutants")
    assert counts["alive"] == 0
    assert counts["total"] >= FLOOR


def test_everything_a_claim_rests_on_exists() -> None:
    for id in IDS:
        assert set(collect().closure(id)) <= set(IDS)
