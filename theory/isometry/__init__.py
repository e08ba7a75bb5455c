"""Chapter 3: signal propagation and dynamical isometry."""

from . import closed_forms, criticality, layers, lengths, near_one, spectrum, table, tanh_series

__all__ = [
    "closed_forms",
    "criticality",
    "layers",
    "lengths",
    "near_one",
    "spectrum",
    "table",
    "tanh_series",
]
