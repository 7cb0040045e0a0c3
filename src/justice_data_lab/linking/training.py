"""Training of the link model with Splink, on a whole batch of records against a register.

The m probabilities (agreement among records of one person) come from expectation maximisation, the
u probabilities (agreement by chance) from random pairs (Fellegi and Sunter 1969; Splink's
documentation, "Estimating model parameters"). A batch is whole if nothing was taken out of it: on
what other passes left over, most pairs are of different people and the estimates collapse.
"""

from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import duckdb

from justice_data_lab.linking.blocking import READINGS
from justice_data_lab.linking.comparisons import comparisons
from justice_data_lab.linking.features import side_sql, vocabulary_sql
from justice_data_lab.linking.model import LinkModel
from justice_data_lab.linking.settings import LinkError, LinkInputs
from justice_data_lab.linking.splink_quietly import quiet_splink
from justice_data_lab.linking.workspace import count, load_inputs, workspace

_M_PSEUDO_PAIRS, _U_PSEUDO_PAIRS = 500, 100_000
"""Weight of the settings' own m and u in pairs: rare levels keep a share that is not nought."""
CHARTS: Final = ("match_weights.html", "m_and_u.html")
_IDENTIFIED = 1_000
"""Pairs that share an identifier, from which on the names and dates are learnt from them."""
_VERSIONS = ("justice-data-lab", "splink", "duckdb")


@dataclass(frozen=True)
class TrainingSettings:
    """Settings of one training."""

    seed: int = 1
    random_pairs: float = 5e6
    """Number of random pairs for the u probabilities."""
    em_pairs: float = 2e6
    """Number of pairs at most in each run of expectation maximisation."""
    least_records: int = 500
    """Fewer records than this teach nothing."""
    description: str = ""
    """What the model was trained on, in words."""


def splink_settings() -> dict[str, Any]:
    """Return the settings of an untrained model, as Splink reads them."""
    return {
        "link_type": "link_only",
        "unique_id_column_name": "unique_id",
        "source_dataset_column_name": "source_dataset",
        "comparisons": comparisons(),
        "blocking_rules_to_generate_predictions": [],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
        "max_iterations": 50,
        "em_convergence": 1e-5,
    }


_ROWS = """
with one_row_a_number as (
    select
        link_register.*,
        link_prison_numbers.prison_number_key,
        coalesce(
            jaro_winkler_similarity(link_given.surname_key, link_register.surname_key)
            + jaro_winkler_similarity(link_given.forename, link_register.forename)
            + (link_given.date_of_birth = link_register.date_of_birth)::int, 0
        ) as similarity
    from link_register
    left join link_given on link_register.pncid_key = link_given.pncid_key
    left join link_prison_numbers on link_register.person_id = link_prison_numbers.person_id
),

best as (
    select distinct on (person_id) *
    from one_row_a_number
    order by person_id, similarity desc, forenames, surname_key, date_of_birth, prison_number_key
)

select
    row_number() over (order by person_id) as row_id,
    'given' as name_order,
    *
from best
"""
"""One row per person: of several names and dates of birth the one that the batch used.

An alias beside the name that was used would count as a disagreement of the same person.
"""


def _make_sides(cursor: duckdb.DuckDBPyConnection, people: int) -> None:
    """Make the two tables that Splink learns from: all named records, and all people."""
    cursor.execute(f"create table link_readings as {READINGS}")
    cursor.execute("""
        create view link_given as
        select * from link_readings where name_order = 'given' and is_named
    """)
    cursor.execute(f"create table link_rows as {_ROWS}")
    vocabulary = vocabulary_sql("link_given", "link_rows")
    cursor.execute(f"create table link_vocabulary as {vocabulary}")
    for table, key in (("link_given", "reading_id"), ("link_rows", "row_id")):
        side = side_sql(table, key, people=people)
        cursor.execute(f"create table {table}_side as {side} order by unique_id")


def _identified(cursor: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Count the records whose identifier is somebody's in the register, by identifier."""
    return {
        column: count(cursor, f"select count(*) from link_given semi join link_rows using ({key})")
        for column, key in (("pncid", "pncid_key"), ("prison_number", "prison_number_key"))
    }


def _em_blocks(identified: dict[str, int], *, has_gender: bool) -> list[tuple[str, ...]]:
    """Return the columns on which the pairs of each run of expectation maximisation agree."""
    column = max(identified, key=lambda name: identified[name])
    if identified[column] >= _IDENTIFIED:
        return [(column,), ("surname", "forename", "date_of_birth")]
    born = ("date_of_birth", "gender") if has_gender else ("date_of_birth",)
    return [born, ("surname", "forename")]


def _fit(
    cursor: duckdb.DuckDBPyConnection,
    splink: Any,
    settings: TrainingSettings,
    blocks: list[tuple[str, ...]],
) -> tuple[dict[str, Any], Any]:
    """Estimate the probabilities; return Splink's saved settings and its linker."""
    from splink.internals.exceptions import EMTrainingException

    api = splink.DuckDBAPI(cursor)
    sides = [
        api.register(f"{table}_side", dataset_display_name=table)
        for table in ("link_given", "link_rows")
    ]
    linker = splink.Linker(sides, splink_settings())
    linker.training.estimate_u_using_random_sampling(
        max_pairs=settings.random_pairs, seed=settings.seed, min_count_per_level=None
    )
    for columns in blocks:
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                splink.block_on(*columns),
                estimate_without_term_frequencies=True,
                max_pairs=settings.em_pairs,
            )
        except EMTrainingException as error:
            raise LinkError(
                f"no record agrees with anybody in the register on {' and '.join(columns)}:"
                " there is nothing to learn from, keep the saved model"
            ) from error
    saved: dict[str, Any] = linker.misc.save_model_to_json()
    return saved, linker


def smoothed(saved: dict[str, Any], *, matched_pairs: float, random_pairs: float) -> dict[str, Any]:
    """Draw every probability a little towards the settings' own, and fill those never seen.

    Rounded to 8 digits, beyond which the order of summation in DuckDB's threads shows.
    """
    comparisons_wanted = {c["output_column_name"]: c for c in comparisons()}
    sides = (
        ("m_probability", matched_pairs, _M_PSEUDO_PAIRS),
        ("u_probability", random_pairs, _U_PSEUDO_PAIRS),
    )
    for comparison in saved["comparisons"]:
        own = comparisons_wanted[comparison["output_column_name"]]["comparison_levels"]
        seen = comparison["comparison_levels"]
        for side, pairs, pseudo in sides:
            is_trained = any(level.get(side) is not None for level in seen)
            weight = pairs if is_trained else 0
            for level, start in zip(seen, own, strict=True):
                if level.get("is_null_level") or level.get(f"fix_{side}"):
                    continue
                share = level.get(side) or 0.0
                mixed = (weight * share + pseudo * start[side]) / (weight + pseudo)
                level[side] = float(f"{mixed:.8g}")
    return saved


def train(
    connection: duckdb.DuckDBPyConnection,
    inputs: LinkInputs,
    settings: TrainingSettings | None = None,
    *,
    charts: Path | None = None,
) -> LinkModel:
    """Train a model on all records of the inputs; write its charts to a folder if given one.

    >>> model = train(connection, inputs, TrainingSettings(description="all of 2026"))
    >>> model.save(Path("model.json"))
    """
    settings = settings or TrainingSettings()
    with workspace(connection) as cursor, quiet_splink() as splink:
        people = load_inputs(cursor, inputs)
        _make_sides(cursor, people)
        records = count(cursor, "select count(*) from link_given")
        requests = count(cursor, "select count(distinct request_id) from link_given")
        if records < settings.least_records:
            raise LinkError(
                f"{records} records with names are too few to train on: wait for"
                f" {settings.least_records}, or keep the saved model"
            )
        identified = _identified(cursor)
        has_gender = count(cursor, "select count(*) from link_given where gender <> 'U'") > 0
        blocks = _em_blocks(identified, has_gender=has_gender)
        saved, linker = _fit(cursor, splink, settings, blocks)
        if charts is not None:
            _save_charts(linker, charts)
    training = {
        **asdict(settings),
        "trained_on": date.today().isoformat(),
        "records": records,
        "requests": requests,
        "records_with_a_known_identifier": identified,
        "people": people,
        "em_blocks": [list(columns) for columns in blocks],
        "versions": {name: version(name) for name in _VERSIONS},
    }
    most = max(identified.values())
    matched = most if most >= _IDENTIFIED else records / 2
    saved = smoothed(saved, matched_pairs=matched, random_pairs=settings.random_pairs)
    return LinkModel(settings=saved, training=training)


def _save_charts(linker: Any, folder: Path) -> None:
    """Write the charts of the model as pages with everything inline."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = (
        linker.visualisations.match_weights_chart(),
        linker.visualisations.m_u_parameters_chart(),
    )
    for name, chart in zip(CHARTS, drawn, strict=True):
        chart.save_offline_chart(str(folder / name), overwrite=True, print_msg=False)
