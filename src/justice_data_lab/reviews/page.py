"""The page of clerical review of a build: each record in doubt beside the people it may mean."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path
from typing import Any, Final, TypeAlias

from justice_data_lab.build.databases import open_build
from justice_data_lab.html import page_style, render_page
from justice_data_lab.raw_zone.contract import CLERICAL_DECISIONS
from justice_data_lab.visible import visible

PLOT_WIDTH: Final = 240
THINNEST: Final = 2
LEAST_BITS: Final = 0.05
MINUS: Final = "\N{MINUS SIGN}"
DASH: Final = "\N{EN DASH}"

Row: TypeAlias = Mapping[str, Any]
"""A row of the table `clerical_review`."""

_QUERY: Final = (
    "select * from restricted.main.clerical_review "
    "order by request_id, record_number, place, pnc_id"
)
_REASONS: Final = {
    "in_review": "In review: the best person may be the one meant, but the evidence is too thin "
    "for a link.",
    "ambiguous": "Ambiguous: two people would do, and the evidence does not tell them apart.",
}
_EVIDENCE: Final = {
    "forename": "First forename",
    "other_forenames": "Other forenames",
    "surname": "Surname",
    "date_of_birth": "Date of birth",
    "gender": "Gender",
    "pncid": "PNCid",
    "prison_number": "Prison number",
    "name_order": "Order of names",
}


@dataclass(frozen=True)
class Piece:
    """A part of a value, and whether the other side differs there."""

    text: str
    is_different: bool = False


@dataclass(frozen=True)
class Comparison:
    """A value of the record beside the register's; ``note`` is about the record's."""

    label: str
    record: Sequence[Piece]
    register: Sequence[Piece]
    sign: str
    words: str
    note: str = ""
    is_marked: bool = False


@dataclass(frozen=True)
class Step:
    """A step of the waterfall in bits, and its bar in units of the plot."""

    label: str
    bits: str
    total: str
    look: str
    start: int
    width: int


@dataclass(frozen=True)
class Candidate:
    """A person whom the record may be about, with the two lines of CSV to choose from."""

    pnc_id: str
    probability: str
    match_weight: str
    comparisons: Sequence[Comparison]
    steps: Sequence[Step]
    zero: int
    same: str
    different: str


@dataclass(frozen=True)
class Record:
    """A record in doubt and its candidates, the best first."""

    anchor: str
    number: int
    is_ambiguous: bool
    reason: str
    candidates: Sequence[Candidate]


@dataclass(frozen=True)
class Request:
    """A request with records in doubt."""

    anchor: str
    request_id: str
    records: Sequence[Record]

    @property
    def candidates_n(self) -> int:
        """Number of people to decide on."""
        return sum(len(record.candidates) for record in self.records)

    @property
    def ambiguous_n(self) -> int:
        """Number of records for which two people would do."""
        return sum(record.is_ambiguous for record in self.records)


def write_review(build: Path) -> Path:
    """Write ``reviews/review.html`` beside the databases of a build and return its path.

    Folder and page can be read by their owner only: the page identifies people. Raise
    DatabaseError where there is no build, no table of reviews in it, or no key for it.
    """
    html = review_html(_read(build))
    folder = build / "reviews"
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    page = folder / "review.html"
    # a page that is there may have wider permissions, and is replaced rather than written into
    page.unlink(missing_ok=True)
    with os.fdopen(os.open(page, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(html.encode())
    return page


def review_html(rows: Sequence[Row]) -> str:
    """Return the page as a complete HTML document, the same for the same rows.

    ``rows`` are those of the table `clerical_review`, by request, record and place. Every text is
    escaped, and characters that cannot be seen are written out.
    """
    by_request = groupby(rows, key=lambda row: str(row["request_id"]))
    requests = [
        _request(f"request-{number}", list(of_request))
        for number, (_, of_request) in enumerate(by_request, 1)
    ]
    folder = Path(__file__).parent
    return render_page(
        folder,
        "review",
        style=page_style(folder / "review.css"),
        requests=requests,
        file_name=CLERICAL_DECISIONS.name,
        header=_csv_line(CLERICAL_DECISIONS.columns),
        plot_width=PLOT_WIDTH,
        counted=_counted,
    )


def _read(build: Path) -> list[Row]:
    """Return the rows of the table, in the order of the page."""
    with open_build(build, "restricted") as connection:
        found = connection.execute(_QUERY)
        columns = [column[0] for column in found.description]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _request(anchor: str, rows: Sequence[Row]) -> Request:
    by_record = groupby(rows, key=lambda row: int(row["record_number"]))
    records = [
        _record(f"{anchor}-record-{number}", number, list(of_record))
        for number, of_record in by_record
    ]
    return Request(anchor, visible(str(rows[0]["request_id"])), records)


def _record(anchor: str, number: int, rows: Sequence[Row]) -> Record:
    """Build the record; its waterfalls have one scale, so that they can be compared."""
    waterfalls = [_waterfall(row) for row in rows]
    totals = [0.0]
    for waterfall in waterfalls:
        totals += [end for _, _, end in waterfall]
    low, high = min(totals), max(totals)
    candidates = [
        _candidate(row, waterfall, low, max(high - low, 1.0))
        for row, waterfall in zip(rows, waterfalls, strict=True)
    ]
    reason = str(rows[0]["reason"])
    return Record(anchor, number, reason == "ambiguous", _REASONS[reason], candidates)


def _candidate(
    row: Row, waterfall: Sequence[tuple[str, float, float]], low: float, span: float
) -> Candidate:
    steps = [
        *(_step(label, start, end, low, span) for label, start, end in waterfall),
        _step("Match weight", 0.0, row["match_weight"], low, span, is_sum=True),
    ]
    named = (row["request_id"], row["record_number"], row["pnc_id"])
    return Candidate(
        pnc_id=visible(str(row["pnc_id"])),
        probability=_percent(row["match_probability"]),
        match_weight=_bits(row["match_weight"]),
        comparisons=_comparisons(row),
        steps=steps,
        zero=round(PLOT_WIDTH * -low / span),
        same=_csv_line((*named, "same", "", "")),
        different=_csv_line((*named, "different", "", "")),
    )


def _waterfall(row: Row) -> list[tuple[str, float, float]]:
    """Return name, start and end of each step, in bits; the last ends at the match weight."""
    weights = {label: row[f"{field}_weight"] or 0.0 for field, label in _EVIDENCE.items()}
    total = row["match_weight"] - sum(weights.values())
    steps = [("Starting point", 0.0, total)]
    for label, weight in weights.items():
        steps.append((label, total, total + weight))
        total += weight
    return steps


def _step(
    label: str, start: float, end: float, low: float, span: float, *, is_sum: bool = False
) -> Step:
    left, right = (
        round(PLOT_WIDTH * (place - low) / span) for place in (min(start, end), max(start, end))
    )
    width = max(right - left, THINNEST) if abs(end - start) >= LEAST_BITS else 0
    return Step(
        label=label,
        bits=_bits(end - start),
        total=_bits(end),
        look=f"{'sum ' if is_sum else ''}{'for' if end > start else 'against'}",
        start=min(left, PLOT_WIDTH - width),
        width=width,
    )


def _comparisons(row: Row) -> list[Comparison]:
    """Set the values side by side, the record's names as they were read."""
    is_swapped = row["name_order"] == "swapped"
    first, last = ("surname", "forenames") if is_swapped else ("forenames", "surname")
    forenames_weight = row["forename_weight"] + row["other_forenames_weight"]
    return [
        _compared(
            "Forenames", row[f"record_{first}"], row["register_forenames"], forenames_weight,
            note="given as the surname" if is_swapped else "",
        ),
        _compared(
            "Surname", row[f"record_{last}"], row["register_surname"], row["surname_weight"],
            note="given as the forenames" if is_swapped else "",
        ),
        _compared(
            "Date of birth", row["record_date_of_birth"], row["register_date_of_birth"],
            row["date_of_birth_weight"],
        ),
        _compared(
            "Gender", _known_gender(row["record_gender"]), _known_gender(row["register_gender"]),
            row["gender_weight"],
        ),
        _compared("PNCid", row["record_pncid"], row["pnc_id"], row["pncid_weight"]),
        _prison_number(row),
    ]  # fmt: skip


def _compared(
    label: str, record: object, register: object, weight: float, *, note: str = ""
) -> Comparison:
    """Compare two values; None is missing."""
    left, right = ("" if value is None else visible(str(value)) for value in (record, register))
    if not left or not right:
        return Comparison(
            label, _pieces(left), _pieces(right), DASH, "Missing", note if left else ""
        )
    if left == right:
        return Comparison(label, _pieces(left), _pieces(right), "=", "Same", note)
    sign, words = ("≈", "Similar") if weight > 0 else ("≠", "Different")
    return Comparison(label, *_differences(left, right), sign, words, note, is_marked=True)


def _pieces(text: str) -> list[Piece]:
    return [Piece(text)] if text else []


def _differences(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """Divide two values into pieces; of one length they are compared place by place."""
    if len(left) == len(right):
        return _by_place(left, right), _by_place(right, left)
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for operation, left_from, left_to, right_from, right_to in matcher.get_opcodes():
        for side, text in zip(
            sides, (left[left_from:left_to], right[right_from:right_to]), strict=True
        ):
            if text:
                side.append(Piece(text, operation != "equal"))
    return sides


def _by_place(text: str, other: str) -> list[Piece]:
    pairs = groupby(zip(text, other, strict=True), key=lambda pair: pair[0] != pair[1])
    return [
        Piece("".join(letter for letter, _ in of_kind), is_different)
        for is_different, of_kind in pairs
    ]


def _prison_number(row: Row) -> Comparison:
    """Say whether prison records agree; their number is not in the table."""
    weight = row["prison_number_weight"]
    record = _pieces(visible(row["record_prison_number"] or ""))
    sign, words = ("≈", "Same or similar") if weight > 0 else ("≠", "Different")
    if not weight:
        sign, words = DASH, "Missing"
    register = _pieces("not shown" if weight else "")
    return Comparison("Prison number", record, register, sign, words, is_marked=weight < 0)


def _known_gender(gender: str | None) -> str | None:
    return None if gender == "U" else gender


def _bits(weight: float) -> str:
    """Write a weight with its sign and one decimal."""
    rounded = round(weight, 1) + 0.0
    return f"{rounded:+.1f}".replace("-", MINUS) if rounded else "0.0"


def _percent(probability: float) -> str:
    """Write a probability; nothing is certain, and nothing is impossible."""
    if probability > 0.999:
        return "over 99.9%"
    return "under 0.1%" if probability < 0.001 else f"{100 * probability:.1f}%"


def _counted(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"


def _csv_line(cells: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
