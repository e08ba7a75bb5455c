"""Averages in the court: what is true is shown, what is planted wrong is refused."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.codegen import compile_expressions
from lemmata.proofs import Derivation, Step, claim, define
from lemmata.proofs.averages_rule import check_by_parts
from lemmata.proofs.court import judge
from lemmata.proofs.exact.averages import moment, moments_inserted, tried
from lemmata.proofs.exact.normal_form import vanishes
from lemmata.proofs.exact.zero_test import decide_zero
from lemmata.proofs.poles import continuous_at, defined_throughout
from lemmata.proofs.signs import Signs
from lemmata.theory.derivations import ByParts, Combines, Follows, Integrated
from lemmata.theory.gaussian import GaussianAverage, gaussian_average, slope, tame, z
from lemmata.theory.registry import Registry
from sympy import (
    Abs,
    Derivative,
    Eq,
    Function,
    Lambda,
    LambertW,
    Max,
    Rational,
    Symbol,
    atan,
    binomial,
    cos,
    cosh,
    coth,
    erf,
    exp,
    gamma,
    lerchphi,
    log,
    sign,
    sin,
    sinh,
    sqrt,
    symbols,
    tan,
    tanh,
)

E = gaussian_average
q, c = symbols("q c", positive=True)
y = Symbol("y", real=True)
a = Symbol("a", nonnegative=True)
r, h = Function("r"), Function("h")
T = tanh(sqrt(q) * z)


def rng():
    return np.random.default_rng(0)


def decided(expr):
    return decide_zero(expr, [], rng=rng()).status


def judged(statement, *steps, **more):
    @claim(
        "mine.average",
        source="test",
        registry=Registry(),
        derivation=Derivation(tuple(Step("so", relation, by) for relation, by in steps)),
        **more,
    )
    def mine():
        """A claim of this test."""
        return statement

    return {v.kind: v for v in judge(mine, "quick").verdicts}


TRUE = [
    E(T**2 + z * T) - E(T**2) - E(z * T),
    E((1 - T**2) ** 2) - E(1 - 2 * T**2) - E(T**4),
    E(3 * q * z**4 + z) - 9 * q,
    E(T),
    E(z**2 * erf(c * z) * exp(-q * z**2)),
    E(z * Abs(z)),
    E((z + Abs(z)) ** 2) - 2,
    E((1 + sign(z)) / 2) - Rational(1, 2),
    E(1 / cosh(c * z) ** 4) - E((1 - tanh(c * z) ** 2) ** 2),
    E(exp(-q * z**2) * exp(-c * z**2)) - E(exp(-(q + c) * z**2)),
    E(z * r(z) + r(z)) - E(z * r(z)) - E(r(z)),
    E(sqrt(q) * z * sin(z)) / sqrt(q) - E(z * sin(z)),
    E(T) * E(T**2) + E(T**2) ** 2 - E(T**2) * E(1 - (1 - T**2)),
]
FALSE = [
    E(T**2) - T.subs(z, 1) ** 2,
    E(T**2) - q,
    E(T**2) ** 2 - E(T**4),
    E(z**4) - 1,
    E(z**3 * T),
    E(exp(z)) - 1,
    E(erf(c * z + 1)),
    E(cosh(z)) - E(sinh(z)),
    E(r(z) ** 2) - E(r(z)) ** 2,
    E(z * r(z)) - E(Derivative(r(z), z)) - E(r(z)),
    E(sign(z + c)),
]


@pytest.mark.parametrize("expr", TRUE, ids=str)
def test_linear_identities_are_proved(expr):
    assert decided(expr) == "proved"
    assert vanishes(expr)


@pytest.mark.parametrize("expr", FALSE, ids=str)
def test_false_identities_are_refuted(expr):
    assert decided(expr) == "refuted"
    assert not vanishes(expr)


def test_what_divides_by_an_average_that_vanishes_is_never_proved():
    expr = c / E(tanh(z)) - c
    assert decided(expr) != "proved"
    assert not vanishes(expr)


NOT_CONSTANT = [
    sin(z) ** 2, cos(z), LambertW(exp(z)), log(1 + exp(z)), Abs(z), sqrt(1 + z**2), q**z, tan(z),
    exp(sin(z)), erf(z) ** 2, atan(z) ** 2, tanh(cos(z)), gamma(1 + z**2), Max(z, 0), sign(z) ** 2,
    (z**2) ** q, sqrt(sin(z) ** 2 + 1), r(z), Derivative(r(z), z), binomial(z, 3), coth(z),
    tanh(z) ** 2,
    Function("r2")(z, q), lerchphi(z, 1, q),
]  # fmt: skip


@pytest.mark.parametrize("body", NOT_CONSTANT, ids=str)
def test_what_depends_on_the_variable_is_not_taken_out(body):
    """E z^2 f is E f for constants only: whatever generator stands for f, it is none."""
    assert not vanishes(E(z**2 * body) - E(body))
    assert not vanishes(E(body) - q * body.subs(z, 1))


def test_what_takes_integration_by_parts_is_left_open():
    assert decided(E(z * T) - sqrt(q) * E(1 - T**2)) == "undecided"
    assert decided(E(z * r(z)) - E(Derivative(r(z), z))) == "undecided"


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 3), st.integers(0, 3)), max_size=6))
@settings(max_examples=30, deadline=None)
def test_averages_are_linear_and_only_zero_is_zero(terms):
    """Against moments: with T replaced by z all is a polynomial, whose moments are exact."""
    parts = [k * z**m * T**n for k, m, n in terms]
    split = sum((E(part) for part in parts), 0 * q)
    assert vanishes(E(sum(parts, 0 * q)) - split)
    polynomial = moments_inserted(E(sum((k * z ** (m + n) for k, m, n in terms), 0 * z)))
    if polynomial != 0:
        powers = sum((k * z ** (m + n) for k, m, n in terms), 0 * z)
        assert not vanishes(E(powers)) or polynomial == 0


def test_a_bound_variable_is_never_replaced():
    assert E(q * z).subs(z, 3) == E(q * z)
    assert E(q * z).free_symbols == {q}
    assert E(T**2).diff(z) == 0
    assert E(q) == q
    with pytest.raises(TypeError, match="symbol"):
        GaussianAverage(q, q**2)


def test_a_bound_variable_is_not_replaced_by_rules():
    """As where points are inserted at which a free symbol of the same name has a value."""
    assert E(q * z).xreplace({z: 1, q: 2}) == E(2 * z)
    assert E(T**2).xreplace({z: q}) == E(T**2)


def test_a_bound_variable_catches_nothing():
    inserted = E(y * z**2)
    for caught in (
        inserted.subs(y, z),
        inserted.subs({y: z}, simultaneous=True),
        inserted.xreplace({y: z}),
        Lambda(y, inserted)(z),
        E(h(q) * z**2).xreplace({h(q): z}),
    ):
        assert caught.free_symbols == {z}
        assert decided(caught - z) == "proved"
        assert decided(E(z * caught) - 1) == "proved"


@pytest.mark.parametrize(("moment_given", "status"), [(0, "REFUTED"), (1, "SAMPLED")])
def test_a_solution_is_not_caught_where_it_is_inserted(moment_given, status):
    """h(y) = E[y z^2] = y has E[z h(z)] = 1."""

    @claim("mine.solution", registry=Registry(), given=[Eq(E(z * h(z)) + q, q + moment_given)])
    def mine():
        """A solution of this test."""
        return Eq(h(y), E(y * z**2), evaluate=False)

    assert mine.kind == "solution"
    verdicts = {v.kind: v.status.name for v in judge(mine, "quick").verdicts}
    assert verdicts["points"] == status


def test_no_average_binds_a_variable_twice():
    nested = E(z**2 * E(z**2 * E(z**4)))
    variables = [average.variable for average in nested.atoms(GaussianAverage)]
    assert len(set(variables)) == len(variables) == 3
    assert decided(nested - 3) == "proved"
    assert E(E(z**2)) == E(z**2)


@given(*(st.integers(0, 3) for _ in range(3)))
@settings(max_examples=20, deadline=None)
def test_moments_of_definitions_under_averages(outer, power, inner):
    """E[z^k f(z)] with f(x) = x^m E z^n is E z^(k + m) times E z^n."""
    found = E(z**outer * h(z))
    defined = define(h, Lambda(y, y**power * E(z**inner)), means="moment")
    assert vanishes(defined.expand(found) - moment(outer + power) * moment(inner))


def test_the_name_of_a_bound_variable_does_not_matter():
    other = E(tanh(sqrt(q) * y) ** 2 * r(y), y)
    assert decided(other - E(T**2 * r(z))) == "proved"
    assert vanishes(E(z**2 * E(cos(q * y * z), y)) - E(y**2 * E(cos(q * y * z), z), y))
    assert not vanishes(E(z**2 * E(cos(y * z), y)) - E(cos(y * z), y))


@pytest.mark.parametrize(
    "assumed",
    [{}, {"positive": True}, {"nonnegative": True}, {"integer": True}, {"complex": True},
     {"real": True, "nonzero": True}, {"extended_real": True}],
    ids=str,
)  # fmt: skip
def test_a_variable_is_real_and_nothing_more(assumed):
    variable = Symbol("z", **assumed)
    with pytest.raises(TypeError, match="variable: the symbol z is not declared real and nothing"):
        E(variable**2, variable)


def test_nothing_is_assumed_of_a_bound_variable():
    """The court would use it, had the claim not been refused: each is zero."""
    signs = Signs([z > 0])
    assert signs.sign(z) == 1
    assert signs.sign(E(T)) == signs.sign(E(z**3 + T)) == 0
    assert not signs.not_negative(E(z))
    assert signs.sign(E(T**2 * q)) == 1
    assert Signs([z > q]).sign(E(z) - q) == 0
    for difference in (E(Abs(z)), E(Abs(z) ** 3) - E(z**3), E(sqrt(z**2) * T**2)):
        assert decide_zero(q * difference, [z > 0], rng=rng()).status != "proved"


def test_a_captured_variable_is_refused():
    """z is free in the definition of y, and bound where y is used."""
    with pytest.raises(ValueError, match="bound"):
        judged(Eq(E(y * z), 0), (Eq(E(y * z), 0), Follows()), where=[define(y, z, means="bad")])


@pytest.mark.parametrize(
    "body",
    [T**3 * z, exp(-a * z**2), exp(c * z), erf(c * z), sin(z**3), 1 / cosh(c * z), r(z),
     Derivative(r(z), z), tanh(c * z) / z, T**2 / z**2, cosh(c * z)],
    ids=str,
)  # fmt: skip
def test_tame_functions_have_tame_derivatives(body):
    assert tame(body, z)
    assert tame(body.diff(z), z) or body in (tanh(c * z) / z, T**2 / z**2)
    assert defined_throughout(E(body), Signs([]))


@pytest.mark.parametrize(
    "body",
    [1 / z, exp(z**2), exp(c * z**2), exp(-y * z**2), log(z), Abs(z), sign(z), sqrt(z), r(2 * z),
     tanh(c * z) / z**2, tanh(c * z + 1) / z, 1 / (1 + z), exp(tanh(z)), 1 / sinh(z), z**c],
    ids=str,
)  # fmt: skip
def test_other_functions_are_not_tame(body):
    assert not tame(body, z)
    derivative = E(body * q).diff(q) if body.is_finite else None
    # No derivative is taken under an average that is not shown to be smooth.
    assert derivative is None or derivative.atoms(Derivative) or body in (Abs(z), sign(z))


def test_averages_without_a_value_are_not_defined():
    for body in (1 / z, exp(z**2), log(z), 1 / (1 + z)):
        assert not defined_throughout(E(body), Signs([]))
        assert not continuous_at(E(body * q), q, 0 * q, Signs([]))


def test_by_parts_is_a_rule():
    statement = Eq(E(z * T), sqrt(q) * E(1 - T**2), evaluate=False)
    verdicts = judged(statement, (statement, ByParts(T, z, -1)))
    assert verdicts["derivation"].status.name == "PROVED"
    assert verdicts["points"].status.name == "SAMPLED"
    assert "identity" not in verdicts


RIGHT = Eq(E(z * T), sqrt(q) * E(1 - T**2), evaluate=False)
WRONG_USES = {
    "a wrong factor": (RIGHT, ByParts(T, z, 1)),
    "another function": (RIGHT, ByParts(T**2, z, -1)),
    "a false statement": (Eq(E(z * T), E(1 - T**2), evaluate=False), ByParts(T, z, -1)),
    # H = exp(z^2/2): H' - zH = 0, but H times the density is constant.
    "ends that do not vanish": (
        Eq(E(z * exp(z**2 / 2)), E(z * exp(z**2 / 2)) + 1, evaluate=False),
        ByParts(exp(z**2 / 2), z),
    ),
    # H = sign z jumps at 0: E z sign z = E|z| is not E 0.
    "a jump": (Eq(E(z * sign(z)), 0, evaluate=False), ByParts(sign(z), z, -1)),
    # H = 1/z has a pole: E[-1/z^2 - 1] is not 0.
    "a pole": (Eq(E(-1 / z**2), 1, evaluate=False), ByParts(1 / z, z)),
    "a function of a multiple of z": (
        Eq(E(z * r(2 * z)), 0, evaluate=False), ByParts(r(2 * z), z),
    ),
    "a factor with a pole": (
        Eq(E(z * T) / (q - 1), sqrt(q) * E(1 - T**2) / (q - 1), evaluate=False),
        ByParts(T, z, -1 / (q - 1)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_USES)
def test_planted_wrong_uses_are_refused(name):
    statement, rule = WRONG_USES[name]
    verdict = judged(statement, (statement, rule))["derivation"]
    assert verdict.status.name in ("UNDECIDED", "REFUTED")


@pytest.mark.parametrize("rule", [ByParts(1, z, T), ByParts(T, y, -1)], ids=str)
def test_by_parts_takes_the_variable_of_the_average_and_a_constant_factor(rule):
    with pytest.raises(ValueError, match="z is free in mine"):
        judged(RIGHT, (RIGHT, rule))
    made = claim("mine.average", registry=Registry())(lambda: RIGHT)
    assert check_by_parts(made, RIGHT, rule, rng()).status == "undecided"


def test_a_variable_that_is_no_symbol_is_refused():
    with pytest.raises(TypeError, match="no symbol"):
        judged(RIGHT, (RIGHT, ByParts(T, q**2, -1)))


def test_functions_of_which_more_is_assumed_are_not_tried():
    """r is assumed to be z: polynomials that are not say nothing of E r^2 = E z r."""
    statement = Eq(E(r(z) ** 2), E(z * r(z)), evaluate=False)
    given = [Eq(r(y), y, evaluate=False)]
    verdict = judged(statement, (statement, Follows()), given=given)["derivation"]
    assert verdict.status.name != "REFUTED"


def test_functions_of_which_more_is_assumed_are_not_any_tame_function():
    """r is assumed to be 1/z: E[r' - z r] is no zero then."""
    statement = Eq(E(Derivative(r(z), z)), E(z * r(z)), evaluate=False)
    given = [Eq(y * r(y), 1, evaluate=False)]
    verdict = judged(statement, (statement, ByParts(r(z), z)), given=given)["derivation"]
    assert verdict.status.name == "UNDECIDED"
    assert judged(statement, (statement, ByParts(r(z), z)))["derivation"].status.name == "PROVED"


def test_undefined_functions_stand_for_any_and_not_for_one():
    """r = z would make it true: E z^2 = 1; it is false for others."""
    statement = Eq(E(r(z) ** 2), E(z * r(z)), evaluate=False)
    verdict = judged(statement, (statement, ByParts(r(z), z)))["derivation"]
    assert verdict.status.name == "REFUTED"
    assert not tried(E(r(z)) - E(h(z))).atoms(GaussianAverage)


def test_a_derivative_is_not_taken_under_a_jump():
    """E sign(z - q) has the derivative -2 density(q): taken under the average it would be 0."""
    jump = E(sign(z - q))
    statement = Eq(Derivative(jump, q, evaluate=False), 0, evaluate=False)
    verdict = judged(statement, (statement, Follows()))["derivation"]
    assert verdict.status.name != "PROVED"
    constant = Eq(jump, 0, evaluate=False)
    verdict = judged(constant, (statement, Follows()), (constant, Integrated(q, 0)))["derivation"]
    assert verdict.status.name != "PROVED"


def test_signs_of_averages():
    signs = Signs([])
    assert signs.sign(E(T**2)) == 1
    assert signs.sign(E((1 - T**2) ** 2)) == 1
    assert signs.sign(-E(exp(-q * z**2))) == -1
    assert signs.sign(E(T)) == 0
    assert signs.sign(E(z * T)) == 0  # positive, which the structure does not show
    assert signs.sign(E(T**2 - 1)) == -1 or signs.sign(E(T**2 - 1)) == 0
    assert signs.sign(1 - tanh(y) ** 2) == 1
    assert signs.sign(E(0 * z + y**2 * z**2)) == 0  # zero at y = 0


@pytest.mark.parametrize("body", [T**2, T**4, sin(sqrt(q) * z) ** 2, erf(sqrt(q) * z) ** 2, z * T])
def test_the_heat_equation_gives_the_derivative(body):
    """Against the derivative under the average, by two programs of other integrands."""
    average = E(body)
    one, other = slope(q * average, q), (q * average).diff(q)
    program = compile_expressions([one, other], [q])
    from lemmata.numerics.balls import evaluate_balls

    for at in (Fraction(1, 10), Fraction(2)):
        first, second = evaluate_balls(program, [at], 128)
        assert first.overlaps(second)
        assert first.rad() < 1e-25


def test_a_combination_needs_the_factor_to_be_finite():
    statement = Eq(E(z * T) / E(T), sqrt(q) * E(1 - T**2) / E(T), evaluate=False)
    verdict = judged(statement, (RIGHT, ByParts(T, z, -1)), (statement, Combines({1: 1 / E(T)})))
    assert verdict["derivation"].status.name == "UNDECIDED"


def test_definitions_under_averages_are_inserted():
    phi = define(h, Lambda(y, tanh(y)), means="activation")
    statement = Eq(E(h(sqrt(q) * z) * z), sqrt(q) * E(1 - h(sqrt(q) * z) ** 2), evaluate=False)
    verdicts = judged(statement, (statement, ByParts(h(sqrt(q) * z), z, -1)), where=[phi])
    assert verdicts["derivation"].status.name == "PROVED"
