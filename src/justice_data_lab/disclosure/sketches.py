"""Fingerprints of sets of people that tell how far two sets differ, and hold nobody's key.

A set is kept as its characteristic polynomial, evaluated at a few fixed points of a prime field.
For two sets the ratio of the polynomials is a rational function whose degrees are the numbers of
members that only one of them has; a small difference is found by interpolation, a larger one is
recognised as larger. Source: Minsky, Trachtenberg and Zippel (2003), "Set reconciliation with
nearly optimal communication complexity", IEEE Transactions on Information Theory 49.

So the register of releases can be kept for ever: it survives a purge, since from the few field
elements of a set of 30 people or more nobody's key can be computed without knowing all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

PRIME: Final = 2**61 - 1
"""The field: a Mersenne prime."""

KEYS: Final = PRIME - 128
"""Keys of 64 bits are taken modulo this, so that none is a point; two meet once in 10^18 pairs."""

POINTS_BEYOND: Final = 2
"""Points more than the difference has unknowns: what makes a chance agreement impossible."""


def sketch(members: Iterable[int], *, capacity: int) -> str:
    """Return the sketch of a set of keys, for differences of up to ``capacity`` members.

    Hexadecimal field elements, a dot between. The order of the members does not matter.
    """
    values = [1] * (capacity + POINTS_BEYOND)
    for member in members:
        key = member % KEYS
        values = [value * (_point(place) - key) % PRIME for place, value in enumerate(values)]
    return ".".join(f"{value:x}" for value in values)


def difference(first: tuple[int, str], second: tuple[int, str], *, capacity: int) -> int | None:
    """Return how many members only one of two sets has; None when more than ``capacity``.

    first, second: the size of each set and its sketch. Also None when the sketches were made for a
    smaller capacity, since they cannot tell then.
    """
    values, others = _read(first[1]), _read(second[1])
    surplus = first[0] - second[0]
    if min(len(values), len(others)) < capacity + POINTS_BEYOND:
        return None
    for size in range(abs(surplus), capacity + 1, 2):
        above = (size + surplus) // 2
        if _is_ratio_of(values, others, above=above, below=size - above):
            return size
    return None


def _is_ratio_of(values: Sequence[int], others: Sequence[int], *, above: int, below: int) -> bool:
    """Say whether monic polynomials of these degrees have the ratio values / others everywhere.

    One linear equation a point: others P(z) - values Q(z) = 0, with the leading terms known.
    """
    system = []
    for place, (value, other) in enumerate(zip(values, others, strict=False)):
        point = _point(place)
        row = [other * pow(point, degree, PRIME) % PRIME for degree in range(above)]
        row += [-value * pow(point, degree, PRIME) % PRIME for degree in range(below)]
        known = value * pow(point, below, PRIME) - other * pow(point, above, PRIME)
        system.append([*row, known % PRIME])
    return _is_solvable(system)


def _is_solvable(system: list[list[int]]) -> bool:
    """Say whether linear equations (the last column known) have a solution, by elimination."""
    unknowns = len(system[0]) - 1
    done = 0
    for column in range(unknowns):
        pivot = next((n for n in range(done, len(system)) if system[n][column]), None)
        if pivot is None:
            continue
        system[done], system[pivot] = system[pivot], system[done]
        inverse = pow(system[done][column], -1, PRIME)
        lead = [inverse * value % PRIME for value in system[done]]
        system[done] = lead
        for number in range(done + 1, len(system)):
            factor = system[number][column]
            if factor:
                pairs = zip(system[number], lead, strict=True)
                system[number] = [(value - factor * above) % PRIME for value, above in pairs]
        done += 1
    return all(row[-1] == 0 for row in system[done:])


def _point(place: int) -> int:
    """Return an evaluation point: one of the 128 numbers that no key of a person can be."""
    return PRIME - 1 - place


def _read(text: str) -> list[int]:
    return [int(part, 16) for part in text.split(".")]
