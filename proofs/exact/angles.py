"""Sines and cosines through e^(i angle), a product of independent turns.

cos a = (Z + 1/Z)/2 and sin a = (Z - 1/Z)/(2i) with Z = e^(ia), so that the addition theorem, the
multiples of an angle and sin^2 + cos^2 = 1 are the laws of powers.  An angle is split into terms
c*m with rational c; e^(icm) is the power c of one generator a term, and

``half turn``  e^(i pi) = -1, whose power 1/2 is i; e^(i pi/q) is a root of a cyclotomic polynomial
``whole turns``  e^(2 pi i m) = 1 for an integer m; e^(i pi m) = 1 for even m, -1 for odd m

Where SymPy writes cos(pi/5) in nested roots, relations between the roots are not known: what
needs them is not proved.  Generators are complex: nothing is ever said of their sign.
"""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Any

from sympy import Add, Dummy, Pow, Rational, S, cos, cot, csc, sec, sin, tan
from sympy.functions.elementary.trigonometric import TrigonometricFunction

from .fractions import Fractions

if TYPE_CHECKING:
    from .atoms import Atoms

__all__ = ["TRIGONOMETRIC", "Angles"]

TRIGONOMETRIC = (sin, cos, tan, cot, sec, csc)
LARGEST = 96
"""Numerators and denominators of the rational factor of an angle; beyond, it is an angle of its
own."""


class Angles:
    """The turns met so far: ``turns`` by angle, ``cycles`` by integer with their values 1 or -1."""

    def __init__(self, atoms: Atoms) -> None:
        self.atoms = atoms
        self.turns: dict[Any, Any] = {}
        self.cycles: dict[Any, Any] = {}
        self.values: dict[Any, Any] = {}
        self.half_turn: Any = None

    def complex(self, expr: Any) -> bool:
        """Whether the rewritten expression holds turns, which are no real numbers."""
        return any(symbol in self.values for symbol in expr.free_symbols)

    def function(self, name: Any, argument: Any) -> Any:
        """One of ``TRIGONOMETRIC`` at a rewritten argument."""
        forward, back = self._turn(argument)
        twice_cosine, twice_sine = forward + back, (forward - back) / self._imaginary()
        if name is cos:
            return twice_cosine / 2
        if name is sin:
            return twice_sine / 2
        if name is sec:
            return 2 / twice_cosine
        if name is csc:
            return 2 / twice_sine
        return twice_sine / twice_cosine if name is tan else twice_cosine / twice_sine

    def parity(self, argument: Any, expr: Any) -> Any:
        """(-1)^argument for a canonical argument; ``expr``, which it was, is known to be whole."""
        found = self.atoms.terms(argument)
        if any(c.q != 1 or not (m == 1 or m.is_integer) for c, m in found):
            return Pow(self._made(self.cycles, (S(2), expr), S.One), Rational(1, 2))
        result: Any = S.One
        for coefficient, multiple in found:
            result *= (
                S.NegativeOne**coefficient
                if multiple == 1
                else self._integer_turn(coefficient, multiple)[0]
            )
        return result

    def _turn(self, argument: Any) -> tuple[Any, Any]:
        """e^(i argument) and its inverse."""
        forward = back = S.One
        for coefficient, key in self._terms(argument):
            one, other = self._one_turn(coefficient, key)
            forward, back = forward * one, back * other
        return forward, back

    def _terms(self, argument: Any) -> list[tuple[Any, Any]]:
        """Terms with one denominator are taken together, so that x/(x + y) + y/(x + y) is 1."""
        groups: dict[Any, Any] = {}
        for term in Add.make_args(argument.expand()):
            reduced = Fractions(self.atoms, [term]).reduced()
            below = reduced.as_numer_denom()[1].as_content_primitive()[1]
            groups[below] = groups.get(below, S.Zero) + reduced
        wholes = [Fractions(self.atoms, [group]).reduced() for group in groups.values()]
        return [found for whole in wholes for found in self.atoms.terms(whole)]

    def _one_turn(self, coefficient: Any, key: Any) -> tuple[Any, Any]:
        pi = self.atoms.rewrite(S.Pi)
        multiple = key / pi
        if multiple == 1:
            return self._rational_turn(coefficient)
        if not multiple.has(pi) and multiple.is_integer:
            return self._integer_turn(coefficient, multiple)
        if max(abs(coefficient.p), coefficient.q) > LARGEST:
            coefficient, key = S.One, coefficient * key
        turn = self._made(self.turns, key, None)
        return Pow(turn, coefficient), Pow(turn, -coefficient)

    def _rational_turn(self, coefficient: Any) -> tuple[Any, Any]:
        """e^(i pi c); in radicals where SymPy writes cos(pi c) so by itself."""
        rest = coefficient - 2 * floor(coefficient / 2)
        cosine, sine = cos(S.Pi * rest), sin(S.Pi * rest)
        if not (cosine + sine).has(TrigonometricFunction):
            real = self.atoms.rewrite(cosine)
            imaginary = self.atoms.rewrite(sine) * self._imaginary()
            return real + imaginary, real - imaginary
        if rest.q > LARGEST:
            turn = self._made(self.turns, S.Pi * rest, None)
            return turn, 1 / turn
        half = self._half()
        return Pow(half, rest), Pow(half, 2 - rest)

    def _integer_turn(self, coefficient: Any, multiple: Any) -> tuple[Any, Any]:
        """e^(i pi c m) for an integer m: the factor c counts modulo 2, for even m modulo 1."""
        if multiple.is_even or multiple.is_odd:
            turn = self._made(self.cycles, (S.One, multiple), S.One if multiple.is_even else -S.One)
            period = 1 if multiple.is_even else 2
        else:
            turn = self._made(self.cycles, (S(2), multiple), S.One)
            coefficient, period = coefficient / 2, 1
        rest = coefficient - period * floor(coefficient / period)
        return Pow(turn, rest), Pow(turn, period - rest)

    def _imaginary(self) -> Any:
        return Pow(self._half(), Rational(1, 2))

    def _half(self) -> Any:
        self.half_turn = self._made(self.cycles, (S.One, S.One), S.NegativeOne)
        return self.half_turn

    def _made(self, table: dict[Any, Any], key: Any, value: Any) -> Any:
        """The generator for ``key``; ``value`` is the number that its first power equals."""
        if key not in table:
            # A symbol without assumptions: SymPy would take a real one to be of some sign.
            table[key] = Dummy(f"e{len(self.values)}")
            self.values[table[key]] = value
            self.atoms.made[table[key]] = (table, key)
        return table[key]
