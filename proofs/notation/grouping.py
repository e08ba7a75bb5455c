r"""The brackets that a tree needs so that it can be written.

An edit may put a sum into a product or a product under an exponent.  Such a tree is read and
written as the one that has brackets there, so that what is proved of it is proved of its LaTeX.
"""

from __future__ import annotations

from dataclasses import replace

from .nodes import (
    Accent,
    Differential,
    Group,
    Integral,
    Letter,
    Logic,
    Node,
    Number,
    Product,
    Relation,
    Scripted,
    Sequence,
    Sum,
)

__all__ = ["grouped"]

_NEVER_SIDES = (Relation, Logic, Sequence)
_NEVER_TERMS = (Sum, *_NEVER_SIDES)
_NEVER_BASES = (Product, Scripted, Integral, Differential, *_NEVER_TERMS)
_DIVISIONS = ("/", r"\div")
_DOT = r"\cdot"


def grouped(node: Node) -> Node:
    """The tree with round brackets where parts are looser than what stands around them.

    A product inside a product is written in line, but in brackets where one of them divides.
    A tree that was parsed comes back as it is.
    """
    children = node.children
    inside = tuple(grouped(child) for child in children)
    if any(new is not old for new, old in zip(inside, children, strict=True)):
        node = node.with_children(inside)
    if isinstance(node, Group):
        return _barred(node)
    if isinstance(node, Product):
        return _product(node)
    if isinstance(node, Sum):
        return _sum(node)
    if isinstance(node, Relation):
        return _with(node, tuple(_closed(side, _NEVER_SIDES) for side in node.sides))
    if isinstance(node, Logic):
        return _with(node, tuple(_closed(side, (Logic, Sequence)) for side in node.sides))
    if isinstance(node, Sequence):
        return _with(node, tuple(_closed(item, (Sequence,)) for item in node.items))
    if isinstance(node, Scripted):
        base = _closed(node.base, _NEVER_BASES)
        return node if base is node.base else replace(node, base=base)
    if isinstance(node, Integral):
        body = _closed(node.body, _NEVER_SIDES)
        return node if body is node.body else replace(node, body=body)
    if isinstance(node, Differential):
        variable = _closed(node.variable, (Product, *_NEVER_TERMS))
        return node if variable is node.variable else replace(node, variable=variable)
    return node


def _closed(node: Node, loose: tuple[type[Node], ...]) -> Node:
    """The node, in brackets where it is of a ``loose`` kind."""
    if isinstance(node, loose):
        return Group("(", node, ")", sized=True, start=node.start, end=node.end)
    return node


def _barred(node: Group) -> Group:
    """A bar opens and closes alike: within bars only \\left and \\right tell which."""
    if node.sized or node.left != node.right or not _holds(node.content, node.left):
        return node
    return replace(node, sized=True)


def _holds(node: Node, bar: str) -> bool:
    """Whether a bar stands in the node, not inside of other brackets."""
    if isinstance(node, Group) and node.left != "{":
        return node.left == bar and not node.sized
    return any(_holds(child, bar) for child in node.children)


def _with(node: Node, children: tuple[Node, ...]) -> Node:
    same = all(new is old for new, old in zip(children, node.children, strict=True))
    return node if same else node.with_children(children)


def _sum(node: Sum) -> Node:
    if len(node.terms) == 1 and not node.signs[0]:
        return node.terms[0]
    return _with(node, tuple(_closed(term, _NEVER_TERMS) for term in node.terms))


def _product(node: Product) -> Node:
    first = node.items[0]
    if isinstance(first, Sum) and len(first.terms) == 1 and isinstance(first.terms[0], Number):
        # Minus two times x is written - 2 x.
        rest = replace(node, items=(first.terms[0], *node.items[1:]))
        return replace(first, terms=(_product(rest),))
    items: list[Node] = []
    signs: list[str] = []
    for n, (item, sign) in enumerate(zip(node.items, node.signs, strict=True)):
        sign = sign if n else ""
        divides = isinstance(item, Product) and (
            sign in _DIVISIONS or any(s in _DIVISIONS for s in item.signs)
        )
        if isinstance(item, Product) and not divides:
            items += item.items
            signs += [sign, *item.signs[1:]]
            continue
        shown = _closed(item, (Product, *_NEVER_TERMS))
        if shown is not item and items and not sign and _may_be_called(items[-1]):
            sign = _DOT
        items.append(shown)
        signs.append(sign)
    for n in range(1, len(items)):
        if not signs[n] and isinstance(items[n], Number) and isinstance(items[n - 1], Number):
            signs[n] = _DOT
    if len(items) == 1:
        return items[0]
    if len(items) == len(node.items) and tuple(signs) == node.signs:
        return _with(node, tuple(items))
    return replace(node, items=tuple(items), signs=tuple(signs))


def _may_be_called(node: Node) -> bool:
    """Whether brackets behind a node could be read as those of a function."""
    base = node.base if isinstance(node, Scripted) else node
    if isinstance(base, Letter):
        return base.text not in ("d", r"\partial")
    return isinstance(base, Accent) and base.content != Letter("d")
