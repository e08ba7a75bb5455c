"""Manuscripts of five styles with planted mistakes, and correct ones written in other ways."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lemmata.proofs.manuscript import Finding, Outcome, check_manuscript

MANUSCRIPTS = Path(__file__).parents[1] / "manuscripts"

PLANTED: dict[str, list[tuple[str, str]]] = {
    "macros": [
        ("2", "4"),
        ("- 1", "+ 1"),
        (r"\frac{\tau}{2 s}", r"\frac{\tau}{2}"),
        ("a_{0}", "a_0^2"),
        (r"- t / \tau", r"t / \tau"),
        ("p^{2}", "p"),
        ("A", "B"),
        (r"\Sigma^{31} - W \Sigma^{11}", r"\Sigma^{31} + W \Sigma^{11}"),
        ("k", "k+1"),
    ],
    "align": [
        (r"- \lambda a (t)", r"+ \lambda a(t)"),
        ("a_{0}", r"\lambda"),
        ("k", "k + 1"),
        ("C_{k}", "C_k^2"),
        ("m - 1", "m"),
        ("- 1", "+ 1"),
        ("s^{2}", "s"),
        (r"W_{1}^{\top} W_{1}", r"W_1 W_1^\top"),
        ("+ a", "- a"),
    ],
    "physics": [
        ("a", "a^2"),
        ("+ w^{2}", "- w^2"),
        ("- 1", "+ 1"),
        (r"\frac{1}{2} \ln \frac{s - a_{0}}{a_{0}}", r"\ln\frac{s - a_0}{a_0}"),
        ("+ s / a_{0}", "- s/a_0"),
        (r"2 \epsilon", r"\epsilon"),
        ("D", r"\tau"),
        (r"\tau", "a_0"),
        ("2", "1"),
    ],
    "old": [
        (r"- \alpha", r"+\alpha"),
        (
            r"2 \frac{\ln \frac{1 - \alpha}{\alpha}}"
            r"{\ln \frac{\alpha (s - a_{0})}{a_{0} (1 - \alpha)}}",
            r"\frac{\ln\frac{1-\alpha}{\alpha}}{\ln\frac{\alpha (s-a_0)}{a_0 (1-\alpha)}}",
        ),
        ("- w (t)^{2}", "+ w(t)^2"),
        ("4", "2"),
        ("q^{2}", "q"),
        ("0", "1"),
        (r"\cos", r"\sin"),
        ("D + 1", "D"),
        (r"- \alpha", r"+\alpha"),
    ],
    "mathematician": [
        ("- s", "+ s"),
        ("<", ">"),
        ("- s", "+ s"),
        (r"+ \theta^{2}", r"- \theta^2"),
        ("a_{f}", "a_0"),
        (r"V^{\top}", "V"),
        (r"W W^{\top} - V^{\top} V", r"W W^{\top} + V^{\top} V"),
        ("2", "3"),
        ("2", "1"),
    ],
}
"""What is right, and what the author wrote, equation by equation."""


def annotated(name: str) -> list[Finding]:
    report = check_manuscript(str(MANUSCRIPTS / f"{name}.tex"), suggestions=False)
    return [finding for finding in report.findings if finding.asked]


def squeezed(text: str) -> str:
    return re.sub(r"\\left|\\right|[\s{}]", "", text)


def names_it(finding: Finding, write: str, instead_of: str) -> bool:
    """Whether an edit is the right one."""
    told = [(squeezed(edit.write), squeezed(edit.instead_of)) for edit in finding.edits]
    return (squeezed(write), squeezed(instead_of)) in told


@pytest.mark.parametrize("style", PLANTED)
def test_planted_mistakes_are_found_with_the_right_edit(style: str) -> None:
    found = annotated(f"planted_{style}")
    assert len(found) == len(PLANTED[style])
    assert [f.outcome for f in found] == [Outcome.REFUTED] * len(found)
    missed = [
        (f.place.line, [str(e) for e in f.edits])
        for f, (write, instead_of) in zip(found, PLANTED[style], strict=True)
        if not names_it(f, write, instead_of)
    ]
    assert not missed


def test_there_are_enough_planted_mistakes() -> None:
    assert sum(map(len, PLANTED.values())) >= 40
    assert len(PLANTED) == 5


@pytest.mark.parametrize(
    ("name", "count"),
    [("correct_curves", 16), ("correct_equations", 18), ("correct_structures", 15)],
)
def test_what_is_right_is_proved_however_it_is_written(name: str, count: int) -> None:
    found = annotated(name)
    assert len(found) == count
    wrong = [(f.place.line, f.outcome, f.reason) for f in found if f.outcome != Outcome.PROVED]
    assert not wrong
