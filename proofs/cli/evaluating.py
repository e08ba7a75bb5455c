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
            for place, value, radius in _entries(told["value"], told["radius"]):
                click.echo(f"{name}{place} = {value}  +/- {radius}")
    return 0


def _entries(value: Any, radius: Any) -> Iterator[tuple[str, str, str]]:
    """Place, value and radius of a number, or of every entry of a matrix, counted from 1."""
    if not isinstance(value, list):
        yield "", value, radius
        return
    for i, rows in enumerate(zip(value, radius, strict=True), start=1):
        for j, (entry, error) in enumerate(zip(*rows, strict=True), start=1):
            yield f"[{i},{j}]", entry, error
