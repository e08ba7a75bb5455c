r"""The syntax tree of a formula: what is written, before it is decided what it means.

A node never changes.  ``start`` and ``end`` say which tokens it was read from (from ``start`` up to
but not including ``end``; -1 where a node was made and not read) and take no part in comparisons.
``children`` are the nodes directly inside, in the order in which they are written;
``with_children`` is the same node around others.  To add or remove a child use
``dataclasses.replace`` on the fields of the node:

``Sum(terms, signs)``            a sign before each term: ``""`` (only the first), ``+``, ``-``
``Product(items, signs)``        a sign before each item: ``""`` (juxtaposed), ``\cdot``, ``/``
``Relation(sides, signs)``       ``a = b < c``: two signs between three sides
``Logic(sides, signs)``          ``\Leftrightarrow`` and ``\Rightarrow`` between relations
``Sequence(items, signs)``       ``,`` and ``;`` between items
``Scripted(base, sub, sup, primes)``   ``W_{1}^{\top}``, ``q_{k}^{2}``, ``a'``, ``\sum_{l=1}^{D}``
``Group(left, content, right)``  brackets of any kind; ``{`` and ``}`` are invisible
``Fraction``, ``Root``, ``Matrix``, ``Integral``, ``Accent``, ``Named``, ``Operator``, ``Letter``

A product keeps its items side by side: whether ``a(s - a)`` is a function or a product, and how far
a sum reaches, is decided by the vocabulary (``factors``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

__all__ = [
    "Accent",
    "Differential",
    "Empty",
    "Fraction",
    "Group",
    "Integral",
    "Letter",
    "Logic",
    "Matrix",
    "Named",
    "Node",
    "Number",
    "Operator",
    "Product",
    "Relation",
    "Root",
    "Scripted",
    "Sequence",
    "Sum",
    "Text",
    "replaced",
    "walk",
]


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a formula, read from the tokens ``start`` to ``end``."""

    start: int = field(default=-1, compare=False, kw_only=True)
    end: int = field(default=-1, compare=False, kw_only=True)
    PARTS: ClassVar[tuple[str, ...]] = ()

    @property
    def children(self) -> tuple[Node, ...]:
        """The nodes directly inside, as they are written from left to right."""
        found: list[Node] = []
        for name in self.PARTS:
            found += _nodes_of(getattr(self, name))
        return tuple(found)

    def with_children(self, children: tuple[Node, ...]) -> Self:
        """The same node around as many other ``children``; ``ValueError`` for another number."""
        if len(children) != len(self.children):
            raise ValueError(
                f"children: {type(self).__name__} has {len(self.children)}, not {len(children)}: "
                "use dataclasses.replace to add or remove one"
            )
        waiting = iter(children)
        parts = {name: _filled(getattr(self, name), waiting) for name in self.PARTS}
        return replace(self, **parts)


@dataclass(frozen=True, slots=True)
class Number(Node):
    """Digits, with or without a decimal point."""

    text: str


@dataclass(frozen=True, slots=True)
class Letter(Node):
    r"""One letter, or a command that prints one: ``a``, ``\tau``, ``\top``, ``\infty``."""

    text: str


@dataclass(frozen=True, slots=True)
class Named(Node):
    r"""The name of a function or operator: ``name`` "tanh", written ``text`` ``\tanh``."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Operator(Node):
    r"""A sign that acts on what follows: ``\sum``, ``\prod``, ``\int``."""

    text: str


@dataclass(frozen=True, slots=True)
class Text(Node):
    """Words in the formula."""

    text: str


@dataclass(frozen=True, slots=True)
class Empty(Node):
    """Nothing: empty braces, or the missing left side of a row that begins with ``=``."""


@dataclass(frozen=True, slots=True)
class Accent(Node):
    r"""A letter in a font or under an accent: ``\mathbf{W}``, ``\mathbb{E}``, ``\dot{a}``."""

    command: str
    content: Node
    PARTS: ClassVar[tuple[str, ...]] = ("content",)


@dataclass(frozen=True, slots=True)
class Scripted(Node):
    r"""``base_{sub}^{sup}`` with primes; ``sub`` and ``sup`` may be missing."""

    base: Node
    sub: Node | None = None
    sup: Node | None = None
    primes: int = 0
    PARTS: ClassVar[tuple[str, ...]] = ("base", "sub", "sup")


@dataclass(frozen=True, slots=True)
class Group(Node):
    r"""``content`` in ``(``, ``[``, ``\{``, ``|``, ``\|``, ``\langle``; ``{`` and ``.`` are unseen.

    ``sized`` where it is written with ``\left`` and ``\right``.
    """

    left: str
    content: Node
    right: str
    sized: bool = False
    PARTS: ClassVar[tuple[str, ...]] = ("content",)


@dataclass(frozen=True, slots=True)
class Fraction(Node):
    r"""``\frac{numerator}{denominator}``, ``\tfrac``, ``\dfrac``, ``\nicefrac``, ``\binom``."""

    command: str
    numerator: Node
    denominator: Node
    PARTS: ClassVar[tuple[str, ...]] = ("numerator", "denominator")


@dataclass(frozen=True, slots=True)
class Root(Node):
    r"""``\sqrt[index]{radicand}``."""

    radicand: Node
    index: Node | None = None
    PARTS: ClassVar[tuple[str, ...]] = ("index", "radicand")


@dataclass(frozen=True, slots=True)
class Matrix(Node):
    r"""Rows of an environment: matrices, ``cases``, and the lines of a ``\substack``."""

    environment: str
    rows: tuple[tuple[Node, ...], ...]
    PARTS: ClassVar[tuple[str, ...]] = ("rows",)


@dataclass(frozen=True, slots=True)
class Differential(Node):
    r"""``du`` that ends an integral: ``sign`` is ``d`` or ``\mathrm{d}``."""

    sign: Node
    variable: Node
    PARTS: ClassVar[tuple[str, ...]] = ("sign", "variable")


@dataclass(frozen=True, slots=True)
class Integral(Node):
    r"""``\int_{a}^{b} body du``: ``head`` is the sign with its limits."""

    head: Node
    body: Node
    differential: Differential
    PARTS: ClassVar[tuple[str, ...]] = ("head", "body", "differential")


@dataclass(frozen=True, slots=True)
class Product(Node):
    """Items side by side; ``signs[n]`` stands before ``items[n]``, the first is empty."""

    items: tuple[Node, ...]
    signs: tuple[str, ...]
    PARTS: ClassVar[tuple[str, ...]] = ("items",)


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """Terms; ``signs[n]`` stands before ``terms[n]``, the first may be empty."""

    terms: tuple[Node, ...]
    signs: tuple[str, ...]
    PARTS: ClassVar[tuple[str, ...]] = ("terms",)


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """Items with commas or semicolons between: one sign fewer than items."""

    items: tuple[Node, ...]
    signs: tuple[str, ...]
    PARTS: ClassVar[tuple[str, ...]] = ("items",)


@dataclass(frozen=True, slots=True)
class Relation(Node):
    r"""Sides with relation signs between: one sign fewer than sides."""

    sides: tuple[Node, ...]
    signs: tuple[str, ...]
    PARTS: ClassVar[tuple[str, ...]] = ("sides",)


@dataclass(frozen=True, slots=True)
class Logic(Node):
    r"""Relations with ``\Leftrightarrow`` or ``\Rightarrow`` between: one sign fewer than sides."""

    sides: tuple[Node, ...]
    signs: tuple[str, ...]
    PARTS: ClassVar[tuple[str, ...]] = ("sides",)


def walk(node: Node) -> Iterator[tuple[tuple[int, ...], Node]]:
    """Every node inside and the way to it (the numbers of children), outer nodes first."""
    waiting: list[tuple[tuple[int, ...], Node]] = [((), node)]
    while waiting:
        way, here = waiting.pop()
        yield way, here
        inside = [((*way, n), child) for n, child in enumerate(here.children)]
        waiting.extend(reversed(inside))


def replaced(node: Node, way: tuple[int, ...], new: Node) -> Node:
    """``node`` with the node at ``way`` (see ``walk``) replaced by ``new``."""
    passed: list[Node] = []
    for number in way:
        passed.append(node)
        node = node.children[number]
    for parent, number in zip(reversed(passed), reversed(way), strict=True):
        children = list(parent.children)
        children[number] = new
        new = parent.with_children(tuple(children))
    return new


def _nodes_of(part: Any) -> list[Node]:
    if part is None:
        return []
    if isinstance(part, Node):
        return [part]
    return [node for inner in part for node in _nodes_of(inner)]


def _filled(part: Any, waiting: Iterator[Node]) -> Any:
    if part is None:
        return None
    if isinstance(part, Node):
        return next(waiting)
    return tuple(_filled(inner, waiting) for inner in part)
