"""Wrong matrix identities of symbolic size."""

from __future__ import annotations

from typing import Any

from lemmata.theory.letters import FLOW, GAP, N1, N2, N3, W21, W32, WHITE_FLOW, Sigma11, Sigma31
from lemmata.theory.matrix_calculus import (
    Average,
    Differential,
    MatrixExponential,
    TimeDerivative,
    matrix_equation,
)
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Eq, Identity, Inverse, MatrixSymbol, Ne, Symbol, Trace, ZeroMatrix

from .planted import Planted, s, state, tau

K = Symbol("K", integer=True, positive=True)
A, B, C, D = (MatrixSymbol(name, N1, N1) for name in "ABCD")
R, Q = MatrixSymbol("R", N2, K), MatrixSymbol("Q", N1, N1)
X, Y = MatrixSymbol("x", N1, 1), MatrixSymbol("y", N3, 1)
V1, V2 = MatrixSymbol("V1", N1, N1), MatrixSymbol("V2", N1, N1)
ERROR = Y - W32 * W21 * X
LOSS = Trace(ERROR.T * ERROR) / 2
BALANCE = Eq(W32.T * W32, W21 * W21.T)
OUTPUT = W32 * W21
MOMENTS = (Eq(Average(X * X.T), Sigma11), Eq(Average(Y * X.T), Sigma31))
SQUARE_FLOW = (
    Eq(tau * TimeDerivative(V1), V2.T * (C - V2 * V1)),
    Eq(tau * TimeDerivative(V2), (C - V2 * V1) * V1.T),
)
ZERO = ZeroMatrix(N1, N1)


def both(
    name: str,
    wrong: tuple[Any, Any],
    right: tuple[Any, Any] | None = None,
    facts: MatrixFacts | None = None,
    right_facts: MatrixFacts | None = None,
) -> Planted:
    """Two equations, left and right side each, with the facts they may use."""
    facts = facts or MatrixFacts()
    repaired = facts if right_facts is None else right_facts
    return Planted(
        name,
        lambda: state(matrix_equation(*wrong), facts=facts),
        None if right is None else lambda: state(matrix_equation(*right), facts=repaired),
    )


def _commutator(left: Any, right: Any) -> Any:
    return left * right - right * left


def _gradient(update: Any, letter: Any) -> tuple[Any, Any]:
    return Differential(LOSS, letter), -Trace(update.T * Differential(letter, letter))


HALL = _commutator(A, B) * _commutator(A, B)
SYMMETRIC = MatrixFacts(symmetric=(A, B))

PLANTED = [
    # True for some sizes or kinds of matrices only.
    both(
        "true for numbers only: factors commute",
        (A * B + C, B * A + C),
        (A * (B + C), A * B + A * C),
    ),
    both(
        "true for numbers only: binomial",
        ((A + B) * (A + B), A * A + 2 * A * B + B * B),
        ((A + B) * (A + B), A * A + A * B + B * A + B * B),
    ),
    both(
        "true for numbers only: trace of a product",
        (Trace(A * B), Trace(A) * Trace(B)),
        (Trace(A * B), Trace(B * A)),
    ),
    both("true for two by two only: square of a commutator is central", (HALL * C, C * HALL)),
    both(
        "true for one by one only: trace of the identity",
        (Trace(A) * Trace(Identity(N1)), Trace(A)),
        (Trace(A) * Trace(Identity(N1)), N1 * Trace(A)),
    ),
    both("true for symmetric only", (A * B.T, A * B), (A * B.T, A * B), right_facts=SYMMETRIC),
    both(
        "product of symmetric matrices symmetric",
        ((A * B).T, A * B),
        ((A * B * A).T, A * B * A),
        SYMMETRIC,
    ),
    both(
        "true for diagonal only",
        (A * B, B * A),
        (A * B, B * A),
        right_facts=MatrixFacts(diagonal=(A, B)),
    ),
    both(
        "true for orthogonal square only",
        (R * R.T, Identity(N2)),
        (R.T * R, Identity(K)),
        MatrixFacts(orthonormal_columns=(R,)),
    ),
    both(
        "orthonormal not assumed",
        (Q * Q.T, Identity(N1)),
        (Q * Q.T, Identity(N1)),
        right_facts=MatrixFacts(orthonormal_columns=(Q,)),
    ),
    both(
        "three factors in any order under the trace",
        (Trace(A * B * C), Trace(A * C * B)),
        (Trace(A * B * C), Trace(C * A * B)),
    ),
    both(
        "inverse of a product in order",
        (Inverse(A * B), Inverse(A) * Inverse(B)),
    ),
    both("inverse of a sum", (Inverse(A + B), Inverse(A) + Inverse(B))),
    both(
        "transpose keeps the order",
        ((A * B).T, A.T * B.T),
        ((A * (B + C)).T, B.T * A.T + C.T * A.T),
    ),
    both(
        "exponential of a sum of matrices",
        (MatrixExponential(A + B, s), MatrixExponential(A, s) * MatrixExponential(B, s)),
    ),
    both(
        "exponents of one matrix",
        (MatrixExponential(A, s) * MatrixExponential(A, s), MatrixExponential(A, s)),
        (MatrixExponential(A, s) * MatrixExponential(A, s), MatrixExponential(A, 2 * s)),
    ),
    # Gradients and averages.
    both(
        "gradient without its sign",
        _gradient(-W32.T * ERROR * X.T, W21),
        _gradient(W32.T * ERROR * X.T, W21),
    ),
    both(
        "gradient with a factor 2",
        _gradient(2 * W32.T * ERROR * X.T, W21),
        _gradient(W32.T * ERROR * X.T, W21),
    ),
    both(
        "gradient of the output layer without its input",
        _gradient(ERROR * (W21 * X).T * 2, W32),
        _gradient(ERROR * (W21 * X).T, W32),
    ),
    both(
        "white inputs not assumed",
        (Average(W32.T * ERROR * X.T), W32.T * (Sigma31 - OUTPUT)),
        (Average(W32.T * ERROR * X.T), W32.T * GAP),
        MatrixFacts(random=(X, Y), given=MOMENTS),
    ),
    both(
        "correlation transposed",
        (Average(X * Y.T), Sigma31.T * 2 - Sigma31.T * 3),
        (Average(X * Y.T), Sigma31.T),
        MatrixFacts(random=(X, Y), given=MOMENTS),
    ),
    both(
        "average of a square is the square of the average",
        (Average(X) * Average(X).T, Sigma11),
        (Average(X * X.T), Sigma11),
        MatrixFacts(random=(X, Y), given=MOMENTS),
    ),
    # Conservation laws.
    both(
        "sum conserved",
        (TimeDerivative(W21 * W21.T + W32.T * W32), ZeroMatrix(N2, N2)),
        (TimeDerivative(W21 * W21.T - W32.T * W32), ZeroMatrix(N2, N2)),
        MatrixFacts(given=FLOW),
    ),
    both(
        "transposes swapped in the conserved quantity",
        (TimeDerivative(V1.T * V1 - V2 * V2.T), ZERO),
        (TimeDerivative(V1 * V1.T - V2.T * V2), ZERO),
        MatrixFacts(given=SQUARE_FLOW),
    ),
    both(
        "layers swapped in the conserved quantity",
        (TimeDerivative(V2 * V2.T - V1.T * V1), ZERO),
        (TimeDerivative(V2.T * V2 - V1 * V1.T), ZERO),
        MatrixFacts(given=SQUARE_FLOW),
    ),
    both(
        "factor in the conserved quantity",
        (TimeDerivative(W21 * W21.T - 2 * W32.T * W32), ZeroMatrix(N2, N2)),
        (TimeDerivative(2 * W21 * W21.T - 2 * W32.T * W32), ZeroMatrix(N2, N2)),
        MatrixFacts(given=FLOW),
    ),
    both(
        "layer order in the product rule",
        (TimeDerivative(V1 * V2), TimeDerivative(V2) * V1 + V2 * TimeDerivative(V1)),
        (TimeDerivative(V1 * V2), TimeDerivative(V1) * V2 + V1 * TimeDerivative(V2)),
        MatrixFacts(given=SQUARE_FLOW),
    ),
    both(
        "output moves without balance",
        (tau * TimeDerivative(V2 * V1), 2 * V2 * V2.T * (C - V2 * V1)),
        (tau * TimeDerivative(V2 * V1), (C - V2 * V1) * V1.T * V1 + V2 * V2.T * (C - V2 * V1)),
        MatrixFacts(given=SQUARE_FLOW),
    ),
    both(
        "balance of the layers not assumed",
        (W21.T * W21 * W21.T * W21, OUTPUT.T * OUTPUT),
        (W21.T * W21 * W21.T * W21, OUTPUT.T * OUTPUT),
        right_facts=MatrixFacts(given=(BALANCE,)),
    ),
    both(
        "balance with a factor",
        (W21.T * W21 * W21.T * W21, 2 * OUTPUT.T * OUTPUT),
        (W21.T * W21 * W21.T * W21, OUTPUT.T * OUTPUT),
        MatrixFacts(given=(BALANCE,)),
    ),
    both(
        "conserved along the white flow with the wrong sign of one layer",
        (TimeDerivative(-W21 * W21.T - W32.T * W32), ZeroMatrix(N2, N2)),
        (TimeDerivative(-W21 * W21.T + W32.T * W32), ZeroMatrix(N2, N2)),
        MatrixFacts(given=WHITE_FLOW),
    ),
    # What is no equation, and what cannot hold.
    Planted(
        "a strict inequality between equal traces",
        lambda: state(Trace(A * B) < Trace(B * A), facts=MatrixFacts()),
        lambda: state(matrix_equation(Trace(A * B), Trace(B * A)), facts=MatrixFacts()),
    ),
    Planted(
        "equal traces said to differ",
        lambda: state(Ne(Trace(A * B), Trace(B * A)), facts=MatrixFacts()),
        None,
    ),
    both(
        "contradictory equations between matrices",
        (A * B, 2 * A * B),
        (D * B, A * B * B),
        MatrixFacts(given=(Eq(A * A.T, -Identity(N1)), Eq(A * B, ZERO))),
        MatrixFacts(given=(Eq(D, A * B),)),
    ),
    Planted(
        "contradictory numbers beside matrices",
        lambda: state(
            matrix_equation(A * (B + A), A * B + A * A),
            facts=MatrixFacts(),
            given=[s > 2, s < 1],
        ),
        lambda: state(
            matrix_equation(A * (B + A), A * B + A * A), facts=MatrixFacts(), given=[s > 2]
        ),
    ),
]
