"""How much a manuscript may ask of its reader."""

from __future__ import annotations

from dataclasses import dataclass

from .tokens import Place, Problem, TexError

__all__ = ["LIMITS", "Limits", "Spent"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on time and memory; a manuscript beyond one is refused in one line.

    A page of a paper has about 3000 characters, and a book of 1000 pages three million.

    ``bytes``: of all files together, three such books.  ``files``: read in all, one for each page
    of such a book.  ``nesting``: of braces, environments, files and conditions, ten times what a
    page can show; a reader of formulas may recurse that far.  ``depth``: of macros in the bodies
    of macros; deeper ones call themselves.  ``expansions``: of macros, some for each line of such
    a book; each costs a few microseconds.  ``steps``: tokens read from files and macros, one for
    every third character of such a book (running text costs next to none); about two seconds.
    ``equation``: tokens of one equation, more than a page has characters.  ``equations``: of such
    a book, fifty on a page.  ``problems``: named one by one; the others are counted.
    """

    bytes: int = 10_000_000
    files: int = 1000
    nesting: int = 100
    depth: int = 100
    expansions: int = 100_000
    steps: int = 1_000_000
    equation: int = 5000
    equations: int = 50_000
    problems: int = 1000


LIMITS = Limits()


class Spent:
    """What has been used of the limits; every method raises ``TexError`` beyond one."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.bytes = self.files = self.steps = self.expansions = self.equations = 0
        self.problems: list[Problem] = []
        self._unlisted: Problem | None = None
        self._unlisted_count = 0

    def file(self, size: int, name: str) -> None:
        """Count a file of that many bytes."""
        self.files += 1
        self.bytes += size
        if self.files > self.limits.files:
            raise TexError(f"{name}: more than {self.limits.files} files are read; read fewer")
        if self.bytes > self.limits.bytes:
            raise TexError(
                f"{name}: the manuscript has more than {self.limits.bytes} bytes; check its parts"
            )

    def step(self, count: int, place: Place | None) -> None:
        """Count tokens."""
        self.steps += count
        if self.steps > self.limits.steps:
            raise TexError(
                f"more than {self.limits.steps} tokens are read up to here; check the manuscript "
                "in parts, or look for a macro that grows without end",
                place,
            )

    def expansion(self, name: str, depth: int, place: Place) -> None:
        """Count a call of a macro in the bodies of ``depth`` others."""
        self.expansions += 1
        if depth > self.limits.depth:
            raise TexError(
                f"{name}: macros call each other deeper than {self.limits.depth}; "
                "one of them calls itself: change its definition",
                place,
            )
        if self.expansions > self.limits.expansions:
            raise TexError(
                f"{name}: more than {self.limits.expansions} calls of macros up to here; look for "
                "a macro that calls itself, or check the manuscript in parts",
                place,
            )

    def equation(self, place: Place) -> None:
        """Count an equation."""
        self.equations += 1
        if self.equations > self.limits.equations:
            raise TexError(
                f"more than {self.limits.equations} equations up to here; "
                "check the manuscript in parts",
                place,
            )

    def nested(self, depth: int, place: Place) -> None:
        """Check a depth of braces, environments, files or conditions."""
        if depth > self.limits.nesting:
            raise TexError(
                f"nested deeper than {self.limits.nesting}: close what is open before", place
            )

    def problem(self, place: Place, reason: str) -> None:
        """Note what was not understood."""
        if len(self.problems) < self.limits.problems:
            self.problems.append(Problem(place, reason))
        else:
            self._unlisted_count += 1
            self._unlisted = self._unlisted or Problem(place, reason)

    def listed(self) -> tuple[Problem, ...]:
        """The problems; those beyond the limit as one."""
        if self._unlisted is None:
            return tuple(self.problems)
        rest = f"{self._unlisted.reason} (and {self._unlisted_count - 1} more problems from here)"
        return (*self.problems, Problem(self._unlisted.place, rest))
