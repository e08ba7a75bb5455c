"""The machine-readable report of `analyze`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lemmata.theory.learning.ordering import fraction_criterion

from ..mode_curves import CLAIMS
from ..reports import provenance
from .analysis import Analysis
from .categories import Category
from .illusions import Illusion, Illusions
from .modes import Carriers, Mode
from .structures import structure_report

__all__ = ["CLAIMS_USED", "SCHEMA", "analysis_report"]

SCHEMA = "lemmata.analyze/1"
CLAIMS_USED = (*CLAIMS, fraction_criterion.id)
"""Ids of the claims that the predictions come from."""


def analysis_report(found: Analysis, asked: Mapping[str, Any], seconds: float) -> str:
    """The JSON of `analyze --json`; ``asked`` are the settings as given."""
    order = found.order
    report = {
        "schema": SCHEMA,
        "claims": list(CLAIMS_USED),
        "settings": dict(asked),
        "items": list(found.table.items),
        "properties": None if found.given_similarity else list(found.table.properties),
        "input_strength": found.modes.input_strength,
        "negative_share": found.similarity.negative,
        "dominant_property": None if found.given_similarity else list(found.dominant),
        "modes": [_mode(mode) for mode in found.modes.modes],
        "left_out": found.modes.left_out,
        "order": {
            "first_to_last": [list(found.modes.modes[k].numbers) for k in order.first_to_last],
            "unreached": [list(found.modes.modes[k].numbers) for k in order.unreached],
            "reversal_strength": order.reversal,
            "reversed_pairs": order.reversed_pairs,
            "unresolved": [list(found.modes.modes[k].numbers) for k in order.unresolved],
        },
        "structure": structure_report(found.structure, found.table.items, found.similarity.values),
        "categories": [_category(c, found) for c in found.categories],
        "illusions": None if found.illusions is None else _illusions(found.illusions),
        **provenance(),
        "seconds": round(seconds, 3),
    }
    return json.dumps(report, indent=2, allow_nan=False) + "\n"


def _mode(mode: Mode) -> dict[str, Any]:
    return {
        "numbers": list(mode.numbers),
        "multiplicity": len(mode.numbers),
        "s": mode.s,
        "final": mode.final,
        "share": mode.share,
        "time": mode.time,
        "gap_in_standard_errors": mode.separation,
        "items": _carriers(mode.items),
        "properties": _carriers(mode.properties),
    }


def _carriers(carriers: Carriers) -> dict[str, Any]:
    return {"positive": dict(carriers.positive), "negative": dict(carriers.negative)}


def _category(category: Category, found: Analysis) -> dict[str, Any]:
    c = category.coherence
    return {
        "classification": category.classification,
        "category": c.category,
        "size": c.size,
        "within": c.within,
        "nearest": c.nearest,
        "outside": c.outside,
        "coherence": c.coherence,
        "rayleigh": c.rayleigh,
        "residual": c.residual,
        "eigenvector": category.eigenvector,
        "best_mode": list(found.modes.modes[category.best].numbers),
        "share_in_best_mode": category.share,
        "time": category.time,
    }


def _illusions(illusions: Illusions) -> dict[str, Any]:
    return {
        "count": illusions.count,
        "rises": illusions.upward,
        "rises_of_false_properties": illusions.of_false,
        "outputs": illusions.pairs,
        "least_height": illusions.least_height,
        "until": illusions.until,
        "modes_learned_later": illusions.later,
        "largest": [_illusion(one) for one in illusions.largest],
    }


def _illusion(one: Illusion) -> dict[str, Any]:
    return {
        "item": one.item,
        "property": one.property,
        "true": one.final,
        "peak": one.peak,
        "time": one.time,
        "height": one.height,
        "window": list(one.window),
        "alike": one.alike,
    }
