"""Positivity certificates: exact, and checkable by a few lines that trust nothing else.

A polynomial P is positive on a domain when, after a substitution of nonnegative variables for the
domain's symbols, every coefficient is nonnegative and one term cannot vanish: P is then a
polynomial in the hypotheses with nonnegative coefficients (Handelman form), up to powers of
positive sums.  The substitution is not free: it follows from bounds that the hypotheses state,
so that every point of the domain is the image of some point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sympy import Ge, Gt, Le, Lt, Poly, together
from sympy.polys.polyerrors import BasePolynomialError

__all__ = ["Bound", "PositivityCertificate", "is_closed", "recheck", "substitution_of"]


@dataclass(frozen=True, slots=True)
class Bound:
    """``low`` below ``symbol``, and perhaps the number ``high`` above it.

    ``low`` is a rational or a symbol, known from a relation or, for 0, from the sign of
    ``symbol``.  ``variables`` are the nonnegative v (and w) by which the symbol is replaced:

    low + v, v = symbol - low                           no ``high``
    (low + high v)/(1 + v), v = (symbol - low)/(high - symbol)    symbol < high
    (low w + high)/(w + 1), w = (high - symbol)/(symbol - low)    low < symbol <= high
    (low w + high v)/(w + v), v and w not both 0          low <= symbol <= high
    """

    symbol: Any
    low: Any
    high: Any
    variables: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PositivityCertificate:
    """``polynomial`` > 0 wherever ``relations`` hold and each symbol has its declared sign.

    Replacing symbols as ``bounds`` say, one after the other, turns the polynomial into
    ``numerator / denominator``, whose coefficients are not negative.
    """

    polynomial: Any
    relations: tuple[Any, ...]
    bounds: tuple[Bound, ...]
    numerator: Any
    denominator: Any

    @property
    def substitution(self) -> dict[Any, Any]:
        """What each symbol is replaced by."""
        return substitution_of(self.bounds, self.relations)

    @property
    def variables(self) -> tuple[Any, ...]:
        """The nonnegative variables in the order of the bounds."""
        return tuple(v for bound in self.bounds for v in bound.variables)


def recheck(certificate: PositivityCertificate) -> bool:
    """Whether the certificate proves what it says: bounds, substitution, coefficients."""
    if not _bounds_hold(certificate):
        return False
    replaced = certificate.polynomial.xreplace(certificate.substitution)
    difference = replaced * certificate.denominator - certificate.numerator
    variables = certificate.variables
    try:
        if not Poly(together(difference).as_numer_denom()[0], *variables, domain="QQ").is_zero:
            return False
        parts = [
            Poly(part, *variables, domain="QQ")
            for part in (certificate.numerator, certificate.denominator)
        ]
    except BasePolynomialError:  # something else than a polynomial with rational coefficients
        return False
    return all(_is_positive(part, certificate) for part in parts)


def _bounds_hold(certificate: PositivityCertificate) -> bool:
    """Every bound is known, uses fresh variables, and rests on bounds before it."""
    variables, relations = certificate.variables, certificate.relations
    known = {s for r in (certificate.polynomial, *relations) for s in r.free_symbols}
    if not variables or len(set(variables)) != len(variables) or known & set(variables):
        return False
    if not all(v.is_Symbol and v.is_nonnegative for v in variables):
        return False
    symbols = [bound.symbol for bound in certificate.bounds]
    if len(set(symbols)) != len(symbols):
        return False
    for number, bound in enumerate(certificate.bounds):
        if _below(bound, relations) is None or bound.low in symbols[number:]:
            return False
        if bound.high is None and len(bound.variables) == 1:
            continue
        if bound.high is None or _above(bound, relations) is None:
            return False
        if not (bound.low.is_Rational and bound.high.is_Rational and bound.low < bound.high):
            return False
        if len(bound.variables) != 1 + is_closed(bound, relations):
            return False
    return True


def _below(bound: Bound, relations: Sequence[Any]) -> bool | None:
    """True where ``low < symbol`` is known, False for ``low <= symbol`` only, None for neither."""
    symbol, low = bound.symbol, bound.low
    if (low == 0 and symbol.is_positive) or _states(low, symbol, (Gt, Lt), relations):
        return True
    weak = (low == 0 and symbol.is_nonnegative) or _states(low, symbol, (Ge, Le), relations)
    return False if weak else None


def _above(bound: Bound, relations: Sequence[Any]) -> bool | None:
    if _states(bound.symbol, bound.high, (Gt, Lt), relations):
        return True
    return False if _states(bound.symbol, bound.high, (Ge, Le), relations) else None


def _states(low: Any, high: Any, kinds: tuple[Any, ...], relations: Sequence[Any]) -> bool:
    return any(isinstance(r, kinds) and (r.lts, r.gts) == (low, high) for r in relations)


def is_closed(bound: Bound, relations: Sequence[Any]) -> bool:
    """Whether only low <= symbol <= high is known, so that two variables are needed."""
    return bound.high is not None and not (_below(bound, relations) or _above(bound, relations))


def substitution_of(bounds: Sequence[Bound], relations: Sequence[Any]) -> dict[Any, Any]:
    """The images of the bounded symbols, each bound after those it rests on; see ``Bound``."""
    images: dict[Any, Any] = {}
    for bound in bounds:
        low, high, v = images.get(bound.low, bound.low), bound.high, bound.variables[0]
        if high is None:
            images[bound.symbol] = low + v
        elif _above(bound, relations):
            images[bound.symbol] = (low + high * v) / (1 + v)
        elif _below(bound, relations):
            images[bound.symbol] = (low * v + high) / (v + 1)
        else:
            w = bound.variables[1]
            images[bound.symbol] = (low * w + high * v) / (w + v)
    return images


def _vanishing(certificate: PositivityCertificate) -> Iterator[set[Any]]:
    """The largest sets of variables that may be zero together."""
    relations = certificate.relations
    choices: list[tuple[Any, ...]] = []
    for bound in certificate.bounds:
        weak_above = bound.high is not None and not _above(bound, relations)
        if weak_above or not _below(bound, relations):
            # Of two variables one may vanish, but not both.
            choices.append(bound.variables)
    for choice in product(*choices):
        yield set(choice)


def _is_positive(part: Poly, certificate: PositivityCertificate) -> bool:
    """No coefficient is negative, and some term stays when variables that may vanish do."""
    terms = part.terms()
    if any(coefficient < 0 for _, coefficient in terms):
        return False
    alive = [
        {v for v, k in zip(part.gens, exponents, strict=True) if k}
        for exponents, coefficient in terms
        if coefficient > 0
    ]
    return all(any(not used & zero for used in alive) for zero in _vanishing(certificate))
