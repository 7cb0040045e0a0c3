"""The road on the committed sample: the worked example, what moves it, and the known truth."""

import csv
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builds.conftest import SAMPLE, WITHOUT_TESTS, Build, Builder

FINE = "1040"


def waterfall(build: Build) -> Counter[str]:
    rows = build.rows(
        "analysis",
        "select step, case when step_number = 0 then remaining_n else removed_n end"
        " from attrition_exact where request_id = 'foundation'",
    )
    return Counter(dict(rows))


def detail(build: Build) -> Counter[str]:
    rows = build.rows(
        "analysis", "select detail, n from attrition_detail where request_id = 'foundation'"
    )
    return Counter(dict(rows))


def analysed_for_a_change(build: Build) -> list[tuple[int, str, str]]:
    """Record number, case and six months after the index date of analysed people of one record."""
    return build.rows(
        "restricted",
        """
        select record_number, case_id, cast(index_date + interval 6 month as date)::varchar
        from intermediate.int_outcomes__records
        inner join intermediate.int_index_events__events using (person_id, event_id, index_date)
        where
            request_id = 'foundation' and outcome = 'analysed' and not is_reoffender
            and records_of_the_person_n = 1 and loss_date is null
        order by record_number
        """,
    )


def move_the_start(path: Path, record: int, start: str, drop: int) -> None:
    with path.open(newline="", encoding="utf-8-sig") as file:
        header, *rows = csv.reader(file)
    rows[record - 1][header.index("intervention_start_date")] = start
    rows[record - 1][header.index("intervention_end_date")] = ""
    del rows[drop - 1]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def give_the_case_a_fine(path: Path, case: str) -> None:
    table = pq.read_table(path)
    fined = pc.if_else(pc.equal(table["case_id"], case), pa.scalar(FINE), table["disposal_code"])
    place = table.schema.get_field_index("disposal_code")
    pq.write_table(table.set_column(place, "disposal_code", fined), path)


def test_exactly_the_expected_counts_move(
    sample_build: Build, dbt: Builder, tmp_path: Path
) -> None:
    moved, fined, dropped = analysed_for_a_change(sample_build)[:3]
    zone = tmp_path / "zone"
    shutil.copytree(SAMPLE, zone)
    move_the_start(
        zone / "uploads" / "foundation" / "individuals.csv",
        record=moved[0],
        start=moved[2],
        drop=dropped[0],
    )
    give_the_case_a_fine(zone / "pnc" / "offences.parquet", case=fined[1])

    changed = dbt("build", *WITHOUT_TESTS, zone=zone)

    assert changed.exit_code == 0, changed.output
    before, after = waterfall(sample_build), waterfall(changed)
    before["submitted"] -= 1
    before["outside_window"] += 1
    before["other_disposal"] += 1
    assert after == before
    before_detail, after_detail = detail(sample_build), detail(changed)
    before_detail["other_disposal_within_window"] += 1
    before_detail["too_long_after_index_event"] += 1
    assert after_detail == before_detail


def test_the_true_effect_of_the_decrease_lies_in_its_interval(sample_build: Build) -> None:
    database = sample_build.folder / "analysis.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        true_effect, lower, upper, conclusion = connection.execute(
            """
            select 100 * avg(p_with - p_without), any_value(difference_lower),
                any_value(difference_upper), any_value(conclusion)
            from read_parquet(?) as truth
            inner join record_outcomes using (request_id, record_number)
            inner join outcomes_unrounded using (request_id)
            where
                request_id = 'pathways_to_work' and record_outcomes.outcome = 'analysed'
                and analysis_id = 'headline' and measure = 'rate'
            """,
            [str(SAMPLE / "truth" / "records.parquet")],
        ).fetchall()[0]
    assert lower <= true_effect <= upper
    assert conclusion == "decrease"


def test_a_partial_build_publishes_nothing(dbt: Builder, sample_build: Build) -> None:
    published = sample_build.folder / "published.duckdb"
    before = published.read_bytes()
    partial = dbt("build", "-s", "measures", folder=sample_build.folder)
    assert partial.exit_code == 0
    assert not any(line.startswith("published: ") for line in partial.output.splitlines())
    assert published.read_bytes() == before
    assert not (sample_build.folder / "published.duckdb.next").exists()


def test_published_tables_explain_their_columns(sample_build: Build) -> None:
    silent = sample_build.rows(
        "published",
        "select table_name, column_name from duckdb_columns()"
        " where not internal and comment is null",
    )
    assert silent == []


def test_no_person_key_is_published(sample_build: Build) -> None:
    columns = sample_build.rows(
        "published", "select distinct column_name from duckdb_columns() where not internal"
    )
    assert not {"person_key", "person_id", "pnc_id", "index_date"} & {name for (name,) in columns}


def joined_rows(plan: dict[str, Any]) -> Iterator[int]:
    """The rows that each join of a measured plan made."""
    if "JOIN" in plan.get("operator_type", ""):
        yield plan["operator_cardinality"]
    for child in plan.get("children", []):
        yield from joined_rows(child)


def test_the_members_of_one_analysis_are_read_without_those_of_others(sample_build: Build) -> None:
    """The filter reaches the rules of the pool: no join makes rows of another analysis."""
    pools = sample_build.rows(
        "restricted",
        "select request_id, treated_n + controls_n from estimates.int_estimates__analyses"
        " where analysis_id = 'headline' order by 2",
    )
    request, members_n = pools[0]
    assert sum(int(str(n)) for _, n in pools) > 10 * int(str(members_n))
    (plan,) = sample_build.rows(
        "restricted",
        "explain (analyze, format json) select * from intermediate.int_outcomes__members"
        f" where request_id = '{request}' and analysis_id = 'headline'",
    )
    joins = list(joined_rows(json.loads(str(plan[1]))))
    assert len(joins) >= 5
    assert int(str(members_n)) <= max(joins) < 2 * int(str(members_n))
