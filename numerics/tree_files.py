"""Trees of items read from JSON files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from .tree_numbers import TreeError, exact_number
from .tree_tables import tree_of_table
from .trees import Tree, regular_tree, tree_of

__all__ = ["read_tree", "tree_of_json"]

KINDS = ("B", "tree", "parents")
KEYS = (*KINDS, "epsilon", "names")


def read_tree(path: str | PathLike[str], epsilon: Any = None) -> Tree:
    """The tree in a JSON file, see ``tree_of_json``; ``TreeError`` begins with the file's name."""
    source = Path(path)
    try:
        text = source.read_text(encoding="utf-8-sig")
    except OSError as error:
        problem = "give the path of a JSON file" if source.is_dir() else error.strerror
        raise TreeError(f"{source}: {problem}") from None
    except UnicodeDecodeError as error:
        raise TreeError(f"{source}: byte {error.start} is no UTF-8: save it as UTF-8") from None
    try:
        return tree_of_json(text, epsilon)
    except TreeError as error:
        raise TreeError(f"{source}: {error}") from None


def tree_of_json(text: str, epsilon: Any = None) -> Tree:
    """The tree that a JSON text denotes.

    A list is a node as of ``tree_of``.  An object has one of the keys ``"B"`` (children of the
    nodes of each level), ``"tree"`` (nested lists) and ``"parents"`` (an object: the node above
    each node), and perhaps ``"epsilon"`` and ``"names"`` (of the items).  ``epsilon`` is for a text
    that has none.  Decimals are exact.  Raises ``TreeError``.
    """
    try:
        given = json.loads(
            text,
            parse_float=lambda digits: exact_number("number", digits),
            parse_constant=_no_constant,
            object_pairs_hook=_once,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise TreeError(f"{place}: no JSON ({error.msg}): correct it") from None
    except RecursionError:
        raise TreeError('tree: nested too deeply for JSON: give the table "parents"') from None
    if isinstance(given, list):
        return tree_of(given, epsilon)
    if not isinstance(given, Mapping):
        raise TreeError(f'tree={given!r}: give a list of branches, or an object with "tree"')
    return _tree_of_object(given, epsilon)


def _tree_of_object(given: Mapping[str, Any], epsilon: Any) -> Tree:
    unknown = [key for key in given if key not in KEYS]
    if unknown:
        raise TreeError(f"{unknown[0]!r}: no such key: give some of {', '.join(KEYS)}")
    kinds = [key for key in KINDS if key in given]
    if len(kinds) != 1:
        told = " and ".join(kinds) or "none of them"
        raise TreeError(f"{told} given: give one of the keys {', '.join(KINDS)}")
    if epsilon is not None and "epsilon" in given:
        raise TreeError("epsilon is given twice: leave it out here or in the file")
    flips, names = given.get("epsilon", epsilon), given.get("names")
    if names is not None and not isinstance(names, list):
        raise TreeError(f"names={names!r}: give a list with the name of each item")
    if kinds == ["parents"]:
        if names is not None:
            raise TreeError("names: the items of a table of parents have names: leave it out")
        return tree_of_table(given["parents"], flips)
    if kinds == ["B"]:
        return regular_tree(given["B"], flips, names)
    return tree_of(given["tree"], flips, names)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise TreeError(f"{key!r} is given twice: a node has one node above it")
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise TreeError(f"{name} is no finite number: give a number, such as 0.1")
