"""Chapter 2: spectra of structures other than trees."""

from . import chain, clusters, fields, grid, ordering, ring, tree

__all__ = ["chain", "clusters", "fields", "grid", "ordering", "ring", "tree"]
