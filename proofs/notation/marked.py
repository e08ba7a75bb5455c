r"""Relation signs of several tokens: ``:=``, ``\not=``, ``\overset{\text{def}}{=}``."""

from __future__ import annotations

from typing import Any

from .errors import NotationError
from .signs import COMMANDS, SYMBOLS

__all__ = ["STACKED", "relation_at"]

STACKED = frozenset((r"\overset", r"\underset", r"\stackrel", r"\stackbin"))
"""Commands that set their first argument above or below the second one."""

_SPELLED = {
    (":", "="): ":=",
    ("=", ":"): "=:",
    (r"\not", "="): r"\neq",
    (r"\not", r"\equiv"): r"\not\equiv",
    ("{", ":", "}", "="): ":=",
    ("{", ":=", "}"): ":=",
}
_DEFINED = frozenset(("def", "def.", "(def)", "(def.)", r"\triangle", r"\Delta"))


def relation_at(tokens: Any, i: int) -> tuple[str, int] | None:
    """The sign that begins at a token and the first token behind it; None where none does.

    Raises ``NotationError`` for a relation with a mark that may change what it says.
    """
    if tokens[i].text in STACKED:
        return _stacked(tokens, i)
    if tokens[i].text == "{":
        inner = _group(tokens, i)
        signs = [token.text for token in inner]
        if signs in ([":", "="], ["=", ":"]) or (len(inner) == 1 and _is_relation(inner[0])):
            return "".join(signs), i + len(inner) + 2
    for texts, sign in _SPELLED.items():
        if tuple(token.text for token in tokens[i : i + len(texts)]) == texts:
            return sign, i + len(texts)
    return None


def _stacked(tokens: Any, i: int) -> tuple[str, int]:
    command = tokens[i].text
    mark, behind = _argument(tokens, i, i + 1)
    base, end = _argument(tokens, i, behind)
    sign = relation_at(base, 0) if base else None
    if sign is not None and sign[1] == len(base):
        shown = sign[0]
    elif len(base) == 1 and _is_relation(base[0]):
        shown = base[0].text
    else:
        raise NotationError(f"{command} is read only of a relation sign, as = with def above it", i)
    if not _is_harmless("".join(token.text for token in mark)):
        raise NotationError(
            f"what stands beside {shown} may change what it says: write it in words around the "
            "formula",
            i,
        )
    return shown, end


def _is_harmless(mark: str) -> bool:
    """A definition, or the number of an equation: ``(1)``, ``(iv)``."""
    mark = mark.replace(r"\mathrm", "").replace("{", "").replace("}", "").strip()
    number = mark.strip("()")
    numbered = mark == f"({number})" and (
        number.isdecimal() or len(number) == 1 or not set(number) - set("iv")
    )
    return mark in _DEFINED or (numbered and number.isalnum())


def _is_relation(token: Any) -> bool:
    kind = COMMANDS.get(token.text) or SYMBOLS.get(token.text)
    return kind == "RELATION" and token.kind in ("symbol", "command")


def _argument(tokens: Any, command: int, i: int) -> tuple[Any, int]:
    if i >= len(tokens):
        raise NotationError(f"{tokens[command].text} has two arguments", command)
    if tokens[i].kind != "open":
        return tokens[i : i + 1], i + 1
    inner = _group(tokens, i)
    return inner, i + len(inner) + 2


def _group(tokens: Any, i: int) -> Any:
    """The tokens inside of the braces that open at ``i``."""
    depth = 0
    for k in range(i, len(tokens)):
        depth += {"open": 1, "close": -1}.get(tokens[k].kind, 0)
        if depth == 0:
            return tokens[i + 1 : k]
    raise NotationError("{ is not closed: add }", i)
