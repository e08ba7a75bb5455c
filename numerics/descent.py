"""Discrete gradient descent on networks, linear or not: full batch, and by minibatches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .activations import Choice
from .arguments import check_positive, check_real
from .arrays import Array
from .chunks import Chunk, Course, collect, stream
from .courses import descent_course, working_vectors
from .descent_state import LinearExampleState
from .examples import Convention, Presentation, as_marks
from .flow_state import NetworkState
from .modes import InputOutputModes
from .nonlinear_state import ExampleState
from .observables import Recorder
from .runge_kutta import EULER
from .stability import Guard

__all__ = [
    "Convention",
    "DescentRecord",
    "descend",
    "descend_by_minibatches",
    "descend_per_example",
    "stream_descent",
]

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class DescentRecord:
    """Networks at the recorded iterations; ``batch`` is absent for one network.

    ``iterations`` ``(T,)``, the numbers of updates made; ``weights``: one array
    ``(T, batch, n_{l+1}, n_l)`` per layer; ``maps`` ``(T, batch, N3, N1)``, the end-to-end maps
    (None for networks that are not linear); ``loss`` ``(T, batch)``,
    ``1/2 sum_mu ||y_mu - f(x_mu)||^2``, divided by ``P`` for averages.
    """

    iterations: NDArray[np.int64]
    weights: tuple[Array, ...]
    maps: Array
    loss: Array


def descend(
    weights: Sequence[ArrayLike],
    inputs: ArrayLike,
    outputs: ArrayLike,
    *,
    lambda_: float,
    iterations: ArrayLike,
    convention: Convention = "average",
    activations: Choice | Sequence[Choice] = "linear",
    dtype: DTypeLike | None = None,
    workers: int | None = None,
    allow_unstable: bool = False,
    progress: Progress | None = None,
) -> DescentRecord:
    """Full-batch descent ``W_l <- W_l + lambda W_{>l}^T (Sigma31 - W_tot Sigma11) W_{<l}^T``.

    ``inputs`` ``(N1, P)`` and ``outputs`` ``(N3, P)`` hold one example per column.  The loss is
    ``1/2 sum_mu ||y_mu - W_tot x_mu||^2`` with ``Sigma31 = Y X^T``, ``Sigma11 = X X^T`` for
    ``convention="sum"``, all divided by ``P`` for ``"average"``.  ``iterations``: increasing
    numbers of updates after which to record; 0 is the start.  With ``activations`` (`Choice`, one
    or one a hidden layer) the map is not linear, and updates follow its own gradient.

    Raises ``ValueError`` for a bad argument, ``MemoryError`` for a batch that is too large, and
    ``FloatingPointError``, with the bound of a stable learning rate, when the weights overflow.
    Warns (`UnstableStepWarning`) when the loss grows and ``lambda_`` exceeds that bound, unless
    ``allow_unstable``.
    """
    state = _state(weights, inputs, outputs, activations, convention, dtype)
    marks = as_marks(iterations)
    return _descended(
        state, marks, descent_course(marks, lambda_), lambda_, allow_unstable, workers, progress
    )


def descend_by_minibatches(
    weights: Sequence[ArrayLike],
    inputs: ArrayLike,
    outputs: ArrayLike,
    *,
    lambda_: float,
    iterations: ArrayLike,
    batch_size: int,
    rng: np.random.Generator,
    replacement: bool = False,
    shared_order: bool = True,
    convention: Convention = "average",
    activations: Choice | Sequence[Choice] = "linear",
    dtype: DTypeLike | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> DescentRecord:
    """Stochastic descent: every update uses the gradient of ``batch_size`` examples only.

    The mean over them, or their sum (``convention``), times ``lambda_``: with ``batch_size=P`` this
    is `descend`, with 1 `descend_per_example`.  `Presentation` says how examples are drawn from
    ``rng``: ``replacement`` or in epochs, ``shared_order`` or one order a network.  The loss that
    is recorded is that of all examples.  Arguments and errors otherwise as ``descend``.
    """
    state = ExampleState(weights, inputs, outputs, activations, convention, dtype)
    marks = as_marks(iterations)
    order = Presentation(
        state.examples,
        batch_size,
        rng,
        replacement=replacement,
        shared=shared_order,
        networks=state.batch,
    )
    course = descent_course(marks, lambda_, _chooser(order))
    record = _descended(state, marks, course, lambda_, True, workers, progress)
    order.skip(int(marks[-1]))
    return record


def descend_per_example(
    weights: Sequence[ArrayLike],
    inputs: ArrayLike,
    outputs: ArrayLike,
    *,
    lambda_: float,
    epochs: ArrayLike,
    rng: np.random.Generator,
    convention: Convention = "average",
) -> DescentRecord:
    """Stochastic descent: one update ``lambda W_{>l}^T (y - W_tot x) x^T W_{<l}^T`` per example.

    Every epoch presents each example once, in an order drawn from ``rng`` and shared by the
    networks of a batch.  ``epochs``: increasing numbers of epochs after which to record;
    the record counts updates, ``P`` per epoch.  ``convention`` scales the recorded loss only: an
    update always uses one example.  Arguments and errors otherwise as ``descend``.
    """
    check_real("inputs", inputs)
    # Another shape is refused by name later.
    examples = np.shape(inputs)[1] if np.ndim(inputs) == 2 else 1
    return descend_by_minibatches(
        weights,
        inputs,
        outputs,
        lambda_=lambda_,
        iterations=as_marks(epochs, "epochs") * examples,
        batch_size=1,
        rng=rng,
        convention=convention,
    )


def stream_descent(
    weights: Sequence[ArrayLike],
    inputs: ArrayLike,
    outputs: ArrayLike,
    *,
    lambda_: float,
    iterations: ArrayLike,
    presentation: Presentation | None = None,
    convention: Convention = "average",
    activations: Choice | Sequence[Choice] = "linear",
    record: Sequence[str] = ("weights",),
    modes: InputOutputModes | None = None,
    dtype: DTypeLike | None = None,
    chunk: int | None = None,
    workers: int | None = None,
    allow_unstable: bool = False,
) -> Iterator[Chunk]:
    """Train every network of the batch by descent; yield chunks of networks in order.

    Full batch as `descend`, or with a ``presentation`` of minibatches.  ``record``, ``chunk`` and
    ``workers`` as for `stream_flow`; other arguments and errors as for `descend`.
    """
    marks = as_marks(iterations)
    if presentation is None:
        state = _state(weights, inputs, outputs, activations, convention, dtype)
        course = descent_course(marks, lambda_)
    else:
        state = ExampleState(weights, inputs, outputs, activations, convention, dtype)
        course = descent_course(marks, lambda_, _chooser(presentation))
    linear = not isinstance(state, ExampleState) or state.linear
    return stream(
        state,
        course,
        Recorder(record, state.arrays, modes, linear=linear),
        _guard(lambda_, allow_unstable or presentation is not None),
        times=len(marks),
        working=working_vectors(EULER),
        chunk=chunk,
        workers=workers,
    )


def _state(
    weights: Sequence[ArrayLike],
    inputs: ArrayLike,
    outputs: ArrayLike,
    activations: Choice | Sequence[Choice],
    convention: Convention,
    dtype: DTypeLike | None,
) -> NetworkState:
    examples = ExampleState(weights, inputs, outputs, activations, convention, dtype)
    return LinearExampleState(examples) if examples.linear else examples


def _chooser(order: Presentation) -> Callable[[NetworkState], Iterator[None]]:
    def choose(state: NetworkState) -> Iterator[None]:
        assert isinstance(state, ExampleState)
        for examples in order.orders(state.first, state.first + state.batch):
            state.choose(examples)
            yield

    return choose


def _guard(lambda_: float, allow_unstable: bool) -> Guard:
    check_positive("lambda_", lambda_, "learning rate")
    return Guard("lambda_", lambda_, 1.0, EULER.stability, warn=True, allow=allow_unstable)


def _descended(
    state: NetworkState,
    marks: NDArray[np.int64],
    course: Course,
    lambda_: float,
    allow_unstable: bool,
    workers: int | None,
    progress: Progress | None,
) -> DescentRecord:
    linear = not isinstance(state, ExampleState) or state.linear
    names = ("weights", "maps", "loss") if linear else ("weights", "loss")
    chunks = stream(
        state,
        course,
        Recorder(names, state.arrays, linear=linear),
        _guard(lambda_, allow_unstable),
        times=len(marks),
        working=working_vectors(EULER),
        workers=workers,
        collected=True,
    )
    observed, _ = collect(chunks, state, progress)
    maps: tuple[Any, ...] = observed.get("maps", (None,))
    return DescentRecord(marks, observed["weights"], maps[0], observed["loss"][0])
