"""Gaussian layers of any widths, layer by layer: the norm and the spectrum of their product.

Layer l has n_l outputs and independent weights N(0, v_l).  Given its input h each output is a
Gaussian number of variance v_l |h|^2, so that |W h|^2 has the mean n v |h|^2 and the mean square
n(n + 2) v^2 |h|^4 (``products.gaussian_norm.layer``), whatever the direction of h.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Integer, Lambda, Lt, Product, Rational, Symbol

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Combines, Derivation, Follows, Induction, Premise, Step
from ..edges import Witness
from ..levels import Levels, Recursion, Sequence
from .letters import SOURCE, D

__all__ = ["any_weights", "glorot", "second_moment", "widths"]

_m, _j = (Symbol(name, integer=True) for name in "mj")
n, v, f = Function("n"), Function("v"), Function("f")
"""Outputs of a layer; variance of its weights; mean of a power of the norm, by layer."""
_RANGE = ((_m, Integer(0), D),)
_OUTPUTS = Sequence(n, "count", 1, D)
_WEIGHTS = Sequence(v, "positive", 1, D)


def _layered(recursion: Recursion, *sequences: Sequence) -> Levels:
    return Levels(D, sequences, _RANGE, {}, (recursion,))


def _by_layers(recursion: Recursion, why: str, factor: Any, stated: Any) -> Derivation:
    following = Eq(f(_m + 1), factor.subs(_m, _m + 1) * f(_m), evaluate=False)
    return Derivation(
        (
            Step("the input itself", recursion.first, Premise()),
            Step(why, recursion.step, Premise()),
            Step("so that each layer multiplies it", following, Follows()),
            Step("from layer to layer", stated, Induction(_m, 0, factor)),
        )
    )


_MEAN = Recursion(f(_m), 0, Integer(1), n(_m + 1) * v(_m + 1) * f(_m))
_ANY = Eq(f(_m), Product(n(_j) * v(_j), (_j, 1, _m)), evaluate=False)


@claim(
    "products.gaussian_norm.any_weights",
    levels=_layered(_MEAN, _OUTPUTS, _WEIGHTS),
    derivation=_by_layers(_MEAN, "n outputs, each of the variance v |h|^2", n(_m) * v(_m), _ANY),
    source=SOURCE,
)
def any_weights() -> Any:
    """The mean of |W_m ... W_1 x|^2/|x|^2 is the product of n_l v_l, outputs times variance.

    It needs independent weights of mean 0, not Gaussian ones.
    """
    return _ANY


_ENTRY = 3 * n(_m + 1) * v(_m + 1) ** 2
_PAIRS = n(_m + 1) * (n(_m + 1) - 1) * v(_m + 1) ** 2
_SQUARE = Recursion(f(_m), 0, Integer(1), (_ENTRY + _PAIRS) * f(_m))
_SECOND = Eq(f(_m), Product(n(_j) * (n(_j) + 2) * v(_j) ** 2, (_j, 1, _m)), evaluate=False)


@claim(
    "products.gaussian_norm.second_moment",
    levels=_layered(_SQUARE, _OUTPUTS, _WEIGHTS),
    rests_on=["products.gaussian_norm.layer", "products.gaussian_norm.direction"],
    derivation=_by_layers(
        _SQUARE,
        "n outputs with E y^4 = 3 v^2 |h|^4, and n(n - 1) pairs of independent ones",
        n(_m) * (n(_m) + 2) * v(_m) ** 2,
        _SECOND,
    ),
    source=SOURCE,
)
def second_moment() -> Any:
    """The mean square of |W_m ... W_1 x|^2/|x|^2 is the product of n_l (n_l + 2) v_l^2."""
    return _SECOND


_V = Function("V")
_KEPT = Recursion(f(_m), 0, Integer(1), (3 / n(_m + 1) + (n(_m + 1) - 1) / n(_m + 1)) * f(_m))
_VARIANCE = define(
    _V,
    Lambda(_m, Product(1 + 2 / n(_j), (_j, 1, _m)) - 1),
    means="variance of the squared norm behind layer m",
)
_SPREAD = Eq(f(_m) - 1, _V(_m), evaluate=False)


@claim(
    "products.gaussian_norm.widths",
    where=[_VARIANCE],
    levels=_layered(_KEPT, _OUTPUTS),
    rests_on=["products.gaussian_norm.direction", "products.gaussian_norm.any_weights"],
    derivation=Derivation(
        (
            Step("the input itself", _KEPT.first, Premise()),
            Step("variance 1/n of each of n outputs", _KEPT.step, Premise()),
            Step(
                "so that each layer multiplies the mean square by 1 + 2/n",
                Eq(f(_m + 1), (1 + 2 / n(_m + 1)) * f(_m), evaluate=False),
                Follows(),
            ),
            Step(
                "from layer to layer",
                Eq(f(_m), Product(1 + 2 / n(_j), (_j, 1, _m)), evaluate=False),
                Induction(_m, 0, 1 + 2 / n(_m)),
            ),
            Step("less the square of the mean, 1", _SPREAD, Combines({4: 1})),
        )
    ),
    source=SOURCE,
    evaluation=Evaluation(inputs={"n": n}, outputs={"variance": _V(D)}),
)
def widths() -> Any:
    """With weights N(0, 1/n_l), n_l the outputs of layer l, the variance is prod(1 + 2/n_l) - 1.

    The mean is 1.  The number of inputs does not matter; narrow layers cost most.
    """
    return _SPREAD


_G = Function("g")
_G_PRODUCT = Product(2 * n(_j) / (n(_j - 1) + n(_j)), (_j, 1, _m))
_GLOROT = define(
    _G,
    Lambda(_m, _G_PRODUCT),
    means="factor of the mean squared norm behind layer m",
)
_AVERAGED = Recursion(f(_m), 0, Integer(1), n(_m + 1) * (2 / (n(_m) + n(_m + 1))) * f(_m))
_ALL = Sequence(n, "count", 0, D)
_CHANGE = Eq(f(_m) - 1, _G(_m) - 1, evaluate=False)
_GLOROT_FACTOR = 2 * n(_m) / (n(_m - 1) + n(_m))


@claim(
    "products.gaussian_norm.glorot",
    where=[_GLOROT],
    levels=_layered(_AVERAGED, _ALL),
    rests_on=["products.gaussian_norm.any_weights"],
    derivation=Derivation(
        (
            *_by_layers(
                _AVERAGED,
                "n outputs, each of the variance 2/(inputs + outputs) |h|^2",
                _GLOROT_FACTOR,
                Eq(f(_m), _G(_m), evaluate=False),
            ).steps,
            Step("less the squared norm of the input, 1", _CHANGE, Combines({4: 1})),
        )
    ),
    source="Glorot & Bengio: initial weights of variance 2/(inputs + outputs)",
    evaluation=Evaluation(inputs={"n": n}, outputs={"mean": _G(D)}),
)
def glorot() -> Any:
    """Glorot's variance 2/(n_(l-1) + n_l) multiplies the mean by 2n_l/(n_(l-1) + n_l) a layer.

    That is 1 between equal widths only; a layer that contracts loses, one that expands gains, and
    way out and back loses in sum: 4ab/(a + b)^2 < 1.  ``n`` are the widths from the input on.
    """
    return _CHANGE


_a, _b = Symbol("a", positive=True), Symbol("b", positive=True)


@claim(
    "products.gaussian_norm.glorot_return",
    given=[_a < _b],
    rests_on=["products.gaussian_norm.glorot"],
    source="Glorot & Bengio: initial weights of variance 2/(inputs + outputs)",
)
def glorot_return() -> Any:
    """From a units to b others and back the norm always falls: 2b/(a + b) times 2a/(a + b) < 1."""
    return Lt(2 * _b / (_a + _b) * (2 * _a / (_a + _b)), 1, evaluate=False)


@claim(
    "products.gaussian_norm.glorot_slogan",
    levels=Levels(D, (_ALL,), _RANGE),
    expects="refuted",
    corrected_by=["products.gaussian_norm.glorot", "products.gaussian_norm.glorot_return"],
    source="Glorot's weights preserve the norm, read for layers of any widths",
    witness=Witness(
        {D: 3, _m: 3, n(0): 784, n(1): 1000, n(2): 1000, n(3): 10},
        (Rational(500, 22523) - 1,),
    ),
)
def glorot_slogan() -> Any:
    """Guard: in a network of widths 784, 1000, 1000, 10 the mean squared norm falls to 0.0222.

    The left side is the factor of the mean squared norm behind layer m, n_l the widths.
    """
    return Eq(_G_PRODUCT, 1, evaluate=False)
