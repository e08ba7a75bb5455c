"""Planted errors that the court does not catch today, strictly listed.

A name stays here as long as the court is wrong about it: the test of a listed hole fails as soon
as the hole is closed, and then the name must go.
"""

from __future__ import annotations

KNOWN_HOLES: set[str] = set()
"""Wrong claims with a status of sampled or better."""

KNOWN_DERIVATION_HOLES: set[str] = set()
"""Wrong derivations whose own verdict is proved, whatever other evidence says."""

REFUSED_AT_ONCE = {
    # Statements that no evidence can decide do not become claims.
    "equal squares said to differ",
    "equivalence of equations, one way",
    "equivalence with a conjunction, one way",
    "a strict inequality between equal traces",
    "equal traces said to differ",
}
"""Wrong statements that are no claims: a ``TypeError`` says what a statement may be."""

KNOWN_FALSE_REFUTATIONS: set[str] = set()
"""Right claims that the court refutes."""
