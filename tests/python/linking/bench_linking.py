"""The linking beside plain Splink and the exact rule: on FEBRL 1 to 4 and a generated register.

python tests/python/linking/bench_linking.py [--out FILE] [--people N] [--records N] [--method M]

Each row is a process of its own, so that CPU seconds (user and system) and peak memory are its own.
Reading the register into DuckDB and its size are not counted, the rest is, the counts of its names
too.
"""

import argparse
import json
import logging
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1]))

from justice_data_lab.linking import (
    LinkInputs,
    LinkModel,
    LinkSettings,
    TrainingSettings,
    load_model,
    train,
)
from linking.febrl import load_febrl
from linking.generated_records import FieldRates
from linking.generated_register import generate
from linking.passes import link_all, link_exactly, quality
from linking.reference_files import NICKNAMES, NICKNAMES_TABLE

TABLES = ("records", "register", "prison_numbers")
METHODS = ("project", "trained", "splink", "exact")
NAMES = {
    "project": "this project",
    "trained": "this project, trained on the data",
    "splink": "plain Splink",
    "exact": "exact rule",
}
LARGE = 500_000
"""People from which on the model is not trained on the data: it was saved for such registers."""


def _link(connection: duckdb.DuckDBPyConnection, people: int, model: LinkModel) -> None:
    """Link by the deterministic passes, then by a model at the default threshold."""
    link_all(
        connection,
        nicknames=NICKNAMES_TABLE,
        model=model,
        settings=LinkSettings(),
        people=people,
    )


def project(connection: duckdb.DuckDBPyConnection, people: int) -> None:
    """Link with the saved model."""
    _link(connection, people, load_model())


def trained(connection: duckdb.DuckDBPyConnection, people: int) -> None:
    """Link with a model that has learnt the error rates of this very data, as `jdl link train`."""
    inputs = LinkInputs("records", "register", "prison_numbers", NICKNAMES_TABLE, people)
    settings = TrainingSettings(random_pairs=2e6, em_pairs=1e6, description="the data of the bench")
    _link(connection, people, train(connection, inputs, settings))


def exact(connection: duckdb.DuckDBPyConnection, _: int) -> None:
    """Link by the deterministic passes alone."""
    link_exactly(connection)
    connection.execute("""
        create table links as
        select record_number, person_id from exact_links where not is_ambiguous
    """)


def splink_settings(api: Any) -> dict[str, Any]:
    """Return the settings of Splink's documentation for people with name and date of birth."""
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    blocks = [
        block_on("forename", "surname"),
        block_on("date_of_birth"),
        block_on("pncid"),
        block_on("prison_number"),
        block_on("surname", "substr(date_of_birth, 1, 4)"),
        block_on("forename", "substr(date_of_birth, 6, 5)"),
        "l.forename = r.surname and l.surname = r.forename",
    ]
    return (
        SettingsCreator(
            link_type="link_only",
            unique_id_column_name="unique_id",
            blocking_rules_to_generate_predictions=blocks,
            comparisons=[
                cl.NameComparison("forename").configure(term_frequency_adjustments=True),
                cl.NameComparison("surname").configure(term_frequency_adjustments=True),
                cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
                cl.ExactMatch("gender"),
                cl.LevenshteinAtThresholds("pncid", 1),
                cl.LevenshteinAtThresholds("prison_number", 1),
            ],
        )
        .get_settings(api.sql_dialect.sql_dialect_str)
        .as_dict()
    )


def _splink_sides(connection: duckdb.DuckDBPyConnection) -> None:
    columns = """
        split_part(forenames, ' ', 1) as forename, surname_key as surname,
        strftime(date_of_birth, '%Y-%m-%d') as date_of_birth, nullif(gender, 'U') as gender,
        pncid_key as pncid, prison_number_key as prison_number
    """
    connection.execute(f"""
        create table link_l as select record_number as unique_id, {columns} from records
    """)
    connection.execute(f"""
        create table link_r as
        select row_number() over () as unique_id, person_id, {columns}
        from register left join prison_numbers using (person_id)
    """)


def splink(connection: duckdb.DuckDBPyConnection, _: int) -> None:
    """Train and predict with Splink alone; the best row of a record from p = 0.95 is the link."""
    from splink import DuckDBAPI, Linker, block_on

    _splink_sides(connection)
    api = DuckDBAPI(connection)
    sides = [api.register(t, dataset_display_name=t) for t in ("link_l", "link_r")]
    linker = Linker(sides, splink_settings(api))
    logging.getLogger("splink").setLevel(logging.ERROR)
    rules = [block_on("pncid"), block_on("forename", "surname", "date_of_birth")]
    linker.training.estimate_probability_two_random_records_match(rules, recall=0.85)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    for rule in (block_on("date_of_birth"), block_on("forename", "surname")):
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True, max_pairs=1e7
        )
    predicted = linker.inference.predict(threshold_match_probability=0.95)
    connection.execute(f"""
        create table links as
        select
            unique_id_l as record_number,
            arg_max(person_id, (match_weight, -person_id)) as person_id
        from {predicted.physical_name} as p
        inner join link_r on p.unique_id_r = link_r.unique_id
        group by unique_id_l
    """)


def run_one(folder: Path, method: str) -> dict[str, float]:
    """Link the tables of a folder by one method; return its figures."""
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    for table in TABLES:
        connection.execute(f"create table {table} as from '{folder / table}.parquet'")
    people = connection.execute("select count(distinct person_id) from register").fetchall()[0][0]
    start = time.process_time()
    run = {"project": project, "trained": trained, "splink": splink, "exact": exact}[method]
    run(connection, people)
    seconds = time.process_time() - start
    precision, recall, f1 = quality(connection)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"precision": precision, "recall": recall, "f1": f1, "cpu": seconds, "gigabytes": peak}


def write_tables(folder: Path, tables: Any) -> None:
    """Write register, prison numbers and records of a data set."""
    for table in TABLES:
        pq.write_table(getattr(tables, table), folder / f"{table}.parquet")


def data_sets(people: int, records: int) -> list[tuple[str, Any]]:
    """Return each data set with what makes it."""
    sets: list[tuple[str, Any]] = [
        (f"FEBRL {number}", lambda number=number: load_febrl(number)) for number in (1, 2, 3, 4)
    ]
    sets.append(("FEBRL 4 with number", lambda: load_febrl(4, identifier=True)))
    sets.append(
        (
            "100,000 people, errors of a simulator",
            lambda: generate(
                people=100_000, records=20_000, seed=3, nicknames=NICKNAMES, fields=FieldRates()
            ),
        )
    )
    sets.append(
        (
            f"{people:,} people, {records:,} records",
            lambda: generate(people=people, records=records, seed=2, nicknames=NICKNAMES),
        )
    )
    return sets


def bench(people: int, records: int, methods: tuple[str, ...]) -> str:
    """Run every method on every data set; return the table in Markdown."""
    lines = [
        "| data | method | precision | recall | F1 | CPU s | peak GB |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, make in data_sets(people, records):
        with tempfile.TemporaryDirectory() as scratch:
            made = make()
            write_tables(Path(scratch), made)
            is_large = len(made.register) > LARGE
            for method in (name for name in methods if name != "trained" or not is_large):
                command = [sys.executable, __file__, "--run", scratch, "--method", method]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                row = json.loads(done.stdout.splitlines()[-1])
                lines.append(
                    f"| {name} | {NAMES[method]} | {row['precision']:.5f} | {row['recall']:.4f}"
                    f" | {row['f1']:.4f} | {row['cpu']:.1f} | {row['gigabytes']:.2f} |"
                )
                print(lines[-1], flush=True)
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run the bench, or one method on one folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="Markdown file to write")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--method", choices=METHODS, help="one method alone")
    parser.add_argument("--run", type=Path, help="folder of tables to link, for one row")
    options = parser.parse_args()
    methods = (options.method,) if options.method else METHODS
    if options.run:
        print(json.dumps(run_one(options.run, methods[0])))
        return
    table = bench(options.people, options.records, methods)
    if options.out:
        options.out.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
