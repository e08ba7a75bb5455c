"""Hidden similarity: what networks that learned the same have in common inside."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Equivalent, Identity, Integer, Matrix, MatrixSymbol, Symbol, ZeroMatrix, sqrt

from ..claims import claim
from ..derivations import Crosses, Derivation, Evident, Follows, Premise, SameSign, Step
from ..edges import Witness
from ..learning.descent import CONSERVED
from ..letters import FLOW, N1, N2, N3, W21, W32, rank
from ..matrix_calculus import TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import s

__all__ = [
    "alignment",
    "eigenvalue",
    "general",
    "invariance",
    "kept",
    "lambda_balanced",
    "rotations",
    "slogan",
]

_SOURCE = "similarity of hidden representations across networks (representational similarity)"
_HIDDEN = W21.T * W21
"""Inner products of the hidden representations of one-hot items."""
_MAP = W32 * W21
_BALANCED = Eq(W32.T * W32, W21 * W21.T)


def _invariance() -> Derivation:
    return Derivation(
        (
            Step("the layers are balanced, at all times if they are once", _BALANCED, Premise()),
            Step(
                "insert it between the outer factors of Yhat^T Yhat",
                matrix_equation(_MAP.T * _MAP, W21.T * (W21 * W21.T) * W21),
                Follows(),
            ),
            Step("which is the square of W21^T W21", _INVARIANT, Follows()),
        )
    )


_INVARIANT = matrix_equation((W21.T * W21) ** 2 - (W32 * W21).T * (W32 * W21), ZeroMatrix(N1, N1))


@claim(
    "cognition.similarity_invariance",
    facts=MatrixFacts(given=(_BALANCED,)),
    rests_on=["descent.conservation"],
    derivation=_invariance,
    source=_SOURCE,
)
def invariance() -> Any:
    """Balanced networks: the square of the hidden similarity K = W21^T W21 is Yhat^T Yhat.

    As K is positive semidefinite it is *the* root (Yhat^T Yhat)^(1/2): determined by what the
    network does, at every time, for any alignment, any widths, any correlations of the data.
    Behavioural similarity is the square of neural similarity.  Balance, W32^T W32 = W21 W21^T, is
    conserved by the averaged flow, and holds for a start at small weights in the limit.
    """
    return _INVARIANT


_C = MatrixSymbol("C", N2, N2)
_IMBALANCE = Eq(W32.T * W32, W21 * W21.T - _C)


@claim(
    "cognition.similarity_invariance.general",
    facts=MatrixFacts(symmetric=(_C,), given=(Eq(_C, CONSERVED),)),
    rests_on=["descent.conservation"],
    source=_SOURCE,
)
def general() -> Any:
    """In general K^2 - W21^T C W21 = Yhat^T Yhat, with the conserved C = W21 W21^T - W32^T W32."""
    return matrix_equation((W21.T * W21) ** 2 - W21.T * _C * W21, (W32 * W21).T * (W32 * W21))


@claim(
    "cognition.similarity_invariance.kept",
    facts=MatrixFacts(given=(*FLOW, _BALANCED)),
    rests_on=["descent.averaged", "descent.averaged.output", "cognition.similarity_invariance"],
    source=_SOURCE,
)
def kept() -> Any:
    """The difference of K^2 and Yhat^T Yhat does not change along the flow of a balanced network.

    Any Sigma11 and Sigma31: from the flow itself, without the conservation law.
    """
    difference = (W21.T * W21) ** 2 - (W32 * W21).T * (W32 * W21)
    return matrix_equation(TimeDerivative(difference), ZeroMatrix(N1, N1))


_Q = MatrixSymbol("Q", N2, N2)


@claim(
    "cognition.similarity_invariance.rotations",
    facts=MatrixFacts(orthonormal_columns=(_Q,)),
    source=_SOURCE,
)
def rotations() -> Any:
    """Turning the hidden layer, W21 to Q W21 and W32 to W32 Q^T, changes neither K nor Yhat.

    What differs between balanced networks that do the same are such rotations alone.
    """
    turned21, turned32 = _Q * W21, W32 * _Q.T
    both = turned21.T * turned21 + (turned32 * turned21).T * (turned32 * turned21)
    return matrix_equation(both, _HIDDEN + _MAP.T * _MAP)


U, V = MatrixSymbol("U", N3, rank), MatrixSymbol("V", N1, rank)
A = MatrixSymbol("A", rank, rank)


@claim(
    "cognition.similarity_invariance.modes",
    facts=MatrixFacts(orthonormal_columns=(U, V), diagonal=(A,)),
    rests_on=["cognition.similarity_invariance", "modes.decoupling.solution"],
    source=_SOURCE,
)
def alignment() -> Any:
    """On the decoupled manifold, Yhat = U A V^T, the root is V A V^T: hidden distances go with a.

    After learning with white inputs it is V S V^T = (Sigma31^T Sigma31)^(1/2).
    """
    return matrix_equation((V * A * V.T) ** 2, (U * A * V.T).T * (U * A * V.T))


_G = MatrixSymbol("G", N2, N2)


@claim(
    "cognition.similarity_invariance.slogan",
    facts=MatrixFacts(given=(Eq(W32, MatrixSymbol("M", N3, N2) * _G),)),
    expects="refuted",
    corrected_by=["cognition.similarity_invariance.general", "cognition.similarity_invariance"],
    source="hidden similarity is determined by the task, read without balance",
    witness=Witness(
        {
            W21: Matrix([[1]]),
            _G: Matrix([[2]]),
            MatrixSymbol("M", N3, N2): Matrix([[3]]),
            W32: Matrix([[6]]),
        },
        (Integer(3),),
    ),
)
def slogan() -> Any:
    """Guard: networks with the same outputs need not have the same hidden similarity.

    One network has the layers W21 and W32 = M G, the other G W21 and M: both compute M G W21.
    """
    return matrix_equation((_G * W21).T * (_G * W21), W21.T * W21)


_c = Symbol("c_0", real=True)
_LAMBDA_BALANCED = Eq(W32.T * W32, W21 * W21.T - _c * Identity(N2))
_QUADRATIC = matrix_equation((W21.T * W21) ** 2 - _c * (W21.T * W21), (W32 * W21).T * (W32 * W21))


@claim(
    "cognition.similarity_invariance.lambda_balanced",
    facts=MatrixFacts(given=(_LAMBDA_BALANCED,)),
    rests_on=["descent.conservation"],
    source=_SOURCE,
)
def lambda_balanced() -> Any:
    """For C = c I the hidden similarity solves K^2 - c K = Yhat^T Yhat."""
    return _QUADRATIC


_k = Symbol("k", positive=True)
_ROOT = (_c + sqrt(_c**2 + 4 * s**2)) / 2


_ABOVE = Equivalent(_k**2 - _c * _k > s**2, _k > _ROOT, evaluate=False)


def _eigenvalue() -> Derivation:
    level = _k - _c - s**2 / _k
    slope = level.diff(_k, evaluate=False)
    return Derivation(
        (
            Step(
                "divided by k, the quadratic has the slope", Eq(slope, 1 + s**2 / _k**2), Follows()
            ),
            Step("it increases", slope > 0, Evident()),
            Step("and vanishes at the root", Eq(level.subs(_k, _ROOT), 0), Follows()),
            Step(
                "so it is positive above it alone",
                Equivalent(level > 0, _k > _ROOT, evaluate=False),
                Crosses(_k, _ROOT),
            ),
            Step("multiply by k > 0", _ABOVE, SameSign(_k)),
        )
    )


@claim(
    "cognition.similarity_invariance.eigenvalue",
    rests_on=["cognition.similarity_invariance.lambda_balanced"],
    derivation=_eigenvalue,
    source=_SOURCE,
)
def eigenvalue() -> Any:
    """For C = c I a singular value s of Yhat gives K the eigenvalue (c + sqrt(c^2 + 4s^2))/2.

    It is the only positive root of k^2 - c k = s^2: the left side exceeds s^2 exactly above it.
    c = 0 gives s: the more unbalanced the start, the less hidden similarity follows the task.
    """
    return _ABOVE
