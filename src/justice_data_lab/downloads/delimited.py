"""Every published table as CSV in UTF-8, with a description for programs (CSV on the Web).

A text that a spreadsheet would run as a formula gets an apostrophe before it; numbers are left as
they are. Source: OWASP, CSV injection; W3C, Metadata Vocabulary for Tabular Data (2015).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pyarrow as pa

from justice_data_lab.build.published import Published

LIVE: Final = ("=", "+", "-", "@", "\t", "\r")
DATATYPES: Final = {
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.float64(): "double",
    pa.int32(): "integer",
    pa.int64(): "integer",
    pa.string(): "string",
}


def write_csv_files(published: Published, folder: Path) -> Iterator[Path]:
    """Write ``<table>.csv`` and ``<table>.csv-metadata.json`` of every table; yield each CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in published.tables.items():
        path = folder / f"{name}.csv"
        write_csv(table, path)
        metadata = json.dumps(_metadata(published, name), indent=2, ensure_ascii=False)
        (folder / f"{name}.csv-metadata.json").write_text(metadata + "\n", "utf-8")
        yield path


def write_csv(table: pa.Table, path: Path) -> None:
    """Write one table as CSV (RFC 4180) with a header; a null is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\r\n")
        writer.writerow(table.column_names)
        columns = [column.to_pylist() for column in table.columns]
        writer.writerows(map(_cell, row) for row in zip(*columns, strict=True))


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(LIVE):
        return f"'{value}"
    return "" if value is None else value


def _metadata(published: Published, name: str) -> dict[str, object]:
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": f"{name}.csv",
        "dc:title": name,
        "dc:description": published.descriptions.get(name, ""),
        "tableSchema": {
            "columns": [
                {
                    "name": field.name,
                    "titles": field.name,
                    "datatype": DATATYPES[field.type],
                    "dc:description": published.columns.get((name, field.name), ""),
                }
                for field in published.tables[name].schema
            ]
        },
    }
