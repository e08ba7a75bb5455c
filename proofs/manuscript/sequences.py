"""Relations over levels against a claim: for every depth by a normal form, refuted by instances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import flint
import numpy as np
from lemmata.theory.claims import Claim
from sympy import Eq, Equivalent, Ge, Gt, Integer, Le, Lt, Product, Sum
from sympy.core.function import AppliedUndef

from ..domain import strict
from ..levels.instances import Instance
from ..levels.normal import LevelNormal
from ..levels.values import OutsideError, UndefinedError, Values
from ..verdicts import Status
from .comparison import Comparison, proved, undecided
from .inequalities import turned
from .less import says_less
from .level_forms import LevelForms
from .level_places import Within, places_of, sides_of
from .level_points import drawn, holds
from .sizes import too_long

__all__ = ["SequenceRelations", "described"]

DRAWS = 24
DIGITS = 8
FARTHEST = 100
TOO_FAR = f"a limit or an index is more than {FARTHEST} away"
_INEQUALITY = (Gt, Ge, Lt, Le)


class SequenceRelations:
    """Relations over sequences of symbolic length: one claim, and relations to compare with it."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.forms = LevelForms(claim)

    def names(self) -> Sequence[Any]:
        """Symbols and values of sequences of the statement."""
        statement = self.claim.statement
        return sorted(statement.free_symbols | statement.atoms(AppliedUndef), key=str)

    def instances(self, relation: Any, rng: np.random.Generator, count: int) -> Iterator[Instance]:
        """Instances of what the claim assumes, with all that the relation speaks of."""
        yield from drawn(replace(self.claim, statement=relation, derivation=None), rng, count)

    def beyond(self, relation: Any) -> str:
        """Why the relation is not compared; empty where it is."""
        numbers = {d.symbol: len(d.head.args) for d in self.claim.where if d.head.args}
        for call in relation.atoms(AppliedUndef):
            if len(call.args) != numbers.get(call.func, 1):
                return f"{call.func} has another number of indices in the claim"
        return _beyond(relation)

    def follows(self, relation: Any, rng: np.random.Generator) -> Comparison:
        """Whether it holds for every depth; refuted by an exact instance."""
        wrong = self.beyond(relation)
        if wrong:
            return undecided(wrong)
        if type(relation) is not type(self.claim.statement) and isinstance(relation, Eq) is not (
            isinstance(self.claim.statement, Eq)
        ):
            return undecided("the claim and this are relations of different kinds")
        changed = replace(self.claim, statement=relation, derivation=None)
        failing = [
            instance
            for instance in self.instances(relation, rng, DRAWS)
            if self._within(changed, instance).holds(relation) is False
        ]
        if failing:
            smallest = min(failing, key=_size)
            left, right = self._sides(Values(changed, smallest), relation)
            return Comparison(Status.REFUTED, "it fails", described(smallest), left, right)
        if isinstance(relation, Eq) and LevelNormal(self.claim).vanishes(
            relation.lhs - relation.rhs
        ):
            return proved()
        return undecided("no instance tells against it, and its normal form does not show it")

    def _within(self, changed: Claim, instance: Instance) -> Within:
        """Values there, as far as the claim speaks of them."""
        return Within(changed, instance, places_of(self.claim, instance))

    def _sides(self, values: Values, relation: Any) -> tuple[str, str]:
        if isinstance(relation, Equivalent):
            return "", ""
        told = []
        for side in (relation.lhs, relation.rhs):
            try:
                value = values.value(side)
                exact = not isinstance(value, flint.arb)
                told.append(str(value) if exact else value.str(DIGITS, radius=False))
            except (UndefinedError, ZeroDivisionError):
                told.append("undefined")
        return told[0], told[1]

    def same(self, relation: Any, rng: np.random.Generator) -> Comparison:
        """Whether the relation says what the claim says."""
        wrong = self.beyond(relation)
        if wrong:
            return undecided(wrong)
        statement = self.claim.statement
        if isinstance(statement, Equivalent) is not isinstance(relation, Equivalent):
            told = "an equivalence, and this is none"
            if not isinstance(statement, Equivalent):
                told = "no equivalence, and this is one"
            return undecided(f"the claim is {told}")
        outside, note = self._looked_at(relation, rng)
        found = undecided(outside)
        if not outside:
            found = self._told(relation)
        if found.status is not Status.PROVED:
            return self._elsewhere(relation, rng) or self._renamed(relation) or found
        doubt = self._says_less(relation, rng)
        return undecided(doubt) if doubt else replace(found, note=note or found.note)

    def _says_less(self, relation: Any, rng: np.random.Generator) -> str:
        """Why it says less: a part of what is assumed makes it true, and not the claim."""
        if isinstance(relation, Equivalent):
            return ""
        seed = int(rng.integers(2**32))

        def by(reduced: Claim, told: Any) -> str:
            return holds(reduced, told, np.random.default_rng(seed))

        assert self.claim.levels is not None
        without = replace(self.claim.levels, recursions=())
        for recursion in self.claim.levels.recursions:
            levels = replace(without, recursions=(recursion,))
            alone = replace(self.claim, where=(), levels=levels, derivation=None)
            if by(alone, relation) == "proved" and by(alone, self.claim.statement) != "proved":
                return f"it follows from the recursion of {recursion.symbol} alone: it says less"
        return says_less(replace(self.claim, levels=without, derivation=None), relation, by)

    def _told(self, relation: Any) -> Comparison:
        if isinstance(relation, Equivalent):
            return self._equivalences(relation)
        return self._one(relation, self.claim.statement, self.forms)

    def _looked_at(self, relation: Any, rng: np.random.Generator) -> tuple[str, str]:
        """Where the claim has a value: why the relation has none for want of a term; other places.

        The second is a note: a logarithm or a quotient without a value.
        """
        changed = replace(self.claim, statement=relation, derivation=None)
        undefined, defined = [], 0
        for instance in drawn(self.claim, rng, DRAWS):
            if not _complete(changed, instance):
                continue
            try:
                values = self._within(changed, instance)
                for side in sides_of(relation):
                    values.value(side)
                defined += 1
            except OutsideError:
                at = self._indices(instance)
                return f"an index leaves the range in which the claim speaks, as at {at}", ""
            except (UndefinedError, ZeroDivisionError):
                if self._has_value(instance):
                    undefined.append(instance)
        if not undefined:
            return "", ""
        if defined <= len(undefined):
            return "no value of it was found at most places where the claim has one", ""
        told = described(min(undefined, key=_size))
        at = ", ".join(f"{k} = {v}" for k, v in told.items())
        return "", f"it is undefined where the claim is not, as at {at}"

    def _indices(self, instance: Instance) -> str:
        assert self.claim.levels is not None
        indices = [index for index, _, _ in self.claim.levels.indices]
        return ", ".join(f"{i} = {instance.scalars[i]}" for i in indices)

    def _has_value(self, instance: Instance) -> bool:
        try:
            for side in sides_of(self.claim.statement):
                Values(self.claim, instance).value(side)
        except (UndefinedError, ZeroDivisionError):
            return False
        return True

    def _elsewhere(self, relation: Any, rng: np.random.Generator) -> Comparison | None:
        """The claim, where an index is shifted throughout; its range is shifted with it."""
        assert self.claim.levels is not None
        for index, low, high in self.claim.levels.indices:
            if not relation.has(index):
                continue
            for step in (1, -1):
                moved = _moved(relation, index, index + step)
                if self._shared(moved) <= self._shared(relation):
                    continue
                if self._looked_at(moved, rng)[0] or self._told(moved).status is not Status.PROVED:
                    continue
                runs = f"for {index} from {low + step} to {high + step}"
                return proved(f"it is the claim with {index - step} for {index}, {runs}")
        return None

    def _renamed(self, relation: Any) -> Comparison | None:
        """Which index to rename where the claim is said of another letter."""
        assert self.claim.levels is not None
        indices = {index for index, _, _ in self.claim.levels.indices}
        others = relation.free_symbols - self.claim.statement.free_symbols
        for index in sorted(indices - relation.free_symbols, key=str):
            for other in sorted((o for o in others if o.is_integer), key=str):
                if self._told(_moved(relation, other, index)).status is Status.PROVED:
                    told = f"it is the claim with {other} for {index}"
                    return undecided(f"{told}: write [{index}={other}] if that is meant")
        return None

    def _shared(self, relation: Any) -> int:
        """Terms of sequences that the claim has as well."""
        return len(relation.atoms(AppliedUndef) & self.claim.statement.atoms(AppliedUndef))

    def _equivalences(self, relation: Any) -> Comparison:
        if len(relation.args) != 2:
            return undecided("the claim is an equivalence of two relations, and this is none")
        theirs = list(self.claim.statement.args)
        forms = self.forms
        if _alike(forms, relation):
            # The claim says that these are the same: its sides have to stand there as they are.
            forms = forms.bare()
            if _alike(forms, relation):
                return undecided("both sides say the same whatever the claim says")
        for mine in (list(relation.args), [turned(r) for r in relation.args]):
            for order in (theirs, theirs[::-1]):
                pairs = zip(mine, order, strict=True)
                if all(self._one(a, b, forms).status is Status.PROVED for a, b in pairs):
                    return proved()
        return undecided("no side of it is shown to say what a side of the claim says")

    def _one(self, relation: Any, statement: Any, forms: LevelForms) -> Comparison:
        equation = isinstance(statement, Eq)
        if isinstance(relation, Eq) is not equation or not isinstance(relation, (Eq, *_INEQUALITY)):
            return undecided("the claim and this are relations of different kinds")
        if not equation and strict(relation) is not strict(statement):
            return undecided("one of the claim and this is strict, the other is not")
        if relation.lhs == relation.rhs:
            return undecided("both sides are the same whatever the claim says")
        if forms.restated(relation, statement):
            return undecided("it restates a definition, and the claim does not")
        if forms.same(relation, statement):
            return proved()
        if forms.same_where_defined(relation, statement):
            return proved("it is undefined where something is 0 that it divides by")
        return undecided("it is not shown to say what the claim says")


def described(instance: Instance) -> dict[Any, str]:
    """Symbols and the values of sequences at their indices."""
    told: dict[Any, str] = {symbol: str(value) for symbol, value in instance.scalars.items()}
    for function, values in instance.sequences.items():
        told |= {function(index): str(value) for index, value in sorted(values.items())}
    return told


def _size(instance: Instance) -> int:
    values = [*instance.scalars.values()]
    values += [v for told in instance.sequences.values() for v in told.values()]
    return sum(abs(v.numerator) + v.denominator for v in values)


def _beyond(relation: Any) -> str:
    """Why the relation is not compared: it has too many terms, or sums over several indices."""
    series = relation.atoms(Sum, Product)
    if any(len(part.limits) > 1 for part in series):
        return "a sum or product over several indices at once is not compared"
    places = [end for part in series for end in part.limits[0][1:]]
    places += [arg for call in relation.atoms(AppliedUndef) for arg in call.args]
    if any(abs(number) > FARTHEST for place in places for number in place.atoms(Integer)):
        return TOO_FAR
    return too_long(relation)


def _alike(forms: LevelForms, relation: Any) -> bool:
    """Whether both sides of an equivalence are the same inequality."""
    return any(forms.same(*pair) for pair in permutations(relation.args))


def _moved(relation: Any, index: Any, place: Any) -> Any:
    """The relation at another place; sums over an index of that name are left alone."""
    if isinstance(relation, Equivalent):
        return Equivalent(*(_moved(part, index, place) for part in relation.args), evaluate=False)
    sides = (side.subs(index, place) for side in (relation.lhs, relation.rhs))
    return type(relation)(*sides, evaluate=False)


def _complete(changed: Claim, instance: Instance) -> bool:
    """Whether the instance of the claim has all that the relation speaks of."""
    heads = {d.symbol for d in changed.where}
    names = {s for side in sides_of(changed.statement) for s in side.free_symbols}
    return not (names - heads - set(instance.scalars))
