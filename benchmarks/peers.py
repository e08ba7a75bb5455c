"""One problem, many ways to compute it: gradient flow of a batch of three-layer linear networks.

    W21' = W32^T (T - W32 W21),   W32' = (T - W32 W21) W21^T,

white inputs, a fixed target T, two hundred steps of the classical Runge-Kutta method of order 4.
A way is a function of (W21, W32, T), arrays (networks, width, width) and (width, width), which
returns both layers at the end.  Those that are not installed raise ``ImportError`` when made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

STEP, STEPS = 1 / 100, 200
WORK = 24
"""Floating point operations of one step, in cubes of the width: four stages of three products."""
CHUNK = {8: 256, 16: 64, 32: 16, 64: 4}
"""Networks that a peer may keep in its cache, by width; found by trial."""
Run = Callable[[Any, Any, Any], Any]


def slope(first: Any, second: Any, target: Any) -> Any:
    error = target - second @ first
    return second.mT @ error, error @ first.mT


def runge_kutta(first: Any, second: Any, target: Any) -> Any:
    a, b = slope(first, second, target)
    c, d = slope(first + STEP / 2 * a, second + STEP / 2 * b, target)
    e, f = slope(first + STEP / 2 * c, second + STEP / 2 * d, target)
    g, h = slope(first + STEP * e, second + STEP * f, target)
    return first + STEP / 6 * (a + 2 * c + 2 * e + g), second + STEP / 6 * (b + 2 * d + 2 * f + h)


def numpy_batched(first: Any, second: Any, target: Any) -> Any:
    for _ in range(STEPS):
        first, second = runge_kutta(first, second, target)
    return first, second


def numpy_chunked(first: Any, second: Any, target: Any) -> Any:
    size = CHUNK.get(first.shape[-1], 1)
    parts = [
        numpy_batched(first[i : i + size], second[i : i + size], target)
        for i in range(0, len(first), size)
    ]
    return tuple(np.concatenate(layer) for layer in zip(*parts, strict=True))


def torch_eager() -> Run:
    import torch

    torch.set_num_threads(1)

    def run(first: Any, second: Any, target: Any) -> Any:
        made = [torch.from_numpy(x) for x in (first, second, target)]
        with torch.inference_mode():
            found = numpy_batched(*made)
        return tuple(x.numpy() for x in found)

    return run


def torch_compiled() -> Run:
    import torch

    torch.set_num_threads(1)
    step = torch.compile(runge_kutta, dynamic=False)

    def run(first: Any, second: Any, target: Any) -> Any:
        first, second, target = (torch.from_numpy(x) for x in (first, second, target))
        with torch.no_grad():
            for _ in range(STEPS):
                first, second = step(first, second, target)
        return first.numpy(), second.numpy()

    return run


def torchdiffeq_fixed() -> Run:
    import torch
    from torchdiffeq import odeint

    torch.set_num_threads(1)

    def run(first: Any, second: Any, target: Any) -> Any:
        first, second, target = (torch.from_numpy(x) for x in (first, second, target))
        times = torch.tensor([0.0, STEPS * STEP], dtype=torch.float64)
        with torch.inference_mode():
            found = odeint(
                lambda _, state: slope(*state, target),
                (first, second),
                times,
                method="rk4",
                options={"step_size": STEP},
            )
        return tuple(layer[-1].numpy() for layer in found)

    return run


def jax_scan() -> Run:
    return _jax(chunked=False)


def jax_chunked() -> Run:
    return _jax(chunked=True)


def _jax(*, chunked: bool) -> Run:
    import jax

    jax.config.update("jax_enable_x64", True)

    def some(weights: Any, target: Any) -> Any:
        def one(state: Any, _: Any) -> Any:
            return runge_kutta(*state, target), None

        return jax.lax.scan(one, weights, None, length=STEPS)[0]

    @jax.jit
    def whole(first: Any, second: Any, target: Any) -> Any:
        if not chunked:
            return some((first, second), target)
        width = first.shape[-1]
        shape = (-1, min(CHUNK.get(width, 1), len(first)), width, width)
        chunks = first.reshape(shape), second.reshape(shape)
        found = jax.lax.map(lambda weights: some(weights, target), chunks)
        return tuple(x.reshape(first.shape) for x in found)

    def run(first: Any, second: Any, target: Any) -> Any:
        return tuple(np.asarray(x) for x in whole(first, second, target))

    return run


def diffrax_fixed() -> Run:
    import diffrax
    import jax

    jax.config.update("jax_enable_x64", True)
    classical = diffrax.ButcherTableau(
        c=np.array([0.5, 0.5, 1.0]),
        a_lower=(np.array([0.5]), np.array([0.0, 0.5]), np.array([0.0, 0.0, 1.0])),
        b_sol=np.array([1 / 6, 1 / 3, 1 / 3, 1 / 6]),
        b_error=np.zeros(4),
    )

    class Classical(diffrax.AbstractERK):
        tableau = classical
        interpolation_cls = diffrax.ThirdOrderHermitePolynomialInterpolation.from_k

        def order(self, terms: Any) -> int:
            return 4

    term = diffrax.ODETerm(lambda t, state, target: slope(*state, target))

    @jax.jit
    def whole(first: Any, second: Any, target: Any) -> Any:
        found = diffrax.diffeqsolve(
            term, Classical(), 0.0, STEPS * STEP, STEP, (first, second), args=target,
            saveat=diffrax.SaveAt(t1=True), stepsize_controller=diffrax.ConstantStepSize(),
        ).ys  # fmt: skip
        return tuple(layer[-1] for layer in found)

    def run(first: Any, second: Any, target: Any) -> Any:
        return tuple(np.asarray(x) for x in whole(first, second, target))

    return run


def scipy_loop() -> Run:
    from scipy.integrate import solve_ivp

    def one(first: Any, second: Any, target: Any) -> Any:
        shape, size = first.shape, first.size

        def field(_: float, state: Any) -> Any:
            slopes = slope(state[:size].reshape(shape), state[size:].reshape(shape), target)
            return np.concatenate([x.ravel() for x in slopes])

        start = np.concatenate([first.ravel(), second.ravel()])
        # As accurate as the fixed steps are here, by trial: about 1e-8.
        found = solve_ivp(field, (0, STEPS * STEP), start, method="DOP853", rtol=1e-7, atol=1e-9)
        return found.y[:size, -1].reshape(shape), found.y[size:, -1].reshape(shape)

    def run(first: Any, second: Any, target: Any) -> Any:
        found = [one(a, b, target) for a, b in zip(first, second, strict=True)]
        return tuple(np.stack(layer) for layer in zip(*found, strict=True))

    return run


SAME_STEPS: dict[str, Callable[[], Run]] = {
    "numpy": lambda: numpy_batched,
    "numpy, in chunks": lambda: numpy_chunked,
    "torch, eager": torch_eager,
    "torch, compiled": torch_compiled,
    "jax, scan": jax_scan,
    "jax, scan in chunks": jax_chunked,
    "diffrax": diffrax_fixed,
}
"""Peers that take the same steps as we do, so that they must agree up to rounding."""
SAME_ORDER: dict[str, Callable[[], Run]] = {
    "torchdiffeq, 3/8 rule": torchdiffeq_fixed,
    "scipy, DOP853 in a loop": scipy_loop,
}
"""Peers of another method, which agree up to the error of the steps."""
