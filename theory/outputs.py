"""What ``evaluate`` may return or derive beyond a formula: families over indices, and roots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic, S

__all__ = ["Branch", "Case", "Cases", "Flow", "Listed", "Root", "Taken"]


@dataclass(frozen=True, slots=True, init=False)
class Listed:
    """An output that is a family: ``Listed(e, (k, 0, P - 1))`` is e at k = 0, ..., P - 1.

    ``limits`` are (index, first, last), the outermost first; each gives one level of a nested
    list.  First and last are integer expressions of the inputs, last also of indices further
    out; a last below the first is an empty list.

    Raises ``TypeError`` for an index that is no integer symbol and for a first that depends on an
    index, ``ValueError`` for no limits.

    >>> from sympy import Symbol
    >>> k, P = Symbol("k", integer=True), Symbol("P", integer=True, positive=True)
    >>> Listed(k**2, (k, 0, P - 1)).indices
    (k,)
    """

    expression: Any
    limits: tuple[tuple[Any, Any, Any], ...]

    def __init__(self, expression: Any, *limits: tuple[Any, Any, Any]) -> None:
        if not limits:
            raise ValueError("limits: none are given: give (index, first, last)")
        exact = tuple((k, S.Zero + first, S.Zero + last) for k, first, last in limits)
        indices = {index for index, _, _ in exact}
        for index, first, _ in exact:
            if not (getattr(index, "is_Symbol", False) and index.is_integer):
                raise TypeError(f"limits: {index!r} is no integer symbol: declare integer=True")
            if first.free_symbols & indices:
                raise TypeError(f"limits: {index} starts at {first}: start at a fixed number")
        object.__setattr__(self, "expression", S.Zero + expression)
        object.__setattr__(self, "limits", exact)

    @property
    def indices(self) -> tuple[Any, ...]:
        """The symbols that run, the outermost first."""
        return tuple(index for index, _, _ in self.limits)

    @property
    def parts(self) -> Iterator[Basic]:
        """The expressions it is made of."""
        yield self.expression
        for _, first, last in self.limits:
            yield from (first, last)


@dataclass(frozen=True, slots=True)
class Root:
    """A derived value: the one zero of ``equation`` in ``symbol`` between ``low`` and ``high``.

    ``evaluate`` certifies at every input that there is one and only one: the equation changes
    its sign between the ends, and interval Newton finds a single zero there.  The evidence
    ``evaluation`` demands that the claim assumes ``equation = 0``.  Low and high are expressions
    of the inputs.

    Raises ``TypeError`` for a symbol that is none, ``ValueError`` where the equation does not
    speak of the symbol or an end does.

    Where all relations of ``unless`` hold (equations ``symbol = number`` and inequalities), no
    value of the symbol satisfies the equation: the claim ``certified_by`` says so, by a strict
    inequality or by an equation with what has a sign on its face.  Then the number ``value`` is
    told instead.  It must satisfy the equation there, and where it is an end of the domain of the
    symbol, that claim states a limit.
    """

    symbol: Any
    equation: Any
    low: Any
    high: Any
    unless: tuple[Any, ...] = ()
    value: Any = 0
    certified_by: str = ""

    def __post_init__(self) -> None:
        for name in ("equation", "low", "high", "value"):
            object.__setattr__(self, name, S.Zero + getattr(self, name))
        if not self.value.is_Rational:
            raise ValueError(f"value: {self.value} is no rational number: give one")
        if not getattr(self.symbol, "is_Symbol", False):
            raise TypeError(f"symbol: {self.symbol!r} is no symbol: name what is solved for")
        if not self.equation.has(self.symbol):
            raise ValueError(f"equation: {self.equation} does not contain {self.symbol}")
        for end in (self.low, self.high):
            if end.has(self.symbol):
                raise ValueError(f"low, high: {end} contains {self.symbol}: give fixed ends")

    @property
    def parts(self) -> tuple[Basic, ...]:
        """The expressions it is made of."""
        return self.equation, self.low, self.high, *self.unless


@dataclass(frozen=True, slots=True)
class Case:
    """The output ``name`` of another claim, its symbols replaced as ``at`` says.

    It holds where ``condition`` does; True everywhere.  For sequences that is an equation of exact
    numbers, in ``Cases`` any relation between the inputs.
    """

    claim: str
    name: str
    at: Mapping[Any, Any]
    condition: Any = True


@dataclass(frozen=True, slots=True, init=False)
class Taken:
    """A derived sequence: f(``index``) is an output of another claim, the first case that holds.

    The claim must rest on each of them: so that no formula of theirs is written a second time.
    """

    index: Any
    cases: tuple[Case, ...]

    def __init__(self, index: Any, *cases: Case) -> None:
        object.__setattr__(self, "index", index)
        object.__setattr__(self, "cases", cases)

    @property
    def parts(self) -> Iterator[Basic]:
        """The expressions it is made of."""
        for case in self.cases:
            yield from (S.Zero + value for value in case.at.values())


@dataclass(frozen=True, slots=True, init=False)
class Cases:
    """An output told by other claims: the first case whose condition holds at the inputs.

    The claim must rest on each of them.  What a claim needs is asked by its own ``Evaluation``, at
    the values that ``at`` gives its inputs; an input that ``at`` leaves out is the same symbol
    here.  ``otherwise`` says why there is no value where no condition holds.

    Raises ``ValueError`` for no cases.
    """

    cases: tuple[Case, ...]
    otherwise: str

    def __init__(self, *cases: Case, otherwise: str = "") -> None:
        if not cases:
            raise ValueError("cases: none are given: name a claim that tells the output")
        object.__setattr__(self, "cases", cases)
        object.__setattr__(self, "otherwise", otherwise)

    @property
    def parts(self) -> Iterator[Basic]:
        """The expressions it is made of."""
        for case in self.cases:
            yield from (S.Zero + value for value in case.at.values())
            if isinstance(case.condition, Basic):
                yield case.condition


@dataclass(frozen=True, slots=True)
class Flow:
    """An output by validated integration: ``symbol`` at ``time``, d/dt = ``rate``, from ``start``.

    The claim states the equation of motion; the evidence ``evaluation`` demands that this is it.
    At exact inputs the rate must be a sum of powers of the symbol, which is positive.

    Raises ``TypeError`` for a symbol that is none, ``ValueError`` where it is not declared positive
    or where start or time speak of it.
    """

    symbol: Any
    rate: Any
    start: Any
    time: Any

    def __post_init__(self) -> None:
        if not getattr(self.symbol, "is_Symbol", False):
            raise TypeError(f"symbol: {self.symbol!r} is no symbol: name what moves")
        if not self.symbol.is_positive:
            raise ValueError(f"symbol: {self.symbol} is not positive: declare positive=True")
        for name in ("rate", "start", "time"):
            object.__setattr__(self, name, S.Zero + getattr(self, name))
        for end in (self.start, self.time):
            if end.has(self.symbol):
                raise ValueError(f"start, time: {end} contains {self.symbol}: give fixed values")

    @property
    def parts(self) -> tuple[Basic, ...]:
        """The expressions it is made of."""
        return self.rate, self.start, self.time


@dataclass(frozen=True, slots=True)
class Branch:
    """Inputs for which another claim, on the same function, is evaluated instead.

    ``when``: relations between the inputs that hold there; ``inputs``: what the inputs of that
    claim are, by name, where they are not those of the same name here.  ``infinite`` is the input
    that is ``oo`` there; the outputs are then those here, in the limit, times ``units``.  Unlike
    the claims of ``Cases``, this one must obey one law with the claim that has the branch: the
    evidence ``evaluation`` demands that both assume the same equations of the function for which
    they solve, at these inputs or in the limit.
    """

    claim: str
    when: tuple[Any, ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)
    infinite: Any = None
    units: Any = S.One

    @property
    def parts(self) -> Iterator[Basic]:
        """The expressions it is made of."""
        yield from self.when
        yield from (S.Zero + value for value in self.inputs.values())
        yield S.One * self.units
