"""Processor time: how long one comparison may take."""

from __future__ import annotations

import signal
import threading
import time
from contextvars import ContextVar, Token
from types import FrameType, TracebackType
from typing import Any

import flint
import mpmath
from sympy.core.parameters import global_parameters

__all__ = ["OutOfTimeError", "check_time", "limited", "time_left"]

TICK = 0.05
"""Seconds of the processor between two looks at the time."""
SHELTERED = (__file__, "/contextlib.py", "/threading.py", "/core/facts.py", "/core/parameters.py")
"""Short code that must not be left half done: limits, contexts, SymPy's deductions and settings."""
NEAR = 3
IMPORTING = "<frozen importlib._bootstrap>"

_END: ContextVar[float] = ContextVar("end", default=float("inf"))
_SETTINGS = (
    (global_parameters, "evaluate"),
    (global_parameters, "distribute"),
    (global_parameters, "exp_is_pow"),
    (mpmath.mp, "prec"),
    (flint.ctx, "prec"),
    (flint.ctx, "cap"),
)
"""What others set for a while, and might not come to put back."""


class OutOfTimeError(BaseException):
    """The processor time that was granted is used up.

    No ``Exception``: whoever computes may catch those, and must not go on.
    """


class limited:
    """Grant what is done inside at most so many seconds, and no more than what is granted already.

    In the main thread of a system with interval timers whatever runs is interrupted, and again at
    each tick where the exception is swallowed; but no single call of compiled code.  Elsewhere
    ``check_time`` is called where work is repeated.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._token: Token[float] | None = None
        self._before: _Before | None = None
        self._settings: tuple[Any, ...] = ()

    def __enter__(self) -> None:
        self._settings = tuple(getattr(where, name) for where, name in _SETTINGS)
        self._token = _END.set(min(_END.get(), time.process_time() + self.seconds))
        self._before = _start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before is not None:
            _stop(self._before)
        if self._token is not None:
            _END.reset(self._token)
        # Compiled code that calls Python makes a SystemError of what interrupts it.
        hidden = isinstance(error, SystemError)
        interrupted = error.__cause__ if isinstance(error, SystemError) else error
        if isinstance(interrupted, OutOfTimeError):
            for (where, name), value in zip(_SETTINGS, self._settings, strict=True):
                setattr(where, name, value)
            if hidden:
                raise interrupted from None


def check_time() -> None:
    """Raise ``OutOfTimeError`` where the time is used up."""
    if time_left() < 0:
        raise OutOfTimeError


def time_left() -> float:
    """Seconds of the processor that are left."""
    return _END.get() - time.process_time()


_Before = tuple[Any, tuple[float, float]]
"""The handler and the timer that were there."""


def _start() -> _Before | None:
    """Look at the time at each tick; None where that is done already, or cannot be done."""
    if threading.current_thread() is not threading.main_thread():
        return None
    if not hasattr(signal, "setitimer"):
        return None
    handler = signal.getsignal(signal.SIGVTALRM)
    # A handler that is not Python's could not be put back.
    if handler is None or handler is _look:
        return None
    signal.signal(signal.SIGVTALRM, _look)
    return handler, signal.setitimer(signal.ITIMER_VIRTUAL, TICK, TICK)


def _stop(before: _Before) -> None:
    handler, timer = before
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    # A tick that is on its way is dropped: by default it would end the process.
    signal.signal(signal.SIGVTALRM, signal.SIG_IGN)
    signal.signal(signal.SIGVTALRM, handler)
    signal.setitimer(signal.ITIMER_VIRTUAL, *timer)


def _look(number: int, frame: FrameType | None) -> None:
    if time_left() < 0 and not _sheltered(frame):
        raise OutOfTimeError


def _sheltered(frame: FrameType | None) -> bool:
    """Whether what runs has to be finished first; there is another tick."""
    depth = 0
    while frame is not None:
        name = frame.f_code.co_filename
        if name == IMPORTING or (depth < NEAR and name.endswith(SHELTERED)):
            return True
        frame, depth = frame.f_back, depth + 1
    return False
