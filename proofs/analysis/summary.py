"""What `analyze` prints: the setting, the tables, and in words what they do not say."""

from __future__ import annotations

from itertools import groupby

from lemmata.numerics.networks import FloatArray
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from .analysis import Analysis
from .illusions import Illusions
from .report import CLAIMS_USED
from .structures import centred_spectra, outline
from .tables import (
    SHOWN,
    carriers_table,
    categories_table,
    illusions_table,
    modes_table,
    numbers,
    structures_table,
)

__all__ = ["print_analysis"]

EIGENVALUES = 6
"""No more are printed of a spectrum."""
DOMINANT = 1 / 3
"""From this part of the sum of squares on, one property is said to dominate."""


def print_analysis(out: Console, found: Analysis, name: str) -> None:
    """Print everything to ``out``."""
    _say(out, _heading(found, name))
    _say(out, f"\nModes, learned at {found.settings.criterion}")
    _print(out, modes_table(found))
    _say(out, _left_out(found))
    _say(out, "\nWhat carries them (the two signs of a single mode apart)")
    out.print(carriers_table(found))
    _say(out, "\nOrder of learning")
    _say(out, _order(found))
    _say(out, "\nStructure")
    if found.structure.scores:
        _print(out, structures_table(found.structure))
    _say(out, _chosen(found))
    for kind, group in groupby(found.categories, key=lambda c: c.classification):
        _say(out, f"\nCategories: {kind}")
        chosen = tuple(group)
        _print(out, categories_table(chosen, found.modes.modes))
    if found.categories:
        _say(out, _explained(found))
    if found.illusions is not None:
        _say(out, "\nIllusory correlations")
        if found.illusions.largest:
            _print(out, illusions_table(found.illusions.largest))
        _say(out, _counted(found.illusions))


def _heading(found: Analysis, name: str) -> str:
    items, asked = len(found.table.items), found.settings
    if found.given_similarity:
        size = f"similarities of {items} items"
    else:
        size = f"{items} items, {len(found.table.properties)} properties"
    sums = asked.convention == "sum"
    lines = [
        f"{name}: {size}",
        f"{'sums' if sums else 'averages'}, Sigma11 = {'I' if sums else f'I/{items}'}; decoupled, "
        f"balanced start, a_0 = {asked.start_scale:g}, tau = {asked.tau:g}",
        f"theory: {', '.join(CLAIMS_USED)}",
    ]
    if found.given_similarity:
        lines.append(
            f"as if from {items} properties: with N of them strengths are sqrt(N/{items}) times as "
            "large"
        )
        if found.similarity.negative > 0:
            lines.append(
                f"negative eigenvalues, {found.similarity.negative:.1%} of all in size, are left "
                "out: no properties have such similarities"
            )
    elif found.dominant[1] > DOMINANT and len(found.table.properties) > 3:
        lines.append(
            f"warning: {found.dominant[0]!r} has {found.dominant[1]:.0%} of the sum of squares and "
            "dominates the modes: rescale it if that is not meant"
        )
    return "\n".join(lines)


def _left_out(found: Analysis) -> str:
    modes, told = found.modes.modes, []
    if len(modes) > SHOWN:
        rest = sum(mode.share for mode in modes[SHOWN:])
        told.append(f"{len(modes) - SHOWN} weaker ones (share {rest:.1%}) are in the JSON report")
    if found.modes.left_out:
        told.append(f"{found.modes.left_out} of strength 0 are left out")
    if not found.given_similarity:
        told.append(
            "gap: to the next squared strength, in standard errors over independent properties"
        )
    return "; ".join(told)


def _order(found: Analysis) -> str:
    modes, order = found.modes.modes, found.order
    named = [numbers(modes[k]) for k in order.first_to_last]
    lines = []
    if not named:
        lines.append("no mode meets the criterion")
    elif order.reversed_pairs:
        shown = ", ".join(named[: 2 * SHOWN])
        lines.append(f"{shown}{', ...' if len(named) > 2 * SHOWN else ''}")
        lines.append(
            f"warning: {order.reversed_pairs} pairs are reversed, the weaker mode first: "
            f"{len(order.below_reversal)} modes are below s* = {order.reversal:.4g}, where weaker "
            "ones reach a fraction of their strength sooner (modes.fraction_criterion)"
        )
    else:
        lines.append(f"from the strongest to the weakest: {named[0]} to {named[-1]}")
        if order.reversal is not None:
            lines.append(f"s* = {order.reversal:.4g}: below it the order would be reversed")
    if order.unreached:
        lines.append(f"{len(order.unreached)} modes start beyond the criterion or never meet it")
    close = [numbers(modes[k]) for k in order.unresolved[:SHOWN]]
    if close:
        more = ", ..." if len(order.unresolved) > SHOWN else ""
        lines.append(
            "warning: gaps below 2 standard errors, so that other properties of the same kind "
            f"could reverse the order with the next mode: after {', '.join(close)}{more}"
        )
    several = [numbers(m) for m in modes if len(m.numbers) > 1][:SHOWN]
    if several:
        lines.append(f"learned together, of equal strength: {', '.join(several)}")
    return "\n".join(lines)


def _chosen(found: Analysis) -> str:
    choice = found.structure
    lines = []
    if choice.reproducible is not None:
        lines.append(
            "explained: of squared distances in a quarter of the properties, by a fit to the "
            f"rest; reproducible are {choice.reproducible:.1%}"
            + (" (uncertain, of few properties)" if choice.scores[0].share > 1.05 else "")
        )
        if any(score.error == 0 and score.explained for score in choice.scores):
            lines.append("without ±: far behind on the first quarter and given up")
    elif choice.scores:
        lines.append("nats: description length, less that of equal distances; the least is best")
    if choice.best is None or choice.fit is None:
        return "\n".join([*lines, f"none of these: {choice.reason}"])
    candidate = choice.best.candidate
    parts = outline(choice.best, choice.fit, found.table.items)
    size = candidate.detail
    if candidate.kind == "clusters" and len(parts) < candidate.shape[0]:
        size = f"up to {size}, {len(parts)} of them used"
    lines.append(
        f"{candidate.kind}, {size}; it leaves {choice.residual:.1%} of the variance of squared "
        "distances"
    )
    lines += [f"  {part}" for part in parts[:SHOWN]]
    if len(parts) > SHOWN:
        lines.append(f"  and {len(parts) - SHOWN} more, in the JSON report")
    spectra = centred_spectra(choice.fit, found.similarity.values)
    measured, fitted = (_few(spectrum) for spectrum in spectra)
    lines.append(f"eigenvalues of the centred similarity: {measured}")
    lines.append(f"                     of the structure: {fitted}")
    if choice.equals:
        near = "one standard error" if choice.method == "held-out properties" else "a factor of 20"
        lines.append(f"as good within {near}: {', '.join(choice.equals)}")
    return "\n".join(lines)


def _few(values: FloatArray) -> str:
    more = ", ..." if len(values) > EIGENVALUES else ""
    return ", ".join(f"{x:.3g}" for x in values[:EIGENVALUES]) + more


def _explained(found: Analysis) -> str:
    words = (
        "in: mean similarity within, self-pairs included; out: to the nearest category; C = in - "
        "out; Rayleigh: of the contrast of the two; mode: the one with most of that contrast "
        "(its share, where the contrast is no eigenvector); t: when hidden representations are "
        "apart along the contrast"
    )
    undefined = sum(c.eigenvector == "no" for c in found.categories)
    if undefined:
        words += (
            f"\n{undefined} of {len(found.categories)} contrasts are no eigenvectors, not even "
            "nearly (below 95% in one mode): the singular value of such a category is undefined"
        )
    return words


def _counted(found: Illusions) -> str:
    words = (
        f"{found.count} of {found.pairs} outputs rise and fall again (or the reverse) by at least "
        f"{found.least_height:.3g};\n{found.of_false} are rises of a property whose true value is "
        "0. from, to: beyond half the height"
    )
    if found.later:
        words += (
            f"\n{found.later} modes are learned after t = {found.until:.4g}, the last looked at"
        )
    return words


def _print(out: Console, table: Table) -> None:
    # A narrow terminal wraps whole lines, which is better than numbers folded in their cells.
    least = Measurement.get(out, out.options, table).minimum
    width, out.width = out.width, max(out.width, least)
    out.print(table, crop=False)
    out.width = width


def _say(out: Console, text: str) -> None:
    if text:
        out.print(text, markup=False, soft_wrap=False)
