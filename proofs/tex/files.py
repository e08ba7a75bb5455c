"""The files of a manuscript: regular files inside one folder, and nothing else."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from .limits import Spent
from .tokens import Place, TexError

__all__ = ["Folder", "MissingFile", "decoded"]


class MissingFile(Exception):
    """No such file; the text says which."""


class Folder:
    """The folder of a manuscript; no file outside it is opened.

    ``folder``: by default that of the main file.  ``shown`` names are as a reader would type them.
    """

    def __init__(self, main: str | os.PathLike[str], spent: Spent) -> None:
        self.main = Path(main)
        self.root = Path(os.path.realpath(self.main.parent))
        self.spent = spent

    def main_file(self) -> tuple[str, bytes]:
        """The name and the bytes of the main file."""
        shown = str(self.main)
        try:
            return shown, self._read(self.main, shown)
        except OSError as error:
            raise TexError(f"{shown}: cannot be read: {error.strerror}") from None
        except TexError:
            raise
        except ValueError:
            raise TexError(f"{shown!r}: not the name of a file") from None

    def included(self, name: str, beside: str, endings: tuple[str, ...]) -> tuple[str, str, bytes]:
        """The place ``(folder, name shown)`` and bytes of a file that the manuscript names.

        ``beside``: the folder below the root in which it is looked for first, then the root.
        ``TexError`` for a name that leads outside the folder, or to what is no regular file;
        ``MissingFile`` where there is none.
        """
        if name.startswith("|"):
            raise TexError(f"{name!r} asks TeX to run a program; name a file")
        if os.path.isabs(name) or name.startswith(("~", "\\")) or name[1:2] == ":":
            raise TexError(
                f"{name!r} is an absolute path; name a file relative to the folder of {self.main}"
            )
        if any(ord(c) < 32 for c in name) or not name.strip():
            raise MissingFile(f"{name!r} is not the name of a file")
        for place in dict.fromkeys((beside, "")):
            for ending in endings:
                found = self._inside(os.path.join(place, name + ending), name)
                if found is not None:
                    return found
        raise MissingFile(f"{name}: no such file in the folder of {self.main}")

    def _inside(self, relative: str, name: str) -> tuple[str, str, bytes] | None:
        path = self.root / relative
        try:
            true = Path(os.path.realpath(path))
            if not true.is_relative_to(self.root):
                raise TexError(
                    f"{name!r} leads out of the folder of {self.main}; move the file into it"
                )
            if not os.path.lexists(path) or path.is_dir():
                return None
            below = os.path.normpath(relative)
            shown = os.path.join(self.main.parent, below)
            return os.path.dirname(below), shown, self._read(true, shown)
        except OSError as error:
            raise MissingFile(f"{name}: cannot be read: {error.strerror}") from None

    def _read(self, path: Path, shown: str) -> bytes:
        # A device or a pipe can block or act when it is opened, so it is looked at before, and
        # again once open, since it may have been changed in between.
        _check_regular(os.stat(path), shown)
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(file.fileno())
            _check_regular(found, shown)
            self.spent.file(found.st_size, shown)
            content = file.read(found.st_size + 1)
            self.spent.bytes += len(content) - found.st_size
            return content


def decoded(content: bytes, shown: str, spent: Spent) -> str:
    """Text with lines that end in a newline; what is not UTF-8 is read as Latin-1 and reported."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise TexError(f"{shown}: not a text in UTF-8; save it as UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        place = Place(shown, line, error.start - before.rfind(b"\n"))
        spent.problem(place, "not UTF-8: the file is read as Latin-1; save it as UTF-8")
        text = content.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_regular(found: os.stat_result, shown: str) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise TexError(f"{shown}: not a regular file; name a file with text")
