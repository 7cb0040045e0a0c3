"""How many matched people stand behind each covariate and level of the balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from justice_data_lab.statistics.arrow import ANALYSIS_KEY, rows_table, sort_rows
from justice_data_lab.statistics.balance import terms_of
from justice_data_lab.statistics.covariates import Covariate, covariates_of, read_values
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings, settings_of

CONTRIBUTORS_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("covariate", pa.string()),
        ("people_n", pa.int64()),
        ("contributors_n", pa.int64()),
        ("is_share", pa.bool_()),
    ]
)


def balance_contributors(
    matches: pa.Table,
    covariate_values: pa.Table,
    covariates: Sequence[Covariate],
    settings: Mapping[AnalysisKey, MatchSettings],
) -> pa.Table:
    """Return the people behind every row that ``statistics.covariate_balance`` makes of the same.

    One row per (request_id, analysis_id, covariate or level): ``people_n`` matched treated whose
    value is known, ``contributors_n`` those of them at the level or with a value other than 0,
    ``is_share`` false for the mean of a number.
    """
    rows = sort_rows(matches, by=ANALYSIS_KEY, then=("person_id", "event_id"))
    values = read_values(covariate_values, covariates)
    places = values.places(rows.integers("event_id"))
    is_counted = rows.booleans("is_treated") & (rows.floats("weight") > 0)
    numbers = {covariate.name for covariate in covariates if covariate.kind == "continuous"}
    result: list[dict[str, object]] = []
    for key, part in rows.groups():
        named = dict(zip(ANALYSIS_KEY, key, strict=True))
        used = covariates_of(covariates, settings_of(settings, key))
        counted = is_counted[part]
        for term in terms_of(places[part], values, used):
            known = term.value[counted]
            known = known[~np.isnan(known)]
            result.append(
                {
                    **named,
                    "covariate": term.name,
                    "people_n": len(known),
                    "contributors_n": int(np.count_nonzero(known)),
                    "is_share": term.name not in numbers,
                }
            )
    return rows_table(result, CONTRIBUTORS_SCHEMA)
