"""A plain formula, ``tau da/dt = 2a(s - a)``, as LaTeX; only its spelling is changed.

Letter by letter: nothing is moved, simplified or guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .names import GREEK
from .prose import escaped

__all__ = [
    "DIFFERENTIAL",
    "GREEK_WORDS",
    "NAMED",
    "PRODUCT",
    "TOKEN",
    "UPRIGHT",
    "WORDS",
    "mathematics",
]

GREEK_WORDS = tuple(sorted(GREEK))
UPRIGHT = (
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
NAMED = ("tr", "erf", "diag", "Im", "Var", "rank", "sign", "adj", "prod", "binom")
WORDS = {
    "oo": r"\infty",
    "inf": r"\infty",
    "eps": r"\epsilon",
    "sqrt": r"\sqrt",
    "yhat": r"\hat{y}",
    "Yhat": r"\hat{Y}",
}
_BIG = {"sum": r"\sum ", "Sum": r"\sum ", "prod": r"\prod "}
DIFFERENTIAL = re.compile(rf"d(?:[A-Za-df-np-z]|{'|'.join(GREEK)})")
PRODUCT = re.compile("[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ][b-df-hj-np-tv-xz]|[A-Z]{2}")
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
TOKEN = re.compile(
    r"<=>|<<|>>|->|>=|<=|!=|\+-|-\+|\.\.\.|[A-Za-z]+|[0-9]+(?:\.[0-9]+)?|\s+|.",
    re.DOTALL,
)


def mathematics(text: str) -> str:
    """The formula between dollar signs."""
    return "".join(_written(TOKEN.findall(text))).strip()


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
    letter = tokens[place] in GREEK_WORDS or (len(tokens[place]) == 1 and tokens[place].isalpha())
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
        if word in GREEK_WORDS or word in WORDS:
            return _token(word)
        return word if word.isupper() else rf"\mathrm{{{word}}}"
    return "".join(_written(tokens))


def _token(token: str) -> str:
    if token.isspace():
        return " "
    if token in _RELATIONS:
        return _RELATIONS[token]
    if token in WORDS:
        return f"{WORDS[token]} "
    if token in _BIG:
        return _BIG[token]
    if DIFFERENTIAL.fullmatch(token):
        return f"d{_token(token[1:])}"
    if token in GREEK_WORDS or token in UPRIGHT:
        return rf"\{token} "
    if token in NAMED:
        return rf"\operatorname{{{token}}}"
    if token.isalpha() and len(token) > 1 and not PRODUCT.fullmatch(token):
        return token if len(token) == 2 else rf"\mathrm{{{token}}}"
    return token if token.isascii() else escaped(token)
