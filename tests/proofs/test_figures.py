"""The shared figures: safe words, true claims, equal bytes, marks on the lines of the theory."""

from __future__ import annotations

import re

import numpy as np
import pytest
from lemmata.proofs.court import locate
from lemmata.proofs.figures import FIGURES, Figure
from lemmata.proofs.plots import drawn

pytest.importorskip("matplotlib", reason="figures need matplotlib: pip install 'lemmata[plot]'")

CHEAP = ("imbalance", "differentiation")
each = pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)


def curves(figure):
    """Theory's lines and the marks of the same colour over them, panel by panel."""
    for axes in figure.axes:
        lines = [line for line in axes.lines if line.get_linestyle() != "None"]
        for marks in axes.lines:
            colour = marks.get_markeredgecolor()
            if marks.get_linestyle() != "None" or marks.get_marker() == "*":
                continue
            under = [
                line for line in lines if line.get_color() == colour and len(line.get_xdata()) > 9
            ]
            if under:
                yield axes, under, marks


def farthest(axes, lines, marks) -> float:
    """The largest distance in y of a mark from the nearest line, in heights of the panel."""
    low, high = axes.get_ylim()
    scale = np.log if axes.get_yscale() == "log" else np.asarray
    gaps = []
    for x, y in zip(marks.get_xdata(), marks.get_ydata(), strict=True):
        near = []
        for line in lines:
            xs, ys = np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)
            if np.all(np.diff(xs) > 0) and xs[0] <= x <= xs[-1]:
                near.append(abs(scale(np.interp(x, xs, ys)) - scale(y)))
        if near:
            gaps.append(min(near))
    return float(max(gaps, default=0.0) / (scale(high) - scale(low)))


@each
def test_words_are_safe_in_latex_and_html(figure: Figure):
    for words in (figure.title, figure.caption, figure.alt):
        assert words == words.strip()
        assert len(words) > 20
        assert not set(words) & set("$\\%&#_^{}~<>\n")
        assert words.isascii()
    assert re.fullmatch("[a-z]+", figure.name)
    assert figure.caption.endswith(".")
    assert figure.alt.endswith(".")
    assert not figure.title.endswith(".")


def test_names_are_different():
    assert len({figure.name for figure in FIGURES}) == len(FIGURES) >= 8


@each
def test_claims_exist_and_are_no_guards(figure: Figure):
    assert figure.claims
    for id in figure.claims:
        claim = locate(id)
        assert claim is not None, id
        assert claim.expects != "refuted"


def check(figure: Figure) -> None:
    made = figure.draw(np.random.default_rng(1))
    bytes_of = {ending: drawn(made, f"x.{ending}") for ending in ("svg", "pdf")}
    again = figure.draw(np.random.default_rng(1))
    assert drawn(again, "x.svg") == bytes_of["svg"]
    assert drawn(again, "x.pdf") == bytes_of["pdf"]
    assert b"<svg" in bytes_of["svg"]
    assert b"/Type3" not in bytes_of["pdf"]
    assert b"<image" not in bytes_of["svg"]  # nothing is drawn as pixels
    assert len(bytes_of["svg"]) < 200_000
    for axes in made.axes:
        assert axes.get_title(loc="left") or axes.get_title() or len(made.axes) > 2
        assert axes.get_xlabel() or len(made.axes) > 2
    width, height = made.get_size_inches()
    assert width == 6.4
    assert height < 4


@pytest.mark.parametrize("name", CHEAP)
def test_equal_seeds_give_equal_bytes(name):
    check(next(figure for figure in FIGURES if figure.name == name))


@pytest.mark.nightly
@each
def test_equal_seeds_give_equal_bytes_in_every_figure(figure: Figure):
    check(figure)


LINES_WITH_MARKS = {
    "modes": 8,
    "order": 3,
    "imbalance": 4,
    "differentiation": 3,
    "illusion": 5,
    "structures": 5,
    "depth": 7,
    "products": 1,
    "gain": 7,
}
SAMPLED = {"structures": 0.03, "products": 0.02, "gain": 0.1}
"""How far samples may be from the theory of unlimited size, in heights of the panel."""


def check_marks(figure: Figure) -> None:
    """A flow is on its line but for the interpolation of the line, a hundredth of the panel."""
    found = list(curves(figure.draw(np.random.default_rng(3))))
    assert len(found) >= LINES_WITH_MARKS[figure.name]
    for axes, lines, marks in found:
        assert farthest(axes, lines, marks) < SAMPLED.get(figure.name, 0.01)


@pytest.mark.parametrize("name", CHEAP)
def test_marks_are_on_the_lines(name):
    check_marks(next(figure for figure in FIGURES if figure.name == name))


@pytest.mark.nightly
@pytest.mark.parametrize("name", sorted(set(LINES_WITH_MARKS) - set(CHEAP)))
def test_marks_are_on_the_lines_in_every_figure(name):
    check_marks(next(figure for figure in FIGURES if figure.name == name))


def test_marks_beside_the_line_are_seen():
    figure = FIGURES[3].draw(np.random.default_rng(3))
    axes, lines, marks = next(curves(figure))
    marks.set_ydata(np.asarray(marks.get_ydata()) * 1.05)
    assert farthest(axes, lines, marks) > 0.01


def test_the_look_is_the_same_whatever_the_reader_has_set():
    from matplotlib import rc_context

    figure = next(figure for figure in FIGURES if figure.name == "differentiation")
    usual = drawn(figure.draw(np.random.default_rng(1)), "x.svg")
    with rc_context({"font.size": 20, "lines.linewidth": 5, "axes.grid": True}):
        changed = figure.draw(np.random.default_rng(1))
    assert drawn(changed, "x.svg") == usual
