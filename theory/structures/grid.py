"""Grids of items: open, with reflected waves, and closed to a torus, with waves of any phase."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Integer, Lambda, Rational, Symbol, cos, pi

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Follows, Step
from ..edges import Witness
from ..outputs import Listed
from .letters import ell, i, j, k, n1, n2, phi, psi, sigma2, v

__all__ = ["EIGENVALUE", "TORUS_EIGENVALUE", "corner", "edge", "grid", "precision", "torus"]

_SOURCE = "Kemp & Tenenbaum: features as Gaussian fields on a grid of items"
lam = Function("lambda")
"""Eigenvalue of the covariance of a feature."""


def _eigenvalue(one: Any, other: Any) -> Any:
    return 1 / (4 - 2 * cos(one) - 2 * cos(other) + 1 / sigma2)


EIGENVALUE = _eigenvalue(pi * k / n1, pi * ell / n2)
TORUS_EIGENVALUE = _eigenvalue(2 * pi * k / n1, 2 * pi * ell / n2)
_REFLECTED = cos(pi * k * (2 * i + 1) / (2 * n1)) * cos(pi * ell * (2 * j + 1) / (2 * n2))
_ROUND = cos(2 * pi * k * i / n1 + phi) * cos(2 * pi * ell * j / n2 + psi)
_here, *_near = (Symbol(f"x_{name}", real=True) for name in "0nesw")


@claim("structures.grid.precision", source=_SOURCE)
def precision() -> Any:
    """An item with four neighbours has the precision 4 + 1/sigma^2, -1 to each of them."""
    links = sum(((_here - other) ** 2 / 2 for other in _near), start=Integer(0))
    energy = links + _here**2 / (2 * sigma2)
    return Eq(energy.diff(_here, evaluate=False), (4 + 1 / sigma2) * _here - sum(_near))


def _where(wave: Any, eigenvalue: Any) -> tuple[Any, ...]:
    return (
        define(v, Lambda((i, j), wave), means="mode (k, l) at the item in row i and column j"),
        define(lam, Lambda((k, ell), eigenvalue), means="eigenvalue of the covariance"),
    )


def _row(wave: Any) -> Any:
    """One entry of the precision matrix inside, applied to the wave."""
    beside = wave(i - 1, j) + wave(i + 1, j) + wave(i, j - 1) + wave(i, j + 1)
    return (4 + 1 / sigma2) * wave(i, j) - beside


def _inside(one: Any, other: Any) -> Derivation:
    return Derivation(
        (
            Step(
                "the addition theorem along a column",
                Eq(v(i - 1, j) + v(i + 1, j), 2 * cos(one) * v(i, j)),
                Follows(),
            ),
            Step(
                "and along a row",
                Eq(v(i, j - 1) + v(i, j + 1), 2 * cos(other) * v(i, j)),
                Follows(),
            ),
            Step(
                "both wavelengths add to the precision",
                Eq(_row(v), v(i, j) / _eigenvalue(one, other)),
                Follows(),
            ),
            Step(
                "and the covariance multiplies by lambda",
                Eq(lam(k, ell) * _row(v), v(i, j)),
                Follows(),
            ),
        )
    )


_OPEN = _where(_REFLECTED, EIGENVALUE)


@claim(
    "structures.grid",
    where=_OPEN,
    rests_on=[
        "structures.grid.precision",
        "structures.grid.edge",
        "structures.grid.corner",
        "structures.covariance",
    ],
    derivation=_inside(pi * k / n1, pi * ell / n2),
    source=_SOURCE,
    evaluation=Evaluation(
        inputs={"n1": n1, "n2": n2, "sigma2": sigma2},
        outputs={"eigenvalues": Listed(EIGENVALUE, (k, 0, n1 - 1), (ell, 0, n2 - 1))},
    ),
)
def grid() -> Any:
    """On an open grid products of the modes of two chains are modes, of eigenvalue lambda(k, l).

    Here inside; at the boundary see ``structures.grid.edge`` and ``structures.grid.corner``.
    The singular values of N features are s^2 = N lambda(k, l), k < n_1 and l < n_2.
    """
    return Eq(lam(k, ell) * _row(v), v(i, j))


def _at_edge(wave: Any) -> Any:
    beside = wave(1, j) + wave(0, j - 1) + wave(0, j + 1)
    return (3 + 1 / sigma2) * wave(0, j) - beside


@claim(
    "structures.grid.edge",
    where=_OPEN,
    rests_on=["structures.grid.precision"],
    source=_SOURCE,
)
def edge() -> Any:
    """The mode at an item of the first row, which has three neighbours; other edges are alike.

    The grid turned by a quarter or half of a turn has the same modes, up to their signs.
    """
    return Eq(lam(k, ell) * _at_edge(v), v(0, j))


def _at_corner(wave: Any) -> Any:
    return (2 + 1 / sigma2) * wave(n1 - 1, n2 - 1) - wave(n1 - 2, n2 - 1) - wave(n1 - 1, n2 - 2)


@claim(
    "structures.grid.corner",
    where=_OPEN,
    rests_on=["structures.grid.precision"],
    source=_SOURCE,
)
def corner() -> Any:
    """The mode at the last corner, which has two neighbours: here k and l must be integers."""
    return Eq(lam(k, ell) * _at_corner(v), v(n1 - 1, n2 - 1))


@claim(
    "structures.torus",
    where=_where(_ROUND, TORUS_EIGENVALUE),
    rests_on=[
        "structures.grid.precision",
        "structures.ring.periodic",
        "structures.covariance",
    ],
    derivation=_inside(2 * pi * k / n1, 2 * pi * ell / n2),
    source=_SOURCE,
    evaluation=Evaluation(
        inputs={"n1": n1, "n2": n2, "sigma2": sigma2},
        outputs={"eigenvalues": Listed(TORUS_EIGENVALUE, (k, 0, n1 - 1), (ell, 0, n2 - 1))},
    ),
)
def torus() -> Any:
    """On a torus products of the modes of two rings, of any phases, are modes.

    Both sides have at least 3 items.  Eigenvalues are shared by (k, l), (n_1 - k, l),
    (k, n_2 - l), (n_1 - k, n_2 - l), and on a square by (l, k) as well.
    """
    return Eq(lam(k, ell) * _row(v), v(i, j))


@claim(
    "structures.grid.torus_slogan",
    where=_where(_ROUND, TORUS_EIGENVALUE),
    expects="refuted",
    corrected_by=["structures.grid", "structures.grid.edge"],
    source="the spectrum of a torus, used for an open grid",
    witness=Witness(
        {
            k: Integer(1),
            ell: Integer(0),
            n1: Integer(4),
            n2: Integer(1),
            j: Integer(0),
            phi: Integer(0),
            psi: Integer(0),
            sigma2: Integer(1),
        },
        (-Rational(1, 3),),
    ),
)
def torus_slogan() -> Any:
    """Guard: at the edge of an open grid the modes and eigenvalues of the torus fail.

    The left side is what the precision matrix of the grid makes of mode (k, l) at item j of
    the first row, times the eigenvalue; sigma^2 is the prior variance.
    """
    return Eq(lam(k, ell) * _at_edge(v), v(0, j))


def _waves(one: Any, other: Any) -> Any:
    return 2 * cos(2 * pi * one / n1) + 2 * cos(2 * pi * other / n2)


@claim(
    "structures.torus.exchange_slogan",
    expects="refuted",
    corrected_by=["structures.torus"],
    source="the degeneracy of a square torus, used for any torus",
    witness=Witness(
        {k: Integer(1), ell: Integer(0), n1: Integer(4), n2: Integer(6)}, (-Integer(1),)
    ),
)
def exchange_slogan() -> Any:
    """Guard: modes (k, l) and (l, k) share an eigenvalue on square tori only.

    On others the longer side is learned first.

    By the sides the inverse eigenvalues of the two modes are below 4 + 1/sigma^2, on a torus of
    n_1 rows and n_2 columns.
    """
    return Eq(_waves(k, ell), _waves(ell, k))
