"""Steps from the loss or the generative model to a claim; the court checks each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .display import Shown

__all__ = [
    "ByParts",
    "Combines",
    "Crosses",
    "Derivation",
    "Entries",
    "Evident",
    "Extreme",
    "Follows",
    "Induction",
    "Integrated",
    "Lambert",
    "Ordered",
    "Premise",
    "Proportional",
    "Rule",
    "SameSign",
    "Solved",
    "Step",
    "Substituted",
]


@dataclass(frozen=True, slots=True)
class Premise:
    """The relation is an assumption of the claim, a definition, or a claim it rests on.

    ``claim`` names the claim it rests on; empty for what the claim itself is ``given``.  ``at``
    replaces symbols of that claim.  All that the claim assumes, so replaced, must be given here
    as well, be shown by an earlier step, or have a certain sign on the domain; its definitions
    must be those of this claim.
    """

    claim: str = ""
    at: Mapping[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Follows:
    """The relation becomes an identity when the premises are used as rewrite rules."""


@dataclass(frozen=True, slots=True)
class Combines:
    """Left minus right is the sum of ``factors[n]`` times left minus right of step ``n``.

    Steps are counted from 1; what the factors say is checked as an identity, definitions expanded.
    """

    factors: Mapping[int, Any]


@dataclass(frozen=True, slots=True)
class Integrated:
    """From d/d``variable`` X = 0 (the previous step): X equals its value at ``start``."""

    variable: Any
    start: Any


@dataclass(frozen=True, slots=True)
class Solved:
    """The previous relation is linear in the left side of this one; solve for it.

    What multiplies the left side, once denominators are cleared, must not vanish: ``factor`` may
    write it so that its sign shows.
    """

    factor: Any = None


@dataclass(frozen=True, slots=True)
class Substituted:
    """The previous relation with symbols replaced.

    What is put for a symbol must lie in its domain and satisfy all that is assumed of it.
    """

    replacements: Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class Entries:
    """One diagonal entry of the previous matrix relation between diagonal letters."""

    entries: Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class Evident:
    """An inequality whose sign shows on its face, after the equation of an earlier step.

    The court certifies it: sums of terms of one sign, products, logarithms of what exceeds 1, and
    polynomials whose coefficients are not negative once the hypotheses are substituted.
    """


@dataclass(frozen=True, slots=True)
class Ordered:
    """From dF/d``variable`` < 0 (or > 0) on an interval: F orders any two values of it."""

    variable: Any


@dataclass(frozen=True, slots=True)
class Crosses:
    """From dF/d``variable`` > 0 (or < 0) and F = 0 at ``root``: the sign of F on either side."""

    variable: Any
    root: Any


@dataclass(frozen=True, slots=True)
class Extreme:
    """From "dF/d``variable`` < 0 iff ``variable`` > ``root``" (the previous step): F is at most
    its value at the root.  Likewise with the signs turned, and then at least.
    """

    variable: Any
    root: Any


@dataclass(frozen=True, slots=True)
class SameSign:
    """The previous equivalence with its left side multiplied by the positive ``factor``."""

    factor: Any


@dataclass(frozen=True, slots=True)
class Lambert:
    """From ``x`` e^``x`` = z (the previous step) with x > -1: x = W(z), the principal branch.

    The left side of the step is the unknown, in which x is monotone: x itself, or a function f(t)
    in it; the right side is where x(right) = W(z).
    """

    x: Any


@dataclass(frozen=True, slots=True)
class Induction:
    """The equation holds at ``start``, an end of the range of the index, and so at all of it.

    With d(k) for left minus right, the court checks d(start) = 0 and
    d(k) = ``factor`` d(next value of k on the way to ``start``).
    """

    index: Any
    start: Any
    factor: Any = 1


@dataclass(frozen=True, slots=True)
class Proportional:
    """The two sides of an equivalence compare quantities that are multiples of each other.

    What the left inequality asserts to be positive is ``factor``, itself positive, times what the
    right one does.
    """

    factor: Any


@dataclass(frozen=True, slots=True)
class ByParts:
    """Left minus right is ``factor`` times E[H'(z) - z H(z)], H = ``function`` of ``variable``.

    The average over a standard normal z: the derivative of H(z) exp(-z^2/2), which vanishes at
    both ends where H and its derivatives grow at most exponentially (``theory.gaussian.tame``;
    assumed of undefined functions of z, and of nothing else).
    """

    function: Any
    variable: Any
    factor: Any = 1


Rule = (
    Premise
    | Follows
    | Combines
    | Integrated
    | Solved
    | Substituted
    | Entries
    | Evident
    | Ordered
    | Crosses
    | Extreme
    | SameSign
    | Lambert
    | Induction
    | Proportional
    | ByParts
)


@dataclass(frozen=True, slots=True)
class Step:
    """One relation, why it holds, and the rule by which the court checks it."""

    why: str
    relation: Any
    by: Rule = field(default_factory=Follows)


@dataclass(frozen=True, slots=True)
class Derivation(Shown):
    """Steps in order; the last relation must be the claim's statement.

    Raises ``ValueError`` for no steps, or for a step without a reason.
    """

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError("steps: a derivation needs at least one step")
        for number, step in enumerate(self.steps, 1):
            if not step.why.strip():
                raise ValueError(f"steps: step {number} ({step.relation}) has no reason: say why")
