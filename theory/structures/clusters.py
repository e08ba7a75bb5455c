"""K clusters of m items: three levels of singular values from two similarities."""

from __future__ import annotations

from typing import Any

from sympy import (
    Eq,
    Function,
    Gt,
    Identity,
    Integer,
    Lambda,
    MatrixSymbol,
    Rational,
    Symbol,
    Trace,
    ZeroMatrix,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Follows, Step
from ..edges import Witness
from ..matrix_calculus import matrix_equation
from ..matrix_facts import MatrixFacts
from .letters import K, P, m

__all__ = ["BETWEEN", "MEAN", "WITHIN", "clusters", "moments", "projectors"]

_SOURCE = "Kemp & Tenenbaum: items in disjoint clusters"
_w, _b = Symbol("w", real=True), Symbol("b", real=True)
"""Similarity of two items of one cluster, and of two clusters."""
MEAN = 1 + (m - 1) * _w + (K - 1) * m * _b
BETWEEN = 1 + (m - 1) * _w - m * _b
WITHIN = 1 - _w
"""Eigenvalues: of the uniform mode, of contrasts of clusters, of contrasts inside a cluster."""
_Z, _u = MatrixSymbol("Z", P, K), MatrixSymbol("u", K, 1)
_FACTS = MatrixFacts(orthonormal_columns=(_Z, _u))
_mean, _between, _within = (Function(f"lambda_{name}") for name in "012")
_sizes = (K, m, _w, _b)
_WHERE = (
    define(_mean, Lambda(_sizes, MEAN), means="eigenvalue of the uniform mode"),
    define(_between, Lambda(_sizes, BETWEEN), means="eigenvalue of contrasts of clusters"),
    define(_within, Lambda(_sizes, WITHIN), means="eigenvalue of contrasts inside a cluster"),
)
_COUNTS = (Integer(1), K - 1, K * (m - 1))
_counted = tuple(Function(f"g_{name}") for name in "012")
_MULTIPLICITIES = tuple(
    define(symbol, Lambda((K, m), count), means="multiplicity")
    for symbol, count in zip(_counted, _COUNTS, strict=True)
)
_entry, _sum, _total = (Symbol(name, real=True) for name in ("x_i", "S", "T"))


def _clusters() -> Derivation:
    average, cluster = _total / (K * m), _sum / m
    applied = _entry + _w * (_sum - _entry) + _b * (_total - _sum)
    parts = (
        _mean(*_sizes) * average
        + _between(*_sizes) * (cluster - average)
        + _within(*_sizes) * (_entry - cluster)
    )
    return Derivation(
        (
            Step(
                "collect the entry, the sum of its cluster and the sum of all",
                Eq(applied, (1 - _w) * _entry + (_w - _b) * _sum + _b * _total),
                Follows(),
            ),
            Step(
                "write each by the average, the contrast of the cluster and the rest",
                Eq(applied, parts),
                Follows(),
            ),
        )
    )


@claim(
    "structures.clusters",
    where=_WHERE,
    derivation=_clusters,
    source=_SOURCE,
    evaluation=Evaluation(
        inputs={"K": K, "m": m, "w": _w, "b": _b},
        outputs={"eigenvalues": (MEAN, BETWEEN, WITHIN), "multiplicity": _COUNTS},
        domain=(_w <= 1, _w >= -1, _b <= 1, _b >= -1),
        certified_by="structures.clusters.moments",
    ),
)
def clusters() -> Any:
    """The similarity matrix acts on an average, on contrasts of clusters, and on the rest.

    Items are similar by w inside a cluster and by b across; x_i is an entry of any vector, S its
    sum over the cluster of item i, T its sum over all K m items.  Three eigenvalues follow:
    1 + (m-1)w + (K-1)mb of the uniform mode, 1 + (m-1)w - mb of contrasts of clusters (S = m x_i,
    T = 0), 1 - w of contrasts inside a cluster (S = T = 0).  Singular values: s^2 = N times these.
    """
    return _clusters().steps[-1].relation


@claim(
    "structures.clusters.moments",
    where=(*_WHERE, *_MULTIPLICITIES),
    rests_on=[
        "structures.clusters",
        "structures.clusters.multiplicity",
        "structures.clusters.multiplicity.within",
    ],
    source=_SOURCE,
)
def moments() -> Any:
    """The squares of the eigenvalues, counted with multiplicity, add to those of all entries.

    Multiplicities 1, K - 1 and K(m - 1); the sum of the squared entries of the similarity matrix is
    Km(1 + (m-1)w^2 + (K-1)m b^2).
    """
    values = (_mean, _between, _within)
    counted = [g(K, m) * f(*_sizes) ** 2 for g, f in zip(_counted, values, strict=True)]
    entries = 1 + (m - 1) * _w**2 + (K - 1) * m * _b**2
    return Eq(sum(counted), K * m * entries)


_UNIFORM = _Z * _u * _u.T * _Z.T
_CLUSTERS = _Z * _Z.T
_SIMILARITY = (1 - _w) * Identity(P) + m * (_w - _b) * _CLUSTERS + K * m * _b * _UNIFORM


@claim("structures.clusters.projectors", facts=_FACTS, source=_SOURCE)
def projectors() -> Any:
    """The similarity matrix is a sum of its three eigenvalues times orthogonal projectors.

    Z has a column for each cluster, 1/sqrt(m) at its items, and u is 1/sqrt(K) in each of K
    entries: Z^T Z = I and u^T u = 1.  So (1-w) I + (w-b) m Z Z^T + b Km (Zu)(Zu)^T has the entries
    1, w and b; Z Z^T projects on what is constant in each cluster, (Zu)(Zu)^T on what is uniform.
    """
    right = MEAN * _UNIFORM + BETWEEN * (_CLUSTERS - _UNIFORM) + WITHIN * (Identity(P) - _CLUSTERS)
    return matrix_equation(_SIMILARITY, right)


_CONTRASTS = _CLUSTERS - _UNIFORM


@claim("structures.clusters.contrasts", facts=_FACTS, source=_SOURCE)
def contrasts() -> Any:
    """The contrasts of clusters are what is constant in each cluster and adds to zero."""
    return matrix_equation(_CONTRASTS * _CONTRASTS, _CONTRASTS)


@claim("structures.clusters.orthogonal", facts=_FACTS, source=_SOURCE)
def orthogonal() -> Any:
    """Contrasts inside a cluster are orthogonal to those of clusters."""
    return matrix_equation((Identity(P) - _CLUSTERS) * _CONTRASTS, ZeroMatrix(P, P))


@claim("structures.clusters.multiplicity", facts=_FACTS, source=_SOURCE)
def multiplicity() -> Any:
    """The contrasts of K clusters fill K - 1 dimensions: the trace of their projector."""
    return Eq(Trace(_CONTRASTS), K - 1)


@claim("structures.clusters.multiplicity.within", facts=_FACTS, source=_SOURCE)
def multiplicity_within() -> Any:
    """The contrasts inside K clusters fill P - K dimensions, which is K(m - 1) for P = Km."""
    return Eq(Trace(Identity(P) - _CLUSTERS), P - K)


@claim(
    "structures.clusters.single_slogan",
    expects="refuted",
    corrected_by=["structures.clusters"],
    given=[_b < _w, _w < 1],
    source="clusters of items that resemble each other are learned before anything else",
    witness=Witness(
        {K: Integer(5), m: Integer(2), _w: Rational(2, 5), _b: Rational(1, 5)}, (Integer(-2),)
    ),
)
def single_slogan() -> Any:
    """Guard: the contrasts of clusters are not the first: what all items share comes before.

    For b > 0, by Kmb; only where clusters are dissimilar, b < 0, are their contrasts the first.

    The sides are the eigenvalues of the contrasts of K clusters of m items and of the uniform
    mode; items are similar by w inside a cluster and by b across.
    """
    return Gt(BETWEEN, MEAN)
