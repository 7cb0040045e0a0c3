"""What dbt-bouncer has no check for: owners, access, descriptions of tests, order of rooms."""

import csv
import json
import re
from collections import Counter
from dataclasses import astuple
from typing import Any

import pytest
import yaml

from builds.conftest import REPOSITORY, Builder
from justice_data_lab.replies.of_build import TABLES as REPLY_TABLES


@pytest.fixture(scope="module")
def manifest(dbt: Builder) -> dict[str, Any]:
    parsed = dbt("parse", "--no-partial-parse")
    assert parsed.exit_code == 0, parsed.output
    read: dict[str, Any] = json.loads((parsed.folder / "target" / "manifest.json").read_text())
    return read


def test_every_model_has_an_owner_group_and_an_access_level(manifest: dict[str, Any]) -> None:
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    assert len(models) > 60
    without = [node["name"] for node in models if not node["group"] or not node["access"]]
    assert without == []


def test_every_test_is_described(manifest: dict[str, Any]) -> None:
    unit_tests = manifest["unit_tests"].values()
    assert len(unit_tests) > 80
    silent = [test["name"] for test in unit_tests if not test["description"]]
    singular = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and not node.get("test_metadata")
    ]
    assert len(singular) >= 8
    silent += [node["name"] for node in singular if not node["description"]]
    assert silent == []


def test_every_rule_of_section_3_has_a_unit_test(manifest: dict[str, Any]) -> None:
    names = " ".join(test["name"] for test in manifest["unit_tests"].values())
    assert [rule for rule in range(1, 11) if f"rule_{rule}_" not in names] == []


def test_every_covariate_of_the_seed_is_a_column(manifest: dict[str, Any]) -> None:
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    described = {
        column
        for node in models
        if room_of(node["original_file_path"]) == "histories"
        for column in node["columns"]
    }
    seed = REPOSITORY / "seeds" / "reference" / "covariates.csv"
    with seed.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["covariate"] for row in rows if row["covariate"] not in described] == []
    assert {row["is_in_headline"] for row in rows} == {"true", "false"}


def room_of(path: str) -> str:
    """Return the room of a model: its folder, with SQL and Python models of one room as one."""
    _, folder, *rest = path.split("/")
    if folder == "marts":
        return "marts/published" if rest[0] == "published" else "marts"
    return rest[0] if folder == "intermediate" else folder


def rooms_in_order() -> list[str]:
    """Return the rooms as the first table of docs/architecture.md orders them."""
    text = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.split("## The rooms")[1].split("Beside the rooms")[0]
    folders = re.findall(r"^\| `((?:python_)?models/[^`]+)`", table, flags=re.MULTILINE)
    rooms = [room_of(folder.replace("{restricted,analysis,published}", "")) for folder in folders]
    return [*dict.fromkeys(rooms), "marts/published"]


def test_no_model_reads_a_room_that_comes_after_its_own(manifest: dict[str, Any]) -> None:
    order = {room: place for place, room in enumerate(rooms_in_order())}
    models = {
        name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"
    }
    rooms = {name: room_of(node["original_file_path"]) for name, node in models.items()}
    assert set(rooms.values()) == set(order)
    back = [
        f"{node['name']} reads {models[read]['name']}"
        for name, node in models.items()
        for read in node["depends_on"]["nodes"]
        if read in models and order[rooms[read]] > order[rooms[name]]
    ]
    assert back == []


def test_the_lineage_rules_name_rooms_and_no_model() -> None:
    bouncer = yaml.safe_load((REPOSITORY / "dbt-bouncer.yml").read_text(encoding="utf-8"))
    rules = [
        rule
        for rule in bouncer["manifest_checks"]
        if rule["name"] == "check_lineage_permitted_upstream_models"
    ]
    assert len(rules) >= 10
    assert [rule for rule in rules if "exclude" in rule] == []
    assert [rule for rule in rules if "__" in rule["upstream_path_pattern"]] == []


def test_no_text_of_a_column_is_written_three_times() -> None:
    files = [
        path
        for folder in ("models", "python_models")
        for path in (REPOSITORY / folder).rglob("*.yml")
        if not path.name.startswith("_")
    ]
    texts = Counter(
        column["description"]
        for path in files
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
        for column in model.get("columns", [])
        if "doc(" not in column["description"]
    )
    assert texts.total() > 300
    assert [text for text, uses in texts.items() if uses > 2] == []


def test_every_shared_text_is_shared() -> None:
    written = (REPOSITORY / "models" / "docs.md").read_text(encoding="utf-8")
    names = re.findall(r"\{% docs (\w+) %\}", written)
    uses = Counter(
        name
        for folder in ("models", "python_models")
        for path in (REPOSITORY / folder).rglob("*.yml")
        for name in re.findall(r"doc\('(\w+)'\)", path.read_text(encoding="utf-8"))
    )
    assert len(names) > 80
    assert [name for name in names if uses[name] < 2] == []


def used_by(manifest: dict[str, Any], exposure: str) -> set[str]:
    (node,) = [e for e in manifest["exposures"].values() if e["name"] == exposure]
    return {name.split(".")[-1] for name in node["depends_on"]["nodes"]}


def test_the_exposures_of_what_is_published_name_every_published_mart(
    manifest: dict[str, Any],
) -> None:
    marts = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and room_of(node["original_file_path"]) == "marts/published"
    }
    assert len(marts) > 15
    for exposure in ("published_tables", "site", "workbook"):
        assert used_by(manifest, exposure) == marts, exposure


def test_the_exposure_of_replies_names_what_a_reply_reads(manifest: dict[str, Any]) -> None:
    assert used_by(manifest, "reply") == {name.split(".")[-1] for name in astuple(REPLY_TABLES)}


def test_the_exposure_of_questions_names_what_the_questions_read(manifest: dict[str, Any]) -> None:
    questions = [node for node in manifest["nodes"].values() if node["resource_type"] == "analysis"]
    assert len(questions) > 5
    read = {name.split(".")[-1] for node in questions for name in node["depends_on"]["nodes"]}
    assert read - used_by(manifest, "analysts_questions") == set()


def test_the_files_that_the_architecture_names_are_there() -> None:
    text = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    words = set(re.findall(r"`([\w./-]+)`", text))
    named = {word for word in words if "/" in word and not word.startswith("build/")}
    assert len(named) > 30
    package = REPOSITORY / "src" / "justice_data_lab"
    roots = (REPOSITORY, REPOSITORY / "models", REPOSITORY / "models" / "intermediate", package)
    names = [(root / word, word) for root in roots for word in named]
    there = {word for path, word in names if list(path.parent.glob(f"{path.name}*"))}
    assert sorted(named - there) == []
    models = {path.stem for path in REPOSITORY.glob("*models/**/int_*")}
    assert sorted(word for word in words if word.startswith("int_") and word not in models) == []
