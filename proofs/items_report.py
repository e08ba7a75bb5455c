"""The machine-readable report of `simulate`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lemmata.numerics.datasets import ItemTable

from .items_comparison import Difference, ItemsComparison, ModeComparison
from .mode_curves import CLAIMS
from .reports import provenance

__all__ = ["SCHEMA", "simulation_report", "told_difference"]

SCHEMA = "lemmata.simulate/1"


def simulation_report(
    table: ItemTable, found: ItemsComparison, settings: Mapping[str, Any], seconds: float
) -> str:
    """The JSON of `simulate --json`.

    ``settings``: what was asked for, null where the default was worked out; ``until`` and
    ``updates`` that were used are in ``times`` and ``iterations``.  ``strength`` has one row per
    time in ``times``, one column per entry of ``modes``.
    """
    run = found.run
    report = {
        "schema": SCHEMA,
        "claims": list(CLAIMS),
        "items": list(table.items),
        "properties": list(table.properties),
        "settings": dict(settings),
        "input_strength": run.input_strength,
        "status": str(found.status),
        "modes": [_mode(mode) for mode in found.modes],
        "left_out": found.left_out,
        "times": run.times.tolist(),
        "iterations": run.iterations.tolist(),
        "strength": {
            start: {
                "theory": found.theory[start].tolist(),
                "flow": run.flow[start].subspaces.tolist(),
                "descent": run.descent[start].subspaces.tolist(),
            }
            for start in found.theory
        },
        **provenance(),
        "seconds": round(seconds, 3),
    }
    return json.dumps(report, indent=2, allow_nan=False) + "\n"


def _mode(mode: ModeComparison) -> dict[str, Any]:
    random = mode.random
    return {
        "numbers": list(mode.numbers),
        "s": mode.s,
        "multiplicity": len(mode.numbers),
        "a0": mode.a0,
        "final": mode.final,
        "half_time": {
            "theory": mode.learning_time,
            "flow": mode.flow_time,
            "descent": mode.descent_time,
        },
        "flow": told_difference(mode.flow),
        "descent": told_difference(mode.descent),
        "small_random": {
            "a0": random.a0,
            "half_time": {
                "theory": random.learning_time,
                "flow": random.flow_time,
                "descent": random.descent_time,
            },
            "largest": random.largest,
            "time": random.time,
            "simulation_error": random.budget,
        },
    }


def told_difference(difference: Difference) -> dict[str, Any]:
    """A difference of theory and simulation, its budget and status, for a JSON report."""
    return {
        "largest": difference.largest,
        "time": difference.time,
        "budget": difference.budget,
        "terms": dict(difference.terms),
        "dominant": difference.dominant,
        "share": difference.share if difference.share < float("inf") else None,
        "status": str(difference.status),
    }
