"""Points that are easy to read: small numbers at which something is still seen to fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Any

import numpy as np
from lemmata.numerics.balls import sign
from lemmata.numerics.codegen import UnknownFunctionError, compile_expressions

from ..domain import Domain
from ..exact.independence import Independence
from ..exact.zero_test import free_atoms

__all__ = ["simple_point", "simple_where"]

VALUES = (Fraction(1), Fraction(2), Fraction(1, 2), Fraction(3), Fraction(-1), Fraction(0))
MORE = tuple(
    Fraction(*pair)
    for pair in (
        (1, 1),
        (2, 1),
        (3, 1),
        (4, 1),
        (5, 1),
        (8, 1),
        (10, 1),
        (1, 2),
        (1, 3),
        (1, 4),
        (2, 3),
        (1, 5),
        (1, 10),
    )
)
MOST = 200
BITS = 256


def simple_point(
    sides: tuple[Any, Any], relations: Sequence[Any], found: Mapping[Any, Fraction]
) -> Mapping[Any, Fraction]:
    """A point of small numbers at which two sides certainly differ; else the one found."""
    atoms = set(found).union(*map(free_atoms, sides))
    domain = Domain(list(atoms), relations)
    try:
        program = compile_expressions([sides[0] - sides[1]], domain.atoms)
    except UnknownFunctionError:
        return found
    independence = Independence(domain.atoms)

    def fails(point: Mapping[Any, Fraction]) -> bool:
        result = sign(program, [point[a] for a in domain.atoms], BITS)[0]
        return result.sign is not None and independence.at(point)

    return simple_where(domain, fails) or _completed(domain, found)


def _completed(domain: Domain, found: Mapping[Any, Fraction]) -> Mapping[Any, Fraction]:
    """The point found, with values of what cancels from the difference."""
    for value in VALUES:
        point = {atom: found.get(atom, value) for atom in domain.atoms}
        if domain.contains(point) is True:
            return point
    return found


def simple_where(
    domain: Domain, fails: Callable[[Mapping[Any, Fraction]], bool]
) -> Mapping[Any, Fraction] | None:
    """The first point of small numbers, not all equal, at which it fails; None for none."""
    count = len(domain.atoms)
    rng = np.random.default_rng(0)
    plain = islice(product(VALUES, repeat=count), MOST)
    mixed = (tuple(MORE[i] for i in rng.integers(len(MORE), size=count)) for _ in range(MOST))
    for values in (*plain, *mixed):
        if len(set(values)) < min(count, 2):
            continue
        point = dict(zip(domain.atoms, values, strict=True))
        if domain.contains(point) is True and fails(point):
            return point
    return None
