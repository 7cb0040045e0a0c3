"""Small tools for frozen dataclasses whose fields are arrays of one length, and hash draws."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Table = TypeVar("Table")
Float = npt.NDArray[np.float64]
Hash = npt.NDArray[np.uint64]


def take(table: Table, rows: npt.NDArray[Any]) -> Table:
    """Take the given rows (positions or a mask) of every column."""
    columns = {f.name: getattr(table, f.name)[rows] for f in fields(table)}  # type: ignore[arg-type]
    return type(table)(**columns)


def stack(tables: Sequence[Table]) -> Table:
    """Put the tables one under another."""
    first = tables[0]
    columns = {
        f.name: np.concatenate([getattr(table, f.name) for table in tables])
        for f in fields(first)  # type: ignore[arg-type]
    }
    return type(first)(**columns)


def hashed_uniform(key: Hash, salt: int | npt.NDArray[Any]) -> Float:
    """Draw uniformly on [0, 1) from nothing but the key and the salt (splitmix64).

    Cases carry such a key, so that a copied case grows exactly the same rows as its original.
    """
    with np.errstate(over="ignore"):
        mixed = key + (np.asarray(salt).astype(np.uint64) + np.uint64(1)) * np.uint64(
            0x9E3779B97F4A7C15
        )
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    result: Float = (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return result


def keys(rng: np.random.Generator, size: int) -> Hash:
    """Fresh hash keys."""
    return rng.integers(0, 2**64, size=size, dtype=np.uint64)
