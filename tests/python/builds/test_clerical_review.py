"""What reviewers decide on the page of a build enters the next one."""

import shutil
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from builds.conftest import SAMPLE, WITHOUT_TESTS, Build, Builder
from justice_data_lab.cli import main
from justice_data_lab.linking import TrainingSettings

IN_DOUBT = """
    select request_id, record_number, pnc_id from clerical_review
    where reason = '{reason}' and place = 1 order by all
"""
Record = tuple[object, object, object]


@pytest.fixture(scope="module")
def decided(sample_build: Build) -> dict[str, Record]:
    in_review = sample_build.rows("restricted", IN_DOUBT.format(reason="in_review"))
    ambiguous = sample_build.rows("restricted", IN_DOUBT.format(reason="ambiguous"))
    return {"same": in_review[0], "different": in_review[1], "one_of_two": ambiguous[0]}


def test_a_yes_links_and_a_no_does_not(
    decided: dict[str, Record], dbt: Builder, tmp_path: Path
) -> None:
    zone = tmp_path / "zone"
    shutil.copytree(SAMPLE, zone)
    lines = ["request_id,record_number,pnc_id,decision,reviewer,decided_on"]
    for name, record in decided.items():
        decision = "different" if name == "different" else "same"
        lines.append(",".join([*map(str, record), decision, "A", "2016-02-01"]))
    (zone / "clerical_decisions.csv").write_text("\n".join(lines) + "\n", "utf-8")
    build = dbt(
        "build", *WITHOUT_TESTS, "--select", "+linked_records", "+clerical_review", zone=zone
    )
    assert build.exit_code == 0, build.output
    linked = {
        (request_id, number): (pnc_id, link_pass)
        for request_id, number, pnc_id, link_pass in build.rows(
            "restricted", "select request_id, record_number, pnc_id, link_pass from linked_records"
        )
    }
    for name in ("same", "one_of_two"):
        assert linked[decided[name][:2]] == (decided[name][2], "clerical")
    assert decided["different"][:2] not in linked
    still = build.rows(
        "restricted", "select request_id, record_number, pnc_id from clerical_review"
    )
    assert not set(decided.values()) & set(still)


def test_the_page_of_a_build_has_every_record_in_doubt(sample_build: Build, tmp_path: Path) -> None:
    shutil.copy(sample_build.folder / "restricted.duckdb", tmp_path)
    result = CliRunner().invoke(main, ["link", "review", "--build", str(tmp_path)])
    assert result.exit_code == 0, result.stderr
    page = (tmp_path / "reviews" / "review.html").read_text("utf-8")
    lines = sample_build.rows(
        "restricted",
        "select request_id || ',' || record_number || ',' || pnc_id || ',same,,' "
        "from clerical_review",
    )
    assert lines
    assert all(str(line) in page for (line,) in lines)


def test_training_on_a_build_saves_a_model_with_how_it_was_made(
    sample_build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer_pairs = partial(TrainingSettings, random_pairs=2e5, em_pairs=1e5)
    monkeypatch.setattr("justice_data_lab.linking.train_on_build.TrainingSettings", fewer_pairs)
    for name in ("restricted", "analysis"):
        shutil.copy(sample_build.folder / f"{name}.duckdb", tmp_path)
    arguments = ["link", "train", "--build", str(tmp_path), "--out", str(tmp_path / "model")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.stderr
    assert '"people": 50000' in result.stdout
    names = sorted(path.name for path in (tmp_path / "model").iterdir())
    assert names == ["m_and_u.html", "match_weights.html", "model.json"]
    assert "https://" not in (tmp_path / "model" / "model.json").read_text("utf-8")
