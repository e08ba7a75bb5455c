"""The example for users: what is printed is what is tested, and it sees what it says it sees."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import Phase, settings

EXAMPLE = Path(__file__).with_name("test_strategies_example.py")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "strategies.md"


def test_the_page_prints_the_example_that_is_tested() -> None:
    _, code = EXAMPLE.read_text(encoding="utf-8").split("\n", 1)
    assert f"```python\n{code.strip()}\n```" in PAGE.read_text(encoding="utf-8")


def test_the_page_names_every_strategy() -> None:
    from lemmata.proofs import strategies

    page = PAGE.read_text(encoding="utf-8")
    drawn = [name for name in strategies.__all__ if name.islower() and name != "points_of"]
    assert len(drawn) == 7
    assert [name for name in drawn if f"| `{name}(" not in page] == []


@pytest.fixture
def example() -> ModuleType:
    """The example as a module of its own, so that its training code can be replaced."""
    spec = importlib.util.spec_from_file_location("example_of_strategies", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def one_after_the_other(W21: Any, W32: Any, Sigma31: Any, step: Any) -> Any:
    W21 = W21 + step * W32.T @ (Sigma31 - W32 @ W21)
    return W21, W32 + step * (Sigma31 - W32 @ W21) @ W21.T


def error_of_the_old_weights(W21: Any, W32: Any, Sigma31: Any, step: Any) -> Any:
    error = Sigma31 - W32 @ W21
    W21 = W21 + step * W32.T @ error
    return W21, W32 + step * error @ W21.T


def too_fast(W21: Any, W32: Any, Sigma31: Any, step: Any) -> Any:
    error = (Sigma31 - W32 @ W21) * 26 / 25
    return W21 + step * W32.T @ error, W32 + step * error @ W21.T


def decayed(W21: Any, W32: Any, Sigma31: Any, step: Any) -> Any:
    error = Sigma31 - W32 @ W21
    return W21 + step * (W32.T @ error - W21 / 50), W32 + step * (error @ W21.T - W32 / 50)


# Found, not shrunk: what matters here is that it fails.
found = settings(phases=[Phase.generate], max_examples=30)

DRIFT, MODES = "test_drift_of_what_the_flow_conserves", "test_modes_follow_their_closed_form"
SEEN = [
    (DRIFT, one_after_the_other),
    (DRIFT, error_of_the_old_weights),
    (DRIFT, too_fast),
    (DRIFT, decayed),
    (MODES, too_fast),
    (MODES, decayed),
]


@pytest.mark.parametrize(("test", "slip"), SEEN)
def test_the_example_refutes_wrong_training_code(example: Any, test: str, slip: Any) -> None:
    example.euler_step = slip
    with pytest.raises(AssertionError):
        found(getattr(example, test))()


@pytest.mark.parametrize("slip", [one_after_the_other, error_of_the_old_weights])
def test_the_closed_form_alone_misses_the_order_of_updates(example: Any, slip: Any) -> None:
    example.euler_step = slip
    found(getattr(example, MODES))()
