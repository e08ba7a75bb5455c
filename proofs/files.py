"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress

__all__ = ["check_writable", "write_whole"]


def check_writable(path: str) -> None:
    """Raise ``OSError``, saying why, when ``write_whole`` could not write ``path``."""
    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    if os.path.isdir(target):
        raise IsADirectoryError(f"cannot write {path}: it is a folder, give the name of a file")
    if _is_special(target):
        reachable = os.access(target, os.W_OK)
    else:
        reachable = os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)
    if not reachable:
        raise PermissionError(f"cannot write {path}: no writable folder {folder}")


def write_whole(path: str, content: str | bytes) -> None:
    """Write to a temporary file beside ``path``, then rename: never half a file.

    Text is encoded as UTF-8.  A link is followed; a device or a pipe is written to, never
    replaced.  Raises ``OSError`` where the place cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    target = os.path.realpath(path)
    if _is_special(target):
        with open(target, "wb") as stream:
            stream.write(data)
        return
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".lemmata-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _is_special(target: str) -> bool:
    return os.path.exists(target) and not os.path.isfile(target) and not os.path.isdir(target)


def _mode(target: str) -> int:
    """The permissions that ``open`` would have left: a temporary file is private otherwise."""
    if os.path.exists(target):
        return os.stat(target).st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
