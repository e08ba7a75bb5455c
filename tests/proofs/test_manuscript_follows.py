"""Steps of a manuscript: what follows, what does not, and what must stay open."""

from __future__ import annotations

from fractions import Fraction
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


OF_MATRICES = [
    ("A (n x n); B (n x n)", [r"A A + B = I"], r"B = I - A A", (PROVED,)),
    ("A (n x n); B (n x n)", [r"\operatorname{tr} A = \operatorname{tr} B"], "A = B", (UNDECIDED,)),
    ("A (n x n); B (n x n)", ["A + B = 0", "A = B"], "A A = B B", (PROVED,)),
    ("A (n x n); B (n x n)", ["A + B = 0"], "A = B", (UNDECIDED,)),
]


@pytest.mark.parametrize(("declared", "premises", "goal", "outcomes"), OF_MATRICES)
def test_premises_that_are_no_rules_for_matrices_refute_nothing(
    tmp_path: Path, declared: str, premises: list[str], goal: str, outcomes: tuple[Outcome, ...]
) -> None:
    finding = step(tmp_path, declared, premises, goal)
    assert finding.outcome in outcomes, finding.reason
    assert "is no rule" not in finding.reason


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
    ("x, y, z", ["x = y"], "x + z = y + z = z + y"),
    ("x, y >= 0", ["x^2 = y"], r"x = \sqrt y"),
    ("x, y", [r"x = y + \sum_{i=1}^3 i"], "x - y = 6"),
    # integration, from 0 or from where a value is known
    ("a(t); b", [r"\dot a = b"], "a(t) = b t + a(0)"),
    ("a(t); b", [r"\dot a = b", "a(1) = 0"], "a(t) = b (t - 1)"),
    ("a(t); b", [r"\frac{1}{a^2} \dot a = b"], r"\frac{1}{a(0)} - \frac{1}{a(t)} = b t"),
    ("a(t); b(t)", [r"\dot a = b"], r"a(t) = a(0) + \int_0^t b(u) du"),
    ("u(t); s > 0", [r"\ddot u = -s^2 u"], r"\dot u^2 + s^2 u^2 = \dot u(0)^2 + s^2 u(0)^2"),
    ("u(t); v(t)", [r"u \dot v + v \dot u = 0"], "u v = u(0) v(0)"),
    ("T(a); tau, a, b > 0", [r"T(a) = \int_b^a \frac{\tau}{x} dx"], r"T(a) = \tau \ln(a/b)"),
    (
        "T(a); tau, a, b > 0",
        [r"\frac{dT}{da} = \frac{\tau}{a}", "T(b) = 0"],
        r"T(a) = \tau \ln(a/b)",
    ),
    # linear laws: D' = k D and D(0) = 0
    ("u(t); b", [r"\dot u = b u"], r"u(t) = u(0) e^{b t}"),
    (
        "s, tau > 0; a(t)",
        [r"\tau \frac{d}{dt} (s - a) = -2s (s - a)"],
        r"s - a(t) = (s - a(0)) e^{-2st/\tau}",
    ),
    # rates, and differentials
    ("s, tau > 0; a(t)", [r"\tau \dot a = 2a(s-a)"], r"\tau^2 \ddot a = 4a(s-a)(s-2a)"),
    ("s, tau > 0; a(t)", [r"\tau\, da = 2a(s-a)\, dt"], r"\dot a = \frac{2}{\tau} a(s-a)"),
    ("v(t), w(t); s", [r"\frac{d}{dt}(v w) = v^2 + w^2", "v = w"], r"\frac{d}{dt} (v w) = 2 v w"),
    # another place
    ("a(t); s, tau > 0", ["a(t) = s e^{-t}"], r"a(\tau) = s e^{-\tau}"),
    ("f(x); x, y", ["f(x) = x^2"], "f(y) = y^2"),
    ("f(x); x, y", ["f(x) > 0"], "f(y) > 0"),
    ("q(k); k integer", ["q_k = 1"], "q_{k+1} = 1"),
    ("a(t); s, tau > 0", [r"\tau \dot a = 2a(s-a)"], r"\tau \dot a(0) = 2 a(0) (s - a(0))"),
    ("a(t); s > 0", ["a(t) = s e^{-t}"], r"\dot a(0) = -s"),
    # inequalities
    ("a(t); s > 0", ["a(t) = s e^{-t}"], r"\dot a < 0"),
    ("a(t); s > 0", [r"a(t) = \frac{s}{1+t}"], r"a(t) \le s"),
    ("x, y, z > 0", ["x > y"], "x z > y z"),
    ("x, y > 0", ["x > y"], r"\ln x > \ln y"),
    ("x, y", ["e^x > e^y"], "x > y"),
    ("x, y > 0", [r"\ln x > 2 \ln y"], "x > y^2"),
    ("x, y > 0", ["x > e^y"], r"\ln x > y"),
    ("x, y > 0", ["x > y"], r"\sqrt x > \sqrt y"),
    ("x, y > 0", ["x^2 > y^2"], "x > y"),
    ("x, y, u, v > 0", ["x > y", "u > v"], "x u > y v"),
    ("x, y; z > 0", ["z = z^2"], r"x z > y z \iff x > y"),
    ("u(t) > 0; v(t)", [r"u \dot v - v \dot u = 0"], r"\frac{v}{u} = \frac{v(0)}{u(0)}"),
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
    ("x, y, z", ["x = y"], "x + z = y + z = 2y + z", (UNDECIDED, REFUTED)),
    # integration over a pole, where a sign turns, or from outside of the domain
    (
        "a(t)",
        [r"\dot a = -\frac{1}{(t-3)^2}"],
        r"a(t) - a(0) = \frac{1}{t-3} + \frac13",
        (UNDECIDED, REFUTED),
    ),
    (
        "a(t)",
        [r"\dot a = 1"],
        r"\frac{\sqrt{a(t)^2}}{a(t)} = \frac{\sqrt{a(0)^2}}{a(0)}",
        (UNDECIDED, REFUTED),
    ),
    (
        "a(t); b",
        [r"\dot a = b"],
        r"\ln a(t) - \ln a(0) = \int_0^t \frac{b}{a(x)} dx",
        (UNDECIDED, REFUTED),
    ),
    (
        "u(t); v(t)",
        [r"u \dot v - v \dot u = 0"],
        r"\frac{v}{u} = \frac{v(0)}{u(0)}",
        (UNDECIDED, REFUTED),
    ),
    ("a(t); b", [r"\dot a = b", "a(-1) = 0"], "a(t) = b (t + 1)", (UNDECIDED, REFUTED)),
    ("a(t); b", [r"\dot a = b"], "a(t) = b t", (UNDECIDED, REFUTED)),
    ("a(t); b(t)", [r"\dot a = b"], r"a(t) = a(0) + \int_0^{2t} b(u) du", (UNDECIDED, REFUTED)),
    (
        "s, tau > 0; a(t)",
        [r"\tau \dot a = 2a(s-a)"],
        r"\frac{da}{a(s-a)} = \frac{1}{\tau} dt",
        (UNDECIDED, REFUTED),
    ),
    # a law with several solutions: k of D' = k D has a pole where D vanishes
    ("u(t)", [r"\dot u = u^{1/3}", "u(0) = 0"], "u(t) = 0", (UNDECIDED, REFUTED)),
    ("u(t)", [r"\dot u = 3 u^{2/3}", "u(0) = 0"], "u(t) = t^3", (UNDECIDED, REFUTED)),
    ("u(t)", [r"\dot u = \sqrt{u}", "u(0) = 0"], "u(t) = 0", (UNDECIDED, REFUTED)),
    (
        "a(t)",
        [r"\dot a = 1"],
        r"\int_{a(0)}^{a(t)} \frac{dx}{x - t} = \int_0^t \frac{dx}{x}",
        (UNDECIDED, REFUTED),
    ),
    ("x, y, z", ["z = z^2"], r"x z > y z \iff x > y", (UNDECIDED, REFUTED)),
    ("x, y", [r"x > 0 \iff y < 0"], "x = y", (UNDECIDED,)),
    # a place outside of the domain, and a variable that is not free
    ("a(t); c", ["a(t) = e^{-t}"], "a(c) = e^{-c}", (UNDECIDED,)),
    ("a(t); c", ["a(t) = c", "t = 3"], "a(5) = c", (UNDECIDED, REFUTED)),
    ("f(x); x, y", ["f(y) > 0"], "f(x) > 0", (UNDECIDED, REFUTED)),
    ("q(k); k integer", ["q_1 = 1"], "q_2 = 1", (UNDECIDED, REFUTED)),
    ("x, y", ["x^2 > y^2"], "x > y", (UNDECIDED, REFUTED)),
    ("a(t); s > 0", ["a(t) = s e^{-t}"], r"\dot a(0) = s", (UNDECIDED, REFUTED)),
    ("a(t); s > 0", [r"a(t) = \frac{s}{1+t}"], "a(t) < s", (UNDECIDED, REFUTED)),
    ("a(t); s", [r"a(t) = \frac{s}{1+t}"], r"a(t) \le s", (UNDECIDED, REFUTED)),
    ("x, y", ["x^2 = y"], r"x = \sqrt y", (UNDECIDED, REFUTED)),
    (
        "x, y",
        ["x = 1"],
        r"x = \begin{cases} 1 & y > 0 \\ 2 & y \le 0 \end{cases}",
        (UNDECIDED, REFUTED),
    ),
    ("x, y", [r"x = \sum_{i=1}^3 i"], "x = 7", (REFUTED,)),
]


@pytest.mark.parametrize(("declared", "premises", "goal", "outcomes"), DOES_NOT)
def test_what_does_not_follow_is_not_proved(
    tmp_path: Path, declared: str, premises: list[str], goal: str, outcomes: tuple[Outcome, ...]
) -> None:
    finding = step(tmp_path, declared, premises, goal)
    assert finding.outcome in outcomes, finding.reason
    assert finding.reason or finding.outcome is PROVED
    assert "stopped" not in finding.reason


@pytest.mark.parametrize(
    ("goal", "told"),
    [("x/y = 1", "y is 0"), (r"\ln x = \ln y", "x is not positive")],
)
def test_a_step_that_says_nothing_somewhere_says_so(tmp_path: Path, goal: str, told: str) -> None:
    finding = step(tmp_path, "x, y", ["x = y"], goal)
    assert finding.outcome is PROVED
    assert told in finding.note


NO_POINT = [
    ("x, y", ["0 = 1"], "x = y"),
    ("x, y", ["0 = 1"], "x < y"),
    ("x, y", ["x = 1", "x = 2"], "y = 7"),
    ("x, y", ["x^2 = -1"], "y = 7"),
    ("x, y", ["x^2 = -1"], "y > 7"),
    ("x, y", ["x < x - 1"], "y = 7"),
    ("x, y, z, w", ["z < w", "w < z"], "x = y"),
    ("x > 0; y, z", ["x = -y^2"], "z = 7"),
    ("x, y", [r"e^x = -1"], "y = 7"),
    ("x, y", [r"x \ne x"], "y = 7"),
    ("k integer; x", ["2k = 1"], "x = 7"),
    ("x, y", ["1/x = 0"], "y = 7"),
    # rates contradict values
    ("f(x); y", ["f'(x) = 0", "f(x) = x"], "y = 7"),
    ("a(t); y", ["a(t) = t", r"\dot a = 2"], "y > 7"),
    ("a(t); y", ["a^2 = 1", r"\dot a = 2"], "y = 7"),
]


@pytest.mark.parametrize(("declared", "premises", "goal"), NO_POINT)
def test_what_contradicts_itself_refutes_nothing(
    tmp_path: Path, declared: str, premises: list[str], goal: str
) -> None:
    finding = step(tmp_path, declared, premises, goal)
    assert finding.outcome is UNDECIDED
    assert "no point was found that satisfies the premises" in finding.reason


def test_a_point_that_refutes_satisfies_the_premises(tmp_path: Path) -> None:
    finding = step(tmp_path, "x, y", ["x^2 = 4"], "y = 7")
    assert finding.outcome is REFUTED
    assert finding.point["x"] in ("2", "-2")
    ordered = step(tmp_path, "x, y, z, w", ["z < w", "w < z + 1"], "x = y")
    assert ordered.outcome is REFUTED
    z, w = (Fraction(ordered.point[name]) for name in "zw")
    assert z < w < z + 1
    moving = step(tmp_path, "a(t), b(t); y", ["a = b", r"\dot a = 2"], "y = 3")
    assert moving.outcome is REFUTED
    assert set(moving.point) <= {"a", "b", "y"}
