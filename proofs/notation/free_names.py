r"""A vocabulary for text that nothing explains: what the writing itself says of its names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Function, Symbol

from .lookups import DOTS, is_upright
from .names import plain_spelling, spelling
from .nodes import (
    Accent,
    Fraction,
    Group,
    Letter,
    Node,
    Number,
    Operator,
    Product,
    Relation,
    Scripted,
    Sequence,
    Sum,
    walk,
)
from .vocabulary import Entry, Vocabulary

__all__ = ["free_vocabulary"]

_NO_NAMES = frozenset(
    (r"\pi", r"\infty", r"\partial", r"\top", r"\intercal", r"\prime", "!", "|", "*", "+", "-", "e")
)
_MARKS = frozenset((r"\top", r"\intercal", r"\prime", "*", r"\ast", r"\star", r"\dagger"))
_T = Symbol("t", nonnegative=True)


def free_vocabulary(*nodes: Node) -> Vocabulary:
    r"""The names of some formulas, each a real number unless the writing says more.

    A name with ``(t)`` behind it, a dot, a prime, or ``d/dt`` before it is a function of t; the
    indices of sums are whole numbers, and names with such an index below are sequences.
    """
    found = _Names()
    for node in nodes:
        found.indices |= set(_indices(node))
    for node in nodes:
        found.collect(node)
    return found.vocabulary()


class _Names:
    def __init__(self) -> None:
        self.indices: set[str] = set()
        self.symbols: dict[str, str] = {}
        self.spellings: dict[str, set[str]] = {}
        self.functions: set[str] = set()
        self.sequences: set[str] = set()

    def vocabulary(self) -> Vocabulary:
        names: dict[str, Entry] = {}
        for key, shown in self.symbols.items():
            name = "".join(c for c in key if c not in "\\{}")
            k = Symbol("k", integer=True)
            if key in self.sequences:
                names[key] = Entry(shown, function=Function(name), seen=((k,),), indexed=True)
            elif key in self.functions:
                names[key] = Entry(shown, function=Function(name), seen=((_T,),), bare=(_T,))
            elif key == "t":
                names[key] = Entry(shown, symbol=_T)
            else:
                whole = {"integer": True} if key in self.indices else {"real": True}
                names[key] = Entry(shown, symbol=Symbol(name, **whole))
            for spelled in self.spellings[key]:
                names[spelled] = names[key]  # a bold letter is the name it is
        return Vocabulary(names, time=_T)

    def collect(self, node: Node) -> None:
        waiting = [node]
        while waiting:
            here = waiting.pop()
            if isinstance(here, Product):
                self._calls(here)
            if isinstance(here, Fraction) and self._rates(here):
                waiting += _without_signs(here)
            elif isinstance(here, Scripted):
                waiting += self._scripted(here)
            elif isinstance(here, Accent):
                if here.command in DOTS:
                    self._function(here.content)
                    waiting.append(here.content)
                elif not is_upright(here, "d") and not is_upright(here, "e"):
                    self._name(here)
            elif isinstance(here, Letter):
                self._name(here)
            else:
                waiting += here.children

    def _name(self, node: Node) -> str:
        key = plain_spelling(node)
        if key not in _NO_NAMES:
            from .writing import written

            self.symbols.setdefault(key, written(node))
            self.spellings.setdefault(key, set()).add(spelling(node))
        return key

    def _function(self, node: Node) -> None:
        key = plain_spelling(_without_power(node))
        if key not in _NO_NAMES | {"d"}:
            self.functions.add(key)

    def _scripted(self, node: Scripted) -> list[Node]:
        """Note the name with its index; what is left to look at."""
        rest: list[Node] = []
        if node.sup is not None and plain_spelling(node.sup) not in _MARKS:
            rest.append(node.sup)
        if isinstance(node.base, Operator):
            return rest + list(node.children[1:2])
        dotted = isinstance(node.base, Accent) and node.base.command in DOTS
        base = node.base.content if dotted else node.base  # type: ignore[attr-defined]
        if not isinstance(base, Letter | Accent):
            return [*rest, base, *([node.sub] if node.sub is not None else [])]
        if is_upright(base, "d") or is_upright(base, "e") or plain_spelling(base) in _NO_NAMES:
            return rest
        if node.sub is not None and self._is_index(node.sub):
            self.sequences.add(self._name(base))
            return [*rest, node.sub]
        name = base if node.sub is None else Scripted(base, node.sub)
        key = self._name(name)
        if node.primes or dotted:
            self.functions.add(key)
        return rest

    def _is_index(self, below: Node) -> bool:
        items = below.items if isinstance(below, Sequence) else (below,)
        for item in items:
            if isinstance(item, Sum) and len(item.terms) > 1:
                return True
            if plain_spelling(item) in self.indices:
                return True
        return False

    def _calls(self, node: Product) -> None:
        for here, following in zip(node.items, node.items[1:], strict=False):
            inside = following
            while isinstance(inside, Group | Scripted):
                inside = inside.content if isinstance(inside, Group) else inside.base
            if isinstance(following, Group | Scripted) and plain_spelling(inside) == "t":
                self._function(here)

    def _rates(self, node: Fraction) -> bool:
        """Whether it is a derivative; one by t makes functions of what it is of."""
        above, below = _factors(node.numerator), _factors(node.denominator)
        if not _is_d(above[0]) or len(below) % 2 or not all(map(_is_d, below[::2])):
            return False
        if plain_spelling(_without_power(below[1])) == "t":
            for item in above[1:]:
                if not isinstance(item, Number | Group):
                    self._function(item)
        return True


def _factors(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Product) else (node,)


def _is_d(node: Node) -> bool:
    base = node.base if isinstance(node, Scripted) and node.sub is None else node
    return (isinstance(base, Letter) and base.text in ("d", r"\partial")) or is_upright(base, "d")


def _without_signs(node: Fraction) -> list[Node]:
    """What is differentiated, and by what."""
    by = [_without_power(x) for x in _factors(node.denominator)[1::2]]
    return [*_factors(node.numerator)[1:], *by]


def _without_power(node: Node) -> Node:
    if isinstance(node, Accent) and node.command in DOTS:
        return node.content
    if isinstance(node, Scripted):
        bare = replace(node, sup=None, primes=0)
        return bare if bare.sub is not None else bare.base
    return node


def _indices(node: Node) -> Iterator[str]:
    for _, here in walk(node):
        operator = isinstance(here, Scripted) and isinstance(here.base, Operator)
        if operator and isinstance(here.sub, Relation):  # type: ignore[attr-defined]
            yield plain_spelling(here.sub.sides[0])  # type: ignore[attr-defined]
