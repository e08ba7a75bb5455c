"""Planted mistakes and correct variants over claims of all chapters, beyond the first corpus.

A part of the tables is looked at every day, all of them at night.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest
from lemmata.proofs.manuscript import Finding, Outcome, check_manuscript

TABLES = Path(__file__).parents[1] / "manuscripts"
STYLES = {"plain", "macros", "align", "exponential", "slanted"}
EVERY = 6
MACROS = r"""
\newcommand{\dd}[2]{\frac{d #1}{d #2}}
\newcommand{\lr}[1]{\left( #1 \right)}
"""


@dataclass(frozen=True)
class Entry:
    """An equation of a table, and the edits that make it right: what to write for what.

    ``open``: why a correct variant is not proved to say as much as the claim.
    """

    chapter: str
    style: str
    claim: str
    equation: str
    edits: tuple[tuple[str, str], ...] = ()
    open: str = ""

    @property
    def shown(self) -> str:
        """The equation as it stands in a manuscript."""
        if self.style == "align":
            inside = f"% lemmata: {self.claim}\n{self.equation}"
            return f"\\begin{{align}}\n{inside}\n\\end{{align}}"
        return f"% lemmata: {self.claim}\n\\[ {self.equation} \\]"


def table(name: str) -> list[Entry]:
    found = []
    for block in (TABLES / name).read_text().split("\n\n"):
        lines = [line for line in block.strip().split("\n") if not line.startswith("#")]
        if lines:
            chapter, style, claim = lines[0].split()
            told = [line.partition(" <- ") for line in lines[2:]]
            edits = tuple((write, instead_of) for write, arrow, instead_of in told if arrow)
            doubt = "".join(line for line in lines[2:] if line.startswith("open: "))
            found.append(Entry(chapter, style, claim, lines[1], edits, doubt))
    return found


ERRORS = table("further_errors.txt")
VARIANTS = table("further_variants.txt")


def checked(tmp_path: Path, entries: list[Entry]) -> list[Finding]:
    path = tmp_path / "paper.tex"
    path.write_text("\n\n".join([MACROS.strip(), *(entry.shown for entry in entries)]))
    found = [f for f in check_manuscript(str(path), suggestions=False).findings if f.asked]
    assert [f.asked for f in found] == [entry.claim for entry in entries]
    return found


def squeezed(text: str) -> str:
    return re.sub(r"\\left|\\right|[\s{}]", "", text)


def is_named(entry: Entry, finding: Finding) -> bool:
    """Whether an edit that is told is the right one."""
    told = {(squeezed(e.write), squeezed(e.instead_of)) for e in finding.edits}
    return any((squeezed(w), squeezed(i)) in told for w, i in entry.edits)


def missed(entries: list[Entry], found: list[Finding]) -> list[tuple[str, list[str]]]:
    pairs = zip(entries, found, strict=True)
    return [(e.equation, [str(t) for t in f.edits]) for e, f in pairs if not is_named(e, f)]


def not_proved(entries: list[Entry], found: list[Finding]) -> list[tuple[str, str]]:
    """The variants that ought to be proved, and are not."""
    pairs = zip(entries, found, strict=True)
    return [
        (e.equation, f.reason) for e, f in pairs if not e.open and f.outcome is not Outcome.PROVED
    ]


def test_a_part_of_the_mistakes_is_found_with_the_right_edit(tmp_path: Path) -> None:
    entries = ERRORS[::EVERY]
    found = checked(tmp_path, entries)
    assert {f.outcome for f in found} == {Outcome.REFUTED}
    assert not missed(entries, found)


def test_a_part_of_the_variants_is_proved(tmp_path: Path) -> None:
    entries = VARIANTS[::EVERY]
    found = checked(tmp_path, entries)
    assert not not_proved(entries, found)


@pytest.mark.nightly
def test_every_mistake_is_found_and_most_have_the_right_edit(tmp_path: Path) -> None:
    found = checked(tmp_path, ERRORS)
    assert Outcome.PROVED not in {f.outcome for f in found}
    assert Outcome.NOT_CHECKED not in {f.outcome for f in found}
    wrong = missed(ERRORS, found)
    assert Fraction(len(ERRORS) - len(wrong), len(ERRORS)) >= Fraction(7, 8), wrong


@pytest.mark.nightly
def test_no_variant_is_refuted_and_most_are_proved(tmp_path: Path) -> None:
    found = checked(tmp_path, VARIANTS)
    assert {f.outcome for f in found} <= {Outcome.PROVED, Outcome.UNDECIDED}
    assert not not_proved(VARIANTS, found)
    proved = sum(not entry.open for entry in VARIANTS)
    assert Fraction(proved, len(VARIANTS)) >= Fraction(55, 60)


@pytest.mark.parametrize("entries", [ERRORS, VARIANTS], ids=["mistakes", "variants"])
def test_the_tables_are_wide(entries: list[Entry]) -> None:
    assert len(entries) >= 60
    assert {entry.style for entry in entries} == STYLES
    assert len({entry.chapter for entry in entries}) >= 9
