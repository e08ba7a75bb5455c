"""The tables of `simulate tree`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from ..figure_parts import shortened
from ..mode_curves import CLAIMS
from ..tree_balanced import CLAIM as RICCATI
from ..tree_balanced import MOST_ITEMS
from ..tree_comparison import TreeComparison
from ..tree_levels import FALSE_ALARM
from ..tree_orders import WrongOrders
from ..tree_theory import levels_of_regular_tree
from ..verdicts import Status, weakest
from .streams import WIDE

__all__ = ["print_tree_comparison", "tree_title"]

LONGEST = 60
"""Characters that tell which items a mode tells apart."""

_EXPLAINED = {
    Status.SAMPLED: "yes",
    Status.VACUOUS: "budget too large",
    Status.REFUTED: "NO",
}
_RESULT = {
    Status.SAMPLED: "the features follow the tree, and every difference from a start where the "
    "theory is exact is explained by its error budget",
    Status.VACUOUS: "an error budget exceeds half of a level's strength and decides nothing: "
    "give a shorter --until",
    Status.REFUTED: "the simulation contradicts the theory",
}


def print_tree_comparison(
    out: Console,
    found: TreeComparison,
    settings: Mapping[str, Any],
    orders: WrongOrders | None = None,
) -> None:
    """Print the setting, the levels, one table for the decoupled start, one for the random one."""
    levels, decoupled, random = _levels(found), _decoupled(found), _random(found)
    # A narrow terminal wraps whole lines, which is better than numbers folded in their cells.
    endless = out.options.update(width=WIDE)
    widths = [Measurement.get(out, endless, t).maximum for t in (levels, decoupled, random)]
    out.width = max(out.width, *widths)
    _say(out, _setting(found, settings))
    _say(out, "\nStrengths, of features divided by sqrt(N): squares are eigenvalues of similarity")
    out.print(levels, crop=False)
    _say(out, _sampling(found))
    _say(out, "\nDecoupled start, where the theory is exact for the singular values of the sample")
    out.print(decoupled, crop=False)
    _say(out, "\nSmall random start, where the theory is approximate only")
    out.print(random, crop=False)
    _say(out, _caveat(found))
    _say(out, _order(found))
    _say(out, f"\n{_balanced(found)}")
    if orders is not None:
        _say(out, f"\n{_wrong_orders(orders)}")
    status = weakest([found.status, *([] if orders is None else [orders.status])])
    _say(out, f"\n{_RESULT[status]}")


def tree_title(found: TreeComparison, settings: Mapping[str, Any]) -> str:
    """One line that says what was trained on what."""
    regular = levels_of_regular_tree(found.tree)
    if regular is None:
        told = f"irregular, {len(found.tree.levels) - 1} levels of links"
    else:
        B, epsilon = regular
        flips = epsilon[:1] if len(set(epsilon)) == 1 else epsilon
        told = f"B = {','.join(map(str, B))}, epsilon = {','.join(map(str, flips))}"
    name = settings["tree"] or "tree"
    return (
        f"{name}: {found.tree.P} items ({told}); {found.features} features; "
        f"{found.run.trainings['small random'].W21.shape[1]} hidden units"
    )


def _setting(found: TreeComparison, settings: Mapping[str, Any]) -> str:
    claimed = ", ".join(found.population.claims)
    source = claimed or "similarities link by link, and their eigenvalues"
    return (
        f"{tree_title(found, settings)}\n"
        f"theory: {CLAIMS[0]} with lambda = 1, a_0 = {settings['start_scale']:g}, tau = "
        f"{settings['tau']:g}; levels: {source}\n"
        f"simulation: gradient flow to t = {found.run.times[-1]:.4g}; seed {settings['seed']}"
    )


def _levels(found: TreeComparison) -> Table:
    numbers = ("x", "s, unlimited N", "sample: mean", "largest", "smallest", "|shift of s^2|")
    irregular = any(level.level.about for level in found.levels)
    made = _table("", numbers, ("within bound", *(["tells apart"] if irregular else [])))
    for level in found.levels:
        about = [Text(shortened(level.level.about, LONGEST))] if irregular else []
        made.add_row(
            level.level.name,
            f"{level.level.multiplicity}",
            f"{level.level.s:.5g}",
            *(f"{x:.5g}" for x in (level.s.mean(), level.s[0], level.s[-1])),
            f"{level.shift:.3g}",
            _EXPLAINED[level.shift_status],
            *about,
        )
    return made


def _sampling(found: TreeComparison) -> str:
    left_out = found.tree.P - sum(len(level.s) for level in found.levels)
    told = f"Modes of strength 0, left out: {left_out}. " if left_out else ""
    sampling = found.sampling
    verdict = "the features follow the tree"
    if sampling.status is Status.REFUTED:
        verdict = "the features do NOT follow the tree"
    return (
        f"{told}Similarity of two items: |sample - theory| is at most {sampling.largest:.3g}; "
        f"chance exceeds {sampling.radius:.3g} with probability below {FALSE_ALARM:g}:\n{verdict}. "
        f"The differences of all pairs shift no s^2 by more than {sampling.distance:.3g} (Weyl)."
    )


def _decoupled(found: TreeComparison) -> Table:
    numbers = ("a_0", "t_half theory", "simulated", "|sim - theory|", "at t", "budget")
    made = _table("", numbers, ("mostly", "explained"))
    for level in found.levels:
        made.add_row(
            level.level.name,
            f"{level.a0:.3g}",
            _time(level.learning_time),
            _time(level.flow_time),
            f"{level.flow.largest:.2e}",
            f"{level.flow.time:.3g}",
            f"{level.flow.budget:.2e}",
            level.flow.dominant,
            _EXPLAINED[level.flow.status],
        )
    return made


def _random(found: TreeComparison) -> Table:
    numbers = ("a_0", "t_half unlimited N", "theory", "simulated", "|sim - theory|", "at t")
    made = _table("", (*numbers, "of final", "sim. error"), ())
    for level in found.levels:
        random = level.random
        made.add_row(
            level.level.name,
            f"{random.a0:.3g}",
            _time(random.population_time),
            _time(random.learning_time),
            _time(random.flow_time),
            f"{random.largest:.2e}",
            f"{random.time:.3g}",
            f"{random.largest / float(level.s.mean()):.1%}",
            f"{random.error:.1e}",
        )
    return made


def _caveat(found: TreeComparison) -> str:
    off = sum(level.random.largest > level.random.error for level in found.levels)
    return (
        "This start is neither decoupled nor balanced. Theory's curve is that of each mode alone, "
        "from its effective\nstart a_0 = |W21 v + W32^T u|^2/4 (mean over a level). Rows that are "
        f"off by more than the simulation's error:\n{off} of {len(found.levels)}; the excess is "
        "the coupling of the modes, which more --hidden units weaken, and the imbalance\nof the "
        "layers. It is no verdict."
    )


def _order(found: TreeComparison) -> str:
    foretold, simulated = found.orders
    if foretold == simulated:
        return f"Order of the half-times, as foretold: {', '.join(simulated)}."
    return (
        f"Order of the half-times: {', '.join(simulated)}; foretold at unlimited N: "
        f"{', '.join(foretold)}."
    )


def _balanced(found: TreeComparison) -> str:
    told = "Small random start with balanced layers, where the whole map is known"
    start = found.balanced
    if start is None:
        return f"{told} ({RICCATI}): not compared with more than {MOST_ITEMS} items."
    return (
        f"{told} ({RICCATI}), at {start.looks} times:\n|simulation - theory| is at most "
        f"{start.largest:.2e}, at t = {start.time:.3g}, where the budget is {start.budget:.2e}. "
        f"Explained: {_EXPLAINED[start.status]}."
    )


def _wrong_orders(orders: WrongOrders) -> str:
    told = (
        f"First split weaker than a finer one: in {orders.wrong} of {orders.trials} samples of "
        f"{orders.features} features, {orders.share:.4g} +- {orders.radius:.2g} (false alarm "
        f"{FALSE_ALARM:g})"
    )
    if orders.exact is None:
        return f"{told}; too many cases to enumerate."
    explained = _EXPLAINED[orders.status]
    return f"{told}; by enumeration {float(orders.exact):.6g}. Explained: {explained}."


def _table(first: str, right: tuple[str, ...], left: tuple[str, ...]) -> Table:
    made = Table(box=None, pad_edge=False)
    made.add_column(first, overflow="fold")
    for heading in right:
        made.add_column(heading, justify="right", overflow="fold")
    for heading in left:
        made.add_column(heading, overflow="fold")
    return made


def _time(value: float | None) -> str:
    return "-" if value is None else f"{value:.5g}"


def _say(out: Console, text: str) -> None:
    out.print(text, markup=False, soft_wrap=True)
