"""When the values of undefined functions at a point may be chosen one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from lemmata.numerics.balls import sign
from lemmata.numerics.codegen import UnknownFunctionError, compile_expressions
from sympy import Derivative
from sympy.core.function import AppliedUndef

__all__ = ["Independence", "argument_symbols"]

BITS = 1024


class Independence:
    """Whether a point gives each function value a freedom of its own.

    f(u), f(v) and their derivatives are independent numbers only where u and v differ: f(|r|) and
    f(r) are one number for positive r, and f((x + 1)^2) is f(x^2 + 2x + 1).  A point at which
    the arguments are not certainly different refutes nothing.
    """

    def __init__(self, atoms: Sequence[Any]) -> None:
        self.atoms = tuple(atoms)
        heads = [_head(a) for a in atoms if isinstance(a, AppliedUndef | Derivative)]
        self.possible = all(head is not None for head in heads)
        calls = list(dict.fromkeys(head for head in heads if head is not None))
        self._program: Any = None
        self._pairs: list[int] = []
        gaps: list[Any] = []
        for one, other in combinations(calls, 2):
            if one.func == other.func and len(one.args) == len(other.args):
                differences = [p - q for p, q in zip(one.args, other.args, strict=True) if p != q]
                gaps += differences
                self._pairs.append(len(differences))
        try:
            self._program = compile_expressions(gaps, self.atoms)
        except UnknownFunctionError:
            self.possible = False

    def at(self, point: Mapping[Any, Fraction]) -> bool:
        """Whether all function values of the point are certainly independent."""
        if not self.possible:
            return False
        results = iter(sign(self._program, [point[atom] for atom in self.atoms], BITS))
        apart = [[next(results).sign is not None for _ in range(n)] for n in self._pairs]
        return all(any(signs) for signs in apart)


def argument_symbols(atoms: Sequence[Any]) -> set[Any]:
    """The symbols on which it hangs whether the calls of one function among the atoms differ."""
    calls = {_head(a) for a in atoms if isinstance(a, AppliedUndef | Derivative)} - {None}
    found: set[Any] = set()
    for one, other in combinations(calls, 2):
        if one.func == other.func:
            found |= one.free_symbols | other.free_symbols
    return found


def _head(atom: Any) -> Any:
    """The applied function; None for a derivative that is no partial derivative of it."""
    if isinstance(atom, AppliedUndef):
        return atom
    call = atom.expr
    if not isinstance(call, AppliedUndef):
        return None
    for variable in atom.variables:
        if [arg for arg in call.args if arg.has(variable)] != [variable]:
            return None
    return call
