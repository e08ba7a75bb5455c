r"""Averages: ``\mathbb{E}_{z}[...]``, ``\langle ... \rangle``, ``\int Dz\, ...``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import sympy
from lemmata.theory.gaussian import gaussian_average
from lemmata.theory.matrix_calculus import Average
from sympy import Add, Integer, Mul, Symbol, exp, oo, pi, sqrt

from . import factors, powers
from .lookups import lookup
from .names import plain_spelling, symbol_name
from .nodes import Accent, Empty, Group, Letter, Node, Operator, Scripted
from .nodes import Sequence as Listed
from .shapes import is_matrix
from .writing import written

if TYPE_CHECKING:
    from .functions import Head
    from .reader import Reader

__all__ = ["angle", "angle_over", "expectation", "normal_variable", "of_density", "over_measure"]


def expectation(reader: Reader, head: Head, items: Sequence[Node], n: int) -> tuple[Any, int]:
    r"""The value of ``\mathbb{E}_{z}[...]`` and the first item behind it."""
    found = factors.bracket(items[n]) if n < len(items) else None
    if found is None:
        raise reader.error("an average needs its brackets: \\mathbb{E}[...]", head.node)
    group, scripts = found
    if isinstance(group.content, Listed | Empty):
        raise reader.error("an average takes one value", group)
    if group.left == "(" and scripts is not None and scripts.sup is not None:
        name, inside = written(head.node), written(scripts)
        raise reader.error(
            f"{name} {inside} is read as the average of a power and as a power of the average: "
            f"write {name}[...] with square brackets around what is averaged",
            scripts,
        )
    variable = None if head.below is None else _gaussian_variable(reader, head.below)
    if variable is None:
        value = _random_average(reader, head, group)
    else:
        with reader.binding({plain_spelling(head.below): variable}):  # type: ignore[arg-type]
            value = gaussian_average(reader.scalar(group.content, "an average"), variable)
    value = factors.scripted(reader, value, scripts, head.node)
    return powers.raised(reader, value, head.above, head.node), n + 1


def _gaussian_variable(reader: Reader, below: Node) -> Any:
    """The standard normal variable below an average, None where random letters stand there."""
    name = plain_spelling(below)
    symbol = reader.vocabulary.bound.get(name)
    if symbol is not None:
        return symbol
    entry = reader.vocabulary.names.get(name)
    if entry is not None and entry.letter is not None:
        return None
    if isinstance(below, Letter | Scripted | Accent):
        return Symbol(symbol_name(name), real=True)
    return None


def _random_average(reader: Reader, head: Head, group: Group) -> Any:
    value = reader.value(group.content)
    if not reader.vocabulary.random and not is_matrix(value) and not value.has(sympy.MatrixSymbol):
        raise reader.error(
            "an average of numbers needs its variable: \\mathbb{E}_{z}[...]", head.node
        )
    return Average(value)


def angle(reader: Reader, node: Group) -> Any:
    """An average over the examples."""
    if not reader.vocabulary.random or isinstance(node.content, Listed):
        raise reader.error(
            "angle brackets are read as the average of what is random, and nothing is", node
        )
    return Average(reader.value(node.content))


def normal_variable(reader: Reader, below: Node | None) -> Any:
    """The variable of the claim's own averages that is written below, None for another one."""
    symbol = None if below is None else reader.vocabulary.bound.get(plain_spelling(below))
    return symbol if symbol is not None and symbol.is_real and not symbol.is_integer else None


def angle_over(reader: Reader, base: Node, below: Node | None) -> Any:
    r"""``\langle f \rangle_{z}`` over a standard normal variable; None for all else."""
    variable = normal_variable(reader, below)
    if variable is None or not isinstance(base, Group) or base.left != r"\langle":
        return None
    assert below is not None
    with reader.binding({plain_spelling(below): variable}):
        return gaussian_average(reader.scalar(base.content, "an average"), variable)


def of_density(value: Any, variable: Any) -> Any:
    r"""The average that an integral over the line is, None where no ``e^{-z^2/2}`` stands in it."""
    exponent = -(variable**2) / 2
    for factor in Mul.make_args(value):
        if isinstance(factor, exp) and exponent in Add.make_args(sympy.expand(factor.args[0])):
            rest = sympy.expand(factor.args[0] - exponent)
            others = Mul(*(f for f in Mul.make_args(value) if f is not factor))
            return gaussian_average(others * sqrt(2 * pi) * exp(rest), variable)
    return None


def over_measure(
    reader: Reader, items: tuple[Node, ...], signs: tuple[str, ...], node: Node
) -> Any:
    r"""``\int Dz\, f``, where ``Dz`` is the measure of a standard normal z; None where none is."""
    for n, (here, variable) in enumerate(pairwise(items)):
        if not _is_measure(here) or signs[n + 1] or not isinstance(variable, Letter):
            continue
        if lookup(reader, here) is not None:
            return None
        _refuse_limits(reader, node)
        rest = (*items[:n], *items[n + 2 :]), (*signs[:n], *signs[n + 2 :])
        name = plain_spelling(variable)
        symbol = reader.vocabulary.bound.get(name)
        if symbol is None or not symbol.is_real or symbol.is_integer:
            symbol = Symbol(symbol_name(name), real=True)
        with reader.binding({name: symbol}):
            value = Integer(1)
            if rest[0]:
                value = factors.product(reader, rest[0], ("", *rest[1][1:]), node)
        if is_matrix(value):
            raise reader.error("an average of matrices over a number is not read", node)
        return gaussian_average(value, symbol)
    return None


def _is_measure(node: Node) -> bool:
    letter = node.content if isinstance(node, Accent) else node
    upright = not isinstance(node, Accent) or node.command in (r"\mathcal", r"\mathrm", r"\mathscr")
    return upright and isinstance(letter, Letter) and letter.text == "D"


def _refuse_limits(reader: Reader, node: Node) -> None:
    """The measure is one on the whole line."""
    if isinstance(node, Operator):
        return
    assert isinstance(node, Scripted)
    low = None if node.sub is None else reader.scalar(node.sub, "a limit")
    high = None if node.sup is None else reader.scalar(node.sup, "a limit")
    if (low, high) != (-oo, oo):
        raise reader.error("an average over z runs over the whole line: leave out its limits", node)
