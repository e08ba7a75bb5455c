"""Tables of items with a planted structure, for tests."""

from __future__ import annotations

import numpy as np


def _field(edges, count, properties, rng):
    """Properties from a Gaussian field on a graph: neighbours are alike."""
    laplacian = np.zeros((count, count))
    for i, j in edges:
        laplacian[[i, j], [i, j]] += 1
        laplacian[[i, j], [j, i]] -= 1
    covariance = np.linalg.inv(laplacian + np.eye(count) / 5)
    return np.linalg.cholesky(covariance) @ rng.normal(size=(count, properties))


def ring(rng, count=12, properties=100):
    return _field([(i, (i + 1) % count) for i in range(count)], count, properties, rng)


def chain(rng, count=20, properties=200):
    return _field([(i, i + 1) for i in range(count - 1)], count, properties, rng)


def grid(rng, rows=4, columns=5, properties=200):
    at = np.arange(rows * columns).reshape(rows, columns)
    edges = [*zip(at[:-1].ravel(), at[1:].ravel(), strict=True)]
    edges += zip(at[:, :-1].ravel(), at[:, 1:].ravel(), strict=True)
    return _field(edges, rows * columns, properties, rng)


def _flipped(values, epsilon, rng):
    return values * np.where(rng.random(values.shape) < epsilon, -1.0, 1.0)


def clusters(rng, sizes=(5, 4, 3, 6), properties=100, epsilon=0.15):
    values = np.repeat(rng.choice([-1.0, 1.0], (len(sizes), properties)), sizes, axis=0)
    return _flipped(values, epsilon, rng)


def regular_tree(rng, branching=(2, 2, 3), epsilon=(0.15, 0.15, 0.1), properties=400):
    values = rng.choice([-1.0, 1.0], (1, properties))
    for children, flips in zip(branching, epsilon, strict=True):
        values = _flipped(np.repeat(values, children, axis=0), flips, rng)
    return values


TREE = [["a", "b"], [["c", "d"], [["e", "f"], ["g", "h", "i"]]], "j"]


def irregular_tree(rng, tree=TREE, epsilon=0.12, properties=600):
    def below(node, values):
        values = _flipped(values, epsilon, rng)
        if isinstance(node, str):
            return [values]
        return [leaf for child in node for leaf in below(child, values)]

    return np.array(below(tree, rng.choice([-1.0, 1.0], properties)))


def ordering(rng, count=12, properties=80, noise=0.02):
    """Every property holds from some item on: items have more and more of them."""
    first = rng.integers(0, count, properties)
    values = (np.arange(count)[:, None] >= first).astype(float)
    return np.where(rng.random(values.shape) < noise, 1 - values, values)


def crossing(rng, rows=2, columns=4, properties=(120, 100), epsilon=0.1):
    """Some properties are shared by row, others by column."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    by_row = rng.choice([-1.0, 1.0], (rows, properties[0]))[row]
    by_column = rng.choice([-1.0, 1.0], (columns, properties[1]))[column]
    return _flipped(np.concatenate([by_row, by_column], axis=1), epsilon, rng)


def points(rng, count=20, dimensions=6, properties=100):
    """Items without any of these structures: random points in a few dimensions."""
    places = rng.normal(size=(count, dimensions)) @ rng.normal(size=(dimensions, properties))
    return places + 0.3 * rng.normal(size=places.shape)


PLANTED = {
    "ring": (ring, "12 places"),
    "chain": (chain, "20 places"),
    "grid": (grid, "4 x 5"),
    "clusters": (clusters, "4 clusters"),
    "regular hierarchy": (regular_tree, "2 x 2 x 3"),
    "irregular hierarchy": (irregular_tree, "9 mergers"),
    "ordering": (ordering, "equal steps"),
    "cross-cutting": (crossing, "2 groups across 4"),
}
"""Kinds of structure, how to make them, and the size that is planted."""
