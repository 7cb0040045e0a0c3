"""Prediction and decision on small registers, where each answer is known."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from justice_data_lab.linking import (
    LinkError,
    LinkInputs,
    LinkSettings,
    decide,
    load_model,
    predict,
)
from linking.generated_records import FieldRates
from linking.generated_register import Rates, generate
from linking.passes import link_all, quality
from linking.reference_files import NICKNAMES, NICKNAMES_TABLE

MODEL, SETTINGS = load_model(), LinkSettings()
PNCID, OTHER_PNCID = "2003/0011985X", "2004/0022986B"
TEXT = pa.string()


def _table(rows: list[dict[str, Any]], columns: dict[str, pa.DataType]) -> pa.Table:
    filled = [{name: row.get(name) for name in columns} for row in rows]
    return pa.Table.from_pylist(filled, schema=pa.schema(list(columns.items())))


def inputs(
    records: list[dict[str, Any]],
    register: list[dict[str, Any]],
    prison_numbers: dict[int, str] | None = None,
    people: int = 1_000_000,
) -> LinkInputs:
    """Return the inputs of a small register that stands for one of a million people."""
    keys = {"request_id": TEXT, "record_number": pa.int64()}
    names = {
        "forenames": TEXT,
        "surname_key": TEXT,
        "date_of_birth": pa.date32(),
        "gender": TEXT,
        "pncid_key": TEXT,
    }
    numbered = [
        {"request_id": "r", "record_number": n, "gender": "M"} | row
        for n, row in enumerate(records, start=1)
    ]
    held = [{"person_id": n, "prison_number_key": k} for n, k in (prison_numbers or {}).items()]
    return LinkInputs(
        records=_table(numbered, keys | names | {"prison_number_key": TEXT}),
        register=_table(
            [{"gender": "M"} | row for row in register], {"person_id": pa.int64()} | names
        ),
        prison_numbers=_table(held, {"person_id": pa.int64(), "prison_number_key": TEXT}),
        nicknames=NICKNAMES_TABLE,
        people=people,
    )


def person(
    number: int, forenames: str, surname: str, born: date | None, **more: Any
) -> dict[str, Any]:
    return {
        "person_id": number,
        "forenames": forenames,
        "surname_key": surname,
        "date_of_birth": born,
    } | more


def record(forenames: str | None, surname: str | None, born: date | None, **more: Any) -> Any:
    return {"forenames": forenames, "surname_key": surname, "date_of_birth": born} | more


BORN = date(1980, 5, 12)
CROWD = [
    person(1_000 + n, f"NAME{n % 40}", f"SURNAME{n % 997}", date(1950 + n % 50, 1, 1 + n % 28))
    for n in range(4_000)
]
"""People in the background, so that the names of the tests are as rare as names are."""


def decisions(given: LinkInputs, settings: LinkSettings = SETTINGS) -> dict[int, tuple[str, int]]:
    """Return decision and best person of each record that has candidates."""
    connection = duckdb.connect()
    decided = decide(connection, predict(connection, given, MODEL, settings), settings)
    return {
        row["record_number"]: (row["decision"], row["person_id"]) for row in decided.to_pylist()
    }


@pytest.mark.parametrize(
    ("forenames", "surname", "born"),
    [
        ("ROBRET", "GRIMSHAWE", BORN),
        ("BOB", "GRIMSHAWE", BORN),
        ("ROBERT", "GRIMSHAW", BORN),
        ("GRIMSHAWE", "ROBERT", BORN),
        ("ALAN", "GRIMSHAWE", BORN),
        ("ROBERT ALAN", "GRIMSHAWE", date(1980, 12, 5)),
        ("ROBERT ALAN", "GRIMSHAWE", date(1980, 5, 13)),
        ("ROBERT ALAN", "GRIMSHAWEPETTIFER", BORN),
        ("RXBERZ", "GRIMSHAWE", BORN),
        ("ROBERT", "GRIMSHAWE", date(1960, 5, 12)),
    ],
)
def test_one_error_is_bridged(forenames: str, surname: str, born: date) -> None:
    register = [person(1, "ROBERT ALAN", "GRIMSHAWE", BORN), *CROWD]
    assert decisions(inputs([record(forenames, surname, born)], register)) == {1: ("accepted", 1)}


@pytest.mark.parametrize(
    ("forenames", "surname", "born"),
    [
        ("PATRICK", "GRIMSHAWE", BORN),
        ("ROBERT", "GRIMSHAWE", date(1957, 11, 3)),
        ("PATRICK", "GRIMSHAWE", date(1983, 2, 28)),
        ("ROBERT", "GRIMSHAWE", None),
        ("ROBERT", "UNRELATED", BORN),
    ],
    ids=["twin", "parent", "sibling", "no date of birth", "only the forename"],
)
def test_relatives_and_half_matches_are_never_linked(
    forenames: str, surname: str, born: date | None
) -> None:
    register = [person(1, "ROBERT ALAN", "GRIMSHAWE", BORN), *CROWD]
    found = decisions(inputs([record(forenames, surname, born)], register))
    assert found.get(1, ("unlinked", 0))[0] != "accepted"


def test_a_name_that_an_error_made_into_another_name_is_no_other_person() -> None:
    namesakes = [person(5_000 + n, "ROBERTO", f"SURNAME{n}", date(1960, 1, 1)) for n in range(3)]
    roberts = [person(6_000 + n, "ROBERT", f"SURNAME{n}", date(1961, 1, 1)) for n in range(200)]
    register = [person(1, "ROBERT", "GRIMSHAWE", BORN), *namesakes, *roberts, *CROWD]
    given = inputs([record("ROBERTO", "GRIMSHAWE", BORN, gender="U")], register)
    assert decisions(given) == {1: ("accepted", 1)}


def test_a_name_in_part_never_weighs_less_than_another_name() -> None:
    roberts = [person(6_000 + n, "ROBERT", f"SURNAME{n}", date(1961, 1, 1)) for n in range(4_000)]
    robertas = [
        person(20_000 + n, "ROBERTA", f"SURNAME{n}", date(1962, 1, 1)) for n in range(4_000)
    ]
    register = [person(1, "ROBERT", "GRIMSHAWE", BORN), *roberts, *robertas, *CROWD]
    two = [record("ROBERTA", "GRIMSHAWE", BORN), record("PATRICK", "GRIMSHAWE", BORN)]
    found = predict(duckdb.connect(), inputs(two, register), MODEL, SETTINGS).to_pylist()
    alike, other = (row["forename_weight"] for row in found if row["person_id"] == 1)
    assert alike >= other


def test_the_only_namesake_goes_to_review_where_a_date_of_birth_is_missing() -> None:
    register = [person(1, "ROBERT", "GRIMSHAWE", BORN), *CROWD]
    common = [person(6_000 + n, "ROBERT", f"NAME{n}", date(1961, 1, 1)) for n in range(400)]
    surname = [person(7_000 + n, f"FORENAME{n}", "GRIMSHAWE", BORN) for n in range(400)]
    undated = record("ROBERT", "GRIMSHAWE", None)
    only = inputs([undated], [*register, *common, *surname])
    row = predict(duckdb.connect(), only, MODEL, SETTINGS).to_pylist()[0]
    assert row["match_probability"] < SETTINGS.review_probability
    assert decisions(only) == {1: ("in_review", 1)}
    nothing_agrees = inputs([undated | {"gender": "U"}], [*register, *common, *surname])
    assert decisions(nothing_agrees).get(1, ("unlinked", 1))[0] == "unlinked"
    twice = [person(2, "ROBERT", "GRIMSHAWE", date(1971, 3, 4)), *register, *common, *surname]
    assert decisions(inputs([undated], twice)).get(1, ("unlinked", 1))[0] == "unlinked"


@pytest.mark.parametrize(
    ("forenames", "surname"), [("R", "GRIMSHAWE"), ("R A", "G"), ("ROBERT", "G")]
)
def test_initials_are_never_linked_by_name(forenames: str, surname: str) -> None:
    register = [person(1, "ROBERT ALAN", "GRIMSHAWE", BORN), *CROWD]
    assert decisions(inputs([record(forenames, surname, BORN)], register)) == {}
    namesake = [person(1, forenames, surname, BORN), *CROWD]
    assert decisions(inputs([record(forenames, surname, BORN)], namesake)) == {}


def test_initials_are_linked_where_an_identifier_takes_part() -> None:
    register = [person(1, "ROBERT ALAN", "GRIMSHAWE", BORN, pncid_key=PNCID), *CROWD]
    wrong_by_one = "2003/0011986X"
    given = record("R", "GRIMSHAWE", BORN, pncid_key=wrong_by_one)
    assert decisions(inputs([given], register)) == {1: ("accepted", 1)}
    given = record("R", "GRIMSHAWE", BORN, pncid_key=OTHER_PNCID)
    assert decisions(inputs([given], register)).get(1, ("unlinked", 0))[0] != "accepted"


def test_an_identifier_alone_is_no_link() -> None:
    register = [person(1, "ROBERT ALAN", "GRIMSHAWE", BORN, pncid_key=PNCID), *CROWD]
    other = record("PATRICK", "UNRELATED", date(1971, 1, 30), pncid_key=PNCID)
    found = decisions(inputs([other], register))
    assert found.get(1, ("unlinked", 0))[0] != "accepted"


def test_a_prison_number_counts_and_any_of_several_will_do() -> None:
    register = [person(1, "ROBERT ALAN", "GRIMSHAWE", BORN), *CROWD]
    given = record("ROBRET", "GRIMSHAVE", date(1980, 5, 29), prison_number_key="A1234BC")
    without = inputs([given], register)
    with_number = inputs([given], register, {1: "A1234BC"})
    connection = duckdb.connect()
    weights = [
        predict(connection, which, MODEL, SETTINGS)["match_weight"].to_pylist()
        for which in (without, with_number)
    ]
    assert weights[1][0] > 3 + (weights[0][0] if weights[0] else -7)


def test_two_people_who_would_do_are_ambiguous() -> None:
    twice = [person(n, "ROBERT", "GRIMSHAWE", BORN) for n in (1, 2)]
    given = inputs([record("ROBRET", "GRIMSHAWE", BORN)], [*twice, *CROWD])
    assert decisions(given) == {1: ("ambiguous", 1)}
    assert decisions(given, replace(SETTINGS, margin_bits=0.0))[1][0] == "accepted"


def test_an_alias_is_as_good_as_the_name() -> None:
    register = [
        person(1, "ROBERT ALAN", "GRIMSHAWE", BORN),
        person(1, "STEPHEN", "PETTIFER", date(1981, 1, 2)),
        *CROWD,
    ]
    given = inputs([record("STEPHEM", "PETTIFER", date(1981, 1, 2))], register)
    assert decisions(given) == {1: ("accepted", 1)}


def test_a_frequent_name_weighs_less() -> None:
    smiths = [person(10 + n, f"NAME{n % 40}", "SMITH", date(1960, 1, 1)) for n in range(500)]
    register = [
        person(1, "ROBERT", "GRIMSHAWE", BORN), person(2, "ROBERT", "SMITH", BORN), *smiths, *CROWD
    ]  # fmt: skip
    records = [record("ROBRET", "GRIMSHAWE", BORN), record("ROBRET", "SMITH", BORN)]
    table = predict(duckdb.connect(), inputs(records, register), MODEL, SETTINGS)
    rare, frequent = table["surname_weight"].to_pylist()
    assert rare > frequent + 3


def test_given_pairs_are_scored_whatever_their_weight() -> None:
    register = [person(1, "ROBERT ALAN", "GRIMSHAWE", BORN), person(2, "ANN", "LEE", BORN), *CROWD]
    given = inputs([record("ROBERT", "GRIMSHAWE", BORN)], register)
    pairs = "select 'r' as request_id, 1 as record_number, unnest([1, 2]) as person_id"
    scored = predict(duckdb.connect(), given, MODEL, SETTINGS, known=pairs).to_pylist()
    by_person = {row["person_id"]: row["match_probability"] for row in scored}
    assert by_person[1] > 0.999
    assert by_person[2] < 0.001


def test_known_pairs_are_scored_along_and_not_decided_on() -> None:
    register = [person(1, "ROBERT ALAN", "GRIMSHAWE", BORN), person(2, "ANN", "LEE", BORN), *CROWD]
    two = [record("ROBERT", "GRIMSHAWE", BORN), record("ROBRET", "GRIMSHAWE", BORN)]
    known = "select 'r' as request_id, 1 as record_number, 2 as person_id"
    connection = duckdb.connect()
    found = predict(connection, inputs(two, register), MODEL, SETTINGS, known=known)
    rows = [(r["record_number"], r["person_id"], r["is_known"]) for r in found.to_pylist()]
    assert rows == [(1, 2, True), (2, 1, False)]
    decided = decide(connection, found, SETTINGS).to_pylist()
    assert [(row["record_number"], row["decision"]) for row in decided] == [(2, "accepted")]


def test_the_evidence_adds_up() -> None:
    register = [person(1, "ROBERT ALAN", "GRIMSHAWE", BORN, pncid_key=PNCID), *CROWD]
    given = inputs([record("ROBRET A", "GRIMSHAWE", BORN, pncid_key=OTHER_PNCID)], register)
    row = predict(duckdb.connect(), given, MODEL, SETTINGS).to_pylist()[0]
    fields = sum(value for name, value in row.items() if name in EVIDENCE)
    chance = SETTINGS.expected_match_rate / 1_000_000
    log2_odds = duckdb.execute("select log2(?)", [chance / (1 - chance)]).fetchall()[0][0]
    assert row["chance_weight"] == pytest.approx(fields + log2_odds, abs=1e-4)
    rivals = sum(2 ** -row[f"{name}_weight"] for name in ("chance", "relative", "namesake"))
    assert 2 ** -row["match_weight"] == pytest.approx(rivals, rel=1e-4)


EVIDENCE = {
    f"{comparison['output_column_name']}_weight" for comparison in MODEL.settings["comparisons"]
}


def test_no_records_and_no_register_are_no_candidates() -> None:
    empty = inputs([], [person(1, "ROBERT", "GRIMSHAWE", BORN)])
    assert decisions(empty) == {}
    assert decisions(inputs([record("ROBERT", "GRIMSHAWE", BORN)], [])) == {}


def test_what_is_missing_is_said() -> None:
    given = inputs([record("ROBERT", "GRIMSHAWE", BORN)], CROWD)
    short = replace(given, records=given.records.drop_columns(["gender"]))
    with pytest.raises(LinkError, match="gender"):
        predict(duckdb.connect(), short, MODEL, SETTINGS)
    with pytest.raises(LinkError, match="expected_match_rate"):
        LinkSettings(expected_match_rate=1.0)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(LinkError, match="not a link model"):
        load_model(path)


@pytest.fixture(scope="module")
def linked() -> duckdb.DuckDBPyConnection:
    """Link 2,000 records against a generated register of 20,000 people."""
    connection = duckdb.connect()
    made = generate(
        people=20_000, records=2_000, seed=4, nicknames=NICKNAMES, rates=Rates(prison_number=0.2)
    )
    for name in ("register", "prison_numbers", "records"):
        connection.register("made", getattr(made, name))
        connection.execute(f"create table {name} as select * from made")
        connection.unregister("made")
    link_all(connection, nicknames=NICKNAMES_TABLE, model=MODEL, settings=SETTINGS)
    connection.execute("""
        create table residual as select * from records anti join exact_links using (record_number)
    """)
    connection.execute("create table sought as select * from candidates where not is_known")
    return connection


def test_precision_and_recall_on_a_generated_register(linked: duckdb.DuckDBPyConnection) -> None:
    precision, recall, f1 = quality(linked)
    assert precision >= 0.999
    assert recall >= 0.95
    assert f1 >= 0.975


def test_errors_like_a_simulators_are_bridged_without_a_person() -> None:
    made = generate(people=20_000, records=4_000, seed=5, nicknames=NICKNAMES, fields=FieldRates())
    connection = duckdb.connect()
    for name in ("register", "prison_numbers", "records"):
        connection.register("made", getattr(made, name))
        connection.execute(f"create table {name} as select * from made")
        connection.unregister("made")
    link_all(connection, nicknames=NICKNAMES_TABLE, model=MODEL, settings=SETTINGS)
    precision, recall, _ = quality(connection)
    assert precision >= 0.9995
    assert recall >= 0.95


def test_a_request_alone_gets_the_links_it_gets_among_others(
    linked: duckdb.DuckDBPyConnection,
) -> None:
    columns = "request_id, record_number, person_id, match_weight, match_probability"
    together = linked.execute(f"select {columns} from sought order by all").fetchall()
    alone = []
    requests = linked.execute(
        "select distinct request_id from residual order by request_id limit 6"
    ).fetchall()
    for (request,) in requests:
        given = LinkInputs(
            f"select * from residual where request_id = '{request}'",
            "register", "prison_numbers", NICKNAMES_TABLE,
        )  # fmt: skip
        found = predict(linked, given, MODEL, SETTINGS).select(columns.split(", "))
        alone += [tuple(row.values()) for row in found.to_pylist()]
    chosen = {request for (request,) in requests}
    assert alone
    assert sorted(alone) == sorted(row for row in together if row[0] in chosen)


def test_one_thread_and_another_order_change_nothing(linked: duckdb.DuckDBPyConnection) -> None:
    before = linked.execute("select * from sought order by all").fetchall()
    linked.execute("set threads = 1")
    given = LinkInputs(
        "select * from residual order by record_number desc",
        "select * from register order by forenames, person_id desc",
        "prison_numbers", NICKNAMES_TABLE,
    )  # fmt: skip
    found = predict(linked, given, MODEL, SETTINGS)
    linked.register("found_again", found)
    assert linked.execute("select * from found_again order by all").fetchall() == before


def test_nothing_is_left_behind(
    linked: duckdb.DuckDBPyConnection, capfd: pytest.CaptureFixture[str]
) -> None:
    before = linked.execute("select table_name from duckdb_tables() order by all").fetchall()
    given = LinkInputs("select * from residual limit 5", "register", "prison_numbers",
                       NICKNAMES_TABLE)  # fmt: skip
    predict(linked, given, MODEL, SETTINGS)
    assert (
        linked.execute("select table_name from duckdb_tables() order by all").fetchall() == before
    )
    assert (
        len(linked.execute("select * from duckdb_databases() where not internal").fetchall()) == 1
    )
    assert capfd.readouterr() == ("", "")
