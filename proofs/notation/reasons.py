"""What is said of names that manuscripts write and that stand for nothing exact here."""

from __future__ import annotations

from .constancy import CONSTANT

__all__ = ["REASONS"]

_DOTS = "leaves out what nobody can check: write a sum or a product sign"
_ORDERS = "is an order of magnitude and no value: write what it stands for, or state a limit"
_DISTRIBUTION = "is a distribution and no value: state an average, or the density"
_COMPOSED = "is not read: write f(g(x)) for one function of another, and products by entries"
_SCRIPT = "stands alone in a script: put the whole script in braces, as in x^{-1}"

REASONS = {
    **dict.fromkeys((r"\dots", r"\ldots", r"\cdots", r"\dotsc", r"\dotsb", r"\dotsm"), _DOTS),
    **dict.fromkeys((r"\dotsi", r"\dotso", r"\vdots", r"\ddots"), _DOTS),
    **dict.fromkeys(("O", r"\mathcal{O}", r"\mathcal{o}", r"\mathrm{O}"), _ORDERS),
    **dict.fromkeys((r"\mathcal{N}", r"\mathcal{U}"), _DISTRIBUTION),
    **dict.fromkeys((r"\circ", r"\star"), f"{_COMPOSED} entry by entry"),
    **dict.fromkeys(("+", "-"), _SCRIPT),
    **dict.fromkeys(
        (r"\mathbb{E}", r"\mathsf{E}"), "is an average: write what it is of in brackets"
    ),
    r"\nabla": "is not read: write the derivatives one by one",
    CONSTANT: "says of a whole side of an equation that it does not change: write X = const",
}
"""For each of them, as it is written, what it is and what to write instead."""
