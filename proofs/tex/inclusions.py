"""The commands with which a manuscript names other files, or changes how characters are read."""

from __future__ import annotations

import os

from .expansion import Action, Expander
from .files import MissingFile, decoded
from .physics import PHYSICS
from .scanner import Raw, Source, letters_with_at
from .stream import Unfinished, name_in
from .tokens import TexError

__all__ = ["INCLUSIONS"]


def _include(stream: Expander, command: Raw) -> None:
    """Read the file that ``\\input{name}`` and its relatives name."""
    name = _name(stream, command)
    kind = command.text[1:]
    beside = command.source.folder
    if kind in ("import", "includefrom", "inputfrom"):
        beside, name = "", os.path.join(name, _name(stream, command))
    elif kind.startswith("sub") and not kind.startswith("subfile"):
        beside, name = "", os.path.join(beside, name, _name(stream, command))
    if command.source.quiet:
        return
    moves = kind not in ("input", "include")
    _enter(stream, command, name, beside, moves)


def _enter(stream: Expander, command: Raw, name: str, beside: str, moves: bool) -> None:
    if stream.folder is None:
        stream.problem(
            command.place, f"{command.text} {name}: a text without a folder has no files"
        )
        return
    if "\\" in name:
        stream.problem(command.place, f"{command.text}: the name {name} is not understood")
        return
    try:
        below, shown, content = stream.folder.included(name, beside, (".tex", ""))
    except MissingFile as error:
        stream.problem(command.place, f"{command.text}: {error}")
        return
    except TexError as error:
        raise TexError(f"{command.text}: {error.reason}", command.place) from None
    open_now = [scanner.source.name for scanner in stream.scanners]
    if shown in open_now:
        chain = " -> ".join([*open_now[open_now.index(shown) :], shown])
        raise TexError(
            f"{command.text}: files include each other without end: {chain}", command.place
        )
    text = decoded(content, shown, stream.spent)
    stream.enter(Source(shown, text, below if moves else beside), command.place)


def _name(stream: Expander, command: Raw) -> str:
    """The name of a file: in braces, or up to a blank."""
    stream.last = command
    token = stream.next_solid()
    if token.kind == "open":
        return stream.spelled(stream.rest_of_group(token)).strip('"')
    found: list[Raw] = []
    while token.kind in ("letter", "digit", "other", "sub", "active", "command"):
        macro = stream.macros.get(token.text) if token.kind == "command" else None
        if macro is not None:
            stream.expand(token, macro)
        elif token.kind == "command":
            break
        else:
            found.append(token)
        token = stream.raw()
    if token.kind != "space":
        stream.push([token])
    if not found:
        raise Unfinished(command.place, f"{command.text} names no file")
    return name_in(found).strip('"')


def _packages(stream: Expander, command: Raw) -> None:
    """Read the macros of a package that lies in the manuscript's own folder."""
    stream.last = command
    stream.optional()
    names = stream.spelled(stream.argument()).split(",")
    if any(name.strip() == "physics" for name in names):
        stream.actions.update(PHYSICS)
    if stream.folder is None or command.source.quiet:
        return
    for name in reversed([name.strip() for name in names]):
        if not name or not all(c.isalnum() or c in "-_./" for c in name):
            continue
        try:
            _, shown, content = stream.folder.included(f"{name}.sty", "", ("",))
        except MissingFile:
            continue  # one of LaTeX's own
        except TexError as error:
            raise TexError(f"{command.text}: {error.reason}", command.place) from None
        if shown not in stream.origins:
            text = decoded(content, shown, stream.spent)
            stream.enter(Source(shown, text, quiet=True), command.place)


def _end_of_file(stream: Expander, _: Raw) -> None:
    stream.scanners[-1].finish()


def _at_letter(stream: Expander, command: Raw) -> None:
    stream.scanners[-1].letters = letters_with_at(command.text == r"\makeatletter")


def _category(stream: Expander, command: Raw) -> None:
    """``\\catcode`\\@=11``; any other change would change how all that follows is read."""
    quote, character = stream.next_solid(), stream.next_solid()
    if quote.text == "`" and character.text in (r"\@", "@"):
        equals = stream.next_solid()
        digits = [equals] if equals.kind == "digit" else []
        token = stream.next_solid()
        while token.kind == "digit":
            digits.append(token)
            token = stream.raw()
        stream.push([token])
        if digits:
            is_letter = "".join(digit.text for digit in digits) == "11"
            stream.scanners[-1].letters = letters_with_at(is_letter)
            return
    if command.source.quiet:
        stream.spent.problem(command.place, r"\catcode: the package is not read from here on")
        stream.scanners[-1].finish()
        return
    raise TexError(
        rf"{command.text} changes what characters mean, so that the rest cannot be read; remove it",
        command.place,
    )


def _unwrap(stream: Expander, command: Raw) -> None:
    """``\\AtBeginDocument{...}``: what it holds is read where it stands."""
    stream.last = command
    stream.push(stream.argument())


def _comment_environment(stream: Expander, command: Raw) -> None:
    stream.last = command
    stream.excluded.add(name_in(stream.argument()))


INCLUSIONS: dict[str, Action] = {
    **dict.fromkeys((r"\input", r"\include", r"\subfile", r"\subfileinclude"), _include),
    **dict.fromkeys((r"\import", r"\subimport", r"\includefrom", r"\subincludefrom"), _include),
    **dict.fromkeys((r"\inputfrom", r"\subinputfrom"), _include),
    **dict.fromkeys((r"\usepackage", r"\RequirePackage"), _packages),
    r"\endinput": _end_of_file,
    r"\makeatletter": _at_letter,
    r"\makeatother": _at_letter,
    r"\catcode": _category,
    **dict.fromkeys((r"\AtBeginDocument", r"\AtEndPreamble", r"\AtEndOfPackage"), _unwrap),
    r"\excludecomment": _comment_environment,
}
"""What the reader does at each of them."""
