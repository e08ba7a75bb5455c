"""Claims: a statement over undefined functions, what they stand for, and what is assumed."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from sympy import Basic, Eq, Equivalent, MatrixExpr, srepr
from sympy.core.function import AppliedUndef

from .definitions import Definition, expand_all
from .derivations import Derivation
from .display import Shown
from .edges import Assumption, Limit, Witness
from .levels import Levels
from .matrix_facts import MatrixFacts
from .outputs import Branch, Cases, Flow, Listed, Root, Taken
from .registry import REGISTRY, Registry
from .well_formed import refuse

__all__ = ["Claim", "Evaluation", "claim"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """``evaluate``: names of inputs with their symbols, names of outputs with their expressions.

    An input is a ``Symbol`` (one exact number, a whole one where the symbol is an integer) or a
    ``MatrixSymbol`` (a matrix, or a list where it has one column); ``derived`` maps further symbols
    to scalar expressions of the inputs, or to a ``Root``, and sequences to what other claims say of
    them (``Taken``).  An output is an expression, a tuple of
    them or a family (``Listed``).  Beyond the signs of the symbols, ``domain`` holds relations
    between scalars and ``identities`` equations between matrices that the inputs must satisfy.
    The outputs are those of the claim itself or of the claim named by ``certified_by``, or of
    other claims (``Cases``): the court checks that they are.  Names in ``optional`` may be left
    out: then outputs that need them, or relations of the domain with them, are left out as well.
    Where one of the ``branches`` holds, another claim on the same function is evaluated; ``asked``
    are relations that the claim and all branches ask of the inputs, each with what to tell where
    it fails.
    """

    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    domain: tuple[Any, ...] = ()
    derived: Mapping[Any, Any] = field(default_factory=dict)
    identities: tuple[Any, ...] = ()
    certified_by: str = ""
    optional: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()
    asked: Mapping[Any, str] = field(default_factory=dict)

    @property
    def parts(self) -> Iterator[Basic]:
        """Every expression that it is made of."""
        tuples = [told for told in self.outputs.values() if isinstance(told, tuple)]
        others = (*self.derived.values(), *self.domain, *self.branches, *self.asked)
        for told in (*self.outputs.values(), *chain(*tuples), *others):
            if isinstance(told, Branch | Cases | Flow | Listed | Root | Taken):
                yield from told.parts
            elif isinstance(told, Basic):
                yield told


@dataclass(frozen=True)
class Claim(Shown):
    """A statement with its domain, kind, source, derivation and what it rests on; immutable.

    ``statement`` is an equation, an inequality, an ``Equivalent`` of inequalities, or an equation
    between matrix expressions.  ``expects="refuted"`` marks a slogan known to be false, kept as
    a guard; its ``witness`` pins where it fails, ``corrected_by`` names the claims that say what
    holds instead.  ``limits`` are checked by substitution.
    """

    id: str
    statement: Any
    where: tuple[Definition, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    doc: str = ""
    source: str = ""
    rests_on: tuple[str, ...] = ()
    derivation: Derivation | None = None
    expects: str = "proved"
    facts: MatrixFacts | None = None
    evaluation: Evaluation | None = None
    evidence: tuple[Any, ...] = ()
    witness: Witness | None = None
    limits: tuple[Limit, ...] = ()
    levels: Levels | None = None
    corrected_by: tuple[str, ...] = ()
    place: str = field(default="", compare=False)

    @property
    def given(self) -> tuple[Any, ...]:
        """The assumed relations."""
        return tuple(assumption.relation for assumption in self.assumptions)

    @property
    def kind(self) -> str:
        """ "levels", "matrix", "solution", "equation", "inequality" or "equivalence"."""
        if self.levels is not None:
            return "levels"
        if self.facts is not None or _has_matrices(self.statement):
            return "matrix"
        if isinstance(self.statement, Equivalent):
            return "equivalence"
        if not isinstance(self.statement, Eq):
            return "inequality"
        return "solution" if self._solves() else "equation"

    def _solves(self) -> bool:
        """Whether the statement is f(variables) = formula, of equations given for f."""
        head = self.statement.lhs
        if not isinstance(head, AppliedUndef) or head.func in {d.symbol for d in self.where}:
            return False
        variables = set(head.args)
        if len(variables) < len(head.args) or not all(v.is_Symbol for v in variables):
            return False
        return any(isinstance(relation, Eq) and relation.has(head.func) for relation in self.given)

    @property
    def digest(self) -> str:
        """SHA-256 of statement, where and given: changes whenever the mathematics does."""
        parts = [srepr(self.statement)]
        parts += [f"{srepr(d.head)}:={srepr(d.body)}" for d in self.where]
        parts += [srepr(relation) for relation in self.given]
        parts += [repr(told) for told in (self.facts, self.levels) if told is not None]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def expand(self, expr: Any) -> Any:
        """``expr`` with every definition of ``where`` expanded, in whatever order they stand."""
        return expand_all(self.where, expr)


def claim(
    id: str,
    *,
    where: Sequence[Definition] = (),
    given: Sequence[Any] = (),
    source: str = "",
    rests_on: Sequence[str] = (),
    derivation: Derivation | Callable[[], Derivation] | None = None,
    expects: str = "proved",
    facts: MatrixFacts | None = None,
    evaluation: Evaluation | None = None,
    evidence: Sequence[Any] = (),
    witness: Witness | None = None,
    limits: Sequence[Limit] = (),
    levels: Levels | None = None,
    corrected_by: Sequence[str] = (),
    registry: Registry | None = None,
) -> Callable[[Callable[[], Any]], Claim]:
    """Turn a function that returns a relation into a registered ``Claim``.

    The docstring says the claim in words.  Raises ``ValueError`` for a malformed or duplicate id
    and for what ``well_formed`` lists: a statement that SymPy evaluated away, a symbol without a
    domain, floating-point numbers, definitions that collide; ``TypeError`` for a statement or an
    assumption that is no relation.
    """

    def build(function: Callable[[], Any]) -> Claim:
        statement = function()
        assumptions = tuple(g if isinstance(g, Assumption) else Assumption(g) for g in given)
        made = Claim(
            id=id,
            statement=statement,
            where=tuple(where),
            assumptions=assumptions,
            doc=inspect.cleandoc(function.__doc__ or ""),
            source=source,
            rests_on=tuple(rests_on),
            derivation=derivation() if callable(derivation) else derivation,
            expects=expects,
            facts=facts,
            evaluation=evaluation,
            evidence=tuple(evidence),
            witness=witness,
            limits=tuple(limits),
            levels=levels,
            corrected_by=tuple(corrected_by),
            place=f"{function.__code__.co_filename}:{function.__code__.co_firstlineno}",
        )
        refuse(made)
        (REGISTRY if registry is None else registry).add(made)
        return made

    return build


def _has_matrices(expr: Any) -> bool:
    return isinstance(expr, Basic) and bool(expr.atoms(MatrixExpr))
