"""`evaluate`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import click

from ..evaluation import evaluate
from ..inputs import InputError
from .finding import find

__all__ = ["run"]


def run(id: str, pairs: Sequence[str], digits: int, as_json: bool) -> int:
    """Print value and radius, one line per number; raises ``click.UsageError`` for bad input."""
    claim = find(id)
    inputs: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.UsageError(f"inputs: {pair!r} is not NAME=VALUE")
        if name in inputs:
            raise click.UsageError(f"{name}: given twice: give it once")
        inputs[name] = value
    try:
        result = evaluate(claim, inputs, digits)
    except InputError as error:
        raise click.UsageError(str(error)) from None
    if as_json:
        click.echo(json.dumps(result, indent=2))
    else:
        for name, told in result["values"].items():
            for place, value, radius in _entries(told["value"], told["radius"], told.get("first")):
                where = f"[{','.join(map(str, place))}]" if place else ""
                click.echo(f"{name}{where} = {value}  +/- {radius}")
    return 0


def _entries(
    value: Any, radius: Any, first: Sequence[int] | None
) -> Iterator[tuple[tuple[int, ...], str, str]]:
    """Place, value and radius of a number, or of every entry of nested lists.

    Places count from ``first``; in a matrix from 1.
    """
    if not isinstance(value, list):
        yield (), value, radius
        return
    start, *rest = first or (1,)
    for i, (entry, error) in enumerate(zip(value, radius, strict=True), start):
        for place, number, size in _entries(entry, error, rest):
            yield (i, *place), number, size
