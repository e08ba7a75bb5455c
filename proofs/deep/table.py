"""The table of deep tanh networks, in small: Gaussian or orthogonal weights, gain 1 or 1.1.

Empirical: no claim derives it.  What is tested is the order of the errors that were published.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from lemmata.numerics.deep_data import centred
from lemmata.numerics.deep_devices import Place, placer
from lemmata.numerics.deep_starts import gaussian_weights, orthogonal_weights
from lemmata.numerics.deep_training import Classified, Loss, train_classifiers
from lemmata.numerics.digits import CLASSES, Digits, split
from lemmata.numerics.networks import FloatArray

from ..verdicts import Status, weakest
from .orders import judged_order
from .runs import Cell, generator

__all__ = [
    "FALSE_ALARM",
    "PROFILES",
    "PUBLISHED",
    "SOURCE",
    "STARTS",
    "Order",
    "Start",
    "TableResult",
    "TableSettings",
    "pilot_cells",
    "table_cells",
    "table_result",
]

FALSE_ALARM = 0.05
"""Rate at which any order at all is told where no start differs from another."""

SOURCE = (
    "Saxe, McClelland & Ganguli (2014), on exact solutions to the learning dynamics of deep linear "
    "networks: MNIST, 30 layers of 500 tanh units, single runs"
)
LOOKS = 6
"""How often errors are counted in a training, beside its start."""
PUBLISHED_EXAMPLES = {"train": 60_000, "test": 10_000}


class Start(NamedTuple):
    """Initial weights: their ensemble, and their gain."""

    ensemble: str
    gain: float

    @property
    def name(self) -> str:
        """As it is told."""
        return f"{self.ensemble} g={self.gain:g}"


GAUSSIAN, GAUSSIAN_MORE = Start("Gaussian", 1.0), Start("Gaussian", 1.1)
ORTHOGONAL, ORTHOGONAL_MORE = Start("orthogonal", 1.0), Start("orthogonal", 1.1)
STARTS = (GAUSSIAN, GAUSSIAN_MORE, ORTHOGONAL, ORTHOGONAL_MORE)

PUBLISHED = {
    GAUSSIAN: {"train": 2.3, "test": 3.4},
    GAUSSIAN_MORE: {"train": 1.5, "test": 3.0},
    ORTHOGONAL: {"train": 2.8, "test": 3.5},
    ORTHOGONAL_MORE: {"train": 0.095, "test": 2.1},
}
"""Errors in percent, as cited."""
BEST = ORTHOGONAL_MORE
"""The start that dynamical isometry is claimed to make the best: its orders decide."""


@dataclass(frozen=True)
class TableSettings:
    """What is trained: ``layers`` matrices, all but the first and the last of ``width`` squared.

    Descent with ``momentum`` on minibatches; ``rates`` are tried with ``pilots`` seeds of their
    own, and the one with the least mean loss in training is taken, for each start.
    """

    layers: int
    width: int
    loss: Loss
    train: int
    test: int
    updates: int
    batch_size: int
    momentum: float
    rates: tuple[float, ...]
    pilots: int
    seeds: int


PROFILES = {
    "tiny": TableSettings(5, 12, "softmax", 200, 100, 12, 50, 0.9, (0.02, 0.05), 1, 3),
    "quick": TableSettings(
        30, 50, "softmax", 1200, 597, 150, 100, 0.9, (0.003, 0.006, 0.012, 0.025, 0.05), 4, 20
    ),
    "full": TableSettings(
        30, 100, "softmax", 1200, 597, 1500, 100, 0.9, (0.002, 0.004, 0.008, 0.016, 0.032), 4, 22
    ),
}


def _draw(start: Start, digits: Digits, asked: TableSettings, rng: np.random.Generator) -> Any:
    widths = [len(digits.images), *[asked.width] * (asked.layers - 1), CLASSES]
    make = gaussian_weights if start.ensemble == "Gaussian" else orthogonal_weights
    return make(widths, rng, start.gain)


def _trained(
    networks: Sequence[Sequence[FloatArray]],
    rates: Sequence[float],
    digits: Digits,
    asked: TableSettings,
    rng: np.random.Generator,
    place: Place,
) -> Classified:
    data = centred(split(digits, asked.train, asked.test, rng))
    looks = [round(asked.updates * part / LOOKS) for part in range(LOOKS + 1)]
    return train_classifiers(
        [np.stack(layers) for layers in zip(*networks, strict=True)],
        data,
        activation="tanh",
        loss=asked.loss,
        rates=rates,
        momentum=asked.momentum,
        updates=asked.updates,
        batch_size=asked.batch_size,
        marks=looks,
        rng=rng,
        place=place,
    )


def _finite(values: FloatArray) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]


def pilot_cells(digits: Digits, asked: TableSettings, seed: int, device: str) -> list[Cell]:
    """One cell for each start and pilot: the loss in the end at every rate."""
    place = placer(device, "float32")

    def cell(start: Start, pilot: int) -> Cell:
        def work(rng: np.random.Generator) -> dict[str, Any]:
            # The same examples, in the same order, for every start.
            shared = generator(seed, "pilot", str(pilot))
            networks = [_draw(start, digits, asked, rng)] * len(asked.rates)
            trained = _trained(networks, asked.rates, digits, asked, shared, place)
            return {"loss": _finite(trained.train_loss[-1])}

        return Cell(f"rates of {start.name}, pilot {pilot}", work)

    return [cell(start, pilot) for start in STARTS for pilot in range(asked.pilots)]


def chosen_rates(found: Mapping[str, Any], asked: TableSettings) -> dict[Start, float]:
    """The rate of every start: that of the least mean loss over the pilots."""
    chosen = {}
    for start in STARTS:
        losses = [found[f"rates of {start.name}, pilot {i}"]["loss"] for i in range(asked.pilots)]
        array = np.array(losses, dtype=np.float64)  # None, of what overflowed, becomes NaN
        means = np.where(np.isfinite(array), array, np.inf).mean(axis=0)
        chosen[start] = asked.rates[int(np.argmin(means))]
    return chosen


def table_cells(
    digits: Digits, asked: TableSettings, seed: int, device: str
) -> Callable[[Mapping[str, Any]], list[Cell]]:
    """Of what the pilots found: one cell for each seed, all starts on the same examples."""
    place = placer(device, "float32")

    def cells(found: Mapping[str, Any]) -> list[Cell]:
        chosen = chosen_rates(found, asked)
        rates = [chosen[start] for start in STARTS]

        def cell(number: int) -> Cell:
            def work(rng: np.random.Generator) -> dict[str, Any]:
                networks = [
                    _draw(start, digits, asked, generator(seed, "start", start.name, str(number)))
                    for start in STARTS
                ]
                trained = _trained(networks, rates, digits, asked, rng, place)
                return {
                    "updates": trained.marks,
                    "train": np.rint(trained.train_error * asked.train).astype(int),
                    "test": np.rint(trained.test_error * asked.test).astype(int),
                    "loss": [_finite(losses) for losses in trained.train_loss],
                }

            return Cell(f"seed {number}", work)

        return [cell(number) for number in range(asked.seeds)]

    return cells


@dataclass(frozen=True)
class Order:
    """That ``smaller`` has the smaller error of the kind ``which`` ("train" or "test").

    ``difference`` of the mean errors and its standard error over the pairs, in percent;
    ``published``: the difference that was published, and ``noise``: its binomial standard error
    for single runs, which leaves out that other runs end elsewhere; ``decides``: whether it is
    among those claimed.
    """

    smaller: Start
    larger: Start
    which: str
    difference: float
    error: float
    published: float
    noise: float
    decides: bool
    status: Status


@dataclass(frozen=True)
class TableResult:
    """``wrong[which]``: counts of wrong answers in the end, ``(seeds, starts)``.

    ``percent[which]``: means and standard errors in percent, ``(2, starts)``; ``course[which]``
    means in percent after ``updates``, ``(updates, starts)``; ``losses``: mean losses in the end;
    ``status``: the weakest of the orders that decide.
    """

    settings: TableSettings
    rates: dict[Start, float]
    updates: list[int]
    wrong: dict[str, np.ndarray[Any, Any]]
    percent: dict[str, FloatArray]
    course: dict[str, FloatArray]
    losses: list[float | None]
    orders: list[Order]
    status: Status


def table_result(found: Mapping[str, Any], asked: TableSettings) -> TableResult:
    """Means, standard errors, and what is judged, of what the cells found."""
    rows = [found[f"seed {number}"] for number in range(asked.seeds)]
    sizes = {"train": asked.train, "test": asked.test}
    counts = {which: np.array([row[which] for row in rows]) for which in sizes}
    wrong = {which: array[:, -1] for which, array in counts.items()}
    percent = {which: _percent(wrong[which], sizes[which]) for which in sizes}
    orders = [
        _judged(which, pair, wrong[which], sizes[which])
        for which in sizes
        for pair in combinations(STARTS, 2)
    ]
    losses = np.array([row["loss"][-1] for row in rows], dtype=np.float64)
    return TableResult(
        settings=replace(asked),
        rates=chosen_rates(found, asked),
        updates=list(rows[0]["updates"]),
        wrong=wrong,
        percent=percent,
        course={which: 100 * counts[which].mean(axis=0) / sizes[which] for which in sizes},
        losses=_finite(losses.mean(axis=0)),
        orders=orders,
        status=weakest(order.status for order in orders if order.decides),
    )


def _percent(wrong: np.ndarray[Any, Any], size: int) -> FloatArray:
    shares = 100 * wrong / size
    if len(shares) < 2:
        return np.stack([shares.mean(axis=0), np.full(shares.shape[1], np.nan)])
    return np.stack([shares.mean(axis=0), shares.std(axis=0, ddof=1) / sqrt(len(shares))])


def _judged(which: str, pair: tuple[Start, Start], wrong: np.ndarray[Any, Any], size: int) -> Order:
    smaller, larger = sorted(pair, key=lambda start: PUBLISHED[start][which])
    ours, theirs = (wrong[:, STARTS.index(start)] for start in (smaller, larger))
    # Two kinds of error, and every pair of starts, are looked at.
    looks = 2 * len(STARTS) * (len(STARTS) - 1) // 2
    mean, error = _percent((theirs - ours)[:, None], size)[:, 0]
    shares = [PUBLISHED[start][which] / 100 for start in (smaller, larger)]
    noise = sqrt(sum(p * (1 - p) / PUBLISHED_EXAMPLES[which] for p in shares))
    return Order(
        smaller=smaller,
        larger=larger,
        which=which,
        difference=float(mean),
        error=float(error),
        published=100 * (shares[1] - shares[0]),
        noise=100 * noise,
        decides=smaller is BEST,
        status=judged_order(ours.tolist(), theirs.tolist(), FALSE_ALARM / looks),
    )
