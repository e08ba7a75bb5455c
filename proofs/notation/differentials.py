r"""Which ``d`` ends which integral sign.

``\int f(u)\,du`` is closed by the first ``d`` with a letter behind it in the same brackets.  An
integral sign without one, as in ``\int \frac{du}{u}``, or with it at once, as in ``\int du\,f(u)``,
acts on what follows it.
"""

from __future__ import annotations

from typing import Any

from .signs import COMMANDS

__all__ = ["integral_signs", "upright_d"]

_RELATIONS = frozenset("=<>")
_OPENING = frozenset("([")
_CLOSING = frozenset(")]")


def integral_signs(tokens: Any) -> dict[int, str]:
    """Terminals by token number: INTEGRAL, DIFFERENTIAL, LEADING for a ``du`` that comes first."""
    found: dict[int, str] = {}
    levels: list[list[int]] = [[]]
    for i, token in enumerate(tokens):
        if token.kind == "command" and token.text == r"\int":
            levels[-1].append(i)
        elif _opens(token):
            levels.append([])
        elif _closes(token) and len(levels) > 1:
            levels.pop()
        elif _separates(token):
            levels[-1].clear()
        elif levels[-1] and i not in found and _is_differential(tokens, i):
            sign = levels[-1].pop()
            if _after_limits(tokens, sign) == i:
                found[i] = "LEADING"
            else:
                found[sign], found[i] = "INTEGRAL", "DIFFERENTIAL"
    return found


def upright_d(tokens: Any, i: int) -> int:
    r"""How many tokens ``\mathrm{d}`` takes at that place, 0 where there is none."""
    texts = [token.text for token in tokens[i : i + 4]]
    if texts[:1] == [r"\dd"]:
        return 1
    if texts[:1] not in ([r"\mathrm"], [r"\mathsf"], [r"\textrm"]):
        return 0
    if texts[1:] == ["{", "d", "}"]:
        return 4
    return 2 if texts[1:2] == ["d"] else 0


def _is_differential(tokens: Any, i: int) -> bool:
    italic = tokens[i].kind == "letter" and tokens[i].text == "d"
    length = 1 if italic else upright_d(tokens, i)
    following = tokens[i + length] if 0 < length and i + length < len(tokens) else None
    if following is None:
        return False
    if following.kind == "letter":
        return True
    return following.kind == "command" and following.text[1:2].isalpha() and _greek(following.text)


def _greek(text: str) -> bool:
    return COMMANDS.get(text) == "LETTER" and text != r"\partial"


def _after_limits(tokens: Any, sign: int) -> int:
    """The first token behind an integral sign and its limits."""
    i = sign + 1
    while i < len(tokens) and (
        tokens[i].kind in ("sub", "sup") or tokens[i].text in (r"\limits", r"\nolimits")
    ):
        if tokens[i].kind == "command":
            i += 1
            continue
        i += 1
        if i < len(tokens) and tokens[i].kind == "open":
            depth = 0
            while i < len(tokens):
                depth += {"open": 1, "close": -1}.get(tokens[i].kind, 0)
                i += 1
                if depth == 0:
                    break
        else:
            i += 1
    return i


def _opens(token: Any) -> bool:
    if token.kind == "open":
        return True
    return (token.kind == "symbol" and token.text in _OPENING) or token.text == r"\{"


def _closes(token: Any) -> bool:
    if token.kind == "close":
        return True
    return (token.kind == "symbol" and token.text in _CLOSING) or token.text == r"\}"


def _separates(token: Any) -> bool:
    if token.kind == "symbol":
        return token.text in _RELATIONS
    return token.kind == "newline" or COMMANDS.get(token.text) in ("RELATION", "IMPLIES")
