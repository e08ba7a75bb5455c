"""Certificates: what they prove is true, and no tampered certificate passes."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import Phase, assume, find, given, settings
from hypothesis import strategies as st
from lemmata.proofs.certificates import Bound, PositivityCertificate, recheck
from lemmata.proofs.orthant import Orthant
from sympy import Dummy, Ge, Integer, Le, Rational, S, Symbol, exp, lambdify, sqrt, symbols

x, y, z = symbols("x y z", positive=True)
t = Symbol("t", nonnegative=True)
r, u = symbols("r u", real=True)

CERTIFIED: dict[str, tuple[Any, list[Any]]] = {
    "difference under a strict bound": (x - y, [x > y]),
    "cubes keep the order": (x**3 - y**3, [x > y]),
    "a chain of bounds": (x * y - z**2, [x > y, y > z]),
    "order of real numbers": (r - u, [r > u]),
    "inside an open interval": (x * (1 - x), [x < 1]),
    "inside a half-open interval": (x * (2 - x), [x <= 1]),
    "inside a closed interval": ((r + 1) * (5 - r), [r >= 0, r <= 4]),
    "one weak bound is enough": (x - y + z, [x >= y]),
    "positive although t may vanish": (t**2 + t + 1, []),
    "away from the origin": (r**2 - 3, [r >= 2]),
    "an interval of negative numbers": (-r, [r > -3, r < -1]),
}

NOT_CERTIFIED: dict[str, tuple[Any, list[Any]]] = {
    "equality allowed": (x - y, [x >= y]),
    "equality allowed, real": (r - u, [r >= u]),
    "end of a closed interval": (1 - x, [x <= 1]),
    "start of a closed interval": (r - 1, [r >= 1]),
    "both ends of a closed interval": (r * (4 - r), [r >= 0, r <= 4]),
    "nonnegative symbol that may vanish": (t, []),
    "sum of what may vanish": (t**2 + t, []),
    "square that vanishes inside": ((x - 1) ** 2, [x < 2]),
    "no sign known": (r + 5, []),
    "wrong direction": (y - x, [x > y]),
    "order in a circle": (y - x, [x >= y, y >= x]),
    "only one bound of two": (x - y, [x > z]),
    "not a polynomial": (exp(x) - 1, []),
    "coefficient that is not rational": (x + sqrt(2), []),
}


def certify(polynomial: Any, relations: list[Any]) -> PositivityCertificate | None:
    """The certificate that the court would find."""
    symbols_ = polynomial.free_symbols.union(*(r.free_symbols for r in relations))
    return Orthant(list(symbols_), relations).certify(polynomial.expand())


@pytest.mark.parametrize(("polynomial", "relations"), CERTIFIED.values(), ids=CERTIFIED.keys())
def test_positive_polynomials_are_certified(polynomial: Any, relations: list[Any]) -> None:
    certificate = certify(polynomial, relations)
    assert certificate is not None
    assert recheck(certificate)


@pytest.mark.parametrize(
    ("polynomial", "relations"), NOT_CERTIFIED.values(), ids=NOT_CERTIFIED.keys()
)
def test_what_is_not_positive_everywhere_is_not_certified(
    polynomial: Any, relations: list[Any]
) -> None:
    assert certify(polynomial, relations) is None


RELATIONS = [x > y, x >= y, y > z, y >= z, x < 1, x <= 1, y < 2, x > 1, x >= 1, z >= 3, r > u]
RELATIONS += [r >= u, r >= x, r > -2, r <= 2, r < 2, u >= -1, u <= 5, u < 0, t >= x, t <= 1]
GRID = [Fraction(n, 2) for n in (-4, -2, -1, 0, 1, 2, 3, 4, 6, 10)]


def inside(relations: list[Any], used: list[Any]) -> list[tuple[Fraction, ...]]:
    """The points of a grid that lie in the domain, boundaries where they are allowed."""
    sides = [(type(relation), relation.gts - relation.lts) for relation in relations]
    gaps = lambdify(used, [gap for _, gap in sides], modules=[])
    found = []
    for point in product(*([v for v in GRID if _allowed(s, v)] for s in used)):
        values = zip(sides, gaps(*point), strict=True)
        if all(value > 0 or (value == 0 and kind in (Ge, Le)) for (kind, _), value in values):
            found.append(point)
    return found


def _allowed(symbol: Any, value: Fraction) -> bool:
    return value > 0 or not (symbol.is_positive or (symbol.is_nonnegative and value < 0))


def _symbols(polynomial: Any, relations: list[Any]) -> list[Any]:
    return sorted(polynomial.free_symbols.union(*(r.free_symbols for r in relations)), key=str)


@st.composite
def problems(draw: Any) -> tuple[Any, list[Any]]:
    """Sums of products of what the relations say is not negative, and relations that say it."""
    relations = draw(st.lists(st.sampled_from(RELATIONS), min_size=1, max_size=2, unique=True))
    used = _symbols(S.One, relations)
    parts = [relation.gts - relation.lts for relation in relations] + used + [S.One]
    term = st.tuples(st.integers(-1, 3), st.lists(st.sampled_from(parts), max_size=3))
    terms = draw(st.lists(term, min_size=1, max_size=3))
    return sum((k * math.prod(factors, start=S.One) for k, factors in terms), S.Zero), relations


@settings(max_examples=150)
@given(problems())
def test_no_certified_polynomial_fails_at_an_exact_point(problem: tuple[Any, list[Any]]) -> None:
    polynomial, relations = problem
    if certify(polynomial, relations) is None:
        return
    used = _symbols(polynomial, relations)
    value = lambdify(used, polynomial, modules=[])
    for point in inside(relations, used):
        assert value(*point) > 0, (used, point)


@pytest.mark.parametrize("pairs", [0, 1])
def test_the_random_problems_are_not_all_out_of_reach(pairs: int) -> None:
    def certified(problem: tuple[Any, list[Any]]) -> bool:
        found = certify(*problem)
        return found is not None and len(found.variables) - len(found.bounds) >= pairs

    once = settings(max_examples=500, phases=[Phase.generate])
    assert certified(find(problems(), certified, settings=once))


@pytest.mark.parametrize(("polynomial", "relations"), CERTIFIED.values(), ids=CERTIFIED.keys())
def test_the_substitution_reaches_every_point_of_the_domain(
    polynomial: Any, relations: list[Any]
) -> None:
    certificate = certify(polynomial, relations)
    assert certificate is not None
    used = _symbols(polynomial, relations)
    points = inside(relations, used)
    assert points
    for point in points:
        values = {s: Rational(v.numerator, v.denominator) for s, v in zip(used, point, strict=True)}
        assert _is_reached(certificate, values), values


def _is_reached(certificate: PositivityCertificate, values: dict[Any, Any]) -> bool:
    """Whether nonnegative variables exist that the substitution maps to the point."""
    # A symbol without a lower bound stays as it is.
    chosen = {s: v for s, v in values.items() if s not in certificate.substitution}
    for bound in certificate.bounds:
        below = values[bound.symbol] - values.get(bound.low, bound.low)
        above = None if bound.high is None else bound.high - values[bound.symbol]
        # The four forms of a bound: v alone, v : 1, 1 : w, and v : w.
        if above is None:
            candidates = [(below,)]
        elif len(bound.variables) == 2:
            candidates = [(below, above)]
        else:
            candidates = [(p / q,) for p, q in ((below, above), (above, below)) if q]
        for candidate in candidates:
            trial = chosen | dict(zip(bound.variables, candidate, strict=True))
            image = certificate.substitution[bound.symbol].xreplace(trial)
            if min(candidate) >= 0 and image == values[bound.symbol]:
                chosen = trial
                break
        else:
            return False
    return True


def _tampered(certificate: PositivityCertificate, kind: str, number: int) -> Any:
    """The certificate with one thing changed; None where the change would change nothing."""
    bound = certificate.bounds[number % len(certificate.bounds)]
    others = tuple(b for b in certificate.bounds if b != bound)
    fresh = Dummy("fresh", nonnegative=True)
    variable = certificate.variables[number % len(certificate.variables)]
    match kind:
        case "polynomial minus a constant":
            return replace(certificate, polynomial=certificate.polynomial - 1 - number)
        case "polynomial of the other sign":
            return replace(certificate, polynomial=-certificate.polynomial)
        case "numerator plus a term":
            return replace(certificate, numerator=certificate.numerator + variable ** (number + 1))
        case "numerator of a square":
            return replace(certificate, numerator=(variable - 1) ** 2)
        case "denominator doubled":
            return replace(certificate, denominator=2 * certificate.denominator)
        case "denominator vanishes":
            return replace(certificate, denominator=S.Zero, numerator=S.Zero)
        case "both sides negated":
            return replace(
                certificate,
                numerator=-certificate.numerator,
                denominator=-certificate.denominator,
            )
        case "lower bound raised":
            raised = replace(bound, low=bound.low + 1 + number)
            return replace(certificate, bounds=(*others, raised))
        case "upper bound made up":
            high = Integer(7 + number)
            if bound.high is not None:
                return None
            return replace(certificate, bounds=(*others, replace(bound, high=high)))
        case "bound on itself":
            return replace(certificate, bounds=(*others, replace(bound, low=bound.symbol)))
        case "variable of another bound":
            if not others:
                return None
            shared = replace(bound, variables=others[0].variables[:1])
            return replace(certificate, bounds=(*others, shared))
        case "variable that is a symbol of the claim":
            symbol = sorted(certificate.polynomial.free_symbols, key=str)[0]
            return replace(certificate, bounds=(*others, replace(bound, variables=(symbol,))))
        case "variable of unknown sign":
            wild = replace(bound, variables=(Symbol("v", real=True),))
            return replace(certificate, bounds=(*others, wild))
        case "variable too many":
            more = replace(bound, variables=(*bound.variables, fresh))
            return replace(certificate, bounds=(*others, more))
        case "no variable":
            return replace(certificate, bounds=(*others, replace(bound, variables=())))
        case "relations forgotten":
            return replace(certificate, relations=())
        case "strict bounds made weak":
            if bound.low == 0 and bound.symbol.is_positive:
                return None
            weak = tuple(_weakened(relation) for relation in certificate.relations)
            return replace(certificate, relations=weak)
        case "bound twice":
            return replace(certificate, bounds=(*certificate.bounds, bound))
        case "bounds turned round":
            return replace(certificate, bounds=certificate.bounds[::-1])
    raise AssertionError(kind)


def _weakened(relation: Any) -> Any:
    return relation.lts <= relation.gts


TAMPERINGS = [
    "polynomial minus a constant",
    "polynomial of the other sign",
    "numerator plus a term",
    "numerator of a square",
    "denominator doubled",
    "denominator vanishes",
    "both sides negated",
    "lower bound raised",
    "upper bound made up",
    "bound on itself",
    "variable of another bound",
    "variable that is a symbol of the claim",
    "variable of unknown sign",
    "variable too many",
    "no variable",
    "bound twice",
]


@settings(max_examples=200)
@given(st.sampled_from(sorted(CERTIFIED)), st.sampled_from(TAMPERINGS), st.integers(0, 5))
def test_every_tampered_certificate_is_rejected(name: str, kind: str, number: int) -> None:
    certificate = certify(*CERTIFIED[name])
    assert certificate is not None
    tampered = _tampered(certificate, kind, number)
    assume(tampered is not None)
    assert not recheck(tampered)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("difference under a strict bound", "relations forgotten"),
        ("difference under a strict bound", "strict bounds made weak"),
        ("order of real numbers", "strict bounds made weak"),
        ("an interval of negative numbers", "relations forgotten"),
        ("a chain of bounds", "bounds turned round"),
        ("a chain of bounds", "strict bounds made weak"),
    ],
)
def test_a_certificate_needs_the_relations_it_rests_on(name: str, kind: str) -> None:
    certificate = certify(*CERTIFIED[name])
    assert certificate is not None
    number = [b.symbol for b in certificate.bounds].index(certificate.bounds[-1].symbol)
    assert not recheck(_tampered(certificate, kind, number))


def test_a_substitution_that_covers_part_of_the_domain_proves_nothing() -> None:
    v = Dummy("v", nonnegative=True)
    # x - 2 is positive for x = 2 + v + ..., but x > 0 is all that is known.
    partial = PositivityCertificate(x - 1, (), (Bound(x, Integer(2), None, (v,)),), v + 1, S.One)
    assert not recheck(partial)
    assert recheck(replace(partial, relations=(x > 2,)))
    # A relation between the symbols does not help one that is used the wrong way round.
    assert not recheck(replace(partial, relations=(x < 2,)))
    # x = 3: a substitution by a constant covers one point.
    point = PositivityCertificate(x - 1, (), (Bound(x, Integer(3), Integer(3), (v,)),), S(2), S.One)
    assert not recheck(point)
