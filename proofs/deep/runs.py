"""Experiments as lists of independent cells that survive being killed in the middle.

What a cell found is written at once, whole or not at all; started again with the same settings a
run takes what is finished from the file and goes on.  Every cell draws from a generator of its own,
made from the seed and its name, so that what was done before, or beside it, changes no number.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

import numpy as np
from lemmata.numerics.blas_threads import one_thread_each

from ..files import write_whole

__all__ = ["Cell", "RunError", "State", "generator", "run_cells"]

SCHEMA = "lemmata.simulate.state/1"
LARGEST = 2**28
"""Bytes of the largest state that is read."""

Found = dict[str, Any]
"""What a cell found: numbers, texts, None, and lists and dictionaries of them."""
Progress = Callable[[int, int, str], None]
"""Called with the count of finished cells, of all cells, and the name of the last one."""


class RunError(ValueError):
    """A state that cannot be used, or a cell that cannot be kept; one line with the fix."""


@dataclass(frozen=True)
class Cell:
    """One independent part of an experiment: its name, unlike all others, and its work.

    ``work`` gets a generator of its own.  It returns what JSON can hold (arrays and scalars of
    NumPy become lists and numbers); None for a number that is not finite.  Cells run beside each
    other in threads, so what belongs to the process is not for them: no certified numbers, whose
    precision python-flint sets for all threads.
    """

    name: str
    work: Callable[[np.random.Generator], Mapping[str, Any]]


def generator(seed: int, *names: str) -> np.random.Generator:
    """Random numbers for what is named so: the same for equal names, independent otherwise.

    Cells that are compared in pairs share what they must share by asking for the same names.
    """
    digest = sha256("\0".join(names).encode()).digest()
    words = [int.from_bytes(digest[i : i + 4], "big") for i in range(0, len(digest), 4)]
    return np.random.default_rng([seed, *words])


class State:
    """The finished cells of one run of ``command`` with ``settings``, in a file or nowhere.

    ``path`` None keeps them in memory only.  A file that is there already is read.  Raises
    ``RunError`` for a file that is no state, or one of another command or of other settings.
    """

    def __init__(self, path: str | None, command: str, settings: Mapping[str, Any]) -> None:
        self.path = path
        self._head = {
            "schema": SCHEMA,
            "command": command,
            "version": version("lemmata"),
            "settings": json.loads(_encoded("settings", settings)),
        }
        self.finished: dict[str, Found] = {}
        if path is not None and os.path.exists(path):
            self.finished = self._read(path)

    def add(self, name: str, found: Mapping[str, Any]) -> None:
        """Keep what a cell found, and write the file."""
        self.finished[name] = json.loads(_encoded(name, found))
        if self.path is not None:
            digest = _digest(self.finished)
            text = json.dumps({**self._head, "digest": digest, "cells": self.finished})
            try:
                write_whole(self.path, text + "\n")
            except OSError as error:
                why = error.strerror or error
                raise RunError(f"resume: cannot write {self.path}: {why}") from error

    def remove(self) -> None:
        """Delete the file, where there is one."""
        if self.path is not None and os.path.exists(self.path):
            os.unlink(self.path)

    def _read(self, path: str) -> dict[str, Found]:
        kept = _object(path)
        for name in ("command", "version"):
            if kept.get(name) != self._head[name]:
                raise RunError(
                    f"resume: {path} is of {name} {kept.get(name)!r}, not "
                    f"{self._head[name]!r}: give another file, or delete it"
                )
        self._compare(path, kept.get("settings"))
        cells = kept.get("cells")
        if not isinstance(cells, dict) or not all(isinstance(c, dict) for c in cells.values()):
            raise _no_state(path, "it has no cells")
        if kept.get("digest") != _digest(cells):
            raise _no_state(path, "its cells were changed")
        return cells

    def _compare(self, path: str, settings: Any) -> None:
        if not isinstance(settings, dict):
            raise _no_state(path, "it has no settings")
        asked: dict[str, Any] = self._head["settings"]
        for name in sorted(settings.keys() | asked.keys()):
            was, now = settings.get(name), asked.get(name)
            if was != now:
                raise RunError(
                    f"resume: {path} was made with {name} = {was!r}, not {now!r}: give the same "
                    "settings, another file, or delete it"
                )


def run_cells(
    cells: Sequence[Cell],
    *,
    seed: int,
    state: State,
    workers: int = 1,
    progress: Progress | None = None,
) -> dict[str, Found]:
    """Do what is not finished yet; return what every cell found, by name, in the order given.

    ``workers``: threads that work side by side, each cell in one of them; matrix products use one
    thread each, so that no number depends on how many there are.  The first error of a cell is
    raised when it comes; what was finished by then is kept.
    """
    names = [cell.name for cell in cells]
    if len(set(names)) < len(names):
        raise ValueError("cells: two have the same name")
    left = [cell for cell in cells if cell.name not in state.finished]
    say = progress or (lambda done, total, name: None)
    say(len(cells) - len(left), len(cells), "")
    with one_thread_each():
        done = _one_by_one if workers == 1 or len(left) < 2 else _side_by_side
        done(left, seed, state, workers, lambda name: say(_count(state, names), len(names), name))
    return {name: state.finished[name] for name in names}


def _count(state: State, names: Sequence[str]) -> int:
    return sum(name in state.finished for name in names)


def _one_by_one(
    cells: Sequence[Cell], seed: int, state: State, workers: int, tell: Callable[[str], None]
) -> None:
    for cell in cells:
        state.add(cell.name, cell.work(generator(seed, "cell", cell.name)))
        tell(cell.name)


def _side_by_side(
    cells: Sequence[Cell], seed: int, state: State, workers: int, tell: Callable[[str], None]
) -> None:
    # Threads of a pool are waited for when the process ends; Ctrl-C shall not wait for a cell.
    waiting: SimpleQueue[Cell] = SimpleQueue()
    done: SimpleQueue[tuple[str, Any]] = SimpleQueue()
    stop = Event()
    for cell in cells:
        waiting.put(cell)

    def work() -> None:
        while not stop.is_set() and not waiting.empty():
            try:
                cell = waiting.get_nowait()
            except Exception:  # another thread took the last one
                return
            try:
                done.put((cell.name, cell.work(generator(seed, "cell", cell.name))))
            except BaseException as error:
                done.put((cell.name, error))

    for _ in range(min(workers, len(cells))):
        Thread(target=work, daemon=True).start()
    try:
        for _ in cells:
            name, found = done.get()
            if isinstance(found, BaseException):
                raise found
            state.add(name, found)
            tell(name)
    finally:
        stop.set()


def _encoded(name: str, value: Mapping[str, Any]) -> str:
    try:
        return json.dumps(value, allow_nan=False, default=_plain)
    except ValueError as error:
        raise RunError(f"{name}: a number is not finite: tell None instead") from error


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot be kept in a file")


def _digest(cells: Mapping[str, Found]) -> str:
    return sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()


def _object(path: str) -> dict[str, Any]:
    try:
        if os.path.getsize(path) > LARGEST:
            raise _no_state(path, f"it has more than {LARGEST} bytes")
        with open(path, "rb") as file:
            kept = json.loads(file.read())
    except OSError as error:
        raise RunError(f"resume: cannot read {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, RunError):
            raise
        raise _no_state(path, "it is no JSON") from error
    if not isinstance(kept, dict) or kept.get("schema") != SCHEMA:
        raise _no_state(path, f"its schema is not {SCHEMA}")
    return kept


def _no_state(path: str, why: str) -> RunError:
    return RunError(f"resume: {path} is no state of a run: {why}: give another file, or delete it")
