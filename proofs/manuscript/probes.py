"""Numbers that tell against an edited relation between matrices or over levels, without a proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Eq, MatrixSymbol, Symbol
from sympy.core.function import AppliedUndef

from ..levels.values import Values
from ..words.chance import RejectedError
from ..words.draws import Drawer
from ..words.errors import OutOfReachError
from ..words.fields import Rationals
from ..words.values import Values as MatrixValues
from .comparing import known
from .comparison import Known, Probe
from .sequences import SequenceRelations

__all__ = ["probe", "spoken_of"]

INSTANCES = 4
SIZES = (2, 2, 3, 2, 3, 2)
"""Of the matrices that are drawn, until two have been."""


def spoken_of(claim: Claim, links: Iterable[Any]) -> set[Any]:
    """Symbols, letters, functions and their values in the claim's statement and in relations.

    The sizes of matrices are none of them where they are nothing else.
    """
    found: set[Any] = set()
    relations = (claim.statement, *links)
    for relation in relations:
        applied = relation.atoms(AppliedUndef)
        found |= {*_symbols(relation), *applied, *(f.func for f in applied)}
        found |= relation.atoms(MatrixSymbol)
    if claim.levels is not None:
        found |= {s for relation in relations for s in relation.atoms(Symbol)}
        found |= {claim.levels.depth, *(index for index, _, _ in claim.levels.indices)}
    return found


def _symbols(expr: Any) -> Iterator[Any]:
    """The free symbols outside of the sizes of matrices."""
    free, waiting = expr.free_symbols, [expr]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Symbol) and part in free:
            yield part
        elif not isinstance(part, MatrixSymbol):
            waiting.extend(part.args)


def probe(claim: Claim, about: Known, links: list[Any], rng: np.random.Generator) -> Probe:
    """Whether a relation may hold, by numbers that satisfy what the claim assumes."""
    if isinstance(about, SequenceRelations):
        return _level_probe(claim, about, links, rng)
    return _matrix_probe(claim, links, rng)


def _level_probe(
    claim: Claim, about: SequenceRelations, links: list[Any], rng: np.random.Generator
) -> Probe:
    spoken = [claim.statement, *links]
    changed = replace(claim, derivation=None)
    drawn = []
    for instance in about.instances(_all_of(spoken), rng, 4 * INSTANCES):
        drawn.append(Values(changed, instance))
        if len(drawn) == INSTANCES:
            break

    def may_hold(relation: Any) -> bool:
        if type(relation) is not type(claim.statement) or about.beyond(relation):
            return False
        seen = [values.holds(relation) for values in drawn]
        return False not in seen and True in seen

    return may_hold


def _all_of(relations: list[Any]) -> Any:
    """A relation that speaks of all that the relations speak of."""
    if any(not isinstance(r, Eq) for r in relations):
        return relations[0]
    left = sum((r.lhs for r in relations), relations[0].rhs)
    return Eq(left, sum(r.rhs for r in relations), evaluate=False)


def _matrix_probe(claim: Claim, links: list[Any], rng: np.random.Generator) -> Probe:
    facts = known(claim).facts  # type: ignore[attr-defined]
    sides = [side for r in (claim.statement, *links) for side in (r.lhs, r.rhs)]
    values = _matrix_values(Drawer(facts, sides, rng))

    def may_hold(relation: Any) -> bool:
        if not isinstance(relation, Eq):
            return False
        for at in values:
            try:
                if at.numbers.differs(at.matrix(relation.lhs) - at.matrix(relation.rhs)):
                    return False
            except (OutOfReachError, KeyError, RejectedError, ArithmeticError):
                return len(values) == 0
            except (ValueError, TypeError):
                return False
        return True

    return may_hold


def _matrix_values(drawer: Drawer) -> list[MatrixValues]:
    found: list[MatrixValues] = []
    for size in SIZES:
        try:
            found.append(MatrixValues(drawer.draw(size), Rationals()))
        except (RejectedError, ZeroDivisionError):
            continue
        except (OutOfReachError, KeyError):
            break
        if len(found) == 2:
            break
    return found
