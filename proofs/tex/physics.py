r"""The commands of the package physics, as tokens that say the same.

They hold only where the manuscript loads the package; a definition of the manuscript comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .expansion import Action, Expander
from .scanner import Raw
from .stream import Unfinished

__all__ = ["PHYSICS"]

_SIZES = frozenset((r"\big", r"\Big", r"\bigg", r"\Bigg"))
_PAIRS = {"(": ")", "[": "]", "|": "|"}
_KINDS = {"{": "open", "}": "close", "^": "sup", "_": "sub"}

Part = str | Sequence[Raw]
"""A command, a character, or tokens of the author."""


class _Call:
    """A command of the package where it is used; ``end``: where its last argument ends."""

    def __init__(self, stream: Expander, token: Raw) -> None:
        self.stream = stream
        self.token = token
        self.end = token.end

    def reached(self) -> None:
        """Note that the last token that was read is part of the call."""
        last = self.stream.last
        self.end = max(self.end, last.end) if last.source is self.token.source else self.end

    def argument(self) -> list[Raw]:
        """The next argument."""
        self.stream.last = self.token
        found = self.stream.argument()
        self.reached()
        return found

    def optional(self) -> list[Raw] | None:
        """The next argument in square brackets; None where there is none."""
        found = self.stream.optional()
        if found is not None:
            self.reached()
        return found

    def braced(self) -> list[Raw] | None:
        """The next argument in braces; None where there is none."""
        token = self.stream.next_solid()
        if token.kind != "open":
            self.stream.push([token])
            return None
        found = self.stream.rest_of_group(token)
        self.reached()
        return found

    def between(self, brackets: str = "([|") -> tuple[str, list[Raw]] | None:
        """An argument in brackets of one of the kinds, and which; None where there is none."""
        token = self.stream.next_solid()
        if token.kind != "other" or token.text not in brackets:
            self.stream.push([token])
            return None
        left, right = token.text, _PAIRS[token.text]
        found: list[Raw] = []
        depth = braces = 0
        while True:
            token = self.stream.raw()
            braces += (token.kind == "open") - (token.kind == "close")
            if token.kind in ("eof", "par", "stop") or braces < 0:
                self.stream.push([token])
                raise Unfinished(self.token.place, f"{left} behind {self.token.text} is not closed")
            if braces == 0 and token.kind == "other":
                if token.text == right and depth == 0:
                    self.reached()
                    return left, found
                depth += (token.text == left) - (token.text == right)
            found.append(token)

    def drop_size(self) -> None:
        """Go past a star or the size of brackets."""
        token = self.stream.next_solid()
        star = token.kind == "other" and token.text == "*"
        if not star and not (token.kind == "command" and token.text in _SIZES):
            self.stream.push([token])

    def put(self, *parts: Part) -> None:
        """Let tokens be read next, in the place of the call."""
        call = self.token
        made: list[Raw] = []
        for part in parts:
            if isinstance(part, str):
                kind = _kind(part)
                made.append(Raw(kind, part, call.source, call.start, self.end, call.depth + 1))
            else:
                made += part
        self.stream.spent.expansion(call.text, call.depth, call.place)
        self.stream.spent.step(len(made), call.place)
        self.stream.push(made)


def _kind(part: str) -> str:
    if part in _KINDS:
        return _KINDS[part]
    if part.isalpha():
        return "letter"
    if part.isdecimal():
        return "digit"
    # a command of TeX, whatever the manuscript calls by its name
    return "frozen" if part[0] == "\\" else "other"


def _action(made: Callable[[_Call], None]) -> Action:
    return lambda stream, token: made(_Call(stream, token))


# Derivatives


def _derivative(d: str) -> Action:
    def action(call: _Call) -> None:
        inline = call.stream.star()
        order = call.optional()
        first = call.argument()
        second = call.braced()
        third = call.braced() if second is not None and d == r"\partial" else None
        sign = [d] if d == r"\partial" else [r"\mathrm", "{", "d", "}"]
        if third is not None:
            if order is not None:
                reason = f"{call.token.text} has an order and two variables"
                raise Unfinished(call.token.place, reason)
            above: list[Part] = [*sign, "^", "2", first]
            below: list[Part] = [*sign, second or [], *sign, third]
        else:
            power: list[Part] = [] if order is None else ["^", "{", order, "}"]
            above = [*sign, *power, first if second is not None else []]
            below = [*sign, first if second is None else second, *power]
        place = call.between("(")
        behind: list[Part] = [] if place is None else [r"\left", "(", place[1], r"\right", ")"]
        if inline:
            call.put(*above, "/", *below, *behind)
        else:
            call.put(r"\frac", "{", *above, "}", "{", *below, "}", *behind)

    return _action(action)


def _differential(call: _Call) -> None:
    r"""``\dd{x}``, ``\dd[3]{x}``, ``\dd(f)``."""
    order = call.optional()
    power: list[Part] = [] if order is None else ["^", "{", order, "}"]
    braced = call.braced()
    call.put(r"\mathrm", "{", "d", "}", *power, braced or [])


# Brackets


def _quantity(call: _Call) -> None:
    r"""``\qty(...)``: brackets of any kind that fit."""
    call.drop_size()
    braced = call.braced()
    if braced is not None:
        call.put(r"\left", r"\{", braced, r"\right", r"\}")
        return
    found = call.between()
    if found is None:
        raise Unfinished(call.token.place, f"{call.token.text} has no argument")
    left, inside = found
    call.put(r"\left", left, inside, r"\right", _PAIRS[left])


def _fenced(left: str, right: str, brackets: str = "") -> Action:
    def action(call: _Call) -> None:
        call.drop_size()
        inside = call.braced()
        if inside is None and brackets:
            found = call.between(brackets)
            inside = None if found is None else found[1]
        if inside is None:
            raise Unfinished(call.token.place, f"{call.token.text} has no argument")
        call.put(r"\left", left, inside, r"\right", right)

    return _action(action)


def _evaluated(call: _Call) -> None:
    r"""``\eval{f}_{x=0}``."""
    call.drop_size()
    call.put(r"\left", ".", call.argument(), r"\right", "|")


def _inline_fraction(call: _Call) -> None:
    r"""``\flatfrac{a}{b}`` prints a/b without brackets."""
    call.put(call.argument(), "/", call.argument())


def _bold(call: _Call) -> None:
    call.stream.star()
    call.put(r"\mathbf", "{", call.argument(), "}")


def _no_longer(stream: Expander, token: Raw) -> None:
    """A command of TeX that has another meaning in the package."""
    stream.push([token._replace(kind="opaque")])


PHYSICS: dict[str, Action] = {
    **dict.fromkeys((r"\dv", r"\derivative"), _derivative("d")),
    **dict.fromkeys((r"\pdv", r"\pderivative", r"\partialderivative"), _derivative(r"\partial")),
    **dict.fromkeys((r"\dd", r"\differential"), _action(_differential)),
    **dict.fromkeys((r"\qty", r"\quantity"), _action(_quantity)),
    r"\pqty": _fenced("(", ")"),
    r"\bqty": _fenced("[", "]"),
    r"\Bqty": _fenced(r"\{", r"\}"),
    r"\vqty": _fenced("|", "|"),
    **dict.fromkeys((r"\abs", r"\absolutevalue"), _fenced("|", "|", "(")),
    r"\norm": _fenced(r"\|", r"\|", "("),
    **dict.fromkeys((r"\ev", r"\expval", r"\expectationvalue"), _fenced(r"\langle", r"\rangle")),
    **dict.fromkeys((r"\eval", r"\evaluated"), _action(_evaluated)),
    **dict.fromkeys((r"\flatfrac",), _action(_inline_fraction)),
    **dict.fromkeys((r"\vb", r"\vectorbold"), _action(_bold)),
    **dict.fromkeys((r"\div", r"\grad", r"\curl", r"\cross", r"\order"), _no_longer),
}
"""What the reader does at each of them."""
