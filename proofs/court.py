"""The court: all evidence of a claim, its status, and the status of what it rests on."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import entry_points

import numpy as np
from lemmata.numerics.codegen import UnknownFunctionError
from lemmata.theory.claims import Claim
from lemmata.theory.display import Shown
from lemmata.theory.registry import REGISTRY, Registry

from .consistency import Consistency
from .derivation import DerivationEvidence
from .evaluated import Evaluated
from .evidence import BUDGETS, Budget, Evidence
from .identity import Identity
from .levels.evaluating import LevelEvaluated
from .levels.evidence import (
    LevelConsistency,
    LevelDerivation,
    LevelInstances,
    LevelNeeded,
    LevelWitness,
)
from .levels.models import Model
from .levels.mutants import LevelMutants
from .limits import Limits
from .matrices import Matrix
from .mutants import MutantEvidence
from .needed import Needed
from .points import Points
from .region import Region
from .simulation import Simulation
from .trajectory import Trajectory
from .verdicts import Status, Verdict, weakest
from .witnesses import Witness

__all__ = ["Judgement", "collect", "judge", "locate", "settle", "verify"]

KINDS: tuple[Evidence, ...] = (
    Consistency(),
    DerivationEvidence(),
    Identity(),
    Matrix(),
    Region(),
    Points(),
    Witness(),
    Limits(),
    Needed(),
    Evaluated(),
    Trajectory(),
    Simulation(),
    Model(),
    MutantEvidence(),
)

LEVEL_KINDS: tuple[Evidence, ...] = (
    LevelConsistency(),
    LevelDerivation(),
    LevelInstances(),
    Model(),
    LevelWitness(),
    LevelNeeded(),
    LevelEvaluated(),
    LevelMutants(),
)
"""Kinds of evidence on claims over sequences of symbolic length."""

ACCOMPANYING = frozenset({"consistency", "limits", "assumptions", "evaluation", "mutants"})
"""Kinds that bear on a claim without deciding whether its statement holds."""


@dataclass(frozen=True)
class Judgement(Shown):
    """A claim, its verdicts, its own status and the status with everything it rests on."""

    claim: Claim
    verdicts: tuple[Verdict, ...]
    own: Status
    status: Status

    @property
    def as_expected(self) -> bool:
        """Guards must be refuted; all others at least sampled."""
        if self.claim.expects == "refuted":
            return self.status is Status.REFUTED
        return self.status >= Status.SAMPLED


def locate(id: str) -> Claim | None:
    """The claim of that id, with no more chapters loaded than it takes; None for no such claim.

    The entry point that bears the name of the id's chapter is tried first.
    """
    points = entry_points(group="lemmata.claims")
    for point in (None, *sorted(points, key=lambda point: point.name != id.partition(".")[0])):
        if point is not None:
            point.load()
        if id in REGISTRY:
            return REGISTRY[id]
    return None


@cache
def collect() -> Registry:
    """The registry after every ``lemmata.claims`` entry point has been loaded."""
    for point in entry_points(group="lemmata.claims"):
        point.load()
    return REGISTRY


def judge(
    claim: Claim, profile: str = "full", seed: int = 0, device: str = "cpu"
) -> Judgement:
    """All evidence on one claim, without what it rests on.

    ``device``, "cpu" or "cuda", trains the networks.  Raises ``ValueError`` for an unknown profile.
    """
    if profile not in BUDGETS:
        raise ValueError(f"profile: {profile!r} is unknown: choose from {', '.join(BUDGETS)}")
    budget = replace(BUDGETS[profile], device=device)
    kinds = [k for k in (*_kinds(claim), *claim.evidence) if k.applies(claim, budget)]
    verdicts = tuple(_run(kind, claim, budget, seed) for kind in kinds)
    own = own_status(claim, verdicts)
    return Judgement(claim, verdicts, own, own)


def _kinds(claim: Claim) -> tuple[Evidence, ...]:
    return KINDS if claim.levels is None else LEVEL_KINDS


def _run(kind: Evidence, claim: Claim, budget: Budget, seed: int) -> Verdict:
    word = hashlib.sha256(f"{claim.id}:{kind.kind}".encode()).digest()[:4]
    rng = np.random.default_rng([seed, int.from_bytes(word, "big")])
    started = time.perf_counter()
    try:
        verdict = kind.check(claim, budget, rng)
    except UnknownFunctionError as error:
        verdict = Verdict(kind.kind, Status.UNDECIDED, reason=str(error))
    except Exception as error:  # one kind that stops must not take the others with it
        told = f"this kind of evidence stopped: {type(error).__name__}: {error}"
        verdict = Verdict(kind.kind, Status.UNDECIDED, reason=told)
    return verdict.at(seed=seed, seconds=time.perf_counter() - started)


def own_status(claim: Claim, verdicts: Sequence[Verdict]) -> Status:
    """Any failure decides; otherwise the best positive verdict on the statement stands.

    Agreement of a weaker kind (sampled points beside a proof) never weakens a proof; a
    refutation, a vacuous or an undecided verdict always does, also of what accompanies the
    statement (limits, assumptions, evaluation, mutants).  For a guard a refutation is what is
    asked for: other kinds cannot soften it, but its recorded witness must hold up.
    """
    guard = claim.expects == "refuted"
    # A wrong step of a derivation says nothing of what it was to derive.
    apart = ACCOMPANYING | {"derivation"} if guard else ACCOMPANYING
    about = [v.status for v in verdicts if v.kind not in apart]
    beside = [v.status for v in verdicts if v.kind in apart]
    if guard and Status.REFUTED in about:
        witnesses = [v.status for v in verdicts if v.kind == "witness"]
        return Status.UNDECIDED if _doubtful(witnesses, beside) else Status.REFUTED
    if guard:
        beside = [max(status, Status.UNDECIDED) for status in beside]
    failures = [status for status in (*about, *beside) if status < Status.SAMPLED]
    return weakest(failures) if failures or not about else max(about)


def _doubtful(witnesses: Sequence[Status], beside: Sequence[Status]) -> bool:
    """Whether a guard that is refuted may no longer be the slogan that was recorded."""
    lost = any(status is not Status.REFUTED for status in witnesses)
    return lost or any(status < Status.SAMPLED for status in beside)


def settle(judgements: Iterable[Judgement], registry: Registry) -> list[Judgement]:
    """The judgements with the status of everything each claim rests on taken in."""
    own = {j.claim.id: j.own for j in judgements}
    by_id = {j.claim.id: j for j in judgements}
    settled = []
    for id, judgement in by_id.items():
        below = [own[other] for other in registry.closure(id) if other in own]
        status = judgement.own
        if judgement.claim.expects != "refuted":
            status = weakest([status, *below])
        settled.append(Judgement(judgement.claim, judgement.verdicts, judgement.own, status))
    return settled


def verify(target: Claim | str, profile: str = "full", seed: int = 0) -> Judgement:
    """All evidence on a claim and on everything it rests on.

    Raises ``KeyError`` for an unknown id.
    """
    registry = collect()
    claim = registry[target] if isinstance(target, str) else target
    ids = [*registry.closure(claim.id), claim.id]
    return settle([judge(registry[id], profile, seed) for id in ids], registry)[-1]
