"""The raw zone: what a data engineer drops in, and the check that runs before any model does."""

from justice_data_lab.raw_zone.check import check
from justice_data_lab.raw_zone.contract import (
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
from justice_data_lab.raw_zone.staff import check_staff_file, read_staff_file
from justice_data_lab.raw_zone.views import views

__all__ = [
    "RELEASED_COHORTS",
    "RELEASE_REGISTER",
    "STAFF_FILES",
    "Column",
    "ColumnType",
    "Extract",
    "RawZoneError",
    "StaffFile",
    "Table",
    "check",
    "check_staff_file",
    "extract_tables",
    "files",
    "read_extract",
    "read_staff_file",
    "views",
]
