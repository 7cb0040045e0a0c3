"""How many matched people stand behind each covariate and level of the balance."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from justice_data_lab.disclosure.suppressions import grouped
from justice_data_lab.statistics.arrow import ANALYSIS_KEY, sort_rows
from justice_data_lab.statistics.balance import terms_of
from justice_data_lab.statistics.covariates import (
    Covariate,
    CovariateValues,
    covariates_of,
    read_values,
)
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings, settings_of

CONTRIBUTORS_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analyses", pa.list_(pa.string())),
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
    shown: Collection[AnalysisKey],
) -> pa.Table:
    """Return the people behind every row that ``statistics.covariate_balance`` makes of the same.

    shown: the analyses that have figures. The matched treated of a request are told apart by
    which of these they are in. One row per (request_id, analyses, covariate or level):
    ``people_n`` of them whose value is known, ``contributors_n`` those at the level or with a value
    other than 0, ``is_share`` false for the mean of a number. What nobody has is no row.
    """
    rows = sort_rows(matches, by=ANALYSIS_KEY, then=("person_id", "event_id"))
    values = read_values(covariate_values, covariates)
    places = values.places(rows.integers("event_id"))
    is_counted = rows.booleans("is_treated") & (rows.floats("weight") > 0)
    people = rows.integers("person_id")
    members: dict[str, dict[int, tuple[int, list[str]]]] = {}
    for (request_id, analysis_id), part in rows.groups():
        if (request_id, analysis_id) in shown:
            of_request = members.setdefault(request_id, {})
            for row in np.flatnonzero(is_counted[part]) + part.start:
                person = of_request.setdefault(int(people[row]), (int(places[row]), []))
                person[1].append(analysis_id)
    result: list[dict[str, object]] = []
    for request_id, of_request in members.items():
        analyses = [key for key in shown if key[0] == request_id]
        used = {
            one.name: one
            for key in analyses
            for one in covariates_of(covariates, settings_of(settings, key))
        }
        for row in _terms(of_request.values(), values, [*used.values()]):
            result.append({"request_id": request_id, **row})
    return pa.Table.from_pylist(result, schema=CONTRIBUTORS_SCHEMA)


def _terms(
    people: Collection[tuple[int, list[str]]],
    values: CovariateValues,
    covariates: Sequence[Covariate],
) -> Iterator[dict[str, object]]:
    """Yield the people behind every term, by the analyses that they are in."""
    numbers = {covariate.name for covariate in covariates if covariate.kind == "continuous"}
    patterns = grouped(
        [{"place": place, "analyses": tuple(sorted(names))} for place, names in people], "analyses"
    )
    for (analyses,), rows in sorted(patterns.items()):
        places = np.array([row["place"] for row in rows])
        for term in terms_of(places, values, covariates):
            known = term.value[~np.isnan(term.value)]
            yield {
                "analyses": list(analyses),
                "covariate": term.name,
                "people_n": len(known),
                "contributors_n": int(np.count_nonzero(known)),
                "is_share": term.name not in numbers,
            }
