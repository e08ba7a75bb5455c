r"""Which name a node is, and what hangs on it: an index, a power, primes and dots.

The longest name that is known wins: ``W^{21}`` is a letter where the vocabulary has one, and the
letter W to the power 21 otherwise; ``a_{1,k}`` is the name ``a_{1,k}``, or the sequence ``a_1`` at
k, or the sequence ``a`` at (1, k).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .names import plain_spelling, spelling
from .nodes import Accent, Group, Letter, Named, Node, Product, Scripted, Sequence, Text
from .reasons import REASONS
from .vocabulary import Entry, nearest
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["DOTS", "Found", "is_top", "is_upright", "lookup", "missing"]

DOTS = {r"\dot": 1, r"\ddot": 2, r"\dddot": 3}
BOLD = frozenset({r"\mathbf", r"\boldsymbol", r"\bm", r"\pmb", r"\symbf", r"\textbf"})
UPRIGHT = frozenset({r"\mathrm", r"\mathsf", r"\textrm", r"\symup", r"\operatorname"})


@dataclass(frozen=True, slots=True)
class Found:
    """A name and what hangs on it: ``power`` above, ``index`` below, primes, dots."""

    entry: Entry
    power: Node | None = None
    index: tuple[Node, ...] = ()
    primes: int = 0
    dots: int = 0


def lookup(reader: Reader, whole: Node) -> Found | None:
    """The name that a letter with its scripts is, None where the vocabulary has none."""
    dots, node = _without_dots(whole)
    found = _undotted(reader, node, dots)
    above = found is not None and found.power is not None and isinstance(whole, Accent)
    return None if above else found  # a dot over a power is none over the letter


def _undotted(reader: Reader, node: Node, dots: int) -> Found | None:
    if not isinstance(node, Scripted):
        entry = _find(reader, node)
        return None if entry is None else Found(entry, dots=dots)
    for primes in dict.fromkeys((0, node.primes)):
        found = _scripted(reader, replace(node, primes=node.primes - primes), primes)
        if found is not None:
            return replace(found, dots=dots)
    return None


def _without_dots(node: Node) -> tuple[int, Node]:
    """A dot over a letter with scripts is a dot over all of it."""
    if isinstance(node, Accent) and node.command in DOTS:
        return DOTS[node.command], node.content
    if isinstance(node, Scripted) and isinstance(node.base, Accent) and node.base.command in DOTS:
        inside = node.base.content
        if isinstance(inside, Letter | Accent):
            return DOTS[node.base.command], replace(node, base=inside)
    return 0, node


def _scripted(reader: Reader, node: Scripted, primes: int) -> Found | None:
    entry = _find(reader, node)
    if entry is not None:
        return Found(entry, primes=primes)
    whole = replace(node, sup=None)
    for above, rest in _split(node.sup):
        entry = _find(reader, replace(whole, sup=above))
        if entry is not None:
            return Found(entry, rest, primes=primes)
    below = whole.base if whole.sub is None and not whole.primes else whole
    entry = _find(reader, below)
    if entry is not None:
        return Found(entry, node.sup, primes=primes)
    return None if node.sub is None else _indexed(reader, node, primes)


def _split(above: Node | None) -> list[tuple[Node, Node]]:
    """What stands above as a part of the name and what is left: ``21 T`` of ``W^{21 T}``."""
    if not isinstance(above, Product) or any(above.signs):
        return []
    head = above.items[:-1]
    name = head[0] if len(head) == 1 else Product(head, above.signs[:-1])
    return [(name, above.items[-1])]


def _indexed(reader: Reader, node: Scripted, primes: int) -> Found | None:
    """A sequence with its index below, behind the indices of its name."""
    below = node.sub
    items: tuple[Any, ...] = below.items if isinstance(below, Sequence) else (below,)
    for named in range(len(items) - 1, -1, -1):
        head = items[:named]
        name: Any = None
        if len(head) == 1:
            name = head[0]
        elif head:
            name = Sequence(head, ("",) * (len(head) - 1))
        primed = Scripted(node.base, name, None, node.primes)
        bare = node.base if name is None and not node.primes else primed
        entry = _find(reader, bare)
        if entry is not None and entry.indexed:
            return Found(entry, node.sup, tuple(items[named:]), primes)
    return None


def _find(reader: Reader, node: Node) -> Entry | None:
    while isinstance(node, Group) and node.left == "{":
        node = node.content
    if reader.bound:
        symbol = reader.bound.get(plain_spelling(node))
        if symbol is not None:
            return Entry(plain_spelling(node), symbol=symbol)
    base = node.base if isinstance(node, Scripted) else node
    if is_upright(base, "e") or is_upright(base, "d"):
        return reader.vocabulary.names.get(spelling(node))
    entry = reader.vocabulary.find(node)
    if entry is None:
        return None
    bold = isinstance(base, Accent) and base.command in BOLD
    if bold and spelling(node) not in reader.vocabulary.names and entry.things != (entry.letter,):
        return None  # a bold letter is a vector or a matrix, and no number
    _refuse_two_fonts(reader, base)
    return entry


def _refuse_two_fonts(reader: Reader, base: Node) -> None:
    """A bold and a plain letter are the same name, but not both in one formula."""
    exact, plain = spelling(base), plain_spelling(base)
    fonts = reader.fonts.setdefault(plain, {exact})
    fonts.add(exact)
    if len(fonts) > 1 and not all(font in reader.vocabulary.names for font in fonts):
        raise reader.error(
            f"{' and '.join(sorted(fonts))} are both written, and only one of them is known here",
            base,
        )


def missing(reader: Reader, node: Node) -> str:
    """What to say of a name that is not known."""
    base = node.base if isinstance(node, Scripted) else node
    told = REASONS.get(written(base))
    if told is not None:
        return f"{written(base)} {told}"
    name = plain_spelling(node)
    if isinstance(base, Accent) and base.command in BOLD and name in reader.vocabulary.names:
        return f"a bold {name} is not known here: it is a vector or a matrix, and {name} a number"
    if isinstance(node, Scripted):
        bare = replace(node, sup=None, primes=0)
        name = plain_spelling(bare if bare.sub is not None else bare.base)
    known = reader.vocabulary.known_names()
    return f"{name} is not known here: {nearest(name, known)}"


def is_top(node: Node | None, *, letter: bool = True) -> bool:
    r"""Whether it marks a transpose: ``\top``, ``\intercal``, an upright T, a T."""
    if isinstance(node, Accent):
        return plain_spelling(node) == "T"
    if isinstance(node, Text | Named):
        return plain_spelling(node) == "T"
    return isinstance(node, Letter) and (
        node.text in (r"\top", r"\intercal") or (letter and node.text == "T")
    )


def is_upright(node: Node, letter: str) -> bool:
    r"""Whether it is that letter set upright, as in ``\mathrm{d}``."""
    if isinstance(node, Accent) and node.command in UPRIGHT:
        return isinstance(node.content, Letter) and node.content.text == letter
    return (isinstance(node, Text) and node.text == letter) or (
        letter == "d" and isinstance(node, Letter) and node.text == r"\dd"
    )
