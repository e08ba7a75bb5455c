r"""What the names in a formula mean.

A vocabulary knows symbols, letters (matrices) and functions by their spelling in LaTeX (``names``).
``vocabulary_of`` takes them from a claim, ``declared`` from a list; both let one name stand for a
symbol and a function, as ``lambda`` and ``lambda(k)``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sympy import Basic, MatrixSymbol, Symbol
from sympy.core.function import AppliedUndef, UndefinedFunction

from ..tex import read_formula
from ..typesetting.names import GREEK
from .errors import NotationError
from .names import plain_spelling, spelling
from .nodes import Accent, Letter, Named, Node, Scripted
from .parser import parse
from .writing import written

__all__ = ["Entry", "Vocabulary", "declared", "nearest", "respelled", "spelled"]

_WORD = re.compile(r"[A-Za-z]+")
_COMMAND = re.compile(r"\\[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one name stands for.

    ``seen``: the arguments with which the function is known.  ``bare``: those it has where it is
    written without any, None where it must have them.  ``indexed``: its argument is a whole number
    that may be written below, ``q_{k}``.
    """

    shown: str
    symbol: Any = None
    letter: Any = None
    function: Any = None
    seen: tuple[tuple[Any, ...], ...] = ()
    bare: tuple[Any, ...] | None = None
    indexed: bool = False

    @property
    def things(self) -> tuple[Any, ...]:
        """What it may stand for."""
        return tuple(x for x in (self.symbol, self.letter, self.function) if x is not None)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    r"""Names by their spelling; see ``declared`` and ``vocabulary_of`` to build one.

    ``bound``: the symbols of indices and of variables of averages, by spelling.  ``time``: the
    symbol that dots differentiate by.  ``random``: letters that an average runs over.  ``known``:
    relations that hold, so that an equation may repeat them as its conditions.
    ``primes_transpose``: ``W'`` is the transpose of a letter.  ``moves``: something is
    differentiated by the time.
    """

    names: Mapping[str, Entry]
    bound: Mapping[str, Any] = field(default_factory=dict)
    time: Any = None
    random: frozenset[Any] = frozenset()
    known: tuple[Any, ...] = ()
    primes_transpose: bool = False
    moves: bool = False

    @property
    def matrices(self) -> bool:
        """Whether there are letters, so that ``I`` is the identity."""
        return any(entry.letter is not None for entry in self.names.values())

    def find(self, node: Node) -> Entry | None:
        """The entry of a name, fonts as they are written first, then without them."""
        return self.names.get(spelling(node)) or self.names.get(plain_spelling(node))

    def adding(self, latex: str, thing: Any) -> Vocabulary:
        r"""The vocabulary with one more name, or another meaning of a name.

        ``thing`` is what ``declared`` takes.  The name of one command, ``\hole``, may be any.
        """
        key = latex if _COMMAND.fullmatch(latex) else spelled(latex)
        return replace(self, names={**self.names, key: _entry_of(latex, thing)})

    @property
    def spellings(self) -> dict[Any, Node]:
        """How symbols, letters and values of functions are written, renamed ones included."""
        found: dict[Any, Node] = {}
        for entry in self.names.values():
            for thing in (entry.symbol, entry.letter):
                if thing is not None:
                    found[thing] = parse(read_formula(entry.shown))
        for entry in self.names.values():
            for args in entry.seen:
                written_args = [_written_argument(found, x) for x in args]
                if None not in written_args:
                    latex = _call(entry, ", ".join(map(str, written_args)))
                    found[entry.function(*args)] = parse(read_formula(latex))
        return found

    def known_names(self) -> tuple[str, ...]:
        """All names, as they are written."""
        return tuple(entry.shown for entry in self.names.values())


def declared(
    things: Mapping[str, Any],
    *,
    time: Any = None,
    random: Iterable[Any] = (),
    known: Iterable[Any] = (),
    primes_transpose: bool = False,
) -> Vocabulary:
    r"""The vocabulary of names with what they stand for.

    A value is a ``Symbol``, a ``MatrixSymbol``, a function applied to the arguments it has where
    it is written bare (``Function("a")(t)``), or an undefined function, which must be written with
    its arguments.  ``time`` is the symbol of dots and of ``d/dt``, by default the one spelled
    ``t``.
    Raises ``ValueError`` for a name that is no LaTeX of a name, is declared twice, or for another
    kind of value.
    """
    names: dict[str, Entry] = {}
    for latex, thing in things.items():
        latex, key = as_latex(latex), spelled(latex)
        if key in names:
            raise ValueError(f"{latex}: is declared twice: keep one")
        names[key] = _entry_of(latex, thing)
    if time is None:
        entry = names.get("t")
        time = entry.symbol if entry is not None else None
    return Vocabulary(
        names,
        time=time,
        random=frozenset(random),
        known=tuple(known),
        primes_transpose=primes_transpose,
        moves=time is not None,
    )


def _entry_of(latex: str, thing: Any) -> Entry:
    if isinstance(thing, MatrixSymbol):
        return Entry(latex, letter=thing)
    if isinstance(thing, Symbol):
        return Entry(latex, symbol=thing)
    if isinstance(thing, AppliedUndef):
        args = thing.args
        plain = all(arg.is_Symbol for arg in args) and len(set(args)) == len(args)
        indexed = len(args) == 1 and bool(args[0].is_integer)
        bare = args if plain and not indexed else None
        return Entry(latex, function=thing.func, seen=(args,), bare=bare, indexed=indexed)
    if isinstance(thing, UndefinedFunction):
        return Entry(latex, function=thing)
    raise ValueError(f"{latex}: {thing!r} is no symbol, letter or function")


def _written_argument(found: Mapping[Any, Node], arg: Any) -> str | None:
    if arg in found:
        return written(found[arg])
    return str(arg) if arg.is_Integer else None


def _call(entry: Entry, args: str) -> str:
    if not entry.indexed:
        return f"{entry.shown}({args})"
    name = parse(read_formula(entry.shown))
    if isinstance(name, Scripted) and name.sub is not None:
        below = f"{written(name.sub)}, {args}"
        return written(replace(name, sub=parse(read_formula(below))))
    return f"{entry.shown}_{{{args}}}"


def as_latex(name: str) -> str:
    """A name in LaTeX: ``tau_w`` stands for ``\\tau_w``."""
    word = _WORD.match(name)
    return "\\" + name if word is not None and word[0] in GREEK else name


@lru_cache(maxsize=1 << 12)
def spelled(latex: str) -> str:
    """The spelling of a name given as LaTeX.  Raises ``ValueError`` where it is none."""
    try:
        tree = parse(read_formula(as_latex(latex)))
        if not isinstance(tree, Letter | Scripted | Accent | Named):
            raise NotationError("a name is a letter with its scripts")
        return plain_spelling(tree)
    except ValueError as error:
        reason = getattr(error, "reason", str(error))
        raise NotationError(f"{latex} is no name in LaTeX: {reason}") from None


def nearest(name: str, known: Iterable[str]) -> str:
    """The names most like ``name``, as the end of a sentence."""
    known = list(known)
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    other = [k for k in known if k.casefold() == name.casefold() and k not in close]
    found = other + close
    if found:
        return f"the nearest known names are {', '.join(found)}"
    if known:
        return f"the known names are {', '.join(sorted(known)[:12])}"
    return "no names are known: declare them"


def respelled(names: Mapping[str, Entry], new: Mapping[str, str]) -> dict[str, Entry]:
    """``names`` with other spellings: from the name in the claim to the LaTeX in the manuscript.

    Raises ``NotationError`` for a name that the claim does not have, and where two names would be
    written alike.
    """
    moved: dict[str, str] = {}
    for name, latex in new.items():
        old = _key_of(names, name)
        if old in moved:
            raise NotationError(f"{name} is renamed twice: keep one")
        try:
            moved[old] = spelled(latex)
        except ValueError as error:
            raise NotationError(f"{name}={latex}: {error}") from None
    found: dict[str, Entry] = {}
    for key, entry in names.items():
        to = moved.get(key, key)
        if to in found:
            raise NotationError(
                f"{to} would stand for two names, {found[to].shown} and {entry.shown}: "
                "rename the other one as well"
            )
        found[to] = replace(entry, shown=to) if key in moved else entry
    return found


def _key_of(names: Mapping[str, Entry], name: str) -> str:
    for key, entry in names.items():
        if any(_name_of(thing) == name for thing in entry.things):
            return key
    try:
        key = spelled(name)
    except ValueError:
        key = ""
    if key in names:
        return key
    known = [_name_of(thing) for entry in names.values() for thing in entry.things]
    raise NotationError(f"{name} is no name of the claim: {nearest(name, known)}")


def _name_of(thing: Basic) -> str:
    return str(thing.__name__ if isinstance(thing, UndefinedFunction) else thing.name)
