"""From the syntax tree to SymPy: sums, brackets, fractions, powers, matrices.

Nothing is executed: every node has one method here or in the modules beside it, and what a
vocabulary does not know is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from sympy import (
    Abs,
    Add,
    E,
    Eq,
    ImmutableDenseMatrix,
    Integer,
    MatAdd,
    MatMul,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    Trace,
    binomial,
    floor,
    ceiling,
    oo,
    pi,
    sqrt,
)

from . import calculus, factors, powers
from .errors import NotationError
from .lookups import Found, is_upright, lookup, missing
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
from .shapes import Sizes, is_matrix, matrix_product, matrix_sum
from .vocabulary import Vocabulary
from .writing import written

__all__ = ["Reader"]

DIGITS = 300
"""Digits of a number; what is longer is data."""
LARGEST = 1000
"""Numbers in binomials and factorials."""
OPERATORS = 40
"""Operators that act on one another."""


class Reader:
    """Reads the parts of one formula in a vocabulary."""

    def __init__(self, vocabulary: Vocabulary, root: Node) -> None:
        self.vocabulary = vocabulary
        self.root = root
        self.bound: dict[str, Any] = {}
        self.sizes = Sizes()
        self.operators = 0

    def fail(self, reason: str, node: Node) -> NoReturn:
        """Refuse the formula at that node."""
        raise NotationError(reason, node.start)

    def value(self, node: Node) -> Any:
        """The number or matrix that a node stands for."""
        return _VALUES[type(node)](self, node)

    def scalar(self, node: Node, what: str) -> Any:
        """The number that a node stands for; ``what`` needs one."""
        value = self.as_number(self.value(node))
        if value is None:
            self.fail(f"{what} must be a number, and {written(node)} is a matrix", node)
        return value

    def as_number(self, value: Any) -> Any:
        """A number, also of a matrix with one entry; None for other matrices."""
        if not is_matrix(value):
            return value
        return Trace(value) if self.single(value) else None

    def single(self, value: Any) -> bool:
        """Whether a matrix certainly has one entry."""
        sides = (*self.sizes.rows(value), *self.sizes.columns(value))
        return all(self.sizes.now(size) == 1 for size in sides)

    @contextmanager
    def binding(self, names: Mapping[str, Any]) -> Iterator[None]:
        """Names that stand for something else inside a sum, a product or an integral."""
        before = self.bound
        self.bound = {**before, **names}
        try:
            yield
        finally:
            self.bound = before

    @contextmanager
    def operator(self, node: Node) -> Iterator[None]:
        """Count operators inside operators."""
        self.operators += 1
        if self.operators > OPERATORS:
            self.fail(f"more than {OPERATORS} operators act on one another", node)
        try:
            yield
        finally:
            self.operators -= 1

    # names and numbers

    def number(self, node: Number) -> Any:
        if len(node.text) > DIGITS:
            self.fail(f"a number of more than {DIGITS} digits", node)
        return Rational(node.text) if "." in node.text else Integer(node.text)

    def name(self, node: Node) -> Any:
        """A letter with its scripts, standing alone."""
        found = lookup(self, node)
        if found is not None:
            return self.named(found, node)
        return powers.unnamed(self, node)

    def named(self, found: Found, node: Node) -> Any:
        """What a name stands for, with its index, dots, primes and power."""
        value = factors.bare(self, found, node)
        return powers.raised(self, value, found.power, node)

    def letter(self, node: Letter) -> Any:
        found = lookup(self, node)
        if found is not None:
            return factors.bare(self, found, node)
        constant = self.constant(node)
        if constant is None:
            self.fail(missing(self, node), node)
        return constant

    def constant(self, node: Node) -> Any:
        r"""``e``, ``\pi``, ``\infty`` and ``I``, where they are no names."""
        text = node.text if isinstance(node, Letter) else ""
        if text == "e" or is_upright(node, "e"):
            return E
        if text == r"\pi":
            return pi
        if text == r"\infty":
            return oo
        identity = text in ("I", r"\mathbb{1}") or (
            isinstance(node, Accent) and written(node) in _IDENTITIES
        )
        if identity and self.vocabulary.matrices:
            return self.sizes.identity()
        return None

    def accent(self, node: Accent) -> Any:
        found = lookup(self, node)
        if found is not None:
            return factors.bare(self, found, node)
        dots = calculus.DOTS.get(node.command)
        if dots:
            return calculus.by_time(self, self.value(node.content), dots, node)
        constant = self.constant(node)
        if constant is not None:
            return constant
        if node.command == r"\boxed":
            return self.value(node.content)
        self.fail(missing(self, node), node)

    # sums and products

    def sum(self, node: Sum) -> Any:
        return self.added(
            [self.signed(t, s) for t, s in zip(node.terms, node.signs, strict=True)], node
        )

    def signed(self, term: Node, sign: str) -> Any:
        """A term with the signs before it."""
        if r"\pm" in sign or r"\mp" in sign:
            self.fail(f"{sign} says two things: state them one by one", term)
        value = self.value(term)
        return self.negative(value) if sign.count("-") % 2 else value

    def negative(self, value: Any) -> Any:
        """Minus the value."""
        return matrix_product(S.NegativeOne, value) if is_matrix(value) else -value

    def added(self, values: list[Any], node: Node) -> Any:
        """The sum of numbers, or of matrices of one size."""
        matrices = [v for v in values if is_matrix(v)]
        numbers = [v for v in values if not is_matrix(v)]
        if not matrices:
            return self.finite(Add(*numbers), node)
        rest = Add(*numbers)
        if rest != 0:
            singles = [self.as_number(m) for m in matrices]
            if None in singles:
                self.fail(f"the number {rest} is added to a matrix: write it times I", node)
            return Add(rest, *singles)
        if len(matrices) == 1:
            return matrices[0]
        for other in matrices[1:]:
            self.same_size(matrices[0], other, node)
        return matrix_sum(*matrices)

    def same_size(self, one: Any, other: Any, node: Node) -> None:
        """Note that two matrices are of the same size."""
        sizes = self.sizes
        fit = sizes.equal(sizes.rows(one), sizes.rows(other)) and sizes.equal(
            sizes.columns(one), sizes.columns(other)
        )
        if not fit:
            shapes = " and ".join(str(tuple(map(sizes.now, m.shape))) for m in (one, other))
            self.fail(f"matrices of shapes {shapes} stand side by side as if of one shape", node)

    def finite(self, value: Any, node: Node) -> Any:
        """The value, unless SymPy says that it is no number."""
        if value.has(S.ComplexInfinity, S.NaN):
            self.fail(f"{written(node)} is no number", node)
        return value

    def product(self, node: Product) -> Any:
        return factors.product(self, node.items, node.signs, node)

    def fraction(self, node: Fraction) -> Any:
        derivative = calculus.derivative_in(self, node)
        if derivative is not None:
            return derivative.alone(self, node)
        if node.command.endswith("binom"):
            return self.binomial(node)
        above, below = self.parts(node.numerator), self.parts(node.denominator)
        if any(x == 0 for x in below):
            self.fail("the denominator is 0", node.denominator)
        matrices = [x for x in above if is_matrix(x)]
        if any(is_matrix(x) for x in below) or len(matrices) > 1:
            self.fail("a denominator must be a number", node.denominator)
        numbers = [x for x in above if not is_matrix(x)]
        value = Mul(*numbers, *(Pow(x, -1) for x in below))
        return self.finite(value, node) if not matrices else matrix_product(value, *matrices)

    def parts(self, node: Node) -> list[Any]:
        """The factors of a numerator or a denominator, so that numbers stay outside of sums."""
        if not isinstance(node, Product):
            value = self.value(node)
            number = self.as_number(value)
            return [value if number is None else number]
        found = factors.values(self, node.items, node.signs, node)
        if any(sign in ("/", r"\div") or is_matrix(value) for sign, value, _ in found):
            value = factors.combined(self, found, node)
            number = self.as_number(value)
            return [value if number is None else number]
        return [value for _, value, _ in found]

    def binomial(self, node: Fraction) -> Any:
        n, k = (
            self.scalar(x, "a binomial coefficient") for x in (node.numerator, node.denominator)
        )
        if any(x.is_number and abs(x) > LARGEST for x in (n, k)):
            self.fail(f"a binomial coefficient of numbers beyond {LARGEST}", node)
        return binomial(n, k)

    def root(self, node: Root) -> Any:
        index = Integer(2) if node.index is None else self.scalar(node.index, "the index of a root")
        if not (index.is_Integer and 0 < index <= LARGEST):
            self.fail("the index of a root must be a positive whole number", node)
        radicand = self.scalar(node.radicand, "what stands under a root")
        return powers.power(self, radicand, 1 / index, node)

    # brackets

    def group(self, node: Group) -> Any:
        if isinstance(node.content, Empty):
            self.fail(f"empty brackets {node.left}{node.right}", node)
        if node.left == "{" and node.right == "}":
            return self.value(node.content)
        kind = (node.left, node.right)
        if kind in _ROUND:
            return self.value(node.content)
        if kind == ("|", "|"):
            return Abs(self.scalar(node.content, "what stands between bars"))
        if kind == (r"\|", r"\|"):
            return self.norm(node)
        if kind == (r"\langle", r"\rangle"):
            return calculus.angle(self, node)
        if kind == (r"\lfloor", r"\rfloor"):
            return floor(self.scalar(node.content, "what is rounded"))
        if kind == (r"\lceil", r"\rceil"):
            return ceiling(self.scalar(node.content, "what is rounded"))
        self.fail(f"the brackets {node.left} and {node.right} are not read as a pair", node)

    def norm(self, node: Group) -> Any:
        """The Euclidean norm of a column, the Frobenius norm of a matrix."""
        value = self.value(node.content)
        if not is_matrix(value):
            return Abs(value)
        return sqrt(Trace(matrix_product(value.T, value)))

    # matrices and cases

    def matrix(self, node: Matrix) -> Any:
        if node.environment in ("cases", "dcases"):
            return self.cases(node)
        if node.environment in ("vmatrix", "Vmatrix", "rcases", "substack", "subarray"):
            self.fail(f"the environment {node.environment} is not read as a value", node)
        if len({len(row) for row in node.rows}) != 1:
            self.fail("the rows of the matrix have different lengths", node)
        rows = [[self.value(cell) for cell in row] for row in node.rows]
        if not any(is_matrix(x) for row in rows for x in row):
            return ImmutableDenseMatrix(rows)
        for row, cells in zip(rows, node.rows, strict=True):
            for value, cell in zip(row, cells, strict=True):
                if not is_matrix(value) and value != 0:
                    self.fail("a number among matrices: write it times I", cell)
        return self.sizes.blocks(rows)

    def cases(self, node: Matrix) -> Any:
        pairs = []
        for row in node.rows:
            if len(row) != 2:
                self.fail("a row of cases needs a value and a condition", node)
            value = self.scalar(row[0], "a case")
            pairs.append((value, self.condition(row[1])))
        return Piecewise(*pairs)

    def condition(self, node: Node) -> Any:
        """When a case holds: a relation behind ``if`` or ``for``, or ``otherwise``."""
        parts = node.items if isinstance(node, Sequence) else (node,)
        words = " ".join(p.text.strip() for p in parts if isinstance(p, Text)).strip(" ,.")
        relations = [p for p in parts if not isinstance(p, Text)]
        if not relations and words.lower() in ("otherwise", "else"):
            return S.true
        if len(relations) == 1 and words.lower() in ("", "if", "for", "when"):
            found = self.relation(relations[0])
            if len(found) == 1:
                return Eq(*found[0].args) if isinstance(found[0], Eq) else found[0]
        self.fail("the condition of a case is not understood: write a relation or otherwise", node)

    def relation(self, node: Node) -> list[Any]:
        """The relations between neighbours of a chain."""
        from . import statements

        return statements.pairs(self, node)

    def refuse(self, node: Node) -> Any:
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
        self.fail(f"{what[type(node)]}: {written(node) or 'nothing'}", node)


_ROUND = {("(", ")"), ("[", "]"), (r"\{", r"\}")}
_IDENTITIES = frozenset(
    (r"\mathbf{I}", r"\mathbb{I}", r"\mathbb{1}", r"\mathrm{I}", r"\boldsymbol{I}", r"\bm{I}")
)
_VALUES: dict[type[Node], Any] = {
    Number: Reader.number,
    Letter: Reader.letter,
    Accent: Reader.accent,
    Scripted: Reader.name,
    Sum: Reader.sum,
    Product: Reader.product,
    Fraction: Reader.fraction,
    Root: Reader.root,
    Group: Reader.group,
    Matrix: Reader.matrix,
    Integral: calculus.integral,
    Named: Reader.refuse,
    Operator: Reader.refuse,
    Relation: Reader.refuse,
    Logic: Reader.refuse,
    Sequence: Reader.refuse,
    Empty: Reader.refuse,
    Text: Reader.refuse,
    Differential: Reader.refuse,
}
