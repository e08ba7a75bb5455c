"""Conditions of a manuscript, ``\\ifdraft ... \\else ... \\fi``, decided where they can be."""

from __future__ import annotations

from .commands import is_condition
from .files import Folder
from .limits import Spent
from .scanner import Raw, Source
from .stream import Stream

__all__ = ["Conditional"]


class Conditional(Stream):
    """Goes past the branches that are not taken.

    ``branches``: the conditions that are open; None is one that is not decided.  ``switches``: of
    ``\\newif``.
    """

    def __init__(self, source: Source, spent: Spent, folder: Folder | None) -> None:
        super().__init__(source, spent, folder)
        self.branches: list[bool | None] = []
        self.switches: dict[str, bool | None] = {r"\iftrue": True, r"\iffalse": False}

    def condition(self, token: Raw) -> Raw | None:
        """Begin a condition: an opaque token where it is not decided."""
        value = self.switches.get(token.text)
        if value is False:
            self._skip(token)
            return None
        self.branches.append(value)
        self.spent.nested(len(self.branches), token.place)
        return None if value else token._replace(kind="opaque")

    def otherwise(self, token: Raw) -> Raw | None:
        """``\\else``: the other branch of the innermost condition."""
        if self.branches and self.branches[-1] is True:
            self.branches.pop()
            self._skip(token, to_else=False)
            return None
        return token._replace(kind="opaque") if self.branches else None

    def _skip(self, opened: Raw, to_else: bool = True) -> None:
        """Go past a branch that is not taken."""
        scanner = self.scanners[-1]
        before, scanner.skipping = scanner.skipping, True
        depth, declared = 0, False
        try:
            while True:
                token = self.raw()
                if token.kind == "eof":
                    self.problem(opened.place, rf"{opened.text} has no \fi")
                    return
                name = token.text if token.kind == "command" else ""
                if name == r"\fi":
                    if depth == 0:
                        return
                    depth -= 1
                elif name == r"\else" and depth == 0 and to_else:
                    self.branches.append(True)
                    return
                elif is_condition(name) and not declared:
                    depth += 1
                declared = name == r"\newif"
        finally:
            scanner.skipping = before
