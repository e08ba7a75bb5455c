"""Colours: text stands out from what is behind it, in light and in dark."""

from __future__ import annotations

import re

import pytest
from lemmata.proofs.page.badges import BADGES
from lemmata.proofs.page.rendering import style_sheet

GROUNDS = ("paper", "panel")
LEAST = 4.5
"""Contrast that the guidelines (WCAG 2, level AA) ask of text."""


def colours(css: str, scheme: str) -> dict[str, str]:
    """The colour variables of a scheme."""
    place = ("light", "dark").index(scheme)
    pairs = re.findall(r"--([a-z]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", css)
    return {name: both[place] for name, *both in pairs}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out(scheme):
    found = colours(style_sheet(), scheme)
    assert {"ink", "soft", "accent", *BADGES} <= found.keys()
    for name in found.keys() - {*GROUNDS, "line"}:
        for ground in GROUNDS:
            assert contrast(found[name], found[ground]) >= LEAST, (name, ground)


def test_text_has_no_colour_but_those_of_the_variables():
    css = re.sub(r":root \{.*?\}", "", style_sheet(), count=1, flags=re.S)
    told = re.findall(r"(?<![-\w])color:\s*([^;}]+)", css)
    assert told
    assert [c for c in told if not re.fullmatch(r"var\(--[a-z]+\)|inherit", c.strip())] == []
    # Figures are drawn for white paper and bring their own colours.
    assert re.findall(r"#[0-9a-f]{3,6}\b", css) == ["#fff"]


def test_colours_and_shapes_go_by_the_same_names():
    css = style_sheet()
    assert all(f".badge.{name}" in css for name in BADGES)
