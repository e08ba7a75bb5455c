"""Values in annotations: special cases of claims, and values that are none."""

from __future__ import annotations

import numpy as np
import pytest
from lemmata.proofs.court import locate
from lemmata.proofs.manuscript.annotations import AnnotationError, ClaimNamed, Let, read_annotation
from lemmata.proofs.manuscript.comparing import compare_chain, known
from lemmata.proofs.manuscript.comparison import Comparison
from lemmata.proofs.manuscript.names import vocabulary_for
from lemmata.proofs.manuscript.reading import Reader
from lemmata.proofs.manuscript.special import meant, special_case
from lemmata.proofs.notation import NotationError, parse
from lemmata.proofs.tex import read_formula
from lemmata.proofs.verdicts import Status
from lemmata.theory.claims import Claim


def case(annotation: str, let: str = "") -> tuple[Claim, dict[str, str]]:
    request = read_annotation(annotation)
    assert isinstance(request, ClaimNamed)
    declared = read_annotation(f"let {let}") if let else Let(())
    assert isinstance(declared, Let)
    claim = locate(request.claim)
    assert claim is not None
    if request.values:
        claim = special_case(claim, request.values, request.renamed, declared.declared)
    return claim, request.renamed


def values(annotation: str) -> bool:
    request = read_annotation(annotation)
    return isinstance(request, ClaimNamed) and bool(request.values)


def stated(annotation: str, equation: str, let: str = "") -> Comparison:
    claim, renamed = case(annotation, let)
    links = Reader(vocabulary_for(claim, renamed)).links(parse(read_formula(equation)))
    rng = np.random.default_rng(0)
    found, _ = compare_chain(claim, known(claim), links, rng)
    return meant(claim, links, found, rng)


LOGISTIC = r"a(t) = \frac{s e^{2 s t}}{e^{2 s t} - 1 + s/a_0}"

RIGHT = [
    ("modes.trajectory [tau=1]", LOGISTIC),
    ("modes.trajectory [tau=1e0]", LOGISTIC),
    ("modes.trajectory [tau=25.0e-2]", LOGISTIC.replace("2 s t", "8 s t")),
    ("modes.trajectory [a_0=(s)]", "a(t) = s"),
    ("modes.trajectory [s=(a_0)]", "a(t) = a_0"),
    ("modes.trajectory [s=S, a_0=(S)]", "a(t) = S"),
    ("modes.trajectory [a_0=s/2]", r"a(t) = \frac{s}{1 + e^{-2 s t/\tau}}"),
    ("modes.trajectory [a_0=1/2, s=2, tau=1]", r"a(t) = \frac{2 e^{4t}}{e^{4t} + 3}"),
    (r"modes.trajectory [s=S, a_0=\frac{S}{2}, \tau=1]", r"a(t) = \frac{S}{1 + e^{-2St}}"),
    (r"modes.trajectory [tau=1/\lambda]", LOGISTIC.replace("2 s t", r"2 \lambda s t")),
    (r"modes.trajectory [tau=1, a_0=\tau]", LOGISTIC.replace("a_0", r"\tau")),
    ("modes.trajectory [tau=10^2]", LOGISTIC.replace("2 s t", "s t/50")),
    ("modes.trajectory [tau=2^{-1}]", LOGISTIC.replace("2 s t", "4 s t")),
    ("modes.trajectory [tau=s^2]", LOGISTIC.replace("2 s t", r"2 t/s")),
    (r"modes.trajectory [tau=\sigma^2]", LOGISTIC.replace("2 s t", r"2 s t/\sigma^2")),
    ("modes.trajectory.half_time [a_0=s/4]",
     r"a(t) = \frac{s}{2} \left(1 + \tanh\left(\frac{st}{\tau} - \frac{\ln 3}{2}\right)\right)"),
    ("modes.ode [tau=1]", r"\dot a = 2 a (s - a)"),
    ("depth.ode [N_l=3]", r"\tau \dot a = 2 a (s - a)"),
    ("depth.ode [N_l=D+1]", r"\tau \dot a = D a^{2 - 2/D} (s - a)"),
    ("modes.commuting_inputs [lambda=1, tau=1]", LOGISTIC),
    ("descent.conservation [tau=1]",
     r"\frac{d}{dt}(W^{21} W^{21\top} - W^{32\top} W^{32}) = 0"),
]  # fmt: skip


@pytest.mark.parametrize(("annotation", "equation"), RIGHT)
def test_special_cases_are_proved(annotation: str, equation: str) -> None:
    found = stated(annotation, equation)
    assert found.status is Status.PROVED, found.reason


@pytest.mark.parametrize(
    ("annotation", "equation"),
    [
        ("modes.trajectory [tau=1]", LOGISTIC.replace("e^{2 s t} - 1", "e^{2 s t} + 1")),
        ("modes.trajectory [tau=2]", LOGISTIC),
        ("modes.trajectory [a_0=s/3]", r"a(t) = \frac{s}{1 + e^{-2 s t/\tau}}"),
        ("depth.ode [N_l=D+1]", r"\tau \dot a = D a^{2 - 1/D} (s - a)"),
        ("depth.ode [N_l=D+1]", r"\tau \dot a = (D - 1) a^{2 - 2/(D - 1)} (s - a)"),
    ],
)
def test_what_is_no_special_case_is_refuted(annotation: str, equation: str) -> None:
    assert stated(annotation, equation).status is Status.REFUTED


def test_a_special_case_is_told_as_one() -> None:
    claim, _ = case("modes.trajectory [a_0=s/2, tau=1]")
    assert claim.id == r"modes.trajectory at a_{0} = s/2, \tau = 1"
    general = locate("modes.trajectory")
    assert general is not None
    assert claim.digest != general.digest


def test_the_claim_is_not_proved_by_what_silently_is_a_special_case() -> None:
    found = stated("modes.trajectory", LOGISTIC)
    assert found.status is Status.REFUTED
    assert "write [tau=1] if that is meant" in found.reason
    wrong = stated("modes.trajectory", LOGISTIC.replace("- 1", "+ 1"))
    assert "write [tau=1]" not in wrong.reason


def test_a_special_case_does_not_state_the_claim_at_another_value() -> None:
    with pytest.raises(NotationError, match="tau is not known here"):
        stated("modes.trajectory [tau=1]", LOGISTIC.replace("2 s t", r"2 s t/\tau"))


@pytest.mark.parametrize(
    ("annotation", "told"),
    [
        ("modes.trajectory [tau=0]", r"tau = 0 breaks what .* assumes, tau > 0: give another"),
        ("modes.trajectory [tau=-1/2]", r"tau = -1/2 breaks what .* assumes, tau > 0"),
        ("modes.trajectory.half_time [a_0=2s]", r"a_0 = 2\*s breaks what .* assumes, a_0 < s"),
        ("modes.trajectory.half_time [a_0=(s)]", "a_0 = s breaks what .* assumes, a_0 < s"),
        (
            "modes.trajectory [a_0=s]",
            r"s is written for a_0, .* rename that too, as \[a_0=s, s=...\]; .* \[a_0=\(s\)\]",
        ),
        ("modes.trajectory [tau=s-a_0, s=2a_0]", "s has a value itself: put it into that of tau"),
        ("modes.trajectory [s=x, tau=x*y, a_0=-x*y]", "no point was found"),
        ("modes.trajectory [tau=x-y, s=y-x]", "no point was found at which .* holds"),
        ("modes.learning_time [s=x, a_0=2*x-y, tau=x-y]", "no point was found"),
        ("modes.inflection.convex [u_-=x, u_+=x-y^2]", "no point was found"),
        (r"modes.trajectory [s=\sin x - 2]", "no point was found"),
        ("modes.trajectory [s=a_0]", r"a_0 is written for s, .* write \[s=\(a_0\)\]"),
        ("modes.trajectory [s=a]", "a is written for s, and is a name of the claim itself"),
        ("modes.trajectory [tau=1e999999999]", r"1e999999999 is no LaTeX: write it as 1 \\cdot"),
        ("modes.trajectory [a_0=1e-3s]", r"write it as 1 \\cdot 10\^\{-3\}"),
        ("depth.ode [N_l=1]", "N_l = 1 breaks what depth.ode assumes, N_l >= 2"),
        ("depth.ode [N_l=5/2]", "asks for an integer N_l: give an integer number"),
        ("depth.ode [N_l=D/2]", "asks for an integer N_l"),
        ("modes.trajectory [t=0]", "t is what functions of the claim depend on.*follows"),
        ("modes.trajectory [a=1]", "a is a function: only symbols that stand for numbers"),
        ("descent.conservation [W21=1]", "W21 is a matrix"),
        ("modes.ode [b=1]", "b is no name of the claim: the nearest known names are B"),
        ("modes.trajectory [tau=a(t)]", "it is no number and no expression in symbols"),
        ("modes.trajectory [tau=1/0]", "it cannot be read: division by 0"),
        ("modes.trajectory [tau=1+]", "it cannot be read: the formula breaks off"),
        ("modes.trajectory [tau=1, \\tau=2]", "tau has a value twice: keep one"),
        ("hierarchy.similarity [D=2]", "holds for every depth: no value can be put into it"),
        ("modes.trajectory.doubled [tau=2]", "a slogan that is known to fail at tau = 1"),
    ],
)
def test_values_that_are_none_are_told(annotation: str, told: str) -> None:
    with pytest.raises((AnnotationError, NotationError), match=told) as error:
        case(annotation) if values(annotation) else stated(annotation, "a = 1")
    assert "\n" not in str(error.value)


def test_names_with_numerals_are_renamed() -> None:
    for told in ("descent.conservation [W21=A^1]", "descent.conservation [W21=A^{21}]"):
        assert not values(told)
    assert values("modes.trajectory [tau=A^{21}]")


def test_letters_of_a_value_are_in_the_domain_of_the_symbol() -> None:
    claim, _ = case("depth.ode [N_l=D+1]")
    (depth,) = (x for x in claim.statement.free_symbols if x.name == "D")
    assert depth.is_integer
    assert depth.is_positive
    shifted, _ = case("modes.trajectory [a_0=s-c]")
    assert [str(r) for r in shifted.given][:1] == ["-c + s > 0"]
