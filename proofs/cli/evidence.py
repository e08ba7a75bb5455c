"""Findings for commands that show them: read from a report of `verify`, or verified now."""

from __future__ import annotations

from collections.abc import Callable

import click

from ..findings import Findings, FindingsError, findings_of, read_findings
from .verifying import judge_matching

__all__ = ["evidence_options", "gather"]


def evidence_options(command: Callable[..., int]) -> Callable[..., int]:
    """``--evidence FILE``, or how to verify: ``--profile``, ``--jobs`` and ``--seed``."""
    for option in (
        click.option("--seed", type=click.IntRange(0), default=0, help="Seed of verify."),
        click.option("--jobs", type=click.IntRange(1), help="Processes (default: cores)."),
        click.option("--profile", type=click.Choice(["quick", "full", "thorough"]),
                     default="quick", show_default=True, help="Profile of verify."),
        click.option("--evidence", metavar="FILE", help="A report of `verify --json`, which is "
                     "shown instead of verifying now."),
    ):
        command = option(command)
    return command


def gather(evidence: str | None, profile: str, jobs: int | None, seed: int) -> Findings | None:
    """What is known of all claims; None, after one line on stderr, where verifying ended early.

    Raises ``click.UsageError`` for a report that cannot be used.
    """
    if evidence is not None:
        try:
            return read_findings(evidence)
        except FindingsError as error:
            raise click.UsageError(f"--evidence: {error}") from None
    judged = judge_matching((), profile, seed, "cpu", jobs)
    if judged is None:
        return None
    judgements, seconds = judged
    return findings_of(judgements, seconds, profile, seed)
