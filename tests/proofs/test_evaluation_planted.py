"""What an adversary found in what `evaluate` tells: flows, values for roots, outputs of others.

Each planted evaluation was proved once, and told a number that the claim does not state.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from lemmata.proofs import Claim, Status, define
from lemmata.proofs import exceptions as root_exceptions
from lemmata.proofs.court import collect
from lemmata.proofs.evaluated import Evaluated
from lemmata.proofs.evidence import BUDGETS
from lemmata.theory.claims import Evaluation, claim
from lemmata.theory.edges import Limit
from lemmata.theory.outputs import Case, Cases, Flow, Root
from lemmata.theory.registry import Registry
from sympy import Abs, Eq, Function, Integer, Lambda, Le, Lt, Ne, Rational, S, Symbol, exp, symbols

a, k, r = (Function(name) for name in "akr")
A, u, t, s, c, y0 = symbols("A u t s c y_0", positive=True)
q, x, z = symbols("q x z", positive=True)
b = Symbol("b", nonnegative=True)


def made(id: str, statement: Any, **options: Any) -> Claim:
    return claim(id, registry=Registry(), **options)(lambda: statement)


def verdict(planted: Claim) -> Any:
    return Evaluated().check(planted, BUDGETS["quick"], np.random.default_rng(0))


def assert_refused(planted: Claim, fault: str) -> None:
    found = verdict(planted)
    assert found.status is Status.UNDECIDED
    assert fault in found.reason


# --- flows ---------------------------------------------------------------------------------------


LAW = Eq(a(u).diff(u), c * a(u) ** 3)


def flowing(given: Any, domain: Any = (), where: Any = (), time: Any = t, law: Any = LAW) -> Claim:
    rate = law.rhs.xreplace({a(u): A})
    told = Evaluation(
        inputs={"c": c, "y0": y0, "t": t}, outputs={"a": Flow(A, rate, y0, time)}, domain=domain
    )
    return made("planted.flow", law, given=given, where=where, evaluation=told)


TURNING = Eq(a(u).diff(u), c * a(u) ** 3 * Abs(1 - u) / (1 - u))
LOGISTIC = Eq(a(u).diff(u), a(u) * (1 - a(u)))
BELOW_ONE = Eq(a(u).diff(u), a(u) * Abs(1 - a(u)))
GROWING = Eq(k(u).diff(u), c * exp(2 * k(u)))
STRENGTH = define(a, Lambda(u, exp(k(u))), means="what moves")
RAISED = define(a, Lambda(u, exp(k(u)) + 1), means="what moves, above 1")


@pytest.mark.parametrize(
    "planted",
    [
        flowing([LAW]),
        flowing([TURNING, u < 1], domain=(t < 1,)),
        flowing([TURNING, u < 1], time=t / (1 + t)),
        flowing([GROWING], where=[STRENGTH]),
        flowing([Eq(k(u).diff(u), c * r(u)), Eq(r(u), exp(2 * k(u)))], where=[STRENGTH]),
    ],
    ids=["plain", "bounded time", "early", "logarithm", "aside"],
)
def test_flows_of_laws_that_hold_are_told(planted: Claim) -> None:
    assert verdict(planted).status is Status.PROVED


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        # For u > 1 the law has the other sign.
        (flowing([TURNING, u < 1]), "u < 1 is assumed"),
        (flowing([TURNING, u < 1], domain=(t < 2,)), "u < 1 is assumed"),
        (flowing([TURNING, (u - 2) ** 2 < 4], domain=(t < 1,)), "is assumed"),
        (flowing([TURNING, u < s]), "u < s is assumed"),
        # Beyond a = 1 the law is another one.
        (flowing([BELOW_ONE, a(u) < 1], law=LOGISTIC), "a(u) < 1 is assumed"),
        (flowing([BELOW_ONE, a(u) < 1, u < 1], law=LOGISTIC), "is assumed"),
        (flowing([LAW, Ne(a(u), 1)]), "is assumed"),
        # What moves is given, or starts from a given value.
        (flowing([Eq(a(u), exp(u)), LAW]), "from every start"),
        (flowing([LAW, Eq(a(0), 1)]), "from every start"),
        (flowing([Eq(a(u), 1)], law=LOGISTIC), "whatever the start"),
        (flowing([Eq(r(u), k(u)), Eq(k(u), 2 * r(u)), LAW]), "from every start"),
        # 1 + e^k does not start below 1.
        (
            flowing([Eq(k(u).diff(u), c * exp(-k(u)) * (exp(k(u)) + 1) ** 3)], where=[RAISED]),
            "not shown to take every positive value",
        ),
        (flowing([LAW], time=-t), "is not shown to be after 0"),
        (flowing([LAW], time=t - 1), "is not shown to be after 0"),
    ],
)
def test_flows_beyond_their_law_are_refused(planted: Claim, fault: str) -> None:
    assert_refused(planted, fault)


def test_no_inequality_that_is_assumed_is_passed_over() -> None:
    def told(given: Any, domain: Any = ()) -> Claim:
        where = [define(r, Lambda(x, x**2), means="what is told")]
        what = Evaluation(inputs={"x": x}, outputs={"r": x**2}, domain=domain)
        return made("planted.plain", Eq(r(x), x**2), where=where, given=given, evaluation=what)

    assert verdict(told([])).status is Status.PROVED
    assert verdict(told([Ne(x, 1)], (Ne(x, 1),))).status is Status.PROVED
    assert verdict(told([x < 1], (x < 1,))).status is Status.PROVED
    assert_refused(told([Ne(x, 1)]), "is assumed, and not asked of the inputs")
    assert_refused(told([x < 1], (x <= 1,)), "is assumed, and not asked of the inputs")
    assert_refused(told([a(u) < 1]), "is assumed of a function")
    # Of further symbols: some must satisfy what is assumed, at every input.
    assert verdict(told([x < z])).status is Status.PROVED
    assert verdict(told([x < z, z < s, u < z])).status is Status.PROVED
    assert verdict(told([x < z, z < 3], (x < 3,))).status is Status.PROVED
    assert_refused(told([x < z, z < 3]), "not asked of the inputs")
    assert_refused(told([x < z, z < 3], (x <= 3,)), "not asked of the inputs")
    assert_refused(told([x < z, z < s, s < 3]), "not asked of the inputs")
    assert_refused(told([z < 1 - x]), "not asked of the inputs")
    assert_refused(told([z**2 < 1 - x]), "not shown to hold for some z")
    assert_refused(told([Ne(z, x)]), "not shown to hold for some z")
    whole = Symbol("n", integer=True)
    assert verdict(told([x < whole])).status is Status.PROVED
    assert_refused(told([x < whole, whole < x + Rational(1, 2)]), "no n is shown to lie between")


# --- values for roots ----------------------------------------------------------------------------

LENGTHS, SHRINKS = "isometry.length_map", "isometry.length_map.shrinks"


def lengths(**changes: Any) -> Claim:
    known = collect()[LENGTHS]
    assert known.evaluation is not None
    ((symbol, root),) = known.evaluation.derived.items()
    derived = {symbol: replace(root, **changes)}
    return replace(known, evaluation=replace(known.evaluation, derived=derived))


def test_the_length_that_shrinks_to_zero_is_told() -> None:
    assert verdict(lengths()).status is Status.PROVED


@pytest.mark.parametrize(
    ("gain", "without_bias", "changes"),
    [
        (3, True, {}),  # at g = 2 there is a positive length, and 0 was told
        (None, True, {}),
        (None, True, {"value": Integer(0), "certified_by": f"{LENGTHS}.layer"}),
        (Rational(11, 10), True, {}),
        (1, True, {"value": Integer(-1)}),
        (1, True, {"value": Integer(1)}),
        (1, False, {}),
        (1, True, {"certified_by": ""}),
        (1, True, {"certified_by": "isometry.nothing"}),
        (1, True, {"certified_by": f"{LENGTHS}.layer"}),  # it says something else
        (1, True, {"certified_by": f"{LENGTHS}.stable_slogan"}),
    ],
)
def test_values_for_other_roots_are_refused(gain: Any, without_bias: bool, changes: Any) -> None:
    known = collect()[LENGTHS]
    assert known.evaluation is not None
    g, sigma_b = known.evaluation.inputs.values()
    unless = (*((Le(g, gain),) if gain else ()), *((Eq(sigma_b, 0),) if without_bias else ()))
    assert verdict(lengths(unless=unless, **changes)).status is Status.UNDECIDED


CUBIC = q**3 - q * b - q**2 * b
"""Its positive root is 0 in the limit b = 0, where it has none."""
TELLS = "planted.no_root"


def cubic(
    monkeypatch: pytest.MonkeyPatch, cited: Any, output: Any = q + 1, symbol: Any = q, **more: Any
) -> Claim:
    """A claim whose root is 0 for b = 0, by the word of a planted claim."""
    registry = Registry()
    given, limits = more.pop("given", []), more.pop("limits", [Limit(symbol, 0, 0, means="0")])
    claim(TELLS, registry=registry, given=given, limits=limits, **more)(lambda: cited)
    monkeypatch.setattr(root_exceptions, "REGISTRY", registry)
    equation = CUBIC.xreplace({q: symbol})
    root = Root(symbol, equation, b / 2, 2 * b + 2, (Eq(b, 0),), 0, TELLS)
    told = Evaluation(inputs={"b": b}, outputs={"v": output}, derived={symbol: root})
    where = [define(r, Lambda(symbol, output), means="what is told")]
    return made(
        "planted.zero",
        Eq(r(symbol), output),
        where=where,
        given=[Eq(equation, 0)],
        rests_on=[TELLS],
        evaluation=told,
    )


def greater(one: Any, other: Any) -> Any:
    """An inequality that SymPy does not evaluate away."""
    return Lt(other, one, evaluate=False)


@pytest.mark.parametrize(
    ("cited", "more"),
    [
        (greater(q**3, 0), {}),
        (greater(0, -(q**3)), {}),
        (Eq(q * (1 + q) - q, q**2, evaluate=False), {"fault": "has a sign then"}),
        (Eq(q**2 * (1 + q) - q**2, q**3, evaluate=False), {}),
        (greater(q**3, 0), {"given": [q > 1], "fault": "needs q > 1"}),
        (greater(q**3, 0), {"given": [Eq(b, 0)], "fault": "assumes more than"}),
        (greater(q**3, 0), {"expects": "refuted", "fault": "is a slogan"}),
        (greater(q**2, 0), {"fault": "has a sign then"}),
        (greater(q**3, q * b), {}),
        (greater(q**3, 0), {"limits": [], "fault": "states no limit there"}),
        (greater(q**3, 0), {"limits": [Limit(q, 1, 0, means="1")], "fault": "states no limit"}),
        # An output that has no limit.
        (greater(q**3, 0), {"output": 1 / q, "fault": "is not shown to be continuous there"}),
    ],
)
def test_a_value_needs_a_claim_that_there_is_no_root(
    monkeypatch: pytest.MonkeyPatch, cited: Any, more: dict[str, Any]
) -> None:
    more = dict(more)
    fault = more.pop("fault", None)
    planted = cubic(monkeypatch, cited, **more)
    if fault:
        assert_refused(planted, fault)
    else:
        assert verdict(planted).status is Status.PROVED


def test_a_value_for_an_integer_is_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Symbol("n", positive=True, integer=True)
    planted = cubic(monkeypatch, greater(whole**3, 0), output=whole + 1, symbol=whole)
    assert verdict(planted).status is Status.UNDECIDED


# --- outputs of other claims ---------------------------------------------------------------------

COST, NORM = "generalization.large_gain", "products.gaussian_norm"
FEW, MANY, CLEAN = (f"{COST}.{name}" for name in ("few_examples", "many_examples", "noiseless"))
alpha, sigma_w, sigma_w0, sigma_eps = collect()[FEW].evaluation.inputs.values()
NOISELESS = Case(CLEAN, "error", {}, Eq(sigma_eps, 0))


def cost(*cases: Case) -> Claim:
    known = collect()[COST]
    assert known.evaluation is not None
    outputs = {"error": Cases(*cases)}
    return replace(known, evaluation=replace(known.evaluation, outputs=outputs))


def few(at: Any = None, claim: str = FEW, condition: Any = alpha < 1) -> Case:
    return Case(claim, "error", at or {}, condition)


def many(at: Any = None) -> Case:
    return Case(MANY, "error", at or {}, alpha > 1)


@pytest.mark.parametrize(
    "cases",
    [
        (few(), many(), NOISELESS),
        (few(), NOISELESS),
        (few({sigma_w: sigma_w0, sigma_w0: sigma_w}),),  # the error is symmetric in them
    ],
)
def test_cases_that_tell_one_quantity(cases: Any) -> None:
    assert verdict(cost(*cases)).status is Status.PROVED


@pytest.mark.parametrize(
    ("cases", "fault"),
    [
        ((few({sigma_w0: S.Zero}), many(), NOISELESS), "is asked at 0"),
        ((few({sigma_eps: 3 * sigma_eps}), many(), NOISELESS), "is asked at 3*sigma_eps"),
        ((few({sigma_w0: sigma_w}), many()), "at one input in place of two"),
        ((few({sigma_eps: sigma_w, sigma_w: sigma_eps}),), "neither compared nor defined here"),
        ((few(), many({sigma_eps: sigma_w, sigma_w: sigma_eps})), "does not define error as"),
        # The noise is left out, and not only where it is 0.
        ((few(claim=CLEAN), many()), "neither compared nor defined here"),
        ((few(), Case(CLEAN, "error", {}, alpha <= 1)), "does not define error as"),
        ((few(), Case(CLEAN, "error", {}, Eq(sigma_w, 0))), "does not define error as"),
        # Here the claim speaks of alpha < 1 alone.
        ((many(),), "neither compared nor defined here"),
    ],
)
def test_cases_that_tell_another_number_are_refused(cases: Any, fault: str) -> None:
    assert_refused(cost(*cases), fault)


def norm(id: str = NORM, **outputs: Cases) -> Claim:
    known = collect()[id]
    assert known.evaluation is not None
    return replace(known, evaluation=replace(known.evaluation, outputs=outputs))


def test_cases_of_another_quantity_are_refused() -> None:
    mean, rate = Case(f"{NORM}.mean", "mean", {}), Case(f"{NORM}.log_mean", "log_mean", {})
    assert verdict(norm(mean=Cases(mean), log_mean=Cases(rate))).status is Status.PROVED
    assert_refused(norm(mean=Cases(rate)), "tells log_mean, which is not mean")
    assert_refused(norm(variance=Cases(mean)), "tells mean, which is not variance")


def test_cases_of_a_claim_about_something_else_are_refused() -> None:
    inputs = dict(collect()[NORM].evaluation.inputs)
    for name in ("mean_square", "variance"):
        told = Evaluation(inputs, {name: Cases(Case(NORM, "variance", {}))})
        planted = made(
            "planted.square",
            Eq((1 + x) ** 2, 1 + 2 * x + x**2, evaluate=False),
            rests_on=[NORM],
            evaluation=told,
        )
        assert verdict(planted).status is Status.UNDECIDED


def test_a_quantity_needs_the_same_definition_here() -> None:
    rate = Case(f"{NORM}.log_mean", "log_mean", {})
    known = norm(log_mean=Cases(rate))
    (definition,) = known.where
    head, body = definition.head, definition.body
    other = define(definition.symbol, Lambda(head.args, 2 * body), means="another moment")
    assert_refused(replace(known, where=(other,)), "neither compared nor defined here")
    assert_refused(replace(known, where=()), "neither compared nor defined here")
