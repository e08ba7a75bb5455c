"""From tokens to the syntax tree, by the grammar of formula.lark."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any

from lark import Lark, UnexpectedToken
from lark import Token as Terminal

from .errors import NotationError
from .lexer import FormulaLexer, terminals
from .nodes import Node
from .tree import builder

__all__ = ["DEEPEST", "parse"]

DEEPEST = 32
"""Nodes inside nodes; claims have up to 16.  What follows a tree may recurse, several calls for
each, and SymPy's time to tell signs doubles with every fraction inside a fraction."""


def parse(tokens: Any) -> Node:
    """The syntax tree of a formula.

    Raises ``NotationError`` with the token and the reason for what the grammar does not know.
    """
    tokens = tuple(tokens)
    try:
        if not tokens:
            raise NotationError("the formula is empty")
        found = _parsed(terminals(tokens), len(tokens))
        _refuse_depth(found)
    except NotationError as error:
        raise error.located(tokens) from None
    return found


def _parsed(stream: list[Terminal], length: int) -> Node:
    parser: Any = _parser()  # what it makes is no tree of lark but a node
    try:
        return parser.parse(stream)  # type: ignore[no-any-return]
    except UnexpectedToken as error:
        raise NotationError(*_told(error.token, length)) from None


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = resources.files(__package__).joinpath("formula.lark").read_text(encoding="utf-8")
    return Lark(
        grammar,
        parser="lalr",
        lexer=FormulaLexer,
        transformer=builder(),
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


def _told(token: Terminal, length: int) -> tuple[str, int]:
    if token.type == "$END":
        return "the formula breaks off here: something is missing", length - 1
    index = int(token.start_pos or 0)
    if token.type == "TEXT":
        return f"words inside a term: {token!s}", index
    closing = ("RBRACE", "CLOSE", "OPTION_CLOSE", "END", "NEWLINE", "ALIGN")
    if token.type in ("RELATION", "IMPLIES", "SIGN", "MULTIPLY", "COMMA", "SUB", "SUP", *closing):
        return f"something is missing before {token!s}", index
    return f"{token!s} cannot stand here", index


def _refuse_depth(node: Node) -> None:
    level: list[Node] = [node]
    for _ in range(DEEPEST):
        if not level:
            return
        level = [child for inner in level for child in inner.children]
    raise NotationError(
        f"the formula is nested deeper than {DEEPEST}: name a part of it", level[0].start
    )
