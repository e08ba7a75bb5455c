r"""Any text as LaTeX text: every character stands for itself."""

from __future__ import annotations

import unicodedata

from .names import GREEK

__all__ = ["escaped"]

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


def escaped(text: str) -> str:
    """Text in which every character stands for itself."""
    return "".join(map(_character, text))


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
