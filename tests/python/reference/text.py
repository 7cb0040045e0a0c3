"""Text, dates, identifiers: how the cells of an upload are read.

Nothing here decides an outcome; it turns text into comparable values.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date, timedelta

MONTHS = {m.lower(): i for i, m in enumerate(calendar.month_abbr) if m} | {
    m.lower(): i for i, m in enumerate(calendar.month_name) if m
}
MONTHS["sept"] = 9
CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
APOSTROPHES = "'\u2019\u2018\u201b\u02bc\u02bb\u02b9\u2032`\u00b4"
TWO_LETTERS = {"\u00c6": "AE", "\u0152": "OE", "\u1e9e": "SS", "\u00de": "TH"}
GENDERS = {"m": "M", "male": "M", "man": "M", "f": "F", "female": "F", "woman": "F"}
Pncid = tuple[int, int, str]


def add_months(day: date, months: int) -> date:
    """Add calendar months once, clamped at the month's end (rule 5)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def quarter(day: date) -> tuple[int, int]:
    """Give the calendar quarter of a day."""
    return day.year, (day.month - 1) // 3


def plain(text: str | None) -> str:
    """Give the capitals that a person would type for a text: no strokes, no marks without a width.

    Reading: a letter that Unicode names as another with something ("L WITH STROKE") is that other.
    """
    letters = unicodedata.normalize("NFKD", (text or "").upper()).upper()
    plain_letters = []
    for letter in letters:
        if unicodedata.category(letter) in ("Cf", "Mn"):
            continue
        named = re.fullmatch(
            r"LATIN CAPITAL LETTER ([A-Z])( WITH .*)?", unicodedata.name(letter, "")
        )
        eth = {"\u00d0": "D", "\u0189": "D"}.get(letter, letter)
        plain_letters.append(named[1] if named else TWO_LETTERS.get(letter, eth))
    return "".join(plain_letters)


def fold(text: str | None) -> str:
    """Fold a name: plain capitals, no apostrophes, other punctuation to spaces."""
    if not text:
        return ""
    for mark in APOSTROPHES:
        text = text.replace(mark, "")
    text = "".join(c if c.isalnum() else " " for c in plain(text))
    return " ".join(text.split())


def is_initials(folded: str) -> bool:
    """Say whether every token is one letter; an empty name is missing, not initials."""
    return bool(folded) and all(len(token) == 1 for token in folded.split())


def is_full(folded: str) -> bool:
    """Say whether a folded name can be used to link: present, and more than initials."""
    return bool(folded) and not is_initials(folded)


def same_full_name(surname: str, forenames: str, other_surname: str, other_forenames: str) -> bool:
    """Compare folded full names.

    Reading: surnames equal, first forenames equal, and the remaining forenames of
    one are a prefix (token by token) of the other's.
    """
    mine, theirs = forenames.split(), other_forenames.split()
    if surname != other_surname or not mine or not theirs or mine[0] != theirs[0]:
        return False
    shorter = min(len(mine), len(theirs))
    return mine[:shorter] == theirs[:shorter]


def check_letter(year: int, number: int) -> str:
    """Give the check letter of a PNCid (methodology section 2)."""
    return CHECK_LETTERS[((year % 100) * 10_000_000 + number) % 23]


def parse_pncid(text: str | None, current_year: int) -> Pncid | None:
    """Read `YYYY/N..NC` or `YY/N..NC`; a wrong check letter is a warning, the register decides.

    Reading: a two-digit year up to the extract's year is 20yy, else 19yy.
    """
    compact = re.sub(r"\s", "", plain(text)).replace("\u2044", "/").replace("\u2215", "/")
    found = re.fullmatch(r"(\d{4}|\d{2})/(\d{1,7})([A-Z])", compact, re.ASCII)
    if not found:
        return None
    year, number, letter = int(found[1]), int(found[2]), found[3]
    if len(found[1]) == 2:
        year += 2000 if year <= current_year % 100 else 1900
    return year, number, letter


def _parts(text: str) -> tuple[str, int, int] | None:
    """Split a date into year text, month, day, day first; a time of day after it is left out."""
    text = plain(text).translate(dict.fromkeys(map(ord, "\u2010\u2012\u2013\u2014\u2212"), "-"))
    text = re.sub(r"[T ]+\d{1,2}:\d\d(:\d\d(\.\d+)?)?( ?[AP]M)?(Z|[+-]\d\d:?\d\d)?$", "", text)
    if found := re.fullmatch(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", text, re.ASCII):
        return found[1], int(found[3]), int(found[4])
    if found := re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})", text, re.ASCII):
        return found[4], int(found[3]), int(found[1])
    if found := re.fullmatch(r"(\d{1,2})[ ./-]?([A-Z]+)[ ./-]?(\d{4}|\d{2})", text, re.ASCII):
        month = MONTHS.get(found[2].lower())
        return (found[3], month, int(found[1])) if month else None
    return None


def _make(year: int, month: int, day: int) -> date | None:
    """Make a date, or None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_service_date(text: str | None) -> date | None:
    """Read a service date; two-digit years 00 to 68 are 20yy, others 19yy."""
    parts = _parts((text or "").strip())
    if parts is None:
        return None
    year = int(parts[0])
    if len(parts[0]) == 2:
        year += 2000 if year <= 68 else 1900
    return _make(year, parts[1], parts[2])


def parse_birth_date(text: str | None, submitted: date) -> date | None:
    """Read a date of birth; two-digit years take the latest century not after submission."""
    parts = _parts((text or "").strip())
    if parts is None:
        return None
    if len(parts[0]) == 4:
        return _make(int(parts[0]), parts[1], parts[2])
    for century in (2000, 1900):
        found = _make(century + int(parts[0]), parts[1], parts[2])
        if found is not None and found <= submitted:
            return found
    return None


def valid_birth_date(born: date | None, submitted: date) -> date | None:
    """Drop a date of birth in the future, within the last year before submission or impossible.

    Reading: exactly twelve months before submission is not within the last year. An age over 110
    is impossible.
    """
    if (
        born is None
        or born > add_months(submitted, -12)
        or born <= add_months(submitted, -12 * 111)
    ):
        return None
    return born


def excel_serial(text: str) -> str:
    """Turn an Excel serial number of a workbook cell into an ISO date, else leave it."""
    if re.fullmatch(r"\d{4,5}(\.0+)?", text, re.ASCII):
        return (date(1899, 12, 30) + timedelta(days=int(float(text)))).isoformat()
    return text


def gender(text: str | None) -> str:
    """Read a gender; anything that is not listed is unknown."""
    return GENDERS.get((text or "").strip().lower(), "U")
