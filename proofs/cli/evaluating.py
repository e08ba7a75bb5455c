"""`evaluate`."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from ..evaluation import evaluate
from ..inputs import InputError
from .finding import find

__all__ = ["run"]


def run(id: str, pairs: Sequence[str], digits: int, as_json: bool) -> int:
    """Print value and radius; raises ``click.UsageError`` for bad input."""
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
        for name, value in result["values"].items():
            click.echo(f"{name} = {value['value']}  +/- {value['radius']}")
    return 0
