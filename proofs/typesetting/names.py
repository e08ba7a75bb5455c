r"""LaTeX of the names of symbols, functions and letters: ``a_0``, ``W21``, ``sigma_eps``.

A name is a stem with indices: ``stem``, ``stem12`` or ``stem_index_index``, ``stem^power``.  Greek
words print as Greek letters, other words of several letters upright.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .pieces import Piece, name

__all__ = ["GREEK", "indexed", "latex_of_name", "named", "renamed"]

GREEK = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "pi",
        "rho",
        "sigma",
        "tau",
        "upsilon",
        "phi",
        "chi",
        "psi",
        "omega",
        "varepsilon",
        "vartheta",
        "varpi",
        "varrho",
        "varsigma",
        "varphi",
        "Gamma",
        "Delta",
        "Theta",
        "Lambda",
        "Xi",
        "Pi",
        "Sigma",
        "Upsilon",
        "Phi",
        "Psi",
        "Omega",
    ]
)

_ABOVE = {
    "W21": ("W", "21"),
    "W32": ("W", "32"),
    "Sigma11": (r"\Sigma", "11"),
    "Sigma31": (r"\Sigma", "31"),
    "u_minus": ("u_{-}", ""),
    "u_plus": ("u_{+}", ""),
    "overlap_left": (r"|\langle x, \hat{x} \rangle|", "2"),
    "overlap_right": (r"|\langle y, \hat{y} \rangle|", "2"),
    "sigma_w2": (r"\sigma_{w}", "2"),
    "sigma_b2": (r"\sigma_{b}", "2"),
    "gain2": (r"\mathrm{gain}", "2"),
    "z2": ("z", "2"),
    "det": (r"\det", ""),
}
"""Names with something above the letter, head and what stands there, and names with a sign."""

_WORDS = {"oo": r"\infty", "max": r"\max", "min": r"\min", "eps": r"\epsilon", "+": "+", "-": "-"}
_STEM = re.compile(r"([A-Za-z]+|1)(\d*)('*)")
_INDEX = re.compile(r"([A-Za-z])(\d+)")


@lru_cache(maxsize=1 << 12)
def named(text: str) -> Piece:
    """The piece of a name; a name that follows no rule prints upright as it is."""
    head, below, above = _taken_apart(text)
    return name(head + (f"_{{{below}}}" if below else ""), above)


def indexed(text: str, index: str, latex: str = "") -> Piece:
    """A term of a sequence: ``a_1`` at k is ``a_{1,k}``.  ``latex`` replaces the name."""
    head, below, above = _split(latex) if latex else _taken_apart(text)
    return name(f"{head}_{{{below + ',' if below else ''}{index}}}", above)


def renamed(latex: str) -> Piece:
    """The piece of a name whose LaTeX somebody chose."""
    head, below, above = _split(latex)
    return name(head + (f"_{{{below}}}" if below else ""), above)


def latex_of_name(text: str) -> str:
    """LaTeX of a name without its surroundings."""
    return named(text).latex


def _taken_apart(text: str) -> tuple[str, str, str]:
    """Head, what stands below, what stands above."""
    if text in _ABOVE:
        head, above = _ABOVE[text]
        return (*_split(head)[:2], above)
    stem, *indices = text.rstrip("_").split("_")
    stem, _, above = stem.partition("^")
    found = _STEM.fullmatch(stem)
    if not found or not all(re.fullmatch(r"[A-Za-z0-9]+|[+-]", i) for i in indices):
        return rf"\mathrm{{{_plain(text)}}}", "", ""
    letters, digits, primes = found.groups()
    if indices[-1:] == ["star"]:
        indices, above = indices[:-1], above or "*"
    below = [digits] if digits else []
    below += [_index(i) for i in indices]
    return _letters(letters) + primes, ",".join(below), _plain(above)


def _letters(word: str) -> str:
    if word == "1":
        return r"\mathbf{1}"
    if word in GREEK:
        return "\\" + word
    return word if len(word) == 1 else rf"\mathrm{{{word}}}"


def _index(word: str) -> str:
    if word in _WORDS:
        return _WORDS[word]
    if word.isdigit() or len(word) == 1:
        return word
    lettered = _INDEX.fullmatch(word)
    if lettered:
        return f"{lettered[1]}_{{{lettered[2]}}}"
    return _letters(word)


def _plain(text: str) -> str:
    """Only what is safe in mathematics is kept of a name that nobody foresaw."""
    return re.sub(r"[^A-Za-z0-9+*/. -]", lambda found: f"\\#{ord(found[0]):x}", text)


def _split(latex: str) -> tuple[str, str, str]:
    """Head, index and superscript of LaTeX such as ``u_{0}^{2}`` or ``u_0``."""
    found = {"_": "", "^": ""}
    end = len(latex)
    while True:
        script = re.search(r"([_^])(\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\\[A-Za-z]+|[A-Za-z0-9*+-])$",
                           latex[:end])  # fmt: skip
        if script is None or found[script[1]]:
            return latex[:end], found["_"], found["^"]
        inside = script[2]
        found[script[1]] = inside[1:-1] if inside.startswith("{") else inside
        end = script.start()
