"""Signs of sines, cosines and their differences: certain ones only, against balls at points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.balls import evaluate_balls
from lemmata.numerics.codegen import compile_expressions
from lemmata.proofs.domain import Domain
from lemmata.proofs.signs import Signs
from sympy import Integer, Rational, Symbol, cos, pi, sin

x, y = Symbol("x", nonnegative=True), Symbol("y", positive=True)
z = Symbol("z", positive=True)
k, q = (Symbol(name, integer=True, nonnegative=True) for name in "kq")
P = Symbol("P", integer=True, positive=True)
WITHIN = [x < y, y <= pi]
MODES = [k < q, q < P]


@pytest.mark.parametrize(
    ("expr", "relations", "sign"),
    [
        (cos(x) - cos(y), WITHIN, 1),
        (2 * cos(y) - 2 * cos(x), WITHIN, -1),
        (2 * cos(x) - 3 * cos(y) + 1, WITHIN, 1),
        (cos(x) - cos(y) + 1 / z, WITHIN, 1),
        (3 - 2 * cos(y), [], 1),
        (2 + 2 * cos(pi * k / P), MODES, 1),
        (sin(pi * q / P), MODES, 1),
        (-sin(pi * q / (2 * P)), MODES, -1),
        (cos(pi * q / (2 * P)), MODES, 1),
        (cos(pi * k / P) - cos(pi * q / P), MODES, 1),
        (sin(pi * q / (2 * P)) * cos(pi * q / (2 * P)), MODES, 1),
    ],
)
def test_signs_that_show(expr: Any, relations: list[Any], sign: int) -> None:
    assert Signs(relations).sign(expr) == sign


@pytest.mark.parametrize(
    ("expr", "relations"),
    [
        (cos(x) - cos(y), [x < y]),
        (cos(x) - cos(y), [x < y, y <= 2 * pi]),
        (cos(x) - cos(2 * y), WITHIN),
        (2 * cos(x) - cos(y), WITHIN),
        (1 - cos(x), WITHIN),
        (1 + cos(y), WITHIN),
        (1 - 2 * cos(y), WITHIN),
        (sin(x), WITHIN),
        (2 * y - x - pi, WITHIN),
        (pi * z - Rational(7, 2) * z, []),
        (sin(y), WITHIN),
        (cos(y), WITHIN),
        (sin(2 * pi * q / P), MODES),
        (cos(pi * q / P), MODES),
        (cos(2 * pi * k / P) - cos(2 * pi * q / P), MODES),
        (sin(pi * k / P), MODES),
    ],
)
def test_signs_that_are_not_certain(expr: Any, relations: list[Any]) -> None:
    assert Signs(relations).sign(expr) == 0


ANGLES = [x, y, x / 2, 2 * y, x + y, y - x, pi / 3 - x, x * y, Rational(1, 2)]
PIECES = [sin(a) for a in ANGLES] + [cos(a) for a in ANGLES] + [Integer(1), Integer(-1), x, y]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(-3, 3), st.sampled_from(PIECES)), min_size=1, max_size=4),
    st.sampled_from([WITHIN, [x < y], [x < y, y < 1], []]),
)
def test_a_certain_sign_is_never_against_a_ball(
    terms: list[tuple[int, Any]], relations: list[Any]
) -> None:
    expr = sum((c * piece for c, piece in terms), start=Integer(0))
    sign = Signs(relations).sign(expr)
    if not sign:
        return
    domain = Domain([x, y], relations)
    program = compile_expressions([expr], domain.atoms)
    rng = np.random.default_rng(0)
    for _ in range(8):
        point = domain.draw(rng)
        assert point is not None
        (ball,) = evaluate_balls(program, [point[atom] for atom in domain.atoms], 200)
        assert not (sign * ball < 0), (expr, relations, point)
