r"""Products: which item is a function of which, and what multiplies what.

The rules, in this order, from left to right:

1.  A sum or product sign, a derivative ``\frac{d}{dt}``, ``\partial_s`` and an open integral act on
    everything to their right in their term.
2.  A named function takes the bracket behind it, ``\ln(x)``; else the fraction or bars behind it,
    ``\tanh\frac{st}{\tau}``, where no factor follows that could belong to it; else all letters
    and numbers that follow, ``\sin 2\pi k``, ``\tanh\sqrt{q} z``; then no bracket, fraction or
    ``/`` may follow.  What is read both ways is refused.
3.  A function of the vocabulary takes the bracket behind it where the bracket holds arguments with
    which the function is known, or a number or a single symbol, or where the function cannot be
    written without arguments.  Else a bracket with a bare function in it is a factor,
    ``a (s - a)``, unless the function is written with its arguments elsewhere in the formula and
    not in the bracket.  Any other bracket, ``a(t + 1)``, ``a(s/2)``, is an argument where the
    function is written with its arguments elsewhere, and refused where it is not; one that calls
    it, ``f(f(x))``, is refused.
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
from sympy import factorial

from . import calculus, calls, derivatives, functions, powers
from .lookups import lookup
from .multiplying import Factor, combined
from .nodes import Accent, Fraction, Group, Letter, Node, Number, Scripted
from .nodes import Sequence as Listed
from .shapes import is_matrix
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["bracket", "combined", "inside", "item", "product", "scripted", "values"]

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
        slashed = derivatives.slashed(items, signs, n)
        if slashed is not None:
            rate, n = slashed
            if n < len(items) and not signs[n]:
                raise reader.error("what stands behind d/dt is not clear: write \\frac", items[n])
            found.append((sign, reader.value(rate), rate))
            continue
        if n and not sign:
            _refuse_beside_number(reader, items[n - 1], here)
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


def _refuse_beside_number(reader: Reader, before: Node, here: Node) -> None:
    r"""``x^12`` prints x 2 behind an index of 1, and ``2 \frac{1}{2}`` may be two and a half."""
    scripts = (before.sub, before.sup) if isinstance(before, Scripted) else ()
    powered = isinstance(before, Scripted) and isinstance(before.base, Number)
    if isinstance(here, Number) and (powered or any(isinstance(x, Number) for x in scripts)):
        raise reader.error(
            f"{written(before)} and {here.text} stand side by side: write the script in braces, "
            "or the sign between them",
            here,
        )
    mixed = isinstance(here, Fraction) and not here.command.endswith("binom")
    if isinstance(before, Number) and mixed and all(isinstance(x, Number) for x in here.children):
        raise reader.error(
            f"{written(before)} {written(here)} is read as a product and as a sum: write the sign "
            "between them",
            here,
        )


def _factorial(reader: Reader, found: list[Factor], sign: str, node: Node) -> Factor:
    if sign or not found:
        raise reader.error("a factorial needs a number before it", node)
    before, value, where = found.pop()
    base = where.base if isinstance(where, Scripted) else where
    twice = isinstance(base, Letter) and base.text == "!"
    if twice or (isinstance(where, Scripted) and where.sup is not None) or id(where) in reader.done:
        raise reader.error("what the factorial is of is not clear: write brackets", node)
    reader.done.add(id(where))
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
            value = calls.applied(reader, found, group, here)
            if value is not None:
                value = powers.raised(reader, value, found.power, here)
                return scripted(reader, value, scripts, here), n + 2
        return _beside(reader, calls.named(reader, found, here), following, here, n)
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
    if is_matrix(value) and _is_matrix_name(reader, content):
        return value, n + 1
    at = derivatives.place_in(reader, value, content, here)
    if at is None:
        raise reader.error(
            f"{written(here)} is no function here: write it without {written(arguments[0])}, "
            "or the factor without brackets",
            here,
        )
    return scripted(reader, at, arguments[1], here), n + 2


def _is_matrix_name(reader: Reader, node: Node | None) -> bool:
    found = None if node is None else lookup(reader, node)
    if found is not None:
        return found.entry.letter is not None
    return node is not None and is_matrix(reader.constant(node))


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
