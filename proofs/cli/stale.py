"""`latex --check`: which claims of a written file are told otherwise now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click
from lemmata.theory.claims import Claim

from ..court import collect
from ..typesetting.pasted import changed_by_hand
from ..typesetting.stale import Comment, StaleError, comments, differences, numbered, recorded
from .main import REFUTED
from .typesetting import chosen, command, requested, statuses_of, text_of

__all__ = ["check"]

LARGEST = 1 << 26
"""Characters of the largest file that is checked."""


def check(path: str, evidence: str | None) -> int:
    """Print one line for each claim that has changed; 1 where any has.

    A file of ours is written again and compared.  Of any other file, a manuscript into which
    equations were pasted with their comments, digests and equations are compared.
    """
    old = _read(path)
    try:
        arguments = recorded(old)
    except StaleError as error:
        raise click.UsageError(f"--check: {path}: {error}") from None
    if arguments is None:
        lines = list(_pasted(old, evidence))
        kept = "the claims and their equations are the same"
    else:
        options = _options(path, arguments)
        if options["document"]:
            from .stale_paper import paper_differences

            lines, kept = paper_differences(old, evidence or options["evidence"])
        else:
            lines = list(differences(numbered(old), numbered(_again(options, old, evidence))))
            kept = "it is what would be written today"
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo(f"lemmata: {path}: {kept}", err=True)
    return REFUTED if lines else 0


def _options(path: str, arguments: Sequence[str]) -> dict[str, Any]:
    """The options that the first line of a file tells."""
    try:
        context = command.make_context("latex", list(arguments))
    except (click.ClickException, click.exceptions.Exit) as error:
        told = error.format_message() if isinstance(error, click.ClickException) else "it asks help"
        raise click.UsageError(f"--check: {path}: its first line: {told}") from None
    if context.params["checked"] is not None:
        raise click.UsageError(f"--check: {path}: its first line asks for another check")
    return context.params


def _again(options: Mapping[str, Any], old: str, evidence: str | None) -> str:
    """What would be written today; statuses as the file has them, or as the evidence has them."""
    request = requested({**options, "evidence": evidence})
    registry = collect()
    known = [id for id in request.patterns if id in registry or set("*?[") & set(id)]
    claims = chosen(known)
    statuses = request.statuses() if evidence else _told_before(old, claims)
    return text_of(request, claims, statuses)


def _told_before(text: str, claims: list[Claim]) -> Mapping[str, str]:
    """Statuses in the file of claims that are still the same."""
    digests = {claim.id: claim.digest for claim in claims}
    return {
        told.id: told.status
        for told in comments(text)
        if told.status and digests.get(told.id) == told.digest
    }


def _pasted(text: str, evidence: str | None) -> Iterator[str]:
    """Claims whose digests, equations or, with the evidence, statuses are others now."""
    registry = collect()
    statuses = statuses_of(evidence) if evidence else {}
    lines = text.splitlines()
    for told in comments(text):
        if told.id not in registry:
            yield f"{told.id}: digest {told.digest}, now no longer claimed"
        elif registry[told.id].digest != told.digest:
            yield f"{told.id}: digest {told.digest}, now {registry[told.id].digest}"
        else:
            yield from _otherwise(lines, told, registry[told.id], statuses)


def _otherwise(
    lines: Sequence[str], told: Comment, claim: Claim, statuses: Mapping[str, str]
) -> Iterator[str]:
    changed = changed_by_hand(lines, told, claim)
    if changed:
        yield changed
    status = statuses.get(told.id, told.status)
    if told.status and status != told.status:
        yield f"line {told.line}: {told.id}: status {told.status}, now {status}"


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read(LARGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is no text in UTF-8"
        raise click.UsageError(f"--check: cannot read {path}: {reason}") from None
    if len(text) > LARGEST:
        raise click.UsageError(f"--check: {path}: is larger than {LARGEST} bytes")
    return text
