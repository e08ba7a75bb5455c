"""Words in and around formulas: which of them change nothing of what a formula says."""

from __future__ import annotations

__all__ = ["introduces", "is_idle", "is_remark"]

_IDLE = (
    "where with so thus hence then and therefore here now or equivalently that is i.e. namely "
    "we get obtain have finally"
)
_WORDS = frozenset(_IDLE.split())
_LIMITING = frozenset(
    ("for", "only", "if", "when", "not", "except", "unless", "at", "near", "up", "to", "until")
)
"""Words that restrict what a formula says."""
_APPROXIMATE = frozenset(
    ("small", "large", "negligible", "vanishing", "vanishes", "tends", "about", "roughly", "zero")
)
"""Words at a part of a formula that say something about its value."""


def is_idle(text: str) -> bool:
    """Words that change nothing: some connectives, and remarks in parentheses like (by balance)."""
    words = _words(text.strip(" ,.;:~()"))
    if not _are_words(words):
        return False
    remark = text.strip().startswith("(") and text.strip().rstrip(".,").endswith(")")
    if remark:
        return bool(words) and words[0] in ("by", "see", "from") and not _LIMITING & set(words)
    return all(word in _WORDS for word in words)


def is_remark(text: str) -> bool:
    """Whether words only name a part of a formula, as in ``\\underbrace{a}_{\\text{drift}}``."""
    words = _words(text.strip(" ,.;:~()"))
    return bool(words) and _are_words(words) and not (_LIMITING | _APPROXIMATE) & set(words)


def introduces(text: str) -> bool:
    """Whether words introduce a condition: for all, if, when."""
    words = text.strip(" ,.;:~()").lower().split()
    return bool(words) and all(w in ("for", "all", "if", "when", "whenever", "any") for w in words)


def _words(text: str) -> list[str]:
    return text.lower().replace(",", " ").split()


def _are_words(words: list[str]) -> bool:
    return all(word.replace("-", "").replace(".", "").isalpha() for word in words)
