r"""How wide and tall TeX will set a formula, estimated from the widths of Computer Modern.

Widths are in points at the size of 10 points, in ``\displaystyle``.  Letters of indices are taken
as 0.8 and those of their indices as 0.7 of the full size, a little more than they are; so that
what is estimated to fit does fit.  Spaces around operators and relations follow TeX's table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Size", "size", "width"]

DISPLAY, TEXT, SCRIPT, SMALLEST = range(4)
_SCALE = (1.0, 1.0, 0.8, 0.7)

_ITALIC = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        (7.5, 8.1, 7.9, 8.6, 8.0, 7.9, 7.9, 9.1, 5.2, 6.5, 9.2, 6.8, 10.8, 9.2, 7.9, 7.8, 7.9, 7.7,
         6.8, 7.3, 7.9, 8.1, 10.8, 9.1, 8.1, 7.6, 5.3, 4.3, 4.4, 5.2, 4.7, 6.0, 5.2, 5.8, 3.5, 4.7,
         5.6, 3.2, 8.8, 6.0, 4.9, 5.1, 4.9, 4.9, 4.7, 3.7, 5.8, 5.3, 7.5, 5.8, 5.3, 5.2),
        strict=True,
    )
)  # fmt: skip
_ROMAN = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        (5.0, 5.6, 4.5, 5.6, 4.5, 3.9, 5.1, 5.6, 2.8, 3.1, 5.3, 2.8, 8.4, 5.6, 5.0, 5.6, 5.3, 4.0,
         4.0, 3.9, 5.6, 5.5, 7.4, 5.3, 5.5, 4.5),
        strict=True,
    )
)  # fmt: skip
_COMMANDS = {
    "alpha": 6.5, "beta": 6.2, "gamma": 5.8, "delta": 4.9, "epsilon": 4.1, "zeta": 5.2, "eta": 5.4,
    "theta": 5.0, "iota": 3.6, "kappa": 5.8, "lambda": 5.9, "mu": 6.1, "nu": 5.6, "xi": 4.9,
    "pi": 6.1, "rho": 5.2, "sigma": 6.1, "tau": 5.6, "upsilon": 5.8, "phi": 6.0, "chi": 6.3,
    "psi": 6.9, "omega": 6.6, "varepsilon": 4.7, "vartheta": 6.3, "varphi": 6.6, "varpi": 8.6,
    "varrho": 5.2, "varsigma": 4.5, "Gamma": 6.3, "Delta": 8.4, "Theta": 7.8, "Lambda": 7.0,
    "Xi": 6.7, "Pi": 7.5, "Sigma": 7.3, "Upsilon": 7.8, "Phi": 7.3, "Psi": 7.8, "Omega": 7.3,
    "infty": 10.0, "partial": 5.9, "top": 7.8, "langle": 3.9, "rangle": 3.9, "dots": 11.7,
    "ldots": 11.7, "cdots": 11.7, "lvert": 2.8, "rvert": 2.8, "quad": 10.0, "qquad": 20.0,
    ",": 1.7, ":": 2.3, ";": 2.8, " ": 3.4, "!": -1.7, "{": 5.0, "}": 5.0, "|": 5.0, "#": 8.4,
}  # fmt: skip
_WORDS = frozenset(
    [
        "ln",
        "log",
        "sin",
        "cos",
        "tan",
        "cot",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "arcsin",
        "arccos",
        "arctan",
        "exp",
        "max",
        "min",
        "det",
    ]
)
_RELATIONS = frozenset(
    ["leq", "geq", "le", "ge", "neq", "Leftrightarrow", "in", "equiv", "sim", "approx"]
)
_BINARY = {"+": 7.8, "-": 7.8, r"\cdot": 2.8, r"\times": 7.8, r"\land": 6.7}
_SIGNS = {"=": 7.8, "<": 7.8, ">": 7.8, r"\Leftrightarrow": 10.0}
_DELIMITERS = ((12.0, 4.6), (18.0, 6.0), (24.0, 7.4), (30.0, 8.0))
_SIZES = {"big": 12.0, "Big": 18.0, "bigg": 24.0, "Bigg": 30.0}
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\s\\]")
_GAPS = {
    ("ord", "op"): 1.7, ("op", "ord"): 1.7, ("op", "op"): 1.7, ("close", "op"): 1.7,
    ("op", "inner"): 1.7, ("inner", "op"): 1.7, ("ord", "inner"): 1.7, ("inner", "ord"): 1.7,
    ("inner", "inner"): 1.7, ("close", "inner"): 1.7, ("inner", "open"): 1.7,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """Width, height above the line and depth below it, in points."""

    width: float
    height: float = 7.0
    depth: float = 2.2

    @property
    def total(self) -> float:
        """Height and depth."""
        return self.height + self.depth


@dataclass(frozen=True, slots=True)
class _Box:
    size: Size
    kind: str = "ord"


@lru_cache(maxsize=1 << 14)
def size(latex: str) -> Size:
    """The estimated size of a formula in a display."""
    return _Reader(tuple(_TOKEN.findall(latex))).row(DISPLAY)


def width(latex: str) -> float:
    """The estimated width of a formula in a display."""
    return size(latex).width


class _Reader:
    def __init__(self, tokens: tuple[str, ...]) -> None:
        self.tokens, self.place = tokens, 0

    def row(self, style: int, *ends: str) -> Size:
        """Boxes side by side, up to one of the tokens ``ends``, which stays."""
        boxes = []
        while self.place < len(self.tokens) and self.tokens[self.place] not in ends:
            boxes.append(self.scripted(style))
        return _joined(boxes, style)

    def next(self) -> str:
        """The next token; nothing at the end."""
        token = self.tokens[self.place] if self.place < len(self.tokens) else ""
        self.place += 1
        return token

    def scripted(self, style: int) -> _Box:
        limits = style == DISPLAY and self.tokens[self.place] in (r"\sum", r"\prod")
        box = self.box(style)
        scripts: dict[str, Size] = {}
        while self.place < len(self.tokens) and self.tokens[self.place] in "_^":
            kind = self.next()
            scripts[kind] = self.argument(min(max(style, TEXT) + 1, SMALLEST))
        if not scripts:
            return box
        below, above = scripts.get("_", Size(0, 0, 0)), scripts.get("^", Size(0, 0, 0))
        inner = box.size
        if limits:
            wide = max(inner.width, below.width, above.width)
            whole = Size(wide, inner.height + above.total + 3, inner.depth + below.total + 3)
            return _Box(whole, box.kind)
        wide = inner.width + max(below.width, above.width) + 0.5
        up = max(inner.height, inner.height - 3 + above.total) if "^" in scripts else inner.height
        down = max(inner.depth, 1.5 + below.total - 2) if "_" in scripts else inner.depth
        return _Box(Size(wide, up, down), box.kind)

    def argument(self, style: int) -> Size:
        """What stands in braces, or one token."""
        if self.place < len(self.tokens) and self.tokens[self.place] == "{":
            self.place += 1
            inside = self.row(style, "}")
            self.place += 1
            return inside
        return self.box(style).size

    def box(self, style: int) -> _Box:
        token = self.next()
        scale = _SCALE[style]
        if token == "{":
            self.place -= 1
            return _Box(self.argument(style))
        command = token[1:] if token.startswith("\\") else ""
        found = self._structure(command, style, scale)
        if found is not None:
            return found
        if token in _BINARY:
            return _Box(Size(_BINARY[token] * scale, 5 * scale, scale), "bin")
        if token in _SIGNS or command in _RELATIONS:
            return _Box(Size(_SIGNS.get(token, 7.8) * scale, 6 * scale, 2 * scale), "rel")
        if token in "([":
            return _Box(Size(3.9 * scale, 7.5, 2.5), "open")
        if token in ")]!":
            return _Box(Size(3.9 * scale, 7.5, 2.5), "close")
        if token in ",;":
            return _Box(Size(2.8 * scale), "punct")
        if command in _WORDS:
            return _Box(Size(sum(_ROMAN[c] for c in command) * scale), "op")
        wide = _COMMANDS.get(command) or _ITALIC.get(token) or (7.0 if command else 5.0)
        return _Box(Size(wide * scale, 7 * scale, 2.2 * scale))

    def _structure(self, command: str, style: int, scale: float) -> _Box | None:
        if command in ("frac", "tfrac", "dfrac", "binom"):
            return self._fraction(command, style)
        if command == "sqrt":
            inside = self.argument(style)
            sign = 8.4 if inside.total < 12 else 10.1
            return _Box(Size(inside.width + sign * scale, inside.height + 2, inside.depth))
        if command == "left":
            return self._fence(style)
        if command.rstrip("lrm") in _SIZES:
            tall = _SIZES[command.rstrip("lrm")]
            self.next()
            kind = {"l": "open", "r": "close"}.get(command[-1], "ord")
            return _Box(Size(dict(_DELIMITERS)[tall], tall / 2 + 2.5, tall / 2 - 2.5), kind)
        if command in ("sum", "prod"):
            big = style == DISPLAY
            return _Box(Size(14.5 if big else 10.6 * scale, 9.5, 4.5) if big
                        else Size(10.6 * scale, 7.5, 2.5), "op")  # fmt: skip
        if command == "int":
            return _Box(Size(10.1, 13.6, 8.7) if style == DISPLAY else Size(6.7, 8, 3), "op")
        if command == "begin":
            return self._environment(style)
        if command in ("mathrm", "text", "operatorname", "mathbf", "mathbb", "hat", "substack"):
            return self._upright(command, style, scale)
        return None

    def _fraction(self, command: str, style: int) -> _Box:
        here = {"tfrac": TEXT, "dfrac": DISPLAY}.get(command, style)
        inner = min(here + 1, SMALLEST)
        above, below = self.argument(inner), self.argument(inner)
        up, down = (6.8, 6.9) if here == DISPLAY else (4.5, 3.5)
        wide = max(above.width, below.width) + (16.0 if command == "binom" else 2.4)
        size = Size(
            wide, max(up, above.depth + 4.3) + above.height, max(down, below.height) + below.depth
        )
        return _Box(size, "inner")

    def _fence(self, style: int) -> _Box:
        left = self.next()
        inside = self.row(style, r"\right")
        self.place += 1
        right = self.next()
        tall = 2 * max(inside.height - 2.5, inside.depth + 2.5)
        wide = next((w for limit, w in _DELIMITERS if 0.9 * tall <= limit), 8.8)
        if tall < 10:
            wide = 3.9
        around = sum({".": 1.2, "|": 3.4}.get(side, wide) for side in (left, right))
        return _Box(Size(inside.width + around, inside.height, inside.depth), "inner")

    def _environment(self, style: int) -> _Box:
        environment = "".join(self._braced())
        columns: list[float] = []
        tall, column = 0.0, 0
        row = 12.0
        while self.place < len(self.tokens):
            cell = self.row(TEXT, "&", r"\\", r"\end")
            columns += [0.0] * (column + 1 - len(columns))
            columns[column] = max(columns[column], cell.width)
            row = max(row, cell.total + 1)
            token = self.next()
            if token == "&":
                column += 1
                continue
            tall, column, row = tall + row, 0, 12.0
            if token == r"\end":
                self._braced()
                break
        sides = 18.0 if environment == "cases" else 14.0
        wide = sum(columns) + 10.0 * (len(columns) - 1) + sides
        return _Box(Size(wide, tall / 2 + 2.5, tall / 2 - 2.5), "inner")

    def _braced(self) -> Iterator[str]:
        self.next()
        found = []
        while self.place < len(self.tokens) and self.tokens[self.place] != "}":
            found.append(self.next())
        self.next()
        return iter(found)

    def _upright(self, command: str, style: int, scale: float) -> _Box:
        if command in ("hat", "substack"):
            return _Box(self.argument(style))
        letters, bold = list(self._braced()), command == "mathbf"
        each = [_ROMAN.get(c, 7.6 if c.isupper() else 5.8 if bold else 5.0) for c in letters]
        kind = "op" if command == "operatorname" else "ord"
        spaces = 3.4 if command == "text" else 0.0
        return _Box(Size((sum(each) + spaces) * scale, 7 * scale, 2.2 * scale), kind)


def _joined(boxes: list[_Box], style: int) -> Size:
    if not boxes:
        return Size(0.0, 0.0, 0.0)
    total, before = 0.0, ""
    for box in boxes:
        kind = box.kind
        if kind == "bin" and before in ("", "bin", "rel", "open", "op", "punct"):
            kind = "ord"
        total += box.size.width + _gap(before, kind, style)
        before = kind
    heights = [box.size.height for box in boxes]
    return Size(total, max(heights), max(box.size.depth for box in boxes))


def _gap(before: str, kind: str, style: int) -> float:
    if not before:
        return 0.0
    if style >= SCRIPT:
        return 1.3 if "op" in (before, kind) and (before, kind) in _GAPS else 0.0
    if "bin" in (before, kind):
        return 2.3
    if (before == "rel") != (kind == "rel"):
        return 2.8
    if before == "punct":
        return 1.7
    return _GAPS.get((before, kind), 0.0)
