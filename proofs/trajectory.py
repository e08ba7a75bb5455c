"""Evidence ``trajectory``: certified training of whole networks against the closed form.

A network with full weight matrices is trained by the gradient flow of its loss, in balls that
contain the true weights at every time (`numerics.network_taylor`).  What is read off them must
overlap the ball of the closed form.  Two disjoint balls refute the claim: both are certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, inf
from typing import Any

import flint
import numpy as np
from lemmata.numerics.codegen import UnknownFunctionError
from lemmata.numerics.network_taylor import IntegrationFailed
from lemmata.numerics.precision import BITS_PER_DIGIT, decimal_interval, working_precision
from lemmata.theory.claims import Claim

from .closed_forms import closed_forms
from .evidence import Budget
from .experiments import RECIPES, Experiment, Foretold, Network, foretell, repetitions
from .verdicts import Status, Verdict

__all__ = ["Trajectory"]

GUARD_DIGITS = 4
"""A reading adds up products of weights: some hundred terms at most, each below ten."""
GUARD_BITS = 64
SHOWN_DIGITS = 12


class Trajectory:
    """Enclosed where every reading at every time agrees to the digits of the budget.

    Refuted by one pair of disjoint balls.  Undecided where an integration or the closed form
    fails, or a ball is wider than 10^-digits max(1, |value|).
    """

    kind = "trajectory"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Claims on training that have a recipe, guards included."""
        return budget.trajectories and claim.id in RECIPES

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """``drawn`` and ``decided`` count comparisons; ``worst`` is the widest ball."""
        recipe, comparisons = RECIPES[claim.id], _Comparisons(budget.digits)
        try:
            forms = closed_forms(claim)
        except UnknownFunctionError as error:
            return Verdict(self.kind, Status.UNDECIDED, reason=str(error))
        if not forms:
            return Verdict(self.kind, Status.UNDECIDED, reason="the claim states no closed form")
        for _ in range(repetitions(budget)):
            experiment = recipe.draw(rng)
            for network in experiment.networks:
                try:
                    told = list(foretell(recipe.reads, forms, experiment, network, budget.digits))
                    for foretold, measured in _measured(experiment, network, told, budget.digits):
                        comparisons.add(foretold, measured)
                except IntegrationFailed as error:
                    comparisons.doubts.append(f"integration: {error}")
                except ArithmeticError as error:
                    comparisons.doubts.append(f"closed form: {error}")
                except KeyError as error:
                    comparisons.doubts.append(f"closed form: {error.args[0]}")
                if comparisons.contradiction is not None:
                    return comparisons.verdict(self.kind)
        return comparisons.verdict(self.kind)


class _Comparisons:
    """What came of the comparisons so far."""

    def __init__(self, digits: int) -> None:
        self.digits, self.drawn, self.decided = digits, 0, 0
        self.widest = inf
        self.doubts: list[str] = []
        self.contradiction: tuple[Foretold, Any, Any] | None = None

    def add(self, told: Foretold, numbers: Sequence[Any]) -> None:
        """Compare every number measured with the one foretold."""
        self.drawn += max(1, len(told.values))
        if told.problem:
            self.doubts.append(f"closed form: {told.problem}")
            return
        if len(numbers) != len(told.values):
            self.doubts.append(
                f"closed form: {told.form.source} has {len(told.values)} numbers, "
                f"{len(numbers)} are read"
            )
            return
        for number, value in zip(numbers, told.values, strict=True):
            if not number.overlaps(value):
                self.contradiction = self.contradiction or (told, number, value)
            kept = min(_digits(number), _digits(value))
            self.widest = min(self.widest, kept)
            if kept >= self.digits or not number.overlaps(value):
                self.decided += 1
            else:
                self.doubts.append(f"a ball has {kept:.1f} digits, {self.digits} are needed")

    def verdict(self, kind: str) -> Verdict:
        """Refuted by a contradiction; undecided by a doubt, or where nothing was compared."""
        if self.contradiction is not None:
            return self._refuted(kind, *self.contradiction)
        status, reason = Status.ENCLOSED, ""
        if self.doubts or not self.decided:
            status = Status.UNDECIDED
            reason = self.doubts[0] if self.doubts else "no comparison was made"
        worst = f"widest ball: {self.widest:.1f} digits" if self.decided else ""
        return Verdict(kind, status, self.drawn, self.decided, worst=worst, reason=reason)

    def _refuted(self, kind: str, told: Foretold, number: Any, value: Any) -> Verdict:
        moment = told.time if told.claimed_time is None else _shown(told.claimed_time)
        found = {"t": str(moment), "network": _shown(number), "closed form": _shown(value)}
        shown = {**told.known, **found}
        return Verdict(
            kind,
            Status.REFUTED,
            self.drawn,
            self.decided,
            worst=f"network {shown['network']}, closed form {shown['closed form']}",
            reason=f"the balls of the network and of the closed form ({told.form.source}) are "
            "disjoint",
            counterexample=shown,
        )


def _measured(
    experiment: Experiment, network: Network, foretold: Sequence[Foretold], digits: int
) -> Iterator[tuple[Foretold, list[Any]]]:
    """Each of ``foretold`` with the balls of what is read off the network then.

    Where the time itself is a ball, the weights are widened by what they can move meanwhile.
    """
    times = sorted({told.time for told in foretold})
    if not times:
        return
    wanted = digits + GUARD_DIGITS
    layers = dict(zip(times, experiment.enclose(network, times, wanted), strict=True))
    with working_precision(GUARD_BITS + ceil(wanted * BITS_PER_DIGIT)):
        for told in foretold:
            weights = layers[told.time]
            if told.delay is not None:
                reach = flint.arb(0, experiment.drift(network, told.delay))
                weights = tuple(_widened(layer, reach) for layer in weights)
            yield told, told.observable.balls(weights)


def _widened(layer: Any, reach: Any) -> Any:
    return flint.arb_mat([[entry + reach for entry in row] for row in layer.tolist()])


def _digits(ball: Any) -> float:
    """-log10 of the radius relative to max(1, |value|), rounded to a float; infinite if exact."""
    with working_precision(GUARD_BITS):
        radius = ball.rad()
        if radius == 0:
            return inf
        return float((abs(ball).upper().max(flint.arb(1)) / radius).log() / flint.arb(10).log())


def _shown(ball: Any) -> str:
    value, radius = decimal_interval(ball, SHOWN_DIGITS)
    return value if radius == "0" else f"{value} +/- {radius}"
