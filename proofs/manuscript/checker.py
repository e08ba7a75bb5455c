"""The check of a manuscript: every equation against what its annotation asks for."""

from __future__ import annotations

import time

from ..tex import Manuscript, read_manuscript
from .findings import ManuscriptReport
from .session import Session

__all__ = ["check_manuscript", "check_read"]


def check_manuscript(
    path: str, *, suggestions: bool = True, seed: int = 0, seconds: float = 10.0
) -> ManuscriptReport:
    r"""Check the equations of a LaTeX manuscript that are annotated with ``% lemmata: ...``.

    ``suggestions``: say of the other equations which claims they seem to state, for at most
    ``seconds`` of the processor.  ``seed`` seeds all random numbers.  Nothing of the manuscript is
    executed.  Raises ``TexError`` for a manuscript that is refused and ``OSError`` where it cannot
    be read.
    """
    return check_read(read_manuscript(path), path, suggestions, seed, seconds)


def check_read(
    manuscript: Manuscript, path: str, suggestions: bool, seed: int, seconds: float
) -> ManuscriptReport:
    """The same of a manuscript that was read."""
    started = time.perf_counter()
    session = Session(seed)
    findings = [*session.run(manuscript)]
    left = 0
    if suggestions:
        from .suggesting import suggest_all

        findings, left = suggest_all(findings, session.unexplained, seed, seconds)
    taken = time.perf_counter() - started
    return ManuscriptReport(path, tuple(findings), tuple(manuscript.files), seed, taken, left)
