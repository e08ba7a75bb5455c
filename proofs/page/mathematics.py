"""LaTeX as MathML that browsers draw by themselves."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from xml.etree.ElementTree import Element

from markupsafe import Markup, escape

__all__ = ["MathematicsError", "formula", "prose", "words"]

_DOUBLE_STRUCK = {"C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"}
"""Letters that Unicode had before it had an alphabet of them."""

_OPERANDS = frozenset("∂∞∅⊤…")
"""Signs that stand for something: as operators they would be set with space around them."""

_ROWS = frozenset(("mrow", "mtd", "mstyle", "msqrt", "mpadded"))
"""Elements whose children stand side by side."""

_SIGNS, _CLOSING = frozenset("+−-±∓"), frozenset(")]}⟩|!…")
"""What may be the sign of a number, and operators behind which it is not."""

_FENCES = frozenset("([{⟨|")
_FUNCTIONS = frozenset(
    ("arcsin", "arctan", "cos", "cosh", "cot", "det", "diag", "erf", "exp", "ln", "log", "max")
) | {"min", "sin", "sinh", "tanh", "tr"}
"""Names that TeX sets as operators."""
_THIN = '<mspace width="0.167em"/>'

_STRETCHING = frozenset("()[]{}⟨⟩")
"""Fences that grow by default."""

_WIDTHS = {
    "negativethinmathspace": "-0.167em",
    "negativemediummathspace": "-0.222em",
    "negativethickmathspace": "-0.278em",
    "thinmathspace": "0.167em",
    "mediummathspace": "0.222em",
    "thickmathspace": "0.278em",
}
"""Named widths, which MathML Core has given up."""

_RAW = re.compile(r"\\[A-Za-z]+|\\.|[{}$]")


_DOLLAR = re.compile(r"(?<!\\)\$")
_MARKUP = re.compile(r"</?[A-Za-z!]")
"""What looks like markup is no formula: it is shown letter by letter."""
_ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    ".": "\u0307",
    '"': "\u0308",
    "v": "\u030c",
}
_NOTATION = re.compile(
    r"\\(?P<accent>[`'^.\"v])\{(?P<letter>\w)\}|\\[A-Za-z]+(?:\{\})?|\\.|``|''|--"
)
_NAMED = {
    r"\textbackslash": "\\", r"\textasciicircum": "^", r"\textasciitilde": "~",
    r"\textless": "<", r"\textgreater": ">", r"\textbar": "|", r"\dots": "…",
    r"\ss": "ß", r"\o": "ø", r"\l": "ł", "``": "“", "''": "”", "--": "–",
}  # fmt: skip


LONG = 24
"""Characters of LaTeX from which a formula may be wider than a narrow window."""


class MathematicsError(ValueError):
    """LaTeX that does not become MathML; names it and what is left of it."""


@lru_cache(maxsize=1 << 13)
def formula(latex: str, display: bool = False) -> Markup:
    """One formula as a ``<math>`` element; raises ``MathematicsError`` for what is not understood.

    ``display`` sets it large, as on a line of its own.
    """
    from latex2mathml.converter import convert_to_element

    try:
        element = convert_to_element(latex, display="block" if display else "inline")
    except Exception as error:  # whatever a converter raises, the formula is named
        raise MathematicsError(f"{latex}: {type(error).__name__}: {error}") from error
    inner = _row(_flat(element), latex)
    # The text of every element was escaped as it was written.
    return Markup(f'<math display="block">{inner}</math>' if display else f"<math>{inner}</math>")


def prose(text: str) -> Markup:
    """Text of LaTeX with formulas between dollar signs; what it escapes is shown as it is."""
    told = _DOLLAR.split(text)
    if len(told) % 2 == 0:
        raise MathematicsError(f"{text}: a formula is not closed")
    pieces = [_inside(piece) if i % 2 else escape(_plain(piece)) for i, piece in enumerate(told)]
    return Markup("").join(pieces)


def _inside(latex: str) -> Markup:
    """A formula in a sentence; a long one, which browsers do not break, scrolls by itself."""
    made = formula(latex)
    if len(latex) < LONG:
        return made
    return Markup('<span class="scroll inline">{}</span>').format(made)


def words(text: str) -> Markup:
    """Plain text, its plain formulas set as mathematics where they are understood."""
    from ..document.prose import told

    if _MARKUP.search(text):
        return escape(text)
    try:
        return prose(told(text))
    except ValueError:
        return escape(text)


def _plain(text: str) -> str:
    """Characters for which LaTeX has a notation, as they are."""
    return _NOTATION.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    told = found[0]
    if found["accent"]:
        return unicodedata.normalize("NFC", found["letter"] + _ACCENTS[found["accent"]])
    return _NAMED.get(told.removesuffix("{}"), told[1:])


def _flat(element: Element) -> list[Element]:
    """The children, without rows that hold one element, or that hold all."""
    children = list(element)
    while len(children) == 1 and children[0].tag == "mrow" and not children[0].attrib:
        children = list(children[0])
    return children


def _row(elements: Iterable[Element], latex: str) -> str:
    """Elements side by side; a sign behind an operator is that of a number, with no space after.

    The name of a function is set apart from what stands before it and from an argument without
    brackets, as TeX does.
    """
    made, signed, before = [], True, ""
    for element in elements:
        text = element.tag == "mo" and html.unescape(element.text or "")
        if text in _SIGNS and signed:
            element.set("form", "prefix")
        signed = bool(text) and text not in _CLOSING
        name = _is_name(element)
        bare = not text and _first(element) not in _FENCES
        if (name and before) or (bare and before == "name"):
            made.append(_THIN)
        ends = element.tag != "mspace" and (not text or text in _CLOSING)
        before = "name" if name else "operand" if ends else ""
        made.append(_written(element, latex))
    return "".join(made)


def _first(element: Element) -> str:
    """The text with which an element begins."""
    return _first(element[0]) if len(element) else html.unescape(element.text or "")


def _is_name(element: Element) -> bool:
    """Whether it is the name of a function, such as ln, with an index or without."""
    if element.tag in ("msub", "msup", "msubsup", "mrow") and len(element):
        return _is_name(element[0])
    told = html.unescape(element.text or "")
    return element.tag in ("mi", "mo") and told in _FUNCTIONS


def _written(element: Element, latex: str) -> str:
    tag, text, attributes = _adapted(element)
    if tag == "mo" and not text and not len(element):
        return ""
    left = _RAW.search(text) if tag != "mo" else re.search(r"\\", text)
    if left:
        raise MathematicsError(f"{latex}: {left[0]} is left")
    if tag == "mrow" and not attributes and len(element) == 1:
        return _written(element[0], latex)
    told = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
    inner = html.escape(text, quote=False)
    inner += _row(element, latex) if tag in _ROWS else "".join(_written(e, latex) for e in element)
    return f"<{tag}{told}>{inner}</{tag}>"


def _adapted(element: Element) -> tuple[str, str, dict[str, str]]:
    """Tag, text and attributes as MathML Core knows them."""
    tag, text = element.tag, html.unescape(element.text or "")
    attributes = {name: value for name, value in element.attrib.items() if name != "fence"}
    variant = attributes.pop("mathvariant", None)
    if variant == "double-struck":
        text = "".join(map(_double_struck, text))
    elif variant == "normal" and tag == "mi" and len(text) == 1:
        attributes["mathvariant"] = "normal"
    if "width" in attributes:
        attributes["width"] = _WIDTHS.get(attributes["width"], attributes["width"])
    if tag == "mo" and (text in _OPERANDS or (text.isalpha() and len(text) > 1)):
        return "mi", text, {}
    if tag == "mo" and (text == "/" or (text == "|" and attributes.get("stretchy") == "false")):
        attributes |= {"lspace": "0", "rspace": "0"}
    if tag == "mo" and text in _STRETCHING and attributes.get("stretchy") == "true":
        attributes = {}
    return tag, text, attributes


def _double_struck(letter: str) -> str:
    if letter in _DOUBLE_STRUCK:
        return _DOUBLE_STRUCK[letter]
    for first, start in (("A", 0x1D538), ("a", 0x1D552)):
        if first <= letter <= chr(ord(first) + 25):
            return chr(start + ord(letter) - ord(first))
    return letter
