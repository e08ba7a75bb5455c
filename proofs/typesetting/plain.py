"""Docstrings and reasons as LaTeX: words escaped, plain formulas set as mathematics.

A plain formula is what docstrings write, ``tau da/dt = 2a(s - a)``.  Only its spelling is changed,
letter by letter: nothing is moved, simplified or guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .names import GREEK
from .prose import escaped

__all__ = ["told"]

_GREEK = tuple(sorted(GREEK))
_UPRIGHT = (
    "ln",
    "log",
    "exp",
    "tanh",
    "sinh",
    "cosh",
    "sin",
    "cos",
    "cot",
    "arctan",
    "arcsin",
    "det",
    "max",
    "min",
)
_NAMED = ("tr", "erf", "diag", "Im", "Var", "rank", "sign", "adj", "prod", "binom")
_WORDS = {
    "oo": r"\infty",
    "inf": r"\infty",
    "eps": r"\epsilon",
    "sqrt": r"\sqrt",
    "yhat": r"\hat{y}",
    "Yhat": r"\hat{Y}",
}
_DIFFERENTIAL = re.compile(rf"d(?:[A-Za-df-np-z]|{'|'.join(GREEK)})")
_PRODUCT = re.compile("[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ][b-df-hj-np-tv-xz]|[A-Z]{2}")
"""Letters side by side: a word of two letters has a vowel."""
_RELATIONS = {
    "<=>": r"\Leftrightarrow ",
    "<<": r"\ll ",
    ">>": r"\gg ",
    "->": r"\to ",
    ">=": r"\ge ",
    "<=": r"\le ",
    "!=": r"\ne ",
    "+-": r"\pm ",
    "-+": r"\mp ",
    "...": r"\dots ",
    "%": r"\%",
    "#": r"\#",
    "&": r"\&",
    "~": r"\sim ",
    "$": r"\$",
    "\\": r"\backslash ",
    "_": r"\_",
    "^": r"\wedge ",
    "{": r"\{",
    "}": r"\}",
}
_TOKEN = re.compile(
    r"<=>|<<|>>|->|>=|<=|!=|\+-|-\+|\.\.\.|[A-Za-z]+|[0-9]+(?:\.[0-9]+)?|\s+|.",
    re.DOTALL,
)
_SYMBOLS = frozenset([*_GREEK, *_UPRIGHT, *_NAMED, *_WORDS, "uv", "ru", "Wx"])
"""Words of more than one letter that stand for something in a formula."""
_SIGNS_ALLOWED = re.compile(r"[-+*/=<>|()\[\]{}.,;'^_!A-Za-z0-9]+")
_CALLED = frozenset(["sign", "rank"])
"""Functions whose names are words as well."""
_COMPARING = frozenset(["=", "<", ">", "<=", ">=", "<<", ">>", "->", "<=>", "!="])
_OPERATORS = _COMPARING | frozenset(["+", "-", "+-", "-+", "*", "/"])
_SIGNS_ALONE = _OPERATORS | {"..."}
_ARTICLES = frozenset("aA")
_LATIN = frozenset(["i.e", "e.g"])
_COMPOUND = re.compile(rf"({'|'.join(_GREEK)})(-[a-z]+)([.,;:)]*)")
_BY = re.compile(r"(?<=\d) x (?=\d)")
_QUOTED = re.compile('"([^"]*)"')
_ENDS = re.compile(r"(.*?)([.,;:]*)", re.DOTALL)


def told(text: str) -> str:
    """A sentence or more as LaTeX: plain formulas between dollar signs, code in typewriter."""
    curled = _QUOTED.sub("\u201c\\1\u201d", _BY.sub("\u00d7", text))
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
        if not _is_mathematics(core) or _is_article(words, place, start):
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


def _is_mathematics(core: str) -> bool:
    if core in _LATIN or not _SIGNS_ALLOWED.fullmatch(core):
        return False
    if not re.search("[A-Za-z0-9]", core) and core not in _SIGNS_ALONE:
        return False
    tokens = _TOKEN.findall(core)
    return all(
        len(token) == 1
        or (token in _SYMBOLS and not (token in _CALLED and tokens[place + 1 : place + 2] != ["("]))
        or _DIFFERENTIAL.fullmatch(token)
        or _PRODUCT.fullmatch(token)
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
        return f"${_mathematics(core)}${escaped(after)}"
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


def _mathematics(text: str) -> str:
    return "".join(_written(_TOKEN.findall(text))).strip()


def _written(tokens: list[str]) -> Iterator[str]:
    """The tokens as mathematics; what has an index or an exponent already gets no second one."""
    place, taken = 0, ""
    while place < len(tokens):
        token = tokens[place]
        if token in ("_", "^") and place + 1 < len(tokens):
            argument, place = _argument(tokens, place + 1)
            yield "{}" * (token in taken) + f"{token}{{{_script(argument, below=token == '_')}}}"
            taken += token
            continue
        if token == "*" and _is_star(tokens, place):
            yield "{}" * ("^" in taken) + "^{*}"
            taken += "^"
        elif token == "'":
            yield "{}" * ("^" in taken) + "'"
        elif token == "sqrt" and tokens[place + 1 : place + 2] == ["("]:
            argument, place = _argument(tokens, place + 1)
            yield rf"\sqrt{{{''.join(_written(argument))}}}"
            taken = ""
            continue
        elif token == "E" and tokens[place + 1 : place + 2] == ["["]:
            yield r"\mathbb{E}"
            taken = ""
        elif _is_layer(tokens, place):
            above, place = tokens[place + 1], place + 2
            if tokens[place : place + 2] == ["^", "T"]:
                above, place = rf"{above}\,\top", place + 2
            yield f"{_token(token).strip()}^{{{above}}}"
            taken = "^"
            continue
        elif _is_numbered(tokens, place):
            yield f"{_token(token).strip()}_{{{tokens[place + 1]}}}"
            place, taken = place + 1, "_"
        else:
            yield _token(token)
            taken = ""
        place += 1


def _is_layer(tokens: list[str], place: int) -> bool:
    """Whether this is a letter of NOTATION with the numbers of its layers: W21, Sigma31."""
    after = tokens[place + 1 : place + 2]
    return (
        tokens[place] in ("W", "Sigma") and bool(after) and bool(re.fullmatch("[1-3]{2}", after[0]))
    )


def _is_numbered(tokens: list[str], place: int) -> bool:
    """Whether this is a letter with its number: s1, Q0."""
    after = "".join(tokens[place + 1 : place + 2])
    letter = tokens[place] in _GREEK or (len(tokens[place]) == 1 and tokens[place].isalpha())
    return letter and len(after) == 1 and after.isdigit()


def _is_star(tokens: list[str], place: int) -> bool:
    """Whether ``*`` is the star of s*, and no product."""
    after = tokens[place + 1 : place + 2]
    return place > 0 and tokens[place - 1].isalpha() and not (after and after[0][0].isalnum())


def _argument(tokens: list[str], place: int) -> tuple[list[str], int]:
    """What stands behind a sign: one token, a sign with one, or a bracket; and where it ends."""
    if tokens[place] in ("(", "{"):
        depth, end = 0, place
        while end < len(tokens):
            depth += (tokens[end] in ("(", "{")) - (tokens[end] in (")", "}"))
            end += 1
            if depth == 0:
                return tokens[place + 1 : end - 1], end
        return tokens[place:], len(tokens)
    end = place + 1
    if tokens[place] in ("-", "+") and tokens[end : end + 1] == ["("]:
        argument, end = _argument(tokens, end)
        return [tokens[place], "(", *argument, ")"], end
    if tokens[place] in ("-", "+", ".") and end < len(tokens) and tokens[end].isalnum():
        end += 1
    while tokens[end - 1].isalnum() and end < len(tokens) and tokens[end].isalnum():
        end += 1
    return tokens[place:end], end


def _script(tokens: list[str], *, below: bool) -> str:
    if tokens == ["T"] and not below:
        return r"\top"
    if tokens == ["star"]:
        return "*"
    if below and len(tokens) == 1 and len(tokens[0]) > 2 and tokens[0].isalpha():
        word = tokens[0]
        if word in _GREEK or word in _WORDS:
            return _token(word)
        return word if word.isupper() else rf"\mathrm{{{word}}}"
    return "".join(_written(tokens))


def _token(token: str) -> str:
    if token.isspace():
        return " "
    if token in _RELATIONS:
        return _RELATIONS[token]
    if token in _WORDS:
        return f"{_WORDS[token]} "
    if _DIFFERENTIAL.fullmatch(token):
        return f"d{_token(token[1:])}"
    if token in _GREEK or token in _UPRIGHT:
        return rf"\{token} "
    if token in _NAMED:
        return rf"\operatorname{{{token}}}"
    if token.isalpha() and len(token) > 1 and not _PRODUCT.fullmatch(token):
        return token if len(token) == 2 else rf"\mathrm{{{token}}}"
    return token if token.isascii() else escaped(token)
