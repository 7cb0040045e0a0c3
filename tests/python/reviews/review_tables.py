"""Hand-made tables of clerical review, in a build of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from duckdb_extensions import import_extension

KEY = "DBT_ENV_SECRET_JDL_KEY"
SHAPE = """
create table restricted.main.clerical_review (
    request_id varchar, record_number bigint, place bigint, pnc_id varchar, reason varchar,
    match_weight double, match_probability double, record_forenames varchar,
    record_surname varchar, record_date_of_birth date, record_gender varchar,
    record_pncid varchar, record_prison_number varchar, register_forenames varchar,
    register_surname varchar, register_date_of_birth date, register_gender varchar,
    name_order varchar, forename_weight double, other_forenames_weight double,
    surname_weight double, date_of_birth_weight double, gender_weight double,
    pncid_weight double, prison_number_weight double, name_order_weight double
)
"""
ROW: dict[str, Any] = {
    "request_id": "harbour",
    "record_number": 7,
    "place": 1,
    "pnc_id": "1990/0000012A",
    "reason": "in_review",
    "match_weight": 1.0,
    "match_probability": 0.666666667,
    "record_forenames": "MARIE ANN",
    "record_surname": "SMIHT",
    "record_date_of_birth": date(1980, 3, 2),
    "record_gender": "F",
    "record_pncid": None,
    "record_prison_number": None,
    "register_forenames": "MARIE",
    "register_surname": "SMITH",
    "register_date_of_birth": date(1981, 3, 2),
    "register_gender": "F",
    "name_order": "given",
    "forename_weight": 7.5,
    "other_forenames_weight": 0.0,
    "surname_weight": 9.2,
    "date_of_birth_weight": 2.1,
    "gender_weight": 0.5,
    "pncid_weight": 0.0,
    "prison_number_weight": 0.0,
    "name_order_weight": -0.0145,
}


def row(**values: Any) -> dict[str, Any]:
    """Return a row that differs from the usual one in what is named."""
    assert set(values) <= set(ROW)
    return {**ROW, **values}


def write_build(folder: Path, rows: Iterable[Mapping[str, Any]], key: str = "") -> None:
    """Write `restricted.duckdb`, encrypted where there is a key."""
    option = f" (encryption_key '{key}')" if key else ""
    with duckdb.connect() as connection:
        if key:
            import_extension("httpfs", con=connection)
            connection.load_extension("httpfs")
        connection.execute(f"attach '{folder / 'restricted.duckdb'}' as restricted{option}")
        connection.execute(SHAPE)
        for values in rows:
            connection.execute(
                f"insert into restricted.main.clerical_review ({', '.join(values)}) "
                f"values ({', '.join('?' * len(values))})",
                list(values.values()),
            )
