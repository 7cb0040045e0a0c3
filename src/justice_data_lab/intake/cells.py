"""Cells of a workbook as text: what a person sees in a date, a number, a tick."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from typing import Final

FIRST_SERIAL_AS_DATE: Final = 1
LAST_SERIAL_AS_DATE: Final = 80_000
_LAST_SERIAL = 2_958_466  # 1 January 10000 in the 1900 system
_LEAP_DAY_OF_1900 = 60


def serial_date(serial: float, is_1904: bool) -> date | None:
    """Return the day of an Excel serial number, or None when there is no such day.

    In the 1900 system day 1 is 1 January 1900 and day 60 is 29 February 1900, which never was;
    in the 1904 system day 0 is 1 January 1904.
    """
    if not math.isfinite(serial) or not 0 <= serial < _LAST_SERIAL:
        return None
    day = math.floor(serial)
    if is_1904:
        first = date(1904, 1, 1)
    elif day < 1 or day == _LEAP_DAY_OF_1900:
        return None
    else:
        first = date(1899, 12, 31) if day < _LEAP_DAY_OF_1900 else date(1899, 12, 30)
    try:
        return first + timedelta(days=day)
    except OverflowError:
        return None


def number_text(text: str) -> str:
    """Write a number as a person would: whole ones without a decimal point."""
    try:
        value = float(text)
    except ValueError:
        return text
    if not math.isfinite(value):
        return text
    if text.lstrip("-").isdigit() or not value.is_integer():
        return text if "e" not in text.lower() else repr(value)
    return str(int(value))


def date_cell_text(text: str, is_1904: bool, is_date_column: bool) -> str:
    """Write a number formatted as a date or time: ISO, with the time only outside date columns."""
    try:
        serial = float(text)
    except ValueError:
        return text
    day = serial_date(serial, is_1904)
    time = _time_text(serial) if math.isfinite(serial) else ""
    if day is None:
        return time if 0 < serial < 1 else number_text(text)
    if is_date_column or not time:
        return day.isoformat()
    return f"{day.isoformat()} {time}"


def untyped_date_text(text: str, is_1904: bool) -> str:
    """Write a plain number found in a date column: a serial number is the date it stands for."""
    try:
        serial = float(text)
    except ValueError:
        return text
    if FIRST_SERIAL_AS_DATE <= serial <= LAST_SERIAL_AS_DATE:
        day = serial_date(serial, is_1904)
        if day is not None:
            return day.isoformat()
    return number_text(text)


def iso_cell_text(text: str, is_date_column: bool) -> str:
    """Write a cell that holds an ISO date itself, as some programs save them."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if is_date_column or moment.time() == datetime.min.time():
        return moment.date().isoformat()
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _time_text(serial: float) -> str:
    seconds = round((serial - math.floor(serial)) * 86_400) % 86_400
    if seconds == 0:
        return ""
    hours, rest = divmod(seconds, 3_600)
    return f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
