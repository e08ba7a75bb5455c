"""The claims of which a manuscript speaks, each prepared once."""

from __future__ import annotations

from lemmata.theory.claims import Claim

from ..court import collect, locate
from .annotations import AnnotationError, nearest
from .comparing import known
from .comparison import Known

__all__ = ["KnownClaims"]


class KnownClaims:
    """Claims by their ids, ready to compare equations with them."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Claim, Known]] = {}

    def named(self, id: str) -> tuple[Claim, Known]:
        """The claim with the id; raises ``AnnotationError`` with the nearest ids for none."""
        if id not in self._known:
            claim = locate(id)
            if claim is None:
                near = nearest(id, [claim.id for claim in collect()])
                hint = f"did you mean {' or '.join(near)}?" if near else "see `lemmata list`"
                raise AnnotationError(f"claim: {id!r} is unknown: {hint}")
            self._known[id] = (claim, known(claim))
        return self._known[id]
