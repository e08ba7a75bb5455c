"""Whatever is written is read or refused: quickly, in one line, and without any other error."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.notation import NotationError, free_vocabulary, parse, read, written
from lemmata.proofs.tex import Place, TexError, Token, read_formula

from .notation_cases import MATRICES, NUMBERS

SIGNS = (
    r"t s a q W V R v x k a_0 F ( ) [ ] \{ \} { } ^ _ ^2 ^{-1} ^\top _k _{k-1} + - \cdot / = < \le "
    r"\frac \frac{1}{2} \sqrt \sqrt[3] \ln \exp \tanh \tanh^2 \sum_{l=1}^{3} \prod_{l=1}^{D} "
    r"\int_0^t \int dx d \mathrm{d} \frac{d}{dt} \frac{da}{dt} \frac{\partial}{\partial s} \dot "
    r"\dot{a} ' ! | \| \left( \right) \left. \right|_{t=0} \left[ \right] \begin{matrix} "
    r"\end{matrix} & \\ \begin{cases} \end{cases} \text{if} \text{otherwise} \mathbb{E} "
    r"\operatorname{tr} \operatorname \mathbf \hat e e^{ I 0 1 2 12 0.5 , ; . : \Leftrightarrow "
    r"\approx \pm \infty \pi \partial \partial_t \binom \langle \rangle \Gamma \psi W_0 {}_2F_1 "
    r"\max \top T \circ \substack{ \foo \mid \ldots 9^{9^9} \lfloor \rfloor \boxed{ \nabla "
    r"\mathrm{e}^ (t) (s-a) (0) d_{W} 1/"
)
PIECES = tuple(SIGNS.split())


def refused(reading: Callable[[], Any]) -> bool:
    """Whether it is refused, in one line; any other error fails the test."""
    try:
        reading()
    except (NotationError, TexError) as error:
        return "\n" not in error.reason and bool(error.reason)
    return False


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12))
def test_any_pieces_are_read_or_refused(pieces: list[str]) -> None:
    text = " ".join(pieces)
    if refused(lambda: parse(read_formula(text))):
        return
    tree = parse(read_formula(text))
    assert parse(read_formula(written(tree))) == tree
    for vocabulary in (NUMBERS, MATRICES, free_vocabulary(tree)):
        if not refused(partial(read, tree, vocabulary)):
            read(tree, vocabulary)


def tokens(text: str) -> tuple[Token, ...]:
    """Tokens past the limits of the reader of manuscripts, so that ours are met."""
    kinds = {"{": "open", "}": "close", "_": "sub", "^": "sup"}
    made = []
    for part in text.split():
        kind: Any = kinds.get(part) or ("command" if part[0] == "\\" else "symbol")
        kind = "letter" if part.isalpha() else "number" if part.isdigit() else kind
        made.append(Token(kind, part, Place("hostile", 1, 1)))
    return tuple(made)


@pytest.mark.parametrize(
    "text",
    [
        "( " * 1000 + "s" + " )" * 1000,
        "{ " * 1000 + "s" + " }" * 1000,
        "s ^ { " * 1000 + "s" + " }" * 1000,
        r"\sqrt " * 2000 + "s",
        r"\hat " * 2000 + "s",
        r"\frac 1 " * 2000 + "s",
        "s ^ " + r"\frac 1 " * 2000 + "s",
        "- " * 4000 + "s",
        "s + " * 2400 + "s",
        "s " * 4900,
        "s ' " * 2400,
        r"\partial _ s " * 1500 + "s",
        r"\sum _ { l = 1 } ^ 2 " * 500 + "s",
        "s ! " * 2400,
        "| s " * 2400,
        "s , " * 2400 + "s",
        "s = " * 2400 + "s",
        r"\left( " * 2400,
        "} " * 4900,
        "s " * 100_000,
        "( ( s ) " * 30 + ") " * 30,
        r"\frac { 1 } { s + " * 12 + "s" + " }" * 12,
        (r"\frac { 1 } { s + " * 11 + "s" + " } " * 11 + "+ ") * 6 + "s",
        "( s + " * 9 + "s" + " ) ^ 2" * 9,
        "( s + s ^ { 4 0 0 0 } ) ^ 2",
        r"\begin{pmatrix} s & 1 \\ 1 & s \end{pmatrix} " * 40,
    ],
    ids=lambda text: text[:12],
)
def test_long_and_deep_formulas_end_soon(text: str) -> None:
    start = time.process_time()
    given_tokens = tokens(text)
    if not refused(lambda: parse(given_tokens)):
        tree = parse(given_tokens)
        assert hash(tree)
        assert written(tree)
        if not refused(lambda: read(tree, NUMBERS)):
            read(tree, NUMBERS)
    assert (
        time.process_time() - start < 30
    )  # twice what one formula may take, and SymPy's last call


def test_many_equations_are_read_in_seconds() -> None:
    latex = r"a(t) = \frac{s e^{2 s t/\tau}}{e^{2 s t/\tau} - 1 + s/a_0}"
    start = time.process_time()
    for _ in range(200):
        read(parse(read_formula(latex)), NUMBERS)
    assert time.process_time() - start < 2  # ten times as many, on 60 pages, in 20 s at the most
