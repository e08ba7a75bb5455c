"""The table of `verify`: growing on stderr in a terminal, whole in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from types import TracebackType

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ..court import Judgement
from ..verdicts import Status
from .streams import console, id_table

__all__ = ["LiveTable", "print_summary"]

_COLOUR = {
    Status.PROVED: "green",
    Status.ENCLOSED: "green",
    Status.SAMPLED: "cyan",
    Status.UNDECIDED: "yellow",
    Status.VACUOUS: "yellow",
    Status.REFUTED: "red",
}
HEADINGS = ["claim", "status", "evidence", "mutants", "s"]
OTHERS = 42
"""Characters that the columns beside the id need at least."""
AROUND = 3  # lines of the screen that rows cannot have: headings, count, prompt


class LiveTable:
    """One row per claim as it is judged, on stderr; nothing where stderr is no terminal.

    It is erased in the end, so that the table of results appears once.  When the claims do not
    fit the screen the latest ones are shown.
    """

    def __init__(self, ids: Sequence[str]) -> None:
        self.ids, self.done = list(ids), list[Judgement]()
        self.talk = console(stderr=True)
        quiet = not self.talk.file.isatty()
        self.live = None if quiet else Live(
            console=self.talk, transient=True, get_renderable=self._render
        )

    def __enter__(self) -> LiveTable:
        if self.live:
            self.live.start(refresh=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.live:
            self.live.stop()

    def add(self, judgement: Judgement) -> None:
        """One more claim is judged."""
        self.done.append(judgement)
        if self.live:
            self.live.refresh()

    def _render(self) -> Group:
        room = max(1, self.talk.size.height - AROUND)
        count = Text(f"{len(self.done)} of {len(self.ids)} claims judged", style="dim")
        table = _table(self.done[-room:], self.ids)
        for column in table.columns:  # one line a row, or the rows outgrow the screen
            column.no_wrap, column.overflow = True, "ellipsis"
        return Group(table, count)


def print_summary(out: Console, judgements: Sequence[Judgement], seconds: float) -> None:
    """Print all claims in order, what is not as expected in words, and the counts."""
    ids = [j.claim.id for j in judgements]
    # A narrow terminal wraps the lines itself, which is better than an id cut short.
    out.width = max(out.width, max(map(len, ids), default=0) + OTHERS)
    out.print(_table(judgements, ids), soft_wrap=False, crop=False)
    for judgement in judgements:
        if not judgement.as_expected:
            _explain(out, judgement)
    counts = Counter(str(j.status) for j in judgements)
    told = ", ".join(f"{n} {status}" for status, n in sorted(counts.items()))
    bad = sum(not j.as_expected for j in judgements)
    end = "all as expected" if not bad else f"{bad} not as expected"
    mutants = sum(v.counts.get("total", 0) for j in judgements for v in j.verdicts)
    alive = sum(v.counts.get("alive", 0) for j in judgements for v in j.verdicts)
    claims = "1 claim" if len(judgements) == 1 else f"{len(judgements)} claims"
    out.print(f"{claims}: {told}; {mutants} mutants, {alive} alive; {end}; {seconds:.1f} s")


def _table(judgements: Sequence[Judgement], ids: Sequence[str]) -> Table:
    table = id_table(HEADINGS, list(ids))
    table.columns[-1].justify = "right"
    for judgement in judgements:
        table.add_row(*_row(judgement))
    return table


def _row(judgement: Judgement) -> tuple[str | Text, ...]:
    colour = "green" if judgement.as_expected else _COLOUR[judgement.status]
    guard = judgement.claim.expects == "refuted"
    expected = (" (expected)" if judgement.as_expected else " (not refuted)") if guard else ""
    kinds = ", ".join(f"{v.kind} {v.status}" for v in judgement.verdicts if v.kind != "mutants")
    counts = next((v.counts for v in judgement.verdicts if v.kind == "mutants"), {})
    killed = f"{counts.get('refuted', 0) + counts.get('equivalent', 0)}/{counts.get('total', 0)}"
    seconds = sum(v.seconds for v in judgement.verdicts)
    status = Text(f"{judgement.status}{expected}", style=colour)
    return (judgement.claim.id, status, kinds, killed, f"{seconds:.2f}")


def _explain(out: Console, judgement: Judgement) -> None:
    out.print(f"\n[bold]{judgement.claim.id}[/bold] is {judgement.status}:")
    for verdict in judgement.verdicts:
        if verdict.status < Status.SAMPLED:
            out.print(f"  {verdict.kind}: {verdict.reason or verdict.worst}", markup=False)
            if verdict.counterexample:
                at = ", ".join(f"{k} = {v}" for k, v in verdict.counterexample.items())
                out.print(f"    at {at}: {verdict.worst}", markup=False)
    if judgement.own > judgement.status:
        out.print(f"  it rests on a claim that is {judgement.status}", markup=False)
