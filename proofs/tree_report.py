"""The machine-readable report of `simulate tree`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from lemmata.numerics.trees import Tree

from .items_report import told_difference
from .mode_curves import CLAIMS
from .reports import provenance
from .tree_balanced import CLAIM as RICCATI
from .tree_balanced import BalancedStart
from .tree_comparison import TreeComparison
from .tree_levels import FALSE_ALARM, LevelComparison
from .tree_measurements import ByLevel, distances_by_level, generalisation_by_level
from .tree_orders import WrongOrders
from .tree_theory import levels_of_regular_tree
from .verdicts import weakest

__all__ = ["SCHEMA", "tree_report"]

SCHEMA = "lemmata.simulate.tree/1"


def tree_report(
    found: TreeComparison,
    settings: Mapping[str, Any],
    seconds: float,
    orders: WrongOrders | None = None,
) -> str:
    """The JSON of `simulate tree --json`.

    ``settings``: what was asked for, null where the default was worked out.  ``strength`` and what
    is told by level of the closest common ancestor have one row per time in ``times``;
    ``wrong_orders`` is null where none were counted.
    """
    run = found.run
    report = {
        "schema": SCHEMA,
        "claims": [
            *found.population.claims,
            *CLAIMS,
            *([] if found.balanced is None else [RICCATI]),
        ],
        "tree": _tree(found.tree),
        "settings": dict(settings),
        "status": str(weakest([found.status, *([] if orders is None else [orders.status])])),
        "sampling": {
            "largest": found.sampling.largest,
            "radius": found.sampling.radius,
            "distance": found.sampling.distance,
            "false_alarm": FALSE_ALARM,
            "status": str(found.sampling.status),
        },
        "levels": [_level(level) for level in found.levels],
        "balanced": None if found.balanced is None else _balanced(found.balanced),
        "order": dict(zip(("theory", "flow"), found.orders, strict=True)),
        "wrong_orders": None if orders is None else _wrong_orders(orders),
        "left_out": found.tree.P - sum(len(level.s) for level in found.levels),
        "times": run.times.tolist(),
        "strength": _strengths(found),
        "distance": _by_level(distances_by_level(found)),
        "generalisation": _by_level(generalisation_by_level(found)),
        **provenance(),
        "seconds": round(seconds, 3),
    }
    return json.dumps(report, indent=2, allow_nan=False) + "\n"


def _balanced(start: BalancedStart) -> dict[str, Any]:
    share = start.share if start.share < float("inf") else None
    return {**asdict(start), "share": share, "status": str(start.status)}


def _wrong_orders(orders: WrongOrders) -> dict[str, Any]:
    return {
        "features": orders.features,
        "trials": orders.trials,
        "wrong": orders.wrong,
        "radius": orders.radius,
        "probability": None if orders.exact is None else float(orders.exact),
        "status": str(orders.status),
    }


def _strengths(found: TreeComparison) -> dict[str, Any]:
    strengths: dict[str, Any] = {"unlimited features": found.analytics.tolist()}
    for start, theory in found.theory.items():
        strengths[start] = {"theory": theory.tolist(), "flow": found.measured[start].tolist()}
    return strengths


def _tree(tree: Tree) -> dict[str, Any]:
    regular = levels_of_regular_tree(tree)
    return {
        "items": list(tree.names),
        "B": None if regular is None else regular[0],
        "epsilon": None if regular is None else [str(flip) for flip in regular[1]],
        "parents": list(tree.parents),
        "flips": [str(flip) for flip in tree.flips],
        "leaves": list(tree.items),
    }


def _level(level: LevelComparison) -> dict[str, Any]:
    random = level.random
    return {
        "name": level.level.name,
        "about": level.level.about,
        "multiplicity": level.level.multiplicity,
        "s": {"unlimited features": level.level.s, "sample": level.s.tolist()},
        "shift": {"largest": level.shift, "status": str(level.shift_status)},
        "a0": level.a0,
        "final": level.final,
        "half_time": {"theory": level.learning_time, "flow": level.flow_time},
        "flow": told_difference(level.flow),
        "small_random": {
            "a0": random.a0,
            "half_time": {
                "unlimited features": random.population_time,
                "theory": random.learning_time,
                "flow": random.flow_time,
            },
            "largest": random.largest,
            "time": random.time,
            "simulation_error": random.error,
        },
    }


def _by_level(told: ByLevel) -> dict[str, Any]:
    return {
        "common_ancestor": list(told.levels),
        "simulation": told.simulation.tolist(),
        "analytics": told.analytics.tolist(),
    }
