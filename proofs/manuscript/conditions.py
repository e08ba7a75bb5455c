"""Conditions behind an equation that leave out a boundary which the claim has."""

from __future__ import annotations

from typing import Any

from sympy import Gt, Lt, S

from ..notation import NotationError, nodes, relations, written
from ..notation.nodes import Node
from ..notation.vocabulary import Vocabulary

__all__ = ["left_out"]

_BRACKETS = (("{", "}"), ("(", ")"), ("[", "]"))


def left_out(formula: Node, vocabulary: Vocabulary) -> str:
    """For what an equation is not said though the claim is; empty where it is said for all."""
    told: list[str] = []
    for condition in _conditions(formula):
        try:
            links = relations(condition, vocabulary)
        except NotationError:
            continue
        for number, link in enumerate(links):
            if isinstance(link, Gt | Lt) and not _known(link, vocabulary):
                left, right = condition.sides[number : number + 2]
                if isinstance(left, nodes.Number):
                    left, right = right, left
                told.append(f"{written(left)} = {written(right)}")
    return f"it is not said for {' or '.join(dict.fromkeys(told))}" if told else ""


def _conditions(formula: Node) -> list[nodes.Relation]:
    """The relations behind the first one."""
    formula = _unwrapped(formula)
    if not isinstance(formula, nodes.Sequence):
        return []
    stated = [_unwrapped(item) for item in formula.items if not isinstance(item, nodes.Text)]
    return [item for item in stated[1:] if isinstance(item, nodes.Relation)]


def _unwrapped(node: Node) -> Node:
    while isinstance(node, nodes.Group) and (node.left, node.right) in _BRACKETS:
        node = node.content
    return node


def _known(link: Any, vocabulary: Vocabulary) -> bool:
    holds = link.func(*link.args)
    return holds == S.true or link in vocabulary.known or link.reversed in vocabulary.known
