import os

import pyarrow as pa
import pytest
from threadpoolctl import threadpool_info

from justice_data_lab.statistics import Covariate, MatchSettings, read_covariates


def test_defaults_are_those_of_the_method():
    settings = MatchSettings.from_mapping({})
    assert settings == MatchSettings()
    assert (settings.scale, settings.width, settings.width_unit) == ("logit", 0.05, "sd")
    assert settings.alpha == 0.05


def test_a_mapping_is_read_in_the_right_types():
    settings = MatchSettings.from_mapping({"width": 1, "scale": "probability", "width_unit": "raw"})
    assert isinstance(settings.width, float)
    assert settings.scale == "probability"


@pytest.mark.parametrize(
    ("meta", "message"),
    [
        ({"radius": 0.2}, "unknown radius"),
        ({"width": "0.2"}, "width must be a number"),
        ({"width": True}, "width must be a number"),
        ({"width": -0.1}, "width must be from 0"),
        ({"width": float("nan")}, "width must be from 0"),
        ({"scale": "log"}, "scale must be one of logit, probability"),
        ({"scale": 1}, "scale must be a text"),
        ({"minimum_reoffenders": 2.5}, "whole number"),
        ({"exact_on": "age"}, "exact_on can hold"),
        ({"exact_on": 3}, "exact_on must be names"),
        ({"control_condition": "fix"}, "control_condition must be one of"),
        ({"confidence": 95}, "confidence must be from 0.5"),
    ],
)
def test_bad_settings_are_named(meta, message):
    with pytest.raises(ValueError, match=message):
        MatchSettings.from_mapping(meta)


def test_covariates_are_read_from_the_seed_s_columns():
    table = pa.table(
        {
            "covariate": ["sex", "age", "ogrs3"],
            "family": ["demographics", "demographics", "risk_score"],
            "kind": ["categorical", "continuous", "continuous"],
            "reference_level": ["M", "", ""],
            "is_in_headline": [True, True, False],
        }
    )
    sex, age, ogrs3 = read_covariates(table)
    assert sex.reference_level == "M"
    assert age.reference_level is None
    assert [one.is_in_headline for one in (sex, age, ogrs3)] == [True, True, False]
    with pytest.raises(ValueError, match="kind must be one of"):
        Covariate(name="x", family="f", kind="ordinal")


def test_one_blas_thread():
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
    assert {lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"} == {1}
