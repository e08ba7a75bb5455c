r"""What a comment ``% lemmata: ...`` in a manuscript asks for.

% lemmata: modes.trajectory                  the next equation is this claim
% lemmata: modes.trajectory [s=S, a_0=u_0]   ... where s is written S and a_0 is written u_0
% lemmata: modes.trajectory [tau=1, a_0=s/2] ... in the special case that tau = 1 and a_0 = s/2
% lemmata: follows                           it follows from the equation before
% lemmata: follows (eq:mode, eq:start)       ... from equations with these labels
% lemmata: let s, tau > 0; a(t); k integer; W (n x m)
% lemmata: ignore                            it is not looked at, and no claim is suggested
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .annotation_brackets import (
    ID,
    NAME,
    AnnotationError,
    behind,
    names_and_values,
    parts_of,
)

__all__ = [
    "AnnotationError",
    "ClaimNamed",
    "Declared",
    "Follows",
    "Ignore",
    "Let",
    "Request",
    "nearest",
    "read_annotation",
]

_MISSPELT = re.compile(r"(?P<word>[A-Za-z]+)[ \t]*[:;=.,-]?[ \t]*(?P<rest>\S.*)")
_LABEL = re.compile(r"\s*([^\s(),]+)\s*")
_FUNCTION = re.compile(rf"({NAME})\s*\(\s*({NAME}(?:\s*,\s*{NAME})*)\s*\)")
_MATRIX = re.compile(rf"({NAME}(?:\s*,\s*{NAME})*)\s*\(\s*({NAME}|\d+)\s*x\s*({NAME}|\d+)\s*\)")
_SIGNS = {">": "positive", ">=": "nonnegative", "<": "negative"}
_KINDS = ("real", "positive", "nonnegative", "negative", "integer")
KEYWORDS = ("follows", "let", "ignore")
LONGEST = 2000
ALIKE = 0.8
"""Of the letters of both words, those in common: then a word is meant to be lemmata."""


@dataclass(frozen=True, slots=True)
class ClaimNamed:
    """The equation states the claim; ``renamed`` maps its names to those of the manuscript.

    ``values``: what some of its symbols are, a number or an expression, in LaTeX.
    """

    claim: str
    renamed: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Follows:
    """The equation follows from those with the ``labels``, or from the one before it."""

    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Declared:
    """A name: ``kind`` is one of real, positive, nonnegative, negative, integer, function, matrix.

    ``arguments`` are those of a function, or the two sizes of a matrix; ``sign`` is the kind of the
    values of a function, where one is declared.
    """

    name: str
    kind: str = "real"
    arguments: tuple[str, ...] = ()
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Let:
    """Names that the manuscript declares, for steps that no claim gives a vocabulary."""

    declared: tuple[Declared, ...]


@dataclass(frozen=True, slots=True)
class Ignore:
    """The equation is left alone."""


Request = ClaimNamed | Follows | Let | Ignore


def read_annotation(text: str, known: Sequence[str] = ()) -> Request:
    """What the text after ``lemmata:`` asks for.

    ``known`` are the ids of claims.  Raises ``AnnotationError`` for an unknown id (with the
    nearest ones), an unknown word, and brackets, renamings or declarations that are misspelt.
    """
    text = text.strip()
    if not text:
        raise AnnotationError("the annotation is empty: write a claim, follows, let or ignore")
    if len(text) > LONGEST:
        raise AnnotationError(f"the annotation is longer than {LONGEST} characters: shorten it")
    word, _, rest = text.partition(" ")
    if word.startswith("follows") and word[7:8] in ("", "("):
        return _follows(text[7:].strip())
    if word == "let":
        return _let(rest)
    if word == "ignore":
        if rest.strip():
            raise AnnotationError(f"ignore: {rest.strip()!r} after it is not understood: drop it")
        return Ignore()
    return _claim(text, known)


def nearest(id: str, known: Sequence[str], count: int = 3) -> list[str]:
    """Ids that are spelt alike, or that belong to the same part of the theory."""
    found = difflib.get_close_matches(id, known, n=count, cutoff=0.6)
    if len(found) < count:
        last = id.rpartition(".")[2]
        others = [k for k in known if last and last in k.split(".") and k not in found]
        found += others[: count - len(found)]
    return found


def _claim(text: str, known: Sequence[str]) -> ClaimNamed:
    nearly = _MISSPELT.fullmatch(text)
    if nearly is not None and _is_ours(nearly["word"]):
        told = f"the comment is nearly an annotation: write % lemmata: {nearly['rest']}"
        raise AnnotationError(told)
    found = ID.match(text)
    if found is None:
        word = text.split()[0]
        near = difflib.get_close_matches(word, KEYWORDS, n=1)
        hint = (
            f"did you mean {near[0]}?"
            if near
            else "write follows, let, ignore, or a claim by its whole id, as modes.trajectory"
        )
        raise AnnotationError(f"{word!r} is no claim and no keyword: {hint}")
    id, rest = found.group(), text[found.end() :].strip()
    if known and id not in known:
        near = nearest(id, known)
        hint = f"did you mean {' or '.join(near)}?" if near else "see `lemmata list`"
        raise AnnotationError(f"claim: {id!r} is unknown: {hint}")
    if not rest:
        return ClaimNamed(id)
    if not (rest.startswith("[") and rest.endswith("]")):
        raise AnnotationError(f"{rest!r} after {id} is not understood: {behind(id, rest)}")
    return ClaimNamed(id, *names_and_values(rest[1:-1]))


def _is_ours(word: str) -> bool:
    return difflib.SequenceMatcher(None, word.lower(), "lemmata").ratio() >= ALIKE


def _follows(text: str) -> Follows:
    if not text:
        return Follows()
    if not (text.startswith("(") and text.endswith(")")):
        raise AnnotationError(
            f"{text!r} after follows is not understood: name labels in brackets, follows (eq:mode)"
        )
    labels = []
    for part in text[1:-1].split(","):
        found = _LABEL.fullmatch(part)
        if found is None:
            raise AnnotationError(
                f"{part.strip()!r} is no label: write follows (eq:mode), or follows alone"
            )
        labels.append(found.group(1))
    return Follows(tuple(labels))


def _let(text: str) -> Let:
    declared: list[Declared] = []
    for part in text.split(";"):
        if not part.strip():
            raise AnnotationError("let: a declaration is empty: write let s, tau > 0; a(t)")
        declared += _declared(part.strip())
    names = [d.name for d in declared]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise AnnotationError(f"let: {twice[0]} is declared twice: keep one")
    return Let(tuple(declared))


def _declared(part: str) -> list[Declared]:
    found = _MATRIX.fullmatch(part)
    if found is not None:
        names, rows, columns = found.groups()
        return [Declared(n.strip(), "matrix", (rows, columns)) for n in parts_of(names, ",")]
    compared = re.fullmatch(r"(.*?)\s*(>=|>|<)\s*0", part)
    if compared is not None:
        sign = _SIGNS[compared.group(2)]
        return [_signed(item, sign) for item in parts_of(compared.group(1), ",")]
    words = part.rsplit(None, 1)
    if len(words) == 2 and words[1] in _KINDS:
        return [Declared(n, words[1]) for n in _names(words[0])]
    if len(words) == 2 and re.fullmatch(r"[a-z]{3,}", words[1]) and not words[0].endswith(","):
        near = difflib.get_close_matches(words[1], _KINDS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"write one of {', '.join(_KINDS)}"
        raise AnnotationError(f"let: {words[1]!r} is no kind of number: {hint}")
    return [_function_or_name(item) for item in parts_of(part, ",")]


def _signed(item: str, sign: str) -> Declared:
    """A number, or a function all of whose values, have a sign."""
    found = _function_or_name(item)
    if found.kind == "function":
        return Declared(found.name, "function", found.arguments, sign)
    return Declared(found.name, sign)


def _function_or_name(item: str) -> Declared:
    found = _FUNCTION.fullmatch(item.strip())
    if found is not None:
        name, arguments = found.groups()
        return Declared(name, "function", tuple(a.strip() for a in arguments.split(",")))
    (name,) = _names(item)
    return Declared(name)


def _names(text: str) -> list[str]:
    names = [part.strip() for part in parts_of(text, ",")]
    for name in names:
        if not re.fullmatch(NAME, name):
            hint = "write let s, tau > 0; a(t); k integer; W (n x m)"
            if "<" in name or ">" in name:
                hint = "compare with 0, and put ; between, as let s > 0; x < 0"
            raise AnnotationError(f"let: {name!r} is no name: {hint}")
    return names
