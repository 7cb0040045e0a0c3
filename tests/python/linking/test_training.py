"""Training: reproducible, smoothed, and never on too little."""

import logging
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from justice_data_lab.linking import (
    LinkError,
    LinkInputs,
    LinkModel,
    TrainingSettings,
    load_model,
    train,
)
from justice_data_lab.linking.comparisons import FIELDS
from linking.generated_register import Generated, Rates, generate
from linking.reference_files import NICKNAMES, NICKNAMES_TABLE

SETTINGS = TrainingSettings(random_pairs=1e5, em_pairs=1e5, description="a test")


@pytest.fixture(scope="module")
def made() -> Generated:
    return generate(
        people=8_000, records=3_500, seed=3, nicknames=NICKNAMES, rates=Rates(prison_number=0.5)
    )


def _inputs(made: Generated) -> LinkInputs:
    return LinkInputs(made.records, made.register, made.prison_numbers, NICKNAMES_TABLE)


@pytest.fixture(scope="module")
def trained(made: Generated, tmp_path_factory: pytest.TempPathFactory) -> tuple[LinkModel, Path]:
    charts = tmp_path_factory.mktemp("charts")
    return train(duckdb.connect(), _inputs(made), SETTINGS, charts=charts), charts


def test_every_level_is_learnt_or_filled(trained: tuple[LinkModel, Path]) -> None:
    model, _ = trained
    for field in FIELDS:
        for level in model.levels_of(field):
            assert 0 < level["m_probability"] <= 1
            assert 0 < level["u_probability"] <= 1


def test_agreement_counts_for_and_disagreement_against(trained: tuple[LinkModel, Path]) -> None:
    for model in (trained[0], load_model()):
        for field in set(FIELDS) - {"name_order"}:
            first, *_, last = model.levels_of(field)
            assert first["m_probability"] > first["u_probability"]
            assert last["m_probability"] < last["u_probability"]


def test_a_model_survives_its_file(trained: tuple[LinkModel, Path], tmp_path: Path) -> None:
    trained[0].save(tmp_path / "one.json")
    again = load_model(tmp_path / "one.json")
    again.save(tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert again.training["records"] == trained[0].training["records"]
    assert again.training["people"] == 8_000
    assert again.training["requests"] == 100
    assert date.fromisoformat(again.training["trained_on"]) <= date.today()
    assert set(again.training["versions"]) == {"justice-data-lab", "splink", "duckdb"}


def test_charts_have_everything_inline(trained: tuple[LinkModel, Path]) -> None:
    pages = sorted(trained[1].glob("*.html"))
    assert [page.stem for page in pages] == ["m_and_u", "match_weights"]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "vegaEmbed" in text
        assert '<script src="http' not in text.replace("'", '"')


def test_too_few_records_are_refused_and_the_logger_left_alone(made: Generated) -> None:
    logger = logging.getLogger("splink")
    before = (logger.level, logger.propagate, list(logger.handlers))
    few = replace(_inputs(made), records=made.records.slice(0, 100))
    with pytest.raises(LinkError, match="too few"):
        train(duckdb.connect(), few, SETTINGS)
    assert (logger.level, logger.propagate, list(logger.handlers)) == before


def test_a_batch_without_gender_or_pncid_teaches_by_its_prison_numbers(made: Generated) -> None:
    bare = made.records.drop_columns(["gender", "pncid_key"])
    records = bare.append_column("gender", pa.array(["U"] * len(bare))).append_column(
        "pncid_key", pa.nulls(len(bare), pa.string())
    )
    model = train(duckdb.connect(), replace(_inputs(made), records=records), SETTINGS)
    assert model.training["records_with_a_known_identifier"]["pncid"] == 0
    assert model.training["em_blocks"][0] == ["date_of_birth"]
    assert model.levels_of("surname")[0]["m_probability"] > 0.8


def test_nobody_who_agrees_is_said_in_one_line(made: Generated) -> None:
    strangers = made.records.set_column(
        made.records.schema.get_field_index("date_of_birth"),
        "date_of_birth",
        pa.array([date(1901, 1, 1)] * len(made.records), pa.date32()),
    ).drop_columns(["pncid_key", "prison_number_key"])
    nothing = pa.nulls(len(strangers), pa.string())
    records = strangers.append_column("pncid_key", nothing).append_column(
        "prison_number_key", nothing
    )
    with pytest.raises(LinkError, match="nothing to learn from"):
        train(duckdb.connect(), replace(_inputs(made), records=records), SETTINGS)
