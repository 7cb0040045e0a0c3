"""The check of a raw zone that runs before any model: every problem, one line each."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

from justice_data_lab.raw_zone.contract import ANALYSIS_PLANS, STAFF_FILES, Table, extract_tables
from justice_data_lab.raw_zone.links import check_links
from justice_data_lab.raw_zone.plans import check_plans
from justice_data_lab.raw_zone.reading import RawZoneError, files, inspect_extract
from justice_data_lab.raw_zone.schemas import Schema, compare, differences, read_schema
from justice_data_lab.raw_zone.staff import check_staff_file
from justice_data_lab.raw_zone.unread import unread_files
from justice_data_lab.raw_zone.values import check_values
from justice_data_lab.visible import visible


def check(zone: Path, seeds: Path, *, minimum_found_share: float) -> list[str]:
    """Return every problem of the raw zone, in the order of the contract; empty means none.

    ``minimum_found_share`` is the share of an extract's rows that must be about somebody known.
    ``seeds`` is the folder that holds ``reference/offence_codes.csv`` and
    ``reference/disposal_codes.csv``; they are read from disk because this runs before seeds are
    loaded. A problem names the file, then the column, then what is wrong and what to do. Codes
    are named in it; values that could be about a person never are.
    """
    if not zone.is_dir():
        return [
            f"raw zone: there is no folder {visible(str(zone.resolve()))}; "
            "set JDL_DATA to the folder of the extracts"
        ]
    problems, _ = inspect_extract(zone)
    seed_problems, codes = _read_codes(seeds)
    problems += seed_problems + unread_files(zone)
    with duckdb.connect() as connection:
        # without this DuckDB would spill what it reads, unencrypted, beside the project
        connection.execute("set temp_directory = ''")
        paths: dict[str, list[Path]] = {}
        for table in extract_tables():
            problems += (found := _check_table(connection, zone, table, codes))
            if not found:
                paths[table.name] = files(zone, table.name)
        labels = {name: label_of(zone, found) for name, found in paths.items()}
        problems += check_links(connection, paths, labels, minimum_found_share)
    for staff_file in STAFF_FILES:
        problems += check_staff_file(zone, staff_file)
        if staff_file is ANALYSIS_PLANS:
            problems += check_plans(zone, seeds)
    return problems


def _check_table(
    connection: duckdb.DuckDBPyConnection,
    zone: Path,
    table: Table,
    codes: dict[str, frozenset[str]],
) -> list[str]:
    try:
        paths = files(zone, table.name)
    except RawZoneError as error:
        return [str(error)]
    label = label_of(zone, paths)
    problems: list[str] = []
    schemas: list[Schema] = []
    for path in paths:
        schema = read_schema(path)
        if schema is None:
            name = path.relative_to(zone).as_posix()
            problems.append(f"{name}: is not a readable Parquet file; write it again")
        else:
            schemas.append(schema)
    if problems:
        return problems
    for path, schema in zip(paths[1:], schemas[1:], strict=True):
        problems += [
            f"{path.relative_to(zone).as_posix()}: column {difference} {paths[0].name}; "
            f"write all files of {label} with one schema"
            for difference in differences(schema, schemas[0])
        ]
    if problems:
        return problems
    problems, usable = compare(table, schemas[0], label)
    return problems + check_values(connection, paths, label, usable, codes)


def label_of(zone: Path, paths: list[Path]) -> str:
    """Return how a table is named in a problem: by its one file, or by its folder."""
    if paths[0].parent.parent == zone:
        return paths[0].relative_to(zone).as_posix()
    return f"{paths[0].parent.relative_to(zone).as_posix()}/"


def _read_codes(seeds: Path) -> tuple[list[str], dict[str, frozenset[str]]]:
    """Return the problems of the seed files, and the codes of each seed that could be read."""
    problems: list[str] = []
    codes: dict[str, frozenset[str]] = {}
    for seed, column in (("offence_codes", "offence_code"), ("disposal_codes", "disposal_code")):
        name = f"seeds/reference/{seed}.csv"
        try:
            with (seeds / "reference" / f"{seed}.csv").open(
                encoding="utf-8-sig", newline=""
            ) as handle:
                codes[seed] = frozenset(row[column] for row in csv.DictReader(handle, strict=True))
        except FileNotFoundError:
            problems.append(f"{name}: is missing; restore it from the repository")
        except KeyError:
            problems.append(f"{name}: column {column}: is missing; restore it")
        except (OSError, ValueError, csv.Error):
            problems.append(f"{name}: is not a readable CSV file; restore it")
    return problems, codes
