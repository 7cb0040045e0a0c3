"""The raw zone: what a data engineer drops in, and the check that runs before any model does."""

from justice_data_lab.raw_zone.check import check
from justice_data_lab.raw_zone.contract import (
    STAFF_FILES,
    TABLES,
    Column,
    ColumnType,
    StaffFile,
    Table,
    find_table,
)
from justice_data_lab.raw_zone.reading import Extract, RawZoneError, files, read_extract
from justice_data_lab.raw_zone.views import views

__all__ = [
    "STAFF_FILES",
    "TABLES",
    "Column",
    "ColumnType",
    "Extract",
    "RawZoneError",
    "StaffFile",
    "Table",
    "check",
    "files",
    "find_table",
    "read_extract",
    "views",
]
