"""The tables of `analyze`."""

from __future__ import annotations

from lemmata.numerics.structure_scores import Choice, Score
from rich.table import Table

from .analysis import Analysis
from .categories import Category
from .illusions import Illusion
from .modes import Carriers, Mode

__all__ = [
    "carriers_table",
    "categories_table",
    "illusions_table",
    "modes_table",
    "numbers",
    "structures_table",
]

SHOWN = 12
"""No more modes are printed; the JSON report has all."""


def numbers(mode: Mode) -> str:
    """``3`` or ``3-5``: the modes of a multiplet, from 1."""
    first, last = mode.numbers[0], mode.numbers[-1]
    return f"{first}" if first == last else f"{first}-{last}"


def modes_table(found: Analysis) -> Table:
    """Strengths and learning times."""
    made = _table([("mode", "left"), *((h, "right") for h in ("x", "s", "final", "share"))])
    for heading in ("learned at t",) if found.given_similarity else ("learned at t", "gap"):
        made.add_column(heading, justify="right")
    for mode in found.modes.modes[:SHOWN]:
        cells = [
            numbers(mode),
            str(len(mode.numbers)),
            f"{mode.s:.5g}",
            f"{mode.final:.5g}",
            f"{mode.share:.1%}",
            _time(mode.time),
        ]
        if not found.given_similarity:
            cells.append("-" if mode.separation is None else f"{mode.separation:.1f} se")
        made.add_row(*cells)
    return made


def carriers_table(found: Analysis) -> Table:
    """The items and properties that carry each mode."""
    made = _table([("mode", "left"), ("items", "left")])
    if not found.given_similarity:
        made.add_column("properties")
    for mode in found.modes.modes[:SHOWN]:
        cells = [numbers(mode), _sides(mode.items)]
        if not found.given_similarity:
            cells.append(_sides(mode.properties))
        made.add_row(*cells)
    return made


def structures_table(choice: Choice) -> Table:
    """The best of each kind of structure."""
    held_out = choice.method == "held-out properties"
    headings = ["values", "explained", "of reproducible" if held_out else "nats"]
    made = _table([("structure", "left"), ("size", "left"), *((h, "right") for h in headings)])
    for score in choice.scores:
        candidate = score.candidate
        explained = f"{score.explained:.1%}"
        if score.error > 0:
            explained += f" ± {score.error:.1%}"
        made.add_row(
            candidate.kind,
            candidate.detail,
            str(candidate.parameters),
            explained,
            _share(score) if score.length is None else f"{score.length:.1f}",
        )
    return made


def _share(score: Score) -> str:
    return "all" if score.share >= 1 else f"{score.share:.0%}"


def categories_table(categories: tuple[Category, ...], modes: tuple[Mode, ...]) -> Table:
    """Coherence of every category."""
    right = ("in", "nearest", "out", "C", "Rayleigh", "mode", "t")
    made = Table(box=None, pad_edge=False)
    made.add_column("category", no_wrap=True)
    made.add_column("items", justify="right", no_wrap=True)
    for heading in right:
        name = heading in ("nearest", "mode")
        made.add_column(heading, justify="left" if name else "right", no_wrap=True)
    for category in categories:
        c = category.coherence
        exact = category.eigenvector == "yes"
        made.add_row(
            c.category,
            str(c.size),
            f"{c.within:.3g}",
            c.nearest,
            f"{c.outside:.3g}",
            f"{c.coherence:.3g}",
            f"{c.rayleigh:.3g}",
            f"{numbers(modes[category.best])}{'' if exact else f' ({category.share:.0%})'}",
            _time(category.time),
        )
    return made


def illusions_table(illusions: tuple[Illusion, ...]) -> Table:
    """The largest excursions."""
    left = [("item", "left"), ("property", "left")]
    numbers = ("true", "peak", "at t", "from", "to", "alike")
    made = _table([*left, *((h, "right") for h in numbers)])
    for one in illusions:
        made.add_row(
            one.item,
            one.property,
            f"{one.final:.4g}",
            f"{one.peak:.4f}",
            f"{one.time:.4g}",
            f"{one.window[0]:.4g}",
            f"{one.window[1]:.4g}",
            f"+{one.alike}" if one.alike else "",
        )
    return made


def _sides(carriers: Carriers) -> str:
    def named(side: tuple[tuple[str, float], ...]) -> str:
        return ", ".join(name for name, _ in side)

    if not carriers.negative:
        return named(carriers.positive)
    return f"+ {named(carriers.positive)}\n- {named(carriers.negative)}"


def _table(columns: list[tuple[str, str]]) -> Table:
    made = Table(box=None, pad_edge=False)
    for heading, side in columns:
        if side == "right":
            made.add_column(heading, justify="right", no_wrap=True)
        else:
            made.add_column(heading, overflow="fold")
    return made


def _time(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
