"""A network trained on a table of items, mode by mode against the theory's curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Literal

import numpy as np
from lemmata.numerics.datasets import Correlations, ItemTable, correlations
from lemmata.numerics.descent import Convention
from lemmata.numerics.experiments import ItemsRun, Start, Training, train_items
from lemmata.numerics.modes import InputOutputModes, input_output_modes, multiplets
from lemmata.numerics.networks import FloatArray
from lemmata.numerics.statistics import ErrorBudget

from .items_measurements import comparison_budgets, crossing_time, effective_start
from .mode_curves import Curve, learning_time, mode_curve
from .verdicts import Status, weakest

__all__ = [
    "ApproximateStart",
    "Difference",
    "ItemsComparison",
    "Method",
    "ModeComparison",
    "compare_items",
    "default_duration",
    "default_updates",
]

Method = Literal["flow", "descent"]

LEARNED = 0.95
"""A run lasts by default until theory has the weakest mode at this fraction of its strength."""

LONGEST = 500.0
"""No run lasts by default longer than this many time constants ``tau / s_1`` of the first mode."""

FINENESS = 20.0
"""The first mode's time constant is by default at least this many updates long."""


@dataclass(frozen=True)
class Difference:
    """Largest ``|simulation - theory|`` over time of one multiplet, and the error budget.

    ``time``: when it is largest; ``budget``: the error allowed then, the sum of ``terms``;
    ``share``: the largest ``|difference| / budget`` at any time.  ``status``: sampled when the
    budget explains the difference at every time, refuted (flow) or undecided (descent, whose
    budget is measured by halving and holds only where that is close to its law) when it does not;
    vacuous when the budget exceeds the half strength, so that it could not tell a mode that is
    learned from one that is not.
    """

    largest: float
    time: float
    budget: float
    terms: Mapping[str, float]
    share: float
    status: Status

    @property
    def dominant(self) -> str:
        """Name of the largest term."""
        return max(self.terms, key=lambda name: self.terms[name])


@dataclass(frozen=True)
class ApproximateStart:
    """One multiplet from the small random start, for which theory is only approximate.

    ``a0``: effective initial strength ``|W21 v + W32^T u|^2 / 4``, a mean over the multiplet, as
    of the claim ``modes.vector_mode`` for a mode that is alone; theory's curve starts there.
    ``largest`` ``|simulation - theory|`` at ``time``; ``budget``: the error of the simulation
    then: what exceeds it is the coupling of the modes and the imbalance of the layers.
    """

    a0: float
    learning_time: float | None
    flow_time: float | None
    descent_time: float | None
    largest: float
    time: float
    budget: float


@dataclass(frozen=True)
class ModeComparison:
    """One multiplet: ``numbers`` of its modes from 1, mean singular value ``s``, strengths.

    ``a0`` and ``final`` are its strength at the start and in the end, by theory; times are those
    at which it has half of ``final``, None where that does not happen.
    """

    numbers: tuple[int, ...]
    s: float
    a0: float
    final: float
    learning_time: float | None
    flow_time: float | None
    descent_time: float | None
    flow: Difference
    descent: Difference
    random: ApproximateStart


@dataclass(frozen=True)
class ItemsComparison:
    """What ``compare_items`` found.

    ``run``: the trainings; ``theory``: curves ``(T, multiplets)`` per kind of start; ``budgets``:
    totals ``(T, multiplets)`` for flow and descent from the decoupled start; ``modes``: one entry
    per multiplet; ``left_out``: modes of strength zero, which are not compared.
    """

    run: ItemsRun
    theory: Mapping[Start, FloatArray]
    budgets: Mapping[Method, FloatArray]
    modes: tuple[ModeComparison, ...]
    left_out: int

    @property
    def status(self) -> Status:
        """The weakest status of any difference from the decoupled start."""
        return weakest([d.status for mode in self.modes for d in (mode.flow, mode.descent)])


def default_duration(
    modes: InputOutputModes, lambda_: float, hidden: int, start_scale: float, tau: float
) -> float:
    """Time until the weakest mode that starts is learned, within ``LONGEST`` of the strongest."""
    started = [float(s) for s in modes.s[modes.s > modes.resolution][:hidden]]
    times = [learning_time(s, lambda_, start_scale, tau, LEARNED) for s in started]
    # A mode that starts above its final strength decays to it in a few time constants.
    longest = max(4 * tau / s if t is None else t for s, t in zip(started, times, strict=True))
    return min(longest, LONGEST * tau / started[0])


def default_updates(modes: InputOutputModes, duration: float, tau: float) -> int:
    """Updates of the coarsest descent: at least 1000, and fine for the strongest mode."""
    return max(1000, ceil(FINENESS * float(modes.s[0]) * duration / tau))


def compare_items(
    table: ItemTable,
    *,
    rng: np.random.Generator,
    hidden: int = 16,
    start_scale: float = 1e-3,
    tau: float = 1.0,
    until: float | None = None,
    times: int = 81,
    updates: int | None = None,
    convention: Convention = "average",
) -> ItemsComparison:
    """Train the three-layer network on ``table`` and compare every mode with theory.

    Theory is the claim ``modes.commuting_inputs`` with ``lambda`` the strength of Sigma11 (1/P
    for averages over one-hot items, 1 for sums).  Means over multiplets are compared, never
    single vectors of a multiplet, which are arbitrary.  ``until`` defaults to
    ``default_duration``, ``updates`` to ``default_updates``; ``times`` equally spaced times are
    recorded.  Raises ``ValueError`` for a bad argument, a table of zeros or too few updates to
    converge, ``FloatingPointError`` when the weights overflow.
    """
    _check(hidden=hidden, start_scale=start_scale, tau=tau, until=until)
    if times < 2:
        raise ValueError(f"times={times!r}: give the number of recorded times, 2 or more")
    Sigma11, Sigma31 = correlations(table, convention)
    modes, lambda_ = input_output_modes(Sigma31), float(Sigma11[0, 0])
    if not multiplets(modes):
        raise ValueError("table: all its values are zero: there is nothing to learn")
    duration = until or default_duration(modes, lambda_, hidden, start_scale, tau)
    made = max(updates or default_updates(modes, duration, tau), times - 1)
    _check_rate(float(modes.s[0]), duration / made / tau, made)
    run = train_items(
        table,
        hidden=hidden,
        start_scale=start_scale,
        times=np.linspace(0.0, duration, times),
        rng=rng,
        tau=tau,
        updates=made,
        convention=convention,
    )
    return _compare(run, Correlations(Sigma11, Sigma31), hidden, start_scale, tau)


def _compare(
    run: ItemsRun, correlated: Correlations, hidden: int, start_scale: float, tau: float
) -> ItemsComparison:
    flow, descent = comparison_budgets(run, correlated, tau)
    parts = [_Multiplet(run, i, hidden, start_scale, tau) for i in range(len(run.groups))]
    theory: dict[Start, FloatArray] = {
        "decoupled": np.stack([part.decoupled.strengths for part in parts], axis=-1),
        "small random": np.stack([part.random.strengths for part in parts], axis=-1),
    }
    kept = sum(len(group) for group in run.groups)
    budgets: dict[Method, FloatArray] = {
        "flow": np.stack([part.budget(flow).total for part in parts], axis=-1),
        "descent": np.stack([part.budget(descent).total for part in parts], axis=-1),
    }
    modes = tuple(part.compared(flow, descent) for part in parts)
    return ItemsComparison(run, theory, budgets, modes, len(run.modes.s) - kept)


class _Multiplet:
    """One multiplet of a run, and what theory says of it."""

    def __init__(
        self, run: ItemsRun, index: int, hidden: int, start_scale: float, tau: float
    ) -> None:
        self.run, self.index, self.tau, self.group = run, index, tau, run.groups[index]
        self.strengths = run.modes.s[self.group]
        self.s = float(np.mean(self.strengths))
        self.final = self.s / run.input_strength
        # With few hidden units only the strongest modes start, perhaps a part of a multiplet;
        # a mode that starts at zero stays there.
        self.started = float(np.mean(self.group < hidden))
        self.start_scale, self.a0 = start_scale, effective_start(run, self.group)
        curve = self._curve(start_scale)
        self.decoupled = Curve(self.started * curve.strengths, self.started * curve.error)
        self.random = self._curve(self.a0)

    def _curve(self, a0: float) -> Curve:
        # The computed modes are exact for correlations that differ by less than the resolution
        # (backward stability): to first order that changes the singular values alone.
        doubt = self.run.modes.resolution + float(np.ptp(self.strengths))
        times = self.run.times.tolist()
        return mode_curve(self.s, doubt, self.run.input_strength, a0, self.tau, times)

    def _learning_time(self, a0: float) -> float | None:
        return learning_time(self.s, self.run.input_strength, a0, self.tau)

    def _measured_time(self, training: Training, level: float) -> float | None:
        return crossing_time(self.run.times, training.subspaces[:, self.index], level)

    def budget(self, simulated: ErrorBudget) -> ErrorBudget:
        """The budget of a simulation, and how well theory knows its curve."""
        return simulated.plus(**{"singular values": self.decoupled.error})

    def compared(self, flow: ErrorBudget, descent: ErrorBudget) -> ModeComparison:
        kind: Start = "decoupled"
        final = self.started * self.final
        return ModeComparison(
            numbers=tuple(int(k) + 1 for k in self.group),
            s=self.s,
            a0=self.started * self.start_scale,
            final=final,
            learning_time=self._learning_time(self.start_scale) if final else None,
            flow_time=self._measured_time(self.run.flow[kind], final / 2),
            descent_time=self._measured_time(self.run.descent[kind], final / 2),
            flow=self._difference(self.run.flow[kind], flow, Status.REFUTED),
            descent=self._difference(self.run.descent[kind], descent, Status.UNDECIDED),
            random=self._approximate(),
        )

    def _difference(
        self, training: Training, budget: ErrorBudget, otherwise: Status
    ) -> Difference:
        """The difference, with the status ``otherwise`` where its budget does not explain it."""
        full = self.budget(budget)
        gap = np.abs(training.subspaces[:, self.index] - self.decoupled.strengths)
        share, i = full.worst(gap), int(np.argmax(gap))
        vague = float(np.max(full.total)) >= self.final / 2
        explained = Status.VACUOUS if vague else Status.SAMPLED
        sizes = {name: np.broadcast_to(size, gap.shape)[i] for name, size in full.terms.items()}
        return Difference(
            largest=float(gap[i]),
            time=float(self.run.times[i]),
            budget=float(full.total[i]),
            terms={name: float(size) for name, size in sizes.items()},
            share=share,
            status=explained if share <= 1 else otherwise,
        )

    def _approximate(self) -> ApproximateStart:
        flow, descent = self.run.flow["small random"], self.run.descent["small random"]
        gap = np.abs(flow.subspaces[:, self.index] - self.random.strengths)
        i = int(np.argmax(gap))
        return ApproximateStart(
            a0=self.a0,
            learning_time=self._learning_time(self.a0),
            flow_time=self._measured_time(flow, self.final / 2),
            descent_time=self._measured_time(descent, self.final / 2),
            largest=float(gap[i]),
            time=float(self.run.times[i]),
            budget=float(flow.budget.total[i, 0]),
        )


def _check(**positive: float | None) -> None:
    for name, value in positive.items():
        if value is not None and not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name}={value!r}: give a positive finite number")


def _check_rate(s: float, rate: float, updates: int) -> None:
    # An update multiplies a deviation from the end of a balanced mode by 1 - 2 rate s.
    if rate * s >= 1:
        raise ValueError(
            f"updates={updates}: the learning rate {rate:.3g} is not below 1/s_1 = {1 / s:.3g}, so "
            f"descent does not converge: give more than {ceil(rate * s * updates)}, better "
            f"{ceil(FINENESS * rate * s * updates)}"
        )
