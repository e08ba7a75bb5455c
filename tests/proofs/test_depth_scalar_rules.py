"""Planted wrong uses: of the branches of `evaluate`, of flows, of the Lambert rule, of the signs.

Each right use stands beside the wrong ones, so that a court that refuses everything fails here too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from lemmata.proofs.court import judge, locate
from lemmata.proofs.derivation import DerivationEvidence
from lemmata.proofs.evaluated import Evaluated
from lemmata.proofs.evidence import BUDGETS
from lemmata.proofs.exact.normal_form import vanishes
from lemmata.proofs.poles import continuous_at, defined_throughout
from lemmata.proofs.signs import Signs
from lemmata.proofs.verdicts import Status
from lemmata.theory.claims import Claim, claim
from lemmata.theory.derivations import Derivation, Lambert, Premise, Solved, Step
from lemmata.theory.outputs import Branch, Flow
from lemmata.theory.registry import Registry
from sympy import (
    Eq,
    Function,
    Ge,
    Integer,
    Le,
    Rational,
    Symbol,
    exp,
    lerchphi,
    log,
    sqrt,
    symbols,
)
from sympy import LambertW as W

RNG = np.random.default_rng(0)
FULL = BUDGETS["full"]


def known(id: str) -> Claim:
    found = locate(id)
    assert found is not None
    return found


def evaluation_status(made: Claim) -> tuple[Status, str]:
    verdict = Evaluated().check(made, FULL, RNG)
    return verdict.status, verdict.reason


TIME = known("depth.learning_time")
ODE = known("depth.ode")


def with_branch(branch: Branch, **changes: Any) -> Claim:
    assert TIME.evaluation is not None
    return replace(TIME, evaluation=replace(TIME.evaluation, branches=(branch,)), **changes)


def branches() -> dict[str, Branch]:
    assert TIME.evaluation is not None
    return {b.claim.rpartition(".")[2]: b for b in TIME.evaluation.branches}


def test_the_branches_of_the_learning_time_are_of_one_law() -> None:
    assert evaluation_status(TIME)[0] is Status.PROVED
    for branch in branches().values():
        assert evaluation_status(with_branch(branch))[0] is Status.PROVED


N_l = Symbol("N_l", integer=True, positive=True)


@pytest.mark.parametrize(
    ("branch", "told"),
    [
        (replace(branches()["layers_3"], when=(Eq(N_l, 4),)), "is not assumed here"),
        (replace(branches()["layers_3"], when=()), "is not assumed here"),
        (replace(branches()["layers_2"], claim="depth.learning_time.layers_3"), "not assumed here"),
        (replace(branches()["infinite"], units=Integer(1)), "is not assumed here"),
        (replace(branches()["infinite"], units=2 * N_l), "is not assumed here"),
        (replace(branches()["infinite"], infinite=None), "is not assumed here"),
        (replace(branches()["from_above"], inputs={"N_l": N_l + 1}), "is not assumed here"),
        (
            replace(branches()["layers_3"], claim="depth.learning_time.null_mode"),
            "does not rest on",
        ),
        (replace(branches()["layers_3"], claim="modes.learning_time"), "does not rest on"),
        (replace(branches()["layers_3"], claim="depth.ode"), "other outputs"),
    ],
)
def test_a_branch_of_another_law_is_refused(branch: Branch, told: str) -> None:
    status, reason = evaluation_status(with_branch(branch))
    assert status is Status.UNDECIDED
    assert told in reason


def test_a_branch_that_solves_for_something_else_is_refused() -> None:
    counts = known("depth.iterations")
    assert counts.evaluation is not None
    wrong = replace(
        counts,
        rests_on=(*counts.rests_on, "depth.learning_time.layers_3"),
        evaluation=replace(
            counts.evaluation,
            outputs={"t": counts.evaluation.outputs["n"]},
            branches=(Branch("depth.learning_time.layers_3"),),
        ),
    )
    status, reason = evaluation_status(wrong)
    assert status is Status.UNDECIDED
    assert "solves for something else" in reason


def with_flow(**changes: Any) -> Claim:
    assert ODE.evaluation is not None
    (flow,) = ODE.evaluation.outputs.values()
    changed = replace(ODE.evaluation, outputs={"a": replace(flow, **changes)})
    return replace(ODE, evaluation=changed)


def test_the_flow_of_the_mode_is_what_is_stated() -> None:
    assert evaluation_status(with_flow())[0] is Status.PROVED


a1, a0, s, tau = symbols("a_1 a_0 s tau", positive=True)
DEPTH = N_l - 1


@pytest.mark.parametrize(
    "rate",
    [
        DEPTH * a1 ** (2 - 2 / DEPTH) * (s - a1),
        DEPTH * a1 ** (2 - 2 / DEPTH) * (s + a1) / tau,
        DEPTH * a1 ** (2 - 1 / DEPTH) * (s - a1) / tau,
        N_l * a1 ** (2 - 2 / DEPTH) * (s - a1) / tau,
        2 * a1 * (s - a1) / tau,
    ],
)
def test_a_flow_of_another_rate_is_refused(rate: Any) -> None:
    assert evaluation_status(with_flow(rate=rate))[0] is not Status.PROVED


def test_a_flow_from_where_the_domain_does_not_reach_is_refused() -> None:
    assert evaluation_status(with_flow(start=a0 - s))[0] is Status.UNDECIDED
    assert evaluation_status(with_flow(time=-tau))[0] is Status.UNDECIDED


def test_a_flow_needs_a_claim_that_states_a_motion() -> None:
    assert TIME.evaluation is not None
    assert ODE.evaluation is not None
    (flow,) = ODE.evaluation.outputs.values()
    wrong = replace(TIME, evaluation=replace(TIME.evaluation, outputs={"t": flow}, branches=()))
    assert evaluation_status(wrong)[0] is Status.UNDECIDED


def test_a_flow_of_a_symbol_that_may_be_negative_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="declare positive"):
        Flow(Symbol("z", real=True), Integer(1), a0, tau)
    with pytest.raises(ValueError, match="fixed values"):
        Flow(a1, a1, a1, tau)
    with pytest.raises(TypeError, match="no symbol"):
        Flow(a1**2, a1, a0, tau)


x, z = Symbol("x", positive=True), Symbol("z", positive=True)
y = Symbol("y", real=True)
k, t = Function("k"), Symbol("t", real=True)


def inverted(given: Any, stated: Any, rule: Lambert) -> Status:
    """The verdict on one step from what is given to what is stated."""
    steps = Derivation((Step("given", given, Premise()), Step("inverted", stated, rule)))
    made = claim("planted.lambert", given=[given], derivation=steps, registry=Registry())(
        lambda: stated
    )
    return DerivationEvidence().check(made, FULL, RNG).status


def test_the_lambert_rule_inverts_on_the_principal_branch() -> None:
    u = exp(k(t)) - 1
    assert inverted(Eq(x * exp(x), z), Eq(x, W(z)), Lambert(x)) is Status.PROVED
    assert inverted(Eq(u * exp(u), z), Eq(k(t), log(1 + W(z))), Lambert(u)) is Status.PROVED


@pytest.mark.parametrize(
    ("given", "stated", "rule"),
    [
        # A real number may lie on the other branch.
        (Eq(y * exp(y), z), Eq(y, W(z)), Lambert(y)),
        # Another equation.
        (Eq(x * exp(2 * x), z), Eq(x, W(z)), Lambert(x)),
        (Eq(x * exp(x), z), Eq(x, W(2 * z)), Lambert(x)),
        (Eq(x * exp(x), z), Eq(x, W(z) + 1), Lambert(x)),
        # Not monotone in the unknown: k(t)^2 does not tell the sign of k(t).
        (
            Eq(k(t) ** 2 * exp(k(t) ** 2), z),
            Eq(k(t), sqrt(W(z))),
            Lambert(k(t) ** 2),
        ),
        # Not isolated.
        (Eq(x * exp(x), z), Eq(x, W(x * exp(x))), Lambert(x)),
    ],
)
def test_the_lambert_rule_refuses(given: Any, stated: Any, rule: Lambert) -> None:
    assert inverted(given, stated, rule) is not Status.PROVED


def test_solving_needs_the_unknown_alone() -> None:
    """T - F = G gives T = F + G, and nothing else."""
    T, F = Function("T"), Function("F")
    given = Eq(T(x) - F(x), z)

    def solved(stated: Any, premise: Any = given) -> Status:
        steps = Derivation((Step("given", premise, Premise()), Step("so", stated, Solved())))
        made = claim("planted.solved", given=[premise], derivation=steps, registry=Registry())(
            lambda: stated
        )
        return DerivationEvidence().check(made, FULL, RNG).status

    assert solved(Eq(T(x), F(x) + z)) is Status.PROVED
    assert solved(Eq(T(x), F(x) - z)) is not Status.PROVED
    assert solved(Eq(T(x), z)) is not Status.PROVED
    assert solved(Eq(T(x), F(x) + z), Eq(2 * T(x) - F(x), z)) is not Status.PROVED
    assert solved(Eq(T(x), T(2 * x) + z), Eq(T(x) - F(x), z)) is not Status.PROVED


D = Symbol("D", integer=True, positive=True)


def test_phi_of_order_zero_is_the_geometric_series() -> None:
    assert vanishes(lerchphi(x, 0, D) - 1 / (1 - x), [1 - x])
    assert not vanishes(lerchphi(x, 0, D) - 1 / (1 + x), [1 - x])
    assert not vanishes(lerchphi(x, 1, D) - 1 / (1 - x), [1 - x])


@pytest.mark.parametrize("shift", [0, 1])
def test_the_derivative_of_phi(shift: int) -> None:
    """x^q Phi(x, 1, q) has the derivative x^(q-1)/(1 - x), and no other."""
    q = 2 / D - 1
    slope = (x**q * lerchphi(x, 1, q)).diff(x)
    assert vanishes(slope - x ** (q - 1 + shift) / (1 - x), [1 - x]) is (shift == 0)


def test_poles_of_phi() -> None:
    inside, q = Signs([x < 1, Ge(D, 3)]), 2 / D - 1
    assert defined_throughout(lerchphi(x, 1, q), inside)
    assert defined_throughout(lerchphi(x, 1, D), inside)
    assert defined_throughout(lerchphi(-x, 1, D), Signs([]))
    assert continuous_at(lerchphi(x, 1, q), x, Rational(1, 2), inside)
    # Beyond the cut, at the pole of D = 2, on the pole -1 of infinite depth, at the end z = 1.
    assert not defined_throughout(lerchphi(x, 1, q), Signs([Ge(D, 3)]))
    assert not defined_throughout(lerchphi(x, 1, q), Signs([x < 1, Ge(D, 2)]))
    assert not defined_throughout(lerchphi(x, 1, Integer(-1)), inside)
    assert not defined_throughout(lerchphi(x, 1, y), inside)
    assert not continuous_at(lerchphi(x, 1, q), x, Integer(1), inside)
    assert not continuous_at(lerchphi(Rational(1, 2), 1, x), x, Integer(0), inside)


u, v = symbols("u v", real=True)


@pytest.mark.parametrize(
    ("expr", "relations", "sign"),
    [
        (x**u - x**v, [x > 1, u > v], 1),
        (x**u - x**v, [x < 1, u > v], -1),
        (x**u - x**v, [x > 1, u < v], -1),
        (2 * x**u - x**v, [x > 1, u > v], 1),
        (x**u - 2 * x**v, [x < 1, u > v], -1),
        (3 - 3 * x**u, [x < 1, u > 0], 1),
        (z * x**u - z, [x > 1, u > 0], 1),
        (1 - (x / z) ** Rational(1, 3), [x < z], 1),
        (sqrt(x) - sqrt(z), [x < z], -1),
        # Not told by these relations.
        (x**u - x**v, [u > v], 0),
        (x**u - x**v, [x > 1], 0),
        (x**u - 2 * x**v, [x > 1, u > v], 0),
        (2 * x**u - x**v, [x < 1, u > v], 0),
        (x**u - z * x**v, [x > 1, u > v], 0),
        (sqrt(x) - sqrt(z), [Le(x, z)], 0),
        (y**u - 1, [u > 0], 0),
    ],
)
def test_signs_of_differences_of_powers(expr: Any, relations: list[Any], sign: int) -> None:
    assert Signs(relations).sign(expr) == sign


def test_a_wrong_antiderivative_is_refuted_step_by_step() -> None:
    """The time with q = 2/D in the place of 2/D - 1 fails where its derivative is taken."""
    assert TIME.derivation is not None
    steps = TIME.derivation.steps
    wrong = replace(steps[2], relation=Eq(steps[2].relation.lhs, 2 * steps[2].relation.rhs))
    spoiled = replace(TIME, derivation=Derivation((*steps[:2], wrong, *steps[3:])))
    verdict = DerivationEvidence().check(spoiled, FULL, RNG)
    assert verdict.status is Status.REFUTED
    assert "step 3" in verdict.reason


def test_a_learning_time_that_is_off_by_a_factor_is_refuted() -> None:
    wrong = replace(
        TIME,
        statement=Eq(TIME.statement.lhs, 2 * TIME.statement.rhs),
        derivation=None,
        evaluation=None,
    )
    assert judge(wrong, "quick").own is Status.REFUTED
