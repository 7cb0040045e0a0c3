"""The raw zone: what a data engineer drops in, and the check that runs before any model does."""

from justice_data_lab.raw_zone.contract import (
    PLAN_REGISTER,
    RELEASE_REGISTER,
    RELEASED_COHORTS,
    STAFF_FILES,
    Column,
    ColumnType,
    StaffFile,
    Table,
    extract_tables,
)
from justice_data_lab.raw_zone.reading import Extract, RawZoneError, files, read_extract

__all__ = [
    "PLAN_REGISTER",
    "RELEASED_COHORTS",
    "RELEASE_REGISTER",
    "STAFF_FILES",
    "Column",
    "ColumnType",
    "Extract",
    "RawZoneError",
    "StaffFile",
    "Table",
    "extract_tables",
    "files",
    "read_extract",
]
