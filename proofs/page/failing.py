"""Where something fails, and what a slogan reads there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lemmata.theory.claims import Claim
from markupsafe import Markup

from ..document.claims import ReadingView as Told
from ..document.claims import witness
from .latex import point_latex
from .mathematics import formula

__all__ = ["ReadingView", "WitnessView", "point_of", "witness_view"]


@dataclass(frozen=True, slots=True)
class WitnessView:
    """The point at which something fails, and what a slogan reads there."""

    at: tuple[Markup, ...]
    readings: tuple[ReadingView, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A relation with its sides as numbers; see ``document.claims.ReadingView``."""

    of: Markup
    solves: bool
    reads: Markup
    about: Markup
    holds: bool


def witness_view(claim: Claim) -> WitnessView:
    """Where a slogan fails and what it reads there; nothing for a claim without a witness."""
    told = witness(claim)
    if told is None or claim.witness is None:
        return WitnessView(())
    return WitnessView(point_of(claim, claim.witness.at), tuple(map(_reading, told.readings)))


def _reading(told: Told) -> ReadingView:
    of, reads, about = (
        formula(latex) if latex else Markup("") for latex in (told.of, told.reads, told.about)
    )
    return ReadingView(of, told.solves, reads, about, told.holds)


def point_of(claim: Claim, at: Mapping[Any, Any]) -> tuple[Markup, ...]:
    """A point as equations, one a name."""
    return tuple(formula(told) for told in point_latex(claim, at))
