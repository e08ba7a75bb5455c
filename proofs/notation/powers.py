r"""Powers, transposes and inverses, and scripts on what is no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lemmata.theory.matrix_calculus import MatrixExponential
from sympy import Identity, Integer, Inverse, MatPow, MatrixBase, Mul, Pow, S, Transpose, exp, log

from . import averages, calculus, factors, values
from .labels import is_labelled, labelled
from .lookups import is_top, is_upright, lookup, missing
from .names import plain_spelling
from .nodes import Accent, Group, Letter, Named, Node, Number, Operator, Product, Scripted, Sum
from .shapes import is_matrix, matrix_product
from .squares import root_of_named
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["exponential", "is_e", "power", "raised", "unnamed"]

_MARKS = ("*", r"\ast", r"\star", r"\dagger", r"\circ")
EXPONENT = 4096
"""Whole numbers in exponents."""
BITS = 100_000
"""Bits of a power of numbers."""


def unnamed(reader: Reader, node: Node) -> Any:
    """A base with scripts that is no name: ``e^{x}``, ``(a + b)^{2}``, ``... |_{t=0}``."""
    if not isinstance(node, Scripted):
        return reader.value(node)
    if is_labelled(node):
        return reader.value(labelled(reader, node))
    base = node.base
    while isinstance(base, Group) and base.left == "{":
        base = base.content
    if base is not node.base and isinstance(base, Sum | Product):
        raise reader.error("braces do not print: write brackets", node.base)
    raised_twice = isinstance(base, Scripted) and base.sup is not None and node.sup is not None
    name = lookup(reader, base) if raised_twice else None
    if raised_twice and not is_top(node.sup) and (name is None or name.power is not None):
        raise reader.error("braces do not print: write brackets around what is raised", node.base)
    if is_e(base) and node.sub is None and node.sup is not None and not node.primes:
        return exponential(reader, node.sup, node)
    if isinstance(base, Group) and base.left == "." and node.sub is not None:
        value = calculus.evaluated_at(reader, reader.value(base.content), node.sub, node)
        return raised(reader, value, node.sup, node)
    if isinstance(base, Operator) or (isinstance(base, Named) and base.name == "lim"):
        raise reader.error(
            f"{written(node)} has nothing to act on: put what follows in brackets", node
        )
    average = averages.angle_over(reader, base, node.sub)
    if average is not None:
        return raised(reader, average, node.sup, node)
    norm = _norm(reader, base, node.sub)
    root = root_of_named(reader, node) if reader.constant(base) is None else None
    if root is not None:
        return raised(reader, root, node.sup, node)
    if isinstance(base, Letter | Accent) and reader.constant(base) is None:
        raise reader.error(missing(reader, node), node)
    if node.sub is not None and _is_identity(reader, base):
        size = reader.scalar(node.sub, "the size of I")
        return raised(reader, Identity(size), node.sup, node)
    if node.sub is not None and norm is None:
        raise reader.error(f"the index of {written(node)} is not understood", node.sub)
    value = reader.value(base) if norm is None else norm
    if node.primes:
        value = primed(reader, value, node.primes, node)
    return raised(reader, value, node.sup, node)


def _is_identity(reader: Reader, base: Node) -> bool:
    return isinstance(base, Letter | Accent) and is_matrix(reader.constant(base))


def is_e(base: Node) -> bool:
    """Whether it may be the base of the exponential function."""
    return (isinstance(base, Letter) and base.text == "e") or is_upright(base, "e")


def _norm(reader: Reader, base: Node, below: Node | None) -> Any:
    """The norm that the bars and the index below them are; None for others."""
    if not isinstance(base, Group) or base.left != r"\|" or below is None:
        return None
    index = plain_spelling(below)
    if index == "F":
        return values.norm(reader, base, frobenius=True)
    return values.norm(reader, base) if index == "2" else None


def primed(reader: Reader, value: Any, primes: int, node: Node) -> Any:
    """A prime is a transpose where the vocabulary says so; elsewhere only functions have them."""
    if reader.vocabulary.primes_transpose and is_matrix(value):
        return Transpose(value) if primes % 2 else value
    raise reader.error(
        "a prime stands on what is no function: write d/dt, or \\top for a transpose", node
    )


def raised(reader: Reader, value: Any, above: Node | None, node: Node) -> Any:
    """The value with what stands above it: a power, a transpose, an inverse."""
    if above is None:
        return value
    if is_matrix(value):
        return _matrix_power(reader, value, above, node)
    if is_top(above, letter=False):
        raise reader.error(f"a transpose stands on the number {written(node)}", above)
    if _is_numbered(above):
        raise reader.error(
            f"{written(above)} above a letter is no power: write a derivative as d/dt, and a "
            "power without brackets",
            above,
        )
    if isinstance(above, Letter) and above.text in _MARKS:
        raise reader.error(
            f"{written(node)} is not known here, and {above.text} is no power", above
        )
    return power(reader, value, reader.scalar(above, "an exponent"), node)


def _is_numbered(above: Node) -> bool:
    """``^{(2)}``: a derivative, or the number of an example."""
    content = above.content if isinstance(above, Group) and above.left == "(" else None
    return isinstance(content, Letter | Number)


def _matrix_power(reader: Reader, value: Any, above: Node, node: Node) -> Any:
    if is_top(above):
        return Transpose(value)
    if _is_numbered(above) or (isinstance(above, Letter) and above.text in _MARKS):
        raise reader.error(
            f"{written(node)} is not known here, and {written(above)} is no power: "
            r"a transpose is \top",
            above,
        )
    if isinstance(above, Sum) and above.signs == ("-",) and is_top(above.terms[0]):
        return Transpose(Inverse(_square(reader, value, node)))
    if isinstance(above, Product) and is_top(above.items[-1]) and not any(above.signs):
        rest = above.items[:-1]
        inner = rest[0] if len(rest) == 1 else Product(rest, above.signs[:-1], start=above.start)
        return Transpose(_matrix_power(reader, value, inner, node))
    if reader.single(value):
        return power(reader, reader.as_number(value), reader.scalar(above, "an exponent"), node)
    exponent = reader.scalar(above, "the power of a matrix")
    if isinstance(value, MatrixBase):
        times = int(abs(exponent)) if exponent.is_Integer else EXPONENT
        reader.multiplied(value.rows, times, node)
    if exponent == -1:
        return Inverse(_square(reader, value, node))
    if (
        exponent.is_integer
        and exponent != 0
        and not (exponent.is_number and abs(exponent) > EXPONENT)
    ):
        return MatPow(_square(reader, value, node), exponent) if exponent != 1 else value
    raise reader.error(f"the power {written(above)} of a matrix is not read", above)


def _square(reader: Reader, value: Any, node: Node) -> Any:
    sizes = reader.sizes
    if not sizes.equal(sizes.rows(value), sizes.columns(value)):
        raise reader.error(f"{written(node)}: only a square matrix has powers and an inverse", node)
    return value


def power(reader: Reader, base: Any, exponent: Any, node: Node) -> Any:
    """``base**exponent``, unless that would be a number without end."""
    if exponent.is_Rational and abs(exponent) > EXPONENT:
        raise reader.error(f"an exponent beyond {EXPONENT}", node)
    if base.is_Rational and exponent.is_Rational:
        bits = max(base.p.bit_length(), base.q.bit_length()) * int(abs(exponent) + 1)
        if bits > BITS:
            raise reader.error(f"a power with more than {BITS} bits", node)
    return reader.finite(Pow(base, exponent), node)


def exponential(reader: Reader, above: Node, node: Node) -> Any:
    r"""``e^{x}``; of a matrix ``e^{F x}`` the matrices are taken apart from the number."""
    sign = 1
    inner = above
    if isinstance(inner, Sum) and len(inner.terms) == 1:
        sign = -1 if inner.signs[0].count("-") % 2 else 1
        inner = inner.terms[0]
    if isinstance(inner, Product):
        items = factors.values(reader, inner.items, inner.signs, inner)
        matrices = [value for _, value, _ in items if is_matrix(value)]
        if matrices:
            numbers = [f for f in items if not is_matrix(f[1])]
            generator = matrices[0] if len(matrices) == 1 else matrix_product(*matrices)
            number = factors.combined(reader, numbers, inner) if numbers else Integer(1)
            return MatrixExponential(_square(reader, generator, node), sign * number)
    value = reader.value(above)
    if is_matrix(value):
        return MatrixExponential(_square(reader, value, node), S.One)
    return scalar_exponential(reader, value, node)


def scalar_exponential(reader: Reader, value: Any, node: Node) -> Any:
    """``exp(value)``, unless SymPy would make a number without end of it."""
    terms = Mul.make_args(value) if value.is_Mul else value.args if value.is_Add else (value,)
    for term in (value, *terms):
        if term.has(log) and abs(term.as_coeff_Mul()[0]) > EXPONENT:
            raise reader.error(f"a power beyond {EXPONENT}", node)
    return reader.finite(exp(value), node)
