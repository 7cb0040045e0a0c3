"""The placebo of a headline is published where the headline's difference is."""

from typing import Any

import pyarrow as pa

from justice_data_lab.disclosure import control_placebo
from justice_data_lab.disclosure.placebo import FIGURES, PLACEBO_SCHEMA

ROW: dict[str, Any] = {
    "measure": "rate",
    "cohorts_n": 200,
    "difference": 0.2345,
    "difference_error": 0.2151,
    "significant_percent": 4.5,
    "significant_lower": 2.4049,
    "significant_upper": 8.2951,
}


def test_it_is_rounded_and_empty_where_the_headline_is_not_shown() -> None:
    requests = {"held": None, "shown": -5.0}
    placebo = [{**ROW, "request_id": name} for name in (*requests, "unknown")]
    placebo.append({**ROW, "request_id": "shown", "measure": "frequency", "difference": -0.01249})
    key = {"analysis_id": "headline", "measure": "rate"}
    outcomes = [{**key, "request_id": name, "difference": one} for name, one in requests.items()]
    outcomes.append({**key, "request_id": "shown", "measure": "frequency", "difference": 0.1})
    outcomes.append({**outcomes[0], "analysis_id": "regional", "difference": 3.0})
    found = control_placebo(pa.Table.from_pylist(placebo), pa.Table.from_pylist(outcomes))
    assert found.schema == PLACEBO_SCHEMA
    held, frequency, rate = found.to_pylist()
    assert (held["request_id"], held["code"], held["cohorts_n"]) == ("held", "x", 200)
    assert {held[name] for name in FIGURES} == {None}
    assert [rate[name] for name in FIGURES] == [0.2, 0.2, 4.5, 2.4, 8.3]
    assert (frequency["measure"], frequency["difference"]) == ("frequency", -0.012)
    assert (rate["code"], rate["suppressed_figures"]) == (None, None)
