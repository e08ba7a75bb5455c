"""`latex --check`: which claims of a written file are told otherwise now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click
from lemmata.theory.claims import Claim

from ..court import collect
from ..typesetting.stale import StaleError, differences, digests_in, recorded, statuses_in
from .main import REFUTED

__all__ = ["check"]

LARGEST = 1 << 26
"""Characters of the largest file that is checked."""


def check(path: str, evidence: str | None) -> int:
    """Print one line for each claim that has changed; 1 where any has.

    A file of ours is written again and compared.  Of any other file, a manuscript into which
    equations were pasted with their comments, and of the paper, the digests are compared.
    """
    old = _read(path)
    try:
        arguments = recorded(old)
    except StaleError as error:
        if not digests_in(old):
            raise click.UsageError(f"--check: {path}: {error}") from None
        arguments = None
    if arguments is None:
        lines, kept = list(_changed(old, complete=False)), "of which digests are told are the same"
    else:
        options = _options(path, arguments)
        if options["document"]:
            lines, kept = list(_changed(old, complete=True)), "are the same"
        else:
            lines, kept = list(differences(old, _again(options, old, evidence))), ""
    for line in lines:
        click.echo(line)
    if not lines:
        told = f"the claims {kept}" if kept else "it is what would be written today"
        click.echo(f"lemmata: {path}: {told}", err=True)
    return REFUTED if lines else 0


def _options(path: str, arguments: Sequence[str]) -> dict[str, Any]:
    """The options that the first line of a file tells."""
    from .typesetting import command

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
    from .typesetting import chosen, requested, text_of

    request = requested({**options, "evidence": evidence})
    registry = collect()
    known = [id for id in request.patterns if id in registry or set("*?[") & set(id)]
    claims = chosen(known)
    statuses = request.statuses() if evidence else _told_before(old, claims)
    return text_of(request, claims, statuses)


def _told_before(text: str, claims: list[Claim]) -> Mapping[str, str]:
    """Statuses in the file of claims that are still the same."""
    found = statuses_in(text)
    return {
        claim.id: found[claim.id][1]
        for claim in claims
        if claim.id in found and found[claim.id][0] == claim.digest
    }


def _changed(text: str, *, complete: bool) -> Iterator[str]:
    """Claims whose digests differ; also those that the file lacks, where it has to have all."""
    registry = collect()
    told = digests_in(text)
    for id, digest in told.items():
        if id not in registry:
            yield f"{id}: digest {digest}, now no longer claimed"
        elif registry[id].digest != digest:
            yield f"{id}: digest {digest}, now {registry[id].digest}"
    for claim in registry if complete else ():
        if claim.id not in told:
            yield f"{claim.id}: is missing, now digest {claim.digest}"


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
