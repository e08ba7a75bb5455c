"""What the parts of a formula are read with: the vocabulary, and what is found on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import process_time
from typing import Any

from sympy import Add, E, S, Trace, oo, pi

from . import values
from .bounds import SECONDS, TERMS, expanded_terms
from .errors import NotationError, SizeError
from .lookups import is_upright
from .nodes import Accent, Letter, Node
from .shapes import Sizes, is_matrix, matrix_product, matrix_sum
from .vocabulary import Vocabulary
from .writing import written

__all__ = ["Reader"]

OPERATORS = 40
"""Operators that act on one another."""
_IDENTITIES = frozenset(
    (r"\mathbf{I}", r"\mathbb{I}", r"\mathbb{1}", r"\mathrm{I}", r"\boldsymbol{I}", r"\bm{I}")
)


class Reader:
    """Reads the parts of one formula in a vocabulary."""

    def __init__(self, vocabulary: Vocabulary, root: Node) -> None:
        self.vocabulary = vocabulary
        self.root = root
        self.bound: dict[str, Any] = {}
        self.sizes = Sizes()
        self.operators = 0
        self.fonts: dict[str, set[str]] = {}
        self.terms: dict[Any, int] = {}
        self.entries = 1
        self.done: set[int] = set()
        self.deadline = process_time() + SECONDS

    def error(self, reason: str, node: Node) -> NotationError:
        """A refusal of the formula at that node."""
        return NotationError(reason, node.start)

    def value(self, node: Node) -> Any:
        """The number or matrix that a node stands for."""
        if process_time() > self.deadline:
            raise self.error(f"reading it takes more than {SECONDS:.0f} s: name a part of it", node)
        return values.VALUES[type(node)](self, node)

    def scalar(self, node: Node, what: str) -> Any:
        """The number that a node stands for; ``what`` needs one."""
        value = self.as_number(self.value(node))
        if value is None:
            raise self.error(f"{what} must be a number, and {written(node)} is a matrix", node)
        return value

    def place(self, node: Node) -> Any:
        """The number at which a function is taken."""
        value = self.scalar(node, "a place")
        self.refuse_infinity(value, node)
        return value

    def refuse_infinity(self, value: Any, node: Node) -> None:
        """A function has a limit towards infinity, and no value there."""
        if value.has(S.Infinity, S.NegativeInfinity):
            raise self.error(r"infinity is no place: write \lim_{x \to \infty} ...", node)

    def calculable(self, values: list[Any], node: Node) -> None:
        """Nothing is added to infinity or multiplied by it."""
        if len(values) > 1 and any(value in (S.Infinity, S.NegativeInfinity) for value in values):
            raise self.error("nothing is calculated with infinity: state a limit", node)

    def multiplied(self, size: int, times: int, node: Node) -> None:
        """Count terms in the entries of matrices of numbers, should all of them be multiplied."""
        if times * size.bit_length() > TERMS.bit_length() + 1 or size > TERMS:
            self.entries = TERMS + 1
        else:
            self.entries *= max(size, 1) ** times
        if self.entries > TERMS:
            raise self.error(f"the product of its matrices has entries of over {TERMS} terms", node)

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
            raise self.error(f"more than {OPERATORS} operators act on one another", node)
        try:
            yield
        finally:
            self.operators -= 1

    def constant(self, node: Node) -> Any:
        r"""``e``, ``\pi``, ``\infty`` and ``I``, where they are no names."""
        text = node.text if isinstance(node, Letter) else ""
        if text == "e" or is_upright(node, "e"):
            return E
        if text == r"\pi":
            return pi
        if isinstance(node, Accent) and written(node) == r"\mathbf{0}":
            return S.Zero
        if text == r"\infty":
            return oo
        identity = text in ("I", r"\mathbb{1}") or (
            isinstance(node, Accent) and written(node) in _IDENTITIES
        )
        if identity and self.vocabulary.matrices:
            return self.sizes.identity()
        return None

    def negative(self, value: Any) -> Any:
        """Minus the value."""
        return matrix_product(S.NegativeOne, value) if is_matrix(value) else -value

    def added(self, values: list[Any], node: Node) -> Any:
        """The sum of numbers, or of matrices of one size."""
        self.calculable(values, node)
        matrices = [v for v in values if is_matrix(v)]
        numbers = [v for v in values if not is_matrix(v)]
        if not matrices:
            return self.finite(Add(*numbers), node)
        rest = Add(*numbers)
        if rest != 0:
            singles = [self.as_number(m) for m in matrices]
            if None in singles:
                raise self.error(f"the number {rest} is added to a matrix: write it times I", node)
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
            raise SizeError(
                f"matrices of shapes {shapes} stand side by side as if of one shape", node.start
            )

    def finite(self, value: Any, node: Node) -> Any:
        """The value, unless SymPy says that it is no number, or could not multiply it out."""
        if expanded_terms(value, self.terms) > TERMS:
            raise self.error(
                f"multiplied out it has more than {TERMS} terms: name a part of it", node
            )
        if value.has(S.ComplexInfinity, S.NaN):
            raise self.error(f"{written(node)} is no number", node)
        return value
