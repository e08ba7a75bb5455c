"""What was found, in words: one block for each equation, and a line that counts them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .findings import Finding, ManuscriptReport, Outcome

__all__ = ["STYLES", "blocks", "message", "summary"]

STYLES = {
    Outcome.PROVED: "green",
    Outcome.REFUTED: "bold red",
    Outcome.UNDECIDED: "yellow",
    Outcome.NOT_CHECKED: "yellow",
    Outcome.MISUSED: "bold red",
    Outcome.UNANNOTATED: "dim",
    Outcome.IGNORED: "dim",
}
"""How each outcome is shown in a terminal."""
LONGEST = 160


def message(finding: Finding) -> str:
    """The outcome in one line, without the equation."""
    told = [finding.reason] if finding.reason else []
    if finding.point:
        where = ", ".join(f"{name} = {value}" for name, value in finding.point.items())
        told.append(f"at {where}")
    if finding.left or finding.right:
        told.append(f"left {finding.left}, right {finding.right}")
    if finding.note:
        told.append(finding.note)
    edits = " or ".join(str(edit) for edit in finding.edits)
    if edits:
        told.append(edits)
    if finding.outcome is Outcome.UNANNOTATED and finding.suggestions:
        told = [_suggested(finding)]
    return "; ".join(told)


def _suggested(finding: Finding) -> str:
    equal = [s for s in finding.suggestions if s.equal]
    if equal and equal[0].false:
        return f"it states {equal[0].claim}, which is known to be false"
    if equal:
        return f"it is equal to the claim {equal[0].claim}"
    return f"it may state {', '.join(s.claim for s in finding.suggestions)}"


def blocks(finding: Finding) -> Iterator[tuple[str, str]]:
    """Lines with their styles: place and verdict, equation, reason, point, edits, suggestions."""
    asked = f" {finding.asked}" if finding.asked and finding.outcome is not Outcome.MISUSED else ""
    yield f"{finding.place}:{asked} {finding.outcome}", STYLES[finding.outcome]
    yield f"    {_short(finding.source)}", ""
    if finding.reason and finding.outcome is not Outcome.UNANNOTATED:
        yield f"  {finding.reason}", ""
    if finding.point:
        yield "  at " + ", ".join(f"{k} = {v}" for k, v in finding.point.items()), ""
    if finding.left or finding.right:
        yield f"  the left side is {finding.left}, the right side {finding.right}", ""
    if finding.note:
        yield f"  {finding.note}", ""
    for edit in finding.edits:
        yield f"  {edit}", "bold"
        yield f"    {edit.corrected}", ""
    for suggestion in finding.suggestions:
        told = "equal to" if suggestion.equal else "perhaps"
        known = " (known to be false)" if suggestion.false else ""
        style = "bold red" if suggestion.equal and suggestion.false else ""
        yield f"  {told}{known}: {suggestion.annotation}", style


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 3]}..."


def summary(reports: Sequence[ManuscriptReport]) -> str:
    """Everything counted, what was not checked included."""
    counts = {o: sum(report.counts[o] for report in reports) for o in Outcome}
    annotated = sum(bool(f.asked) for r in reports for f in r.findings)
    seen = sum(len(r.findings) for r in reports)
    told = [f"{counts[o]} {o}" for o in Outcome if counts[o] or o is Outcome.PROVED]
    seconds = sum(report.seconds for report in reports)
    left = sum(report.not_looked_at for report in reports)
    if left:
        told.append(f"{left} not looked at for suggestions (--suggestion-seconds)")
    return f"{seen} equations, {annotated} annotated: {', '.join(told)} ({seconds:.1f} s)"
