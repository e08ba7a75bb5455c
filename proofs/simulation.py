"""Evidence ``simulation``: float64 networks, trained by flow and by descent, within their budgets.

The budgets are measured (`experiments.training` names their terms and says why they are estimates
and no bounds), so a disagreement leaves the claim undecided and is told in budgets: only the balls
of ``trajectory`` may refute.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import flint
import numpy as np
from lemmata.numerics.codegen import UnknownFunctionError
from lemmata.numerics.precision import working_precision
from lemmata.theory.claims import Claim
from numpy.typing import NDArray

from .closed_forms import ClosedForm, closed_forms
from .evidence import Budget
from .experiments import RECIPES, Experiment, Foretold, Recipe, foretell, repetitions
from .experiments.regions import REGIONS, Region
from .verdicts import Status, Verdict

if TYPE_CHECKING:
    from .experiments.training import Trained

__all__ = ["Simulation"]

FloatArray = NDArray[np.float64]
DIGITS = 25
"""Of the closed form: nine beyond float64, so that its own error never shows."""
BITS = 128


@dataclass(frozen=True)
class _Worst:
    """The comparison that used up the largest share of its budget."""

    share: float
    way: str
    term: str
    where: str

    def __str__(self) -> str:
        return f"{self.share:.2g} of the budget ({self.way}, mostly {self.term})"


class Simulation:
    """Sampled where every network agrees with the closed form within its error budget."""

    kind = "simulation"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Claims, not guards, that foretell something of the end-to-end map."""
        known = budget.trajectories and claim.id in RECIPES
        return known and claim.expects != "refuted" and RECIPES[claim.id].simulated

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """``drawn`` counts comparisons, ``decided`` those within their budgets.

        ``worst`` is the largest share of a budget, with the term that dominates it.
        """
        drawn, decided, worst, reason = 0, 0, _Worst(0.0, "", "", ""), ""
        try:
            for shares, found in _trials(claim, budget, rng):
                drawn, decided = drawn + len(shares), decided + int(np.sum(shares <= 1))
                worst = max(worst, found, key=lambda w: w.share)
        except (UnknownFunctionError, ArithmeticError) as error:
            reason = str(error)
        except KeyError as error:
            reason = str(error.args[0])
        if not reason and decided < drawn:
            reason = (
                f"off by {worst.share:.3g} budgets ({worst.way}, mostly {worst.term}) at "
                f"{worst.where}; the budget is measured, no bound, so this does not refute"
            )
        if not reason and not drawn:
            reason = "the claim foretells nothing of the end-to-end map"
        return Verdict(
            self.kind,
            Status.UNDECIDED if reason else Status.SAMPLED,
            drawn,
            decided,
            worst=str(worst) if drawn else "",
            reason=reason,
            dtype="float64",
            device=budget.device if _has_region(claim, budget) else "cpu",
        )


def _trials(
    claim: Claim, budget: Budget, rng: np.random.Generator
) -> Iterator[tuple[FloatArray, _Worst]]:
    """Experiments of the recipe, by flow and by descent; then a whole region of parameters."""
    forms = closed_forms(claim)
    for _ in range(repetitions(budget)):
        yield from _experiment(RECIPES[claim.id], forms, rng)
    if _has_region(claim, budget):
        yield _region(REGIONS[claim.id](rng, budget.networks), forms, budget.device)


def _has_region(claim: Claim, budget: Budget) -> bool:
    return budget.networks > 0 and claim.id in REGIONS


def _region(
    region: Region, forms: Sequence[ClosedForm], device: str
) -> tuple[FloatArray, _Worst]:
    """All networks of a region at all times, where their budget is small enough to tell."""
    # Imported here for the same reason as below.
    from lemmata.numerics.engines import flow_engine
    from lemmata.numerics.statistics import ErrorBudget

    from .experiments.campaigns import telling
    from .experiments.training import Trained

    numbers, budget, places = telling(region, flow_engine(region.width, device, workers=1))
    values, where = [], []
    for time, network in places:
        known = {**region.known[network], "t": Fraction(region.times[time])}
        for form in forms:
            values.append(form.at(known, DIGITS)[0])
            where.append({name: str(known[name]) for name in (*form.reads & known.keys(), "t")})
    if not values:
        raise ArithmeticError("no network of the region is known well enough to tell anything")
    each = len(forms)
    terms = {name: np.repeat(term, each) for name, term in budget.terms.items()}
    found = Trained("region", np.repeat(numbers, each), ErrorBudget(terms))
    return _shares(found, values, where)


def _experiment(
    recipe: Recipe, forms: Sequence[ClosedForm], rng: np.random.Generator
) -> Iterator[tuple[FloatArray, _Worst]]:
    """One new experiment of the recipe, by flow and by descent."""
    experiment = recipe.draw(rng)
    told = [
        (i, foretold)
        for i, network in enumerate(experiment.networks)
        for foretold in foretell(recipe.reads, forms, experiment, network, DIGITS)
    ]
    problem = next((foretold.problem for _, foretold in told if foretold.problem), "")
    if problem:
        raise ArithmeticError(problem)
    yield from _compared(experiment, told, rng)


def _compared(
    experiment: Experiment, told: Sequence[tuple[int, Foretold]], rng: np.random.Generator
) -> Iterator[tuple[FloatArray, _Worst]]:
    """Share of its budget that every comparison uses up, for flow and for descent."""
    # Imported here: SciPy takes a quarter of a second, and the quick profile needs none of it.
    from .experiments.batches import Look
    from .experiments.training import train

    sizes = (experiment.inputs.nrows(), experiment.outputs.nrows())
    looks, values, where = [], [], []
    for i, foretold in told:
        delay = 0.0 if foretold.delay is None else float(foretold.delay.upper())
        for place, left, right in foretold.observable.strengths(sizes):
            looks.append(Look(i, left, right, foretold.time, delay))
            values.append(foretold.values[place])
            where.append({**foretold.known, "t": str(foretold.time)})
    if looks:
        for trained in train(experiment, looks, rng):
            yield _shares(trained, values, where)


def _shares(
    trained: Trained, values: Sequence[Any], where: Sequence[Mapping[str, str]]
) -> tuple[FloatArray, _Worst]:
    with working_precision(BITS):
        gaps = np.array(
            [
                float(abs(flint.arb(float(number)) - value).upper())
                for number, value in zip(trained.numbers, values, strict=True)
            ]
        )
    total = trained.budget.total
    # A gap of zero needs no budget; any other is beyond a budget of zero.
    shares = np.divide(gaps, total, out=np.where(gaps > 0, np.inf, 0.0), where=total > 0)
    place = int(np.argmax(shares))
    terms = trained.budget.terms
    largest = max(terms, key=lambda name: float(terms[name][place]))
    told = ", ".join(f"{name} = {value}" for name, value in where[place].items())
    return shares, _Worst(float(shares[place]), trained.way, largest, told)
