"""The tokens of a manuscript in reading order, the arguments of commands, and groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .files import Folder
from .limits import Spent
from .macros import Macros
from .scanner import Raw, Scanner, Source
from .tokens import Annotation, Place

__all__ = ["NOTES", "Group", "Stream", "Unfinished", "name_in", "spelled_out", "written"]

NOTES = frozenset({"note", "endnote"})


class Unfinished(Exception):
    """An argument that does not end, or is not there; ``place`` says where it was expected."""

    def __init__(self, place: Place, reason: str) -> None:
        super().__init__(reason)
        self.place = place
        self.reason = reason


class Group(NamedTuple):
    """An open brace or environment: ``name`` is ``{`` or that of the environment."""

    name: str
    opened: Raw
    mark: int

    def __str__(self) -> str:
        return "this brace" if self.name == "{" else rf"\begin{{{self.name}}}"


class Stream:
    """Reads tokens from the files that are open, the last one first.

    ``orphans``: annotations that belong to no equation.  ``last``: the token read last.
    ``files``: all that were entered, and their ``origins``, the places at which they and the files
    around them are named.  ``excluded``: environments that the manuscript calls comments.
    """

    def __init__(self, source: Source, spent: Spent, folder: Folder | None) -> None:
        self.spent = spent
        self.folder = folder
        self.macros = Macros()
        self.scanners = [Scanner(source, spent)]
        self.groups: list[Group] = []
        self.orphans: list[Annotation] = []
        self.files = [source.name]
        self.origins: dict[str, tuple[tuple[int, int], ...]] = {source.name: ()}
        self.excluded: set[str] = set()
        self.last = Raw("eof", "", source, 0, 0, 0)
        self._first_groups = [0]

    def raw(self) -> Raw:
        """The next token of the innermost file; "eof" at its end."""
        token = self.scanners[-1].next()
        self.spent.steps += 1
        if self.spent.steps > self.spent.limits.steps:
            self.spent.step(0, token.place)
        self.last = token
        return token

    def push(self, tokens: Sequence[Raw]) -> None:
        """Let ``tokens`` be read next."""
        self.scanners[-1].pushed.extend(reversed(tokens))

    def enter(self, source: Source, place: Place) -> None:
        """Read a file next, which is named at that place."""
        where = (*self.origins.get(place.file, ()), place[1:])
        if source.name not in self.origins:
            self.origins[source.name] = where
            self.files.append(source.name)
        scanner = Scanner(source, self.spent)
        if not source.quiet and self.scanners:
            scanner.letters = self.scanners[-1].letters
        self.scanners.append(scanner)
        self._first_groups.append(len(self.groups))
        self.spent.nested(len(self.scanners), place)

    def leave(self) -> bool:
        """Go on with the file around this one; False where there is none."""
        if len(self.scanners) == 1:
            return False
        ended = self.scanners.pop()
        first = self._first_groups.pop()
        while ended.source.quiet and len(self.groups) > first:
            self.close_group()
        return True

    def problem(self, place: Place, reason: str) -> None:
        """Note a problem, unless in the file of a package."""
        if not self.scanners[-1].source.quiet:
            self.spent.problem(place, reason)

    def orphan(self, token: Raw) -> None:
        """Note an annotation that belongs to no equation."""
        self.orphans.append(self.annotation(token))

    def annotation(self, token: Raw) -> Annotation:
        """The annotation that a comment is."""
        return Annotation(token.text, token.place)

    def open_group(self, name: str, token: Raw) -> None:
        """Begin a group; what is defined in it ends with it."""
        if len(self.groups) >= self.spent.limits.nesting:
            self.spent.nested(len(self.groups) + 1, token.place)
        self.groups.append(Group(name, token, self.macros.mark()))

    def close_group(self) -> Group:
        """End the innermost group."""
        group = self.groups.pop()
        self.macros.restore(group.mark)
        return group

    def close_group_of_file(self) -> None:
        """End the innermost group, if it began in the file that is being read."""
        if len(self.groups) > self._first_groups[-1]:
            self.close_group()

    def next_solid(self) -> Raw:
        """The next token that is no blank; annotations before it belong to nothing."""
        token = self.raw()
        while token.kind == "space" or token.kind in NOTES:
            if token.kind in NOTES:
                self.orphan(token)
            token = self.raw()
        return token

    def argument(self) -> list[Raw]:
        """The next argument: a group without its braces, or one token."""
        expected = self.last
        token = self.next_solid()
        if token.kind == "open":
            return self.rest_of_group(token)
        if token.kind in ("eof", "close", "par", "stop"):
            self.push([token])
            raise Unfinished(expected.place, f"{expected.text} has no argument")
        return [token]

    def match(self, call: Raw, wanted: Sequence[tuple[str, str]]) -> None:
        """Go past the tokens that must follow a macro."""
        for piece in wanted:
            token = self.raw()
            if not _is(token, piece):
                self.push([token])
                raise Unfinished(call.place, f"{call.text} is not used as it is defined")

    def until(self, call: Raw, end: Sequence[tuple[str, str]]) -> list[Raw]:
        """The argument that certain tokens end; without braces around all of it."""
        found: list[Raw] = []
        depth = 0
        while True:
            token = self.raw()
            depth += (token.kind == "open") - (token.kind == "close")
            if token.kind in ("eof", "par", "stop") or depth < 0:
                self.push([token])
                raise Unfinished(call.place, f"{call.text} is not used as it is defined")
            if depth > self.spent.limits.nesting:
                self.spent.nested(depth, token.place)
            found.append(token)
            tail = found[-len(end) :]
            if depth == 0 and len(tail) == len(end) and all(map(_is, tail, end)):
                return _without_braces(found[: -len(end)])

    def rest_of_group(self, opened: Raw) -> list[Raw]:
        """What stands before the brace that closes ``opened``."""
        found: list[Raw] = []
        depth = 1
        while True:
            token = self.raw()
            if token.kind == "open":
                depth += 1
                if depth > self.spent.limits.nesting:
                    self.spent.nested(depth, token.place)
            elif token.kind == "close":
                depth -= 1
                if depth == 0:
                    return found
            elif token.kind in ("eof", "stop"):
                self.push([token])
                raise Unfinished(opened.place, "this brace is not closed")
            found.append(token)

    def optional(self, brackets: str = "[]") -> list[Raw] | None:
        """The next argument in brackets of that kind; None where there is none."""
        left, right = brackets[0], brackets[1]
        token = self.next_solid()
        if token.kind != "other" or token.text != left:
            self.push([token])
            return None
        found: list[Raw] = []
        depth = 0
        while True:
            inside = self.raw()
            if inside.kind == "other" and inside.text == right and depth <= 0:
                return found
            if inside.kind in ("eof", "par", "stop"):
                self.push([inside])
                raise Unfinished(token.place, "this bracket is not closed")
            depth += (inside.kind == "open") - (inside.kind == "close")
            found.append(inside)

    def star(self) -> bool:
        """Whether a star comes next; it is read."""
        token = self.next_solid()
        if token.kind == "other" and token.text == "*":
            return True
        self.push([token])
        return False


def _is(token: Raw, piece: tuple[str, str]) -> bool:
    kind = "command" if token.kind == "frozen" else token.kind
    return (kind, token.text) == piece or kind == piece[0] == "space"


def _without_braces(tokens: list[Raw]) -> list[Raw]:
    """Tokens without the braces that hold all of them."""
    depth = 0
    for n, token in enumerate(tokens):
        depth += (token.kind == "open") - (token.kind == "close")
        if depth == 0:
            return tokens[1:-1] if 0 < n == len(tokens) - 1 else tokens
    return tokens


def written(tokens: Sequence[Raw]) -> str:
    """The text of tokens; as the author wrote it where they are of one piece."""
    if not tokens:
        return ""
    first, last = tokens[0], tokens[-1]
    if first.source is last.source and first.depth == last.depth == 0 and last.end > first.start:
        return first.source.text[first.start : last.end]
    return spelled_out(tokens)


def spelled_out(tokens: Sequence[Raw]) -> str:
    """The texts of tokens, with a blank where a command would swallow a letter."""
    return "".join(_apart(token) for token in tokens)


def name_in(tokens: Sequence[Raw]) -> str:
    """The name that tokens spell, with single blanks."""
    return "".join(t.text for t in tokens if t.kind not in NOTES).strip()


def _apart(token: Raw) -> str:
    return token.text + " " if token.kind == "command" and token.text[1:].isalpha() else token.text
