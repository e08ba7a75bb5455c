"""Signs that an expression cannot have, seen at a few exact points of the domain."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
from lemmata.numerics.codegen import UnknownFunctionError
from sympy import Derivative, Pow

from .domain import Domain, rational

__all__ = ["Probes", "steep"]

COUNT = 6
HIGHEST = 500


class Probes:
    """Exact rational points at which every relation holds.

    An expression that is not positive at one of them is not positive on the domain: nothing is
    proved by that, but a proof need not be looked for.
    """

    def __init__(self, relations: Sequence[Any]) -> None:
        self.relations = tuple(relations)

    def possible(self, expr: Any) -> tuple[int, ...]:
        """The signs 1 and -1, without those that ``expr`` does not have at some point.

        A point at which the exact value is no rational number says nothing.  For an expression
        with very high powers no search is worth its time.
        """
        if steep(expr) or expr.atoms(Derivative):
            return ()
        signs: tuple[int, ...] = (1, -1)
        points = _points(self.relations)
        others = expr.free_symbols - points[0].keys() if points else ()
        columns = [_values(x) for x in others]
        for point, *values in zip(points, *columns, strict=False):
            value = expr.xreplace({**point, **dict(zip(others, values, strict=True))})
            if value.is_Rational:
                signs = tuple(sign for sign in signs if sign * value > 0)
            if not signs:
                break
        return signs


@lru_cache(maxsize=64)
def _points(relations: tuple[Any, ...]) -> list[dict[Any, Any]]:
    """Values of the symbols in the relations; none where not every relation could be looked at."""
    symbols = {x for relation in relations for x in relation.free_symbols}
    try:
        domain = Domain(list(symbols), relations)
    except UnknownFunctionError:
        return []
    # Points of a larger domain would exclude signs that are the right ones.
    return _drawn(domain) if len(domain.relations) == len(relations) else []


@lru_cache(maxsize=1024)
def _values(symbol: Any) -> list[Any]:
    """Values of a symbol that is in no relation."""
    return [point[symbol] for point in _drawn(Domain([symbol]))]


def _drawn(domain: Domain) -> list[dict[Any, Any]]:
    rng = np.random.default_rng(0)
    drawn = iter(lambda: domain.draw(rng), None)
    return [{x: rational(v) for x, v in point.items()} for point in islice(drawn, COUNT)]


def steep(expr: Any) -> bool:
    """Whether a power is so high that neither values nor polynomials are worth their time."""
    exponents = (p.exp for p in expr.atoms(Pow) if p.exp.is_Rational)
    return any(max(abs(e.p), e.q) > HIGHEST for e in exponents)
