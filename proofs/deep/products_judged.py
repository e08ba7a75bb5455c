"""What sampled products of random matrices say of the claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import log, sqrt
from typing import Any

import numpy as np
from lemmata.numerics.length_spreads import length_spreads
from numpy.typing import NDArray

from ..verdicts import Status
from .claimed import NotAvailableError
from .products import (
    POINTS,
    ProductSettings,
    norm_name,
    norm_plan,
    rate,
    shares,
    sizes,
    spectrum_name,
    thresholds,
)
from .products_theory import (
    AMPLIFIED,
    NORM,
    ORTHOGONAL,
    SPECTRUM,
    TAIL,
    Curve,
    amplified,
    edge,
    moment,
    norm_law,
    orthogonal,
    spectrum,
    tail_at,
)
from .spectra_verdicts import (
    FEWEST,
    Compared,
    Sizes,
    compared_exactly,
    compared_mean,
    compared_sizes,
    compared_tail,
    gathered,
    not_known,
    weakest_of,
)

__all__ = ["ProductsResult", "products_result"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class ProductsResult:
    """What is compared, and what is drawn.

    ``counts[weights, depth]``: histogram in ``bins`` of the logarithms of the squared singular
    values at the width; ``curves[depth]``: the spectrum at unlimited width.
    """

    settings: ProductSettings
    rows: list[Compared]
    counts: dict[tuple[str, int], FloatArray]
    curves: dict[int, Curve]
    status: Status


def products_result(found: Mapping[str, Any], asked: ProductSettings) -> ProductsResult:
    """All comparisons, and the histograms at the width."""
    rows: list[Compared] = []
    counts: dict[tuple[str, int], FloatArray] = {}
    for weights in asked.weights:
        for depth in asked.depths:
            of = f"{weights}, D = {depth}"
            if weights == "orthogonal":
                told = found["orthogonal"][str(depth)]
                rows.append(_judged_orthogonal(told, depth, of))
                counts[weights, depth] = np.array(told["counts"])
                continue
            rows += _judged_norm(found, asked, weights, depth)
            collected = _collected(found, asked, weights, depth)
            rows += _judged_spectrum(collected, asked, depth, of)
            counts[weights, depth] = collected[asked.width]["counts"]
    return ProductsResult(asked, rows, counts, _curves(asked), weakest_of(rows))


def _curves(asked: ProductSettings) -> dict[int, Curve]:
    try:
        return {depth: spectrum(depth, POINTS) for depth in asked.depths}
    except NotAvailableError:
        return {}


def _collected(
    found: Mapping[str, Any], asked: ProductSettings, weights: str, depth: int
) -> dict[int, dict[str, FloatArray]]:
    """The readings of all parts of a width, one after the other, by width."""
    parts = {
        width: [
            found[spectrum_name(weights, width, block)][str(depth)]
            for block in range(len(shares(draws)))
        ]
        for width, draws in sizes(asked)
    }
    return gathered(parts, ("mean", "spread", "largest", "above"))


# At unlimited width.


def _judged_spectrum(
    collected: Mapping[int, Mapping[str, FloatArray]],
    asked: ProductSettings,
    depth: int,
    of: str,
) -> list[Compared]:
    def against_sizes(what: str, name: str, theory: Callable[[], float], order: float) -> Compared:
        draws = {width: readings[name] for width, readings in collected.items()}
        try:
            return compared_sizes(what, of, SPECTRUM, theory(), draws, rate(asked), order)
        except NotAvailableError as error:
            middle = float(np.exp(np.median(draws[asked.width])))
            return not_known(what, of, SPECTRUM, middle, str(error), missing=True)

    above = {width: readings["above"] for width, readings in collected.items()}
    return [
        against_sizes("mean square", "mean", lambda: moment(depth, 1), 1.0),
        against_sizes("relative variance", "spread", lambda: _relative_variance(depth), 1.0),
        # The largest sits at a soft edge, where shift and fluctuations are N^(-2/3).
        against_sizes("largest square", "largest", lambda: edge(depth), 2 / 3),
        _judged_amplified(above, asked, depth, of),
        *_judged_distribution(above, asked, depth, of),
    ]


def _relative_variance(depth: int) -> float:
    return moment(depth, 2) / moment(depth, 1) ** 2 - 1


def _judged_amplified(above: Sizes, asked: ProductSettings, depth: int, of: str) -> Compared:
    draws = {width: part[:, -1:] for width, part in above.items()}
    what, at = "fraction above 1", -2 * depth * log(asked.gain)
    measured = float(np.median(draws[asked.width]))
    try:
        theory = amplified(depth) if asked.gain == 1 else tail_at(depth, at)
    except NotAvailableError as error:
        return not_known(what, of, AMPLIFIED, measured, str(error), missing=True)
    if min(theory, 1 - theory) * asked.width < FEWEST:
        note = f"{theory:.3g} by the theory: fewer than {FEWEST} directions on one side"
        return not_known(what, of, AMPLIFIED, measured, note)
    found = compared_tail(of, AMPLIFIED, [at], [theory], draws, rate(asked))
    return replace(found, what=what)


def _judged_distribution(
    above: Sizes, asked: ProductSettings, depth: int, of: str
) -> list[Compared]:
    at, tails = thresholds(asked, depth)
    if not len(at):
        return []
    parts = {width: part[:, :-1] for width, part in above.items()}
    return [compared_tail(of, TAIL, at.tolist(), tails.tolist(), parts, rate(asked))]


# At every width.


def _judged_norm(
    found: Mapping[str, Any], asked: ProductSettings, weights: str, depth: int
) -> list[Compared]:
    width, draws = norm_plan(asked, depth)
    parts = [found[norm_name(weights, depth, i)]["logs"] for i in range(len(shares(draws)))]
    logs = np.concatenate([np.array(part) for part in parts])
    of, spreads = f"{weights}, D = {depth}, N = {width}", length_spreads(width, depth)
    squares = np.exp(logs)
    try:
        law = norm_law(width, depth)
    except NotAvailableError as error:
        mean = float(np.mean(squares))
        return [not_known("norm: mean", of, NORM, mean, str(error), missing=True)]
    rows = [
        ("norm: mean", law.mean, squares, spreads.length),
        ("norm: variance", law.variance, (squares - law.mean) ** 2, spreads.square),
        ("norm: log mean", law.log_mean, logs, spreads.log),
    ]
    judged = []
    # Entries that are uniform have a smaller fourth moment: the norm scatters less, and only its
    # mean is that of Gaussian ones.
    for what, theory, values, variance in rows[: 3 if weights == "gaussian" else 1]:
        radius = sqrt(2 * variance * log(2 / rate(asked)) / len(values))
        if radius < abs(theory) / 2:
            judged.append(compared_mean(what, of, NORM, theory, values, variance, rate(asked)))
        else:
            note = f"{theory:.4g} by the theory: {len(values)} draws leave it open by {radius:.2g}"
            judged.append(not_known(what, of, NORM, float(np.mean(values)), note))
    return judged


def _judged_orthogonal(found: Mapping[str, Any], depth: int, of: str) -> Compared:
    values, rounding = [found["smallest"], found["largest"]], found["rounding"]
    return compared_exactly("singular values", of, ORTHOGONAL, orthogonal(depth), values, rounding)
