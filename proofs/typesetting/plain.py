"""Docstrings and reasons as LaTeX: words escaped, plain formulas set as mathematics.

A plain formula is what docstrings write, ``tau da/dt = 2a(s - a)``.  Only its spelling is changed,
letter by letter: nothing is moved, simplified or guessed.
"""

from __future__ import annotations

import re

from .plain_formula import (
    DIFFERENTIAL,
    GREEK_WORDS,
    NAMED,
    PRODUCT,
    TOKEN,
    UPRIGHT,
    WORDS,
    mathematics,
)
from .prose import escaped

__all__ = ["told"]

_SYMBOLS = frozenset([*GREEK_WORDS, *UPRIGHT, *NAMED, *WORDS, "uv", "ru", "Wx"])
"""Words of more than one letter that stand for something in a formula."""
_SIGNS_ALLOWED = re.compile(r"[-+*/=<>|()\[\]{}.,;'^_!A-Za-z0-9]+")
_CALLED = frozenset(["sign", "rank"])
"""Functions whose names are words as well."""
_COMPARING = frozenset(["=", "<", ">", "<=", ">=", "<<", ">>", "->", "<=>", "!="])
_OPERATORS = _COMPARING | frozenset(["+", "-", "+-", "-+", "*", "/"])
_SIGNS_ALONE = _OPERATORS | {"..."}
_ARTICLES = frozenset("aA")
_LATIN = frozenset(["i.e", "e.g"])
_COMPOUND = re.compile(rf"({'|'.join(GREEK_WORDS)})(-[a-z]+)([.,;:)]*)")
_SUM_OVER = re.compile(r"(?<=[=+-])(\s+)sum\s+over\s+([a-z])\s+of\b")
_SUMS = frozenset(["sum", "Sum"])
_BY = re.compile(r"(?<=\d) x (?=\d)")
_QUOTED = re.compile('"([^"]*)"')
_ENDS = re.compile(r"(.*?)([.,;:]*)", re.DOTALL)


def told(text: str) -> str:
    """A sentence or more as LaTeX: plain formulas between dollar signs, code in typewriter."""
    summed = _SUM_OVER.sub(r"\1sum_\2", text)
    curled = _QUOTED.sub("\u201c\\1\u201d", _BY.sub("\u00d7", summed))
    pieces = re.split("``([^`]*)``", curled)
    return "".join(
        rf"\texttt{{{escaped(piece)}}}" if place % 2 else _sentence(piece)
        for place, piece in enumerate(pieces)
    )


def _sentence(text: str) -> str:
    words, made, place = re.split(r"(\s+)", text), [], 0
    while place < len(words):
        end = _end_of_formula(words, place)
        if end > place:
            made.append(_set("".join(words[place:end])))
            place = end
        else:
            made.append(_word(words[place]))
            place += 1
    return "".join(made)


def _word(word: str) -> str:
    compound = _COMPOUND.fullmatch(word)
    if compound:
        return rf"$\{compound[1]}${compound[2]}{compound[3]}"
    return re.sub(r"\s+", " ", escaped(word))


def _end_of_formula(words: list[str], start: int) -> int:
    """Where the formula ends that starts at this word: at it where none does."""
    end, strong, depth = start, False, 0
    for place in range(start, len(words), 2):
        core, punctuation = _parts(words[place])
        said = _is_mathematics(core) and not _is_article(words, place, start)
        if not said and not _is_sum(words, place):
            break
        strong, end = strong or _is_strong(core), place + 1
        depth += _depth(core)
        if punctuation and not (punctuation in (",", ";") and depth > 0):
            break
    if not strong:
        return start
    while end - 2 > start and _parts(words[end - 1])[0] in _SIGNS_ALONE:
        end -= 2
    return end


def _is_article(words: list[str], place: int, start: int) -> bool:
    """Whether "a" is a word here: between operators, before a comma, or alone it is a symbol."""
    core, punctuation = _parts(words[place])
    core = core.lstrip("([")
    if core not in _ARTICLES:
        return False
    before = _parts(words[place - 2])[0] if place > start else ""
    after = _parts(words[place + 2])[0] if place + 2 < len(words) else ""
    if punctuation or before in _OPERATORS or after in _OPERATORS:
        return False
    if core == "A" and len(after) == 1 and after.isalpha() and after not in _ARTICLES:
        return False
    return core == "a" or place == 0 or words[place - 2].endswith((".", ":"))


def _is_sum(words: list[str], place: int) -> bool:
    """Whether "sum" is the sign: behind an operator or "with", or first, and before its terms."""
    before = words[place - 2] if place > 1 else "."
    after = _parts(words[place + 2])[0] if place + 2 < len(words) else ""
    begun = before in _OPERATORS or before == "with" or before.endswith(".")
    return words[place] in _SUMS and begun and after not in _ARTICLES and _is_mathematics(after)


def _is_mathematics(core: str) -> bool:
    if core in _LATIN or not _SIGNS_ALLOWED.fullmatch(core):
        return False
    if not re.search("[A-Za-z0-9]", core) and core not in _SIGNS_ALONE:
        return False
    tokens = TOKEN.findall(core)
    return all(
        len(token) == 1
        or (token in _SYMBOLS and not (token in _CALLED and tokens[place + 1 : place + 2] != ["("]))
        or DIFFERENTIAL.fullmatch(token)
        or PRODUCT.fullmatch(token)
        or (len(token) == 2 and re.search(r"[/^]", core))
        or tokens[place - 1 : place] == ["_"]
        or tokens[place + 1 : place + 2] == ["_"]
        for place, token in enumerate(tokens)
        if token.isalpha()
    )


def _is_strong(core: str) -> bool:
    """Whether it is a formula by itself: it compares, has a symbol, a sign or a quotient."""
    symbol = re.search(r"[A-Za-z^]|\d/\d|^[-+]\d", core) and not core.startswith("{")
    return core in _COMPARING or bool(symbol)


def _parts(word: str) -> tuple[str, str]:
    """A word without the punctuation that ends it, and that punctuation."""
    if word.endswith("..."):
        return word, ""
    found = _ENDS.fullmatch(word)
    assert found is not None
    return found[1], found[2]


def _depth(core: str) -> int:
    return sum(map(core.count, "([{")) - sum(map(core.count, ")]}"))


def _set(text: str) -> str:
    """A formula between dollar signs; a bracket that has no partner in it stands outside."""
    core, after = _parts(text)
    if core.endswith("'s"):
        core, after = core[:-2], "'s" + after
    alone = _alone(core)
    if alone is None:
        return f"${mathematics(core)}${escaped(after)}"
    left, right = _sentence(core[:alone]), _sentence(core[alone + 1 :])
    return f"{left}{escaped(core[alone])}{right}{escaped(after)}"


def _alone(core: str) -> int | None:
    """The place of the first bracket without a partner."""
    opened: list[int] = []
    for place, character in enumerate(core):
        if character in "([{":
            opened.append(place)
        elif character in ")]}":
            if not opened:
                return place
            opened.pop()
    return opened[0] if opened else None
