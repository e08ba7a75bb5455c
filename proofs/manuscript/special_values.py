r"""Values that an annotation gives to symbols of a claim: ``[tau=1, a_0=s/2, N_l=D+1]``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.well_formed import bound_symbols
from sympy import Derivative, Ge, Gt, Le, Lt, MatrixSymbol, Rational, S, Symbol, nan, oo, zoo
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from ..notation import NotationError, nodes, parse, read, written
from ..notation.claim_names import expressions_of
from ..notation.names import plain_spelling
from ..notation.nodes import Node
from ..notation.vocabulary import Entry, Vocabulary, nearest, respelled, spelled
from ..tex import read_formula
from .annotations import AnnotationError, Declared
from .names import vocabulary_for, with_declared
from .places import moving_in
from .roles import is_name

__all__ = ["symbol_named", "values_of"]

_IN_BRACKETS = re.compile(r"\(\s*([^()]*\S)\s*\)")
_FLOATING = re.compile(r"(?P<digits>(?:\d+\.?\d*|\.\d+))[eE](?P<power>[+-]?\d+)")
HIGHEST_POWER = 300
"""Of ten, in a number that is written as 1e-3."""


def values_of(
    claim: Claim, values: Mapping[str, str], renamed: Mapping[str, str], told: Sequence[Declared]
) -> tuple[dict[Any, Any], str]:
    """The values by symbol, and how they are told.

    Raises ``AnnotationError`` for a name that takes no value, and for a value that is none.
    """
    plain = vocabulary_for(claim, {})
    symbols = {name: symbol_named(claim, plain, name) for name in values}
    vocabulary = _names(plain, symbols.values(), renamed, told)
    at: dict[Any, Any] = {}
    taken = {key: n for n, symbol in symbols.items() for key in _keys(plain, symbol)}
    for name, latex in values.items():
        if symbols[name] in at:
            raise AnnotationError(f"{name} has a value twice: keep one")
        at[symbols[name]] = _value(vocabulary, claim, symbols[name], name, latex, taken)
    shown = {e.symbol: e.shown for e in plain.names.values()}
    pairs = zip(at, map(_without_brackets, values.values()), strict=True)
    return at, ", ".join(f"{shown[symbol]} = {latex}" for symbol, latex in pairs)


def _without_brackets(latex: str) -> str:
    """A name in brackets, which is a value and no renaming, as it is told."""
    inside = _IN_BRACKETS.fullmatch(latex)
    return inside.group(1) if inside is not None else latex


def _names(
    plain: Vocabulary, valued: Iterable[Any], renamed: Mapping[str, str], told: Sequence[Declared]
) -> Vocabulary:
    """The names without a value, as the manuscript writes them, and those that it declares."""
    gone = set(valued)
    names = {k: e for k, e in plain.names.items() if e.symbol not in gone or e.function is not None}
    own = with_declared(None, {}, told).names if told else {}
    try:
        return replace(plain, names={**own, **respelled(names, renamed)})
    except ValueError as error:
        raise AnnotationError(getattr(error, "reason", str(error))) from None


def symbol_named(claim: Claim, vocabulary: Vocabulary, name: str) -> Any:
    """The symbol of that name, which stands for any number of its domain."""
    entry = _entry(vocabulary, name)
    symbol = entry.symbol
    if symbol is None:
        what = "a matrix" if entry.letter is not None else "a function"
        raise AnnotationError(
            f"{name} is {what}: only symbols that stand for numbers take a value; drop it"
        )
    if symbol in {d.symbol for d in claim.where}:
        raise AnnotationError(f"{name} is defined by the claim: give values to what it is made of")
    expressions = [e for e in expressions_of(claim) if hasattr(e, "atoms")]
    runs = {x for e in expressions for d in e.atoms(Derivative) for x in d.variables}
    runs |= set().union(*moving_in(claim, {}).values(), *(d.head.args for d in claim.where))
    runs |= set().union(*(bound_symbols(e) for e in expressions))
    if symbol in runs or (claim.facts is not None and symbol == claim.facts.time):
        raise AnnotationError(
            f"{name} is what functions of the claim depend on: state the claim, and its value "
            "there as a step, % lemmata: follows"
        )
    sizes = {x for e in expressions for m in e.atoms(MatrixSymbol) for x in m.shape}
    if symbol in sizes:
        raise AnnotationError(f"{name} is the size of a matrix, and takes no value: drop it")
    return symbol


def _entry(vocabulary: Vocabulary, name: str) -> Entry:
    names = [(str(getattr(x, "name", x)), e) for e in vocabulary.names.values() for x in e.things]
    for told, entry in names:
        if told == name:
            return entry
    try:
        key = spelled(name)
    except ValueError:
        key = ""
    if key in vocabulary.names:
        return vocabulary.names[key]
    raise AnnotationError(f"{name} is no name of the claim: {nearest(name, [n for n, _ in names])}")


def _keys(plain: Vocabulary, symbol: Any) -> list[str]:
    return [key for key, entry in plain.names.items() if entry.symbol == symbol]


def _value(
    vocabulary: Vocabulary,
    claim: Claim,
    symbol: Any,
    name: str,
    latex: str,
    taken: Mapping[str, str],
) -> Any:
    """The value, in the symbols of the claim and letters of its own; none of those ``taken``."""
    number = _number(name, latex)
    if number is not None:
        return number
    try:
        node = parse(read_formula(latex))
        for key, _ in _letters(node):
            if key in taken and key not in vocabulary.names:
                raise AnnotationError(
                    f"{name}={latex}: {taken[key]} has a value itself: put it into that of {name}"
                )
        new = {
            key: Entry(key, symbol=_letter(claim, symbol, node, letter))
            for key, letter in _letters(node)
            if key not in vocabulary.names
        }
        value = read(node, replace(vocabulary, names={**vocabulary.names, **new}))
    except AnnotationError:
        raise
    except ValueError as error:
        reason = error.reason if isinstance(error, NotationError) else str(error)
        raise AnnotationError(f"{name}={latex}: it cannot be read: {reason}") from None
    scalar = getattr(value, "is_commutative", False) and not getattr(value, "is_Matrix", False)
    if not scalar or isinstance(value, Relational) or value.atoms(AppliedUndef):
        raise AnnotationError(
            f"{name}={latex}: it is no number and no expression in symbols: write {name}=1"
        )
    if value.has(nan, zoo, oo, -oo) or value.is_real is False:
        raise AnnotationError(f"{name}={latex}: it is no real number: write {name}=1")
    return value


def _number(name: str, latex: str) -> Any:
    """The number that is written as 1e-3, exactly; None where none is."""
    found = _FLOATING.search(latex)
    if found is None:
        return None
    whole = _FLOATING.fullmatch(latex.strip(" +-"))
    if whole is None or abs(int(found["power"])) > HIGHEST_POWER:
        told = rf"write it as {found['digits']} \cdot 10^{{{int(found['power'])}}}"
        raise AnnotationError(f"{name}={latex}: {found.group()} is no LaTeX: {told}")
    return Rational(Fraction(latex.replace(" ", "")))


def _letters(node: Node) -> Iterator[tuple[str, Node]]:
    if is_name(node):
        if plain_spelling(node) not in (r"\pi", r"\infty"):
            yield plain_spelling(node), node
        return
    if isinstance(node, nodes.Named | nodes.Operator | nodes.Text):
        return
    for child in node.children:
        yield from _letters(child)


def _letter(claim: Claim, symbol: Any, node: Node, letter: Node) -> Any:
    """A letter that only the value has: whole where the symbol is, and positive where it shows."""
    name = "".join(c for c in written(letter) if c not in "\\{} ")
    plain = Symbol(name, real=True)
    kinds: dict[str, bool] = {"integer": True} if symbol.is_integer else {"real": True}
    try:
        entry = Entry(name, symbol=plain)
        value = read(node, Vocabulary({plain_spelling(letter): entry}))
    except ValueError:
        return Symbol(name, **kinds)
    slope = value.diff(plain)
    if not (slope.is_number and slope.is_positive):
        return Symbol(name, **kinds)
    offset = value.xreplace({plain: S.Zero})
    lowest = [
        r.lts
        for r in claim.given
        if isinstance(r, Ge | Gt | Le | Lt) and r.gts == symbol and r.lts.is_number
    ]
    if any((bound - offset).is_positive for bound in lowest) or (
        symbol.is_positive and offset.is_nonpositive
    ):
        kinds["positive"] = True
    return Symbol(name, **kinds)
