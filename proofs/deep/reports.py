"""The machine-readable reports of experiments on deep networks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..reports import provenance
from ..verdicts import Status

__all__ = ["deep_report"]


def deep_report(
    command: str,
    *,
    claims: Sequence[str],
    settings: Mapping[str, Any],
    status: Status,
    results: Mapping[str, Any],
    seconds: float,
) -> str:
    """The JSON of `simulate COMMAND --json`: schema ``lemmata.simulate.COMMAND/1``.

    ``claims``: what it is compared with; ``settings``: all that the numbers depend on;
    ``results``: the entries that are the command's own, numbers that are not finite as null.
    """
    report = {
        "schema": f"lemmata.simulate.{command}/1",
        "claims": list(claims),
        "settings": dict(settings),
        "status": str(status),
        **_plain(results),
        **provenance(),
        "seconds": round(seconds, 3),
    }
    return json.dumps(report, indent=2, allow_nan=False, default=str) + "\n"


def _plain(value: Any) -> Any:
    """Arrays as lists, statuses as words, and None for what is not finite."""
    if isinstance(value, Status):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
