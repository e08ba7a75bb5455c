"""What a mutant changes, in words that are put together only when they are read."""

from __future__ import annotations

from typing import Any

__all__ = ["Change"]


class Change:
    """Parts of a sentence: strings, expressions, other changes.

    Thousands of mutants are made and few are named, and printing an expression takes longer than
    making it.
    """

    __slots__ = ("parts",)

    def __init__(self, *parts: Any) -> None:
        self.parts = parts

    def __str__(self) -> str:
        return "".join(map(str, self.parts))
