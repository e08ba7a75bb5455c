"""Inductive generalisation: of a new property over items, and over the properties of a new item."""

from __future__ import annotations

from typing import Any

from sympy import (
    Eq,
    Equivalent,
    Function,
    Identity,
    Integer,
    Inverse,
    Lambda,
    Matrix,
    MatrixSymbol,
    Rational,
    Sum,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Follows, Proportional, Step
from ..edges import Witness
from ..hierarchy.differentiation import CURVES, KERNEL, MODES, STRENGTHS, TIMED, with_modes
from ..hierarchy.sequences import (
    ANALYZER,
    ITEMS,
    LEAVES,
    NODES,
    TREE,
    B,
    D,
    M,
    P,
    epsilon,
    k,
    l,
    levels,
    m,
    whole,
)
from ..levels import Sequence
from ..matrix_calculus import TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..outputs import Listed
from ..symbols import a, b, tau

__all__ = [
    "induction_item",
    "induction_property",
    "minimal",
    "narrowing", "negative", "unreached"]

_N2, _N3, _S = (whole(name, positive=True) for name in ("N_2", "N_3", "S"))
_W, _T = MatrixSymbol("W", _N3, _N2), MatrixSymbol("T", _S, _N3)
_h, _y = MatrixSymbol("h", _N2, 1), MatrixSymbol("y_S", _S, 1)
_SEEN = _T * _W
_INVERSE = Inverse(_SEEN * _SEEN.T)
_KEEP = Identity(_N2) - _SEEN.T * _INVERSE * _SEEN
_ADJUST = Eq(tau * TimeDerivative(_h), _SEEN.T * (_y - _SEEN * _h))
_SOURCE = "Saxe, McClelland & Ganguli: generalisation to a new item, its representation adjusted"


@claim(
    "cognition.induction_item.unreached",
    facts=MatrixFacts(given=(_ADJUST,), constant=(_W, _T, _y)),
    rests_on=["descent.gradient"],
    source=_SOURCE,
)
def unreached() -> Any:
    """What no seen property depends on does not move while the representation h is adjusted.

    h descends the error on the properties T y that were seen, with W = W32 frozen; the part of h
    orthogonal to the rows of T W keeps its initial value, here zero.
    """
    return matrix_equation(_KEEP * tau * TimeDerivative(_h), 0 * _h)


_FOUND = _SEEN.T * _INVERSE * _y


@claim(
    "cognition.induction_item.minimal",
    facts=MatrixFacts(),
    rests_on=["cognition.induction_item.unreached"],
    source=_SOURCE,
)
def minimal() -> Any:
    """The representation that is reached explains what was seen, whatever its unreached part.

    (T W)^T ((T W)(T W)^T)^-1 y_S lies in the rows of T W, as the flow from zero does: with
    unreached it is the only fixed point that the flow can tend to.  The seen rows must be
    independent, otherwise the inverse is the pseudo-inverse and the fit is by least squares.
    """
    return matrix_equation(_SEEN * (_FOUND + _KEEP * _h), _y)


_KERNEL = _W * _W.T
_SIMILARITY, _c = MatrixSymbol("K", _N3, _N3), MatrixSymbol("c", _S, 1)
_INTERPOLATES = Eq(_y, _T * _SIMILARITY * _T.T * _c)


@claim(
    "cognition.induction_item",
    facts=MatrixFacts(given=(Eq(_SIMILARITY, _KERNEL), _INTERPOLATES)),
    rests_on=["cognition.induction_item.minimal", "cognition.similarity_invariance"],
    source=_SOURCE,
)
def induction_item() -> Any:
    """A new item's properties are generalised by K_{.S} c, K_SS c = y_S, with K = W32 W32^T.

    The left side is what the network says of the item, W h with the h that
    ``cognition.induction_item.minimal`` finds; c weighs the properties that were seen so that
    what was seen is returned.
    T selects the properties that were seen; K = U A U^T in aligned balanced networks, so that the
    generalisation changes with the mode strengths.  For one property m it is K_nm/K_mm: not the
    projection U A U^T y, which differs as soon as two properties are seen.
    """
    return matrix_equation(_W * _FOUND, _SIMILARITY * _T.T * _c)


@claim(
    "cognition.induction_item.projection_slogan",
    facts=MatrixFacts(),
    expects="refuted",
    corrected_by=["cognition.induction_item"],
    source="generalisation as the one-shot projection of what was seen",
    witness=Witness(
        {
            _W: Matrix([[2], [1]]),
            _T: Matrix([[1, 0]]),
            _y: Matrix([[1]]),
            _h: Matrix([[1]]),
        },
        (Rational(-3),),
    ),
)
def projection() -> Any:
    """Guard: generalisation is not the plain projection K_{.S} y_S: that does not even return what
    was seen.

    T selects the properties that were seen, y_S are their values; W = W32, and h is the
    representation before it is adjusted.
    """
    return matrix_equation(_SEEN * _FOUND + _SEEN * _h, _T * _KERNEL * _T.T * _y + _SEEN * _h)


_g, _K = Function("g"), KERNEL.symbol
_PROJECTION = define(
    _g,
    Lambda(k, _K(k) / _K(D)),
    means="what an item that parts at level k from the one of which the property was learned is "
    "said to have of it: h_j^T h_i/|h_i|^2",
)
_SHARE = Eq(
    _g(k) * (a(0) + Sum((M(l) - M(l - 1)) * a(l), (l, 1, D))),
    a(0) + Sum((M(l) - M(l - 1)) * a(l), (l, 1, k)) - M(k) * a(k + 1),
    evaluate=False,
)


@claim(
    "cognition.induction_property",
    where=[*ANALYZER, NODES, ITEMS, KERNEL, _PROJECTION],
    levels=with_modes((k, Integer(0), D)),
    rests_on=["hierarchy.differentiation.shared", "cognition.induction_item", *CURVES],
    derivation=Derivation(
        (
            Step(
                "the length of a representation",
                Eq(P * _K(D), a(0) + Sum((M(l) - M(l - 1)) * a(l), (l, 1, D)), evaluate=False),
                Follows(),
            ),
            Step("the inner product beside it", _SHARE, Follows()),
        )
    ),
    source="Saxe, McClelland & Ganguli: projection of a new property to other items",
    evaluation=Evaluation(
        inputs=TIMED,
        outputs={"projection_by_level": Listed(_g(k), (k, 0, D))},
        derived={a: MODES},
    ),
)
def induction_property() -> Any:
    """A property learned of one item is projected to others by the level at which they part.

    g_k = K_k/K_D, the kernel of representations W21^T W21 = V A V^T.  ``projection_by_level`` is
    the list over k = 0, ..., D (at D the item itself, 1), with a_l(t) from modes.trajectory and
    s_l^2 = lambda_l.  At the start, all a equal, nothing is projected; once the uniform mode is
    learned everything is projected to everything; then ever less to what is far.
    """
    return _SHARE


_NEGATIVE = Equivalent(_K(0) < 0, a(0) < a(1), evaluate=False)


@claim(
    "cognition.induction_property.negative",
    where=[LEAVES, NODES, ITEMS, KERNEL],
    levels=with_modes(),
    rests_on=["cognition.induction_property"],
    derivation=Derivation(
        (
            Step("items that share nothing", Eq(P * _K(0), a(0) - a(1)), Follows()),
            Step("P is positive", _NEGATIVE, Proportional(1 / P)),
        )
    ),
    source="projection of a property across the broadest split",
)
def negative() -> Any:
    """Across the broadest split a property is denied exactly while a_0 < a_1.

    For example of features whose mean over the items was removed: then a_0 is never learned.
    """
    return _NEGATIVE


_LATER = Sequence(b, "positive", 0, D)


def _spread(strengths: Any, level: Any) -> Any:
    total = strengths(0) + Sum((M(l) - M(l - 1)) * strengths(l), (l, 1, D))
    inside = strengths(0) + Sum((M(m) - M(m - 1)) * strengths(m), (m, 1, level))
    return (inside - M(level) * strengths(level + 1)) / total


@claim(
    "cognition.induction_property.narrowing_slogan",
    where=[NODES],
    levels=levels(
        (k, Integer(0), D - 1),
        sequences=(*TREE, STRENGTHS, _LATER),
        boundary={epsilon(-1): Rational(1, 2), a(D + 1): Integer(0), b(D + 1): Integer(0)},
    ),
    expects="refuted",
    corrected_by=["cognition.induction_property", "cognition.induction_property.negative"],
    source="Saxe, McClelland & Ganguli: generalisation becomes more specific with age",
    witness=Witness(
        {
            D: 1, k: 0, B(0): 2, epsilon(0): Rational(1, 4),
            a(0): 1, a(1): 1, b(0): 3, b(1): 1,
        },
        (Rational(-1, 2),),
    ),
)  # fmt: skip
def narrowing() -> Any:
    """Guard: with age (strengths a, later b) generalisation need not narrow: at first it broadens.

    At the start all strengths are equal and nothing is projected; the uniform mode comes first.
    """
    return _spread(a, k) >= _spread(b, k)
