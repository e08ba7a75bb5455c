"""Sums and products in plain formulas are signs; in sentences they are words."""

from __future__ import annotations

import re

import pytest
from lemmata.proofs.court import collect
from lemmata.proofs.typesetting import told


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("y = sum_j w_j x_j", r"$y = \sum _{j} w_{j} x_{j}$"),
        ("so q_2 = sum x_j^2 and", r"so $q_{2} = \sum x_{j}^{2}$ and"),
        ("Sum k b_k - sum b_k >= 0", r"$\sum k b_{k} - \sum b_{k} \ge 0$"),
        ("v with sum v_l/w_l = 0 is", r"$v$ with $\sum v_{l}/w_{l} = 0$ is"),
        ("u = sum over j of A^(D-j) V", r"$u = \sum _{j} A^{D-j} V$"),
        ("it is prod(1 + 2/n_l) - 1", r"it is $\prod (1 + 2/n_{l}) - 1$"),
        ("the sum x_1 + x_2", r"the sum $x_{1} + x_{2}$"),
        ("their sum s = a + b", r"their sum $s = a + b$"),
        ("a sum of x_1 and x_2", r"a sum of $x_{1}$ and $x_{2}$"),
        ("Sum over all k.", r"Sum over all $k$."),
        ("is the sum over j of A_j", r"is the sum over $j$ of $A_{j}$"),
    ],
)
def test_sums(text: str, latex: str) -> None:
    assert re.sub(" +", " ", told(text)) == latex


def test_no_claim_has_an_upright_sum_in_a_formula() -> None:
    for claim in collect():
        texts = [claim.doc, *(d.means for d in claim.where), *(x.means for x in claim.limits)]
        texts += [step.why for step in claim.derivation.steps] if claim.derivation else []
        for text in texts:
            shown = told(text)
            assert not re.search(r"\\(?:mathrm|operatorname)\{(?:sum|prod)\}", shown), claim.id
            assert not re.search(r"\$[=+-]\$ sum (?!of)", shown), (claim.id, shown)
