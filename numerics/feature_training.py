"""The three-layer network trained on sampled features of one-hot items, in few coordinates.

A rotation of the outputs maps solutions of gradient flow to solutions.  In a basis that begins with
the feature synthesizers of the data, and goes on with what the random output weights span beside
them, all further outputs are zero at every time: they are left out, exactly.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arguments import check_generator, check_positive, check_whole
from .blas_threads import one_thread_each
from .experiments import Start
from .gradient_flow import integrate_flow_adaptively, suggest_step, with_error_budget
from .modes import InputOutputModes, decoupled_start, input_output_modes, small_random_start
from .networks import FloatArray
from .statistics import ErrorBudget

__all__ = ["FeatureRun", "FeatureTraining", "largest_so_far", "looked_at", "train_on_features"]

EPS = float(np.finfo(np.float64).eps)

SMALL = 128
"""Products of the matrices of so few items cost less than it takes to share them among threads."""

LOOSER = 100.0
"""The random start is trained once more with tolerances as many times larger, and longer steps."""

LOOKS = 33
"""Times at least at which the error of the steps is measured."""

LONGER = 2.0
"""The steps of the decoupled start, whose error is measured, in those that are suggested."""


@dataclass(frozen=True)
class FeatureTraining:
    """One network over time.

    ``strengths`` ``(T, r)``: ``u^T W_tot v`` of every mode; ``W21`` ``(T, hidden, P)``: the
    representations of the items, one a column; ``loss`` ``(T,)``; ``budget``: how wrong a strength
    may be, each term of shape ``(T,)``.
    """

    strengths: FloatArray
    W21: FloatArray
    loss: FloatArray
    budget: ErrorBudget

    @property
    def kernels(self) -> FloatArray:
        """Similarities ``h_i . h_j`` of the items in the hidden layer, ``(T, P, P)``."""
        return np.asarray(self.W21.transpose(0, 2, 1) @ self.W21)


@dataclass(frozen=True)
class FeatureRun:
    """Networks trained on the same features, with ``Sigma11 = I`` and ``Sigma31 = values^T``.

    ``times`` ``(T,)`` in the unit of tau; ``modes`` of ``Sigma31``, those above its resolution;
    ``effective`` ``(r,)``: ``|W21 v + W32^T u|^2 / 4`` of every mode at the random start;
    ``trainings`` from the decoupled start and from the small random one.
    """

    times: FloatArray
    modes: InputOutputModes
    effective: FloatArray
    trainings: dict[Start, FeatureTraining]


def train_on_features(
    values: FloatArray,
    *,
    hidden: int,
    start_scale: float,
    times: ArrayLike,
    rng: np.random.Generator,
    tau: float = 1.0,
) -> FeatureRun:
    """Train on the features ``values`` ``(P, N)`` of one-hot items, from two kinds of start.

    The decoupled start gives each of the ``hidden`` strongest modes the strength ``start_scale``;
    the small random start draws entries of variance ``start_scale / hidden``.  Both follow gradient
    flow.  Budget of the first: as of ``with_error_budget``, its term ``step`` the largest so far,
    and the round-off of measuring; of the second: term ``step``, the change from tolerances a
    hundred times larger and, where it is the recorded times that hold the steps back, from twice as
    long ones; at every other time, the larger change at the times beside it.
    Raises ``ValueError`` for a bad argument, ``FloatingPointError`` when the weights overflow.
    """
    check_positive("tau", tau)
    check_positive("start_scale", start_scale)
    check_whole("hidden", hidden)
    check_generator("rng", rng)
    whole = input_output_modes(np.asarray(values, dtype=np.float64).T)
    rank = int(np.sum(whole.s > whole.resolution))
    if not rank:
        raise ValueError("values are all zero: there is nothing to learn")
    modes = InputOutputModes(whole.u[:, :rank], whole.s[:rank], whole.v[:, :rank])
    own = InputOutputModes(np.eye(rank), modes.s, modes.v)
    moments = np.asarray(times, dtype=np.float64)
    with one_thread_each() if len(whole.v) <= SMALL else nullcontext():
        decoupled = _decoupled(own, hidden, start_scale, moments, rng, tau)
        effective, random = _random(modes, own, hidden, start_scale, moments, rng, tau)
    return FeatureRun(moments, modes, effective, {"decoupled": decoupled, "small random": random})


def _decoupled(
    own: InputOutputModes,
    hidden: int,
    start_scale: float,
    times: FloatArray,
    rng: np.random.Generator,
    tau: float,
) -> FeatureTraining:
    started = min(hidden, len(own.s))  # hidden units beyond have no weights, now and ever
    strengths = np.where(np.arange(len(own.s)) < started, start_scale, 0.0)
    weights = decoupled_start(own, strengths, started, rng)
    target = _target(own, 0)
    step = LONGER * suggest_step(weights, target, tau=tau)
    looks, asked = looked_at(times)
    flow = with_error_budget(weights, target, times=looks, tau=tau, step=step, rng=rng)
    record = flow.record
    measured = _measured(record.maps, own)
    # u^T W v is two inner products of r and P terms, each off by at most as many eps/2 times the
    # norms; computed vectors are unit and orthogonal within as much again.
    measuring = sum(record.maps.shape[1:]) * EPS * np.linalg.norm(measured, axis=-1)
    budget = largest_so_far(flow.budget, "step").plus(measuring=measuring)
    terms = ErrorBudget({name: size[asked] for name, size in budget.terms.items()})
    return FeatureTraining(measured[asked], record.weights[0][asked], record.loss[asked], terms)


def looked_at(times: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
    """``times`` and others between them, ``LOOKS`` at least, and where ``times`` are among them."""
    looks = np.union1d(times, np.linspace(0.0, float(times[-1]), LOOKS))
    return looks, np.searchsorted(looks, times)


def largest_so_far(budget: ErrorBudget, term: str) -> ErrorBudget:
    """The budget with a term ``(T,)`` replaced by its largest value up to each time.

    The change between two runs tells the error of the finer one but where both errors cross zero,
    not quite at the same time: what they were before covers that, at times not too far apart.
    """
    return ErrorBudget({**budget.terms, term: np.maximum.accumulate(budget.terms[term])})


def _random(
    modes: InputOutputModes,
    own: InputOutputModes,
    hidden: int,
    start_scale: float,
    times: FloatArray,
    rng: np.random.Generator,
    tau: float,
) -> tuple[FloatArray, FeatureTraining]:
    sizes = (len(modes.v), hidden, len(modes.u))
    W21, W32 = small_random_start(sizes, (start_scale / hidden) ** 0.5, rng)
    along = modes.u.T @ W32
    beside = np.linalg.qr(W32 - modes.u @ along, mode="r")
    weights, target = [W21, np.concatenate([along, beside])], _target(own, len(beside))
    some = np.union1d(np.arange(0, len(times), 2), [len(times) - 1])
    fine, coarse = (
        integrate_flow_adaptively(
            weights, target, times=moments, tau=tau, rtol=loose * 1e-8, atol=loose * 1e-10
        )
        for loose, moments in ((1.0, times), (LOOSER, times[some]))
    )
    known = np.linalg.norm(fine.maps[some] - coarse.maps, axis=(-2, -1))
    before = np.searchsorted(some, np.arange(len(times)), side="right") - 1
    after = np.searchsorted(some, np.arange(len(times)))
    change = np.maximum(known[before], known[after])
    effective = np.sum((W21 @ modes.v + along.T) ** 2, axis=0) / 4
    return effective, FeatureTraining(
        _measured(fine.maps, own), fine.weights[0], fine.loss, ErrorBudget({"step": change})
    )


def _target(own: InputOutputModes, beside: int) -> FloatArray:
    """``Sigma31`` in the coordinates of the outputs that are kept."""
    return np.concatenate([own.s[:, None] * own.v.T, np.zeros((beside, len(own.v)))])


def _measured(maps: FloatArray, own: InputOutputModes) -> FloatArray:
    strengths = np.einsum("tai,ia->ta", maps[:, : len(own.s)], own.v)
    return np.asarray(strengths)
