"""Products of orthogonal layers: every singular value is the same, at every size and depth."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Identity, Integer, Lambda, Matrix, MatrixSymbol, Symbol, Trace

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Induction, Premise, Step
from ..edges import Witness
from ..levels import Levels, Recursion
from ..matrix_calculus import matrix_equation
from ..matrix_facts import MatrixFacts
from .letters import SOURCE, D, count

__all__ = ["contracting", "kept", "layer", "orthogonal", "three_layers"]

g, a = Symbol("g", positive=True), Symbol("a", positive=True)
"""Gain: every layer is g times a matrix with orthonormal columns; gain of the layers before."""
_sizes = [count(f"n_{i}") for i in range(4)]
_R1, _R2, _R3 = (MatrixSymbol(f"R{i}", _sizes[i], _sizes[i - 1]) for i in (1, 2, 3))
_TWO = MatrixFacts(orthonormal_columns=(_R1, _R2))


@claim("products.orthogonal.layer", facts=_TWO, source=SOURCE)
def layer() -> Any:
    """A layer g R_2 behind W = a R_1 makes W^T W = a^2 I into g^2 a^2 I.

    R_1 and R_2 have orthonormal columns: square layers are orthogonal, others expand.
    """
    product = (g * _R2) * (a * _R1)
    before = (a * _R1).T * (a * _R1)
    return matrix_equation(product.T * product, g**2 * before)


@claim(
    "products.orthogonal.three_layers",
    facts=MatrixFacts(orthonormal_columns=(_R1, _R2, _R3)),
    source=SOURCE,
)
def three_layers() -> Any:
    """Three such layers written out: W^T W = g^6 I, for all widths."""
    product = (g * _R3) * (g * _R2) * (g * _R1)
    return matrix_equation(product.T * product, g**6 * Identity(_sizes[0]))


_m = Symbol("m", integer=True)
c, s = Function("c"), Function("s")
_LAYERED = Recursion(c(_m), 0, Integer(1), g**2 * c(_m))
_ALL = Eq(c(_m), s(_m) ** 2, evaluate=False)


@claim(
    "products.orthogonal",
    where=[define(s, Lambda(_m, g**_m), means="every singular value of a product of m layers")],
    levels=Levels(D, (), ((_m, Integer(0), D),), {}, (_LAYERED,)),
    rests_on=["products.orthogonal.layer", "products.orthogonal.contracting"],
    derivation=Derivation(
        (
            Step("the identity", _LAYERED.first, Premise()),
            Step("one more layer: W^T W = c I becomes g^2 c I", _LAYERED.step, Premise()),
            Step("from layer to layer", _ALL, Induction(_m, 0, g**2)),
        )
    ),
    source=SOURCE,
    evaluation=Evaluation(inputs={"D": D, "g": g}, outputs={"singular_value": s(D)}),
)
def orthogonal() -> Any:
    """All singular values of D orthogonal layers with gain g are g^D: for g = 1 exactly 1.

    W^T W = c_D I by ``products.orthogonal.layer``, at every finite width.  Needs layers that do not
    contract: square, or expanding with orthonormal columns.
    """
    return _ALL


_CONTRACTED = g * _R1.T


@claim(
    "products.orthogonal.contracting",
    facts=MatrixFacts(orthonormal_columns=(_R1,)),
    source=SOURCE,
)
def contracting() -> Any:
    """A layer with orthonormal rows, from n_1 units to n_0 < n_1, is g times a projection.

    With W = g R^T: (W^T W)^2 = g^2 W^T W, so its singular values are g, and 0 on a kernel.
    """
    square = _CONTRACTED.T * _CONTRACTED
    return matrix_equation(square * square, g**2 * square)


@claim(
    "products.orthogonal.kept",
    facts=MatrixFacts(orthonormal_columns=(_R1,)),
    rests_on=["products.orthogonal.contracting"],
    source=SOURCE,
)
def kept() -> Any:
    """Of n_1 directions n_0 are kept: the trace of W^T W is g^2 n_0, not g^2 n_1."""
    square = _CONTRACTED.T * _CONTRACTED
    return matrix_equation(Trace(square), g**2 * _sizes[0])


@claim(
    "products.orthogonal.contracting_slogan",
    facts=MatrixFacts(orthonormal_columns=(_R1,)),
    expects="refuted",
    corrected_by=["products.orthogonal.contracting", "products.orthogonal.kept"],
    source="all singular values of a product of orthogonal layers are 1, read for any widths",
    witness=Witness(
        {_R1: Matrix([[1], [0]]), g: 1}, (Integer(0), Integer(0), Integer(0), Integer(-1))
    ),
)
def contracting_slogan() -> Any:
    """Guard: a layer that contracts loses the directions of its kernel, whatever the gain.

    W = g R1^T with orthonormal rows; the left side is W^T W, of size n_1.
    """
    return matrix_equation(_CONTRACTED.T * _CONTRACTED, g**2 * Identity(_sizes[1]))
