"""Processor time: how long one comparison may take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["OutOfTimeError", "check_time", "limited", "time_left"]

_END: ContextVar[float] = ContextVar("end", default=float("inf"))


class OutOfTimeError(Exception):
    """The processor time that was granted is used up."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Grant what is done inside at most so many seconds, and no more than what is granted already.

    Nothing is interrupted: ``check_time`` is called where work is repeated.
    """
    token = _END.set(min(_END.get(), time.process_time() + seconds))
    try:
        yield
    finally:
        _END.reset(token)


def check_time() -> None:
    """Raise ``OutOfTimeError`` where the time is used up."""
    if time_left() < 0:
        raise OutOfTimeError


def time_left() -> float:
    """Seconds of the processor that are left."""
    return _END.get() - time.process_time()
