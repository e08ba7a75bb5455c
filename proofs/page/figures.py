"""The shared figures as drawings inside the page, with text instead for who cannot see them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
from markupsafe import Markup

__all__ = ["FigureView", "FiguresView", "drawn_figures", "inline", "no_figures"]

_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
_USED = re.compile(r"url\(#([^)]+)\)")
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_PLACES = frozenset(("d", "points", "x", "y"))
"""Attributes that hold places on the drawing; a factor of a transform must keep its digits."""
_ROUND = "stroke-linejoin:round;stroke-linecap:butt"
"""What matplotlib asks for by a style sheet, which would reach the whole page."""


@dataclass(frozen=True, slots=True)
class FigureView:
    """A drawing with its caption; ``claims`` are the ids that it is about."""

    name: str
    title: str
    caption: str
    claims: tuple[str, ...]
    drawing: Markup


@dataclass(frozen=True, slots=True)
class FiguresView:
    """Figures, or one line that says why there are none."""

    figures: tuple[FigureView, ...] = ()
    missing: str = ""


def no_figures() -> FiguresView:
    """Asked for without figures."""
    return FiguresView(missing="Left out on request (--no-figures).")


def drawn_figures(seed: int) -> FiguresView:
    """All shared figures, drawn now; each has random numbers of its own from ``seed``."""
    if find_spec("matplotlib") is None:
        return FiguresView(missing="Left out: matplotlib is not installed (lemmata[plot]).")
    from ..figures import FIGURES

    return FiguresView(tuple(_view(figure, seed) for figure in FIGURES))


def _view(figure: Any, seed: int) -> FigureView:
    from ..plots import drawn

    rng = np.random.default_rng([seed, *figure.name.encode()])
    svg = drawn(figure.draw(rng), f"{figure.name}.svg")
    drawing = inline(svg, figure.name, figure.alt)
    return FigureView(figure.name, figure.title, figure.caption, tuple(figure.claims), drawing)


def inline(svg: bytes, name: str, alt: str) -> Markup:
    """An SVG of matplotlib as part of a page.

    Its ids begin with ``name``, it has no style sheet, no date and no size of its own but its
    ``viewBox``, and ``alt`` says what it shows.
    """
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in [c for c in parent if c.tag in (f"{_SVG}metadata", f"{_SVG}style")]:
            parent.remove(child)
        if parent is not root and parent.tag == f"{_SVG}defs" and not len(parent):
            parent.attrib.clear()
    root.attrib = {
        "viewBox": root.attrib["viewBox"],
        "role": "img",
        "aria-label": alt,
        "style": _ROUND,
    }
    _rename(root.iter(), f"{name}-")
    return Markup(_written(root))


def _rename(elements: Iterable[Element], prefix: str) -> None:
    for element in elements:
        for key, value in list(element.attrib.items()):
            if key == "id":
                element.set(key, prefix + value)
            elif key.endswith("href") and value.startswith("#"):
                del element.attrib[key]
                element.set("href", f"#{prefix}{value[1:]}")
            else:
                told = _USED.sub(rf"url(#{prefix}\1)", value)
                element.set(key, _shorter(told) if key in _PLACES else told)


def _shorter(value: str) -> str:
    """Numbers to a hundredth of a point."""
    return _NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)


def _written(root: Element) -> str:
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        for key in [k for k in element.attrib if k.startswith(_XLINK)]:
            element.set(key.removeprefix(_XLINK), element.attrib.pop(key))
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)
