"""Positivity certificates: exact, and checkable by a few lines that trust nothing else.

A polynomial P is positive on a domain when, after a substitution of positive variables for the
domain's symbols (x = lower + y, or x = lower + (upper - lower) y/(1 + y)), every coefficient is
nonnegative and one is positive: P is then a polynomial in the hypotheses with nonnegative
coefficients (Handelman form), up to powers of the positive 1 + y.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Dummy, Ge, Gt, Le, Lt, Poly, S, fraction, together

__all__ = ["Orthant", "PositivityCertificate", "recheck"]


@dataclass(frozen=True, slots=True)
class PositivityCertificate:
    """``polynomial`` > 0, because ``substitution`` of positive ``variables`` turns it into
    ``numerator / denominator`` whose coefficients are not negative.
    """

    polynomial: Any
    substitution: tuple[tuple[Any, Any], ...]
    variables: tuple[Any, ...]
    numerator: Any
    denominator: Any


def recheck(certificate: PositivityCertificate) -> bool:
    """Whether the certificate proves what it says: substitute, expand, look at coefficients."""
    replaced = certificate.polynomial.xreplace(dict(certificate.substitution))
    difference = replaced * certificate.denominator - certificate.numerator
    if Poly(together(difference).as_numer_denom()[0], *certificate.variables).as_expr() != 0:
        return False
    for part in (certificate.numerator, certificate.denominator):
        coefficients = Poly(part, *certificate.variables).coeffs()
        if not coefficients or min(coefficients) < 0 or not any(c > 0 for c in coefficients):
            return False
    return True


class Orthant:
    """A domain given by bounds on its symbols, mapped onto positive variables.

    Bounds are relations ``symbol < symbol``, ``symbol < number`` and so on; other relations are
    not used.  Symbols without any sign stay as they are (no certificate can use them).
    """

    def __init__(self, symbols: Sequence[Any], relations: Sequence[Any]) -> None:
        self.symbols = sorted(symbols, key=str)
        self.bounds = [
            (r.lts, r.gts)
            for r in relations
            if isinstance(r, Gt | Ge | Lt | Le) and _simple(r.lts) and _simple(r.gts)
        ]
        self.substitution: dict[Any, Any] = {}
        self.variables: list[Any] = []
        for symbol in self._sequence():
            self._map(symbol)

    def certify(self, polynomial: Any) -> PositivityCertificate | None:
        """A certificate that the polynomial is positive on the domain, or None."""
        replaced = together(polynomial.xreplace(self.substitution))
        numerator, denominator = (p.expand() for p in fraction(replaced))
        if not self.variables:
            return None
        made = PositivityCertificate(
            polynomial,
            tuple(self.substitution.items()),
            tuple(self.variables),
            numerator,
            denominator,
        )
        try:
            return made if recheck(made) else None
        except TypeError:
            return None

    def _sequence(self) -> list[Any]:
        waiting, done = list(self.symbols), list[Any]()
        while waiting:
            ready = [x for x in waiting if not (self._lower(x) & set(waiting))]
            symbol = (ready or waiting)[0]
            waiting.remove(symbol)
            done.append(symbol)
        return done

    def _lower(self, symbol: Any) -> set[Any]:
        return {low for low, high in self.bounds if high == symbol and low.is_Symbol}

    def _map(self, symbol: Any) -> None:
        lows = [low for low, high in self.bounds if high == symbol]
        highs = [high for low, high in self.bounds if low == symbol and high.is_Rational]
        if symbol.is_nonnegative:
            lows.append(S.Zero)
        mapped = [self.substitution.get(low, low) for low in lows]
        low = _largest(mapped)
        if low is None:
            return
        positive = Dummy(f"y_{symbol}", positive=True)
        self.variables.append(positive)
        if highs and low.is_Rational:
            self.substitution[symbol] = low + (min(highs) - low) * positive / (1 + positive)
        else:
            self.substitution[symbol] = low + positive


def _simple(expr: Any) -> bool:
    return bool(expr.is_Symbol or expr.is_Rational)


def _largest(candidates: list[Any]) -> Any:
    for one in candidates:
        if all((one - other).expand().is_nonnegative for other in candidates):
            return one
    return None
