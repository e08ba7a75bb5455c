"""What each kind of evidence looks at, in one line; docs/evidence.md tells the rest."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["KINDS"]

KINDS: Mapping[str, str] = {
    "derivation": "every step from the premises to the statement, each by its named rule",
    "identity": "both sides with definitions expanded, brought to one normal form",
    "matrix": "words of the free algebra, for all sizes; exact matrices refute",
    "region": "signs and certificates on the whole domain; balls and bisection for the rest",
    "points": "exact rational points, decided by ball arithmetic, shrunk where it fails",
    "instances": "depths, values and indices drawn at random, both sides as exact fractions",
    "model": "the generative model itself, all outcomes of small trees visited",
    "trajectory": "whole networks trained by a validated integration of the gradient flow",
    "simulation": "the same networks in double precision, under a measured error budget",
    "witness": "the recorded point at which a slogan fails, and by exactly how much",
    "consistency": "whether what is assumed can hold at all",
    "assumptions": "whether each assumption is needed",
    "limits": "the declared special values and limits, exactly",
    "evaluation": "whether the formulas that are computed are those that are stated",
    "mutants": "every single change of the statement: refuted, or shown to say no more",
}
"""In the order in which they are explained."""
