"""Planted errors that the court does not catch today, strictly listed.

A name stays here as long as the court is wrong about it: the test of a listed hole fails as soon
as the hole is closed, and then the name must go.
"""

from __future__ import annotations

KNOWN_HOLES = {
    # Premises and rewrite rules divide by the factor of what they define (proofs/expansion.py,
    # proofs/derivation.py: Solved, Combines), which may vanish on the domain.
    "divided by what may vanish",
    "solved by dividing by what may vanish",
    "combined with a factor that may be infinite",
    "followed by dividing by what may vanish",
    # A formula that satisfies the equations is taken for the solution, also where the equation is
    # singular at the start or not Lipschitz there.
    "one of many solutions through a singular start",
    "one of two solutions of a root equation",
    # Contradictions between given equations, or between an equation and a sign, are not seen:
    # Points looks at inequalities only.
    "two values of one number",
    "value against its sign",
    "value of a symbol against its sign",
    "contradictory numbers beside matrices",
    # .doit() evaluates integrals with SymPy's solver, whose word is not checked.
    "closed form taken from the solver",
    # The matrix engine compares the sides of anything that has sides.
    "a strict inequality between equal traces",
    "equal traces said to differ",
    # Ordered and Crosses do not ask whether the function is defined between the values, nor, for
    # symbols that are negative or nonnegative, whether the root lies in the domain.
    "ordered across a pole",
    "crossing above a domain of negative numbers",
    "crossing below a domain of nonnegative numbers",
}
"""Wrong claims with a status of sampled or better."""

KNOWN_DERIVATION_HOLES = {
    "solved by dividing by what may vanish",
    "combined with a factor that may be infinite",
    "followed by dividing by what may vanish",
    "ordered across a pole",
    "crossing above a domain of negative numbers",
    "crossing below a domain of nonnegative numbers",
    "integrated across a pole",
    # Follows and Substituted compare sides and never look at the kind of relation.
    "an equation becomes an inequality",
    "an inequality turned round",
    "a strict inequality between equals follows",
    # Entries trusts its list: the matrices need not be diagonal.
    "entries of matrices that are not diagonal",
}
"""Wrong derivations whose own verdict is proved, whatever other evidence says."""

KNOWN_CRASHES = {
    # A step whose relation is no relation ends the judgement with an AttributeError.
    "prose",
    "a step that SymPy evaluated",
    # Claims accept these, and no evidence knows what to do with them.
    "equal squares said to differ",
    "equivalence of equations, one way",
    "equivalence with a conjunction, one way",
}
"""Wrong claims on which the court raises instead of judging."""

KNOWN_FALSE_REFUTATIONS = {
    # "Solution" puts the formula into each given equation, the other equations forgotten.
    "equal to what is equal",
    # Rewriting stops after three rounds.
    "a chain of five equations",
    # Points takes f(u) and f(v) for independent numbers also where u = v (proofs/trial.py); the
    # zero test asks proofs/exact/independence.py.
    "one argument, two spellings",
    "absolute value in an argument",
    "values at the larger and the smaller",
    # Region finds a box on which an inequality fails that contains no integer (proofs/boxes.py).
    "integers between the roots",
    # Domain draws 1 for a prime.
    "primes exceed one",
}
"""Right claims that the court refutes."""
