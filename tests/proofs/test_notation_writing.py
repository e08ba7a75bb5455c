"""A tree is written as an author would write it, and is read back as the same tree."""

from __future__ import annotations

import pytest
from lemmata.proofs.notation import parse, written
from lemmata.proofs.tex import read_formula

AS_WRITTEN = [
    r"u(t) = \frac{S}{1 + (S/u_0 - 1) e^{-2 S t/\tau}}",
    r"T(a_f) = \frac{\tau}{2 s} \ln \frac{a_f (s - a_0)}{a_0 (s - a_f)}",
    r"\tau \dot{a}(t) = 2 a(t) (s - a(t))",
    r"-x^2 + a(0) b_{k,1}/c",
    r"\ln(x) + \tanh^2(y) + g(x, y)",
    r"\sum_{l=1}^D q_{l-1} - \prod_{i=k}^{D - 1} x_{ij}",
    r"W^{21 \top} W_1^\top - W_{\text{in}}",
    r"\int_0^s F(x) \,dx + \int_0^s F(x) \,\mathrm{d}x",
    r"\frac{da}{dt} + \frac{d}{dt} (a b) + N!",
    r"\left.\frac{da}{dt}\right|_{t=0}",
    r"x < y, t > 0",
    r"s \cdot t \div c",
    r"2 (s + t) c",
]


@pytest.mark.parametrize("latex", AS_WRITTEN)
def test_formulas_are_written_as_authors_write_them(latex: str) -> None:
    tree = parse(read_formula(latex))
    assert written(tree) == latex
    assert parse(read_formula(written(tree))) == tree


@pytest.mark.parametrize(
    ("latex", "told"),
    [
        (r"u (t)", "u(t)"),
        (r"S / u_{0}", "S/u_0"),
        (r"e^{- 2 S t / \tau}", r"e^{-2 S t/\tau}"),
        (r"u \left( s - a \right)", r"u \left(s - a\right)"),
        (r"\frac {d} {d t} a", r"\frac{d}{dt} a"),
        (r"W ^ { \top }", r"W^\top"),
        (r"q _ { k + 1 } ^ { 2 }", "q_{k+1}^2"),
        (r"- - x", "- - x"),
    ],
)
def test_blanks_and_braces_are_those_of_an_author(latex: str, told: str) -> None:
    assert written(parse(read_formula(latex))) == told
