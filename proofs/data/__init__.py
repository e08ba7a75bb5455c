"""Shipped data sets."""

from __future__ import annotations

from importlib.resources import as_file, files

from lemmata.numerics.datasets import ItemTable, read_items

__all__ = ["SHIPPED", "shipped_items"]

SHIPPED = ("animals",)
"""Names of the tables of items that come with the package."""


def shipped_items(name: str) -> ItemTable:
    """The table of items of that name, see the README beside it.

    Raises ``KeyError`` for a name that is not in ``SHIPPED``.
    """
    if name not in SHIPPED:
        raise KeyError(f"{name!r} is not shipped: choose from {', '.join(SHIPPED)}")
    with as_file(files(__name__) / f"{name}.csv") as path:
        return read_items(path)
