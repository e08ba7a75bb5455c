r"""``{a \over b}``: the commands of TeX that make a fraction of all that stands around them.

Such a command divides the innermost braces, ``\left ... \right``, cell or, outside of all, the
whole formula.  The terminals come out as those of ``{\frac{a}{b}}``.
"""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token as Terminal

from .errors import NotationError

__all__ = ["INFIX", "prefixed"]

INFIX = {r"\over": r"\frac", r"\choose": r"\binom"}
"""The commands, and those that say the same before two arguments."""

_OPENING = frozenset(["LBRACE", "OPTION_OPEN", "BEGIN"])
_CLOSING = frozenset(["RBRACE", "OPTION_CLOSE", "END"])
_CELLS = frozenset(["ALIGN", "NEWLINE"])


def prefixed(terminals: Sequence[Terminal]) -> list[Terminal]:
    """The terminals with the command before what stands above and below."""
    found = list(terminals)
    if not any(terminal.type == "INFIX" for terminal in found):
        return found
    starts = [-1]  # the terminals that open the groups around
    places: list[int] = [-1]  # the command in each of them
    cut: list[tuple[int, int, int]] = []
    for n, terminal in enumerate(found):
        kind = terminal.type
        if kind == "INFIX":
            if places[-1] >= 0:
                raise NotationError(
                    f"two {terminal!s} in one group: put one of them in braces",
                    int(terminal.start_pos or 0),
                )
            places[-1] = n
        elif kind in _OPENING or (kind == "OPEN" and _is_group(terminal)):
            starts.append(n)
            places.append(-1)
        elif kind in _CELLS and len(starts) > 1 and found[starts[-1]].type != "LBRACE":
            _cut(cut, starts, places, n)
            starts[-1] = n
            places[-1] = -1
        elif kind in _CLOSING or (kind == "CLOSE" and _is_group(terminal)):
            _cut(cut, starts, places, n)
            starts.pop()
            places.pop()
    _cut(cut, starts, places, len(found))
    return _inserted(found, cut)


def _is_group(terminal: Terminal) -> bool:
    return str(terminal).startswith((r"\left", r"\right"))


def _cut(cut: list[tuple[int, int, int]], starts: list[int], places: list[int], end: int) -> None:
    if places[-1] >= 0:
        cut.append((starts[-1], places[-1], end))


def _inserted(found: list[Terminal], cut: list[tuple[int, int, int]]) -> list[Terminal]:
    before: dict[int, list[Terminal]] = {}
    instead: dict[int, list[Terminal]] = {}
    for start, place, end in cut:
        sign = found[place]
        here, behind = int(sign.start_pos or 0), int(sign.end_pos or 0)
        first = found[start + 1] if start + 1 < place else sign
        at = int(first.start_pos or 0)
        head = [
            Terminal("FRACTION", INFIX[str(sign)], start_pos=at, end_pos=at),
            Terminal("LBRACE", "{", start_pos=at, end_pos=at),
        ]
        before.setdefault(start + 1, [])[:0] = head
        instead[place] = [
            Terminal("RBRACE", "}", start_pos=here, end_pos=here),
            Terminal("LBRACE", "{", start_pos=behind, end_pos=behind),
        ]
        last = int(found[end - 1].end_pos or 0)
        before.setdefault(end, []).append(Terminal("RBRACE", "}", start_pos=last, end_pos=last))
    made: list[Terminal] = []
    for n, terminal in enumerate(found):
        made += before.get(n, [])
        made += instead.get(n, [terminal])
    return made + before.get(len(found), [])
