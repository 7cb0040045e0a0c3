"""Does the headline depend on how it was made? Every scenario of every request, in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.measures import HEADLINE, Measure, measures
from justice_data_lab.robustness.alternatives import match_scenario
from justice_data_lab.robustness.pools import is_in_pool
from justice_data_lab.robustness.scenarios import (
    NOT_ASSESSED,
    OASYS,
    OF_ANALYSES,
    POOLS,
    Scenario,
    scenarios_of,
)
from justice_data_lab.robustness.terms import Terms
from justice_data_lab.statistics.arrow import rows_table
from justice_data_lab.statistics.balancing import balance_matches
from justice_data_lab.statistics.covariates import (
    Covariate,
    CovariateValues,
    covariates_of,
    read_values,
)
from justice_data_lab.statistics.guard import Failures, require_finite, run_analysis
from justice_data_lab.statistics.measures import outcome_values
from justice_data_lab.statistics.outcomes import estimate_measure
from justice_data_lab.statistics.people import People, people_by_analysis
from justice_data_lab.statistics.propensity import fit_propensities, score_propensities
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings, settings_by_analysis

SENSITIVITY_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("scenario", pa.string()),
        ("measure", pa.string()),
        ("scenario_order", pa.int64()),
        ("family", pa.string()),
        ("description", pa.string()),
        ("control_condition", pa.string()),
        ("match_scale", pa.string()),
        ("match_width", pa.float64()),
        ("match_width_unit", pa.string()),
        ("estimator", pa.string()),
        ("difference", pa.float64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
        ("p_value", pa.float64()),
        ("treated_n", pa.int64()),
        ("control_n", pa.int64()),
        ("control_effective_n", pa.float64()),
        ("largest_smd_after", pa.float64()),
    ]
)
SHOWN = ("rate", "frequency")
BATCH_ROWS = 500_000
_EMPTY = dict.fromkeys(SENSITIVITY_SCHEMA.names)
Row = dict[str, object]


@dataclass(frozen=True)
class Inputs:
    """What the build made of all analyses; tables as their own entry points return them."""

    cohort: pa.Table
    scores: pa.Table
    covariate_values: pa.Table | CovariateValues
    covariates: Sequence[Covariate]
    analyses: pa.Table
    estimates: pa.Table
    diagnostics: pa.Table


def sensitivity_table(
    inputs: Inputs, defaults: MatchSettings, *, failures: Failures | None = None
) -> pa.Table:
    """Estimate the headline of every request under every scenario.

    inputs: ``cohort`` and ``scores`` of the headlines at least; ``analyses``, ``estimates`` and
    ``diagnostics`` of all analyses. defaults: what an analysis cannot set for itself.

    Returns one row per (request_id, scenario, measure), the measures being ``rate`` (points) and
    ``frequency`` (offences a person), unrounded. A scenario changes one thing of the headline and
    says which; a narrower pool that would leave nobody out is no scenario. Scenarios that need
    other people than the headline (``regional``, ``scope_*``) are analyses of the build, and their
    estimates are taken from it. ``largest_smd_after`` is in percent, over the covariates of the
    headline, also where the scenario does without them. With fewer treated than a published group
    needs, an OASys run has its count and no estimate; so has a scenario whose fit failed. Requests
    without an estimated headline have no rows.
    """
    settings = settings_by_analysis(inputs.analyses, defaults)
    estimated = _estimated(inputs.estimates)
    result: list[Row] = []
    for request_id, analysis_id in sorted(settings):
        key = (request_id, analysis_id)
        if analysis_id == HEADLINE and key in estimated:
            made = run_analysis(failures, key, _rows_of, request_id, inputs, settings, failures)
            result += made or []
    return rows_table(result, SENSITIVITY_SCHEMA)


def _estimated(estimates: pa.Table) -> set[tuple[str, str]]:
    """Return (request_id, analysis_id) of the analyses with estimates."""
    rows = estimates.select(["request_id", "analysis_id"]).to_pylist()
    return {(row["request_id"], row["analysis_id"]) for row in rows}


def _rows_of(
    request_id: str,
    inputs: Inputs,
    settings: Mapping[AnalysisKey, MatchSettings],
    failures: Failures | None,
) -> list[Row]:
    """Return the rows of one request, its scenarios numbered in their order."""
    rows = [*_of_analyses(request_id, inputs, settings)]
    rows += _Headline(request_id, inputs, settings[(request_id, HEADLINE)], failures).rows()
    names = dict.fromkeys(str(row["scenario"]) for row in rows)
    order = {name: place for place, name in enumerate(names, start=1)}
    rows = [row | {"scenario_order": order[str(row["scenario"])]} for row in rows]
    require_finite(rows)
    return rows


def _of_analyses(
    request_id: str, inputs: Inputs, settings: Mapping[AnalysisKey, MatchSettings]
) -> Iterator[Row]:
    """Yield the rows that are analyses of the build, and the headline's doubly robust estimate."""
    smd = {
        (row["request_id"], row["analysis_id"]): row["largest_smd_after"]
        for row in inputs.diagnostics.to_pylist()
    }
    known = {
        (row["analysis_id"], row["measure"]): row
        for row in inputs.estimates.filter(
            pc.equal(inputs.estimates["request_id"], request_id)
        ).to_pylist()
    }
    for name, (family, description) in OF_ANALYSES.items():
        key = (request_id, name)
        for measure in SHOWN if key in settings else ():
            row = known.get((name, measure))
            if row is None:  # the analysis failed
                continue
            shown = {
                **_parameters(settings[key], "radius"),
                "request_id": request_id,
                "scenario": name,
                "measure": measure,
                "family": family,
                "description": description,
                "largest_smd_after": smd.get(key),
            }
            yield {**_EMPTY, **_figures(row), **shown}
            if name == HEADLINE:
                yield {
                    **_EMPTY,
                    **_figures(row),
                    **shown,
                    "scenario": "doubly_robust",
                    "family": "estimator",
                    "description": "Doubly robust: matching on what a model of the outcome leaves",
                    "estimator": "doubly_robust",
                    "difference": row["dr_difference"],
                    "lower": row["dr_lower"],
                    "upper": row["dr_upper"],
                    "p_value": row["dr_p_value"],
                }


def _figures(row: Mapping[str, Any]) -> Row:
    """Return the figures of a row of the estimates under the names of this table."""
    return {
        "difference": row.get("difference"),
        "lower": row.get("difference_lower"),
        "upper": row.get("difference_upper"),
        "p_value": row.get("p_value"),
        "treated_n": row["treated_n"],
        "control_n": row["control_n"],
        "control_effective_n": row["control_effective_n"],
    }


def _parameters(settings: MatchSettings, estimator: str) -> Row:
    """Return the settings of a scenario; inverse odds have no radius."""
    has_radius = estimator != "inverse_odds"
    return {
        "control_condition": settings.control_condition,
        "match_scale": settings.scale if has_radius else None,
        "match_width": settings.width if has_radius else None,
        "match_width_unit": settings.width_unit if has_radius else None,
        "estimator": estimator,
    }


class _Headline:
    """The headline of one request, done differently."""

    def __init__(
        self,
        request_id: str,
        inputs: Inputs,
        settings: MatchSettings,
        failures: Failures | None,
    ) -> None:
        self._request_id, self._settings, self._failures = request_id, settings, failures
        self._covariates = inputs.covariates
        self._cohort = _only(inputs.cohort, request_id)
        self._scores = _only(inputs.scores, request_id)
        events = np.unique(self._cohort["event_id"].to_numpy())
        self._values = read_values(inputs.covariate_values, inputs.covariates).take(events)
        self._terms = Terms(self._values, covariates_of(inputs.covariates, settings))
        has_delays = self._cohort["delay_days"].null_count < self._cohort.num_rows
        self._scenarios = scenarios_of(settings, inputs.covariates, has_delays=has_delays)

    def rows(self) -> Iterator[Row]:
        """Yield the rows of every scenario, in their order; one batch of fits is held at a time."""
        sizes = {s.name: self._people_of(s).num_rows for s in self._scenarios}
        whole = self._cohort.num_rows
        self._scenarios = tuple(
            s for s in self._scenarios if s.people not in POOLS or sizes[s.name] < whole
        )
        found: dict[str, list[Row]] = {}
        for scenario in self._scenarios:
            if not scenario.is_refitted:
                scores = _renamed(self._scores, scenario.name)
                found[scenario.name] = list(self._estimate(scenario, scores))
        for batch in _batches(self._fitted(), sizes):
            scores_of = self._refit(batch)
            for scenario in batch:
                found[scenario.name] = list(self._estimate(scenario, scores_of[scenario.name]))
        for scenario in self._scenarios:
            figures = found.get(scenario.name) or self._estimate(scenario, None)
            for row in figures:
                yield {**_EMPTY, **self._names_of(scenario), **row}

    def _names_of(self, scenario: Scenario) -> Row:
        number = scenario.neighbours
        return {
            "request_id": self._request_id,
            "scenario": scenario.name,
            "family": scenario.family,
            "description": scenario.description,
            **_parameters(
                self._changed(scenario),
                f"{scenario.estimator}_{number}" if number else scenario.estimator,
            ),
        }

    def _estimate(self, scenario: Scenario, scores: pa.Table | None) -> Iterator[Row]:
        """Yield the figures of both measures; counts alone where nothing was fitted."""
        cohort = self._people_of(scenario)
        if scores is None:
            treated_n = int(pc.sum(cohort["is_treated"]).as_py() or 0)
            for measure in SHOWN:
                yield {"measure": measure, "treated_n": treated_n}
            return
        settings = self._changed(scenario)
        matches = match_scenario(scores, scenario, settings)
        if settings.is_tilted and scenario.estimator == "radius":
            matches = balance_matches(
                matches, scores, cohort, self._values, self._covariates, settings
            ).matches
        for people in people_by_analysis(cohort, matches):
            smd = self._terms.largest_smd(people.event_id, people.treated, people.weight)
            for measure in SHOWN:
                yield {
                    "measure": measure,
                    **_figures(self._estimate_one(measures()[measure], people)),
                    "largest_smd_after": smd,
                }

    def _estimate_one(self, measure: Measure, people: People) -> Row:
        outcome = outcome_values(measure, people.outcomes)
        return estimate_measure(measure, people, outcome, self._settings)

    def _changed(self, scenario: Scenario) -> MatchSettings:
        return replace(self._settings, **scenario.changes)  # type: ignore[arg-type]

    def _people_of(self, scenario: Scenario) -> pa.Table:
        """Return the cohort of a scenario, under its name."""
        cohort, people = self._cohort, scenario.people
        if people in POOLS:
            cohort = cohort.filter(pa.array(is_in_pool(cohort, people)))
        elif people != "all":
            cohort = cohort.filter(self._is_assessed(people == "assessed"))
        return _renamed(cohort, scenario.name)

    def _is_assessed(self, wanted: bool) -> pa.Array:
        """Return which rows of the cohort have an OASys assessment, or have none."""
        assessed = np.zeros(len(self._values.event_ids), dtype=bool)
        for covariate in self._covariates:
            if covariate.family == OASYS:
                levels = np.array(self._values.levels[covariate.name], dtype=object)
                known = ~np.isin(levels, (NOT_ASSESSED, "missing"))
                assessed |= known[self._values.codes[covariate.name]]
        places = self._values.places(self._cohort["event_id"].to_numpy())
        return pa.array(assessed[places] == wanted)

    def _fitted(self) -> list[Scenario]:
        """Return the scenarios that need a fit, and have enough treated people for one."""
        return [
            s
            for s in self._scenarios
            if s.is_refitted
            and (s.people in ("all", *POOLS) or self._is_enough(self._people_of(s)))
        ]

    def _refit(self, batch: Sequence[Scenario]) -> dict[str, pa.Table | None]:
        """Return the scores of some scenarios; None where the fit failed."""
        settings = {(self._request_id, s.name): self._changed(s) for s in batch}
        together = pa.concat_tables([self._people_of(s) for s in batch])
        models = fit_propensities(
            together, self._values, self._covariates, settings, failures=self._failures
        )
        found = score_propensities(together, self._values, self._covariates, models, settings)
        scores = {s.name: found.filter(pc.equal(found["analysis_id"], s.name)) for s in batch}
        return {name: table if table.num_rows else None for name, table in scores.items()}

    def _is_enough(self, cohort: pa.Table) -> bool:
        """Tell whether a part of the people is a group of the smallest published size."""
        return int(pc.sum(cohort["is_treated"]).as_py() or 0) >= self._settings.minimum_reoffenders


def _batches(scenarios: Sequence[Scenario], sizes: Mapping[str, int]) -> Iterator[list[Scenario]]:
    """Yield scenarios to be fitted in one go, as long as they are small."""
    batch: list[Scenario] = []
    rows = 0
    for scenario in scenarios:
        size = sizes[scenario.name]
        if batch and rows + size > BATCH_ROWS:
            yield batch
            batch, rows = [], 0
        batch.append(scenario)
        rows += size
    if batch:
        yield batch


def _only(table: pa.Table, request_id: str) -> pa.Table:
    """Return the rows of a request's headline."""
    ours = pc.and_(
        pc.equal(table["request_id"], request_id), pc.equal(table["analysis_id"], HEADLINE)
    )
    return table.filter(ours)


def _renamed(table: pa.Table, name: str) -> pa.Table:
    place = table.column_names.index("analysis_id")
    column = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(table.num_rows, dtype=np.int32)), pa.array([name])
    ).cast(pa.string())
    return table.set_column(place, "analysis_id", column)
