"""Steps of a manuscript: what follows, what does not, and what must stay open."""

from __future__ import annotations

from pathlib import Path

import pytest
from lemmata.proofs.manuscript import Finding, Outcome, check_manuscript

PROVED, REFUTED, UNDECIDED = Outcome.PROVED, Outcome.REFUTED, Outcome.UNDECIDED


def step(folder: Path, declared: str, premises: list[str], goal: str) -> Finding:
    paper = folder / "paper.tex"
    told = [
        f"\\begin{{equation}}\\label{{e{n}}} {premise} \\end{{equation}}\n"
        for n, premise in enumerate(premises)
    ]
    labels = ", ".join(f"e{n}" for n in range(len(premises)))
    asked = f"% lemmata: follows ({labels})\n\\[ {goal} \\]\n"
    text = (
        f"\\begin{{document}}\n% lemmata: let {declared}\n{''.join(told)}{asked}\\end{{document}}"
    )
    paper.write_text(text, encoding="utf-8")
    return check_manuscript(str(paper), suggestions=False).findings[-1]


FOLLOWS = [
    ("f(x)", ["f(x) = x^2"], "f'(x) = 2x"),
    ("f(x), g(x)", ["f(x) = g(x)"], "f'(x) = g'(x)"),
    ("f(x); c", ["f(x) = c x"], "f'(x) = c"),
    ("u(t)", [r"\dot u = u"], r"\ddot u = u"),
    ("a(t)", [r"\dot a = 0"], "a(t) = a(0)"),
    ("tau > 0; x", [r"x = \tau"], r"2 x = 2 \tau"),
    ("x, y > 0", ["x^2 = y^2"], "x = y"),
    ("x, y > 0", [r"\ln x = \ln y"], "x = y"),
    ("x, y > 0", ["x = y"], r"\ln x = \ln y"),
    ("x, y", ["e^x = e^y"], "x = y"),
    ("x, y", ["x y = 1"], "x = 1/y"),
    ("x, y", ["x = y"], r"x \ge y"),
    ("x, y, z", ["x < y = z"], "x < z"),
    ("x, y, z", [r"x \le y", "y < z"], "x < z"),
    ("x, y, z", ["x + y = z", "x - y = z"], "y = 0"),
]


@pytest.mark.parametrize(("declared", "premises", "goal"), FOLLOWS)
def test_what_follows_is_proved(
    tmp_path: Path, declared: str, premises: list[str], goal: str
) -> None:
    finding = step(tmp_path, declared, premises, goal)
    assert finding.outcome is PROVED, finding.reason
    assert not finding.note


DOES_NOT = [
    # one place says nothing of a rate, nor of other places
    ("a(t); T, b", ["a(T) = b"], r"\frac{d}{dT} a(T) = 0", (REFUTED,)),
    ("f(x); c", ["f'(c) = 0"], "f''(c) = 0", (REFUTED,)),
    ("f(x); c", ["f(c) = c^2"], "f'(c) = 2c", (REFUTED,)),
    ("a(t); x, c", ["a(c) = 1"], "a(x) = 1", (UNDECIDED, REFUTED)),
    # values at several places are tied by the equation of motion
    ("a(t); b", [r"\dot a = b"], "a(t) = b t + a(0)", (UNDECIDED, PROVED)),
    ("u(t)", [r"\dot u = u"], "u(t) = u(0) e^t", (UNDECIDED, PROVED)),
    ("x, y", ["x = y"], r"x \ne y", (UNDECIDED, REFUTED)),
    ("x, y", ["x^2 = y^2"], "x = y", (UNDECIDED, REFUTED)),
    ("x, y", ["x y = x"], "y = 1", (REFUTED,)),
    ("x, c", ["c = 1"], "x = 1", (REFUTED,)),
    ("x, y, z", [r"x \le y", r"y \le z"], "x < z", (UNDECIDED, REFUTED)),
    ("x, y, z", ["x < y", "z < y"], "x < z", (UNDECIDED, REFUTED)),
]


@pytest.mark.parametrize(("declared", "premises", "goal", "outcomes"), DOES_NOT)
def test_what_does_not_follow_is_not_proved(
    tmp_path: Path, declared: str, premises: list[str], goal: str, outcomes: tuple[Outcome, ...]
) -> None:
    finding = step(tmp_path, declared, premises, goal)
    assert finding.outcome in outcomes, finding.reason
    assert finding.reason or finding.outcome is PROVED
    assert "stopped" not in finding.reason
    assert "other times" not in finding.reason


@pytest.mark.parametrize(
    ("goal", "told"),
    [("x/y = 1", "y is 0"), (r"\ln x = \ln y", "x is not positive")],
)
def test_a_step_that_says_nothing_somewhere_says_so(tmp_path: Path, goal: str, told: str) -> None:
    finding = step(tmp_path, "x, y", ["x = y"], goal)
    assert finding.outcome is PROVED
    assert told in finding.note
