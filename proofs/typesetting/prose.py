r"""Prose of docstrings and reasons as LaTeX text: nothing in it is read as a command.

Names with an index, powers and Greek words are set as mathematics: ``a_0`` as ``$a_{0}$``.
"""

from __future__ import annotations

import re
import unicodedata

from .names import GREEK, latex_of_name

__all__ = ["escaped", "prose"]

_RESERVED = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": "$<$",
    ">": "$>$",
    "|": "$|$",
    '"': "''",
    "`": "`",
}
_UNICODE = {
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": r"\dots{}", "′": "$'$",
    "″": "$''$", "·": r"$\cdot$", "×": r"$\times$", "±": r"$\pm$", "−": "$-$", "≤": r"$\leq$",
    "≥": r"$\geq$", "≠": r"$\neq$", "≈": r"$\approx$", "→": r"$\to$", "⇔": r"$\Leftrightarrow$",
    "∞": r"$\infty$", "∈": r"$\in$", "∂": r"$\partial$", "√": r"$\sqrt{\ }$", "∑": r"$\sum$",
    "∏": r"$\prod$", "⊤": r"$\top$", "°": r"$^{\circ}$", "²": "$^{2}$", "³": "$^{3}$", "½": "$1/2$",
    "\u00a0": "~", "\u2009": r"\,", "µ": r"$\mu$", "§": r"\S{}",
}  # fmt: skip
_LATIN = range(0xC0, 0x180)
"""Letters with accents that pdfLaTeX knows as they are."""

_NAME = re.compile(
    r"(?<![A-Za-z0-9_.\\])(?P<name>[A-Za-z]+(?:_(?:[A-Za-z0-9]+|\([^()\s]{1,9}\)))+"
    r"|[A-Za-z]\d*(?=\^)|[A-Z]\d+|Sigma\d+|" + "|".join(sorted(GREEK))
    + r")(?P<power>\^(?:\{[^{}$]{1,12}\}|\([^()$]{1,12}\)|-?[A-Za-z0-9]+))?(?![A-Za-z0-9_])"
    r"(?!\.[a-z_])"
)  # fmt: skip
_SIGNS = {
    ">=": r"$\geq$",
    "<=": r"$\leq$",
    "->": r"$\to$",
    "!=": r"$\neq$",
    "<->": r"$\Leftrightarrow$",
}
_SIGN = re.compile("|".join(re.escape(s) for s in sorted(_SIGNS, key=len, reverse=True)))


def prose(text: str) -> str:
    """Text as LaTeX; formulas written plainly in it keep their words, names become symbols."""
    parts: list[str] = []
    end = 0
    for found in _NAME.finditer(text):
        parts += [_plain(text[end : found.start()]), _symbol(found)]
        end = found.end()
    return "".join([*parts, _plain(text[end:])])


def escaped(text: str) -> str:
    """Text in which every character stands for itself."""
    return "".join(map(_character, text))


def _plain(text: str) -> str:
    end, parts = 0, []
    for found in _SIGN.finditer(text):
        parts += [escaped(text[end : found.start()]), _SIGNS[found[0]]]
        end = found.end()
    return "".join([*parts, escaped(text[end:])])


def _symbol(found: re.Match[str]) -> str:
    text, power = found["name"], found["power"]
    base, bracket, inside = text.partition("_(")
    if bracket:
        latex = f"{latex_of_name(base)}_{{{_mathematics(inside[:-1])}}}"
    else:
        latex = latex_of_name(text)
    if power:
        above = power[1:].strip("{}")
        if above.startswith("(") and above.endswith(")"):
            above = above[1:-1]
        base = f"({latex})" if "^" in latex else latex
        latex = f"{base}^{{{_mathematics(above)}}}"
    return f"${latex}$"


def _mathematics(text: str) -> str:
    """The plain formula of an index or an exponent."""
    words = re.sub(
        r"[A-Za-z]+", lambda w: f"\\{w[0]} " if w[0] in GREEK else w[0], text
    )  # Greek words, other letters side by side
    return "\\top" if text == "T" else re.sub(r"[^A-Za-z0-9+\-*/=,.()\\ ]", " ", words).strip()


def _character(character: str) -> str:
    if character in _RESERVED:
        return _RESERVED[character]
    if character in _UNICODE:
        return _UNICODE[character]
    code = ord(character)
    if character in "\n\t" or 0x20 <= code < 0x7F or code in _LATIN:
        return character
    name = unicodedata.name(character, "").split()
    if name[:1] == ["GREEK"] and name[-1].lower() in GREEK:
        letter = name[-1].lower()
        capital = letter.capitalize() if "CAPITAL" in name else letter
        return f"$\\{capital}$" if capital in GREEK else capital[0]
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    if not plain or plain == character:
        return f"[U+{code:04X}]"
    return "".join(map(_character, plain))
