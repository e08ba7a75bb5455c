r"""The commands of the package physics, as tokens that say the same.

They hold only where the manuscript loads the package; a definition of the manuscript comes first.
"""

from __future__ import annotations

from collections.abc import Sequence

from .expansion import Action, Expander
from .scanner import Raw
from .stream import Unfinished

__all__ = ["PHYSICS"]

_SIZES = frozenset((r"\big", r"\Big", r"\bigg", r"\Bigg"))
_PAIRS = {"(": ")", "[": "]", "|": "|"}
_KINDS = {"{": "open", "}": "close", "^": "sup", "_": "sub"}

Part = str | Sequence[Raw]
"""A command, a character, or tokens of the author."""


def _put(stream: Expander, call: Raw, *parts: Part) -> None:
    """Let tokens be read next, in the place of a call."""
    made: list[Raw] = []
    for part in parts:
        if not isinstance(part, str):
            made += part
            continue
        kind = _KINDS.get(part) or ("command" if part[0] == "\\" else "other")
        kind = "letter" if part.isalpha() else "digit" if part.isdecimal() else kind
        # a command of TeX, whatever the manuscript calls by its name
        kind = "frozen" if kind == "command" else kind
        made.append(Raw(kind, part, call.source, call.start, call.end, call.depth + 1))
    stream.spent.expansion(call.text, call.depth, call.place)
    stream.spent.step(len(made), call.place)
    stream.push(made)


def _braced(stream: Expander, call: Raw) -> list[Raw] | None:
    """The next argument in braces; None where there is none."""
    token = stream.next_solid()
    if token.kind == "open":
        return stream.rest_of_group(token)
    stream.push([token])
    return None


def _between(stream: Expander, call: Raw, brackets: str = "([|") -> tuple[str, list[Raw]] | None:
    """An argument in brackets of one of the kinds, and which; None where there is none."""
    token = stream.next_solid()
    if token.kind != "other" or token.text not in brackets:
        stream.push([token])
        return None
    left, right = token.text, _PAIRS[token.text]
    found: list[Raw] = []
    depth = braces = 0
    while True:
        token = stream.raw()
        braces += (token.kind == "open") - (token.kind == "close")
        if token.kind in ("eof", "par") or braces < 0:
            stream.push([token])
            raise Unfinished(call.place, f"{left} behind {call.text} is not closed")
        if braces == 0 and token.kind == "other":
            if token.text == right and depth == 0:
                return left, found
            depth += (token.text == left) - (token.text == right)
        found.append(token)


# Derivatives


def _derivative(d: str) -> Action:
    def action(stream: Expander, call: Raw) -> None:
        inline = stream.star()
        stream.last = call
        order = stream.optional()
        stream.last = call
        first = stream.argument()
        second = _braced(stream, call)
        third = _braced(stream, call) if second is not None and d == r"\partial" else None
        sign = [d] if d == r"\partial" else [r"\mathrm", "{", "d", "}"]
        if third is not None:
            if order is not None:
                raise Unfinished(call.place, f"{call.text} has an order and two variables")
            above: list[Part] = [*sign, "^", "2", first]
            below: list[Part] = [*sign, second or [], *sign, third]
        else:
            power: list[Part] = [] if order is None else ["^", "{", order, "}"]
            above = [*sign, *power, first if second is not None else []]
            variable = first if second is None else second
            below = [*sign, variable, *power]
        place = _between(stream, call, "(")
        behind: list[Part] = [] if place is None else [r"\left", "(", place[1], r"\right", ")"]
        if inline:
            _put(stream, call, *above, "/", *below, *behind)
        else:
            _put(stream, call, r"\frac", "{", *above, "}", "{", *below, "}", *behind)

    return action


def _differential(stream: Expander, call: Raw) -> None:
    r"""``\dd{x}``, ``\dd[3]{x}``, ``\dd(f)``."""
    stream.last = call
    order = stream.optional()
    power: list[Part] = [] if order is None else ["^", "{", order, "}"]
    braced = _braced(stream, call)
    if braced is not None:
        power.append(braced)
    _put(stream, call, r"\mathrm", "{", "d", "}", *power)


# Brackets


def _drop_size(stream: Expander) -> None:
    token = stream.next_solid()
    star = token.kind == "other" and token.text == "*"
    if not star and not (token.kind == "command" and token.text in _SIZES):
        stream.push([token])


def _quantity(stream: Expander, call: Raw) -> None:
    r"""``\qty(...)``: brackets of any kind that fit."""
    _drop_size(stream)
    braced = _braced(stream, call)
    if braced is not None:
        _put(stream, call, r"\left", r"\{", braced, r"\right", r"\}")
        return
    found = _between(stream, call)
    if found is None:
        raise Unfinished(call.place, f"{call.text} has no argument")
    left, inside = found
    _put(stream, call, r"\left", left, inside, r"\right", _PAIRS[left])


def _fenced(left: str, right: str, brackets: str = "") -> Action:
    def action(stream: Expander, call: Raw) -> None:
        _drop_size(stream)
        inside = _braced(stream, call)
        if inside is None and brackets:
            found = _between(stream, call, brackets)
            inside = None if found is None else found[1]
        if inside is None:
            raise Unfinished(call.place, f"{call.text} has no argument")
        _put(stream, call, r"\left", left, inside, r"\right", right)

    return action


def _evaluated(stream: Expander, call: Raw) -> None:
    r"""``\eval{f}_{x=0}``."""
    _drop_size(stream)
    stream.last = call
    _put(stream, call, r"\left", ".", stream.argument(), r"\right", "|")


def _inline_fraction(stream: Expander, call: Raw) -> None:
    r"""``\flatfrac{a}{b}`` prints a/b without brackets."""
    stream.last = call
    above, below = stream.argument(), stream.argument()
    _put(stream, call, above, "/", below)


def _bold(stream: Expander, call: Raw) -> None:
    stream.star()
    stream.last = call
    _put(stream, call, r"\mathbf", "{", stream.argument(), "}")


def _no_longer(stream: Expander, call: Raw) -> None:
    """A command of TeX that has another meaning in the package."""
    stream.push([call._replace(kind="opaque")])


PHYSICS: dict[str, Action] = {
    **dict.fromkeys((r"\dv", r"\derivative"), _derivative("d")),
    **dict.fromkeys((r"\pdv", r"\pderivative", r"\partialderivative"), _derivative(r"\partial")),
    **dict.fromkeys((r"\dd", r"\differential"), _differential),
    **dict.fromkeys((r"\qty", r"\quantity"), _quantity),
    r"\pqty": _fenced("(", ")"),
    r"\bqty": _fenced("[", "]"),
    r"\Bqty": _fenced(r"\{", r"\}"),
    r"\vqty": _fenced("|", "|"),
    **dict.fromkeys((r"\abs", r"\absolutevalue"), _fenced("|", "|", "(")),
    r"\norm": _fenced(r"\|", r"\|", "("),
    **dict.fromkeys((r"\ev", r"\expval", r"\expectationvalue"), _fenced(r"\langle", r"\rangle")),
    **dict.fromkeys((r"\eval", r"\evaluated"), _evaluated),
    **dict.fromkeys((r"\flatfrac",), _inline_fraction),
    **dict.fromkeys((r"\vb", r"\vectorbold"), _bold),
    **dict.fromkeys((r"\div", r"\grad", r"\curl", r"\cross", r"\order"), _no_longer),
}
"""What the reader does at each of them."""
