"""The example of docs/levels.md is proved, and a wrong one beside it refuted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lemmata.theory.registry
import pytest
from lemmata.proofs import Status, judge

PAGE = Path(__file__).parents[2] / "docs" / "levels.md"


def example(old: str = "", new: str = "") -> Any:
    """The claim of the page, with one change."""
    lines = PAGE.read_text().splitlines()
    code = "\n".join(line[4:] for line in lines if line.startswith("    "))
    assert old in code
    names: dict[str, Any] = {}
    lemmata.theory.registry.REGISTRY._claims.pop("ours.splits", None)
    exec(compile(code.replace(old, new), str(PAGE), "exec"), names)
    lemmata.theory.registry.REGISTRY._claims.pop("ours.splits", None)
    return names["splits"]


def test_the_example_is_proved() -> None:
    found = judge(example(), "quick")
    assert found.own is Status.PROVED


@pytest.mark.parametrize(
    ("old", "new"),
    [("(B(l) - 1)*M(l)", "B(l)*M(l)"), ("(l, 0, k - 1)", "(l, 0, k)"), ("j, 0, k - 1", "j, 0, k")],
)
def test_a_wrong_example_is_refuted(old: str, new: str) -> None:
    old = old if old in PAGE.read_text() else old.replace("*", " * ")
    assert judge(example(old, new), "quick").own is Status.REFUTED
