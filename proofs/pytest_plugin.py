"""Claims in a researcher's own files, collected and verified by pytest.

Every module that pytest collects is searched for claims.  A file that no pattern of pytest names
is collected too when its first lines import `claim` from `lemmata.proofs`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

__all__ = ["ClaimItem", "ClaimNotUpheldError"]


class ClaimNotUpheldError(Exception):
    """The status of a claim is not what it expects."""


class ClaimItem(pytest.Item):
    """One claim as a test: passes when its status is as expected."""

    def __init__(self, *, claim: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.claim = claim

    def runtest(self) -> None:
        """Verify the claim; raise ``ClaimNotUpheldError`` with a readable account."""
        from .court import verify

        judgement = verify(self.claim, self.config.getoption("--lemmata-profile"))
        if not judgement.as_expected:
            raise ClaimNotUpheldError(_account(judgement))

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The account alone, without a traceback through this package."""
        if isinstance(excinfo.value, ClaimNotUpheldError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the claim was written."""
        line = int(self.claim.place.rpartition(":")[2] or 1)
        return self.path, line - 1, f"claim {self.claim.id}"


def pytest_addoption(parser: Any) -> None:
    """Add ``--lemmata-profile``."""
    parser.addoption(
        "--lemmata-profile",
        choices=["quick", "full", "thorough"],
        default="quick",
        help="how much evidence to gather for each claim",
    )


def pytest_pycollect_makeitem(collector: Any, name: str, obj: Any) -> Any:
    """A claim in a module is one test."""
    if type(obj).__name__ != "Claim" or type(obj).__module__ != "lemmata.theory.claims":
        return None
    if not obj.place.startswith(str(collector.path)):
        return None
    return ClaimItem.from_parent(collector, name=name, claim=obj)


def pytest_collect_file(file_path: Path, parent: Any) -> Any:
    """Collect a file of claims that no pattern of pytest names."""
    if file_path.suffix != ".py" or _collected_anyway(file_path, parent):
        return None
    return pytest.Module.from_parent(parent, path=file_path) if _makes_claims(file_path) else None


def _collected_anyway(path: Path, parent: Any) -> bool:
    named = any(path.match(pattern) for pattern in parent.config.getini("python_files"))
    return named or parent.session.isinitpath(path)


def _makes_claims(path: Path) -> bool:
    try:
        text = path.read_text(encoding="utf-8")
        return "lemmata" in text and any(_imports_claim(ast.parse(text)))
    except (OSError, UnicodeDecodeError, SyntaxError):
        return False


def _imports_claim(tree: ast.Module) -> Iterator[bool]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = {alias.name for alias in node.names}
            yield node.module == "lemmata.proofs" and "claim" in names


def _account(judgement: Any) -> str:
    from .verdicts import Status

    claim = judgement.claim
    lines = [
        f"claim {claim.id} is {judgement.status}, expected {claim.expects}",
        f"  statement: {claim.statement}",
    ]
    lines += [f"  where:     {d.head} := {d.body}" for d in claim.where]
    lines += [f"  given:     {relation}" for relation in claim.given]
    for verdict in judgement.verdicts:
        if verdict.status < Status.SAMPLED:
            lines.append(f"  {verdict.kind}: {verdict.status}: {verdict.reason}")
            if verdict.counterexample:
                at = ", ".join(f"{k} = {v}" for k, v in verdict.counterexample.items())
                lines.append(f"    counterexample: {at}")
            if verdict.worst:
                lines.append(f"    {verdict.worst}")
    return "\n".join(lines)
