"""Dates: every form that is read, and the order of day and month that a column shows."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from justice_data_lab.intake import INDIVIDUAL_FIELDS
from justice_data_lab.intake.dates import FORMS, ColumnOfDates, read_date

DAY = "2016-02-01"
HEADER = ["surname", "forename", "date_of_birth", "intervention_start_date"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        *[(text, DAY) for text in (
            "2016-02-01", "2016-2-1", "2016/02/01", "2016.02.01", "01/02/2016", "1/2/2016",
            "01-02-2016", "01.02.2016", " 01/02/2016 ", "01/02/2016\u00a0", "1 Feb 2016",
            "01-Feb-2016", "01/Feb/2016", "1 FEB 2016", "1 Feb. 2016", "01FEB2016",
            "1 February 2016", "February 1, 2016", "Feb 1 2016", "2016-Feb-01",
            "01/02/2016 00:00", "01/02/2016 00:00:00", "2016-02-01T00:00:00Z",
            "2016-02-01T00:00:00.000Z", "2016-02-01 00:00:00+00:00", "01/02/2016 12:00:00 AM",
            "01\u201102\u20112016", "01\u201302\u20132016", "01/\u200b02/2016\ufeff",
            "01/02/2016".translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)}),
        )],
        *[(text, "-16-02-01") for text in (
            "01/02/16", "1-2-16", "01.02.16", "1 Feb 16", "01-Feb-16"
        )],
        ("1 Sept 2016", "2016-09-01"), ("30-Sep-16", "-16-09-30"), ("29/02/00", "-00-02-29"),
        ("1 August 2016", "2016-08-01"), ("31 december 2016", "2016-12-31"),
        *[(text, text) for text in (
            "31/02/2016", "29/02/2015", "13/13/2016", "02/13/2016", "0/1/2016", "34", "2016",
            "42401", "20160201", "01/02", "01/02-2016", "01-02/2016", "01/02/216", "1 Fex 2016",
            "1 F 2016", "1/2/2016 25:00", "1/2/2016 12:60", "1/2/2016 13:00 pm", "last spring",
            "Feb 2016", "", "2016-W05-1", "1 2 2016", "01/02/2016 and later", "16-02-2016-01",
        )],
    ],
)  # fmt: skip
def test_forms(text: str, read: str) -> None:
    assert read_date(text).text == read
    assert not read_date(text).has_time


@pytest.mark.parametrize("time", ["14:30", "T23:00:00.000Z", " 00:00:01", " 1:05 PM", ", 9:00"])
def test_a_time_of_day_is_noted(time: str) -> None:
    text = f"01/02/2016{time}" if time[0] in "T ," else f"01/02/2016 {time}"
    assert read_date(text).text == DAY
    assert read_date(text).has_time


def test_each_form_has_its_reason() -> None:
    assert len({form.pattern for form in FORMS}) == len(FORMS)
    assert all(len(form.reason) > 20 for form in FORMS)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(
    ["%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d-%b-%Y",
     "%d %B %Y", "%B %d, %Y", "%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]))  # fmt: skip
def test_a_written_day_is_read_again(day: date, form: str) -> None:
    assert read_date(day.strftime(form)).text == day.isoformat()


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_stays(text: str) -> None:
    reading = read_date(text)
    assert reading.text == text or reading.text.count("-") >= 2


def column(*texts: str) -> ColumnOfDates:
    dates = ColumnOfDates()
    dates.read(texts)
    return dates


def days(n: int, seed: int) -> list[date]:
    rng = random.Random(seed)
    return [date(1960, 1, 1) + timedelta(days=rng.randrange(14_000)) for _ in range(n)]


def by_american_excel(day: date) -> str:
    """What is left of a British text in a workbook that reads the month first."""
    return date(day.year, day.day, day.month).isoformat() if day.day <= 12 else f"{day:%d/%m/%Y}"


@pytest.mark.parametrize("seed", range(20))
def test_columns_whose_days_and_months_have_changed_places(seed: int) -> None:
    born = days(60, seed)
    assert column(*(f"{day:%m/%d/%Y}" for day in born)).has_unclear_order
    assert column(*(f"{day:%Y-%d-%m}" for day in born)).has_unclear_order
    assert column(*map(by_american_excel, born)).has_unclear_order
    mixed = [f"{day:%m/%d/%Y}" for day in born[:12]] + [f"{day:%d/%m/%Y}" for day in born[12:]]
    assert column(*mixed).has_unclear_order


@pytest.mark.parametrize("seed", range(20))
def test_columns_in_order(seed: int) -> None:
    born = days(60, seed)
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d %b %Y", "%d.%m.%y"):
        assert not column(*(day.strftime(form) for day in born)).has_unclear_order
    halves = [f"{day:%d/%m/%Y}" for day in born[:30]] + [day.isoformat() for day in born[30:]]
    assert not column(*halves).has_unclear_order


def test_slips_of_single_people_are_no_order() -> None:
    ordered = [f"{13 + n % 15}/0{1 + n % 9}/1980" for n in range(60)]
    assert not column(*ordered, "02/13/1980").has_unclear_order
    assert column(*ordered, *["02/13/1980"] * 4).has_unclear_order
    assert not column("31/02/1980", "13/13/1980", "05/06/1980").has_unclear_order


def test_a_few_dates_may_look_turned_round_by_chance() -> None:
    texts = [f"{day}/01/2015" for day in range(13, 25)]
    assert not column(*texts[:3], "2015-02-03", "2015-03-04").has_unclear_order
    assert column(*texts, "2015-02-03", "2015-03-04").has_unclear_order


def test_the_first_of_every_month_is_a_habit() -> None:
    firsts = [f"2015-{month:02d}-01" for month in range(1, 13)]
    assert not column(*firsts, "15/03/2015").has_unclear_order
    # all in January, exchanged: texts of January are left
    assert column(*firsts, "15/01/2015").has_unclear_order


def test_the_finding_names_the_column_and_those_that_cannot_tell(reader: Any) -> None:
    lines = [f"A,B,{1 + n % 12:02d}/{13 + n % 15}/1980,0{1 + n % 9}/02/2012" for n in range(20)]
    reader.csv("\n".join([",".join(HEADER), *lines]) + "\n")
    unclear = [field for _, _, check, field in reader.findings() if check == "date_order_unclear"]
    assert unclear == ["date_of_birth", "intervention_start_date"]
    reader.csv("\n".join([",".join(HEADER), *(f"{line[:-10]}28/02/2012" for line in lines)]) + "\n")
    unclear = [field for _, _, check, field in reader.findings() if check == "date_order_unclear"]
    assert unclear == ["date_of_birth"]


def test_a_workbook_of_a_program_that_reads_the_month_first(reader: Any) -> None:
    born = days(60, 1)
    cells = [date.fromisoformat(text) if text[4] == "-" else text
             for text in map(by_american_excel, born)]  # fmt: skip
    reader.xlsx([INDIVIDUAL_FIELDS, *(["A", "B", cell] for cell in cells)])
    assert ("R", None, "date_order_unclear", "date_of_birth") in reader.findings()


def test_ages_and_years_in_cells_are_no_days(reader: Any) -> None:
    cells: list[Any] = [34, 1980, 99, 2_100, 2_101, 29_252, "34", 34.5]
    reader.xlsx([INDIVIDUAL_FIELDS, *(["A", "B", cell] for cell in cells)])
    read = [record["date_of_birth"] for record in reader.records()]
    assert read == ["34", "1980", "99", "2100", "1905-10-01", "1980-02-01", "34", "34.5"]


def test_an_age_in_a_cell_with_the_format_of_a_date_is_no_day(reader: Any) -> None:
    def edit(book: Any) -> None:
        book["Individuals"]["C2"].number_format = "dd/mm/yyyy"

    reader.xlsx([INDIVIDUAL_FIELDS, ["A", "B", 34]], edit)
    assert [record["date_of_birth"] for record in reader.records()] == ["34"]
