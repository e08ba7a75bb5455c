"""Two categorisations that cut across one another: dogs against blue things.

Items are the pairs of n_t taxa and n_c colours, and a pattern over the items is a table X of n_t
by n_c numbers.  F_t features depend on the taxon alone (correlation r_t between taxa) and F_c on
the colour alone (r_c).  The letters e and f are the constant patterns of length 1 over taxa and
colours: n_t e e^T is the matrix of ones.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    BlockMatrix,
    Eq,
    Equivalent,
    Gt,
    Identity,
    Integer,
    MatrixSymbol,
    Symbol,
    Trace,
    ZeroMatrix,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Premise, SameSign, Step
from ..edges import Witness
from ..learning.ordering import stronger_first
from ..matrix_calculus import Average, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import a0, a_f, s, s1, s2

__all__ = [
    "colour",
    "complete",
    "cross_cutting",
    "feature",
    "interaction",
    "multiplicities",
    "similarity",
    "slogan",
    "taxonomic",
    "uniform",
]

_SOURCE = "coherent categories that cut across one another: exact model"
n_t, n_c = (Symbol(f"n_{k}", integer=True, positive=True) for k in "tc")
F_t, F_c = Symbol("F_t", positive=True), Symbol("F_c", positive=True)
r_t, r_c = Symbol("r_t", real=True), Symbol("r_c", real=True)
e, f = MatrixSymbol("e", n_t, 1), MatrixSymbol("f", n_c, 1)
X = MatrixSymbol("X", n_t, n_c)
_taxon, _hue = MatrixSymbol("a", n_t, 1), MatrixSymbol("b", n_c, 1)
"""One feature of taxa, and one of colours: a number for each."""
_R_T, _R_C = MatrixSymbol("R_t", n_t, n_t), MatrixSymbol("R_c", n_c, n_c)
_MEANS = (Eq(Average(_taxon * _taxon.T), _R_T), Eq(Average(_hue * _hue.T), _R_C))


_ONE_T, _ONE_C = MatrixSymbol("1_t", n_t, 1), MatrixSymbol("1_c", n_c, 1)
_J_T, _J_C = MatrixSymbol("J_t", n_t, n_t), MatrixSymbol("J_c", n_c, n_c)
"""Constant patterns and matrices of ones; what is shown of them here holds for any matrices."""


@claim(
    "coherence.cross_cutting.feature",
    facts=MatrixFacts(),
    source=_SOURCE,
)
def feature() -> Any:
    """Tables of one feature: a 1^T of a taxon's, 1 b^T of a colour's; what they do to a pattern X.

    The share of a feature in the similarity maps X to its table times its inner product with X:
    a a^T X 1 1^T and 1 1^T X b b^T.
    """
    taxa, colours = _taxon * _ONE_C.T, _ONE_T * _hue.T
    shares = Trace(taxa.T * X) * taxa + Trace(colours.T * X) * colours
    worked = _taxon * _taxon.T * X * _ONE_C * _ONE_C.T + _ONE_T * _ONE_T.T * X * _hue * _hue.T
    return matrix_equation(shares, worked)


def _applied(between_taxa: Any, between_colours: Any, table: Any, ones: Any) -> Any:
    """The item similarity G applied to a pattern."""
    ones_t, ones_c = ones
    return F_t * between_taxa * table * ones_c + F_c * ones_t * table * between_colours


@claim(
    "coherence.cross_cutting.similarity",
    facts=MatrixFacts(random=(_taxon, _hue), constant=(_J_T, _J_C, X), given=_MEANS),
    rests_on=["coherence.cross_cutting.feature"],
    source=_SOURCE,
)
def similarity() -> Any:
    """The expected similarity of items maps X to F_t R_t X J_c + F_c J_t X R_c.

    R_t and R_c are the correlations between taxa and between colours, J the matrices of ones.
    """
    one_each = F_t * (_taxon * _taxon.T * X * _J_C) + F_c * (_J_T * X * _hue * _hue.T)
    return matrix_equation(Average(one_each), _applied(_R_T, _R_C, X, (_J_T, _J_C)))


def _correlated(r: Any, n: Any, constant: Any) -> Any:
    """Correlation r between any two, and 1 of each with itself."""
    return r * n * constant * constant.T + (1 - r) * Identity(n)


_FACTS = MatrixFacts(orthonormal_columns=(e, f))
_MEAN_T, _MEAN_C = e * e.T, f * f.T
_REST_T, _REST_C = Identity(n_t) - _MEAN_T, Identity(n_c) - _MEAN_C
_PARTS = {
    "taxonomic": _REST_T * X * _MEAN_C,
    "colour": _MEAN_T * X * _REST_C,
    "uniform": _MEAN_T * X * _MEAN_C,
    "interaction": _REST_T * X * _REST_C,
}


def _similar(table: Any) -> Any:
    """G applied to a table, where any two taxa correlate as r_t and any two colours as r_c."""
    ones = n_t * e * e.T, n_c * f * f.T
    return _applied(_correlated(r_t, n_t, e), _correlated(r_c, n_c, f), table, ones)


TAXONOMIC, COLOUR = F_t * n_c * (1 - r_t), F_c * n_t * (1 - r_c)
_UNIFORM = F_t * n_c * (1 + (n_t - 1) * r_t) + F_c * n_t * (1 + (n_c - 1) * r_c)


@claim(
    "coherence.cross_cutting.taxonomic",
    facts=_FACTS,
    rests_on=["coherence.cross_cutting.similarity"],
    source=_SOURCE,
)
def taxonomic() -> Any:
    """What varies between taxa alone is an eigenspace of G, of eigenvalue F_t n_c (1 - r_t).

    The projection (I - e e^T) X f f^T of any table X, for all numbers of taxa and colours.
    """
    return matrix_equation(_similar(_PARTS["taxonomic"]), TAXONOMIC * _PARTS["taxonomic"])


@claim(
    "coherence.cross_cutting.colour",
    facts=_FACTS,
    rests_on=["coherence.cross_cutting.similarity"],
    source=_SOURCE,
)
def colour() -> Any:
    """What varies between colours alone is an eigenspace of G, of eigenvalue F_c n_t (1 - r_c)."""
    return matrix_equation(_similar(_PARTS["colour"]), COLOUR * _PARTS["colour"])


@claim(
    "coherence.cross_cutting.uniform",
    facts=_FACTS,
    rests_on=["coherence.cross_cutting.similarity"],
    source=_SOURCE,
)
def uniform() -> Any:
    """The constant pattern has F_t n_c (1 + (n_t - 1) r_t) + F_c n_t (1 + (n_c - 1) r_c).

    For correlations that are not negative it is the largest: the uniform mode is learned first.
    """
    return matrix_equation(_similar(_PARTS["uniform"]), _UNIFORM * _PARTS["uniform"])


@claim(
    "coherence.cross_cutting.interaction",
    facts=_FACTS,
    rests_on=["coherence.cross_cutting.similarity"],
    source=_SOURCE,
)
def interaction() -> Any:
    """Patterns that vary between taxa within colours have the eigenvalue 0: nothing is to learn."""
    return matrix_equation(_similar(_PARTS["interaction"]), ZeroMatrix(n_t, n_c))


@claim(
    "coherence.cross_cutting.complete",
    facts=_FACTS,
    rests_on=["coherence.cross_cutting.uniform"],
    source=_SOURCE,
)
def complete() -> Any:
    """The four parts add up to every pattern, so that there are no other eigenvalues."""
    uniform, taxa, colours, both = (
        _PARTS[k] for k in ("uniform", "taxonomic", "colour", "interaction")
    )
    return matrix_equation(uniform + taxa + colours + both, X)


@claim(
    "coherence.cross_cutting.multiplicities",
    facts=_FACTS,
    source=_SOURCE,
)
def multiplicities() -> Any:
    """The multiplicities: n_t - 1 of taxa, n_c - 1 of colours, (n_t - 1)(n_c - 1) of zeros.

    The trace of X -> A X B is Trace(A) Trace(B), here of each projector.
    """
    one = Identity(1)
    traces = (
        Trace(_REST_T) * Trace(_MEAN_C),
        Trace(_MEAN_T) * Trace(_REST_C),
        Trace(_REST_T) * Trace(_REST_C),
    )
    counts = n_t - 1, n_c - 1, (n_t - 1) * (n_c - 1)
    return matrix_equation(
        BlockMatrix([[trace * one] for trace in traces]),
        BlockMatrix([[count * one] for count in counts]),
    )


_STRENGTHS = (
    define(F_t, s1**2 / (n_c * (1 - r_t)), means="features of taxa, for modes of strength s_1"),
    define(F_c, s2**2 / (n_t * (1 - r_c)), means="features of colours, for modes of strength s_2"),
)
_KNOWN = stronger_first.statement
_FIRST = Equivalent(
    next(r for r in _KNOWN.args if r.has(a_f)), Gt(TAXONOMIC, COLOUR), evaluate=False
)


def _cross_cutting() -> Derivation:
    return Derivation(
        (
            Step("stronger modes are learned first", _KNOWN, Premise(stronger_first.id, {s: s1})),
            Step("the squares of the strengths are the eigenvalues", _FIRST, SameSign(s1 + s2)),
        )
    )


@claim(
    "coherence.cross_cutting",
    where=_STRENGTHS,
    given=[r_t < 1, r_c < 1, a0 < a_f, a_f < s1, a_f < s2],
    rests_on=[
        "coherence.cross_cutting.taxonomic",
        "coherence.cross_cutting.colour",
        stronger_first.id,
    ],
    derivation=_cross_cutting,
    source=_SOURCE,
    evaluation=Evaluation(
        inputs={"n_t": n_t, "n_c": n_c, "F_t": F_t, "F_c": F_c, "r_t": r_t, "r_c": r_c},
        outputs={"taxonomic": TAXONOMIC, "colour": COLOUR},
        domain=(r_t < 1, r_c < 1, (n_t - 1) * r_t >= -1, (n_c - 1) * r_c >= -1),
    ),
)
def cross_cutting() -> Any:
    """Dogs are told apart before blue things iff F_t n_c (1 - r_t) > F_c n_t (1 - r_c).

    n_t taxa and n_c colours in all combinations, F_t features with correlation r_t between taxa,
    F_c with r_c between colours: these are the eigenvalues of the expected similarity of items,
    s^2 of its modes, of multiplicity n_t - 1 and n_c - 1.  A given strength a_f is reached first by
    the larger, from equal starts.
    """
    return _FIRST


@claim(
    "coherence.cross_cutting.slogan",
    given=[r_t < 1, r_c < 1, F_t > F_c],
    expects="refuted",
    corrected_by=["coherence.cross_cutting"],
    source="taxonomic categories, which share more features, are learned first",
    witness=Witness(
        {
            n_t: Integer(8),
            n_c: Integer(2),
            F_t: Integer(3),
            F_c: Integer(2),
            r_t: Integer(0),
            r_c: Integer(0),
        },
        (Integer(-10),),
    ),
)
def slogan() -> Any:
    """Guard: taxonomy does not always win, not even with more features: few colours, many taxa.

    Each colour is then shared by many items, and its mode is the stronger one.

    The sides are the eigenvalues s^2 of n_t taxa, with F_t features of correlation r_t, and of
    n_c colours, with F_c features of correlation r_c.
    """
    return Gt(TAXONOMIC, COLOUR, evaluate=False)
