"""Matrix equations in manuscripts: what says as much as a claim, and what only is true."""

from __future__ import annotations

import time

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
        ("depth.end_to_end.gram_of_overlap", r"W_2^\top W_2 = W_1 W_1^\top"),
        ("modes.decoupling",
         r"\tau R^\top \dot W^{21} = R^\top W^{32\top}(\Sigma^{31} - W^{32}W^{21}\Sigma^{11})"),
        # What is known of the letters.
        ("hierarchy.analyzers.multiplicity", r"\operatorname{tr}(U U^\top) = M"),
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
        # As a whole transposed; with transposes of diagonal matrices left out.
        ("modes.decoupling", r"\tau \frac{d}{dt} W^{21\top} = V (S - \Lambda A B) B R^\top"),
        ("hierarchy.differentiation.representation", r"V A R^\top R A V^\top = V A^2 V^\top"),
        # A trace with another factor in front, of a sum, of the transpose; a norm, a number.
        ("generalization.large_gain.resolvent",
         r"\operatorname{tr}(x (x I + X^\top X)^{-1}) = N"
         r" - \operatorname{tr}((x I + X^\top X)^{-1} X^\top X)"),
        ("descent.gradient",
         r"d_{W^{21}}(\|y - W^{32} W^{21} x\|^2)"
         r" = -2 (y - W^{32} W^{21} x)^\top W^{32} d_{W^{21}}(W^{21}) x"),
        # Multiplied by a matrix of which the claim has the inverse.
        ("cognition.typicality",
         r"\begin{bmatrix} Y^\top U \\ Y V \end{bmatrix}"
         r" = \begin{bmatrix} V S \\ U S \end{bmatrix}"),
        # Times four; without a factor behind both sides.
        ("depth.end_to_end.gram_of_overlap",
         r"(W_1 V + W_2^\top U)(W_1 V + W_2^\top U)^\top"
         r" + (W_1 V - W_2^\top U)(W_1 V - W_2^\top U)^\top = 4 W_1 W_1^\top"),
        ("hierarchy.analyzers.one_level",
         r"(\delta_n (U U^\top + (I - U U^\top) L (I - U U^\top)) + \mu U U^\top"
         r" + (I - U U^\top) K (I - U U^\top)) U = (\delta_n + \mu) U"),
        # Divided by a number that may vanish: it says more, and it holds.
        ("products.orthogonal.kept", r"\operatorname{tr}(R_1^\top R_1) = n_0"),
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


@pytest.mark.parametrize(
    "equation",
    [
        r"\frac{d}{dt} (W^{21} W^{21\top} + W^{32\top} W^{32} + I)^{11} = 0",
        r"(W^{21} W^{21\top} + I)^6 \frac{d}{dt} (W^{21} W^{21\top} - W^{32\top} W^{32})^6 = 0",
    ],
)
def test_what_gets_long_is_not_multiplied_out(equation: str) -> None:
    started = time.process_time()
    found = one("descent.conservation", equation)
    assert found.status is Status.UNDECIDED
    assert "multiplied out, a side has more than" in found.reason
    assert time.process_time() - started < 2


def test_high_powers_are_not_multiplied_out() -> None:
    equation = r"\frac{d}{dt} (W^{21} W^{21\top} - W^{32\top} W^{32})^{4000} = 0"
    found = one("descent.conservation", equation)
    assert found.status is Status.UNDECIDED
    assert "power" in found.reason
