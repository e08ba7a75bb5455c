"""Progressive differentiation: distances of the hidden representations, level by level."""

from __future__ import annotations

from typing import Any

from sympy import (
    Eq,
    Function,
    Identity,
    Integer,
    Lambda,
    MatrixSymbol,
    Rational,
    Sum,
    Symbol,
    sqrt,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Follows, Induction, Premise, Step
from ..edges import Witness
from ..levels import Recursion, Sequence
from ..matrix_calculus import matrix_equation
from ..matrix_facts import MatrixFacts
from ..outputs import Case, Listed, Taken
from ..symbols import a, a0, t, tau
from ..symbols import s as strength
from .sequences import (
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
    lam,
    levels,
    m,
    n,
    whole,
)

__all__ = ["KERNEL", "MODES", "centroids", "differentiation", "representation", "scaling", "shared"]

_N1, _N2, _rank = (whole(name, positive=True) for name in ("N_1", "N_2", "r"))
_R, _V = MatrixSymbol("R", _N2, _rank), MatrixSymbol("V", _N1, _rank)
_A = MatrixSymbol("A", _rank, _rank)
_HIDDEN = _R * _A * _V.T


@claim(
    "hierarchy.differentiation.representation",
    facts=MatrixFacts(orthonormal_columns=(_R, _V), diagonal=(_A,)),
    rests_on=["modes.decoupling.solution"],
    source="Saxe, McClelland & Ganguli: hidden representations of the items",
)
def representation() -> Any:
    """Similarities of hidden representations are V A^2 V^T, whatever the rotation R.

    The columns of W21 = R A V^T represent the items; A^2 = diag(a) for balanced layers.  Only the
    mode strengths and the analyzers enter: eigenspaces of level k with one strength a_k.
    """
    return matrix_equation(_HIDDEN.T * _HIDDEN, _V * _A**2 * _V.T)


_o, _K = MatrixSymbol("o", _N1, 1), MatrixSymbol("K", _N1, _N1)
_a0 = Symbol("a_uniform", real=True)
_CENTRE = Identity(_N1) - _o * _o.T
_REST = _CENTRE * _K * _CENTRE


@claim(
    "hierarchy.differentiation.scaling",
    facts=MatrixFacts(orthonormal_columns=(_o,), symmetric=(_K,)),
    rests_on=["hierarchy.differentiation.representation"],
    source="multidimensional scaling of hidden representations",
)
def scaling() -> Any:
    """Classical multidimensional scaling of the representations shows all modes but level 0.

    It takes the eigenvectors of the centred inner products.  o: the uniform analyzer, the vector
    of ones over the root of P; a_uniform: its strength; the rest is orthogonal to o: contrasts of
    levels 1 to D with their strengths a_l(t), which are the squared coordinates.  Inside an
    eigenspace the axes are arbitrary.
    """
    return matrix_equation(_CENTRE * (_a0 * _o * _o.T + _REST) * _CENTRE, _REST)


STRENGTHS = Sequence(a, "positive", 0, D)
_BOUNDARY = {epsilon(-1): Rational(1, 2), a(D + 1): Integer(0)}
_LEVEL = whole("h")
_AT = {strength: sqrt(lam(_LEVEL))}
MODES = Taken(
    _LEVEL,
    Case("modes.trajectory.null_mode", "a", {}, Eq(lam(_LEVEL), 0)),
    Case("modes.trajectory", "a", _AT),
)
"""Mode strengths a_l(t) of Sigma31 = the root of the similarity matrix: s_l^2 = lambda_l."""
CURVES = ("modes.trajectory", "modes.trajectory.null_mode")
TIMED = {"B": B, "epsilon": epsilon, "a0": a0, "tau": tau, "t": t}


def with_modes(*indices: Any, recursions: tuple[Recursion, ...] = ()) -> Any:
    """A tree with one mode strength a_l > 0 for each level, and a_(D+1) = 0."""
    return levels(
        *indices, sequences=(*TREE, STRENGTHS), boundary=_BOUNDARY, recursions=recursions
    )


_RUN = whole("j_0")
_entry = Function("e")
_SHARED = Recursion(
    _entry(_RUN),
    0,
    a(0) / n(0),
    _entry(_RUN) + a(_RUN + 1) * (1 / n(_RUN + 1) - 1 / n(_RUN)),
)
_SUMMED = Eq(
    P * _entry(_RUN), a(0) + Sum((M(l) - M(l - 1)) * a(l), (l, 1, _RUN)), evaluate=False
)


@claim(
    "hierarchy.differentiation.shared",
    where=[LEAVES, NODES, ITEMS],
    levels=with_modes((_RUN, Integer(0), D), recursions=(_SHARED,)),
    rests_on=["hierarchy.analyzers", "hierarchy.differentiation.representation"],
    derivation=Derivation(
        (
            Step("the uniform mode is a_0/P for all pairs of items", _SHARED.first, Premise()),
            Step(
                "Pi_l is 1/n_l inside a category: level l adds a_l (1/n_l - 1/n_(l-1))",
                _SHARED.step,
                Premise(),
            ),
            Step("where 1/n_l = M_l/P, from level to level", _SUMMED, Induction(_RUN, 0)),
        )
    ),
    source="hidden representations of a hierarchy",
)
def shared() -> Any:
    """What the modes of levels 0 to m add to the inner product of two items of one category of m.

    At m = D it is the squared length of a representation.
    """
    return _SUMMED


_x, _d2, _d = Function("K"), Function("d2"), Function("d")
KERNEL = define(
    _x,
    Lambda(
        k,
        (a(0) + Sum((M(m) - M(m - 1)) * a(m), (m, 1, k)) - M(k) * a(k + 1)) / P,
    ),
    means="inner product of the representations of two items that part at level k: they share "
    "the modes down to k, and are on two sides of a contrast of level k + 1",
)
_SQUARED = define(
    _d2, Lambda(k, 2 * (_x(D) - _x(k))), means="squared distance of two items that part at k"
)
_DISTANCE = define(_d, Lambda(k, sqrt(_d2(k))), means="distance of two items that part at k")
_BY_LEVEL = Eq(
    P * _d2(k) / 2,
    M(k + 1) * a(k + 1) + Sum((M(l) - M(l - 1)) * a(l), (l, k + 2, D)),
    evaluate=False,
)


@claim(
    "hierarchy.differentiation",
    where=[*ANALYZER, NODES, ITEMS, KERNEL, _SQUARED, _DISTANCE],
    levels=with_modes((k, Integer(0), D - 1)),
    rests_on=["hierarchy.differentiation.shared", "hierarchy.decreasing", *CURVES],
    derivation=Derivation(
        (
            Step(
                "shared modes cancel in the squared distance 2(K_D - K_k)",
                Eq(
                    P * (_x(D) - _x(k)),
                    Sum((M(l) - M(l - 1)) * a(l), (l, k + 1, D)) + M(k) * a(k + 1),
                    evaluate=False,
                ),
                Follows(),
            ),
            Step("the two terms of level k + 1 together", _BY_LEVEL, Follows()),
        )
    ),
    source="Saxe, McClelland & Ganguli: progressive differentiation",
    evaluation=Evaluation(
        inputs=TIMED,
        outputs={
            "distance_by_level": Listed(_d(k), (k, 0, D - 1)),
            "squared_distance_by_level": Listed(_d2(k), (k, 0, D - 1)),
        },
        derived={a: MODES},
    ),
)
def differentiation() -> Any:
    """The squared distance of two items that part at level k grows with the modes below k alone.

    d_k^2 = (2/P)(M_(k+1) a_(k+1) + sum over l > k + 1 of (M_l - M_(l-1)) a_l).  ``evaluate`` takes
    a_l(t) from modes.trajectory, from a common start a_0 with s_l^2 = lambda_l; the list is over
    the level 0, ..., D - 1 at which two items part.  At t = 0 all squared distances are 2 a_0: no
    structure at all.  Half of the final a_l is reached in the order of the levels where every s_l
    lies above the threshold of modes.fraction_criterion for c = 1/2, 4.59 a_0; level 0, the mean
    over items, comes first.
    """
    return _BY_LEVEL


_mean = Function("w")
_CENTROID = define(
    _mean,
    Lambda(
        k,
        2 * (a(k) * (1 / n(k) - 1 / n(k - 1)) + a(k) / n(k - 1)),
    ),
    means="squared distance of the mean representations of two siblings of level k: of all modes "
    "only those of level k differ between the means",
)


@claim(
    "hierarchy.differentiation.centroids",
    where=[LEAVES, NODES, ITEMS, _CENTROID],
    levels=with_modes((k, Integer(1), D)),
    rests_on=["hierarchy.differentiation"],
    derivation=Derivation(
        (
            Step(
                "inside a level the entries of its projector are 1/n_k - 1/n_(k-1) and -1/n_(k-1)",
                Eq(_mean(k), 2 * a(k) / n(k)),
                Follows(),
            ),
            Step("with n_k = P/M_k", Eq(P * _mean(k), 2 * M(k) * a(k)), Follows()),
        )
    ),
    source="Saxe, McClelland & Ganguli: progressive differentiation, category by category",
)
def centroids() -> Any:
    """The means of two sibling categories of level k part with one mode: D_k^2 = (2/P) M_k a_k."""
    return Eq(P * _mean(k), 2 * M(k) * a(k))


@claim(
    "hierarchy.differentiation.first_slogan",
    where=ANALYZER,
    levels=levels((k, Integer(1), D)),
    expects="refuted",
    corrected_by=["hierarchy.decreasing", "hierarchy.differentiation"],
    source="Saxe, McClelland & Ganguli: the broadest distinction is learned first",
    witness=Witness(
        {D: 1, k: 1, B(0): 2, epsilon(0): Rational(1, 4)}, (Rational(-1, 2),)
    ),
)
def uniform() -> Any:
    """Guard: no distinction is the strongest mode: level 0, the mean over items, is."""
    return lam(k) > lam(0)
