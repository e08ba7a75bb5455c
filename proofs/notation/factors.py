r"""Products: which item is a function of which, and what multiplies what.

The rules, in this order, from left to right:

1.  A sum or product sign, a derivative ``\frac{d}{dt}``, ``\partial_s`` and an open integral act on
    everything to their right in their term.
2.  A named function takes the bracket behind it, ``\ln(x)``; else the fraction, root, bars or
    braces behind it, ``\tanh\frac{st}{\tau}``; else all letters and numbers that follow,
    ``\sin 2\pi k``; then no bracket, fraction or ``/`` may follow: that is refused as ambiguous.
3.  A function of the vocabulary takes the bracket behind it where the bracket holds arguments with
    which the function is known, or a number or a single symbol, or where the function is written
    with its arguments elsewhere in the formula or cannot be written without them.  Where the
    bracket contains the function itself, ``a (s - a)``, it is a factor, and so in all other cases.
    Written bare, ``a`` has the arguments it is defined with, ``a(t)``.
4.  Anything else before a bracket with one name or number in it is refused, ``s(t)``, but for the
    time behind a matrix, ``W(t)``, and the place of a derivative, ``\frac{da}{dt}(0)``.
5.  ``a/b c`` and ``1/2 s`` are refused: they are read both ways.  ``a b/c`` is ``(a b)/c``,
    ``a/(b c) d`` is ``(a/(b c)) d``, and explicit signs are read from the left, ``a/b \cdot c``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lemmata.theory.matrix_calculus import Differential as MatrixDifferential
from sympy import Mul, Pow, S, Trace, factorial

from . import calculus, functions, powers
from .lookups import Found, lookup
from .nodes import Accent, Group, Letter, Node, Number, Product, Scripted, walk
from .nodes import Sequence as Listed
from .shapes import is_matrix, matrix_product
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["bare", "bracket", "combined", "inside", "item", "named", "product", "values"]

Factor = tuple[str, Any, Node]
"""The sign before a factor, its value, and where it was written."""
FACTORIAL = 1000


def product(reader: Reader, items: Sequence[Node], signs: Sequence[str], node: Node) -> Any:
    """The value of items side by side."""
    return combined(reader, values(reader, items, signs, node), node)


def values(reader: Reader, items: Sequence[Node], signs: Sequence[str], node: Node) -> list[Factor]:
    """The factors that the items form."""
    found: list[Factor] = []
    n = 0
    while n < len(items):
        sign = signs[n] if n else ""
        here = items[n]
        if isinstance(here, Letter) and here.text == "!":
            found.append(_factorial(reader, found, sign, here))
            n += 1
            continue
        if isinstance(here, Scripted) and isinstance(here.base, Letter) and here.base.text == "|":
            found.append(_evaluated(reader, found, here))
            n += 1
            continue
        operator = calculus.operator_of(reader, here)
        if operator is not None:
            with reader.operator(here):
                rest = (items[n + 1 :], ("", *signs[n + 2 :]))
                found.append((sign, operator(reader, *rest, here), here))
            return found
        value, after = item(reader, items, signs, n)
        found.append((sign, value, here))
        n = after
    return found


def _factorial(reader: Reader, found: list[Factor], sign: str, node: Node) -> Factor:
    if sign or not found:
        raise reader.error("a factorial needs a number before it", node)
    before, value, where = found.pop()
    number = reader.as_number(value)
    if number is None or (number.is_number and not 0 <= number <= FACTORIAL):
        raise reader.error(f"the factorial of {written(where)} is not read", node)
    return before, factorial(number), where


def _evaluated(reader: Reader, found: list[Factor], node: Scripted) -> Factor:
    """Everything left of ``|_{t=0}``, where it does not matter which factors it is for."""
    if not found or node.sub is None:
        raise reader.error("nothing stands before the bar", node)
    *before, (sign, value, where) = found
    at = calculus.evaluated_at(reader, value, node.sub, node)
    variables = calculus.replaced_at(reader, node.sub)
    if any(other.has(*variables) for _, other, _ in before):
        raise reader.error(r"it is not clear what the bar is for: write \left. ... \right|", node)
    found[:] = before
    return sign, powers.raised(reader, at, node.sup, node), where


def item(reader: Reader, items: Sequence[Node], signs: Sequence[str], n: int) -> tuple[Any, int]:
    """The value that begins with item ``n``, and the number of the first item behind it."""
    here = items[n]
    following = items[n + 1] if n + 1 < len(items) and not signs[n + 1] else None
    found = lookup(reader, here)
    if found is not None:
        arguments = bracket(following)
        if arguments is not None and found.entry.function is not None and not found.index:
            group, scripts = arguments
            value = _applied(reader, found, group, here)
            if value is not None:
                value = powers.raised(reader, value, found.power, here)
                return scripted(reader, value, scripts, here), n + 2
        return _beside(reader, named(reader, found, here), following, here, n)
    head = functions.head_of(reader, here, following)
    if head is not None:
        return functions.applied(reader, head, items, signs, n)
    if following is not None and _is_d(here):
        letters = _letters_below(reader, here)
        value, after = item(reader, items, signs, n + 1)
        return MatrixDifferential(value, *letters), after
    return _beside(reader, reader.value(here), following, here, n)


def _beside(
    reader: Reader, value: Any, following: Node | None, here: Node, n: int
) -> tuple[Any, int]:
    """A value before a bracket that holds one name or number, ``W(t)``: that is no product."""
    arguments = bracket(following)
    content = arguments[0].content if arguments is not None else None
    alone = isinstance(content, Letter | Number) or (
        isinstance(content, Scripted)
        and isinstance(content.base, Letter | Accent)
        and content.sup is None
    )
    if arguments is None or not alone or arguments[0].left != "(" or value.is_number:
        return value, n + 1
    at = calculus.place_in(reader, value, content, here)
    if at is None:
        raise reader.error(
            f"{written(here)} is no function here: write it without {written(arguments[0])}, "
            "or the factor without brackets",
            here,
        )
    return scripted(reader, at, arguments[1], here), n + 2


def bracket(node: Node | None) -> tuple[Group, Scripted | None] | None:
    """The bracket that holds arguments, and the scripts behind it."""
    scripts = None
    if isinstance(node, Scripted):
        scripts, node = node, node.base
    while isinstance(node, Group) and node.left == "{" and isinstance(node.content, Group):
        node = node.content
    if isinstance(node, Group) and node.left in ("(", "[", r"\{"):
        return node, scripts
    return None


def scripted(reader: Reader, value: Any, scripts: Scripted | None, node: Node) -> Any:
    """The value of a function with what stands behind its bracket, ``a(t)^{2}``."""
    if scripts is None:
        return value
    if scripts.sub is not None or scripts.primes:
        raise reader.error("what stands behind the bracket is not understood", scripts)
    return powers.raised(reader, value, scripts.sup, node)


def inside(reader: Reader, group: Group) -> list[Any]:
    """The arguments in a bracket."""
    content = group.content
    items = content.items if isinstance(content, Listed) else (content,)
    return [reader.value(argument) for argument in items]


# Names


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
            value = calculus.primed(reader, entry.function, args, found.primes, node)
    elif found.primes:
        value = powers.primed(reader, value, found.primes, node)
    return calculus.by_time(reader, value, found.dots, node) if found.dots else value


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


def _applied(reader: Reader, found: Found, group: Group, node: Node) -> Any:
    """The function of the bracket, None where the bracket is a factor."""
    entry = found.entry
    args = [reader.as_number(value) for value in inside(reader, group)]
    if None in args:
        return None
    if not _is_application(reader, found, tuple(args)):
        return None
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
        return calculus.by_time(reader, entry.function(*args), order, node)
    return calculus.primed(reader, entry.function, tuple(args), order, node)


def _is_application(reader: Reader, found: Found, args: tuple[Any, ...]) -> bool:
    entry = found.entry
    if len(args) > 1 or args in entry.seen:
        return True
    (x,) = args
    if entry.symbol is not None or entry.letter is not None:
        return False
    if entry.bare is None or x.is_Symbol or x.is_Number:
        return True
    if x.has(entry.function):
        return False
    return _written_with_arguments(reader, entry)


def _written_with_arguments(reader: Reader, entry: Any) -> bool:
    """Whether the formula has the function with one of its known arguments, or a plain one."""
    for _, node in walk(reader.root):
        if not isinstance(node, Product):
            continue
        for here, following in zip(node.items, node.items[1:], strict=False):
            arguments = bracket(following)
            if arguments is None:
                continue
            found = lookup(reader, here)
            if found is None or found.entry.function != entry.function or found.index:
                continue
            content = arguments[0].content
            if isinstance(content, Number):
                return True
            named = lookup(reader, content)
            if named is not None and named.entry.symbol is not None and named.power is None:
                return True
    return False


# Differentials of matrices


def _is_d(node: Node) -> bool:
    base = node.base if isinstance(node, Scripted) and node.sup is None else node
    return isinstance(base, Letter | Accent) and written(base) in ("d", r"\mathrm{d}")


def _letters_below(reader: Reader, node: Node) -> list[Any]:
    if not isinstance(node, Scripted) or node.sub is None:
        return []
    items = node.sub.items if isinstance(node.sub, Listed) else (node.sub,)
    letters = [reader.value(i) for i in items]
    if not all(getattr(x, "is_symbol", False) and is_matrix(x) for x in letters):
        raise reader.error("below the d of a differential stand the letters that move", node)
    return letters


# Multiplying


def combined(reader: Reader, found: Sequence[Factor], node: Node) -> Any:
    """The product of the factors, refused where ``/`` is read both ways."""
    numbers: list[Any] = []
    matrices: list[tuple[Any, Node]] = []
    for n, (sign, value, where) in enumerate(found):
        if sign in ("/", r"\div"):
            if is_matrix(value) and not reader.single(value):
                raise reader.error("division by a matrix: write its inverse ^{-1}", where)
            _refuse_both_ways(reader, found, n)
            value = reader.as_number(value)
            if value == 0:
                raise reader.error("division by 0", where)
            numbers.append(Pow(value, -1))
        elif is_matrix(value):
            matrices.append((value, where))
        else:
            numbers.append(value)
    if not matrices:
        return reader.finite(Mul(*numbers), node)
    return _matrix_product(reader, numbers, matrices)


def _refuse_both_ways(reader: Reader, found: Sequence[Factor], n: int) -> None:
    """``a/b c``: the denominator must be a bracket, or nothing may follow side by side."""
    if n + 1 >= len(found) or found[n + 1][0]:
        return
    denominator, following = found[n][2], found[n + 1][2]
    closed = isinstance(denominator, Group) and denominator.left != "{"
    again = isinstance(following, Group) and following.left == "("
    if not closed or again:
        here, behind = written(denominator), written(following)
        raise reader.error(
            f"/{here} {behind} is read as division by {here} and by {here} {behind}: "
            r"write \frac or brackets",
            following,
        )


def _matrix_product(reader: Reader, numbers: list[Any], matrices: list[tuple[Any, Node]]) -> Any:
    """Numbers before the matrices; a product with one entry is a number where nothing else fits."""
    sizes = reader.sizes
    chain: list[Any] = []
    for value, where in matrices:
        if chain and not sizes.equal(sizes.columns(chain[-1]), sizes.rows(value)):
            whole = chain[0] if len(chain) == 1 else matrix_product(*chain)
            if reader.single(value):
                numbers.append(Trace(value))
                continue
            if not reader.single(whole):
                raise reader.error(
                    f"{written(where)} has {sizes.now(value.shape[0])} rows, and what stands "
                    f"before it {sizes.now(chain[-1].shape[1])} columns",
                    where,
                )
            numbers.append(Trace(whole))
            chain = []
        chain.append(value)
    number = Mul(*numbers)
    if len(chain) == 1 and number == 1:
        return chain[0]
    return matrix_product(*([] if number == S.One else [number]), *chain)
