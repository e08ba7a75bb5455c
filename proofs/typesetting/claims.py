"""Claims as LaTeX: the statement, what its terms stand for, what is given, the steps."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.definitions import Definition
from sympy import Basic, Integer, false, true
from sympy.core.function import UndefinedFunction

from .domain import told_domain
from .given import Given, defined, givens
from .lines import aligned_rows, split_lines
from .measure import size
from .measure import width as width_of
from .names import named, renamed
from .pieces import Piece
from .plain import told
from .printer import Printer
from .renaming import refuse_unreadable
from .scope import Scope, named_things
from .style import COLUMN, Style, StyleError, style_told

__all__ = [
    "claim_lines",
    "display",
    "equation_lines",
    "expressions_of",
    "piece_in",
    "printer_of",
    "sequences_among",
    "sequences_of",
    "typeset",
    "typeset_in",
]

INLINE_SHARE = 0.45
"""A formula wider than this part of the column is displayed on lines of its own."""
INLINE_TALL = 37.5
"""So is one that is taller than a simple fraction, in points."""
LIST_INDENT = 25.0
"""By how much narrower a column is inside of a list."""


def typeset(
    expr: Any, *, style: Style | None = None, sequences: frozenset[Any] = frozenset()
) -> str:
    """One-line LaTeX of an expression, without delimiters.

    ``sequences`` are the functions that are printed with their index below.
    """
    style = style or Style()
    expr = _exact(expr)
    return Printer(_scope((expr,), style, "expr"), style, sequences).piece(expr).latex


def typeset_in(claim: Claim, expr: Any, style: Style | None = None) -> str:
    """One-line LaTeX of an expression as it is printed in a claim.

    Raises ``StyleError`` where the style gives two names of the claim the same LaTeX.
    """
    return piece_in(claim, expr, style).latex


def piece_in(claim: Claim, expr: Any, style: Style | None = None) -> Piece:
    """The piece of an expression as it is printed in a claim."""
    return printer_of(claim, style or Style()).piece(_exact(expr))


def _exact(expr: Any) -> Any:
    """Numbers and matrices of Python as those of SymPy; what is neither is refused."""
    if isinstance(expr, int):
        return true if expr is True else false if expr is False else Integer(expr)
    expr = expr.as_immutable() if hasattr(expr, "as_immutable") else expr
    if not isinstance(expr, Basic):
        raise TypeError(f"expr: {expr!r} is no SymPy expression: build it from SymPy symbols")
    return expr


def display(
    claim: Claim, relation: Any, style: Style | None = None, width: float = COLUMN
) -> list[str]:
    r"""Lines of LaTeX of a relation for one display that fits a column of ``width`` points.

    One line, or the lines of a ``split``, to stand in ``equation`` or ``\[``.
    """
    return split_lines(piece_in(claim, relation, style), width)


def equation_lines(lines: list[str], style: Style, label: str = "") -> Iterator[str]:
    """A display in the environment of the style, with a label where it has a number."""
    if style.environment == "none":
        yield from lines
        return
    told = rf"\label{{{label}}}" if label and style.numbered else ""
    if style.environment.startswith("align"):
        *rows, last = aligned_rows(lines, numbered=style.numbered)
        lines, told = [*rows, f"{last} {told}".rstrip()], ""
    begin, end = rf"\begin{{{style.environment}}}", rf"\end{{{style.environment}}}"
    if style.environment == "displaymath":
        begin, end = r"\[", r"\]"
    yield begin + told
    yield from (f"  {line}" for line in lines)
    yield end


def claim_lines(
    claim: Claim, *, derivation: bool = False, style: Style | None = None, width: float = COLUMN
) -> Iterator[str]:
    """LaTeX lines: the statement, what its terms stand for, its values, what is given, the steps.

    The label is the claim's id; the comment carries the digest of what was checked, and the style
    where it is not the usual one.
    """
    style = style or Style()
    yield f"% {claim.id}  digest {claim.digest}{style_told(style, width)}"
    yield from equation_lines(display(claim, claim.statement, style, width), style, claim.id)
    meant = [Given("", defined(d), f" ({told(d.means)})") for d in claim.where]
    below = [
        *_listed("where", claim, meant, style, width),
        *([f"For {values}."] if (values := told_domain(claim, style)) else []),
        *_listed("Given:", claim, list(givens(claim, style)), style, width),
        *(["This statement is false; it is kept as a guard."] * (claim.expects == "refuted")),
    ]
    if below:
        # Between the words stand formulas that TeX cannot break: spaces have to stretch.
        yield from (r"{\sloppy", *below, r"\par}")
    if derivation and claim.derivation:
        yield r"\begin{enumerate}\sloppy"
        for step in claim.derivation.steps:
            yield rf"  \item {told(step.why)}:"
            yield from _shown(claim, step.relation, ".", style, width - LIST_INDENT)
        yield r"\end{enumerate}"


def _listed(
    word: str, claim: Claim, items: Sequence[Given], style: Style, column: float
) -> Iterator[str]:
    if items:
        yield word
    for number, item in enumerate(items, 1):
        end = "." if number == len(items) else ";"
        yield from _item(claim, Given(item.before, item.relation, item.after + end), style, column)


def _item(claim: Claim, given: Given, style: Style, column: float) -> Iterator[str]:
    """One item: in the text where its formula is short, else with the formula displayed."""
    if given.relation is None:
        yield f"{given.before}{given.after}"
        return
    latex = typeset_in(claim, given.relation, style)
    if width_of(latex) <= INLINE_SHARE * column and size(latex).total <= INLINE_TALL:
        yield f"{given.before}${latex}${given.after}"
        return
    if given.before:
        yield given.before
    bare = given.after in (".", ";")
    yield from _shown(claim, given.relation, given.after if bare else "", style, column)
    if not bare:
        yield given.after.strip()


def _shown(claim: Claim, relation: Any, end: str, style: Style, column: float) -> Iterator[str]:
    """A relation displayed without a number, with the punctuation behind it."""
    lines = display(claim, relation, style, column - width_of(end))
    lines[-1 if len(lines) == 1 else -2] += end
    yield r"\["
    yield from (f"  {line}" for line in lines)
    yield r"\]"


def sequences_of(claim: Claim) -> frozenset[Any]:
    """Functions of one whole number, printed with their index below: ``q_{k}``.

    Those of the levels of the claim, and definitions whose variable is a whole number.
    """
    found = set(sequences_among(claim.where))
    if claim.levels:
        found |= {s.symbol for s in claim.levels.sequences}
        found |= {r.symbol for r in claim.levels.recursions}
    return frozenset(found)


def sequences_among(definitions: Sequence[Definition]) -> frozenset[Any]:
    """Those that define a function of one whole number."""
    return frozenset(d.symbol for d in definitions if _is_sequence(d))


def _is_sequence(definition: Definition) -> bool:
    if not isinstance(definition.symbol, UndefinedFunction):
        return False
    variables = definition.expression.variables
    return len(variables) == 1 and bool(variables[0].is_integer)


def expressions_of(claim: Claim) -> Iterator[Any]:
    """Every expression of a claim that is printed."""
    yield claim.statement
    for definition in claim.where:
        yield from (definition.head, definition.body)
    yield from claim.given
    if claim.facts:
        yield from claim.facts.given
        facts = claim.facts
        yield from (*facts.orthonormal_columns, *facts.symmetric, *facts.diagonal)
        yield from (*facts.constant, *facts.random, facts.time)
        yield from (part for pair in (*facts.commuting, *facts.gaussian) for part in pair)
    if claim.levels:
        for recursion in claim.levels.recursions:
            yield from (recursion.first, recursion.step)
        for sequence in claim.levels.sequences:
            yield from (sequence.symbol(sequence.low), sequence.symbol(sequence.high))
        for index, low, high in claim.levels.indices:
            yield from (index, low, high)
        for term, value in claim.levels.boundary.items():
            yield from (term, value)
    if claim.derivation:
        yield from (step.relation for step in claim.derivation.steps)
    for limit in claim.limits:
        yield from (limit.variable, limit.to, limit.value)


_PRINTERS: dict[int, tuple[weakref.ref[Claim], dict[Any, Printer]]] = {}


def printer_of(claim: Claim, style: Style) -> Printer:
    """The printer of a claim, kept as long as the claim is."""
    known = _PRINTERS.get(id(claim))
    if known is None or known[0]() is not claim:
        key = id(claim)
        gone = weakref.ref(claim, lambda _: _PRINTERS.pop(key, None))
        known = _PRINTERS[key] = (gone, {})
    chosen = (tuple(sorted(style.names.items())), style.fraction)
    if chosen not in known[1]:
        scope = _scope(tuple(expressions_of(claim)), style, claim.id)
        printer = Printer(scope, style, sequences_of(claim))
        refuse_unreadable(claim, printer)
        known[1][chosen] = printer
    return known[1][chosen]


def _scope(expressions: Sequence[Any], style: Style, where: str) -> Scope:
    """The names that stand in the expressions; no style may make two of them one."""
    found: dict[str, str] = {}
    functions: set[str] = set()
    others: set[str] = set()
    for text, bearer in named_things(expressions):
        (functions if isinstance(bearer, UndefinedFunction) else others).add(text)
        chosen = style.names.get(text)
        latex = (renamed(chosen) if chosen is not None else named(text)).latex
        other = found.setdefault(latex, text)
        if other != text and (text in style.names or other in style.names):
            raise StyleError(
                f"names: {other} and {text} would both be printed {latex} in {where}: "
                "choose another name"
            )
    return Scope(frozenset(found), frozenset(functions & others))
