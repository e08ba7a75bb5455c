"""Random formulas come back from LaTeX, printed by our printer and by SymPy's own."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from lemmata.proofs.notation import NotationError, declared, parse, read, written
from lemmata.proofs.notation.shapes import rebuilt
from lemmata.proofs.strategies.expressions import NAMES, RANDOM, SEQUENCES, formulas
from lemmata.proofs.tex import read_formula
from lemmata.proofs.typesetting import typeset
from lemmata.theory.matrix_calculus import TimeDerivative
from sympy import Derivative, MatMul, Mul, Product, Sum, latex, preorder_traversal

VOCABULARY = declared(NAMES, random=RANDOM)
FOR_SYMPY = declared({k.replace("W^", "W_"): v for k, v in NAMES.items()}, random=RANDOM)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def comes_back(formula: Any) -> None:
    tree = parse(read_formula(typeset(formula, sequences=SEQUENCES)))
    assert rebuilt(read(tree, VOCABULARY)) == rebuilt(formula)
    assert parse(read_formula(written(tree))) == tree


@settings(max_examples=40, suppress_health_check=SLOW)
@given(formulas(2))
def test_formulas_come_back(formula: Any) -> None:
    comes_back(formula)


@pytest.mark.nightly
@settings(max_examples=1000, suppress_health_check=SLOW)
@given(formulas(3))
def test_deeper_formulas_come_back(formula: Any) -> None:
    comes_back(formula)


def acts_before_a_factor(formula: Any) -> bool:
    """SymPy writes ``d/dt a b`` also for the derivative of a times b."""
    return any(
        isinstance(part, Mul | MatMul) and part.has(Derivative, TimeDerivative)
        for part in preorder_traversal(formula)
    )


def unclear(formula: Any, text: str) -> bool:
    """What SymPy writes so that a reader may ask what is meant; it is refused, not misread."""
    twice = any(
        isinstance(p, Sum | Product) and len(p.limits) > 1 for p in preorder_traversal(formula)
    )
    return twice or any(f"{end} -" in text for end in ("^{D}", "^{D - 1}"))


@settings(max_examples=40, suppress_health_check=SLOW)
@given(formulas(2))
def test_formulas_come_back_from_the_printer_of_sympy(formula: Any) -> None:
    assume(not acts_before_a_factor(formula))
    text = latex(formula, mat_symbol_style="plain")
    try:
        back = read(parse(read_formula(text)), FOR_SYMPY)
    except NotationError:
        assert unclear(formula, text)
        return
    assert rebuilt(back) == rebuilt(formula)
