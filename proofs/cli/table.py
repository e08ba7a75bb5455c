"""The live table of `verify`: progress on stderr in a terminal, the result on stdout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from types import TracebackType

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from ..court import Judgement
from ..verdicts import Status

__all__ = ["LiveTable"]

_COLOUR = {
    Status.PROVED: "green",
    Status.ENCLOSED: "green",
    Status.SAMPLED: "cyan",
    Status.UNDECIDED: "yellow",
    Status.VACUOUS: "yellow",
    Status.REFUTED: "red",
}


class LiveTable:
    """Progress while claims are judged; ``summary`` prints all of them in order."""

    def __init__(self, total: int) -> None:
        self.out = Console()
        self.talk = Console(stderr=True)
        quiet = not self.talk.is_terminal
        self.progress = Progress(console=self.talk, transient=True, disable=quiet)
        self.task = self.progress.add_task("verifying", total=total)

    def __enter__(self) -> LiveTable:
        self.progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.progress.stop()

    def add(self, judgement: Judgement) -> None:
        """One more claim is done."""
        self.progress.update(self.task, advance=1, description=judgement.claim.id)

    def summary(self, judgements: Sequence[Judgement], seconds: float) -> None:
        """The table, what went wrong in words, and the counts."""
        table = Table(box=None, pad_edge=False)
        for heading in ("claim", "status", "evidence", "mutants", "s"):
            table.add_column(heading, justify="right" if heading == "s" else "left")
        for judgement in judgements:
            table.add_row(*_row(judgement))
        self.out.print(table)
        for judgement in judgements:
            if not judgement.as_expected:
                self._explain(judgement)
        counts = Counter(str(j.status) for j in judgements)
        told = ", ".join(f"{n} {status}" for status, n in sorted(counts.items()))
        bad = sum(not j.as_expected for j in judgements)
        end = "all as expected" if not bad else f"{bad} not as expected"
        mutants = sum(v.counts.get("total", 0) for j in judgements for v in j.verdicts)
        alive = sum(v.counts.get("alive", 0) for j in judgements for v in j.verdicts)
        self.out.print(
            f"{len(judgements)} claims: {told}; {mutants} mutants, {alive} alive; "
            f"{end}; {seconds:.1f} s"
        )

    def _explain(self, judgement: Judgement) -> None:
        self.out.print(f"\n[bold]{judgement.claim.id}[/bold] is {judgement.status}:")
        for verdict in judgement.verdicts:
            if verdict.status < Status.SAMPLED:
                self.out.print(f"  {verdict.kind}: {verdict.reason or verdict.worst}", markup=False)
                if verdict.counterexample:
                    at = ", ".join(f"{k} = {v}" for k, v in verdict.counterexample.items())
                    self.out.print(f"    at {at}: {verdict.worst}", markup=False)
        if judgement.own > judgement.status:
            self.out.print(f"  it rests on a claim that is {judgement.status}", markup=False)


def _row(judgement: Judgement) -> tuple[str, ...]:
    colour = "green" if judgement.as_expected else _COLOUR[judgement.status]
    expected = " (expected)" if judgement.claim.expects == "refuted" else ""
    kinds = ", ".join(f"{v.kind} {v.status}" for v in judgement.verdicts if v.kind != "mutants")
    counts = next((v.counts for v in judgement.verdicts if v.kind == "mutants"), {})
    killed = f"{counts.get('refuted', 0) + counts.get('equivalent', 0)}/{counts.get('total', 0)}"
    seconds = sum(v.seconds for v in judgement.verdicts)
    return (
        judgement.claim.id,
        f"[{colour}]{judgement.status}{expected}[/{colour}]",
        kinds,
        killed,
        f"{seconds:.2f}",
    )
