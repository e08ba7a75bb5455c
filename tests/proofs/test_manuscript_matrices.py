"""Matrix equations in manuscripts: what says as much as a claim, and what only is true."""

from __future__ import annotations

import numpy as np
import pytest
from lemmata.proofs.court import locate
from lemmata.proofs.manuscript.comparing import compare, known
from lemmata.proofs.manuscript.comparison import Comparison
from lemmata.proofs.manuscript.names import vocabulary_for
from lemmata.proofs.manuscript.reading import Reader
from lemmata.proofs.notation import parse
from lemmata.proofs.tex import read_formula
from lemmata.proofs.typesetting import typeset_in
from lemmata.proofs.verdicts import Status


def one(id: str, equation: str) -> Comparison:
    claim = locate(id)
    assert claim is not None
    (relation,) = Reader(vocabulary_for(claim, {})).links(parse(read_formula(equation)))
    return compare(claim, known(claim), relation, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("claim", "equation"),
    [
        # Other identities with one side of the claim.
        ("generalization.large_gain.resolvent",
         r"\operatorname{tr}((xI + X^\top X)^{-1}(xI + X^\top X)) = N"),
        ("structures.clusters.contrasts",
         r"(Z Z^\top - Z u u^\top Z^\top) I = Z Z^\top - Z u u^\top Z^\top"),
        # What is given: flows, correlations.
        ("modes.decoupling",
         r"\tau \dot W^{21} = W^{32\,\top}(\Sigma^{31} - W^{32} W^{21} \Sigma^{11})"),
        ("modes.decoupling",
         r"R B (S - B A \Lambda) V^\top = W^{32\top}(\Sigma^{31} - W^{32}W^{21}\Sigma^{11})"),
        ("modes.decoupling",
         r"\tau \dot W^{21} = R B U^\top(\Sigma^{31} - W^{32} W^{21} \Sigma^{11})"),
        ("modes.shallow.flow", r"\mathbb{E}[y x^\top] = \Sigma^{31}"),
        # The claim, squared.
        ("descent.conservation", r"(\frac{d}{dt} (W^{21}W^{21\top} - W^{32\top}W^{32}))^2 = 0"),
    ],
)  # fmt: skip
def test_what_is_only_true_is_not_proved(claim: str, equation: str) -> None:
    assert one(claim, equation).status is Status.UNDECIDED


@pytest.mark.parametrize(
    ("claim", "equation"),
    [
        ("structures.clusters.contrasts",
         r"Z Z^\top - Z u u^\top Z^\top = (Z Z^\top - Z u u^\top Z^\top)^2"),
        ("descent.conservation",
         r"\frac{d}{dt} (W^{21}W^{21\top}) = \frac{d}{dt} (W^{32\top}W^{32})"),
        ("products.fuss_catalan.rows.scaled",
         r"c (A + (x / c) I) (x I + c A)^{-1} = I"),
        ("modes.decoupling", r"\dot W^{21} = \frac{1}{\tau} R (B S - B A B \Lambda) V^\top"),
    ],
)  # fmt: skip
def test_what_says_as_much_is_proved(claim: str, equation: str) -> None:
    assert one(claim, equation).status is Status.PROVED


@pytest.mark.parametrize(
    "id",
    [
        "descent.gradient", "descent.conservation.drift", "modes.riccati.start",
        "modes.riccati.block",
        "structures.covariance", "structures.clusters.projectors",
        "coherence.cross_cutting.complete",
        "cognition.induction_item.minimal", "depth.conservation.chain_rule",
    ],
)  # fmt: skip
def test_an_identity_is_proved_as_it_is_printed(id: str) -> None:
    claim = locate(id)
    assert claim is not None
    assert one(id, typeset_in(claim, claim.statement)).status is Status.PROVED


def test_high_powers_are_not_multiplied_out() -> None:
    equation = r"\frac{d}{dt} (W^{21} W^{21\top} - W^{32\top} W^{32})^{4000} = 0"
    found = one("descent.conservation", equation)
    assert found.status is Status.UNDECIDED
    assert "power" in found.reason
