"""What large initial weights cost: test error of linear regression."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from .figure import Figure
from .style import COLOURS, GREY, LINES, MARKS, canvas, name_panel, points, styled

__all__ = ["FIGURE"]

TEACHER, NOISE = 1.0, 0.3
RATIOS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(2))
MORE = (Fraction(5, 4), Fraction(3, 2), Fraction(3))
GAINS = (0.0, 0.5, 1.0, 1.5, 2.0)
SHOWN = (0.0, 1.0, 2.0)
INPUTS, SEEDS, ACCURACY, MOST = 100, 12, 0.01, 20_000


@styled
def draw(rng: np.random.Generator) -> Any:
    """Test error against the size of the initial weights; and against the number of examples."""
    measured = {ratio: _trained(ratio, rng) for ratio in sorted({*RATIOS, *MORE})}
    figure, (sizes, examples) = canvas(1, 2, 3.0, sharey=True)
    _draw_sizes(sizes, measured)
    _draw_examples(examples, measured)
    sizes.set_yscale("log")
    sizes.set_ylim(0.07, 9)
    sizes.set_yticks([0.1, 0.2, 0.5, 1, 2, 5], ["0.1", "0.2", "0.5", "1", "2", "5"])
    sizes.minorticks_off()
    sizes.set_ylabel("test error")
    return figure


def _trained(ratio: Fraction, rng: np.random.Generator) -> tuple[Any, Any]:
    """Test errors in the end at all ``GAINS``: means over seeds and their standard errors."""
    from lemmata.numerics.deep_devices import placer
    from lemmata.numerics.deep_regression import descend_regression

    place, errors = placer("cpu"), []
    for _ in range(SEEDS):
        X = rng.standard_normal((INPUTS, int(ratio * INPUTS))) / np.sqrt(INPUTS)
        teacher = TEACHER * rng.standard_normal((1, INPUTS))
        Y = teacher @ X + NOISE * rng.standard_normal((1, X.shape[1]))
        starts = np.array(GAINS)[:, None, None] * rng.standard_normal((1, INPUTS))
        run = descend_regression(X, Y, starts, accuracy=ACCURACY, most=MOST, place=place)
        errors.append(np.sum((run.weights - teacher) ** 2, axis=(1, 2)) / INPUTS + NOISE**2)
    return np.mean(errors, axis=0), np.std(errors, axis=0, ddof=1) / np.sqrt(SEEDS)


def _theory(ratio: Fraction, gain: float) -> float:
    from ..deep.claimed import claimed

    inputs = {"sigma_w": TEACHER, "sigma_w0": gain, "sigma_eps": NOISE}
    return claimed("generalization.large_gain", alpha=ratio, **inputs)["error"]


def _draw_sizes(axes: Any, measured: Any) -> None:
    gains = np.linspace(0, GAINS[-1], 21)
    for place, ratio in enumerate(RATIOS):
        colour, (means, errors) = COLOURS[place], measured[ratio]
        curve = [_theory(ratio, float(gain)) for gain in gains]
        axes.plot(gains, curve, color=colour, linestyle=LINES[place])
        points(axes, GAINS, means, colour, MARKS[place])
        axes.errorbar(GAINS, means, yerr=errors, fmt="none", ecolor=colour, elinewidth=0.9)
        axes.annotate(
            rf"$\alpha={float(ratio):g}$",
            (GAINS[-1], curve[-1]),
            xytext=(7, 0),
            textcoords="offset points",
            color=colour,
            va="center",
            fontsize=8.5,
        )
    axes.set_xlim(0, GAINS[-1] + 0.06)
    axes.set_xlabel(r"size of the initial weights  $\sigma_{w0}$")
    name_panel(axes, "a", "the cost of the initial weights")


def _draw_examples(axes: Any, measured: Any) -> None:
    below = 1 - np.geomspace(0.98, 0.015, 36)
    above = 1 + np.geomspace(0.015, 2.2, 36)
    shared = [_theory(Fraction(float(x)), 0.0) for x in above]
    for place, gain in enumerate(SHOWN):
        colour, number = COLOURS[(0, 1, 5)[place]], GAINS.index(gain)
        curve = [_theory(Fraction(float(x)), gain) for x in below]
        look = {"color": colour, "linestyle": LINES[place]}
        axes.plot(below, curve, label=rf"$\sigma_{{w0}}={gain:g}$", **look)
        axes.plot(above, shared, **look)
        ratios = [ratio for ratio in measured if gain == 0 or ratio < 1]
        values = [measured[ratio][0][number] for ratio in ratios]
        points(axes, [float(ratio) for ratio in ratios], values, colour, MARKS[place])
    axes.axvline(1, color=GREY, linewidth=0.7, zorder=0)
    axes.set_xlim(0, 3.2)
    axes.set_xlabel(r"examples per weight  $\alpha=P/N$")
    axes.legend(loc="upper right")
    name_panel(axes, "b", "it ends at one example per weight")


FIGURE = Figure(
    name="gain",
    title="Large initial weights cost generalization, unless examples suffice",
    caption=(
        "Test error of linear regression trained to its end by gradient descent, with a teacher of "
        "size 1 and noise of size 0.3; lines are the theory of unlimited size, marks the mean of "
        "12 regressions of 100 weights, bars its standard error. Left: against the size of the "
        "initial weights. With fewer examples than weights their cost stays for ever; with more it "
        "is zero. Right: the same against the number of examples for each weight; at one example "
        "for each weight the error has no bound, and beyond it the start no longer matters."
    ),
    alt=(
        "Left, on a logarithmic axis, four curves of test error: three rise with the size of the "
        "initial weights, the lowest is flat. Right, three curves against the number of examples "
        "that fall, rise to a sharp peak at one and fall together beyond it."
    ),
    draw=draw,
    claims=("generalization.large_gain", "generalization.large_gain.few_examples"),
)
