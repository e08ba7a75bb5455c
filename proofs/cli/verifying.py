"""`verify`: the main job."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

import click

from ..court import Judgement, collect, judge, settle
from ..reports import junit_report, verify_report, write_whole
from ..verdicts import Status
from .finding import matching
from .main import NOTHING, REFUTED, UNDECIDED, USAGE
from .table import LiveTable

__all__ = ["run"]


def run(
    patterns: Sequence[str],
    profile: str,
    jobs: int | None,
    seed: int,
    json_file: str | None,
    junit: str | None,
) -> int:
    """Judge all matching claims and what they rest on; write reports; return the exit code."""
    for option, path in (("--json", json_file), ("--junit", junit)):
        _check_writable(option, path)
    wanted = [c.id for c in matching(patterns)]
    if not wanted:
        click.echo(f"lemmata: nothing matches {' '.join(patterns)}", err=True)
        return NOTHING
    registry = collect()
    ids = list(dict.fromkeys(i for w in wanted for i in (*registry.closure(w), w)))
    started = time.perf_counter()
    with LiveTable(len(ids)) as table:
        judged = {}
        for judgement in _judgements(ids, profile, seed, jobs or os.cpu_count() or 1):
            judged[judgement.claim.id] = judgement
            table.add(judgement)
    judgements = settle([judged[id] for id in ids], registry)
    seconds = time.perf_counter() - started
    table.summary(judgements, seconds)
    if json_file:
        write_whole(json_file, verify_report(judgements, seconds, profile, seed))
    if junit:
        write_whole(junit, junit_report(judgements, seconds))
    return exit_code(judgements)


def exit_code(judgements: Sequence[Judgement]) -> int:
    """0 all as expected, 1 refuted, 3 undecided or vacuous; a guard that holds counts as 1."""
    unexpected = [j for j in judgements if not j.as_expected]
    if not unexpected:
        return 0
    hard = [j for j in unexpected if j.status is Status.REFUTED or j.claim.expects == "refuted"]
    return REFUTED if hard else UNDECIDED


def _judgements(ids: Sequence[str], profile: str, seed: int, jobs: int) -> Iterator[Judgement]:
    if jobs == 1 or len(ids) < 4:
        for id in ids:
            yield _judge(id, profile, seed)
        return
    with ProcessPoolExecutor(min(jobs, len(ids))) as pool:
        futures = [pool.submit(_judge, id, profile, seed) for id in ids]
        try:
            for future in as_completed(futures):
                yield future.result()
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _judge(id: str, profile: str, seed: int) -> Judgement:
    return judge(collect()[id], profile, seed)


def _check_writable(option: str, path: str | None) -> None:
    if path is None:
        return
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK):
        click.echo(f"lemmata: {option}: cannot write {path}: no writable folder {folder}", err=True)
        sys.exit(USAGE)
