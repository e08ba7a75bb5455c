"""Planted errors that the court does not catch today, strictly listed.

A name stays here as long as the court is wrong about it: the test of a listed hole fails as soon
as the hole is closed, and then the name must go.
"""

from __future__ import annotations

KNOWN_HOLES = {
    # Substituted does not ask whether what is put for a symbol has the sign of the symbol and
    # satisfies the assumptions on it.
    "substituted outside the domain of a symbol",
    # A formula that satisfies the equations is taken for the only solution (expansion.missing_data,
    # _regular): initial values are counted, not looked at; the start may lie outside the domain, or
    # in another part of it; roots hidden in acosh, asinh and the like are taken for smooth.
    "values at two times instead of two at one",
    "one start stated twice",
    "equation that is not smooth in the unknown",
    "start outside the interval of the equation",
    "start in another part of the domain",
    "singular between the start and the interval",
    # Contradictions that consistency.contradiction does not see, and two definitions of one name.
    "value against its derivative",
    "value at the start against the value at all times",
    "two definitions of one function",
}
"""Wrong claims with a status of sampled or better."""

KNOWN_DERIVATION_HOLES = {
    "substituted outside the domain of a symbol",
    # The interval is read off the assumptions as written, definitions not expanded.
    "ordered under a definition that hides the assumption",
}
"""Wrong derivations whose own verdict is proved, whatever other evidence says."""

KNOWN_CRASHES = {
    # A given equation that becomes True or False once definitions are expanded.
    "definition against what is given",
}
"""Wrong claims on which the court raises instead of judging."""

REFUSED_AT_ONCE = {
    # Statements that no evidence can decide do not become claims.
    "equal squares said to differ",
    "equivalence of equations, one way",
    "equivalence with a conjunction, one way",
    "a strict inequality between equal traces",
    "equal traces said to differ",
}
"""Wrong statements that are no claims: a ``TypeError`` says what a statement may be."""

KNOWN_FALSE_REFUTATIONS = {
    # Claim.expand goes through the definitions once, last to first.
    "a definition that uses a later one",
}
"""Right claims that the court refutes."""
