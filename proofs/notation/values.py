"""The value of each kind of node: numbers, names, sums, fractions, brackets, matrices, cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import (
    Abs,
    Integer,
    Mul,
    Pow,
    Rational,
    Trace,
    binomial,
    ceiling,
    floor,
    sqrt,
)

from . import averages, calls, derivatives, factors, integrals, powers, tables
from .labels import is_labelled, labelled
from .lookups import lookup, missing
from .nodes import (
    Accent,
    Differential,
    Empty,
    Fraction,
    Group,
    Integral,
    Letter,
    Logic,
    Matrix,
    Named,
    Node,
    Number,
    Operator,
    Product,
    Relation,
    Root,
    Scripted,
    Sequence,
    Sum,
    Text,
)
from .shapes import is_matrix, matrix_product
from .squares import root_of_named
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["VALUES", "norm"]

DIGITS = 300
"""Digits of a number; what is longer is data."""
LARGEST = 1000
"""Numbers in binomials and indices of roots."""
_ROUND = {("(", ")"), ("[", "]"), (r"\{", r"\}")}


def _number(reader: Reader, node: Number) -> Any:
    if len(node.text) > DIGITS:
        raise reader.error(f"a number of more than {DIGITS} digits", node)
    return Rational(node.text) if "." in node.text else Integer(node.text)


def _name(reader: Reader, node: Node) -> Any:
    """A letter with its scripts, standing alone."""
    found = lookup(reader, node)
    if found is not None:
        return calls.named(reader, found, node)
    return powers.unnamed(reader, node)


def _letter(reader: Reader, node: Letter) -> Any:
    found = lookup(reader, node)
    if found is not None:
        return calls.bare(reader, found, node)
    constant = reader.constant(node)
    if constant is None:
        constant = root_of_named(reader, node)
    if constant is None:
        raise reader.error(missing(reader, node), node)
    return constant


def _accent(reader: Reader, node: Accent) -> Any:
    found = lookup(reader, node)
    if found is not None:
        return calls.bare(reader, found, node)
    dots = derivatives.DOTS.get(node.command)
    if dots:
        value = reader.value(node.content)
        power = isinstance(node.content, Scripted) and node.content.sup is not None
        if power and not is_matrix(value):
            raise reader.error(
                "a dot over a power is read as the rate of the power and as a power of the rate: "
                r"write \frac{d}{dt}, or the dot over the letter alone",
                node,
            )
        return derivatives.by_time(reader, value, dots, node)
    constant = reader.constant(node)
    if constant is not None:
        return constant
    if is_labelled(node):
        return reader.value(labelled(reader, node))
    if node.command == r"\boxed":
        return reader.value(node.content)
    raise reader.error(missing(reader, node), node)


def _sum(reader: Reader, node: Sum) -> Any:
    return reader.added(
        [_signed(reader, t, s) for t, s in zip(node.terms, node.signs, strict=True)], node
    )


def _signed(reader: Reader, term: Node, sign: str) -> Any:
    """A term with the signs before it."""
    if r"\pm" in sign or r"\mp" in sign:
        raise reader.error(f"{sign} says two things: state them one by one", term)
    if is_labelled(term) and "-" not in sign:
        term = labelled(reader, term, alone=True)
    value = reader.value(term)
    return reader.negative(value) if sign.count("-") % 2 else value


def _product(reader: Reader, node: Product) -> Any:
    return factors.product(reader, node.items, node.signs, node)


def _fraction(reader: Reader, node: Fraction) -> Any:
    derivative = derivatives.derivative_in(reader, node)
    if derivative is not None:
        return derivative.alone(reader, node)
    if node.command.endswith("binom"):
        return _binomial(reader, node)
    above, below = _parts(reader, node.numerator), _parts(reader, node.denominator)
    if any(x == 0 for x in below):
        raise reader.error("the denominator is 0", node.denominator)
    matrices = [x for x in above if is_matrix(x)]
    if any(is_matrix(x) for x in below) or len(matrices) > 1:
        raise reader.error("a denominator must be a number", node.denominator)
    numbers = [x for x in above if not is_matrix(x)]
    value = Mul(*numbers, *(Pow(x, -1) for x in below))
    return reader.finite(value, node) if not matrices else matrix_product(value, *matrices)


def _parts(reader: Reader, node: Node) -> list[Any]:
    """The factors of a numerator or a denominator, so that numbers stay outside of sums."""
    if not isinstance(node, Product):
        value = reader.value(node)
        number = reader.as_number(value)
        return [value if number is None else number]
    found = factors.values(reader, node.items, node.signs, node)
    if any(sign in ("/", r"\div") or is_matrix(value) for sign, value, _ in found):
        value = factors.combined(reader, found, node)
        number = reader.as_number(value)
        return [value if number is None else number]
    return [value for _, value, _ in found]


def _binomial(reader: Reader, node: Fraction) -> Any:
    n, k = (reader.scalar(x, "a binomial coefficient") for x in (node.numerator, node.denominator))
    if any(x.is_number and abs(x) > LARGEST for x in (n, k)):
        raise reader.error(f"a binomial coefficient of numbers beyond {LARGEST}", node)
    return binomial(n, k)


def _root(reader: Reader, node: Root) -> Any:
    index = Integer(2) if node.index is None else reader.scalar(node.index, "the index of a root")
    if not (index.is_Integer and 0 < index <= LARGEST):
        raise reader.error("the index of a root must be a positive whole number", node)
    radicand = reader.scalar(node.radicand, "what stands under a root")
    return powers.power(reader, radicand, 1 / index, node)


def _group(reader: Reader, node: Group) -> Any:
    if isinstance(node.content, Empty):
        raise reader.error(f"empty brackets {node.left}{node.right}", node)
    if node.left == "{" and node.right == "}":
        _refuse_unseen(reader, node)
        return reader.value(node.content)
    kind = (node.left, node.right)
    if kind in _ROUND:
        return reader.value(node.content)
    if kind == ("|", "|"):
        return Abs(reader.scalar(node.content, "what stands between bars"))
    if kind == (r"\|", r"\|"):
        return norm(reader, node)
    if kind == (r"\langle", r"\rangle"):
        return averages.angle(reader, node)
    if kind == (r"\lfloor", r"\rfloor"):
        return floor(reader.scalar(node.content, "what is rounded"))
    if kind == (r"\lceil", r"\rceil"):
        return ceiling(reader.scalar(node.content, "what is rounded"))
    if kind == (r"\{", ".") and isinstance(node.content, Matrix):
        return tables.cases(reader, node.content)
    raise reader.error(f"the brackets {node.left} and {node.right} are not read as a pair", node)


def _refuse_unseen(reader: Reader, node: Group) -> None:
    """Braces do not print: what they hold together must hold together without them."""
    content = node.content
    slash = isinstance(content, Product) and any(sign in ("/", r"\div") for sign in content.signs)
    if isinstance(content, Sum) or slash:
        raise reader.error("braces do not print: write brackets", node)


def norm(reader: Reader, node: Group, *, frobenius: bool = False) -> Any:
    """The Euclidean norm of a column, the Frobenius norm of a matrix."""
    value = reader.value(node.content)
    if not is_matrix(value):
        return Abs(value)
    sizes = reader.sizes
    sides = (sizes.rows(value), sizes.columns(value))
    if not (frobenius or any(len(s) == 1 and sizes.now(s[0]) == 1 for s in sides)):
        raise reader.error(
            r"a norm of a matrix needs its name: write \|...\|_F for that of all entries squared",
            node,
        )
    return sqrt(Trace(matrix_product(value.T, value)))


def _refuse(reader: Reader, node: Node) -> Any:
    what = {
        Relation: "a relation stands where a value is due",
        Logic: "a statement stands where a value is due",
        Sequence: "several values stand where one is due",
        Empty: "something is missing",
        Text: "words stand where a value is due",
        Named: "the function has no argument",
        Operator: "the sign has nothing to act on",
        Differential: "a differential stands without an integral sign",
    }
    raise reader.error(f"{what[type(node)]}: {written(node) or 'nothing'}", node)


VALUES: dict[type[Node], Any] = {
    Number: _number,
    Letter: _letter,
    Accent: _accent,
    Scripted: _name,
    Sum: _sum,
    Product: _product,
    Fraction: _fraction,
    Root: _root,
    Group: _group,
    Matrix: tables.matrix,
    Integral: integrals.integral,
    Named: _refuse,
    Operator: _refuse,
    Relation: _refuse,
    Logic: _refuse,
    Sequence: _refuse,
    Empty: _refuse,
    Text: _refuse,
    Differential: _refuse,
}
