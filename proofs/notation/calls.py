"""Names: bare ones, and functions of the vocabulary with the bracket behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Dummy
from sympy.core.function import AppliedUndef

from . import derivatives, factors, powers
from .lookups import Found, lookup
from .nodes import Group, Letter, Node, Number, Product, Scripted, walk
from .shapes import is_matrix
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["applied", "bare", "named"]


def bare(reader: Reader, found: Found, node: Node) -> Any:
    """A name without a bracket behind it; its power is left to the caller."""
    entry = found.entry
    if found.index:
        args = tuple(reader.scalar(i, "an index") for i in found.index)
        if found.primes or found.dots:
            raise reader.error("a sequence has no derivative", node)
        return entry.function(*args)
    if entry.symbol is not None and entry.letter is not None:
        raise reader.error(f"{entry.shown} is a number and a matrix of the claim: rename one", node)
    value = entry.letter if entry.letter is not None else entry.symbol
    if value is not None and entry.function is not None and (found.primes or found.dots):
        value = None  # only the function has derivatives
    if value is not None and found.power is not None:
        _refuse_e(value, found.power, reader, node)
    if value is None:
        args = _bare_arguments(reader, found, node)
        value = entry.function(*args)
        if found.primes:
            value = derivatives.primed(reader, entry.function, args, found.primes, node)
    elif found.primes:
        value = powers.primed(reader, value, found.primes, node)
    return derivatives.by_time(reader, value, found.dots, node) if found.dots else value


def _refuse_e(value: Any, above: Node, reader: Reader, node: Node) -> None:
    """Where e is a name, ``e^{x}`` may still mean the exponential function."""
    base = node.base if isinstance(node, Scripted) else node
    italic = isinstance(base, Letter) and base.text == "e"
    if italic and not is_matrix(value) and not isinstance(above, Number):
        raise reader.error(
            f"e is a name here, and {written(node)} may mean the exponential function: "
            r"write \exp(...), or (e)^{...} for the power",
            node,
        )


def named(reader: Reader, found: Found, node: Node) -> Any:
    """What a name stands for, with its index, dots, primes and power."""
    value = bare(reader, found, node)
    return powers.raised(reader, value, found.power, node)


def _bare_arguments(reader: Reader, found: Found, node: Node) -> Any:
    entry = found.entry
    if entry.bare is None:
        known = ", ".join(f"({', '.join(map(str, args))})" for args in entry.seen[:4])
        told = f", for example {entry.shown}{known.split('), ')[0].rstrip(')')})" if known else ""
        raise reader.error(f"{entry.shown} is a function: write it with its arguments{told}", node)
    return entry.bare


def applied(reader: Reader, found: Found, group: Group, node: Node) -> Any:
    """The function of the bracket, None where the bracket is a factor."""
    entry = found.entry
    args = [reader.as_number(value) for value in factors.inside(reader, group)]
    if None in args:
        return None
    if not _is_application(reader, found, tuple(args), group):
        return None
    for value in args:
        reader.refuse_infinity(value, group)
    arities = {len(call) for call in entry.seen}
    if arities and len(args) not in arities:
        raise reader.error(
            f"{entry.shown} has {min(arities)} arguments, and here {len(args)}", group
        )
    if found.power is not None and written(found.power) in ("-1", "- 1"):
        raise reader.error(f"{entry.shown}^{{-1}} of a bracket: write 1/{entry.shown}(...)", node)
    order = found.primes + found.dots
    if not order:
        return entry.function(*args)
    if found.dots and entry.bare not in (None, (reader.vocabulary.time,)):
        return derivatives.by_time(reader, entry.function(*args), order, node)
    return derivatives.primed(reader, entry.function, tuple(args), order, node)


def _is_application(reader: Reader, found: Found, args: tuple[Any, ...], group: Group) -> bool:
    entry = found.entry
    if len(args) > 1 or args in entry.seen:
        return True
    (x,) = args
    if entry.symbol is not None or entry.letter is not None:
        return False
    if entry.bare is None or x.is_Symbol or x.is_Number:
        return True
    others = {call: Dummy() for call in x.atoms(AppliedUndef)}
    of_its_variable = x.xreplace(others).has(*entry.bare)
    calls_itself = _calls(reader, entry, group.content)
    if others and not (of_its_variable or calls_itself):
        return not x.has(entry.function) and _calls(reader, entry, reader.root, plain=True)
    if not calls_itself and _calls(reader, entry, reader.root, plain=True):
        return True
    shown = f"{entry.shown} {written(group)}"
    raise reader.error(
        f"{shown} is read as a product and as {entry.shown} at that place: write the sign "
        r"\cdot, or the function with its arguments",
        group,
    )


def _calls(reader: Reader, entry: Any, inside: Node, *, plain: bool = False) -> bool:
    """Whether the function has a bracket behind it there; ``plain``: of a number or a symbol."""
    for _, node in walk(inside):
        if not isinstance(node, Product):
            continue
        for here, following in zip(node.items, node.items[1:], strict=False):
            arguments = factors.bracket(following)
            found = None if arguments is None else lookup(reader, here)
            if arguments is None or found is None or found.index:
                continue
            if found.entry.function != entry.function:
                continue
            content = arguments[0].content
            named = lookup(reader, content)
            symbol = named is not None and named.entry.symbol is not None and named.power is None
            if not plain or isinstance(content, Number) or symbol:
                return True
    return False
