"""How claims are printed: names, fractions, environments."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = [
    "COLUMN",
    "ENVIRONMENTS",
    "FRACTIONS",
    "Style",
    "StyleError",
    "renames",
    "style_from",
    "style_told",
]

FRACTIONS = ("frac", "tfrac", "dfrac", "slash")
ENVIRONMENTS = (
    "equation", "equation*", "align", "align*", "gather", "gather*", "displaymath", "none",
)  # fmt: skip
COLUMN = 345.0
"""Width in points of the text column of an article at 10 points."""

_NAME = re.compile(r"(?:[A-Za-z0-9{}_^,'*+\-|() ]|\\[A-Za-z]+|\\[,|])+")
_ACTIVE = re.compile(
    r"\\(?:input|include|write|immediate|openin|openout|read|csname|def|edef|gdef|let|catcode"
    r"|newcommand|renewcommand|loop|begin|end|label|ref|cite|verb)\b"
)


class StyleError(ValueError):
    """A style that cannot be used; one line with the fix."""


@dataclass(frozen=True)
class Style:
    r"""How formulas are printed.

    ``names``        the LaTeX of a symbol, function or letter, by its name in the claim:
                     ``{"s": "S", "a_0": "u_{0}"}``
    ``fraction``     ``frac``, ``tfrac``, ``dfrac`` (the outermost fractions), ``slash`` (all)
    ``environment``  what a statement stands in; the starred ones and ``displaymath`` have no
                     number and so no label; ``none`` prints the bare formula

    A new name is a letter with its scripts and accents, or a Greek name.  Raises ``StyleError`` for
    an unknown fraction or environment, and for what is no name.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    fraction: str = "frac"
    environment: str = "equation"

    def __post_init__(self) -> None:
        for what, value, known in (
            ("fraction", self.fraction, FRACTIONS),
            ("environment", self.environment, ENVIRONMENTS),
        ):
            if value not in known:
                raise StyleError(f"{what}: {value!r} is unknown: choose from {', '.join(known)}")
        named = {name: _checked_name(name, latex) for name, latex in self.names.items()}
        object.__setattr__(self, "names", named)

    @property
    def numbered(self) -> bool:
        """Whether equations carry a number, and with it a label."""
        return self.environment in ("equation", "align", "gather")


def renames(pairs: Iterable[str]) -> dict[str, str]:
    """``s=S`` given so often on a command line; raises ``StyleError`` for what is no such pair."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, latex = pair.partition("=")
        if not equals or not name.strip() or not latex.strip():
            raise StyleError(f"rename: {pair!r} renames nothing: write NAME=LATEX, as in s=S")
        if name.strip() in found:
            raise StyleError(f"rename: {name.strip()} is renamed twice: keep one")
        found[name.strip()] = latex.strip()
    return found


def _checked_name(name: str, latex: str) -> str:
    from .renaming import chosen_name

    reason = ""
    if _NAME.fullmatch(latex) and not _ACTIVE.search(latex) and _balanced(latex):
        try:
            return chosen_name(name, latex)
        except ValueError as error:
            reason = str(error).removeprefix(f"{latex} is no name in LaTeX: ")
    shown = repr(latex).replace("\\\\", "\\")
    raise StyleError(
        f"names: {name} is to be {shown}, which is no name{reason and f' ({reason})'}: give a "
        r"letter with indices or accents, or a Greek name, as in S, u_{0}, \hat{s} or tau"
    )


def _balanced(latex: str) -> bool:
    depth = 0
    for character in latex:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def style_told(style: Style, width: float = COLUMN) -> str:
    """The options of a style that are not the usual ones, for the comment of a claim."""
    told = [part for name, latex in style.names.items() for part in ("--rename", f"{name}={latex}")]
    for name, value, usual in (
        ("fraction", style.fraction, "frac"),
        ("environment", style.environment, "equation"),
        ("width", width, COLUMN),
    ):
        if value != usual:
            told += [f"--{name}", str(value)]
    return f"  style {shlex.join(told)}" if told else ""


class _Options(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        """No exit: the comment is somebody's text."""
        raise StyleError(message)


def style_from(told: str) -> tuple[Style, float]:
    """The style that a comment tells; raises ``StyleError`` for what is none."""
    options = _Options(add_help=False, allow_abbrev=False)
    options.add_argument("--rename", action="append", default=[])
    options.add_argument("--fraction", default="frac", choices=FRACTIONS)
    options.add_argument("--environment", default="equation", choices=ENVIRONMENTS)
    options.add_argument("--width", default=COLUMN, type=float)
    try:
        found = options.parse_args(shlex.split(told))
    except ValueError as error:
        raise StyleError(f"{told!r} is no style: {error}") from None
    return Style(renames(found.rename), found.fraction, found.environment), found.width
