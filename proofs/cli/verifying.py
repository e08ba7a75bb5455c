"""`verify`: the main job."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool

from ..court import Judgement, collect, settle
from ..reports import junit_report, verify_report
from ..verdicts import Status
from .finding import matching, unmatched
from .judging import available_cores, judging
from .main import NOTHING, REFUTED, UNDECIDED, USAGE
from .streams import STDOUT, check_reports, console, fail, write_reports
from .table import LiveTable, print_summary

__all__ = ["exit_code", "judge_matching", "run"]


def run(
    patterns: Sequence[str],
    profile: str,
    jobs: int | None,
    seed: int,
    json_file: str | None,
    junit: str | None,
    device: str = "cpu",
) -> int:
    """Judge all matching claims and what they rest on; write reports; return the exit code.

    The table goes to stdout, or to stderr when a report does.
    """
    check_reports(json=json_file, junit=junit)
    missing = unmatched(patterns)
    if missing:
        fail(missing)
        return NOTHING
    judged = judge_matching(patterns, profile, seed, device, jobs)
    if judged is None:
        return UNDECIDED
    judgements, seconds = judged
    written = write_reports(
        [
            ("json", json_file, lambda: verify_report(judgements, seconds, profile, seed)),
            ("junit", junit, lambda: junit_report(judgements, seconds)),
        ]
    )
    print_summary(console(stderr=STDOUT in (json_file, junit)), judgements, seconds)
    return exit_code(judgements) if written else USAGE


def judge_matching(
    patterns: Sequence[str], profile: str, seed: int, device: str, jobs: int | None
) -> tuple[list[Judgement], float] | None:
    """Judgements on all matching claims and what they rest on, and the seconds it took.

    None, after one line on stderr, where a process died.
    """
    registry = collect()
    wanted = [claim.id for claim in matching(patterns)]
    ids = list(dict.fromkeys(i for w in wanted for i in (*registry.closure(w), w)))
    started, cores, judged = time.perf_counter(), jobs or available_cores(), {}
    try:
        with judging(ids, profile, seed, device, cores) as stream, LiveTable(ids) as live:
            for judgement in stream:
                judged[judgement.claim.id] = judgement
                live.add(judgement)
    except BrokenProcessPool:
        fail("a process died before its claim was judged (out of memory?): try --jobs 1")
        return None
    return settle([judged[id] for id in ids], registry), time.perf_counter() - started


def exit_code(judgements: Sequence[Judgement]) -> int:
    """0 all as expected, 1 refuted, 3 undecided or vacuous; a guard that holds counts as 1."""
    unexpected = [j for j in judgements if not j.as_expected]
    if not unexpected:
        return 0
    hard = [j for j in unexpected if j.status is Status.REFUTED or j.claim.expects == "refuted"]
    return REFUTED if hard else UNDECIDED
