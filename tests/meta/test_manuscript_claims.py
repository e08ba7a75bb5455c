"""The check of manuscripts against all claims: each as it is printed, and what says something else.

A part of them every day, chosen once and for all; everything at night.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lemmata.proofs.court import collect
from lemmata.proofs.evidence import BUDGETS
from lemmata.proofs.levels import mutants as levels
from lemmata.proofs.manuscript import Finding, Outcome, check_manuscript
from lemmata.proofs.manuscript.comparing import compare_chain, known
from lemmata.proofs.mutants import LIMITS, MutantEvidence, spread
from lemmata.proofs.mutations import mutants
from lemmata.proofs.typesetting import typeset_in
from lemmata.proofs.verdicts import Status
from lemmata.proofs.words.mutants import variants
from lemmata.theory.claims import Claim

SEED = 6
PRINTED, CHANGED, CHANGES = 30, 12, 2
SHIFTED = "it is the claim with "
CLAIMS = {claim.id: claim for claim in collect()}


def chosen(count: int) -> list[str]:
    """As many claims of each kind as there is room for, by a fixed seed."""
    order = np.random.default_rng(SEED).permutation(sorted(CLAIMS))
    of_kind: dict[str, list[str]] = {}
    for name in map(str, order):
        of_kind.setdefault(CLAIMS[name].kind, []).append(name)
    turns = max(map(len, of_kind.values()))
    rows = [[names[n] for names in of_kind.values() if n < len(names)] for n in range(turns)]
    return [name for row in rows for name in row][:count]


def printed(folder: Path, names: list[str]) -> dict[str, Finding]:
    """What comes of claims that are written as they are printed."""
    body = "\n".join(
        f"% lemmata: {name}\n\\[ {typeset_in(CLAIMS[name], CLAIMS[name].statement)} \\]"
        for name in names
    )
    paper = folder / "paper.tex"
    paper.write_text(f"\\begin{{document}}\n{body}\n\\end{{document}}\n", encoding="utf-8")
    report = check_manuscript(str(paper), suggestions=False)
    return {finding.asked: finding for finding in report.findings if finding.asked}


def not_as_wanted(found: dict[str, Finding]) -> list[tuple[str, Outcome, str]]:
    """Claims that are not proved, and slogans that are not known for what they are."""
    return [
        (name, finding.outcome, finding.reason)
        for name, finding in found.items()
        if finding.outcome
        is not (Outcome.REFUTED if CLAIMS[name].expects == "refuted" else Outcome.PROVED)
        or ("known to be false" in finding.reason) is not (CLAIMS[name].expects == "refuted")
    ]


def changes(claim: Claim) -> list[Any]:
    """The single changes of the statement that the court looks at in a quick run."""
    if claim.kind == "matrix":
        made = [mutant.equation for mutant in variants(claim.statement)]
    elif claim.kind == "levels":
        made = [mutant for _, mutant in levels.level_mutants(claim.statement)]
    else:
        made = [mutant for _, mutant in mutants(claim.statement)]
    return spread(made, LIMITS["quick"])


def passed(claim: Claim, count: int | None) -> list[Any]:
    """Changed statements that are proved, though the court does not find them equivalent.

    The claim itself with an index shifted throughout is proved with a note of its new range.
    """
    rng = np.random.default_rng(SEED)
    made = changes(claim)
    picked = range(len(made)) if count is None else rng.permutation(len(made))[:count].tolist()
    about = known(claim)
    found = {n: compare_chain(claim, about, [made[n]], rng)[0] for n in picked}
    proved = [
        n
        for n, one in found.items()
        if one.status is Status.PROVED and not one.note.startswith(SHIFTED)
    ]
    if not proved or claim.expects == "refuted":
        return [made[n] for n in proved]
    if claim.kind == "levels":
        pool = levels._Pool(claim, rng)
        outcomes = [levels._outcome(claim, mutant, pool) for mutant in made]
    else:
        told = MutantEvidence().outcomes(claim, BUDGETS["quick"], rng)
        outcomes = [outcome for _, outcome in told]
    return [made[n] for n in proved if outcomes[n] != "equivalent"]


def test_claims_are_recognised_as_they_are_printed(tmp_path: Path) -> None:
    names = chosen(PRINTED)
    found = printed(tmp_path, names)
    assert list(found) == names
    assert not not_as_wanted(found)


def test_statements_that_differ_by_one_change_do_not_pass() -> None:
    told = {name: passed(CLAIMS[name], CHANGES) for name in chosen(CHANGED)}
    assert not {name: wrong for name, wrong in told.items() if wrong}


def test_what_is_chosen_has_claims_of_all_kinds() -> None:
    kinds = {claim.kind for claim in CLAIMS.values()}
    assert {CLAIMS[name].kind for name in chosen(CHANGED)} == kinds
    assert len(kinds) == 6


@pytest.mark.nightly
def test_every_claim_is_recognised_as_it_is_printed(tmp_path: Path) -> None:
    found = printed(tmp_path, [*CLAIMS])
    assert len(found) == len(CLAIMS)
    assert not not_as_wanted(found)


@pytest.mark.nightly
@pytest.mark.parametrize("name", CLAIMS)
def test_no_statement_that_differs_by_one_change_passes(name: str) -> None:
    assert not passed(CLAIMS[name], None)
