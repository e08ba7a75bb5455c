"""`evaluate` against whole networks whose weights follow the flow, by Taylor series."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from flint import arb, arb_mat, ctx, fmpq
from lemmata.proofs.court import collect
from lemmata.proofs.evaluation import evaluate

DIGITS = 40
BITS = 300
ORDER = 80


@pytest.fixture(autouse=True)
def _precision() -> Iterator[None]:
    before, ctx.prec = ctx.prec, BITS
    yield
    ctx.prec = before


def number(text: str) -> arb:
    fraction = Fraction(text)
    return arb(fmpq(fraction.numerator, fraction.denominator))


def matrix(text: str) -> arb_mat:
    return arb_mat([[number(x) for x in row.split(",")] for row in text[2:-2].split("],[")])


def trained(sigma: arb_mat, first: arb_mat, second: arb_mat, time: arb, steps: int) -> arb_mat:
    """W32 W21 after both layers followed the flow of white inputs, by Taylor series.

    With G = Sigma31 - W32 W21 the flow is tau dW21/dt = W32^T G and tau dW32/dt = G W21^T; ``time``
    is t/tau.
    """
    nothing = 0 * sigma
    for _ in range(steps):
        inner, outer, gaps = [first], [second], []
        for k in range(ORDER):
            products = (outer[i] * inner[k - i] for i in range(k + 1))
            gaps.append((nothing if k else sigma) - sum(products, nothing))
            factor = time / steps / (k + 1)
            moves = [outer[i].transpose() * gaps[k - i] for i in range(k + 1)]
            inner.append(sum(moves, 0 * first) * factor)
            moves = [gaps[k - i] * inner[i].transpose() for i in range(k + 1)]
            outer.append(sum(moves, 0 * second) * factor)
        # What the series leave out is of the size of their last terms and grows like the network:
        # of twenty digits beyond the asked ones 100 steps and the growth e^(2st/tau) < 10^13 take
        # fifteen at most.
        last = [*inner[-1].entries(), *outer[-1].entries()]
        assert all(abs(x) < arb(10) ** (-DIGITS - 20) for x in last)
        first, second = sum(inner, 0 * first), sum(outer, 0 * second)
    return second * first


def assert_near(value: str, radius: str, reference: arb) -> None:
    slack = arb(10) ** (-DIGITS - 5)  # see what ``trained`` asserts
    assert reference.rad() < slack
    assert abs(number(value) - reference.mid()) <= number(radius) + slack


@pytest.mark.parametrize(
    ("line", "steps"),
    [
        ("s=2 a=1/2,1/3 b=0,-1 tau=3 t=3", 16),
        ("s=1 a=1,2,3 b=-1,-2,-3 tau=1 t=1/8", 48),  # opposite: never learned
        ("s=1 a=10,0,-1 b=1/100,-1/50,1/3 tau=1 t=1/100", 16),  # lazy
        ("s=2 a=1e-6,0 b=0,1e-6 tau=1 t=6", 64),  # the initial product is zero
    ],
)
def test_vector_modes_follow_a_trained_network(line: str, steps: int) -> None:
    pairs = dict(pair.split("=") for pair in line.split())
    told = evaluate(collect()["modes.vector_mode"], pairs, DIGITS)["values"]["u"]
    first = arb_mat([[number(x)] for x in pairs["a"].split(",")])
    second = arb_mat([[number(x) for x in pairs["b"].split(",")]])
    time = number(pairs["t"]) / number(pairs["tau"])
    reference = trained(matrix(f"[[{pairs['s']}]]"), first, second, time, steps)[0, 0]
    assert_near(**told, reference=reference)


@pytest.mark.parametrize(
    ("line", "steps"),
    [
        # A bottleneck: one hidden unit between three inputs and two outputs.
        ("Sigma=[[1,2,0],[0,1,3]] W21=[[1,0,0]] W32=[[1],[0]] tau=1/2 t=1/2", 32),
        ("Sigma=[[1,2,0],[0,1,3]] W21=[[0,1e-6,0]] W32=[[0],[-1e-6]] tau=1 t=4", 100),
        # Unequal layers, W32^T W32 - W21 W21^T = lambda I, with lambda of either sign.
        ("Sigma=[[1,2],[0,1],[1,1]] W21=[[3/5,0]] W32=[[1],[0],[0]] tau=1 t=1", 32),
        ("Sigma=[[1,2,1],[0,1,-1]] W21=[[1,2,2],[2,1,-2]] W32=[[0,0],[0,0]] tau=1 t=1/5", 32),
        # More hidden units than inputs, in no alignment with the task.
        (
            "Sigma=[[1,2],[0,1],[1,1]] W21=[[3/5,0],[4/5,0],[0,0]] "
            "W32=[[47/100,119/150,1/2],[7/10,31/60,-1/2],[23/50,-83/150,1/4]] tau=2 t=1",
            16,
        ),
    ],
    ids=["bottleneck", "small", "output", "input", "wide"],
)
def test_riccati_follows_a_trained_network(line: str, steps: int) -> None:
    pairs = dict(pair.split("=") for pair in line.split())
    told = evaluate(collect()["modes.riccati"], pairs, DIGITS)["values"]["W"]
    time = number(pairs["t"]) / number(pairs["tau"])
    start = [matrix(pairs[name]) for name in ("Sigma", "W21", "W32")]
    reference = trained(*start, time, steps).tolist()
    for row in zip(told["value"], told["radius"], reference, strict=True):
        for entry in zip(*row, strict=True):
            assert_near(*entry)
