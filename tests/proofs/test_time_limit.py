"""Limits of processor time: they interrupt, nest, and leave everything as it was."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import flint
import mpmath
import pytest
from lemmata.proofs.manuscript.time_limit import OutOfTimeError, check_time, limited, time_left
from sympy import Symbol, evaluate, expand
from sympy.core.parameters import global_parameters

interrupting = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="this system has no interval timers"
)
ENOUGH = 5.0


def busy(seconds: float = ENOUGH) -> bool:
    """Use the processor without looking at a limit; whether nothing stopped it."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return True


@contextmanager
def quick(seconds: float = 1.0) -> Iterator[None]:
    started = time.process_time()
    yield
    assert time.process_time() - started < seconds


@interrupting
def test_a_loop_that_never_looks_at_the_time_is_interrupted() -> None:
    with quick(), pytest.raises(OutOfTimeError), limited(0.1):
        busy()


@interrupting
def test_sympy_is_interrupted_and_computes_as_before() -> None:
    x, y, z = (Symbol(name, positive=True) for name in "xyz")
    with quick(3), pytest.raises(OutOfTimeError), limited(0.3):
        expand((1 + x + y + z) ** 200)
    assert expand((1 + x + y) ** 2) == 1 + 2 * x + 2 * y + x**2 + 2 * x * y + y**2
    assert (x + y * z).is_positive


@interrupting
def test_what_is_swallowed_comes_again() -> None:
    caught = 0

    def swallow() -> None:
        nonlocal caught
        while caught < 3:
            try:
                busy()
            except OutOfTimeError:
                caught += 1
        busy()

    # What anyone catches who catches every Exception would end nothing.
    assert not issubclass(OutOfTimeError, Exception)
    with quick(), pytest.raises(OutOfTimeError), limited(0.05):
        swallow()
    assert caught == 3


@interrupting
def test_limits_nest() -> None:
    with limited(2 * ENOUGH):
        with pytest.raises(OutOfTimeError), limited(0.1):
            busy()
        check_time()
        assert busy(0.1)
    with quick(), pytest.raises(OutOfTimeError), limited(0.1), limited(2 * ENOUGH):
        busy()

    def within() -> None:
        for _ in range(3):
            with suppress(OutOfTimeError), limited(0.01):
                busy()
        busy()

    with quick(), pytest.raises(OutOfTimeError), limited(0.1):
        within()
    assert time_left() == float("inf")


@interrupting
def test_the_handler_and_the_timer_are_put_back() -> None:
    def handler(number: int, frame: object) -> None:
        """Another one's."""

    before = signal.signal(signal.SIGVTALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, 1000.0, 50.0)
        for _ in range(3):
            with suppress(OutOfTimeError), limited(0.02), limited(0.01):
                busy()
        assert signal.getsignal(signal.SIGVTALRM) is handler
        left, interval = signal.getitimer(signal.ITIMER_VIRTUAL)
        assert 900 < left < 1001
        assert interval == 50
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    with limited(0.01):
        pass
    assert signal.getsignal(signal.SIGVTALRM) is before
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)


def test_in_another_thread_the_time_is_looked_at() -> None:
    found: list[str] = []

    def work() -> None:
        with suppress(OutOfTimeError), limited(0.05):
            busy(0.3)
            found.append("not interrupted")
            check_time()
            found.append("gone on")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == ["not interrupted"]


@interrupting
def test_settings_of_sympy_are_put_back() -> None:
    x = Symbol("x")
    for _ in range(5):
        with suppress(OutOfTimeError), limited(0.01):
            while True:
                with evaluate(False):
                    x + x
    assert global_parameters.evaluate
    assert x + x == 2 * x
    bits = flint.ctx.prec, mpmath.mp.prec
    with suppress(OutOfTimeError), limited(0.01):
        flint.ctx.prec, mpmath.mp.prec = 77, 88
        busy()
    assert (flint.ctx.prec, mpmath.mp.prec) == bits


@interrupting
def test_an_import_is_finished_first(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    module = "lemmata_slow_to_import"
    (tmp_path / f"{module}.py").write_text(  # type: ignore[operator]
        "import time\nend = time.process_time() + 0.3\n"
        "while time.process_time() < end:\n    pass\ndone = True\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    with suppress(OutOfTimeError), limited(0.05):
        __import__(module)
        busy()
    assert sys.modules.pop(module).done
