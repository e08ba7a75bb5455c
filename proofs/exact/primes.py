"""Prime factors of integers that are not too large to be factored."""

from __future__ import annotations

import flint

from .fractions import TooLargeError

__all__ = ["primes"]

SMALL = 1 << 12
BITS = 96
"""What trial division leaves, up to this size, FLINT factors in milliseconds."""


def primes(number: int) -> list[tuple[int, int]]:
    """Prime factors of a positive integer with their powers.

    Raises ``TooLargeError`` where a factor beyond ``BITS`` bits is not prime.
    """
    found, rest = [], number
    for divisor in range(2, SMALL):
        if divisor * divisor > rest:
            break
        power = 0
        while rest % divisor == 0:
            rest //= divisor
            power += 1
        if power:
            found.append((divisor, power))
    if rest == 1:
        return found
    if rest.bit_length() > BITS and not flint.fmpz(rest).is_prime():
        raise TooLargeError(f"{rest} is too large to be factored")
    return found + [(int(p), int(k)) for p, k in flint.fmpz(rest).factor()]
