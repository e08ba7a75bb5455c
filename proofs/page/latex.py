"""LaTeX of the parts of a claim, as it is printed everywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.definitions import Definition

from ..typesetting import defined, display, givens, typeset_in

__all__ = ["broken_in", "given_lines", "latex_in", "point_latex", "where_latex"]

COLUMN = 400.0
"""Points of a line of the page, as wide as it were if its letters were those of a paper."""


def latex_in(claim: Claim, expr: Any) -> str:
    """An expression as it is printed in that claim, on one line."""
    return typeset_in(claim, expr)


def broken_in(claim: Claim, relation: Any) -> str:
    """A relation in lines that fit the page."""
    return "\n".join(display(claim, relation, width=COLUMN))


def where_latex(claim: Claim, definitions: Iterable[Definition]) -> Iterator[tuple[str, str]]:
    """Definitions of the claim with what they mean in words."""
    for definition in definitions:
        yield broken_in(claim, defined(definition)), definition.means


def given_lines(claim: Claim) -> Iterator[str]:
    """What is given beside the assumed relations; formulas between dollar signs."""
    for told in islice(givens(claim), len(claim.given), None):
        shown = "" if told.relation is None else f"${broken_in(claim, told.relation)}$"
        yield f"{told.before}{shown}{told.after}"


def point_latex(claim: Claim, at: Mapping[Any, Any]) -> Iterator[str]:
    """A point as equations, one a name."""
    for name, value in at.items():
        yield f"{latex_in(claim, name)} = {latex_in(claim, value)}"
