"""Cells of a workbook as text: what a person sees in a date, a number, a tick."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

# a smaller number in a date column is an age or a year that somebody typed, not a day before 1906
FIRST_SERIAL_AS_DATE: Final = 2_101
LAST_SERIAL_AS_DATE: Final = 80_000
_LAST_SERIAL = 2_958_466  # 1 January 10000 in the 1900 system
_LEAP_DAY_OF_1900 = 60
_NUMBER = re.compile(r"-?[0-9]*\.?[0-9]+([Ee][+-]?[0-9]{1,3})?")
_LARGEST_EXPONENT = 30
# workbooks hold 15 digits of a number
_FIRST_INEXACT = 1e15
_CODED = re.compile("_x([0-9A-Fa-f]{4})_")


def cell_text(kind: str, text: str, is_date_column: bool, is_1904: bool) -> tuple[str, bool]:
    """Write a stored cell as text; also tell whether that is surely what was typed.

    Dates are written as ISO, with a time of day that is not midnight, and plain numbers in date
    columns are serial numbers of days. In doubt are errors of formulas, numbers too long to be
    stored, and characters written as codes.
    """
    if kind == "text":
        shown = _CODED.sub(_decoded, text) if "_x" in text else text
        return shown, shown == text
    if kind == "error":
        return text, False
    if kind == "date":
        return date_cell_text(text, is_1904, is_date_column), True
    if kind == "iso":
        return iso_cell_text(text), True
    if is_date_column:
        return date_cell_text(text, is_1904, is_date_column), True
    shown = number_text(text)
    return shown, len(shown) < 16 or not _is_inexact(text)


def _decoded(coded: re.Match[str]) -> str:
    """Return the character of a code such as _x000D_, but none that text cannot hold."""
    point = int(coded[1], 16)
    return coded[0] if point == 0 or 0xD800 <= point <= 0xDFFF else chr(point)


def _is_inexact(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and abs(float(text)) >= _FIRST_INEXACT


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
    if text.isdigit() or not _NUMBER.fullmatch(text):
        return text
    number = Decimal(text)
    if not math.isfinite(float(text)) or abs(number.adjusted()) > _LARGEST_EXPONENT:
        return text
    if number != number.to_integral_value():
        # stored with more digits than were typed: 1.1 as 1.1000000000000001
        return repr(float(text))
    return str(int(number))


def date_cell_text(text: str, is_1904: bool, is_date_column: bool) -> str:
    """Write a number that stands for a date or time; in a date column a small one is a number."""
    try:
        serial = float(text)
    except ValueError:
        return text
    day = serial_date(serial, is_1904)
    if is_date_column and not FIRST_SERIAL_AS_DATE <= serial <= LAST_SERIAL_AS_DATE:
        day = None
    time = _time_text(serial) if math.isfinite(serial) else ""
    if day is None:
        return time if 0 < serial < 1 and not is_date_column else number_text(text)
    return f"{day.isoformat()} {time}" if time else day.isoformat()


def iso_cell_text(text: str) -> str:
    """Write a cell that holds an ISO date itself, as some programs save them."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.time() == datetime.min.time():
        return moment.date().isoformat()
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _time_text(serial: float) -> str:
    seconds = round((serial - math.floor(serial)) * 86_400) % 86_400
    if seconds == 0:
        return ""
    hours, rest = divmod(seconds, 3_600)
    return f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
