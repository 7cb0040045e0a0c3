"""Levels of agreement, on both sides of each edge."""

from datetime import date
from typing import Any

import duckdb
import pytest

from justice_data_lab.linking.comparisons import FIELDS, comparisons
from justice_data_lab.linking.features import ROOTS, vocabulary_sql
from justice_data_lab.linking.sound import sound_sql
from linking.reference_files import NICKNAMES_TABLE


def _side(who: dict[str, Any]) -> dict[str, Any]:
    forenames = who.get("forenames")
    return {
        "forename": forenames and forenames.split()[0],
        "forenames_joined": forenames and forenames.replace(" ", ""),
        "other_forenames": forenames.split()[1:] if forenames else [],
        "other_full_forenames": [name for name in (forenames or "").split()[1:] if len(name) > 1],
        "forename_share": who.get("forename_share", 0.001),
        "surname": who.get("surname"),
        "surname_share": who.get("surname_share", 0.001),
        "date_of_birth": who.get("born"),
        "date_text": who["born"].strftime("%Y%m%d") if who.get("born") else None,
        "gender": who.get("gender"),
        "pncid": who.get("pncid"),
        "prison_number": who.get("prison_number"),
        "name_order": who.get("name_order", "given"),
    }


def level_of(field: str, left: dict[str, Any], right: dict[str, Any]) -> str:
    """Return the label of the first level that holds between two people."""
    connection = duckdb.connect()
    connection.execute(f"create table link_nicknames as {NICKNAMES_TABLE}")
    connection.execute(f"create table link_roots as {ROOTS}")
    columns: dict[str, Any] = {}
    for letter, who in (("l", left), ("r", right)):
        columns |= {f"{name}_{letter}": value for name, value in _side(who).items()}
    types = {
        "other_forenames": "varchar[]",
        "other_full_forenames": "varchar[]",
        "date_of_birth": "date",
    }
    select = ", ".join(
        f"${name}::{types.get(name[:-2], 'double' if 'share' in name else 'varchar')} as {name}"
        for name in columns
    )
    connection.execute(f"create table pair as select {select}", columns)
    connection.execute("""
        create table names as
        select forename_l as forename, surname_l as surname_key from pair
        union all select forename_r, surname_r from pair
    """)
    connection.execute(f"create table words as {vocabulary_sql('names')}")
    joins, extra = "", []
    for name in ("forename", "surname"):
        for letter in ("l", "r"):
            alias = f"{name}_{letter}_words"
            joins += f" left join words as {alias} on pair.{name}_{letter} = {alias}.name"
            extra += [f"{alias}.sound as {name}_sound_{letter}"]
            extra += [f"coalesce({alias}.roots, []) as {name}_roots_{letter}"]
    chosen = next(c for c in comparisons() if c["output_column_name"] == field)
    cases = "".join(
        f" else '{x['label_for_charts']}'"
        if x["sql_condition"] == "ELSE"
        else f" when {x['sql_condition']} then '{x['label_for_charts']}'"
        for x in chosen["comparison_levels"]
    )
    row = connection.execute(
        f"select case {cases} end from (select pair.*, {', '.join(extra)} from pair {joins})"
    ).fetchone()
    assert row is not None
    return str(row[0])


NO_NAME, FREQUENT = 0.0, 0.01


@pytest.mark.parametrize(
    ("left", "right", "left_share", "level"),
    [
        ("JOHN", "JOHN PETER", FREQUENT, "same"),
        ("JE AN", "JEAN", NO_NAME, "same but for spaces"),
        ("BOB", "ROBERT", NO_NAME, "nickname, no other name"),
        ("BOB", "ROBERT", FREQUENT, "nickname"),
        ("BOB", "ROB", NO_NAME, "nickname, no other name"),
        ("BOB", "ROBBIE", FREQUENT, "different"),
        ("PETER", "JOHN PETER", FREQUENT, "another forename of the person"),
        ("JONH", "JOHN", NO_NAME, "one typing error or the same sound, no other name"),
        ("XJONH", "JOHN", NO_NAME, "most letters, no other name"),
        ("XJONH", "JOHN", FREQUENT, "different"),
        ("XJNOH", "JOHN", NO_NAME, "different"),
        ("FILLIP", "PHILIP", NO_NAME, "one typing error or the same sound, no other name"),
        ("STEFFEN", "STEVAN", FREQUENT, "same sound"),
        ("GLEN", "GREN", FREQUENT, "one letter different"),
        ("CHRISTPHRE", "CHRISTOPHER", NO_NAME, "several typing errors, no other name"),
        ("CHRISTPHRE", "CHRISTOPHER", FREQUENT, "similar"),
        ("ZAN", "ZANDERINO", FREQUENT, "part of the name"),
        ("RINO", "ZANDERINO", FREQUENT, "part of the name"),
        ("J", "JOHN", FREQUENT, "same initial"),
        ("J", "PETER", FREQUENT, "different"),
        ("JOHN", "PETER", FREQUENT, "different"),
        (None, "PETER", FREQUENT, "missing"),
    ],
)
def test_forenames(left: str | None, right: str, left_share: float, level: str) -> None:
    one = {"forenames": left, "surname": "A", "forename_share": left_share}
    assert level_of("forename", one, {"forenames": right, "surname": "B"}) == level


@pytest.mark.parametrize(
    ("left", "right", "left_share", "level"),
    [
        ("SMITH", "SMITH", FREQUENT, "same"),
        ("SMIHT", "SMITH", NO_NAME, "one typing error or the same sound, no other name"),
        ("SMYTH", "SMITH", FREQUENT, "same sound"),
        ("SMITS", "SMITH", FREQUENT, "one letter different"),
        ("JOHNSTONE", "JOHNSON", FREQUENT, "similar"),
        ("RICHARDDON", "RICHARDS", NO_NAME, "several typing errors, no other name"),
        ("SMITHJONES", "SMITH", NO_NAME, "half of a double name"),
        ("SMITHJONES", "JONES", NO_NAME, "half of a double name"),
        ("WILLIAMSLEE", "LEE", NO_NAME, "different"),
        ("EE", "LEE", NO_NAME, "one typing error or the same sound, no other name"),
        ("WLIAMZ", "WILLIAMS", NO_NAME, "most letters, no other name"),
        ("SMITH", "PATEL", FREQUENT, "different"),
        (None, "PATEL", FREQUENT, "missing"),
    ],
)
def test_surnames(left: str | None, right: str, left_share: float, level: str) -> None:
    one = {"forenames": "X", "surname": left, "surname_share": left_share}
    assert level_of("surname", one, {"forenames": "Y", "surname": right}) == level


def test_swapped_names_are_no_disagreement_as_given() -> None:
    left = {"forenames": "SMITH", "surname": "JOHN"}
    right = {"forenames": "JOHN", "surname": "SMITH"}
    assert level_of("forename", left, right) == "missing"
    assert level_of("surname", left, right) == "missing"
    assert level_of("name_order", left | {"name_order": "swapped"}, right) != "as given"


@pytest.mark.parametrize(
    ("born", "level"),
    [
        (date(1980, 5, 12), "same"),
        (date(1980, 12, 5), "day and month swapped"),
        (date(1980, 5, 13), "one digit wrong, or two exchanged"),
        (date(1980, 5, 21), "one digit wrong, or two exchanged"),
        (date(1970, 5, 12), "one digit wrong, or two exchanged"),
        (date(1960, 5, 12), "one digit of the year wrong, a generation away"),
        (date(1966, 5, 12), "one part wrong"),
        (date(1965, 5, 12), "different"),
        (date(1980, 5, 29), "one part wrong"),
        (date(1980, 11, 12), "one part wrong"),
        (date(1975, 5, 12), "one part wrong"),
        (date(1981, 12, 5), "different"),
        (date(1981, 5, 29), "different"),
        (date(1985, 5, 11), "two digits wrong"),
        (date(1960, 5, 11), "different"),
        (None, "missing"),
    ],
)
def test_dates(born: date | None, level: str) -> None:
    assert level_of("date_of_birth", {"born": born}, {"born": date(1980, 5, 12)}) == level


@pytest.mark.parametrize(
    ("number", "level"),
    [
        ("2003/0011985X", "same"),
        ("2003/0011986X", "one character wrong, or two exchanged"),
        ("2003/0011958X", "one character wrong, or two exchanged"),
        ("2003/0011976X", "different"),
        (None, "missing"),
    ],
)
def test_identifiers(number: str | None, level: str) -> None:
    for field in ("pncid", "prison_number"):
        assert level_of(field, {field: number}, {field: "2003/0011985X"}) == level


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("A JAMES", "B JAMES LEE", "one in common"),
        ("A J", "B JAMES", "same initial"),
        ("A J", "B J", "same initial"),
        ("A JAMSE", "B JAMES", "one letter different"),
        ("A JO", "B AL", "different"),
        ("A PETER", "B JAMES", "different"),
        ("A", "B JAMES", "missing"),
        (None, "B JAMES", "missing"),
    ],
)
def test_other_forenames(left: str | None, right: str, level: str) -> None:
    assert level_of("other_forenames", {"forenames": left}, {"forenames": right}) == level


def test_gender() -> None:
    assert level_of("gender", {"gender": "M"}, {"gender": "M"}) == "same"
    assert level_of("gender", {"gender": "M"}, {"gender": "F"}) == "different"
    assert level_of("gender", {"gender": None}, {"gender": "F"}) == "missing"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("CATHRYN", "KATHRYN", True),
        ("STEPHEN", "STEFFEN", True),
        ("WRIGHT", "RITE", True),
        ("SHAUN", "SEAN", False),
        ("SMITH", "SMYTHE", True),
        ("KNOX", "NOCKS", True),
        ("SMITH", "SMART", False),
    ],
)
def test_sounds(one: str, other: str, is_same: bool) -> None:
    row = duckdb.execute(
        f"select {sound_sql('a')} = {sound_sql('b')} from (select ? as a, ? as b)", [one, other]
    ).fetchone()
    assert row == (is_same,)


def test_every_level_but_the_missing_one_has_probabilities_to_fall_back_on() -> None:
    assert len(FIELDS) == len(set(FIELDS))
    for comparison in comparisons():
        levels = [x for x in comparison["comparison_levels"] if not x.get("is_null_level")]
        assert abs(sum(level["m_probability"] for level in levels) - 1) < 0.01, comparison
        assert all(0 < level["u_probability"] <= 1 for level in levels)
        assert levels[-1]["sql_condition"] == "ELSE"
