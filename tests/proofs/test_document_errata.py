"""Errata: what is told of a slogan refutes what is displayed, and what corrects it is displayed."""

from __future__ import annotations

import dataclasses
import re
from functools import cache

import pytest
from lemmata.proofs.court import collect
from lemmata.proofs.document.claims import witness
from lemmata.proofs.document.contents import arranged
from lemmata.proofs.document.errata import Erratum, errata
from lemmata.proofs.document.mathematics import letters
from lemmata.proofs.document.numbering import Numbers
from lemmata.proofs.document.refuting import Reading, readings
from lemmata.proofs.document.tables import SYMBOLS
from lemmata.proofs.exact.normal_form import vanishes
from lemmata.proofs.guards import corrections
from lemmata.theory.claims import Claim
from lemmata.theory.well_formed import refuse
from sympy import Equivalent, Integer, MatrixSymbol, Rational
from sympy.core.function import AppliedUndef

GUARDS = sorted(claim.id for claim in collect() if claim.expects == "refuted")
DAILY = (
    "modes.trajectory.doubled",
    "modes.learning_time.slogan",
    "modes.unbalanced.balanced_slogan",
    "modes.decoupling.balance_slogan",
    "modes.shallow.fraction_slogan",
    "coherence.identity.slide_slogan",
    "coherence.speed.levels_slogan",
    "depth.ode.unequal_slogan",
    "depth.learning_time.slogan",
    "products.gaussian_norm.typical_slogan",
    "isometry.edge_of_chaos.just_beyond_slogan",
    "isometry.spectrum.edge_slogan",
)
"""Slogans of every kind."""


def entry(claim: Claim) -> Erratum:
    """The erratum of one slogan, numbered as in the whole book."""
    parts = arranged([claim])
    ((found,),) = (group.errata for groups in errata(parts, numbers()) for group in groups)
    return found


@cache
def numbers() -> Numbers:
    return Numbers.of(arranged(collect()))


def shown(claim: Claim) -> set[object]:
    """The relations that are displayed for a slogan."""
    parts = claim.statement.args if isinstance(claim.statement, Equivalent) else ()
    return {claim.statement, *parts} | set(claim.given)


def gap(reading: Reading) -> list[object]:
    """Left minus right, entry by entry of a matrix."""
    difference = reading.left - reading.right
    return list(difference) if hasattr(difference, "shape") else [difference]


def check(id: str) -> None:
    claim = collect()[id]
    assert claim.witness is not None
    found = readings(claim)
    assert all(reading.relation in shown(claim) for reading in found)
    assert {reading.holds for reading in found} != {True}
    assert all(reading.solves == (claim.kind == "solution") for reading in found)
    order = sorted(found, key=lambda r: str(r.relation)) if len(found) > 1 else found
    if isinstance(claim.statement, Equivalent):
        found = tuple(order)
    if any(reading.left is None or reading.right is None for reading in found):
        assert all(reading.digits for reading in found)
        return
    told = [value for reading in found for value in gap(reading)]
    assert len(told) == len(claim.witness.difference)
    for value, recorded in zip(told, claim.witness.difference, strict=True):
        assert vanishes(value - recorded) or vanishes(value + recorded)
    for reading in found:
        assert reading.holds is by_hand(reading)


def by_hand(reading: Reading) -> bool:
    """Whether the numbers that are printed satisfy the sign between them."""
    if reading.sign == "=":
        return all(value == 0 for value in gap(reading))
    value = reading.left.evalf(30) - reading.right.evalf(30)
    if reading.left == reading.right:
        return reading.sign in (r"\ge", r"\le")
    return bool(value > 0) is (reading.sign in (">", r"\ge"))


@pytest.mark.parametrize("id", DAILY)
def test_the_numbers_are_those_of_what_is_displayed(id: str) -> None:
    check(id)


@pytest.mark.nightly
@pytest.mark.parametrize("id", GUARDS)
def test_the_numbers_of_every_slogan_are_those_of_what_is_displayed(id: str) -> None:
    check(id)


@pytest.mark.parametrize("id", [id for id in GUARDS if collect()[id].kind == "solution"])
def test_a_curve_is_put_into_the_equations_that_are_displayed(id: str) -> None:
    """Independently of the court: SymPy puts the formula into the given equations."""
    claim = collect()[id]
    assert claim.witness is not None
    head, formula = claim.statement.args
    for reading in readings(claim):
        for side, told in zip(reading.relation.args, (reading.left, reading.right), strict=True):
            (variable,) = head.args

            def put(value: object, variable: object = variable) -> object:
                return formula.subs(variable, value)

            value = side.replace(head.func, put).doit().subs(claim.witness.at).doit()
            assert vanishes(value - told)


def test_a_point_at_which_the_slogan_holds_is_refused() -> None:
    claim = collect()["modes.ode.unbalanced_slogan"]
    assert claim.witness is not None
    balanced = {
        k: Integer(1) if isinstance(k, AppliedUndef) else v for k, v in claim.witness.at.items()
    }
    moved = dataclasses.replace(claim.witness, at=balanced)
    with pytest.raises(ValueError, match="holds as it is displayed"):
        readings(dataclasses.replace(claim, witness=moved))


def test_a_curve_that_solves_its_equations_is_refused() -> None:
    claim, true = collect()["modes.trajectory.doubled"], collect()["modes.trajectory"]
    with pytest.raises(ValueError, match="holds as it is displayed"):
        readings(dataclasses.replace(claim, statement=true.statement))


def test_a_claim_reads_nothing() -> None:
    assert readings(collect()["modes.ode"]) == ()


def test_long_numbers_have_digits_that_tell_them_apart() -> None:
    (unequal,) = readings(collect()["modes.stronger_first.unequal_slogan"])
    assert unequal.digits == ("0.7361", "0.3466")
    (critical,) = readings(collect()["isometry.edge_of_chaos.just_beyond_slogan"])
    assert critical.digits == ("0.1027", "0.1015")
    (edge,) = readings(collect()["isometry.spectrum.edge_slogan"])
    assert edge.digits == ("1.356", "0.7983")
    told = witness(collect()["modes.stronger_first.unequal_slogan"])
    assert told is not None
    assert told.readings[0].about == "0.7361 < 0.3466"
    (plain,) = readings(collect()["modes.inflection.slogan"])
    assert (plain.left, plain.right, plain.digits) == (Rational(-3, 8), 0, None)


def test_the_equation_that_a_curve_does_not_solve_is_printed() -> None:
    told = witness(collect()["modes.trajectory.doubled"])
    assert told is not None
    motion, start = told.readings
    assert motion.of.startswith(r"\tau")
    assert motion.solves
    assert not motion.holds
    assert (motion.reads, start.reads, start.holds) == ("4 = 2", "1 = 1", True)


@pytest.mark.parametrize("id", GUARDS)
def test_every_slogan_names_what_corrects_it(id: str) -> None:
    claim = collect()[id]
    assert claim.corrected_by
    for other in corrections(claim):
        assert other.expects == "proved"
        assert other.digest != claim.digest


def test_a_wrong_name_of_a_correction_is_refused() -> None:
    claim = collect()["modes.trajectory.doubled"]
    for names, told in (
        (("modes.nothing",), "is no claim"),
        (("modes.negative_start.slogan",), "is a slogan itself"),
    ):
        with pytest.raises(ValueError, match=told):
            corrections(dataclasses.replace(claim, corrected_by=names))


def test_what_is_no_slogan_has_no_correction() -> None:
    made = dataclasses.replace(collect()["modes.ode"], corrected_by=("modes.trajectory",))
    with pytest.raises(ValueError, match=r"corrected_by: modes\.ode is no guard"):
        refuse(made)


def test_a_slogan_of_another_package_is_corrected_by_the_claim_it_is_named_after() -> None:
    claim = dataclasses.replace(collect()["modes.trajectory.doubled"], corrected_by=())
    assert [other.id for other in corrections(claim)] == ["modes.trajectory"]


def test_what_corrects_a_slogan_is_printed_with_its_formula() -> None:
    (other,) = entry(collect()["modes.trajectory.doubled"]).instead
    assert other.reference == r"\claimref{modes.trajectory}"
    assert r"e^{2 s t/\tau}" in other.formula
    assert other.given == ()
    log_mean, typical = entry(collect()["products.gaussian_norm.typical_slogan"]).instead
    assert (log_mean.reference, typical.reference) == (
        r"\claimref{products.gaussian_norm.log_mean}",
        r"\claimref{products.gaussian_norm.typical}",
    )


def test_letters_of_a_correction_are_defined_to_the_last() -> None:
    (wrong,) = entry(collect()["hierarchy.finite_features.order_slogan"]).instead
    assert [told.latex.partition(" =")[0] for told, _ in wrong.where] == [
        r"p_{\mathrm{wrong}}",
        "d",
    ]


def test_what_is_given_is_printed_where_the_formulas_are_alike() -> None:
    (start,) = entry(collect()["cognition.illusory.start_slogan"]).instead
    assert start.given


def test_the_letters_of_a_slogan_are_defined_where_it_stands() -> None:
    found = entry(collect()["hierarchy.decreasing.irregular_slogan"])
    ((coarse, _),) = found.where
    assert coarse.latex.startswith(r"\lambda_{\mathrm{coarse}}")
    found = entry(collect()["coherence.identity.slide_slogan"])
    assert [
        re.match(r"\w", told.latex.removeprefix("\\begin{aligned}\n"))[0] for told, _ in found.where
    ] == ["s", "C"]
    assert r"\lambda_{k}" in {head for head, _ in found.meaning}


@pytest.mark.parametrize("id", GUARDS)
def test_every_letter_that_is_defined_is_told(id: str) -> None:
    claim = collect()[id]
    stated, below = letters(claim)
    heads = {d.symbol for d in (*stated, *below)}
    left = [claim.statement, *(d.body for d in (*stated, *below))]
    used = {s for e in left for s in (*e.free_symbols, *(f.func for f in e.atoms(AppliedUndef)))}
    assert {d.symbol for d in claim.where} & used <= heads


def unexplained(claim: Claim) -> set[str]:
    """Letters of a slogan that neither its words nor a definition nor the notation explains."""
    notation = {code.strip() for _, codes, _ in SYMBOLS for code in codes.split(",")}
    statement = claim.statement
    names = {str(s) for s in statement.free_symbols}
    names |= {str(f.func) for f in statement.atoms(AppliedUndef)}
    names -= {str(definition.symbol) for definition in claim.where}
    names -= {str(size) for m in statement.atoms(MatrixSymbol) for size in m.shape}
    names -= {str(index) for index, _, _ in (claim.levels.indices if claim.levels else ())}
    told = set(re.findall(r"[A-Za-z][A-Za-z_0-9]*", claim.doc))
    told |= {f"{name}^2" for name in told} | {"t", "a_0", "a_f", "z"} | notation
    told |= {f"{name[:-1]}{digit}" for name in told if name.endswith("_i") for digit in "12"}
    return {n for n in names if n not in told and n.partition("_")[0] not in {"s", *told}}


@pytest.mark.parametrize("id", GUARDS)
def test_words_or_definitions_explain_the_letters_of_a_slogan(id: str) -> None:
    assert not unexplained(collect()[id])


def test_a_letter_that_nothing_explains_would_be_found() -> None:
    claim = collect()["modes.inflection.slogan"]
    assert unexplained(dataclasses.replace(claim, doc="It fails.")) == {"c_0"}
    claim = collect()["products.amplified_fraction.half_slogan"]
    assert unexplained(dataclasses.replace(claim, doc="It fails.")) == {"phi"}
