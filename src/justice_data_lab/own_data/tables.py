"""Reading a table of the analyst's own for `jdl estimate`, and saying what is wrong with it.

Errors name columns and row numbers, never values: a table is about people.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from justice_data_lab.measures import Kind
from justice_data_lab.own_data.estimate import OwnCovariate, OwnData
from justice_data_lab.statistics.arrow import BoolArray, FloatArray
from justice_data_lab.statistics.covariates import MISSING

NULLS = ("", "NA", "N/A", "NaN", "nan", "NULL", "null")
SMALLEST_ARM = 2
MOST_LEVELS = 100
LARGEST_NUMBER = 1e100  # its square is still a number
MOSTLY_NUMBERS = 0.5
_QUOTE = '"'
_DELIMITERS = (",", ";", "\t", "|")
_NUMBER = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"
# 1,900  1 900  1'900.50  1.900,50  48,0  £45  45%  (45)  45-
_FORMATTED = (
    r"^\s*\(?[-+]?\s?[£$€]?\s?"
    r"(\d{1,3}([ ,'\x{2019}\x{a0}\x{202f}]\d{3})+(\.\d+)?|\d{1,3}(\.\d{3})+(,\d+)?|\d+([.,]\d+)?)"
    r"\s?[%€]?\)?-?\s*$"
)
_CURE = (
    "write numbers with a point and no other sign, as 1900 or 48.5, and leave a cell empty where "
    "there is none"
)


class TableError(ValueError):
    """One line that says what is wrong with the table or the choice of its columns."""


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which column is what. delay, time_to_reoffence: both, or neither."""

    treated: str
    outcome: str
    covariates: tuple[str, ...]
    delay: str | None = None
    time_to_reoffence: str | None = None

    def __post_init__(self) -> None:
        """Raise TableError where the choice contradicts itself."""
        if not self.covariates:
            raise TableError("at least one covariate is wanted: --covariates A,B,...")
        if (self.delay is None) != (self.time_to_reoffence is None):
            raise TableError("--delay and --time-to-reoffence go together: give both or neither")
        names = self.names
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise TableError(f"each column can be one thing only: {', '.join(repeated)} is two")

    @property
    def names(self) -> list[str]:
        """Return all chosen columns."""
        days = [name for name in (self.delay, self.time_to_reoffence) if name is not None]
        return [self.treated, self.outcome, *self.covariates, *days]


def read_own_data(path: Path, columns: Columns, kind: Kind) -> OwnData:
    """Read a CSV or Parquet file, a row per person, in the order of its rows.

    Treated: 0 or 1, or true and false. The outcome: 0 or 1 if ``binary``, whole and not negative
    if ``count``, any number if ``continuous``. Numbers and true/false are covariates as they
    are, a missing one included; texts have a level each, the first in alphabetical order being
    the reference.

    TableError on anything else.
    """
    table = _load(path, columns.names)
    treated = _flags(table, columns.treated)
    if min(int(treated.sum()), int((~treated).sum())) < SMALLEST_ARM:
        raise TableError(
            f"at least {SMALLEST_ARM} treated and {SMALLEST_ARM} controls are wanted; there are "
            f"{int(treated.sum())} and {int((~treated).sum())}"
        )
    return OwnData(
        treated=treated,
        outcome=_outcome(table, columns.outcome, kind),
        covariates=tuple(_covariate(table, name) for name in columns.covariates),
        days=_days(table, columns, treated),
    )


def _load(path: Path, names: Sequence[str]) -> pa.Table:
    """Return the columns of the file; types are told from all rows, not from the first."""
    if not path.is_file():
        raise TableError(f"{path}: there is no such file")
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        try:
            relation = _relation(connection, path)
            known = _names(path, relation)
            absent = [name for name in names if name not in known]
            if absent:
                _require_even_lines(path, names)
                raise TableError(f"{path}: no column {', '.join(absent)}; {_others(known, names)}")
            twice = [name for name in names if known.count(name) > 1]
            if twice:
                raise TableError(
                    f"{path}: more than one column is called {', '.join(twice)}; rename all but one"
                )
            chosen = ", ".join(
                f"{_quoted(relation.columns[known.index(name)])} as c{place}"
                for place, name in enumerate(names)
            )
            table = relation.project(chosen).to_arrow_table().rename_columns(list(names))
        except duckdb.Error as error:
            line = re.search(r"\bLine: (\d+)", str(error))
            where = f" (line {line.group(1)})" if line else ""
            cure = "" if _is_utf8(path) else '; it is not UTF-8: save it as "CSV UTF-8"'
            raise TableError(f"{path}: could not be read as {_format(path)}{where}{cure}") from None
    if not table.num_rows:
        raise TableError(f"{path}: has no rows")
    return table


def _format(path: Path) -> str:
    return "Parquet" if path.suffix.lower() in (".parquet", ".pq") else "CSV"


def _is_utf8(path: Path) -> bool:
    """Tell whether a text is UTF-8, as DuckDB wants it; no other file is a text."""
    if _format(path) == "Parquet":
        return True
    try:
        with path.open(encoding="utf-8") as file:
            return all(True for _ in file)
    except UnicodeDecodeError:
        return False


def _relation(connection: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    if _format(path) == "Parquet":
        return connection.read_parquet(str(path))
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        raise TableError(f"{path}: must be a .csv or a .parquet file")
    # comment: none, for DuckDB leaves out rows that begin with a sign if enough of them do
    return connection.read_csv(
        str(path), header=True, sample_size=-1, na_values=list(NULLS), comment=""
    )


def _quoted(name: str) -> str:
    return _QUOTE + name.replace(_QUOTE, _QUOTE * 2) + _QUOTE


def _names(path: Path, relation: duckdb.DuckDBPyRelation) -> list[str]:
    """Return the names as they stand in the file.

    Names that differ in case only are one to DuckDB, which numbers the second.
    """
    if _format(path) == "Parquet":
        own = list(pyarrow.parquet.read_schema(path).names)
    else:
        own = next((row for _, row in _lines(path)), [])
    apart = len({name.lower() for name in own}) < len(own) == len(relation.columns)
    return own if apart else list(relation.columns)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV file with the line each ends on; none of what is no UTF-8 text."""
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        header = file.readline()
        file.seek(0)
        delimiter = max(_DELIMITERS, key=header.count)
        rows = csv.reader(file, delimiter=delimiter)
        for row in rows:
            if row:
                yield rows.line_num, row


def _require_even_lines(path: Path, names: Sequence[str]) -> None:
    """Raise TableError at the first line longer or shorter than a header with all the names."""
    if _format(path) == "Parquet":
        return
    lines = _lines(path)
    _, header = next(lines, (0, []))
    if not set(names) <= set(header):
        return
    for number, row in lines:
        if len(row) != len(header):
            raise TableError(
                f"{path}: line {number} has {len(row)} values and the header {len(header)}; give "
                "every line as many"
            )


def _others(known: Sequence[str], wanted: Sequence[str]) -> str:
    """Name the columns that there are, if the header is one: else they are somebody's values."""
    if {name.lower() for name in known}.isdisjoint(name.lower() for name in wanted):
        return "nor any other that was named: is its first line a header?"
    return f"there are {', '.join(known)}"


def _rows(is_wrong: BoolArray) -> str:
    """Name the first wrong row, from 1 without the header, and how many there are."""
    first, count = int(np.flatnonzero(is_wrong)[0]) + 1, int(is_wrong.sum())
    return f"row {first}" if count == 1 else f"row {first} and {count - 1:,} more"


def _numbers(table: pa.Table, name: str, what: str) -> FloatArray:
    """Return a column as numbers, NaN where missing; TableError where it holds anything else.

    A text is one where all of it reads as numbers, or all of it is missing.
    """
    column = table.column(name)
    if _is_text(column.type):
        reads = _matches(column, _NUMBER)
        if not reads.all():
            raise TableError(f"{what} {name}: {_rows(~reads)} is not a number; {_CURE}")
        column = pc.utf8_trim_whitespace(column)
    if pa.types.is_boolean(column.type):
        column = pc.cast(column, pa.int8())
    elif pa.types.is_null(column.type):
        column = pc.cast(column, pa.float64())
    elif not _is_number(column.type) and not _is_text(column.type):
        raise TableError(f"{what} {name}: is {column.type}; {_CURE}")
    numbers = np.array(pc.cast(column, pa.float64(), safe=False).to_numpy(), dtype=np.float64)
    is_too_large = np.abs(numbers) > LARGEST_NUMBER
    if is_too_large.any():
        raise TableError(f"{what} {name}: {_rows(is_too_large)} is beyond {LARGEST_NUMBER:g}")
    return numbers


def _known_numbers(table: pa.Table, name: str, what: str) -> FloatArray:
    numbers = _numbers(table, name, what)
    if np.isnan(numbers).any():
        raise TableError(f"{what} {name}: {_rows(np.isnan(numbers))} is missing")
    return numbers


def _flags(table: pa.Table, name: str) -> BoolArray:
    numbers = _known_numbers(table, name, "treated")
    is_wrong = (numbers != 0) & (numbers != 1)
    if is_wrong.any():
        raise TableError(f"treated {name}: {_rows(is_wrong)} is neither 0 nor 1")
    flags: BoolArray = numbers == 1
    return flags


def _outcome(table: pa.Table, name: str, kind: Kind) -> FloatArray:
    outcome = _known_numbers(table, name, "outcome")
    if kind == "binary":
        is_wrong, rule = (outcome != 0) & (outcome != 1), "is neither 0 nor 1"
    elif kind == "count":
        is_wrong, rule = (
            (outcome < 0) | (outcome != np.floor(outcome)),
            "is not a whole number of 0 or more",
        )
    else:
        return outcome
    if is_wrong.any():
        raise TableError(f"outcome {name}: {_rows(is_wrong)} {rule}")
    return outcome


def _covariate(table: pa.Table, name: str) -> OwnCovariate:
    column = table.column(name)
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    if not _is_text(column.type):
        return OwnCovariate(name, numbers=_numbers(table, name, "covariate"))
    reads = _matches(column, _NUMBER)
    looks = reads | _matches(column, _FORMATTED)
    is_known = column.is_valid().to_numpy()
    if is_known.any() and not reads.all() and _is_mostly_numbers(column, looks, is_known):
        how = "is not a number, as the others are"
        if looks.all():
            how = "is a number written with other signs"
        odd = _rows(~reads if looks.all() else ~looks)
        raise TableError(f"covariate {name}: {odd} {how}; {_CURE}")
    text = pc.fill_null(pc.cast(column, pa.string()), MISSING).combine_chunks()
    levels = sorted(pc.unique(text).to_pylist())
    if len(levels) > MOST_LEVELS:
        raise TableError(
            f"covariate {name}: has {len(levels):,} different texts; {MOST_LEVELS} are the most"
        )
    codes = pc.index_in(text, pa.array(levels, pa.string()))
    return OwnCovariate(name, levels=tuple(levels), codes=np.asarray(codes.to_numpy(), np.int64))


def _is_mostly_numbers(column: pa.ChunkedArray, looks: BoolArray, is_known: BoolArray) -> bool:
    """Tell whether at least half of the known rows, or of the different texts, look like numbers.

    A column with one sign for all that is missing has few rows of numbers and many numbers.
    """
    of_rows = float(looks[is_known].mean())
    different = pa.chunked_array([pc.unique(column.drop_null())])
    of_texts = float((_matches(different, _NUMBER) | _matches(different, _FORMATTED)).mean())
    return max(of_rows, of_texts) >= MOSTLY_NUMBERS


def _days(table: pa.Table, columns: Columns, treated: BoolArray) -> FloatArray | None:
    """Return the delays of the treated and the last days of the controls; never is infinite."""
    if columns.delay is None or columns.time_to_reoffence is None:
        return None
    delay = _numbers(table, columns.delay, "delay")
    last = _numbers(table, columns.time_to_reoffence, "time to re-offence")
    lacks = treated & np.isnan(delay)
    if lacks.any():
        raise TableError(f"delay {columns.delay}: {_rows(lacks)} is treated and has none")
    is_lost = treated & (last < delay)
    if is_lost.any():
        raise TableError(
            f"time to re-offence {columns.time_to_reoffence}: {_rows(is_lost)} is treated and "
            f"lost before the own start ({columns.delay})"
        )
    days = np.where(treated, delay, np.where(np.isnan(last), math.inf, last))
    if (days < 0).any():
        name = "delay" if (days[treated] < 0).any() else "time to re-offence"
        raise TableError(f"{name}: {_rows(days < 0)} is negative")
    if not (days[~treated] >= days[treated].min()).any():
        raise TableError("no control is at risk on the day of any start")
    return days


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _matches(column: pa.ChunkedArray, pattern: str) -> BoolArray:
    """Return where a text matches, or is missing."""
    found = pc.fill_null(pc.match_substring_regex(pc.cast(column, pa.string()), pattern), True)
    return np.asarray(found.to_numpy(), dtype=np.bool_)
