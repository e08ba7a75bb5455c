"""Elementwise nonlinearities and their slopes, on any array namespace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from math import pi, sqrt
from typing import Any, TypeAlias

import numpy as np
from scipy import special

from .arrays import Array, Arrays, to_host

__all__ = ["ACTIVATIONS", "Activation", "Choice", "as_activations"]


@dataclass(frozen=True)
class Activation:
    """``value(arrays, z)`` is ``phi(z)``, ``slope(arrays, z, phi(z))`` is ``phi'(z)``.

    ``steepest`` bounds ``|phi'|`` and ``offset`` is ``|phi(0)|``; both only serve estimates of
    rounding.
    """

    name: str
    value: Callable[[Arrays, Array], Array]
    slope: Callable[[Arrays, Array, Array], Array]
    steepest: float = 1.0
    offset: float = 0.0


Pair: TypeAlias = tuple[Callable[[Array], Array], Callable[[Array], Array]]
Choice: TypeAlias = str | Activation | Pair
"""A name, or the functions ``phi`` and ``phi'`` of one array."""


def _erf(arrays: Arrays, z: Array) -> Array:
    if arrays.name == "numpy":
        return special.erf(z)
    if arrays.name == "torch":
        return arrays.raw.special.erf(z)
    if arrays.name == "cupy":
        return import_module("cupyx.scipy.special").erf(z)
    # The array API standard has no error function: it is evaluated on the host.
    return arrays.take(special.erf(to_host(z)))


def _softplus(arrays: Arrays, z: Array) -> Array:
    xp = arrays.xp
    return xp.log1p(xp.exp(-xp.abs(z))) + (z + xp.abs(z)) / 2


def _relu_slope(arrays: Arrays, z: Array, value: Array) -> Array:
    # At 0, where there is no derivative, that of the side below.
    return arrays.xp.astype(z > 0, z.dtype)


ACTIVATIONS = {
    "linear": Activation("linear", lambda _, z: z, lambda arrays, z, _: arrays.xp.ones_like(z)),
    "tanh": Activation(
        "tanh", lambda arrays, z: arrays.xp.tanh(z), lambda _, z, value: 1 - value**2
    ),
    "relu": Activation("relu", lambda arrays, z: (z + arrays.xp.abs(z)) / 2, _relu_slope),
    "erf": Activation(
        "erf",
        _erf,
        lambda arrays, z, _: 2 / sqrt(pi) * arrays.xp.exp(-(z**2)),
        steepest=2 / sqrt(pi),
    ),
    "softplus": Activation(
        "softplus",
        _softplus,
        lambda arrays, z, _: (1 + arrays.xp.tanh(z / 2)) / 2,
        offset=float(np.log(2)),
    ),
}


def as_activations(activations: Choice | Sequence[Choice], hidden: int) -> list[Activation]:
    """One activation for each hidden layer: the same for all, or a list of as many.

    Raises ``ValueError`` for an unknown name or another number of them.
    """
    one = isinstance(activations, str | Activation) or _is_pair(activations)
    if one:
        chosen: list[Any] = [activations] * hidden
    elif isinstance(activations, Sequence):
        chosen = list(activations)
    else:
        # Also a single function: its slope is needed too.
        raise _unknown(activations)
    if len(chosen) != hidden:
        raise ValueError(
            f"activations has {len(chosen)} entries: give one, or one for each of the {hidden} "
            "hidden layers (the last layer is linear)"
        )
    return [_as_activation(choice) for choice in chosen]


def _is_pair(choice: Any) -> bool:
    return isinstance(choice, tuple) and len(choice) == 2 and all(map(callable, choice))


def _as_activation(choice: Any) -> Activation:
    if isinstance(choice, Activation):
        return choice
    if isinstance(choice, str) and choice in ACTIVATIONS:
        return ACTIVATIONS[choice]
    if _is_pair(choice):
        phi, slope = choice
        return Activation(
            "given",
            lambda _, z: _elementwise("phi", phi, z),
            lambda _, z, value: _elementwise("phi'", slope, z),
        )
    raise _unknown(choice)


def _elementwise(name: str, function: Callable[[Array], Array], z: Array) -> Array:
    found = function(z)
    if getattr(found, "shape", None) != z.shape:
        raise ValueError(
            f"activations: {name} of an array of shape {tuple(z.shape)} has shape "
            f"{tuple(getattr(found, 'shape', ()))}: give functions that act on every entry"
        )
    return found


def _unknown(choice: Any) -> ValueError:
    return ValueError(
        f"activations: {choice!r} is none of {', '.join(ACTIVATIONS)}; or give a pair (phi, phi')"
    )
