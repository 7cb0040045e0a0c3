"""What the doubly robust estimates of the pipeline need: who is fitted, and on which columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from justice_data_lab.measures import Measure
from justice_data_lab.statistics.arrow import (
    NEVER,
    STRATUM_KEY,
    BoolArray,
    FloatArray,
    IntArray,
    sort_rows,
)
from justice_data_lab.statistics.covariates import (
    Covariate,
    CovariateValues,
    covariates_of,
    read_values,
)
from justice_data_lab.statistics.doubly_robust import (
    ScreenedControls,
    compare_residuals,
    fit_screened,
    screen_controls,
)
from justice_data_lab.statistics.newton import take_rows
from justice_data_lab.statistics.people import People
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings, settings_of
from justice_data_lab.statistics.support import Stratum, Support, build_design


def outcome_design(
    places: IntArray, treated: BoolArray, values: CovariateValues, covariates: Sequence[Covariate]
) -> FloatArray:
    """Return the columns of the outcome model: the terms of the score, for the same people."""
    everybody = Support(on_support=np.ones(len(places), dtype=bool), off_levels={})
    return build_design(places, ~treated, values, covariates, everybody)[1]


@dataclass(frozen=True)
class _Scored:
    """One scored person a row, in key order: days is the delay or the last day at risk."""

    on_support: BoolArray
    days: IntArray
    rows: dict[tuple[str, ...], slice]


class Adjustment:
    """Designs of the outcome models, from the scores and the covariates of all events."""

    def __init__(
        self,
        scores: pa.Table,
        covariate_values: pa.Table,
        covariates: Sequence[Covariate],
        settings: MatchSettings | Mapping[AnalysisKey, MatchSettings],
    ) -> None:
        """Read the tables.

        scores: what ``score_propensities`` returned, and ``match_controls`` matched.
        covariate_values, covariates, settings: as for ``fit_propensities``.
        """
        self._covariates = tuple(covariates)
        self._settings = settings
        self._values = read_values(covariate_values, covariates)
        self._scored = _read_scores(scores)

    def of(self, people: People) -> Residuals:
        """Return the designs of one analysis, a stratum each.

        Fitted and predicted are those on support and, with delays, ever at risk: the controls
        that the score was fitted on. ValueError where the scores are not of these people.
        """
        scored, key = self._scored, people.key
        rows = [part for name, part in scored.rows.items() if name[:2] == key]
        if sum(part.stop - part.start for part in rows) != len(people.treated):
            raise ValueError(f"{' / '.join(key)}: scores and matches are of different people")
        designs = []
        covariates = covariates_of(self._covariates, settings_of(self._settings, key))
        places = self._values.places(people.event_id)
        for part, ours in zip(rows, people.strata, strict=True):
            treated = people.treated[ours]
            kept = scored.on_support[part]
            kept = kept & Stratum(places[ours], treated, scored.days[part]).ever_at_risk(kept)
            used = np.flatnonzero(kept)
            design = outcome_design(places[ours][used], treated[used], self._values, covariates)
            designs.append((used + ours.start, design))
        return Residuals(designs)


@dataclass(frozen=True)
class Residuals:
    """The designs of one analysis: the rows of the people that each is of, and its columns."""

    designs: list[tuple[IntArray, FloatArray]]
    _known: dict[tuple[int, bytes], ScreenedControls] = field(default_factory=dict)

    def estimate(
        self, measure: Measure, outcome: FloatArray, people: People, settings: MatchSettings
    ) -> dict[str, object]:
        """Return the doubly robust columns of a measure; null where no model can be fitted.

        outcome: NaN outside the population, whose controls alone are fitted. The strata have
        models of their own; their residuals are pooled.
        """
        expected = np.zeros(len(outcome))
        weight = np.zeros(len(outcome))
        ridge = 0.0
        for rows, design in self.designs:
            inside = ~np.isnan(outcome[rows])
            some, treated = rows[inside], people.treated[rows[inside]]
            if not treated.any():
                continue
            if treated.all():
                return {}
            model = fit_screened(
                outcome[some],
                self._screened(rows, inside, design, treated),
                measure.kind,
                ridge_on_separation=settings.ridge_on_separation,
            )
            if not model.converged:
                return {}
            ridge = max(ridge, model.ridge)
            expected[some], weight[some] = model.expected, people.weight[some]
        found = compare_residuals(
            np.nan_to_num(outcome),
            expected,
            people.treated,
            weight,
            measure.kind,
            settings,
            ridge=ridge,
        )
        if found is None:
            return {}
        return {
            "dr_difference": measure.scale * found.difference,
            "dr_lower": measure.scale * found.lower,
            "dr_upper": measure.scale * found.upper,
            "dr_p_value": found.p_value,
            "dr_ridge": found.ridge,
        }

    def _screened(
        self, rows: IntArray, inside: BoolArray, design: FloatArray, treated: BoolArray
    ) -> ScreenedControls:
        """Return the screened design of a population; most measures share theirs with others."""
        key = (int(rows[0]), inside.tobytes())
        if key not in self._known:
            some = design if inside.all() else take_rows(design, np.flatnonzero(inside))
            self._known[key] = screen_controls(some, treated)
        return self._known[key]


def _read_scores(scores: pa.Table) -> _Scored:
    rows = sort_rows(scores, by=STRATUM_KEY, then=("person_id", "event_id"))
    treated = rows.booleans("is_treated")
    delays, last = rows.integers("delay_days", null=0), rows.integers("last_day", null=NEVER)
    return _Scored(
        on_support=rows.booleans("on_support"),
        days=np.where(treated, delays, last),
        rows=dict(rows.groups()),
    )
