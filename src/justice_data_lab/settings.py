"""The settings of a build, as its table ``int_settings`` holds them."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

Value = bool | int | float | str


def read_settings(table: pa.Table, fields: Mapping[str, str]) -> dict[str, Value]:
    """Return the values of some settings, by the name of the field that takes each.

    table: one row per setting with its value as a text and its data_type (whole number, number or
    choice; the choices true and false are truth values). fields: the setting that each field
    takes. ValueError, naming the setting, where the table has no row of it.
    """
    values = {row["setting"]: _typed(row) for row in table.to_pylist()}
    missing = sorted(set(fields.values()) - set(values))
    if missing:
        raise ValueError(f"int_settings has no {', '.join(missing)}; see macros/checks")
    return {field: values[setting] for field, setting in fields.items()}


def _typed(row: Mapping[str, str]) -> Value:
    value = row["value"]
    if row["data_type"] == "whole number":
        return int(value)
    if row["data_type"] == "number":
        return float(value)
    return {"true": True, "false": False}.get(value, value)
