"""The colours of the figures are told apart by readers without one kind of cones."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from lemmata.proofs.figures.style import BLACK, COLOURS, GREY, LINES, MARKS, canvas, ink, styled

SEEN = {
    "all cones": np.eye(3),
    "no L cones": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no M cones": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no S cones": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
"""Linear RGB as such a reader sees it: the model of Machado, Oliveira & Fernandes (recited)."""

TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
LEAST = 9.0
"""Distance in CIE Lab; 2.3 are just noticed side by side."""


def lab(colour: str, seen) -> np.ndarray:
    encoded = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.asarray(seen) @ linear, 0, 1) / (TO_XYZ @ np.ones(3))
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def nearest(colours, seen) -> float:
    return min(
        float(np.linalg.norm(lab(a, seen) - lab(b, seen))) for a, b in combinations(colours, 2)
    )


@pytest.mark.parametrize("cones", SEEN)
def test_colours_are_told_apart(cones):
    assert nearest([*COLOURS, GREY, BLACK], SEEN[cones]) > LEAST


def test_a_bad_palette_is_seen():
    assert nearest(["#d62728", "#8c564b", "#2ca02c"], SEEN["no M cones"]) < LEAST
    assert nearest(["#d62728", "#8c564b", "#2ca02c"], SEEN["all cones"]) > LEAST


def test_there_is_a_line_and_a_mark_for_each_of_the_first_colours():
    assert len(set(map(str, LINES))) >= 5
    assert len(set(MARKS)) == len(COLOURS)


def contrast(colour, ground: float) -> float:
    """Of WCAG, with a grey of that sRGB value behind."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (*colour, ground)
    ]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return (linear[3] + 0.05) / (light + 0.05)


@pytest.mark.parametrize("colour", [*COLOURS, GREY, BLACK])
def test_letters_in_any_colour_are_read_on_white_and_on_light_grey(colour):
    pytest.importorskip("matplotlib")
    assert contrast(ink(colour), 0.93) >= 4.5
    given = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    assert np.allclose(np.array(ink(colour)) * max(given), np.array(given) * max(ink(colour)))


def test_letters_of_a_figure_are_darkened_and_curves_are_not():
    pytest.importorskip("matplotlib")

    @styled
    def faint(rng):
        figure, axes = canvas(1, 1, 2.0)
        axes.plot([0, 1], [0, 1], color=COLOURS[4])
        axes.text(0.5, 0.5, "faint", color=COLOURS[4])
        return figure

    (axes,) = faint(np.random.default_rng(0)).axes
    (text,), (curve,) = axes.texts, axes.lines
    assert contrast(text.get_color(), 1.0) >= 4.5
    assert curve.get_color() == COLOURS[4]
