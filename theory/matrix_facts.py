"""What a matrix claim may assume of its letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sympy import MatrixSymbol, Symbol

__all__ = ["MatrixFacts"]


@dataclass(frozen=True, slots=True)
class MatrixFacts:
    """Facts on letters (``MatrixSymbol``) and equations among them.

    ``orthonormal_columns``  R^T R = I (and R R^T = I when R is square)
    ``symmetric``, ``diagonal``  A^T = A; diagonal letters commute with one another
    ``commuting``  pairs (E, F) with E F = F E
    ``constant``  letters that time and differentials leave alone
    ``random``  letters that change from example to example; all others leave an ``Average``
    ``gaussian``  pairs (W, v): the entries of W are independent Gaussian numbers of mean 0 and
        variance v, independent of all other letters; they too leave an ``Average``
    ``given``  equations ``c*word = expression`` with one word on the left, read left to right:
        flows, balance, definitions, averages.  They hold at the instant at which the claim is
        read; they are never differentiated, except flows (a ``TimeDerivative`` on the left).
        For what holds at all times, substitute: write R*A*V.T itself.
    ``time``  the scalar symbol t on which scalar coefficients and exponents may depend

    The first three hold at all times.  Raises ``TypeError`` for entries that are no
    ``MatrixSymbol`` and ``ValueError`` for symmetric, diagonal or commuting letters that are
    not square, and for Gaussian ones of which anything else is said.
    """

    orthonormal_columns: tuple[Any, ...] = ()
    symmetric: tuple[Any, ...] = ()
    diagonal: tuple[Any, ...] = ()
    commuting: tuple[tuple[Any, Any], ...] = ()
    constant: tuple[Any, ...] = ()
    random: tuple[Any, ...] = ()
    gaussian: tuple[tuple[Any, Any], ...] = ()
    given: tuple[Any, ...] = ()
    time: Any = None

    def __post_init__(self) -> None:
        pairs = tuple(letter for pair in self.commuting for letter in pair)
        square = {"symmetric": self.symmetric, "diagonal": self.diagonal, "commuting": pairs}
        any_shape = {
            "orthonormal_columns": self.orthonormal_columns,
            "constant": self.constant,
            "random": self.random,
            "gaussian": tuple(letter for letter, _ in self.gaussian),
        }
        for name, letters in {**square, **any_shape}.items():
            for letter in letters:
                _check_letter(name, letter, square=name in square)
        for equation in self.given:
            if not (hasattr(equation, "lhs") and hasattr(equation, "rhs")):
                raise TypeError(f"given: {equation!r} is no equation: use matrix_equation")
        if self.time is not None and not isinstance(self.time, Symbol):
            raise TypeError(f"time: {self.time!r} is no Symbol: give the scalar symbol t")
        self._check_gaussian({**square, **any_shape})

    def _check_gaussian(self, told: Mapping[str, tuple[Any, ...]]) -> None:
        for letter in told["gaussian"]:
            others = [name for name, letters in told.items() if letter in letters]
            if others != ["gaussian"] or told["gaussian"].count(letter) > 1:
                raise ValueError(f"gaussian: {letter} is {others[0]} as well, or told twice")
            if any(equation.has(letter) for equation in self.given):
                raise ValueError(f"gaussian: an equation is given for {letter}: it is free")

    def without(self, equation: Any) -> MatrixFacts:
        """The same facts but for one given equation, to show that it is needed."""
        if equation not in self.given:
            raise ValueError(f"equation: {equation} is not given: name one of {self.given}")
        fields = {name: getattr(self, name) for name in self.__slots__}
        fields["given"] = tuple(e for e in self.given if e != equation)
        return MatrixFacts(**fields)


def _check_letter(name: str, letter: Any, *, square: bool) -> None:
    if not isinstance(letter, MatrixSymbol):
        raise TypeError(f"{name}: {letter!r} is no MatrixSymbol: name letters only")
    if square and letter.rows != letter.cols:
        raise ValueError(f"{name}: {letter} has shape {letter.shape}: it must be square")
