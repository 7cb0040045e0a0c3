"""Matches balanced exactly in the pipeline: cells, strata, squares, and the proof of it."""

import numpy as np
import pyarrow as pa
import pytest
from cohort_maker import COVARIATES, make_cohort

from justice_data_lab.statistics import MatchSettings, covariate_balance, match_controls
from justice_data_lab.statistics.balancing import TILTS_SCHEMA, balance_matches
from justice_data_lab.statistics.design import compare_groups

SETTINGS = MatchSettings(width=0.1)


@pytest.fixture(scope="module")
def tables():
    parts = [
        make_cohort(seed=1, treated_n=200, controls_n=4000),
        make_cohort(
            seed=2, treated_n=90, controls_n=3000, stratum="prison_release", first_event=10_000
        ),
    ]
    return tuple(pa.concat_tables([part[place] for part in parts]) for place in (0, 1))


@pytest.fixture(scope="module")
def groups(tables):
    return compare_groups(*tables, COVARIATES, SETTINGS)


def weights(matches, name="weight"):
    return {row["event_id"]: row[name] for row in matches.to_pylist()}


def test_every_column_is_balanced_within_each_stratum(tables, groups):
    for stratum in ("community_sentence", "prison_release"):
        own = groups.matches.filter(pa.compute.equal(groups.matches["stratum"], stratum))
        rows = covariate_balance(own, tables[1], COVARIATES, SETTINGS).to_pylist()
        # Where values are missing, the filled column and its indicator are balanced, so this is.
        assert max(abs(row["smd_after"]) for row in rows) < 1e-6


def test_totals_and_treated_stay_as_they_were(groups):
    rows = groups.matches.to_pylist()
    for stratum in ("community_sentence", "prison_release"):
        own = [row for row in rows if row["stratum"] == stratum]
        controls = sum(row["weight"] for row in own if not row["is_treated"])
        assert controls == pytest.approx(sum(row["weight"] for row in own if row["is_treated"]))
    assert all(row["weight"] == row["matched_weight"] for row in rows if row["is_treated"])
    assert all((row["weight"] > 0) == (row["matched_weight"] > 0) for row in rows)
    assert any(row["weight"] != row["matched_weight"] for row in rows)


def test_the_proof_has_a_row_a_term(groups):
    assert groups.tilts.schema == TILTS_SCHEMA
    rows = groups.tilts.to_pylist()
    for stratum in ("community_sentence", "prison_release"):
        own = [row for row in rows if row["stratum"] == stratum]
        names = [row["term"] for row in own]
        assert len(set(names)) == len(names)
        assert {"sex: F", "age", "age: missing", "age squared", "copas squared"} <= set(names)
        assert "employed squared" not in names
        assert "age x age: missing" not in names
        balanced = [row for row in own if row["status"] == "balanced"]
        assert len(balanced) <= own[0]["treated_n"] // 5
        assert {row["status"] for row in own} <= {"balanced", "over_the_cap"}
        assert max(abs(row["difference_after"]) for row in balanced) < 1e-9
        assert max(abs(row["difference_before"]) for row in balanced) > 0.005
        assert own[0]["largest_difference"] < 1e-9


def test_exact_cells_keep_their_totals(tables):
    settings = MatchSettings(width=0.3, exact_on=("sex",))
    found = compare_groups(*tables, COVARIATES, settings)
    sexes = dict(zip(*(tables[1][name].to_pylist() for name in ("event_id", "sex")), strict=True))
    before, after = weights(found.matches, "matched_weight"), weights(found.matches)
    rows = [row for row in found.matches.to_pylist() if not row["is_treated"]]
    for stratum in ("community_sentence", "prison_release"):
        for sex in ("F", "M"):
            cell = [
                row["event_id"]
                for row in rows
                if row["stratum"] == stratum and sexes[row["event_id"]] == sex
            ]
            total = sum(before[event] for event in cell)
            assert sum(after[event] for event in cell) == pytest.approx(total, rel=1e-12)
            assert total > 1


def test_an_analysis_that_is_not_tilted_keeps_its_weights(tables, groups):
    settings = MatchSettings(width=0.1, is_tilted=False)
    found = compare_groups(*tables, COVARIATES, settings)
    assert found.tilts.num_rows == 0
    assert found.matches["weight"] == found.matches["matched_weight"]
    assert found.matches["matched_weight"] == groups.matches["matched_weight"]


def test_shuffled_rows_give_the_same_bits(tables, groups):
    rng = np.random.default_rng(1)
    shuffled = [table.take(rng.permutation(table.num_rows)) for table in tables]
    again = compare_groups(*shuffled, COVARIATES, SETTINGS)
    assert again.matches == groups.matches
    assert again.tilts == groups.tilts


def test_matches_of_other_people_are_named(tables, groups):
    matches = match_controls(groups.scores, SETTINGS)
    with pytest.raises(ValueError, match="different people"):
        balance_matches(matches.slice(1), groups.scores, *tables, COVARIATES, SETTINGS)
