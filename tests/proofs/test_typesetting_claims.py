"""All claims: no two names alike, nothing ambiguous, digests and labels, displays that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from lemmata.proofs.court import collect
from lemmata.proofs.notation import parse, read, vocabulary_of
from lemmata.proofs.tex import read_formula
from lemmata.proofs.typesetting import (
    COLUMN,
    Style,
    claim_lines,
    display,
    expressions_of,
    told,
    typeset_in,
    width,
)
from lemmata.proofs.typesetting.claims import printer_of
from lemmata.proofs.typesetting.macros import macro_name
from lemmata.proofs.typesetting.scope import named_things
from lemmata.theory.claims import Claim
from sympy import Basic, Equivalent, Identity, LambertW, gamma, polygamma
from sympy.core.relational import Relational

CLAIMS = list(collect())
WIDE_MATRICES = ("depth.end_to_end.overlaps", "hierarchy.analyzers.local")


def relations(claim: Claim) -> Iterator[object]:
    yield claim.statement
    yield from claim.given
    yield from (definition.body for definition in claim.where)
    yield from claim.facts.given if claim.facts else ()
    yield from (step.relation for step in claim.derivation.steps) if claim.derivation else ()


@cache
def printed() -> tuple[tuple[str, str], ...]:
    """Every formula of every claim, once."""
    found = {(c.id, typeset_in(c, relation)): None for c in CLAIMS for relation in relations(c)}
    return tuple(found)


def test_no_two_names_of_a_claim_print_alike() -> None:
    for claim in CLAIMS:
        printer = printer_of(claim, Style())
        known: dict[str, object] = {}
        for name, bearer in named_things(expressions_of(claim)):
            latex = printer.name(name).latex
            assert known.setdefault(latex, bearer) == bearer, (claim.id, latex, name)
        assert not _fixed(claim) & set(known), claim.id


def _fixed(claim: Claim) -> set[str]:
    """Letters that mean something by themselves in what the claim says."""
    meant = {LambertW: {"W", "W_{0}"}, Identity: {"I"}, gamma: {r"\Gamma"}, polygamma: {r"\psi"}}
    present = [e for e in expressions_of(claim) if isinstance(e, Basic)]
    found = {r"\pi"}
    for kind, letters in meant.items():
        if any(expr.has(kind) for expr in present):
            found |= letters
    return found


def test_signs_and_scripts_never_run_together() -> None:
    for id, latex in printed():
        assert not re.search(r"[-+] *[-+]", re.sub(r"_\{[-+]\}", "", latex)), (id, latex)
        assert not re.search(r"\^\{[^{}]*\}\s*\^", latex), (id, latex)
        assert not re.search(r"\d \d", latex), (id, latex)
        assert latex.count("{") - latex.count(r"\{") == latex.count("}") - latex.count(r"\}")


def test_no_formula_begins_with_minus_where_it_need_not() -> None:
    for id, latex in printed():
        for side in re.split(r" (?:=|<|>|\\leq|\\geq|\\Leftrightarrow) ", latex):
            assert not (side.startswith("-") and " + " in _outermost(side)), (id, latex)


def _outermost(latex: str) -> str:
    """The formula without what stands in brackets of any kind."""
    depth, shown = 0, ""
    for token in re.findall(r"\\[A-Za-z]+|\\.|.", latex, re.DOTALL):
        if token in "([{" or token == r"\begin":
            depth += 1
        shown += token if depth == 0 else ""
        if token in ")]}":
            depth -= 1
        if token == r"\end":
            depth -= 1
    return shown


def test_a_value_at_zero_is_no_symbol() -> None:
    latex = dict(printed())
    assert latex
    claim = collect()["modes.trajectory"]
    assert "a(0) = a_{0}" in [typeset_in(claim, relation) for relation in claim.given]
    for claim in CLAIMS:
        for relation in claim.given:
            left, _, right = typeset_in(claim, relation).partition(" = ")
            assert left != right, claim.id


@pytest.mark.parametrize("column", [COLUMN, 252.0])
def test_displays_fit_the_column_by_the_estimate(column: float) -> None:
    """In an article, and in one of two columns, but for matrices that are wider themselves."""
    for claim in CLAIMS:
        if column < COLUMN and claim.id in WIDE_MATRICES:
            continue
        for relation in relations(claim):
            for line in display(claim, relation, width=column):
                if line.startswith((r"\begin", r"\end")):
                    continue
                bare = _without_marks(re.sub(r" \\\\(\[4pt\])?$", "", line.strip()))
                assert width(bare) <= column + 0.5, (claim.id, width(bare), line)


@pytest.mark.parametrize(
    ("column", "every"), [(252.0, 6), pytest.param(180.0, 1, marks=pytest.mark.nightly)]
)
def test_what_is_broken_into_lines_still_says_the_same(column: float, every: int) -> None:
    """The lines of a display are read back as what stands on one line is."""
    read_back = 0
    for claim in CLAIMS[::every]:
        for relation in relations(claim):
            lines = display(claim, relation, width=column) if _is_relation(relation) else [""]
            if len(lines) > 1:
                vocabulary = vocabulary_of(claim)
                one, broken = (
                    read(parse(read_formula(latex)), vocabulary)
                    for latex in (typeset_in(claim, relation), "\n".join(lines[1:-1]))
                )
                assert one == broken, (claim.id, lines)
                read_back += 1
    assert read_back > 20


def _is_relation(relation: object) -> bool:
    return isinstance(relation, Relational | Equivalent)


def _without_marks(line: str) -> str:
    """The line without the mark at which it is aligned; those of matrices stay."""
    shown, inside = "", 0
    for token in re.findall(r"\\begin|\\end|\\.|.", line):
        inside += {r"\begin": 1, r"\end": -1}.get(token, 0)
        shown += "{}" if token == "&" and not inside else token
    return shown


def test_lines_tell_id_digest_and_label() -> None:
    for claim in CLAIMS[::5]:
        lines = list(claim_lines(claim))
        assert lines[0] == f"% {claim.id}  digest {claim.digest}"
        assert rf"\label{{{claim.id}}}" in lines[1]


def test_commands_have_names_of_letters_one_for_each_claim() -> None:
    names = [macro_name(claim.id) for claim in CLAIMS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[A-Za-z]+", name) for name in names)


def test_prose_of_all_claims_is_plain_text_and_known_characters() -> None:
    for claim in CLAIMS:
        texts = [claim.doc, claim.source, *(d.means for d in claim.where)]
        texts += [step.why for step in claim.derivation.steps] if claim.derivation else []
        texts += [limit.means for limit in claim.limits]
        for text in texts:
            latex = told(text)
            assert all(ord(c) < 0x80 or 0xC0 <= ord(c) < 0x180 for c in latex), text
            assert latex.count("$") % 2 == 0, text
            outside = "".join(re.sub(r"\\\$", "", latex).split("$")[::2])
            assert not re.search(r"(?<!\\)[_^&%#]", outside), (text, latex)
