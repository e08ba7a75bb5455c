"""Equations that hold where a claim does, and say less than it, or something else."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from lemmata.proofs.court import locate
from lemmata.proofs.manuscript import Finding, Outcome, against_claim, check_manuscript, comparing
from lemmata.proofs.manuscript.comparison import undecided

CURVE = r"\frac{s e^{2 s t/\tau}}{e^{2 s t/\tau} - 1 + s/a_0}"
RATE = r"\frac{d}{dt} (v^2 - w^2)"

LESS = [
    # another relation between the two sides
    ("modes.trajectory", rf"a(t) \neq {CURVE}"),
    ("modes.trajectory", rf"a(t) \le {CURVE}"),
    ("modes.trajectory", rf"a(t) > {CURVE}"),
    ("modes.inflection.convex", r"8 (u - s)(u - u_-)(u - u_+) \ne 0"),
    ("modes.inflection.convex", r"8 (u - s)(u - u_-)(u - u_+) = 0"),
    ("coherence.detectability.root", "D = 1"),
    # the equation of motion, and what is true added to one side
    ("modes.trajectory", r"a(t) = s - \frac{\tau \dot a(t)}{2 a(t)}"),
    ("modes.trajectory", r"a(t) = a(t) + \tau \dot a(t) - 2 a(t) (s - a(t))"),
    ("modes.unbalanced.conserved", rf"{RATE} = {RATE} + \tau \dot w - v (s - v w)"),
    (
        "modes.unbalanced.rate",
        r"(A_0^2+B_0^2)^2 = (A_0^2+B_0^2)^2"
        r" + ((A_0^2+B_0^2)^2 - 3) ((A_0^2+B_0^2)^2 - (A_0^2-B_0^2)^2 - 4 A_0^2 B_0^2)",
    ),
    # what is given, or used beside it
    ("modes.ode", r"\tau \dot a = v^2 (s-a) + w^2 (s-a)"),
    ("modes.ode", r"\tau \dot a = \tau v \dot w + \tau w \dot v"),
    ("modes.ode", r"\tau \dot a = \tau \dot a + v - w"),
    ("modes.ode", r"\tau \dot v = w (s - v w)"),
    ("modes.unbalanced.conserved", r"\tau \dot w - v (s - v w) = 0"),
    # a factor that may vanish, a square
    ("modes.unbalanced.conserved", rf"t {RATE} = 0"),
    ("modes.unbalanced.conserved", rf"\left( {RATE} \right)^2 = 0"),
    # definitions restated
    ("modes.unbalanced.split", r"u(t) = v(t) w(t)"),
    ("modes.unbalanced.split", r"u = u + p - \frac{(v+w)^2}{4}"),
    ("modes.unbalanced.product", r"m = (v-w)^2/4"),
    ("products.fuss_catalan.one_layer", r"z = \frac{(1+\psi)^2}{\psi}"),
    ("products.fuss_catalan.powers", r"B^s = B^s + B - 1 - \psi"),
    ("isometry.spectrum.moments", r"m_2 = m_1^2 (1-r)"),
    ("generalization.large_gain.unseen", r"X(M) = \frac1M - \frac{\alpha}{1+M}"),
    ("modes.stage_ratio", r"t_{ign} = \frac{\tau}{2s}\ln\frac{\alpha(s-a_0)}{a_0(1-\alpha)}"),
    # definitions in another form, where the claim is one by algebra alone
    ("hierarchy.finite_features.one_pair", r"g = \frac{(1-q)(1+q)^2 + (1+q)(1-q)^2}{2N}"),
    ("modes.trajectory.half_time", r"a(t) = \frac{a_0 s e^{2st/\tau}}{s - a_0 + a_0 e^{2st/\tau}}"),
    (
        "depth.ode.gradient",
        r"r(s - r w) = r(s - r w) + (r(s - r w) - 3)"
        r" \left( r(s - r w) + \frac{d}{dw} \frac{(s - r w)^2}{2} \right)",
    ),
    # a given inequality restated, where the claim follows from it by signs alone
    ("cognition.illusory.start", r"s_2 < s_1"),
    # inequalities in which what is assumed is all that is left
    ("modes.inflection.convex", r"(u_+ - u)(s-u)(u_+-u_-) > 0"),
    ("modes.inflection.convex", r"(s-u)(u-u_-)(u_+-u_-)^3 > 0"),
    ("modes.inflection.convex", r"(s-u_-)(u-u_-)(u_+-u) > 0"),
    (
        "modes.negative_start.stays_negative",
        r"0 < \left( \frac{s}{(1 + s/a_0) e^{2st/\tau} - 1} \right)^2",
    ),
    # equivalences of an inequality with itself
    ("depth.gradient_norm.order", r"1 < D\delta^2 \iff 1/\delta^2 < D"),
    ("cognition.typicality.overshoot", r"f(t) > 1 \iff f(t) - 1 > 0"),
    ("isometry.length_map.fixed_point", r"V(q) > q \iff 2 V(q) > 2 q"),
    # averages, where another average is what they are worth
    ("isometry.length_map.relu", r"\mathbb E_z[z^2] = 1"),
    (
        "isometry.length_map.relu",
        r"\mathbb E_z[q(1+\mathrm{sign}(z))/2] = q \mathbb{E}_z[\tfrac12(1+\mathrm{sign}(z))]",
    ),
    ("isometry.length_map", r"\chi = g^2 \mathbb{E}_z[(1 - \tanh^2(\sqrt q z))^2]"),
    # limits of what the claim says, and one that is not shown
    ("modes.trajectory", r"\lim_{t \to \infty} a(t) = s"),
    ("modes.trajectory", r"\lim_{t \to 0} a(t) = a_0"),
    ("modes.trajectory", r"\lim_{t \to 0} \frac{a(t)-a_0}{t} = 2a_0(s-a_0)/\tau"),
    ("modes.inflection.concave_above", r"\lim_{u \to s} u > 0"),
    # a double angle, where the claim is between angles
    ("structures.ring.doublet", r"\cos\frac{2\pi k}{P} = 1 - 2 \sin^2(\pi k/P)"),
    # nothing of what the claim defines is left
    ("coherence.detectability", r"\theta > c^{1/4} \iff \theta^4 > c"),
    ("coherence.detectability", r"\theta^2/\sqrt c > 1 \iff \theta > c^{1/4}"),
    ("modes.learning_time", r"T(a_f) = \int_{a_0}^{a_f} \frac{\tau da}{2a(s-a)}"),
    # freed of logarithms, times what may vanish
    (
        "modes.learning_time",
        r"(e^{2sT/\tau} - 1) \left( (s-a_f) e^{2sT/\tau} - \frac{a_f}{a_0} (s-a_0) \right) = 0",
    ),
    # cases that are no one formula; a sum that is too long
    (
        "modes.trajectory",
        rf"a(t) = \begin{{cases}} {CURVE} & t > 0 \\ 2a_0 & t = 0 \end{{cases}}",
    ),
    ("modes.trajectory", rf"a(t) = \begin{{cases}} {CURVE} & t > 1 \\ a_0 & t = 1 \end{{cases}}"),
    (
        "modes.trajectory",
        rf"a(t) = \begin{{cases}} {CURVE} & s \ne a_0 \\ 7 & \text{{otherwise}} \end{{cases}}",
    ),
    ("modes.trajectory", r"a(t) = \sum_{i=1}^{10^9} s i"),
    # true, and its values may not be chosen freely
    ("cognition.illusory.curve", r"f(t) = c_1 a_1(t) + c_2 a_2(t)"),
]


@pytest.fixture(autouse=True)
def no_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    """No edit is looked for: that takes most of the time, and is tested elsewhere."""
    monkeypatch.setattr(against_claim, "smallest_edits", lambda *_: [])


def one(folder: Path, annotation: str, equation: str) -> Finding:
    paper = folder / "paper.tex"
    text = f"\\begin{{document}}\n% lemmata: {annotation}\n\\[ {equation} \\]\n\\end{{document}}\n"
    paper.write_text(text, encoding="utf-8")
    (finding,) = check_manuscript(str(paper), suggestions=False).findings
    return finding


@pytest.mark.parametrize(("claim", "equation"), LESS)
def test_what_says_less_is_undecided(tmp_path: Path, claim: str, equation: str) -> None:
    finding = one(tmp_path, claim, equation)
    assert finding.outcome is Outcome.UNDECIDED
    assert finding.reason
    assert "stopped" not in finding.reason
    assert "numeric meaning" not in finding.reason


SAME = [
    ("modes.trajectory", rf"\ln a(t) = \ln {CURVE}"),
    ("modes.trajectory", r"\frac{a(t)}{s - a(t)} = \frac{a_0}{s - a_0} e^{2 s t/\tau}"),
    ("modes.unbalanced.conserved", rf"0 = {RATE}"),
    ("modes.unbalanced.conserved", r"v \dot v = w \dot w"),
    ("modes.unbalanced.split", r"u(t) + m(t) = p(t)"),
    ("modes.unbalanced.split", r"v w + m(t) = p(t)"),
    ("hierarchy.finite_features.one_pair", r"N g = 1 - q^2"),
    ("isometry.spectrum.kernel", r"p^L v (1+v)^{L-1} K(v) = (p+v)^L"),
    ("depth.ode.gradient", r"2 r (s - r w) = -2 \frac{d}{dw} \frac{(s - r w)^2}{2}"),
    ("modes.inflection.convex", r"(s - u)(u - u_-)(u_+ - u) > 0"),
    ("depth.gradient_norm.order", r"\delta^{-2} < D \iff D g^2 < D^2 \delta^2 g^2"),
    ("isometry.length_map.relu", r"\mathbb E_z[(z+|z|)^2] = 2 \mathbb{E}_z[1+\mathrm{sign}(z)]"),
    (
        "isometry.length_map",
        r"V'(q) = \chi - 2 g^2 \mathbb{E}_z[\tanh^2(\sqrt q z) \operatorname{sech}^2(\sqrt q z)]",
    ),
    (
        "products.fuss_catalan",
        r"A(\kappa,1) = \frac{((D+1)\kappa)!}{\kappa!\,(D\kappa+1)!}",
    ),
    (
        "structures.ring.doublet",
        r"4\sin^2(\pi (P-k)/P) + \sigma^{-2} = 4 \sin^2(\pi k/P) + \sigma^{-2}",
    ),
    ("modes.trajectory", rf"\log_2 a(t) = \log_2 {CURVE}"),
    (
        "modes.trajectory",
        r"a(t) = \frac{s}{1 + (s/a_0-1)(\cosh(2st/\tau) - \sinh(2st/\tau))}",
    ),
    ("coherence.detectability [overlap_left=O]", r"O > 0 \iff \theta > c^{1/4}"),
    ("coherence.detectability [overlap_left=O]", r"\theta^4 > c \iff O > 0"),
    (
        "modes.learning_time",
        r"T(a_f) = \int_{a_0}^{a_f} \frac{\tau da}{2a(s-a)}"
        r" = \frac{\tau}{2s}\ln\frac{a_f(s-a_0)}{a_0(s-a_f)}",
    ),
    # freed of logarithms
    ("modes.learning_time", r"a_f = \frac{s e^{2sT/\tau}}{e^{2sT/\tau} - 1 + s/a_0}"),
    ("modes.learning_time", r"(s-a_f) e^{2sT/\tau} = \frac{a_f}{a_0} (s-a_0)"),
    # cases that are one formula, and sums between numbers
    (
        "modes.trajectory",
        rf"a(t) = \begin{{cases}} {CURVE} & s \ne a_0 \\ s & s = a_0 \end{{cases}}",
    ),
    ("modes.trajectory", rf"a(t) = \begin{{cases}} {CURVE} & t > 0 \\ a_0 & t = 0 \end{{cases}}"),
    (
        "modes.trajectory",
        rf"a(t) = \begin{{cases}} s & s = a_0 \\ {CURVE} & \text{{otherwise}} \end{{cases}}",
    ),
    ("modes.trajectory", rf"a(t) = \sum_{{i=1}}^1 {CURVE}"),
    ("modes.trajectory", rf"a(t) = {CURVE} \prod_{{i=1}}^2 i + \sum_{{i=1}}^2 (i - 3/2) - {CURVE}"),
]


FALSE = [
    # the claim, solved for what it does not determine, would be n = 0 and \tau = 0
    ("products.gaussian_norm.other_entries", r"n q_4 = n (q_4 + 1)"),
    ("modes.stronger_first.tie", r"\tau = 2 \tau"),
    ("depth.learning_rate.multiplier", r"\eta s = 2 \eta s"),
    ("isometry.length_map.relu", r"\mathbb E_z[(z+|z|)^2] = \mathbb{E}_z[1+\mathrm{sign}(z)]"),
    ("products.fuss_catalan", r"A(\kappa,1) = \frac{((D+1)\kappa)!}{\kappa!\,(D\kappa)!}"),
    ("modes.trajectory", r"\lim_{t \to \infty} a(t) = 2 s"),
    ("modes.trajectory.null_mode", r"\lim_{t \to \infty} t a(t) = \tau"),
    ("modes.learning_time", r"\lim_{a_f \to a_0} T(a_f) = 1"),
    ("modes.trajectory", rf"a(t) = \sum_{{i=0}}^1 {CURVE}"),
    ("modes.learning_time", r"T = \sum_{i=1}^3 \tau"),
]


@pytest.mark.parametrize(("claim", "equation"), FALSE)
def test_what_is_false_is_refuted(tmp_path: Path, claim: str, equation: str) -> None:
    assert one(tmp_path, claim, equation).outcome is Outcome.REFUTED


@pytest.mark.parametrize(("claim", "equation"), SAME)
def test_what_says_as_much_is_proved(tmp_path: Path, claim: str, equation: str) -> None:
    finding = one(tmp_path, claim, equation)
    assert finding.outcome is Outcome.PROVED, finding.reason


def test_what_a_relation_follows_from_is_told(tmp_path: Path) -> None:
    restated = one(tmp_path, "modes.unbalanced.split", "u = v w")
    assert "restates the definition of u(t)" in restated.reason
    other = one(tmp_path, "modes.trajectory", rf"a(t) \le {CURVE}")
    assert other.reason == "it is an inequality, and the claim an equation"


def test_no_equation_takes_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "SECONDS", 0.5)
    started = time.process_time()
    finding = one(tmp_path, "modes.trajectory", rf"(s-a_0) \ln a(t) = (s-a_0) \ln {CURVE}")
    assert finding.outcome is Outcome.UNDECIDED
    assert finding.reason == "not decided within 0.5 s"
    assert time.process_time() - started < 3


def test_what_is_interrupted_in_compiled_code_is_undecided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "SECONDS", 0.5)
    finding = one(
        tmp_path,
        "isometry.length_map",
        r"\chi = g^2 \mathbb{E}_z[\operatorname{sech}^4(\sqrt q z)]",
    )
    assert finding.outcome is Outcome.UNDECIDED
    assert finding.reason == "not decided within 0.5 s"


def test_a_reason_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = locate("modes.ode")
    assert claim is not None
    about, rng = comparing.known(claim), np.random.default_rng(0)
    monkeypatch.setattr(about, "same", lambda *_: undecided("why"))
    for follows, told in [("why", "why"), ("else", "else; why"), ("", "why")]:
        monkeypatch.setattr(about, "follows", lambda *_, reason=follows: undecided(reason))
        assert comparing.compare(claim, about, claim.statement, rng).reason == told


def test_what_is_not_shown_to_hold_is_not_said_to(tmp_path: Path) -> None:
    for equation in (
        r"T(a_f) = \int_{a_0}^{a_f} \frac{\tau da}{a(s-a)}",
        r"\lim_{a_f \to s} T(a_f) = 7",
    ):
        finding = one(tmp_path, "modes.learning_time", equation)
        assert finding.outcome is Outcome.UNDECIDED
        assert "it holds" not in finding.reason


def test_points_are_told_in_what_the_manuscript_writes(tmp_path: Path) -> None:
    finding = one(tmp_path, "modes.ode", r"\tau \dot a = 3 a (s - a)")
    assert finding.outcome is Outcome.REFUTED
    assert set(finding.point) <= {"a", "s", r"\tau"}
    a, s = (Fraction(finding.point[name]) for name in "as")
    assert Fraction(finding.left) == 2 * a * (s - a)
    assert Fraction(finding.right) == 3 * a * (s - a)
    defined = one(tmp_path, "hierarchy.finite_features.one_pair", "g = (1+q^2)/N")
    n, q = (Fraction(defined.point[name]) for name in "Nq")
    assert Fraction(defined.point["g"]) == (1 - q**2) / n


def test_what_stops_a_comparison_is_told_without_the_words_of_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise AttributeError("'ExprCondPair' object has no attribute 'expand'")

    monkeypatch.setattr(against_claim, "compare_chain", stop)
    finding = one(tmp_path, "modes.trajectory", rf"a(t) = {CURVE}")
    assert finding.outcome is Outcome.NOT_CHECKED
    assert finding.reason.startswith("the comparison stopped")
    assert "Error" not in finding.reason
    assert "ExprCondPair" not in finding.reason


NOTED = [
    ("modes.trajectory", rf"\frac{{a(t)}}{{s - a_0}} = \frac{{1}}{{s - a_0}} {CURVE}", "s = 1"),
    ("modes.trajectory", rf"\frac{{a(t)}}{{t}} = \frac{{1}}{{t}} {CURVE}", "t = 0"),
    ("modes.ode", r"\frac{\dot a}{a(s - a)} = \frac{2}{\tau}", "w(t) = 0"),
    ("modes.ode", r"\tau \frac{d}{dt} \ln a = 2(s - a)", "w(t) = 0"),
    ("modes.ode", r"\tau \frac{d}{dt} \frac{1}{a} = 2 - \frac{2s}{a}", "w(t) = 0"),
    ("modes.unbalanced.conserved", r"\frac{d}{dt} \ln(v^2 - w^2) = 0", "v(t) = 1, w(t) = 1"),
    ("modes.unbalanced.conserved", r"\frac{\dot v}{w} = \frac{\dot w}{v}", "v(t) = 0"),
    ("modes.ode", r"\tau \frac{d}{dt} \ln a = 2(s - a) = 2s - 2a", "w(t) = 0"),
    # a boundary that is left out
    ("modes.ode", r"\tau \dot a = 2a(s - a) \text{ for } t > 0", "it is not said for t = 0"),
    ("modes.ode", r"\tau \dot a = 2a(s - a) \quad (t > 0)", "it is not said for t = 0"),
    ("modes.trajectory", rf"a(t) = {CURVE}, \quad 0 < t", "it is not said for t = 0"),
]


@pytest.mark.parametrize(("claim", "equation", "told"), NOTED)
def test_where_an_equation_says_nothing_is_noted(
    tmp_path: Path, claim: str, equation: str, told: str
) -> None:
    finding = one(tmp_path, claim, equation)
    assert finding.outcome is Outcome.PROVED, finding.reason
    assert told in finding.note


@pytest.mark.parametrize(
    ("claim", "equation"),
    [
        ("modes.trajectory", rf"\ln a(t) = \ln {CURVE}"),
        ("modes.trajectory", rf"\frac{{1}}{{a(t)}} = 1 / {CURVE}"),
        ("modes.ode", r"\tau \dot a = 2a(s - a) \text{ for } t \ge 0"),
        ("modes.ode", r"\tau \dot a = 2a(s - a) \text{ for } s > 0"),
        (
            "modes.learning_time",
            r"T = \frac{\tau}{2s} \ln \frac{a_f(s-a_0)}{a_0(s-a_f)} \text{ for } a_0 < s",
        ),
        ("modes.unbalanced.conserved", rf"0 = {RATE}"),
        ("coherence.detectability [overlap_left=O]", r"O > 0 \iff \theta > c^{1/4}"),
    ],
)
def test_nothing_is_noted_of_what_says_all(tmp_path: Path, claim: str, equation: str) -> None:
    finding = one(tmp_path, claim, equation)
    assert finding.outcome is Outcome.PROVED, finding.reason
    assert not finding.note
