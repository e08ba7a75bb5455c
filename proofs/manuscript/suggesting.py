"""Which claims an equation without annotation seems to state."""

from __future__ import annotations

from typing import Any


def suggest_all(findings: list[Any], unexplained: Any, seed: int, seconds: float) -> list[Any]:
    """None yet."""
    return findings
