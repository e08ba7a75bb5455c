"""The brackets of an annotation, ``[s=S, tau=1]``: other names and values."""

from __future__ import annotations

import re

from ..notation.vocabulary import spelled

__all__ = ["ID", "NAME", "AnnotationError", "behind", "names_and_values", "parts_of"]

ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)+")
NAME = r"\\?[A-Za-z]+[0-9]*(?:[_^](?:\{[^{}]*\}|[A-Za-z0-9+-]+))*'*"
_POWER = re.compile(r"\\?[A-Za-z]+(?:_(?:\{[^{}]*\}|\w))?\^(?:\d|\{\s*-?\d+(?:/\d+)?\s*\})")
_RENAMED = re.compile(rf"\s*({NAME})\s*=\s*([^\s=][^=]*?)\s*")


class AnnotationError(ValueError):
    """An annotation that says nothing that is known; the message says what to write."""


def names_and_values(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """What is in the brackets: other names, and values."""
    renamed: dict[str, str] = {}
    values: dict[str, str] = {}
    for part in parts_of(text, ","):
        found = _RENAMED.fullmatch(part)
        if found is None:
            told = "is no renaming and no value"
            raise AnnotationError(f"{part.strip()!r} {told}: {_instead(part.strip())}")
        name, told = found.groups()
        if name in renamed or name in values:
            raise AnnotationError(f"{name} is renamed twice: keep one")
        if not _is_name(told) or _is_power(name, told):
            values[name] = told
            continue
        if told in renamed.values():
            raise AnnotationError(f"two names are written {told}: give each its own")
        renamed[name] = told
    if not renamed and not values:
        raise AnnotationError("the brackets are empty: write [s=S], or drop them")
    return renamed, values


def behind(id: str, rest: str) -> str:
    """What to write for something behind an id that is not in brackets."""
    if rest.startswith("["):
        return "the bracket ] is missing at its end"
    other = ID.search(rest)
    if other is not None and "=" not in rest:
        return f"one comment names one claim: write % lemmata: {other.group()} in its own"
    inside = rest.removeprefix("at ").strip("() ")
    if "=" in inside:
        return f"write names and values in brackets, {id} [{inside}]"
    return "write names and values in brackets, as [s=S, tau=1]"


def _instead(part: str) -> str:
    """What to write for a part of the brackets that is no renaming and no value."""
    name, equal, told = (x.strip() for x in part.partition("="))
    if not part:
        return "drop the comma that has nothing beside it"
    if "<" in part or ">" in part:
        return "conditions are those of the claim: drop it"
    if re.fullmatch(r"\d+", part):
        return "it has no name: write decimals with a point, as [tau=1.5]"
    if equal and re.fullmatch(rf"{NAME}\s*\(.*\)", name):
        return f"write the function without its argument, as [{name.partition('(')[0]}=u]"
    if told.count("=") or ";" in told:
        return "write one = for each name, and commas between them, as [s=S, a_0=u_0]"
    if equal and not told:
        return f"nothing is written for {name}: write {name}=LaTeX, or drop it"
    return "write name=LaTeX, as [s=S], or name=value, as [tau=1]"


def _is_name(latex: str) -> bool:
    """Whether it is a name in LaTeX, and no value."""
    if latex in (r"\pi", r"\infty") or latex[0].isdigit():
        return False
    try:
        spelled(latex)
    except ValueError:
        return False
    return True


def _is_power(name: str, latex: str) -> bool:
    """Whether it is a power of a number, and no name: names like W21 have numerals of their own."""
    return _POWER.fullmatch(latex) is not None and not re.search(r"[\d^]", name)


def parts_of(text: str, sign: str) -> list[str]:
    """The text cut at the sign where no bracket is open."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "({[") - (letter in ")}]")
        if letter == sign and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    last = text[start:]
    return [*parts, last] if parts or last.strip() else []
