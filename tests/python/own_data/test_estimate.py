"""`jdl estimate` against MatchIt 4.7.2 (lalonde) and against statsmodels with a table of pairs."""

import csv
import json
import math
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from click.testing import CliRunner

from justice_data_lab import statistics
from justice_data_lab.cli import main
from justice_data_lab.own_data import terminal
from justice_data_lab.own_data.warnings import is_far
from own_data import pair_table

FIXTURES = Path(__file__).parent.parent / "fixtures"
LALONDE = ("age", "educ", "black", "hispan", "married", "nodegree", "re74", "re75")
NAMES = ("age", "score", "flag", "steps")


def jdl(*arguments):
    return CliRunner().invoke(main, ["estimate", *map(str, arguments)])


def run(folder, table, *arguments, covariates=NAMES, kind="binary", suffix="csv", status=0):
    """Run the command on a table; returns its figures and its scores."""
    path = folder / f"table.{suffix}"
    if suffix == "csv":
        pyarrow.csv.write_csv(table, path)
    else:
        pyarrow.parquet.write_table(table, path)
    figures, scores = folder / "figures.json", folder / "scores.csv"
    result = jdl(
        path,
        *("--treated", "treated", "--outcome", "outcome", "--kind", kind),
        *("--covariates", ",".join(covariates), "--json", figures, "--scores", scores),
        *arguments,
    )
    assert result.exit_code == status, result.output
    return json.loads(figures.read_text()), pyarrow.csv.read_csv(scores)


def world(seed, kind="binary", rows=900, treated_share=0.2):
    """Return a table with ties in its scores, covariates of very different scales."""
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 30, rows)
    score = np.round(rng.normal(size=rows), 1) * 1e4
    flag = rng.integers(0, 2, rows)
    steps = rng.integers(0, 4, rows) / 1e3
    eta = 0.1 * (age - 24) + 5e-5 * score + 0.5 * flag - 200 * steps
    start = np.log(treated_share / (1 - treated_share))
    treated = (rng.random(rows) < 1 / (1 + np.exp(-eta - start))).astype(int)
    level = 0.4 * flag + 3e-5 * score + 0.05 * (age - 24)
    if kind == "binary":
        outcome = (rng.random(rows) < 1 / (1 + np.exp(-level))).astype(int)
    elif kind == "count":
        outcome = rng.poisson(np.exp(level) * rng.gamma(2, 0.5, rows))
    else:
        outcome = level + rng.normal(size=rows)
    first = rng.integers(1, 200, rows)
    delay = rng.integers(0, 60, rows)
    return pa.table(
        {
            "treated": treated,
            "outcome": outcome,
            "age": age,
            "score": score,
            "flag": flag,
            "steps": steps,
            "delay": pa.array(delay, mask=treated == 0),
            "last": pa.array(first, mask=(treated == 1) | (first > 150)),
        }
    )


def arrays(table):
    x = np.column_stack([table[name].to_numpy().astype(float) for name in NAMES])
    return x, table["treated"].to_numpy() == 1, table["outcome"].to_numpy().astype(float)


def fixture(name):
    with (FIXTURES / name).open() as file:
        return list(csv.DictReader(file))


def agree(found, expected, rel=1e-9):
    for name, value in expected.items():
        if isinstance(value, str):
            assert found[name] == value
        else:
            assert found[name] == pytest.approx(value, rel=rel, abs=1e-10), name


@pytest.fixture(scope="module")
def reference():
    return json.loads((FIXTURES / "lalonde_reference.json").read_text())


@pytest.mark.parametrize("place", range(4))
def test_lalonde_is_that_of_matchit(tmp_path, reference, place):
    expected = reference["radius"][place]
    figures, scores = tmp_path / "figures.json", tmp_path / "scores.csv"
    result = jdl(
        FIXTURES / "lalonde.csv",
        *("--treated", "treat", "--outcome", "re78", "--kind", "continuous"),
        *("--covariates", ",".join(LALONDE), "--scale", "probability", "--width-unit", "raw"),
        *("--width", expected["radius"], "--json", figures, "--scores", scores),
    )
    assert result.exit_code == 0, result.output
    found = json.loads(figures.read_text())
    coefficients = {"intercept": reference["coef"]["(Intercept)"]}
    coefficients |= {name: reference["coef"][name] for name in LALONDE}
    assert found["coefficients"] == pytest.approx(coefficients, rel=1e-10)
    assert (found["n_treated"], found["n_control"], found["ridge"]) == (185, 429, 0)
    assert found["difference"] == pytest.approx(expected["att"], rel=1e-9)
    assert found["effective_control_n"] == pytest.approx(expected["ess_control"], rel=1e-9)
    assert found["matched_control_n"] == len(expected["control_weights"])
    counts = expected["matches_per_treated"]
    assert found["matched_treated_n"] == sum(count > 0 for count in counts.values())
    with (
        (FIXTURES / "lalonde.csv").open() as one,
        (FIXTURES / "lalonde_propensity.csv").open() as two,
    ):
        ids = [row["id"] for row in csv.DictReader(one)]
        propensity = [float(row["ps"]) for row in csv.DictReader(two)]
    rows = pyarrow.csv.read_csv(scores)
    assert rows["row"].to_pylist() == list(range(1, 615))
    assert rows["propensity"].to_numpy() == pytest.approx(propensity, abs=1e-12)
    weights = dict(zip(ids, rows["weight"].to_pylist(), strict=True))
    used = {name: weight for name, weight in weights.items() if weight > 0 and name not in counts}
    assert used == pytest.approx(expected["control_weights"], rel=1e-12)
    for row in found["balance"]:
        before, after = reference["smd_before"], expected["smd_after"]
        assert row["smd_before"] == pytest.approx(100 * before[row["covariate"]][2], rel=1e-9)
        assert row["smd_after"] == pytest.approx(100 * after[row["covariate"]][2], rel=1e-8)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize("unit", ["sd", "raw"])
@pytest.mark.parametrize("scale", ["logit", "probability"])
@pytest.mark.parametrize("kind", ["binary", "count", "continuous"])
def test_equals_statsmodels_and_a_pair_table(tmp_path, kind, scale, unit, suffix):
    table = world(5, kind)
    x, treated, outcome = arrays(table)
    params, logit = pair_table.logit_score(x, treated)
    score = logit if scale == "logit" else 1 / (1 + np.exp(-logit))
    width = 0.1 if unit == "sd" else 0.02
    radius = width * score.std(ddof=1) if unit == "sd" else width
    k, weight = pair_table.pair_weights(score, treated, radius)
    options = ("--scale", scale, "--width", width, "--width-unit", unit)
    found, scores = run(tmp_path, table, *options, kind=kind, suffix=suffix)
    assert list(found["coefficients"]) == ["intercept", *NAMES]
    assert list(found["coefficients"].values()) == pytest.approx(params, rel=1e-9)
    assert found["converged"]
    assert found["gradient_norm"] < 1e-9
    agree(found, pair_table.compare(outcome, treated, k, weight, kind))
    agree(
        found["doubly_robust"],
        pair_table.doubly_robust(outcome, treated, x, k, weight, kind),
        rel=1e-7,
    )
    before, after = pair_table.smd(x, treated, k, weight)
    assert [row["covariate"] for row in found["balance"]] == list(NAMES)
    assert [row["smd_before"] for row in found["balance"]] == pytest.approx(before, rel=1e-9)
    assert [row["smd_after"] for row in found["balance"]] == pytest.approx(after, abs=1e-7)
    assert scores["weight"].to_numpy()[~treated] == pytest.approx(weight, abs=1e-12)
    assert scores["weight"].to_numpy()[treated].tolist() == (k > 0).tolist()
    assert scores["score"].to_numpy() == pytest.approx(logit, abs=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_the_risk_set_equals_phreg_and_a_pair_table(tmp_path, seed):
    table = world(seed)
    x, treated, outcome = arrays(table)
    delay, last = (table[name].to_numpy(zero_copy_only=False) for name in ("delay", "last"))
    days = np.where(treated, delay, np.where(np.isnan(last), 10_000, last))
    slopes, score = pair_table.cox_score(x, days, treated)
    k, weight = pair_table.pair_weights(score, treated, 0.2 * score.std(ddof=1), days)
    options = ("--delay", "delay", "--time-to-reoffence", "last", "--width", 0.2)
    found, scores = run(tmp_path, table, *options)
    assert list(found["coefficients"].values()) == pytest.approx(slopes, rel=1e-7)
    agree(found, pair_table.compare(outcome, treated, k, weight, "binary"))
    agree(
        found["doubly_robust"],
        pair_table.doubly_robust(outcome, treated, x, k, weight, "binary"),
        rel=1e-7,
    )
    assert scores["propensity"].null_count == len(treated)


@pytest.mark.parametrize("kind", ["binary", "count", "continuous"])
def test_the_tilt_balances_every_covariate_square_and_product(tmp_path, kind):
    table = world(4, kind, rows=4000)
    x, treated, outcome = arrays(table)
    plain, before = run(tmp_path, table, "--width", 0.2, kind=kind)
    found, scores = run(tmp_path, table, "--width", 0.2, "--tilt", kind=kind)
    assert plain["tilt"] is None
    terms = {row["term"]: row for row in found["tilt"]["terms"]}
    assert {"age squared", "score squared", "steps squared", "age x score"} <= set(terms)
    assert "flag squared" not in terms
    assert {row["status"] for row in terms.values()} == {"balanced"}
    weight = scores["weight"].to_numpy()
    matched, used = treated & (weight > 0), ~treated & (weight > 0)
    z = (x - x[matched].mean(axis=0)) / x[matched].std(axis=0, ddof=1)
    for value in (z, z**2, z[:, :1] * z[:, 1:]):
        theirs = np.average(value[used], axis=0, weights=weight[used])
        assert value[matched].mean(axis=0) == pytest.approx(theirs, abs=1e-8)
    assert max(abs(row["smd_after"]) for row in found["balance"]) < 1e-6
    assert max(abs(row["smd_after"]) for row in plain["balance"]) > 0.1
    assert found["tilt"]["largest_difference"] < 1e-9
    largest = weight[used].max() / weight[used].sum()
    assert found["tilt"]["largest_weight_share"] == pytest.approx(largest, rel=1e-12)
    assert weight[used].sum() == pytest.approx(before["weight"].to_numpy()[used].sum())
    mean = np.average(outcome[used], weights=weight[used])
    assert found["control_mean"] == pytest.approx(mean, rel=1e-12)


def test_a_far_origin_moves_no_risk_set_score(tmp_path):
    table = world(1)
    options = ("--delay", "delay", "--time-to-reoffence", "last")
    far = table.set_column(2, "age", pa.array(table["age"].to_numpy() + 20_140_000_000))
    found, scores = run(tmp_path, table, *options)
    other, moved = run(tmp_path, far, *options)
    assert other["difference"] == pytest.approx(found["difference"], rel=1e-9)
    assert moved["weight"].to_numpy() == pytest.approx(scores["weight"].to_numpy(), abs=1e-9)


def test_shuffled_rows_give_the_same_bits(tmp_path):
    table = world(7)
    order = np.random.default_rng(1).permutation(table.num_rows)
    one, first = run(tmp_path, table)
    two, second = run(tmp_path, table.take(order))
    assert one == two
    assert first["weight"].take(order).equals(second["weight"])
    assert first["propensity"].take(order).equals(second["propensity"])


def test_texts_become_levels_and_the_first_is_the_reference(tmp_path):
    table = world(2)
    region = np.array(["south", "north", "east"])[np.arange(table.num_rows) % 3]
    with_text = table.append_column("region", pa.array(region))
    for level in ("north", "south"):
        table = table.append_column(level, pa.array((region == level).astype(int)))
    found, scores = run(tmp_path, with_text, covariates=("age", "region"))
    numbers, other = run(tmp_path, table, covariates=("age", "north", "south"))
    assert list(found["coefficients"]) == ["intercept", "age", "region: north", "region: south"]
    expected = list(numbers["coefficients"].values())
    assert list(found["coefficients"].values()) == pytest.approx(expected, rel=1e-11)
    assert found["difference"] == pytest.approx(numbers["difference"], rel=1e-11)
    assert scores["weight"].to_numpy() == pytest.approx(other["weight"].to_numpy(), rel=1e-11)
    assert {row["covariate"] for row in found["balance"]} >= {"region: east", "region: north"}


def test_true_and_false_are_numbers(tmp_path):
    table = world(2)
    flag = table["flag"].to_numpy() == 1
    truth = table.set_column(4, "flag", pa.array(flag))
    truth = truth.set_column(0, "treated", pa.array(table["treated"].to_numpy() == 1))
    assert run(tmp_path, truth, suffix="parquet")[0] == run(tmp_path, table)[0]


def test_a_missing_number_is_a_level_of_its_own(tmp_path):
    table = world(2)
    lacking = np.arange(table.num_rows) % 9 == 0
    age = table["age"].to_numpy().astype(float)
    gaps = table.set_column(2, "age", pa.array(np.where(lacking, np.nan, age), from_pandas=True))
    filled = table.set_column(2, "age", pa.array(np.where(lacking, age[~lacking].mean(), age)))
    filled = filled.append_column("lacking", pa.array(lacking.astype(int)))
    found, _ = run(tmp_path, gaps)
    other, _ = run(tmp_path, filled, covariates=(NAMES[0], "lacking", *NAMES[1:]))
    assert "age: missing" in found["coefficients"]
    expected = list(other["coefficients"].values())
    assert list(found["coefficients"].values()) == pytest.approx(expected, rel=1e-11)
    assert found["difference"] == pytest.approx(other["difference"], rel=1e-11)


def test_constant_and_collinear_columns_are_named_and_change_nothing(tmp_path):
    table = world(3)
    twice = 2 * table["age"].to_numpy() + 1
    more = table.append_column("twice", pa.array(twice)).append_column(
        "same", pa.array(["x"] * table.num_rows)
    )
    found, scores = run(tmp_path, more, covariates=(*NAMES, "twice", "same"))
    other, plain = run(tmp_path, table)
    assert found["dropped"] == {"twice": "collinear", "same: x": "constant"}
    assert found["coefficients"] == other["coefficients"]
    assert scores["weight"].equals(plain["weight"])


def test_separation_gets_a_named_ridge_and_none_where_none_is_wanted(tmp_path):
    table = world(3)
    tell = table["treated"].to_numpy() + np.arange(table.num_rows) % 10 / 20
    table = table.append_column("tell", pa.array(tell))
    covariates = ("age", "tell")
    found, _ = run(tmp_path, table, "--width", 5, covariates=covariates)
    assert (found["ridge"], found["converged"]) == (1, True)
    found, _ = run(tmp_path, table, "--width", 5, "--ridge", 0, covariates=covariates, status=1)
    assert (found["ridge"], found["converged"]) == (0, False)


def test_a_ridge_is_used_at_once(tmp_path):
    found, _ = run(tmp_path, world(3), "--ridge", 25)
    plain, _ = run(tmp_path, world(3), "--ridge", 0)
    assert found["ridge"] == 25
    assert found["converged"]
    assert abs(found["coefficients"]["flag"]) < abs(plain["coefficients"]["flag"])
    assert plain == run(tmp_path, world(3))[0]


def test_a_rare_outcome_gets_the_guarded_method(tmp_path):
    table = world(3)
    rare = ((np.arange(table.num_rows) % 20 == 0) & (table["outcome"].to_numpy() == 1)).astype(int)
    found, _ = run(tmp_path, table.set_column(1, "outcome", pa.array(rare)))
    assert found["method"] == "newcombe_effective"
    assert found["lower"] < found["difference"] < found["upper"]


def test_nobody_inside_the_radius_is_an_answer(tmp_path):
    table = world(3)
    noise = np.random.default_rng(0).normal(size=table.num_rows)
    table = table.append_column("noise", pa.array(noise))
    options = ("--width", 0, "--width-unit", "raw")
    found, _ = run(tmp_path, table, *options, covariates=(*NAMES, "noise"), status=1)
    assert found["matched_treated_n"] == 0
    assert found["difference"] is found["p_value"] is found["doubly_robust"]["lower"] is None


def bad(table, name, place, value, kind=None):
    values = table[name].to_pylist()
    values[place] = value
    return table.set_column(table.column_names.index(name), name, pa.array(values, kind))


TABLE = world(1, rows=200)
NO_TREATED = TABLE.set_column(0, "treated", pa.array([0] * 200))
TEXT_AGE = bad(
    TABLE.set_column(2, "age", pa.array([str(age) for age in TABLE["age"].to_pylist()])),
    *("age", 4, "forty"),
)


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (bad(TABLE, "treated", 3, 2), {}, "treated treated: row 4 is neither 0 nor 1"),
        (bad(TABLE, "treated", 3, None), {}, "treated treated: row 4 is missing"),
        (bad(TABLE, "outcome", 0, 5), {}, "outcome outcome: row 1 is neither 0 nor 1"),
        (bad(TABLE, "outcome", 0, None), {}, "outcome outcome: row 1 is missing"),
        (
            bad(TABLE, "outcome", 9, -1),
            {"kind": "count"},
            "outcome: row 10 is not a whole number of 0 or more",
        ),
        (
            bad(TABLE, "outcome", 9, 0.5, pa.float64()),
            {"kind": "count"},
            "outcome: row 10 is not a whole number of 0 or more",
        ),
        (
            bad(TABLE, "steps", 2, 1e200),
            {"covariates": "steps"},
            "covariate steps: row 3 is beyond 1e+100",
        ),
        (TEXT_AGE, {}, "covariate age: row 5 is not a number, as the others are"),
        (NO_TREATED, {}, "at least 2 treated and 2 controls are wanted; there are 0 and 200"),
        (TABLE.slice(0, 0), {}, "has no rows"),
        (TABLE, {"covariates": "age,agee"}, "no column agee; there are treated, outcome, age"),
        (TABLE, {"covariates": "age,outcome"}, "one thing only: outcome is two"),
        (TABLE, {"covariates": " , "}, "at least one covariate"),
        (TABLE, {"covariates": "age", "delay": "delay"}, "give both or neither"),
        (TABLE, {"width": -1}, "width must be from 0"),
        (TABLE, {"ridge": "nan"}, "--ridge must be a number"),
        (
            TABLE,
            {"delay": "delay", "time-to-reoffence": "last", "scale": "probability"},
            "a risk-set score has no probability",
        ),
        (
            bad(TABLE, "delay", TABLE["treated"].to_pylist().index(1), None),
            {"delay": "delay", "time-to-reoffence": "last"},
            "is treated and has none",
        ),
        (
            bad(TABLE, "delay", TABLE["treated"].to_pylist().index(1), -3),
            {"delay": "delay", "time-to-reoffence": "last"},
            "is negative",
        ),
    ],
)
def test_a_mistake_is_one_line(tmp_path, table, options, message):
    pyarrow.csv.write_csv(table, tmp_path / "t.csv")
    options = {"kind": "binary", "covariates": "age,flag", **options}
    result = jdl(
        tmp_path / "t.csv",
        *("--treated", "treated", "--outcome", "outcome"),
        *(word for name, value in options.items() for word in (f"--{name}", value)),
    )
    assert result.exit_code == 2
    assert message in result.output
    assert result.output.count("\n") == 1


def test_files_that_cannot_be_read_are_one_line(tmp_path):
    rest = ("--treated", "a", "--outcome", "b", "--kind", "count", "--covariates", "c")
    ragged = tmp_path / "ragged.csv"
    ragged.write_text("a,b,c\n1,2,3\n0,1,2,3,4,5\n" * 5)
    other = tmp_path / "t.parquet"
    other.write_bytes(b"PAR1 not really")
    for path, message in (
        (tmp_path / "absent.csv", "there is no such file"),
        (tmp_path, "there is no such file"),
        (ragged, "ragged.csv"),
        (other, "could not be read as Parquet"),
        (FIXTURES / "lalonde_reference.json", "must be a .csv or a .parquet file"),
    ):
        result = jdl(path, *rest)
        assert result.exit_code == 2, result.output
        assert message in result.output
        assert result.output.count("\n") == 1


def test_a_text_of_numbers_is_read_and_another_is_one_line(tmp_path):
    plain = world(5)
    texts = plain
    for place, name in enumerate(("treated", "outcome")):
        text = pa.array([f" {value}" for value in plain[name].to_pylist()])
        texts = texts.set_column(place, name, text)
    one, _ = run(tmp_path, plain, suffix="parquet")
    two, _ = run(tmp_path, texts, suffix="parquet")
    assert one == two
    never = pa.nulls(plain.num_rows, pa.string())
    lost = plain.set_column(plain.column_names.index("last"), "last", never)
    found, _ = run(tmp_path, lost, "--delay", "delay", "--time-to-reoffence", "last")
    assert found["converged"]
    missing = plain.set_column(0, "treated", never)
    pyarrow.parquet.write_table(missing, tmp_path / "t.parquet")
    options = ("--treated", "treated", "--outcome", "outcome", "--kind", "binary")
    result = jdl(tmp_path / "t.parquet", *options, "--covariates", "age")
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert "row 1 and 899 more is missing" in result.output


def with_values_at(table, name, value):
    return table.set_column(table.column_names.index(name), name, pa.array(value))


@pytest.mark.parametrize("risk_set", [False, True])
def test_huge_values_lose_no_digits(tmp_path, risk_set):
    """A covariate of 1e9 with a tenth between people is that tenth, for score, match, balance."""
    table = world(8, kind="continuous")
    tenths = np.round(np.random.default_rng(8).normal(size=table.num_rows), 1)
    # Powers of two, so that the sum is exact and both tables hold the same differences.
    small = np.round(tenths * 8) / 8
    options = ("--delay", "delay", "--time-to-reoffence", "last") if risk_set else ()
    near, first = run(tmp_path, with_values_at(table, "score", small), *options, kind="continuous")
    far, second = run(
        tmp_path, with_values_at(table, "score", small + 2.0**30), *options, kind="continuous"
    )
    # A risk-set score is known but for a constant: the rounding of the mean.
    one, two = (scores["score"].to_numpy() for scores in (first, second))
    start = (one[0], two[0]) if risk_set else (0.0, 0.0)
    assert two - start[1] == pytest.approx(one - start[0], abs=1e-11)
    assert second["weight"].to_numpy() == pytest.approx(first["weight"].to_numpy(), abs=1e-12)
    agree(far["doubly_robust"], near["doubly_robust"], rel=1e-10)
    for one, two in zip(near["balance"], far["balance"], strict=True):
        assert two["smd_before"] == pytest.approx(one["smd_before"], abs=1e-10)
        assert two["smd_after"] == pytest.approx(one["smd_after"], abs=1e-10)


def test_a_level_that_no_start_sees_is_left_out_of_the_score(tmp_path):
    """Only controls lost before the first start have it: it is no reason for a penalty."""
    table = world(9)
    treated = table["treated"].to_numpy() == 1
    gone = np.zeros(table.num_rows, dtype=int)
    gone[np.flatnonzero(~treated)[:20]] = 1
    delay = np.where(treated, 5 + table["delay"].to_numpy(zero_copy_only=False), np.nan)
    last = table["last"].to_numpy(zero_copy_only=False)
    table = with_values_at(table, "delay", delay)
    table = with_values_at(table, "last", np.where(gone == 1, 3.0, last))
    options = ("--delay", "delay", "--time-to-reoffence", "last")
    plain, _ = run(tmp_path, table, *options)
    found, _ = run(
        tmp_path, table.append_column("gone", pa.array(gone)), *options, covariates=(*NAMES, "gone")
    )
    assert found["dropped"] == {"gone": "constant"}
    assert (found["ridge"], found["coefficients"]) == (0, plain["coefficients"])
    assert found["difference"] == plain["difference"]


def test_an_outcome_model_beyond_all_numbers_has_no_estimate(tmp_path):
    """Counts that grow with age, and one treated person of a thousand years: e to the hundreds."""
    table = world(10, kind="count")
    x, treated, _ = arrays(table)
    ages = x[:, 0] - 18
    ages[np.flatnonzero(treated)[0]] = 40_000
    table = with_values_at(table, "age", ages)
    table = with_values_at(table, "outcome", np.where(treated, x[:, 2], ages).astype(int))
    found, _ = run(tmp_path, table, "--width", "1000000", "--width-unit", "raw", kind="count")
    assert set(found["doubly_robust"].values()) == {None}
    assert found["difference"] is not None


def test_the_first_line_is_quoted_only_if_it_is_a_header(tmp_path):
    rows = "".join(f"{place % 2},{place % 3},{place}\n" for place in range(60))
    options = ("--treated", "t", "--outcome", "y", "--kind", "count", "--covariates", "x")
    for text, message in (
        (rows.replace("0", "Jane Doe", 1), "no column t, y, x"),
        ("t,y,x\n" + rows + "1,0,Jane Doe,a,b,c\n", "line 62 has 6 values and the header 3"),
        ("t,y,x\n" + rows + "1,0", "line 62 has 2 values and the header 3"),
    ):
        (tmp_path / "t.csv").write_text(text)
        result = jdl(tmp_path / "t.csv", *options)
        assert result.exit_code == 2
        assert message in result.output
        assert "Jane" not in result.output


def test_values_are_never_quoted(tmp_path):
    table = bad(TEXT_AGE, "age", 4, "Jane Doe")
    pyarrow.csv.write_csv(table, tmp_path / "t.csv")
    result = jdl(
        tmp_path / "t.csv",
        *("--treated", "treated", "--outcome", "outcome", "--kind", "binary"),
        *("--covariates", "age"),
    )
    assert result.exit_code == 2
    assert "Jane" not in result.output


def as_texts(table, name, style):
    return with_values_at(table, name, [style(value) for value in table[name].to_pylist()])


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize(
    "style",
    [
        lambda value: f"{int(value):,}",
        lambda value: f"{value / 10:.1f}".replace(".", ","),
        lambda value: f"£{int(value)}",
        lambda value: f"{int(value) % 100}%",
        lambda value: f"{int(value):,}".replace(",", " "),
        lambda value: f"{int(value):,}" if value > 9_000 else str(int(value)),
    ],
)
def test_numbers_written_as_text_are_one_line_with_the_cure(tmp_path, style, suffix):
    table = as_texts(world(4), "score", style)
    path = tmp_path / f"t.{suffix}"
    (pyarrow.csv.write_csv if suffix == "csv" else pyarrow.parquet.write_table)(table, path)
    options = ("--treated", "treated", "--outcome", "outcome", "--kind", "binary")
    result = jdl(path, *options, "--covariates", "age,score")
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert "covariate score: row" in result.output
    assert "write numbers with a point and no other sign" in result.output


def test_bands_and_codes_stay_texts(tmp_path):
    table = world(4)
    bands = np.array(["18-24", "25-34", "35+", "A1"])[np.arange(table.num_rows) % 4]
    found, _ = run(
        tmp_path, table.append_column("band", pa.array(bands)), covariates=("age", "band")
    )
    assert list(found["coefficients"])[2:] == ["band: 25-34", "band: 35+", "band: A1"]


def test_a_treated_person_lost_before_the_own_start_is_named(tmp_path):
    table = world(4)
    treated = table["treated"].to_numpy() == 1
    last = np.where(treated, 100.0, table["last"].to_numpy(zero_copy_only=False))
    rows = np.flatnonzero(treated)[[3, 8]]
    last[rows] = table["delay"].to_numpy(zero_copy_only=False)[rows] - 1
    pyarrow.csv.write_csv(with_values_at(table, "last", last), tmp_path / "t.csv")
    options = ("--treated", "treated", "--outcome", "outcome", "--kind", "binary")
    days = ("--delay", "delay", "--time-to-reoffence", "last")
    result = jdl(tmp_path / "t.csv", *options, "--covariates", "age", *days)
    assert result.exit_code == 2
    assert f"row {rows[0] + 1} and 1 more is treated and lost before the own start" in result.output


@pytest.mark.parametrize("kind", ["binary", "count", "continuous"])
def test_controls_that_see_no_start_change_nothing(tmp_path, kind):
    """They are in no risk set: not in score, radius, fill of what is missing, or outcome model."""
    table = world(6, kind)
    treated = table["treated"].to_numpy() == 1
    delay = np.where(treated, 30 + table["delay"].to_numpy(zero_copy_only=False), np.nan)
    table = with_values_at(table, "delay", delay)
    gaps = np.where(np.arange(table.num_rows) % 9 == 0, np.nan, table["age"].to_numpy())
    table = with_values_at(table, "age", pa.array(gaps, from_pandas=True))
    last = table["last"].to_numpy(zero_copy_only=False)
    without = table.filter(pa.array(treated | ~(last < 30)))
    assert table.num_rows - without.num_rows > 20
    options = ("--delay", "delay", "--time-to-reoffence", "last")
    one, _ = run(tmp_path, table, *options, kind=kind)
    two, _ = run(tmp_path, without, *options, kind=kind)
    for name in ("doubly_robust", "coefficients", "difference", "lower", "p_value"):
        assert one[name] == two[name]


def test_a_column_called_intercept_hides_no_term(tmp_path):
    table = world(2)
    region = np.array(["south", "north"])[np.arange(table.num_rows) % 2]
    table = table.append_column("area", pa.array(region))
    plain, _ = run(tmp_path, table, covariates=("age", "flag", "area", "steps"))
    names = ["treated", "outcome", "intercept", "score", "area: south", "steps", "delay", "last"]
    renamed = table.rename_columns([*names, "area"])
    found, _ = run(tmp_path, renamed, covariates=("intercept", "area: south", "area", "steps"))
    assert list(found["coefficients"]) == [
        *("intercept", "intercept (2)", "area: south", "area: south (2)", "steps")
    ]
    assert list(found["coefficients"].values()) == list(plain["coefficients"].values())
    assert [row["covariate"] for row in found["balance"]] == [
        *("intercept", "area: south", "area: north", "area: south (2)", "steps")
    ]
    assert [row["smd_after"] for row in found["balance"]] == [
        row["smd_after"] for row in plain["balance"]
    ]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_columns_that_differ_in_case_only_are_told_apart(tmp_path, suffix):
    table = world(2)
    both = table.append_column("AGE", table["score"])
    found, _ = run(tmp_path, both, covariates=("age", "AGE"), suffix=suffix)
    plain, _ = run(tmp_path, table, covariates=("age", "score"), suffix=suffix)
    assert list(found["coefficients"]) == ["intercept", "age", "AGE"]
    assert list(found["coefficients"].values()) == list(plain["coefficients"].values())


def test_a_value_far_from_all_others_and_poor_balance_are_said(tmp_path):
    table = world(3)
    debt = np.round(np.random.default_rng(3).gamma(2, 0.5, table.num_rows), 2)
    near = table.append_column("debt", pa.array(debt + 0.8 * table["treated"].to_numpy()))
    plain, _ = run(tmp_path, near, covariates=("age", "debt"))
    assert not any("far from all others" in text for text in plain["warnings"])
    row = int(np.flatnonzero(table["treated"].to_numpy() == 0)[40])
    far = with_values_at(
        near,
        "debt",
        [999.0 if place == row else value for place, value in enumerate(near["debt"].to_pylist())],
    )
    found, _ = run(tmp_path, far, covariates=("age", "debt"))
    assert found["warnings"][0].startswith(f"covariate debt: row {row + 1} is far from all others")
    assert "balance is poor" in found["warnings"][-1]
    assert "debt" in found["warnings"][-1]
    assert not any("999" in text for text in found["warnings"])


@pytest.mark.parametrize(
    ("values", "far"),
    [
        ([0.0] * 90 + [1.0] * 10, 0),
        ([0.0] * 90 + [1.0, 2.0, 3.0] * 3 + [999.0], 1),
        ([float(value) for value in range(100)] + [9999.0] * 9, 9),
        ([5.0] * 100, 0),
        ([math.nan] * 5, 0),
        ([float(value) for value in range(50)] + [math.nan, -99_999.0], 1),
    ],
)
def test_what_is_far_from_all_others(values, far):
    assert int(is_far(np.array(values)).sum()) == far


@pytest.mark.parametrize("kind", ["binary", "count", "continuous"])
def test_the_terminal_explains_its_methods(tmp_path, kind):
    table = world(3, kind)
    found, _ = run(tmp_path, table, kind=kind)
    columns = ("--treated", "treated", "--outcome", "outcome", "--kind", kind)
    shown = jdl(tmp_path / "table.csv", *columns, "--covariates", ",".join(NAMES)).output
    assert f"{found['method']}: {terminal._METHODS[found['method']]}." in shown
    assert f"doubly_robust: {terminal._METHODS[found['doubly_robust']['method']]}." in shown


@pytest.mark.parametrize(
    ("value", "text"), [(1e-12, "< 0.0001"), (0.0001, "0.0001"), (0.5, "0.5000"), (0, "< 0.0001")]
)
def test_a_small_p_is_said_to_be_small(value, text):
    assert terminal._p_text(value) == text


def test_every_method_has_its_words():
    text = "".join(
        (Path(statistics.__file__).parent / f"{name}.py").read_text("utf-8")
        for name in ("intervals", "doubly_robust")
    )
    named = set(re.findall(r'(?:method=|alpha, |^ +)"(\w+)",? ?(?:is_sized.*)?\)?$', text, re.M))
    assert named == set(terminal._METHODS)
