"""A domain given by simple bounds, mapped onto nonnegative variables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Dummy, Ge, Gt, Le, Lt, S, fraction, together

from .certificates import Bound, PositivityCertificate, is_closed, recheck, substitution_of

__all__ = ["Orthant"]


class Orthant:
    """A domain given by bounds on its symbols, mapped onto nonnegative variables.

    Bounds are relations ``symbol < symbol``, ``symbol < number`` and so on; other relations are
    not used.  Symbols without any lower bound stay as they are (no certificate can use them).
    """

    def __init__(self, symbols: Sequence[Any], relations: Sequence[Any]) -> None:
        self.symbols = sorted(symbols, key=str)
        self.relations = tuple(
            r
            for r in relations
            if isinstance(r, Gt | Ge | Lt | Le) and _simple(r.lts) and _simple(r.gts)
        )
        self._stated = [(r.lts, r.gts) for r in self.relations]
        self.bounds: list[Bound] = []
        done: set[Any] = set()
        for symbol in self._sequence():
            self._bound(symbol, done)
            done.add(symbol)
        self.substitution = substitution_of(self.bounds, self.relations)

    def certify(self, polynomial: Any) -> PositivityCertificate | None:
        """A certificate that the polynomial is positive on the domain, or None."""
        replaced = together(polynomial.xreplace(self.substitution))
        numerator, denominator = (p.expand() for p in fraction(replaced))
        made = PositivityCertificate(
            polynomial, self.relations, tuple(self.bounds), numerator, denominator
        )
        return made if recheck(made) else None

    def _sequence(self) -> list[Any]:
        waiting, done = list(self.symbols), list[Any]()
        while waiting:
            ready = [x for x in waiting if not (self._lower(x) & set(waiting))]
            symbol = (ready or waiting)[0]
            waiting.remove(symbol)
            done.append(symbol)
        return done

    def _lower(self, symbol: Any) -> set[Any]:
        return {low for low, high in self._stated if high == symbol and low.is_Symbol}

    def _bound(self, symbol: Any, done: set[Any]) -> None:
        lows = [low for low, high in self._stated if high == symbol]
        lows = [low for low in lows if low.is_Rational or low in done]
        if symbol.is_nonnegative:
            lows.append(S.Zero)
        if not lows:
            return
        bound = Bound(symbol, self._highest(symbol, lows), None, (_variable(symbol),))
        highs = [high for low, high in self._stated if low == symbol and high.is_Rational]
        if highs and bound.low.is_Rational and bound.low < min(highs):
            bound = Bound(symbol, bound.low, min(highs), bound.variables)
            if is_closed(bound, self.relations):
                pair = (*bound.variables, _variable(symbol))
                bound = Bound(symbol, bound.low, bound.high, pair)
        self.bounds.append(bound)

    def _highest(self, symbol: Any, lows: list[Any]) -> Any:
        """The bound that implies the others, where one is seen to; else any of them."""
        images = substitution_of(self.bounds, self.relations)
        for low in lows:
            gaps = [images.get(low, low) - images.get(other, other) for other in lows]
            if all(gap.expand().is_nonnegative for gap in gaps):
                return low
        return lows[0]


def _variable(symbol: Any) -> Any:
    return Dummy(f"y_{symbol}", nonnegative=True)


def _simple(expr: Any) -> bool:
    return bool(expr.is_Symbol or expr.is_Rational)
