"""Manuscripts and formulas read from files and from text."""

from __future__ import annotations

import os

from .assembly import tokens_of
from .definitions import DEFINITIONS
from .displays import Display
from .equations import Manuscript
from .expansion import Expander
from .files import Folder, decoded
from .formula import FormulaReader
from .inclusions import INCLUSIONS
from .limits import LIMITS, Limits, Spent
from .reader import Reader
from .scanner import Raw, Source
from .tokens import TexError, Token

__all__ = ["read_formula", "read_manuscript", "read_text"]

ACTIONS = {**DEFINITIONS, **INCLUSIONS}


def read_manuscript(path: str | os.PathLike[str], limits: Limits = LIMITS) -> Manuscript:
    """The equations of a manuscript and of the files that it includes from its folder.

    Nothing is executed.  Malformed LaTeX and missing files are ``problems`` of the manuscript; what
    is refused as a whole raises ``TexError``: a macro without end, a file outside the folder of the
    main file, a command that writes or runs, more than ``limits`` allow.
    """
    spent = Spent(limits)
    folder = Folder(path, spent)
    shown, content = folder.main_file()
    return _read(Source(shown, decoded(content, shown, spent)), spent, folder)


def read_text(text: str, name: str = "<text>", limits: Limits = LIMITS) -> Manuscript:
    """The equations of a manuscript in one text; it can include no files."""
    spent = Spent(limits)
    spent.file(len(text.encode("utf-8", "surrogatepass")), name)
    return _read(Source(name, text.replace("\r\n", "\n").replace("\r", "\n")), spent, None)


def read_formula(text: str, name: str = "<formula>", limits: Limits = LIMITS) -> tuple[Token, ...]:
    """The tokens of a bare formula; ``TexError`` where it is malformed."""
    spent = Spent(limits)
    spent.file(len(text.encode("utf-8", "surrogatepass")), name)
    source = Source(name, text)
    stream = Expander(source, spent, None, ACTIONS)
    opened = Raw("math", "", source, 0, 0, 0)
    display = FormulaReader(stream, Display(opened, "the formula", "")).read()
    for problem in spent.problems:
        raise TexError(problem.reason, problem.place)
    for unknown in display.row.unknown:
        raise TexError(f"{unknown} is not understood", opened.place)
    return tokens_of(display.row.items)


def _read(source: Source, spent: Spent, folder: Folder | None) -> Manuscript:
    stream = Expander(source, spent, folder, ACTIONS)
    reader = Reader(stream)
    reader.read()
    return Manuscript(
        equations=tuple(reader.equations),
        annotations=tuple(stream.orphans),
        files=tuple(stream.files),
        problems=spent.listed(),
        work=spent.steps,
        origins=dict(stream.origins),
    )
