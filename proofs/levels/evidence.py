"""Evidence on claims over levels."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Unsatisfiable
from lemmata.theory.claims import Claim
from lemmata.theory.derivations import Step
from sympy import Equivalent

from ..evidence import Budget
from ..verdicts import Status, Verdict
from .instances import (
    Instance,
    draw_instance,
    fault_of,
    instances,
    random_source,
    recorded,
)
from .signs import LevelSigns
from .steps import doubt_of_step
from .values import OutsideError, UndefinedError, Values

__all__ = [
    "LevelConsistency",
    "LevelDerivation",
    "LevelInstances",
    "LevelNeeded",
    "LevelWitness",
    "witness_fault",
]

NEEDED_DRAWS = 400


class LevelDerivation:
    """Proved when every step is, for every depth; a step is never refuted by its normal form."""

    kind = "derivation"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Claims with a derivation."""
        return claim.derivation is not None

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """One decision a step; the last step must be the statement itself."""
        assert claim.derivation is not None
        steps = claim.derivation.steps
        previous: list[Step] = []
        for number, step in enumerate(steps, 1):
            doubt = doubt_of_step(claim, step, previous)
            if doubt:
                where = f"step {number} ({step.why}): {step.relation}"
                return self._stopped(claim, step, len(steps), number - 1, where, doubt, rng)
            previous.append(step)
        if steps[-1].relation != claim.statement:
            reason = "the last step is not the statement"
            return Verdict(self.kind, Status.UNDECIDED, len(steps), len(steps), reason=reason)
        return Verdict(self.kind, Status.PROVED, len(steps), len(steps))

    def _stopped(
        self,
        claim: Claim,
        step: Step,
        drawn: int,
        decided: int,
        where: str,
        doubt: str,
        rng: np.random.Generator,
    ) -> Verdict:
        """A step that is not shown is refuted when an instance shows it to be false."""
        changed = replace(claim, statement=step.relation, derivation=None)
        source = random_source(rng)
        for _ in range(20):
            instance = draw_instance(changed, source)
            if instance is not None and Values(changed, instance).holds(step.relation) is False:
                told = instance.described()
                reason = f"{where} fails at the counterexample"
                return Verdict(
                    self.kind, Status.REFUTED, drawn, decided, where, reason, counterexample=told
                )
        return Verdict(self.kind, Status.UNDECIDED, drawn, decided, where, f"{where}: {doubt}")


class LevelConsistency:
    """Proved where every defined term shows the sign or the kind that its symbol declares."""

    kind = "consistency"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Claims that define something."""
        return bool(claim.where)

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Undecided where a declared sign, or that a number is whole, does not show."""
        count = len(claim.where)
        for number, definition in enumerate(claim.where):
            doubt = _undeclared(claim, definition.symbol, definition.body)
            if doubt:
                reason = f"the definition of {definition.symbol} does not show that it is {doubt}"
                return Verdict(self.kind, Status.UNDECIDED, count, number, reason=reason)
        return Verdict(self.kind, Status.PROVED, count, count)


def _undeclared(claim: Claim, symbol: Any, body: Any) -> str:
    if not getattr(symbol, "is_Symbol", False):
        return ""
    signs = LevelSigns(replace(claim, where=tuple(d for d in claim.where if d.symbol != symbol)))
    expanded = claim.expand(body)
    if symbol.is_positive and not signs.positive(expanded):
        return "positive"
    if symbol.is_nonnegative and not signs.not_negative(expanded):
        return "not negative"
    if symbol.is_negative and not signs.positive(-expanded):
        return "negative"
    return "" if not symbol.is_integer or signs.whole(expanded) else "a whole number"


class LevelInstances:
    """Hypothesis draws depths, sequences and indices; the statement is evaluated exactly."""

    kind = "instances"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Every claim over levels."""
        return True

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Sampled when every decided instance agrees; refuted with the simplest that does not."""
        drawn, decided, failing, outside = _search(claim, budget.points, int(rng.integers(2**32)))
        if failing is not None:
            return Verdict(
                self.kind,
                Status.REFUTED,
                drawn,
                decided,
                worst=_told(claim, failing),
                reason="the statement fails at the counterexample",
                counterexample=failing.described(),
            )
        if outside:
            return Verdict(self.kind, Status.UNDECIDED, drawn, decided, reason=outside)
        if not drawn:
            reason = "no instance was found that satisfies the assumptions"
            return Verdict(self.kind, Status.VACUOUS, reason=reason)
        if not decided:
            return Verdict(self.kind, Status.UNDECIDED, drawn, 0, reason="none was decided")
        return Verdict(self.kind, Status.SAMPLED, drawn, decided)


class _FoundError(Exception):
    """An instance at which the claim fails."""


def _search(claim: Claim, count: int, start: int) -> tuple[int, int, Instance | None, str]:
    """Drawn, decided, the simplest failing instance, and what lies outside a sequence."""
    drawn = decided = 0
    outside = ""
    failing: Instance | None = None

    @seed(start)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )
    @given(instances(claim))
    def look(instance: Instance) -> None:
        nonlocal drawn, decided, failing, outside
        holds = Values(claim, instance).holds(claim.statement)
        if failing is None:
            drawn += 1
            decided += holds is not None
        if holds is None and not outside:
            outside = _outside(claim, instance)
        if holds is False:
            failing = instance
            raise _FoundError

    with suppress(_FoundError, Unsatisfiable):
        look()
    return drawn, decided, failing, outside


def _outside(claim: Claim, instance: Instance) -> str:
    """The sequence that the statement leaves; empty where it is undefined for another reason."""
    try:
        Values(claim, instance).gaps(claim.statement)
    except OutsideError as error:
        return f"the statement leaves a sequence: {error}"
    except (UndefinedError, ZeroDivisionError):
        return ""
    return ""


def _told(claim: Claim, instance: Instance) -> str:
    try:
        gaps = Values(claim, instance).gaps(claim.statement)
    except (UndefinedError, ZeroDivisionError):
        return ""
    return ", ".join(f"left - right = {gap}" for gap in gaps)


class LevelWitness:
    """The recorded instance at which a slogan fails, and by exactly how much."""

    kind = "witness"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Guards."""
        return claim.expects == "refuted"

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Refuted, as a guard must be, when the difference is the recorded one."""
        fault = witness_fault(claim)
        if fault:
            return Verdict(self.kind, Status.UNDECIDED, 1, 0, reason=fault)
        assert claim.witness is not None
        told = {str(k): str(v) for k, v in claim.witness.at.items()}
        return Verdict(self.kind, Status.REFUTED, 1, 1, counterexample=told)


def witness_fault(claim: Claim) -> str:
    """Why the recorded instance does not pin the guard; empty when it does."""
    if claim.witness is None:
        return "no witness is recorded"
    instance = recorded(claim, claim.witness.at)
    fault = fault_of(claim, instance)
    if fault:
        return f"the witness is none: {fault}"
    values = Values(claim, instance)
    if not all(values.holds(relation) is True for relation in claim.given):
        return "the witness breaks an assumption"
    if values.holds(claim.statement) is not False:
        return "the statement holds at the witness, or is undefined there"
    try:
        gaps = values.gaps(claim.statement)
        wanted = [values.value(d) for d in claim.witness.difference]
    except (UndefinedError, ZeroDivisionError) as error:
        return str(error)
    if len(gaps) != len(wanted) or any(not _equal(g, w) for g, w in zip(gaps, wanted, strict=True)):
        return f"left - right is {', '.join(map(str, gaps))} at the witness"
    return ""


def _equal(one: Any, other: Any) -> bool:
    try:
        return bool(one == other) or bool((one - other).contains(0))
    except AttributeError:
        return False


class LevelNeeded:
    """For each assumption an instance where it alone fails and with it the statement."""

    kind = "assumptions"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Claims that hold and assume something."""
        return claim.expects != "refuted" and bool(claim.given)

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Proved when every assumption is needed; sampled, naming the rest, otherwise."""
        source, open_ = random_source(rng), []
        for assumption in claim.assumptions:
            kept = tuple(a for a in claim.assumptions if a is not assumption)
            changed = replace(claim, assumptions=kept, derivation=None)
            if assumption.counterexample is not None:
                instance = recorded(changed, assumption.counterexample)
                if not _breaks(changed, assumption.relation, instance):
                    reason = f"the counterexample of {assumption.relation} does not hold up"
                    return Verdict(self.kind, Status.UNDECIDED, reason=reason)
            elif not any(
                instance is not None and _breaks(changed, assumption.relation, instance)
                for instance in (draw_instance(changed, source) for _ in range(NEEDED_DRAWS))
            ):
                open_.append(str(assumption.relation))
        status = Status.SAMPLED if open_ else Status.PROVED
        reason = f"not shown to be needed: {'; '.join(open_)}" if open_ else ""
        count = len(claim.assumptions)
        return Verdict(self.kind, status, count, count - len(open_), reason=reason)


def _breaks(claim: Claim, relation: Any, instance: Instance) -> bool:
    if fault_of(claim, instance):
        return False
    values = Values(claim, instance)
    if values.holds(relation) is not False:
        return False
    if not all(values.holds(other) is True for other in claim.given):
        return False
    holds = values.holds(claim.statement)
    if holds is None and isinstance(claim.statement, Equivalent):
        return False
    return holds is not True
