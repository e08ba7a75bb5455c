"""What a linear network is trained on, as exact rationals, checked once at the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from .arb_matrices import rational_rows
from .precision import Rational, as_fraction, checked_list

__all__ = ["FractionRows", "Rows", "TrainingData", "is_semidefinite", "normalised", "read_training"]

Rows = Sequence[Sequence[Rational]]
FractionRows = list[list[Fraction]]


@dataclass(frozen=True)
class TrainingData:
    """Sigma31 = `target`, Sigma11 = `inputs` (None for the identity), tau, and the start.

    `weights` holds one table per layer, the layer next to the inputs first.
    """

    weights: list[FractionRows]
    target: FractionRows
    inputs: FractionRows | None
    tau: Fraction

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """Rows and columns of every layer."""
        return [(len(rows), len(rows[0])) for rows in self.weights]

    @property
    def inputs_norm(self) -> Fraction:
        """A number at or above ||Sigma11||_2: the largest row sum of a symmetric matrix."""
        if self.inputs is None:
            return Fraction(1)
        return max((sum((abs(x) for x in row), Fraction(0)) for row in self.inputs), key=Fraction)


def read_training(
    weights: Sequence[Rows], Sigma31: Rows, Sigma11: Rows | None, tau: Rational
) -> TrainingData:
    """The arguments as exact rationals whose shapes fit.

    Raises
    ------
    ValueError
        If there is no layer, shapes do not fit, Sigma11 is not symmetric positive semidefinite,
        or tau is not positive.
    TypeError
        For an entry that is not an exact rational.
    """
    given = checked_list(weights, "weights", "one matrix a layer, as a list of rows of rationals")
    layers = [_table(rows, f"weights[{i}]") for i, rows in enumerate(given)]
    if not layers:
        raise ValueError("weights: empty: give at least one matrix, first layer first")
    for i, (below, above) in enumerate(pairwise(layers)):
        if len(above[0]) != len(below):
            raise ValueError(
                f"weights[{i + 1}]: shape {_shape(above)}, but weights[{i}] has shape "
                f"{_shape(below)}: the columns of a layer are the rows of the layer below it"
            )
    target = _table(Sigma31, "Sigma31")
    wanted = (len(layers[-1]), len(layers[0][0]))
    if (len(target), len(target[0])) != wanted:
        raise ValueError(
            f"Sigma31: shape {_shape(target)}, but the network maps {wanted[1]} inputs to "
            f"{wanted[0]} outputs: give E[y x^T], shape {wanted[0]} x {wanted[1]}"
        )
    constant = as_fraction(tau, "tau")
    if constant <= 0:
        raise ValueError(f"tau: {constant} is not positive: give a positive time constant")
    inputs = None if Sigma11 is None else _read_inputs(Sigma11, wanted[1])
    return TrainingData(layers, target, inputs, constant)


def normalised(data: TrainingData) -> tuple[TrainingData, Fraction]:
    """The same flow with numbers near one, and the c by which its weights are to be multiplied.

    With W = c V, Sigma11 = k S and Sigma31 = c^L k S', where c and k are powers of two, V obeys
    the equations with S', S and the time constant tau/(c^(2L - 2) k): the flow is unchanged.
    """
    depth = len(data.weights)
    k = _power_of_two(data.inputs_norm) if data.inputs else Fraction(1)
    largest = max((abs(x) for w in data.weights for row in w for x in row), key=Fraction)
    target = max((abs(x) / k for row in data.target for x in row), key=Fraction)
    # The smallest c with c^L at or above the target, up to a factor of two.
    root = Fraction(2) ** (_exponent(target) // depth) if target else Fraction(0)
    c = _power_of_two(max(largest, root))
    return (
        TrainingData(
            [_multiplied(rows, 1 / c) for rows in data.weights],
            _multiplied(data.target, 1 / (c**depth * k)),
            None if data.inputs is None else _multiplied(data.inputs, 1 / k),
            data.tau / (c ** (2 * depth - 2) * k),
        ),
        c,
    )


def _exponent(number: Fraction) -> int:
    """An e with 2^(e - 1) < number < 2^(e + 1), for a positive number."""
    return number.numerator.bit_length() - number.denominator.bit_length()


def _power_of_two(number: Fraction) -> Fraction:
    return Fraction(2) ** _exponent(number) if number else Fraction(1)


def _multiplied(rows: FractionRows, factor: Fraction) -> FractionRows:
    return [[factor * x for x in row] for row in rows]


def _read_inputs(rows: Rows, size: int) -> FractionRows:
    inputs = _table(rows, "Sigma11")
    if (len(inputs), len(inputs[0])) != (size, size):
        raise ValueError(
            f"Sigma11: shape {_shape(inputs)}, but the network has {size} inputs: give "
            f"E[x x^T], shape {size} x {size}"
        )
    if not is_semidefinite(inputs):
        raise ValueError("Sigma11: not symmetric positive semidefinite: give E[x x^T]")
    return inputs


def _table(rows: Rows, name: str) -> FractionRows:
    wanted = "a list of rows of rationals, such as [[1, 2], [3, 4]]"
    return rational_rows(
        [checked_list(row, name, wanted) for row in checked_list(rows, name, wanted)], name
    )


def _shape(rows: FractionRows) -> str:
    return f"{len(rows)} x {len(rows[0])}"


def is_semidefinite(rows: FractionRows) -> bool:
    """Exact symmetric elimination: pivots nonnegative, and zero pivots with zero rows."""
    size = len(rows)
    if any(rows[i][j] != rows[j][i] for i in range(size) for j in range(i)):
        return False
    left = [list(row) for row in rows]
    for k in range(size):
        pivot, row = left[k][k], left[k]
        if pivot < 0 or (pivot == 0 and any(row[k:])):
            return False
        if pivot:
            for i in range(k + 1, size):
                factor = left[i][k] / pivot
                left[i] = [x - factor * y for x, y in zip(left[i], row, strict=True)]
    return True
