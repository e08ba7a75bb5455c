"""What a shared figure is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Figure"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of report, document and ``simulate``.

    ``name``: of its file, without an ending; ``title``, ``caption``: plain text without ``$``,
    ``\\``, ``%``, ``&``, ``#``, ``_``, ``^``, braces and ``~``, so that it is safe in LaTeX and in
    HTML; ``alt``: what is seen, for who does not see it; ``draw(rng)``: makes the figure of
    matplotlib, the same for a generator of the same seed; ``claims``: ids of what is drawn.
    """

    name: str
    title: str
    caption: str
    alt: str
    draw: Callable[[np.random.Generator], Any]
    claims: tuple[str, ...]
