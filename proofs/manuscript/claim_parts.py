"""Parts of a claim that may be missing in an equation: terms of sums, and factors of products."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Add, Inverse, MatAdd, MatMul, MatrixSymbol, Mul, Transpose, preorder_traversal
from sympy.core.relational import Relational

from ..notation import nodes, parse, vocabulary_of
from ..notation.names import plain_spelling
from ..notation.nodes import Node
from ..tex import read_formula
from ..typesetting import typeset_in
from .building import bracketed
from .reading import Reader
from .roles import pieces
from .typed_names import turned, upright

__all__ = ["missing_factors", "missing_terms"]

LONGEST = 24
"""Tokens of a part that may be missing."""
MOST = 10
_CANNOT = (ValueError, TypeError, AttributeError, NotImplementedError)


def missing_terms(reader: Reader) -> list[Node]:
    """Terms of the sums in the claim's statement, without their signs, as the manuscript writes."""
    return _written(reader, _terms(reader.claim))


def missing_factors(reader: Reader) -> list[Node]:
    """Products of two letters in the claim's statement, and inverses, as the manuscript writes."""
    return [bracketed(node) for node in _written(reader, _factors(reader.claim))]


def _sides(claim: Claim | None) -> Iterator[Any]:
    if claim is not None and isinstance(claim.statement, Relational):
        yield from claim.statement.args


def _terms(claim: Claim | None) -> Iterator[Any]:
    for side in _sides(claim):
        for part in preorder_traversal(side):
            if isinstance(part, Add | MatAdd):
                for term in part.args:
                    negative = term.could_extract_minus_sign() if part.is_Add else _minus(term)
                    yield -term if negative else term


def _minus(term: Any) -> bool:
    return isinstance(term, MatMul) and bool(term.as_coeff_mmul()[0].is_negative)


def _factors(claim: Claim | None) -> Iterator[Any]:
    for side in _sides(claim):
        for part in preorder_traversal(side):
            if isinstance(part, Inverse):
                yield part
            if isinstance(part, MatMul):
                letters = [f for f in part.args if getattr(f, "is_Matrix", False)]
                for pair in pairwise(letters):
                    yield MatMul(*pair)
            elif isinstance(part, Mul):
                yield from (f for f in part.args if f.is_Add or (f.args and not f.is_number))


def _written(reader: Reader, found: Iterator[Any]) -> list[Node]:
    """The parts with the names of the manuscript, the shortest first."""
    claim = reader.claim
    assert claim is not None
    new = _new_names(claim, reader)
    made: dict[str, Node] = {}
    for part in dict.fromkeys(found):
        if isinstance(part, MatrixSymbol | Transpose) and not part.atoms(MatMul):
            continue
        try:
            latex = typeset_in(claim, part)
            if len(pieces(latex)) <= LONGEST:
                made[latex] = _respelled(parse(read_formula(latex)), new)
        except _CANNOT:
            continue
    return [made[latex] for latex in sorted(made, key=lambda x: len(pieces(x)))[:MOST]]


def _new_names(claim: Claim, reader: Reader) -> dict[str, str]:
    """What is written for a name of the claim, by its spelling."""
    told: dict[str, str] = {}
    for key, entry in vocabulary_of(claim).names.items():
        names = {key, *(str(getattr(thing, "name", thing)) for thing in entry.things)}
        for old in names & set(reader.renamed):
            told[key] = reader.renamed[old]
    return told


def _respelled(node: Node, new: dict[str, str]) -> Node:
    if isinstance(node, nodes.Letter | nodes.Accent | nodes.Scripted):
        for name, again in ((node, _same), (upright(node), turned)):
            latex = None if name is None else new.get(_spelling(name))
            if latex is not None:
                return again(parse(read_formula(latex)))
    return node.with_children(tuple(_respelled(child, new) for child in node.children))


def _same(node: Node) -> Node:
    return node


def _spelling(node: Node) -> str:
    try:
        return plain_spelling(node)
    except _CANNOT:
        return ""
