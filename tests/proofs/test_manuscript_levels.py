"""Relations over levels in manuscripts: what says as much as a claim, and what only is true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from lemmata.proofs.court import locate
from lemmata.proofs.manuscript.comparing import compare, known
from lemmata.proofs.manuscript.comparison import Comparison
from lemmata.proofs.manuscript.level_points import holds
from lemmata.proofs.manuscript.names import vocabulary_for
from lemmata.proofs.manuscript.reading import Reader
from lemmata.proofs.notation import parse
from lemmata.proofs.tex import read_formula
from lemmata.proofs.verdicts import Status
from sympy import Eq
from sympy.core.function import AppliedUndef


def one(id: str, equation: str) -> Comparison:
    claim = locate(id)
    assert claim is not None
    (relation,) = Reader(vocabulary_for(claim, {})).links(parse(read_formula(equation)))
    return compare(claim, known(claim), relation, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("claim", "equation"),
    [
        # A recursion without its start.
        ("hierarchy.similarity", r"q_k = \rho_k q_{k+1}"),
        # Definitions, by themselves or beside both sides of the claim.
        ("hierarchy.decreasing.gap",
         r"\lambda_k - \lambda_{k+1} = \lambda_k - \lambda_{k+1} + n_k - B_k n_{k+1}"),
        ("coherence.identity.recursion", r"C_k = W_k - q_{k-1}"),
        ("coherence.identity", r"s_k^2 = N \lambda_k"),
        ("hierarchy.singular_value", r"\mu_k s_k^2 = \mu_k N \lambda_k"),
        ("hierarchy.differentiation.centroids", r"P w_k = n_0 w_k"),
        ("hierarchy.differentiation.centroids", r"P = n_0"),
        ("hierarchy.similarity.rises", r"q_k = \prod_{l=k}^{D-1} \rho_l"),
        ("depth.learning_rate.sharpest_direction",
         r"\lambda_{\max} = s^2 \sum_{j=1}^{D} \frac{1}{w_j^2}"),
        # Definitions with others inserted.
        ("coherence.identity", r"s_k^2 = N \sum_{l=k}^{D} (1 - \rho_{l-1}) q_l n_l"),
        ("coherence.identity",
         r"C_k n_k = 1 + \sum_{m=k}^{D-1} (n_m - n_{m+1}) q_m - q_{k-1} n_k"),
        ("hierarchy.similarity", r"q_k = \prod_{j=k}^{D-1} (1 - 2\epsilon_j)^2"),
        ("cognition.induction_property", r"g_k = K_k / K_D"),
        # Divided by what vanishes everywhere.
        ("hierarchy.similarity",
         r"\frac{g_m q_m}{g_m - \prod_{l=k}^{m-1} \rho_l}"
         r" = \frac{q_k}{g_m - \prod_{l=k}^{m-1} \rho_l}"),
        ("hierarchy.decreasing", r"\lambda_k > \lambda_{k+1} \iff 2 \lambda_k > 2 \lambda_{k+1}"),
        ("cognition.induction_property.negative", r"a_0 < a_1 \iff a_0 - a_1 < 0"),
    ],
)  # fmt: skip
def test_what_is_only_true_is_not_proved(claim: str, equation: str) -> None:
    assert one(claim, equation).status is Status.UNDECIDED


@pytest.mark.parametrize(
    ("claim", "equation"),
    [
        ("coherence.identity", r"s_k = \sqrt{N n_k C_k}"),
        ("coherence.identity", r"s_k = \sqrt{N} \sqrt{n_k C_k}"),
        ("coherence.identity", r"\lambda_k = n_k (W_k - q_{k-1})"),
        ("coherence.identity.recursion", r"C_{k+1} = B_k (C_k - \Delta_k)"),
        ("hierarchy.similarity.rises", r"q_k = \sum_{l=0}^k (1-\rho_{l-1}) q_l"),
        ("hierarchy.decreasing",
         r"\lambda_k > \lambda_{k+1} \iff \epsilon_{k-1} (1 - \epsilon_{k-1}) q_k > 0"),
        ("cognition.induction_property.negative", r"K_0 < 0 \iff a_1 > a_0"),
        # Definitions inserted on both sides; the claim without a factor that may vanish.
        ("hierarchy.similarity",
         r"g_m \prod_{j=m}^{D-1} (1-2\epsilon_j)^2 = \prod_{j=k}^{D-1} (1-2\epsilon_j)^2"),
        ("hierarchy.similarity",
         r"g_m q_m = (\prod_{l=k}^{m-1} \rho_l) (\prod_{l=m}^{D-1} \rho_l)"),
        ("hierarchy.decreasing.gap",
         r"\lambda_k - \lambda_{k+1} = 4 \epsilon_{k-1} (1 - \epsilon_{k-1}) q_k n_k"),
        ("hierarchy.singular_value", r"s_k^2 = N P \sum_{l=k}^{D} \frac{\Delta_l}{M_l}"),
        # Counted from another place, or downwards; powers for products; roots; logarithms.
        ("hierarchy.similarity.rises", r"\sum_{l=1}^{k+1} \Delta_{l-1} = q_k"),
        ("products.gaussian_norm.any_weights", r"f_m = \prod_{j=0}^{m-1} n_{m-j} v_{m-j}"),
        ("products.gaussian_norm.any_weights",
         r"\ln f_m = \sum_{j=1}^{m} \ln n_j + \sum_{j=1}^{m} \ln v_j"),
        ("isometry.length_map.depth", r"m_k = \exp(\sum_{i=0}^{k-1} \ln \chi_i)"),
        ("products.fuss_catalan.s_transform", r"S_m (1 + \psi)^m = 1"),
        ("hierarchy.separation.sum",
         r"(1 - b (1-2e)^2) \lambda_k = 4 e (1-e) (1 - b^{D-k+1} (1-2e)^{2(D-k+1)})"),
        ("depth.learning_rate.pair_minimum",
         r"p^k - q^k = (p - q) \sum_{j=0}^{k-1} p^j q^{k-1-j}"),
        ("depth.learning_rate.pair_minimum",
         r"p^k = q^k + (p - q) \sum_{j=1}^{k} p^{k-j} q^{j-1}"),
    ],
)  # fmt: skip
def test_what_says_as_much_is_proved(claim: str, equation: str) -> None:
    assert one(claim, equation).status is Status.PROVED


def test_a_restated_definition_is_told() -> None:
    found = one("coherence.identity", r"s_k^2 = N \sum_{l=k}^{D} \Delta_l \prod_{i=l}^{D-1} B_i")
    assert found.reason == "it restates a definition, and the claim does not"


def test_a_term_that_there_is_not_decides_nothing() -> None:
    slogan = "hierarchy.differentiation.first_slogan"
    assert one(slogan, r"\lambda_k > \lambda_0").status is Status.REFUTED
    found = one(slogan, r"\lambda_k > \lambda_{-1}")
    assert found.status is Status.UNDECIDED
    assert "an index leaves the range" in found.reason


@pytest.mark.parametrize(
    "equation",
    [
        r"s_k^2 = N n_k C_k + s_{D+1}",
        r"s_k^2 = N n_k C_k + \lambda_{D+1}",
        r"s_k^2 + C_{D+1} = N n_k C_k + C_{D+1}",
    ],
)
def test_what_is_defined_ends_where_the_claim_does(equation: str) -> None:
    """Empty sums would be 0 there."""
    found = one("coherence.identity", equation)
    assert found.status is Status.UNDECIDED
    assert "an index leaves the range" in found.reason


@pytest.mark.parametrize(
    ("claim", "equation", "told"),
    [
        ("coherence.identity", r"s_{k+1}^2 = N C_{k+1} n_{k+1}",
         "it is the claim with k + 1 for k, for k from -1 to D - 1"),
        ("coherence.identity.recursion", r"C_{k-1} = \Delta_{k-1} + C_k / B_{k-1}",
         "it is the claim with k - 1 for k, for k from 1 to D"),
        ("depth.learning_rate.sharpest_direction",
         r"\sum_{l=1}^{D} \frac{s^2}{w_{k+1} w_l^2} = \frac{\lambda_{\max}}{w_{k+1}}",
         "it is the claim with k + 1 for k, for k from 0 to D - 1"),
    ],
)  # fmt: skip
def test_a_shifted_index_is_told(claim: str, equation: str, told: str) -> None:
    found = one(claim, equation)
    assert (found.status, found.note) == (Status.PROVED, told)


@pytest.mark.parametrize(
    ("claim", "equation"),
    [
        ("coherence.identity", "s_j^2 = N n_j C_j"),
        ("hierarchy.decreasing.gap", r"\lambda_j - \lambda_{j+1} = (1 - \rho_{j-1}) q_j n_j"),
    ],
)
def test_another_letter_for_the_index_is_told(claim: str, equation: str) -> None:
    found = one(claim, equation)
    assert found.status is Status.UNDECIDED
    assert found.reason.endswith("it is the claim with j for k: write [k=j] if that is meant")


def test_a_shift_of_one_term_only_is_none() -> None:
    found = one("coherence.identity.recursion", r"C_{k-1} = \Delta_k + C_k / B_{k-1}")
    assert found.status is not Status.PROVED


def test_limits_far_away_are_not_written_out() -> None:
    found = one("hierarchy.similarity", r"g_m q_m = \prod_{l=k}^{D+1000000000} \rho_l")
    assert found.status is Status.UNDECIDED
    assert "away" in found.reason


def test_where_a_logarithm_has_no_value_is_told() -> None:
    found = one("hierarchy.similarity.path", r"\ln \chi_m = \sum_{i=k}^{m-1} \ln (1-2\epsilon_i)")
    assert found.status is Status.PROVED
    assert found.note.startswith("it is undefined where the claim is not, as at D = ")


@pytest.mark.parametrize(
    ("claim", "equation", "note"),
    [
        ("hierarchy.similarity", r"g_m = q_k / q_m",
         "it is undefined where the claim is not, as at D = "),
        ("hierarchy.separation.sum",
         r"\lambda_k = 4e(1-e) \frac{1 - b^{D-k+1} (1-2e)^{2(D-k+1)}}{1 - b(1-2e)^2}",
         "it is undefined where something is 0 that it divides by"),
        ("cognition.induction_property",
         r"g_k = \frac{a_0 + \sum_{l=1}^k (M_l - M_{l-1}) a_l - M_k a_{k+1}}"
         r"{a_0 + \sum_{l=1}^D (M_l - M_{l-1}) a_l}",
         "it is undefined where something is 0 that it divides by"),
    ],
)  # fmt: skip
def test_what_is_divided_by_what_may_vanish_is_told(claim: str, equation: str, note: str) -> None:
    found = one(claim, equation)
    assert found.status is Status.PROVED, found.reason
    assert found.note.startswith(note)


def test_sums_over_several_indices_are_not_compared() -> None:
    found = one("hierarchy.similarity", r"q_k = \sum_{a=0}^{D} \sum_{b=0}^{D} q_a q_b")
    assert found.status is Status.UNDECIDED
    assert "several indices" in found.reason


def test_what_is_defined_no_more_is_free() -> None:
    claim = locate("coherence.identity")
    assert claim is not None
    s, rate = (next(d for d in claim.where if str(d.symbol) == name) for name in ("s", "rho"))
    restated = Eq(s.head**2, s.body**2, evaluate=False)
    for definition, told in ((s, "proved"), (rate, "refuted")):
        reduced = replace(claim, where=(definition,), derivation=None)
        assert holds(reduced, restated, np.random.default_rng(0)) == told
        assert holds(reduced, claim.statement, np.random.default_rng(0)) == "refuted"


def test_another_number_of_indices_is_told() -> None:
    found = one("hierarchy.differentiation", r"P d_{2,k} = P d_{2,k+1}")
    assert found.status is not Status.PROVED
    (claim,) = (c for c in [locate("hierarchy.differentiation")] if c is not None)
    d = claim.statement.lhs.atoms(AppliedUndef).pop()
    wrong = Eq(d.func(2, *d.args), claim.statement.rhs, evaluate=False)
    told = compare(claim, known(claim), wrong, np.random.default_rng(0))
    assert told.reason == f"{d.func} has another number of indices in the claim"
