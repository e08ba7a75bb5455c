"""Object analyzers: the eigenspaces of the similarity matrix mirror the tree.

The columns of U are the indicators of the categories of one level, each divided by the root of
its size: orthonormal, since every item is in one category and all have one size.  Those of a
coarser level are U T, where T, with orthonormal columns as well, joins siblings.  The projector
U U^T averages over categories.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    BlockMatrix,
    Eq,
    Function,
    Identity,
    Integer,
    Matrix,
    MatrixSymbol,
    Rational,
    Sum,
    Symbol,
    Trace,
    ZeroMatrix,
)

from ..claims import claim
from ..derivations import Derivation, Induction, Premise, Step
from ..edges import Witness
from ..levels import Recursion
from ..matrix_calculus import matrix_equation
from ..matrix_facts import MatrixFacts
from .sequences import ANALYZER, D, Delta, P, k, l, levels, n, whole

__all__ = ["analyzers", "coarser", "finer", "irregular", "local", "multiplicity", "one_level"]

_M, _M1, _M2 = (whole(name, positive=True) for name in ("M", "M_1", "M_2"))
_U = MatrixSymbol("U", P, _M)
_T1, _T2 = MatrixSymbol("T_1", _M, _M1), MatrixSymbol("T_2", _M1, _M2)
_NESTED = MatrixFacts(orthonormal_columns=(_U, _T1, _T2))


def _average(indicators: Any) -> Any:
    return indicators * indicators.T


_FINE, _MIDDLE, _COARSE = _average(_U), _average(_U * _T1), _average(_U * _T1 * _T2)
_SOURCE = "Saxe, McClelland & Ganguli: object analyzers mirror the tree"


@claim("hierarchy.analyzers.finer", facts=_NESTED, source=_SOURCE)
def finer() -> Any:
    """Averages over the categories of level l leave those of a coarser level k alone.

    Pi_l Pi_k = Pi_k = Pi_k Pi_l for l >= k, and so Pi_l leaves the contrasts Pi_k - Pi_(k-1) alone.
    """
    return matrix_equation(_FINE * _MIDDLE + _MIDDLE * _FINE, 2 * _MIDDLE)


@claim("hierarchy.analyzers.coarser", facts=_NESTED, source=_SOURCE)
def coarser() -> Any:
    """Averages over the categories of a coarser level annihilate the contrasts of a finer one.

    Pi_l (Pi_k - Pi_(k-1)) = 0 for l < k: contrasts of level k sum to zero over siblings.
    """
    return matrix_equation(_COARSE * (_FINE - _MIDDLE), 0 * _FINE)


@claim("hierarchy.analyzers.projector", facts=_NESTED, source=_SOURCE)
def projector() -> Any:
    """Pi_k - Pi_(k-1) is a projector: the contrasts of level k are a subspace, not vectors."""
    return matrix_equation((_FINE - _MIDDLE) ** 2, _FINE - _MIDDLE)


@claim("hierarchy.analyzers.multiplicity", facts=_NESTED, source=_SOURCE)
def multiplicity() -> Any:
    """The contrasts of level k are M_k - M_(k-1) dimensions: the trace of their projector."""
    return Eq(Trace(_FINE - _MIDDLE), _M - _M1)


_G, _K, _L = (MatrixSymbol(name, P, P) for name in ("G", "K", "L"))
_mu, _rise = Symbol("mu", real=True), Symbol("delta_n", real=True)
_E = _FINE
_REST = Identity(P) - _E
_SO_FAR, _NEXT = _mu * _E + _REST * _K * _REST, _E + _REST * _L * _REST


@claim(
    "hierarchy.analyzers.one_level",
    facts=MatrixFacts(orthonormal_columns=(_U,)),
    rests_on=["hierarchy.analyzers.finer", "hierarchy.analyzers.coarser"],
    source=_SOURCE,
)
def one_level() -> Any:
    """One more level adds n_l Delta_l to the eigenvalue of contrasts that are as coarse.

    E = U U^T: the contrasts; mu E + ...: the levels so far, whatever they do to other vectors (K);
    the next level adds n_l Delta_l Pi_l, where Pi_l leaves E alone (delta_n (E + ...), with L).  Of
    finer contrasts, which Pi_l annihilates, it adds nothing.
    """
    return matrix_equation((_SO_FAR + _rise * _NEXT) * _E, (_mu + _rise) * _E)


_RUN = whole("m")
_value = Function("mu")
_LEVELS = Recursion(
    _value(_RUN), k - 1, Integer(0), _value(_RUN) + n(_RUN + 1) * Delta(_RUN + 1)
)
_PARTIAL = Eq(_value(_RUN), Sum(Delta(l) * n(l), (l, k, _RUN)), evaluate=False)


@claim(
    "hierarchy.analyzers",
    where=ANALYZER,
    levels=levels((k, Integer(0), D), (_RUN, k - 1, D), recursions=(_LEVELS,)),
    rests_on=[
        "hierarchy.analyzers.one_level",
        "hierarchy.analyzers.finer",
        "hierarchy.analyzers.coarser",
        "hierarchy.analyzers.projector",
        "hierarchy.similarity.rises",
    ],
    derivation=Derivation(
        (
            Step("levels above k add nothing to contrasts of level k", _LEVELS.first, Premise()),
            Step("level l >= k adds n_l Delta_l", _LEVELS.step, Premise()),
            Step("from level to level", _PARTIAL, Induction(_RUN, k - 1)),
        )
    ),
    source=_SOURCE,
)
def analyzers() -> Any:
    """The contrasts of level k, Pi_k - Pi_(k-1), are an eigenspace of the similarity matrix.

    The matrix is the sum over levels of Delta_l times the blocks of ones, n_l Delta_l Pi_l; with
    the levels down to m its eigenvalue is the sum over l from k to m of n_l Delta_l, with all of
    them lambda_k.  Vectors constant on the categories of level k that sum to zero over siblings;
    single vectors inside the eigenspace are arbitrary.  Not in irregular trees, where only
    siblings that are alike have such a contrast (hierarchy.analyzers.local).
    """
    return _PARTIAL


_n1 = whole("n_1", positive=True)
_K1, _K2 = MatrixSymbol("K_1", _n1, _n1), MatrixSymbol("K_2", _n1, _n1)
_F, _c = MatrixSymbol("F", _M, _M), MatrixSymbol("c", _M, 1)
_o = MatrixSymbol("o", _n1, 1)
_r, _b = Symbol("r", real=True), Symbol("b", real=True)
_ONES = _n1 * _o * _o.T
_WITHIN = Identity(_n1) - _o * _o.T


def _sibling(others: Any) -> Any:
    """Any similarities inside a category whose rows all sum to r."""
    return _r * _o * _o.T + _WITHIN * others * _WITHIN


_TREE = BlockMatrix(
    [
        [_sibling(_K1), _b * _ONES, _o * _c.T],
        [_b * _ONES, _sibling(_K2), _o * _c.T],
        [_c * _o.T, _c * _o.T, _F],
    ]
)
_CONTRAST = BlockMatrix([[_o], [-_o], [ZeroMatrix(_M, 1)]])


@claim(
    "hierarchy.analyzers.local",
    facts=MatrixFacts(orthonormal_columns=(_o,)),
    source="where in an arbitrary tree the contrast of two siblings is exact",
)
def local() -> Any:
    """Two siblings of n items, with equal row sums r and one mutual similarity b, have an exact
    contrast of eigenvalue r - n b, inside an otherwise arbitrary tree.

    o: the vector of ones divided by the root of n, so that n o o^T is the matrix of ones; K_1 and
    K_2: anything that does not change the row sums; F, c: similarities of all other items among
    themselves and to the two siblings.
    """
    return matrix_equation(_TREE * _CONTRAST, (_r - _n1 * _b) * _CONTRAST)


_v = MatrixSymbol("v", P, 1)
_IRREGULAR = Matrix(
    [
        [1, Rational(1, 16), Rational(1, 16)],
        [Rational(1, 16), 1, Rational(1, 4)],
        [Rational(1, 16), Rational(1, 4), 1],
    ]
)
_SPLIT = Matrix([1, -Rational(1, 2), -Rational(1, 2)])


@claim(
    "hierarchy.analyzers.irregular_slogan",
    facts=MatrixFacts(symmetric=(_G,)),
    expects="refuted",
    corrected_by=["hierarchy.analyzers.local", "hierarchy.analyzers"],
    source="object analyzers mirror the tree, read for any tree",
    witness=Witness({_G: _IRREGULAR, _v: _SPLIT}, (-Rational(3, 32),) * 3),
)
def irregular() -> Any:
    """Guard: in a tree with one item on one side and two on the other the split is no eigenvector.

    An eigenvector satisfies G v (v^T v) = v (v^T G v).  All epsilon are 1/4.
    """
    return matrix_equation(_G * _v * _v.T * _v, _v * _v.T * _G * _v)
