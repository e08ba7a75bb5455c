"""How notebooks show what theory states.  Theory prints nothing: whoever can, says so here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["Shown", "show_with"]

_SHOWN: dict[str, Callable[[Any], str | None]] = {}


def show_with(*, latex: Callable[[Any], str | None], html: Callable[[Any], str | None]) -> None:
    """From now on notebooks show every ``Shown`` object as these say; None is no opinion."""
    _SHOWN.update(latex=latex, html=html)


class Shown:
    """What a notebook shows as mathematics, once somebody has said how."""

    __slots__ = ()

    def _repr_latex_(self) -> str | None:
        return _SHOWN["latex"](self) if "latex" in _SHOWN else None

    def _repr_html_(self) -> str | None:
        return _SHOWN["html"](self) if "html" in _SHOWN else None
