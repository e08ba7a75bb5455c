"""What is reported of a formula that cannot be read."""

from __future__ import annotations

from typing import Any

__all__ = ["NotationError", "SizeError"]


class NotationError(ValueError):
    """A formula that is not read: a reason in words and where.

    ``token_index`` is the number of the token at which it shows (-1 where there is none), ``place``
    its place in the manuscript where the tokens were at hand.
    """

    def __init__(self, reason: str, token_index: int = -1, place: Any = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.token_index = token_index
        self.place = place

    def located(self, tokens: Any) -> NotationError:
        """The same error with the place of its token."""
        if self.place is None and 0 <= self.token_index < len(tokens):
            self.place = tokens[self.token_index].place
        return self


class SizeError(NotationError):
    """Matrices whose sizes do not fit: the formula makes no sense, however it is read."""
