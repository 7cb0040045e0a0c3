"""Columns of text without a Python loop over rows."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

PNC_CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
_ZERO = ord("0")


def digits(numbers: npt.NDArray[Any], width: int) -> npt.NDArray[np.uint8]:
    """Numbers with leading zeros, as a matrix of characters."""
    powers = np.array([10**power for power in reversed(range(width))], dtype=np.int64)
    values = np.asarray(numbers, dtype=np.int64)[:, None]
    return np.array(values // powers % 10 + _ZERO, dtype=np.uint8)


def letters(positions: npt.NDArray[Any], alphabet: str) -> npt.NDArray[np.uint8]:
    """One character of an alphabet a row."""
    characters = np.frombuffer(alphabet.encode(), dtype=np.uint8)
    return characters.take(np.asarray(positions))[:, None]


def fixed(text: str, size: int) -> npt.NDArray[np.uint8]:
    """Repeat the same characters on every row."""
    return np.tile(np.frombuffer(text.encode(), dtype=np.uint8), (size, 1))


def strings(parts: Sequence[npt.NDArray[np.uint8]]) -> pa.Array:
    """Character matrices side by side as one column of strings of equal length."""
    matrix = np.ascontiguousarray(np.hstack(parts))
    size, width = matrix.shape
    offsets = np.arange(size + 1, dtype=np.int32) * np.int32(width)
    return pa.StringArray.from_buffers(size, pa.py_buffer(offsets), pa.py_buffer(matrix))


def pick(values: Sequence[str], positions: npt.NDArray[Any]) -> pa.Array:
    """Make a column that takes each row's value from a short list."""
    return pa.array(list(values), type=pa.string()).take(pa.array(positions))


def sequence(prefix: str, size: int, width: int) -> pa.Array:
    """Keys in order: the prefix and a number from 1 with leading zeros."""
    return strings([fixed(prefix, size), digits(np.arange(1, size + 1), width)])


def pnc_ids(year: npt.NDArray[Any], serial: npt.NDArray[Any]) -> pa.Array:
    """PNC identifiers `YYYY/NNNNNNNC` with their check letter."""
    check = (year % 100 * 10_000_000 + serial) % 23
    return strings(
        [
            digits(year, 4),
            fixed("/", year.size),
            digits(serial, 7),
            letters(check, PNC_CHECK_LETTERS),
        ]
    )


def short_pnc_id(pnc_id: str) -> str:
    """Shorten to a two-digit year without leading zeros: 2003/0011985X is 03/11985X."""
    year, rest = pnc_id.split("/")
    return f"{year[2:]}/{int(rest[:-1])}{rest[-1]}"
