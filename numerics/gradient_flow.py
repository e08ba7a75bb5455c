"""Gradient flow of linear networks of any depth, one network or a batch, in float64."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import ArrayLike

from .flow_state import FlowState
from .networks import FloatArray, end_to_end, excess_loss
from .roundoff import RoundoffProbe, frobenius
from .runge_kutta import AdaptiveStepper, Dop853
from .statistics import ErrorBudget

__all__ = [
    "BudgetedFlow",
    "FlowRecord",
    "as_times",
    "integrate_flow",
    "integrate_flow_adaptively",
    "suggest_step",
    "with_error_budget",
]


@dataclass(frozen=True)
class FlowRecord:
    """Networks at the recorded times; ``batch`` is absent for one network.

    ``times`` ``(T,)``; ``weights``: one array ``(T, batch, n_{l+1}, n_l)`` per layer; ``maps``
    ``(T, batch, N3, N1)``, the end-to-end maps; ``loss`` ``(T, batch)``, the squared error above
    its minimum over linear maps; ``steps``, how many steps were taken.
    """

    times: FloatArray
    weights: tuple[FloatArray, ...]
    maps: FloatArray
    loss: FloatArray
    steps: int


@dataclass(frozen=True)
class BudgetedFlow:
    """A flow, and how wrong its end-to-end maps may be (Frobenius norm, shape ``(T, batch)``)."""

    record: FlowRecord
    budget: ErrorBudget


def suggest_step(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    tau: float = 1.0,
) -> float:
    """Step that resolves the fastest rate the flow is expected to meet, in the units of tau.

    ``tau`` over a bound of the Hessian where every layer is as large as at the start, or as the
    layers of the best linear map split evenly.  A proposal only: the budget measures its error.
    """
    flow = FlowState(weights, Sigma31, Sigma11)
    depth, square = len(flow.shapes), flow.Sigma11
    inverse = None if square is None else np.linalg.pinv(square, hermitian=True)
    best = flow.Sigma31 if inverse is None else flow.Sigma31 @ inverse
    layer = max(
        *(float(np.linalg.norm(w, 2, axis=(-2, -1)).max()) for w in flow.snapshot()),
        float(np.linalg.norm(best, 2, axis=(-2, -1)).max()) ** (1 / depth),
    )
    scale = 1.0 if square is None else float(np.linalg.norm(square, 2))
    rate = depth * scale * layer ** (2 * depth - 2)
    if depth > 1:
        target = float(np.linalg.norm(flow.Sigma31, 2, axis=(-2, -1)).max())
        rate += (depth - 1) * layer ** (depth - 2) * (target + scale * layer**depth)
    return tau / rate if rate else tau


def integrate_flow(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    times: ArrayLike,
    tau: float = 1.0,
    step: float | None = None,
) -> FlowRecord:
    """Integrate ``tau dW_l/dt = W_{>l}^T (Sigma31 - W_tot Sigma11) W_{<l}^T`` with equal steps.

    Method: DOP853 without error control, order 8.  The time between two records is divided into
    equal steps, the fewest no longer than ``step`` (default ``suggest_step``).
    ``weights`` are the weights at time 0; ``Sigma11=None`` is the identity; ``times`` (not
    negative, not decreasing) and ``step`` are in the units of ``tau``.
    Raises ``ValueError`` for a bad argument, ``FloatingPointError`` when the weights overflow.
    """
    flow = FlowState(weights, Sigma31, Sigma11)
    length = suggest_step(weights, Sigma31, Sigma11, tau) if step is None else step
    return _run(flow, times, tau, length)


def _run(
    flow: FlowState,
    times: ArrayLike,
    tau: float,
    step: float,
    refine: int = 1,
    after_step: Callable[[float], None] | None = None,
) -> FlowRecord:
    moments = as_times(times, tau=tau, step=step)
    method, taken, steps = Dop853(flow.field, flow.state.size), [], 0
    for gap in np.diff(moments, prepend=0.0):
        count = refine * ceil(gap / step)
        for _ in range(count):
            with np.errstate(over="ignore", invalid="ignore"):
                method.advance(flow.state, gap / count / tau)
            if after_step:
                after_step(gap / count / tau)
        steps += count
        if not np.all(np.isfinite(flow.state)):
            raise FloatingPointError(f"the weights overflow: step={step} is too long, shorten it")
        taken.append(flow.snapshot())
    return _record(flow, moments, taken, steps)


def integrate_flow_adaptively(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    times: ArrayLike,
    tau: float = 1.0,
    rtol: float = 1e-10,
    atol: float = 1e-12,
) -> FlowRecord:
    """Integrate the same flow with steps controlled by the embedded errors of order 5 and 3.

    ``rtol`` and ``atol`` bound the estimated error of one step in every weight, not the error of
    the run: use ``with_error_budget`` to know that.  Raises as ``integrate_flow`` does.
    """
    flow = FlowState(weights, Sigma31, Sigma11)
    moments = as_times(times, tau=tau, rtol=rtol, atol=atol)
    stepper, taken = AdaptiveStepper(flow.field, flow.state.size, rtol, atol), []
    step = suggest_step(weights, Sigma31, Sigma11)
    for gap in np.diff(moments, prepend=0.0):
        step = stepper.advance(flow.state, gap / tau, step)
        taken.append(flow.snapshot())
    return _record(flow, moments, taken, stepper.accepted)


def with_error_budget(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    times: ArrayLike,
    rng: np.random.Generator,
    tau: float = 1.0,
    step: float | None = None,
) -> BudgetedFlow:
    """Integrate twice, in the second run every step in two halves; return it with its budget.

    Terms, each a Frobenius norm of the end-to-end map with shape ``(T, batch)``: ``step``, the
    difference of the two runs, which bounds the error of the finer one as soon as halving at
    least halves the error (order 8 divides it by 256; the factor is given away, so the term also
    holds for a step too long for its asymptotics); ``roundoff``, measured beside the finer run by
    ``RoundoffProbe`` with directions from ``rng``.  Arguments and errors as ``integrate_flow``.
    """
    length = suggest_step(weights, Sigma31, Sigma11, tau) if step is None else step
    coarse = integrate_flow(weights, Sigma31, Sigma11, times=times, tau=tau, step=length)
    one = FlowState(weights, Sigma31, Sigma11)
    many = FlowState(RoundoffProbe.copies(one.snapshot()), Sigma31, Sigma11)
    probe, layers = RoundoffProbe(one.shapes, one.Sigma31, one.Sigma11, rng), many.views(many.state)
    probe.displace_start(layers)
    run = _run(many, times, tau, length, 2, lambda taken: probe.displace(layers, taken))
    moments = [list(moment) for moment in zip(*run.weights, strict=True)]
    roundoff = np.stack([probe.measure(w, end_to_end(w)) for w in moments])
    originals = [[layer[: one.batch] for layer in w] for w in moments]
    fine = _record(one, run.times, originals, run.steps)
    step_error = frobenius(fine.maps - coarse.maps)
    roundoff = roundoff[:, 0] if one.single else roundoff
    return BudgetedFlow(fine, ErrorBudget({"step": step_error, "roundoff": roundoff}))


def _record(
    flow: FlowState, times: FloatArray, taken: list[list[FloatArray]], steps: int
) -> FlowRecord:
    weights = tuple(np.stack(layer) for layer in zip(*taken, strict=True))
    if flow.single:
        weights = tuple(layer[:, 0] for layer in weights)
    maps = end_to_end(weights)
    loss = excess_loss(maps, flow.Sigma31, flow.Sigma11)
    return FlowRecord(times, weights, maps, loss, steps)


def as_times(times: ArrayLike, **positive: float) -> FloatArray:
    """``times`` as increasing float64 from 0 on; ``ValueError`` for them, or for a number <= 0."""
    moments = np.atleast_1d(np.array(times, dtype=np.float64))
    if moments.ndim != 1 or not len(moments) or not np.all(np.isfinite(moments)):
        raise ValueError(f"times={times!r}: give a non-empty sequence of finite numbers")
    if moments[0] < 0 or np.any(np.diff(moments) < 0):
        raise ValueError(f"times={times!r}: give times that start at 0 or later and increase")
    for name, value in positive.items():
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name}={value!r}: give a positive finite number")
    return moments
