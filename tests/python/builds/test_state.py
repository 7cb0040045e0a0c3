"""What the last run of a folder did: what it may publish, and why it may not."""

from dataclasses import replace
from pathlib import Path

import pytest

from justice_data_lab.build import state
from justice_data_lab.build.inputs import hash_inputs
from justice_data_lab.build.state import Result
from justice_data_lab.dbt_plugins.runs import command_of

MODEL = Result(
    node="model.a", name="a", kind="model", checksum="1", description="", status="success"
)
TEST = Result(
    node="test.b", name="b", kind="test", checksum="", description="b holds", status="pass"
)
NEXT = replace(MODEL, node="model.c", name="c")
EXPECTED = {"model.a": "1", "test.b": "", "model.c": "1"}
INPUTS = {"the raw zone": "z", "a setting": "s"}


def failed(result: Result) -> Result:
    return replace(result, status="fail" if result.kind == "test" else "error")


def skipped(result: Result) -> Result:
    return replace(result, status="skipped")


def test_a_whole_build_that_passed_is_published(tmp_path: Path) -> None:
    state.begin(tmp_path)
    assert not state.is_finished(tmp_path)
    warned = replace(TEST, status="warn")
    assert state.end(tmp_path, [MODEL, warned, NEXT], EXPECTED).why is None
    assert not state.is_finished(tmp_path)
    state.finish(tmp_path)
    assert state.is_finished(tmp_path)


def test_a_retry_that_completes_the_build_is_published(tmp_path: Path) -> None:
    state.begin(tmp_path, inputs=INPUTS)
    run = state.end(tmp_path, [MODEL, failed(TEST), skipped(NEXT)], EXPECTED)
    assert run.why == (
        "1 failed (b) and 1 were skipped; mend what failed, then run dbt retry, or dbt build"
    )
    state.begin(tmp_path, "retry", inputs=INPUTS)
    run = state.end(tmp_path, [TEST, failed(NEXT)], EXPECTED)
    assert run.why is not None
    assert "1 failed (c)" in run.why
    state.begin(tmp_path, "retry", inputs=INPUTS)
    run = state.end(tmp_path, [NEXT], EXPECTED)
    assert run.why is None
    assert sorted(run.passed) == sorted(EXPECTED)
    assert run.passed["test.b"].description == "b holds"


def test_a_retry_on_other_inputs_is_not(tmp_path: Path) -> None:
    state.begin(tmp_path, inputs=INPUTS)
    state.end(tmp_path, [MODEL, TEST, failed(NEXT)], EXPECTED)
    state.begin(tmp_path, "retry", inputs=INPUTS | {"the raw zone": "another"})
    run = state.end(tmp_path, [NEXT], EXPECTED)
    assert run.why == "the raw zone changed since the build that was retried; run dbt build"


def test_a_model_that_was_changed_after_it_passed_is_named(tmp_path: Path) -> None:
    state.begin(tmp_path, inputs=INPUTS)
    state.end(tmp_path, [MODEL, TEST, failed(NEXT)], EXPECTED)
    state.begin(tmp_path, "retry", inputs=INPUTS)
    run = state.end(
        tmp_path, [replace(NEXT, checksum="2")], {**EXPECTED, "model.a": "2"} | {"model.c": "2"}
    )
    assert run.why == "model.a changed since it was built; run dbt build"


@pytest.mark.parametrize("between", ["build", "run", "seed"])
def test_a_retry_does_not_complete_what_another_run_changed(tmp_path: Path, between: str) -> None:
    state.begin(tmp_path, inputs=INPUTS)
    state.end(tmp_path, [MODEL, TEST, failed(NEXT)], EXPECTED)
    state.begin(tmp_path, between, inputs=INPUTS)  # and killed
    state.begin(tmp_path, "retry", inputs=INPUTS)
    run = state.end(tmp_path, [NEXT], EXPECTED)
    assert run.why == (
        "2 of 3 models, seeds and data tests were not run; run dbt build without a selection"
    )


def test_every_other_run_says_why(tmp_path: Path) -> None:
    def why(command: str, *results: Result, is_empty: bool = False) -> str | None:
        state.begin(tmp_path, command)
        return state.end(tmp_path, results, EXPECTED, is_empty=is_empty).why

    assert why("build", MODEL, TEST) == (
        "1 of 3 models, seeds and data tests were not run; run dbt build without a selection"
    )
    assert why("build", MODEL, TEST, NEXT, is_empty=True) == (
        "--empty builds tables without rows; run dbt build without it"
    )
    assert why("build") == "nothing was run; see the reason above"
    assert why("run", MODEL, NEXT) == "dbt run alone publishes nothing; dbt build does"
    assert why("test", failed(TEST)) == "1 data tests failed (b); mend them and run dbt build"


def test_a_killed_run_and_a_damaged_file_are_no_finished_build(tmp_path: Path) -> None:
    assert state.is_finished(tmp_path), "nothing is known against it"
    state.begin(tmp_path)
    assert state.why_older(tmp_path) == "the run was stopped before its end"
    (tmp_path / state.FILE).write_text("{")
    assert not state.is_finished(tmp_path)
    assert state.begin(tmp_path, "retry").passed == {}


@pytest.mark.parametrize(
    ("invocation", "command"),
    [
        ("dbt build", "build"),
        ("dbt --no-use-colors retry", "retry"),
        ("dbt build -s retry", "build"),
        ("dbt docs generate", None),
        ("dbt", None),
    ],
)
def test_the_command_of_a_call(invocation: str, command: str | None) -> None:
    assert command_of(invocation) == command


def test_each_input_has_its_own_hash(tmp_path: Path) -> None:
    zone, project = tmp_path / "zone", tmp_path / "project"
    (zone / "pnc").mkdir(parents=True)
    (project / "macros" / "rules").mkdir(parents=True)
    (project / "models").mkdir()
    (zone / "pnc" / "persons.parquet").write_text("1")

    def changed() -> list[str]:
        after = hash_inputs(zone, project, "{}")
        names = [name for name in after if after[name] != before[name]]
        before.update(after)
        return names

    before = hash_inputs(zone, project, "{}")
    assert changed() == []
    (zone / "pnc" / "persons.parquet").write_text("12")
    assert changed() == ["the raw zone"]
    (project / "macros" / "rules" / "a.sql").write_text("")
    assert changed() == ["a macro"]
    (project / "models" / "a.yml").write_text("")
    assert changed() == ["a model's YAML"]
    for name in ("_sources.yml", "_groups.yml"):
        (project / "models" / name).write_text("")
        assert changed() == ["a model's YAML"]
    (project / "models" / "_unit_tests.yml").write_text("")
    assert changed() == []
    (project / "dbt_project.yml").write_text("")
    assert changed() == ["a setting"]
    assert hash_inputs(zone, project, '{"window_months": 3}')["a setting"] != before["a setting"]
