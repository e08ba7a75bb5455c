"""From the squared error to the averaged flow, and what the flow conserves."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Identity, Integer, Matrix, MatrixSymbol, Rational, Symbol, Trace, ZeroMatrix

from ..claims import claim
from ..derivations import Derivation, Follows, Premise, Step
from ..edges import Witness
from ..letters import FLOW, GAP, N1, N2, N3, W21, W32, P, Sigma11, Sigma31, x, y
from ..matrix_calculus import Average, Differential, TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import eta, tau

__all__ = ["averaged", "conservation", "gradient", "gradient_output"]

ERROR = y - W32 * W21 * x
LOSS = Trace(ERROR.T * ERROR) / 2
_SLIDE = "Saxe, McClelland & Ganguli: learning by gradient descent in the three-layer network"


@claim("descent.gradient", facts=MatrixFacts(), source=_SLIDE)
def gradient() -> Any:
    """The update W32^T (y - yhat) x^T of the first layer is minus the gradient of the loss.

    The loss of one example is |y - W32 W21 x|^2/2; its differential is computed, not quoted.
    """
    update = W32.T * ERROR * x.T
    return matrix_equation(Differential(LOSS, W21), -Trace(update.T * Differential(W21, W21)))


@claim("descent.gradient.output", facts=MatrixFacts(), source=_SLIDE)
def gradient_output() -> Any:
    """The update (y - yhat) h^T of the second layer is minus the gradient of the loss."""
    update = ERROR * (W21 * x).T
    return matrix_equation(Differential(LOSS, W32), -Trace(update.T * Differential(W32, W32)))


MEANS = (Eq(Average(x * x.T), Sigma11), Eq(Average(y * x.T), Sigma31))
"""What the correlations are averages of."""
_MOMENTS = MatrixFacts(random=(x, y), given=MEANS)
_UPDATE, _UPDATE_OUTPUT = W32.T * ERROR * x.T, ERROR * (W21 * x).T


def _averaged() -> Derivation:
    spread = W32.T * (Average(y * x.T) - W32 * W21 * Average(x * x.T))
    return Derivation(
        (
            Step(
                "the average is linear, and weights are the same for all examples",
                matrix_equation(Average(_UPDATE), spread),
                Follows(),
            ),
            Step("the mean of x x^T", MEANS[0], Premise()),
            Step("the mean of y x^T", MEANS[1], Premise()),
            Step("insert both", matrix_equation(Average(_UPDATE), W32.T * GAP), Follows()),
        )
    )


@claim(
    "descent.averaged",
    facts=_MOMENTS,
    rests_on=["descent.gradient"],
    derivation=_averaged,
    source=_SLIDE,
)
def averaged() -> Any:
    """Averaged over examples the first layer moves by W32^T (Sigma31 - W32 W21 Sigma11)."""
    return matrix_equation(Average(_UPDATE), W32.T * GAP)


@claim(
    "descent.averaged.output",
    facts=_MOMENTS,
    rests_on=["descent.gradient.output"],
    source=_SLIDE,
)
def averaged_output() -> Any:
    """Averaged over examples the second layer moves by (Sigma31 - W32 W21 Sigma11) W21^T."""
    return matrix_equation(Average(_UPDATE_OUTPUT), GAP * W21.T)


_RATE = Symbol("lambda_", positive=True)
_TAU = 1 / (_RATE * P)


@claim(
    "descent.averaged.time_constant",
    facts=_MOMENTS,
    rests_on=["descent.averaged"],
    source="time in epochs: one epoch presents each of P examples once, at learning rate lambda",
)
def time_constant() -> Any:
    """In epochs tau = 1/(lambda P) when correlations are averages.

    One epoch changes the weights by lambda P times the average update, to first order in lambda;
    tau times that change is the right side of the flow.  The loss is (1/2)|y - yhat|^2: without
    its 1/2, tau halves.
    """
    return matrix_equation(_TAU * (_RATE * P * Average(_UPDATE)), W32.T * GAP)


_ITEMS, _PROPERTIES = MatrixSymbol("X", P, P), MatrixSymbol("Y", N3, P)
_MAP = MatrixSymbol("W", N3, P)
_MEAN_INPUT, _MEAN_OUTPUT = _ITEMS * _ITEMS.T / P, _PROPERTIES * _ITEMS.T / P


@claim(
    "descent.averaged.one_hot",
    facts=MatrixFacts(orthonormal_columns=(_ITEMS,)),
    source="one-hot items: their correlations are averages over P items",
)
def one_hot() -> Any:
    """For P one-hot (orthonormal) items Sigma11 = I/P, so that the gap is (Y X^T - W)/P.

    The columns of X are the items, those of Y their properties, W the map from input to output.
    The asymptote Y X^T is the same as with sums; only tau differs, by the factor P.
    """
    gap = _MEAN_OUTPUT - _MAP * _MEAN_INPUT
    return matrix_equation(gap, (_PROPERTIES * _ITEMS.T - _MAP) / P)


@claim(
    "descent.averaged.one_hot_slogan",
    facts=MatrixFacts(orthonormal_columns=(_ITEMS,)),
    expects="refuted",
    corrected_by=["descent.averaged.one_hot"],
    source="the slide's E[x x^T] = I for one-hot items",
    witness=Witness({_ITEMS: Matrix([[0, 1], [1, 0]])}, (-Rational(1, 2), 0, 0, -Rational(1, 2))),
)
def one_hot_slogan() -> Any:
    """Guard: the average of x x^T over one-hot items is not I as soon as P > 1.

    The columns of X are the P items.
    """
    return matrix_equation(_MEAN_INPUT, Identity(P))


_ONE = Matrix([[1]])
CONSERVED = W21 * W21.T - W32.T * W32


def _conservation() -> Derivation:
    first = W32.T * GAP * W21.T + W21 * GAP.T * W32
    second = W21 * GAP.T * W32 + W32.T * GAP * W21.T
    return Derivation(
        (
            Step("the flow of the first layer", FLOW[0], Premise()),
            Step("the flow of the second layer", FLOW[1], Premise()),
            Step(
                "the product rule in the first layer",
                matrix_equation(tau * TimeDerivative(W21 * W21.T), first),
                Follows(),
            ),
            Step(
                "the product rule in the second layer",
                matrix_equation(tau * TimeDerivative(W32.T * W32), second),
                Follows(),
            ),
            Step(
                "both are the same, so their difference does not change",
                matrix_equation(TimeDerivative(CONSERVED), ZeroMatrix(N2, N2)),
                Follows(),
            ),
        )
    )


@claim(
    "descent.conservation",
    facts=MatrixFacts(given=FLOW),
    rests_on=["descent.averaged", "descent.averaged.output"],
    derivation=_conservation,
    source="Saxe, McClelland & Ganguli; conserved quantity of the averaged flow",
)
def conservation() -> Any:
    """W21 W21^T - W32^T W32 is conserved, for any correlations, any widths and any start."""
    return matrix_equation(TimeDerivative(CONSERVED), ZeroMatrix(N2, N2))


_FORCE = MatrixSymbol("E", N3, N1)
_G1, _G2 = W32.T * _FORCE, _FORCE * W21.T


def _drift(step1: Any, step2: Any) -> Any:
    first, second = W21 + eta * step1, W32 + eta * step2
    return first * first.T - second.T * second - CONSERVED


@claim("descent.conservation.drift", facts=MatrixFacts(), source="exact drift of discrete descent")
def drift() -> Any:
    """One step of descent changes it by exactly eta^2 (G1 G1^T - G2^T G2).

    G1 = W32^T E and G2 = E W21^T are the steps of the two layers, E any error matrix.
    """
    return matrix_equation(_drift(_G1, _G2), eta**2 * (_G1 * _G1.T - _G2.T * _G2))


_MISS = MatrixSymbol("e", N3, 1)
_BACK, _HIDDEN = W32.T * _MISS, W21 * x


@claim(
    "descent.conservation.example_drift",
    facts=MatrixFacts(),
    source="exact drift of descent on one example",
)
def example_drift() -> Any:
    """One example changes it by eta^2 (|x|^2 g g^T - |e|^2 h h^T), g = W32^T e and h = W21 x."""
    change = Trace(x.T * x) * (_BACK * _BACK.T) - Trace(_MISS.T * _MISS) * (_HIDDEN * _HIDDEN.T)
    return matrix_equation(_drift(_BACK * x.T, _MISS * _HIDDEN.T), eta**2 * change)


@claim(
    "descent.conservation.discrete_slogan",
    facts=MatrixFacts(),
    expects="refuted",
    corrected_by=["descent.conservation.drift"],
    source="conservation read as a statement on discrete descent",
    witness=Witness(
        {W21: _ONE, W32: 2 * _ONE, _FORCE: 3 * _ONE, eta: Rational(1, 3)}, (Integer(3),)
    ),
)
def discrete_slogan() -> Any:
    """Guard: discrete descent does not conserve W21 W21^T - W32^T W32.

    The left side is the change of the difference in one step eta with the error E.
    """
    return matrix_equation(_drift(_G1, _G2), ZeroMatrix(N2, N2))


@claim(
    "descent.conservation.sum_slogan",
    facts=MatrixFacts(given=FLOW),
    expects="refuted",
    corrected_by=["descent.conservation"],
    source="the sum in place of the difference",
    witness=Witness(
        {W21: _ONE, W32: 2 * _ONE, Sigma31: 5 * _ONE, Sigma11: _ONE, tau: Integer(2)},
        (Integer(6),),
    ),
)
def sum_slogan() -> Any:
    """Guard: the sum W21 W21^T + W32^T W32 is not conserved."""
    return matrix_equation(
        TimeDerivative(W21 * W21.T + W32.T * W32) * Rational(1, 2), ZeroMatrix(N2, N2)
    )
